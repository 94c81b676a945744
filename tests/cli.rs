//! How the program answers: exit codes, messages for input that cannot be used, what goes to which stream.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::{Run, folder, lint, messages, root, run, run_with};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n\n[dependencies]\nlog = \"1\"\n";
const LEAK: &str = "pub struct User {\n    #[cfg_attr(any(), personal_data(email))]\n    pub email: String,\n}\n\n\
                    pub fn greet(user: &User) {\n    println!(\"{}\", user.email);\n}\n";
const UNANNOTATED: &str = "pub struct User {\n    pub email: String,\n}\n\n\
                           pub fn greet(user: &User) {\n    println!(\"{}\", user.email);\n}\n";
const NOTICE: &str = "[notice]\ntitle = \"Example\"\n";

/// A package with one source file and a notice.
fn package(code: &str, notice: &str) -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", code), ("privacy-notice.toml", notice)])
}

fn check(folder: &TempDir, arguments: &[&str]) -> Run {
    run(folder.path(), &[&["check"], arguments].concat())
}

/// That a run could not be done, and that it says so in these words.
fn assert_unusable(outcome: &Run, words: &[&str]) {
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    for word in words {
        assert!(outcome.all().contains(word), "no `{word}` in\n{}", outcome.all());
    }
}

#[test]
fn nothing_to_say_is_zero() {
    let outcome =
        check(&package("pub fn add(a: u8, b: u8) -> u8 {\n    a + b\n}\n", NOTICE), &["--format", "short"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_denied_finding_is_one() {
    let outcome = check(&package(LEAK, NOTICE), &["--format", "short"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    assert!(
        outcome.stdout.starts_with("src/lib.rs:7:5: error[privacy::personal_data_in_logs]: "),
        "{}",
        outcome.stdout
    );
}

#[test]
fn levels_are_set_by_flags() {
    let leak = package(LEAK, NOTICE);
    assert_eq!(check(&leak, &["-W", "personal_data_in_logs"]).code, Some(0));
    assert_eq!(check(&leak, &["-A", "privacy::personal_data_in_logs"]).code, Some(0));
    assert_eq!(check(&leak, &["-A", "logging", "-D", "personal_data_in_logs"]).code, Some(1));
    assert_unusable(&check(&leak, &["-D", "personal_data_in_log"]), &["personal_data_in_logs"]);
}

#[test]
fn the_default_command_is_check() {
    assert_eq!(run(package(LEAK, NOTICE).path(), &[]).code, Some(1));
    assert_eq!(run(package(LEAK, NOTICE).path(), &["privacy", "check"]).code, Some(1));
}

#[test]
fn a_bad_flag_is_named() {
    assert_unusable(&check(&package(LEAK, NOTICE), &["--formatt", "json"]), &["--formatt", "--format"]);
    assert_unusable(&check(&package(LEAK, NOTICE), &["--format", "yaml"]), &["yaml"]);
}

#[test]
fn a_missing_path_is_named() {
    assert_unusable(&check(&package(LEAK, NOTICE), &["no/such/folder"]), &["no/such/folder"]);
}

#[test]
fn a_folder_without_rust_is_no_pass() {
    assert_unusable(&check(&folder(&[("notes.txt", "nothing\n")]), &[]), &["Rust"]);
}

#[test]
fn a_broken_notice_is_shown_with_its_place() {
    let outcome = check(&package(LEAK, "[notice\ntitle = 1\n"), &["--format", "short"]);
    assert_unusable(&outcome, &["privacy-notice.toml:1"]);
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    let notice = format!("{NOTICE}\n[[recipient]]\nname = \"a\"\nrole = \"log\"\nmay-recieve = []\n");
    assert_unusable(&check(&package(LEAK, &notice), &[]), &["may-recieve", "may-receive"]);
}

#[test]
fn all_errors_of_a_notice_are_told_at_once() {
    let notice =
        format!("{NOTICE}\n[[recipient]]\nname = \"a\"\nrole = \"logs\"\nmay-receive = [\"user.nam\"]\n");
    assert_unusable(&check(&package(LEAK, &notice), &[]), &["logs", "user.nam", "user.name"]);
}

#[test]
fn a_promise_that_the_prose_lacks_is_answered_with_the_nearest_sentence() {
    let notice = "[notice]\ntitle = \"Example\"\ntext = \"PRIVACY.md\"\n\n[[rule]]\nto = { role = \"log\" }\n\
                  never = { identifies = \"directly\" }\npromise = \"Our logs never say who you are.\"\n";
    let prose = "# Privacy\n\nWe like cake. Our logs do not say who you are.\n";
    let broken = package(LEAK, notice);
    std::fs::write(broken.path().join("PRIVACY.md"), prose).unwrap();
    let outcome = check(&broken, &[]);
    assert_ne!(outcome.code, Some(0));
    assert!(outcome.all().contains("Our logs do not say who you are"), "{}", outcome.all());
}

#[test]
fn a_file_that_does_not_parse_is_told_and_the_rest_is_checked() {
    let code = format!("mod broken;\n\n{LEAK}");
    let broken = package(&code, NOTICE);
    std::fs::write(broken.path().join("src/broken.rs"), "pub fn a() {}\n\nfn b( {}\n").unwrap();
    let outcome = check(&broken, &["--format", "short"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    assert!(outcome.all().contains("src/broken.rs:3"), "{}", outcome.all());
    assert!(
        outcome.stdout.contains("src/lib.rs:9:5: error[privacy::personal_data_in_logs]"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn without_a_notice_the_default_applies_and_what_is_inferred_never_fails() {
    let first = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", UNANNOTATED)]);
    let outcome = check(&first, &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert!(outcome.stdout.contains("personal_data_in_logs"), "{}", outcome.all());
    assert_eq!(check(&first, &["--inferred", "yes"]).code, Some(1));
}

#[test]
fn inference_ends_with_the_first_annotation() {
    let other = "pub struct Note {\n    #[cfg_attr(any(), personal_data(none))]\n    pub number: u64,\n}\n";
    let annotated = package(&format!("{UNANNOTATED}\n{other}"), NOTICE);
    let outcome = check(&annotated, &["--format", "short"]);
    assert!(!outcome.stdout.contains("personal_data_in_logs"), "{}", outcome.all());
    let outcome = check(&annotated, &["--format", "short", "--inferred", "yes"]);
    assert!(outcome.stdout.contains("personal_data_in_logs"), "{}", outcome.all());
}

#[test]
fn the_nearest_notice_applies() {
    let allowing = "[notice]\ntitle = \"Inner\"\n\n[[recipient]]\nname = \"console\"\nrole = \"log\"\n\
                    may-receive = [\"user.contact.email\"]\n";
    let workspace = "[workspace]\nmembers = [\"a\", \"b\"]\n";
    let member = |name: &str| MANIFEST.replace("example", name);
    let both = folder(&[
        ("Cargo.toml", workspace),
        ("privacy-notice.toml", NOTICE),
        ("a/Cargo.toml", &member("a")),
        ("a/src/lib.rs", LEAK),
        ("b/Cargo.toml", &member("b")),
        ("b/src/lib.rs", LEAK),
        ("b/privacy-notice.toml", allowing),
    ]);
    let outcome = check(&both, &["--format", "short"]);
    assert!(outcome.stdout.contains("a/src/lib.rs:7:5"), "{}", outcome.all());
    assert!(!outcome.stdout.contains("b/src/lib.rs"), "{}", outcome.all());
}

#[test]
fn test_code_is_silent_unless_asked_for() {
    let code = LEAK.replace("pub fn greet", "#[cfg(test)]\npub fn greet");
    let outcome = check(&package(&code, NOTICE), &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert_eq!(check(&package(&code, NOTICE), &["--tests"]).code, Some(1));
}

#[test]
fn a_branch_for_tests_is_silent_unless_asked_for() {
    let code = LEAK.replace("println!", "if cfg!(test) { println!").replace(");\n}", "); }\n}");
    assert_ne!(code, LEAK);
    let outcome = check(&package(&code, NOTICE), &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert_eq!(check(&package(&code, NOTICE), &["--tests"]).code, Some(1));
    let other = package(&code.replace("cfg!(test)", "cfg!(feature = \"loud\")"), NOTICE);
    assert_eq!(check(&other, &[]).code, Some(1));
    assert_eq!(check(&other, &["--no-default-features"]).code, Some(0));
}

#[test]
fn json_lines_are_messages_and_an_end() {
    let outcome = check(&package(LEAK, NOTICE), &["--message-format", "json"]);
    let reasons: Vec<_> = outcome.stdout.lines().map(|line| line.split('"').nth(3).unwrap_or("")).collect();
    assert_eq!(reasons, ["compiler-message", "build-finished"], "{}", outcome.stdout);
    assert_eq!(messages(&outcome.stdout).iter().map(lint).collect::<Vec<_>>(), ["personal_data_in_logs"]);
}

#[test]
fn nothing_from_source_reaches_the_terminal_raw() {
    let code = LEAK.replace("\"{}\"", "\"\u{202e}\u{1b}[31m{}\"");
    let outcome = check(&package(&code, NOTICE), &[]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    assert!(!outcome.all().contains(['\u{202e}', '\u{1b}']), "{:?}", outcome.all());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let shop = root().join("fixtures/shop");
    for format in ["human", "short", "json"] {
        let once = |threads| bytes(&shop, format, threads);
        let serial = once("1");
        assert!(serial.contains("personal_data_in_logs"), "{format}: {serial}");
        assert_eq!(serial, once("4"), "{format}");
    }
    for arguments in
        [&["annotate", "--confidence", "low"][..], &["init", "--print"], &["explain", "--allows"]]
    {
        let once = |threads| run_with(&shop, arguments, &[("RAYON_NUM_THREADS", threads)]).stdout;
        let serial = once("1");
        assert!(!serial.is_empty(), "{arguments:?}");
        assert_eq!(serial, once("4"), "{arguments:?}");
    }
}

fn bytes(folder: &Path, format: &str, threads: &str) -> String {
    run_with(folder, &["check", "--format", format], &[("RAYON_NUM_THREADS", threads)]).stdout
}

#[test]
fn suppressions_are_listed_with_what_they_cover() {
    let code = "pub struct User {\n    #[cfg_attr(any(), personal_data(email))]\n    pub email: String,\n}\n\n\
                pub fn greet(user: &User) {\n    // privacy: allow(personal_data_in_logs) reason: \"a demo\"\n    \
                println!(\"{}\", user.email);\n    // privacy: allow(personal_data_in_errors)\n    let _ = user;\n}\n";
    let manifest = format!("{MANIFEST}\n[package.metadata.privacy.lints]\nplaintext_transport = \"allow\"\n");
    let package = folder(&[("Cargo.toml", &manifest), ("src/lib.rs", code), ("privacy-notice.toml", NOTICE)]);
    let outcome = run(package.path(), &["explain", "--allows"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    let expected = "Cargo.toml:9:1: plaintext_transport = \"allow\": turns off `plaintext_transport`\n    \
                    no reason given\n\
                    src/lib.rs:7:5: allow(personal_data_in_logs): covers 1 finding\n    reason: a demo\n\
                    src/lib.rs:9:5: allow(personal_data_in_errors): covers nothing\n    no reason given\n\
                    3 suppressions, 2 without a reason\n";
    assert_eq!(outcome.stdout, expected);
}

#[test]
fn a_first_run_shows_what_there_is_and_what_to_do() {
    let code = "pub struct User {\n    pub email: String,\n    pub password: String,\n}\n\n\
                pub fn greet(user: &User) {\n    println!(\"{}\", user.email);\n    println!(\"{}\", user.password);\n}\n";
    let first = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", code)]);
    let outcome = check(&first, &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    for part in [
        "user.contact.email           1 high",
        "log, at 2 places: user.authorization.password, user.contact.email\n      src/lib.rs:7:5, src/lib.rs:8:5\n",
        "credentials_in_logs: 1 finding\n      src/lib.rs:8:5\n",
        "  cargo privacy annotate ",
        "  cargo privacy init ",
        "records the 2 findings of today",
    ] {
        assert!(outcome.stdout.contains(part), "no {part:?} in\n{}", outcome.stdout);
    }
    assert!(outcome.stderr.contains("today's 2 errors would"), "{}", outcome.stderr);
    for arguments in [&["-q"][..], &["--format", "short"], &["--inferred", "yes"]] {
        assert!(!check(&first, arguments).stdout.contains("What looks personal"), "{arguments:?}");
    }
}

#[test]
fn many_findings_of_a_first_run_are_counted_and_the_worst_are_shown() {
    let logs: String = (0..12)
        .map(|n| format!("pub fn f{n}(user: &User) {{\n    println!(\"{{}}\", user.email);\n}}\n"))
        .collect();
    let code = format!(
        "pub struct User {{\n    pub email: String,\n    pub password: String,\n}}\n{logs}pub fn g(user: &User) {{\n    println!(\"{{}}\", user.password);\n}}\n"
    );
    let first = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", &code)]);
    let shown = |arguments: &[&str]| check(&first, arguments).stdout.matches("error[privacy::").count();
    assert_eq!(shown(&[]), 1);
    assert!(check(&first, &[]).stdout.contains("error[privacy::credentials_in_logs]"));
    assert!(check(&first, &[]).stdout.contains("12 findings not shown"));
    assert_eq!(shown(&["--max", "5"]), 5);
    assert_eq!(shown(&["-q"]), 13);
}

#[test]
fn programs_are_told_on_stdout_why_there_is_nothing_to_read() {
    let broken = package(LEAK, "[notice]\ntitel = \"x\"\n");
    for (format, said) in
        [("sarif", "\"executionSuccessful\":false"), ("github", "::error file=privacy-notice.toml")]
    {
        let outcome = check(&broken, &["--format", format]);
        assert_unusable(&outcome, &["titel"]);
        assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
    }
    let outcome = check(&package(LEAK, NOTICE), &["--format", "github"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stdout.starts_with("::error file=src/lib.rs,line=7,col=5,"), "{}", outcome.stdout);
}

#[test]
fn a_notice_of_a_dependency_is_not_reported_on() {
    let text = "[notice]\ntext = \"PRIVACY.md\"\n\n[[rule]]\nto = { role = \"log\" }\nnever = { identifies = \"directly\" }\n\
                promise = \"Nobody said this.\"\n";
    let folder = folder(&[
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nedition = \"2024\"\n\n[dependencies]\nb = { path = \"../b\" }\n",
        ),
        ("a/src/lib.rs", "pub fn a() {\n    b::b();\n}\n"),
        ("a/privacy-notice.toml", NOTICE),
        ("b/Cargo.toml", "[package]\nname = \"b\"\nedition = \"2024\"\n"),
        ("b/src/lib.rs", "pub fn b() {}\n"),
        ("b/privacy-notice.toml", text),
        ("b/PRIVACY.md", "We say something else.\n"),
    ]);
    let alone = run(&folder.path().join("a"), &["check", "--format", "short"]);
    assert_eq!((alone.code, alone.stdout.as_str()), (Some(0), ""), "{}", alone.all());
    let asked = run(&folder.path().join("b"), &["check", "--format", "short"]);
    assert!(asked.stdout.contains("promise_not_in_notice"), "{}", asked.all());
}
