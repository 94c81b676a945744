//! The notice by itself: two versions compared by meaning, what is wrong with one, which promise is checked by what.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Run, lint, messages, root, run};
use tempfile::TempDir;

/// The shop's notice as it is.
fn shop() -> String {
    std::fs::read_to_string(root().join("fixtures/shop/privacy-notice.toml")).unwrap()
}

/// With one passage in place of another, which must be there.
fn altered(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the shop's notice has no `{from}`");
    text.replacen(from, to, 1)
}

/// Compares the shop's notice with an altered copy of it.
fn diff(new: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let prose = std::fs::read_to_string(root().join("fixtures/shop/PRIVACY.md")).unwrap();
    for (name, text) in [("old.toml", shop().as_str()), ("new.toml", new), ("PRIVACY.md", &prose)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    run(folder.path(), &["notice", "diff", "old.toml", "new.toml"])
}

fn assert_weakened(new: &str, words: &[&str]) {
    let outcome = diff(new);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    for word in words {
        assert!(outcome.stdout.contains(word), "no `{word}` in\n{}", outcome.stdout);
    }
    let findings = outcome.stdout.matches("error[privacy::weakened_notice]").count();
    assert_eq!(findings, 1, "{}", outcome.stdout);
}

fn assert_kept(new: &str) {
    let outcome = diff(new);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{}", outcome.stdout);
}

const ADS: &str = "may-receive = [\"user.device.advertising_id\", \"user.behavior.purchase_history\"]";

#[test]
fn weakened_by_more_data_for_somebody() {
    let more = ADS.replace(']', ", \"user.location\"]");
    let words = ["user.location", "`advertising company`", "not permitted", "permitted in clear"];
    assert_weakened(&altered(&shop(), ADS, &more), &words);
}

#[test]
fn weakened_by_a_form_that_is_no_longer_asked_for() {
    let new = altered(
        &shop(),
        "{ category = \"user.contact.email\", as = [\"keyed-hash\"] }",
        "\"user.contact.email\"",
    );
    assert_weakened(&new, &["user.contact.email", "`payment processor`", "permitted in clear"]);
}

#[test]
fn weakened_by_a_choice_that_is_no_longer_asked() {
    let new = altered(&shop(), "requires = [\"advertising\"]\n", "");
    let new = altered(
        &new,
        "name = \"advertising\"\nkind = \"opt-out\"",
        "name = \"advertising\"\nkind = \"opt-in\"",
    );
    assert_weakened(&new, &["`advertising company`", "`advertising` asked, opt-out", "not asked"]);
}

#[test]
fn weakened_by_a_rule_that_is_gone() {
    let rule = "[[rule]]\nto = { role = \"log\" }\nnever = { identifies = \"directly\" }\npromise = \"What our staff read to keep \
                the shop working, logs and error messages among it, does not say who you are.\"\n";
    assert_weakened(&altered(&shop(), rule, ""), &["any log", "forbidden", "no longer forbidden in clear"]);
}

#[test]
fn weakened_by_a_rule_on_some_peoples_data_that_is_gone() {
    let rule = "[[rule]]\nto = { role = \"service-provider\" }\nof = [\"shop_accounts::credentials::Papers\"]\n\
                never = { categories = [\"user.government_id\"] }\n\
                promise = \"What a seller shows us of a passport goes to nobody who works for us.\"\n";
    let words = ["any service-provider, of shop_accounts::credentials::Papers", "no rule as strict"];
    assert_weakened(&altered(&shop(), rule, ""), &words);
    let other = rule.replace("government_id", "payment");
    assert_weakened(&altered(&shop(), rule, &other), &words);
}

#[test]
fn weakened_by_a_further_purpose() {
    let carrier = "may-receive = [\"user.name\", \"user.contact.address\", \"user.contact.phone_number\"]\nfor = [\"delivery\"";
    let new = altered(&shop(), carrier, &format!("{carrier}, \"advertising\""));
    assert_weakened(&new, &["`parcel carrier`", "for `advertising` as well", "for `delivery`"]);
}

const VISITS: &str = "name = \"visits\"\ncategory = \"user.behavior.browsing_history\"\nessential = false\n";

#[test]
fn weakened_by_a_cookie_that_no_longer_asks() {
    let asks = format!("{VISITS}requires = [\"cookies\"]\n");
    let none = altered(&shop(), &asks, VISITS);
    let words = ["the cookie `visits`", "`cookies` asked, opt-in", "any choice will do"];
    assert_weakened(&none, &words);
    let other = altered(&shop(), &asks, &asks.replace("cookies", "advertising"));
    assert_weakened(&other, &["the cookie `visits`", "`cookies` asked, opt-in", "not asked"]);
    let essential = asks.replace("false", "true");
    assert_weakened(&altered(&shop(), &asks, &essential), &["can be refused", "it is essential"]);
    let gone = essential.replace("requires = [\"cookies\"]\n", "");
    assert_weakened(&altered(&shop(), &asks, &gone), &["can be refused", "it is essential"]);
    let renamed = altered(&shop(), &asks, &VISITS.replace("visits", "visit*"));
    assert_weakened(&renamed, &["the cookie `visit*`", "any choice will do"]);
    let mild = "name = \"cookies\"\n";
    assert_weakened(
        &altered(&shop(), mild, &format!("{mild}kind = \"opt-out\"\n")),
        &["the cookie `visits`", "`cookies` asked, opt-in", "opt-out"],
    );
}

#[test]
fn kept_by_a_cookie_that_asks_under_another_name() {
    let asks = "requires = [\"cookies\"]";
    let same_check = altered(&shop(), asks, "requires = [\"visits\"]");
    assert_kept(&altered(&same_check, "name = \"cookies\"", "name = \"visits\""));
    assert_kept(&altered(&shop(), asks, "requires = [\"cookies\", \"advertising\"]"));
    // One of two entries that a pattern covers is compared with itself, not with the pattern.
    let beside = format!("[[cookie]]\n{}\n[[cookie]]\nname = \"visits\"", VISITS.replace("visits", "visit*"));
    assert_kept(&altered(&shop(), "[[cookie]]\nname = \"visits\"", &beside));
}

#[test]
fn kept_by_what_is_only_said_otherwise() {
    let broad = "\"user.name\", \"user.contact\", \"user.account.loyalty_number\"";
    let split = "\"user.account.loyalty_number\", \"user.contact\", \"user.name.first\", \"user.name\"";
    let new = altered(&shop(), "2026-03-02", "2026-11-01");
    let new = altered(&new, "name = \"parcel carrier\"", "name = \"parcel service\"");
    assert_kept(&altered(&new, broad, split));
}

#[test]
fn kept_by_less_for_somebody() {
    assert_kept(&altered(&shop(), ADS, "may-receive = [\"user.device.advertising_id\"]"));
}

#[test]
fn kept_by_a_choice_that_asks_before() {
    let from = "name = \"advertising\"\nkind = \"opt-out\"";
    assert_kept(&altered(&shop(), from, "name = \"advertising\"\nkind = \"opt-in\""));
}

#[test]
fn kept_by_rules_in_fewer_words() {
    let new = altered(
        &shop(),
        "to = { role = \"log\" }\nnever = { identifies = \"directly\" }",
        "to = { role = \"log\" }\nnever = { categories = [\"user\"] }",
    );
    assert_kept(&format!(
        "{new}\n[[rule]]\nto = {{ role = \"metrics\" }}\nnever = {{ identifies = \"directly\" }}\n"
    ));
}

#[test]
fn kept_where_people_are_asked_anew() {
    let polls = "\n[[choice]]\nname = \"polls\"\nkind = \"opt-in\"\n\n[[recipient]]\nname = \"poll institute\"\nrole = \"service-provider\"\n\
                 hosts = [\"polls.example\"]\nmay-receive = [\"user.contact.email\"]\nrequires = [\"polls\"]\n";
    let outcome = diff(&format!("{}{polls}", shop()));
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert!(outcome.stdout.contains("asked anew: `polls`"), "{}", outcome.stdout);
    let asked_already = polls.replace("requires = [\"polls\"]", "requires = [\"advertising\"]");
    assert_weakened(&format!("{}{asked_already}", shop()), &["`poll institute`", "not named"]);
}

/// A repository with two versions of a notice, in a folder of its own.
fn repository(versions: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    for version in versions {
        std::fs::create_dir_all(folder.path().join("web/src")).unwrap();
        std::fs::write(folder.path().join("web/privacy-notice.toml"), version).unwrap();
        std::fs::write(folder.path().join("web/PRIVACY.md"), "The carrier receives your name.\n").unwrap();
        git(&["add", "--all"]);
        let who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
        git(&[&who[..], &["commit", "--quiet", "--message", "a version"]].concat());
    }
    folder
}

const CARRIER: &str = "[notice]\ntext = \"PRIVACY.md\"\n\n[[recipient]]\nname = \"carrier\"\nrole = \"service-provider\"\n\
                       hosts = [\"carrier.example\"]\nmay-receive = [\"user.name\"]\npromise = \"The carrier receives your name.\"\n";

#[test]
fn versions_may_be_git_revisions() {
    let more = CARRIER.replace("\"user.name\"", "\"user.name\", \"user.contact.email\"");
    let folder = repository(&[CARRIER, &more]);
    let inside = folder.path().join("web/src");
    for arguments in
        [&["HEAD~1"][..], &["HEAD~1", "HEAD"], &["HEAD~1:../privacy-notice.toml", "../privacy-notice.toml"]]
    {
        let outcome = run(&inside, &[&["notice", "diff", "--format", "short"], arguments].concat());
        assert_eq!(outcome.code, Some(1), "{arguments:?}: {}", outcome.all());
        assert!(outcome.stdout.contains("`carrier`: permitted in clear"), "{}", outcome.stdout);
    }
    assert_eq!(run(&inside, &["notice", "diff", "HEAD"]).code, Some(0));
    assert_eq!(run(&inside, &["notice", "diff", "HEAD", "HEAD~1"]).code, Some(0));
    for unusable in ["no-such-revision", "HEAD~7", "--no-such-flag"] {
        let outcome = run(&inside, &["notice", "diff", unusable]);
        assert_eq!(outcome.code, Some(2), "{unusable}: {}", outcome.all());
        assert!(outcome.stderr.contains(unusable), "{}", outcome.stderr);
    }
}

#[test]
fn findings_on_versions_are_lines_of_json_too() {
    let folder = repository(&[CARRIER, &CARRIER.replace("\"user.name\"", "\"user\"")]);
    let outcome = run(&folder.path().join("web"), &["notice", "diff", "HEAD~1", "--format", "json"]);
    let found = messages(&outcome.stdout);
    assert_eq!(found.iter().map(lint).collect::<Vec<_>>(), ["weakened_notice"]);
    let allowed = ["notice", "diff", "HEAD~1", "-W", "weakened_notice"];
    assert_eq!(run(&folder.path().join("web"), &allowed).code, Some(0));
}

/// Runs in a folder with these files.
fn run_in(contents: &[(&str, &str)], arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in contents {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    run(folder.path(), arguments)
}

#[test]
fn the_notice_is_linted_without_any_code() {
    let prose = "# Notice\n\nThe carrier receives your name. We keep your letters for a year.\n\n## Ads\n\nNobody learns it.\n";
    let notice = "[notice]\ntext = \"PRIVACY.md\"\n\n[[purpose]]\nname = \"idle\"\n\n[[choice]]\nname = \"ads\"\n\n\
                  [[recipient]]\nname = \"carrier\"\nrole = \"service-provider\"\nhosts = [\"c.example\"]\n\
                  may-receive = [\"user\", \"user.name\"]\npromise = \"The carrier receives your name.\"\n\n\
                  [[recipient]]\nname = \"printer\"\nrole = \"service-provider\"\npromise = \"Nobody learns this.\"\n\n\
                  [[rule]]\nto = { role = \"log\" }\nnever = { identifies = \"directly\" }\n\n\
                  [[rule]]\nto = { role = \"log\" }\nnever = { identifies = \"directly\" }\n";
    let files = [("privacy-notice.toml", notice), ("PRIVACY.md", prose)];
    let outcome = run_in(&files, &["notice", "lint"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    let said = [
        "error[privacy::promise_not_in_notice]: this promise is not in the published notice",
        "the nearest sentence is: Nobody learns it.",
        "nothing can ever be found to reach `printer`",
        "`printer` may receive data of every kind",
        "`carrier` may receive data of every kind",
        "this permit of user.name adds nothing",
        "nothing requires the choice `ads`",
        "no data and no code serves the purpose `idle`",
        "this rule about any log adds nothing",
        "2 of 3 sentences of PRIVACY.md are stated by no entry:",
        "  PRIVACY.md:3: We keep your letters for a year.",
    ];
    for words in said {
        assert!(outcome.stdout.contains(words), "no `{words}` in\n{}", outcome.stdout);
    }
    let short = run_in(&files, &["notice", "lint", "--format", "short"]);
    let unstated = "PRIVACY.md:3:33: note: no entry of the notice states this sentence";
    assert!(short.stdout.contains(unstated), "{}", short.stdout);
}

#[test]
fn a_notice_that_says_it_well_is_left_alone() {
    let notice = CARRIER.replace("carrier.example", "c.example");
    let files =
        [("privacy-notice.toml", notice.as_str()), ("PRIVACY.md", "The carrier receives your name.\n")];
    let outcome = run_in(&files, &["notice", "lint"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert_eq!(outcome.stdout, "every one of the 1 sentences of PRIVACY.md is stated by an entry\n");
    let nowhere = run_in(&[("a.txt", "")], &["notice", "lint"]);
    assert_eq!(nowhere.code, Some(2), "{}", nowhere.all());
    assert!(nowhere.stderr.contains("there is no `privacy-notice.toml` here or above"), "{}", nowhere.stderr);
}

#[test]
fn coverage_says_what_checks_a_promise_and_what_cannot_be_checked() {
    let prose = "# Logs\n\nOur logs do not say who you are.\n\n# Ways\n\nAll travels encrypted. Our guards are awake.\n\n\
                 # Rest\n\nWe like you.\n";
    let notice = "[notice]\ntext = \"PRIVACY.md\"\n\n[[rule]]\nto = { role = \"log\" }\nnever = { identifies = \"directly\" }\n\
                  promise = \"Our logs do not say who you are.\"\n\n[[checked]]\npromise = \"All travels encrypted.\"\n\
                  by = [\"plaintext_transport\"]\n\n[[unchecked]]\npromise = \"Our guards are awake.\"\nreason = \"no code sleeps\"\n";
    let code = "pub struct User {\n    #[cfg_attr(any(), personal_data(email))]\n    pub email: String,\n}\n\n\
                pub fn greet(user: &User) {\n    println!(\"{}\", user.email);\n}\n";
    let manifest = "[package]\nname = \"example\"\nedition = \"2024\"\n";
    let files = [
        ("Cargo.toml", manifest),
        ("src/lib.rs", code),
        ("privacy-notice.toml", notice),
        ("PRIVACY.md", prose),
    ];
    let outcome = run_in(&files, &["notice", "coverage"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    let expected = "privacy-notice.toml\n\nLogs\n  \"Our logs do not say who you are.\"\n      \
        stated in   rule any log (privacy-notice.toml:4)\n      checked by  personal_data_in_logs, credentials_in_logs\n      \
        touched by  1 flow, 1 at fault\n\nWays\n  \"All travels encrypted.\"\n      \
        stated in   checked (privacy-notice.toml:9)\n      checked by  plaintext_transport\n\n\
        not checkable in source\n  \"Our guards are awake.\"\n      no code sleeps\n\n\
        stated by no entry\n  PRIVACY.md:11: We like you.\n\n\
        2 of 3 promises are checked, 1 cannot be checked in source; sentences stated by no entry: 1\n";
    assert_eq!(outcome.stdout, expected);
    let json = run_in(&files, &["notice", "coverage", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(read[0]["promises"][1]["checked_by"][0], "plaintext_transport");
    let slip = notice.replace("plaintext_transport", "plaintext_transports");
    let files = [("privacy-notice.toml", slip.as_str()), ("PRIVACY.md", prose)];
    let outcome = run_in(&files, &["notice", "lint"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    assert!(outcome.stderr.contains("did you mean `plaintext_transport`?"), "{}", outcome.stderr);
}
