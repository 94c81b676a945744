//! Choices: which of them a recipient's entry or a rule requires of a flow, and which lint speaks where one was not
//! asked. Knows no code; whether a choice was asked is found out elsewhere.

use super::{end_of, is_about, is_of};
use crate::datamap::Flow;
use crate::notice::{Choice, ChoiceKind, Cookie, Notice, Promise, Role, Spanned};
use crate::source::Span;

/// A choice that an entry requires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Required<'a> {
    /// `notice.choices[choice]`.
    pub choice: usize,
    /// Its name in `requires`.
    pub span: Span,
    /// The sentence behind the entry, else behind the choice.
    pub promise: Option<&'a Promise>,
}

/// The choices that have to be asked before a flow: those of its recipient, and of rules about it and its data.
#[must_use]
pub fn required<'a>(notice: &'a Notice, flow: &Flow) -> Vec<Required<'a>> {
    let (named, role) = end_of(notice, flow);
    let mut all = named.map_or_else(Vec::new, |index| of_recipient(notice, index));
    for (at, rule) in notice.rules.iter().enumerate().filter(|(_, rule)| is_about(rule, notice, named, role))
    {
        if flow.data.iter().any(|datum| is_of(notice, at, datum)) {
            add(notice, &rule.requires, rule.promise.as_ref(), &mut all);
        }
    }
    all
}

/// Those that have to be asked before whatever a recipient's entry names.
#[must_use]
pub fn of_recipient(notice: &Notice, index: usize) -> Vec<Required<'_>> {
    let mut all = Vec::new();
    if let Some(recipient) = notice.recipients.get(index) {
        add(notice, &recipient.requires, recipient.promise.as_ref(), &mut all);
    }
    all
}

/// Those that have to be asked before a cookie is set, where its entry names any.
#[must_use]
pub fn of_cookie<'a>(notice: &'a Notice, cookie: &'a Cookie) -> Vec<Required<'a>> {
    let mut all = Vec::new();
    add(notice, &cookie.requires, cookie.promise.as_ref(), &mut all);
    all
}

fn add<'a>(
    notice: &'a Notice,
    names: &[Spanned<String>],
    promise: Option<&'a Promise>,
    all: &mut Vec<Required<'a>>,
) {
    for name in names {
        let found = notice.choices.iter().position(|choice| choice.name.value == name.value);
        let Some(choice) = found.filter(|at| is_checkable(&notice.choices[*at])) else { continue };
        if all.iter().all(|known| known.choice != choice) {
            let promise = notice.choices[choice].promise.as_ref().or(promise);
            all.push(Required { choice, span: name.span, promise });
        }
    }
}

/// Whether code can show that a choice was asked: something is said to check it.
#[must_use]
pub fn is_checkable(choice: &Choice) -> bool {
    !choice.checked_by.is_empty() || !choice.refused_by.is_empty()
}

/// The choices of these kinds that code can show.
#[must_use]
pub fn of_kinds(notice: &Notice, kinds: &[ChoiceKind]) -> Vec<usize> {
    let wanted = |choice: &Choice| kinds.contains(&choice.kind) && is_checkable(choice);
    (0..notice.choices.len()).filter(|at| wanted(&notice.choices[*at])).collect()
}

/// What asks a visitor whether something that is not needed may be done.
pub const OPTIONAL: [ChoiceKind; 4] =
    [ChoiceKind::OptIn, ChoiceKind::OptOut, ChoiceKind::Preference, ChoiceKind::Permission];

/// Whether choices of a kind are asked for though no entry names them: who is signed in, wherever browsing is recorded,
/// and any leave of a visitor's, for cookies that name none.
#[must_use]
pub fn serves_by_kind(notice: &Notice, kind: ChoiceKind) -> bool {
    let open = notice.cookies.iter().any(|cookie| !cookie.essential && cookie.requires.is_empty());
    kind == ChoiceKind::Identity || (open && OPTIONAL.contains(&kind))
}

/// Whether a call is owed a choice by being made, whatever it is given: the program's own uses, and what is asked of the
/// person by its nature. At third parties it is data that counts.
#[must_use]
pub fn is_owed_by_call(role: Role, kind: ChoiceKind) -> bool {
    is_own_use(role) || matches!(kind, ChoiceKind::Preference | ChoiceKind::Permission)
}

/// The lint that speaks where a choice of this kind was not asked before data goes to whom has this role.
#[must_use]
pub fn reported_by(role: Option<Role>, kind: ChoiceKind) -> &'static str {
    match (role, kind) {
        (Some(Role::AdCompany), _) => "advertising_without_opt_out",
        (_, ChoiceKind::Identity) => "disclosure_without_identity_check",
        (_, ChoiceKind::Guardian) => "child_data_without_guardian_consent",
        (_, ChoiceKind::Preference) => "message_without_preference",
        (Some(Role::Authority), _) => "unguarded_disclosure",
        (Some(role), _) if is_own_use(role) => "use_without_setting",
        _ => "sharing_without_choice",
    }
}

/// Storage, and what else the program does for itself and for the person concerned.
fn is_own_use(role: Role) -> bool {
    match role {
        Role::Storage | Role::Log | Role::Metrics | Role::DataSubject => true,
        Role::CrashReport
        | Role::ServiceProvider
        | Role::TransactionParty
        | Role::Subsidiary
        | Role::AdCompany
        | Role::DataBroker
        | Role::Authority
        | Role::Successor
        | Role::Public => false,
    }
}
