//! A cookie that the service works without, set on a way on which nobody was asked.

use super::{Group, Lint, LintLevel, asking, report};
use crate::datamap::{CookieMade, DataMap, Owing, Unasked};
use crate::diagnostic::{Diagnostic, Label, LabelKind, Subject};

pub(super) static LINT: Lint = Lint {
    name: "optional_cookie_without_choice",
    group: Group::Advertising,
    level: LintLevel::Warn,
    page: page!("optional_cookie_without_choice"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for unasked in &map.unasked {
        let Owing::Cookie(at) = unasked.owing else { continue };
        out.extend(map.cookies.get(at).and_then(|made| tell(map, unasked, made)));
    }
}

fn tell(map: &DataMap, unasked: &Unasked, made: &CookieMade) -> Option<Diagnostic> {
    let name = made.name.as_ref()?;
    let notice = map.notice(made.notice);
    let cookie = notice.cookies.iter().find(|cookie| cookie.names(name))?;
    let message = format!("the cookie `{name}` is not essential and is set without asking");
    let mut found = report::on(&LINT, message, unasked.span).labelled("set whatever the visitor chose");
    let item = unasked.item.clone().unwrap_or_default();
    found.subject = Some(Subject { item, categories: Vec::new(), recipient: name.clone() });
    if made.set != unasked.span {
        let text = "the cookie is set here".to_owned();
        found.labels.push(Label { span: made.set, kind: LabelKind::Other, text });
        found.way.push(made.set);
    }
    let label = "the notice lists it, and not as essential".to_owned();
    let cite = report::Citation { rule: cookie.name.span, label, promise: cookie.promise.clone() };
    report::quote(&mut found, cite);
    let ask = format!("ask it: set it only after {}", asking::any_of(map, unasked.notice, &unasked.choices));
    let declare =
        "declare it: if it is asked in another way, name that way in the `checked-by` of a `[[choice]]`";
    let reclassify = "reclassify it: if the service does not work without it, say `essential = true`";
    Some(found.help(ask).help("stop it: do without the cookie").help(declare).help(reclassify))
}
