//! Wrong annotations are compile errors that point at the word: `wrong/lib.rs` marks them, and rustc's own messages
//! are compared with the marks.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Line, column, number of carets, message.
type Error = (usize, usize, usize, String);

#[test]
fn errors_point_at_the_wrong_word() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong/lib.rs");
    let marked = marks(&std::fs::read_to_string(&source).unwrap());
    let reported = errors(&check(&crate_around(&source)));
    let missing: Vec<_> = marked.difference(&reported).collect();
    let surplus: Vec<_> = reported.difference(&marked).collect();
    assert!(
        !marked.is_empty() && missing.is_empty() && surplus.is_empty(),
        "{missing:#?}\nnot marked: {surplus:#?}"
    );
}

/// `//  ^^^ message` below the line it is about.
fn marks(text: &str) -> BTreeSet<Error> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"));
    lines.filter_map(|(above, line)| carets(line).map(|(column, n, text)| (above, column, n, text))).collect()
}

/// Column, number and what follows the carets of a line.
fn carets(line: &str) -> Option<(usize, usize, String)> {
    let start = line.find('^')?;
    let count = line[start..].chars().take_while(|c| *c == '^').count();
    Some((start + 1, count, line[start + count..].trim().to_owned()))
}

/// A package in the target folder, so that no lock file is left beside the source.
fn crate_around(source: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rejected");
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "[workspace]\n[package]\nname = \"wrong\"\nedition = \"2024\"\n[lib]\npath = {source:?}\n\
         [dependencies]\npersonal-data.path = {:?}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    folder
}

/// What `cargo check` says, in its human form.
fn check(folder: &Path) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--color", "never", "--target-dir", "target"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(!output.status.success(), "the wrong annotations compiled");
    String::from_utf8(output.stderr).unwrap()
}

/// Its errors: a line `error: …`, the place below it, and the carets under the quoted code.
fn errors(output: &str) -> BTreeSet<Error> {
    let reports = output.split("\n\n").filter_map(|report| report.strip_prefix("error: "));
    reports.filter(|report| report.contains("-->")).map(error).collect()
}

fn error(report: &str) -> Error {
    let mut lines = report.lines();
    let message = lines.next().unwrap().to_owned();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap();
    let mut numbers = place.rsplit(':').map(|part| part.parse::<usize>().unwrap_or(0));
    let (column, line) = (numbers.next().unwrap(), numbers.next().unwrap());
    let count = lines.find_map(|line| line.contains('^').then(|| line.matches('^').count())).unwrap();
    (line, column, count, message)
}
