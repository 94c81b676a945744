//! For people: codespan-reporting's excerpts, the sink first, then the way, the broken sentence and the rule; below
//! them notes, fixes, remedies and where the level comes from.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{self as codespan, LabelStyle, Severity};
use codespan_reporting::files;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config, Styles, StylesWriter};

use super::excerpt::{Mark, excerpts};
use super::{Emission, Finding, code, count, patch, sanitise};
use crate::diagnostic::{Diagnostic, LabelKind, Level};

/// Writes the first findings and counts the rest.
pub(super) fn write(emission: &Emission<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in emission.findings.iter().take(emission.max) {
        one(emission, finding, emission.color, out)?;
    }
    match emission.findings.len().saturating_sub(emission.max) {
        0 => Ok(()),
        rest => writeln!(out, "{} not shown (`--max N` shows more)\n", count(rest, "finding", "findings")),
    }
}

/// One finding without colour, as `rendered` of the JSON lines has it.
pub(super) fn rendered(emission: &Emission<'_>, finding: &Finding) -> io::Result<String> {
    let mut out = Vec::new();
    one(emission, finding, false, &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn one(emission: &Emission<'_>, finding: &Finding, color: bool, mut out: &mut dyn Write) -> io::Result<()> {
    let diagnostic = &finding.diagnostic;
    let (files, labels) = excerpts(emission.sources, emission.cwd, &marks(diagnostic));
    let shown = codespan::Diagnostic::new(severity(diagnostic.level))
        .with_code(code(diagnostic).unwrap_or_default())
        .with_message(sanitise::line(&diagnostic.message))
        .with_labels(labels)
        .with_notes(notes(emission, finding));
    let config = Config::default();
    let done = if color {
        let styles = Styles::default();
        term::emit_to_write_style(&mut StylesWriter::new(Ansi::new(out), &styles), &config, &files, &shown)
    } else {
        term::emit_to_io_write(&mut out, &config, &files, &shown)
    };
    done.map_err(|error| match error {
        files::Error::Io(error) => error,
        other => io::Error::other(other.to_string()),
    })
}

fn marks(diagnostic: &Diagnostic) -> Vec<Mark<'_>> {
    let primary = diagnostic.primary.map(|span| Mark {
        span,
        style: LabelStyle::Primary,
        text: &diagnostic.primary_label,
        prose: false,
    });
    let others = diagnostic.labels.iter().map(|label| Mark {
        span: label.span,
        style: LabelStyle::Secondary,
        text: &label.text,
        prose: label.kind == LabelKind::Prose,
    });
    primary.into_iter().chain(others).collect()
}

fn notes(emission: &Emission<'_>, finding: &Finding) -> Vec<String> {
    let diagnostic = &finding.diagnostic;
    let notes = diagnostic.notes.iter().map(|note| format!("note: {}", sanitise::line(note)));
    let fixes = diagnostic.fixes.iter().map(|fix| {
        let title = format!("help: {}", sanitise::line(&fix.title));
        std::iter::once(title).chain(patch::lines(emission.sources, fix)).collect::<Vec<_>>().join("\n")
    });
    let helps = diagnostic.helps.iter().map(|help| format!("help: {}", sanitise::line(help)));
    let level = finding.provenance.iter().map(|from| format!("note: {}", sanitise::line(from)));
    notes.chain(fixes).chain(helps).chain(level).collect()
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Note => Severity::Note,
        Level::Warning => Severity::Warning,
        Level::Error => Severity::Error,
    }
}
