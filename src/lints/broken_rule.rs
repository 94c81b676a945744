//! A rule of the user that no other lint stands for.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "broken_rule",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("broken_rule"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |breach: &sharing::Breach<'_>| {
        format!("a rule of the notice keeps this from {}: {}", breach.whom(), breach.names())
    };
    sharing::check(map, &LINT, message, out);
}
