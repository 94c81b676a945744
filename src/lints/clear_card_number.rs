//! A card number that is kept unencrypted.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::notice::Form;

pub(super) static LINT: Lint = Lint {
    name: "clear_card_number",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("clear_card_number"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "card number kept in clear",
        stop: "encrypt the number, keep the last four digits, or keep a token of the processor",
        because: "PCI DSS 3.5.1 asks it of whoever keeps card numbers",
    };
    handling::check(
        map,
        &LINT,
        &words,
        |flow, datum| {
            let clear = datum.form == Form::Clear;
            clear && handling::is_kept(map, flow) && handling::is_a(map, datum, "user.payment.card_number")
        },
        out,
    );
}
