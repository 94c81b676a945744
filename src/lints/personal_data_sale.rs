//! Personal data that goes to somebody who buys or sells it.

use super::{Group, Lint, LintLevel, handling, report};
use crate::datamap::{DataMap, Datum, Flow};
use crate::diagnostic::Diagnostic;
use crate::judge::{self, Verdict};
use crate::notice::Role;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_sale",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("personal_data_sale"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in map.flows.iter().filter(|flow| is_sale(map, flow)) {
        let data: Vec<_> = flow.data.iter().filter(|datum| !is_granted(map, flow, datum)).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("personal data sold to a data broker: {}", report::names(map, &data));
        let cite = data.iter().find_map(|datum| handling::ground(map, flow, datum));
        let found = report::bare(map, &LINT, flow, &data, message, cite);
        let declare = report::declare(map, flow, &data);
        let said = data.iter().map(|datum| (*datum, judge::verdict_of(map, flow, flow.role, datum)));
        let found = report::classified(found, map, flow, said);
        out.push(found.help(declare).help(report::stop(flow)).help(report::reclassify()));
    }
}

fn is_sale(map: &DataMap, flow: &Flow) -> bool {
    judge::end_of(map.notice(flow.notice), flow).1 == Some(Role::DataBroker)
}

/// Whether the notice says in so many words that this broker gets this.
fn is_granted(map: &DataMap, flow: &Flow, datum: &Datum) -> bool {
    let verdict = judge::verdict_of(map, flow, flow.role, datum);
    matches!(verdict, Verdict::Permitted { by: Some(_) })
}
