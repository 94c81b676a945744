//! `cargo privacy check --fix`, and fixes as suggestions in JSON: what is written, that it compiles, that what was fixed
//! is no longer found, and that nothing else is touched.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{Run, folder, messages, root, run};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n\n[lib]\npath = \"src/lib.rs\"\n";
const CODE: &str = r#"//! Example.
#[derive(Clone, Debug)]
pub struct User { pub email: String, pub id: u64 }
pub fn shown(user: &User, users: &[User]) {
    println!("{} {}", user.email, user.id);
    println!("{e} {} {e:?}", user.id, e = user.email);
    println!(
        "{}, {:>8}",
        user.id,
        user.email, // whom
    );
    let email = user.email.clone();
    let text = format!("for {email}");
    eprintln!("{text}");
    println!("{0} {1}", user.email, user.id);
    println!("{}", users.iter().map(|user| user.email.clone()).collect::<String>());
    println!("{}", user.email.trim());
    println!("{{}} {}", user.id);
}
pub fn fails(user: &User) {
    std::fs::read("x").expect(&format!("nothing for {}", user.email));
}
macro_rules! note { ($($t:tt)*) => { println!($($t)*) }; }
pub fn noted(user: &User) { note!("{}", user.email); }
"#;

fn package(code: &str) -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", code)])
}

fn fix(folder: &Path, arguments: &[&str]) -> Run {
    run(folder, &[&["check", "--fix", "--allow-dirty", "--format", "short"], arguments].concat())
}

fn read(package: &TempDir) -> String {
    std::fs::read_to_string(package.path().join("src/lib.rs")).unwrap()
}

fn compiles(folder: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn holes_are_redacted_and_the_rest_stays() {
    let package = package(CODE);
    let outcome = fix(package.path(), &[]);
    let text = read(&package);
    for line in [
        "println!(\"[redacted] {}\", user.id);",
        "println!(\"[redacted] {} [redacted]\", user.id);",
        "        \"{}, [redacted]\",\n        user.id, // whom\n",
        "let text = format!(\"for {email}\");",
        "eprintln!(\"[redacted]\");",
        "format!(\"nothing for [redacted]\")",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    // Holes that would have to be counted, code that may do something, a method that may, a macro of the program.
    let kept =
        ["{0} {1}", "users.iter()", "user.email.trim()", "println!(\"{{}} {}\", user.id)", "note!(\"{}\""];
    for part in kept {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(
        outcome.stderr.contains("fixed: src/lib.rs:5:5: keep `user.email` out of `println!`"),
        "{}",
        outcome.stderr
    );
    compiles(package.path());
    let again = fix(package.path(), &[]);
    assert_eq!(read(&package), text);
    assert!(again.stderr.contains("fixed 0 findings"), "{}", again.stderr);
    let lines: Vec<&str> = again.stdout.lines().filter(|line| line.contains("personal_data_in")).collect();
    assert_eq!(lines.len(), kept.len() - 1, "{}", again.stdout);
}

#[test]
fn a_derive_gives_way_to_a_debug_that_redacts() {
    let package = package(CODE);
    fix(package.path(), &["-W", "derived_debug_on_personal_data"]);
    let text = read(&package);
    assert!(text.contains("#[derive(Clone)]\n"), "{text}");
    assert!(
        text.contains(".field(\"email\", &\"[redacted]\")") && text.contains(".field(\"id\", &self.id)"),
        "{text}"
    );
    compiles(package.path());
    let outcome =
        run(package.path(), &["check", "--format", "short", "-W", "derived_debug_on_personal_data"]);
    assert!(!outcome.stdout.contains("derived_debug"), "{}", outcome.stdout);
}

#[test]
fn suggestions_stand_in_json_and_nothing_is_written() {
    let package = package(CODE);
    let found = messages(&run(package.path(), &["check", "--format", "json"]).stdout);
    let suggested: Vec<(String, String, String)> = found.iter().flat_map(suggestions).collect();
    let first = ("println!(\"{} {}\", user.email, user.id);", "{}", "[redacted]");
    let is_first = |(line, old, new): &(String, String, String)| {
        line.trim() == first.0 && old == first.1 && new == first.2
    };
    assert!(suggested.iter().any(is_first), "{suggested:?}");
    let unsure = found.iter().flat_map(|message| message["children"].as_array().unwrap());
    let unsure = unsure.flat_map(|child| child["spans"].as_array().unwrap());
    let unsure = unsure.filter(|span| span["suggestion_applicability"] == "MaybeIncorrect").count();
    assert!(unsure > 0, "a method that may do more than it says is only proposed");
    assert_eq!(read(&package), CODE);
}

/// The line, the text that is replaced, and what replaces it.
fn suggestions(message: &Value) -> Vec<(String, String, String)> {
    let spans =
        message["children"].as_array().unwrap().iter().flat_map(|child| child["spans"].as_array().unwrap());
    let each = spans.filter_map(|span| {
        let new = span["suggested_replacement"].as_str()?;
        let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        let old = &CODE[at("byte_start")..at("byte_end")];
        Some((span["text"][0]["text"].as_str()?.to_owned(), old.to_owned(), new.to_owned()))
    });
    each.collect()
}

#[test]
fn a_dirty_tree_is_refused() {
    let package = package(CODE);
    let done = Command::new("git").args(["init", "-q"]).current_dir(package.path()).status().unwrap();
    assert!(done.success());
    let outcome = run(package.path(), &["check", "--fix"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    assert!(outcome.all().contains("--allow-dirty"), "{}", outcome.all());
    assert_eq!(read(&package), CODE);
}

#[test]
fn what_is_in_the_baseline_is_not_touched() {
    let package = package(CODE);
    assert_eq!(run(package.path(), &["baseline"]).code, Some(0));
    let more = CODE.replace(
        "    println!(\"{{}} {}\"",
        "    println!(\"new {}\", user.email);\n    println!(\"{{}} {}\"",
    );
    std::fs::write(package.path().join("src/lib.rs"), &more).unwrap();
    fix(package.path(), &[]);
    assert_eq!(read(&package), more.replace("\"new {}\", user.email", "\"new [redacted]\""));
}

#[test]
fn the_shop_compiles_with_all_fixes_and_they_are_no_longer_found() {
    let folder = tempfile::tempdir().unwrap();
    let shop = support::copy_shop(root(), folder.path());
    let outcome = fix(&shop, &["-W", "derived_debug_on_personal_data"]);
    assert!(!outcome.stderr.contains("not fixed"), "{}", outcome.stderr);
    let fixed = outcome.stderr.lines().filter(|line| line.starts_with("fixed: ")).count();
    assert!(fixed >= 20, "{}", outcome.stderr);
    compiles(&shop);
    for gone in ["derived_debug_on_personal_data", "plaintext_transport", "credentials_in_logs"] {
        assert!(!outcome.stdout.contains(gone), "{gone}: {}", outcome.stdout);
    }
    let written = run(&shop, &["check", "--format", "json", "-W", "derived_debug_on_personal_data"]);
    let left: Vec<Value> = messages(&written.stdout);
    let sure = left.iter().flat_map(|message| message["children"].as_array().unwrap());
    let sure = sure.flat_map(|child| child["spans"].as_array().unwrap());
    assert_eq!(sure.filter(|span| span["suggestion_applicability"] == "MachineApplicable").count(), 0);
}

/// What looks personal can be annotated where it stands: in a field, in a parameter behind `mut`, in a tuple's. The
/// category is a guess, so that `--fix` leaves it to people.
#[test]
fn what_looks_personal_is_offered_an_annotation() {
    let code = "pub struct SignUp {\n    #[cfg_attr(any(), personal_data(email))]\n    pub mail: String,\n    pub(crate) password: String,\n}\n\
                pub fn sign(id: u8, mut password: String) -> usize {\n    password.push('x');\n    password.len() + id as usize\n}\n";
    let package = package(code);
    let outcome = run(package.path(), &["check", "--format", "json"]);
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for message in messages(&outcome.stdout) {
        let spans =
            message["children"].as_array().unwrap().iter().flat_map(|c| c["spans"].as_array().unwrap());
        for span in spans.filter(|span| span["suggestion_applicability"] == "MaybeIncorrect") {
            let at = |key: &str| span[key].as_u64().unwrap() as usize;
            let text = span["suggested_replacement"].as_str().unwrap().to_owned();
            edits.push((at("byte_start"), at("byte_end"), text));
        }
    }
    edits.sort();
    let mut text = code.to_owned();
    edits.iter().rev().for_each(|(from, to, new)| text.replace_range(from..to, new));
    let field = "    #[cfg_attr(any(), personal_data(user.authorization.password))]\n    pub(crate) password";
    let parameter = "(id: u8, #[cfg_attr(any(), personal_data(user.authorization.password))] mut password";
    assert!(text.contains(field) && text.contains(parameter), "{text}\n{}", outcome.all());
    std::fs::write(package.path().join("src/lib.rs"), &text).unwrap();
    compiles(package.path());
    let outcome = run(package.path(), &["check", "--format", "short"]);
    assert!(!outcome.stdout.contains("unannotated_personal_data"), "{}", outcome.all());
    assert_eq!(fix(package.path(), &[]).code, Some(0));
    assert_eq!(read(&package), text);
}
