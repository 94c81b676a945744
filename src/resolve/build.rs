//! Linking: module trees from files, scopes from items, imports to a fixpoint.

use std::path::{Path as FsPath, PathBuf};

use rustc_hash::FxHashMap;

use super::by_name::ByName;
use super::{Crate, CrateId, Def, Dependency, GItem, ModId, Module, Program, UnitInfo};
use crate::ir::{Body, Import, ItemId, ItemKind, Shared, Unit};
use crate::lower::Parent;
use crate::name::Name;
use crate::source::{FileId, Span};

/// One file with all that was lowered from it. Units are numbered from 0, the file's own.
#[derive(Debug)]
pub struct UnitInput {
    /// The file.
    pub file: FileId,
    /// Where it lies.
    pub path: PathBuf,
    /// Its items.
    pub unit: Unit,
    /// More units with their places.
    pub extras: Vec<(Unit, Parent)>,
    /// Code.
    pub bodies: Vec<(u32, ItemId, Body)>,
    /// Whether it holds declarations of a model.
    pub model: bool,
}

/// A crate to be built.
#[derive(Debug, Clone)]
pub struct CrateInput {
    /// Its extern name.
    pub name: Name,
    /// Its package.
    pub package: Option<u32>,
    /// Whether its declarations were read from its sources, where no model speaks of it.
    pub read: bool,
    /// Its root files, by index into the units (models may have several).
    pub roots: Vec<usize>,
    /// Extern names, and the crates that they mean (`None`: not at hand).
    pub dependencies: Vec<(Name, Option<usize>)>,
}

/// What is linked.
#[derive(Debug, Default)]
pub struct ProgramInput {
    /// Files.
    pub units: Vec<UnitInput>,
    /// Crates.
    pub crates: Vec<CrateInput>,
    /// Which crate declares `std`.
    pub std: Option<usize>,
    /// Files that stand where a macro names them (`include!`): the unit and the call, and the unit that is meant.
    pub includes: FxHashMap<(usize, ItemId), usize>,
    /// Folders of the modules of root files that do not lie beside them.
    pub root_dirs: FxHashMap<usize, PathBuf>,
}

/// How packages are built.
pub trait Build {
    /// Whether an item takes part, as `cfg` has it, and tests.
    fn keeps(&self, item: &crate::ir::Item, package: u32) -> bool;

    /// Whether a condition holds in code; `None` where it may or may not.
    fn holds(&self, condition: &crate::ir::Cfg, package: u32) -> Option<bool>;
}

/// Links a program. What is not built takes no part.
#[must_use]
pub fn link(input: ProgramInput, build: &dyn Build) -> Program {
    let mut builder = Builder::new(input, build);
    builder.crates();
    builder.extras();
    builder.prelude();
    builder.branches();
    super::imports::settle(&mut builder.program);
    builder.program
}

struct FileUnit {
    /// First unit of the file in the program.
    first: u32,
    path: PathBuf,
}

struct Builder<'a> {
    program: Program,
    files: Vec<FileUnit>,
    by_path: FxHashMap<PathBuf, usize>,
    claimed: FxHashMap<usize, ModId>,
    /// For each module: the folder in which the files of its modules lie.
    dirs: Vec<PathBuf>,
    crates: Vec<CrateInput>,
    extra_parents: Vec<(u32, Parent, u32)>,
    includes: FxHashMap<(usize, ItemId), usize>,
    root_dirs: FxHashMap<usize, PathBuf>,
    build: &'a dyn Build,
    std: Option<usize>,
}

impl<'a> Builder<'a> {
    fn new(input: ProgramInput, build: &'a dyn Build) -> Self {
        let mut b = Builder {
            program: Program::default(),
            files: Vec::new(),
            by_path: FxHashMap::default(),
            claimed: FxHashMap::default(),
            dirs: Vec::new(),
            crates: input.crates,
            extra_parents: Vec::new(),
            includes: input.includes,
            root_dirs: input.root_dirs,
            build,
            std: input.std,
        };
        for unit in input.units {
            b.file(unit);
        }
        let named = b.program.units.iter().flat_map(|unit| unit.unit.items.iter().map(|item| item.name));
        b.program.named = ByName::new(named);
        b
    }

    /// Gives the units of a file their global ids.
    fn file(&mut self, input: UnitInput) {
        let first = self.program.units.len() as u32;
        let index = self.files.len();
        self.by_path.insert(input.path.clone(), index);
        self.files.push(FileUnit { first, path: input.path });
        self.unit(input.unit, input.file, input.model);
        for (unit, parent) in input.extras {
            let at = self.program.units.len() as u32;
            self.unit(unit, input.file, input.model);
            self.extra_parents.push((first, parent, at));
        }
        for (unit, item, mut body) in input.bodies {
            let id = GItem(self.program.units[(first + unit) as usize].base + item.0);
            body.block_unit = body.block_unit.map(|u| first + u);
            self.program.bodies[id.0 as usize] = Some(Box::new(body));
        }
    }

    fn unit(&mut self, unit: Unit, file: FileId, model: bool) {
        let p = &mut self.program;
        let (index, base) = (p.units.len() as u32, p.places.len() as u32);
        p.places.extend((0..unit.items.len() as u32).map(|i| (index, ItemId(i))));
        p.homes.extend(unit.items.iter().map(|_| ModId(0)));
        p.live.extend(unit.items.iter().map(|_| false));
        p.parents.extend(unit.items.iter().map(|_| None));
        p.bodies.extend(unit.items.iter().map(|_| None));
        for (i, item) in unit.items.iter().enumerate() {
            let children: &[ItemId] = match &item.kind {
                ItemKind::Impl(imp) => &imp.items,
                ItemKind::Trait(_, _, items) => items,
                _ => &[],
            };
            for child in children {
                p.parents[(base + child.0) as usize] = Some(GItem(base + i as u32));
            }
        }
        p.units.push(UnitInfo { unit, file, base, model });
    }

    fn crates(&mut self) {
        for index in 0..self.crates.len() {
            let input = self.crates[index].clone();
            let id = CrateId(index as u32);
            let root = self.module(input.name, None, id, false);
            self.program.crates.push(Crate {
                name: input.name,
                root,
                package: input.package,
                read: input.read,
                dependencies: FxHashMap::default(),
            });
            for file in input.roots {
                self.claim_root(file, root);
            }
        }
        for index in 0..self.crates.len() {
            let dependencies = std::mem::take(&mut self.crates[index].dependencies);
            for (name, target) in dependencies {
                let dependency = match target {
                    Some(t) => Dependency::Known(CrateId(t as u32)),
                    None => {
                        self.program.external(vec![name]);
                        Dependency::External
                    }
                };
                self.program.crates[index].dependencies.insert(name, dependency);
            }
        }
        self.program.std = self.std.map(|s| CrateId(s as u32));
    }

    fn claim_root(&mut self, file: usize, root: ModId) {
        if self.claimed.contains_key(&file) {
            return;
        }
        self.claimed.insert(file, root);
        let beside = || self.files[file].path.parent().map(FsPath::to_path_buf).unwrap_or_default();
        let dir = self.root_dirs.remove(&file).unwrap_or_else(beside);
        let unit = self.files[file].first;
        let top = self.program.units[unit as usize].unit.top.clone();
        self.declare(unit, &top, root, &dir);
    }

    fn module(&mut self, name: Name, parent: Option<ModId>, krate: CrateId, block: bool) -> ModId {
        self.program.modules.push(Module {
            name,
            parent,
            krate,
            block,
            cfg: parent.map(|parent| self.program.modules[parent.0 as usize].cfg.clone()).unwrap_or_default(),
            types: FxHashMap::default(),
            values: FxHashMap::default(),
            globs: Vec::new(),
            unnamed: Vec::new(),
            imports: Vec::new(),
        });
        self.dirs.push(PathBuf::new());
        ModId(self.program.modules.len() as u32 - 1)
    }

    /// Enters items of a unit into a module; `dir` is where the module's child files lie.
    fn declare(&mut self, unit: u32, items: &[ItemId], module: ModId, dir: &FsPath) {
        self.dirs[module.0 as usize] = dir.to_path_buf();
        for id in items {
            let base = self.program.units[unit as usize].base;
            let item = GItem(base + id.0);
            let package = self.program.crates.get(self.program.modules[module.0 as usize].krate.0 as usize);
            let package = package.and_then(|c| c.package).unwrap_or(u32::MAX);
            if !self.build.keeps(self.program.item(item), package) {
                self.drop_bodies(item);
                continue;
            }
            self.declare_item(unit, item, module, dir);
        }
    }

    /// What takes no part has no code either.
    fn drop_bodies(&mut self, item: GItem) {
        self.program.bodies[item.0 as usize] = None;
        for child in self.children(item) {
            self.drop_bodies(child);
        }
    }

    fn drop_unit(&mut self, unit: u32) {
        let info = &self.program.units[unit as usize];
        for item in info.base..info.base + info.unit.items.len() as u32 {
            self.program.bodies[item as usize] = None;
        }
    }

    /// What an impl, a trait or an inline module holds.
    fn children(&self, item: GItem) -> Vec<GItem> {
        let list: &[ItemId] = match &self.program.item(item).kind {
            ItemKind::Mod(Some(items)) => items,
            _ => return self.members(item),
        };
        list.iter().map(|c| self.program.sibling(item, *c)).collect()
    }

    /// What an impl or a trait holds.
    fn members(&self, item: GItem) -> Vec<GItem> {
        let list: &[ItemId] = match &self.program.item(item).kind {
            ItemKind::Impl(imp) => &imp.items,
            ItemKind::Trait(_, _, items) => items,
            _ => &[],
        };
        list.iter().map(|c| self.program.sibling(item, *c)).collect()
    }

    fn declare_item(&mut self, unit: u32, item: GItem, module: ModId, dir: &FsPath) {
        self.program.homes[item.0 as usize] = module;
        self.program.live[item.0 as usize] = true;
        let name = self.program.item(item).name;
        for child in self.members(item) {
            self.program.homes[child.0 as usize] = module;
            let package = self.program.package_of(item).unwrap_or(u32::MAX);
            let kept = self.build.keeps(self.program.item(child), package);
            self.program.live[child.0 as usize] = kept;
            if !kept {
                self.drop_bodies(child);
            }
        }
        let def = Def::Item(item);
        let (types, values) = match &self.program.item(item).kind {
            ItemKind::Mod(_) => {
                self.child_module(unit, item, module, dir);
                return;
            }
            ItemKind::Use(imports) => {
                let imports = imports.clone();
                self.program.modules[module.0 as usize].imports.extend(imports);
                return;
            }
            ItemKind::ExternCrate(krate) => {
                let path = crate::ir::Path { global: true, ..crate::ir::Path::plain(*krate) };
                let import = Import { path: Shared::new(path), alias: Some(name), glob: false };
                self.program.modules[module.0 as usize].imports.push(import);
                return;
            }
            ItemKind::MacroCall(..) => {
                self.include(unit, item, module);
                return;
            }
            ItemKind::Struct(_, fields) => (true, fields.tuple || fields.list.is_empty()),
            ItemKind::Enum(..) | ItemKind::Trait(..) | ItemKind::Alias(..) => (true, false),
            ItemKind::Fn(_) | ItemKind::Const(_) => (false, true),
            _ => (false, false),
        };
        let scope = &mut self.program.modules[module.0 as usize];
        if types {
            scope.types.entry(name).or_insert(def);
        }
        if values {
            scope.values.entry(name).or_insert(def);
        }
    }

    /// Enters the items of an included file where the call stands.
    fn include(&mut self, unit: u32, item: GItem, module: ModId) {
        let file = self.files.partition_point(|f| f.first <= unit) - 1;
        let call = ItemId(item.0 - self.program.units[unit as usize].base);
        let Some(included) = self.includes.get(&(file, call)).filter(|_| self.files[file].first == unit)
        else {
            return;
        };
        let included = *included;
        if self.claimed.insert(included, module).is_some() {
            return;
        }
        let dir = self.files[included].path.parent().map(FsPath::to_path_buf).unwrap_or_default();
        let first = self.files[included].first;
        let top = self.program.units[first as usize].unit.top.clone();
        self.declare(first, &top, module, &dir);
    }

    fn child_module(&mut self, unit: u32, item: GItem, parent: ModId, dir: &FsPath) {
        let it = self.program.item(item);
        let (name, path_attr) = (it.name, it.attrs.get().and_then(|a| a.path));
        let inline = match &it.kind {
            ItemKind::Mod(Some(children)) => Some(children.clone()),
            _ => None,
        };
        if let Some(children) = inline {
            // Declarations of a model come in several files; modules of one name are one.
            let known = self.program.modules[parent.0 as usize].types.get(&name).copied();
            let child = match known {
                Some(Def::Mod(m)) => m,
                _ => self.declared_module(item, parent),
            };
            self.program.modules[parent.0 as usize].types.insert(name, Def::Mod(child));
            let dir = path_attr.map_or_else(|| dir.join(name.as_str()), |p| dir.join(p.as_str()));
            self.declare(unit, &children, child, &dir);
            return;
        }
        let Some((file, child_dir)) = self.find_file(unit, dir, name, path_attr) else {
            let range = self.program.item(item).name_range;
            let span: Span = self.program.span(item, range);
            self.program.missing_modules.push(span);
            return;
        };
        if let Some(known) = self.claimed.get(&file) {
            self.program.modules[parent.0 as usize].types.insert(name, Def::Mod(*known));
            return;
        }
        let child = self.declared_module(item, parent);
        self.program.modules[parent.0 as usize].types.insert(name, Def::Mod(child));
        self.claimed.insert(file, child);
        let first = self.files[file].first;
        let top = self.program.units[first as usize].unit.top.clone();
        self.declare(first, &top, child, &child_dir);
    }

    fn declared_module(&mut self, item: GItem, parent: ModId) -> ModId {
        let krate = self.program.modules[parent.0 as usize].krate;
        let declared = self.program.item(item);
        let own = declared.attrs.get().map(|attrs| attrs.cfg.clone()).unwrap_or_default();
        let module = self.module(declared.name, Some(parent), krate, false);
        self.program.modules[module.0 as usize].cfg.extend(own);
        module
    }

    fn find_file(&self, unit: u32, dir: &FsPath, name: Name, attr: Option<Name>) -> Option<(usize, PathBuf)> {
        let here = self.files[self.files.partition_point(|f| f.first <= unit) - 1].path.parent();
        let candidates = module_files(here.unwrap_or(dir), dir, name, attr);
        candidates.into_iter().find_map(|(file, dir)| Some((*self.by_path.get(&file)?, dir)))
    }

    /// Units that macros and bodies made: beside their call, or in a scope of their own. Such a unit may declare the
    /// file in which the next one is called, so this goes on until no more of them take part.
    fn extras(&mut self) {
        let mut open = std::mem::take(&mut self.extra_parents);
        loop {
            let before = open.len();
            open.retain(|(first, parent, at)| !self.extra(*first, *parent, *at));
            if open.len() == before {
                break;
            }
        }
        for (_, _, at) in open {
            self.drop_unit(at);
        }
    }

    /// Enters one such unit; `false` as long as what made it takes no part.
    fn extra(&mut self, first: u32, parent: Parent, at: u32) -> bool {
        let (unit, item, block) = match parent {
            Parent::Body(u, i) => (first + u, i, true),
            Parent::Beside(u, i) => (first + u, i, false),
        };
        let owner = GItem(self.program.units[unit as usize].base + item.0);
        if !self.program.is_live(owner) {
            return false;
        }
        let home = self.program.homes[owner.0 as usize];
        let krate = self.program.modules[home.0 as usize].krate;
        let module = if block { self.module(Name::new(""), Some(home), krate, true) } else { home };
        if block {
            self.program.block_modules.insert(owner, module);
        }
        let dir = self.dirs[home.0 as usize].clone();
        let top = self.program.units[at as usize].unit.top.clone();
        self.declare(at, &top, module, &dir);
        true
    }

    /// Of branches on `cfg!(…)` those stay that are built.
    fn branches(&mut self) {
        let mut bodies = std::mem::take(&mut self.program.bodies);
        for (at, body) in bodies.iter_mut().enumerate() {
            let Some(body) = body.as_deref_mut() else { continue };
            if let Some(package) = self.program.package_of(GItem(at as u32)) {
                super::decided::settle(body, &|condition| self.build.holds(condition, package));
            }
        }
        self.program.bodies = bodies;
    }

    fn prelude(&mut self) {
        let Some(std) = self.program.std else { return };
        let root = self.program.crates[std.0 as usize].root;
        let names = [Name::new("prelude"), Name::new("v1")];
        let mut at = Def::Mod(root);
        for name in names {
            let Def::Mod(m) = at else { return };
            let Some(next) = self.program.modules[m.0 as usize].types.get(&name) else { return };
            at = *next;
        }
        if let Def::Mod(m) = at {
            self.program.prelude = Some(m);
        }
    }
}

/// Where the file of `mod name;` may lie, each with the folder of the modules that it declares in turn. `here` is the
/// folder of the file that declares it, `dir` the folder of the declaring module, `attr` what `#[path]` says.
#[must_use]
pub fn module_files(here: &FsPath, dir: &FsPath, name: Name, attr: Option<Name>) -> Vec<(PathBuf, PathBuf)> {
    if let Some(path) = attr {
        let file = normal(&here.join(path.as_str()));
        let dir = file.parent().unwrap_or(here).to_path_buf();
        return vec![(file, dir)];
    }
    let own = dir.join(name.as_str());
    vec![(dir.join(format!("{name}.rs")), own.clone()), (own.join("mod.rs"), own)]
}

/// `a/../b` without asking the disk.
fn normal(path: &FsPath) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}
