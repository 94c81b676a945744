//! Calls: arguments against signatures, closures after the rest, as rustc does it.

use std::rc::Rc;

use super::decl::Env;
use super::infer::{Callee, Cx};
use super::method::{Picked, Sight, Wanted};
use super::table::{BoundTy, Ty, TyKind};
use super::value::ValueDef;
use crate::ir::{Expr, ExprId, FnDecl, ItemKind, List, Shared};
use crate::name::Name;
use crate::resolve::GItem;

/// A method found by name alone counts only where the program has no more than this many of that name.
const MAX_BY_NAME: usize = 1;

impl Cx<'_> {
    /// The type of a path in value position.
    pub(super) fn path_value(&mut self, id: ExprId, path: u32) -> Ty {
        let body = self.body;
        let written = &body.paths[path as usize];
        let def = self.value_def(written);
        let ty = match &def {
            ValueDef::Fn(func, _) => self.table.intern(TyKind::Fn(*func)),
            ValueDef::Ctor(item, variant, ty) => self.ctor_value(*item, *variant, *ty),
            ValueDef::Const(item) => self.const_ty(*item),
            _ => Ty::UNKNOWN,
        };
        self.values.insert(id, def);
        ty
    }

    /// A constructor as a value: the value itself when it has no fields, else a function.
    fn ctor_value(&mut self, item: GItem, variant: Option<u16>, ty: Ty) -> Ty {
        let params = self.ctor_params(item, variant, ty);
        if params.is_empty() { ty } else { self.table.intern(TyKind::FnPtr(params.into(), ty)) }
    }

    fn ctor_params(&mut self, item: GItem, variant: Option<u16>, ty: Ty) -> Vec<Ty> {
        let count = match (&self.sema.program.item(item).kind, variant) {
            (ItemKind::Struct(_, fields), _) => fields.list.len(),
            (ItemKind::Enum(_, variants), Some(v)) => {
                variants.get(v as usize).map_or(0, |v| v.fields.list.len())
            }
            _ => 0,
        };
        let args: Box<[Ty]> = self.table.adt(ty).map(|(_, a)| a.into()).unwrap_or_default();
        (0..count).map(|i| self.field_ty(item, &args, variant, i)).collect()
    }

    fn const_ty(&mut self, item: GItem) -> Ty {
        let ItemKind::Const(written) = &self.sema.program.item(item).kind else { return Ty::UNKNOWN };
        let env = self.env_of(item);
        self.declared(&env, *written)
    }

    /// A call through a path or a value.
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, args: List, expected: Option<Ty>) -> Ty {
        let callee_ty = self.expr(callee, None);
        let args = self.body.list(args).to_vec();
        let def = self.values.get(&callee).cloned();
        match def {
            Some(ValueDef::Fn(func, self_ty)) => {
                let func = self.called_on(callee, func, self_ty, &args);
                self.callees.insert(id, Callee::Fn(func, false));
                let turbofish = self.turbofish(callee);
                self.call_fn(func, Receiver::Path(self_ty), &args, turbofish, expected)
            }
            Some(ValueDef::Ctor(item, variant, ty)) => {
                self.callees.insert(id, Callee::Ctor(item, variant));
                if let Some(expected) = expected {
                    self.unify(ty, expected);
                }
                let params = self.ctor_params(item, variant, ty);
                self.arguments(&args, &params);
                ty
            }
            Some(ValueDef::External(path)) => {
                args.iter().for_each(|a| {
                    self.expr(*a, None);
                });
                let ty = self.external_result(&path);
                self.callees.insert(id, Callee::External(path));
                ty
            }
            _ => self.call_value(id, callee_ty, &args),
        }
    }

    /// The function that a call through a path means: `Error::from(io)` is that of the impl for what is given.
    fn called_on(&mut self, callee: ExprId, func: GItem, on: Option<Ty>, args: &[ExprId]) -> GItem {
        let takes_self =
            matches!(&self.sema.program.item(func).kind, ItemKind::Fn(f) if f.receiver.is_some());
        let Some(on) = on else { return func };
        let args = if takes_self { args.get(1..).unwrap_or_default() } else { args };
        let chosen = self.by_arguments(func, on, args);
        if chosen != func {
            self.values.insert(callee, ValueDef::Fn(chosen, Some(on)));
        }
        chosen
    }

    fn call_value(&mut self, id: ExprId, callee: Ty, args: &[ExprId]) -> Ty {
        let callee = self.resolve_ty(callee);
        let (params, ret) = match self.table.kind(callee).clone() {
            TyKind::Closure(c) => {
                self.closures.get(c as usize).cloned().flatten().unwrap_or((Vec::new(), Ty::UNKNOWN))
            }
            TyKind::FnPtr(params, ret) => (params.to_vec(), ret),
            TyKind::Fn(func) => self.fn_signature(func),
            TyKind::Param(owner, index) => {
                let bounds = self.param_bounds(owner, index);
                self.callable(&bounds)
            }
            TyKind::Bounds(bounds) => self.callable(&bounds),
            TyKind::Adt(..) => match self.deref(callee) {
                Some(inner) => return self.call_value(id, inner, args),
                None => (Vec::new(), Ty::UNKNOWN),
            },
            _ => (Vec::new(), Ty::UNKNOWN),
        };
        let known = !matches!(self.table.kind(callee), TyKind::Unknown | TyKind::Var(_));
        self.callees.insert(id, if known { Callee::Value } else { Callee::Unknown });
        self.arguments(args, &params);
        ret
    }

    fn callable(&self, bounds: &[BoundTy]) -> (Vec<Ty>, Ty) {
        let found = bounds.iter().find(|b| b.call);
        found.map_or((Vec::new(), Ty::UNKNOWN), |b| {
            (b.args.to_vec(), b.bindings.first().map_or(Ty::UNIT, |(_, t)| *t))
        })
    }

    /// An operator that the program implements for a type of its own: what it gives.
    pub(super) fn operator(&mut self, id: ExprId, left: Ty, method: Name, right: ExprId) -> Option<Ty> {
        let left = self.resolve_ty(left);
        let (item, _) = self.table.adt(left)?;
        if self.sema.program.is_model(item) {
            return None;
        }
        let func = self.method_at(left, method, Sight::Seen)?;
        if self.sema.program.is_model(func) {
            return None;
        }
        self.callees.insert(id, Callee::Fn(func, false));
        Some(self.call_fn(func, Receiver::Value(left), &[right], None, None))
    }

    /// A method call whose receiver has been inferred.
    pub(super) fn method_call(&mut self, id: ExprId, expected: Option<Ty>) -> Ty {
        let body = self.body;
        let Expr::Method(receiver, name, args, turbofish) = *body.expr(id) else { return Ty::UNKNOWN };
        let args = body.list(args).to_vec();
        let ty = self.resolve_ty(self.exprs[receiver.0 as usize]);
        let (picked, later) = self.method_giving(ty, name, expected);
        if let Some(mut picked) = picked {
            picked.func = self.by_arguments(picked.func, picked.at, &args);
            let is_new = self.callees.insert(id, Callee::Fn(picked.func, false)).is_none();
            if later && is_new {
                return self.wait(id, &args);
            }
            let given = turbofish.map(|t| body.paths[t.path()]);
            return self.call_fn(picked.func, Receiver::Value(picked.at), &args, given, expected);
        }
        // A pointer around a type outside: the method is that type's.
        let ty = self.innermost(ty);
        if let TyKind::External(path, _) = self.table.kind(ty).clone() {
            return self.method_outside(id, ty, &path, &args, expected);
        }
        if matches!(self.table.kind(ty), TyKind::Var(_)) && !self.callees.contains_key(&id) {
            self.callees.insert(id, Callee::Unknown);
            return self.wait(id, &args);
        }
        self.by_name(id, ty, name, &args, expected)
    }

    /// The method of a type that gives what is expected, and whether that is to be asked again when more is known.
    fn method_giving(&mut self, ty: Ty, name: Name, expected: Option<Ty>) -> (Option<Picked>, bool) {
        let expected = expected.map(|ty| self.resolve_ty(ty)).filter(|ty| !self.table.open(*ty));
        self.wanted = expected.map_or(Wanted::Open, Wanted::Ty);
        let picked = self.method(ty, name);
        let wanted = std::mem::replace(&mut self.wanted, Wanted::Not);
        (picked, matches!(wanted, Wanted::Later))
    }

    /// A call that is looked at again when the rest of the body has been.
    fn wait(&mut self, id: ExprId, args: &[ExprId]) -> Ty {
        self.pending.push(id);
        args.iter().for_each(|a| {
            self.expr(*a, None);
        });
        self.table.fresh()
    }

    /// A method whose receiver's type is not known: the only one of that name, when there is just one.
    fn by_name(&mut self, id: ExprId, ty: Ty, name: Name, args: &[ExprId], expected: Option<Ty>) -> Ty {
        let open = self.table.open(ty) || matches!(self.table.kind(ty), TyKind::Proj(..));
        let known = self.sema.index.by_name.get(&name).map(|l| &l[..]).unwrap_or_default();
        let in_models = self
            .sema
            .index
            .trait_methods
            .get(&name)
            .is_some_and(|l| l.iter().any(|(_, f)| self.sema.program.is_model(*f)));
        if open && known.len() == MAX_BY_NAME && !in_models && self.takes(known[0], args.len()) {
            let func = known[0];
            self.callees.insert(id, Callee::Fn(func, true));
            return self.call_fn(func, Receiver::Path(None), args, None, expected);
        }
        self.callees.insert(id, Callee::Unknown);
        args.iter().for_each(|a| {
            self.expr(*a, None);
        });
        self.table.fresh()
    }

    fn takes(&self, func: GItem, args: usize) -> bool {
        matches!(&self.sema.program.item(func).kind,
            ItemKind::Fn(decl) if decl.receiver.is_some() && decl.params.len() == args)
    }

    fn turbofish(&self, callee: ExprId) -> Option<Shared<crate::ir::Path>> {
        match *self.body.expr(callee) {
            Expr::Path(p) => {
                let path = self.body.paths[p as usize];
                path.segments.last().and_then(|s| s.args.as_ref())?;
                Some(path)
            }
            _ => None,
        }
    }

    /// Calls a function whose declaration is at hand.
    pub(super) fn call_fn(
        &mut self,
        func: GItem,
        receiver: Receiver,
        args: &[ExprId],
        turbofish: Option<Shared<crate::ir::Path>>,
        expected: Option<Ty>,
    ) -> Ty {
        let program = self.sema.program;
        let ItemKind::Fn(decl) = &program.item(func).kind else { return Ty::UNKNOWN };
        let outer = std::mem::take(&mut self.obligations);
        let mut env = self.instantiated(func, receiver.ty());
        self.given_types(&mut env, func, turbofish);
        let mut args = args;
        if decl.receiver.is_some()
            && let Receiver::Path(_) = receiver
            && let Some((first, rest)) = args.split_first()
            && args.len() > decl.params.len()
        {
            let own = env.self_ty;
            let ty = self.expr(*first, own);
            if let Some(own) = own {
                self.unify(own, ty);
            }
            args = rest;
        }
        env.open_impl = true;
        let params: Vec<Ty> = decl.params.iter().map(|p| self.declared(&env, p.ty)).collect();
        env.open_impl = false;
        let ret = self.result_ty(&env, decl);
        // An object is made of what is there: its type says nothing of the arguments, so they come first.
        let (late, early) = match expected.filter(|ty| !self.table.open(*ty)) {
            Some(ty) if self.is_object(ty) => (Some(ty), None),
            other => (None, other),
        };
        early.into_iter().for_each(|ty| self.unify(ret, ty));
        let bounds = self.bounds_of(&env, func);
        self.arguments_with(args, &params, &bounds);
        late.into_iter().for_each(|ty| self.unify(ret, ty));
        self.obligations = outer;
        self.resolve_ty(ret)
    }

    /// Whether a type is, or holds, an object of which no more is known than its traits' names.
    fn is_object(&mut self, ty: Ty) -> bool {
        let ty = self.resolve_ty(ty);
        match self.table.kind(ty).clone() {
            TyKind::Adt(_, args) if args.len() == 1 => self.is_object(args[0]),
            TyKind::Bounds(bounds) => bounds.iter().all(|b| !b.call && b.bindings.is_empty()),
            _ => false,
        }
    }

    /// Types given with `::<…>`.
    fn given_types(&mut self, env: &mut Env, func: GItem, turbofish: Option<Shared<crate::ir::Path>>) {
        let Some(args) = turbofish.and_then(|p| p.get().segments.last()?.args.as_deref()) else { return };
        let names: Vec<Name> = self.generics(func).map(|g| g.params.clone()).unwrap_or_default();
        let own = Rc::clone(&self.env);
        for (name, written) in names.iter().zip(&args.types) {
            let given = self.ty(&own, *written);
            if let Some((_, ty)) = env.params.iter().rev().find(|(n, _)| n == name).cloned() {
                self.unify(ty, given);
            }
        }
    }

    /// What a call gives: the declared result, or a future of it.
    pub(super) fn result_ty(&mut self, env: &Env, decl: &FnDecl) -> Ty {
        let ret = decl.ret.as_ref().map_or(Ty::UNIT, |t| self.declared(env, *t));
        if decl.is_async { self.table.intern(TyKind::Future(ret)) } else { ret }
    }

    /// Bounds of a function and of the impl around it, on the types of this call.
    fn bounds_of(&mut self, env: &Env, func: GItem) -> Vec<(Ty, BoundTy)> {
        let mut found = std::mem::take(&mut self.obligations);
        let holders = [self.sema.program.parent(func), Some(func)];
        for holder in holders.into_iter().flatten() {
            let Some(generics) = self.generics(holder) else { continue };
            for (subject, bound) in generics.bounds.iter().filter(|(_, bound)| bound.tells()) {
                let subject = self.ty(env, *subject);
                let bound = self.bound_ty(env, bound);
                found.push((subject, bound));
            }
        }
        found
    }

    fn arguments(&mut self, args: &[ExprId], params: &[Ty]) {
        self.arguments_with(args, params, &[]);
    }

    /// Arguments against parameters: closures last, when the others have said what types are.
    fn arguments_with(&mut self, args: &[ExprId], params: &[Ty], bounds: &[(Ty, BoundTy)]) {
        let is_closure = |cx: &Self, e: ExprId| matches!(cx.body.expr(e), Expr::Closure(_));
        for closures in [false, true] {
            for (i, arg) in args.iter().enumerate() {
                if is_closure(self, *arg) != closures {
                    continue;
                }
                let param = params.get(i).copied();
                if closures && let Some(param) = param {
                    self.expect_closure(*arg, param, bounds);
                    continue;
                }
                let ty = match self.early.remove(arg) {
                    true => self.exprs[arg.0 as usize],
                    false => self.expr(*arg, param),
                };
                if let Some(param) = param {
                    self.unify(param, ty);
                }
            }
            for (subject, bound) in bounds {
                if !bound.call || closures {
                    self.oblige(*subject, bound);
                }
            }
        }
        // Function items passed where closures are expected.
        for (subject, bound) in bounds.iter().filter(|(_, b)| b.call) {
            self.oblige(*subject, bound);
        }
    }

    /// A closure argument: its parameters are what the bound on its type says.
    fn expect_closure(&mut self, arg: ExprId, param: Ty, bounds: &[(Ty, BoundTy)]) {
        let param = self.resolve_ty(param);
        let bound = bounds
            .iter()
            .find(|(subject, b)| b.call && self.table.shallow(*subject) == param)
            .map(|(_, b)| b);
        let expected = match (bound, self.table.kind(param).clone()) {
            (Some(bound), _) => {
                let inputs: Vec<Ty> = bound.args.to_vec();
                let inputs: Vec<Ty> = inputs.into_iter().map(|t| self.resolve_ty(t)).collect();
                let out = bound.bindings.first().map_or(Ty::UNIT, |(_, t)| *t);
                Some(self.table.intern(TyKind::FnPtr(inputs.into(), out)))
            }
            (None, TyKind::Bounds(list)) => {
                let (inputs, out) = self.callable(&list);
                Some(self.table.intern(TyKind::FnPtr(inputs.into(), out)))
            }
            (None, TyKind::FnPtr(..)) => Some(param),
            _ => None,
        };
        let ty = self.expr(arg, expected);
        self.unify(param, ty);
    }

    /// `Path { … }`.
    pub(super) fn struct_literal(
        &mut self,
        path: u32,
        fields: List,
        base: Option<ExprId>,
        expected: Option<Ty>,
    ) -> Ty {
        let body = self.body;
        let written = &body.paths[path as usize];
        let found = self.constructor(written);
        let Some((adt, variant)) = found else {
            self.all(fields);
            base.into_iter().for_each(|b| {
                self.expr(b, None);
            });
            let env = Rc::clone(&self.env);
            return self.ty_path(&env, written);
        };
        self.pat_paths.insert(path, (adt, variant));
        let args: Box<[Ty]> = self.params_as_vars(adt).into_iter().map(|(_, t)| t).collect();
        let ty = self.table.intern(TyKind::Adt(adt, args.clone()));
        if let Some(expected) = expected {
            self.unify(ty, expected);
        }
        for field in body.list(fields).to_vec() {
            let Expr::Named(name, value) = *body.expr(field) else { continue };
            let wanted = self.member_ty(adt, &args, variant, name);
            let got = self.expr(value, Some(wanted));
            self.unify(wanted, got);
            self.exprs[field.0 as usize] = got;
        }
        if let Some(base) = base {
            self.expr(base, Some(ty));
        }
        ty
    }

    fn member_ty(&mut self, adt: GItem, args: &[Ty], variant: Option<u16>, name: Name) -> Ty {
        let fields = match (&self.sema.program.item(adt).kind, variant) {
            (ItemKind::Struct(_, fields), _) => fields,
            (ItemKind::Enum(_, variants), Some(v)) => &variants[v as usize].fields,
            _ => return Ty::UNKNOWN,
        };
        match fields.list.iter().position(|f| f.name == name) {
            Some(index) => self.field_ty(adt, args, variant, index),
            None => Ty::UNKNOWN,
        }
    }
}

/// How a function came to be called.
pub(super) enum Receiver {
    /// By a path, through this type.
    Path(Option<Ty>),
    /// On a value of this type.
    Value(Ty),
}

impl Receiver {
    fn ty(&self) -> Option<Ty> {
        match self {
            Self::Path(ty) => *ty,
            Self::Value(ty) => Some(*ty),
        }
    }
}
