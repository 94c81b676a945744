//! Data that may newly go somewhere: to a recipient by name, or to a role of which a rule no longer forbids it. Each
//! category is asked of both versions, in each form, and told by the highest that is permitted as a whole.

use super::{Both, Change, Pair, Version, in_forms};
use crate::datamap;
use crate::judge::{self, Verdict};
use crate::notice::{Form, Named, Promise, Recipient, Role};
use crate::source::Span;
use crate::taxonomy::CategoryId;

/// Data that may newly go to one end, by the forms in which they may.
type Newly = Vec<(Vec<Form>, Vec<CategoryId>)>;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all: Vec<Change> = both
        .recipients()
        .flat_map(|(at, later, earlier)| by_name(both, at, later, earlier.map(|(at, _)| at)))
        .collect();
    all.extend(both.moved().iter().flat_map(|pair| moved(both, pair)));
    all.extend(Role::WORDS.iter().flat_map(|(_, role)| by_role(both, *role)));
    all
}

/// What an end may receive under the name that it fell to, but for what that one may newly receive anyway.
fn moved(both: &Both<'_>, pair: &Pair<'_>) -> Vec<Change> {
    by_name(both, pair.later_at, pair.later, Some(pair.earlier_at))
        .into_iter()
        .map(|change| Change {
            whom: format!("`{}`, now `{}`", pair.earlier.name.value, pair.later.name.value),
            ..change
        })
        .collect()
}

fn by_name(both: &Both<'_>, at: usize, later: &Recipient, earlier: Option<usize>) -> Vec<Change> {
    let whom_before = match earlier {
        Some(at) => Some(datamap::Recipient::Declared(at)),
        None => judge::is_own_end(later.role).then_some(datamap::Recipient::Own),
    };
    let was = |category, form| {
        let Some(whom) = &whom_before else { return false };
        permits(both.old, whom, later.role, category, form)
    };
    let whom = datamap::Recipient::Declared(at);
    let newly = newly(both, |category, form| {
        permits(both.new, &whom, later.role, category, form) && !was(before(both, category), form)
    });
    let consent = both.consent(later.role, Some(later));
    let old = earlier.map(|at| &both.old.notice.recipients[at]);
    let tell = |(forms, categories): (Vec<Form>, Vec<CategoryId>)| Change {
        data: keys(both.new, &categories),
        whom: format!("`{}`", later.name.value),
        purpose: None,
        before: if old.is_some() { "not permitted" } else { "not named" }.to_owned(),
        after: format!("permitted {}", in_forms(&forms)),
        at: permit_span(both, later, &categories),
        was_at: old.map(|old| old.name.span),
        promise: old.and_then(|old| old.promise.clone()),
        consent: consent.clone(),
    };
    newly.into_iter().map(tell).collect()
}

/// What a rule about a role, or an entry for all of it, refused and nothing about the role refuses any more.
fn by_role(both: &Both<'_>, role: Role) -> Vec<Change> {
    let whom = match judge::is_own_end(role) {
        true => datamap::Recipient::Own,
        false => datamap::Recipient::Undeclared { name: String::new(), role: Some(role) },
    };
    let mut ground: Option<(Span, Option<Promise>)> = None;
    let newly = newly(both, |category, form| {
        let was = verdict(both.old, &whom, role, before(both, category), form);
        let is = verdict(both.new, &whom, role, category, form);
        // An entry for all of a role is compared by name, as long as there is one.
        let is_new = match was {
            Verdict::Forbidden { .. } => !matches!(is, Verdict::Forbidden { .. }),
            Verdict::NotListed { .. } => is == Verdict::Unsaid,
            _ => false,
        };
        if is_new && ground.is_none() {
            let said = judge::ground(both.old.notice, was);
            ground = said.map(|(span, _, promise)| (span, promise.cloned()));
        }
        is_new
    });
    let consent = both.consent(role, None);
    let tell = |(forms, categories): (Vec<Form>, Vec<CategoryId>)| Change {
        data: keys(both.new, &categories),
        whom: role.any(),
        purpose: None,
        before: "forbidden".to_owned(),
        after: format!("no longer forbidden {}", in_forms(&forms)),
        at: both.nowhere(),
        was_at: ground.as_ref().map(|(span, _)| *span),
        promise: ground.as_ref().and_then(|(_, promise)| promise.clone()),
        consent: consent.clone(),
    };
    newly.into_iter().map(tell).collect()
}

/// Categories that are new in some form, grouped by their forms.
fn newly(both: &Both<'_>, mut is_new: impl FnMut(CategoryId, Form) -> bool) -> Newly {
    let mut groups: Newly = Vec::new();
    for (category, _) in both.new.taxonomy.iter() {
        let forms: Vec<Form> =
            Form::WORDS.iter().map(|(_, form)| *form).filter(|form| is_new(category, *form)).collect();
        if forms.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == forms) {
            Some((_, categories)) => categories.push(category),
            None => groups.push((forms, vec![category])),
        }
    }
    groups
}

fn permits(
    version: Version<'_>,
    whom: &datamap::Recipient,
    role: Role,
    category: CategoryId,
    form: Form,
) -> bool {
    matches!(verdict(version, whom, role, category, form), Verdict::Permitted { .. })
}

fn verdict(
    version: Version<'_>,
    whom: &datamap::Recipient,
    role: Role,
    category: CategoryId,
    form: Form,
) -> Verdict {
    judge::verdict(version.notice, version.taxonomy, whom, Some(role), category, form)
}

/// A category as the earlier version knows it: what it said of the one above it said of one that it did not know.
pub(super) fn before(both: &Both<'_>, category: CategoryId) -> CategoryId {
    let mut key = both.new.taxonomy.get(category).key.as_str();
    loop {
        if let Some(known) = both.old.taxonomy.find(key) {
            return known;
        }
        match key.rsplit_once('.') {
            Some((above, _)) => key = above,
            // All keys lie below one that is built in.
            None => return category,
        }
    }
}

/// The keys of those whose parents are not among them.
pub(super) fn keys(version: Version<'_>, categories: &[CategoryId]) -> Vec<String> {
    let is_top = |id: &&CategoryId| version.taxonomy.parent(**id).is_none_or(|up| !categories.contains(&up));
    categories.iter().filter(is_top).map(|id| version.taxonomy.get(*id).key.clone()).collect()
}

/// The permit that lets the first of them through.
fn permit_span(both: &Both<'_>, later: &Recipient, categories: &[CategoryId]) -> Span {
    let covers = |category: &CategoryId| {
        let permits = later.may_receive.as_ref()?;
        permits.iter().find(|p| both.new.taxonomy.is_within(*category, p.category)).map(|p| p.span)
    };
    categories.iter().find_map(covers).unwrap_or(later.name.span)
}
