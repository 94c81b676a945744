//! Two statements of a notice that cannot both hold, by whom, what data, in which form they speak of. Knows no code.
//!
//! An exception by narrowing is none: who may receive device data and never the address of the device may receive the
//! rest. What is permitted has to be forbidden as a whole.

use super::{Matter, is_never, is_only};
use crate::notice::{Form, Named, Notice, Permit, Promise, Recipient, Rule};
use crate::source::Span;
use crate::taxonomy::{CategoryId, Taxonomy};

/// One of the two statements.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// Where it stands.
    pub span: Span,
    /// What it says, in words.
    pub says: String,
    /// The sentence behind it.
    pub promise: Option<Promise>,
}

/// Two statements that cannot both hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// What they disagree on, in words.
    pub about: String,
    /// The one that stands first in order of reading.
    pub first: Side,
    /// The other, at which the conflict is reported.
    pub second: Side,
}

/// All conflicts of a notice, in the order of their second statements.
#[must_use]
pub fn conflicts(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Conflict> {
    let mut all = permits(notice, taxonomy);
    all.extend(rules(notice, taxonomy));
    all.extend(hosts(notice));
    all.extend(transforms(notice));
    all.extend(data(notice));
    all.extend(answers(notice));
    all.extend(cookies(notice));
    all.sort_by_key(|conflict| (conflict.second.span, conflict.first.span));
    all
}

/// What a recipient is granted by name and refused by a rule.
fn permits(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Conflict> {
    let mut found = Vec::new();
    for recipient in &notice.recipients {
        // What is kept back of some people's data narrows a grant, and does not contradict it.
        for rule in notice.rules.iter().filter(|rule| rule.of.is_empty() && is_about(rule, recipient)) {
            let granted = recipient.may_receive.iter().flatten();
            let refused = granted.filter(|permit| refuses(taxonomy, rule, recipient, permit));
            found.extend(refused.map(|permit| {
                let key = &taxonomy.get(permit.category).key;
                let name = &recipient.name.value;
                Conflict {
                    about: format!("`{name}` may receive {key} and may not"),
                    first: of_rule(rule, "this rule forbids it"),
                    second: Side {
                        span: permit.span,
                        says: format!("`{name}` may receive it"),
                        promise: recipient.promise.clone(),
                    },
                }
            }));
        }
    }
    found
}

fn is_about(rule: &Rule, recipient: &Recipient) -> bool {
    rule.to.role.is_none_or(|role| role == recipient.role)
        && rule.to.recipient.as_ref().is_none_or(|name| name.value == recipient.name.value)
}

/// Whether a rule leaves nothing of a permit. What is admitted to a role is no refusal to one who is named: of two lists
/// of what may go there, the one by name is the closer.
pub(super) fn refuses(taxonomy: &Taxonomy, rule: &Rule, recipient: &Recipient, permit: &Permit) -> bool {
    let named = rule.to.recipient.as_ref().is_some_and(|name| name.value == recipient.name.value);
    all_matters(taxonomy, permit.category, &permit.forms).all(|matter| {
        rule.never.as_ref().is_some_and(|never| is_never(taxonomy, never, matter))
            || (named && rule.only.as_ref().is_some_and(|only| !is_only(taxonomy, only, matter)))
    })
}

/// A category and those below it, in the forms named; in clear where none is, since that is what is then meant first.
fn all_matters<'a>(
    taxonomy: &'a Taxonomy,
    category: CategoryId,
    forms: &'a [Form],
) -> impl Iterator<Item = Matter> + 'a {
    let forms = if forms.is_empty() { &[Form::Clear] } else { forms };
    let within = taxonomy.iter().map(|(id, _)| id).filter(move |id| taxonomy.is_within(*id, category));
    within.flat_map(move |category| forms.iter().map(move |form| Matter { category, form: *form }))
}

/// Rules about the same recipients of which one admits nothing but what the other refuses.
fn rules(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (at, later) in notice.rules.iter().enumerate() {
        let before = notice.rules[..at].iter().filter(|rule| is_same_scope(rule, later));
        for earlier in before.filter(|earlier| leaves_nothing(taxonomy, earlier, later)) {
            found.push(Conflict {
                about: format!("nothing is left that {} may receive", later.whom()),
                first: of_rule(earlier, "this rule admits something else, or forbids what the other admits"),
                second: of_rule(later, "with this rule nothing is left"),
            });
        }
    }
    found
}

fn is_same_scope(a: &Rule, b: &Rule) -> bool {
    let name = |rule: &Rule| rule.to.recipient.as_ref().map(|name| name.value.clone());
    let of = |rule: &Rule| rule.of.iter().map(crate::notice::PathPattern::text).collect::<Vec<_>>();
    a.to.role == b.to.role && name(a) == name(b) && of(a) == of(b)
}

fn leaves_nothing(taxonomy: &Taxonomy, a: &Rule, b: &Rule) -> bool {
    let admits = |rule: &Rule, matter| {
        rule.only.as_ref().is_none_or(|only| is_only(taxonomy, only, matter))
            && !rule.never.as_ref().is_some_and(|never| is_never(taxonomy, never, matter))
    };
    let left = |rules: &[&Rule]| {
        let forms = Form::WORDS.iter().map(|(_, form)| *form);
        let mut matters = taxonomy
            .iter()
            .flat_map(|(category, _)| forms.clone().map(move |form| Matter { category, form }));
        matters.any(|matter| rules.iter().all(|rule| admits(rule, matter)))
    };
    // A rule that by itself leaves nothing says so; only two that each leave something disagree.
    (a.only.is_some() || b.only.is_some()) && left(&[a]) && left(&[b]) && !left(&[a, b])
}

/// One host under two names that may receive different things.
fn hosts(notice: &Notice) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (at, later) in notice.recipients.iter().enumerate() {
        for earlier in notice.recipients[..at].iter().filter(|earlier| !is_granted_alike(earlier, later)) {
            let same = later.hosts.iter().find_map(|host| {
                earlier.hosts.iter().find(|known| known.value == host.value).map(|known| (known, host))
            });
            let Some((known, host)) = same else { continue };
            let side = |recipient: &Recipient, span| Side {
                span,
                says: format!("this is `{}`", recipient.name.value),
                promise: recipient.promise.clone(),
            };
            found.push(Conflict {
                about: format!("`{}` is two recipients that may receive different things", host.value),
                first: side(earlier, known.span),
                second: side(later, host.span),
            });
        }
    }
    found
}

fn is_granted_alike(a: &Recipient, b: &Recipient) -> bool {
    let granted = |recipient: &Recipient| {
        let permits = recipient.may_receive.as_ref()?;
        let mut listed: Vec<_> = permits.iter().map(|p| (p.category, p.forms.clone())).collect();
        listed.sort();
        Some(listed)
    };
    // Calls tell apart what a shared host does not.
    let by_calls = !a.calls.is_empty() || !b.calls.is_empty();
    by_calls || (a.role == b.role && granted(a) == granted(b))
}

/// One function that is said to make two things of what goes through it.
fn transforms(notice: &Notice) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (at, later) in notice.transforms.iter().enumerate() {
        for earlier in notice.transforms[..at].iter().filter(|earlier| earlier.makes != later.makes) {
            let same = later.calls.iter().find_map(|call| {
                earlier.calls.iter().find(|known| known.segments == call.segments).map(|known| (known, call))
            });
            let Some((known, call)) = same else { continue };
            let side = |span, makes: crate::notice::Makes| Side {
                span,
                says: format!("makes it `{}`", makes.word()),
                promise: None,
            };
            found.push(Conflict {
                about: format!("`{}` makes two different things of its data", call.text()),
                first: side(known.span, earlier.makes),
                second: side(call.span, later.makes),
            });
        }
    }
    found
}

/// One place that is personal data and none.
fn data(notice: &Notice) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (at, later) in notice.data.iter().enumerate() {
        let same = |known: &&crate::notice::Data| known.path.segments == later.path.segments;
        let earlier = notice.data[..at].iter().filter(same);
        for known in earlier.filter(|known| known.category.is_none() != later.category.is_none()) {
            let side = |entry: &crate::notice::Data| Side {
                span: entry.path.span,
                says: if entry.category.is_none() { "this says `none`" } else { "this gives it a category" }
                    .to_owned(),
                promise: None,
            };
            found.push(Conflict {
                about: format!("`{}` is personal data and is none", later.path.text()),
                first: side(known),
                second: side(later),
            });
        }
    }
    found
}

/// One function whose yes grants a choice and refuses it.
fn answers(notice: &Notice) -> Vec<Conflict> {
    let mut found = Vec::new();
    for choice in &notice.choices {
        for refusing in &choice.refused_by {
            let same = choice.checked_by.iter().find(|asking| asking.segments == refusing.segments);
            found.extend(same.map(|asking| {
                let side =
                    |span, says: &str| Side { span, says: says.to_owned(), promise: choice.promise.clone() };
                let about =
                    format!("a yes of `{}` grants `{}` and refuses it", refusing.text(), choice.name.value);
                Conflict {
                    about,
                    first: side(asking.span, "its yes grants"),
                    second: side(refusing.span, "its yes refuses"),
                }
            }));
        }
    }
    found
}

/// Cookies that are set whatever is chosen, and after a choice only.
fn cookies(notice: &Notice) -> Vec<Conflict> {
    let essential = notice.cookies.iter().filter(|cookie| cookie.essential);
    let asking = essential.filter_map(|cookie| Some((cookie, cookie.requires.first()?)));
    asking
        .map(|(cookie, choice)| {
            let side =
                |span, says: &str| Side { span, says: says.to_owned(), promise: cookie.promise.clone() };
            Conflict {
                about: format!("the cookie `{}` is set without asking and after asking", cookie.name.value),
                first: side(cookie.name.span, "this cookie is essential, so nobody is asked"),
                second: side(choice.span, "this choice is asked before it is set"),
            }
        })
        .collect()
}

fn of_rule(rule: &Rule, says: &str) -> Side {
    Side { span: rule.span, says: says.to_owned(), promise: rule.promise.clone() }
}
