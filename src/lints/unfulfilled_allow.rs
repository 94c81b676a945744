//! A suppression that suppresses nothing, or names a lint that does not exist. Allows are no data and stand in no data map: `suppress` finds it,
//! and the check has nothing to add.

use super::{Group, Lint, LintLevel};

pub(crate) static LINT: Lint = Lint {
    name: "unfulfilled_allow",
    group: Group::Notice,
    level: LintLevel::Warn,
    page: page!("unfulfilled_allow"),
    check: |_, _| {},
};
