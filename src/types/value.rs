//! What a path in value position means.

use std::rc::Rc;

use super::decl::Env;
use super::infer::Cx;
use super::table::{Ty, TyKind};
use crate::ir::{ItemKind, Path, Segment, Shared};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};

/// A value that a path names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueDef {
    /// A function; the type through which it was named, when it was.
    Fn(GItem, Option<Ty>),
    /// A constructor of a struct or (with its index) a variant, with the type that it makes.
    Ctor(GItem, Option<u16>, Ty),
    /// A constant or static.
    Const(GItem),
    /// Something outside.
    External(Shared<Vec<Name>>),
    /// Nothing known.
    Unknown,
}

impl ValueDef {
    /// Replaces the types in it.
    pub(super) fn settle(&mut self, ty: &mut dyn FnMut(Ty) -> Ty) {
        match self {
            Self::Fn(_, Some(on)) => *on = ty(*on),
            Self::Ctor(_, _, made) => *made = ty(*made),
            _ => {}
        }
    }
}

impl Cx<'_> {
    /// What a path names, with the type arguments of its last segment.
    pub(super) fn value_def(&mut self, path: &Path) -> ValueDef {
        if let Some(qself) = &path.qself {
            let env = Rc::clone(&self.env);
            let ty = self.ty(&env, qself.0);
            let Some(name) = path.last() else { return ValueDef::Unknown };
            return self.qualified(ty, path, qself.1, name);
        }
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return ValueDef::Unknown;
        };
        let start = if first.name == Name::SELF_TYPE {
            self.env.self_ty
        } else {
            self.env.params.iter().rev().find(|(n, _)| *n == first.name).map(|(_, t)| *t)
        };
        if let Some(start) = start {
            return self.through_type(start, path, last.name);
        }
        let ns = Namespace::Value;
        match self.sema.program.resolve(self.module, path, ns) {
            Resolution::Def(def, rest) => self.def_value(def, rest, path),
            Resolution::External(names) => {
                self.prim_value(path).unwrap_or_else(|| ValueDef::External(Shared::new(names)))
            }
            Resolution::Unknown => self.prim_value(path).unwrap_or(ValueDef::Unknown),
        }
    }

    /// `str::from_utf8`, `u8::MAX`: no crate or module has a primitive's name.
    fn prim_value(&mut self, path: &Path) -> Option<ValueDef> {
        let [first, last] = &path.segments[..] else { return None };
        if !super::index::is_primitive(first.name.as_str()) {
            return None;
        }
        let ty = self.table.intern(TyKind::Prim(first.name));
        Some(self.type_fn(ty, last.name)).filter(|value| *value != ValueDef::Unknown)
    }

    /// `<T as Trait>::name`, `<T>::name`.
    fn qualified(&mut self, ty: Ty, path: &Path, trait_segments: usize, name: Name) -> ValueDef {
        if trait_segments > 0 {
            let names: Vec<Name> = path.segments[..trait_segments].iter().map(|s| s.name).collect();
            let found = self.sema.program.resolve_names(self.module, &names, path.global, Namespace::Type);
            if let Resolution::Def(Def::Item(trait_), 0) = found {
                return self.trait_fn(trait_, Some(ty), name);
            }
        }
        self.type_fn(ty, name)
    }

    fn through_type(&mut self, start: Ty, path: &Path, last: Name) -> ValueDef {
        match path.segments.len() {
            1 => match self.table.kind(start).clone() {
                TyKind::Adt(item, _) => ValueDef::Ctor(item, None, start),
                _ => ValueDef::Unknown,
            },
            n => {
                let middle: Vec<Segment> = path.segments[1..n - 1].to_vec();
                let ty = middle.iter().fold(start, |ty, s| self.projection(ty, None, s.name));
                self.type_fn(ty, last)
            }
        }
    }

    fn def_value(&mut self, def: Def, rest: usize, path: &Path) -> ValueDef {
        let program = self.sema.program;
        match (def, rest) {
            (Def::Variant(found, index), 0) => {
                let (item, index) = self.own_variant(found, index);
                let ty = self.path_type(item, path, 1);
                ValueDef::Ctor(item, Some(index), ty)
            }
            (Def::Item(item), 0) => match &program.item(item).kind {
                ItemKind::Fn(_) => ValueDef::Fn(program.in_own_build(self.owner, item), None),
                ItemKind::Const(_) => ValueDef::Const(program.in_own_build(self.owner, item)),
                ItemKind::Struct(..) => {
                    let item = program.in_own_build(self.owner, item);
                    let ty = self.path_type(item, path, 0);
                    ValueDef::Ctor(item, None, ty)
                }
                _ => ValueDef::Unknown,
            },
            (Def::Item(item), 1) => {
                let Some(name) = path.last() else { return ValueDef::Unknown };
                match &program.item(item).kind {
                    ItemKind::Trait(..) => self.trait_fn(item, None, name),
                    _ => {
                        let ty = self.path_type(item, path, 1);
                        self.type_fn(ty, name)
                    }
                }
            }
            _ => ValueDef::Unknown,
        }
    }

    /// The type that a prefix of a path names; `rest` trailing segments do not belong to it.
    fn path_type(&mut self, item: GItem, path: &Path, rest: usize) -> Ty {
        let keep = path.segments.len() - rest.min(path.segments.len());
        let mut prefix = Path { segments: path.segments[..keep].to_vec(), ..path.clone() };
        // `Option::Some::<T>` and a bare `Some` carry their arguments on the variant.
        if keep == 0 {
            prefix.segments = path.segments.clone();
        }
        let env = Rc::clone(&self.env);
        let mut ty = Ty::UNKNOWN;
        if keep > 0 {
            ty = self.ty_path(&env, &prefix);
        }
        if self.table.adt(ty).is_some_and(|(found, _)| found == item)
            || !matches!(self.table.kind(ty), TyKind::Unknown)
        {
            return ty;
        }
        let args: Vec<Ty> = self.params_as_vars(item).into_iter().map(|(_, t)| t).collect();
        self.table.intern(TyKind::Adt(item, args.into()))
    }

    fn type_fn(&mut self, ty: Ty, name: Name) -> ValueDef {
        let ty = self.resolve_ty(ty);
        if let TyKind::External(path, _) = self.table.kind(ty) {
            let mut path = path.to_vec();
            path.push(name);
            return ValueDef::External(Shared::new(path));
        }
        if let Some((item, index)) = self.variant_of(ty, name) {
            return ValueDef::Ctor(item, Some(index), ty);
        }
        if let Some(func) = self.assoc_fn(ty, name) {
            return ValueDef::Fn(func, Some(ty));
        }
        if let Some(found) = self.assoc_const(ty, name) {
            return ValueDef::Const(found);
        }
        self.derived_builder(ty, name).unwrap_or(ValueDef::Unknown)
    }

    fn variant_of(&self, ty: Ty, name: Name) -> Option<(GItem, u16)> {
        let (item, _) = self.table.adt(ty)?;
        let ItemKind::Enum(_, variants) = &self.sema.program.item(item).kind else { return None };
        variants.iter().position(|v| v.name == name).map(|i| (item, i as u16))
    }

    /// A constant of a type, or of a trait that it has or is bound by.
    fn assoc_const(&mut self, ty: Ty, name: Name) -> Option<GItem> {
        let traits: Vec<GItem> = match *self.table.kind(ty) {
            TyKind::Param(owner, at) => {
                self.param_bounds(owner, at).into_iter().filter_map(|bound| bound.trait_).collect()
            }
            _ => {
                let head = self.head(ty)?;
                if let Some(found) = self.sema.index.consts.get(&(head, name)) {
                    return Some(*found);
                }
                self.sema.index.impls_for(head).filter_map(|imp| imp.trait_).collect()
            }
        };
        traits.into_iter().find_map(|trait_| self.const_of_trait(trait_, name))
    }

    fn const_of_trait(&self, trait_: GItem, name: Name) -> Option<GItem> {
        let program = self.sema.program;
        let ItemKind::Trait(_, _, items) = &program.item(trait_).kind else { return None };
        let is_meant = |item: &GItem| {
            program.item(*item).name == name && matches!(program.item(*item).kind, ItemKind::Const(_))
        };
        items.iter().map(|item| program.sibling(trait_, *item)).find(is_meant)
    }

    /// A function or constant of a trait, for a type where it is known: the impl's own, or the trait's.
    pub(super) fn trait_fn(&mut self, trait_: GItem, ty: Option<Ty>, name: Name) -> ValueDef {
        let Some(declared) = self.method_of_trait(trait_, name, 0) else {
            let own = ty.and_then(|ty| self.assoc_const(ty, name));
            let found = own.or_else(|| self.const_of_trait(trait_, name));
            return found.map_or(ValueDef::Unknown, ValueDef::Const);
        };
        let own = ty.and_then(|t| self.impl_fn(t, trait_, name));
        ValueDef::Fn(own.unwrap_or(declared), ty)
    }

    /// The function with which a type implements a trait's.
    pub(super) fn impl_fn(&mut self, ty: Ty, trait_: GItem, name: Name) -> Option<GItem> {
        let ty = self.resolve_ty(ty);
        let head = self.head(ty)?;
        let program = self.sema.program;
        let imp = self.sema.index.impl_of(head, trait_)?;
        let ItemKind::Impl(decl) = &program.item(imp).kind else { return None };
        decl.items.iter().map(|i| program.sibling(imp, *i)).find(|i| program.item(*i).name == name)
    }

    /// Parameters and result of a function, its generics as variables.
    pub(super) fn fn_signature(&mut self, func: GItem) -> (Vec<Ty>, Ty) {
        let program = self.sema.program;
        let ItemKind::Fn(decl) = &program.item(func).kind else { return (Vec::new(), Ty::UNKNOWN) };
        let mut env = self.instantiated(func, None);
        let mut params = Vec::new();
        if decl.receiver.is_some() {
            params.push(env.self_ty.unwrap_or(Ty::UNKNOWN));
        }
        env.open_impl = true;
        params.extend(decl.params.iter().map(|p| self.declared(&env, p.ty)).collect::<Vec<_>>());
        env.open_impl = false;
        let ret = self.result_ty(&env, decl);
        (params, ret)
    }

    /// The environment of a function's signature with variables for all parameters.
    pub(super) fn instantiated(&mut self, func: GItem, self_ty: Option<Ty>) -> Env {
        let program = self.sema.program;
        let mut env = self.env_at(func);
        if let Some(parent) = program.parent(func) {
            env.params = self.params_as_vars(parent);
            env.self_ty = match &program.item(parent).kind {
                ItemKind::Impl(imp) => {
                    let own = self.ty(&env, imp.self_ty);
                    if let Some(given) = self_ty {
                        self.unify(own, given);
                    }
                    Some(own)
                }
                _ => Some(self_ty.unwrap_or_else(|| self.table.fresh())),
            };
        }
        let own = self.params_as_vars(func);
        env.params.extend(own);
        env
    }
}
