//! What data may newly be used for: purposes of recipients and of what is collected. A purpose is what its data use is;
//! a broad one covers those below it.

use super::obligations::dropped;
use super::{Both, Change, OWN_USE, permits};
use crate::judge::purpose::is_within;
use crate::notice::{Collect, Notice, Role, SourceCalls, Spanned};
use crate::taxonomy::CategoryId;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all = of_recipients(both);
    all.extend(of_collection(both));
    all.extend(of_sources(both));
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
    let Some(first) = both.old.notice.collects.first() else { return Vec::new() };
    if both.new.notice.collects.is_empty() {
        let before = "says what is collected".to_owned();
        let (at, promise) = (both.nowhere(), first.promise.as_ref());
        return vec![dropped(OWN_USE.to_owned(), before, "nothing is said of it", at, first.span, promise)];
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
            let newly: Vec<CategoryId> = within.filter(|id| !is_collected_for(both, *id, asked)).collect();
            if !newly.is_empty() {
                all.push(collected(both, later, asked, &newly));
            }
        }
    }
    all
}

fn collected(both: &Both<'_>, later: &Collect, asked: Asked<'_>, newly: &[CategoryId]) -> Change {
    let covers = |c: &&Spanned<CategoryId>| newly.iter().any(|id| both.new.taxonomy.is_within(*id, c.value));
    let at = later.categories.iter().find(covers).map_or(later.span, |c| c.span);
    let known = newly.iter().all(|id| is_collected(both, *id));
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

/// Whether the earlier version said that this is collected, in a cookie or otherwise.
pub(super) fn is_collected(both: &Both<'_>, category: CategoryId) -> bool {
    collecting(both, category).next().is_some() || is_in_cookie(both, category)
}

fn is_in_cookie(both: &Both<'_>, category: CategoryId) -> bool {
    let (old, known) = (both.old, permits::before(both, category));
    old.notice.cookies.iter().any(|cookie| old.taxonomy.is_within(known, cookie.category))
}

/// Whether it said so for this purpose. Of what is only in cookies it does not say for what.
fn is_collected_for(both: &Both<'_>, category: CategoryId, asked: Asked<'_>) -> bool {
    let mut said = collecting(both, category).peekable();
    if said.peek().is_none() && asked.is_none() {
        return is_in_cookie(both, category);
    }
    said.any(|collect| collect.purposes.is_empty() || covers(both, &collect.purposes, asked))
}

/// What the earlier version said of collecting this.
fn collecting<'a>(both: &Both<'a>, category: CategoryId) -> impl Iterator<Item = &'a Collect> {
    let (old, known) = (both.old, permits::before(both, category));
    old.notice
        .collects
        .iter()
        .filter(move |collect| collect.categories.iter().any(|c| old.taxonomy.is_within(known, c.value)))
}

/// Limits on what something may be used for that comes from somewhere else: the source's, told apart by its calls or by
/// what it gives.
fn of_sources(both: &Both<'_>) -> Vec<Change> {
    let limited = both.old.notice.sources.iter().filter(|source| !source.purposes.is_empty());
    limited.filter_map(|earlier| of_source(both, earlier)).collect()
}

fn of_source(both: &Both<'_>, earlier: &SourceCalls) -> Option<Change> {
    let calls = |later: &&SourceCalls| {
        later.calls.iter().any(|call| earlier.calls.iter().any(|other| other.segments == call.segments))
    };
    let gives = |later: &&SourceCalls| permits::before(both, later.category) == earlier.category;
    let known = || both.new.notice.sources.iter();
    let later = known().find(calls).or_else(|| known().find(gives));
    let more = match later {
        Some(later) => {
            asked(&later.purposes).into_iter().find(|one| !covers(both, &earlier.purposes, *one))?
        }
        None => None,
    };
    let at = more.map(|name| name.span).or(later.map(|later| later.span));
    let calls: Vec<String> = earlier.calls.iter().map(|call| format!("`{}`", call.text())).collect();
    Some(Change {
        data: permits::keys(both.old, &[earlier.category]),
        whom: format!("what {} gives", calls.join(", ")),
        after: format!("for {}", word(more)),
        purpose: Some(word(more)),
        before: format!("for {} only", listed(&earlier.purposes)),
        at: at.unwrap_or(both.nowhere()),
        was_at: Some(earlier.span),
        promise: None,
        consent: both.consent(Role::Storage, None),
    })
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
