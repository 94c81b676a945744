//! What a later version no longer asks or promises: choices, what has to come along, who may be addressed, subsidiaries
//! bound to the notice, deletion and access.

use super::{Both, Change, OWN_USE, required};
use crate::notice::{Choice, ChoiceKind, Condition, Named, Promise, Reach, Recipient, Role, Rule};
use crate::source::Span;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all: Vec<Change> = Role::WORDS.iter().flat_map(|(_, role)| of_role(both, *role)).collect();
    for (_, later, earlier) in both.recipients() {
        let Some((_, earlier)) = earlier.filter(|_| receives(later)) else { continue };
        all.extend(of_recipient(both, earlier, later));
        all.extend(company(earlier, later));
    }
    let (old, new) = (both.old.notice, both.new.notice);
    all.extend(reach(both, ("erasure", "deletion"), &old.erasures, &new.erasures));
    all.extend(reach(both, ("access", "access"), &old.accesses, &new.accesses));
    all.extend(promises(both));
    all.extend(limits(both));
    all
}

/// Rules about some people's data alone that are gone or say something else.
fn limits(both: &Both<'_>) -> Vec<Change> {
    let kept = |rule: &&Rule| !both.new.notice.rules.iter().any(|later| says_the_same(rule, later));
    let lost = both.old.notice.rules.iter().filter(|rule| !rule.of.is_empty()).filter(kept);
    lost.map(|rule| {
        let before = "a rule limits what may be done with it".to_owned();
        dropped(rule.whom(), before, "no such rule", both.nowhere(), rule.span, rule.promise.as_ref())
    })
    .collect()
}

fn says_the_same(a: &Rule, b: &Rule) -> bool {
    let condition = |condition: &Option<Condition>| {
        condition.as_ref().map(|c| {
            let categories: Vec<_> = c.categories.iter().map(|category| category.value).collect();
            (categories, c.identifies, c.forms.clone())
        })
    };
    let requires = |rule: &Rule| rule.requires.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    a.whom() == b.whom()
        && condition(&a.never) == condition(&b.never)
        && condition(&a.only) == condition(&b.only)
        && requires(a) == requires(b)
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
    kind && (later.when.is_empty() || (!earlier.when.is_empty() && earlier.when.iter().all(kept)))
}

/// What a recipient was bound to.
fn company(earlier: &Recipient, later: &Recipient) -> Vec<Change> {
    let whom = format!("`{}`", later.name.value);
    let promise = earlier.promise.as_ref();
    let lost = |before: String, after: &str| {
        dropped(whom.clone(), before, after, later.name.span, earlier.name.span, promise)
    };
    let mut all = Vec::new();
    if earlier.follows_notice == Some(true) && later.follows_notice != Some(true) {
        all.push(lost("follows the notice".to_owned(), "not said to follow it"));
    }
    let kept =
        |path: &&crate::notice::PathPattern| !later.together_with.iter().any(|p| p.segments == path.segments);
    all.extend(
        earlier
            .together_with
            .iter()
            .filter(kept)
            .map(|path| lost(format!("together with `{}` only", path.text()), "without it")),
    );
    if let Some(address) = &earlier.addressed_by {
        let from = |later: &crate::notice::AddressedBy| {
            later.from.iter().all(|p| address.from.iter().any(|known| known.segments == p.segments))
        };
        if !later.addressed_by.as_ref().is_some_and(from) {
            let listed: Vec<String> = address.from.iter().map(|p| format!("`{}`", p.text())).collect();
            all.push(lost(format!("addressed by {} only", listed.join(", ")), "addressed otherwise"));
        }
    }
    all
}

/// Deletion or access that reached more, or began earlier.
fn reach(both: &Both<'_>, (table, what): (&str, &str), old: &[Reach], new: &[Reach]) -> Vec<Change> {
    let at = |reach: &Reach| {
        let name = |r: &Reach| r.name.as_ref().map(|name| name.value.clone());
        new.iter().find(|later| name(later) == name(reach)).map_or(both.nowhere(), |later| later.span)
    };
    let mut all = Vec::new();
    for earlier in old {
        let lost: Vec<&str> = match earlier.of.is_empty() {
            true if new.iter().any(|later| later.of.is_empty()) => Vec::new(),
            true => vec!["all that is stored"],
            false => earlier.of.iter().map(|of| of.value.as_str()).filter(|of| !reaches(new, of)).collect(),
        };
        let limit = |reach: &Reach| reach.when_older_than.as_ref().map(crate::notice::PathPattern::text);
        let unlimited = limit(earlier).is_some() && new.iter().all(|later| limit(later).is_none());
        let promise = earlier.promise.as_ref();
        if !lost.is_empty() {
            let before = format!("{what} reaches {}", lost.join(", "));
            let after = format!("no `[[{table}]]` reaches it");
            all.push(dropped(OWN_USE.to_owned(), before, &after, at(earlier), earlier.span, promise));
        } else if unlimited {
            let before = "kept for a limited time".to_owned();
            all.push(dropped(
                OWN_USE.to_owned(),
                before,
                "no limit named",
                at(earlier),
                earlier.span,
                promise,
            ));
        }
    }
    all
}

fn reaches(new: &[Reach], of: &str) -> bool {
    new.iter().any(|later| later.of.is_empty() || later.of.iter().any(|known| known.value == of))
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
