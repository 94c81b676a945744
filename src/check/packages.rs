//! What the stages need to know of packages: their names, notices and roots, and to which of them a file belongs. Knows
//! no code.

use std::collections::BTreeMap;
use std::path::Path;

use super::notices::Notices;
use crate::datamap::{Dependency, NoticeId, Package, PackageId};
use crate::emit::{PackageContext, Target};
use crate::flow::PackageFacts;
use crate::load::Loaded;
use crate::manifest_text::Document;
use crate::notice::Notice;
use crate::source::{FileId, SourceMap};
use crate::workspace::{self, DependencyKind, Discovered, Edition, PackageInfo, TargetKind};

/// Packages as findings are judged by.
pub(super) struct Packages<'a> {
    list: &'a [PackageInfo],
    notices: Vec<NoticeId>,
    owners: BTreeMap<FileId, usize>,
    roots: Vec<FileId>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(discovered: &'a Discovered, notices: &Notices, loaded: &Loaded) -> Self {
        let list = &discovered.packages[..];
        let of_package = notices.of_package.clone();
        let mut owners: BTreeMap<FileId, usize> = loaded.files.iter().copied().collect();
        let first_file =
            |package: usize| loaded.files.iter().find(|(_, of)| *of == package).map(|(file, _)| *file);
        let roots = list.iter().enumerate().map(|(at, package)| {
            root(package).or_else(|| first_file(at)).or(package.manifest).unwrap_or(FileId(0))
        });
        let roots = roots.collect();
        // A notice that only packages beside those asked for have is not reported on.
        let (asked, others): (Vec<_>, Vec<_>) =
            list.iter().enumerate().partition(|(_, package)| package.selected);
        for (at, package) in asked.into_iter().chain(others) {
            let notice = &notices.list[of_package[at].0 as usize];
            let files = [Some(notice.file), notice.prose, package.manifest, package.workspace_manifest];
            files.into_iter().flatten().for_each(|file| _ = owners.entry(file).or_insert(at));
        }
        Self { list, notices: of_package, owners, roots }
    }

    /// The package that a file belongs to: for a notice the first one that it applies to. What belongs to nobody is
    /// reported under the first that was asked for.
    pub(super) fn owner(&self, file: Option<FileId>) -> usize {
        let known = file.and_then(|file| self.owners.get(&file)).copied();
        known.or_else(|| self.list.iter().position(|package| package.selected)).unwrap_or(0)
    }

    /// Its name.
    pub(super) fn name(&self, package: usize) -> &str {
        self.list.get(package).map_or("", |package| &package.name)
    }

    /// Whether findings in it are wanted.
    pub(super) fn is_selected(&self, package: usize) -> bool {
        self.list.get(package).is_some_and(|package| package.selected)
    }

    /// Those in which findings are wanted.
    pub(super) fn selected(&self) -> impl Iterator<Item = usize> {
        (0..self.list.len()).filter(|package| self.is_selected(*package))
    }

    /// As the data map has them.
    pub(super) fn in_map(&self) -> Vec<Package> {
        let each = self.list.iter().zip(&self.notices).zip(&self.roots);
        each.map(|((info, notice), root)| Package { name: info.name.clone(), root: *root, notice: *notice })
            .collect()
    }
}

/// A package's id in the data map and in the output.
pub(super) fn id(package: usize) -> PackageId {
    PackageId(package as u32)
}

fn root(package: &PackageInfo) -> Option<FileId> {
    main_target(package).map(|target| target.root)
}

/// The library, or the first of the other targets.
fn main_target(package: &PackageInfo) -> Option<&workspace::Target> {
    package.targets.iter().find(|target| target.kind != TargetKind::CustomBuild)
}

/// Packages as labelling and flows need them.
pub(super) fn facts(discovered: &Discovered, notices: &Notices, sources: &SourceMap) -> Vec<PackageFacts> {
    let homes: Vec<Home> = notices.list.iter().map(|notice| home(notice, discovered, sources)).collect();
    let each = discovered.packages.iter().zip(&notices.of_package);
    each.map(|(package, notice)| PackageFacts {
        name: crate_name(package),
        notice: *notice,
        selected: package.selected,
        crate_of_notice: match &homes[notice.0 as usize] {
            Home::Package(name) => Some(name.clone()),
            Home::Workspace => None,
            Home::Elsewhere => Some(crate_name(package)),
        },
    })
    .collect()
}

/// What the packages that are reported on depend on, tests and build scripts aside.
pub(super) fn dependencies(discovered: &Discovered, notices: &Notices) -> Vec<Dependency> {
    let packages =
        discovered.packages.iter().zip(&notices.of_package).filter(|(package, _)| package.selected);
    let each = packages.flat_map(|(package, notice)| {
        let of_code = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        of_code.map(|d| Dependency { name: d.package.clone(), span: d.span, notice: *notice })
    });
    each.collect()
}

/// The name of a package's crate in code: its library's, or what its library would be called.
fn crate_name(package: &PackageInfo) -> String {
    let library =
        package.targets.iter().find(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro));
    library.map_or_else(|| package.name.replace('-', "_"), |library| library.crate_name.clone())
}

/// Where a notice stands.
enum Home {
    /// Beside this package, whether or not it takes part.
    Package(String),
    /// At the root of a workspace without a package of its own.
    Workspace,
    /// With no package: it speaks for each as its own.
    Elsewhere,
}

fn home(notice: &Notice, discovered: &Discovered, sources: &SourceMap) -> Home {
    let dir = sources.path(notice.file).parent().unwrap_or(Path::new(""));
    if let Some(package) = discovered.packages.iter().find(|package| package.dir == dir) {
        return Home::Package(crate_name(package));
    }
    let Some(manifest) = manifest_beside(dir, sources) else { return Home::Elsewhere };
    let (document, _) = Document::parse(manifest, sources.file(manifest).text());
    let name = |table: &str| document.root().table(table)?.string("name").map(|name| name.replace('-', "_"));
    name("lib").or_else(|| name("package")).map_or(Home::Workspace, Home::Package)
}

/// The manifest in a directory, which discovery has read on its way up from the packages.
fn manifest_beside(dir: &Path, sources: &SourceMap) -> Option<FileId> {
    let path = dir.join("Cargo.toml");
    sources.iter().find(|(_, file)| file.path == path).map(|(id, _)| id)
}

/// Packages as cargo's messages describe them.
pub(super) fn contexts(discovered: &Discovered, sources: &SourceMap) -> Vec<PackageContext> {
    discovered.packages.iter().map(|package| context(package, sources)).collect()
}

fn context(package: &PackageInfo, sources: &SourceMap) -> PackageContext {
    let target = main_target(package);
    let kind = target.map_or("bin", |target| target.kind.name());
    PackageContext {
        package_id: package_id(&package.dir, &package.name, &package.version),
        manifest_path: package.dir.join("Cargo.toml"),
        target: Target {
            name: target.map_or_else(|| package.name.clone(), |target| target.name.clone()),
            kind: vec![kind.to_owned()],
            crate_types: vec![if kind == "custom-build" { "bin" } else { kind }.to_owned()],
            src_path: target
                .map_or_else(|| package.dir.clone(), |target| sources.path(target.root).to_path_buf()),
            edition: edition(package.edition).to_owned(),
        },
        root: target.map(|target| target.root),
    }
}

/// What errors stand under that keep a run from knowing any package.
pub(crate) fn no_package(dir: &Path) -> PackageContext {
    let name = dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned();
    PackageContext {
        package_id: package_id(dir, &name, "0.0.0"),
        manifest_path: dir.join("Cargo.toml"),
        target: Target {
            name,
            kind: vec!["bin".to_owned()],
            crate_types: vec!["bin".to_owned()],
            src_path: dir.to_path_buf(),
            edition: edition(Edition::E2024).to_owned(),
        },
        root: None,
    }
}

/// cargo's id: the name is left out where the directory has it.
fn package_id(dir: &Path, name: &str, version: &str) -> String {
    let url = format!("path+file://{}", dir.display());
    if dir.file_name().is_some_and(|last| last == name) {
        format!("{url}#{version}")
    } else {
        format!("{url}#{name}@{version}")
    }
}

fn edition(edition: Edition) -> &'static str {
    match edition {
        Edition::E2015 => "2015",
        Edition::E2018 => "2018",
        Edition::E2021 => "2021",
        Edition::E2024 => "2024",
    }
}
