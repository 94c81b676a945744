//! Data disclosed on a way on which nobody checked who asks for it.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "disclosure_without_identity_check",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("disclosure_without_identity_check"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!(
            "data is disclosed to {} without the identity check `{}`{}",
            missed.whom,
            missed.asked(),
            missed.names()
        )
    };
    asking::check(map, &LINT, message, out);
}
