//! A derived `Debug` on a type with annotated fields: one `{:?}` away from a leak.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{DataMap, Declaration};
use crate::diagnostic::{Diagnostic, Label, LabelKind, Remedy, Subject};
use crate::source::Span;
use crate::taxonomy::CategoryId;

pub(super) static LINT: Lint = Lint {
    name: "derived_debug_on_personal_data",
    group: Group::Logging,
    level: LintLevel::Allow,
    page: page!("derived_debug_on_personal_data"),
    check,
};

/// A derive and the annotated fields that it prints.
struct Derived<'a> {
    debug: Span,
    fields: Vec<(&'a Declaration, CategoryId)>,
}

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    out.extend(derives(map).iter().map(|derived| tell(map, derived)));
}

/// The derives in the order of their first field.
fn derives(map: &DataMap) -> Vec<Derived<'_>> {
    let mut all: Vec<Derived<'_>> = Vec::new();
    for declaration in &map.declarations {
        let (Some(debug), Some(category)) = (declaration.derived_debug, declaration.category) else {
            continue;
        };
        match all.iter_mut().find(|derived| derived.debug == debug) {
            Some(known) => known.fields.push((declaration, category)),
            None => all.push(Derived { debug, fields: vec![(declaration, category)] }),
        }
    }
    all
}

fn tell(map: &DataMap, derived: &Derived<'_>) -> Diagnostic {
    let key = |category| map.taxonomy.get(category).key.as_str();
    let holder = derived.fields.iter().find_map(|(field, _)| field.holder.as_deref()).unwrap_or("the type");
    let named = derived.fields.iter().map(|(field, category)| (key(*category), field.path.as_str()));
    let message = format!("derived `Debug` on personal data: `{holder}` holds {}", report::list(named));
    let mut found = report::on(&LINT, message, derived.debug).labelled("prints every field");
    let mut categories: Vec<String> = derived.fields.iter().map(|(_, id)| key(*id).to_owned()).collect();
    categories.sort_unstable();
    categories.dedup();
    found.subject = Some(Subject { item: holder.to_owned(), categories, recipient: String::new() });
    found.remedy = Some(Remedy::Redact(derived.fields.iter().map(|(field, _)| field.span).collect()));
    found.labels.extend(derived.fields.iter().map(|(field, category)| Label {
        span: field.span,
        kind: LabelKind::Declared,
        text: format!("declared: `{}` is {}", field.path, key(*category)),
    }));
    found
        .help(report::undeclarable(
            "it names who may receive data, and `Debug` shows it to whoever prints the value",
        ))
        .help("stop it: replace the derive by an impl of `Debug` that redacts these fields")
        .help(report::reclassify())
}
