//! A suppression without a reason. Allows are no data and stand in no data map: `suppress` finds it,
//! and the check has nothing to add.

use super::{Group, Lint, LintLevel};

pub(crate) static LINT: Lint = Lint {
    name: "unreasoned_allow",
    group: Group::Notice,
    level: LintLevel::Warn,
    page: page!("unreasoned_allow"),
    check: |_, _| {},
};
