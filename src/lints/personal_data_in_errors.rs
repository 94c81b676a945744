//! Personal data, credentials included, in an error's message or payload, or in a panic.

use super::{Group, Lint, LintLevel, exposure};
use crate::datamap::{Channel, DataMap};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_errors",
    group: Group::Logging,
    level: LintLevel::Warn,
    page: page!("personal_data_in_errors"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    exposure::check(map, (&LINT, Channel::Error, "personal data in an error"), |_| true, out);
}
