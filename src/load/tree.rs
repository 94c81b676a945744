//! Which crate each file belongs to, found by following `mod` declarations and `include!`s from the crates' roots, and
//! which items take part on the way. Reads no disk: files that are not at hand are named as missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::crates::Crate;
use super::keep::Keep;
use super::parse::File;
use crate::ir::{Item, ItemId, ItemKind};
use crate::name::Name;
use crate::resolve::module_files;

/// What crates reach; all lists run parallel to the files.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The crate of each file.
    pub(super) owners: Vec<Option<usize>>,
    /// For each file, which of its items take part.
    pub(super) kept: Vec<Vec<bool>>,
    /// Calls of `include!` with the files that they name.
    pub(super) includes: BTreeMap<(usize, ItemId), usize>,
    /// Where files were looked for in vain, and for which package.
    pub(super) missing: Vec<(PathBuf, usize)>,
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
    /// Of all files of a run.
    pub(super) fn new(files: &'a [File], keep: &'a Keep<'a>) -> Self {
        let by_path = files.iter().enumerate().map(|(at, file)| (file.path.as_path(), at)).collect();
        let kept = files.iter().map(|file| vec![false; file.unit.items.len()]).collect();
        let reach = Reach { owners: vec![None; files.len()], kept, ..Reach::default() };
        Self { files, keep, by_path, reach }
    }

    /// Follows the crates. Files of packages without a crate of their own become roots: first those that no other
    /// declares, then, in their order, what is still left.
    pub(super) fn reach(mut self, crates: &mut Vec<Crate>) -> Reach {
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
                self.root(at, crates.len() - 1);
            }
        }
        self.reach
    }

    /// The files that a file without a crate declares as modules, whether it is a root itself or not.
    fn declared_by(&self, at: usize) -> Vec<usize> {
        let path = &self.files[at].path;
        let here = path.parent().unwrap_or(Path::new(""));
        let own = path.with_extension("");
        let declared =
            self.files[at].unit.items.iter().filter(|item| matches!(item.kind, ItemKind::Mod(None)));
        let found = declared.filter_map(|item| {
            let beside = |dir: &Path| {
                let candidates = module_files(here, dir, item.name, path_attr(item));
                candidates.into_iter().find_map(|(file, _)| self.by_path.get(file.as_path()).copied())
            };
            beside(&own).or_else(|| beside(here))
        });
        found.filter(|declared| *declared != at).collect()
    }

    fn root(&mut self, file: usize, krate: usize) {
        let files = self.files;
        self.enter(file, krate, files[file].path.parent().unwrap_or(Path::new("")));
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
                ItemKind::Mod(None) => self.module(item, place),
                ItemKind::Mod(Some(inner)) => {
                    let dir = place.dir.join(path_attr(item).unwrap_or(item.name).as_str());
                    self.items(inner, Place { dir: &dir, ..place });
                }
                ItemKind::Impl(imp) => self.items(&imp.items, place),
                ItemKind::Trait(_, _, inner) => self.items(inner, place),
                ItemKind::MacroCall(path, range) if path.last().is_some_and(|name| name == *"include") => {
                    self.include(*id, file.text.get(range.0 as usize..range.1 as usize), place);
                }
                _ => {}
            }
        }
    }

    fn module(&mut self, item: &Item, place: Place<'_>) {
        let here = self.files[place.file].path.parent().unwrap_or(Path::new(""));
        let candidates = module_files(here, place.dir, item.name, path_attr(item));
        let found = candidates.iter().find_map(|(path, dir)| Some((*self.by_path.get(path.as_path())?, dir)));
        match found {
            Some((file, dir)) => self.enter(file, place.krate, dir),
            None => self.miss(candidates.into_iter().map(|(path, _)| path), place),
        }
    }

    /// `include!("file.rs")`; a name that is made up at build time leads nowhere.
    fn include(&mut self, call: ItemId, input: Option<&str>, place: Place<'_>) {
        let literal = input.and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
        let Some(name) = literal.filter(|name| name.ends_with(".rs") && !name.contains(['"', '\\'])) else {
            return;
        };
        let here = self.files[place.file].path.parent().unwrap_or(Path::new(""));
        // As a `#[path]`, it counts from the folder of the file that it stands in.
        let candidates = module_files(here, here, Name::new(""), Some(Name::new(name)));
        for (path, dir) in candidates {
            match self.by_path.get(path.as_path()).copied() {
                Some(file) => {
                    self.reach.includes.insert((place.file, call), file);
                    self.enter(file, place.krate, &dir);
                }
                None => self.miss(std::iter::once(path), place),
            }
        }
    }

    fn miss(&mut self, paths: impl Iterator<Item = PathBuf>, place: Place<'_>) {
        let package = self.files[place.file].package;
        self.reach.missing.extend(paths.map(|path| (path, package)));
    }
}

fn path_attr(item: &Item) -> Option<Name> {
    item.attrs.get()?.path
}
