//! Conditions of a recipient's entry that a call does not keep: what had to come along, who alone may be addressed. Each lint
//! that reports some takes those of its roles; knows what was not kept and the notice.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{Condition, DataMap, Datum, Recipient, Unkept};
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::notice::{self, PathPattern};

/// Reports what is `wanted`.
pub(super) fn check(
    map: &DataMap,
    lint: &Lint,
    wanted: fn(&notice::Recipient, Condition) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    out.extend(map.unkept.iter().filter_map(|unkept| tell(map, lint, wanted, unkept)));
}

fn tell(
    map: &DataMap,
    lint: &Lint,
    wanted: fn(&notice::Recipient, Condition) -> bool,
    unkept: &Unkept,
) -> Option<Diagnostic> {
    let flow = map.flows.get(unkept.flow)?;
    let Recipient::Declared(index) = flow.recipient else { return None };
    let entry = map.notice(flow.notice).recipients.get(index).filter(|e| wanted(e, unkept.condition))?;
    let data: Vec<&Datum> = flow.data.iter().collect();
    let (name, names) = (&entry.name.value, report::names(map, &data));
    let (message, rule, help) = match unkept.condition {
        Condition::Together(at) => {
            let along = entry.together_with.get(at)?;
            let text = along.text();
            let message =
                format!("`{name}` receives data without `{text}`, which has to come along: {names}");
            (message, along.span, format!("stop it: hand over `{text}` in the same call"))
        }
        Condition::Address => {
            let from = &entry.addressed_by.as_ref()?.from;
            let listed =
                from.iter().map(|path| format!("`{}`", path.text())).collect::<Vec<_>>().join(" or ");
            let message = format!("`{name}` is not addressed by {listed}: {names}");
            let rule = from.first().map_or(entry.span, |path: &PathPattern| path.span);
            (message, rule, format!("stop it: take the address from {listed} alone"))
        }
    };
    let label = "the notice has it so".to_owned();
    let cite = Citation { rule, label, promise: entry.promise.clone() };
    let mut found = report::bare(map, lint, flow, &data, message, Some(cite));
    if unkept.span != flow.sink {
        let arrives = std::mem::replace(&mut found.primary_label, "this call has to see to it".to_owned());
        found.labels.insert(0, Label { span: flow.sink, kind: LabelKind::Other, text: arrives });
        found.way.push(flow.sink);
        found.primary = Some(unkept.span);
        if let Some(subject) = &mut found.subject {
            subject.item.clone_from(&unkept.item);
        }
    }
    let declare =
        format!("declare it: if the notice means to allow this, change the `[[recipient]]` {name:?}");
    Some(found.help(help).help(declare).help(report::reclassify()))
}
