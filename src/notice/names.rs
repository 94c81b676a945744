//! The words that a notice file uses for roles, forms and kinds, one table each: reading, printing and the list that an
//! error shows all come from it. Knows no TOML.

use super::{ChoiceKind, Form, Makes, Role};
use crate::taxonomy::Identifies;

/// An enumeration that is written as one of a few words.
pub trait Named: Copy + PartialEq + 'static {
    /// The words, in the order in which they are listed.
    const WORDS: &'static [(&'static str, Self)];

    /// The value behind a word.
    fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// Its word.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| *name)
    }
}

impl Named for Role {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("log", Self::Log),
        ("metrics", Self::Metrics),
        ("crash-report", Self::CrashReport),
        ("service-provider", Self::ServiceProvider),
        ("transaction-party", Self::TransactionParty),
        ("subsidiary", Self::Subsidiary),
        ("ad-company", Self::AdCompany),
        ("data-broker", Self::DataBroker),
        ("authority", Self::Authority),
        ("successor", Self::Successor),
        ("storage", Self::Storage),
        ("data-subject", Self::DataSubject),
        ("public", Self::Public),
    ];
}

impl Named for Form {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("clear", Self::Clear),
        ("hash", Self::Hash),
        ("keyed-hash", Self::KeyedHash),
        ("encrypted", Self::Encrypted),
        ("masked", Self::Masked),
        ("aggregated", Self::Aggregated),
    ];
}

impl Named for Makes {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("removed", Self::Removed),
        ("masked", Self::Form(Form::Masked)),
        ("aggregated", Self::Form(Form::Aggregated)),
        ("encrypted", Self::Form(Form::Encrypted)),
        ("keyed-hash", Self::Form(Form::KeyedHash)),
        ("hash", Self::Form(Form::Hash)),
    ];
}

impl Named for ChoiceKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("opt-in", Self::OptIn),
        ("opt-out", Self::OptOut),
        ("preference", Self::Preference),
        ("permission", Self::Permission),
        ("identity", Self::Identity),
        ("guardian", Self::Guardian),
    ];
}

impl Named for Identifies {
    const WORDS: &'static [(&'static str, Self)] = &Self::ALL;
}

impl Role {
    /// Its word in a notice: `ad-company`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.word()
    }
}

impl Form {
    /// Its word in a notice: `keyed-hash`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_are_one_to_one() {
        for (word, role) in Role::WORDS {
            assert_eq!(Role::parse(word), Some(*role));
            assert_eq!(role.word(), *word);
        }
        assert_eq!(Form::parse("shredded"), None);
    }
}
