//! What several tests share: running the program, its JSON lines as findings, and the marks in fixtures. Knows nothing
//! of any lint.
#![allow(dead_code, clippy::unwrap_used, reason = "a helper of tests, each of which uses a part")]

pub(crate) mod marks;
pub(crate) mod meaning;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A place in a file and what is said of it: a lint, `source(lint)` or `declared(lint)`.
pub(crate) type Said = (String, u64, String);

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Both streams, for messages that may stand in either.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with these files.
pub(crate) fn folder(contents: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in contents {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What a check prints of a package with this manifest whose only file is this code.
pub(crate) fn check_of(manifest: &str, code: &str, arguments: &[&str]) -> String {
    let folder = folder(&[("Cargo.toml", manifest), ("src/lib.rs", code)]);
    run(folder.path(), &[&["check", "-q"], arguments].concat()).stdout
}

/// Runs the program in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_with(folder, arguments, &[])
}

/// The same, with variables of the environment.
pub(crate) fn run_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-privacy"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").envs(variables.iter().copied());
    let output = command.output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The messages among JSON lines.
pub(crate) fn messages(stdout: &str) -> Vec<Value> {
    let lines = stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let messages =
        lines.filter(|line| line["reason"] == "compiler-message").map(|mut line| line["message"].take());
    let all: Vec<Value> = messages.collect();
    all.iter().filter(|message| !repeats(message, &all)).cloned().collect()
}

/// Whether a note only repeats, at the package's root, a finding that stands in the notice.
fn repeats(note: &Value, all: &[Value]) -> bool {
    let in_notice = |other: &&Value| other["code"] == note["code"] && file(primary(other)).ends_with(".toml");
    note["level"] == "note"
        && file(primary(note)).ends_with(".rs")
        && all.iter().any(|other| in_notice(&other))
}

/// Lints at their primary spans.
pub(crate) fn primaries(messages: &[Value]) -> BTreeSet<Said> {
    messages.iter().map(|message| at(primary(message), lint(message))).collect()
}

/// `source(lint)` and `declared(lint)` at the spans that are labelled so.
pub(crate) fn labelled(messages: &[Value]) -> BTreeSet<Said> {
    let mut said = BTreeSet::new();
    for message in messages {
        for span in message["spans"].as_array().into_iter().flatten() {
            let kind =
                span["label"].as_str().and_then(|label| label.split_once(':')).map_or("", |(kind, _)| kind);
            if matches!(kind, "source" | "declared") {
                said.insert(at(span, format!("{kind}({})", lint(message))));
            }
        }
    }
    said
}

/// A message's lint; its words where it has none.
pub(crate) fn lint(message: &Value) -> String {
    let code = message["code"]["code"].as_str().and_then(|code| code.strip_prefix("privacy::"));
    code.map_or_else(|| format!("no lint: {}", message["message"]), str::to_owned)
}

fn primary(message: &Value) -> &Value {
    let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
    spans.iter().find(|span| span["is_primary"] == true).unwrap_or(&Value::Null)
}

fn at(span: &Value, what: String) -> Said {
    (file(span).to_owned(), span["line_start"].as_u64().unwrap_or(0), what)
}

fn file(span: &Value) -> &str {
    span["file_name"].as_str().unwrap_or("no file")
}

/// The folders of `fixtures/`, stubs aside, in order.
pub(crate) fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("fixtures")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir() && !path.ends_with("stubs")).collect();
    folders.sort();
    folders
}

/// All files below a folder whose names end so, in order.
pub(crate) fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let paths = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    paths.filter(|path| endings.iter().any(|end| path.to_string_lossy().ends_with(end))).collect()
}

/// A path as findings name it, run from the repository's root.
pub(crate) fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// What only one of two sets holds, a line each; empty where they agree.
pub(crate) fn differences(marked: &BTreeSet<Said>, found: &BTreeSet<Said>) -> String {
    let show = |(file, line, what): &Said, how: &str| format!("{file}:{line}: {what} is {how}\n");
    let missing = marked.difference(found).map(|said| show(said, "marked and not found"));
    let surplus = found.difference(marked).map(|said| show(said, "found and not marked"));
    missing.chain(surplus).collect()
}

/// Copies the Rust code and manifests below a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for file in files(from, &[".rs", ".toml", ".md"]) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(file, target).unwrap();
    }
}

/// The shop with all that it needs to be compiled, in a folder of its own; returns where it lies.
pub(crate) fn copy_shop(root: &Path, to: &Path) -> PathBuf {
    for part in ["shop", "stubs", "undeclared_ad_company"] {
        copy(&root.join("fixtures").join(part), &to.join("fixtures").join(part));
    }
    copy(&root.join("personal-data/src"), &to.join("personal-data/src"));
    let manifest = "[package]\nname = \"personal-data\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nproc-macro = true\n";
    std::fs::write(to.join("personal-data/Cargo.toml"), manifest).unwrap();
    to.join("fixtures/shop")
}
