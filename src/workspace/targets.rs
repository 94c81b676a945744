//! The targets of a package: those that its manifest lists and those that lie in cargo's usual places. Asks for files
//! by path and never looks into one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::manifest::{BuildScript, Manifest, TargetEntry};
use super::{Edition, TargetKind, paths};
use crate::source::Span;

/// A target whose root file is still a path.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) kind: TargetKind,
    pub(super) path: PathBuf,
    /// Set where the manifest promises the file: the entry.
    pub(super) promised: Option<Span>,
}

/// A package as the search needs it.
pub(super) struct Layout<'a> {
    pub(super) name: &'a str,
    pub(super) edition: Edition,
    pub(super) manifest: &'a Manifest,
    /// The package's Rust files.
    pub(super) files: &'a BTreeSet<PathBuf>,
}

impl Layout<'_> {
    /// All targets, the library first, then by kind and name.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let mut found = self.listed();
        for kind in
            [TargetKind::Lib, TargetKind::Bin, TargetKind::Test, TargetKind::Bench, TargetKind::Example]
        {
            if self.searches(kind) {
                found.extend(self.usual(kind));
            }
        }
        found.extend(self.build_script());
        found.sort_by(|a, b| (a.kind, &a.name, &a.path).cmp(&(b.kind, &b.name, &b.path)));
        found.dedup_by(|later, first| later.kind == first.kind && later.name == first.name);
        found
    }

    fn entries(&self, kind: TargetKind) -> impl Iterator<Item = &TargetEntry> {
        let same = move |other: TargetKind| other == kind || (is_library(other) && is_library(kind));
        self.manifest.targets.iter().filter(move |entry| same(entry.kind))
    }

    /// A library is looked for unless listed; in 2015, listing one target of a kind ends the search for that kind.
    fn searches(&self, kind: TargetKind) -> bool {
        let listed = self.entries(kind).next().is_some();
        let off = self.manifest.package.as_ref().is_some_and(|package| package.not_auto.contains(&kind));
        !off && !(listed && (is_library(kind) || self.edition == Edition::E2015))
    }

    fn listed(&self) -> Vec<Candidate> {
        self.manifest.targets.iter().filter_map(|entry| self.entry(entry)).collect()
    }

    fn entry(&self, entry: &TargetEntry) -> Option<Candidate> {
        let name = match &entry.name {
            Some(name) => name.clone(),
            None if is_library(entry.kind) => crate_name(self.name),
            None => return None,
        };
        let path = match &entry.path {
            Some(path) => self.at(path),
            None => self.usual_path(entry.kind, &name),
        };
        Some(Candidate { name, kind: entry.kind, path, promised: Some(entry.span) })
    }

    /// Where cargo looks for a target that is listed without a path.
    fn usual_path(&self, kind: TargetKind, name: &str) -> PathBuf {
        let Some(folder) = folder(kind) else { return self.at("src/lib.rs") };
        let file = self.at(format!("{folder}/{name}.rs"));
        let inner = self.at(format!("{folder}/{name}/main.rs"));
        let main = self.at("src/main.rs");
        match () {
            () if self.exists(&file) => file,
            () if self.exists(&inner) => inner,
            () if kind == TargetKind::Bin && self.exists(&main) => main,
            () => file,
        }
    }

    fn usual(&self, kind: TargetKind) -> Vec<Candidate> {
        let one = |name: String, path: PathBuf| Candidate { name, kind, path, promised: None };
        let Some(folder) = folder(kind) else {
            let path = self.at("src/lib.rs");
            return self.exists(&path).then(|| one(crate_name(self.name), path)).into_iter().collect();
        };
        let main = self.at("src/main.rs");
        let is_main = kind == TargetKind::Bin && self.exists(&main) && !self.is_listed(&main);
        let main = is_main.then(|| one(self.name.to_owned(), main));
        let folder = self.at(folder);
        let inside = self.files.range(folder.clone()..).take_while(|path| path.starts_with(&folder));
        let roots = inside.filter_map(|path| Some(one(root_name(&folder, path)?, path.clone())));
        main.into_iter().chain(roots.filter(|target| !self.is_listed(&target.path))).collect()
    }

    fn build_script(&self) -> Option<Candidate> {
        let script = |path: PathBuf, promised| Candidate {
            name: "build-script-build".to_owned(),
            kind: TargetKind::CustomBuild,
            path,
            promised,
        };
        match &self.manifest.package.as_ref()?.build {
            BuildScript::Off => None,
            BuildScript::At(path) => Some(script(self.at(path), Some(Span::new(self.manifest.file, 0, 0)))),
            BuildScript::Usual => {
                Some(self.at("build.rs")).filter(|p| self.exists(p)).map(|p| script(p, None))
            }
        }
    }

    fn is_listed(&self, path: &Path) -> bool {
        let listed = self.manifest.targets.iter();
        listed.filter(|entry| !is_library(entry.kind)).filter_map(|e| self.entry(e)).any(|t| t.path == path)
    }

    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        paths::join(&self.manifest.dir, path)
    }

    /// A file that the walk left out, such as a git-ignored one, still is a target.
    fn exists(&self, path: &Path) -> bool {
        self.files.contains(path) || path.is_file()
    }
}

/// The name of a package or target as code writes it.
pub(super) fn crate_name(name: &str) -> String {
    name.replace('-', "_")
}

fn is_library(kind: TargetKind) -> bool {
    matches!(kind, TargetKind::Lib | TargetKind::ProcMacro)
}

fn folder(kind: TargetKind) -> Option<&'static str> {
    match kind {
        TargetKind::Bin => Some("src/bin"),
        TargetKind::Test => Some("tests"),
        TargetKind::Bench => Some("benches"),
        TargetKind::Example => Some("examples"),
        TargetKind::Lib | TargetKind::ProcMacro | TargetKind::CustomBuild => None,
    }
}

/// `folder/NAME.rs` and `folder/NAME/main.rs` are roots; anything deeper is a module.
fn root_name(folder: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(folder).ok()?;
    let mut parts = inside.iter().map(|part| part.to_string_lossy().into_owned());
    match (parts.next()?, parts.next(), parts.next()) {
        (file, None, _) => Some(file.strip_suffix(".rs")?.to_owned()),
        (name, Some(file), None) if file == "main.rs" => Some(name),
        _ => None,
    }
}
