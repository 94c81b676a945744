//! The words of a program's texts, and the paths in them that begin with one of some names. Looks at characters: a word
//! in a comment counts as well.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::parse::File;
use crate::ir::{Item, ItemKind};
use crate::signatures::word;

/// Words and paths.
#[derive(Default)]
pub(super) struct Words<'a> {
    /// All words, as numbers.
    pub(super) all: FxHashSet<u64>,
    /// The paths below each name, and the beginnings of these.
    pub(super) paths: BTreeMap<&'a str, BTreeSet<String>>,
}

impl<'a> Words<'a> {
    /// Those of all files.
    pub(super) fn of(files: &[File], wanted: &FxHashSet<&'a str>) -> Self {
        let each = files.par_iter().fold(Self::default, |mut words, file| {
            words.add(&file.text, wanted);
            file.unit.items.iter().for_each(|item| words.imports(item, wanted));
            words
        });
        each.reduce(Self::default, Self::and)
    }

    /// These and others.
    pub(super) fn and(mut self, other: Self) -> Self {
        if self.all.len() < other.all.len() {
            return other.and(self);
        }
        self.all.extend(other.all);
        for (name, paths) in other.paths {
            self.paths.entry(name).or_default().extend(paths);
        }
        self
    }

    fn add(&mut self, text: &str, wanted: &FxHashSet<&'a str>) {
        let mut at = 0;
        while let Some((begin, end)) = next_word(text, at) {
            let found = &text[begin..end];
            self.all.insert(word(found));
            at = end;
            if let Some(name) = wanted.get(found).filter(|_| text[end..].starts_with("::")) {
                let paths = self.paths.entry(name).or_default();
                paths_below(&text[end..]).for_each(|path| _ = paths.insert(path));
            }
        }
    }

    fn imports(&mut self, item: &Item, wanted: &FxHashSet<&'a str>) {
        match &item.kind {
            ItemKind::Use(imports) => {
                for import in imports {
                    let mut names = import.path.segments.iter().map(|segment| segment.name.as_str());
                    let Some(name) = names.next().and_then(|first| wanted.get(first)) else { continue };
                    let path = names.collect::<Vec<_>>().join("::");
                    self.paths.entry(name).or_default().insert(path);
                }
            }
            ItemKind::ExternCrate(name) => {
                let name = wanted.get(name.as_str());
                name.into_iter().for_each(|name| _ = self.paths.entry(name).or_default());
            }
            _ => {}
        }
    }
}

/// The next run of characters of words that does not begin with a digit, from a place between two of them.
fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut at = from;
    loop {
        let begin = at + bytes.get(at..)?.iter().position(|byte| is_word(*byte))?;
        let end =
            bytes[begin..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |len| begin + len);
        if !bytes[begin].is_ascii_digit() {
            return Some((begin, end));
        }
        at = end;
    }
}

/// `a`, `a::b`, `a::b::c` for `::a::b::c`.
fn paths_below(text: &str) -> impl Iterator<Item = String> {
    let (mut rest, mut path) = (text, String::new());
    std::iter::from_fn(move || {
        rest = rest.strip_prefix("::")?;
        let (_, end) = next_word(rest, 0).filter(|(begin, _)| *begin == 0)?;
        let separator = if path.is_empty() { "" } else { "::" };
        path = format!("{path}{separator}{}", &rest[..end]);
        rest = &rest[end..];
        Some(path.clone())
    })
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::{Words, word};

    #[test]
    fn words_and_the_paths_below_some_names() {
        let mut words = Words::default();
        let wanted: FxHashSet<&str> = ["post"].into_iter().collect();
        words.add("fn a(p: post::inner::Thing<u8>) -> größe { post::send(0x1f, b.post) } // 12th", &wanted);
        for known in ["fn", "a", "post", "inner", "Thing", "u8", "größe", "send", "b"] {
            assert!(words.all.contains(&word(known)), "{known}");
        }
        assert!(!words.all.contains(&word("0x1f")) && !words.all.contains(&word("x1f")));
        let paths: Vec<&str> = words.paths["post"].iter().map(String::as_str).collect();
        assert_eq!(paths, ["inner", "inner::Thing", "send"]);
        words.add("post::", &wanted);
        words.add("", &wanted);
        assert_eq!(words.paths["post"].len(), 3);
    }
}
