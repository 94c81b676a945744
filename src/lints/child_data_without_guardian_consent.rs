//! A child's data stored or shared on a way that never asks for a guardian's consent.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "child_data_without_guardian_consent",
    group: Group::Collection,
    level: LintLevel::Deny,
    page: page!("child_data_without_guardian_consent"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!(
            "data that needs a guardian's consent goes to {} without `{}`{}",
            missed.whom,
            missed.asked(),
            missed.names()
        )
    };
    asking::check(map, &LINT, message, out);
}
