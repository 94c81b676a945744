//! What a later version no longer asks, or no longer promises to check: choices of a role, of a recipient and of whatever
//! asks for them by their kind, and the promises that lints keep.

use super::{Both, Change, OWN_USE, is_checkable_as_before, required, stands_for_role};
use crate::judge::choice;
use crate::notice::{Choice, ChoiceKind, Named, Promise, Recipient, Role};
use crate::source::Span;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all: Vec<Change> = Role::WORDS.iter().flat_map(|(_, role)| of_role(both, *role)).collect();
    for pair in both.pairs().iter().chain(&both.moved()).filter(|pair| receives(pair.later)) {
        all.extend(of_recipient(both, pair.earlier, pair.later));
    }
    all.extend(gone(both).into_iter().flat_map(|earlier| of_nobody(both, earlier)));
    all.extend(promises(both));
    all
}

/// Recipients of which nothing is said any more, though the code may reach them unnoticed: by calls of the program's own,
/// or as one of its own ends. A host that nobody names is undeclared, which is said aloud.
pub(super) fn gone<'a>(both: &Both<'a>) -> Vec<&'a Recipient> {
    let (pairs, moved) = (both.pairs(), both.moved());
    let is_kept = |at: usize| pairs.iter().chain(&moved).any(|pair| pair.earlier_at == at);
    let known = both.old.notice.recipients.iter().enumerate();
    let unnoticed = |r: &Recipient| !r.calls.is_empty() || stands_for_role(r);
    known.filter(|(at, r)| unnoticed(r) && !is_kept(*at)).map(|(_, recipient)| recipient).collect()
}

fn of_nobody(both: &Both<'_>, earlier: &Recipient) -> Vec<Change> {
    let own = both.old.notice.choices.iter().filter(|choice| {
        choice::is_checkable(choice) && earlier.requires.iter().any(|name| name.value == choice.name.value)
    });
    let whom = format!("`{}`", earlier.name.value);
    let promise = earlier.promise.as_ref();
    own.map(|choice| no_longer_asked(&[], choice, whom.clone(), both.nowhere(), promise)).collect()
}

/// Choices that are asked for by their kind and by no name: who is signed in, wherever browsing is recorded, and any leave
/// of a visitor's, for cookies that name none. What is reported already is not told again.
pub(super) fn by_kind(both: &Both<'_>, told: &[Change]) -> Vec<Change> {
    let (old, new) = (both.old.notice, both.new.notice);
    let leave = new.cookies.iter().any(|cookie| !cookie.essential && cookie.requires.is_empty());
    let mut all = Vec::new();
    for (kinds, whom, is_owed) in [
        (&[ChoiceKind::Identity][..], "what is put together with who looks at it", true),
        (&choice::OPTIONAL[..], "cookies that are not essential", leave),
    ] {
        let lost = choice::of_kinds(old, kinds).into_iter().map(|at| &old.choices[at]);
        let lost: Vec<&Choice> = lost.collect();
        let is_told = lost.iter().any(|choice| told.iter().any(|c| c.was_at == Some(choice.span)));
        if let Some(choice) = lost.first()
            && is_owed
            && choice::of_kinds(new, kinds).is_empty()
            && !is_told
        {
            all.push(no_longer_asked(&[], choice, whom.to_owned(), both.nowhere(), None));
        }
    }
    all
}

/// What is dropped without anything newly permitted cannot be mended by asking: people would have to be asked for less.
pub(super) fn dropped(
    whom: String,
    before: String,
    after: &str,
    at: Span,
    was_at: Span,
    promise: Option<&Promise>,
) -> Change {
    Change {
        data: Vec::new(),
        whom,
        purpose: None,
        before,
        after: after.to_owned(),
        at,
        was_at: Some(was_at),
        promise: promise.cloned(),
        consent: None,
    }
}

fn receives(recipient: &Recipient) -> bool {
    recipient.may_receive.as_ref().is_none_or(|permits| !permits.is_empty())
}

/// Choices that were asked for all of a role.
fn of_role(both: &Both<'_>, role: Role) -> Vec<Change> {
    let later = required(both.new.notice, role, None);
    let earlier = required(both.old.notice, role, None);
    let missing = earlier.into_iter().filter(|choice| !is_asked(both, choice, &later));
    missing.map(|choice| no_longer_asked(&later, choice, role.any(), both.nowhere(), None)).collect()
}

/// Choices that were asked for one, unless its whole role is reported.
fn of_recipient(both: &Both<'_>, earlier: &Recipient, later: &Recipient) -> Vec<Change> {
    let asked = required(both.new.notice, later.role, Some(later));
    let of_all = required(both.old.notice, earlier.role, None);
    let missing = required(both.old.notice, earlier.role, Some(earlier)).into_iter().filter(|choice| {
        !is_asked(both, choice, &asked) && !of_all.iter().any(|known| known.name == choice.name)
    });
    let whom = format!("`{}`", later.name.value);
    let promise = earlier.promise.as_ref();
    missing.map(|choice| no_longer_asked(&asked, choice, whom.clone(), later.name.span, promise)).collect()
}

pub(super) fn no_longer_asked(
    asked: &[&Choice],
    choice: &Choice,
    whom: String,
    at: Span,
    promise: Option<&Promise>,
) -> Change {
    let name = &choice.name.value;
    let later = asked.iter().find(|known| known.name.value == *name);
    let at = later.filter(|later| !is_as_strong(choice, later)).map_or(at, |later| later.name.span);
    let before = format!("`{name}` asked, {}", choice.kind.word());
    let after = match later {
        Some(later) if later.kind != choice.kind => later.kind.word().to_owned(),
        Some(later) if !is_checkable_as_before(choice, later) => "nothing is said to check it".to_owned(),
        Some(later) if !is_as_strong(choice, later) => "asked in fewer cases".to_owned(),
        _ => "not asked".to_owned(),
    };
    dropped(whom, before, &after, at, choice.span, choice.promise.as_ref().or(promise))
}

/// Whether a choice, or one that asks at least as much, is among those asked later. Who is asked anew whether to agree
/// may be asked that in place of whether to object.
pub(super) fn is_asked(both: &Both<'_>, choice: &Choice, later: &[&Choice]) -> bool {
    let is_it = |known: &Choice| {
        let same_check = known
            .checked_by
            .iter()
            .any(|check| choice.checked_by.iter().any(|other| other.segments == check.segments));
        known.name.value == choice.name.value || same_check
    };
    let is_new =
        |known: &Choice| both.old.notice.choices.iter().all(|old| old.name.value != known.name.value);
    later.iter().any(|known| {
        is_as_strong(choice, known) && (is_it(known) || (is_new(known) && known.kind == ChoiceKind::OptIn))
    })
}

/// Whether a later choice asks at least what an earlier one did, in at least as many cases.
fn is_as_strong(earlier: &Choice, later: &Choice) -> bool {
    let mild = matches!(earlier.kind, ChoiceKind::OptOut | ChoiceKind::Preference | ChoiceKind::Permission);
    let kind = earlier.kind == later.kind || (mild && later.kind == ChoiceKind::OptIn);
    let kept =
        |case: &crate::notice::Spanned<String>| later.when.iter().any(|known| known.value == case.value);
    kind && is_checkable_as_before(earlier, later)
        && (later.when.is_empty() || (!earlier.when.is_empty() && earlier.when.iter().all(kept)))
}

/// Promises that lints kept.
fn promises(both: &Both<'_>) -> Vec<Change> {
    let kept = |lint: &str| both.new.notice.checked.iter().any(|c| c.by.iter().any(|by| by.value == lint));
    let lost = both.old.notice.checked.iter().filter(|c| c.by.iter().any(|by| !kept(&by.value)));
    lost.map(|checked| {
        let names: Vec<&str> = checked.by.iter().map(|by| by.value.as_str()).collect();
        let before = format!("what {} checks is promised", names.join(", "));
        let (at, was_at) = (both.nowhere(), checked.span);
        dropped(OWN_USE.to_owned(), before, "not promised", at, was_at, Some(&checked.promise))
    })
    .collect()
}
