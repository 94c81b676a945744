//! A path in the notice that names nothing: what rests on it can never fire.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{Broken, DataMap};
use crate::diagnostic::{Diagnostic, Fix};

pub(super) static LINT: Lint = Lint {
    name: "unresolved_rule_path",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("unresolved_rule_path"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for broken in &map.broken {
        let Broken::UnresolvedPath { written, span, suggestion, why, .. } = broken else { continue };
        let message = format!("the notice names `{}`, which is not in the code", written.escape_debug());
        let mut found = report::on(&LINT, message, *span)
            .labelled(why.as_deref().unwrap_or("no function, type, field or module has this path"))
            .help("declare it: write the path as the code has it now")
            .help("stop it: take the path out, if nothing is left that it named")
            .help(report::allow_all(&LINT))
            .note("what rests on a path that names nothing can never fire");
        if let Some(meant) = suggestion {
            found.helps.push(format!("did you mean `{meant}`?"));
            let edits = vec![(*span, format!("\"{meant}\""))];
            found.fixes.push(Fix { title: format!("write `{meant}`"), edits, machine_applicable: false });
        }
        out.push(found);
    }
}
