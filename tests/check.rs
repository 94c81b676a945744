//! What a run does before and after the analysis: notices and models that are asked for, refusals, `explain`.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::{Run, run};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n";
const NOTICE: &str = "[notice]\ntitle = \"Example\"\n";

fn package(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("Cargo.toml", MANIFEST), ("src/lib.rs", "pub fn f() {}\n")].iter().chain(files) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn check(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    run(package(files).path(), &[&["check"], arguments].concat())
}

#[test]
fn a_notice_that_is_asked_for_must_be_there() {
    let outcome = check(&[], &["--notice", "no/such.toml"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    assert!(outcome.stderr.contains("no/such.toml") && outcome.stdout.is_empty(), "{}", outcome.all());
    let elsewhere = [("privacy-notice.toml", "[notice\n"), ("other.toml", NOTICE)];
    assert_eq!(check(&elsewhere, &["--notice", "other.toml"]).code, Some(0));
}

#[test]
fn refusals_are_json_lines_where_json_was_asked_for() {
    let outcome = check(&[("privacy-notice.toml", "[notice]\ntitel = \"x\"\n")], &["--format", "json"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    let lines: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reasons: Vec<_> = lines.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["compiler-message", "build-finished"]);
    assert_eq!(lines[1]["success"], false);
}

#[test]
fn models_of_a_notice_are_read_and_must_exist() {
    let notice = "[notice]\ntitle = \"Example\"\nmodels = [\"privacy/*.toml\"]\n";
    let missing = check(&[("privacy-notice.toml", notice)], &[]);
    assert_eq!(missing.code, Some(2), "{}", missing.all());
    assert!(missing.stderr.contains("privacy/*.toml") && missing.stderr.contains(":3:"), "{}", missing.all());
    let broken =
        [("privacy-notice.toml", notice), ("privacy/shipco.toml", "crate = \"shipco\"\n[[sinks]]\n")];
    let broken = check(&broken, &[]);
    assert_eq!(broken.code, Some(2), "{}", broken.all());
    assert!(broken.stderr.contains("privacy/shipco.toml"), "{}", broken.all());
    let good = [("privacy-notice.toml", notice), ("privacy/shipco.toml", "crate = \"shipco\"\n")];
    assert_eq!(check(&good, &[]).code, Some(0));
}

#[test]
fn quiet_runs_print_findings_only_and_verbose_ones_their_stages() {
    assert_eq!(check(&[], &["--quiet"]).all(), "");
    let outcome = check(&[], &["-v", "--stats"]);
    for word in ["parse", "flow", "expressions:", "call graph: ", "targets per call: ", "checked 1 file"] {
        assert!(outcome.stderr.contains(word), "no `{word}` in\n{}", outcome.stderr);
    }
}

#[test]
fn explain_shows_a_page_lists_lints_and_answers_slips() {
    let explain = |arguments: &[&str]| run(support::root(), &[&["explain"], arguments].concat());
    assert!(explain(&["privacy::personal_data_in_logs"]).stdout.starts_with("# `personal_data_in_logs`"));
    assert!(explain(&[]).stdout.starts_with("logging\n  deny"));
    let slip = explain(&["personal_data_in_log"]);
    assert_eq!(slip.code, Some(2));
    assert!(slip.stderr.contains("personal_data_in_logs"), "{}", slip.stderr);
}
