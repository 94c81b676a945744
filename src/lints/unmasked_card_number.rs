//! A card number that is shown beyond its first six and last four digits.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::Channel;
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::judge;
use crate::notice::{Form, Role};

pub(super) static LINT: Lint = Lint {
    name: "unmasked_card_number",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("unmasked_card_number"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "card number shown in full",
        stop: "show the last four digits at most, or the first six and the last four where the work needs them",
        because: "PCI DSS 3.4.1 asks it of whoever shows card numbers",
    };
    handling::check(
        map,
        &LINT,
        &words,
        |flow, datum| {
            let (_, role) = judge::end_of(map.notice(flow.notice), flow);
            let shown =
                flow.channel == Channel::Response || matches!(role, Some(Role::DataSubject | Role::Public));
            shown && datum.form == Form::Clear && handling::is_a(map, datum, "user.payment.card_number")
        },
        out,
    );
}
