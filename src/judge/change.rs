//! Two versions of a notice compared by what they mean: what the later one permits that the earlier one did not, and what
//! it no longer asks or promises. Wording, order and names of entries do not matter. Knows no code, and no path of it.
//!
//! Whatever is newly permitted only to people who are asked anew is lawful: their old data stays under the old promise
//! until they agree.

mod cookies;
mod obligations;
mod permits;
mod purposes;

use crate::notice::{Choice, ChoiceKind, Form, Named, Notice, Promise, Recipient, Role};
use crate::source::Span;
use crate::taxonomy::Taxonomy;

/// Whom a change is about that nobody else is concerned with.
const OWN_USE: &str = "our own use";

/// A version of a notice with the categories that it knows.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// Its categories.
    pub taxonomy: &'a Taxonomy,
}

/// One thing that the later version permits, or does without.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The data that it is about; empty where it is about all.
    pub data: Vec<String>,
    /// Whom it is about.
    pub whom: String,
    /// For what, where that changed.
    pub purpose: Option<String>,
    /// What the earlier version said, in words.
    pub before: String,
    /// What the later one says.
    pub after: String,
    /// Where the later one says it, or would.
    pub at: Span,
    /// Where the earlier one said otherwise.
    pub was_at: Option<Span>,
    /// The sentence that no longer holds.
    pub promise: Option<Promise>,
    /// The choice that asks people anew, where there is one.
    pub consent: Option<String>,
}

/// All changes for the worse, in the order of the later notice.
#[must_use]
pub fn changes(old: Version<'_>, new: Version<'_>) -> Vec<Change> {
    let both = Both { old, new };
    let mut all = permits::changes(&both);
    all.extend(purposes::changes(&both));
    all.extend(obligations::changes(&both));
    all.extend(cookies::changes(&both));
    all.sort_by_key(|change| (change.at, change.was_at));
    all
}

/// Both versions, and which recipient of the one is which of the other.
struct Both<'a> {
    old: Version<'a>,
    new: Version<'a>,
}

impl<'a> Both<'a> {
    /// The recipients of the later version, each with what it was called before: by name, or by a host or a call that
    /// both versions name.
    fn recipients(&self) -> impl Iterator<Item = (usize, &'a Recipient, Option<(usize, &'a Recipient)>)> {
        let (old, new) = (self.old.notice, self.new.notice);
        new.recipients.iter().enumerate().map(move |(at, later)| {
            let known = || old.recipients.iter().enumerate();
            let by_name = known().find(|(_, earlier)| earlier.name.value == later.name.value);
            let is_gone =
                |earlier: &Recipient| new.recipients.iter().all(|r| r.name.value != earlier.name.value);
            let renamed = || known().find(|(_, earlier)| is_gone(earlier) && is_same_end(earlier, later));
            (at, later, by_name.or_else(renamed))
        })
    }

    /// A choice that a recipient's data, or that of a role, newly needs and that people are asked anew.
    fn consent(&self, role: Role, later: Option<&Recipient>) -> Option<String> {
        let asked_before = |choice: &Choice| {
            self.old.notice.choices.iter().any(|known| known.name.value == choice.name.value)
        };
        let mut newly = required(self.new.notice, role, later).into_iter().filter(|c| !asked_before(c));
        newly.find(|choice| asks_first(choice.kind)).map(|choice| choice.name.value.clone())
    }

    /// A place in the later version for what is not in it.
    fn nowhere(&self) -> Span {
        let previous = self.new.notice.previous.as_ref();
        previous.map_or(Span::new(self.new.notice.file, 0, 0), |previous| previous.span)
    }
}

fn is_same_end(a: &Recipient, b: &Recipient) -> bool {
    let host = a.hosts.iter().any(|host| b.hosts.iter().any(|other| other.value == host.value));
    host || a.calls.iter().any(|call| b.calls.iter().any(|other| other.segments == call.segments))
}

/// The choices that are asked before a recipient's data goes, or that of anyone of a role: its own and those of rules.
fn required<'a>(notice: &'a Notice, role: Role, recipient: Option<&Recipient>) -> Vec<&'a Choice> {
    let by_rules =
        notice.rules.iter().filter(|rule| {
            rule.of.is_empty()
                && rule.to.role.is_none_or(|wanted| wanted == role)
                && rule.to.recipient.as_ref().is_none_or(|wanted| {
                    recipient.is_some_and(|recipient| recipient.name.value == wanted.value)
                })
        });
    let names: Vec<&str> = by_rules
        .flat_map(|rule| &rule.requires)
        .chain(recipient.iter().flat_map(|recipient| &recipient.requires))
        .map(|name| name.value.as_str())
        .collect();
    notice.choices.iter().filter(|choice| names.contains(&choice.name.value.as_str())).collect()
}

/// Whether a choice is made before anything happens, and not after.
fn asks_first(kind: ChoiceKind) -> bool {
    match kind {
        ChoiceKind::OptIn | ChoiceKind::Guardian => true,
        ChoiceKind::OptOut | ChoiceKind::Preference | ChoiceKind::Permission | ChoiceKind::Identity => false,
    }
}

/// Forms in words: in clear where that is among them, since it is the one that matters.
fn in_forms(forms: &[Form]) -> String {
    if forms.contains(&Form::Clear) {
        return "in clear".to_owned();
    }
    let words: Vec<&str> = forms.iter().map(|form| form.word()).collect();
    format!("as {}", words.join(", "))
}
