//! The recipient is named, and this is not among what it may receive.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "undeclared_sharing",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("undeclared_sharing"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |breach: &sharing::Breach<'_>| {
        format!("{} receives what the notice does not grant it: {}", breach.whom(), breach.names())
    };
    sharing::check(map, &LINT, message, out);
}
