//! An advertising identifier made from data that identifies a person, in whatever form.

use super::{Group, Lint, LintLevel, exposure, report};
use crate::datamap::{Channel, DataMap, Datum};
use crate::diagnostic::Diagnostic;
use crate::notice::{Form, Role};
use crate::taxonomy::Identifies;

pub(super) static LINT: Lint = Lint {
    name: "ad_identifier_from_identity",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("ad_identifier_from_identity"),
    check,
};

/// Why no notice can allow it.
const WHY: &str = "an identifier made of who somebody is says who that is, under whatever name";

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in map.flows.iter().filter(|flow| flow.channel == Channel::AdIdentifier) {
        // A hash, a mask or a cipher of a name is still this person's and nobody else's.
        let identifies = |datum: &&Datum| names_somebody(map, datum) && datum.form != Form::Aggregated;
        let data: Vec<_> = flow.data.iter().filter(identifies).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("advertising identifier made from identity: {}", report::names(map, &data));
        let cite = exposure::rule(map, flow, Role::AdCompany, |rule| {
            rule.never.as_ref().is_some_and(|never| never.identifies == Some(Identifies::Directly))
        });
        let found = report::bare(map, &LINT, flow, &data, message, cite);
        out.push(found.help(report::undeclarable(WHY)).help(report::stop(flow)).help(report::reclassify()));
    }
}

fn names_somebody(map: &DataMap, datum: &Datum) -> bool {
    map.taxonomy.get(datum.category).identifies == Identifies::Directly
}
