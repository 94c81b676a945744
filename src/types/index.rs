//! Impls and methods of a program by the head of their self type.

use rustc_hash::FxHashMap;

use super::Lang;
use super::table::{Ty, TyTable};
use super::taken::Taken;
use crate::ir::{Bound, ItemKind, TypeRef};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};

/// The outermost constructor of a type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Head {
    /// A struct or enum.
    Adt(GItem),
    /// A primitive.
    Prim(Name),
    /// A slice or array.
    Slice,
    /// A tuple.
    Tuple,
    /// A trait object, by its first trait.
    Dyn(GItem),
    /// Any type: an impl for a type parameter.
    Any,
    /// Something else.
    Other,
}

/// An impl of a trait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraitImpl {
    /// The trait; `None` for one outside.
    pub trait_: Option<GItem>,
    /// The trait's name as written.
    pub name: Name,
    /// The impl.
    pub imp: GItem,
}

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    /// Functions of impls by the head of the self type and their name; inherent ones first.
    pub methods: FxHashMap<(Head, Name), Vec<GItem>>,
    /// Constants of impls by the head of the self type and their name.
    pub consts: FxHashMap<(Head, Name), GItem>,
    /// Impls of traits by head.
    pub impls: FxHashMap<Head, Vec<TraitImpl>>,
    /// Functions that traits declare, by name.
    pub trait_methods: FxHashMap<Name, Vec<(GItem, GItem)>>,
    /// Functions of one trait.
    pub of_trait: FxHashMap<(GItem, Name), GItem>,
    /// Impls of one trait, in order.
    pub impls_of: FxHashMap<GItem, Vec<GItem>>,
    /// Methods of the program itself (not of models) by name.
    pub by_name: FxHashMap<Name, Vec<GItem>>,
    /// Functions of impls of a trait by the trait's function.
    pub overrides: FxHashMap<GItem, Vec<GItem>>,
    /// Names of methods that nothing seen but an `Option` or a `Result` has, each with the method where only one of the
    /// two has it.
    pub of_outcomes: FxHashMap<Name, Option<GItem>>,
    /// Of methods that have many namesakes on their type (`From` has one for each error): what they take first.
    takes: FxHashMap<GItem, Taken>,
    /// Of the impls around them: what they are for.
    on: FxHashMap<GItem, Taken>,
}

/// How many namesakes are many.
const MANY: usize = 4;

impl Index {
    /// Indexes a program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let mut index = Self::default();
        for id in program.items() {
            if let ItemKind::Trait(_, _, items) = &program.item(id).kind {
                for child in items {
                    index.trait_item(program, id, program.sibling(id, *child));
                }
            }
        }
        for id in program.items() {
            if let ItemKind::Impl(_) = &program.item(id).kind {
                index.impl_block(program, id);
            }
        }
        let inherent = |f: &GItem| program.parent(*f).is_some_and(|p| is_inherent(program, p));
        index.sort(&inherent);
        index.note_taken(program);
        index
    }

    fn note_taken(&mut self, program: &Program) {
        for func in self.methods.values().filter(|list| list.len() >= MANY).flatten() {
            if let Some(imp) = program.parent(*func)
                && let ItemKind::Impl(decl) = &program.item(imp).kind
                && let Some(on) = Taken::of(program, imp, &decl.self_ty)
            {
                self.on.insert(imp, on);
            }
            if let ItemKind::Fn(decl) = &program.item(*func).kind
                && let [param, ..] = &decl.params[..]
                && let Some(taken) = Taken::of(program, *func, &param.ty)
            {
                self.takes.insert(*func, taken);
            }
        }
    }

    /// Whether a method may take a value of this type as its first argument.
    pub(super) fn may_take(&self, func: GItem, table: &TyTable, first: Option<Ty>) -> bool {
        let (Some(taken), Some(first)) = (self.takes.get(&func), first) else { return true };
        taken.may_be(table, first)
    }

    /// Whether an impl may be for this type.
    pub(super) fn may_be_for(&self, imp: GItem, table: &TyTable, ty: Ty) -> bool {
        self.on.get(&imp).is_none_or(|on| on.may_be(table, ty))
    }

    /// Finds the names of methods that tell an `Option` or a `Result`.
    #[expect(clippy::iter_over_hash_type, reason = "what is kept for a name does not depend on the order")]
    pub(super) fn find_outcomes(&mut self, program: &Program, lang: &Lang) {
        let is_one_of = |head: &Head, list: &[Option<GItem>]| matches!(head, Head::Adt(item) if list.contains(&Some(*item)));
        let is_outcome = |head: &Head| is_one_of(head, &[lang.option, lang.result]);
        let mut found: FxHashMap<Name, Option<GItem>> = FxHashMap::default();
        for ((head, name), list) in &self.methods {
            let inherent =
                list.first().filter(|func| program.parent(**func).is_some_and(|p| is_inherent(program, p)));
            if let Some(func) = inherent.filter(|_| is_outcome(head)) {
                found.entry(*name).and_modify(|known| *known = None).or_insert(Some(*func));
            }
        }
        // A `Poll` has what the `Result` in it has, and what one crate gives is hardly another crate's type.
        let is_elsewhere = |head: &Head| matches!(head, Head::Adt(item) if program.is_model(*item) && !program.is_std(*item));
        for (head, name) in self.methods.keys() {
            if !is_outcome(head) && !is_one_of(head, &[lang.poll]) && !is_elsewhere(head) {
                found.remove(name);
            }
        }
        let is_near = |trait_: GItem| !program.is_model(trait_) || program.is_std(trait_);
        let is_of_trait =
            |name: &Name| self.trait_methods.get(name).is_some_and(|l| l.iter().any(|(t, _)| is_near(*t)));
        found.retain(|name, _| !is_of_trait(name));
        self.of_outcomes = found;
    }

    #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
    fn sort(&mut self, inherent: &dyn Fn(&GItem) -> bool) {
        for list in self.methods.values_mut() {
            list.sort_by_key(|f| (!inherent(f), *f));
        }
    }

    fn trait_item(&mut self, program: &Program, trait_: GItem, item: GItem) {
        if matches!(program.item(item).kind, ItemKind::Fn(_)) && program.is_live(item) {
            let name = program.item(item).name;
            self.trait_methods.entry(name).or_default().push((trait_, item));
            self.of_trait.insert((trait_, name), item);
            if !program.is_model(item) {
                self.by_name.entry(name).or_default().push(item);
            }
        }
    }

    fn impl_block(&mut self, program: &Program, id: GItem) {
        let ItemKind::Impl(imp) = &program.item(id).kind else { return };
        let (heads, own) = heads_of(program, id, &imp.self_ty);
        let mut trait_ = None;
        if let Some(path) = &imp.trait_ {
            trait_ = match program.resolve(program.home(id), path, Namespace::Type) {
                Resolution::Def(Def::Item(item), 0) => Some(item),
                _ => None,
            };
            let name = path.last().unwrap_or_else(|| Name::new(""));
            for head in own {
                self.impls.entry(head).or_default().push(TraitImpl { trait_, name, imp: id });
            }
            if let Some(t) = trait_ {
                self.impls_of.entry(t).or_default().push(id);
            }
        }
        for child in &imp.items {
            let child = program.sibling(id, *child);
            let name = program.item(child).name;
            match program.item(child).kind {
                _ if !program.is_live(child) => continue,
                ItemKind::Fn(_) => {}
                ItemKind::Const(_) => {
                    for head in &heads {
                        self.consts.entry((*head, name)).or_insert(child);
                    }
                    continue;
                }
                _ => continue,
            }
            for head in &heads {
                self.methods.entry((*head, name)).or_default().push(child);
            }
            if imp.trait_.is_none() && !program.is_model(child) {
                self.by_name.entry(name).or_default().push(child);
            }
            if let Some(base) = trait_.and_then(|t| self.of_trait.get(&(t, name))) {
                self.overrides.entry(*base).or_default().push(child);
            }
        }
    }

    /// Impls for a head, those for any type after them.
    pub fn impls_for(&self, head: Head) -> impl Iterator<Item = &TraitImpl> {
        let own = self.impls.get(&head).into_iter().flatten();
        own.chain(self.impls.get(&Head::Any).into_iter().flatten())
    }

    /// The impl of a trait for a head.
    #[must_use]
    pub fn impl_of(&self, head: Head, trait_: GItem) -> Option<GItem> {
        self.impls.get(&head)?.iter().find(|i| i.trait_ == Some(trait_)).map(|i| i.imp)
    }
}

fn is_inherent(program: &Program, imp: GItem) -> bool {
    matches!(&program.item(imp).kind, ItemKind::Impl(i) if i.trait_.is_none())
}

/// The heads that an impl is for: with those that stand for its type in other builds, by which its methods are found, and
/// those of its own build alone.
fn heads_of(program: &Program, imp: GItem, ty: &TypeRef) -> (Vec<Head>, Vec<Head>) {
    let head = head_of(program, imp, ty);
    let Head::Adt(item) = head else { return (vec![head], vec![head]) };
    if !program.is_conditional(item) {
        return (vec![head], vec![head]);
    }
    let all: Vec<GItem> = std::iter::once(item).chain(program.alternatives(item)).collect();
    let heads = |items: &[GItem]| items.iter().copied().map(Head::Adt).collect();
    (heads(&all), heads(&program.of_own_build(imp, &all)))
}

/// The head of the type that an impl is for, or an alias stands for.
fn head_of(program: &Program, imp: GItem, ty: &TypeRef) -> Head {
    match ty {
        TypeRef::Ref(inner, _) => head_of(program, imp, inner),
        TypeRef::Slice(_) | TypeRef::Array(_) => Head::Slice,
        TypeRef::Tuple(_) => Head::Tuple,
        TypeRef::Dyn(bounds) | TypeRef::Impl(bounds) => dyn_head(program, imp, bounds),
        TypeRef::Path(path) => path_head(program, imp, path),
        _ => Head::Other,
    }
}

fn dyn_head(program: &Program, imp: GItem, bounds: &[Bound]) -> Head {
    let first = bounds.first().map(|b| program.resolve(program.home(imp), &b.path, Namespace::Type));
    match first {
        Some(Resolution::Def(Def::Item(item), 0)) => Head::Dyn(item),
        _ => Head::Other,
    }
}

fn path_head(program: &Program, imp: GItem, path: &crate::ir::Path) -> Head {
    let generics = match &program.item(imp).kind {
        ItemKind::Impl(decl) => &decl.generics,
        ItemKind::Alias(generics, ..) => generics,
        _ => return Head::Other,
    };
    if path.single().is_some_and(|n| generics.params.contains(&n)) {
        return Head::Any;
    }
    match program.resolve(program.home(imp), path, Namespace::Type) {
        Resolution::Def(Def::Item(item), 0) => match &program.item(item).kind {
            ItemKind::Alias(_, Some(target), _) => head_of(program, item, target),
            ItemKind::Trait(..) => Head::Dyn(item),
            _ => Head::Adt(item),
        },
        Resolution::Unknown => {
            path.single().filter(|n| is_primitive(n.as_str())).map_or(Head::Other, Head::Prim)
        }
        _ => Head::Other,
    }
}

/// Names of primitive types.
#[must_use]
pub(super) fn is_primitive(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "char"
            | "str"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "f32"
            | "f64"
    )
}
