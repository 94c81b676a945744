//! Every lint on every fixture: fixtures compile under rustc, and what is found in them is what they mark.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::marks::Marks;
use support::{Said, differences, files, fixtures, labelled, messages, name, primaries, root, run};

#[test]
fn fixtures_compile() {
    let folder = crate_of_all();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--keep-going", "--message-format", "short", "--target-dir", "target"])
        .current_dir(&folder)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn findings_are_as_marked() {
    let mut wrong = String::new();
    for fixture in fixtures() {
        let marks = marks(&fixture);
        let outcome = run(root(), &["check", "--format", "json", &name(&fixture)]);
        if !matches!(outcome.code, Some(0 | 1)) {
            write!(wrong, "{}: exit code {:?}\n{}", name(&fixture), outcome.code, outcome.stderr).unwrap();
            continue;
        }
        let found = messages(&outcome.stdout);
        for message in found.iter().filter(|message| !has_three_remedies(message)) {
            writeln!(wrong, "{}: without its three remedies: {}", name(&fixture), message["rendered"])
                .unwrap();
        }
        wrong.push_str(&differences(&marks.primaries, &primaries(&found)));
        let labels = labelled(&found).intersection(&marks.labels).cloned().collect();
        wrong.push_str(&differences(&marks.labels, &labels));
    }
    assert!(wrong.is_empty(), "{} differences:\n{wrong}", wrong.lines().count());
}

#[test]
fn negatives_outnumber_positives() {
    let all = fixtures().iter().map(|fixture| marks(fixture)).reduce(Marks::and).unwrap();
    let (negatives, positives) = (all.negatives, all.primaries.len());
    assert!(negatives >= positives, "{negatives} negatives, {positives} positives");
}

#[test]
fn each_lint_has_its_positives_and_negatives() {
    let mut wrong = String::new();
    for lint in cargo_privacy::lints::LINTS {
        let marks = marks(&root().join("fixtures").join(lint.name));
        let own = marks.primaries.iter().filter(|(_, _, marked)| marked == lint.name).count();
        if own == 0 || marks.negatives < own {
            writeln!(wrong, "{}: {own} positives, {} negatives", lint.name, marks.negatives).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// All of them can stand in one program and its notice: none is excepted. That a mark tells the truth, a violation as much as
/// a twin, is what [`findings_are_as_marked`] holds.
#[test]
fn the_shop_has_a_violation_and_a_twin_of_each_lint() {
    let marks = marks(&root().join("fixtures/shop"));
    let named = |said: &BTreeSet<Said>| said.iter().map(|(_, _, lint)| lint.clone()).collect::<BTreeSet<_>>();
    let registered: BTreeSet<_> =
        cargo_privacy::lints::LINTS.iter().map(|lint| lint.name.to_owned()).collect();
    assert_eq!(named(&marks.primaries), registered, "lints with a violation, and all lints");
    assert_eq!(named(&marks.twins), registered, "lints with a lawful twin, and all lints");
    let both: Vec<_> = marks.primaries.intersection(&marks.twins).collect();
    assert!(both.is_empty(), "a violation that is called lawful: {both:#?}");
}

#[test]
fn findings_have_the_form_that_the_interface_fixes() {
    let outcome = run(root(), &["check", "--format", "json", "fixtures/shop"]);
    let found = messages(&outcome.stdout);
    assert!(!found.is_empty(), "{}", outcome.stderr);
    let wrong: Vec<_> = found.iter().filter(|message| !is_well_formed(message)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One primary span, whole lines of text, steps counted from 1, words as rustc's.
fn is_well_formed(message: &Value) -> bool {
    let spans = message["spans"].as_array().unwrap();
    let primaries = spans.iter().filter(|span| span["is_primary"] == true).count();
    let quoted = spans.iter().all(|span| span["text"].as_array().is_some_and(|lines| !lines.is_empty()));
    let labels = spans.iter().filter_map(|span| span["label"].as_str());
    let steps =
        labels.filter_map(|label| label.strip_prefix("step: ")?.split(' ').next()?.parse::<usize>().ok());
    let counted = steps.zip(1..).all(|(step, expected)| step == expected);
    let words = message["message"].as_str().unwrap();
    let worded = !words.starts_with(char::is_uppercase) && !words.ends_with('.');
    primaries == 1 && quoted && counted && worded && message["code"]["explanation"].is_null()
}

/// Declare it, stop it, or reclassify it with a reason: every finding says how.
fn has_three_remedies(message: &Value) -> bool {
    let said = message["children"].as_array().unwrap().iter().filter(|child| child["level"] == "help");
    let said: Vec<&str> = said.filter_map(|child| child["message"].as_str()).collect();
    let has = |remedy: &str| said.iter().any(|help| help.starts_with(remedy));
    ["declare it: ", "stop it: ", "reclassify it: "].into_iter().all(has)
}

/// The marks of all files below a fixture.
fn marks(fixture: &Path) -> Marks {
    let texts = files(fixture, &[".rs", ".toml"]).into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        Marks::of(&name(&path), &text)
    });
    texts.reduce(Marks::and).unwrap_or_default()
}

/// A package in the target folder that depends on all of them: one check for all, and no lock files beside fixtures.
fn crate_of_all() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("src/lib.rs"), "").unwrap();
    let mut manifest =
        String::from("[workspace]\n[package]\nname = \"all\"\nedition = \"2024\"\n[dependencies]\n");
    for path in fixtures().iter().flat_map(|fixture| files(fixture, &["Cargo.toml"])) {
        let table: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        if let Some(package) = table.get("package") {
            let folder = path.parent().unwrap();
            writeln!(manifest, "{} = {{ path = {folder:?} }}", package["name"]).unwrap();
        }
    }
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    folder
}
