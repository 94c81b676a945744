//! What discovery finds in trees of every shape that a user may point it at.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in helpers as well")]

use std::path::Path;

use cargo_privacy::diagnostic::Diagnostic;
use cargo_privacy::source::SourceMap;
use cargo_privacy::workspace::cfg::{CfgExpr, Truth};
use cargo_privacy::workspace::{
    Discovered, Edition, FeatureSelection, PackageInfo, Request, TargetKind, discover, load_file,
};
use tempfile::TempDir;

/// A tree of files, each `path => text`.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn at(dir: &TempDir, below: &str) -> Request {
    Request { cwd: dir.path().join(below), ..Request::default() }
}

fn on(dir: &TempDir, path: &str) -> Request {
    Request { paths: vec![path.into()], ..at(dir, "") }
}

/// A result with the texts it points into.
struct Run {
    found: Discovered,
    said: Vec<Diagnostic>,
    sources: SourceMap,
}

fn run(request: &Request) -> Run {
    let mut sources = SourceMap::default();
    let (found, said) = discover(request, &mut sources).unwrap();
    Run { found, said, sources }
}

fn errors(request: &Request) -> Vec<Diagnostic> {
    discover(request, &mut SourceMap::default()).unwrap_err()
}

impl Run {
    /// Files relative to a directory, in their order.
    fn files(&self, dir: &Path) -> Vec<String> {
        let paths = self.found.files.iter().map(|file| self.sources.path(file.id));
        paths.map(|path| path.strip_prefix(dir).unwrap_or(path).to_str().unwrap().to_owned()).collect()
    }

    fn selected(&self) -> Vec<&str> {
        self.found.packages.iter().filter(|p| p.selected).map(|p| p.name.as_str()).collect()
    }

    fn loaded(&self) -> Vec<&str> {
        self.found.packages.iter().map(|p| p.name.as_str()).collect()
    }

    fn package(&self, name: &str) -> &PackageInfo {
        self.found.packages.iter().find(|p| p.name == name).unwrap()
    }

    fn targets(&self, name: &str) -> Vec<(TargetKind, &str)> {
        self.package(name).targets.iter().map(|t| (t.kind, t.crate_name.as_str())).collect()
    }
}

const APP: &str = "[package]\nname = \"my-app\"\nversion = \"1.2.3\"\nedition = \"2021\"\n";

/// A virtual workspace of three, one of which nobody depends upon.
fn workspace() -> TempDir {
    tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nedition = \"2024\"\n\
          version = \"3.0.0\"\n[workspace.dependencies]\nstore = { path = \"crates/store\" }\n",
        ),
        (
            "crates/web/Cargo.toml",
            "[package]\nname = \"web\"\nedition.workspace = true\nversion.workspace = true\n\
          [dependencies]\nstore.workspace = true\nserde = \"1\"\nother = { package = \"serde_json\", version = \"1\" }\n",
        ),
        ("crates/web/src/main.rs", ""),
        ("crates/store/Cargo.toml", "[package]\nname = \"store\"\n[lib]\nname = \"storage\"\n"),
        ("crates/store/src/lib.rs", ""),
        ("crates/tool/Cargo.toml", "[package]\nname = \"tool\"\n"),
        ("crates/tool/src/main.rs", ""),
        ("crates/notes/readme.md", ""),
    ])
}

#[test]
fn a_package_has_the_targets_that_cargo_sees() {
    let dir = tree(&[
        ("Cargo.toml", APP),
        ("build.rs", ""),
        ("src/lib.rs", ""),
        ("src/main.rs", ""),
        ("src/bin/tool.rs", ""),
        ("src/bin/big/main.rs", ""),
        ("src/bin/big/part.rs", ""),
        ("tests/it.rs", ""),
        ("examples/show/main.rs", ""),
    ]);
    let found = run(&at(&dir, "src"));
    let code = [
        (TargetKind::Lib, "my_app"),
        (TargetKind::Bin, "big"),
        (TargetKind::Bin, "my_app"),
        (TargetKind::Bin, "tool"),
        (TargetKind::CustomBuild, "build_script_build"),
    ];
    assert_eq!(found.targets("my-app"), code);
    assert_eq!(found.package("my-app").edition, Edition::E2021);
    assert_eq!(found.package("my-app").version, "1.2.3");
    let files = [
        "build.rs",
        "src/bin/big/main.rs",
        "src/bin/big/part.rs",
        "src/bin/tool.rs",
        "src/lib.rs",
        "src/main.rs",
    ];
    assert_eq!(found.files(dir.path()), files);

    let tests = run(&Request { tests: true, ..at(&dir, "") });
    assert_eq!(tests.found.files.iter().filter(|file| file.test).count(), 2);
    assert!(tests.targets("my-app").contains(&(TargetKind::Test, "it")));
    assert!(tests.targets("my-app").contains(&(TargetKind::Example, "show")));
}

#[test]
fn listed_targets_may_lie_anywhere() {
    let manifest = "[package]\nname = \"a\"\nautobins = false\n[lib]\npath = \"lib/code.rs\"\nproc-macro = true\n\
        [[bin]]\nname = \"b-c\"\npath = \"../shared/b.rs\"\n[[bin]]\nname = \"gone\"\npath = \"gone.rs\"\n\
        [[test]]\nname = \"t\"\npath = \"src/t.rs\"\n";
    let dir = tree(&[
        ("a/Cargo.toml", manifest),
        ("a/lib/code.rs", ""),
        ("a/src/main.rs", ""),
        ("a/src/t.rs", ""),
        ("shared/b.rs", ""),
    ]);
    let found = run(&on(&dir, "a"));
    assert_eq!(found.targets("a"), [(TargetKind::ProcMacro, "a"), (TargetKind::Bin, "b_c")]);
    assert_eq!(found.files(dir.path()), ["a/lib/code.rs", "a/src/main.rs", "shared/b.rs"]);
    assert_eq!(found.said.len(), 1);
    assert_eq!(found.said[0].message, "the file of bin target `gone` cannot be read");
    assert!(found.said[0].primary.is_some());
}

#[test]
fn a_workspace_root_stands_for_its_members() {
    let dir = workspace();
    let found = run(&at(&dir, ""));
    assert_eq!(found.selected(), ["store", "tool", "web"]);
    assert_eq!(found.found.root, dir.path());
    assert!(found.said.is_empty(), "{:?}", found.said);
    let web = found.package("web");
    assert_eq!((web.edition, web.version.as_str()), (Edition::E2024, "3.0.0"));
    let names: Vec<(&str, bool)> =
        web.dependencies.iter().map(|d| (d.extern_name.as_str(), d.local.is_some())).collect();
    assert_eq!(names, [("other", false), ("serde", false), ("storage", true)]);
    assert_eq!(found.sources.text(web.dependencies[1].span), "serde = \"1\"");
    assert_eq!(found.package("store").edition, Edition::E2015);
}

#[test]
fn a_member_is_checked_alone_and_its_dependencies_come_along() {
    let dir = workspace();
    for request in [at(&dir, "crates/web/src"), on(&dir, "crates/web"), on(&dir, "crates/web/Cargo.toml")] {
        let found = run(&request);
        assert_eq!(found.selected(), ["web"]);
        assert_eq!(found.loaded(), ["store", "web"]);
        assert_eq!(found.package("web").notice_root, dir.path());
    }
}

#[test]
fn packages_are_chosen_by_flags() {
    let dir = workspace();
    let named = |packages: &[&str]| Request {
        packages: packages.iter().map(|p| (*p).to_owned()).collect(),
        ..at(&dir, "crates/web")
    };
    assert_eq!(run(&named(&["tool"])).selected(), ["tool"]);
    assert_eq!(run(&named(&["t*", "store@3.0.0"])).selected(), ["store", "tool"]);
    let rest = Request { workspace: true, exclude: vec!["web".to_owned()], ..at(&dir, "crates/web") };
    assert_eq!(run(&rest).selected(), ["store", "tool"]);
    let said = errors(&named(&["tol"]));
    assert_eq!(said[0].message, "no package `tol` among those that were found");
    assert_eq!(said[0].helps, ["a package with a similar name exists: `tool`"]);
}

#[test]
fn default_members_and_exclusions_are_heeded() {
    let dir = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"a\", \"b*\"]\nexclude = [\"b2\", \"out\"]\ndefault-members = [\"a\"]\n",
        ),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nout = { path = \"../out\" }\nc = { path = \"../deep/c\" }\n",
        ),
        ("a/src/lib.rs", ""),
        ("b1/Cargo.toml", "[package]\nname = \"b1\"\n"),
        ("b1/src/lib.rs", ""),
        ("b2/Cargo.toml", "[package]\nname = \"b2\"\n"),
        ("b2/src/lib.rs", ""),
        ("out/Cargo.toml", "[package]\nname = \"out\"\n"),
        ("out/src/lib.rs", ""),
        ("deep/c/Cargo.toml", "[package]\nname = \"c\"\n"),
        ("deep/c/src/lib.rs", ""),
    ]);
    // What a default member is built from is looked at like itself, when it is a member.
    assert_eq!(run(&at(&dir, "")).selected(), ["a", "c"]);
    assert_eq!(run(&at(&dir, "")).loaded(), ["a", "c", "out"]);
    let all = Request { workspace: true, ..at(&dir, "") };
    assert_eq!(run(&all).selected(), ["a", "b1", "c"]);
}

#[test]
fn nested_packages_of_nobody_are_left_out_unless_named() {
    let dir = tree(&[
        ("Cargo.toml", APP),
        ("src/lib.rs", ""),
        ("fixtures/bad/Cargo.toml", "[package]\nname = \"bad\"\n"),
        ("fixtures/bad/src/lib.rs", ""),
    ]);
    assert_eq!(run(&on(&dir, ".")).files(dir.path()), ["src/lib.rs"]);
    assert_eq!(run(&on(&dir, "fixtures/bad")).loaded(), ["bad"]);
}

#[test]
fn a_monorepo_is_one_program_linked_by_name() {
    let dir = tree(&[
        ("one/Cargo.toml", "[workspace]\nmembers = [\"x\"]\n"),
        ("one/x/Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nlib-y = \"1\"\n"),
        ("one/x/src/main.rs", ""),
        ("two/Cargo.toml", "[package]\nname = \"lib-y\"\n"),
        ("two/src/lib.rs", ""),
        ("vendor/z/Cargo.toml", "[package]\nname = \"z\"\n"),
        ("vendor/z/.cargo-checksum.json", "{}"),
        ("vendor/z/src/lib.rs", ""),
    ]);
    let found = run(&on(&dir, "."));
    assert_eq!(found.selected(), ["x", "lib-y"]);
    assert_eq!(found.found.root, dir.path());
    let dependency = &found.package("x").dependencies[0];
    assert_eq!(dependency.local, Some(1));
    assert_eq!(dependency.extern_name, "lib_y");
    assert!(found.found.packages.iter().all(|package| package.notice_root == dir.path()));
}

#[test]
fn a_folder_of_members_is_these_members() {
    let dir = workspace();
    let found = run(&on(&dir, "crates"));
    assert_eq!(found.selected(), ["store", "tool", "web"]);
    assert!(found.found.packages.iter().all(|package| package.notice_root == dir.path()));
}

#[test]
fn libraries_for_tests_alone_are_test_code() {
    let package = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\n{rest}");
    let dir = tree(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n"),
        (
            "app/Cargo.toml",
            &package(
                "app",
                "[dependencies]\ntest-words = { path = \"../test-words\" }\n[dev-dependencies]\nkit = { package = \"app-testkit\", path = \"../kit\" }\n",
            ),
        ),
        ("app/src/main.rs", ""),
        ("kit/Cargo.toml", &package("app-testkit", "[dependencies]\ntest-data = { path = \"../data\" }\n")),
        ("kit/src/lib.rs", ""),
        ("data/Cargo.toml", &package("test-data", "")),
        ("data/src/lib.rs", ""),
        ("all/Cargo.toml", &package("integration-tests", "[dependencies]\napp = { path = \"../app\" }\n")),
        ("all/src/lib.rs", ""),
        ("test-words/Cargo.toml", &package("test-words", "")),
        ("test-words/src/lib.rs", ""),
        ("runner/Cargo.toml", &package("test-runner", "")),
        ("runner/src/main.rs", ""),
        ("contest/Cargo.toml", &package("contest", "")),
        ("contest/src/lib.rs", ""),
    ]);
    let looked_at = |request: Request| {
        let mut files = run(&request).files(dir.path());
        files.retain(|file| file.ends_with(".rs"));
        files
    };
    let code = ["app/src/main.rs", "contest/src/lib.rs", "runner/src/main.rs", "test-words/src/lib.rs"];
    assert_eq!(looked_at(at(&dir, "")), code);
    assert_eq!(looked_at(Request { tests: true, ..at(&dir, "") }).len(), 7);
    let named = Request { packages: vec!["app".into(), "app-testkit".into()], ..at(&dir, "") };
    assert!(looked_at(named).contains(&"kit/src/lib.rs".to_owned()), "it was asked for");
    assert!(looked_at(at(&dir, "all")).contains(&"all/src/lib.rs".to_owned()), "there is nothing else");
}

#[test]
fn patches_are_local_code() {
    let dir = tree(&[
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nlog = \"0.4\"\n[patch.crates-io]\nlog = { path = \"my/log\" }\n",
        ),
        ("src/lib.rs", ""),
        ("my/log/Cargo.toml", "[package]\nname = \"log\"\n"),
        ("my/log/src/lib.rs", ""),
    ]);
    let found = run(&at(&dir, ""));
    assert_eq!(found.loaded(), ["a", "log"]);
    assert_eq!(found.package("a").dependencies[0].local, Some(1));
}

#[test]
fn a_folder_or_a_file_needs_no_manifest() {
    let dir =
        tree(&[("loose/b.rs", ""), ("loose/sub/a.rs", ""), ("loose/target/c.rs", ""), ("loose/x.txt", "")]);
    let folder = run(&on(&dir, "loose"));
    assert_eq!(folder.files(dir.path()), ["loose/b.rs", "loose/sub/a.rs"]);
    assert_eq!(folder.package("loose").manifest, None);
    assert!(folder.package("loose").targets.is_empty() && folder.package("loose").selected);
    assert_eq!(run(&at(&dir, "loose")).loaded(), ["loose"]);
    let file = run(&on(&dir, "loose/sub/a.rs"));
    assert_eq!(file.files(dir.path()), ["loose/sub/a.rs"]);
    let both = Request { paths: vec!["loose".into(), "loose/b.rs".into()], ..at(&dir, "") };
    assert_eq!(run(&both).found.files.len(), 2);
}

#[test]
fn what_is_built_hidden_ignored_or_vendored_is_skipped_unless_named() {
    let dir = tree(&[
        ("Cargo.toml", APP),
        (".gitignore", "/generated/\n"),
        (".cargo/config.toml", "[source.vendored]\ndirectory = \"third_party\"\n"),
        ("src/lib.rs", ""),
        ("src/target/mod.rs", ""),
        ("target/debug/out.rs", ""),
        (".hidden/x.rs", ""),
        ("generated/g.rs", ""),
        ("third_party/v.rs", ""),
    ]);
    assert_eq!(run(&on(&dir, ".")).files(dir.path()), ["src/lib.rs", "src/target/mod.rs"]);
    for (path, file) in [
        ("target", "target/debug/out.rs"),
        (".hidden", ".hidden/x.rs"),
        ("generated", "generated/g.rs"),
        ("third_party", "third_party/v.rs"),
    ] {
        assert_eq!(run(&on(&dir, path)).files(dir.path()), [file]);
    }
    assert_eq!(run(&at(&dir, "target/debug")).loaded(), ["debug"]);
}

#[test]
fn what_cannot_be_done_as_asked_is_an_error() {
    let dir = tree(&[("empty/readme.md", ""), ("p/Cargo.toml", APP)]);
    for (path, message) in [
        ("nowhere", "no such path: `nowhere`"),
        ("empty", "no Rust files in `empty`"),
        ("p", "no Rust files in `p`"),
        ("empty/readme.md", "`empty/readme.md` is neither a directory nor a Rust file"),
    ] {
        assert_eq!(errors(&on(&dir, path))[0].message, message);
    }
    let manifest = Request { manifest_path: Some("q/Cargo.toml".into()), ..at(&dir, "") };
    assert_eq!(errors(&manifest)[0].message, "manifest path `q/Cargo.toml` does not exist");
}

#[test]
fn what_cannot_be_read_is_said_and_counted() {
    let dir = tree(&[("Cargo.toml", APP), ("src/lib.rs", "")]);
    std::fs::write(dir.path().join("src/latin.rs"), b"// \xe9").unwrap();
    let found = run(&at(&dir, ""));
    assert_eq!(found.said[0].message, "`src/latin.rs` is not valid UTF-8 and was not checked");
    assert_eq!(found.found.unread, [dir.path().join("src/latin.rs")]);
}

#[test]
fn broken_and_missing_manifests_do_not_stop_the_rest() {
    let dir = tree(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"good\", \"bad\", \"gone\"]\n"),
        ("good/Cargo.toml", "[package]\nname = \"good\"\n[dependencies]\nnone = { path = \"../none\" }\n"),
        ("good/src/lib.rs", ""),
        ("bad/Cargo.toml", "[package]\nname = \"bad\"\nedition = = \"2021\"\n"),
        ("bad/src/lib.rs", ""),
    ]);
    let found = run(&at(&dir, ""));
    assert_eq!(found.selected(), ["bad", "good"]);
    assert_eq!(found.targets("bad"), [(TargetKind::Lib, "bad")]);
    let mut messages: Vec<&str> = found.said.iter().map(|said| said.message.as_str()).collect();
    messages.sort_unstable();
    let expected = [
        "this file is not valid TOML",
        "this path dependency has no `Cargo.toml` that can be read",
        "workspace member `gone` has no `Cargo.toml`",
    ];
    assert_eq!(messages, expected);
    assert!(found.said.iter().all(|said| said.primary.is_some()));
}

#[test]
fn features_are_closed_over_as_cargo_does() {
    let dir = tree(&[
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\n[workspace]\n[features]\ndefault = [\"std\"]\nstd = []\n\
          net = [\"dep:b\", \"b?/tls\"]\nextra = [\"net\"]\n\
          [dependencies]\nb = { path = \"b\", optional = true, default-features = false }\n",
        ),
        ("src/lib.rs", ""),
        (
            "b/Cargo.toml",
            "[package]\nname = \"b\"\n[features]\ndefault = [\"plain\"]\nplain = []\ntls = []\n",
        ),
        ("b/src/lib.rs", ""),
    ]);
    let with = |features: FeatureSelection| Request { features, ..on(&dir, "Cargo.toml") };
    let request = |features: &[&str], all_features, no_default_features| {
        let features = features.iter().map(|f| (*f).to_owned()).collect();
        let packages = vec!["a".to_owned()];
        let features = FeatureSelection { features, all_features, no_default_features, cfg: Vec::new() };
        Request { packages, ..with(features) }
    };
    let on = |request: &Request, package: &str| -> Vec<String> {
        run(request).package(package).cfg.features().unwrap().iter().cloned().collect()
    };
    assert_eq!(on(&request(&["extra"], false, false), "a"), ["default", "extra", "net", "std"]);
    assert_eq!(on(&request(&["extra"], false, false), "b"), ["tls"]);
    assert_eq!(on(&request(&["std"], false, true), "a"), ["std"]);
    assert_eq!(on(&request(&[], true, false), "a"), ["default", "extra", "net", "std"]);
    let said = errors(&request(&["extr"], false, false));
    assert_eq!(said[0].message, "none of the selected packages has the feature `extr`");
    assert_eq!(said[0].helps, ["a feature with a similar name exists: `extra`"]);

    let open = run(&with(FeatureSelection::default()));
    let feature = CfgExpr::parse("feature = \"net\"").unwrap();
    assert_eq!(open.package("a").cfg.eval(&feature), Truth::Unknown);
    let wrong = with(FeatureSelection { cfg: vec!["a b".to_owned()], ..FeatureSelection::default() });
    assert!(errors(&wrong)[0].message.starts_with("`a b` is not a `--cfg`"));
}

#[test]
fn a_file_is_loaded_once() {
    let dir = tree(&[("Cargo.toml", APP), ("src/lib.rs", ""), ("other/x.rs", "fn x() {}")]);
    let mut found = run(&at(&dir, ""));
    let first = load_file(&mut found.sources, &dir.path().join("src/../other/x.rs")).unwrap();
    assert_eq!(load_file(&mut found.sources, &dir.path().join("other/x.rs")), Some(first));
    assert_eq!(load_file(&mut found.sources, &dir.path().join("none.rs")), None);
}

#[test]
fn ids_are_the_same_on_every_run() {
    let dir = workspace();
    let paths = || -> Vec<(u32, String)> {
        let found = run(&at(&dir, ""));
        found.sources.iter().map(|(id, file)| (id.0, file.path.display().to_string())).collect()
    };
    assert_eq!(paths(), paths());
}
