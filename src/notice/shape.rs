//! A TOML table as a cursor that reports what it cannot use and, when done, what nobody asked for. The list of known
//! keys is what was asked for, so that it can never differ from what is read. Knows nothing of notices.

use toml::de::{DeTable, DeValue};

use super::Spanned;
use super::problem::{self, Written};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// A value of the parsed file.
type Node<'i> = toml::Spanned<DeValue<'i>>;

/// Parses a file; all its syntax errors where there are any.
pub(super) fn parse(file: FileId, text: &str) -> Result<DeTable<'_>, Vec<Diagnostic>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(document.into_inner());
    }
    Err(errors.iter().map(|error| syntax_error(file, text, error)).collect())
}

/// The parser's message has the form of a sentence or two; ours has neither capital nor line break.
fn syntax_error(file: FileId, text: &str, error: &toml::de::Error) -> Diagnostic {
    let at = error.span().map(|range| {
        let floor = |at: usize| {
            (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0) as u32
        };
        Span::new(file, floor(range.start), floor(range.end))
    });
    let message: Vec<&str> = error.message().split_whitespace().collect();
    Diagnostic::error(format!("the notice is not valid TOML: {}", message.join(" ")), at)
}

/// A table that is being read.
pub(super) struct Table<'t, 'i> {
    entries: &'t DeTable<'i>,
    /// Its header, or the whole of it where it is inline.
    pub(super) span: Span,
    /// As it is called in messages: `[[recipient]]` in back quotes.
    name: String,
    known: Vec<&'static str>,
}

impl<'t, 'i> Table<'t, 'i> {
    /// The whole file.
    pub(super) fn root(file: FileId, entries: &'t DeTable<'i>) -> Self {
        Self { entries, span: Span::new(file, 0, 0), name: "the notice".to_owned(), known: Vec::new() }
    }

    fn place(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.span.file, range.start as u32, range.end as u32)
    }

    fn node(&mut self, key: &'static str) -> Option<&'t Node<'i>> {
        self.known.push(key);
        self.entries.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    fn below(&self, node: &'t Node<'i>, name: String) -> Option<Table<'t, 'i>> {
        let DeValue::Table(entries) = node.get_ref() else { return None };
        Some(Table { entries, span: self.place(node.span()), name, known: Vec::new() })
    }

    fn mismatch(&self, key: &str, node: &Node<'_>, wanted: &str) -> Diagnostic {
        problem::wrong_type(&format!("`{key}`"), self.place(node.span()), wanted, kind(node.get_ref()))
    }

    fn written(&self, node: &Node<'_>) -> Option<Written> {
        let DeValue::String(text) = node.get_ref() else { return None };
        Some(Spanned { value: text.to_string(), span: self.place(node.span()) })
    }

    /// A string.
    pub(super) fn text(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Option<Written> {
        let node = self.node(key)?;
        let written = self.written(node);
        if written.is_none() {
            errors.push(self.mismatch(key, node, "a string"));
        }
        written
    }

    /// A string that must be there.
    pub(super) fn required(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Option<Written> {
        self.demand(key, errors);
        self.text(key, errors)
    }

    /// A list of strings that must be there.
    pub(super) fn required_texts(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Vec<Written> {
        self.demand(key, errors);
        self.texts(key, errors)
    }

    fn demand(&self, key: &str, errors: &mut Vec<Diagnostic>) {
        if !self.entries.iter().any(|(k, _)| k.get_ref() == key) {
            errors.push(problem::missing_key(key, self.span, &self.name));
        }
    }

    /// A list of strings.
    pub(super) fn texts(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Vec<Written> {
        let items = self.items(key, "a list of strings", errors).unwrap_or_default();
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match self.written(item) {
                Some(written) => found.push(written),
                None => errors.push(self.mismatch(key, item, "a list of strings")),
            }
        }
        found
    }

    /// A list, whatever is in it; `None` where the key is not given.
    fn items(
        &mut self,
        key: &'static str,
        wanted: &str,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Vec<&'t Node<'i>>> {
        let node = self.node(key)?;
        if let DeValue::Array(items) = node.get_ref() {
            return Some(items.iter().collect());
        }
        let mut error = self.mismatch(key, node, wanted);
        if matches!(node.get_ref(), DeValue::String(_)) {
            error.helps.push("put it between brackets".to_owned());
        }
        errors.push(error);
        Some(Vec::new())
    }

    /// A list of strings and inline tables; `None` where the key is not given.
    pub(super) fn mixed(
        &mut self,
        key: &'static str,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Either<Written, Table<'t, 'i>>>> {
        let wanted = "a list of strings and inline tables";
        let items = self.items(key, wanted, errors)?;
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            let text = self.written(item).map(Either::Text);
            match text.or_else(|| self.below(item, format!("`{key}`")).map(Either::Table)) {
                Some(either) => found.push(either),
                None => errors.push(self.mismatch(key, item, wanted)),
            }
        }
        Some(found)
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Option<bool> {
        let node = self.node(key)?;
        if let DeValue::Boolean(value) = node.get_ref() {
            return Some(*value);
        }
        errors.push(self.mismatch(key, node, "`true` or `false`"));
        None
    }

    /// A number from 1.
    pub(super) fn ordinal(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Option<usize> {
        let node = self.node(key)?;
        let value = match node.get_ref() {
            DeValue::Integer(number) => {
                usize::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| *n > 0)
            }
            _ => None,
        };
        if value.is_none() {
            errors.push(self.mismatch(key, node, "a number from 1"));
        }
        value
    }

    /// A table, inline or with a header.
    pub(super) fn table(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Option<Table<'t, 'i>> {
        let node = self.node(key)?;
        let below = self.below(node, format!("`{key}`"));
        if below.is_none() {
            errors.push(self.mismatch(key, node, "a table"));
        }
        below
    }

    /// A list of tables, `[[key]]`.
    pub(super) fn tables(&mut self, key: &'static str, errors: &mut Vec<Diagnostic>) -> Vec<Table<'t, 'i>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let items = match node.get_ref() {
            DeValue::Array(items) => items,
            DeValue::Table(_) => {
                errors.push(problem::one_table(key, self.place(node.span())));
                return Vec::new();
            }
            _ => {
                errors.push(self.mismatch(key, node, "a list of tables"));
                return Vec::new();
            }
        };
        let mut found = Vec::with_capacity(items.len());
        for item in items.iter() {
            match self.below(item, format!("`[[{key}]]`")) {
                Some(table) => found.push(table),
                None => errors.push(self.mismatch(key, item, "a list of tables")),
            }
        }
        found
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, errors: &mut Vec<Diagnostic>) {
        #[cfg(test)]
        asked::record(&self.name, &self.known);
        for (key, _) in self.entries.iter().filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref())) {
            errors.push(problem::unknown_key(key.get_ref(), self.place(key.span()), &self.name, &self.known));
        }
    }

    /// The same for the whole file, whose keys are tables.
    pub(super) fn finish_root(self, errors: &mut Vec<Diagnostic>) {
        #[cfg(test)]
        asked::record("", &self.known);
        for (key, _) in self.entries.iter().filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref())) {
            errors.push(problem::unknown_table(key.get_ref(), self.place(key.span()), &self.known));
        }
    }
}

/// An item of a mixed list.
pub(super) enum Either<A, B> {
    /// A string.
    Text(A),
    /// An inline table.
    Table(B),
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Which keys were asked for, table by table: the language as it is read, for tests that go through all of it.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static KEYS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn record(table: &str, known: &[&'static str]) {
        let table = table.trim_matches(['`', '[', ']']);
        KEYS.with_borrow_mut(|keys| keys.extend(known.iter().map(|key| format!("{table}.{key}"))));
    }

    /// What was asked for on this thread, as `table.key`.
    pub(in crate::notice) fn keys() -> BTreeSet<String> {
        KEYS.take()
    }
}
