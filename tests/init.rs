//! `cargo privacy init`: a draft that the program itself takes, and what stays open in it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::{folder, root, run};
use tempfile::TempDir;

const MANIFEST: &str =
    "[package]\nname = \"example\"\nedition = \"2024\"\n\n[dependencies]\nreqwest = \"0.12\"\n";
const CODE: &str = "pub struct User {
    pub email: String,
}

pub async fn tell(client: &reqwest::Client, user: &User) {
    println!(\"{}\", user.email);
    let _ = client.post(\"https://api.unheard-of.example/v1\").body(user.email.clone()).send().await;
    let _ = client.post(\"https://o1.ingest.sentry.io/1\").body(user.email.clone()).send().await;
}
";

fn package() -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE)])
}

fn notice(package: &TempDir) -> String {
    std::fs::read_to_string(package.path().join("privacy-notice.toml")).unwrap()
}

#[test]
fn the_draft_holds_data_recipients_roles_and_places() {
    let package = package();
    let outcome = run(package.path(), &["init"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    let text = notice(&package);
    for part in [
        "    # example::User::email\n    \"user.contact.email\",",
        "# src/lib.rs:7:13 in `example::tell`\n[[recipient]]\nname = \"api.unheard-of.example\"\nrole = \"?\"",
        "hosts = [\"api.unheard-of.example\"]",
        "name = \"Sentry\"\nrole = \"crash-report\"",
        "# name = \"log\"\n# role = \"log\"\n# may-receive = [\"user.contact.email\"]",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(outcome.stdout.contains("role of `api.unheard-of.example`"), "{}", outcome.all());
}

#[test]
fn an_open_role_is_an_error_with_its_place_and_a_settled_one_is_taken() {
    let package = package();
    run(package.path(), &["init"]);
    let outcome = run(package.path(), &["check", "--format", "short"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    let line = notice(&package).lines().position(|line| line.starts_with("role = \"?\"")).unwrap() + 1;
    let said = format!("privacy-notice.toml:{line}:8: error: the role of this recipient is still open");
    assert!(outcome.all().contains(&said), "{}", outcome.all());
    let settled = notice(&package).replace("\"?\"", "\"service-provider\"");
    std::fs::write(package.path().join("privacy-notice.toml"), settled).unwrap();
    let outcome = run(package.path(), &["check", "--format", "short"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    let lints: Vec<&str> = outcome.stdout.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert_eq!(lints, ["privacy::personal_data_in_logs"], "{}", outcome.all());
}

#[test]
fn a_notice_is_never_overwritten() {
    let package = package();
    std::fs::write(package.path().join("privacy-notice.toml"), "[notice]\ntitle = \"mine\"\n").unwrap();
    let outcome = run(package.path(), &["init"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    assert!(outcome.all().contains("there is a notice already: `privacy-notice.toml`"), "{}", outcome.all());
    assert_eq!(notice(&package), "[notice]\ntitle = \"mine\"\n");
    let printed = run(package.path(), &["init", "--print"]);
    assert!(printed.stdout.contains("[[collect]]"), "{}", printed.all());
}

#[test]
fn a_workspace_gets_one_notice_whose_every_draft_can_be_read() {
    let shop = root().join("fixtures/shop");
    let printed = run(&shop, &["init", "--print", "--inferred", "yes"]);
    let text = printed.stdout.replace("\"?\"", "\"service-provider\"");
    let both = folder(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n"),
        ("a/Cargo.toml", MANIFEST),
        ("a/src/lib.rs", CODE),
        ("privacy-notice.toml", &text),
    ]);
    assert_ne!(run(both.path(), &["check"]).code, Some(2), "{text}");
    std::fs::remove_file(both.path().join("privacy-notice.toml")).unwrap();
    run(&both.path().join("a"), &["init"]);
    assert!(notice(&both).contains("[[collect]]"));
}
