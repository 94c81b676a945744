//! A card number under a hash without a key, which anyone can invert by trying all numbers.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::notice::Form;

pub(super) static LINT: Lint = Lint {
    name: "unkeyed_card_number_hash",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("unkeyed_card_number_hash"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "card number under an unkeyed hash",
        stop: "use a keyed hash of the whole number, with a key that is kept apart",
        because: "PCI DSS 3.5.1.1 asks for a key: there are few enough numbers to try them all",
    };
    handling::check(
        map,
        &LINT,
        &words,
        |_, datum| datum.form == Form::Hash && handling::is_a(map, datum, "user.payment.card_number"),
        out,
    );
}
