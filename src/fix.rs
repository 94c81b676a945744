//! From what would mend a finding, as its lint says it, to edits of the text: the value leaves the log call, `skip(..)`
//! is asked of `#[instrument]`, a redacting `Debug` takes the derive's place, `https:` that of `http:`. Where the result
//! is not sure to compile there is no fix. Reads texts, writes none, and knows no lint.

mod withhold;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Fix, Remedy};
use crate::ir::{ItemKind, Range};
use crate::lower::layout;
use crate::models::{MacroSyntax, Models};
use crate::resolve::Program;
use crate::source::{SourceMap, Span};

/// What stands in the place of a value that is withheld.
const REDACTED: &str = "[redacted]";
/// Schemes without encryption, and their like with it.
const SCHEMES: &[(&str, &str)] = &[("http://", "https://"), ("ws://", "wss://")];

/// Makes fixes for the findings of one run.
#[derive(Debug)]
pub struct Fixer<'a> {
    sources: &'a SourceMap,
    /// Macros that show values, by their last segment; those that the program defines itself are not among them.
    macros: BTreeMap<&'a str, MacroSyntax>,
}

impl<'a> Fixer<'a> {
    /// For the findings on this program.
    #[must_use]
    pub fn new(sources: &'a SourceMap, program: &'a Program, models: &'a Models) -> Self {
        let mut macros = BTreeMap::new();
        for model in models.macros.iter().filter(|model| model.syntax != MacroSyntax::Expressions) {
            for name in model.names.iter().filter_map(|pattern| pattern.last_name()) {
                let known = macros.entry(name).or_insert(model.syntax);
                // Where two macros share a name, what is true of both is that they take a format string.
                if *known != model.syntax {
                    *known = MacroSyntax::Format;
                }
            }
        }
        let own: BTreeSet<&str> = program
            .items()
            .map(|id| program.item(id))
            .filter(|item| matches!(item.kind, ItemKind::MacroRules(_)))
            .map(|item| item.name.as_str())
            .collect();
        macros.retain(|name, _| !own.contains(name));
        Self { sources, macros }
    }

    /// Adds to a finding the fix that it has, if it has one.
    pub fn mend(&self, finding: &mut Diagnostic) {
        let (Some(remedy), Some(primary)) = (&finding.remedy, finding.primary) else { return };
        let fix = match remedy {
            Remedy::Withhold { call, ways } => self.withhold(primary, call, ways),
            Remedy::Redact(fields) => self.redact(primary, fields),
            Remedy::Encrypt => self.encrypt(primary),
            Remedy::Annotate(key) => self.annotate(primary, key),
        };
        finding.fixes.extend(fix);
    }

    /// An annotation that needs no crate stands before the field or the parameter. It compiles whatever is true; which
    /// category is, is for people to say.
    fn annotate(&self, name: Span, key: &str) -> Option<Fix> {
        let text = &self.sources.file(name.file).text();
        let at = layout::before_declared(text, name.lo)?;
        let line = text.get(..at as usize)?.rsplit('\n').next().unwrap_or("");
        let behind = match line.chars().all(char::is_whitespace) {
            true => format!("\n{line}"),
            false => " ".to_owned(),
        };
        let annotation = format!("#[cfg_attr(any(), personal_data({key}))]");
        Some(Fix {
            title: format!("annotate it with `{key}`"),
            edits: vec![(Span::new(name.file, at, at), format!("{annotation}{behind}"))],
            machine_applicable: false,
        })
    }

    fn withhold(&self, sink: Span, call: &str, ways: &[Vec<Span>]) -> Option<Fix> {
        let text = self.sources.text(sink);
        if text.starts_with("#[") {
            return self.skip(sink, text, ways);
        }
        let last = call.strip_suffix('!').map(|path| path.rsplit("::").next().unwrap_or(path));
        let known = |name: &str| self.macros.contains_key(name);
        if last.is_some_and(|last| !known(last)) {
            return None;
        }
        // In a macro that the program defines the sink is the whole call of that macro, which is laid out as it likes.
        withhold::fix(self.sources, sink, call, ways, &self.macros)
    }

    /// `#[instrument]` is told what not to record.
    fn skip(&self, sink: Span, text: &str, ways: &[Vec<Span>]) -> Option<Fix> {
        let mut names: Vec<&str> = Vec::new();
        for way in ways {
            let read = way.first().filter(|read| read.file == sink.file && read.lo >= sink.hi)?;
            let name = self.sources.text(*read);
            let name = if is_self(name) { "self" } else { name };
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if !is_name {
                return None;
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let (at, before, behind) = layout::skip(text, sink.lo)?;
        let listed = names.join(", ");
        let edit = (Span::new(sink.file, at, at), format!("{before}{listed}{behind}"));
        Some(Fix {
            title: format!("skip `{listed}` in what the span records"),
            edits: vec![edit],
            machine_applicable: true,
        })
    }

    /// An impl of `Debug` by hand takes the place of the derive.
    fn redact(&self, debug: Span, fields: &[Span]) -> Option<Fix> {
        let text = &self.sources.file(debug.file).text();
        let item = layout::derived(text, (debug.lo, debug.hi))?;
        let (lo, mut hi) = item.derive;
        let rest = text.get(hi as usize..)?;
        if text.get(lo as usize..)?.starts_with("#[") {
            hi += (rest.len() - rest.trim_start().len()) as u32;
        }
        let line = text.get(..item.start as usize)?.rsplit('\n').next().unwrap_or("");
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        let end = Span::new(debug.file, item.end, item.end);
        let edits =
            vec![(Span::new(debug.file, lo, hi), String::new()), (end, written(&item, fields, &indent))];
        Some(Fix {
            title: "write `Debug` so that it redacts these fields".to_owned(),
            edits,
            machine_applicable: true,
        })
    }

    /// The one address in the call becomes that of an encrypted transport.
    fn encrypt(&self, sink: Span) -> Option<Fix> {
        let plain = |text: &str| SCHEMES.iter().find(|(plain, _)| text.starts_with(plain));
        let found = layout::literals(self.sources.text(sink), sink.lo);
        let mut found = found.iter().filter_map(|(range, text)| Some((range, plain(text)?)));
        let (range, (old, new)) = found.next()?;
        let written = self.sources.text(Span::new(sink.file, range.0, range.1));
        let at = range.0 + written.find(old)? as u32;
        let edit = (Span::new(sink.file, at, at + old.len() as u32), (*new).to_owned());
        let fix = Fix { title: format!("use `{new}`"), edits: vec![edit], machine_applicable: true };
        found.next().is_none().then_some(fix)
    }
}

/// `self`, `&self`, `&mut self`, `mut self`, `&'a self`.
fn is_self(pattern: &str) -> bool {
    pattern.split(|c: char| !c.is_alphanumeric() && c != '_').next_back() == Some("self")
}

fn written(item: &layout::Derived, hidden: &[Span], indent: &str) -> String {
    let of = |(name, range): &(String, Range)| {
        let is_hidden = hidden.iter().any(|span| (span.lo, span.hi) == *range);
        let value = if is_hidden { format!("&{REDACTED:?}") } else { format!("&self.{name}") };
        if item.tuple {
            format!(".field({value})")
        } else {
            format!(".field({:?}, {value})", name.trim_start_matches("r#"))
        }
    };
    let builder = if item.tuple { "debug_tuple" } else { "debug_struct" };
    let mut lines = vec![
        format!("impl ::core::fmt::Debug for {} {{", item.name),
        "    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {".to_owned(),
        format!("        f.{builder}({:?})", item.name.trim_start_matches("r#")),
    ];
    lines.extend(item.fields.iter().map(|field| format!("            {}", of(field))));
    lines.extend(["            .finish()", "    }", "}"].map(str::to_owned));
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{line}")).collect();
    format!("\n\n{}", lines.join("\n"))
}
