//! The word lists, read once and indexed by the last word of each phrase. Decides nothing.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::words::{self, Words};

static EMBEDDED: LazyLock<Lists> =
    LazyLock::new(|| Lists::parse(include_str!("words.toml")).unwrap_or_default());

/// How much a phrase says by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Strength {
    /// Only where its holder, what stands beside it or its type is of the same kind.
    Home,
    /// Only about a person.
    Weak,
    /// It may be something else.
    Likely,
    /// What it says, wherever it stands.
    Strong,
}

/// What a word may be besides part of a phrase: a set of these.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    Tail = 1,
    Flag = 2,
    Verb = 4,
    Link = 8,
    Person = 16,
    Record = 32,
    Modifier = 64,
    Operator = 128,
    Settings = 256,
    Grammar = 512,
    Machine = 1024,
    Role = 2048,
    Thing = 4096,
    Service = 8192,
    Peer = 16384,
    Public = 32768,
    Mask = 131_072,
    History = 65536,
}

/// What a type's name says of what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    /// Anything.
    Carrier,
    /// A time.
    Time,
    /// A network address.
    Address,
    /// Data of this category.
    Category(usize),
}

/// A category and what its values can be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) key: String,
    /// A field of this makes its type a person.
    #[serde(default)]
    pub(super) person: bool,
    /// Secret by nature.
    #[serde(default)]
    pub(super) credential: bool,
    /// May be an integer.
    #[serde(default)]
    pub(super) numeric: bool,
    /// May be a floating-point number.
    #[serde(default)]
    pub(super) float: bool,
    /// May be an opaque identifier.
    #[serde(default)]
    pub(super) id: bool,
    /// May be a time.
    #[serde(default)]
    pub(super) date: bool,
    /// May be a network address.
    #[serde(default)]
    pub(super) ip: bool,
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    likely: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    /// Phrases that say it at home only.
    #[serde(default)]
    home: Vec<String>,
    /// Words that say it of a value whose type is such data by nature.
    #[serde(default)]
    typed: Vec<String>,
    /// Words of holders in whose world the words that may be something else are.
    #[serde(default)]
    away: Vec<String>,
    /// Words of holders in whose world the weak words say it: the home of the category.
    #[serde(default)]
    holders: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    tails: Vec<String>,
    flags: Vec<String>,
    verbs: Vec<String>,
    links: Vec<String>,
    persons: Vec<String>,
    records: Vec<String>,
    modifiers: Vec<String>,
    operators: Vec<String>,
    settings: Vec<String>,
    grammars: Vec<String>,
    machines: Vec<String>,
    roles: Vec<String>,
    things: Vec<String>,
    services: Vec<String>,
    peers: Vec<String>,
    public: Vec<String>,
    masks: Vec<String>,
    histories: Vec<String>,
    times: Vec<String>,
    addresses: Vec<String>,
    carriers: Vec<String>,
    not: Vec<String>,
    category: Vec<Category>,
}

/// A phrase without its last word, which is its key in the index.
#[derive(Debug)]
struct Phrase {
    before: Vec<String>,
    /// `None`: names that end so are not personal.
    meaning: Option<(usize, Strength)>,
}

/// A phrase found in a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The category's index.
    pub(super) category: usize,
    pub(super) strength: Strength,
    /// The index of its first word.
    pub(super) start: usize,
    /// One past the index of its last word.
    pub(super) end: usize,
}

/// All lists.
#[derive(Debug, Default)]
pub(super) struct Lists {
    categories: Vec<Category>,
    /// By last word, longest phrases first.
    phrases: FxHashMap<String, Vec<Phrase>>,
    classes: FxHashMap<String, u32>,
    types: FxHashMap<String, Known>,
}

impl Lists {
    /// Those that come with the program.
    pub(super) fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let raw: Raw = toml::from_str(text)?;
        let mut lists = Self::default();
        lists.index_classes(&raw);
        lists.index_types(&raw);
        for phrase in &raw.not {
            lists.add(phrase, None);
        }
        for (i, category) in raw.category.iter().enumerate() {
            let by_strength = [
                (Strength::Strong, &category.strong),
                (Strength::Likely, &category.likely),
                (Strength::Weak, &category.weak),
                (Strength::Home, &category.home),
            ];
            for (strength, phrases) in by_strength {
                phrases.iter().for_each(|phrase| lists.add(phrase, Some((i, strength))));
            }
        }
        lists.categories = raw.category;
        Ok(lists)
    }

    fn index_classes(&mut self, raw: &Raw) {
        let all = [
            (Class::Tail, &raw.tails),
            (Class::Flag, &raw.flags),
            (Class::Verb, &raw.verbs),
            (Class::Link, &raw.links),
            (Class::Person, &raw.persons),
            (Class::Record, &raw.records),
            (Class::Modifier, &raw.modifiers),
            (Class::Operator, &raw.operators),
            (Class::Settings, &raw.settings),
            (Class::Grammar, &raw.grammars),
            (Class::Machine, &raw.machines),
            (Class::Role, &raw.roles),
            (Class::Thing, &raw.things),
            (Class::Service, &raw.services),
            (Class::Peer, &raw.peers),
            (Class::Public, &raw.public),
            (Class::Mask, &raw.masks),
            (Class::History, &raw.histories),
        ];
        for (class, words) in all {
            for word in words {
                *self.classes.entry(word.clone()).or_default() |= class as u32;
            }
        }
    }

    fn index_types(&mut self, raw: &Raw) {
        let shared =
            [(Known::Carrier, &raw.carriers), (Known::Time, &raw.times), (Known::Address, &raw.addresses)];
        let own = raw.category.iter().enumerate().map(|(i, category)| (Known::Category(i), &category.types));
        for (known, names) in shared.into_iter().chain(own) {
            self.types.extend(names.iter().map(|name| (name.clone(), known)));
        }
    }

    fn add(&mut self, phrase: &str, meaning: Option<(usize, Strength)>) {
        let mut before: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        let Some(last) = before.pop() else { return };
        let same_end = self.phrases.entry(last).or_default();
        let at = same_end.partition_point(|other| other.before.len() >= before.len());
        same_end.insert(at, Phrase { before, meaning });
    }

    pub(super) fn category(&self, index: usize) -> &Category {
        &self.categories[index]
    }

    /// Whether a word, or its singular, belongs to a class.
    pub(super) fn is(&self, word: &str, class: Class) -> bool {
        let bit = class as u32;
        words::forms(word, |form| self.classes.get(form).filter(|classes| **classes & bit != 0)).is_some()
    }

    /// Whether a word belongs to a class as it stands.
    pub(super) fn is_exactly(&self, word: &str, class: Class) -> bool {
        self.classes.get(word).is_some_and(|classes| classes & class as u32 != 0)
    }

    /// What is known of a type by its name.
    pub(super) fn known_type(&self, name: &str) -> Option<Known> {
        self.types.get(name).copied()
    }

    /// The category of network addresses.
    pub(super) fn addresses(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.ip)
    }

    /// The longest phrase that ends the first `end` words, tails aside.
    pub(super) fn find(&self, words: &Words, mut end: usize) -> Option<Found> {
        while end > 0 {
            let head = words.get(end - 1);
            let same_end = words::forms(head, |form| self.phrases.get(form));
            let phrase = same_end.and_then(|all| all.iter().find(|phrase| phrase.ends(words, end - 1)));
            if let Some(phrase) = phrase {
                let (category, strength) = phrase.meaning?;
                return Some(Found { category, strength, start: end - 1 - phrase.before.len(), end });
            }
            if !self.is_tail(head) {
                return None;
            }
            end -= 1;
        }
        None
    }

    /// Whether a phrase of several words ends in this one.
    pub(super) fn ends_phrases(&self, word: &str) -> bool {
        let longer = |all: &Vec<Phrase>| {
            all.iter().any(|phrase| !phrase.before.is_empty() && phrase.meaning.is_some()).then_some(())
        };
        words::forms(word, |form| self.phrases.get(form).and_then(longer)).is_some()
    }

    pub(super) fn is_tail(&self, word: &str) -> bool {
        word.bytes().all(|byte| byte.is_ascii_digit()) || self.is(word, Class::Tail)
    }
}

impl Category {
    /// Whether a word says it of a value whose type is such data by nature.
    pub(super) fn is_typed(&self, word: &str) -> bool {
        words::forms(word, |form| self.typed.iter().find(|typed| *typed == form)).is_some()
    }

    /// Whether a holder is of a world in which words that may be something else are.
    pub(super) fn is_away(&self, holder: &Words) -> bool {
        holder
            .iter()
            .any(|word| words::forms(word, |form| self.away.iter().find(|own| *own == form)).is_some())
    }

    /// Whether a holder is of the world in which the weak words say it.
    pub(super) fn is_at_home(&self, holder: &Words) -> bool {
        holder
            .iter()
            .any(|word| words::forms(word, |form| self.holders.iter().find(|own| *own == form)).is_some())
    }
}

impl Phrase {
    /// Whether the words before `last` are this phrase's.
    fn ends(&self, words: &Words, last: usize) -> bool {
        let Some(start) = last.checked_sub(self.before.len()) else { return false };
        self.before.iter().enumerate().all(|(i, word)| words.get(start + i) == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_lists_are_sound() {
        let lists = Lists::parse(include_str!("words.toml")).unwrap();
        let mut seen = std::collections::BTreeMap::new();
        for category in &lists.categories {
            let all = [&category.strong, &category.likely, &category.weak, &category.home];
            for phrase in all.into_iter().flatten() {
                assert_eq!(phrase, &phrase.to_lowercase(), "phrases are in lower case");
                if let Some(other) = seen.insert(phrase.as_str(), &category.key) {
                    panic!("`{phrase}` is both {other} and {}", category.key);
                }
            }
        }
        assert!(lists.categories.len() > 50);
    }
}
