//! One `Cargo.toml` as written: what discovery needs of it, with spans, nothing inherited and nothing guessed yet.
//! Reads no other file; a manifest that is odd or broken in parts yields the rest.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{DependencyKind, TargetKind};
use crate::manifest_text::{Node, Table};
use crate::source::{FileId, Span};

/// A manifest as written.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) file: FileId,
    pub(super) dir: PathBuf,
    pub(super) package: Option<PackageTable>,
    pub(super) workspace: Option<WorkspaceTable>,
    pub(super) dependencies: Vec<DependencyEntry>,
    pub(super) patches: Vec<DependencyEntry>,
    pub(super) features: BTreeMap<String, Vec<String>>,
    pub(super) targets: Vec<TargetEntry>,
}

/// `[package]`.
#[derive(Clone, Debug)]
pub(super) struct PackageTable {
    pub(super) name: Option<String>,
    pub(super) version: Inheritable,
    pub(super) edition: Inheritable,
    /// `workspace = "path"`: where its workspace is.
    pub(super) workspace: Option<String>,
    pub(super) build: BuildScript,
    /// Kinds whose targets are not to be looked for in their usual places.
    pub(super) not_auto: Vec<TargetKind>,
}

/// A string that may be taken from the workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Inheritable {
    Missing,
    Own(String),
    FromWorkspace,
}

/// `package.build`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum BuildScript {
    Usual,
    Off,
    At(String),
}

/// `[workspace]`.
#[derive(Clone, Debug)]
pub(super) struct WorkspaceTable {
    pub(super) members: Vec<(String, Span)>,
    pub(super) exclude: Vec<String>,
    pub(super) default_members: Option<Vec<(String, Span)>>,
    pub(super) version: Option<String>,
    pub(super) edition: Option<String>,
    pub(super) dependencies: Vec<DependencyEntry>,
}

/// One dependency.
#[derive(Clone, Debug)]
pub(super) struct DependencyEntry {
    pub(super) key: String,
    /// `package = "…"`: the entry is a rename.
    pub(super) package: Option<String>,
    pub(super) path: Option<String>,
    pub(super) version: Option<String>,
    pub(super) features: Vec<String>,
    pub(super) default_features: Option<bool>,
    pub(super) optional: bool,
    pub(super) inherited: bool,
    pub(super) kind: DependencyKind,
    pub(super) span: Span,
}

impl DependencyEntry {
    /// The name of the package that it asks for.
    pub(super) fn package_name(&self) -> &str {
        self.package.as_deref().unwrap_or(&self.key)
    }
}

/// `[lib]`, `[[bin]]` and the like.
#[derive(Clone, Debug)]
pub(super) struct TargetEntry {
    pub(super) kind: TargetKind,
    pub(super) name: Option<String>,
    pub(super) path: Option<String>,
    pub(super) span: Span,
}

impl Manifest {
    /// Takes a manifest apart.
    pub(super) fn read(file: FileId, dir: PathBuf, root: Table<'_>) -> Self {
        let package = root.table("package").or_else(|| root.table("project"));
        Self {
            file,
            dir,
            package: package.map(PackageTable::read),
            workspace: root.table("workspace").map(WorkspaceTable::read),
            dependencies: all_dependencies(root),
            patches: patches(root),
            features: features(root),
            targets: targets(root),
        }
    }
}

impl PackageTable {
    fn read(table: Table<'_>) -> Self {
        let off = |key: &str| table.bool(key) == Some(false);
        let auto = [
            ("autolib", TargetKind::Lib),
            ("autobins", TargetKind::Bin),
            ("autotests", TargetKind::Test),
            ("autobenches", TargetKind::Bench),
            ("autoexamples", TargetKind::Example),
        ];
        Self {
            name: table.string("name"),
            version: Inheritable::read(table.get("version")),
            edition: Inheritable::read(table.get("edition")),
            workspace: table.string("workspace"),
            build: build_script(table.get("build")),
            not_auto: auto.into_iter().filter(|(key, _)| off(key)).map(|(_, kind)| kind).collect(),
        }
    }
}

impl Inheritable {
    fn read(node: Option<Node<'_>>) -> Self {
        let Some(node) = node else { return Self::Missing };
        match node.str() {
            Some(own) => Self::Own(own.to_owned()),
            None if node.table().and_then(|t| t.bool("workspace")) == Some(true) => Self::FromWorkspace,
            None => Self::Missing,
        }
    }

    /// What it comes to, given what the workspace says.
    pub(super) fn or_workspace(&self, workspace: Option<&String>) -> Option<String> {
        match self {
            Self::Own(own) => Some(own.clone()),
            Self::FromWorkspace => workspace.cloned(),
            Self::Missing => None,
        }
    }
}

impl WorkspaceTable {
    fn read(table: Table<'_>) -> Self {
        let package = table.table("package");
        Self {
            members: table.strings("members"),
            exclude: table.strings("exclude").into_iter().map(|(path, _)| path).collect(),
            default_members: table.get("default-members").map(|_| table.strings("default-members")),
            version: package.and_then(|p| p.string("version")),
            edition: package.and_then(|p| p.string("edition")),
            dependencies: dependencies(table.table("dependencies"), DependencyKind::Normal),
        }
    }
}

fn build_script(node: Option<Node<'_>>) -> BuildScript {
    match node.map(|node| (node.str(), node.bool())) {
        Some((Some(path), _)) => BuildScript::At(path.to_owned()),
        Some((None, Some(false))) => BuildScript::Off,
        _ => BuildScript::Usual,
    }
}

/// The dependencies of all kinds, those of platforms included.
fn all_dependencies(root: Table<'_>) -> Vec<DependencyEntry> {
    let platforms = root.table("target").into_iter().flat_map(Table::entries);
    let platforms = platforms.filter_map(|(_, _, node)| node.table());
    std::iter::once(root).chain(platforms).flat_map(dependencies_of_kinds).collect()
}

fn dependencies_of_kinds(table: Table<'_>) -> Vec<DependencyEntry> {
    let kinds = [
        ("dependencies", DependencyKind::Normal),
        ("dev-dependencies", DependencyKind::Dev),
        ("dev_dependencies", DependencyKind::Dev),
        ("build-dependencies", DependencyKind::Build),
        ("build_dependencies", DependencyKind::Build),
    ];
    kinds.into_iter().flat_map(|(key, kind)| dependencies(table.table(key), kind)).collect()
}

fn dependencies(table: Option<Table<'_>>, kind: DependencyKind) -> Vec<DependencyEntry> {
    let entries = table.into_iter().flat_map(Table::entries);
    entries.map(|(key, span, node)| dependency(key, span, node, kind)).collect()
}

fn dependency(key: &str, key_span: Span, node: Node<'_>, kind: DependencyKind) -> DependencyEntry {
    let table = node.table();
    let string = |name: &str| table.and_then(|t| t.string(name));
    let bool = |name: &str| table.and_then(|t| t.bool(name));
    DependencyEntry {
        key: key.to_owned(),
        package: string("package"),
        path: string("path"),
        version: node.str().map(str::to_owned).or_else(|| string("version")),
        features: names(table.map(|t| t.strings("features")).unwrap_or_default()),
        default_features: bool("default-features").or_else(|| bool("default_features")),
        optional: bool("optional").unwrap_or(false),
        inherited: bool("workspace").unwrap_or(false),
        kind,
        span: Span::new(key_span.file, key_span.lo, node.span().hi.max(key_span.hi)),
    }
}

fn patches(root: Table<'_>) -> Vec<DependencyEntry> {
    let registries = root.table("patch").into_iter().flat_map(Table::entries);
    registries.flat_map(|(_, _, node)| dependencies(node.table(), DependencyKind::Normal)).collect()
}

fn features(root: Table<'_>) -> BTreeMap<String, Vec<String>> {
    let Some(table) = root.table("features") else { return BTreeMap::new() };
    table.entries().map(|(name, _, _)| (name.to_owned(), names(table.strings(name)))).collect()
}

fn names(strings: Vec<(String, Span)>) -> Vec<String> {
    strings.into_iter().map(|(name, _)| name).collect()
}

fn targets(root: Table<'_>) -> Vec<TargetEntry> {
    let lists = [
        ("bin", TargetKind::Bin),
        ("test", TargetKind::Test),
        ("bench", TargetKind::Bench),
        ("example", TargetKind::Example),
    ];
    let listed = lists.into_iter().flat_map(|(key, kind)| {
        let items = root.get(key).map(Node::items).unwrap_or_default();
        items.into_iter().map(move |item| target(kind, item))
    });
    root.get("lib").map(library).into_iter().chain(listed).collect()
}

fn library(node: Node<'_>) -> TargetEntry {
    let is_macro = |t: Table<'_>| t.bool("proc-macro").or_else(|| t.bool("proc_macro")) == Some(true);
    let kind = if node.table().is_some_and(is_macro) { TargetKind::ProcMacro } else { TargetKind::Lib };
    target(kind, node)
}

fn target(kind: TargetKind, node: Node<'_>) -> TargetEntry {
    let string = |key: &str| node.table().and_then(|t| t.string(key));
    TargetEntry { kind, name: string("name"), path: string("path"), span: node.span() }
}
