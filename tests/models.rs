//! Shipped models read without a problem, their declarations are Rust, and only what is asked for is loaded.

use cargo_privacy::models::{self, ModelFile, Models, Pattern};
use std::collections::BTreeSet;

#[test]
fn the_head_of_a_file_says_whom_it_describes() {
    for file in models::shipped() {
        let (head, whole) = (file.head().unwrap(), models::parse(file.text, None).unwrap());
        let told = |of: &models::ModelFile| (of.crate_name.clone(), of.aliases.clone(), of.uses.clone());
        assert_eq!(told(&head), told(&whole), "{}", file.name);
    }
}

#[test]
fn every_shipped_file_is_valid() {
    for file in models::shipped() {
        if let Err(problems) = models::parse(file.text, None) {
            let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
            panic!("{}: {messages:?}", file.name);
        }
    }
}

#[test]
fn declarations_are_rust() {
    for declarations in Models::load_all().declarations {
        if let Err(error) = syn::parse_file(&declarations.text) {
            let start = error.span().start();
            let line = declarations.text.lines().nth(start.line.saturating_sub(1)).unwrap_or_default();
            panic!("{}: {error} at {}:{}: {line}", declarations.file, start.line, start.column);
        }
    }
}

#[test]
fn every_file_on_disk_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/models");
    let on_disk = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut on_disk: Vec<String> = on_disk.filter(|n| n.ends_with(".toml")).collect();
    on_disk.sort();
    let mut registered: Vec<&str> =
        models::shipped().iter().filter_map(|f| f.name.strip_prefix("models/")).collect();
    registered.sort_unstable();
    assert_eq!(on_disk, registered);
}

#[test]
fn only_what_is_asked_for_is_loaded() {
    let models = Models::load(&[]);
    assert!(models.declarations.iter().all(|d| &*d.crate_name == "std"));
}

#[test]
fn calls_are_found_by_path() {
    let models = Models::load(&["log"]);
    assert_eq!(models.macros_for(&["log", "info"]).count(), 1);
    assert_eq!(models.macros_for(&["shop", "log", "info"]).count(), 0);
    assert_eq!(models.summaries_for(&["str", "trim_start"]).count(), 1);
}

/// Words of the declarations that a file's patterns can name: its own, its crate's other files', and its uses'.
fn declared_words(file: &ModelFile, files: &[ModelFile]) -> BTreeSet<String> {
    let texts =
        files.iter().filter(|f| f.describes(&file.crate_name) || file.uses.iter().any(|u| f.describes(u)));
    let words = texts.flat_map(|f| f.declarations.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.map(str::to_owned).collect()
}

fn patterns(file: &ModelFile) -> impl Iterator<Item = &Pattern> {
    let sinks = file.sinks.iter().flat_map(|m| &m.calls);
    let sources = file.sources.iter().flat_map(|m| m.calls.iter().chain(&m.types));
    let summaries = file.summaries.iter().flat_map(|m| &m.calls);
    let transforms = file.transforms.iter().flat_map(|m| &m.calls);
    let types = file.types.iter().flat_map(|m| &m.paths);
    let removals = file.removals.iter().flat_map(|m| &m.calls);
    sinks.chain(sources).chain(summaries).chain(transforms).chain(types).chain(removals)
}

#[test]
fn patterns_name_what_is_declared() {
    let parsed = models::shipped().iter().map(|f| models::parse(f.text, None).unwrap());
    let files: Vec<ModelFile> = parsed.collect();
    let mut unknown = Vec::new();
    for file in files.iter().filter(|f| !f.declarations.is_empty()) {
        let words = declared_words(file, &files);
        for pattern in patterns(file).filter(|p| p.anchored) {
            let named = pattern.segments[1..].iter().filter(|s| !s.contains('*') && s.parse::<u8>().is_err());
            unknown.extend(named.filter(|s| !words.contains(&***s)).map(|_| pattern.segments.join("::")));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}
