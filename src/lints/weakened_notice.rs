//! A version of the notice that permits what the one before it did not, or asks for less. Versions are compared where
//! notices are loaded, since both texts are at hand there.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge::change::Change;

pub(super) static LINT: Lint = Lint {
    name: "weakened_notice",
    group: Group::Notice,
    level: LintLevel::Deny,
    page: page!("weakened_notice"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    report::pass_on(map, &LINT, out);
}

/// A change as a finding; none where people are asked anew.
pub(crate) fn finding(change: &Change) -> Option<Diagnostic> {
    if change.consent.is_some() {
        return None;
    }
    let data = if change.data.is_empty() {
        String::new()
    } else {
        format!(": {}", report::keys_listed(&change.data))
    };
    let message =
        format!("weakened notice for {}: {}, before {}{data}", change.whom, change.after, change.before);
    let mut found = report::on(&LINT, message, change.at).labelled(change.after.clone());
    if let Some(promise) = &change.promise {
        match promise.in_prose {
            Some(span) => {
                let text = "the earlier version promised this".to_owned();
                found.labels.push(Label { span, kind: LabelKind::Prose, text });
            }
            None => found.notes.push(format!("the earlier version promised: \"{}\"", promise.text)),
        }
    }
    if let Some(span) = change.was_at {
        let text = format!("before: {}", change.before);
        found.labels.push(Label { span, kind: LabelKind::Rule, text });
    }
    let ask = "declare it: ask again; let it require a new `[[choice]]` of kind `opt-in`, so that what was collected before stays under \
               the earlier promise until people agree";
    let keep = "stop it: keep the promise, and state here what the earlier version stated";
    Some(found.help(keep).help(ask).help(report::allow_all(&LINT)))
}
