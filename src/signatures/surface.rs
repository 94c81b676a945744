//! Which items of a crate others may name, and by which paths. Knows names and modules, no types.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::FxHashMap;

use crate::ir::ItemKind;
use crate::name::Name;
use crate::resolve::{Def, GItem, ModId, Namespace, Program, Resolution};

/// A path below the crate.
pub(super) type Below = Vec<&'static str>;

/// Where everything of a crate is found.
pub(super) struct Surface<'p> {
    program: &'p Program,
    /// Items of each module, those of impls and traits aside.
    homes: FxHashMap<ModId, Vec<GItem>>,
    modules: FxHashMap<ModId, Below>,
    items: FxHashMap<GItem, (Below, &'static str)>,
    /// What stands where besides definitions.
    others: Vec<(Below, Other)>,
    /// Items in the order in which they were placed, those aside that were taken.
    placed: VecDeque<GItem>,
}

/// What stands at a path besides definitions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Other {
    /// An item, a variant or a module of the crate, by another name.
    Alias(Def, &'static str),
    /// Something of another crate.
    Foreign(Vec<Name>, &'static str),
    /// All that a module of another crate has.
    ForeignGlob(Vec<Name>),
    /// All variants of an enum.
    Variants(GItem),
}

/// What other crates see in a module.
#[derive(Default)]
struct Scope {
    /// By name, types before values.
    names: BTreeMap<(&'static str, bool), Def>,
    foreign: Vec<Vec<Name>>,
    variants: Vec<GItem>,
}

/// An item at a path by which others may name it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    depth: usize,
    is_elsewhere: bool,
    path: Below,
    name: &'static str,
    item: GItem,
}

impl<'p> Surface<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let mut homes: FxHashMap<ModId, Vec<GItem>> = FxHashMap::default();
        for item in program.items().filter(|item| program.parent(*item).is_none()) {
            homes.entry(program.home(item)).or_default().push(item);
        }
        Self {
            program,
            homes,
            modules: FxHashMap::default(),
            items: FxHashMap::default(),
            others: Vec::new(),
            placed: VecDeque::new(),
        }
    }

    /// Goes through the modules that others may name, the nearest first, and gives every item its shortest path; of
    /// several as short the one at which it is defined, or else the first.
    pub(super) fn explore(&mut self, root: ModId) {
        let mut open = BTreeSet::from([(0, Below::new(), root)]);
        let mut shown = Vec::new();
        while let Some((depth, path, module)) = open.pop_first() {
            if self.modules.contains_key(&module) {
                self.alias(path, Def::Mod(module));
                continue;
            }
            self.modules.insert(module, path.clone());
            let mut scope = Scope::default();
            self.see(module, &mut scope, &mut Vec::new());
            for ((name, _), def) in scope.names {
                match def {
                    Def::Mod(inner) => _ = open.insert((depth + 1, extended(&path, name), inner)),
                    Def::Item(item) => {
                        let is_elsewhere = self.program.home(item) != module;
                        shown.push(Shown { depth, is_elsewhere, path: path.clone(), name, item });
                    }
                    Def::Variant(..) => self.others.push((path.clone(), Other::Alias(def, name))),
                    Def::External(at) => {
                        let names = self.program.externals[at as usize].clone();
                        self.others.push((path.clone(), Other::Foreign(names, name)));
                    }
                }
            }
            let globs = scope.foreign.into_iter().map(Other::ForeignGlob);
            let globs = globs.chain(scope.variants.into_iter().map(Other::Variants));
            self.others.extend(globs.map(|other| (path.clone(), other)));
        }
        shown.sort();
        shown.into_iter().for_each(|one| self.show(one));
    }

    fn show(&mut self, shown: Shown) {
        let Shown { path, name, item, .. } = shown;
        match self.items.get(&item) {
            None => self.place(item, path, name),
            Some(at) if at.0 == path && at.1 == name => {}
            Some(_) => self.others.push((path, Other::Alias(Def::Item(item), name))),
        }
    }

    /// What has a path already, by another one.
    fn alias(&mut self, mut path: Below, def: Def) {
        if let Some(name) = path.pop() {
            self.others.push((path, Other::Alias(def, name)));
        }
    }

    fn place(&mut self, item: GItem, path: Below, name: &'static str) {
        self.items.insert(item, (path, name));
        self.placed.push_back(item);
    }

    /// The next item that was placed and not taken yet.
    pub(super) fn next(&mut self) -> Option<GItem> {
        self.placed.pop_front()
    }

    /// What stands where besides definitions.
    pub(super) fn others(&mut self) -> Vec<(Below, Other)> {
        std::mem::take(&mut self.others)
    }

    /// Whether an item was placed.
    pub(super) fn has(&self, item: GItem) -> bool {
        self.items.contains_key(&item)
    }

    /// Where an item is, and its name there. One that others may not name is where it was defined.
    pub(super) fn at(&mut self, item: GItem) -> (Below, &'static str) {
        if !self.has(item) {
            let path = self.module(self.program.home(item));
            self.place(item, path, self.program.item(item).name.as_str());
        }
        self.items[&item].clone()
    }

    /// Where a module is.
    pub(super) fn module(&self, module: ModId) -> Below {
        if let Some(path) = self.modules.get(&module) {
            return path.clone();
        }
        let module = &self.program.modules[module.0 as usize];
        let outer = module.parent.map(|parent| self.module(parent)).unwrap_or_default();
        extended(&outer, module.name.as_str())
    }

    /// What other crates see in a module: what is `pub` there and what `pub use` brings in by name, then by globs.
    fn see(&self, module: ModId, scope: &mut Scope, seen: &mut Vec<ModId>) {
        if seen.contains(&module) {
            return;
        }
        seen.push(module);
        let program = self.program;
        let own = self.homes.get(&module).map(|items| &items[..]).unwrap_or_default();
        let mut globs = Vec::new();
        for item in own.iter().map(|item| program.item(*item)).filter(|item| item.public) {
            match &item.kind {
                ItemKind::Use(imports) => {
                    imports.iter().filter_map(|i| i.alias).for_each(|name| self.named(module, name, scope));
                    globs.extend(imports.iter().filter(|import| import.glob).map(|import| import.path));
                }
                ItemKind::Impl(_) | ItemKind::MacroRules(_) | ItemKind::MacroCall(..) => {}
                _ => self.named(module, item.name, scope),
            }
        }
        for path in globs {
            match program.resolve(module, &path, Namespace::Type) {
                Resolution::Def(Def::Mod(inner), 0) => self.see(inner, scope, seen),
                Resolution::Def(Def::Item(item), 0) => scope.variants.push(item),
                Resolution::External(names) => scope.foreign.push(names),
                _ => {}
            }
        }
    }

    /// What a name means in its module, as a type and as a value; what was there before stays.
    fn named(&self, module: ModId, name: Name, scope: &mut Scope) {
        let module = &self.program.modules[module.0 as usize];
        for (is_value, table) in [(false, &module.types), (true, &module.values)] {
            if let Some(def) = table.get(&name) {
                scope.names.entry((name.as_str(), is_value)).or_insert(*def);
            }
        }
    }
}

fn extended(path: &[&'static str], name: &'static str) -> Below {
    path.iter().copied().chain([name]).collect()
}
