//! Data that is limited to a purpose by where it came from, used for another.

use super::report::{self, Citation};
use super::{Group, Lint, LintLevel, purposes};
use crate::datamap::{Basis, DataMap, Datum, Flow, Recipient, Serving};
use crate::diagnostic::Diagnostic;
use crate::judge::purpose;
use crate::notice::{Notice, SourceCalls, Spanned};

pub(super) static LINT: Lint = Lint {
    name: "source_secondary_use",
    group: Group::Collection,
    level: LintLevel::Warn,
    page: page!("source_secondary_use"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in &map.flows {
        let notice = map.notice(flow.notice);
        for source in notice.sources.iter().filter(|source| !source.purposes.is_empty()) {
            let from = |datum: &&Datum| datum.basis == Basis::Notice(source.span);
            let data: Vec<&Datum> = flow.data.iter().filter(from).collect();
            if !data.is_empty() {
                out.extend(tell(map, flow, source, &data));
            }
        }
    }
}

fn tell(map: &DataMap, flow: &Flow, source: &SourceCalls, data: &[&Datum]) -> Option<Diagnostic> {
    let notice = map.notice(flow.notice);
    let serving = purpose::none_among(map, notice, &flow.item, &source.purposes);
    let given = recipient_purpose(notice, flow, source);
    let other = serving.map(|serving| serving.purpose.as_str()).or(given.map(|name| name.value.as_str()))?;
    let allowed = purposes::listed(&source.purposes);
    let message =
        format!("data that was obtained for {allowed} is used for `{other}`: {}", report::names(map, data));
    let cite = Citation {
        rule: source.purposes[0].span,
        label: "what it was obtained for".to_owned(),
        promise: None,
    };
    let found = report::bare(map, &LINT, flow, data, message, Some(cite));
    let found = serving.map_or(found.clone(), |serving: &Serving| purposes::serving(found, serving));
    let declare = format!(
        "declare it: if whoever gave the data allows this, add `{other}` to the `for` of its `[[source]]`"
    );
    Some(found.help(declare).help(report::stop(flow)).help(report::reclassify()))
}

/// A purpose of the recipient's, where none of its purposes is one of the source's.
fn recipient_purpose<'a>(
    notice: &'a Notice,
    flow: &Flow,
    source: &SourceCalls,
) -> Option<&'a Spanned<String>> {
    let Recipient::Declared(index) = flow.recipient else { return None };
    let purposes = &notice.recipients.get(index)?.purposes;
    let is_allowed = |name: &Spanned<String>| purpose::is_among(notice, &name.value, &source.purposes);
    if purposes.iter().any(is_allowed) { None } else { purposes.first() }
}
