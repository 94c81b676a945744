//! What a notice states, entry by entry and whatever its kind: one list for all that goes through a notice as a whole.
//! Knows what an entry is called and where it stands, not what it means.

use super::{Notice, Promise, Role, Rule};
use crate::source::Span;

/// The parts of entries that state something, as pages of lints name them.
pub const PARTS: &[&str] = &[
    "collect.categories",
    "collect.for",
    "purpose.code",
    "cookie",
    "cookie.optional",
    "recipient.may-receive",
    "recipient.for",
    "recipient.requires",
    "recipient.together-with",
    "recipient.addressed-by",
    "recipient.follows-notice",
    "choice",
    "erasure",
    "access",
    "rule.never",
    "rule.only",
    "rule.requires",
    "source.for",
];

/// The kind of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// `[[collect]]`
    Collect,
    /// `[[purpose]]`
    Purpose,
    /// `[[cookie]]`
    Cookie,
    /// `[[recipient]]`
    Recipient,
    /// `[[choice]]`
    Choice,
    /// `[[erasure]]`
    Erasure,
    /// `[[access]]`
    Access,
    /// `[[rule]]`
    Rule,
    /// `[[checked]]`
    Checked,
    /// `[[unchecked]]`
    Unchecked,
}

impl Kind {
    /// The name of its table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Purpose => "purpose",
            Self::Cookie => "cookie",
            Self::Recipient => "recipient",
            Self::Choice => "choice",
            Self::Erasure => "erasure",
            Self::Access => "access",
            Self::Rule => "rule",
            Self::Checked => "checked",
            Self::Unchecked => "unchecked",
        }
    }
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Which of its kind.
    pub index: usize,
    /// What it is called: its name, or whom it is about.
    pub name: String,
    /// The sentence behind it.
    pub promise: Option<&'a Promise>,
    /// Its header.
    pub span: Span,
}

impl Notice {
    /// All entries that state something of the notice, kind by kind in the order of the file.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement<'_>> {
        let mut all = Vec::new();
        let mut add = |kind, index, name: String, promise, span| {
            all.push(Statement { kind, index, name, promise, span });
        };
        for (i, e) in self.collects.iter().enumerate() {
            add(Kind::Collect, i, String::new(), e.promise.as_ref(), e.span);
        }
        for (i, e) in self.purposes.iter().enumerate() {
            add(Kind::Purpose, i, e.name.value.clone(), e.promise.as_ref(), e.span);
        }
        for (i, e) in self.cookies.iter().enumerate() {
            add(Kind::Cookie, i, e.name.value.clone(), e.promise.as_ref(), e.span);
        }
        for (i, e) in self.recipients.iter().enumerate() {
            add(Kind::Recipient, i, e.name.value.clone(), e.promise.as_ref(), e.span);
        }
        for (i, e) in self.choices.iter().enumerate() {
            add(Kind::Choice, i, e.name.value.clone(), e.promise.as_ref(), e.span);
        }
        for (kind, list) in [(Kind::Erasure, &self.erasures), (Kind::Access, &self.accesses)] {
            for (i, e) in list.iter().enumerate() {
                let name = e.name.as_ref().map_or_else(String::new, |name| name.value.clone());
                add(kind, i, name, e.promise.as_ref(), e.span);
            }
        }
        for (i, e) in self.rules.iter().enumerate() {
            add(Kind::Rule, i, e.whom(), e.promise.as_ref(), e.span);
        }
        for (i, e) in self.checked.iter().enumerate() {
            add(Kind::Checked, i, String::new(), Some(&e.promise), e.span);
        }
        for (i, e) in self.unchecked.iter().enumerate() {
            add(Kind::Unchecked, i, e.reason.clone(), Some(&e.promise), e.span);
        }
        all
    }
}

impl Rule {
    /// Whom it is about, in words.
    #[must_use]
    pub fn whom(&self) -> String {
        let whom = match (&self.to.recipient, self.to.role) {
            (Some(name), _) => format!("`{}`", name.value),
            (None, Some(role)) => role.any(),
            (None, None) => "anyone".to_owned(),
        };
        if self.of.is_empty() {
            return whom;
        }
        let of: Vec<String> = self.of.iter().map(super::PathPattern::text).collect();
        format!("{whom}, of {}", of.join(", "))
    }
}

impl Role {
    /// Whoever has the role, in words.
    #[must_use]
    pub fn any(self) -> String {
        format!("any {}", self.name())
    }
}
