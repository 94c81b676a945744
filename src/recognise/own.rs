//! What a team calls its data: phrases of its own before those that come with the program. Knows neither where they are
//! written nor types.

use super::lists::Lists;
use super::words::{self, Words};

/// Phrases that a team added, each with the category of what ends in it, or `None` where that is not personal.
#[derive(Debug, Default)]
pub struct OwnWords {
    /// The longest first.
    phrases: Vec<(Words, Option<&'static str>)>,
}

impl OwnWords {
    /// Takes phrases as they are written: `customer number`, `customer_number` and `CustomerNumber` are one. Of two that
    /// are the same, the first counts.
    #[must_use]
    pub fn new<'a>(phrases: impl Iterator<Item = (&'a str, Option<&'static str>)>) -> Self {
        let split = phrases.map(|(phrase, category)| (Words::split(phrase), category));
        let mut phrases: Vec<_> = split.filter(|(words, _)| words.len() > 0).collect();
        phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Self { phrases }
    }

    /// What a name means by these words, words after the head aside; `None` where they do not speak of it.
    #[must_use]
    pub fn meaning(&self, name: &str) -> Option<Option<&'static str>> {
        if self.phrases.is_empty() {
            return None;
        }
        let (words, lists) = (Words::split(name), Lists::embedded());
        let mut end = words.len();
        while end > 0 {
            let found = self.phrases.iter().find(|(phrase, _)| ends(&words, end, phrase));
            if let Some((_, category)) = found {
                return Some(*category);
            }
            if !lists.is_tail(words.get(end - 1)) {
                return None;
            }
            end -= 1;
        }
        None
    }
}

/// Whether the first `end` words end in a phrase; of its last word the plural will do.
fn ends(words: &Words, end: usize, phrase: &Words) -> bool {
    let Some(start) = end.checked_sub(phrase.len()) else { return false };
    let last = phrase.len() - 1;
    (0..last).all(|at| words.get(start + at) == phrase.get(at))
        && words::forms(words.get(end - 1), |form| (form == phrase.get(last)).then_some(())).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_decides() {
        let phone = Some("user.contact.phone_number");
        let own = OwnWords::new([("msisdn", phone), ("probe_msisdn", None), ("handle", None)].into_iter());
        for name in ["msisdn", "userMsisdn", "MSISDNS", "msisdn_str", "msisdn2"] {
            assert_eq!(own.meaning(name), Some(phone), "{name}");
        }
        for name in ["probe_msisdn", "ProbeMsisdn", "file_handle", "handles"] {
            assert_eq!(own.meaning(name), Some(None), "{name}");
        }
        for name in ["msisdn_count", "handler", "", "_", "msis_dn"] {
            assert_eq!(own.meaning(name), None, "{name}");
        }
        assert_eq!(OwnWords::default().meaning("email"), None);
    }
}
