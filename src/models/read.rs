//! Reads values out of TOML tables with their spans; what is wrong becomes a diagnostic. Knows keys and types of values,
//! not what they mean.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A string and where it stands.
pub(super) type Text<'t> = (&'t str, Range<usize>);

/// What was wrong so far, and the file that spans point into.
#[derive(Debug)]
pub(super) struct Problems {
    pub(super) file: Option<FileId>,
    pub(super) found: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn span(&self, range: &Range<usize>) -> Option<Span> {
        self.file.map(|file| Span::new(file, range.start as u32, range.end as u32))
    }

    pub(super) fn error(&mut self, message: String, range: &Range<usize>) {
        let span = self.span(range);
        self.found.push(Diagnostic::error(message, span));
    }

    /// An unknown word among those that exist.
    fn unknown(&mut self, what: &str, written: &str, known: &[&str], range: &Range<usize>) {
        let message = format!("unknown {what} `{written}`");
        let help = match nearest(written, known) {
            Some(near) => format!("did you mean `{near}`"),
            None => format!("expected one of `{}`", known.join("`, `")),
        };
        self.found.push(Diagnostic::error(message, self.span(range)).help(help));
    }
}

/// The known word that is most like the written one, if any is like it at all.
fn nearest<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let scored = known.iter().map(|k| (strsim::jaro_winkler(written, k), *k));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.75).then_some(best.1)
}

/// A table under reading.
pub(super) struct Table<'t> {
    table: &'t DeTable<'t>,
    pub(super) range: Range<usize>,
}

impl<'t> Table<'t> {
    /// A table whose keys must be among the known ones.
    pub(super) fn new(
        table: &'t DeTable<'t>,
        range: Range<usize>,
        known: &[&str],
        problems: &mut Problems,
    ) -> Self {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            problems.unknown("key", key.get_ref(), known, &key.span());
        }
        Self { table, range }
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether the key is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A string.
    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<Text<'t>> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            problems.error(format!("`{key}` must be a string"), &value.span());
        }
        Some((text?, value.span()))
    }

    /// A string, or a list of strings.
    pub(super) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<Text<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items = each(value);
        let texts: Vec<Text<'t>> =
            items.iter().filter_map(|v| Some((v.get_ref().as_str()?, v.span()))).collect();
        if texts.len() < items.len() {
            problems.error(format!("`{key}` must be a string or a list of strings"), &value.span());
        }
        texts
    }

    /// A number or a string, or a list of them, as written.
    pub(super) fn words(&self, key: &str, problems: &mut Problems) -> Vec<Text<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items = each(value);
        let words: Vec<Text<'t>> =
            items.iter().filter_map(|v| Some((word(v.get_ref())?, v.span()))).collect();
        if words.len() < items.len() {
            problems.error(format!("`{key}` must be a number or a string, or a list of them"), &value.span());
        }
        words
    }

    /// `true` or `false`; false where it is not given.
    pub(super) fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        let Some(value) = self.get(key) else { return false };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            problems.error(format!("`{key}` must be true or false"), &value.span());
        }
        flag.unwrap_or(false)
    }

    /// A small number.
    pub(super) fn number(&self, key: &str, problems: &mut Problems) -> Option<u8> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|n| n.as_str().parse().ok());
        if number.is_none() {
            problems.error(format!("`{key}` must be a number from 0 to 255"), &value.span());
        }
        number
    }

    /// One of the words of a list.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let (written, range) = self.text(key, problems)?;
        choose(key, written, &range, words, problems)
    }

    /// Tables of a list of tables.
    pub(super) fn tables(&self, key: &str, known: &[&str], problems: &mut Problems) -> Vec<Table<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let mut tables = Vec::new();
        for item in each(value) {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Table::new(table, item.span(), known, problems)),
                _ => problems.error(format!("`{key}` must be a list of tables"), &item.span()),
            }
        }
        tables
    }
}

/// The meaning of a word.
pub(super) fn choose<T: Copy>(
    what: &str,
    written: &str,
    range: &Range<usize>,
    words: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == written).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        problems.unknown(what, written, &known, range);
    }
    found
}

/// The items of a list; anything else is a list of itself.
fn each<'t>(value: &'t Spanned<DeValue<'t>>) -> Vec<&'t Spanned<DeValue<'t>>> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    }
}

fn word<'t>(value: &'t DeValue<'t>) -> Option<&'t str> {
    value.as_str().or_else(|| value.as_integer().map(toml::de::DeInteger::as_str))
}
