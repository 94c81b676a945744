//! A service provider's client called by code that serves a purpose which the notice does not give that provider.

use super::report::{self, Citation};
use super::{Group, Lint, LintLevel, purposes};
use crate::datamap::{DataMap, Datum, Recipient};
use crate::diagnostic::Diagnostic;
use crate::judge::purpose;
use crate::notice::Role;

pub(super) static LINT: Lint = Lint {
    name: "service_provider_secondary_use",
    group: Group::Sharing,
    level: LintLevel::Deny,
    page: page!("service_provider_secondary_use"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in &map.flows {
        let Recipient::Declared(index) = flow.recipient else { continue };
        let notice = map.notice(flow.notice);
        let Some(recipient) = notice.recipients.get(index) else { continue };
        if recipient.role != Role::ServiceProvider || recipient.purposes.is_empty() {
            continue;
        }
        let Some(serving) = purpose::none_among(map, notice, &flow.item, &recipient.purposes) else {
            continue;
        };
        let data: Vec<&Datum> = flow.data.iter().collect();
        let message = format!(
            "`{}` is used for `{}`, and the notice gives it data for {}: {}",
            recipient.name.value,
            serving.purpose,
            purposes::listed(&recipient.purposes),
            report::names(map, &data),
        );
        let label = "what it may be used for".to_owned();
        let cite = Citation { rule: recipient.purposes[0].span, label, promise: recipient.promise.clone() };
        let found = report::bare(map, &LINT, flow, &data, message, Some(cite));
        let declare =
            format!("declare it: if the notice means to allow this, add `{}` to its `for`", serving.purpose);
        out.push(
            purposes::serving(found, serving)
                .help(declare)
                .help("stop it: call another provider for this purpose")
                .help(report::reclassify()),
        );
    }
}
