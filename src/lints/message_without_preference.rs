//! A message sent on a way that never asks whether the person wants such messages.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "message_without_preference",
    group: Group::Rights,
    level: LintLevel::Deny,
    page: page!("message_without_preference"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!(
            "a message goes out by {} without asking the preference `{}`{}",
            missed.whom,
            missed.asked(),
            missed.names()
        )
    };
    asking::check(map, &LINT, message, out);
}
