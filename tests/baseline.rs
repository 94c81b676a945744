//! `cargo privacy baseline`, `check --baseline` and `check --changed-since`: what is recorded, what is new, what is gone.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Run, folder, messages, primaries, run};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n";
const NOTICE: &str = "[notice]\ntitle = \"Example\"\n";
const CODE: &str = "pub struct User {
    #[cfg_attr(any(), personal_data(email))]
    pub email: String,
}

pub fn greet(user: &User) {
    println!(\"hello {}\", user.email);
}

pub fn leave(user: &User) {
    println!(\"good bye {}\", user.email);
}
";

fn package() -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE), ("privacy-notice.toml", NOTICE)])
}

fn write(package: &TempDir, code: &str) {
    std::fs::write(package.path().join("src/lib.rs"), code).unwrap();
}

fn check(package: &TempDir, arguments: &[&str]) -> Run {
    run(package.path(), &[&["check", "--format", "short"], arguments].concat())
}

fn recorded() -> TempDir {
    let package = package();
    let outcome = run(package.path(), &["baseline"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    assert!(outcome.stdout.contains("recorded 2 findings"), "{}", outcome.all());
    assert!(outcome.stdout.contains("2  personal_data_in_logs"), "{}", outcome.all());
    assert!(outcome.stdout.contains("2  example"), "{}", outcome.all());
    package
}

/// The lines at which findings are reported.
fn lines(outcome: &Run) -> Vec<String> {
    outcome.stdout.lines().filter_map(|line| line.split(':').nth(1)).map(str::to_owned).collect()
}

#[test]
fn what_is_recorded_does_not_fail() {
    let package = recorded();
    let outcome = check(&package, &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), ""), "{}", outcome.all());
    assert!(outcome.stderr.contains("2 in the baseline"), "{}", outcome.all());
    assert_eq!(check(&package, &["--no-baseline"]).code, Some(1));
    assert_eq!(check(&package, &["-F", "personal_data_in_logs"]).code, Some(1), "forbidden is forbidden");
}

#[test]
fn moved_reformatted_and_renamed_is_not_new() {
    let package = recorded();
    let (head, greet) = CODE.split_once("pub fn greet").unwrap();
    let moved = format!("// A line more.\n{head}pub fn greet{greet}");
    let moved = moved.replace(
        "println!(\"hello {}\", user.email)",
        "println!(\n        \"hello {}\",\n        user.email\n    )",
    );
    let moved =
        moved.replace("leave(user: &User)", "leave(who: &User)").replace("bye {}\", user", "bye {}\", who");
    assert_ne!(moved, CODE);
    write(&package, &moved);
    let outcome = check(&package, &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), ""), "{}", outcome.all());
    assert!(!outcome.stderr.contains("no longer"), "{}", outcome.all());
}

#[test]
fn only_what_is_new_fails() {
    let package = recorded();
    write(
        &package,
        &format!("{CODE}\npub fn new(user: &User) {{\n    println!(\"new {{}}\", user.email);\n}}\n"),
    );
    let outcome = check(&package, &[]);
    assert_eq!((outcome.code, lines(&outcome)), (Some(1), vec!["15".to_owned()]), "{}", outcome.all());
}

#[test]
fn one_more_of_a_kind_is_the_one_that_is_new() {
    let package = recorded();
    write(
        &package,
        &CODE
            .replace("    println!(\"hello", "    println!(\"first {}\", user.email);\n    println!(\"hello"),
    );
    let outcome = check(&package, &[]);
    assert_eq!((outcome.code, lines(&outcome)), (Some(1), vec!["7".to_owned()]), "{}", outcome.all());
}

#[test]
fn what_is_gone_is_told_and_can_be_taken_out() {
    let package = recorded();
    write(&package, &CODE.replace("println!(\"good bye {}\", user.email);", "let _ = user;"));
    let outcome = check(&package, &[]);
    assert!(outcome.stderr.contains("1 finding of the baseline no longer occurs"), "{}", outcome.all());
    let outcome = run(package.path(), &["baseline", "--prune"]);
    assert!(outcome.stdout.contains("`example::leave`"), "{}", outcome.all());
    let kept = std::fs::read_to_string(package.path().join("privacy-baseline.toml")).unwrap();
    assert!(kept.contains("example::greet") && !kept.contains("example::leave"), "{kept}");
    write(&package, CODE);
    assert_eq!(lines(&check(&package, &[])), ["11"]);
}

#[test]
fn what_could_not_be_read_is_not_gone() {
    let package = recorded();
    write(&package, &CODE.replace("println!(\"good bye {}\", user.email);", "let let;"));
    let outcome = run(package.path(), &["baseline", "--prune"]);
    assert!(outcome.stdout.contains("nothing was taken out"), "{}", outcome.all());
    write(&package, CODE);
    assert_eq!(check(&package, &[]).code, Some(0));
}

#[test]
fn recording_twice_gives_the_same_bytes_and_a_part_leaves_the_rest() {
    let member = |name: &str| MANIFEST.replace("example", name);
    let both = folder(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("privacy-notice.toml", NOTICE),
        ("a/Cargo.toml", &member("a")),
        ("a/src/lib.rs", CODE),
        ("b/Cargo.toml", &member("b")),
        ("b/src/lib.rs", CODE),
    ]);
    let read = || std::fs::read_to_string(both.path().join("privacy-baseline.toml")).unwrap();
    run(both.path(), &["baseline"]);
    let first = read();
    assert!(first.contains("name = \"a\"") && first.contains("name = \"b\""), "{first}");
    run(both.path(), &["baseline"]);
    assert_eq!(read(), first);
    run(&both.path().join("b"), &["baseline"]);
    assert_eq!(read(), first, "recorded from a member, the file is the workspace's");
    assert_eq!(run(&both.path().join("a"), &["check"]).code, Some(0));
    assert_eq!(run(both.path(), &["check", "-p", "b"]).code, Some(0));
}

#[test]
fn a_baseline_ends_the_first_run() {
    let code = CODE.replace("    #[cfg_attr(any(), personal_data(email))]\n", "");
    let first = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", &code)]);
    assert_eq!(run(first.path(), &["check"]).code, Some(0));
    run(first.path(), &["baseline"]);
    assert_eq!(check(&first, &[]).stdout, "");
    assert_eq!(check(&first, &["--no-baseline"]).code, Some(1), "a first run is over");
    write(
        &first,
        &format!("{code}\npub fn new(user: &User) {{\n    println!(\"new {{}}\", user.email);\n}}\n"),
    );
    let outcome = check(&first, &[]);
    assert_eq!((outcome.code, lines(&outcome).len()), (Some(1), 1), "{}", outcome.all());
}

#[test]
fn a_baseline_that_cannot_be_used_is_told() {
    let package = package();
    let outcome = check(&package, &["--baseline", "no.toml"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.all().contains("no.toml"), "{}", outcome.all());
    std::fs::write(package.path().join("own.toml"), "version = 1\nfindings = []\n").unwrap();
    let outcome = check(&package, &["--baseline", "own.toml"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.all().contains("own.toml:2:1"), "{}", outcome.all());
    assert_eq!(run(package.path(), &["baseline", "--baseline", "new.toml"]).code, Some(0));
    assert_eq!(check(&package, &["--baseline", "new.toml"]).code, Some(0));
}

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").args(identity).args(arguments).current_dir(dir).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn committed() -> TempDir {
    let package = package();
    git(package.path(), &["init", "-q"]);
    git(package.path(), &["add", "-A"]);
    git(package.path(), &["commit", "-q", "-m", "first"]);
    package
}

#[test]
fn only_what_a_change_touches_is_reported() {
    let package = committed();
    let outcome = check(&package, &["--changed-since", "HEAD"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), ""), "{}", outcome.all());
    assert!(outcome.stderr.contains("2 that no change touches"), "{}", outcome.all());
    write(&package, &CODE.replace("\"good bye", "\"bye"));
    assert_eq!(lines(&check(&package, &["--changed-since", "HEAD"])), ["11"], "in the work tree");
    git(package.path(), &["add", "-A"]);
    assert_eq!(lines(&check(&package, &["--changed-since", "HEAD"])), ["11"], "staged");
    git(package.path(), &["commit", "-q", "-m", "second"]);
    assert_eq!(check(&package, &["--changed-since", "HEAD"]).stdout, "");
    assert_eq!(lines(&check(&package, &["--changed-since", "HEAD~1"])), ["11"]);
}

#[test]
fn a_change_answers_for_flows_through_it_in_other_places() {
    let package = committed();
    write(&package, &CODE.replace("    pub email: String", "    pub email: Box<str>"));
    assert_eq!(lines(&check(&package, &["--changed-since", "HEAD"])), ["7", "11"], "the declaration");
    std::fs::write(
        package.path().join("src/more.rs"),
        "pub fn f(user: &crate::User) {\n    println!(\"{}\", user.email);\n}\n",
    )
    .unwrap();
    write(&package, &format!("pub mod more;\n{CODE}"));
    let found =
        messages(&run(package.path(), &["check", "--format", "json", "--changed-since", "HEAD"]).stdout);
    let files: Vec<_> = primaries(&found).into_iter().map(|(file, line, _)| (file, line)).collect();
    assert_eq!(files, [("src/more.rs".to_owned(), 2)], "a file that git does not know yet");
}

#[test]
fn a_change_answers_for_steps_that_are_not_shown() {
    let steps: String = (1..5).map(|n| format!("    let a{n} = format!(\"{{}}\", a{});\n", n - 1)).collect();
    let code = CODE.replace(
        "    println!(\"hello {}\", user.email);\n",
        &format!("    let a0 = &user.email;\n{steps}    println!(\"{{}}\", a4);\n"),
    );
    let package = committed();
    write(&package, &code);
    git(package.path(), &["commit", "-q", "-a", "-m", "long"]);
    let shown = run(package.path(), &["check"]).stdout;
    assert!(shown.contains("in between left out"), "{shown}");
    for step in 1..5 {
        write(&package, &code.replace(&format!("let a{step} = "), &format!("let a{step} =  ")));
        assert_eq!(lines(&check(&package, &["--changed-since", "HEAD"])), ["12"], "step {step}");
    }
}

#[test]
fn a_status_that_changed_is_reported_though_no_line_of_the_flow_did() {
    let package = folder(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", CODE),
        (
            "privacy-notice.toml",
            "[notice]\ntitle = \"Example\"\n\n[[recipient]]\nname = \"console\"\nrole = \"log\"\n\
             may-receive = [\"user.contact.email\"]\n",
        ),
    ]);
    git(package.path(), &["init", "-q"]);
    git(package.path(), &["add", "-A"]);
    git(package.path(), &["commit", "-q", "-m", "first"]);
    assert_eq!(check(&package, &[]).code, Some(0));
    std::fs::write(package.path().join("privacy-notice.toml"), NOTICE).unwrap();
    let outcome = check(&package, &["--changed-since", "HEAD"]);
    assert_eq!(
        (outcome.code, lines(&outcome)),
        (Some(1), vec!["7".to_owned(), "11".to_owned()]),
        "{}",
        outcome.all()
    );
}

#[test]
fn a_revision_that_cannot_be_used_is_told() {
    let outcome = check(&committed(), &["--changed-since", "no-such-branch"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.all().contains("`no-such-branch` names no commit"), "{}", outcome.all());
    let outcome = check(&package(), &["--changed-since", "HEAD"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.all().contains("needs a git repository"), "{}", outcome.all());
}
