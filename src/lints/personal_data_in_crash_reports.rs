//! Personal data in what a crash report carries.

use super::{Group, Lint, LintLevel, exposure};
use crate::datamap::{Channel, DataMap};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_crash_reports",
    group: Group::Logging,
    level: LintLevel::Warn,
    page: page!("personal_data_in_crash_reports"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    exposure::check(map, (&LINT, Channel::CrashReport, "personal data in a crash report"), |_| true, out);
}
