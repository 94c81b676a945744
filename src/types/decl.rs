//! Types as written, read in the context of a body: names to parameters, variables or items.

use std::hash::{Hash, Hasher};

use super::index::is_primitive;
use super::infer::Cx;
use super::table::{BoundTy, Ty, TyKind};
use crate::ir::{Args, Bound, Generics, ItemKind, Path, Shared, TypeRef};
use crate::name::Name;
use crate::resolve::{Def, GItem, ModId, Namespace, Resolution};

/// What names of types mean in some declaration.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    /// Type parameters.
    pub(super) params: Vec<(Name, Ty)>,
    /// `Self`.
    pub(super) self_ty: Option<Ty>,
    /// Where paths are looked up.
    pub(super) module: Option<ModId>,
    /// Whether `impl Trait` stands for a variable (in arguments) or for an opaque type.
    pub(super) open_impl: bool,
    /// The declaration that is read; the code at hand where there is none.
    pub(super) asking: Option<GItem>,
}

impl Env {
    fn param(&self, name: Name) -> Option<Ty> {
        self.params.iter().rev().find(|(n, _)| *n == name).map(|(_, t)| *t)
    }
}

/// Generic arguments as types: those in order, those by name, and whether they were written as a call.
type Given = (Box<[Ty]>, Box<[(Name, Ty)]>, bool);

/// How deep types are read, aliases followed.
const MAX_DEPTH: u32 = 40;

impl Cx<'_> {
    /// The type that a reference means.
    pub(super) fn ty(&mut self, env: &Env, written: Shared<TypeRef>) -> Ty {
        if let Some(param) = written.single().and_then(|name| env.param(name)) {
            self.reading.opened = true;
            return param;
        }
        let key = (written, env.module.unwrap_or(self.module), self.scope(env));
        if let Some((ty, height)) = self.known.find(&key).filter(|_| self.reading.depth <= MAX_DEPTH / 2) {
            self.reading.reach(u32::from(height));
            return ty;
        }
        let begun = self.reading.enter();
        let variables = self.table.variables();
        let ty = if self.reading.depth > MAX_DEPTH { Ty::UNKNOWN } else { self.ty_inner(env, written.get()) };
        let is_open = self.reading.depth > MAX_DEPTH || self.table.variables() != variables;
        self.reading.opened |= is_open;
        let (own, height) = self.reading.leave(begun);
        if !own && height <= MAX_DEPTH / 2 {
            self.known.keep(key, (ty, height as u8));
        }
        ty
    }

    /// Which names of types mean parameters, and how arguments that are missing are read: what is read under one scope
    /// means the same under another that is equal.
    fn scope(&self, env: &Env) -> u64 {
        let mut hasher = rustc_hash::FxHasher::default();
        (env.open_impl, self.in_code).hash(&mut hasher);
        env.params.iter().for_each(|(name, _)| name.hash(&mut hasher));
        hasher.finish()
    }

    fn ty_inner(&mut self, env: &Env, written: &TypeRef) -> Ty {
        match written {
            TypeRef::Path(path) => self.ty_path(env, path),
            TypeRef::Ref(inner, _) => self.ty(env, *inner),
            TypeRef::Tuple(items) => {
                let items = items.iter().map(|t| self.ty(env, *t)).collect();
                self.table.intern(TyKind::Tuple(items))
            }
            TypeRef::Slice(inner) | TypeRef::Array(inner) => {
                let inner = self.ty(env, *inner);
                self.table.intern(TyKind::Slice(inner))
            }
            TypeRef::Fn(params, ret) => {
                let params = params.iter().map(|t| self.ty(env, *t)).collect();
                let ret = self.ty(env, *ret);
                self.table.intern(TyKind::FnPtr(params, ret))
            }
            TypeRef::Impl(bounds) if env.open_impl => {
                let var = self.table.fresh();
                for bound in bounds {
                    let bound = self.bound_ty(env, bound);
                    self.obligations.push((var, bound));
                }
                var
            }
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                let bounds = bounds.iter().map(|b| self.bound_ty(env, b)).collect();
                self.table.intern(TyKind::Bounds(bounds))
            }
            TypeRef::Never => Ty::NEVER,
            TypeRef::Infer => self.table.fresh(),
            TypeRef::Error => Ty::UNKNOWN,
        }
    }

    pub(super) fn bound_ty(&mut self, env: &Env, bound: &Bound) -> BoundTy {
        self.bound_path(env, &bound.path)
    }

    fn bound_path(&mut self, env: &Env, path: &Path) -> BoundTy {
        let module = env.module.unwrap_or(self.module);
        let trait_ = match self.sema.program.resolve(module, path, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) => Some(item),
            _ => None,
        };
        let args = path.segments.last().and_then(|s| s.args.as_deref());
        let (list, bindings, call) = self.arg_types(env, args);
        let name = path.last().unwrap_or_else(|| Name::new(""));
        BoundTy { trait_, name, args: list, bindings, call }
    }

    fn arg_types(&mut self, env: &Env, args: Option<&Args>) -> Given {
        let Some(args) = args else { return (Box::default(), Box::default(), false) };
        let list = args.types.iter().map(|t| self.ty(env, *t)).collect();
        let bindings = args.bindings.iter().map(|(n, t)| (*n, self.ty(env, *t))).collect();
        (list, bindings, args.call)
    }

    pub(super) fn ty_path(&mut self, env: &Env, path: &Path) -> Ty {
        if let Some(qself) = &path.qself {
            let inner = self.ty(env, qself.0);
            let Some(name) = path.last() else { return Ty::UNKNOWN };
            self.reading.opened = true;
            return self.projection(inner, None, name);
        }
        let Some(first) = path.segments.first() else { return Ty::UNKNOWN };
        let start = if first.name == Name::SELF_TYPE { env.self_ty } else { env.param(first.name) };
        self.reading.opened |= first.name == Name::SELF_TYPE;
        if let Some(start) = start.filter(|_| !path.global) {
            self.reading.opened = true;
            return path.segments[1..].iter().fold(start, |ty, s| self.projection(ty, None, s.name));
        }
        let module = env.module.unwrap_or(self.module);
        match self.sema.program.resolve(module, path, Namespace::Type) {
            Resolution::Def(Def::Item(item), rest) => {
                let item = self.meant(env, item);
                self.item_ty(env, item, path, rest)
            }
            Resolution::Def(Def::Variant(item, _), 0) => {
                let item = self.meant(env, item);
                self.item_ty(env, item, path, 1)
            }
            Resolution::External(names) => {
                let args = path.segments.last().and_then(|s| s.args.as_deref());
                let (args, _, _) = self.arg_types(env, args);
                self.table.intern(TyKind::External(names.into(), args))
            }
            _ => match path.single() {
                Some(name) if is_primitive(name.as_str()) => self.table.intern(TyKind::Prim(name)),
                _ => Ty::UNKNOWN,
            },
        }
    }

    /// Of items that stand for each other in different builds the one of the build that is read.
    fn meant(&mut self, env: &Env, found: GItem) -> GItem {
        let program = self.sema.program;
        if !program.is_conditional(found) {
            return found;
        }
        self.reading.opened = true;
        let asking = env.asking.filter(|asking| program.is_of_some_build(*asking));
        program.in_own_build(asking.unwrap_or(self.owner), found)
    }

    fn item_ty(&mut self, env: &Env, item: GItem, path: &Path, rest: usize) -> Ty {
        let at = path.segments.len().saturating_sub(rest + 1);
        let args = path.segments.get(at).and_then(|s| s.args.as_deref());
        let base = match &self.sema.program.item(item).kind {
            ItemKind::Struct(generics, _) | ItemKind::Enum(generics, _) => {
                self.adt_ty(env, item, generics, args)
            }
            ItemKind::Alias(generics, Some(target), _) => self.alias_ty(env, item, generics, *target, args),
            ItemKind::Trait(..) => {
                let bound = self.bound_path(env, path);
                self.table.intern(TyKind::Bounds(Box::new([bound])))
            }
            _ => Ty::UNKNOWN,
        };
        self.reading.opened |= rest > 0;
        path.segments[at + 1..].iter().fold(base, |ty, s| self.projection(ty, None, s.name))
    }

    /// A struct or enum with its written arguments, defaults, or variables.
    fn adt_ty(&mut self, env: &Env, item: GItem, generics: &Generics, args: Option<&Args>) -> Ty {
        let given = args.map(|a| &a.types[..]).unwrap_or_default();
        let mut list = Vec::with_capacity(generics.params.len());
        for i in 0..generics.params.len() {
            let ty = match (given.get(i), generics.defaults.get(i).and_then(Option::as_ref)) {
                (Some(t), _) => self.ty(env, *t),
                (None, Some(default)) if !given.is_empty() || !self.in_code => {
                    let home = self.env_at(item);
                    self.ty(&home, *default)
                }
                _ => self.table.fresh(),
            };
            list.push(ty);
        }
        self.table.intern(TyKind::Adt(item, list.into()))
    }

    fn alias_ty(
        &mut self,
        env: &Env,
        item: GItem,
        generics: &Generics,
        target: Shared<TypeRef>,
        args: Option<&Args>,
    ) -> Ty {
        let mut inner = self.env_at(item);
        for (i, name) in generics.params.iter().enumerate() {
            let ty = match args.and_then(|a| a.types.get(i)) {
                Some(t) => self.ty(env, *t),
                None => match generics.defaults.get(i).and_then(Option::as_ref) {
                    Some(default) => self.ty(&inner.clone(), *default),
                    None => self.table.fresh(),
                },
            };
            inner.params.push((*name, ty));
        }
        if let Some(parent) = self.sema.program.parent(item) {
            self.reading.opened = true;
            inner.self_ty = env.self_ty;
            inner.params.extend(self.params_as_types(parent));
        }
        self.ty(&inner, target)
    }

    /// The parameters of an item, each standing for itself.
    pub(super) fn params_as_types(&mut self, item: GItem) -> Vec<(Name, Ty)> {
        let names = self.generics(item).map(|g| &g.params[..]).unwrap_or_default();
        let list = names.iter().enumerate();
        list.map(|(i, n)| (*n, self.table.intern(TyKind::Param(item, i as u16)))).collect()
    }

    /// The parameters of an item, each a fresh variable.
    pub(super) fn params_as_vars(&mut self, item: GItem) -> Vec<(Name, Ty)> {
        let names = self.generics(item).map(|g| &g.params[..]).unwrap_or_default();
        names.iter().map(|n| (*n, self.table.fresh())).collect()
    }

    pub(super) fn generics(&self, item: GItem) -> Option<&'static Generics> {
        match &self.sema.program.item(item).kind {
            ItemKind::Struct(g, _)
            | ItemKind::Enum(g, _)
            | ItemKind::Trait(g, _, _)
            | ItemKind::Alias(g, _, _) => Some(g.get()),
            ItemKind::Impl(imp) => Some(imp.generics.get()),
            ItemKind::Fn(decl) => Some(decl.generics.get()),
            _ => None,
        }
    }

    /// How names are read where an item stands.
    pub(super) fn env_at(&self, item: GItem) -> Env {
        Env { module: Some(self.sema.program.home(item)), asking: Some(item), ..Env::default() }
    }

    /// How names are read inside an item: its own parameters and those around it stand for themselves.
    pub(super) fn env_of(&mut self, item: GItem) -> Env {
        let mut env = self.env_at(item);
        if let Some(parent) = self.sema.program.parent(item) {
            env.params = self.params_as_types(parent);
            env.self_ty = Some(self.self_type(parent, &env));
        } else if matches!(self.sema.program.item(item).kind, ItemKind::Struct(..) | ItemKind::Enum(..)) {
            let args: Vec<Ty> = self.params_as_types(item).into_iter().map(|(_, t)| t).collect();
            env.self_ty = Some(self.table.intern(TyKind::Adt(item, args.into())));
        }
        let own = self.params_as_types(item);
        env.params.extend(own);
        env
    }

    /// `Self` in an impl or trait.
    pub(super) fn self_type(&mut self, parent: GItem, env: &Env) -> Ty {
        match &self.sema.program.item(parent).kind {
            ItemKind::Impl(imp) => self.ty(env, imp.self_ty),
            _ => self.table.intern(TyKind::Param(parent, u16::MAX)),
        }
    }

    /// The type of a field, given the type that holds it.
    pub(super) fn field_ty(&mut self, adt: GItem, args: &[Ty], variant: Option<u16>, index: usize) -> Ty {
        let program = self.sema.program;
        let fields = match (&program.item(adt).kind, variant) {
            (ItemKind::Struct(_, fields), _) => fields,
            (ItemKind::Enum(_, variants), Some(v)) => match variants.get(v as usize) {
                Some(variant) => &variant.fields,
                None => return Ty::UNKNOWN,
            },
            _ => return Ty::UNKNOWN,
        };
        let Some(field) = fields.list.get(index) else { return Ty::UNKNOWN };
        let names = self.generics(adt).map(|g| &g.params[..]).unwrap_or_default();
        let self_ty = self.table.intern(TyKind::Adt(adt, args.into()));
        let params = names.iter().copied().zip(args.iter().copied()).collect();
        let env = Env { params, self_ty: Some(self_ty), ..self.env_at(adt) };
        self.declared(&env, field.ty)
    }

    /// A type as a declaration has it: what it leaves out is the default, where in code it may be anything.
    pub(super) fn declared(&mut self, env: &Env, ty: Shared<TypeRef>) -> Ty {
        let in_code = std::mem::replace(&mut self.in_code, false);
        let ty = self.ty(env, ty);
        self.in_code = in_code;
        ty
    }
}
