//! A cookie that the notice does not list.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

pub(super) static LINT: Lint = Lint {
    name: "undeclared_cookie",
    group: Group::Advertising,
    level: LintLevel::Warn,
    page: page!("undeclared_cookie"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for made in &map.cookies {
        let Some(name) = &made.name else { continue };
        let notice = map.notice(made.notice);
        if notice.is_default || notice.cookies.iter().any(|cookie| cookie.names(name)) {
            continue;
        }
        let found = report::on(&LINT, format!("the notice does not list the cookie `{name}`"), made.span);
        let declare = format!("declare it: give the notice a `[[cookie]]` with `name = {name:?}`");
        out.push(
            found
                .labelled("made here")
                .help(declare)
                .help("stop it: do without the cookie")
                .help(report::allow(&LINT)),
        );
    }
}
