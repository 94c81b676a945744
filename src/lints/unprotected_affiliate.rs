//! A subsidiary that is not declared to follow the notice.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;
use crate::notice::Role;

pub(super) static LINT: Lint = Lint {
    name: "unprotected_affiliate",
    group: Group::Sharing,
    level: LintLevel::Warn,
    page: page!("unprotected_affiliate"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for recipient in map.notices.iter().flat_map(|notice| &notice.recipients) {
        if recipient.role == Role::Subsidiary && recipient.follows_notice != Some(true) {
            let name = &recipient.name;
            let message = format!("the subsidiary `{}` is not said to follow the notice", name.value);
            let found =
                report::on(&LINT, message, name.span).labelled("gets personal data, and promises nothing");
            out.push(
                found
                    .help("declare it: where it follows the notice or one as protective, write `follows-notice = true`")
                    .help("stop it: send it nothing, and take the entry out")
                    .help("reclassify it: give it the role of what it is to the people concerned, `transaction-party` or another"),
            );
        }
    }
}
