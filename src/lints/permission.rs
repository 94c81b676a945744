//! What the notice says of a flow to an end that needs no leave by default: a log, an error, metrics, crash reports.
//! Knows the notice and one flow; who is a third party is judged elsewhere.

use super::report::Citation;
use crate::datamap::{Channel, DataMap, Datum, Flow, Recipient};
use crate::notice::{self, Form, Role};

/// Whether this form hides the value from whoever reads it.
pub(super) fn is_protected(form: Form) -> bool {
    match form {
        Form::Masked | Form::KeyedHash | Form::Encrypted | Form::Aggregated => true,
        Form::Clear | Form::Hash => false,
    }
}

/// Whether a recipient of the notice that this flow reaches may receive the datum in its form.
pub(super) fn is_permitted(map: &DataMap, flow: &Flow, datum: &Datum) -> bool {
    let permits = recipients(map, flow).filter_map(|recipient| recipient.may_receive.as_ref()).flatten();
    permits
        .filter(|permit| permit.forms.is_empty() || permit.forms.contains(&datum.form))
        .any(|permit| covers(&map.taxonomy.get(permit.category).key, &map.taxonomy.get(datum.category).key))
}

/// The data of a flow that may not arrive there as they are: neither protected nor permitted.
pub(super) fn exposed<'a>(map: &'a DataMap, flow: &'a Flow) -> impl Iterator<Item = &'a Datum> {
    flow.data.iter().filter(move |datum| !is_protected(datum.form) && !is_permitted(map, flow, datum))
}

/// The entry of the notice that decides: the recipient's own, or the first rule for its role.
pub(super) fn citation(map: &DataMap, flow: &Flow) -> Option<Citation> {
    let limits = |recipient: &&notice::Recipient| recipient.may_receive.is_some();
    if let Some(recipient) = recipients(map, flow).find(limits) {
        let label = format!("the notice says here what `{}` may receive", recipient.name.value);
        return Some(Citation { rule: recipient.span, label, promise: recipient.promise.clone() });
    }
    let role = role(flow)?;
    let rule = map.notice(flow.notice).rules.iter().find(|rule| rule.to.role == Some(role))?;
    let label = "the rule of the notice".to_owned();
    Some(Citation { rule: rule.span, label, promise: rule.promise.clone() })
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
