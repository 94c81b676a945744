//! A stored category that no subject-access export reaches.

use super::{Group, Lint, LintLevel, reaching, report};
use crate::datamap::{DataMap, Right};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "inaccessible_personal_data",
    group: Group::Rights,
    level: LintLevel::Warn,
    page: page!("inaccessible_personal_data"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for unreached in &map.unreached {
        let Right::Access(at) = unreached.right else { continue };
        let Some(entry) = map.notice(unreached.notice).accesses.get(at) else { continue };
        let (what, roots) = (&unreached.what, reaching::roots(entry));
        let keys = report::keys_listed(&reaching::keys(map, unreached));
        let message = format!("`{what}` is stored, and {roots} hands out nothing of {keys}");
        let found = reaching::finding(map, &LINT, unreached, entry, message);
        let declare =
            "declare it: if another function hands it out, give the notice an `[[access]]` with that `root`";
        out.push(
            found
                .help(format!("stop it: hand it out on the way from {roots}, or do not store it"))
                .help(declare)
                .help(report::reclassify()),
        );
    }
}
