//! Unification and associated types. Failure is silent: coercions make many pairs of types meet that are not equal.

use rustc_hash::FxHashMap;

use super::decl::Env;
use super::index::Head;
use super::infer::Cx;
use super::table::{BoundTy, Ty, TyKind};
use crate::ir::ItemKind;
use crate::name::Name;
use crate::resolve::{GItem, ModId};

/// How deep chains of associated types are followed.
const MAX_PROJECTIONS: u32 = 12;

impl Cx<'_> {
    pub(super) fn unify(&mut self, a: Ty, b: Ty) {
        self.unify_within(a, b, 0);
    }

    fn unify_within(&mut self, a: Ty, b: Ty, depth: u32) {
        let (a, b) = (self.resolve_ty(a), self.resolve_ty(b));
        if a == b || depth > 12 || self.table.is_inert(a) && self.table.is_inert(b) {
            return;
        }
        match (self.table.kind(a).clone(), self.table.kind(b).clone()) {
            (TyKind::Unknown, _) | (_, TyKind::Unknown) => {}
            (TyKind::Var(v), _) => self.bind(v, b),
            (_, TyKind::Var(v)) => self.bind(v, a),
            (TyKind::Adt(x, xs), TyKind::Adt(y, ys)) if x == y => self.unify_all(&xs, &ys, depth),
            (TyKind::External(x, xs), TyKind::External(y, ys)) if x == y => self.unify_all(&xs, &ys, depth),
            (TyKind::Tuple(xs), TyKind::Tuple(ys)) if xs.len() == ys.len() => self.unify_all(&xs, &ys, depth),
            (TyKind::Slice(x), TyKind::Slice(y)) | (TyKind::Future(x), TyKind::Future(y)) => {
                self.unify_within(x, y, depth + 1);
            }
            (TyKind::FnPtr(xs, x), TyKind::FnPtr(ys, y)) => {
                self.unify_all(&xs, &ys, depth);
                self.unify_within(x, y, depth + 1);
            }
            (TyKind::Closure(c), TyKind::FnPtr(ys, y)) | (TyKind::FnPtr(ys, y), TyKind::Closure(c)) => {
                self.unify_closure(c, &ys, y);
            }
            (TyKind::Bounds(bounds), _) => self.meet(b, &bounds),
            (_, TyKind::Bounds(bounds)) => self.meet(a, &bounds),
            (TyKind::Adt(x, xs), _) => self.coerce(x, &xs, b, depth),
            (_, TyKind::Adt(y, ys)) => self.coerce(y, &ys, a, depth),
            _ => {}
        }
    }

    /// A variable never becomes a type that holds it.
    fn bind(&mut self, var: u32, ty: Ty) {
        if !self.occurs(var, ty, 0) {
            self.table.bind(var, ty);
        }
    }

    fn occurs(&self, var: u32, ty: Ty, depth: u32) -> bool {
        if self.table.is_closed(ty) {
            return false;
        }
        if depth > 12 {
            return true;
        }
        let inside = |list: &[Ty]| list.iter().any(|t| self.occurs(var, *t, depth + 1));
        match self.table.kind(ty) {
            TyKind::Var(v) => *v == var,
            TyKind::Adt(_, args) | TyKind::External(_, args) | TyKind::Tuple(args) => inside(args),
            TyKind::Slice(t) | TyKind::Future(t) | TyKind::Proj(t, ..) => inside(&[*t]),
            TyKind::FnPtr(args, ret) => inside(args) || inside(&[*ret]),
            TyKind::Bounds(bounds) => {
                bounds.iter().any(|b| b.bindings.iter().any(|(_, t)| self.occurs(var, *t, depth + 1)))
            }
            _ => false,
        }
    }

    fn unify_all(&mut self, xs: &[Ty], ys: &[Ty], depth: u32) {
        for (x, y) in xs.iter().zip(ys) {
            self.unify_within(*x, *y, depth + 1);
        }
    }

    /// Deref coercions that carry an element type: `Vec<T>` to `[T]`, `Box<T>` to `T`.
    fn coerce(&mut self, adt: GItem, args: &[Ty], other: Ty, depth: u32) {
        let lang = &self.sema.lang;
        let element = args.first().copied();
        match (self.table.kind(other).clone(), element) {
            (TyKind::Slice(t), Some(e)) if Some(adt) == lang.vec => self.unify_within(t, e, depth + 1),
            (_, Some(e)) if Some(adt) == lang.boxed => self.unify_within(other, e, depth + 1),
            _ => {}
        }
    }

    /// What is known of a type that must satisfy bounds: its associated types.
    fn meet(&mut self, ty: Ty, bounds: &[BoundTy]) {
        for bound in bounds {
            self.oblige(ty, bound);
        }
    }

    /// Uses one bound on a type: closures learn their signature, associated types their value.
    pub(super) fn oblige(&mut self, ty: Ty, bound: &BoundTy) {
        if bound.call {
            let ret = bound.bindings.first().map_or(Ty::UNIT, |(_, t)| *t);
            match self.table.kind(ty).clone() {
                TyKind::Closure(c) => self.unify_closure(c, &bound.args.clone(), ret),
                TyKind::FnPtr(params, out) => {
                    self.unify_all(&params, &bound.args, 0);
                    self.unify(out, ret);
                }
                TyKind::Fn(item) => {
                    let (params, out) = self.fn_signature(item);
                    self.unify_all(&params, &bound.args, 0);
                    self.unify(out, ret);
                }
                _ => {}
            }
            return;
        }
        for (name, value) in &bound.bindings.clone() {
            let proj = self.projection(ty, bound.trait_, *name);
            self.unify(proj, *value);
        }
    }

    fn unify_closure(&mut self, closure: u32, params: &[Ty], ret: Ty) {
        let Some((own, out)) = self.closures.get(closure as usize).cloned().flatten() else { return };
        self.unify_all(&own, params, 0);
        self.unify(out, ret);
    }

    /// Follows variables and resolves a projection on the outside.
    pub(super) fn resolve_ty(&mut self, ty: Ty) -> Ty {
        let ty = self.table.shallow(ty);
        if let TyKind::Proj(inner, trait_, name) = *self.table.kind(ty)
            && self.projections < MAX_PROJECTIONS
        {
            self.projections += 1;
            let found = self.project(inner, trait_, name);
            self.projections -= 1;
            if let Some(found) = found {
                return self.table.shallow(found);
            }
        }
        ty
    }

    /// The same with whatever the type holds.
    pub(super) fn resolve_all(&mut self, ty: Ty, known: &mut FxHashMap<Ty, Ty>) -> Ty {
        let outer = self.resolve_ty(ty);
        if self.table.is_final(outer) {
            return outer;
        }
        if let Some(found) = known.get(&outer) {
            return *found;
        }
        known.insert(outer, outer);
        let held = match self.table.kind(outer) {
            TyKind::Adt(_, args) | TyKind::Tuple(args) => args.to_vec(),
            TyKind::Slice(item) | TyKind::Future(item) => vec![*item],
            _ => return outer,
        };
        let resolved: Vec<Ty> = held.iter().map(|t| self.resolve_all(*t, known)).collect();
        if resolved == held {
            return outer;
        }
        let kind = match self.table.kind(outer) {
            TyKind::Adt(item, _) => TyKind::Adt(*item, resolved.into()),
            TyKind::Tuple(_) => TyKind::Tuple(resolved.into()),
            TyKind::Slice(_) => TyKind::Slice(resolved[0]),
            _ => TyKind::Future(resolved[0]),
        };
        let whole = self.table.intern(kind);
        known.insert(outer, whole);
        whole
    }

    /// `<ty as trait_>::name`, resolved where possible.
    pub(super) fn projection(&mut self, ty: Ty, trait_: Option<GItem>, name: Name) -> Ty {
        let proj = self.table.intern(TyKind::Proj(ty, trait_, name));
        self.resolve_ty(proj)
    }

    /// References are not told from what they point at, so what derefs to nothing else is a reference's target.
    fn referent(&self, ty: Ty, trait_: Option<GItem>, name: Name) -> Option<Ty> {
        (name == *"Target" && (trait_.is_none() || trait_ == self.sema.lang.deref)).then_some(ty)
    }

    fn project(&mut self, ty: Ty, trait_: Option<GItem>, name: Name) -> Option<Ty> {
        let ty = self.resolve_ty(ty);
        match self.table.kind(ty).clone() {
            TyKind::Var(_) => None,
            TyKind::Unknown => Some(Ty::UNKNOWN),
            TyKind::Future(out) if name == Name::OUTPUT => Some(out),
            TyKind::Closure(c) if name == Name::OUTPUT => {
                self.closures.get(c as usize)?.as_ref().map(|(_, r)| *r)
            }
            TyKind::FnPtr(_, ret) if name == Name::OUTPUT => Some(ret),
            TyKind::Bounds(bounds) => self.project_bounds(ty, &bounds, trait_, name),
            TyKind::Param(item, index) => self.project_param(item, index, trait_, name),
            TyKind::Proj(..) => None,
            _ => self.project_impl(ty, trait_, name).or_else(|| self.referent(ty, trait_, name)),
        }
    }

    fn project_bounds(
        &mut self,
        ty: Ty,
        bounds: &[BoundTy],
        trait_: Option<GItem>,
        name: Name,
    ) -> Option<Ty> {
        let bindings = bounds.iter().flat_map(|b| b.bindings.iter());
        if let Some((_, found)) = bindings.clone().find(|(n, _)| *n == name) {
            return Some(*found);
        }
        if name == Name::INTO_ITER {
            return Some(ty);
        }
        self.project_any(ty, trait_, name)
    }

    fn project_param(&mut self, owner: GItem, index: u16, trait_: Option<GItem>, name: Name) -> Option<Ty> {
        let bounds = self.param_bounds(owner, index);
        let subject = self.table.intern(TyKind::Param(owner, index));
        let found = bounds.iter().flat_map(|b| b.bindings.iter()).find(|(n, _)| *n == name).map(|(_, t)| *t);
        if found.is_some() || index == u16::MAX {
            return found;
        }
        self.project_any(subject, trait_, name)
    }

    /// Through an impl for the type's head, then through one for any type.
    fn project_impl(&mut self, ty: Ty, trait_: Option<GItem>, name: Name) -> Option<Ty> {
        let head = self.head(ty)?;
        let impls = self.sema.index.impls.get(&head).map(|l| &l[..]).unwrap_or_default();
        let fitting: Vec<GItem> =
            impls.iter().filter(|i| trait_.is_none() || i.trait_ == trait_).map(|i| i.imp).collect();
        for imp in fitting {
            if let Some(found) = self.assoc_type(imp, ty, name) {
                return Some(found);
            }
        }
        self.project_any(ty, trait_, name)
    }

    fn project_any(&mut self, ty: Ty, trait_: Option<GItem>, name: Name) -> Option<Ty> {
        let impls = self.sema.index.impls.get(&Head::Any).map(|l| &l[..]).unwrap_or_default();
        let head = match self.table.kind(ty) {
            TyKind::Future(_) => self.sema.lang.future.map(Head::Dyn),
            _ => self.head(ty),
        };
        // `Self::Ok` in a trait for all futures: the trait is not written, the bounds of its impl tell it.
        let meant = |i: &&super::index::TraitImpl| match trait_ {
            Some(_) => i.trait_ == trait_,
            None => head.is_some() && self.bounds_hold(i, head),
        };
        let fitting: Vec<GItem> = impls.iter().filter(meant).map(|i| i.imp).collect();
        fitting.into_iter().find_map(|imp| self.assoc_type(imp, ty, name))
    }

    /// The associated type that an impl gives, for a self type.
    fn assoc_type(&mut self, imp: GItem, self_ty: Ty, name: Name) -> Option<Ty> {
        let program = self.sema.program;
        let ItemKind::Impl(decl) = &program.item(imp).kind else { return None };
        let alias = decl.items.iter().map(|i| program.sibling(imp, *i)).find(|i| {
            let item = program.item(*i);
            item.name == name && matches!(item.kind, ItemKind::Alias(..))
        })?;
        let ItemKind::Alias(_, Some(target), _) = &program.item(alias).kind else { return None };
        let params = self.params_as_vars(imp);
        let mut env = Env { params, self_ty: Some(self_ty), ..self.env_at(imp) };
        let pattern = self.ty(&env, decl.self_ty);
        self.unify(pattern, self_ty);
        env.self_ty = Some(self_ty);
        // `impl<T, F: Future<Output = T>> … for F`: what the bounds say of the self type binds the other parameters.
        for (subject, bound) in &decl.generics.bounds {
            if bound.tells() {
                let (subject, bound) = (self.ty(&env, *subject), self.bound_ty(&env, bound));
                self.oblige(subject, &bound);
            }
        }
        Some(self.ty(&env, *target))
    }

    /// The head of a type, for the index.
    pub(super) fn head(&self, ty: Ty) -> Option<Head> {
        Some(match self.table.kind(ty) {
            TyKind::Adt(item, _) => Head::Adt(*item),
            TyKind::Prim(name) => Head::Prim(*name),
            TyKind::Slice(_) => Head::Slice,
            TyKind::Tuple(_) => Head::Tuple,
            TyKind::Bounds(bounds) => Head::Dyn(bounds.first()?.trait_?),
            TyKind::Future(_) | TyKind::Closure(_) | TyKind::Fn(_) | TyKind::FnPtr(..) => Head::Other,
            _ => return None,
        })
    }

    /// The bounds on a type parameter, where-clauses included; for a trait's `Self`, the trait and its supertraits.
    pub(super) fn param_bounds(&mut self, owner: GItem, index: u16) -> Vec<BoundTy> {
        if index == u16::MAX {
            return self.trait_self_bounds(owner);
        }
        let mut found = Vec::new();
        let Some(name) = self.generics(owner).and_then(|g| g.params.get(index as usize)).copied() else {
            return found;
        };
        for holder in [Some(owner), self.owner_fn(owner)].into_iter().flatten() {
            let env = Env { params: self.plain_params(holder), ..self.env_at(holder) };
            let bounds = self.generics(holder).map(|g| &g.bounds[..]).unwrap_or_default();
            for (_, bound) in bounds.iter().filter(|(subject, _)| subject.single() == Some(name)) {
                found.push(self.bound_ty(&env, bound));
            }
        }
        found
    }

    /// The function that is being inferred, when a parameter belongs to the impl around it: its where-clauses count too.
    fn owner_fn(&self, owner: GItem) -> Option<GItem> {
        (self.owner != owner && self.sema.program.parent(self.owner) == Some(owner)).then_some(self.owner)
    }

    fn plain_params(&mut self, holder: GItem) -> Vec<(Name, Ty)> {
        let parent = self.sema.program.parent(holder);
        let mut params = parent.map(|p| self.params_as_types(p)).unwrap_or_default();
        params.extend(self.params_as_types(holder));
        params
    }

    fn trait_self_bounds(&mut self, trait_: GItem) -> Vec<BoundTy> {
        let name = self.sema.program.item(trait_).name;
        let bound = |t: Option<GItem>, name| BoundTy {
            trait_: t,
            name,
            args: Box::default(),
            bindings: Box::default(),
            call: false,
        };
        let mut found = vec![bound(Some(trait_), name)];
        if let ItemKind::Trait(_, supers, _) = &self.sema.program.item(trait_).kind {
            let env = Env { module: Some(self.sema.program.home(trait_)), ..Env::default() };
            found.extend(supers.iter().map(|b| self.bound_ty(&env, b)).collect::<Vec<_>>());
        }
        found
    }

    pub(super) fn home(&self, item: GItem) -> ModId {
        self.sema.program.home(item)
    }
}
