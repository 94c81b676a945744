//! What is stored and a right of people's does not reach: how it is told. Knows what is not reached and the notice.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{DataMap, Unreached};
use crate::diagnostic::{Diagnostic, Label, LabelKind, Subject};
use crate::notice::{PathPattern, Reach};

/// How many writes are shown.
const SHOWN: usize = 3;

/// A finding on something stored.
pub(super) fn finding(
    map: &DataMap,
    lint: &Lint,
    unreached: &Unreached,
    entry: &Reach,
    message: String,
) -> Diagnostic {
    let mut found = report::on(lint, message, unreached.span).labelled("not reached");
    let categories = keys(map, unreached);
    found.subject = Some(Subject { item: unreached.what.clone(), categories, recipient: String::new() });
    for write in unreached.writes.iter().filter(|write| **write != unreached.span).take(SHOWN) {
        found.labels.push(Label { span: *write, kind: LabelKind::Other, text: "stored here".to_owned() });
    }
    if let Some(rest @ 1..) = unreached.writes.len().checked_sub(SHOWN) {
        found.notes.push(format!("and stored by {rest} more"));
    }
    if let Some(root) = unreached.root {
        let text = "looked for from here on".to_owned();
        found.labels.push(Label { span: root, kind: LabelKind::Other, text });
    }
    found.way = unreached.writes.iter().copied().chain(unreached.root).collect();
    let label = "the notice promises it".to_owned();
    report::quote(&mut found, Citation { rule: entry.span, label, promise: entry.promise.clone() });
    found
}

/// The keys of the categories.
pub(super) fn keys(map: &DataMap, unreached: &Unreached) -> Vec<String> {
    unreached.categories.iter().map(|category| map.taxonomy.get(*category).key.clone()).collect()
}

/// The functions that an entry starts at, as a list.
pub(super) fn roots(entry: &Reach) -> String {
    let paths = entry.root.iter().map(PathPattern::text);
    paths.map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
}
