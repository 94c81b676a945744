//! An annotated category that the notice does not say is collected.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{Basis, DataMap, Declaration};
use crate::diagnostic::Diagnostic;
use crate::taxonomy::CategoryId;

pub(super) static LINT: Lint = Lint {
    name: "undeclared_collection",
    group: Group::Collection,
    level: LintLevel::Warn,
    page: page!("undeclared_collection"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let undeclared = map.declarations.iter().filter_map(|declared| {
        let category = declared.category?;
        is_undeclared(map, declared, category).then(|| tell(map, declared, category))
    });
    out.extend(undeclared);
}

/// A notice that says nothing of what is collected is not taken at its word; nor is what only looks personal.
fn is_undeclared(map: &DataMap, declared: &Declaration, category: CategoryId) -> bool {
    let notice = map.notice(declared.notice);
    let said = matches!(declared.basis, Basis::Annotated | Basis::Notice(_));
    let mut collected = notice.collects.iter().flat_map(|collect| &collect.categories).map(|c| c.value);
    let cookies = || notice.cookies.iter().map(|cookie| cookie.category);
    said && !notice.collects.is_empty()
        && !collected.any(|known| map.taxonomy.is_within(category, known))
        && !cookies().any(|known| map.taxonomy.is_within(category, known))
}

fn tell(map: &DataMap, declared: &Declaration, category: CategoryId) -> Diagnostic {
    let key = &map.taxonomy.get(category).key;
    let message = format!("the notice does not say that {key} is collected: `{}`", declared.path);
    report::on(&LINT, message, declared.span)
        .labelled(format!("declared: `{}` is {key}", declared.path))
        .help(format!("declare it: name {key:?} in a `[[collect]]` of the notice"))
        .help("stop it: do not ask for it")
        .help(report::reclassify())
}
