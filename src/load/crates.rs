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

/// What is known of crates outside, by declarations: those of models, and of libraries that were read.
#[derive(Default)]
pub(super) struct Outside {
    /// All declarations, those of models first.
    pub(super) declarations: Vec<Declarations>,
    /// For each crate: the declarations that it is made of.
    groups: Vec<Vec<usize>>,
    /// Crates of models by each of their names.
    models: BTreeMap<String, usize>,
    /// What the crates may name.
    links: Vec<Vec<(Name, usize)>>,
    /// The first crate that was read.
    first_read: usize,
    /// The libraries that entries of manifests lead to, by package and extern name, and their names in code.
    entries: BTreeMap<(usize, String), (Name, usize)>,
}

/// A library that was read.
pub(super) struct Read {
    /// What it declares.
    pub(super) declared: Declarations,
    /// The entries of manifests that lead to it.
    pub(super) entries: Vec<Entry>,
    /// What it names, and what that is.
    pub(super) links: Vec<(String, Link)>,
}

/// An entry of a manifest.
#[derive(Clone)]
pub(super) struct Entry {
    /// Whose manifest it is.
    pub(super) package: usize,
    /// The extern name by which it is known.
    pub(super) key: String,
    /// The name that stands in code.
    pub(super) name: String,
}

/// A crate that a library names.
pub(super) enum Link {
    /// One that models declare, by its name.
    Model(String),
    /// Another library, by its place among them.
    Library(usize),
}

impl Outside {
    /// What models declare: crates that name one another.
    pub(super) fn of_models(declarations: &[Declarations]) -> Self {
        let groups = groups(declarations);
        let mut models = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            for declared in group.iter().map(|file| &declarations[*file]) {
                let names =
                    std::iter::once(&*declared.crate_name).chain(declared.aliases.iter().map(String::as_str));
                names.for_each(|name| _ = models.entry(name.to_owned()).or_insert(at));
            }
        }
        let name = |group: &[usize]| &*declarations[group[0]].crate_name;
        let links = |group: &Vec<usize>| {
            let used = group.iter().flat_map(|file| &declarations[*file].uses);
            let used = used.filter_map(|used| Some((used, groups.iter().position(|g| name(g) == used)?)));
            used.map(|(used, at)| (Name::new(used), at)).collect()
        };
        let links = groups.iter().map(links).collect();
        let (declarations, first_read) = (declarations.to_vec(), groups.len());
        Self { declarations, groups, models, links, first_read, entries: BTreeMap::new() }
    }

    /// Whether models declare a crate of this name.
    pub(super) fn is_modelled(&self, name: &str) -> bool {
        self.models.contains_key(name)
    }

    /// Adds libraries.
    pub(super) fn read(&mut self, libraries: Vec<Read>) {
        let first = self.groups.len();
        for (at, Read { declared, entries, links }) in libraries.into_iter().enumerate() {
            for Entry { package, key, name } in entries {
                self.entries.insert((package, key), (Name::new(&name), first + at));
            }
            let links = links.into_iter().filter_map(|(name, link)| match link {
                Link::Model(model) => Some((Name::new(&name), *self.models.get(&model)?)),
                Link::Library(at) => Some((Name::new(&name), first + at)),
            });
            self.links.push(links.collect());
            self.groups.push(vec![self.declarations.len()]);
            self.declarations.push(declared);
        }
    }
}

/// Ties crates to what they may name.
pub(super) fn link(crates: &mut [Crate], discovered: &Discovered, outside: &Outside) {
    let known = Known::new(crates, outside);
    let dependencies: Vec<_> = crates.iter().map(|krate| known.dependencies(krate, discovered)).collect();
    for (krate, dependencies) in crates.iter_mut().zip(dependencies) {
        krate.dependencies = dependencies;
    }
}

/// The crates that can be named: libraries of packages, then those outside.
struct Known<'a> {
    libraries: BTreeMap<usize, (Name, usize)>,
    outside: &'a Outside,
    /// The first crate outside.
    first: usize,
}

impl<'a> Known<'a> {
    fn new(crates: &[Crate], outside: &'a Outside) -> Self {
        let libraries = crates.iter().enumerate().filter(|(_, krate)| krate.is_library);
        let libraries = libraries.map(|(at, krate)| (krate.package, (krate.name, at))).collect();
        Self { libraries, outside, first: crates.len() }
    }

    fn dependencies(&self, krate: &Crate, discovered: &Discovered) -> Vec<(Name, Option<usize>)> {
        let package = &discovered.packages[krate.package];
        let own = self.libraries.get(&krate.package).filter(|_| !krate.is_library);
        let mut found: Vec<(Name, Option<usize>)> = own.iter().map(|(name, at)| (*name, Some(*at))).collect();
        if package.manifest.is_none() {
            found.extend(self.libraries.values().map(|(name, at)| (*name, Some(*at))));
            let models = self.outside.models.iter();
            found.extend(models.map(|(name, at)| (Name::new(name), Some(self.first + at))));
        }
        let entries = package.dependencies.iter().filter(|entry| entry.kind != DependencyKind::Build);
        for entry in entries {
            let (name, at) = self.of_entry(krate.package, entry);
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, at));
            }
        }
        found
    }

    /// The crate that an entry of a manifest leads to: one of the run, one that models declare, or a library that was
    /// read, which may have a name of its own.
    fn of_entry(&self, package: usize, entry: &Dependency) -> (Name, Option<usize>) {
        let name = Name::new(&entry.extern_name);
        if let Some((_, at)) = entry.local.and_then(|package| self.libraries.get(&package)) {
            return (name, Some(*at));
        }
        let models = &self.outside.models;
        let by_package = models.get(&entry.package.replace('-', "_"));
        if let Some(at) = by_package.or_else(|| models.get(&entry.extern_name)) {
            return (name, Some(self.first + at));
        }
        match self.outside.entries.get(&(package, entry.extern_name.clone())) {
            Some((name, at)) => (*name, Some(self.first + at)),
            None => (name, None),
        }
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
    outside: &Outside,
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
        read: false,
        roots: krate.roots.into_iter().filter_map(place).collect(),
        dependencies: krate.dependencies,
    });
    input.crates = of_packages.collect();
    add_outside(&mut input, declared, outside);
    input
}

/// Adds what is declared as crates that name one another.
fn add_outside(input: &mut ProgramInput, declared: Vec<File>, outside: &Outside) {
    let (first_unit, first_crate) = (input.units.len(), input.crates.len());
    input.units.extend(declared.into_iter().map(|file| unit_input(file, Lowered::default())));
    for (at, (group, links)) in outside.groups.iter().zip(&outside.links).enumerate() {
        input.crates.push(CrateInput {
            name: Name::new(&outside.declarations[group[0]].crate_name),
            package: None,
            read: at >= outside.first_read,
            roots: group.iter().map(|file| first_unit + file).collect(),
            dependencies: links.iter().map(|(used, at)| (*used, Some(first_crate + at))).collect(),
        });
    }
    input.std = outside.models.get("std").map(|at| first_crate + at);
}
