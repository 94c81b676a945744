//! From the plan to the result: reads the Rust files and ties packages to targets, dependencies and `cfg`. The only
//! place of discovery that reads code, as text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::cfg::{self, CfgSet};
use super::features::{self, Edge, Node};
use super::for_tests;
use super::loader::{self, Loader, ResolvedEntry};
use super::select::{self, Plan, Planned};
use super::targets::{Candidate, Layout, crate_name};
use super::{
    Dependency, DependencyKind, Discovered, Edition, PackageInfo, Request, RustFile, Target, TargetKind,
    load_file, paths, walk,
};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceFile, SourceMap};

/// The Rust files of a run while packages are tied to them.
#[derive(Default)]
struct Files {
    by_path: BTreeMap<PathBuf, RustFile>,
    unread: Vec<PathBuf>,
}

/// Reads and ties everything that the plan names.
pub(super) fn assemble(
    request: &Request,
    plan: Plan,
    loader: Loader<'_>,
) -> Result<(Discovered, Vec<Diagnostic>), Vec<Diagnostic>> {
    let Loader { sources, mut diagnostics, .. } = loader;
    let planned: Vec<(&PathBuf, &Planned)> = plan.packages.iter().collect();
    let mut files = read(request, &planned, sources, &mut diagnostics);
    let mut packages: Vec<PackageInfo> =
        planned.iter().map(|(dir, planned)| package(dir, planned, &plan.root)).collect();
    for (index, (_, planned)) in planned.iter().enumerate() {
        let Some(manifest) = &planned.manifest else { continue };
        let found = candidates(index, &packages[index], manifest, &files);
        drop_test_roots(&mut files, &found, request.tests);
        let wanted = found.into_iter().filter(|target| request.tests || !target.kind.is_test());
        packages[index].targets =
            wanted.filter_map(|target| open(target, index, &mut files, sources, &mut diagnostics)).collect();
    }
    if files.by_path.is_empty() {
        return Err(vec![nothing_found(request, &plan)]);
    }
    let resolved = resolve(&planned, &packages);
    decide_cfg(request, &planned, &resolved, &mut packages)?;
    for (package, dependencies) in packages.iter_mut().zip(resolved) {
        package.dependencies = dependencies.into_iter().map(|(_, dependency)| dependency).collect();
    }
    if !request.tests {
        leave_out(&for_tests::packages(&packages, !request.packages.is_empty()), &mut packages, &mut files);
    }
    let files_found = files.by_path.into_values().collect();
    let registry = request.registry.clone();
    Ok((
        Discovered { root: plan.root, packages, files: files_found, unread: files.unread, registry },
        diagnostics,
    ))
}

/// Leaves packages that are test code as they would be without a file.
fn leave_out(tests: &[bool], packages: &mut [PackageInfo], files: &mut Files) {
    for package in packages.iter_mut().zip(tests).filter(|(_, test)| **test).map(|(package, _)| package) {
        package.targets.clear();
    }
    files.by_path.retain(|_, file| !tests[file.package]);
}

fn nothing_found(request: &Request, plan: &Plan) -> Diagnostic {
    let shown = paths::shown(&plan.root, &request.cwd);
    let error = Diagnostic::error(format!("no Rust files in `{shown}`"), None);
    error.note(
        "`target`, hidden, git-ignored and vendored folders, and test code without `--tests`, are skipped",
    )
}

/// Walks once, reads in parallel, and gives ids in the order of paths.
fn read(
    request: &Request,
    planned: &[(&PathBuf, &Planned)],
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Files {
    let indexed = || planned.iter().enumerate();
    let walked = indexed().filter(|(_, (_, planned))| planned.files.is_none());
    let dirs = walked.map(|(index, (dir, _))| ((*dir).clone(), index)).collect();
    let mut found = walk::rust_files(&dirs, request.tests);
    for (index, (_, planned)) in indexed() {
        found.extend(planned.files.iter().flatten().map(|path| (path.clone(), index)));
    }
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    let read = |(path, _): &(PathBuf, usize)| {
        super::read_text(path).map(|text| SourceFile::fetched(path.clone(), text, super::fetch))
    };
    let texts: Vec<std::io::Result<SourceFile>> = found.par_iter().map(read).collect();
    let mut files = Files::default();
    for ((path, package), text) in found.into_iter().zip(texts) {
        match text {
            Ok(file) => {
                let test = is_test(planned[package].0, &path);
                let id = sources.add_file(file);
                files.by_path.insert(path, RustFile { id, package, test });
            }
            Err(error) => {
                diagnostics.push(unreadable(&paths::shown(&path, &request.cwd), &error));
                files.unread.push(path);
            }
        }
    }
    files
}

fn is_test(dir: &Path, path: &Path) -> bool {
    let first = path.strip_prefix(dir).ok().and_then(|inside| inside.iter().next());
    first.is_some_and(|first| walk::TEST_FOLDERS.iter().any(|folder| first == *folder))
}

fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    let message = match error.kind() {
        std::io::ErrorKind::InvalidData => format!("`{shown}` is not valid UTF-8 and was not checked"),
        _ => format!("`{shown}` cannot be read and was not checked: {error}"),
    };
    Diagnostic::warning(message, None)
}

/// A package without what depends on others.
fn package(dir: &Path, planned: &Planned, root: &Path) -> PackageInfo {
    let manifest = planned.manifest.as_deref();
    let shared = planned.workspace.as_ref().and_then(|workspace| workspace.workspace.as_ref());
    let table = manifest.and_then(|manifest| manifest.package.as_ref());
    let version = table.and_then(|t| t.version.or_workspace(shared.and_then(|w| w.version.as_ref())));
    let edition = table.and_then(|t| t.edition.or_workspace(shared.and_then(|w| w.edition.as_ref())));
    let own_root = planned.workspace.as_ref().map_or(dir, |workspace| &workspace.dir);
    PackageInfo {
        name: planned.name(dir),
        version: version.unwrap_or_else(|| "0.0.0".to_owned()),
        dir: dir.to_path_buf(),
        manifest: manifest.map(|manifest| manifest.file),
        workspace_manifest: planned.workspace.as_ref().map(|workspace| workspace.file),
        notice_root: notice_root(dir, root, own_root).to_path_buf(),
        edition: manifest.map_or(Edition::E2021, |_| edition_of(edition.as_deref())),
        selected: planned.selected,
        targets: Vec::new(),
        dependencies: Vec::new(),
        cfg: CfgSet::open(false),
    }
}

/// A PATH inside a workspace does not hide the notice at the workspace's root.
fn notice_root<'a>(dir: &Path, root: &'a Path, own_root: &'a Path) -> &'a Path {
    if dir.starts_with(root) && !root.starts_with(own_root) { root } else { own_root }
}

fn edition_of(written: Option<&str>) -> Edition {
    match written {
        None | Some("2015") => Edition::E2015,
        Some("2018") => Edition::E2018,
        Some("2021") => Edition::E2021,
        Some(_) => Edition::E2024,
    }
}

fn candidates(
    index: usize,
    package: &PackageInfo,
    manifest: &super::manifest::Manifest,
    files: &Files,
) -> Vec<Candidate> {
    if manifest.package.is_none() && manifest.workspace.is_some() {
        return Vec::new();
    }
    let own = files.by_path.iter().filter(|(_, file)| file.package == index);
    let files: BTreeSet<PathBuf> = own.map(|(path, _)| path.clone()).collect();
    Layout { name: &package.name, edition: package.edition, manifest, files: &files }.candidates()
}

/// The root of a test target may lie anywhere in the package.
fn drop_test_roots(files: &mut Files, found: &[Candidate], tests: bool) {
    for target in found.iter().filter(|target| target.kind.is_test()) {
        match files.by_path.get_mut(&target.path) {
            Some(file) if tests => file.test = true,
            Some(_) => _ = files.by_path.remove(&target.path),
            None => {}
        }
    }
}

/// Ties a target to its file, which may lie where the walk does not go.
fn open(
    target: Candidate,
    package: usize,
    files: &mut Files,
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Target> {
    let known = files.by_path.get(&target.path).map(|file| file.id);
    let is_new = known.is_none();
    let Some(root) = known.or_else(|| load_file(sources, &target.path)) else {
        let message = format!("the file of {} target `{}` cannot be read", target.kind.name(), target.name);
        diagnostics.extend(target.promised.map(|span| Diagnostic::warning(message, Some(span))));
        return None;
    };
    if is_new {
        files.by_path.insert(target.path, RustFile { id: root, package, test: target.kind.is_test() });
    }
    Some(Target { crate_name: crate_name(&target.name), name: target.name, kind: target.kind, root })
}

/// Every package's dependencies, each with its entry.
type Resolved = Vec<Vec<(ResolvedEntry, Dependency)>>;

fn resolve(planned: &[(&PathBuf, &Planned)], packages: &[PackageInfo]) -> Resolved {
    let by_dir: BTreeMap<&Path, usize> =
        packages.iter().enumerate().map(|(index, package)| (package.dir.as_path(), index)).collect();
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, package) in packages.iter().enumerate().filter(|(_, package)| package.manifest.is_some()) {
        by_name.entry(&package.name).or_default().push(index);
    }
    let each = planned.iter().enumerate().map(|(index, (_, planned))| {
        let Some(manifest) = &planned.manifest else { return Vec::new() };
        let workspace = planned.workspace.as_deref();
        let entries = loader::dependencies(manifest, workspace).into_iter();
        let tied = entries.map(|entry| {
            let dir = entry
                .dir
                .clone()
                .or_else(|| select::patched(workspace.unwrap_or(manifest), entry.entry.package_name()));
            let local = match dir {
                Some(dir) => by_dir.get(dir.as_path()).copied(),
                None => same_name(index, entry.entry.package_name(), &by_name, packages),
            };
            let dependency = dependency(&entry, local, packages);
            (entry, dependency)
        });
        tied.collect()
    });
    each.collect()
}

/// A package of the run with this name, of the same workspace if there are several, never the package itself.
fn same_name(
    index: usize,
    name: &str,
    by_name: &BTreeMap<&str, Vec<usize>>,
    packages: &[PackageInfo],
) -> Option<usize> {
    let others = || by_name.get(name).into_iter().flatten().copied().filter(|other| *other != index);
    let workspace: Option<FileId> = packages[index].workspace_manifest;
    others().find(|other| packages[*other].workspace_manifest == workspace).or_else(|| others().next())
}

fn dependency(resolved: &ResolvedEntry, local: Option<usize>, packages: &[PackageInfo]) -> Dependency {
    let entry = &resolved.entry;
    let is_library = |target: &&Target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro);
    let library = local.and_then(|local| packages[local].targets.iter().find(is_library));
    let extern_name = match library {
        Some(library) if entry.package.is_none() => library.crate_name.clone(),
        _ => crate_name(&entry.key),
    };
    Dependency {
        extern_name,
        package: entry.package_name().to_owned(),
        local,
        version: entry.version.clone(),
        kind: entry.kind,
        optional: entry.optional,
        span: entry.span,
    }
}

/// Decides features where flags ask for it, and with them `cfg`.
fn decide_cfg(
    request: &Request,
    planned: &[(&PathBuf, &Planned)],
    resolved: &Resolved,
    packages: &mut [PackageInfo],
) -> Result<(), Vec<Diagnostic>> {
    if !request.features.decides() {
        packages.iter_mut().for_each(|package| package.cfg = CfgSet::open(request.tests));
        return Ok(());
    }
    let flags = request.features.cfg.iter().filter(|flag| !cfg::is_flag(flag));
    let errors: Vec<Diagnostic> = flags
        .map(|flag| {
            Diagnostic::error(
                format!("`{flag}` is not a `--cfg` of the form `name` or `key=\"value\"`"),
                None,
            )
        })
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let nodes: Vec<Node> = planned
        .iter()
        .zip(&*packages)
        .zip(resolved)
        .map(|(((_, planned), package), edges)| node(planned, package, edges, request.tests))
        .collect();
    let features = features::evaluate(&nodes, &request.features)?;
    for (package, features) in packages.iter_mut().zip(features) {
        let build_script = package.targets.iter().any(|target| target.kind == TargetKind::CustomBuild);
        package.cfg = CfgSet::decided(request.tests, features, &request.features.cfg, build_script);
    }
    Ok(())
}

fn node(
    planned: &Planned,
    package: &PackageInfo,
    edges: &[(ResolvedEntry, Dependency)],
    tests: bool,
) -> Node {
    let wanted = edges.iter().filter(|(_, dependency)| tests || dependency.kind != DependencyKind::Dev);
    Node {
        name: package.name.clone(),
        selected: package.selected,
        declared: planned.manifest.as_ref().map(|manifest| manifest.features.clone()).unwrap_or_default(),
        dependencies: wanted.map(|(resolved, dependency)| edge(resolved, dependency)).collect(),
    }
}

fn edge(resolved: &ResolvedEntry, dependency: &Dependency) -> Edge {
    Edge {
        key: resolved.entry.key.clone(),
        local: dependency.local,
        optional: dependency.optional,
        default_features: resolved.entry.default_features != Some(false),
        features: resolved.entry.features.clone(),
    }
}
