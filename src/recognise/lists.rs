//! The word lists, read once and indexed by the last word of each phrase. Decides nothing.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::classes::{Class, Known, Strength};
use super::phrases::{Meaning, Phrase, Phrases};
use super::synonyms::{self, Synonyms};
use super::words::{self, Words};
use super::world::World;

static EMBEDDED: LazyLock<Lists> =
    LazyLock::new(|| Lists::parse(include_str!("words.toml")).unwrap_or_default());

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
    /// Says it of whom it stands in, never of somebody whom a field beside it names.
    #[serde(default)]
    pub(super) itself: bool,
    /// What an identifier is that says nothing by itself.
    #[serde(default)]
    opaque: bool,
    /// What somebody signs in by.
    #[serde(default)]
    pub(super) login: bool,
    /// What somebody chose.
    #[serde(default)]
    pub(super) choice: bool,
    /// What a person shows to everybody.
    #[serde(default)]
    pub(super) shown: bool,
    /// What people do.
    #[serde(default)]
    behavior: bool,
    /// Somebody's wherever it stands, in settings too: a person reads it.
    #[serde(default)]
    pub(super) read: bool,
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    likely: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    /// Phrases for what programs rather than people have.
    #[serde(default)]
    asked: Vec<String>,
    /// Phrases that say it at home only.
    #[serde(default)]
    home: Vec<String>,
    /// Phrases that say it in a record that somebody wrote or keeps.
    #[serde(default)]
    authored: Vec<String>,
    /// Words of holders in which what somebody wrote is this.
    #[serde(default)]
    written_in: Vec<String>,
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
    people: Vec<String>,
    authors: Vec<String>,
    identifiers: Vec<String>,
    outsiders: Vec<String>,
    acts: Vec<String>,
    choices: Vec<String>,
    attributes: Vec<String>,
    directions: Vec<String>,
    uploads: Vec<String>,
    measures: Vec<String>,
    signposts: Vec<String>,
    connections: Vec<String>,
    registered: Vec<String>,
    signed_in: Vec<String>,
    upkeep: Vec<String>,
    automata: Vec<String>,
    denials: Vec<String>,
    denied: Vec<String>,
    publications: Vec<String>,
    deeds: Vec<String>,
    uses: Vec<String>,
    forms: Vec<String>,
    profiles: Vec<String>,
    addressed: Vec<String>,
    same: Vec<Synonyms>,
    references: Vec<String>,
    documents: Vec<String>,
    world: Vec<World>,
    locators: Vec<String>,
    beside: Vec<Beside>,
    times: Vec<String>,
    addresses: Vec<String>,
    carriers: Vec<String>,
    not: Vec<String>,
    category: Vec<Category>,
}

/// What a phrase means beside others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    phrase: String,
    others: Vec<String>,
    category: String,
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
    /// Whether its last word is written in the plural.
    pub(super) plural: bool,
}

/// All lists.
#[derive(Debug, Default)]
pub(super) struct Lists {
    categories: Vec<Category>,
    phrases: Phrases,
    classes: FxHashMap<String, u64>,
    /// The same by all that [`words::forms`] makes of them, save digits at their ends.
    class_forms: FxHashMap<String, u64>,
    types: FxHashMap<String, Known>,
    /// Phrases that mean another category beside others.
    beside: Vec<(String, Vec<String>, usize)>,
    /// Phrases that say it in a record that somebody wrote or keeps.
    authored: FxHashMap<String, usize>,
    /// The last words of those.
    authored_ends: FxHashSet<String>,
    worlds: Vec<(World, usize)>,
    /// The last words of names that a world is about.
    world_ends: FxHashSet<String>,
    /// What the names of types end in that refer to what they are filled with.
    references: Vec<String>,
    /// What the accounts of programs are called.
    automata: Vec<String>,
    /// The last words of those.
    automata_ends: FxHashSet<String>,
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
        lists.phrases = Phrases::of(
            &phrases(&raw),
            &synonyms::Index::of(&raw.same),
            |meaning| meaning.is_some_and(|(at, _)| raw.category[at].id),
            |word| lists.classes.contains_key(word),
        );
        lists.index_company(&raw);
        lists.index_worlds(raw.world, &raw.category);
        lists.references = raw.references;
        let last = |phrase: &String| phrase.rsplit(' ').next().map(str::to_owned);
        lists.automata_ends = raw.automata.iter().filter_map(last).collect();
        lists.automata = raw.automata;
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
            (Class::People, &raw.people),
            (Class::Author, &raw.authors),
            (Class::Identifier, &raw.identifiers),
            (Class::Outsider, &raw.outsiders),
            (Class::Act, &raw.acts),
            (Class::Choice, &raw.choices),
            (Class::Attribute, &raw.attributes),
            (Class::Direction, &raw.directions),
            (Class::Upload, &raw.uploads),
            (Class::Measure, &raw.measures),
            (Class::Signpost, &raw.signposts),
            (Class::Registered, &raw.registered),
            (Class::SignedIn, &raw.signed_in),
            (Class::Upkeep, &raw.upkeep),
            (Class::Denial, &raw.denials),
            (Class::Denied, &raw.denied),
            (Class::Publication, &raw.publications),
            (Class::Deed, &raw.deeds),
            (Class::Use, &raw.uses),
            (Class::Form, &raw.forms),
            (Class::Profile, &raw.profiles),
            (Class::Reference, &raw.addressed),
            (Class::Connection, &raw.connections),
        ];
        for (class, words) in all {
            for word in words {
                *self.classes.entry(word.clone()).or_default() |= class as u64;
                for form in words::written(word) {
                    *self.class_forms.entry(form).or_default() |= class as u64;
                }
            }
        }
    }

    fn index_types(&mut self, raw: &Raw) {
        let shared = [
            (Known::Carrier, &raw.carriers),
            (Known::Document, &raw.documents),
            (Known::Locator, &raw.locators),
            (Known::Time, &raw.times),
            (Known::Address, &raw.addresses),
        ];
        let own = raw.category.iter().enumerate().map(|(i, category)| (Known::Category(i), &category.types));
        for (known, names) in shared.into_iter().chain(own) {
            self.types.extend(names.iter().map(|name| (name.clone(), known)));
        }
    }

    fn index_company(&mut self, raw: &Raw) {
        let index = |key: &str| raw.category.iter().position(|category| category.key == key);
        self.beside = raw
            .beside
            .iter()
            .filter_map(|one| Some((one.phrase.clone(), one.others.clone(), index(&one.category)?)))
            .collect();
        for (at, category) in raw.category.iter().enumerate() {
            self.authored.extend(category.authored.iter().map(|phrase| (phrase.clone(), at)));
            let last = |phrase: &String| phrase.rsplit(' ').next().map(str::to_owned);
            self.authored_ends.extend(category.authored.iter().filter_map(last));
        }
    }

    fn index_worlds(&mut self, worlds: Vec<World>, categories: &[Category]) {
        for world in worlds {
            let Some(at) = categories.iter().position(|category| category.key == world.category) else {
                continue;
            };
            let last = |phrase: &String| phrase.rsplit(' ').next().map(str::to_owned);
            self.world_ends.extend(world.words.iter().filter_map(last));
            self.worlds.push((world, at));
        }
    }

    /// The worlds with the categories that names have in them.
    pub(super) fn worlds(&self) -> impl Iterator<Item = (&World, &Category)> {
        self.worlds.iter().map(|(world, at)| (world, self.category(*at)))
    }

    /// Whether a world is about names that end in this word.
    pub(super) fn ends_in_world(&self, word: &str) -> bool {
        words::forms(word, |form| self.world_ends.get(form)).is_some()
    }

    /// Whether a type of this name refers to what it is filled with: `ObjectId`, `Link`.
    pub(super) fn is_reference(&self, type_name: &str) -> bool {
        let start = type_name.rfind(|c: char| c.is_ascii_uppercase()).unwrap_or(0);
        self.references.iter().any(|own| own.eq_ignore_ascii_case(&type_name[start..]))
    }

    /// Whether a holder's name says that the account is a program's and nobody's.
    pub(super) fn is_automaton(&self, holder: &Words) -> bool {
        let may_be = |word| words::forms(word, |form| self.automata_ends.get(form)).is_some();
        holder.iter().any(may_be) && self.automata.iter().any(|phrase| holder.contains(phrase))
    }

    /// What people do.
    pub(super) fn behavior(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.behavior)
    }

    pub(super) fn category(&self, index: usize) -> &Category {
        &self.categories[index]
    }

    /// Whether a word, or its singular, belongs to a class.
    pub(super) fn is(&self, word: &str, class: Class) -> bool {
        let bit = class as u64;
        let has = |word| self.class_forms.get(word).is_some_and(|classes| classes & bit != 0);
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
        has(word) || plain.len() < word.len() && has(plain)
    }

    /// Whether a word belongs to a class as it stands.
    pub(super) fn is_exactly(&self, word: &str, class: Class) -> bool {
        self.classes.get(word).is_some_and(|classes| classes & class as u64 != 0)
    }

    /// What is known of a type by its name.
    pub(super) fn known_type(&self, name: &str) -> Option<Known> {
        self.types.get(name).copied()
    }

    /// The category of network addresses.
    pub(super) fn addresses(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.ip)
    }

    /// What an identifier of an account is.
    pub(super) fn account(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.is_account())
    }

    /// What somebody signs in by.
    pub(super) fn login(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.login)
    }

    /// What somebody chose.
    pub(super) fn settings(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.choice)
    }

    /// What an identifier is that says nothing by itself.
    pub(super) fn opaque(&self) -> Option<&Category> {
        self.categories.iter().find(|category| category.opaque)
    }

    /// What a name means beside others.
    pub(super) fn beside<'n>(
        &self,
        words: &Words,
        mut others: impl Iterator<Item = &'n str>,
    ) -> Option<&Category> {
        let meant = self.beside.iter().find(|(phrase, ..)| words.is(phrase));
        let (_, told_by, category) = meant?;
        let tells = |name: &str| told_by.iter().any(|phrase| Words::split(name).is(phrase));
        others.any(tells).then(|| self.category(*category))
    }

    /// What the longest end of a name means in a record that somebody wrote or keeps, named by `holder`.
    pub(super) fn authored(&self, words: &Words, holder: &Words) -> Option<&Category> {
        let end = words.len();
        words::forms(words.get(end.checked_sub(1)?), |last| self.authored_ends.get(last))?;
        let other = |start: usize| {
            self.phrases.ending_in(words.get(end - 1)).is_some_and(|all| {
                all.iter().any(|phrase| {
                    phrase.meaning.is_none() && phrase.count + 1 == end - start && phrase.ends(words, end - 1)
                })
            })
        };
        let (start, at) = (0..end).find_map(|start| match self.authored_as(words, start) {
            Some(at) => Some(Some((start, at))),
            None => other(start).then_some(None),
        })??;
        let qualifies = |word: &str| {
            self.is(word, Class::Modifier)
                || self.is(word, Class::Person)
                || holder.iter().any(|own| own == word) && !self.is(word, Class::Thing)
        };
        if !(0..start).all(|before| qualifies(words.get(before))) {
            return None;
        }
        let is_there = |category: &&Category| {
            let has = |word| words::forms(word, |form| category.written_in.iter().find(|own| *own == form));
            holder.iter().any(|word| has(word).is_some())
        };
        Some(self.categories.iter().find(is_there).unwrap_or_else(|| self.category(at)))
    }

    fn authored_as(&self, words: &Words, start: usize) -> Option<usize> {
        let before: Vec<&str> = (start..words.len() - 1).map(|at| words.get(at)).collect();
        words::forms(words.get(words.len() - 1), |last| {
            let phrase: Vec<&str> = before.iter().copied().chain([last]).collect();
            self.authored.get(&phrase.join(" ")).copied()
        })
    }

    /// The longest phrase that ends the first `end` words, tails aside.
    pub(super) fn find(&self, words: &Words, end: usize) -> Option<Found> {
        self.longest(words, end, |_| true)
    }

    /// The same, where phrases that are not personal hide no shorter one.
    pub(super) fn find_behind(&self, words: &Words, end: usize) -> Option<Found> {
        self.longest(words, end, |phrase| phrase.meaning.is_some())
    }

    /// Whether a name ends in a phrase that is not personal.
    pub(super) fn ends_otherwise(&self, words: &Words) -> bool {
        let Some(last) = words.len().checked_sub(1) else { return false };
        let is_other = |phrase: &Phrase| phrase.meaning.is_none() && phrase.ends(words, last);
        self.phrases.ending_in(words.get(last)).is_some_and(|all| all.iter().any(is_other))
    }

    fn longest(&self, words: &Words, mut end: usize, is_meant: impl Fn(&Phrase) -> bool) -> Option<Found> {
        let mut digested = false;
        while end > 0 {
            let head = words.get(end - 1);
            // What the digest of a secret is for, between the two.
            if digested && self.is_exactly(head, Class::Use) {
                let secret = self.ending(words, end - 1, &is_meant).and_then(|(phrase, plural)| {
                    self.found(phrase, end - 1, plural)
                        .filter(|found| self.category(found.category).credential)
                });
                if secret.is_some() {
                    return secret;
                }
            }
            if let Some((phrase, plural)) = self.ending(words, end, &is_meant) {
                return self.found(phrase, end, plural);
            }
            if !self.is_tail(head) {
                return None;
            }
            digested |= is_digest(head);
            end -= 1;
        }
        None
    }

    /// The longest phrase that ends before `end`, and whether its last word is written in the plural.
    fn ending(
        &self,
        words: &Words,
        end: usize,
        is_meant: &impl Fn(&Phrase) -> bool,
    ) -> Option<(&Phrase, bool)> {
        let last = end.checked_sub(1)?;
        let head = words.get(last);
        let same_end =
            words::forms(head, |form| Some((self.phrases.ending_in(form)?, form.len() < head.len())));
        let (all, shorter) = same_end?;
        let found = all.iter().find(|phrase| is_meant(phrase) && phrase.ends(words, last))?;
        Some((found, shorter && head.ends_with('s')))
    }

    fn found(&self, phrase: &Phrase, end: usize, plural: bool) -> Option<Found> {
        let (category, strength) = phrase.meaning?;
        Some(Found { category, strength, start: end - 1 - phrase.count, end, plural })
    }

    /// Whether a longer phrase ends in these words.
    pub(super) fn ends_phrases(&self, words: &Words) -> bool {
        let Some(last) = words.len().checked_sub(1) else { return false };
        let is_end = |phrase: &Phrase| phrase.meaning.is_some() && phrase.is_ended_by(words, last);
        let longer = |all: &[Phrase]| all.iter().any(is_end).then_some(());
        words::forms(words.get(last), |form| self.phrases.ending_in(form).and_then(longer)).is_some()
    }

    pub(super) fn is_tail(&self, word: &str) -> bool {
        word.bytes().all(|byte| byte.is_ascii_digit()) || self.is(word, Class::Tail)
    }
}

/// Whether a word says that what stands before it was run through a function that nobody can undo.
pub(super) fn is_digest(word: &str) -> bool {
    matches!(word, "hash" | "hashed" | "digest")
}

impl Category {
    /// Whether it is what an account is known by.
    pub(super) fn is_account(&self) -> bool {
        self.id && self.numeric
    }

    /// Whether two are parts of one whole, as those of an address are.
    pub(super) fn is_part_with(&self, other: &Self) -> bool {
        let whole = |key: &str| key.match_indices('.').nth(2).map_or(key.len(), |(at, _)| at);
        let (own, others) = (whole(&self.key), whole(&other.key));
        self.key[..own] == other.key[..others] && (own < self.key.len() || others < other.key.len())
    }

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
        holder.iter().any(|word| self.is_home_word(word))
    }

    /// Whether a word of a holder says that it is of that world.
    pub(super) fn is_home_word(&self, word: &str) -> bool {
        words::forms(word, |form| self.holders.iter().find(|own| *own == form)).is_some()
    }
}

/// The words that end names, in order.
fn phrases(raw: &Raw) -> Vec<(&str, Meaning)> {
    let others = raw.not.iter().map(|phrase| (phrase.as_str(), None));
    let told = raw.category.iter().enumerate().flat_map(|(at, category)| {
        let by_strength = [
            (Strength::Strong, &category.strong),
            (Strength::Likely, &category.likely),
            (Strength::Asked, &category.asked),
            (Strength::Weak, &category.weak),
            (Strength::Home, &category.home),
        ];
        let meant =
            by_strength.into_iter().flat_map(|(strength, all)| all.iter().map(move |one| (one, strength)));
        meant.map(move |(phrase, strength)| (phrase.as_str(), Some((at, strength))))
    });
    others.chain(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_lists_are_sound() {
        let lists = Lists::parse(include_str!("words.toml")).unwrap();
        let mut seen = std::collections::BTreeMap::new();
        for category in &lists.categories {
            let all = [&category.strong, &category.likely, &category.asked, &category.weak, &category.home];
            for phrase in all.into_iter().flatten() {
                assert_eq!(phrase, &phrase.to_lowercase(), "phrases are in lower case");
                if let Some(other) = seen.insert(phrase.as_str(), &category.key) {
                    panic!("`{phrase}` is both {other} and {}", category.key);
                }
            }
        }
        assert!(lists.categories.len() > 50);
    }

    #[test]
    fn phrases_end_in_the_singular() {
        let lists = Lists::parse(include_str!("words.toml")).unwrap();
        let is_known = |form: &str| lists.phrases.ending_in(form).map(drop);
        let all: std::collections::BTreeSet<&str> = lists.phrases.last_words().collect();
        // A phrase in the plural would hide those that end in the singular.
        let hiding: Vec<&str> = all
            .into_iter()
            .filter(|last| last.ends_with('s'))
            .filter(|last| words::forms(last, |form| is_known(form).filter(|()| form != *last)).is_some())
            .collect();
        assert!(hiding.is_empty(), "{hiding:?}");
    }

    #[test]
    fn worlds_are_of_categories() {
        let raw: Raw = toml::from_str(include_str!("words.toml")).unwrap();
        let lists = Lists::parse(include_str!("words.toml")).unwrap();
        assert_eq!(lists.worlds.len(), raw.world.len());
        assert!(raw.world.iter().all(|world| !world.words.is_empty()));
    }
}
