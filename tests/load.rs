//! Which files belong to a program, and which of their items take part.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use cargo_privacy::load::{self, Loaded};
use cargo_privacy::source::SourceMap;
use cargo_privacy::workspace::{self, Request};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"shop\"\nedition = \"2024\"\n";

fn folder(contents: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in contents {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn load(contents: &[(&str, &str)], tests: bool) -> (Loaded, SourceMap) {
    let folder = folder(contents);
    let mut sources = SourceMap::default();
    let dir = folder.path().canonicalize().unwrap();
    let request = Request { cwd: dir, tests, ..Request::default() };
    let (discovered, _) = workspace::discover(&request, &mut sources).unwrap();
    let loaded = load::with_shipped(&discovered, &mut sources);
    (loaded, sources)
}

/// The paths of all functions of the program itself.
fn functions(loaded: &Loaded) -> BTreeSet<String> {
    let program = &loaded.program;
    let own = program.with_bodies().into_iter().filter(|item| !program.is_model(*item));
    own.map(|item| program.path(item).iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::"))
        .collect()
}

fn is(found: &BTreeSet<String>, expected: &[&str]) {
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// Whether a function of others is among what was read, for a program of this code beside these words of a notice.
fn is_declared(path: &str, code: &str, notice: &str) -> bool {
    let folder = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", code)]);
    let mut sources = SourceMap::default();
    sources.add("privacy-notice.toml".into(), notice.into());
    let request = Request { cwd: folder.path().canonicalize().unwrap(), ..Request::default() };
    let (discovered, _) = workspace::discover(&request, &mut sources).unwrap();
    let program = load::with_shipped(&discovered, &mut sources).program;
    let is_it =
        |item| program.path(item).iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::") == path;
    program.items().any(is_it)
}

#[test]
fn a_function_of_others_is_read_where_its_name_is_said() {
    let path = "std::fs::remove_file";
    assert!(!is_declared(path, "pub fn f() {}", ""));
    for code in [
        "pub fn f() { std::fs::remove_file(\"a\"); }",
        "macro_rules! m { () => { pub fn f() { std::fs::remove_file(\"a\"); } } }",
        "#[serde(default = \"std::fs::remove_file\")] pub struct S;",
    ] {
        assert!(is_declared(path, code, ""), "{code}");
    }
    assert!(is_declared(path, "pub fn f() {}", "calls = [\"std::fs::remove_file\"]"));
}

#[test]
fn files_are_found_however_they_are_declared() {
    let lib = "#[path = \"../shared/far.rs\"]\nmod near;\nmod deep { mod inner; }\ninclude!(\"part.inc.rs\");\n\
               wrap! { mod made; }\nmacro_rules! wrap { ($($t:tt)*) => { $($t)* } }\n";
    let (loaded, _) = load(
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", lib),
            ("shared/far.rs", "mod beside;\npub fn far() {}"),
            ("shared/beside.rs", "pub fn beside() {}"),
            ("src/deep/inner.rs", "pub fn inner() {}"),
            ("src/part.inc.rs", "pub fn included() {}"),
            ("src/made/mod.rs", "wrap! { mod further; }\npub fn made() {}"),
            ("src/made/further.rs", "pub fn further() {}"),
            ("src/forgotten.rs", "pub fn forgotten() {}"),
        ],
        false,
    );
    is(
        &functions(&loaded),
        &[
            "shop::deep::inner::inner",
            "shop::included",
            "shop::made::further::further",
            "shop::made::made",
            "shop::near::beside::beside",
            "shop::near::far",
        ],
    );
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    assert_eq!((loaded.counts.files, loaded.counts.unreached), (7, 1));
}

#[test]
fn test_code_takes_part_only_where_it_is_asked_for() {
    let lib = "#[cfg(test)]\nmod tests;\n#[cfg(not(test))]\npub fn real() {}\n#[test]\nfn case() {}\n\
               struct S;\nimpl S { #[cfg(test)] fn only() {} }\n";
    let contents = [("Cargo.toml", MANIFEST), ("src/lib.rs", lib), ("src/tests.rs", "fn helper() {}")];
    is(&functions(&load(&contents, false).0), &["shop::real"]);
    let all = functions(&load(&contents, true).0);
    is(&all, &["shop::S::only", "shop::case", "shop::real", "shop::tests::helper"]);
}

#[test]
fn a_program_names_its_library_and_its_models() {
    let (loaded, _) = load(
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", "pub fn one() -> std::collections::HashMap<u8, u8> { Default::default() }"),
            ("src/main.rs", "use shop::one;\nfn main() { one(); }"),
            ("build.rs", "fn main() {}"),
        ],
        false,
    );
    is(&functions(&loaded), &["shop::main", "shop::one"]);
    assert!(loaded.program.externals.is_empty(), "{:?}", loaded.program.externals);
}

#[test]
fn without_a_manifest_every_file_that_no_other_declares_is_a_root() {
    let (loaded, _) = load(
        &[
            ("app.rs", "mod part;\nfn app() {}"),
            ("app/part.rs", "fn part() {}"),
            ("tool.rs", "mod helper;\nfn tool() {}"),
            ("helper.rs", "fn helper() {}"),
            ("ring_a.rs", "mod ring_b;\nfn a() {}"),
            ("ring_b.rs", "mod ring_a;\nfn b() {}"),
        ],
        false,
    );
    let last: BTreeSet<String> =
        functions(&loaded).iter().map(|path| path.split_once("::").unwrap().1.to_owned()).collect();
    is(&last, &["a", "app", "helper::helper", "part::part", "ring_b::b", "tool"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let (loaded, sources) = load(
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", "mod broken;\nmod missing;\nfn fine() {}\n"),
            ("src/broken.rs", "fn a() {}\n\nfn b( {}\n"),
        ],
        false,
    );
    let said: Vec<(String, u32)> = loaded
        .diagnostics
        .iter()
        .map(|said| {
            (
                said.message.clone(),
                sources.file(said.primary.unwrap().file).position(said.primary.unwrap().lo).line,
            )
        })
        .collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].0.starts_with("this is not read as Rust") && said[0].1 == 3, "{said:?}");
    assert!(said[1].0.contains("`missing`") && said[1].1 == 2, "{said:?}");
    assert_eq!(loaded.counts.unparsed, 1);
    is(&functions(&loaded), &["shop::broken::a", "shop::broken::b", "shop::fine"]);
}

#[test]
fn fields_are_found_in_whichever_arm_of_a_cfg_has_them() {
    let lib = "#[cfg(feature = \"v1\")]\npub struct P { pub id: u8 }\n#[cfg(feature = \"v2\")]\npub struct P { pub email: String }\n\
               pub fn f(p: P) { let _ = (p.id, p.email); }\n";
    let (loaded, _) = load(&[("Cargo.toml", MANIFEST), ("src/lib.rs", lib)], false);
    let sema = cargo_privacy::types::Sema::new(&loaded.program);
    let body = loaded.program.with_bodies()[0];
    let inference = cargo_privacy::types::infer(
        &sema,
        body,
        loaded.program.body(body).unwrap(),
        &mut cargo_privacy::types::Scratch::default(),
    );
    let holders: BTreeSet<_> = inference.fields.values().map(|(holder, _)| *holder).collect();
    assert_eq!(holders.len(), 2, "{holders:?}");
}
