//! Which packages a run loads, and in which of them findings are wanted: cargo's rules for members, `-p`,
//! `--workspace` and `--exclude`, and the path dependencies that come along. Reads manifests, no code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::entry::Entry;
use super::loader::{self, Loader};
use super::manifest::Manifest;
use super::{DependencyKind, Request, paths};
use crate::diagnostic::Diagnostic;

/// The packages of a run.
pub(super) struct Plan {
    pub(super) root: PathBuf,
    pub(super) packages: BTreeMap<PathBuf, Planned>,
}

/// One package of a run, by its directory.
#[derive(Clone, Default)]
pub(super) struct Planned {
    pub(super) selected: bool,
    pub(super) manifest: Option<Arc<Manifest>>,
    pub(super) workspace: Option<Arc<Manifest>>,
    /// For files without a package: these alone.
    pub(super) files: Option<Vec<PathBuf>>,
}

impl Planned {
    /// The name that its manifest gives it, or its directory's.
    pub(super) fn name(&self, dir: &Path) -> String {
        let package = self.manifest.as_ref().and_then(|manifest| manifest.package.as_ref());
        let declared = package.and_then(|package| package.name.clone());
        declared.unwrap_or_else(|| dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned())
    }
}

/// What the entries offer: every member, and those that are taken when no flag chooses.
#[derive(Default)]
struct Offer {
    all: BTreeSet<PathBuf>,
    usual: BTreeSet<PathBuf>,
    roots: Vec<PathBuf>,
    /// Whether a PATH was given.
    by_path: bool,
}

/// Decides what is loaded.
pub(super) fn plan(
    request: &Request,
    entries: &[Entry],
    loader: &mut Loader<'_>,
) -> Result<Plan, Vec<Diagnostic>> {
    let mut offer = Offer { by_path: !request.paths.is_empty(), ..Offer::default() };
    for entry in entries {
        offer.add(entry, loader);
    }
    let selected = choose(request, &offer, loader)?;
    let mut packages = BTreeMap::new();
    for dir in selected {
        packages.insert(dir.clone(), planned(&dir, true, loader));
    }
    add_dependencies(&mut packages, request.tests, loader);
    add_files(&mut packages, entries);
    Ok(Plan { root: shared_root(&offer.roots), packages })
}

impl Offer {
    fn add(&mut self, entry: &Entry, loader: &mut Loader<'_>) {
        match entry {
            Entry::Manifest(dir) => {
                let root = self.add_package(dir, loader);
                self.roots.push(root);
            }
            Entry::Found { dir, below } => {
                self.add_package(dir, loader);
                self.usual.extend(self.all.iter().filter(|member| member.starts_with(dir)).cloned());
                self.roots.push(below.clone());
            }
            Entry::Folder(dir) => {
                self.all.insert(dir.clone());
                self.usual.insert(dir.clone());
                self.roots.push(dir.clone());
            }
            Entry::File(path) => self.roots.extend(path.parent().map(Path::to_path_buf)),
        }
    }

    /// Adds the package in a directory with its workspace, whose directory it returns. A workspace's root stands for
    /// its default members with those that they are built from, as for clippy, and without such for all: a root package
    /// that went alone would pass the rest in silence. A PATH names all that lies below it.
    fn add_package(&mut self, dir: &Path, loader: &mut Loader<'_>) -> PathBuf {
        let workspace = loader.manifest(dir).and_then(|manifest| loader.workspace_of(&manifest));
        let Some(root) = workspace else {
            self.all.insert(dir.to_path_buf());
            self.usual.insert(dir.to_path_buf());
            return dir.to_path_buf();
        };
        let members = loader.members(&root);
        self.all.extend(members.iter().cloned());
        if root.dir != dir {
            self.usual.insert(dir.to_path_buf());
        } else if !self.by_path
            && let Some(default) = root.workspace.as_ref().and_then(|w| w.default_members.as_ref())
        {
            let listed = default.iter().flat_map(|(pattern, _)| paths::expand(&root.dir, pattern));
            let listed = listed.filter(|dir| members.contains(dir)).collect();
            self.usual.extend(with_needed_members(listed, &members, loader));
        } else {
            self.usual.extend(members.iter().cloned());
        }
        root.dir.clone()
    }
}

/// Members, and the members among what they depend on.
fn with_needed_members(
    listed: Vec<PathBuf>,
    members: &BTreeSet<PathBuf>,
    loader: &mut Loader<'_>,
) -> BTreeSet<PathBuf> {
    let (mut needed, mut open) = (BTreeSet::new(), listed);
    while let Some(dir) = open.pop() {
        if !needed.insert(dir.clone()) {
            continue;
        }
        let Planned { manifest: Some(manifest), workspace, .. } = planned(&dir, false, loader) else {
            continue;
        };
        let dirs = local_dirs(&manifest, workspace.as_deref(), false).into_iter().map(|(dir, _)| dir);
        open.extend(dirs.filter(|dir| members.contains(dir)));
    }
    needed
}

/// Applies `-p`, `--workspace` and `--exclude`.
fn choose(
    request: &Request,
    offer: &Offer,
    loader: &mut Loader<'_>,
) -> Result<BTreeSet<PathBuf>, Vec<Diagnostic>> {
    let named: Vec<(String, &PathBuf)> =
        offer.all.iter().map(|dir| (planned(dir, false, loader).name(dir), dir)).collect();
    let errors: Vec<Diagnostic> = request
        .packages
        .iter()
        .chain(&request.exclude)
        .filter(|spec| !named.iter().any(|(name, _)| is_meant(spec, name)))
        .map(|spec| unknown_package(spec, &named))
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let by_flag = |specs: &[String], name: &str| specs.iter().any(|spec| is_meant(spec, name));
    let is_chosen = |name: &str, dir: &PathBuf| match () {
        () if by_flag(&request.exclude, name) => false,
        () if request.workspace => true,
        () if !request.packages.is_empty() => by_flag(&request.packages, name),
        () => offer.usual.contains(dir),
    };
    Ok(named.iter().filter(|(name, dir)| is_chosen(name, dir)).map(|(_, dir)| (*dir).clone()).collect())
}

/// A package specification means a name: itself, a glob, either with `@version`.
fn is_meant(spec: &str, name: &str) -> bool {
    let spec = spec.split_once('@').map_or(spec, |(name, _)| name);
    spec == name || (paths::is_glob(spec) && paths::name_matches(spec, name))
}

fn unknown_package(spec: &str, named: &[(String, &PathBuf)]) -> Diagnostic {
    let error = Diagnostic::error(format!("no package `{spec}` among those that were found"), None);
    let names = named.iter().map(|(name, _)| name.as_str());
    match super::nearest(spec, names) {
        Some(near) => error.help(format!("a package with a similar name exists: `{near}`")),
        None => error,
    }
}

fn planned(dir: &Path, selected: bool, loader: &mut Loader<'_>) -> Planned {
    let manifest = loader.manifest(dir);
    let workspace = manifest.as_ref().and_then(|manifest| loader.workspace_of(manifest));
    Planned { selected, manifest, workspace, files: None }
}

/// Path dependencies and patches, and theirs, so that flows cross.
fn add_dependencies(packages: &mut BTreeMap<PathBuf, Planned>, tests: bool, loader: &mut Loader<'_>) {
    let mut open: Vec<PathBuf> = packages.keys().cloned().collect();
    while let Some(package) = open.pop() {
        let Some(manifest) = packages.get(&package).and_then(|p| p.manifest.clone()) else { continue };
        let workspace = packages.get(&package).and_then(|p| p.workspace.clone());
        for (dir, span) in local_dirs(&manifest, workspace.as_deref(), tests) {
            if packages.contains_key(&dir) {
                continue;
            }
            let found = planned(&dir, false, loader);
            if found.manifest.is_none() {
                let message = "this path dependency has no `Cargo.toml` that can be read";
                loader.diagnostics.push(Diagnostic::warning(message, Some(span)));
                continue;
            }
            packages.insert(dir.clone(), found);
            open.push(dir);
        }
    }
}

fn local_dirs(
    manifest: &Manifest,
    workspace: Option<&Manifest>,
    tests: bool,
) -> Vec<(PathBuf, crate::source::Span)> {
    let entries = loader::dependencies(manifest, workspace).into_iter();
    let wanted = entries.filter(|dependency| tests || dependency.entry.kind != DependencyKind::Dev);
    let located = wanted.filter_map(|dependency| {
        let dir = dependency
            .dir
            .or_else(|| patched(workspace.unwrap_or(manifest), dependency.entry.package_name()));
        Some((dir?, dependency.entry.span))
    });
    located.collect()
}

/// The directory that a `[patch]` of the root gives a package.
pub(super) fn patched(root: &Manifest, package: &str) -> Option<PathBuf> {
    let patch = root.patches.iter().find(|patch| patch.package_name() == package)?;
    Some(paths::join(&root.dir, patch.path.as_ref()?))
}

/// Files that were named alone: one folder each, unless a package of the run holds them anyway.
fn add_files(packages: &mut BTreeMap<PathBuf, Planned>, entries: &[Entry]) {
    let walked: BTreeSet<PathBuf> = packages.keys().cloned().collect();
    for entry in entries {
        let Entry::File(path) = entry else { continue };
        let Some(dir) = path.parent() else { continue };
        if path.ancestors().any(|above| walked.contains(above)) {
            continue;
        }
        let folder = packages.entry(dir.to_path_buf()).or_default();
        folder.selected = true;
        folder.files.get_or_insert_default().push(path.clone());
    }
}

/// The innermost directory that holds all of these.
fn shared_root(roots: &[PathBuf]) -> PathBuf {
    let holds_all = |dir: &&Path| roots.iter().all(|root| root.starts_with(dir));
    let shared = roots.first().and_then(|first| first.ancestors().find(holds_all));
    shared.map(Path::to_path_buf).unwrap_or_default()
}
