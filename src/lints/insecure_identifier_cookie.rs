//! A cookie that identifies somebody, without what keeps it to the pages that set it.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{CookieMade, DataMap};
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::notice::Cookie;
use crate::taxonomy::{Identifies, Sensitivity};

pub(super) static LINT: Lint = Lint {
    name: "insecure_identifier_cookie",
    group: Group::Advertising,
    level: LintLevel::Deny,
    page: page!("insecure_identifier_cookie"),
    check,
};

/// What such a cookie needs.
const NEEDED: [&str; 3] = ["Secure", "HttpOnly", "SameSite"];

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for made in &map.cookies {
        let Some(name) = &made.name else { continue };
        let mut declared = map.notice(made.notice).cookies.iter().filter(|cookie| cookie.names(name));
        let identifying = declared.find(|cookie| identifies(map, cookie));
        let missing: Vec<&str> =
            NEEDED.into_iter().filter(|needed| !made.attributes.contains(needed)).collect();
        if let Some(cookie) = identifying.filter(|_| !missing.is_empty()) {
            out.push(tell(map, made, name, cookie, &missing));
        }
    }
}

fn identifies(map: &DataMap, cookie: &Cookie) -> bool {
    let category = map.taxonomy.get(cookie.category);
    category.identifies != Identifies::No || category.sensitivity == Sensitivity::Credential
}

fn tell(map: &DataMap, made: &CookieMade, name: &str, cookie: &Cookie, missing: &[&str]) -> Diagnostic {
    let key = &map.taxonomy.get(cookie.category).key;
    let missing = missing.join(", ");
    let message = format!("the cookie `{name}` identifies ({key}) and lacks {missing}");
    let mut found = report::on(&LINT, message, made.span).labelled(format!("made without {missing}"));
    let text = format!("the notice makes it {key}");
    found.labels.push(Label { span: cookie.name.span, kind: LabelKind::Rule, text });
    found
        .help(report::undeclarable("whoever reads the cookie on its way can act as the visitor"))
        .help("stop it: `.secure(true).http_only(true).same_site(SameSite::Lax)`")
        .help("reclassify it: if it identifies nobody, give its `[[cookie]]` another category")
}
