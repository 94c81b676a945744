//! What the README shows is what the program prints.

use std::process::Command;

/// Lines without trailing space, and without the time that a run took.
fn lines(text: &str) -> Vec<String> {
    let timeless =
        |line: &str| match (line.starts_with("checked "), line.split_once(" in "), line.split_once(" s: ")) {
            (true, Some((before, _)), Some((_, after))) => format!("{before}: {after}"),
            _ => line.trim_end().to_owned(),
        };
    text.lines().map(timeless).collect()
}

#[test]
fn the_shown_output_is_printed() {
    let readme = include_str!("../README.md");
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_cargo-privacy"))
        .args(["check", "fixtures/shop", "--color", "never"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let printed =
        lines(&format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr)));
    let missing: Vec<String> = lines(shown).into_iter().filter(|line| !printed.contains(line)).collect();
    assert!(missing.is_empty(), "the README shows lines that a run on the shop does not print: {missing:#?}");
    assert!(lines(shown).len() > 20, "the README shows no finding");
}
