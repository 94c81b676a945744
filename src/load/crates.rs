//! The crates of a run: the targets of its packages, files without a manifest, and what models declare; and what each
//! may name. Knows names only, no code.

use std::collections::BTreeMap;

use super::parse::File;
use super::tree::Reach;
use super::unit_input;
use crate::lower::Lowered;
use crate::models::{Declarations, Models};
use crate::name::Name;
use crate::resolve::{CrateInput, ProgramInput};
use crate::workspace::{Dependency, DependencyKind, Discovered, PackageInfo, TargetKind};

/// A crate of a package.
#[derive(Clone, Debug)]
pub(super) struct Crate {
    /// As code names it.
    pub(super) name: Name,
    /// Its package.
    pub(super) package: usize,
    /// Its root file.
    pub(super) roots: Vec<usize>,
    /// Whether other crates may name it.
    is_library: bool,
    /// What it may name, and which crate each is.
    dependencies: Vec<(Name, Option<usize>)>,
}

impl Crate {
    /// The crate of a file that belongs to none; it goes by the name of its package, as `crate::` in a notice does.
    pub(super) fn of_file(at: usize, package: usize, packages: &[PackageInfo]) -> Self {
        Self {
            name: Name::new(&packages[package].name.replace('-', "_")),
            package,
            roots: vec![at],
            is_library: false,
            dependencies: Vec::new(),
        }
    }
}

/// Whether a package is another's copy that lies outside of what is checked and that models describe: they tell more of
/// it than its code, as of the same crate from a registry.
pub(super) fn is_modelled(info: &PackageInfo, discovered: &Discovered, models: &Models) -> bool {
    let name = info.name.replace('-', "_");
    let describes = |d: &Declarations| *d.crate_name == *name || d.aliases.contains(&name);
    !info.selected && !info.dir.starts_with(&discovered.root) && models.declarations.iter().any(describes)
}

/// The targets of all packages, libraries before what may use them; build scripts are no part of the program, nor is
/// what models describe instead.
pub(super) fn of_packages(discovered: &Discovered, models: &Models, files: &[File]) -> Vec<Crate> {
    let mut crates = Vec::new();
    let all = discovered.packages.iter().enumerate();
    for (package, info) in all.filter(|(_, info)| !is_modelled(info, discovered, models)) {
        for target in info.targets.iter().filter(|target| target.kind != TargetKind::CustomBuild) {
            let root = files.iter().position(|file| file.id == target.root);
            crates.push(Crate {
                name: Name::new(&target.crate_name),
                package,
                roots: root.into_iter().collect(),
                is_library: matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro),
                dependencies: Vec::new(),
            });
        }
    }
    crates
}

/// The extern names under which models may describe what the packages depend upon; `None` where no manifest says.
pub(super) fn named(packages: &[PackageInfo]) -> Option<Vec<String>> {
    if packages.iter().any(|package| package.manifest.is_none()) {
        return None;
    }
    let entries = packages.iter().flat_map(|package| &package.dependencies);
    let mut names: Vec<String> =
        entries.flat_map(|entry| [entry.extern_name.clone(), entry.package.replace('-', "_")]).collect();
    names.sort();
    names.dedup();
    Some(names)
}

/// Ties crates to what they may name.
pub(super) fn link(crates: &mut [Crate], discovered: &Discovered, models: &Models) {
    let known = Known::new(crates, models);
    let dependencies: Vec<_> = crates.iter().map(|krate| known.dependencies(krate, discovered)).collect();
    for (krate, dependencies) in crates.iter_mut().zip(dependencies) {
        krate.dependencies = dependencies;
    }
}

/// The crates that can be named: libraries of packages, then what models declare.
struct Known {
    libraries: BTreeMap<usize, (Name, usize)>,
    models: BTreeMap<String, usize>,
}

impl Known {
    fn new(crates: &[Crate], models: &Models) -> Self {
        let libraries = crates.iter().enumerate().filter(|(_, krate)| krate.is_library);
        let libraries = libraries.map(|(at, krate)| (krate.package, (krate.name, at))).collect();
        let mut by_name = BTreeMap::new();
        for (at, group) in groups(&models.declarations).into_iter().enumerate() {
            for file in group {
                let declared = &models.declarations[file];
                let names =
                    std::iter::once(&*declared.crate_name).chain(declared.aliases.iter().map(String::as_str));
                names.for_each(|name| _ = by_name.entry(name.to_owned()).or_insert(crates.len() + at));
            }
        }
        Self { libraries, models: by_name }
    }

    fn dependencies(&self, krate: &Crate, discovered: &Discovered) -> Vec<(Name, Option<usize>)> {
        let package = &discovered.packages[krate.package];
        let own = self.libraries.get(&krate.package).filter(|_| !krate.is_library);
        let mut found: Vec<(Name, Option<usize>)> = own.iter().map(|(name, at)| (*name, Some(*at))).collect();
        if package.manifest.is_none() {
            found.extend(self.libraries.values().map(|(name, at)| (*name, Some(*at))));
            found.extend(self.models.iter().map(|(name, at)| (Name::new(name), Some(*at))));
        }
        let entries = package.dependencies.iter().filter(|entry| entry.kind != DependencyKind::Build);
        for entry in entries {
            let name = Name::new(&entry.extern_name);
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, self.of_entry(entry)));
            }
        }
        found
    }

    /// The crate that an entry of a manifest leads to: one of the run, or one that models declare.
    fn of_entry(&self, entry: &Dependency) -> Option<usize> {
        let local = entry.local.and_then(|package| self.libraries.get(&package));
        let of_model = || {
            let by_package = self.models.get(&entry.package.replace('-', "_"));
            by_package.or_else(|| self.models.get(&entry.extern_name)).copied()
        };
        local.map(|(_, at)| *at).or_else(of_model)
    }
}

/// Files of declarations by the crate that they describe, in the order of each crate's first file.
fn groups(declarations: &[Declarations]) -> Vec<Vec<usize>> {
    let mut names: Vec<&str> = Vec::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, declared) in declarations.iter().enumerate() {
        match names.iter().position(|name| *name == &*declared.crate_name) {
            Some(known) => groups[known].push(at),
            None => {
                names.push(&declared.crate_name);
                groups.push(vec![at]);
            }
        }
    }
    groups
}

/// Everything as linking takes it: files that crates reach, then declarations.
pub(super) fn input(
    crates: Vec<Crate>,
    files: Vec<File>,
    declared: Vec<File>,
    declarations: &[Declarations],
    lowered: Vec<Option<Lowered>>,
    reach: &Reach,
) -> ProgramInput {
    let mut input = ProgramInput::default();
    let mut places: Vec<Option<usize>> = Vec::new();
    for (file, lowered) in files.into_iter().zip(lowered) {
        places.push(lowered.is_some().then_some(input.units.len()));
        input.units.extend(lowered.map(|lowered| unit_input(file, lowered)));
    }
    let place = |file: usize| places.get(file).copied().flatten();
    let included =
        reach.includes.iter().filter_map(|((file, call), to)| Some(((place(*file)?, *call), place(*to)?)));
    input.includes = included.collect();
    let root_dirs = reach.root_dirs.iter().filter_map(|(file, dir)| Some((place(*file)?, dir.clone())));
    input.root_dirs = root_dirs.collect();
    let of_packages = crates.into_iter().map(|krate| CrateInput {
        name: krate.name,
        package: Some(krate.package as u32),
        roots: krate.roots.into_iter().filter_map(place).collect(),
        dependencies: krate.dependencies,
    });
    input.crates = of_packages.collect();
    add_models(&mut input, declared, declarations);
    input
}

/// Adds what models declare as crates that name one another.
fn add_models(input: &mut ProgramInput, declared: Vec<File>, declarations: &[Declarations]) {
    let (first_unit, first_crate) = (input.units.len(), input.crates.len());
    input.units.extend(declared.into_iter().map(|file| unit_input(file, Lowered::default())));
    let groups = groups(declarations);
    let name = |group: &[usize]| &*declarations[group[0]].crate_name;
    for group in &groups {
        let used = group.iter().flat_map(|file| &declarations[*file].uses);
        let used =
            used.filter_map(|used| Some((Name::new(used), groups.iter().position(|g| name(g) == used)?)));
        input.crates.push(CrateInput {
            name: Name::new(name(group)),
            package: None,
            roots: group.iter().map(|file| first_unit + file).collect(),
            dependencies: used.map(|(used, at)| (used, Some(first_crate + at))).collect(),
        });
    }
    input.std = groups.iter().position(|group| name(group) == "std").map(|at| first_crate + at);
}
