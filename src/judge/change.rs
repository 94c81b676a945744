//! Two versions of a notice compared by what they mean: what the later one permits that the earlier one did not, and what
//! it no longer asks or promises. Wording, order and names of entries do not matter. Knows no code, and no path of it.
//!
//! Whatever is newly permitted only to people who are asked anew is lawful: their old data stays under the old promise
//! until they agree.
//!
//! # What weakens a notice, key by key
//!
//! A key either says something to people, and is compared, or says where in the code it is kept: then it may change with
//! the code, and counts only where nothing is left of it that could be looked for. A test holds this table to the keys that
//! are read, and another shows an alteration of each that weakens.
//!
//! | key | is weakened by |
//! |---|---|
//! | `notice.title` | nothing: a name |
//! | `notice.version` | nothing: a name |
//! | `notice.text` | nothing: what is promised is compared, and not in which words |
//! | `notice.extends` | being dropped, with all entries that it brought: they are compared as any |
//! | `notice.previous` | nothing: it says what to compare with |
//! | `notice.models` | nothing: they say what code does |
//! | `category.key` | nothing by itself: a category that is new is judged as the one above it was |
//! | `category.identifies` | a rule about what identifies that no longer covers the category |
//! | `collect.categories` | more of them; no entry at all where there were some |
//! | `collect.for` | more purposes, or none, which means any |
//! | `collect.promise` | nothing: words |
//! | `purpose.name` | nothing: a name, told apart by its data use |
//! | `purpose.is` | a broader or another data use, where the purpose is served |
//! | `purpose.code` | nothing: where in the code |
//! | `purpose.promise` | nothing: words |
//! | `cookie.name` | a pattern for more essential cookies |
//! | `cookie.category` | nothing: what the cookie is |
//! | `cookie.essential` | becoming so |
//! | `cookie.requires` | a choice less |
//! | `cookie.promise` | nothing: words |
//! | `data.path` | nothing: where in the code |
//! | `data.category` | nothing: what is in the code |
//! | `word.names` | nothing: what is in the code |
//! | `word.category` | nothing: what is in the code |
//! | `source.calls` | being dropped with a limit of purposes on what comes from there |
//! | `source.category` | nothing: what is in the code |
//! | `source.for` | more purposes, or none, which means any |
//! | `recipient.name` | a further one; nothing by itself, where host or call is the same |
//! | `recipient.role` | another one, as people were told of a company of another kind |
//! | `recipient.calls` | falling to a recipient that may do more; being dropped with what the entry asked |
//! | `recipient.hosts` | falling to a recipient that may do more |
//! | `recipient.may-receive` | more data; being dropped, which means all |
//! | `recipient.for` | more purposes, or none, which means any |
//! | `recipient.requires` | a choice less |
//! | `recipient.together-with` | a condition less |
//! | `recipient.addressed-by` | being dropped |
//! | `recipient.follows-notice` | being dropped |
//! | `recipient.promise` | nothing: words |
//! | `may-receive.category` | a broader one |
//! | `may-receive.as` | more forms, or none, which means all |
//! | `addressed-by.arg` | nothing: where in the code |
//! | `addressed-by.from` | more places |
//! | `choice.name` | nothing: a name, told apart by its checks |
//! | `choice.kind` | one that asks later or less |
//! | `choice.checked-by` | nothing left that asks, as then nobody owes it |
//! | `choice.refused-by` | nothing left that asks, as then nobody owes it |
//! | `choice.when` | fewer cases |
//! | `choice.promise` | nothing: words |
//! | `erasure.name` | nothing: a name |
//! | `erasure.root` | nothing: where in the code |
//! | `erasure.of` | less that it reaches; no entry at all that does |
//! | `erasure.by` | nothing: where in the code |
//! | `erasure.when-older-than` | being dropped, as then nothing limits how long it is kept; being added, as then it waits |
//! | `erasure.promise` | nothing: words |
//! | `access.name` | nothing: a name |
//! | `access.root` | nothing: where in the code |
//! | `access.of` | less that it reaches; no entry at all that does |
//! | `access.by` | nothing: where in the code |
//! | `access.when-older-than` | being dropped or added, as for erasure |
//! | `access.promise` | nothing: words |
//! | `transform.calls` | nothing: what code does |
//! | `transform.makes` | nothing: what code does |
//! | `rule.to` | fewer recipients |
//! | `rule.of` | fewer people |
//! | `rule.never` | less that is forbidden |
//! | `rule.only` | more that is admitted |
//! | `rule.requires` | a choice less |
//! | `rule.promise` | nothing: words |
//! | `to.role` | another one, as `rule.to` |
//! | `to.recipient` | another one, as `rule.to` |
//! | `never.categories` | fewer or narrower ones |
//! | `never.identifies` | a stricter limit |
//! | `never.as` | fewer forms |
//! | `only.categories` | more or broader ones |
//! | `only.identifies` | a looser limit |
//! | `only.as` | more forms |
//! | `checked.promise` | nothing: words |
//! | `checked.by` | a lint less |
//! | `unchecked.promise` | nothing: words, and whether others say less is for people |
//! | `unchecked.reason` | nothing: words |

mod bound;
mod cookies;
mod obligations;
mod permits;
mod purposes;
mod reach;

use crate::judge::{self, choice};
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
    all.extend(reach::changes(&both));
    all.extend(bound::changes(&both));
    all.extend(obligations::by_kind(&both, &all));
    let mut all = of_everybody(all);
    all.sort_by_key(|change| (change.at, change.was_at));
    all
}

/// What is said of every role alike, said once.
fn of_everybody(all: Vec<Change>) -> Vec<Change> {
    let every: Vec<String> = Role::WORDS.iter().map(|(_, role)| role.any()).collect();
    let but_for_whom = |change: &Change| Change { whom: String::new(), ..change.clone() };
    let mut left: Vec<Change> = Vec::new();
    for change in &all {
        let same = |whom: &String| all.contains(&Change { whom: whom.clone(), ..change.clone() });
        if !every.contains(&change.whom) || !every.iter().all(same) {
            left.push(change.clone());
        } else if left.iter().all(|known| but_for_whom(known) != but_for_whom(change)) {
            left.push(Change { whom: "anyone".to_owned(), ..change.clone() });
        }
    }
    left
}

/// Both versions, and which recipient of the one is which of the other.
struct Both<'a> {
    old: Version<'a>,
    new: Version<'a>,
}

/// A recipient of the later version that stands for one of the earlier.
#[derive(Clone, Copy)]
struct Pair<'a> {
    earlier: &'a Recipient,
    /// `old.notice.recipients[earlier_at]`.
    earlier_at: usize,
    later: &'a Recipient,
    /// `new.notice.recipients[later_at]`.
    later_at: usize,
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

    /// The recipients that both versions have.
    fn pairs(&self) -> Vec<Pair<'a>> {
        let pair = |(later_at, later, earlier): (usize, &'a Recipient, Option<(usize, &'a Recipient)>)| {
            earlier.map(|(earlier_at, earlier)| Pair { earlier, earlier_at, later, later_at })
        };
        self.recipients().filter_map(pair).collect()
    }

    /// The recipients to which a host or a call has fallen that was another's before.
    fn moved(&self) -> Vec<Pair<'a>> {
        let (old, new, pairs) = (self.old.notice, self.new.notice, self.pairs());
        let is_pair =
            |old: usize, new: usize| pairs.iter().any(|pair| (pair.earlier_at, pair.later_at) == (old, new));
        let mut found: Vec<Pair<'a>> = Vec::new();
        for (earlier_at, earlier) in old.recipients.iter().enumerate() {
            let by_host = earlier.hosts.iter().filter_map(|host| judge::recipient_for_host(new, &host.value));
            let calls = |later: &Recipient| shares_call(earlier, later);
            let by_call = (0..new.recipients.len()).filter(|at| calls(&new.recipients[*at]));
            for later_at in by_host.chain(by_call).filter(|at| !is_pair(earlier_at, *at)) {
                let is_known =
                    |known: &Pair<'_>| (known.earlier_at, known.later_at) == (earlier_at, later_at);
                // What was the other's before too has not moved.
                let later = &new.recipients[later_at];
                let was = pairs.iter().find(|pair| pair.later_at == later_at).map(|pair| pair.earlier);
                if !found.iter().any(is_known) && !was.is_some_and(|was| is_same_end(was, earlier)) {
                    found.push(Pair { earlier, earlier_at, later, later_at });
                }
            }
        }
        found
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
    host || shares_call(a, b) || (a.role == b.role && stands_for_role(a) && stands_for_role(b))
}

fn shares_call(a: &Recipient, b: &Recipient) -> bool {
    a.calls.iter().any(|call| b.calls.iter().any(|other| other.segments == call.segments))
}

/// Whether an entry is about an end of the program's own, wherever in the code.
fn stands_for_role(recipient: &Recipient) -> bool {
    recipient.calls.is_empty() && recipient.hosts.is_empty() && judge::is_own_end(recipient.role)
}

/// Whether code can show that it was asked where it could before.
fn is_checkable_as_before(earlier: &Choice, later: &Choice) -> bool {
    choice::is_checkable(later) || !choice::is_checkable(earlier)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_table_has_a_row_for_every_key_that_is_read() {
        let rows = include_str!("change.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
        let listed: Vec<&str> = rows.filter_map(|row| Some(row.split_once('`')?.0)).collect();
        let once: BTreeSet<String> = listed.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(once.len(), listed.len(), "a key twice");
        assert_eq!(once, crate::notice::keys());
    }
}
