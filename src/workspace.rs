//! Discovery: from what was asked on the command line to packages, targets, dependencies and the texts of all Rust
//! files. All IO of a run's input is here and in the notice's loader. Knows TOML and directories; no Rust syntax, no
//! analysis, and never runs cargo: what is missing or broken is said and the rest goes on.

mod assemble;
pub mod cfg;
mod entry;
mod features;
mod for_tests;
mod loader;
mod manifest;
mod paths;
pub mod registry;
mod select;
mod targets;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceFile, SourceMap, Span};
use cfg::CfgSet;
pub use registry::Registry;

/// The longest migration that is read, in bytes.
const MAX_SCHEMA: u64 = 1 << 20;

/// The texts of the files in SQL below a folder, in the order of their paths, as migrations are run; without those that
/// take one back.
#[must_use]
pub fn schemas(dir: &Path) -> Vec<String> {
    let undoes = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        name == "down.sql" || name.ends_with(".down.sql")
    };
    let is_short = |path: &Path| path.metadata().is_ok_and(|found| found.len() <= MAX_SCHEMA);
    let found = walk::files_below(dir, ".sql").into_iter().filter(|path| !undoes(path) && is_short(path));
    found.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// What was asked.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Directories, `Cargo.toml`s and `.rs` files; without any, the package around the current directory.
    pub paths: Vec<PathBuf>,
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `-p`: names or globs.
    pub packages: Vec<String>,
    /// `--workspace`.
    pub workspace: bool,
    /// `--exclude`: names or globs.
    pub exclude: Vec<String>,
    /// Whether test code is looked at.
    pub tests: bool,
    /// `--features` and the like.
    pub features: FeatureSelection,
    /// Where libraries of others may lie; without it, none is looked for.
    pub registry: Option<Registry>,
    /// The current directory, absolute.
    pub cwd: PathBuf,
}

/// What decides `cfg`; with nothing given, nothing is decided.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct FeatureSelection {
    /// `--features`: names, or `package/name`.
    pub features: Vec<String>,
    /// `--all-features`.
    pub all_features: bool,
    /// `--no-default-features`.
    pub no_default_features: bool,
    /// `--cfg`: `name` or `key="value"`.
    pub cfg: Vec<String>,
}

impl FeatureSelection {
    /// Whether anything was given.
    #[must_use]
    pub fn decides(&self) -> bool {
        *self != Self::default()
    }
}

/// What was found.
#[derive(Debug)]
pub struct Discovered {
    /// The root that was checked: the workspace's or the package's directory, the PATH, or what several of them share.
    pub root: PathBuf,
    /// Packages, sorted by directory: those asked for and what they depend upon on this machine.
    pub packages: Vec<PackageInfo>,
    /// Rust files, sorted by path; their ids rise in that order, except for targets that lie outside.
    pub files: Vec<RustFile>,
    /// Files that could not be read or are not UTF-8; each was said.
    pub unread: Vec<PathBuf>,
    /// Where libraries of others may lie.
    pub registry: Option<Registry>,
}

/// One Rust file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RustFile {
    /// Its text.
    pub id: FileId,
    /// The innermost package whose directory holds it.
    pub package: usize,
    /// Whether it stands among tests, benches or examples.
    pub test: bool,
}

/// A package, or a folder of files without a manifest.
#[derive(Clone, Debug)]
pub struct PackageInfo {
    /// Its name; for a folder, the folder's.
    pub name: String,
    /// Its version; `0.0.0` where none is given.
    pub version: String,
    /// Its directory.
    pub dir: PathBuf,
    /// Its `Cargo.toml`; `None` for a folder without one.
    pub manifest: Option<FileId>,
    /// The `Cargo.toml` of its workspace.
    pub workspace_manifest: Option<FileId>,
    /// The last directory, from its own upwards, in which its notice may lie: the checked root or its
    /// workspace's, whichever holds the other; for a package outside, its workspace's or its own.
    pub notice_root: PathBuf,
    /// Its edition.
    pub edition: Edition,
    /// Whether findings in it are wanted; others are loaded so that flows cross.
    pub selected: bool,
    /// Its targets. A folder without a manifest has none: each of its files that no other declares is a root.
    pub targets: Vec<Target>,
    /// Its dependencies, in the manifest's sections' order, each section sorted by name.
    pub dependencies: Vec<Dependency>,
    /// How `cfg` comes out in it.
    pub cfg: CfgSet,
}

/// A Rust edition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Edition {
    /// 2015, and what a manifest without an edition means.
    E2015,
    /// 2018.
    E2018,
    /// 2021.
    E2021,
    /// 2024, and any later one.
    E2024,
}

/// The kind of a target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TargetKind {
    /// A library.
    Lib,
    /// A library of procedural macros.
    ProcMacro,
    /// A program.
    Bin,
    /// An integration test.
    Test,
    /// A benchmark.
    Bench,
    /// An example.
    Example,
    /// The build script.
    CustomBuild,
}

impl TargetKind {
    /// Whether it is test code.
    #[must_use]
    pub fn is_test(self) -> bool {
        matches!(self, Self::Test | Self::Bench | Self::Example)
    }

    /// As cargo's messages name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lib => "lib",
            Self::ProcMacro => "proc-macro",
            Self::Bin => "bin",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::Example => "example",
            Self::CustomBuild => "custom-build",
        }
    }
}

/// A crate of a package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its name as cargo shows it.
    pub name: String,
    /// Its name in code.
    pub crate_name: String,
    /// Its kind.
    pub kind: TargetKind,
    /// Its root file.
    pub root: FileId,
}

/// One entry of a package's dependencies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// As code writes it: underscored, renames applied, a local library's own name respected.
    pub extern_name: String,
    /// The package's name.
    pub package: String,
    /// Its index among the packages of the run, where its source is on this machine and belongs to the program.
    pub local: Option<usize>,
    /// The version asked for.
    pub version: Option<String>,
    /// Its kind.
    pub kind: DependencyKind,
    /// Whether it is optional.
    pub optional: bool,
    /// The entry in the manifest.
    pub span: Span,
}

/// The kind of a dependency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum DependencyKind {
    /// Of the code.
    Normal,
    /// Of test code.
    Dev,
    /// Of the build script.
    Build,
}

/// Finds and reads everything that was asked for, in the same order on every run.
///
/// # Errors
/// The run cannot be done as asked: no such path, no Rust code there, an unknown package or feature.
pub fn discover(
    request: &Request,
    sources: &mut SourceMap,
) -> Result<(Discovered, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut loader = loader::Loader::new(sources, &request.cwd);
    let entries = entry::entries(request)?;
    let plan = select::plan(request, &entries, &mut loader)?;
    assemble::assemble(request, plan, loader)
}

/// The name among these that was probably meant.
fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored =
        names.map(|name| (strsim::jaro_winkler(written, name), name)).filter(|(score, _)| *score > 0.8);
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name)
}

/// The file at a path, read if no run has read it yet; `None` where there is none or it is not UTF-8. For files that
/// `#[path]` and `include!` name.
pub fn load_file(sources: &mut SourceMap, path: &Path) -> Option<FileId> {
    let path = paths::join(path, "");
    let known = sources.iter().find(|(_, file)| file.path == path).map(|(id, _)| id);
    known.or_else(|| {
        let text = read_text(&path).ok()?;
        Some(sources.add_file(SourceFile::fetched(path, text, fetch)))
    })
}

/// The text of a file.
fn read_text(path: &Path) -> std::io::Result<Arc<str>> {
    std::fs::read_to_string(path).map(Arc::from)
}

/// The same once more, for a file that was read before.
fn fetch(path: &Path) -> Option<Arc<str>> {
    read_text(path).ok()
}
