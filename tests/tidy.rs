//! The repository tests itself: layers, documentation, registry, size, wording.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::{files, name, root};

/// No file is longer.
const FILE_LINES: usize = 700;
/// Functions longer than this are rare: at most three in a hundred.
const FUNCTION_LINES: usize = 60;

#[test]
fn modules_refer_to_modules_above_them() {
    let order = modules();
    let rank = |module: &str| order.iter().position(|known| known == module);
    let mut wrong = Vec::new();
    for path in sources(&["src"]) {
        let Some(own) = rank(&module_of(&path)) else { continue };
        for other in referred(&code_of(&path)) {
            if rank(&other).is_some_and(|other| other > own) {
                wrong.push(format!(
                    "{} refers to `{other}`, which stands below it in src/lib.rs",
                    name(&path)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_lowering_knows_a_parser() {
    let knows = |path: &PathBuf| {
        ["syn::", "quote::", "proc_macro2::", "ra_ap_parser::"]
            .iter()
            .any(|word| code_of(path).contains(word))
    };
    let is_lowering = |path: &PathBuf| module_of(path) == "lower";
    let wrong: Vec<_> =
        sources(&["src"]).into_iter().filter(|path| !is_lowering(path) && knows(path)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_begin_with_what_they_are() {
    let all = sources(&["src", "tests", "benches", "personal-data", "fixtures"]);
    let lacks = |path: &PathBuf| !std::fs::read_to_string(path).unwrap().starts_with("//! ");
    let wrong: Vec<_> = all.into_iter().filter(lacks).collect();
    assert!(wrong.is_empty(), "no `//!` on line one: {wrong:#?}");
}

#[test]
fn each_lint_has_its_four_paths() {
    let registered: BTreeSet<String> =
        cargo_privacy::lints::LINTS.iter().map(|lint| lint.name.to_owned()).collect();
    let pages: BTreeSet<String> =
        files(&root().join("lints"), &[".md"]).iter().map(|path| stem(path)).collect();
    assert_eq!(registered, pages, "registry and pages");
    for lint in &registered {
        let paths = [format!("src/lints/{lint}.rs"), format!("fixtures/{lint}/privacy-notice.toml")];
        paths.iter().for_each(|path| assert!(root().join(path).is_file(), "{lint} has no {path}"));
    }
}

#[test]
fn files_and_functions_are_short() {
    let all = sources(&["src", "tests", "benches", "personal-data"]);
    let long: Vec<_> = all.iter().filter(|path| lines(path) > FILE_LINES).collect();
    assert!(long.is_empty(), "over {FILE_LINES} lines: {long:#?}");
    let functions: Vec<_> = all.iter().flat_map(|path| functions(path)).collect();
    let long: Vec<_> = functions.iter().filter(|(_, length)| *length > FUNCTION_LINES).collect();
    assert!(long.len() * 100 <= functions.len() * 3, "{} of {}: {long:#?}", long.len(), functions.len());
}

#[test]
fn messages_begin_in_lower_case_and_have_no_full_stop() {
    let heads = ["Diagnostic::error(", "Diagnostic::warning(", ".note(", ".help(", ".labelled("];
    let mut wrong = Vec::new();
    for path in sources(&["src"]) {
        let code = code_of(&path);
        let messages = heads.iter().flat_map(|head| code.split(head).skip(1)).filter_map(first_literal);
        wrong.extend(
            messages.filter(|text| !is_well_worded(text)).map(|text| format!("{}: {text}", name(&path))),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The modules in the order in which `src/lib.rs` declares them.
fn modules() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared = text.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    declared.map(|name| name.trim_end_matches(';').to_owned()).collect()
}

fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let folders = folders.iter().map(|folder| root().join(folder)).filter(|folder| folder.is_dir());
    folders
        .flat_map(|folder| files(&folder, &[".rs"]))
        .filter(|path| !name(path).contains("target/"))
        .collect()
}

/// `src/a/b.rs` and `src/a.rs` belong to `a`.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix(root().join("src")).unwrap();
    stem(Path::new(below.components().next().unwrap().as_os_str()))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// A file without comments and without its tests.
fn code_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules behind `crate::`, single or in braces.
fn referred(code: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let after =
        code.match_indices("crate::").filter(|(at, _)| !code[..*at].ends_with(|c| is_word(c) || c == '$'));
    after.flat_map(|(at, found)| heads(&code[at + found.len()..])).collect()
}

/// `a::b` is `a`; `{a::b, c::{d, e}}` are `a` and `c`.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut depth, mut found) = (0, vec![word(group.trim_start())]);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(word(group[at + 1..].trim_start())),
            _ => {}
        }
    }
    found
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap().lines().count()
}

/// Functions with their lengths: rustfmt closes each in the column in which it begins.
fn functions(path: &Path) -> Vec<(String, usize)> {
    let text = std::fs::read_to_string(path).unwrap();
    let all: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let words = line
            .trim_start()
            .split(' ')
            .skip_while(|w| w.starts_with("pub") || matches!(*w, "const" | "async"));
        words.take(1).any(|word| word == "fn")
    };
    let starts = (0..all.len()).filter(|at| begins(all[*at]) && !all[*at].ends_with(['}', ';']));
    starts.map(|at| (format!("{}:{}", name(path), at + 1), length(&all[at..]))).collect()
}

fn length(lines: &[&str]) -> usize {
    let indent = lines[0].len() - lines[0].trim_start().len();
    let close = format!("{}}}", " ".repeat(indent));
    lines.iter().position(|line| *line == close).map_or(1, |end| end + 1)
}

/// The string that a call begins with, directly or behind `format!(`.
fn first_literal(arguments: &str) -> Option<&str> {
    let inner = arguments.trim_start();
    let inner = inner.strip_prefix("format!(").map_or(inner, str::trim_start);
    inner.strip_prefix('"')?.split('"').next()
}

fn is_well_worded(message: &str) -> bool {
    let ends = message.ends_with('.') && !message.ends_with("..");
    !message.starts_with(char::is_uppercase) && !ends
}
