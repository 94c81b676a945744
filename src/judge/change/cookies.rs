//! Cookies that could be refused, or that were set after a choice only. Which entry stood for which is told by names, as
//! a cookie is known by nothing else.

use super::obligations::{dropped, is_asked, no_longer_asked};
use super::{Both, Change, OWN_USE, permits, purposes};
use crate::notice::{Choice, Cookie, Notice, Role};

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for later in &both.new.notice.cookies {
        all.extend(newly_set(both, later));
        let Some(earlier) = earlier(both, later) else { continue };
        if later.essential && !earlier.essential {
            all.push(no_longer_refusable(earlier, later));
        } else {
            all.extend(choices(both, earlier, later));
        }
    }
    all
}

/// What the earlier version said of a cookie: under the same name, or under one that is gone and that stands for the same
/// cookies.
fn earlier<'a>(both: &Both<'a>, later: &Cookie) -> Option<&'a Cookie> {
    let (old, new) = (&both.old.notice.cookies, &both.new.notice.cookies);
    let by_name = old.iter().find(|earlier| earlier.name.value == later.name.value);
    let is_gone = |earlier: &Cookie| new.iter().all(|known| known.name.value != earlier.name.value);
    let covers = |earlier: &Cookie| later.names(&earlier.name.value) || earlier.names(&later.name.value);
    by_name.or_else(|| old.iter().find(|earlier| is_gone(earlier) && covers(earlier)))
}

/// A cookie that is set whoever objects, where none that covers it was. One that is gone and held the same may have had
/// another name. A version that says nothing of cookies nor of what is collected promises nothing of them either.
fn newly_set(both: &Both<'_>, later: &Cookie) -> Option<Change> {
    let old = both.old.notice;
    let is_silent = old.cookies.is_empty() && old.collects.is_empty();
    let is_gone =
        |earlier: &Cookie| both.new.notice.cookies.iter().all(|known| known.name.value != earlier.name.value);
    let known = permits::before(both, later.category);
    let is_broader =
        |earlier: &Cookie| later.names(&earlier.name.value) || is_pattern(later) != is_pattern(earlier);
    let is_renamed = |earlier: &Cookie| is_gone(earlier) && earlier.category == known && !is_broader(earlier);
    // What could be refused and no longer can is told as that.
    let covers = |earlier: &Cookie| earlier.names(&later.name.value) || is_renamed(earlier);
    if !later.essential || is_silent || old.cookies.iter().any(covers) {
        return None;
    }
    let is_collected = purposes::is_collected(both, later.category);
    let before = if is_collected { "not among the cookies" } else { "not collected" };
    Some(Change {
        data: permits::keys(both.new, &[later.category]),
        whom: OWN_USE.to_owned(),
        purpose: None,
        before: before.to_owned(),
        after: format!("in the cookie `{}`", later.name.value),
        at: later.name.span,
        was_at: None,
        promise: None,
        consent: both.consent(Role::Storage, None),
    })
}

fn is_pattern(cookie: &Cookie) -> bool {
    cookie.name.value.contains('*')
}

fn no_longer_refusable(earlier: &Cookie, later: &Cookie) -> Change {
    let before = format!("the cookie `{}` can be refused", later.name.value);
    let (at, was_at) = (later.name.span, earlier.name.span);
    dropped(OWN_USE.to_owned(), before, "it is essential", at, was_at, earlier.promise.as_ref())
}

/// Choices that were asked before a cookie was set. One that is not essential and names none still needs some choice, but
/// any will do.
fn choices(both: &Both<'_>, earlier: &Cookie, later: &Cookie) -> Vec<Change> {
    let asked = required(both.new.notice, later);
    let missing = required(both.old.notice, earlier).into_iter().filter(|c| !is_asked(both, c, &asked));
    let any_will_do = !later.essential && later.requires.is_empty();
    let tell = |choice: &Choice| {
        let whom = format!("the cookie `{}`", later.name.value);
        let change = no_longer_asked(&asked, choice, whom, later.name.span, earlier.promise.as_ref());
        match any_will_do {
            true => Change { after: "any choice will do".to_owned(), ..change },
            false => change,
        }
    };
    missing.map(tell).collect()
}

fn required<'a>(notice: &'a Notice, cookie: &Cookie) -> Vec<&'a Choice> {
    let is_named = |choice: &&Choice| cookie.requires.iter().any(|name| name.value == choice.name.value);
    notice.choices.iter().filter(is_named).collect()
}
