//! Personal data in the path or the query of a URL, where proxies, histories and access logs keep it.

use super::{Group, Lint, LintLevel, exposure, report};
use crate::datamap::{DataMap, Datum, Part};
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "personal_data_in_url",
    group: Group::Security,
    level: LintLevel::Warn,
    page: page!("personal_data_in_url"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in &map.flows {
        let in_url = |datum: &&Datum| datum.part == Part::Url && !exposure::is_protected(datum.form);
        let data: Vec<_> = flow.data.iter().filter(in_url).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("personal data in a URL: {}", report::names(map, &data));
        let found = report::bare(map, &LINT, flow, &data, message, None);
        let stop = "stop it: send the value in the body or a header, or put an opaque id in the URL";
        let found =
            found.help(report::undeclarable("URLs are logged on the way, by nobody that it could name"));
        out.push(found.help(stop).help(report::reclassify()));
    }
}
