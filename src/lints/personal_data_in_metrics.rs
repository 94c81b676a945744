//! Personal data in a metric's name, label or tag.

use super::{Group, Lint, LintLevel, exposure};
use crate::datamap::{Channel, DataMap};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_metrics",
    group: Group::Logging,
    level: LintLevel::Warn,
    page: page!("personal_data_in_metrics"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    exposure::check(map, (&LINT, Channel::Metrics, "personal data in a metric"), |_| true, out);
}
