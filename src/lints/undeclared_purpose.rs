//! Data used in code that serves a purpose for which the notice does not say that it is collected.

use super::{Group, Lint, LintLevel, purposes, report};
use crate::datamap::{DataMap, Use};
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge::{self, purpose};
use crate::notice::{Collect, Spanned};

pub(super) static LINT: Lint = Lint {
    name: "undeclared_purpose",
    group: Group::Collection,
    level: LintLevel::Deny,
    page: page!("undeclared_purpose"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    out.extend(map.uses.iter().filter_map(|used| tell(map, used)));
}

fn tell(map: &DataMap, used: &Use) -> Option<Diagnostic> {
    let notice = map.notice(used.notice);
    let about: Vec<&Collect> = notice
        .collects
        .iter()
        .filter(|c| c.categories.iter().any(|known| map.taxonomy.is_within(used.category, known.value)))
        .collect();
    // What is collected without saying for what may serve anything; what is not collected is another lint's.
    if about.is_empty() || about.iter().any(|collect| collect.purposes.is_empty()) {
        return None;
    }
    let declared: Vec<Spanned<String>> = about.iter().flat_map(|collect| collect.purposes.clone()).collect();
    let serving = purpose::none_among(map, notice, &used.item, &declared)?;
    if judge::is_identity_in_ads(map, used) {
        return None;
    }
    let key = &map.taxonomy.get(used.category).key;
    let message = format!(
        "{key} (`{}`) is used for `{}`, and the notice collects it for {}",
        used.path,
        serving.purpose,
        purposes::listed(&declared),
    );
    let mut found = report::on(&LINT, message, used.span).labelled(format!("{key} is read here"));
    found.labels.extend(used.declared.map(|span| Label {
        span,
        kind: LabelKind::Declared,
        text: format!("declared: `{}` is {key}", used.path),
    }));
    let rule =
        Label { span: about[0].span, kind: LabelKind::Rule, text: "what it is collected for".to_owned() };
    found.labels.push(rule);
    let declare = format!(
        "declare it: if the notice means to allow this, add `{}` to the `for` of its `[[collect]]`",
        serving.purpose
    );
    Some(
        purposes::serving(found, serving)
            .help(declare)
            .help("stop it: do without the value, or move the code to what it belongs to")
            .help(report::reclassify()),
    )
}
