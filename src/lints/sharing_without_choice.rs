//! Data shared on a way that never asks the choice that the notice makes sharing depend on.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "sharing_without_choice",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("sharing_without_choice"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!("{} receives data without the choice `{}`{}", missed.whom, missed.asked(), missed.names())
    };
    asking::check(map, &LINT, message, out);
}
