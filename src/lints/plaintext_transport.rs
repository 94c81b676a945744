//! Personal data over a transport that anyone on the way can read.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Label, LabelKind, Remedy};
use crate::notice::Form;

pub(super) static LINT: Lint = Lint {
    name: "plaintext_transport",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("plaintext_transport"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in &map.flows {
        let Some(plaintext) = &flow.plaintext else { continue };
        let readable = |form| !matches!(form, Form::Encrypted | Form::Aggregated);
        let data: Vec<_> = flow.data.iter().filter(|datum| readable(datum.form)).collect();
        if data.is_empty() {
            continue;
        }
        let message = format!("personal data over an unprotected transport: {}", report::names(map, &data));
        let mut found = report::bare(map, &LINT, flow, &data, message, None);
        let text = format!("unprotected: {}", plaintext.why);
        found.labels.push(Label { span: plaintext.span, kind: LabelKind::Other, text });
        found.remedy = Some(Remedy::Encrypt);
        let stop =
            "stop it: use TLS 1.2 or later and check certificates (`https:`, `wss:`, `sslmode=verify-full`)";
        let found =
            found.help(report::undeclarable("whoever is on the way can read it, and nobody could name them"));
        out.push(found.help(stop).help(report::reclassify()));
    }
}
