//! Data that becomes visible at an end that has no leave to see it: a log, an error, metrics, crash reports. Knows the
//! notice and one flow; who is a third party is judged elsewhere.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{Channel, DataMap, Datum, Flow, Recipient};
use crate::diagnostic::Diagnostic;
use crate::notice::{self, Form, Role, Rule};

/// Reports, for each flow into a channel, the wanted data that arrive neither protected nor permitted.
pub(super) fn check(
    map: &DataMap,
    (lint, channel, what): (&Lint, Channel, &str),
    wanted: impl Fn(&Datum) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    for flow in map.flows.iter().filter(|flow| flow.channel == channel) {
        let exposed = |datum: &&Datum| !is_protected(datum.form) && !is_permitted(map, flow, datum);
        let data: Vec<_> = flow.data.iter().filter(exposed).filter(|datum| wanted(datum)).collect();
        if !data.is_empty() {
            let message = format!("{what}: {}", report::names(map, &data));
            out.push(report::finding(map, lint, flow, &data, message, citation(map, flow)));
        }
    }
}

/// Whether this form hides the value from whoever reads it.
pub(super) fn is_protected(form: Form) -> bool {
    match form {
        Form::Masked | Form::KeyedHash | Form::Encrypted | Form::Aggregated => true,
        Form::Clear | Form::Hash => false,
    }
}

/// The first rule of the notice that is about this role and `holds`.
pub(super) fn rule(
    map: &DataMap,
    flow: &Flow,
    role: Role,
    holds: impl Fn(&Rule) -> bool,
) -> Option<Citation> {
    let rules = &map.notice(flow.notice).rules;
    let rule = rules.iter().find(|rule| rule.to.role == Some(role) && holds(rule))?;
    let label = "the rule of the notice".to_owned();
    Some(Citation { rule: rule.span, label, promise: rule.promise.clone() })
}

/// Whether a recipient of the notice that this flow reaches may receive the datum in its form.
fn is_permitted(map: &DataMap, flow: &Flow, datum: &Datum) -> bool {
    let permits = recipients(map, flow).filter_map(|recipient| recipient.may_receive.as_ref()).flatten();
    permits
        .filter(|permit| permit.forms.is_empty() || permit.forms.contains(&datum.form))
        .any(|permit| covers(&map.taxonomy.get(permit.category).key, &map.taxonomy.get(datum.category).key))
}

/// The entry of the notice that decides: the recipient's own, or the first rule for its role.
fn citation(map: &DataMap, flow: &Flow) -> Option<Citation> {
    let limits = |recipient: &&notice::Recipient| recipient.may_receive.is_some();
    if let Some(recipient) = recipients(map, flow).find(limits) {
        let label = format!("the notice says here what `{}` may receive", recipient.name.value);
        return Some(Citation { rule: recipient.span, label, promise: recipient.promise.clone() });
    }
    rule(map, flow, role(flow)?, |rule| rule.never.is_some() || rule.only.is_some())
}

fn recipients<'a>(map: &'a DataMap, flow: &Flow) -> impl Iterator<Item = &'a notice::Recipient> {
    let (named, role) = match flow.recipient {
        Recipient::Declared(index) => (Some(index), None),
        _ => (None, role(flow)),
    };
    let all = map.notice(flow.notice).recipients.iter().enumerate();
    all.filter(move |(index, recipient)| named.map_or(role == Some(recipient.role), |named| named == *index))
        .map(|(_, recipient)| recipient)
}

fn role(flow: &Flow) -> Option<Role> {
    flow.role.or(match flow.channel {
        Channel::Log => Some(Role::Log),
        Channel::Metrics => Some(Role::Metrics),
        Channel::CrashReport => Some(Role::CrashReport),
        _ => None,
    })
}

fn covers(wide: &str, narrow: &str) -> bool {
    narrow.strip_prefix(wide).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
