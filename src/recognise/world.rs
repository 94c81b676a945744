//! What a holder makes of names that say nothing by themselves: the `data` of a second factor, the `sub` of a person's
//! claims. Knows the lists' structure, not their words.

use serde::Deserialize;

use super::classes::{Class, Known};
use super::field::Field;
use super::grade::{evidence, is_persons};
use super::lists::Category;
use super::record::is_of_ids;
use super::words::{self, Words};
use super::{Confidence, Hit, Person, PlaceKind, TypeShape, head};

/// How many claims that are registered make a set of claims.
const CLAIMS: usize = 2;

/// Words without a meaning of their own, and the holders that give them one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    pub(super) category: String,
    /// Phrases of which a holder's name has one.
    #[serde(default)]
    pub(super) holders: Vec<String>,
    /// Words of which one is what the holder is.
    #[serde(default)]
    pub(super) heads: Vec<String>,
    /// Words of holders and names that make it another world.
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// The names that it is about.
    pub(super) words: Vec<String>,
}

impl World {
    /// Whether a holder's name, whose head is given, belongs to it.
    pub(super) fn has(&self, holder: &Words, head: Option<&str>) -> bool {
        let is_in = |list: &[String], word: &str| {
            words::forms(word, |form| list.iter().find(|own| *own == form)).is_some()
        };
        let phrase = |phrase: &String| holder.contains(phrase);
        !holder.iter().any(|word| is_in(&self.unless, word))
            && (self.holders.iter().any(phrase) || head.is_some_and(|head| is_in(&self.heads, head)))
    }

    /// Where in a name the words begin that it is about; none where that is about something else.
    pub(super) fn about(&self, name: &Words, end: usize) -> Option<usize> {
        if name.iter().any(|word| self.unless.iter().any(|own| own == word)) {
            return None;
        }
        self.words.iter().filter_map(|phrase| name.ends_at(end, phrase)).min()
    }
}

/// The hit of a name that the world of its holder tells about.
pub(super) fn grade(field: &Field<'_>) -> Option<Hit> {
    let Field { lists, facts, name, words, holder, .. } = *field;
    let is_record = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column) && holder.len() > 0;
    let last = words.len().checked_sub(1)?;
    let may_be = (0..=last).any(|at| lists.ends_in_world(words.get(at)));
    if !is_record
        || !may_be
        || !holds_anything(field)
        || lists.is(holder.get(holder.len() - 1), Class::Machine)
    {
        return None;
    }
    let head = head(lists, holder);
    let told = lists.worlds().find(|(world, _)| {
        world.has(holder, head)
            && ends(
                words,
                |end| world.about(words, end),
                |word| lists.is_tail(word) || holder.iter().any(|own| own == word),
            )
    });
    let (_, category) = told?;
    let evidence = evidence(facts, name, facts.holder.map(Person::Holder));
    Some(Hit::proposed(category, Confidence::Medium, evidence))
}

/// Whether a name is what `about` finds at its end, words aside that say nothing more: `encrypted_totp_seed_hex`.
fn ends(words: &Words, about: impl Fn(usize) -> Option<usize>, says_nothing: impl Fn(&str) -> bool) -> bool {
    let mut end = words.len();
    while end > 0 {
        if let Some(start) = about(end) {
            return (0..start).all(|at| says_nothing(words.get(at)));
        }
        if !says_nothing(words.get(end - 1)) {
            return false;
        }
        end -= 1;
    }
    false
}

/// Whether a value may hold anything: text, bytes, and what is named for how it holds them (`Base64UrlSafeData`).
fn holds_anything(field: &Field<'_>) -> bool {
    let may_be = match field.facts.ty.shape {
        TypeShape::Text | TypeShape::Bytes => true,
        TypeShape::Foreign => match field.lists.known_type(field.facts.ty.name()) {
            Some(known) => matches!(known, Known::Carrier | Known::Document),
            None => {
                let words = Words::split(field.facts.ty.name());
                let last = words.get(words.len().saturating_sub(1));
                field.lists.is(last, Class::Tail) || field.lists.is(last, Class::Record)
            }
        },
        _ => false,
    };
    may_be && !is_of_ids(field.lists, &field.facts.ty)
}

/// How sure it is that a word for what an account is known by stands for a person's: claims may be of a session, a program
/// or anything else.
pub(super) fn claimed(field: &Field<'_>, category: &Category) -> Option<Confidence> {
    let Field { lists, facts, words, holder, .. } = *field;
    // `user_sub`.
    if (1..words.len()).any(|at| lists.is_exactly(words.get(at - 1), Class::People)) {
        return Some(Confidence::Medium);
    }
    let has = |class| holder.iter().any(|word| lists.is(word, class));
    if has(Class::Thing) || has(Class::Service) || has(Class::Settings) {
        return None;
    }
    let others = || facts.holder_fields.iter().filter(|name| **name != facts.name);
    let registered =
        || others().filter(|name| lists.is_exactly(name, Class::Registered)).take(CLAIMS).count();
    if !category.is_at_home(holder) && registered() < CLAIMS {
        let of_somebody = head(lists, holder).is_some_and(|word| lists.is_exactly(word, Class::People));
        return of_somebody.then_some(Confidence::Medium);
    }
    let is_person = |word: &str| lists.is(word, Class::Person) || lists.is(word, Class::People);
    let named = holder.iter().any(|word| is_person(word) && !category.is_home_word(word));
    let is_signed_in = |name: &str| is_persons(lists, name) || lists.is_exactly(name, Class::SignedIn);
    Some(if named || others().any(|name| is_signed_in(name)) { Confidence::Medium } else { Confidence::Low })
}
