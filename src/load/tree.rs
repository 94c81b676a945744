//! Which crate each file belongs to, found by following `mod` declarations and `include!`s from the crates' roots, and
//! which items take part on the way. Reads no disk: files that are not at hand are named as missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::crates::Crate;
use super::keep::Keep;
use super::parse::File;
use crate::ir::{Item, ItemId, ItemKind, Unit};
use crate::lower::{Lowered, Parent};
use crate::name::Name;
use crate::resolve::{Build, module_files};

/// What crates reach; all lists run parallel to the files.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The crate of each file.
    pub(super) owners: Vec<Option<usize>>,
    /// For each file, which of its items take part.
    pub(super) kept: Vec<Vec<bool>>,
    /// Calls of `include!` with the files that they name.
    pub(super) includes: BTreeMap<(usize, ItemId), usize>,
    /// Files that were looked for in vain.
    pub(super) missing: Vec<Wanted>,
    /// Folders of the modules of root files that do not lie beside them.
    pub(super) root_dirs: BTreeMap<usize, PathBuf>,
    /// Macros called where items stand, with the folder of the modules that they may declare.
    calls: BTreeMap<(usize, ItemId), PathBuf>,
}

/// A file that code asks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Where it may lie, each with the folder of the modules that it declares in turn.
    pub(super) candidates: Vec<(PathBuf, PathBuf)>,
    /// The package of the file that asks.
    pub(super) package: usize,
    krate: usize,
    /// The `include!` that asks.
    call: Option<(usize, ItemId)>,
}

/// Files by path.
pub(super) struct Tree<'a> {
    files: &'a [File],
    keep: &'a Keep<'a>,
    by_path: FxHashMap<&'a Path, usize>,
    reach: Reach,
}

/// Where items stand: their file, its crate, and the folder in which the modules lie that they declare.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: usize,
    krate: usize,
    dir: &'a Path,
}

impl<'a> Tree<'a> {
    /// Of all files of a run, some of which may have been reached before.
    pub(super) fn new(files: &'a [File], keep: &'a Keep<'a>, mut reach: Reach) -> Self {
        let by_path = files.iter().enumerate().map(|(at, file)| (file.path.as_path(), at)).collect();
        reach.owners.resize(files.len(), None);
        let new = &files[reach.kept.len()..];
        reach.kept.extend(new.iter().map(|file| vec![false; file.unit.items.len()]));
        Self { files, keep, by_path, reach }
    }

    /// Takes the files that code asks for, as far as they are at hand.
    pub(super) fn follow(mut self, wanted: Vec<Wanted>) -> Reach {
        wanted.into_iter().for_each(|one| self.want(one));
        self.reach
    }

    /// Follows the crates. Files of packages without a crate of their own become roots: first those that no other
    /// declares, then, in their order, what is still left.
    pub(super) fn follow_crates(mut self, crates: &mut Vec<Crate>) -> Reach {
        let with_crate: BTreeSet<usize> = crates.iter().map(|krate| krate.package).collect();
        for (at, krate) in crates.iter().enumerate() {
            krate.roots.iter().for_each(|root| self.root(*root, at));
        }
        let loose: Vec<usize> =
            (0..self.files.len()).filter(|at| !with_crate.contains(&self.files[*at].package)).collect();
        let declared: BTreeSet<usize> = loose.iter().flat_map(|at| self.declared_by(*at)).collect();
        let first = loose.iter().filter(|at| !declared.contains(at));
        for at in first.chain(&loose).copied() {
            if self.reach.owners[at].is_none() {
                crates.push(Crate::of_file(at, self.files[at].package, self.keep.packages));
                self.loose_root(at, crates.len() - 1);
            }
        }
        self.reach
    }

    /// The files that a file without a crate declares as modules, wherever they lie.
    fn declared_by(&self, at: usize) -> Vec<usize> {
        let (file, beside) = (&self.files[at], here(&self.files[at]));
        let inside = self.modules_in(at, &file.path.with_extension(""));
        inside.into_iter().chain(self.modules_in(at, beside)).filter(|declared| *declared != at).collect()
    }

    /// The files that a file declares, as far as they lie in this folder.
    fn modules_in(&self, at: usize, dir: &Path) -> Vec<usize> {
        let file = &self.files[at];
        let declared = file.unit.items.iter().filter(|item| matches!(item.kind, ItemKind::Mod(None)));
        let candidates = declared.map(|item| module_files(here(file), dir, item.name, path_attr(item)));
        let found = candidates.filter_map(|candidates| {
            candidates.into_iter().find_map(|(path, _)| self.by_path.get(path.as_path()).copied())
        });
        found.collect()
    }

    fn root(&mut self, file: usize, krate: usize) {
        let files = self.files;
        self.enter(file, krate, here(&files[file]));
    }

    /// A file that no other declares may still be a module of a crate that was not asked for, and its modules then lie
    /// in the folder of its name.
    fn loose_root(&mut self, file: usize, krate: usize) {
        let inside = self.files[file].path.with_extension("");
        if self.modules_in(file, &inside).is_empty() {
            return self.root(file, krate);
        }
        self.enter(file, krate, &inside);
        self.reach.root_dirs.insert(file, inside);
    }

    /// Takes a file for a crate, unless another has it.
    fn enter(&mut self, file: usize, krate: usize, dir: &Path) {
        if self.reach.owners[file].is_none() {
            self.reach.owners[file] = Some(krate);
            let files = self.files;
            self.items(&files[file].unit.top, Place { file, krate, dir });
        }
    }

    fn items(&mut self, items: &[ItemId], place: Place<'_>) {
        let files = self.files;
        let file = &files[place.file];
        for id in items {
            let item = &file.unit.items[id.0 as usize];
            if !self.keep.keeps(item, file.package as u32) {
                continue;
            }
            self.reach.kept[place.file][id.0 as usize] = true;
            match &item.kind {
                ItemKind::Mod(None) => self.want(module(item, file, place)),
                ItemKind::Mod(Some(inner)) => {
                    self.items(inner, Place { dir: &inner_dir(item, place.dir), ..place });
                }
                ItemKind::Impl(imp) => self.items(&imp.items, place),
                ItemKind::Trait(_, _, inner) => self.items(inner, place),
                ItemKind::MacroCall(path, range) => {
                    self.reach.calls.insert((place.file, *id), place.dir.to_path_buf());
                    let input = file.text.get(range.0 as usize..range.1 as usize);
                    let is_include = path.last().is_some_and(|name| name == *"include");
                    let asked =
                        input.filter(|_| is_include).and_then(|input| include(*id, input, file, place));
                    asked.into_iter().for_each(|one| self.want(one));
                }
                _ => {}
            }
        }
    }

    fn want(&mut self, wanted: Wanted) {
        let found =
            wanted.candidates.iter().find_map(|(path, dir)| Some((*self.by_path.get(path.as_path())?, dir)));
        let Some((file, dir)) = found else {
            self.reach.missing.push(wanted);
            return;
        };
        if let Some(call) = wanted.call {
            self.reach.includes.insert(call, file);
        }
        self.enter(file, wanted.krate, dir);
    }
}

/// The files that macros of a file declare as modules, once they are expanded (`cfg_if!`).
pub(super) fn wanted_by_macros(
    at: usize,
    file: &File,
    lowered: &Lowered,
    reach: &Reach,
    keep: &Keep<'_>,
) -> Vec<Wanted> {
    let Some(krate) = reach.owners[at] else { return Vec::new() };
    let mut dirs: Vec<Option<PathBuf>> = Vec::new();
    let mut wanted = Vec::new();
    for extra in &lowered.extras {
        let dir = match extra.parent {
            Parent::Beside(0, call) => reach.calls.get(&(at, call)).cloned(),
            Parent::Beside(unit, _) => dirs.get(unit as usize - 1).cloned().flatten(),
            // A block has no folder.
            Parent::Body(..) => None,
        };
        if let Some(dir) = &dir {
            let place = Place { file: at, krate, dir };
            declared(&extra.unit, &extra.unit.top, file, place, keep, &mut wanted);
        }
        dirs.push(dir);
    }
    wanted
}

fn declared(
    unit: &Unit,
    items: &[ItemId],
    file: &File,
    place: Place<'_>,
    keep: &Keep<'_>,
    out: &mut Vec<Wanted>,
) {
    for item in items.iter().map(|id| &unit.items[id.0 as usize]) {
        match &item.kind {
            ItemKind::Mod(_) if !keep.keeps(item, file.package as u32) => {}
            ItemKind::Mod(None) => out.push(module(item, file, place)),
            ItemKind::Mod(Some(inner)) => {
                let dir = inner_dir(item, place.dir);
                declared(unit, inner, file, Place { dir: &dir, ..place }, keep, out);
            }
            _ => {}
        }
    }
}

fn module(item: &Item, file: &File, place: Place<'_>) -> Wanted {
    let candidates = module_files(here(file), place.dir, item.name, path_attr(item));
    Wanted { candidates, package: file.package, krate: place.krate, call: None }
}

/// `include!("file.rs")`; a name that is made up at build time leads nowhere.
fn include(call: ItemId, input: &str, file: &File, place: Place<'_>) -> Option<Wanted> {
    let name = input.trim().strip_prefix('"')?.strip_suffix('"')?;
    if !name.ends_with(".rs") || name.contains(['"', '\\']) {
        return None;
    }
    // As a `#[path]`, it counts from the folder of the file that it stands in.
    let candidates = module_files(here(file), place.dir, Name::new(""), Some(Name::new(name)));
    Some(Wanted { candidates, package: file.package, krate: place.krate, call: Some((place.file, call)) })
}

fn here(file: &File) -> &Path {
    file.path.parent().unwrap_or(Path::new(""))
}

fn inner_dir(item: &Item, dir: &Path) -> PathBuf {
    dir.join(path_attr(item).unwrap_or(item.name).as_str())
}

fn path_attr(item: &Item) -> Option<Name> {
    item.attrs.get()?.path
}
