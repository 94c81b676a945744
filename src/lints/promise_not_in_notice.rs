//! A quoted promise that the published text does not contain. The prose is searched when the notice is loaded, where its
//! text is at hand.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "promise_not_in_notice",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("promise_not_in_notice"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    report::pass_on(map, &LINT, out);
}
