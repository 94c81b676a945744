//! `cargo privacy explain FILE:LINE[:COLUMN]`: why a place is personal and where its data goes, or why it is not. A view of
//! the data map; what merely looks personal is told too. Changes nothing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::analysed;
use crate::check::{self, Analysis, Options, Outcome, Watch};
use crate::datamap::{Basis, Datum, Flow, Recipient};
use crate::diagnostic::Diagnostic;
use crate::emit::{located, one_line, say, shown};
use crate::recognise::Confidence;
use crate::source::{FileId, SourceMap, Span};

/// A place as a user names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At {
    file: PathBuf,
    line: usize,
    column: Option<usize>,
}

impl At {
    /// Reads `FILE:LINE` or `FILE:LINE:COLUMN`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (before, last) = text.rsplit_once(':')?;
        let last: usize = last.parse().ok()?;
        let middle = before.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
        let (file, line, column) = match middle {
            Some((file, line)) => (file, line, Some(last)),
            None => (before, last, None),
        };
        (!file.is_empty()).then(|| Self { file: file.into(), line, column })
    }
}

/// Explains a place.
///
/// # Errors
/// Where a stream cannot be written.
pub fn place(
    options: &Options,
    at: &At,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let analysis = match analysed(options, watch, &mut sources, out, log)? {
        Ok(analysis) => analysis,
        Err(outcome) => return Ok(outcome),
    };
    let cwd = &options.request.cwd;
    let Some(span) = span(&sources, at, cwd) else {
        let name = one_line(&at.file.to_string_lossy()).into_owned();
        let column = at.column.map_or_else(String::new, |column| format!(":{column}"));
        let message = format!("there is no place `{name}:{}{column}` in what was checked", at.line);
        let error = Diagnostic::error(message, None);
        let help = "name a Rust file of this package or workspace, and a line and column that it has";
        return check::refuse(options, &sources, vec![error.help(help)], out, log);
    };
    let asked = Asked { analysis: &analysis, sources: &sources, cwd, span };
    if !(asked.declarations(out)? | asked.flows(out)?) {
        asked.nothing(out)?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

/// The line, or the one character, that is asked about.
fn span(sources: &SourceMap, at: &At, cwd: &Path) -> Option<Span> {
    let wanted = cwd.join(&at.file);
    let wanted = wanted.canonicalize().unwrap_or(wanted);
    let is_it = |id: &FileId| {
        let path = cwd.join(sources.path(*id));
        path == wanted || path.canonicalize().is_ok_and(|path| path == wanted)
    };
    let (id, file) = sources.iter().find(|(id, _)| is_it(id))?;
    let starts = file.line_starts();
    let start = *starts.get(at.line.checked_sub(1)?)?;
    let end = starts.get(at.line).copied().unwrap_or(file.text().len() as u32);
    let Some(column) = at.column else { return Some(Span::new(id, start, end)) };
    let line = file.text().get(start as usize..end as usize)?;
    let (offset, c) = line.char_indices().nth(column.checked_sub(1)?)?;
    let from = start + offset as u32;
    Some(Span::new(id, from, from + c.len_utf8() as u32))
}

struct Asked<'a> {
    analysis: &'a Analysis,
    sources: &'a SourceMap,
    cwd: &'a Path,
    span: Span,
}

impl Asked<'_> {
    fn here(&self, span: Span) -> bool {
        span.file == self.span.file && span.lo < self.span.hi && self.span.lo < span.hi.max(span.lo + 1)
    }

    fn category(&self, id: crate::taxonomy::CategoryId) -> &str {
        &self.analysis.map.taxonomy.get(id).key
    }

    /// What is declared here, and why it is what it is.
    fn declarations(&self, out: &mut dyn Write) -> io::Result<bool> {
        let mut any = false;
        for declared in self.analysis.map.declarations.iter().filter(|d| self.here(d.span)) {
            any = true;
            let what = declared.category.map_or("not personal", |id| self.category(id));
            say(out, &format!("`{}` is {what}: {}", declared.path, self.why(&declared.basis)))?;
        }
        let known = |path: &str| self.analysis.map.declarations.iter().any(|d| d.path == path);
        for proposed in self.analysis.proposals.iter().filter(|p| self.here(p.span) && !known(&p.path)) {
            any = true;
            let counts = match (proposed.counts, proposed.confidence) {
                (true, _) => "counts where what looks personal is taken for it (`--inferred`)",
                (false, Confidence::Low) => "too weak to count; `annotate --confidence low` proposes it",
                (false, _) => "counts once it is annotated; `annotate --confidence medium` proposes it",
            };
            let (path, category) = (&proposed.path, self.category(proposed.category));
            say(out, &format!("`{path}` looks like {category}: {} ({counts})", proposed.evidence))?;
        }
        Ok(any)
    }

    /// What passes here, and where it goes.
    fn flows(&self, out: &mut dyn Write) -> io::Result<bool> {
        let mut any = false;
        for flow in &self.analysis.map.flows {
            for datum in flow.data.iter().filter(|datum| self.passes(flow, datum)) {
                any = true;
                self.way(flow, datum, out)?;
            }
        }
        Ok(any)
    }

    fn passes(&self, flow: &Flow, datum: &Datum) -> bool {
        let spans = [Some(flow.sink), Some(datum.source), datum.declared];
        spans.into_iter().flatten().chain(datum.steps.iter().map(|s| s.span)).any(|span| self.here(span))
    }

    fn way(&self, flow: &Flow, datum: &Datum, out: &mut dyn Write) -> io::Result<()> {
        let place = |span| located(self.sources, span, self.cwd);
        let to = match &flow.recipient {
            Recipient::Declared(at) => {
                let notice = &self.analysis.map.notices[flow.notice.0 as usize];
                format!("`{}`", notice.recipients[*at].name.value)
            }
            Recipient::Undeclared { name, .. } => format!("`{name}`, which the notice does not name"),
            Recipient::Unresolved(seen) => format!("an unknown recipient, {seen}"),
            Recipient::Own => format!("{} (`{}`)", flow.channel.name(), flow.sink_name),
        };
        let (category, form) = (self.category(datum.category), datum.form.name());
        say(out, &format!("{category} (`{}`, {form}) goes to {to}", datum.path))?;
        say(out, &format!("    because: {}", self.why(&datum.basis)))?;
        say(out, &format!("    read: {}", place(datum.source)))?;
        for (n, step) in datum.steps.iter().enumerate() {
            say(out, &format!("    step {}: {}: {}", n + 1, place(step.span), step.text))?;
        }
        say(out, &format!("    sink: {}", place(flow.sink)))?;
        for approximation in &datum.approximations {
            say(out, &format!("    rests on an approximation: {}", approximation.name()))?;
        }
        Ok(())
    }

    fn why(&self, basis: &Basis) -> String {
        match basis {
            Basis::Annotated => "it is annotated".to_owned(),
            Basis::Notice(span) => {
                format!("the notice says so at {}", located(self.sources, *span, self.cwd))
            }
            Basis::Model(why) => why.clone(),
            Basis::Inferred { evidence, high } => {
                format!("{evidence} ({} confidence)", if *high { "high" } else { "medium" })
            }
        }
    }

    fn nothing(&self, out: &mut dyn Write) -> io::Result<()> {
        let place = shown(self.sources.path(self.span.file), self.cwd);
        let line = self.sources.file(self.span.file).line_of(self.span.lo) + 1;
        say(out, &format!("{place}:{line}: nothing here is known to be personal"))?;
        say(
            out,
            "    no annotation, no entry of a notice and no model says so, no name or type suggests it,",
        )?;
        say(out, "    and no personal data that reaches a sink passes this line")
    }
}

#[cfg(test)]
mod tests {
    use super::At;

    #[test]
    fn places_as_users_name_them() {
        let at = |file: &str, line, column| Some(At { file: file.into(), line, column });
        assert_eq!(At::parse("src/a.rs:12"), at("src/a.rs", 12, None));
        assert_eq!(At::parse("src/a.rs:12:3"), at("src/a.rs", 12, Some(3)));
        assert_eq!(At::parse("C:\\a.rs:1:2"), at("C:\\a.rs", 1, Some(2)));
        assert_eq!(At::parse("personal_data_in_logs"), None);
        assert_eq!(At::parse("privacy::credentials_in_logs"), None);
        assert_eq!(At::parse(":3"), None);
    }
}
