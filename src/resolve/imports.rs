//! What `use` brings into modules. Knows modules and their tables; no types and no code.

use smallvec::SmallVec;

use super::{Def, ModId, Namespace, Program, Resolution};
use crate::ir::Import;
use crate::name::Name;

/// Which paths out of the program imports may take.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outward {
    /// Those into crates that are not at hand.
    Crates,
    /// Those besides into modules that do not hold the name.
    Modules,
}

/// An import that is not settled.
struct Open {
    module: ModId,
    /// What it is called here; nothing for a glob.
    alias: Option<Name>,
    names: SmallVec<[Name; 6]>,
    global: bool,
    /// The namespaces in which nothing was found so far.
    left: SmallVec<[Namespace; 2]>,
    /// Whether something at hand was found.
    at_hand: bool,
}

impl Open {
    /// Nothing for imports that give no name (`use Trait as _`): nobody waits for them.
    fn new(module: ModId, import: &Import) -> Option<Self> {
        let names: SmallVec<[Name; 6]> = import.path.segments.iter().map(|s| s.name).collect();
        // `use x;` names a crate, never itself.
        let own = names.len() == 1 && import.alias == Some(names[0]);
        let global = import.path.global || own;
        let spaces = if import.glob { &[Namespace::Type][..] } else { &[Namespace::Type, Namespace::Value] };
        let alias = import.alias.filter(|_| !import.glob);
        let is_named = import.glob || alias.is_some();
        is_named.then(|| Self { module, alias, names, global, left: spaces.into(), at_hand: false })
    }
}

/// Resolves imports until nothing changes; what is left then leads out or nowhere.
pub(super) fn settle(program: &mut Program) {
    let (mut open, mut unnamed): (Vec<Open>, Vec<(ModId, Import)>) = Default::default();
    for (i, module) in program.modules.iter_mut().enumerate() {
        let imports = std::mem::take(&mut module.imports);
        let without = imports.iter().filter(|import| import.alias.is_none() && !import.glob);
        unnamed.extend(without.map(|import| (ModId(i as u32), *import)));
        open.extend(imports.iter().filter_map(|import| Open::new(ModId(i as u32), import)));
    }
    // A module at hand may still get the name from an import of its own, so that it leads out is said last.
    for outward in [Outward::Crates, Outward::Modules] {
        loop {
            let mut grew = false;
            open.retain_mut(|import| {
                grew |= program.import(import, outward);
                !import.left.is_empty()
            });
            if !grew || open.is_empty() {
                break;
            }
        }
    }
    for import in open {
        program.outside(&import);
    }
    for (module, import) in unnamed {
        if let Resolution::Def(def, 0) = program.resolve(module, &import.path, Namespace::Type) {
            program.modules[module.0 as usize].unnamed.push(def);
        }
    }
}

impl Program {
    /// Tries one import; whether that brought something.
    fn import(&mut self, import: &mut Open, outward: Outward) -> bool {
        let resolve = |ns: &Namespace| self.resolve_names(import.module, &import.names, import.global, *ns);
        let targets: SmallVec<[Resolution; 2]> = import.left.iter().map(resolve).collect();
        import.at_hand |= targets.iter().any(|target| matches!(target, Resolution::Def(_, 0)));
        let mut grew = false;
        for (ns, target) in std::mem::take(&mut import.left).into_iter().zip(targets) {
            let def = match target {
                Resolution::Def(def, 0) => def,
                // What is found in one namespace is not outside in the other.
                Resolution::External(path) if !import.at_hand && self.leads_out(import, outward) => {
                    Def::External(self.external(path))
                }
                _ => {
                    import.left.push(ns);
                    continue;
                }
            };
            grew |= self.bind(import, ns, def);
        }
        grew
    }

    /// Whether the first name is a crate that is not at hand (and so no later import can make it a module), or else one
    /// whose modules have all that they will ever have.
    fn leads_out(&self, import: &Open, outward: Outward) -> bool {
        let first = &import.names[..1.min(import.names.len())];
        match self.resolve_names(import.module, first, import.global, Namespace::Type) {
            Resolution::External(_) => true,
            Resolution::Def(..) => outward == Outward::Modules,
            Resolution::Unknown => false,
        }
    }

    fn bind(&mut self, import: &Open, ns: Namespace, def: Def) -> bool {
        let scope = &mut self.modules[import.module.0 as usize];
        let Some(alias) = import.alias else {
            let is_new = !scope.globs.contains(&def) && def != Def::Mod(import.module);
            scope.globs.extend(is_new.then_some(def));
            return is_new;
        };
        let table = if ns == Namespace::Type { &mut scope.types } else { &mut scope.values };
        let is_new = !table.contains_key(&alias);
        table.entry(alias).or_insert(def);
        is_new
    }

    /// An import that nothing at hand explains: the path out, for what can only be a crate.
    fn outside(&mut self, import: &Open) {
        let Some(alias) = import.alias else { return };
        let scope = &self.modules[import.module.0 as usize];
        if scope.types.contains_key(&alias) || scope.values.contains_key(&alias) {
            return;
        }
        let relative =
            import.names.first().is_none_or(|n| matches!(n.as_str(), "crate" | "self" | "super" | "$crate"));
        if relative {
            return;
        }
        let def = Def::External(self.external(import.names.to_vec()));
        let scope = &mut self.modules[import.module.0 as usize];
        scope.types.insert(alias, def);
        scope.values.insert(alias, def);
    }

    pub(super) fn external(&mut self, path: Vec<Name>) -> u32 {
        if let Some(at) = self.external_ids.get(&path) {
            return *at;
        }
        let at = self.externals.len() as u32;
        self.external_ids.insert(path.clone(), at);
        self.externals.push(path);
        at
    }
}
