//! Looking up names and paths in a linked program.

use super::{Def, Dependency, GItem, ModId, Module, Namespace, Program, Resolution};
use crate::ir::{ItemKind, Path};
use crate::name::Name;

/// Glob imports may form cycles; deeper chains than this do not occur.
const MAX_GLOBS: usize = 24;

impl Program {
    /// What a path means in a module.
    #[must_use]
    pub fn resolve(&self, module: ModId, path: &Path, ns: Namespace) -> Resolution {
        if path.qself.is_some() {
            return Resolution::Unknown;
        }
        let names: smallvec::SmallVec<[Name; 6]> = path.segments.iter().map(|s| s.name).collect();
        self.resolve_names(module, &names, path.global, ns)
    }

    /// The same for plain names.
    #[must_use]
    pub fn resolve_names(&self, module: ModId, names: &[Name], global: bool, ns: Namespace) -> Resolution {
        let Some((first, rest)) = names.split_first() else { return Resolution::Unknown };
        let first_ns = if rest.is_empty() { ns } else { Namespace::Type };
        let start =
            if global { self.extern_crate(module, *first) } else { self.first(module, *first, first_ns) };
        // `use anyhow::anyhow` brings in a macro: the crate keeps its name before `::`.
        let krate = || self.extern_crate(module, *first).filter(|def| matches!(def, Def::Mod(_)));
        let start = match start {
            Some(Def::External(_)) if !rest.is_empty() => krate().or(start),
            other => other,
        };
        match start {
            Some(def) => self.descend(def, rest, ns),
            None if rest.is_empty() => Resolution::Unknown,
            None if first.as_str().starts_with(char::is_lowercase) => Resolution::External(names.to_vec()),
            None => Resolution::Unknown,
        }
    }

    fn first(&self, module: ModId, name: Name, ns: Namespace) -> Option<Def> {
        match name {
            Name::CRATE | Name::DOLLAR_CRATE => return Some(Def::Mod(self.root_of(module))),
            Name::SELF => return Some(Def::Mod(self.real(module))),
            Name::SUPER => {
                let here = self.real(module);
                return self.modules[here.0 as usize].parent.map(|p| Def::Mod(self.real(p)));
            }
            _ => {}
        }
        self.lexical(module, name, ns)
    }

    /// The module around a block.
    fn real(&self, mut module: ModId) -> ModId {
        while let Module { block: true, parent: Some(parent), .. } = &self.modules[module.0 as usize] {
            module = *parent;
        }
        module
    }

    fn root_of(&self, module: ModId) -> ModId {
        self.crates[self.modules[module.0 as usize].krate.0 as usize].root
    }

    /// A bare name: the scopes around it, then crates, then the prelude.
    #[must_use]
    pub fn lexical(&self, module: ModId, name: Name, ns: Namespace) -> Option<Def> {
        let mut at = module;
        loop {
            if let Some(def) = self.member(at, name, ns) {
                return Some(def);
            }
            match &self.modules[at.0 as usize] {
                Module { block: true, parent: Some(parent), .. } => at = *parent,
                _ => break,
            }
        }
        if ns == Namespace::Type
            && let Some(def) = self.extern_crate(module, name)
        {
            return Some(def);
        }
        self.prelude.and_then(|p| self.member(p, name, ns))
    }

    /// Whether code in a module sees a trait, by any name.
    #[must_use]
    pub fn sees(&self, module: ModId, trait_: GItem) -> bool {
        let (def, name) = (Def::Item(trait_), self.item(trait_).name);
        let mut around = std::iter::successors(Some(module), |at| {
            let at = &self.modules[at.0 as usize];
            at.parent.filter(|_| at.block)
        });
        self.lexical(module, name, Namespace::Type) == Some(def)
            || around.any(|at| {
                let at = &self.modules[at.0 as usize];
                at.unnamed.contains(&def) || at.types.values().any(|known| *known == def)
            })
    }

    fn extern_crate(&self, module: ModId, name: Name) -> Option<Def> {
        let krate = &self.crates[self.modules[module.0 as usize].krate.0 as usize];
        match krate.dependencies.get(&name) {
            Some(Dependency::Known(id)) => Some(Def::Mod(self.crates[id.0 as usize].root)),
            Some(Dependency::External) => self.external_crate(name),
            None if matches!(name.as_str(), "std" | "core" | "alloc") => {
                self.std.map(|s| Def::Mod(self.crates[s.0 as usize].root))
            }
            None if name == krate.name => Some(Def::Mod(krate.root)),
            None => None,
        }
    }

    fn external_crate(&self, name: Name) -> Option<Def> {
        self.external_ids.get(&[name][..]).map(|i| Def::External(*i))
    }

    /// A name in a module, through its imports and globs.
    #[must_use]
    pub fn member(&self, module: ModId, name: Name, ns: Namespace) -> Option<Def> {
        self.member_within(module, name, ns, &mut Vec::new())
    }

    fn member_within(&self, module: ModId, name: Name, ns: Namespace, seen: &mut Vec<ModId>) -> Option<Def> {
        let m = &self.modules[module.0 as usize];
        let own = match ns {
            Namespace::Type => m.types.get(&name),
            Namespace::Value => m.values.get(&name),
        };
        if own.is_some() {
            return own.copied();
        }
        if m.globs.is_empty() || seen.len() > MAX_GLOBS || seen.contains(&module) {
            return None;
        }
        seen.push(module);
        m.globs.iter().find_map(|glob| match glob {
            Def::Mod(id) => self.member_within(*id, name, ns, seen),
            Def::Item(_) => self.variant(*glob, name),
            _ => None,
        })
    }

    /// A variant of an enum by name.
    fn variant(&self, def: Def, name: Name) -> Option<Def> {
        let Def::Item(item) = def else { return None };
        match &self.item(item).kind {
            ItemKind::Enum(_, variants) => {
                variants.iter().position(|v| v.name == name).map(|i| Def::Variant(item, i as u16))
            }
            ItemKind::Alias(_, Some(target), _) => {
                let crate::ir::TypeRef::Path(path) = &**target else { return None };
                match self.resolve(self.home(item), path, Namespace::Type) {
                    Resolution::Def(target, 0) if target != def => self.variant(target, name),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn descend(&self, start: Def, rest: &[Name], ns: Namespace) -> Resolution {
        let mut def = start;
        for (i, name) in rest.iter().enumerate() {
            let last = i + 1 == rest.len();
            let step_ns = if last { ns } else { Namespace::Type };
            let next = match def {
                Def::Mod(_) if *name == Name::SELF => Some(def),
                Def::Mod(m) if *name == Name::SUPER => self.modules[m.0 as usize].parent.map(Def::Mod),
                Def::Mod(m) => self.member(m, *name, step_ns),
                Def::Item(_) => self.variant(def, *name),
                Def::Variant(..) => None,
                Def::External(at) => {
                    let mut path = self.externals[at as usize].clone();
                    path.extend_from_slice(&rest[i..]);
                    return Resolution::External(path);
                }
            };
            match (next, def) {
                (Some(next), _) => def = next,
                (None, Def::Mod(m)) => return self.beyond(m, &rest[i..]),
                (None, _) => return Resolution::Def(def, rest.len() - i),
            }
        }
        match def {
            Def::External(at) => Resolution::External(self.externals[at as usize].clone()),
            def => Resolution::Def(def, 0),
        }
    }

    /// A path into a module that does not hold it: outside for crates that only models describe.
    fn beyond(&self, module: ModId, rest: &[Name]) -> Resolution {
        let krate = &self.crates[self.modules[module.0 as usize].krate.0 as usize];
        if krate.package.is_some() {
            return Resolution::Unknown;
        }
        let mut path = self.module_path(module);
        path.extend_from_slice(rest);
        Resolution::External(path)
    }
}
