//! A place that looks personal among others that are annotated.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{Basis, DataMap, Declaration};
use crate::diagnostic::{Diagnostic, Remedy};

pub(super) static LINT: Lint = Lint {
    name: "unannotated_personal_data",
    group: Group::Collection,
    level: LintLevel::Warn,
    page: page!("unannotated_personal_data"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    out.extend(map.unannotated.iter().filter_map(|place| tell(map, place)));
}

/// What is less than sure is left to `annotate`, which proposes and does not warn.
fn tell(map: &DataMap, place: &Declaration) -> Option<Diagnostic> {
    let Basis::Inferred { evidence, high: true } = &place.basis else { return None };
    let key = &map.taxonomy.get(place.category?).key;
    let message = format!("`{}` looks like {key} and is not annotated", place.path);
    let mut found = report::on(&LINT, message, place.span).labelled(format!("looks like {key}"));
    found.remedy = Some(Remedy::Annotate(key.clone()));
    let annotate = format!(
        "declare it: `#[cfg_attr(any(), personal_data({key}))]`, or `#[personal_data({key})]` where the \
                            companion crate is used"
    );
    Some(
        found
            .note(evidence.clone())
            .help(annotate)
            .help("stop it: do without the value")
            .help("reclassify it: if it is none, say so: `personal_data(none, reason = \"…\")`"),
    )
}
