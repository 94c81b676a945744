//! What a recipient was bound to and is no longer: the kind of company that it is, what has to come along, who may be
//! addressed, the notice that a subsidiary follows; and limits on what may be done with some people's data.

use super::obligations::{dropped, gone, is_asked};
use super::{Both, Change, Pair, permits};
use crate::judge::{Matter, is_never, is_only};
use crate::notice::{AddressedBy, Choice, Form, Named, Notice, PathPattern, Recipient, Role, Rule};
use crate::source::Span;
use crate::taxonomy::Taxonomy;

pub(super) fn changes(both: &Both<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for pair in both.pairs().iter().filter(|pair| receives(pair.later)) {
        all.extend(kind(both, pair));
    }
    for pair in both.pairs().iter().chain(&both.moved()).filter(|pair| receives(pair.later)) {
        let lost = Lost { whom: format!("`{}`", pair.later.name.value), at: pair.later.name.span };
        all.extend(lost.subsidiary(pair));
        all.extend(lost.conditions(pair.earlier, Some(pair.later)));
    }
    for earlier in gone(both) {
        let lost = Lost { whom: format!("`{}`", earlier.name.value), at: both.nowhere() };
        all.extend(lost.conditions(earlier, None));
    }
    all.extend(limits(both));
    all
}

fn receives(recipient: &Recipient) -> bool {
    recipient.may_receive.as_ref().is_none_or(|permits| !permits.is_empty())
}

/// A recipient that is another kind of company now. What everybody could see goes to fewer under any other name, and what
/// the person concerned gets goes to nobody else.
fn kind(both: &Both<'_>, pair: &Pair<'_>) -> Option<Change> {
    let (earlier, later) = (pair.earlier, pair.later);
    let is_less = earlier.role == Role::Public || later.role == Role::DataSubject;
    if earlier.role == later.role || is_less {
        return None;
    }
    let before = format!("of role `{}`", earlier.role.word());
    let after = format!("of role `{}`", later.role.word());
    let (whom, promise) = (format!("`{}`", later.name.value), earlier.promise.as_ref());
    let consent = both.consent(later.role, Some(later));
    let change = dropped(whom, before, &after, later.name.span, earlier.name.span, promise);
    Some(Change { consent, ..change })
}

/// Whose conditions may be lost, and where that is told.
struct Lost {
    whom: String,
    at: Span,
}

impl Lost {
    fn tell(&self, earlier: &Recipient, before: String, after: &str) -> Change {
        dropped(self.whom.clone(), before, after, self.at, earlier.name.span, earlier.promise.as_ref())
    }

    fn subsidiary(&self, pair: &Pair<'_>) -> Option<Change> {
        let lost = pair.earlier.follows_notice == Some(true) && pair.later.follows_notice != Some(true);
        lost.then(|| self.tell(pair.earlier, "follows the notice".to_owned(), "not said to follow it"))
    }

    /// What has to come along, and what may address it.
    fn conditions(&self, earlier: &Recipient, later: Option<&Recipient>) -> Vec<Change> {
        let along = later.map_or(&[][..], |later| &later.together_with);
        let mut all: Vec<Change> = missing(&earlier.together_with, along)
            .map(|path| self.tell(earlier, format!("together with `{}` only", path.text()), "without it"))
            .collect();
        let Some(address) = &earlier.addressed_by else { return all };
        let is_kept = |later: &AddressedBy| missing(&later.from, &address.from).next().is_none();
        if !later.and_then(|later| later.addressed_by.as_ref()).is_some_and(is_kept) {
            let listed: Vec<String> = address.from.iter().map(|p| format!("`{}`", p.text())).collect();
            let before = format!("addressed by {} only", listed.join(", "));
            all.push(self.tell(earlier, before, "addressed otherwise"));
        }
        all
    }
}

/// The paths that are not among others.
fn missing<'a>(paths: &'a [PathPattern], among: &'a [PathPattern]) -> impl Iterator<Item = &'a PathPattern> {
    paths.iter().filter(|path| !among.iter().any(|known| known.segments == path.segments))
}

/// Rules about some people's data alone of which nothing as strict is left.
fn limits(both: &Both<'_>) -> Vec<Change> {
    let lost = both.old.notice.rules.iter().filter(|rule| !rule.of.is_empty() && !is_kept(both, rule));
    lost.map(|rule| {
        let before = "a rule limits what may be done with it".to_owned();
        dropped(rule.whom(), before, "no rule as strict", both.nowhere(), rule.span, rule.promise.as_ref())
    })
    .collect()
}

/// Whether rules about as many refuse as much and ask as much.
fn is_kept(both: &Both<'_>, rule: &Rule) -> bool {
    let as_many: Vec<&Rule> =
        both.new.notice.rules.iter().filter(|later| is_about_as_many(later, rule)).collect();
    let asked = named(both.new.notice, as_many.iter().copied());
    let is_asked = named(both.old.notice, [rule]).iter().all(|choice| is_asked(both, choice, &asked));
    let forms = || Form::WORDS.iter().map(|(_, form)| *form);
    let mut matters = both.new.taxonomy.iter().flat_map(|(category, _)| forms().map(move |f| (category, f)));
    let is_refused = |(category, form)| {
        let was = Matter { category: permits::before(both, category), form };
        let is = Matter { category, form };
        !refuses(both.old.taxonomy, rule, was)
            || as_many.iter().any(|later| refuses(both.new.taxonomy, later, is))
    };
    is_asked && matters.all(is_refused)
}

fn is_about_as_many(later: &Rule, earlier: &Rule) -> bool {
    let name = |rule: &Rule| rule.to.recipient.as_ref().map(|name| name.value.clone());
    (later.to.role.is_none() || later.to.role == earlier.to.role)
        && (later.to.recipient.is_none() || name(later) == name(earlier))
        && (later.of.is_empty() || missing(&earlier.of, &later.of).next().is_none())
}

fn refuses(taxonomy: &Taxonomy, rule: &Rule, matter: Matter) -> bool {
    rule.never.as_ref().is_some_and(|never| is_never(taxonomy, never, matter))
        || rule.only.as_ref().is_some_and(|only| !is_only(taxonomy, only, matter))
}

fn named<'a>(notice: &'a Notice, rules: impl IntoIterator<Item = &'a Rule>) -> Vec<&'a Choice> {
    let names: Vec<&str> =
        rules.into_iter().flat_map(|rule| &rule.requires).map(|name| name.value.as_str()).collect();
    notice.choices.iter().filter(|choice| names.contains(&choice.name.value.as_str())).collect()
}
