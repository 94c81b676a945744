//! `cargo privacy explain FILE:LINE[:COLUMN]`: why a place is personal, where its data goes, and why it is not.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::{folder, run};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n";
const CODE: &str = "pub struct User {
    #[cfg_attr(any(), personal_data(email))]
    pub mail: String,
    pub password: String,
    pub visits: u64,
}

fn tell(text: &str) {
    println!(\"{text}\");
}

pub fn welcome(user: &User) {
    tell(&user.mail);
    tell(user.name_that_nobody_knows());
}
";

fn package() -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE)])
}

fn explained(place: &str) -> String {
    let outcome = run(package().path(), &["explain", place]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    outcome.stdout
}

#[test]
fn a_declaration_says_why_it_is_personal_and_where_its_data_goes() {
    let text = explained("src/lib.rs:3");
    for part in [
        "`example::User::mail` is user.contact.email: it is annotated\n",
        "user.contact.email (`example::User::mail`, clear) goes to log (`println!`)\n",
        "read: src/lib.rs:13:",
        "step 1: src/lib.rs:13:5: passed to `tell`\n",
        "sink: src/lib.rs:9:5\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_step_and_a_sink_say_what_passes_them() {
    for place in ["src/lib.rs:13", "src/lib.rs:9"] {
        assert!(explained(place).contains("goes to log (`println!`)"), "{place}");
    }
}

#[test]
fn what_merely_looks_personal_says_by_what() {
    let text = explained("src/lib.rs:4:9");
    assert!(text.contains("`example::User::password`"), "{text}");
    assert!(text.contains("the field is named `password`"), "{text}");
}

#[test]
fn nothing_personal_is_an_answer() {
    for place in ["src/lib.rs:5", "src/lib.rs:3:1"] {
        let text = explained(place);
        assert!(text.contains("nothing here is known to be personal"), "{place}: {text}");
    }
}

#[test]
fn a_place_that_is_not_there_is_an_error() {
    let package = package();
    for place in ["src/none.rs:1", "src/lib.rs:400", "src/lib.rs:1:400"] {
        let outcome = run(package.path(), &["explain", place]);
        assert_eq!(outcome.code, Some(2), "{}", outcome.all());
        assert!(outcome.stderr.contains("there is no"), "{}", outcome.all());
    }
}

#[test]
fn a_place_is_explained_by_the_notice_that_is_named() {
    let notice = "[[data]]\npath = \"crate::User::visits\"\ncategory = \"user.behavior\"\n";
    let package = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE), ("other.toml", notice)]);
    let plain = run(package.path(), &["explain", "src/lib.rs:5"]);
    assert!(!plain.stdout.contains("user.behavior"), "{}", plain.all());
    let named = run(package.path(), &["explain", "src/lib.rs:5", "--notice", "other.toml"]);
    assert!(named.stdout.contains("`example::User::visits` is user.behavior"), "{}", named.all());
    let missing = run(package.path(), &["explain", "src/lib.rs:5", "--notice", "none.toml"]);
    assert_eq!(missing.code, Some(2), "{}", missing.all());
    assert!(missing.all().contains("none.toml"), "{}", missing.all());
}
