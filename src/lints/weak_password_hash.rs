//! A password that is kept under a plain, fast hash.

use super::{Group, Lint, LintLevel, handling};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::notice::Form;

pub(super) static LINT: Lint = Lint {
    name: "weak_password_hash",
    group: Group::Security,
    level: LintLevel::Deny,
    page: page!("weak_password_hash"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let words = handling::Words {
        what: "password kept under a fast hash",
        stop: "hash it with a password hash, salted and slow: Argon2, scrypt, bcrypt or PBKDF2",
        because: "passwords can be tried by the billion, whatever people were told",
    };
    handling::check(
        map,
        &LINT,
        &words,
        |flow, datum| {
            let hashed = datum.form == Form::Hash;
            hashed
                && handling::is_kept(map, flow)
                && handling::is_a(map, datum, "user.authorization.password")
        },
        out,
    );
}
