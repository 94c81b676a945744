//! Which function a method call means: autoderef, inherent impls, traits, bounds.

use super::index::{Head, TraitImpl};
use super::infer::Cx;
use super::table::{BoundTy, Ty, TyKind};
use crate::ir::{Bound, Expr, ExprId, ItemKind, TypeRef};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};

/// Traits that a derive implements without an impl block to be seen.
const DERIVED: &[&str] = &["Clone", "Debug", "PartialEq", "PartialOrd", "Eq", "Ord", "Hash", "Default"];

/// What a method call has to give, as far as that chooses among impls.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// Nobody asks.
    Not,
    /// It is not known yet.
    Open,
    /// It is not known yet, and there was something to choose.
    Later,
    /// This.
    Ty(Ty),
}

/// How surely a type has what is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    /// Its declarations say so.
    Seen,
    /// They do not, and do not rule it out.
    Possible,
}

/// A method found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picked {
    /// The function.
    pub(super) func: GItem,
    /// The type at which autoderef found it.
    pub(super) at: Ty,
}

impl Cx<'_> {
    /// Finds a method by the receiver's type: one that is seen at some step of autoderef, else one that may be there.
    pub(super) fn method(&mut self, receiver: Ty, name: Name) -> Option<Picked> {
        for sight in [Sight::Seen, Sight::Possible] {
            let mut ty = self.resolve_ty(receiver);
            for _ in 0..8 {
                if let Some(func) = self.method_at(ty, name, sight) {
                    return Some(Picked { func, at: ty });
                }
                match self.deref(ty) {
                    Some(target) => ty = target,
                    None => break,
                }
            }
        }
        None
    }

    /// Where autoderef ends.
    pub(super) fn innermost(&mut self, mut ty: Ty) -> Ty {
        for _ in 0..8 {
            match self.deref(ty) {
                Some(target) => ty = target,
                None => break,
            }
        }
        ty
    }

    /// One step of autoderef.
    pub(super) fn deref(&mut self, ty: Ty) -> Option<Ty> {
        let deref = self.sema.lang.deref?;
        let head = self.head(ty)?;
        if let TyKind::Slice(_) | TyKind::Tuple(_) | TyKind::Prim(_) = self.table.kind(ty) {
            return None;
        }
        let target = match self.sema.index.impl_of(head, deref) {
            Some(_) => self.projection(ty, Some(deref), Name::new("Target")),
            None => self.derived_target(ty)?,
        };
        let target = self.resolve_ty(target);
        (target != ty && !matches!(self.table.kind(target), TyKind::Proj(..) | TyKind::Unknown))
            .then_some(target)
    }

    /// What a derived `Deref` leads to: the only field.
    fn derived_target(&mut self, ty: Ty) -> Option<Ty> {
        let (adt, args) = self.table.adt(ty)?;
        let item = self.sema.program.item(adt);
        item.attrs.derive("Deref")?;
        let is_one = matches!(&item.kind, ItemKind::Struct(_, fields) if fields.list.len() == 1);
        let args: Box<[Ty]> = args.into();
        is_one.then(|| self.field_ty(adt, &args, None, 0))
    }

    /// Of the functions of several impls of one trait the one that takes these arguments.
    pub(super) fn by_arguments(&mut self, func: GItem, on: Ty, args: &[ExprId]) -> GItem {
        let sema = self.sema;
        let program = sema.program;
        let on = self.resolve_ty(on);
        let name = program.item(func).name;
        let list = self.head(on).and_then(|head| sema.index.methods.get(&(head, name)));
        let Some(list) = list.filter(|list| list.len() > 1) else { return func };
        let is_of_trait = |func: &GItem| {
            let parent = program.parent(*func).map(|parent| &program.item(parent).kind);
            matches!(parent, Some(ItemKind::Impl(imp)) if imp.trait_.is_some())
        };
        let is_closure = |arg: &ExprId| matches!(self.body.expr(*arg), Expr::Closure(_));
        if !is_of_trait(&func) || args.is_empty() || args.iter().any(is_closure) {
            return func;
        }
        let given: Vec<Ty> = args.iter().map(|arg| self.expr(*arg, None)).collect();
        self.early.extend(args);
        // Most impls call what is their own.
        let own = program.parent(self.owner);
        let beside = list.iter().copied().filter(|f| own.is_some() && program.parent(*f) == own);
        let first = given.first().map(|ty| self.resolve_ty(*ty));
        let is_meant = |cx: &mut Self, f: GItem| {
            sema.index.may_take(f, cx.table, first) && cx.fits(f, on) && cx.takes_all(f, on, &given)
        };
        let mut all = beside.chain([func]).chain(list.iter().copied().filter(is_of_trait));
        all.find(|f| is_meant(self, *f)).unwrap_or(func)
    }

    /// Whether a function on a type can take arguments of these types; binds nothing.
    fn takes_all(&mut self, func: GItem, on: Ty, given: &[Ty]) -> bool {
        let ItemKind::Fn(decl) = &self.sema.program.item(func).kind else { return false };
        if decl.params.len() != given.len() {
            return false;
        }
        let before = self.table.begin();
        let env = self.instantiated(func, Some(on));
        let can = decl.params.iter().zip(given).all(|(param, given)| {
            let param = self.declared(&env, param.ty);
            let (param, given) = (self.resolve_ty(param), self.resolve_ty(*given));
            self.can_be(param, given, 0)
        });
        self.table.take_back(before);
        can
    }

    /// A method of exactly this type.
    pub(super) fn method_at(&mut self, ty: Ty, name: Name, sight: Sight) -> Option<GItem> {
        match self.table.kind(ty).clone() {
            TyKind::Var(_) | TyKind::Unknown | TyKind::External(..) => return None,
            TyKind::Param(owner, index) => {
                let bounds = self.param_bounds(owner, index);
                return self.method_in_bounds(&bounds, name).or_else(|| self.blanket(None, name, sight));
            }
            TyKind::Bounds(bounds) => {
                if let Some(func) = self.method_in_bounds(&bounds, name) {
                    return Some(func);
                }
            }
            TyKind::Proj(inner, _, assoc) => {
                let bounds = self.assoc_bounds(inner, assoc);
                return self.method_in_bounds(&bounds, name).or_else(|| self.blanket(None, name, sight));
            }
            TyKind::Future(_) => {
                let future = self.sema.lang.future;
                let found = future.and_then(|f| self.sema.index.of_trait.get(&(f, name)).copied());
                return found.or_else(|| self.blanket(future.map(Head::Dyn), name, sight));
            }
            _ => {}
        }
        let head = self.head(ty)?;
        if let Some(list) = self.sema.index.methods.get(&(head, name)) {
            return Some(self.fitting(list, ty));
        }
        self.default_method(head, name)
            .or_else(|| self.derived(ty, name))
            .or_else(|| self.blanket(Some(head), name, sight))
            .or_else(|| self.most_derive(ty, name, sight))
    }

    /// Of several impls for one head, the first whose written self type can be this one. Where impls of one trait differ in
    /// what the trait is given, what the call has to give decides.
    fn fitting(&mut self, list: &[GItem], ty: Ty) -> GItem {
        if list.len() == 1 {
            return list[0];
        }
        let list = &*self.sema.program.of_own_build(self.owner, list);
        if let Wanted::Not = self.wanted {
            return list.iter().copied().find(|func| self.fits(*func, ty)).unwrap_or(list[0]);
        }
        let fits: Vec<GItem> = list.iter().copied().filter(|func| self.fits(*func, ty)).collect();
        let first = fits.first().copied().unwrap_or(list[0]);
        match self.wanted {
            Wanted::Open if fits.len() > 1 => {
                let differ = fits[1..].iter().any(|func| self.results_differ(first, *func, ty));
                self.wanted = if differ { Wanted::Later } else { Wanted::Open };
                first
            }
            Wanted::Ty(wanted) if fits.len() > 1 => {
                fits.into_iter().find(|func| self.gives(*func, ty, wanted)).unwrap_or(first)
            }
            _ => first,
        }
    }

    fn fits(&mut self, func: GItem, ty: Ty) -> bool {
        let Some(parent) = self.sema.program.parent(func) else { return true };
        let ItemKind::Impl(imp) = &self.sema.program.item(parent).kind else { return true };
        // What has no arguments is told by its head.
        if matches!(&*imp.self_ty, TypeRef::Path(path) if path.segments.iter().all(|s| s.args.is_none()))
            && imp.generics.params.is_empty()
        {
            return true;
        }
        if !self.sema.index.may_be_for(parent, self.table, ty) {
            return false;
        }
        if let Some(known) = self.known.fits(parent, ty) {
            return known;
        }
        let params = self.params_as_vars(parent);
        let env = super::decl::Env { params, ..self.env_at(parent) };
        let pattern = self.ty(&env, imp.self_ty);
        let fits = self.can_be(pattern, ty, 0);
        if self.table.is_closed(ty) {
            self.known.keep_fits(parent, ty, fits);
        }
        fits
    }

    /// Whether a method's result on a type can be what is wanted; binds nothing.
    fn gives(&mut self, func: GItem, ty: Ty, wanted: Ty) -> bool {
        let before = self.table.begin();
        let ret = self.result_on(func, ty);
        let can = self.can_be(ret, wanted, 0);
        self.table.take_back(before);
        can
    }

    fn results_differ(&mut self, one: GItem, other: GItem, ty: Ty) -> bool {
        let written = |func: GItem| {
            let parent = self.sema.program.parent(func)?;
            let plain = self.generics(parent)?.params.is_empty();
            match &self.sema.program.item(func).kind {
                ItemKind::Fn(decl) if plain => Some((self.home(func), decl.ret, decl.is_async)),
                _ => None,
            }
        };
        if written(one).is_some_and(|one| written(other) == Some(one)) {
            return false;
        }
        let before = self.table.begin();
        let (one, other) = (self.result_on(one, ty), self.result_on(other, ty));
        let can = self.can_be(one, other, 0);
        self.table.take_back(before);
        !can
    }

    fn result_on(&mut self, func: GItem, ty: Ty) -> Ty {
        let ItemKind::Fn(decl) = &self.sema.program.item(func).kind else { return Ty::UNKNOWN };
        let env = self.instantiated(func, Some(ty));
        let ret = self.result_ty(&env, decl);
        self.resolve_ty(ret)
    }

    /// Whether two types can be equal, without binding anything.
    pub(super) fn can_be(&self, a: Ty, b: Ty, depth: u32) -> bool {
        if depth > 6 || a == b {
            return true;
        }
        match (self.table.kind(a), self.table.kind(b)) {
            (TyKind::Adt(x, xs), TyKind::Adt(y, ys)) => {
                x == y && xs.iter().zip(ys.iter()).all(|(x, y)| self.can_be(*x, *y, depth + 1))
            }
            (TyKind::Prim(x), TyKind::Prim(y)) => x == y,
            (TyKind::Tuple(xs), TyKind::Tuple(ys)) => {
                xs.len() == ys.len() && xs.iter().zip(ys.iter()).all(|(x, y)| self.can_be(*x, *y, depth + 1))
            }
            (TyKind::Slice(x), TyKind::Slice(y)) => self.can_be(*x, *y, depth + 1),
            (
                TyKind::Adt(..) | TyKind::Prim(_) | TyKind::Tuple(_),
                TyKind::Adt(..) | TyKind::Prim(_) | TyKind::Tuple(_),
            ) => false,
            (TyKind::External(..), TyKind::Prim(_) | TyKind::Tuple(_) | TyKind::Slice(_))
            | (TyKind::Prim(_) | TyKind::Tuple(_) | TyKind::Slice(_), TyKind::External(..)) => false,
            _ => true,
        }
    }

    pub(super) fn method_in_bounds(&mut self, bounds: &[BoundTy], name: Name) -> Option<GItem> {
        bounds.iter().filter_map(|b| b.trait_).find_map(|t| self.method_of_trait(t, name, 0))
    }

    /// A trait's method, or one of its supertraits'.
    pub(super) fn method_of_trait(&mut self, trait_: GItem, name: Name, depth: u32) -> Option<GItem> {
        if let Some(func) = self.sema.index.of_trait.get(&(trait_, name)) {
            return Some(*func);
        }
        let ItemKind::Trait(_, supers, _) = &self.sema.program.item(trait_).kind else { return None };
        if depth > 6 || supers.is_empty() {
            return None;
        }
        let env = super::decl::Env { module: Some(self.home(trait_)), ..Default::default() };
        let supers: Vec<GItem> = supers.iter().filter_map(|b| self.bound_ty(&env, b).trait_).collect();
        supers.into_iter().find_map(|t| self.method_of_trait(t, name, depth + 1))
    }

    /// Bounds that a trait puts on an associated type.
    fn assoc_bounds(&mut self, inner: Ty, assoc: Name) -> Vec<BoundTy> {
        let traits: Vec<GItem> = match self.table.kind(inner).clone() {
            TyKind::Param(owner, index) => {
                self.param_bounds(owner, index).iter().filter_map(|b| b.trait_).collect()
            }
            TyKind::Bounds(bounds) => bounds.iter().filter_map(|b| b.trait_).collect(),
            _ => return Vec::new(),
        };
        let program = self.sema.program;
        for t in traits {
            let ItemKind::Trait(_, _, items) = &program.item(t).kind else { continue };
            for child in items {
                let child = program.sibling(t, *child);
                if program.item(child).name == assoc
                    && let ItemKind::Alias(_, _, bounds) = &program.item(child).kind
                {
                    let env = super::decl::Env { module: Some(self.home(t)), ..Default::default() };
                    return bounds.iter().map(|b| self.bound_ty(&env, b)).collect();
                }
            }
        }
        Vec::new()
    }

    /// A method with a body in a trait that the type implements.
    fn default_method(&self, head: Head, name: Name) -> Option<GItem> {
        let candidates = self.sema.index.trait_methods.get(&name)?;
        let impls = self.sema.index.impls.get(&head)?;
        let found = candidates.iter().find(|(t, _)| impls.iter().any(|i| i.trait_ == Some(*t)));
        found.map(|(_, f)| *f)
    }

    /// A method of a trait that a derive implements.
    fn derived(&self, ty: Ty, name: Name) -> Option<GItem> {
        let candidates = self.sema.index.trait_methods.get(&name)?;
        let program = self.sema.program;
        let (adt, _) = self.table.adt(ty)?;
        let is_derived =
            |trait_: GItem| program.item(adt).attrs.derive(program.item(trait_).name.as_str()).is_some();
        candidates.iter().find(|(trait_, _)| is_derived(*trait_)).map(|(_, func)| *func)
    }

    /// A method of a trait that most types derive: models do not say which.
    fn most_derive(&self, ty: Ty, name: Name, sight: Sight) -> Option<GItem> {
        let program = self.sema.program;
        // What the program's own types derive is seen, and of std's pointers it is known.
        let is_known = self.table.adt(ty).is_some_and(|(item, _)| {
            let derefs = |deref| self.sema.index.impl_of(Head::Adt(item), deref).is_some();
            !program.is_model(item) || program.is_std(item) && self.sema.lang.deref.is_some_and(derefs)
        });
        if is_known && sight == Sight::Seen {
            return None;
        }
        let candidates = self.sema.index.trait_methods.get(&name)?;
        let is_one =
            |trait_: GItem| program.is_model(trait_) && DERIVED.contains(&program.item(trait_).name.as_str());
        candidates.iter().find(|(trait_, _)| is_one(*trait_)).map(|(_, func)| *func)
    }

    /// Whether nearly every type has a trait: by an impl for any type that asks for no more than what most types derive.
    pub(super) fn most_have(&self, trait_: GItem) -> bool {
        let any = self.sema.index.impls.get(&Head::Any).map(|l| &l[..]).unwrap_or_default();
        let is_common = |bound: &Bound| {
            bound.path.last().is_some_and(|name| {
                let name = name.as_str();
                name == "Display" || name == "Sized" || DERIVED.contains(&name)
            })
        };
        any.iter().filter(|imp| imp.trait_ == Some(trait_)).any(|imp| {
            let ItemKind::Impl(decl) = &self.sema.program.item(imp.imp).kind else { return false };
            let Some(own) = decl.self_ty.single() else { return false };
            decl.generics
                .bounds
                .iter()
                .filter(|(subject, _)| subject.single() == Some(own))
                .all(|(_, b)| is_common(b))
        })
    }

    /// A method that an impl for any type gives, as far as it is one for this type.
    fn blanket(&self, head: Option<Head>, name: Name, sight: Sight) -> Option<GItem> {
        // Models do not say of every type what it implements.
        match sight {
            Sight::Seen => {
                self.blanket_if(name, &|imp| self.passes_on(imp, head) && self.bounds_hold(imp, head))
            }
            Sight::Possible => {
                self.blanket_if(name, &|imp| self.passes_on(imp, head) && self.may_hold(imp, head))
            }
        }
    }

    fn blanket_if(&self, name: Name, holds: &dyn Fn(&TraitImpl) -> bool) -> Option<GItem> {
        let any = self.sema.index.impls.get(&Head::Any)?;
        if let Some(list) = self.sema.index.methods.get(&(Head::Any, name)) {
            let given = |func: &&GItem| {
                let imp = self.sema.program.parent(**func);
                any.iter().find(|i| Some(i.imp) == imp).is_none_or(|i| self.is_seen(i.trait_) && holds(i))
            };
            if let Some(func) = list.iter().find(given) {
                return Some(*func);
            }
        }
        let candidates = self.sema.index.trait_methods.get(&name)?;
        let given = |t: GItem| any.iter().any(|i| i.trait_ == Some(t) && holds(i));
        candidates.iter().find(|(t, _)| given(*t) && self.is_seen(Some(*t))).map(|(_, f)| *f)
    }

    /// Whether the code at hand may use a trait's methods. Models declare traits that are imported wherever they matter; a
    /// library that was read may have any.
    fn is_seen(&self, trait_: Option<GItem>) -> bool {
        let program = self.sema.program;
        trait_.is_none_or(|trait_| !program.is_read(trait_) || program.sees(self.module, trait_))
    }

    /// Whether a type implements, as far as one sees, what the bounds of an impl for any type ask.
    pub(super) fn bounds_hold(&self, imp: &TraitImpl, head: Option<Head>) -> bool {
        head.is_none_or(|head| self.unseen_bounds(imp, head).next().is_none())
    }

    /// Whether a type may implement what those bounds ask though nothing is seen of it: not where the trait is one of a
    /// third-party crate's model, which says what has it.
    fn may_hold(&self, imp: &TraitImpl, head: Option<Head>) -> bool {
        let Some(head) = head else { return true };
        let program = self.sema.program;
        self.unseen_bounds(imp, head).all(|bound| {
            match program.resolve(program.home(imp.imp), &bound.path, Namespace::Type) {
                Resolution::Def(Def::Item(item), 0) => !program.is_model(item) || program.is_std(item),
                _ => true,
            }
        })
    }

    /// The bounds of an impl for any type that nobody sees this type satisfy.
    fn unseen_bounds<'s>(&'s self, imp: &TraitImpl, head: Head) -> impl Iterator<Item = &'s Bound> {
        let program = self.sema.program;
        let decl = match &program.item(imp.imp).kind {
            ItemKind::Impl(decl) => Some(decl),
            _ => None,
        };
        let own = decl.and_then(|decl| decl.self_ty.single());
        let asked = decl.into_iter().flat_map(|decl| &decl.generics.bounds);
        let asked = asked
            .filter(move |(subject, _)| own.is_some() && subject.single() == own)
            .map(|(_, bound)| bound);
        let impls = self.sema.index.impls.get(&head).map(|l| &l[..]).unwrap_or_default();
        let object = match head {
            Head::Dyn(t) => Some(program.item(t).name),
            _ => None,
        };
        asked.filter(move |bound| {
            let Some(name) = bound.path.last() else { return false };
            name != *"Sized" && object != Some(name) && !impls.iter().any(|i| i.name == name)
        })
    }

    /// Whether an impl for any type is one for this: `impl<I: Iterator> Iterator for &mut I` is for iterators alone.
    fn passes_on(&self, imp: &TraitImpl, head: Option<Head>) -> bool {
        let (Some(head), Some(trait_)) = (head, imp.trait_) else { return true };
        let ItemKind::Impl(decl) = &self.sema.program.item(imp.imp).kind else { return true };
        let bounds = decl.generics.bounds.iter().filter_map(|(_, bound)| bound.path.last());
        let own = self.sema.program.item(trait_).name;
        !bounds.into_iter().any(|name| name == own) || self.sema.index.impl_of(head, trait_).is_some()
    }

    /// A function in the namespace of a type: `Type::name`.
    pub(super) fn assoc_fn(&mut self, ty: Ty, name: Name) -> Option<GItem> {
        let ty = self.resolve_ty(ty);
        self.method_at(ty, name, Sight::Seen).or_else(|| self.method_at(ty, name, Sight::Possible))
    }
}
