//! Personal data in a log, a trace, on stdout or stderr. Credentials have a lint of their own.

use super::{Group, Lint, LintLevel, exposure, report};
use crate::datamap::{Channel, DataMap};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_logs",
    group: Group::Logging,
    level: LintLevel::Deny,
    page: page!("personal_data_in_logs"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    exposure::check(
        map,
        (&LINT, Channel::Log, "personal data in a log"),
        |datum| !report::is_credential(map, datum),
        out,
    );
}
