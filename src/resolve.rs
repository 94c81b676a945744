//! From units to a program: crates, modules and names. Answers what a path means; knows no types and no code.
//!
//! A name that leads out of what was read is not lost: it resolves to [`Def::External`], the path as the code would
//! write it in full, because notices and models name functions of crates whose source nobody has.

mod build;
mod builds;
mod by_name;
mod decided;
mod held;
mod imports;
mod lookup;

pub use build::{Build, CrateInput, ProgramInput, UnitInput, link, module_files};

use rustc_hash::FxHashMap;

use by_name::ByName;

use crate::ir::{Body, Cfg, Import, Item, ItemId, ItemKind, Range, Unit};
use crate::name::Name;
use crate::source::{FileId, Span};

/// An item of the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct GItem(pub u32);

/// A module: of a file, inline, or of a block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModId(pub u32);

/// A crate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CrateId(pub u32);

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Def {
    /// A module or the root of a crate.
    Mod(ModId),
    /// An item.
    Item(GItem),
    /// A variant of an enum.
    Variant(GItem, u16),
    /// Something outside, by index into [`Program::externals`].
    External(u32),
}

/// Which names are looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Namespace {
    /// Modules, types, traits.
    Type,
    /// Functions, constants, constructors.
    Value,
}

/// What a path means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// A definition, and how many trailing segments it does not cover (`Type::method`: 1).
    Def(Def, usize),
    /// A path out of the program, in full.
    External(Vec<Name>),
    /// Nothing known.
    Unknown,
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// Its name; the crate's for a root.
    pub name: Name,
    /// The module around it.
    pub parent: Option<ModId>,
    /// Its crate.
    pub krate: CrateId,
    /// Whether it is the scope of a body.
    pub block: bool,
    /// The conditions of its declaration, and of those of the modules around it.
    pub cfg: Vec<Cfg>,
    /// Types and modules by name.
    pub types: FxHashMap<Name, Def>,
    /// Values by name.
    pub values: FxHashMap<Name, Def>,
    /// Modules and enums imported whole.
    pub globs: Vec<Def>,
    /// What is imported without a name: traits, for their methods.
    pub unnamed: Vec<Def>,
    imports: Vec<Import>,
}

/// A crate.
#[derive(Debug)]
pub struct Crate {
    /// Its extern name.
    pub name: Name,
    /// Its root module.
    pub root: ModId,
    /// Which package it belongs to; `None` for crates known from models.
    pub package: Option<u32>,
    /// Whether its declarations were read from its sources, which say nothing of what data does there.
    pub read: bool,
    /// Crates that it may name.
    pub dependencies: FxHashMap<Name, Dependency>,
}

/// What an extern name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// A crate of the program, or one that models declare.
    Known(CrateId),
    /// One whose source is not at hand.
    External,
}

/// A unit in the program.
#[derive(Debug)]
pub struct UnitInfo {
    /// Its items.
    pub unit: Unit,
    /// Its file.
    pub file: FileId,
    /// The global id of its first item.
    pub base: u32,
    /// Whether it holds declarations of a model.
    pub model: bool,
}

/// All that was read, linked.
#[derive(Debug, Default)]
pub struct Program {
    /// Units.
    pub units: Vec<UnitInfo>,
    /// Modules.
    pub modules: Vec<Module>,
    /// Crates.
    pub crates: Vec<Crate>,
    /// Paths that lead out.
    pub externals: Vec<Vec<Name>>,
    external_ids: FxHashMap<Vec<Name>, u32>,
    /// For each item: its unit and its place there.
    places: Vec<(u32, ItemId)>,
    /// For each item: the module that it stands in.
    homes: Vec<ModId>,
    /// For each item: whether it takes part.
    live: Vec<bool>,
    /// For each item: the impl or trait around it.
    parents: Vec<Option<GItem>>,
    /// The code of each item that has some.
    bodies: Vec<Option<Box<Body>>>,
    /// Module of the items that a body declares.
    block_modules: FxHashMap<GItem, ModId>,
    named: ByName,
    std: Option<CrateId>,
    prelude: Option<ModId>,
    /// Modules of `mod x;` whose file was not found.
    pub missing_modules: Vec<Span>,
}

impl Program {
    /// Items of a name, in order.
    #[must_use]
    pub fn items_named(&self, name: Name) -> &[GItem] {
        self.named.items(name)
    }

    /// Items of the same kind, name and module that take part as well: arms of `cfg`s that exclude each other. Paths lead
    /// to the first of them.
    pub fn alternatives(&self, id: GItem) -> impl Iterator<Item = GItem> + '_ {
        let item = self.item(id);
        let is_other = move |other: GItem| {
            other != id
                && self.is_live(other)
                && self.parent(other).is_none()
                && self.home(other) == self.home(id)
                && std::mem::discriminant(&self.item(other).kind) == std::mem::discriminant(&item.kind)
        };
        self.items_named(item.name).iter().copied().filter(move |other| is_other(*other))
    }

    /// The root module of std's declarations.
    #[must_use]
    pub fn std_root(&self) -> Option<ModId> {
        self.std.map(|s| self.crates[s.0 as usize].root)
    }

    /// How many items there are.
    #[must_use]
    pub fn item_count(&self) -> usize {
        self.places.len()
    }

    /// All items that take part, in order; those that were not kept are left out.
    pub fn items(&self) -> impl Iterator<Item = GItem> + '_ {
        (0..self.places.len() as u32).map(GItem).filter(|id| self.is_live(*id))
    }

    /// Whether an item takes part: its file belongs to a crate, and neither `cfg` nor the run leaves it out.
    #[must_use]
    pub fn is_live(&self, id: GItem) -> bool {
        self.live[id.0 as usize]
    }

    /// An item.
    #[must_use]
    pub fn item(&self, id: GItem) -> &Item {
        let (unit, item) = self.places[id.0 as usize];
        &self.units[unit as usize].unit.items[item.0 as usize]
    }

    /// The unit that holds an item.
    #[must_use]
    pub fn unit_of(&self, id: GItem) -> &UnitInfo {
        &self.units[self.places[id.0 as usize].0 as usize]
    }

    /// A neighbour of an item, by the id that its unit uses.
    #[must_use]
    pub fn sibling(&self, of: GItem, local: ItemId) -> GItem {
        GItem(self.unit_of(of).base + local.0)
    }

    /// The module around an item.
    #[must_use]
    pub fn home(&self, id: GItem) -> ModId {
        self.homes[id.0 as usize]
    }

    /// The impl or trait around an item.
    #[must_use]
    pub fn parent(&self, id: GItem) -> Option<GItem> {
        self.parents[id.0 as usize]
    }

    /// The crate of an item.
    #[must_use]
    pub fn crate_of(&self, id: GItem) -> CrateId {
        self.modules[self.home(id).0 as usize].krate
    }

    /// The package of an item; `None` for declarations of models.
    #[must_use]
    pub fn package_of(&self, id: GItem) -> Option<u32> {
        self.crates[self.crate_of(id).0 as usize].package
    }

    /// A span in the item's file.
    #[must_use]
    pub fn span(&self, of: GItem, range: Range) -> Span {
        Span::new(self.unit_of(of).file, range.0, range.1)
    }

    /// The code of an item.
    #[must_use]
    pub fn body(&self, id: GItem) -> Option<&Body> {
        self.bodies.get(id.0 as usize)?.as_deref()
    }

    /// All items with code, in order.
    #[must_use]
    pub fn with_bodies(&self) -> Vec<GItem> {
        let mut ids: Vec<GItem> =
            self.items().filter(|i| self.is_live(*i) && self.body(*i).is_some()).collect();
        ids.sort_unstable();
        ids
    }

    /// The module in which paths of an item's code are looked up.
    #[must_use]
    pub fn scope_of_body(&self, id: GItem) -> ModId {
        self.block_modules.get(&id).copied().unwrap_or_else(|| self.home(id))
    }

    /// Whether an item is a declaration of a model.
    #[must_use]
    pub fn is_model(&self, id: GItem) -> bool {
        self.unit_of(id).model
    }

    /// Whether an item is a declaration of a crate of which no model speaks.
    #[must_use]
    pub fn is_read(&self, id: GItem) -> bool {
        self.crates[self.crate_of(id).0 as usize].read
    }

    /// Whether an item is a declaration of std.
    #[must_use]
    pub fn is_std(&self, id: GItem) -> bool {
        self.std == Some(self.crate_of(id))
    }

    /// The path of a module, crate first.
    #[must_use]
    pub fn module_path(&self, id: ModId) -> Vec<Name> {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some(m) = at {
            let module = &self.modules[m.0 as usize];
            if !module.block {
                path.push(module.name);
            }
            at = module.parent;
        }
        path.reverse();
        path
    }

    /// The path of an item as code would write it in full: a method's goes through its type (or trait).
    #[must_use]
    pub fn path(&self, id: GItem) -> Vec<Name> {
        let mut path = self.module_path(self.home(id));
        if let Some(parent) = self.parent(id) {
            match &self.item(parent).kind {
                ItemKind::Impl(imp) => {
                    let name = type_name(&imp.self_ty);
                    match self.self_type_path(parent) {
                        Some(of_type) => path = of_type,
                        None if path.last() != name.as_ref() => path.extend(name),
                        None => {}
                    }
                }
                _ => path.push(self.item(parent).name),
            }
        }
        path.push(self.item(id).name);
        path
    }

    /// The path of the trait that an impl is of.
    #[must_use]
    pub fn trait_path(&self, imp: GItem) -> Option<Vec<Name>> {
        let ItemKind::Impl(decl) = &self.item(imp).kind else { return None };
        match self.resolve(self.home(imp), decl.trait_.as_ref()?, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) => Some(self.path(item)),
            Resolution::External(path) => Some(path),
            _ => None,
        }
    }

    /// The path of the type that an impl is for.
    fn self_type_path(&self, imp: GItem) -> Option<Vec<Name>> {
        let ItemKind::Impl(decl) = &self.item(imp).kind else { return None };
        let crate::ir::TypeRef::Path(path) = peel(&decl.self_ty) else { return None };
        match self.resolve(self.home(imp), path, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) if item != imp => Some(self.path(item)),
            Resolution::External(path) => Some(path),
            _ => None,
        }
    }
}

fn peel(ty: &crate::ir::TypeRef) -> &crate::ir::TypeRef {
    match ty {
        crate::ir::TypeRef::Ref(inner, _) => peel(inner),
        other => other,
    }
}

/// The last name of a type as written.
fn type_name(ty: &crate::ir::TypeRef) -> Option<Name> {
    match peel(ty) {
        crate::ir::TypeRef::Path(p) => p.last(),
        crate::ir::TypeRef::Slice(_) | crate::ir::TypeRef::Array(_) => Some(Name::new("slice")),
        crate::ir::TypeRef::Dyn(bounds) => bounds.first()?.path.last(),
        _ => None,
    }
}
