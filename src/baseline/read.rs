//! Reading a baseline's file: all that is wrong with it is said with its place. Knows the form and no finding.

use super::{Baseline, Entry, Key, VERSION};
use crate::diagnostic::{Diagnostic, Level};
use crate::manifest_text::{Document, Node, Table};
use crate::source::{FileId, Span};

/// The keys of a row.
const ROW: &[&str] = &["lint", "item", "category", "recipient", "count", "marks"];

/// Reads a baseline.
///
/// # Errors
/// All that is wrong with it.
pub fn parse(file: FileId, text: &str) -> Result<Baseline, Vec<Diagnostic>> {
    let (document, broken) = Document::parse(file, text);
    if let Some(broken) = broken {
        return Err(vec![Diagnostic { level: Level::Error, ..broken }]);
    }
    let mut reading = Reading { whole: Span::new(file, 0, 0), errors: Vec::new() };
    let baseline = reading.file(document.root());
    if reading.errors.is_empty() { Ok(baseline) } else { Err(reading.errors) }
}

struct Reading {
    /// Where nothing closer can be pointed at.
    whole: Span,
    errors: Vec<Diagnostic>,
}

impl Reading {
    fn wrong(&mut self, message: impl Into<String>, span: Option<Span>) {
        let error = Diagnostic::error(message, Some(span.unwrap_or(self.whole)));
        self.errors.push(error.help("`cargo privacy baseline` records it anew"));
    }

    fn file(&mut self, root: Table<'_>) -> Baseline {
        self.only(root, &["version", "package"]);
        match root.get("version") {
            Some(version) if version.integer() == Some(VERSION) => {}
            Some(version) => self.wrong(
                format!("this version of cargo-privacy reads baselines of version {VERSION} only"),
                Some(version.span()),
            ),
            None => self.wrong(format!("a baseline says `version = {VERSION}`"), None),
        }
        let mut baseline = Baseline::default();
        for package in root.get("package").map(Node::items).unwrap_or_default() {
            let Some(table) = package.table() else {
                self.wrong("a package is a table: `[[package]]`", Some(package.span()));
                continue;
            };
            self.package(table, package.span(), &mut baseline);
        }
        baseline
    }

    fn package(&mut self, table: Table<'_>, span: Span, baseline: &mut Baseline) {
        self.only(table, &["name", "findings"]);
        let Some(name) = self.text(table, "name", span) else { return };
        let section = baseline.sections.entry(name).or_default();
        for row in table.get("findings").map(Node::items).unwrap_or_default() {
            if let Some((key, entry)) = self.row(row) {
                let known = section.entry(key).or_default();
                known.count += entry.count;
                known.marks.extend(entry.marks);
            }
        }
    }

    fn row(&mut self, row: Node<'_>) -> Option<(Key, Entry)> {
        let Some(table) = row.table() else {
            self.wrong("a finding is a table: `{ lint = \"…\", item = \"…\", count = 1 }`", Some(row.span()));
            return None;
        };
        self.only(table, ROW);
        let mut optional = |name| table.get(name).map(|_| self.text(table, name, row.span()));
        let (category, recipient) = (optional("category"), optional("recipient"));
        let key = Key {
            lint: self.text(table, "lint", row.span())?,
            item: self.text(table, "item", row.span())?,
            category: category.unwrap_or(Some(String::new()))?,
            recipient: recipient.unwrap_or(Some(String::new()))?,
        };
        let count = table.get("count").map_or(Some(1), |count| usize::try_from(count.integer()?).ok());
        let Some(count) = count else {
            self.wrong("`count` is a number", table.get("count").map(Node::span));
            return None;
        };
        let marks = table.strings("marks").into_iter().map(|(mark, _)| mark).collect();
        Some((key, Entry { count, marks }))
    }

    fn text(&mut self, table: Table<'_>, key: &str, around: Span) -> Option<String> {
        let text = table.string(key);
        if text.is_none() {
            let span = table.get(key).map_or(around, Node::span);
            self.wrong(format!("`{key}` must be a string here"), Some(span));
        }
        text
    }

    fn only(&mut self, table: Table<'_>, known: &[&str]) {
        for (key, span, _) in table.entries().filter(|(key, ..)| !known.contains(key)) {
            self.wrong(format!("unknown key `{}` in a baseline", key.escape_debug()), Some(span));
        }
    }
}
