//! The marks in fixtures and in the examples of pages: `//~ lint`, `//~ source(lint)`, `//~ ok`,
//! `//~ ok(lint)`; in TOML behind `#~`.

use std::collections::BTreeSet;

use super::Said;

/// What a file's marks say.
#[derive(Default)]
pub(crate) struct Marks {
    /// Lints that are to be found on a line.
    pub(crate) primaries: BTreeSet<Said>,
    /// Labels that a finding is to have on a line.
    pub(crate) labels: BTreeSet<Said>,
    /// Places that look like violations of a lint and are none: `//~ ok(lint)`.
    pub(crate) twins: BTreeSet<Said>,
    /// Places that look like violations and are none: lines with `//~ ok` or with twins, and the functions of modules
    /// named `lawful`.
    pub(crate) negatives: usize,
}

impl Marks {
    /// The marks of a text that findings name `file`.
    pub(crate) fn of(file: &str, text: &str) -> Self {
        let mut marks = Self { negatives: lawful_functions(file, text), ..Self::default() };
        for (number, line) in (1..).zip(text.lines()) {
            words(line).for_each(|word| marks.add(file, number, word));
            marks.negatives += usize::from(words(line).any(|word| word == "ok" || twin(word).is_some()));
        }
        marks
    }

    fn add(&mut self, file: &str, line: u64, word: &str) {
        let said = (file.to_owned(), line, word.to_owned());
        match word {
            "ok" => {}
            label if label.contains('(') => match twin(label) {
                Some(lint) => drop(self.twins.insert((said.0, said.1, lint.to_owned()))),
                None => drop(self.labels.insert(said)),
            },
            _ => drop(self.primaries.insert(said)),
        }
    }

    /// With those of another file.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.primaries.extend(other.primaries);
        self.labels.extend(other.labels);
        self.twins.extend(other.twins);
        self.negatives += other.negatives;
        self
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    let marked = line.split_once("//~").or_else(|| line.split_once("#~")).map_or("", |(_, words)| words);
    marked.split([',', ' ']).filter(|word| !word.is_empty())
}

/// The lint of `ok(lint)`.
fn twin(word: &str) -> Option<&str> {
    word.strip_prefix("ok(")?.strip_suffix(')')
}

/// Functions of a file named `lawful.rs`, or of `mod lawful { … }`, which ends where a line `}` closes it.
fn lawful_functions(file: &str, text: &str) -> usize {
    let is_function =
        |line: &&str| line.trim_start().starts_with("pub fn ") || line.contains("pub async fn ");
    if file.ends_with("/lawful.rs") {
        return text.lines().filter(is_function).count();
    }
    let inside = text.lines().skip_while(|line| !line.starts_with("pub mod lawful {"));
    inside.take_while(|line| *line != "}").filter(is_function).count()
}
