//! Data that must not arrive at an end in the form it has, by a standard that no notice can waive. Each lint of this kind
//! says which data, where and in which form; knows one flow.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{Channel, DataMap, Datum, Flow};
use crate::diagnostic::Diagnostic;
use crate::judge;
use crate::notice::Role;

/// How a lint tells what it found: what it is, and how to stop it.
pub(super) struct Words {
    pub(super) what: &'static str,
    pub(super) stop: &'static str,
    /// Why no notice can allow it.
    pub(super) because: &'static str,
}

/// Reports, flow by flow, the data that are wanted.
pub(super) fn check(
    map: &DataMap,
    lint: &Lint,
    words: &Words,
    wanted: impl Fn(&Flow, &Datum) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    for flow in &map.flows {
        let data: Vec<_> = flow.data.iter().filter(|datum| wanted(flow, datum)).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("{}: {}", words.what, report::names(map, &data));
        let cite = data.iter().find_map(|datum| ground(map, flow, datum));
        let found = report::bare(map, lint, flow, &data, message, cite);
        let found = found.help(report::undeclarable(words.because));
        out.push(found.help(format!("stop it: {}", words.stop)).help(report::reclassify()));
    }
}

/// Whether data is kept there: in a database, a file, a cache.
pub(super) fn is_kept(map: &DataMap, flow: &Flow) -> bool {
    let (_, role) = judge::end_of(map.notice(flow.notice), flow);
    flow.channel == Channel::Storage || role == Some(Role::Storage)
}

/// Whether a datum is of a category with this key, or below it.
pub(super) fn is_a(map: &DataMap, datum: &Datum, key: &str) -> bool {
    map.taxonomy.find(key).is_some_and(|above| map.taxonomy.is_within(datum.category, above))
}

/// The line of the notice that forbids it too.
pub(super) fn ground(map: &DataMap, flow: &Flow, datum: &Datum) -> Option<Citation> {
    let notice = map.notice(flow.notice);
    let verdict = judge::verdict_of(map, flow, flow.role, datum);
    let (rule, label, promise) = judge::ground(notice, verdict)?;
    Some(Citation { rule, label, promise: promise.cloned() })
}
