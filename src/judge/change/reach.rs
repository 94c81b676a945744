//! Deletion and access that reached more, or that did not wait for a term. What they reach is told by what is written: a
//! category covers those below it.

use super::obligations::dropped;
use super::{Both, Change, OWN_USE};
use crate::notice::Reach;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let (old, new) = (both.old.notice, both.new.notice);
    let mut all = of(both, ("erasure", "deletion"), &old.erasures, &new.erasures);
    all.extend(of(both, ("access", "access"), &old.accesses, &new.accesses));
    all
}

/// A thing that is reached; all that is stored where none is named.
type Target<'a> = Option<&'a str>;

fn of(both: &Both<'_>, (table, what): (&str, &str), old: &[Reach], new: &[Reach]) -> Vec<Change> {
    let mut all = Vec::new();
    for earlier in old {
        let name = |r: &Reach| r.name.as_ref().map(|name| name.value.clone());
        let at = new.iter().find(|later| name(later) == name(earlier)).map(|later| later.span);
        let mut tell = |before: String, after: &str| {
            let (at, promise) = (at.unwrap_or(both.nowhere()), earlier.promise.as_ref());
            all.push(dropped(OWN_USE.to_owned(), before, after, at, earlier.span, promise));
        };
        let targets: Vec<Target<'_>> = match earlier.of.is_empty() {
            true => vec![None],
            false => earlier.of.iter().map(|of| Some(of.value.as_str())).collect(),
        };
        let lost: Vec<&str> =
            targets.iter().filter(|t| reaching(both, new, **t).is_empty()).map(word).collect();
        let waits = |reach: &Reach| reach.when_older_than.is_some();
        let otherwise = |target: &Target<'_>| {
            reaching(both, new, *target).iter().all(|later| waits(later) != waits(earlier))
        };
        if !lost.is_empty() {
            tell(format!("{what} reaches {}", lost.join(", ")), &format!("no `[[{table}]]` reaches it"));
        } else if targets.iter().any(otherwise) {
            match earlier.when_older_than {
                Some(_) => tell("kept for a limited time".to_owned(), "no limit named"),
                None => tell(format!("{what} whatever its age"), "of what is old only"),
            }
        }
    }
    all
}

fn word<'a>(target: &Target<'a>) -> &'a str {
    target.unwrap_or("all that is stored")
}

fn reaching<'a>(both: &Both<'_>, new: &'a [Reach], target: Target<'_>) -> Vec<&'a Reach> {
    new.iter().filter(|later| reaches(both, later, target)).collect()
}

fn reaches(both: &Both<'_>, later: &Reach, target: Target<'_>) -> bool {
    let Some(target) = target else { return later.of.is_empty() };
    let category = both.new.taxonomy.find(target);
    let covers = |of: &str| {
        let above = both.new.taxonomy.find(of);
        of == target || category.zip(above).is_some_and(|(a, b)| both.new.taxonomy.is_within(a, b))
    };
    later.of.is_empty() || later.of.iter().any(|of| covers(&of.value))
}
