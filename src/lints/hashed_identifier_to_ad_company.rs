//! The same under a plain hash, which whoever knows the value can compute as well.

use super::{Group, Lint, LintLevel, sharing};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "hashed_identifier_to_ad_company",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("hashed_identifier_to_ad_company"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for breach in sharing::breaches(map, &LINT) {
        let message =
            format!("hashed identity sent to the advertising company {}: {}", breach.whom(), breach.names());
        let why =
            "a plain hash is no protection: whoever knows the value can compute the hash and find the person";
        out.push(breach.finding(&LINT, message).note(why));
    }
}
