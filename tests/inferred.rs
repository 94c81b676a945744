//! What only looks personal: what it takes besides to make a finding of it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::run;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n";

/// The lines on which something is found where nothing is annotated.
fn found_in(code: &str) -> Vec<usize> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), MANIFEST).unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), code).unwrap();
    let outcome = run(folder.path(), &["check", "-q", "--format", "short", "--inferred", "yes"]);
    let line = |row: &str| row.split(':').nth(1).unwrap().parse().unwrap();
    outcome.stdout.lines().map(line).collect()
}

/// The lines that end in the mark.
fn marked_in(code: &str) -> Vec<usize> {
    let rows = code.lines().enumerate();
    rows.filter(|(_, row)| row.ends_with("//~")).map(|(at, _)| at + 1).collect()
}

#[test]
fn a_wrapper_that_hides_in_some_builds_is_trusted() {
    let code = r#"
use std::fmt::{Display, Formatter, Result};
pub struct Pii<T>(pub T);
impl<T: Display> Display for Pii<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        #[cfg(feature = "pii")]
        { f.write_str("REDACTED") }
        #[cfg(not(feature = "pii"))]
        { write!(f, "{}", self.0) }
    }
}
pub struct Loud<T>(pub T);
impl<T: Display> Display for Loud<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        #[cfg(feature = "ansi")]
        { write!(f, "*{}*", self.0) }
        #[cfg(not(feature = "ansi"))]
        { write!(f, "{}", self.0) }
    }
}
pub fn log(user_email: &str) {
    println!("{user_email}"); //~
    println!("{}", Pii(user_email));
    println!("{}", Loud(user_email)); //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}
