//! What somebody looked at, put together with who that is where nobody may have signed in.

use super::report;
use super::{Group, Lint, LintLevel, asking};
use crate::datamap::{DataMap, Datum, Owing};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "linked_anonymous_browsing",
    group: Group::Advertising,
    level: LintLevel::Warn,
    page: page!("linked_anonymous_browsing"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for unasked in &map.unasked {
        let Owing::Linking(at) = unasked.owing else { continue };
        let Some(flow) = map.flows.get(at) else { continue };
        let data: Vec<&Datum> = flow.data.iter().collect();
        let message =
            format!("browsing is linked to a person who may be signed out: {}", report::names(map, &data));
        let found = report::bare(map, &LINT, flow, &data, message, None);
        let owes = "this call is made whether or not somebody is signed in".to_owned();
        let ask = asking::any_of(map, unasked.notice, &unasked.choices);
        out.push(
            asking::on_the_way(found, unasked, owes)
                .help(format!("ask it: keep the two together only after {ask}"))
                .help("declare it: if another check shows who is signed in, name it in the `checked-by` of the `[[choice]]`")
                .help("stop it: keep what was looked at without what says who looked")
                .help(report::reclassify()),
        );
    }
}
