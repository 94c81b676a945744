//! A use of data that the notice makes optional, on a way that never asks the setting.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "use_without_setting",
    group: Group::Rights,
    level: LintLevel::Warn,
    page: page!("use_without_setting"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!(
            "data is used for {} without asking the setting `{}`{}",
            missed.whom,
            missed.asked(),
            missed.names()
        )
    };
    asking::check(map, &LINT, message, out);
}
