//! Data that leaves for a host, an SDK or a client that the notice does not name.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "undeclared_recipient",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("undeclared_recipient"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |breach: &sharing::Breach<'_>| {
        format!(
            "personal data leaves for {}, which the notice does not name: {}",
            breach.whom(),
            breach.names()
        )
    };
    sharing::check(map, &LINT, message, out);
}
