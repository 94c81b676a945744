//! More than the advertising identifier and the event in a call that measures advertising.

use super::report::{self, Citation};
use super::{Group, Lint, LintLevel};
use crate::datamap::{DataMap, Datum, Flow, Recipient};
use crate::diagnostic::Diagnostic;
use crate::judge::{self, purpose};
use crate::notice::{Form, Role};

pub(super) static LINT: Lint = Lint {
    name: "excess_conversion_data",
    group: Group::Advertising,
    level: LintLevel::Warn,
    page: page!("excess_conversion_data"),
    check,
};

/// The data use of measuring advertising.
const MEASUREMENT: &str = "analytics.reporting.ad_performance";

/// What an event may say: under which identifier it happened, and what it was.
const EVENT: [&str; 3] = ["user.device.advertising_id", "user.device.cookie_id", "user.behavior"];

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in map
        .flows
        .iter()
        .filter(|flow| judge::end_of(map.notice(flow.notice), flow).1 == Some(Role::AdCompany))
    {
        let Some(cite) = measures(map, flow) else { continue };
        // What is not permitted at all is reported as that.
        let excess = |datum: &&Datum| {
            datum.form != Form::Aggregated
                && !is_event(map, datum)
                && judge::reported_by(map, flow, datum).is_none()
        };
        let data: Vec<&Datum> = flow.data.iter().filter(excess).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("more than the event in a conversion call: {}", report::names(map, &data));
        let found = report::bare(map, &LINT, flow, &data, message, Some(cite));
        let declare = "declare it: if it is for more than measuring, name that purpose, in the `for` of the recipient or at the code";
        out.push(found.help(declare).help(report::stop(flow)).help(report::reclassify()));
    }
}

/// What says that a flow measures advertising: what its code serves, or what its recipient is for.
fn measures(map: &DataMap, flow: &Flow) -> Option<Citation> {
    let notice = map.notice(flow.notice);
    let label = "this measures advertising".to_owned();
    let serving = map.servings_of(&flow.item).find(|s| purpose::is_use(notice, &s.purpose, MEASUREMENT));
    if let Some(serving) = serving {
        return Some(Citation { rule: serving.span, label, promise: None });
    }
    let Recipient::Declared(index) = flow.recipient else { return None };
    let recipient = notice.recipients.get(index)?;
    let only = !recipient.purposes.is_empty()
        && recipient.purposes.iter().all(|name| purpose::is_use(notice, &name.value, MEASUREMENT));
    only.then(|| Citation { rule: recipient.purposes[0].span, label, promise: recipient.promise.clone() })
}

fn is_event(map: &DataMap, datum: &Datum) -> bool {
    let within =
        |key: &str| map.taxonomy.find(key).is_some_and(|above| map.taxonomy.is_within(datum.category, above));
    EVENT.into_iter().any(within)
}
