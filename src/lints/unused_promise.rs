//! A recipient or a rule of the notice that no flow of personal data ever comes near.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{DataMap, NoticeId};
use crate::diagnostic::Diagnostic;
use crate::judge;
use crate::notice::{Kind, Notice, Statement};

pub(super) static LINT: Lint = Lint {
    name: "unused_promise",
    group: Group::Notice,
    level: LintLevel::Note,
    page: page!("unused_promise"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for (at, notice) in map.notices.iter().enumerate() {
        let id = NoticeId(at as u32);
        let own = |statement: &Statement<'_>| statement.span.file == notice.file && !notice.is_default;
        let statements = notice.statements().into_iter().filter(own).filter(|s| speaks_of_flows(notice, s));
        out.extend(statements.filter(|statement| is_unused(map, id, statement)).map(|s| tell(notice, &s)));
    }
}

/// Entries that something of the code can come near: third parties by name, and rules. What is never called, because it
/// may receive nothing, is used as it is meant.
fn speaks_of_flows(notice: &Notice, statement: &Statement<'_>) -> bool {
    match statement.kind {
        Kind::Rule => true,
        Kind::Recipient => {
            let recipient = &notice.recipients[statement.index];
            let receives = recipient.may_receive.as_ref().is_none_or(|permits| !permits.is_empty());
            receives && !judge::is_own_end(recipient.role)
        }
        _ => false,
    }
}

fn is_unused(map: &DataMap, notice: NoticeId, statement: &Statement<'_>) -> bool {
    !map.flows.iter().any(|flow| flow.notice == notice && judge::touches(map, flow, statement))
}

fn tell(notice: &Notice, statement: &Statement<'_>) -> Diagnostic {
    let (what, span) = match statement.kind {
        Kind::Recipient => (format!("`{}`", statement.name), notice.recipients[statement.index].name.span),
        _ => (format!("this rule about {}", statement.name), statement.span),
    };
    let message = format!("no personal data comes near {what}");
    report::on(&LINT, message, span)
        .labelled("nothing in the code that was looked at")
        .help("declare it: see to it that its `calls`, `hosts` or role name what the code uses")
        .help("stop it: take it back, if there is nothing left that it is about")
        .help(report::allow_all(&LINT))
}
