//! A category, in an annotation or in the notice, that the taxonomy does not hold.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{Broken, DataMap};
use crate::diagnostic::Diagnostic;
use crate::notice::problem;
use crate::taxonomy::Unresolved;

pub(super) static LINT: Lint = Lint {
    name: "unknown_category",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("unknown_category"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for broken in &map.broken {
        if let Broken::UnknownCategory { written, span, suggestions, why } = broken {
            let unresolved = Unresolved::Unknown(suggestions.clone());
            let found = problem::unknown_category(written, *span, &unresolved, false);
            out.push(if why.is_empty() { found } else { found.labelled(why.clone()) });
        }
    }
    report::pass_on(map, &LINT, out);
}
