//! Data sent to an advertising company on a way that never asks whether the person opted out.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "advertising_without_opt_out",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("advertising_without_opt_out"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!("{} is sent data without asking `{}`{}", missed.whom, missed.asked(), missed.names())
    };
    asking::check(map, &LINT, message, out);
}
