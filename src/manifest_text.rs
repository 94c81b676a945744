//! TOML that keeps its byte spans: what manifests, cargo's configuration and lint levels are read through. Knows the
//! syntax alone, no key of anybody's.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A parsed text; after a syntax error, what could still be read.
#[derive(Debug)]
pub struct Document<'i> {
    file: FileId,
    root: Spanned<DeTable<'i>>,
}

impl<'i> Document<'i> {
    /// Reads a text. What cannot be read is left out and said.
    #[must_use]
    pub fn parse(file: FileId, text: &'i str) -> (Self, Option<Diagnostic>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let broken = errors.first().map(|error| {
            let span = error.span().map(|range| span_of(file, &range));
            Diagnostic::warning("this file is not valid TOML", span).labelled(error.message())
        });
        (Self { file, root }, broken)
    }

    /// The top-level table.
    #[must_use]
    pub fn root(&self) -> Table<'_> {
        Table { file: self.file, entries: self.root.get_ref() }
    }
}

/// A table of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    file: FileId,
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// The value of a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entries.get(key).map(|value| Node { file: self.file, value })
    }

    /// The table under a key.
    #[must_use]
    pub fn table(self, key: &str) -> Option<Table<'a>> {
        self.get(key)?.table()
    }

    /// The table under a path of keys.
    #[must_use]
    pub fn descend(self, keys: &[&str]) -> Option<Table<'a>> {
        keys.iter().try_fold(self, |table, key| table.table(key))
    }

    /// The string under a key.
    #[must_use]
    pub fn string(self, key: &str) -> Option<String> {
        Some(self.get(key)?.str()?.to_owned())
    }

    /// The boolean under a key.
    #[must_use]
    pub fn bool(self, key: &str) -> Option<bool> {
        self.get(key)?.bool()
    }

    /// The strings of the array under a key; other elements are left out.
    #[must_use]
    pub fn strings(self, key: &str) -> Vec<(String, Span)> {
        let items = self.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().filter_map(|item| Some((item.str()?.to_owned(), item.span()))).collect()
    }

    /// All entries, sorted by key: the key, its span, the value.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Span, Node<'a>)> {
        self.entries.iter().map(move |(key, value)| {
            let node = Node { file: self.file, value };
            (key.get_ref().as_ref(), span_of(self.file, &key.span()), node)
        })
    }
}

/// A value of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    file: FileId,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        span_of(self.file, &self.value.span())
    }

    /// As a string.
    #[must_use]
    pub fn str(self) -> Option<&'a str> {
        self.value.get_ref().as_str()
    }

    /// As a boolean.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// As an integer.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        let integer = self.value.get_ref().as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// As a table.
    #[must_use]
    pub fn table(self) -> Option<Table<'a>> {
        self.value.get_ref().as_table().map(|entries| Table { file: self.file, entries })
    }

    /// The elements of an array; none of anything else.
    #[must_use]
    pub fn items(self) -> Vec<Node<'a>> {
        let array = self.value.get_ref().as_array();
        array.into_iter().flat_map(|a| a.iter()).map(|value| Node { file: self.file, value }).collect()
    }
}

fn span_of(file: FileId, range: &std::ops::Range<usize>) -> Span {
    Span::new(file, range.start as u32, range.end as u32)
}
