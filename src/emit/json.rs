//! rustc's line format in cargo's envelope, so that every editor that reads cargo's messages shows findings with
//! nothing installed: `compiler-message` lines and one `build-finished`, nothing else.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::{Emission, Finding, PackageContext, code, human, level, place, sanitise};
use crate::diagnostic::{Diagnostic, Fix, Label, LabelKind, Level};
use crate::source::Span;

#[derive(Serialize)]
struct Line<'a> {
    reason: &'static str,
    package_id: &'a str,
    manifest_path: &'a Path,
    target: Target<'a>,
    message: Message,
}

#[derive(Serialize)]
struct Target<'a> {
    kind: &'a [String],
    crate_types: &'a [String],
    name: &'a str,
    src_path: &'a Path,
    edition: &'a str,
    doc: bool,
    doctest: bool,
    test: bool,
}

#[derive(Serialize)]
struct Message {
    #[serde(rename = "$message_type")]
    message_type: &'static str,
    message: String,
    code: Option<Code>,
    level: &'static str,
    spans: Vec<SpanLine>,
    children: Vec<Message>,
    rendered: Option<String>,
}

#[derive(Serialize)]
struct Code {
    code: String,
    explanation: Option<String>,
}

#[derive(Serialize)]
struct SpanLine {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    line_start: u32,
    line_end: u32,
    column_start: u32,
    column_end: u32,
    is_primary: bool,
    text: Vec<TextLine>,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<&'static str>,
    expansion: Option<()>,
}

#[derive(Serialize)]
struct TextLine {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

#[derive(Serialize)]
struct BuildFinished {
    reason: &'static str,
    success: bool,
}

/// Writes all findings and the last line.
pub(super) fn write(emission: &Emission<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in emission.findings {
        let Some(package) = emission.package(finding) else {
            return Err(io::Error::other(format!("no package {} to report under", finding.package.0)));
        };
        send(emission, package, finding, out)?;
        if let Some(repeated) = at_root(emission, package, finding) {
            send(emission, package, &repeated, out)?;
        }
    }
    put(&BuildFinished { reason: "build-finished", success: emission.success }, out)
}

fn send(
    emission: &Emission<'_>,
    package: &PackageContext,
    finding: &Finding,
    out: &mut dyn Write,
) -> io::Result<()> {
    let target = Target {
        kind: &package.target.kind,
        crate_types: &package.target.crate_types,
        name: &package.target.name,
        src_path: &package.target.src_path,
        edition: &package.target.edition,
        doc: false,
        doctest: false,
        test: false,
    };
    let line = Line {
        reason: "compiler-message",
        package_id: &package.package_id,
        manifest_path: &package.manifest_path,
        target,
        message: message(emission, finding)?,
    };
    put(&line, out)
}

/// The same finding as a note at the package's root, where its own file is none that editors show diagnostics in.
fn at_root(emission: &Emission<'_>, package: &PackageContext, finding: &Finding) -> Option<Finding> {
    let primary =
        finding.diagnostic.primary.filter(|span| !place::is_rust(emission.sources.path(span.file)))?;
    let root = package.root?;
    let mut repeated = finding.clone();
    let text = std::mem::take(&mut repeated.diagnostic.primary_label);
    let text = if text.is_empty() { "found here".to_owned() } else { text };
    repeated.diagnostic.labels.insert(0, Label { span: primary, kind: LabelKind::Other, text });
    repeated.diagnostic.primary = Some(Span::new(root, 0, 0));
    repeated.diagnostic.level = Level::Note;
    repeated.diagnostic.fixes.clear();
    Some(repeated)
}

fn message(emission: &Emission<'_>, finding: &Finding) -> io::Result<Message> {
    let diagnostic = &finding.diagnostic;
    let notes = diagnostic.notes.iter().map(|note| child("note", note));
    let built_in = diagnostic.labels.iter().filter(|label| !place::exists(emission.sources, label.span));
    let quoted = built_in.map(|label| child("note", &place::quote(emission, label)));
    let fixes = diagnostic.fixes.iter().map(|fix| fix_child(emission, fix));
    let helps = diagnostic.helps.iter().map(|help| child("help", help));
    let level_note = finding.provenance.iter().map(|from| child("note", from));
    Ok(Message {
        message_type: "diagnostic",
        message: diagnostic.message.clone(),
        code: code(diagnostic).map(|code| Code { code, explanation: None }),
        level: level(diagnostic.level),
        spans: spans(emission, diagnostic),
        children: notes.chain(quoted).chain(fixes).chain(helps).chain(level_note).collect(),
        rendered: Some(human::rendered(emission, finding)?),
    })
}

fn spans(emission: &Emission<'_>, diagnostic: &Diagnostic) -> Vec<SpanLine> {
    let primary = diagnostic.primary.map(|primary| SpanLine {
        is_primary: true,
        ..span_line(emission, primary, Some(&diagnostic.primary_label).filter(|text| !text.is_empty()))
    });
    let others = diagnostic.labels.iter().filter(|label| place::exists(emission.sources, label.span));
    primary
        .into_iter()
        .chain(others.map(|label| span_line(emission, label.span, Some(&label.text))))
        .collect()
}

fn span_line(emission: &Emission<'_>, span: Span, label: Option<&String>) -> SpanLine {
    let file = emission.sources.file(span.file);
    let range = place::clamp(emission.sources, span);
    let (start, end) = (place::position(file, range.start), place::position(file, range.end));
    let text = (start.line..=end.line).map(|number| {
        let text = place::line(file, number as usize - 1).1.to_owned();
        let highlight_start = if number == start.line { start.column as usize } else { 1 };
        let highlight_end = if number == end.line { end.column as usize } else { text.chars().count() + 1 };
        TextLine { text, highlight_start, highlight_end }
    });
    SpanLine {
        file_name: place::path(&file.path, emission.cwd),
        byte_start: range.start,
        byte_end: range.end,
        line_start: start.line,
        line_end: end.line,
        column_start: start.column,
        column_end: end.column,
        is_primary: false,
        text: text.collect(),
        label: label.cloned(),
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}

fn child(level: &'static str, message: &str) -> Message {
    Message {
        message_type: "diagnostic",
        message: message.to_owned(),
        code: None,
        level,
        spans: Vec::new(),
        children: Vec::new(),
        rendered: None,
    }
}

fn fix_child(emission: &Emission<'_>, fix: &Fix) -> Message {
    let applicability = if fix.machine_applicable { "MachineApplicable" } else { "MaybeIncorrect" };
    let spans = fix.edits.iter().map(|(span, replacement)| SpanLine {
        is_primary: true,
        suggested_replacement: Some(replacement.clone()),
        suggestion_applicability: Some(applicability),
        ..span_line(emission, *span, None)
    });
    Message { spans: spans.collect(), ..child("help", &fix.title) }
}

/// One value on one line.
pub(super) fn put(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Escaping(CompactFormatter)))?;
    writeln!(out)
}

/// Compact JSON in which what a terminal must not be given raw is escaped, so that strings stay exact for programs.
struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(sanitise::is_dangerous) {
            let (plain, from) = rest.split_at(at);
            self.0.write_string_fragment(out, plain)?;
            let mut chars = from.chars();
            for unit in chars.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        self.0.write_string_fragment(out, rest)
    }
}
