//! What says directly who somebody is, at an advertising company.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "direct_identifier_to_ad_company",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("direct_identifier_to_ad_company"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let message = |breach: &sharing::Breach<'_>| {
        format!(
            "directly identifying data sent to the advertising company {}: {}",
            breach.whom(),
            breach.names()
        )
    };
    sharing::check(map, &LINT, message, out);
}
