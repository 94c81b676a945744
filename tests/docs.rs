//! A lint's page is its documentation and its test: each of its `rust` blocks is a crate that is found at fault exactly
//! where it is marked. A `toml` block of the same section is its notice, a `markdown` block the published prose, a
//! `toml previous` block the version before it, `previous.toml`,
//! a `toml manifest` block lines of its dependencies.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::path::Path;

use support::marks::Marks;
use support::{Said, differences, files, messages, primaries, root, run};

/// A crate of a page.
#[derive(Clone, Default)]
struct Example {
    code: String,
    notice: String,
    prose: String,
    previous: String,
    manifest: String,
}

#[test]
fn examples_fire_as_marked() {
    let mut wrong = String::new();
    for path in files(&root().join("lints"), &[".md"]) {
        let lint = path.file_stem().unwrap().to_string_lossy().into_owned();
        let examples = examples(&std::fs::read_to_string(&path).unwrap());
        for example in &examples {
            wrong.push_str(&check(&lint, example));
        }
        let firing = examples.iter().filter(|example| !marks(example).primaries.is_empty()).count();
        if firing == 0 || firing == examples.len() {
            writeln!(wrong, "lints/{lint}.md: needs an example that fires and a remedy that does not")
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The crates of a page, each with the blocks before it in its section.
fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    for section in page.split("\n## ") {
        let mut example = Example::default();
        for (language, text) in blocks(section) {
            match language {
                "toml" => example.notice = text,
                "markdown" => example.prose = text,
                "toml previous" => example.previous = text,
                "toml manifest" => example.manifest = text,
                "rust" => found.push(Example { code: text, ..example.clone() }),
                _ => {}
            }
        }
    }
    found
}

/// Fenced blocks with their languages.
fn blocks(section: &str) -> impl Iterator<Item = (&str, String)> {
    let fenced = section.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).map(|(language, text)| (language, format!("{text}\n")))
}

fn marks(example: &Example) -> Marks {
    let of_code =
        Marks::of("src/lib.rs", &example.code).and(Marks::of("privacy-notice.toml", &example.notice));
    of_code.and(Marks::of("Cargo.toml", &manifest(example)))
}

/// What is wrong with one example. The page speaks of its own lint and of those that the example marks; what others
/// would say of code that is cut short is not its matter.
fn check(lint: &str, example: &Example) -> String {
    let folder = tempfile::tempdir().unwrap();
    write_crate(folder.path(), example);
    let outcome = run(folder.path(), &["check", "--format", "json", "-W", lint]);
    if !matches!(outcome.code, Some(0 | 1)) {
        return format!("lints/{lint}.md: exit code {:?}\n{}", outcome.code, outcome.stderr);
    }
    let marked = marks(example).primaries;
    let spoken_of = |said: &Said| said.2 == lint || marked.iter().any(|(_, _, other)| *other == said.2);
    let found = primaries(&messages(&outcome.stdout)).into_iter().filter(spoken_of).collect();
    let wrong = differences(&marked, &found);
    if wrong.is_empty() { wrong } else { format!("lints/{lint}.md, in\n{}{wrong}\n", example.code) }
}

/// The manifest of a package that depends on every crate for which there is a stub, and on what the page names.
fn manifest(example: &Example) -> String {
    let mut manifest = String::from("[package]\nname = \"example\"\nedition = \"2024\"\n\n[dependencies]\n");
    for stub in std::fs::read_dir(root().join("fixtures/stubs")).unwrap() {
        writeln!(manifest, "{} = \"1\"", stub.unwrap().file_name().to_string_lossy()).unwrap();
    }
    manifest + &example.manifest
}

fn write_crate(folder: &Path, example: &Example) {
    std::fs::create_dir(folder.join("src")).unwrap();
    let manifest = manifest(example);
    let files = [
        ("Cargo.toml", &manifest),
        ("src/lib.rs", &example.code),
        ("privacy-notice.toml", &example.notice),
        ("PRIVACY.md", &example.prose),
        ("previous.toml", &example.previous),
    ];
    for (name, text) in files.into_iter().filter(|(_, text)| !text.is_empty()) {
        std::fs::write(folder.join(name), text).unwrap();
    }
}
