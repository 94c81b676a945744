//! A security code, a PIN or track data of a card that is kept, in whatever form.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::notice::Form;

pub(super) static LINT: Lint = Lint {
    name: "stored_card_security_code",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("stored_card_security_code"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "card security code or track data kept",
        stop: "use it for the authorisation and drop it; no form of it may be kept",
        because: "PCI DSS 3.3.1 forbids it to whoever takes cards",
    };
    handling::check(
        map,
        &LINT,
        &words,
        |flow, datum| {
            let never_kept = ["user.payment.card_security_code", "user.payment.card_track_data"];
            datum.form != Form::Aggregated
                && handling::is_kept(map, flow)
                && never_kept.iter().any(|key| handling::is_a(map, datum, key))
        },
        out,
    );
}
