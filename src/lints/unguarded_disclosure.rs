//! Data released to an authority or a fraud exchange on a way that does not go through what guards such releases.

use super::asking::{self, Missed};
use super::{Group, Lint, LintLevel};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "unguarded_disclosure",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("unguarded_disclosure"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |missed: &Missed<'_>| {
        format!("data is released to {} without `{}`{}", missed.whom, missed.asked(), missed.names())
    };
    asking::check(map, &LINT, message, out);
}
