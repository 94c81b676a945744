//! Phrases that end names, with what they mean, found by their last words. Knows no lists: what is among them, what may
//! stand for one another and what is a word of something else is told when they are read.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::Strength;
use super::synonyms;
use super::words::Words;

/// The category of a phrase; `None`: names that end so are not personal.
pub(super) type Meaning = Option<(usize, Strength)>;

/// A phrase without its last word, which is its key in the index.
#[derive(Debug)]
pub(super) struct Phrase {
    /// The words before, with spaces between them.
    before: Box<str>,
    /// How many they are.
    pub(super) count: usize,
    pub(super) meaning: Meaning,
}

impl Phrase {
    /// Whether the words before `last` are this phrase's.
    pub(super) fn ends(&self, words: &Words, last: usize) -> bool {
        let start = last.checked_sub(self.count);
        start.is_some_and(|start| self.without(words, start..last).is_some_and(str::is_empty))
    }

    /// Whether the words before `last` end this phrase, which has more.
    pub(super) fn is_ended_by(&self, words: &Words, last: usize) -> bool {
        self.count > last && self.without(words, 0..last).is_some()
    }

    /// What is left of the words before where these end them, which are not more.
    fn without(&self, words: &Words, range: std::ops::Range<usize>) -> Option<&str> {
        let mut left = &*self.before;
        for at in range.rev() {
            left = left.strip_suffix(words.get(at))?;
            if !left.is_empty() {
                left = left.strip_suffix(' ')?;
            }
        }
        Some(left)
    }
}

/// All phrases: by last word, longest first.
#[derive(Debug, Default)]
pub(super) struct Phrases(FxHashMap<Box<str>, Vec<Phrase>>);

impl Phrases {
    /// Those that are told, in their order, and what else they are written as: with words of them together
    /// (`devicetype`, `twofactor secret`), and with others that say the same. What is a phrase already, or a word that is
    /// known for something else, stays that.
    pub(super) fn of(
        told: &[(&str, Meaning)],
        same: &synonyms::Index<'_>,
        may_be_opaque: impl Fn(Meaning) -> bool,
        is_word: impl Fn(&str) -> bool,
    ) -> Self {
        let mut index = Self(FxHashMap::with_capacity_and_hasher(told.len(), rustc_hash::FxBuildHasher));
        let mut whole: FxHashSet<Cow<'_, str>> = FxHashSet::default();
        for (phrase, meaning) in told {
            index.add(phrase, *meaning);
            whole.insert(Cow::Borrowed(phrase));
        }
        let mut add_new = |phrase: String, meaning: Meaning| {
            let is_other = !phrase.contains(' ') && is_word(&phrase);
            if !is_other && !whole.contains(phrase.as_str()) {
                index.add(&phrase, meaning);
                whole.insert(Cow::Owned(phrase));
            }
        };
        for (phrase, meaning) in told {
            glued(phrase).for_each(|text| add_new(text, *meaning));
        }
        for (phrase, meaning) in told {
            let variants = same.variants(phrase, may_be_opaque(*meaning));
            variants.into_iter().for_each(|text| add_new(text, *meaning));
        }
        index.0.values_mut().for_each(|all| all.sort_by_key(|phrase| std::cmp::Reverse(phrase.count)));
        index
    }

    fn add(&mut self, phrase: &str, meaning: Meaning) {
        let (before, last) = phrase.rsplit_once(' ').unwrap_or(("", phrase));
        let count = if before.is_empty() { 0 } else { before.split(' ').count() };
        let phrase = Phrase { before: before.into(), count, meaning };
        match self.0.get_mut(last) {
            Some(all) => all.push(phrase),
            None => _ = self.0.insert(last.into(), vec![phrase]),
        }
    }

    /// Those with this last word.
    pub(super) fn ending_in(&self, last: &str) -> Option<&[Phrase]> {
        self.0.get(last).map(Vec::as_slice)
    }

    /// All last words.
    #[cfg(test)]
    pub(super) fn last_words(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|last| &**last)
    }
}

/// What a phrase becomes where words of it are written together: each two, and all of three or more.
fn glued(phrase: &str) -> impl Iterator<Item = String> {
    let count = phrase.split(' ').count();
    let pairs = (1..count).map(move |at| together(phrase, at - 1..=at));
    let whole = (count > 2).then(|| together(phrase, 0..=count));
    pairs.chain(whole)
}

/// A phrase, those of its words in a range written together.
fn together(phrase: &str, range: std::ops::RangeInclusive<usize>) -> String {
    let mut text = String::with_capacity(phrase.len());
    for (at, word) in phrase.split(' ').enumerate() {
        if at > 0 && !(range.contains(&at) && range.contains(&(at - 1))) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::synonyms::Index;
    use super::{Phrases, Strength, Words};

    #[test]
    fn the_longest_comes_first_and_what_was_told_stays() {
        let strong = |at| Some((at, Strength::Strong));
        let told =
            [("id", strong(0)), ("device id", strong(1)), ("deviceid", None), ("two factor code", strong(2))];
        let all = Phrases::of(&told, &Index::of(&[]), |_| false, |word| word == "factorcode");
        let meanings: Vec<_> = all.ending_in("id").unwrap().iter().map(|phrase| phrase.meaning).collect();
        assert_eq!(meanings, [strong(1), strong(0)]);
        assert_eq!(all.ending_in("deviceid").unwrap()[0].meaning, None, "told, not glued");
        assert_eq!(all.ending_in("twofactorcode").unwrap()[0].meaning, strong(2));
        assert_eq!(
            all.ending_in("code").unwrap().iter().map(|phrase| phrase.count).collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(all.ending_in("factorcode").map(|all| all[0].count), Some(1), "`two factorcode` alone");
    }

    #[test]
    fn ends_of_names_and_names_that_are_ends() {
        let all = Phrases::of(&[("two factor code", None)], &Index::of(&[]), |_| false, |_| false);
        let phrase = &all.ending_in("code").unwrap()[0];
        assert!(phrase.ends(&Words::split("my_two_factor_code"), 3));
        assert!(!phrase.ends(&Words::split("factor_code"), 1));
        assert!(phrase.is_ended_by(&Words::split("factor_code"), 1));
        assert!(!phrase.is_ended_by(&Words::split("two_factor_code"), 2), "as long as it is");
    }
}
