//! What data may newly be used for: purposes of recipients and of what is collected. A purpose is what its data use is;
//! a broad one covers those below it.

use super::{Both, Change, OWN_USE, permits};
use crate::judge::purpose::is_within;
use crate::notice::{Collect, Notice, Role, Spanned};
use crate::taxonomy::CategoryId;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all = of_recipients(both);
    all.extend(of_collection(both));
    all
}

/// `None` stands for any purpose.
type Asked<'a> = Option<&'a Spanned<String>>;

fn of_recipients(both: &Both<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for (_, later, earlier) in both.recipients() {
        let Some((_, earlier)) = earlier.filter(|(_, old)| !old.purposes.is_empty()) else { continue };
        for asked in
            asked(&later.purposes).into_iter().filter(|asked| !covers(both, &earlier.purposes, *asked))
        {
            all.push(Change {
                data: Vec::new(),
                whom: format!("`{}`", later.name.value),
                purpose: Some(word(asked)),
                before: format!("for {}", listed(&earlier.purposes)),
                after: format!("for {} as well", word(asked)),
                at: asked.map_or(later.name.span, |name| name.span),
                was_at: Some(earlier.purposes[0].span),
                promise: earlier.promise.clone(),
                consent: both.consent(later.role, Some(later)),
            });
        }
    }
    all
}

/// A version that says nothing of what is collected promises nothing of it either.
fn of_collection(both: &Both<'_>) -> Vec<Change> {
    if both.old.notice.collects.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for later in &both.new.notice.collects {
        for asked in asked(&later.purposes) {
            let within = both
                .new
                .taxonomy
                .iter()
                .map(|(id, _)| id)
                .filter(|id| later.categories.iter().any(|c| both.new.taxonomy.is_within(*id, c.value)));
            let newly: Vec<CategoryId> = within.filter(|id| !is_collected(both, *id, asked)).collect();
            if !newly.is_empty() {
                all.push(collected(both, later, asked, &newly));
            }
        }
    }
    all.extend(of_cookies(both));
    all
}

fn collected(both: &Both<'_>, later: &Collect, asked: Asked<'_>, newly: &[CategoryId]) -> Change {
    let covers = |c: &&Spanned<CategoryId>| newly.iter().any(|id| both.new.taxonomy.is_within(*id, c.value));
    let at = later.categories.iter().find(covers).map_or(later.span, |c| c.span);
    let known = newly.iter().all(|id| is_collected(both, *id, None));
    let before = if known { "for other purposes" } else { "not collected" };
    Change {
        data: permits::keys(both.new, newly),
        whom: OWN_USE.to_owned(),
        purpose: Some(word(asked)),
        before: before.to_owned(),
        after: format!("for {}", word(asked)),
        at: if known { asked.map_or(at, |name| name.span) } else { at },
        was_at: None,
        promise: None,
        consent: both.consent(Role::Storage, None),
    }
}

/// Cookies that are set whoever objects, of a category that was not collected.
fn of_cookies(both: &Both<'_>) -> Vec<Change> {
    let is_new = |category: &CategoryId| !is_collected(both, *category, None);
    let essential = both.new.notice.cookies.iter().filter(|cookie| cookie.essential);
    let change = |cookie: &crate::notice::Cookie| Change {
        data: permits::keys(both.new, &[cookie.category]),
        whom: OWN_USE.to_owned(),
        purpose: None,
        before: "not collected".to_owned(),
        after: format!("in the cookie `{}`", cookie.name.value),
        at: cookie.name.span,
        was_at: None,
        promise: None,
        consent: both.consent(Role::Storage, None),
    };
    essential.filter(|cookie| is_new(&cookie.category)).map(change).collect()
}

/// Whether the earlier version said that this is collected, for this purpose where one is asked after.
fn is_collected(both: &Both<'_>, category: CategoryId, asked: Asked<'_>) -> bool {
    let (old, known) = (both.old, permits::before(both, category));
    let about =
        |collect: &&Collect| collect.categories.iter().any(|c| old.taxonomy.is_within(known, c.value));
    let by_cookie =
        || asked.is_none() && old.notice.cookies.iter().any(|c| old.taxonomy.is_within(known, c.category));
    let for_it = |collect: &Collect| {
        asked.is_none() || collect.purposes.is_empty() || covers(both, &collect.purposes, asked)
    };
    old.notice.collects.iter().filter(about).any(for_it) || by_cookie()
}

fn asked(purposes: &[Spanned<String>]) -> Vec<Asked<'_>> {
    if purposes.is_empty() { vec![None] } else { purposes.iter().map(Some).collect() }
}

/// Whether one of the earlier purposes is this one, or a broader one.
fn covers(both: &Both<'_>, earlier: &[Spanned<String>], asked: Asked<'_>) -> bool {
    let Some(asked) = asked else { return false };
    let is_covered = |known: &Spanned<String>| match (
        data_use(both.old.notice, &known.value),
        data_use(both.new.notice, &asked.value),
    ) {
        (Some(known), Some(asked)) => is_within(asked, known),
        _ => known.value == asked.value,
    };
    earlier.iter().any(is_covered)
}

fn data_use<'a>(notice: &'a Notice, purpose: &str) -> Option<&'a str> {
    let declared = notice.purposes.iter().find(|known| known.name.value == purpose)?;
    declared.data_use.as_ref().map(|data_use| data_use.value.as_str())
}

fn word(asked: Asked<'_>) -> String {
    asked.map_or_else(|| "any purpose".to_owned(), |name| format!("`{}`", name.value))
}

fn listed(purposes: &[Spanned<String>]) -> String {
    let names: Vec<String> = purposes.iter().map(|name| format!("`{}`", name.value)).collect();
    names.join(", ")
}
