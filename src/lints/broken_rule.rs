//! A rule of the user, or a condition of a recipient, that no other lint stands for.

use super::{Group, Lint, LintLevel, keeping, sharing};
use crate::datamap::{Condition, DataMap};
use crate::diagnostic::Diagnostic;
use crate::notice::Role;

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
    let is_own = |entry: &crate::notice::Recipient, condition| {
        condition == Condition::Address || entry.role != Role::Successor
    };
    keeping::check(map, &LINT, is_own, out);
}
