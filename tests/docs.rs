//! A lint's page is its documentation and its test: each of its `rust` blocks, under the page's notice if it has one,
//! is a crate that is found at fault exactly where it is marked.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::path::Path;

use support::marks::Marks;
use support::{Said, differences, files, messages, primaries, root, run};

#[test]
fn examples_fire_as_marked() {
    let mut wrong = String::new();
    for path in files(&root().join("lints"), &[".md"]) {
        let lint = path.file_stem().unwrap().to_string_lossy().into_owned();
        let page = std::fs::read_to_string(&path).unwrap();
        let notice = blocks(&page, "toml").into_iter().next();
        let examples = blocks(&page, "rust");
        let marked = examples.iter().filter(|code| code.contains(&format!("//~ {lint}"))).count();
        if notice.is_none() && (marked == 0 || marked == examples.len()) {
            writeln!(wrong, "{lint}: needs an example that fires and a remedy that does not").unwrap();
        }
        for code in examples {
            wrong.push_str(&example(&lint, &code, notice.as_deref()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is wrong with one example. The page speaks of its own lint and of those that the example marks; what others
/// would say of code that is cut short is not its matter.
fn example(lint: &str, code: &str, notice: Option<&str>) -> String {
    let folder = tempfile::tempdir().unwrap();
    write_crate(folder.path(), code, notice);
    let outcome = run(folder.path(), &["check", "--format", "json", "-W", lint]);
    if !matches!(outcome.code, Some(0 | 1)) {
        return format!("{lint}: exit code {:?}\n{}", outcome.code, outcome.stderr);
    }
    let mut marks = Marks::of("src/lib.rs", code);
    if let Some(notice) = notice {
        marks = marks.and(Marks::of("privacy-notice.toml", notice));
    }
    let spoken_of =
        |said: &Said| said.2 == lint || marks.primaries.iter().any(|(_, _, marked)| *marked == said.2);
    let found = primaries(&messages(&outcome.stdout)).into_iter().filter(spoken_of).collect();
    let wrong = differences(&marks.primaries, &found);
    if wrong.is_empty() { wrong } else { format!("lints/{lint}.md, in\n{code}{wrong}\n") }
}

/// A package that depends on every crate for which there is a stub.
fn write_crate(folder: &Path, code: &str, notice: Option<&str>) {
    let mut manifest = String::from("[package]\nname = \"example\"\nedition = \"2024\"\n\n[dependencies]\n");
    for stub in std::fs::read_dir(root().join("fixtures/stubs")).unwrap() {
        writeln!(manifest, "{} = \"1\"", stub.unwrap().file_name().to_string_lossy()).unwrap();
    }
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::create_dir(folder.join("src")).unwrap();
    std::fs::write(folder.join("src/lib.rs"), code).unwrap();
    if let Some(notice) = notice {
        std::fs::write(folder.join("privacy-notice.toml"), notice).unwrap();
    }
}

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let opened = page.split("\n```").skip(1).step_by(2);
    let of_language = opened.filter_map(|block| block.split_once('\n'));
    of_language.filter(|(head, _)| *head == language).map(|(_, code)| format!("{code}\n")).collect()
}
