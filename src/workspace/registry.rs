//! Libraries of others on this machine: which version a lock file names, and where cargo keeps its sources, unpacked
//! from a registry or vendored. Reads lock files and manifests, connects to nothing, and believes nothing that it
//! reads: what is missing or odd is a library that is not at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::cfg::CfgSet;
use super::manifest::{DependencyEntry, Manifest};
use super::targets::{Layout, crate_name};
use super::{
    Dependency, DependencyKind, Discovered, Edition, PackageInfo, RustFile, Target, TargetKind, paths,
    read_text, walk,
};
use crate::manifest_text::{Document, Node, Table};
use crate::source::{FileId, SourceFile, SourceMap};

/// A file that is longer is not read, in bytes: nobody wrote it by hand, and what it declares is hardly named.
const MAX_FILE: u64 = 2 << 20;
/// A library that is larger is not read, in bytes.
const MAX_LIBRARY: u64 = 24 << 20;
/// Nor is one of more files.
const MAX_FILES: usize = 6_000;
/// How deep folders of a library may lie.
const MAX_DEPTH: usize = 24;

/// Where this machine keeps libraries, and what was made of them before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registry {
    /// cargo's home.
    pub home: PathBuf,
    /// What may be written, so that it need not be made again.
    pub cache: Option<PathBuf>,
}

impl Registry {
    /// That of the user whose process this is.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = path("HOME").or_else(|| path("USERPROFILE"));
        let below = |dir: &str| home.as_ref().map(|home| home.join(dir));
        let local = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        let caches = path("XDG_CACHE_HOME").or_else(|| path("LOCALAPPDATA")).or_else(|| below(local));
        let home = path("CARGO_HOME").or_else(|| below(".cargo"))?;
        Some(Self { home, cache: caches.map(|caches| caches.join("cargo-privacy")) })
    }
}

/// A library of a lock file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Locked {
    lock: usize,
    at: usize,
}

/// The libraries that the packages of a run are locked to.
#[derive(Debug)]
pub struct Libraries {
    /// Where cargo unpacked what it downloaded, a folder for each registry.
    unpacked: Vec<PathBuf>,
    /// Folders that stand for registries.
    vendored: Vec<PathBuf>,
    locks: Vec<Lock>,
    /// For each package: its lock file, and its entry there.
    packages: Vec<Option<(usize, Option<usize>)>>,
}

/// A lock file.
#[derive(Debug, Default)]
struct Lock {
    entries: Vec<Entry>,
    /// Where those of a name stand.
    by_name: BTreeMap<String, Vec<usize>>,
}

/// One `[[package]]` of a lock file.
#[derive(Debug)]
struct Entry {
    name: String,
    version: String,
    /// Whether it is of a registry.
    is_published: bool,
    /// Names, each with a version where the file has several.
    dependencies: Vec<(String, Option<String>)>,
}

/// Where a library's sources lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its folder.
    pub dir: PathBuf,
    /// The registry's folder, below which a version never changes; `None` where somebody may edit the sources.
    pub registry: Option<String>,
}

impl Libraries {
    /// What is at hand for a run; `None` where nothing is, or nobody asked.
    #[must_use]
    pub fn of(discovered: &Discovered) -> Option<Self> {
        let registry = discovered.registry.as_ref()?;
        let unpacked = folders(&registry.home.join("registry").join("src"));
        let dirs: BTreeSet<&Path> = discovered.packages.iter().map(|package| package.dir.as_path()).collect();
        let vendored: Vec<PathBuf> =
            walk::vendored(&dirs.into_iter().collect::<Vec<_>>()).into_iter().collect();
        if unpacked.is_empty() && vendored.is_empty() {
            return None;
        }
        let mut found = Self { unpacked, vendored, locks: Vec::new(), packages: Vec::new() };
        let mut known = BTreeMap::new();
        for package in &discovered.packages {
            let above = package.dir.ancestors().map(|dir| dir.join("Cargo.lock"));
            let path = above.into_iter().find(|path| path.is_file());
            let lock = path.map(|path| *known.entry(path).or_insert_with_key(|path| found.read(path)));
            found.packages.push(lock.map(|lock| (lock, found.own_entry(lock, package))));
        }
        Some(found)
    }

    /// Reads a lock file.
    fn read(&mut self, path: &Path) -> usize {
        self.locks.push(read_text(path).map(|text| Lock::read(&text)).unwrap_or_default());
        self.locks.len() - 1
    }

    fn own_entry(&self, lock: usize, package: &PackageInfo) -> Option<usize> {
        let lock = &self.locks[lock];
        lock.named(&package.name).find(|(_, entry)| !entry.is_published).map(|(at, _)| at)
    }

    /// The library that an entry of a package's manifest leads to.
    #[must_use]
    pub fn of_entry(&self, package: usize, entry: &Dependency) -> Option<Locked> {
        let (lock, own) = self.packages.get(package).copied().flatten()?;
        self.dependency(lock, own, &entry.package, entry.version.as_deref())
    }

    /// The library that another one depends upon.
    #[must_use]
    pub fn of_library(&self, of: Locked, package: &str) -> Option<Locked> {
        self.dependency(of.lock, Some(of.at), package, None)
    }

    /// Of several versions of one name the first that the requirement begins with, or else the first.
    fn dependency(&self, lock: usize, of: Option<usize>, name: &str, asked: Option<&str>) -> Option<Locked> {
        let lock_file = &self.locks[lock];
        let listed = of.map(|of| &lock_file.entries[of].dependencies[..]).unwrap_or_default();
        let listed: Vec<&Option<String>> =
            listed.iter().filter(|(known, _)| known == name).map(|(_, version)| version).collect();
        let may_be = |entry: &Entry| {
            let is_listed = |version: &&Option<String>| version.as_ref().is_none_or(|v| *v == entry.version);
            entry.is_published && (of.is_none() || listed.iter().any(is_listed))
        };
        let found = || lock_file.named(name).filter(|(_, entry)| may_be(entry));
        let asked = asked.map(|asked| asked.trim_start_matches(['^', '~', '=', ' ']));
        let fits = |entry: &Entry| asked.is_some_and(|asked| begins(&entry.version, asked));
        let chosen = found().find(|(_, entry)| fits(entry)).or_else(|| found().next());
        chosen.map(|(at, _)| Locked { lock, at })
    }

    /// Its name and version.
    #[must_use]
    pub fn name(&self, locked: Locked) -> (&str, &str) {
        let entry = &self.locks[locked.lock].entries[locked.at];
        (&entry.name, &entry.version)
    }

    /// What its library is called in code, where nobody renames it and its sources are at hand.
    #[must_use]
    pub fn library_name(&self, locked: Locked) -> Option<String> {
        let text = short_text(&self.place(locked)?.dir.join("Cargo.toml"))?;
        let (document, _) = Document::parse(FileId(0), &text);
        Some(crate_name(&document.root().table("lib")?.string("name")?))
    }

    /// Where its sources lie, if they do.
    #[must_use]
    pub fn place(&self, locked: Locked) -> Option<Place> {
        let (name, version) = self.name(locked);
        let full = format!("{name}-{version}");
        if !is_plain(&full) {
            return None;
        }
        let vendored = self.vendored.iter().flat_map(|dir| [dir.join(&full), dir.join(name)]);
        let vendored = vendored.into_iter().find(|dir| version_in(dir).as_deref() == Some(version));
        let unpacked = || {
            let dir = self.unpacked.iter().find(|dir| dir.join(&full).join("Cargo.toml").is_file())?;
            let registry = dir.file_name().map(|name| name.to_string_lossy().into_owned());
            Some(Place { dir: dir.join(&full), registry })
        };
        vendored.map(|dir| Place { dir, registry: None }).or_else(unpacked)
    }
}

/// Reads the manifest of a library and the files below the folder of its root, as a program of one package; `None` where
/// it is no library, or more than anybody would read. All its features are on, and every platform is looked at.
#[must_use]
pub fn open(dir: &Path, sources: &mut SourceMap) -> Option<Discovered> {
    let text = short_text(&dir.join("Cargo.toml"))?;
    let (document, _) = Document::parse(FileId(0), &text);
    let manifest = Manifest::read(FileId(0), dir.to_path_buf(), document.root());
    let name = manifest.package.as_ref()?.name.clone()?;
    let layout =
        Layout { name: &name, edition: Edition::E2021, manifest: &manifest, files: &BTreeSet::new() };
    let library = layout.candidates().into_iter().find(|target| target.kind == TargetKind::Lib)?;
    let root = library.path.starts_with(dir).then_some(library.path)?;
    let mut files = BTreeMap::new();
    for path in found(root.parent()?)? {
        let file = short_text(&path).map(|text| SourceFile::new(path.clone(), text.into()));
        files.extend(file.map(|file| (path, sources.add_file(file))));
    }
    let root = *files.get(&root)?;
    let target =
        Target { crate_name: crate_name(&library.name), name: library.name, kind: TargetKind::Lib, root };
    Some(Discovered {
        root: dir.to_path_buf(),
        packages: vec![package(name, dir, target, &manifest)],
        files: files.into_values().map(|id| RustFile { id, package: 0, test: false }).collect(),
        unread: Vec::new(),
        registry: None,
    })
}

fn package(name: String, dir: &Path, library: Target, manifest: &Manifest) -> PackageInfo {
    let optional = manifest.dependencies.iter().filter(|entry| entry.optional).map(|entry| &entry.key);
    let entries = manifest.dependencies.iter().filter(|entry| entry.kind == DependencyKind::Normal);
    let dependency = |entry: &DependencyEntry| Dependency {
        extern_name: crate_name(&entry.key),
        package: entry.package_name().to_owned(),
        local: None,
        version: entry.version.clone(),
        kind: entry.kind,
        optional: entry.optional,
        span: entry.span,
    };
    PackageInfo {
        name,
        version: String::new(),
        dir: dir.to_path_buf(),
        manifest: Some(manifest.file),
        workspace_manifest: None,
        notice_root: dir.to_path_buf(),
        edition: Edition::E2021,
        selected: true,
        targets: vec![library],
        dependencies: entries.map(dependency).collect(),
        cfg: CfgSet::of_library(manifest.features.keys().chain(optional).cloned().collect()),
    }
}

impl Lock {
    fn read(text: &str) -> Self {
        let (document, _) = Document::parse(FileId(0), text);
        let packages = document.root().get("package").map(Node::items).unwrap_or_default();
        let entries: Vec<Entry> = packages.into_iter().filter_map(|node| entry(node.table()?)).collect();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_name.entry(entry.name.clone()).or_default().push(at);
        }
        Self { entries, by_name }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = (usize, &Entry)> {
        self.by_name.get(name).into_iter().flatten().map(|at| (*at, &self.entries[*at]))
    }
}

fn entry(table: Table<'_>) -> Option<Entry> {
    let is_registry = |source: String| source.starts_with("registry+") || source.starts_with("sparse+");
    // `name`, `name version` or `name version (source)`.
    let dependency = |(text, _): (String, _)| {
        let mut words = text.split(' ').map(str::to_owned);
        Some((words.next()?, words.next()))
    };
    Some(Entry {
        name: table.string("name")?,
        version: table.string("version")?,
        is_published: table.string("source").is_some_and(is_registry),
        dependencies: table.strings("dependencies").into_iter().filter_map(dependency).collect(),
    })
}

/// Whether the numbers of a version begin with these.
fn begins(version: &str, asked: &str) -> bool {
    let rest = version.strip_prefix(asked);
    !asked.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
}

/// Whether a name is no path.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
}

/// The version that the manifest in a folder gives.
fn version_in(dir: &Path) -> Option<String> {
    let text = short_text(&dir.join("Cargo.toml"))?;
    let (document, _) = Document::parse(FileId(0), &text);
    document.root().table("package")?.string("version")
}

/// A text, unless it is longer than anybody would read.
fn short_text(path: &Path) -> Option<String> {
    let about = path.symlink_metadata().ok()?;
    let is_short = about.is_file() && about.len() <= MAX_FILE;
    is_short.then(|| std::fs::read_to_string(path).ok()).flatten()
}

/// The folders in a folder, sorted.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The Rust files below a folder, links aside, sorted; `None` where they are too many.
fn found(dir: &Path) -> Option<Vec<PathBuf>> {
    let is_test = |entry: &walkdir::DirEntry| {
        entry.depth() == 1 && walk::TEST_FOLDERS.iter().any(|folder| entry.file_name() == *folder)
    };
    let walk = walkdir::WalkDir::new(dir).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
    let (mut found, mut size) = (Vec::new(), 0);
    for entry in walk.filter_entry(|entry| !is_test(entry)).filter_map(Result::ok) {
        let is_rust = entry.path().extension().is_some_and(|extension| extension == "rs");
        if !is_rust || !entry.file_type().is_file() {
            continue;
        }
        size += entry.metadata().map_or(0, |about| about.len());
        if size > MAX_LIBRARY || found.len() == MAX_FILES {
            return None;
        }
        found.push(paths::join(entry.path(), ""));
    }
    Some(found)
}
