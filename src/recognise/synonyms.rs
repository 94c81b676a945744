//! Words of phrases that others say otherwise: who writes `device identifier` means the `device id`. Knows no names and no
//! categories, and is asked once, when the lists are read.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// Words, or groups of them, any of which may stand for another in a phrase of several words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Synonyms {
    words: Vec<String>,
    /// Only in phrases for what may be an opaque identifier.
    #[serde(default)]
    opaque: bool,
}

/// Groups of synonyms, by the first words of what is in them: most phrases have none.
pub(super) struct Index<'a> {
    groups: &'a [Synonyms],
    by_first: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(super) fn of(groups: &'a [Synonyms]) -> Self {
        let mut by_first: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, group) in groups.iter().enumerate() {
            for word in group.words.iter().filter_map(|word| word.split(' ').next()) {
                by_first.entry(word).or_default().push(at);
            }
        }
        Self { groups, by_first }
    }

    /// What else a phrase is written as. A phrase that is a synonym as a whole stays alone: by itself a word may mean more.
    pub(super) fn variants(&self, phrase: &str, is_opaque: bool) -> Vec<String> {
        let mut asked = self.groups_of(phrase);
        if asked.is_empty() {
            return Vec::new();
        }
        let mut seen = BTreeSet::from([phrase.to_owned()]);
        // In their order: what one group makes of a phrase may be of another behind it.
        while let Some(at) = asked.pop_first() {
            let group = &self.groups[at];
            if group.opaque && !is_opaque {
                continue;
            }
            let exchanged: Vec<String> = seen.iter().flat_map(|phrase| group.exchanged(phrase)).collect();
            let further = exchanged.iter().flat_map(|phrase| self.groups_of(phrase));
            asked.extend(further.filter(|other| *other > at));
            seen.extend(exchanged);
        }
        seen.remove(phrase);
        seen.into_iter().collect()
    }

    /// The groups that may have a word in a phrase.
    fn groups_of(&self, phrase: &str) -> BTreeSet<usize> {
        phrase.split(' ').filter_map(|word| self.by_first.get(word)).flatten().copied().collect()
    }
}

impl Synonyms {
    /// A phrase with another of these words in the place of the one that it has.
    fn exchanged(&self, phrase: &str) -> Vec<String> {
        let others = || self.words.iter().map(String::as_str).filter(|word| *word != phrase);
        let found = others().filter_map(|word| Some((word, place(phrase, word)?)));
        // The longest, so that no part of it is exchanged for the whole.
        let Some((own, at)) = found.max_by_key(|(word, _)| word.len()) else { return Vec::new() };
        let (before, behind) = (&phrase[..at], &phrase[at + own.len()..]);
        let words = self.words.iter().filter(|word| *word != own);
        words.map(|word| format!("{before}{word}{behind}")).collect()
    }
}

/// Where a word, or a group of them, stands in a phrase.
fn place(phrase: &str, word: &str) -> Option<usize> {
    let is_whole = |at: usize| {
        let (before, behind) = (&phrase[..at], &phrase[at + word.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (behind.is_empty() || behind.starts_with(' '))
    };
    phrase.match_indices(word).map(|(at, _)| at).find(|at| is_whole(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variants(phrase: &str, all: &[Synonyms], is_opaque: bool) -> Vec<String> {
        Index::of(all).variants(phrase, is_opaque)
    }

    fn group(words: &[&str], opaque: bool) -> Synonyms {
        Synonyms { words: words.iter().map(|&word| word.to_owned()).collect(), opaque }
    }

    #[test]
    fn each_word_is_exchanged_and_the_whole_is_not() {
        let all = [group(&["mail", "email"], false), group(&["addr", "address"], false)];
        assert_eq!(variants("mail addr", &all, false), ["email addr", "email address", "mail address"]);
        assert_eq!(variants("mail", &all, false), [""; 0]);
        assert_eq!(variants("mailing street", &all, false), [""; 0], "a part of a word is none");
    }

    #[test]
    fn words_of_opaque_identifiers_stand_for_those_alone() {
        let all = [group(&["id", "uuid"], true)];
        assert_eq!(variants("device id", &all, true), ["device uuid"]);
        assert_eq!(variants("tax id", &all, false), [""; 0]);
    }

    #[test]
    fn what_one_group_makes_another_takes_on() {
        let all = [group(&["id", "identifier"], false), group(&["id", "uuid"], false)];
        assert_eq!(variants("device identifier", &all, false), ["device id", "device uuid"]);
    }

    #[test]
    fn several_words_stand_for_one() {
        let all = [group(&["mfa", "two factor", "factor"], false)];
        assert_eq!(variants("two factor code", &all, false), ["factor code", "mfa code"]);
    }
}
