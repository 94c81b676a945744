//! The company's own choice of advertisements reading data that identifies a person.

use super::{Group, Lint, LintLevel, purposes, report};
use crate::datamap::{DataMap, Use};
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge;

pub(super) static LINT: Lint = Lint {
    name: "direct_identifier_in_ad_selection",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("direct_identifier_in_ad_selection"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    out.extend(
        map.uses.iter().filter(|used| judge::is_identity_in_ads(map, used)).map(|used| tell(map, used)),
    );
}

fn tell(map: &DataMap, used: &Use) -> Diagnostic {
    let key = &map.taxonomy.get(used.category).key;
    let message = format!("identity used to choose advertisements: {key} (`{}`)", used.path);
    let mut found = report::on(&LINT, message, used.span).labelled(format!("{key} is read here"));
    found.labels.extend(used.declared.map(|span| Label {
        span,
        kind: LabelKind::Declared,
        text: format!("declared: `{}` is {key}", used.path),
    }));
    let found = match map.servings_of(&used.item).next() {
        Some(serving) => purposes::serving(found, serving),
        None => found,
    };
    found
        .help("declare it: if this code chooses no advertisements, say what it serves, with `purpose` or the `code` of a `[[purpose]]`")
        .help("stop it: choose by an advertising identifier, or by what was looked at")
        .help(report::reclassify())
}
