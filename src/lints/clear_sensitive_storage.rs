//! Government identifiers and their like that are kept in clear, unless the notice says that they are.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::{DataMap, Datum, Flow};
use crate::diagnostic::Diagnostic;
use crate::judge::{self, Verdict};
use crate::notice::Form;
use crate::taxonomy::{Identifies, Sensitivity};

pub(super) static LINT: Lint = Lint {
    name: "clear_sensitive_storage",
    group: Group::Security,
    level: LintLevel::Warn,
    page: page!("clear_sensitive_storage"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "sensitive data kept in clear",
        stop: "encrypt the value before it is kept, or keep a keyed hash where it is only compared",
        because: "whoever gets at the storage reads it, whatever people were told",
    };
    let wanted = |flow: &Flow, datum: &Datum| {
        let clear = datum.form == Form::Clear && handling::is_kept(map, flow);
        clear && is_sensitive(map, datum) && !is_judged(map, flow, datum)
    };
    handling::check(map, &LINT, &words, wanted, out);
}

/// What opens doors in somebody's name, or cannot be changed once it is known.
fn is_sensitive(map: &DataMap, datum: &Datum) -> bool {
    let category = map.taxonomy.get(datum.category);
    match category.sensitivity {
        Sensitivity::Government => true,
        Sensitivity::Special | Sensitivity::Financial => category.identifies == Identifies::Directly,
        Sensitivity::Credential => handling::is_a(map, datum, "user.authorization.wifi_credentials"),
        _ => false,
    }
}

/// Whether the notice speaks of it: it admits it to storage as it is, or another lint reports that it does not.
fn is_judged(map: &DataMap, flow: &Flow, datum: &Datum) -> bool {
    let verdict = judge::verdict_of(map, flow, flow.role, datum);
    matches!(verdict, Verdict::Permitted { by: Some(_) }) || judge::reported_by(map, flow, datum).is_some()
}
