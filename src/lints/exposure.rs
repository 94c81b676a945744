//! Data that becomes visible at an end of the program's own that has no leave to see it: a log, an error, metrics, crash
//! reports. Knows one flow and what the notice says of it; whether third parties may have data is `sharing`'s.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{Channel, DataMap, Datum, Flow};
use crate::diagnostic::Diagnostic;
use crate::judge::{self, Verdict};
use crate::notice::{Form, Notice, Role, Rule};

/// Reports, for each flow into a channel, the wanted data that arrive without leave.
pub(super) fn check(
    map: &DataMap,
    (lint, channel, what): (&Lint, Channel, &str),
    wanted: impl Fn(&Datum) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    for flow in map.flows.iter().filter(|flow| flow.channel == channel) {
        let exposed = |datum| verdict_on(map, flow, datum).map(|verdict| (datum, verdict));
        let (data, verdicts): (Vec<_>, Vec<_>) =
            flow.data.iter().filter(|datum| wanted(datum)).filter_map(exposed).unzip();
        if !data.is_empty() {
            let message = format!("{what}: {}", report::names(map, &data));
            let cite = citation(map.notice(flow.notice), &verdicts);
            let found = report::finding(map, lint, flow, &data, message, cite);
            let said = data.iter().copied().zip(verdicts.iter().copied());
            out.push(report::classified(found, map, flow, said));
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

/// Why a datum may not arrive there as it is; `None` where it may. A protected form needs no leave, and only a rule that
/// speaks of forms can refuse it.
fn verdict_on(map: &DataMap, flow: &Flow, datum: &Datum) -> Option<Verdict> {
    let notice = map.notice(flow.notice);
    let role = flow.role.or_else(|| role_of(flow.channel));
    let verdict = judge::verdict_of(map, flow, role, datum);
    match verdict {
        Verdict::Permitted { by: Some(_) } => None,
        Verdict::Forbidden { rule, .. } if notice.rules.get(rule).is_some_and(names_forms) => Some(verdict),
        _ => (!is_protected(datum.form)).then_some(verdict),
    }
}

fn names_forms(rule: &Rule) -> bool {
    [&rule.never, &rule.only].into_iter().flatten().any(|condition| !condition.forms.is_empty())
}

fn citation(notice: &Notice, verdicts: &[Verdict]) -> Option<Citation> {
    let (rule, label, promise) = verdicts.iter().find_map(|verdict| judge::ground(notice, *verdict))?;
    Some(Citation { rule, label, promise: promise.cloned() })
}

fn role_of(channel: Channel) -> Option<Role> {
    match channel {
        Channel::Log => Some(Role::Log),
        Channel::Metrics => Some(Role::Metrics),
        Channel::CrashReport => Some(Role::CrashReport),
        Channel::Error | Channel::Network | Channel::Storage | Channel::Response | Channel::AdIdentifier => {
            None
        }
    }
}
