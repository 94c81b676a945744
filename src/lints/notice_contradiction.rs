//! Two statements of the notice that cannot both hold.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge::conflict::{self, Conflict, Side};

pub(super) static LINT: Lint = Lint {
    name: "notice_contradiction",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("notice_contradiction"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for notice in &map.notices {
        out.extend(conflict::conflicts(notice, &map.taxonomy).iter().map(tell));
    }
}

fn tell(conflict: &Conflict) -> Diagnostic {
    let message = format!("the notice contradicts itself: {}", conflict.about);
    let mut found = report::on(&LINT, message, conflict.second.span).labelled(conflict.second.says.clone());
    for side in [&conflict.second, &conflict.first] {
        quote(&mut found, side);
    }
    let (span, text) = (conflict.first.span, conflict.first.says.clone());
    found.labels.push(Label { span, kind: LabelKind::Rule, text });
    found
        .help("stop it: take back one of the two, in the notice and in the published text")
        .help("declare it: narrow the prohibition; an exception that leaves something of the permission contradicts nothing")
        .help("reclassify it: if the two are about different things, let them name different ones")
}

/// The published sentence behind a statement.
fn quote(found: &mut Diagnostic, side: &Side) {
    let Some(promise) = &side.promise else { return };
    match promise.in_prose {
        Some(span) => {
            found.labels.push(Label { span, kind: LabelKind::Prose, text: side.says.clone() });
        }
        None => found.notes.push(format!("the notice says: \"{}\"", promise.text)),
    }
}
