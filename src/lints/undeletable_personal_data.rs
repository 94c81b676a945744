//! A stored type that no erasure path reaches.

use super::{Group, Lint, LintLevel, reaching, report};
use crate::datamap::{DataMap, Right};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "undeletable_personal_data",
    group: Group::Rights,
    level: LintLevel::Warn,
    page: page!("undeletable_personal_data"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for unreached in &map.unreached {
        let Right::Erasure(at) = unreached.right else { continue };
        let Some(entry) = map.notice(unreached.notice).erasures.get(at) else { continue };
        let (what, roots) = (&unreached.what, reaching::roots(entry));
        let keys = report::keys_listed(&reaching::keys(map, unreached));
        let data = if keys.is_empty() { String::new() } else { format!(" ({keys})") };
        let message = if unreached.ageless {
            format!("`{what}`{data} is deleted by {roots} whatever its age")
        } else {
            format!("`{what}`{data} is stored, and nothing that {roots} leads to deletes it")
        };
        let found = reaching::finding(map, &LINT, unreached, entry, message);
        let stop = if unreached.ageless {
            let now =
                entry.when_older_than.as_ref().map(crate::notice::PathPattern::text).unwrap_or_default();
            format!("stop it: let the deletion depend on a comparison with `{now}`")
        } else {
            format!("stop it: delete it on the way from {roots}, or do not store it")
        };
        let declare =
            "declare it: if it is deleted elsewhere, give the notice an `[[erasure]]` whose `root` is there";
        out.push(found.help(stop).help(declare).help(report::reclassify()));
    }
}
