//! The notice loader as users meet it: everything of the interface's example is read, every fault is said with its place,
//! and no text at all makes it panic.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_privacy::diagnostic::Diagnostic;
use cargo_privacy::notice::{self, ChoiceKind, Form, Makes, Notice, Role};
use cargo_privacy::source::SourceMap;
use cargo_privacy::taxonomy::{Identifies, Taxonomy};
use proptest::prelude::*;

const PROSE: &str =
    "# Privacy\n\nWe share your **address** with the carrier,\nand with nobody else. We don’t sell data.\n";

struct Run {
    sources: SourceMap,
    taxonomy: Taxonomy,
    loaded: notice::Loaded,
}

fn run(text: &str) -> Run {
    let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
    let file = sources.add(PathBuf::from("shop/privacy-notice.toml"), Arc::from(text));
    let mut read = |path: &Path| match path.to_str() {
        Some("shop/PRIVACY.md") => Ok(PROSE.to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let loaded = notice::load(file, &mut sources, &mut taxonomy, &mut read);
    Run { sources, taxonomy, loaded }
}

impl Run {
    fn valid(&self) -> &Notice {
        match &self.loaded {
            Ok((notice, findings)) if findings.is_empty() => notice,
            Ok((_, findings)) => panic!("{findings:#?}"),
            Err(errors) => panic!("{errors:#?}"),
        }
    }

    /// `message | text under the primary span | helps`
    fn said(&self) -> Vec<String> {
        let all = match &self.loaded {
            Ok((_, findings)) => findings,
            Err(errors) => errors,
        };
        all.iter().map(|d| self.line(d)).collect()
    }

    fn line(&self, d: &Diagnostic) -> String {
        let at = d.primary.map_or("", |span| self.sources.text(span));
        format!("{} | {at} | {}", d.message, d.helps.join("; "))
    }
}

const FULL: &str = r#"
[notice]
title = "Example Store privacy notice"
version = "2021-02-12"
text = "PRIVACY.md"
models = ["privacy/*.toml"]

[[category]]
key = "user.account.loyalty_number"
identifies = "directly"

[[collect]]
categories = ["user.contact", "loyalty_number"]
for = ["delivery"]

[[purpose]]
name = "delivery"
is = "essential.service.operations"
code = ["crate::shipping::**"]

[[cookie]]
name = "session*"
category = "user.device.cookie_id"
essential = true

[[data]]
path = "crate::models::Customer::phone"
category = "user.contact.phone_number"

[[data]]
path = "crate::models::Order::number"
category = "none"

[[word]]
names = ["msisdn", "customer number"]
category = "phone_number"

[[word]]
names = ["handle"]
category = "none"

[[source]]
calls = ["legacy::load_profile", "source*"]
category = "email"

[[recipient]]
name = "parcel carrier"
role = "service-provider"
calls = ["shipco::Client::*"]
hosts = ["api.shipco.example", "*.shipco.test"]
may-receive = ["user.name", { category = "user.contact.email", as = ["keyed-hash"] }]
for = ["delivery"]
requires = ["interest-based-ads"]
together-with = ["crate::Order::buyer"]
addressed-by = { arg = 1, from = ["crate::config::staff"] }
follows-notice = true
promise = "we share your address with the carrier, and with nobody else."

[[choice]]
name = "interest-based-ads"
kind = "opt-out"
checked-by = ["crate::prefs::Preferences::allows_ads"]
refused-by = ["crate::users::is_banned"]
when = ["validate_rights"]

[[erasure]]
name = "account"
root = ["crate::account::delete"]
of = ["crate::models::Comment", "activity counters"]
by = ["diesel::delete"]
when-older-than = "chrono::Utc::now"

[[access]]
root = ["crate::account::export"]

[[transform]]
calls = ["crate::crypto::mask_pan"]
makes = "masked"

[[rule]]
to = { role = "ad-company" }
never = { identifies = "directly" }
promise = "We don't sell data"
"#;

#[test]
fn the_whole_interface_is_read() {
    let run = run(FULL);
    let notice = run.valid();
    assert_eq!(notice.title.as_deref(), Some("Example Store privacy notice"));
    let recipient = &notice.recipients[0];
    assert_eq!(recipient.role, Role::ServiceProvider);
    assert_eq!(run.sources.text(recipient.span), "[[recipient]]");
    let permits = recipient.may_receive.as_ref().unwrap();
    assert_eq!(permits[1].forms, [Form::KeyedHash]);
    let promise = recipient.promise.as_ref().unwrap();
    let quoted = "We share your **address** with the carrier,\nand with nobody else.";
    assert_eq!(run.sources.text(promise.in_prose.unwrap()), quoted);
    assert_eq!(notice.data[1].category, None);
    assert_eq!(notice.words[0].names[1].value, "customer number");
    assert!(notice.words[0].category.is_some() && notice.words[1].category.is_none());
    assert_eq!(notice.choices[0].kind, ChoiceKind::OptOut);
    assert_eq!(notice.transforms[0].makes, Makes::Form(Form::Masked));
    assert_eq!(notice.rules[0].never.as_ref().unwrap().identifies, Some(Identifies::Directly));
    assert_eq!(run.taxonomy.get(notice.collects[0].categories[1].value).key, "user.account.loyalty_number");
}

#[test]
fn every_error_is_said_at_once() {
    let run = run(r#"
[notice]
titel = "x"
text = "missing.md"
[[recipient]]
name = "a"
role = "adcompany"
may-recieve = []
hosts = ["https://api.x.example/v1"]
calls = "reqwest::get"
requires = ["ads"]
[[recipient]]
name = "a"
[recipients]
x = 1
[[choice]]
name = "adds"
checked-by = ["crate.prefs.ads", 3]
[[rule]]
to = { role = "log" }
[purpose]
[[word]]
name = "handle"
category = "none"
[[word]]
names = ["--", "handle", "handle"]
category = "none"
"#);
    let said = run.said();
    let expected = [
        "unknown key `titel` in `notice` | titel | did you mean `title`?",
        "the published text `missing.md` cannot be read: entity not found | \"missing.md\" | the path is relative to the notice",
        "`adcompany` is not a value of `role` | \"adcompany\" | did you mean `ad-company`?",
        "unknown key `may-recieve` in `[[recipient]]` | may-recieve | did you mean `may-receive`?",
        "`https://api.x.example/v1` is not a host | \"https://api.x.example/v1\" | did you mean `api.x.example`?",
        "`calls` must be a list of strings, not a string | \"reqwest::get\" | put it between brackets",
        "no choice `ads` is declared | \"ads\" | did you mean `adds`?",
        "`[[recipient]]` lacks the key `role` | [[recipient]] | ",
        "the recipient `a` is declared twice | \"a\" | ",
        "unknown table `recipients` | recipients | did you mean `recipient`?",
        "`crate.prefs.ads` is not a path: segments of a path are parted by `::` | \"crate.prefs.ads\" | did you mean `crate::prefs::ads`?",
        "`checked-by` must be a list of strings, not a number | 3 | ",
        "a `[[rule]]` needs one of `never`, `only` and `requires` | [[rule]] | ",
        "`purpose` is a list of tables | [purpose] | write `[[purpose]]`",
        "`[[word]]` lacks the key `names` | [[word]] | ",
        "unknown key `name` in `[[word]]` | name | did you mean `names`?",
        "`--` is no name | \"--\" | write what names of such data end in: `msisdn`, `customer number`",
        "the word `handle` is declared twice | \"handle\" | ",
    ];
    assert_eq!(said, expected, "{said:#?}");
    assert!(run.loaded.is_err());
}

#[test]
fn what_lints_mind_leaves_the_rest_usable() {
    let run = run(r#"
[notice]
text = "PRIVACY.md"
[[rule]]
to = { role = "ad-company" }
never = { categories = ["user.contact.emial"] }
promise = "we share your address with everybody"
[[rule]]
never = { categories = ["email"] }
"#);
    let (notice, findings) = run.loaded.as_ref().unwrap();
    assert_eq!(notice.rules.len(), 1, "a rule without its categories would be about all data");
    let lints: Vec<_> = findings.iter().map(|d| d.lint).collect();
    assert_eq!(lints, [Some("unknown_category"), Some("promise_not_in_notice")]);
    let near = findings[1].labels[0].span;
    assert!(run.sources.text(near).starts_with("We share your **address**"));
}

#[test]
fn all_syntax_errors_are_said() {
    let run = run("[notice\ntitle = \n\n[[rule]]\nto = \n");
    assert!(run.said().len() >= 2, "{:#?}", run.said());
}

#[test]
fn a_byte_order_mark_and_absurd_nesting_do_no_harm() {
    let marked = run("\u{feff}[notice]\ntitel = \"x\"\n");
    assert_eq!(marked.said(), ["unknown key `titel` in `notice` | titel | did you mean `title`?"]);
    let deep = format!("[[rule]]\nto = {}", "[".repeat(50_000));
    assert!(run(&deep).loaded.is_err());
    let deep = format!("[[rule]]\nto = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(run(&deep).loaded.is_err());
    let deep = format!("[notice{}]\nx = 1", ".a".repeat(50_000));
    assert!(run(&deep).loaded.is_err());
}

#[test]
fn the_default_notice_keeps_its_promises() {
    let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
    let default = notice::default_notice(&mut sources, &mut taxonomy);
    assert!(default.is_default);
    assert!(default.rules.len() >= 8);
    assert_eq!(default.purposes.len(), 9);
    for rule in &default.rules {
        assert!(rule.promise.as_ref().unwrap().in_prose.is_some(), "{rule:?}");
    }
    let again = notice::default_notice(&mut sources, &mut taxonomy);
    assert_eq!(again.file, default.file, "the embedded files are added once");
}

#[test]
fn extending_keeps_the_rules_and_lets_names_be_said_again() {
    let run = run(r#"
[notice]
extends = "default"
[[choice]]
name = "interest-based-ads"
kind = "opt-out"
checked-by = ["crate::prefs::ads"]
[[rule]]
to = { role = "public" }
never = { categories = ["user.contact"] }
"#);
    let notice = run.valid();
    let choices = notice.choices.iter().filter(|c| c.name.value == "interest-based-ads");
    assert_eq!(choices.map(|c| c.checked_by.len()).collect::<Vec<_>>(), [1]);
    assert_eq!(notice.rules[0].to.role, Some(Role::Public));
    assert!(notice.rules.len() > 8 && !notice.is_default);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}|([\\[\\]{}=\"'a-z.,\\n #0-9-]){0,200}") {
        let _ = run(&text).said();
    }

    /// Pieces of a valid notice in any order, cut anywhere.
    #[test]
    fn no_mutilated_notice_panics(lines in proptest::collection::vec(0usize..90, 1..60), cut in 0usize..40) {
        let all: Vec<&str> = FULL.lines().collect();
        let mut text = lines.iter().map(|i| all[i % all.len()]).collect::<Vec<_>>().join("\n");
        text.truncate(text.len().saturating_sub(cut));
        for said in run(&text).said() {
            prop_assert!(!said.is_empty());
        }
    }
}
