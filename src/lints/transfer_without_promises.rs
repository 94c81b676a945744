//! Data that changes hands with a business, without the promises that it was collected under.

use super::{Group, Lint, LintLevel, keeping, report};
use crate::datamap::{Condition, DataMap};
use crate::diagnostic::Diagnostic;
use crate::notice::{Recipient, Role};

pub(super) static LINT: Lint = Lint {
    name: "transfer_without_promises",
    group: Group::Sharing,
    level: LintLevel::Warn,
    page: page!("transfer_without_promises"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let successors =
        map.notices.iter().flat_map(|notice| &notice.recipients).filter(|r| r.role == Role::Successor);
    out.extend(successors.filter(|r| r.together_with.is_empty()).map(tell));
    let is_own =
        |entry: &Recipient, condition| entry.role == Role::Successor && condition != Condition::Address;
    keeping::check(map, &LINT, is_own, out);
}

fn tell(recipient: &Recipient) -> Diagnostic {
    let name = &recipient.name;
    let message =
        format!("`{}` takes data over without the promises that it was collected under", name.value);
    report::on(&LINT, message, name.span)
        .labelled("nothing has to come along")
        .help("declare it: name with `together-with` what holds the version of the notice that each record was collected under")
        .help("stop it: hand nothing over")
        .help("reclassify it: if it takes nothing over, give it the role of what it is, `service-provider` or another")
}
