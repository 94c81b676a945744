//! Words of phrases that others say otherwise: who writes `device identifier` means the `device id`. Knows no names and no
//! categories, and is asked once, when the lists are read.

use std::collections::BTreeSet;

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

/// What else a phrase is written as. A phrase that is a synonym as a whole stays alone: by itself a word may mean more.
pub(super) fn variants(phrase: &str, all: &[Synonyms], is_opaque: bool) -> Vec<String> {
    let mut seen = BTreeSet::from([phrase.to_owned()]);
    for group in all.iter().filter(|group| is_opaque || !group.opaque) {
        let exchanged: Vec<String> = seen.iter().flat_map(|phrase| group.exchanged(phrase)).collect();
        seen.extend(exchanged);
    }
    seen.remove(phrase);
    seen.into_iter().collect()
}

impl Synonyms {
    /// A phrase with another of these words in the place of the one that it has.
    fn exchanged(&self, phrase: &str) -> Vec<String> {
        let padded = format!(" {phrase} ");
        let has = |word: &&String| word.as_str() != phrase && padded.contains(&format!(" {word} "));
        // The longest, so that no part of it is exchanged for the whole.
        let Some(own) = self.words.iter().filter(has).max_by_key(|word| word.len()) else {
            return Vec::new();
        };
        let others = self.words.iter().filter(|word| *word != own);
        let exchange = |word: &String| padded.replacen(&format!(" {own} "), &format!(" {word} "), 1);
        others.map(|word| exchange(word).trim().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn several_words_stand_for_one() {
        let all = [group(&["mfa", "two factor", "factor"], false)];
        assert_eq!(variants("two factor code", &all, false), ["factor code", "mfa code"]);
    }
}
