//! Manifests by directory, each read once, and which of them form a workspace. Reads nothing but `Cargo.toml`s.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::manifest::{DependencyEntry, Manifest};
use super::paths;
use crate::diagnostic::Diagnostic;
use crate::manifest_text::Document;
use crate::source::{SourceMap, Span};

/// Reads manifests and remembers them.
pub(super) struct Loader<'a> {
    pub(super) sources: &'a mut SourceMap,
    pub(super) diagnostics: Vec<Diagnostic>,
    cwd: PathBuf,
    manifests: BTreeMap<PathBuf, Option<Arc<Manifest>>>,
    members: BTreeMap<PathBuf, Arc<BTreeSet<PathBuf>>>,
}

/// A dependency with what the workspace says of it.
pub(super) struct ResolvedEntry {
    pub(super) entry: DependencyEntry,
    /// The directory of a path dependency.
    pub(super) dir: Option<PathBuf>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(sources: &'a mut SourceMap, cwd: &Path) -> Self {
        Self {
            sources,
            diagnostics: Vec::new(),
            cwd: cwd.to_path_buf(),
            manifests: BTreeMap::new(),
            members: BTreeMap::new(),
        }
    }

    /// The manifest of a directory. One that is there but cannot be read is said once and counts as none.
    pub(super) fn manifest(&mut self, dir: &Path) -> Option<Arc<Manifest>> {
        if let Some(known) = self.manifests.get(dir) {
            return known.clone();
        }
        let manifest = self.read(dir).map(Arc::new);
        self.manifests.insert(dir.to_path_buf(), manifest.clone());
        manifest
    }

    fn read(&mut self, dir: &Path) -> Option<Manifest> {
        let path = dir.join("Cargo.toml");
        let text: Arc<str> = match std::fs::read_to_string(&path) {
            Ok(text) => Arc::from(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                let shown = paths::shown(&path, &self.cwd);
                self.diagnostics.push(Diagnostic::warning(format!("cannot read `{shown}`: {error}"), None));
                return None;
            }
        };
        let file = self.sources.add(path, Arc::clone(&text));
        let (document, broken) = Document::parse(file, &text);
        let is_broken = broken.is_some();
        self.diagnostics.extend(broken.map(|said| said.note("what could be read of the manifest is used")));
        let manifest = Manifest::read(file, dir.to_path_buf(), document.root());
        if !is_broken && manifest.package.is_none() && manifest.workspace.is_none() {
            let message = "this manifest has neither a `[package]` nor a `[workspace]` section";
            self.diagnostics.push(Diagnostic::warning(message, Some(Span::new(file, 0, 0))));
        }
        Some(manifest)
    }

    /// The manifest of the workspace that a package belongs to.
    pub(super) fn workspace_of(&mut self, manifest: &Manifest) -> Option<Arc<Manifest>> {
        if manifest.workspace.is_some() {
            return self.manifest(&manifest.dir);
        }
        let named = manifest.package.as_ref().and_then(|package| package.workspace.as_ref());
        if let Some(named) = named {
            return self.manifest(&paths::join(&manifest.dir, named)).filter(|root| root.workspace.is_some());
        }
        let above: Vec<PathBuf> = manifest.dir.ancestors().skip(1).map(Path::to_path_buf).collect();
        let root = above
            .iter()
            .filter(|dir| dir.join("Cargo.toml").is_file())
            .find_map(|dir| self.manifest(dir).filter(|candidate| candidate.workspace.is_some()))?;
        self.members(&root).contains(&manifest.dir).then_some(root)
    }

    /// The directories of a workspace's members: those listed, the root's own package, and path dependencies of any
    /// of them below the root.
    pub(super) fn members(&mut self, root: &Manifest) -> Arc<BTreeSet<PathBuf>> {
        if let Some(known) = self.members.get(&root.dir) {
            return Arc::clone(known);
        }
        let members = Arc::new(self.find_members(root));
        self.members.insert(root.dir.clone(), Arc::clone(&members));
        members
    }

    fn find_members(&mut self, root: &Manifest) -> BTreeSet<PathBuf> {
        let mut members = BTreeSet::new();
        let mut open = self.listed_members(root);
        open.extend(root.package.is_some().then(|| root.dir.clone()));
        while let Some(dir) = open.pop() {
            let Some(manifest) = self.manifest(&dir) else { continue };
            if members.insert(dir) {
                open.extend(self.path_members(root, &manifest));
            }
        }
        members
    }

    fn listed_members(&mut self, root: &Manifest) -> Vec<PathBuf> {
        let mut listed = Vec::new();
        for (pattern, span) in root.workspace.iter().flat_map(|workspace| &workspace.members) {
            let dirs = paths::expand(&root.dir, pattern);
            if !paths::is_glob(pattern) && !dirs.iter().any(|dir| dir.join("Cargo.toml").is_file()) {
                let message = format!("workspace member `{pattern}` has no `Cargo.toml`");
                self.diagnostics.push(Diagnostic::warning(message, Some(*span)));
            }
            listed.extend(dirs.into_iter().filter(|dir| !is_excluded(root, dir)));
        }
        listed
    }

    fn path_members(&mut self, root: &Manifest, manifest: &Manifest) -> Vec<PathBuf> {
        let mut dirs = Vec::new();
        for dir in dependencies(manifest, Some(root)).into_iter().filter_map(|dependency| dependency.dir) {
            let inside = dir.starts_with(&root.dir) && !is_excluded(root, &dir);
            if inside && self.manifest(&dir).is_some_and(|found| found.workspace.is_none()) {
                dirs.push(dir);
            }
        }
        dirs
    }
}

/// Whether a workspace excludes a directory; what it lists by its path, it does not.
pub(super) fn is_excluded(root: &Manifest, dir: &Path) -> bool {
    let Some(workspace) = &root.workspace else { return false };
    let covers = |path: &String| dir.starts_with(paths::join(&root.dir, path));
    workspace.exclude.iter().any(covers) && !workspace.members.iter().any(|(member, _)| covers(member))
}

/// A package's dependencies with what it takes from the workspace.
pub(super) fn dependencies(manifest: &Manifest, root: Option<&Manifest>) -> Vec<ResolvedEntry> {
    manifest.dependencies.iter().map(|entry| resolve(entry, manifest, root)).collect()
}

fn resolve(entry: &DependencyEntry, manifest: &Manifest, root: Option<&Manifest>) -> ResolvedEntry {
    let workspace = root.and_then(|root| Some((root, root.workspace.as_ref()?)));
    let shared = workspace.filter(|_| entry.inherited).and_then(|(root, workspace)| {
        Some((root, workspace.dependencies.iter().find(|shared| shared.key == entry.key)?))
    });
    let (entry, base) = match shared {
        Some((root, shared)) => (inherit(entry, shared), &root.dir),
        None => (entry.clone(), &manifest.dir),
    };
    let dir = entry.path.as_ref().map(|path| paths::join(base, path));
    ResolvedEntry { entry, dir }
}

/// As cargo merges them: features of both, and the member may turn default features on but not off.
fn inherit(entry: &DependencyEntry, shared: &DependencyEntry) -> DependencyEntry {
    let features = shared.features.iter().chain(&entry.features).cloned().collect();
    let default_features = match (shared.default_features, entry.default_features) {
        (Some(false), Some(true)) => Some(true),
        (shared, _) => shared,
    };
    DependencyEntry {
        optional: entry.optional,
        kind: entry.kind,
        span: entry.span,
        features,
        default_features,
        ..shared.clone()
    }
}
