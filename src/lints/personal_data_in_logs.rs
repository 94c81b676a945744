//! Personal data in a log, a trace, on stdout or stderr. Credentials have a lint of their own.

use super::{Group, Lint, LintLevel, permission, report};
use crate::datamap::{Channel, DataMap};
use crate::diagnostic::Diagnostic;
use crate::taxonomy::Sensitivity;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_logs",
    group: Group::Logging,
    level: LintLevel::Deny,
    page: page!("personal_data_in_logs"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in map.flows.iter().filter(|flow| flow.channel == Channel::Log) {
        let personal = |datum: &&_| !report::is_of(map, datum, Sensitivity::Credential);
        let data: Vec<_> = permission::exposed(map, flow).filter(personal).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("personal data in a log: {}", report::names(map, &data));
        out.push(report::finding(map, &LINT, flow, &data, message, permission::citation(map, flow)));
    }
}
