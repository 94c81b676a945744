//! Small notices and what is said of one program under each: the kinds of statement that PoliCheck tells apart, exceptions,
//! limits by origin and by whose data it is, forms, choices, hosts, and statements that cannot both hold.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::{Run, folder, run};

const MANIFEST: &str =
    "[package]\nname = \"demo\"\nedition = \"2024\"\n\n[dependencies]\nreqwest = \"0.12\"\n";

const CODE: &str = "use reqwest::blocking::Client;
pub struct User {
    #[cfg_attr(any(), personal_data(email))]
    pub email: String,
    #[cfg_attr(any(), personal_data(user.name))]
    pub name: String,
    #[cfg_attr(any(), personal_data(user.device.device_id))]
    pub device: String,
    #[cfg_attr(any(), personal_data(user.device.mac_address))]
    pub mac: String,
}
pub struct Child {
    #[cfg_attr(any(), personal_data(user.name))]
    pub name: String,
    pub agreed: bool,
}
pub fn keyed(text: &str) -> String { text.into() }
pub fn plain(text: &str) -> String { text.into() }
pub fn voice() -> String { String::new() }
fn post(url: &str, text: String) { let _ = Client::new().post(url).body(text).send(); }
";

const SCHOOL: &str =
    "[[recipient]]\nname = \"school\"\nrole = \"service-provider\"\nhosts = [\"school.example\"]\n";

fn check(notice: &str, code: &str) -> Run {
    let code = format!("{CODE}pub fn go(user: &User, child: &Child) {{\n{code}\n}}\n");
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", &code), ("privacy-notice.toml", notice)];
    run(folder(&files).path(), &["check", "-A", "unused_promise"])
}

/// The lints that speak, each with a part of what they say; none where there are none.
fn assert_says(notice: &str, code: &str, said: &[(&str, &str)]) {
    let outcome = check(notice, code);
    let out = &outcome.stdout;
    let found = out.lines().filter(|line| !line.starts_with(' ') && line.contains("[privacy::")).count();
    assert_eq!(found, said.len(), "{notice}\n{code}\n{}", outcome.all());
    for (lint, words) in said {
        assert!(out.contains(&format!("[privacy::{lint}]")), "no {lint}\n{}", outcome.all());
        assert!(out.contains(words), "no `{words}`\n{}", outcome.all());
    }
}

const EMAIL: &str = "post(\"https://school.example/in\", user.email.clone());";

fn may(notice: &str) -> String {
    format!("{SCHOOL}may-receive = [{notice}]\n")
}

#[test]
fn what_is_stated_is_clear_and_what_is_not_is_omitted() {
    assert_says(&may("\"user.contact.email\""), EMAIL, &[]);
    assert_says(&may("\"user.name\""), EMAIL, &[("undeclared_sharing", "omitted disclosure")]);
    assert_says("", EMAIL, &[("undeclared_recipient", "omitted disclosure")]);
}

#[test]
fn what_only_something_broader_states_is_vague_with_a_score() {
    assert_says(&may("\"user\""), EMAIL, &[("vague_disclosure", "which is 99 kinds of data")]);
}

const NEVER: &str = "[[rule]]\nto = { role = \"service-provider\" }\n";

#[test]
fn what_is_denied_is_incorrect_and_what_is_granted_besides_is_ambiguous() {
    let never = format!("{NEVER}never = {{ categories = [\"user.contact\"] }}\n");
    let denied = may("\"user.name\"") + &never;
    assert_says(&denied, EMAIL, &[("broken_rule", "incorrect disclosure")]);
    let both = may("\"user.contact.email\"") + &never;
    let said = [("notice_contradiction", "and may not"), ("broken_rule", "ambiguous disclosure")];
    assert_says(&both, EMAIL, &said);
    assert!(check(&both, EMAIL).stdout.contains("this grants it"));
}

#[test]
fn an_exception_by_narrowing_is_a_denial_and_no_contradiction() {
    let notice = may("\"user.device\"") + NEVER + "never = { categories = [\"user.device.mac_address\"] }\n";
    assert_says(&notice, "post(\"https://school.example/in\", user.device.clone());", &[]);
    let mac = "post(\"https://school.example/in\", user.mac.clone());";
    assert_says(&notice, mac, &[("broken_rule", "incorrect disclosure")]);
}

#[test]
fn limits_go_by_where_data_is_from() {
    let purposes = "[[purpose]]\nname = \"speech\"\n[[purpose]]\nname = \"adverts\"\nis = \"marketing.advertising\"\n\
                    [[source]]\ncalls = [\"crate::voice\"]\ncategory = \"user.sensor\"\nfor = [\"speech\"]\n";
    let notice = |purpose: &str| may("\"user.sensor\"") + &format!("for = [\"{purpose}\"]\n") + purposes;
    let code = "post(\"https://school.example/in\", voice());";
    assert_says(&notice("speech"), code, &[]);
    assert_says(&notice("adverts"), code, &[("source_secondary_use", "obtained for `speech`")]);
}

#[test]
fn rules_go_by_whose_data_it_is() {
    let notice =
        may("\"user.name\"") + NEVER + "of = [\"crate::Child\"]\nnever = { categories = [\"user.name\"] }\n";
    assert_says(&notice, "post(\"https://school.example/in\", user.name.clone());", &[]);
    let code = "post(\"https://school.example/in\", child.name.clone());";
    // What is kept back of some people's data narrows the grant.
    assert_says(&notice, code, &[("broken_rule", "incorrect disclosure")]);
    let asks =
        "[[choice]]\nname = \"parent\"\nkind = \"guardian\"\nchecked-by = [\"crate::Child::agreed\"]\n";
    let notice = may("\"user.name\"") + NEVER + "of = [\"crate::Child\"]\nrequires = [\"parent\"]\n" + asks;
    assert_says(&notice, code, &[("child_data_without_guardian_consent", "without `parent`")]);
    assert_says(&notice, &format!("if child.agreed {{ {code} }}"), &[]);
}

#[test]
fn forms_decide() {
    let transforms = "[[transform]]\ncalls = [\"crate::keyed\"]\nmakes = \"keyed-hash\"\n\
                      [[transform]]\ncalls = [\"crate::plain\"]\nmakes = \"hash\"\n";
    let keyed = "{ category = \"user.contact.email\", as = [\"keyed-hash\"] }";
    let notice = may(keyed).replace("service-provider", "ad-company") + transforms;
    assert_says(&notice, "post(\"https://school.example/in\", keyed(&user.email));", &[]);
    let plain = "post(\"https://school.example/in\", plain(&user.email));";
    assert_says(&notice, plain, &[("hashed_identifier_to_ad_company", "hashed user.contact.email")]);
    assert_says(&notice, EMAIL, &[("direct_identifier_to_ad_company", "user.contact.email")]);
}

#[test]
fn environment_variables_are_mapped_to_recipients() {
    let from = |url: &str| format!("post(&{url}, user.email.clone());");
    let notice = may("\"user.name\"").replace("\"school.example\"", "\"school.example\", \"${SCHOOL_URL}\"");
    let plain = from("std::env::var(\"SCHOOL_URL\").unwrap()");
    assert_says(&notice, &plain, &[("undeclared_sharing", "`school` receives")]);
    let joined = from("format!(\"https://{}/in\", std::env::var(\"SCHOOL_URL\").unwrap())");
    assert_says(&notice, &joined, &[("undeclared_sharing", "`school` receives")]);
    let region = from("format!(\"https://{}.school.example/in\", std::env::var(\"REGION\").unwrap())");
    let below = notice.replace("\"school.example\"", "\"*.school.example\"");
    assert_says(&below, &region, &[("undeclared_sharing", "`school` receives")]);
    let other = from("std::env::var(\"OTHER_URL\").unwrap()");
    assert_says(&notice, &other, &[("unknown_recipient", "the environment variable `OTHER_URL`")]);
    let wrong = check(&notice.replace("${SCHOOL_URL}", "${SCHOOL URL}"), "");
    assert_eq!(wrong.code, Some(2), "{}", wrong.all());
    assert!(wrong.stderr.contains("is not a host"), "{}", wrong.stderr);
}

#[test]
fn statements_that_cannot_both_hold_are_told() {
    let choice =
        "[[choice]]\nname = \"news\"\nchecked-by = [\"crate::keyed\"]\nrefused-by = [\"crate::keyed\"]\n";
    assert_says(
        choice,
        "",
        &[("notice_contradiction", "a yes of `crate::keyed` grants `news` and refuses it")],
    );
    let cookie = "[[cookie]]\nname = \"map\"\ncategory = \"user.device.cookie\"\nessential = true\nrequires = [\"news\"]\n\
                  [[choice]]\nname = \"news\"\n";
    assert_says(cookie, "", &[("notice_contradiction", "`map` is set without asking and after asking")]);
    let rules = "[[rule]]\nto = { role = \"log\" }\nonly = { categories = [\"user.contact\"] }\n\
                 [[rule]]\nto = { role = \"log\" }\nnever = { categories = [\"user.contact\"] }\n";
    assert_says(rules, "", &[("notice_contradiction", "nothing is left that any log may receive")]);
}
