//! Data that leaves for a URL or a client of which nobody can tell whose it is.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "unknown_recipient",
    group: Group::Sharing,
    level: LintLevel::Warn,
    page: page!("unknown_recipient"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for breach in sharing::breaches(map, &LINT) {
        let message =
            format!("personal data leaves for an unknown recipient, {}: {}", breach.whom(), breach.names());
        let name = "name it: a URL that begins with a constant host is resolved, and one from an environment variable where \
                    the `hosts` of a `[[recipient]]` have it as `${NAME}`; else put the call into a function of your \
                    own and give that as `calls`";
        out.push(breach.finding(&LINT, message).help(name));
    }
}
