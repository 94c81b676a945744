//! Inference of one body.

use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Sema;
use super::decl::Env;
use super::known::{Known, Reading};
use super::method::Wanted;
use super::store::{Settled, Settling, Sparse, Store};
use super::table::{BoundTy, Ty, TyKind, TyTable};
use super::value::ValueDef;
use crate::ir::{BinaryOp, Body, Expr, ExprId, ItemKind, Lit, Shared, Stmt};
use crate::name::Name;
use crate::resolve::{GItem, ModId};

/// Which function a call means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Callee {
    /// A function of the program or of a model; whether it was found by its name alone.
    Fn(GItem, bool),
    /// A constructor: of which item, and which variant.
    Ctor(GItem, Option<u16>),
    /// A value that is called.
    Value,
    /// A function outside, by its path.
    External(Shared<Vec<Name>>),
    /// Nothing known.
    Unknown,
}

/// What is known of one body.
#[derive(Debug)]
pub struct Inference {
    /// Its types.
    pub table: Arc<Store>,
    /// Types of expressions.
    pub exprs: Box<[Ty]>,
    /// Types of locals.
    pub locals: Box<[Ty]>,
    /// Callees of calls and method calls.
    pub callees: Sparse<ExprId, Callee>,
    /// What paths in value position mean.
    pub values: Sparse<ExprId, ValueDef>,
    /// Holders of fields that are read: the type, and the field's index.
    pub fields: Sparse<ExprId, (GItem, u16)>,
    /// What paths in patterns mean, by index into the body's paths.
    pub pat_paths: Sparse<u32, (GItem, Option<u16>)>,
    /// What the function returns.
    pub ret: Ty,
}

/// What one thread keeps from one body of a program to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    table: TyTable,
    known: Known,
    settled: Settled,
}

/// How many types a thread keeps.
const MAX_KEPT: usize = 1 << 17;

/// Inference at work.
pub(super) struct Cx<'a> {
    pub(super) sema: &'a Sema<'a>,
    pub(super) owner: GItem,
    pub(super) module: ModId,
    pub(super) body: &'a Body,
    pub(super) table: &'a mut TyTable,
    pub(super) known: &'a mut Known,
    pub(super) reading: Reading,
    pub(super) env: Rc<Env>,
    pub(super) exprs: Vec<Ty>,
    pub(super) locals: Vec<Ty>,
    pub(super) callees: FxHashMap<ExprId, Callee>,
    pub(super) values: FxHashMap<ExprId, ValueDef>,
    pub(super) fields: FxHashMap<ExprId, (GItem, u16)>,
    pub(super) pat_paths: FxHashMap<u32, (GItem, Option<u16>)>,
    pub(super) closures: Vec<Option<(Vec<Ty>, Ty)>>,
    /// Bounds of `impl Trait` arguments, used at the call.
    pub(super) obligations: Vec<(Ty, BoundTy)>,
    /// Uses of values whose type was open when they were met.
    pub(super) pending: Vec<ExprId>,
    /// Arguments that were looked at to choose a function, before its parameters were known.
    pub(super) early: FxHashSet<ExprId>,
    /// Builders that derives make, and what they build.
    pub(super) builders: FxHashMap<Ty, Ty>,
    /// What the method call in hand has to give.
    pub(super) wanted: Wanted,
    ret: Ty,
    breaks: Vec<(Option<Name>, Ty)>,
    pub(super) projections: u32,
    /// Whether types are read in code, where missing arguments are inferred.
    pub(super) in_code: bool,
}

/// Infers all bodies of a program, sorted by item.
#[must_use]
pub fn of_bodies(sema: &Sema<'_>) -> Vec<(GItem, Inference)> {
    let items = sema.program.with_bodies();
    let bodies = items.par_iter().filter_map(|item| Some((*item, sema.program.body(*item)?)));
    let each =
        bodies.map_init(Scratch::default, |scratch, (item, body)| (item, infer(sema, item, body, scratch)));
    each.collect()
}

/// Infers the body of an item. What is kept must come from bodies of the same program.
#[must_use]
pub fn infer(sema: &Sema<'_>, owner: GItem, body: &Body, scratch: &mut Scratch) -> Inference {
    if scratch.table.len() > MAX_KEPT {
        *scratch = Scratch::default();
    }
    let Scratch { table, known, settled } = scratch;
    table.next_body();
    let mut cx = Cx {
        sema,
        owner,
        module: sema.program.scope_of_body(owner),
        body,
        table,
        known,
        reading: Reading::default(),
        env: Rc::default(),
        exprs: vec![Ty::UNKNOWN; body.exprs.len()],
        locals: vec![Ty::UNKNOWN; body.locals.len()],
        callees: FxHashMap::default(),
        values: FxHashMap::default(),
        fields: FxHashMap::default(),
        pat_paths: FxHashMap::default(),
        closures: vec![None; body.closures.len()],
        obligations: Vec::new(),
        pending: Vec::new(),
        early: FxHashSet::default(),
        builders: FxHashMap::default(),
        wanted: Wanted::Not,
        ret: Ty::UNKNOWN,
        breaks: Vec::new(),
        projections: 0,
        in_code: false,
    };
    cx.run();
    let (exprs, locals) = cx.resolved();
    let ret = cx.resolve_ty(cx.ret);
    let Cx { table, callees, values, fields, pat_paths, .. } = cx;
    let mut settling = Settling::new(&sema.types, table, settled);
    let mut all = |list: Vec<Ty>| list.into_iter().map(|t| settling.ty(t)).collect::<Box<[Ty]>>();
    let (exprs, locals, ret) = (all(exprs), all(locals), settling.ty(ret));
    Inference {
        table: Arc::clone(&sema.types),
        exprs,
        locals,
        callees: Sparse::new(callees),
        values: Sparse::new(values).map(&mut |value| value.settle(&mut |t| settling.ty(t))),
        fields: Sparse::new(fields),
        pat_paths: Sparse::new(pat_paths),
        ret,
    }
}

impl Cx<'_> {
    fn run(&mut self) {
        let mut env = self.env_of(self.owner);
        env.module = Some(self.module);
        self.env = Rc::new(env);
        for i in 0..self.locals.len() {
            self.locals[i] = self.table.fresh();
        }
        self.signature();
        self.in_code = true;
        for value in self.body.list(self.body.recorded).to_vec() {
            self.expr(value, None);
        }
        if let Some(root) = self.body.root {
            let ret = self.ret;
            let ty = self.expr(root, Some(ret));
            self.unify(ret, ty);
        }
        for _ in 0..2 {
            self.retry();
        }
    }

    /// Types of parameters and of the result.
    fn signature(&mut self) {
        let program = self.sema.program;
        let env = Rc::clone(&self.env);
        match &program.item(self.owner).kind {
            ItemKind::Fn(decl) => {
                let mut types = Vec::new();
                if let Some(receiver) = &decl.receiver {
                    let own = env.self_ty.unwrap_or(Ty::UNKNOWN);
                    types.push(receiver.ty.as_ref().map_or(own, |t| self.ty(&env, *t)));
                }
                types.extend(decl.params.iter().map(|p| self.ty(&env, p.ty)).collect::<Vec<_>>());
                self.ret = decl.ret.as_ref().map_or(Ty::UNIT, |t| self.ty(&env, *t));
                for (pat, ty) in self.body.params.clone().into_iter().zip(types) {
                    self.pat(pat, ty);
                }
            }
            ItemKind::Const(ty) => self.ret = self.ty(&env, *ty),
            _ => {}
        }
    }

    /// Uses that had to wait for a type.
    fn retry(&mut self) {
        for id in std::mem::take(&mut self.pending) {
            let before = self.exprs[id.0 as usize];
            let ty = match *self.body.expr(id) {
                Expr::Field(base, name) => {
                    let base = self.exprs[base.0 as usize];
                    self.field(id, base, name)
                }
                Expr::Method(..) => self.method_call(id, Some(before)),
                Expr::Await(inner) => {
                    let inner = self.exprs[inner.0 as usize];
                    self.awaited(inner)
                }
                _ => continue,
            };
            self.unify(before, ty);
        }
    }

    fn resolved(&mut self) -> (Vec<Ty>, Vec<Ty>) {
        let mut known = FxHashMap::default();
        let exprs = self.exprs.clone().into_iter().map(|t| self.resolve_all(t, &mut known)).collect();
        let locals = self.locals.clone().into_iter().map(|t| self.resolve_all(t, &mut known)).collect();
        (exprs, locals)
    }

    /// Infers an expression; `expected` is what its surroundings want, where they say.
    pub(super) fn expr(&mut self, id: ExprId, expected: Option<Ty>) -> Ty {
        let ty = self.expr_inner(id, expected);
        self.exprs[id.0 as usize] = ty;
        ty
    }

    fn expr_inner(&mut self, id: ExprId, expected: Option<Ty>) -> Ty {
        let body = self.body;
        match *body.expr(id) {
            Expr::Missing => Ty::UNKNOWN,
            Expr::Lit(lit) => self.literal(lit, expected),
            Expr::Local(local) => self.locals[local.0 as usize],
            Expr::Path(path) => self.path_value(id, path),
            Expr::Field(base, name) => {
                let base = self.expr(base, None);
                self.field(id, base, name)
            }
            Expr::Index(base, index) => self.index(base, index),
            Expr::Call(callee, args) => self.call(id, callee, args, expected),
            Expr::Method(receiver, ..) => {
                self.expr(receiver, None);
                self.method_call(id, expected)
            }
            Expr::Deref(inner) => {
                let inner = self.expr(inner, None);
                let inner = self.resolve_ty(inner);
                self.deref_value(inner)
            }
            Expr::Unary(inner) => self.expr(inner, expected),
            Expr::Ref(inner, _) => self.expr(inner, expected),
            Expr::Binary(op, left, right) => self.binary(id, op, left, right),
            Expr::Assign(left, right) => {
                let left = self.expr(left, None);
                let right = self.expr(right, Some(left));
                self.unify(left, right);
                Ty::UNIT
            }
            Expr::AssignOp(left, right, method) => {
                let left = self.expr(left, None);
                if self.operator(id, left, method, right).is_none() {
                    self.expr(right, Some(left));
                }
                Ty::UNIT
            }
            Expr::Struct(path, fields, base) => self.struct_literal(path, fields, base, expected),
            Expr::Named(_, value) => self.expr(value, expected),
            Expr::Tuple(items) => self.tuple(items, expected),
            Expr::Array(items, vec) => self.array(items, vec, expected),
            Expr::Repeat(item, vec) => {
                let item = self.expr(item, None);
                self.sequence(item, vec)
            }
            Expr::Range(from, to, inclusive) => self.range(from, to, inclusive),
            Expr::Cast(inner, ty) => {
                self.expr(inner, None);
                let env = Rc::clone(&self.env);
                let ty = self.ty(&env, body.types[ty as usize]);
                self.resolve_ty(ty)
            }
            Expr::Try(inner) => self.try_value(inner),
            Expr::Await(inner) => {
                let ty = self.expr(inner, None);
                let ty = self.resolve_ty(ty);
                if matches!(self.table.kind(ty), TyKind::Var(_)) {
                    self.pending.push(id);
                    return self.table.fresh();
                }
                self.awaited(ty)
            }
            Expr::View(inner, _) => self.expr(inner, None),
            Expr::Format(_, args) => {
                self.all(args);
                self.string()
            }
            Expr::Macro(_, args) => {
                self.all(args);
                expected.unwrap_or_else(|| self.table.fresh())
            }
            Expr::Record(args) => {
                self.all(args);
                Ty::UNKNOWN
            }
            Expr::Many(args) => {
                self.all(args);
                Ty::UNIT
            }
            _ => self.control(id, expected),
        }
    }

    fn control(&mut self, id: ExprId, expected: Option<Ty>) -> Ty {
        let body = self.body;
        match *body.expr(id) {
            Expr::If(cond, then, other) => {
                self.expr(cond, Some(Ty::BOOL));
                let then = self.expr(then, expected);
                let Some(other) = other else { return Ty::UNIT };
                let other = self.expr(other, expected);
                self.either(then, other)
            }
            Expr::Let(pat, value) => {
                let ty = self.expr(value, None);
                self.pat(pat, ty);
                Ty::BOOL
            }
            Expr::Match(scrutinee, start, len) => self.match_expr(scrutinee, start, len, expected),
            Expr::Block(start, len, tail) => self.block(start, len, tail, expected),
            Expr::Labelled(label, inner) => {
                let out = self.table.fresh();
                self.breaks.push((Some(label), out));
                let ty = self.expr(inner, expected);
                self.breaks.pop();
                self.either(out, ty)
            }
            Expr::Loop(cond, inner, label) => {
                if let Some(cond) = cond {
                    self.expr(cond, Some(Ty::BOOL));
                }
                let out = self.table.fresh();
                self.breaks.push((label, out));
                self.expr(inner, None);
                self.breaks.pop();
                if cond.is_some() { Ty::UNIT } else { out }
            }
            Expr::For(pat, iter, inner, label) => {
                let iter = self.expr(iter, None);
                let item = self.iterated(iter);
                self.pat(pat, item);
                self.breaks.push((label, Ty::UNIT));
                self.expr(inner, None);
                self.breaks.pop();
                Ty::UNIT
            }
            Expr::Closure(closure) => self.closure(closure, expected),
            Expr::Async(inner) => {
                let outer = std::mem::replace(&mut self.ret, Ty::UNKNOWN);
                self.ret = self.table.fresh();
                let ty = self.expr(inner, None);
                let ret = std::mem::replace(&mut self.ret, outer);
                let ty = self.either(ty, ret);
                self.table.intern(TyKind::Future(ty))
            }
            Expr::Return(value) => {
                if let Some(value) = value {
                    let ret = self.ret;
                    let ty = self.expr(value, Some(ret));
                    self.unify(ret, ty);
                }
                Ty::NEVER
            }
            Expr::Break(label, value) => {
                if let Some(value) = value {
                    let target = self
                        .breaks
                        .iter()
                        .rev()
                        .find(|(l, _)| label.is_none() || *l == label)
                        .map(|(_, t)| *t);
                    let ty = self.expr(value, target);
                    if let Some(target) = target {
                        self.unify(target, ty);
                    }
                }
                Ty::NEVER
            }
            _ => Ty::NEVER,
        }
    }

    /// The type of two branches.
    pub(super) fn either(&mut self, a: Ty, b: Ty) -> Ty {
        let (a, b) = (self.resolve_ty(a), self.resolve_ty(b));
        if a == Ty::NEVER || a == Ty::UNKNOWN {
            return b;
        }
        if b != Ty::NEVER {
            self.unify(a, b);
        }
        a
    }

    pub(super) fn all(&mut self, list: crate::ir::List) {
        for item in self.body.list(list).to_vec() {
            self.expr(item, None);
        }
    }

    fn literal(&mut self, lit: Lit, expected: Option<Ty>) -> Ty {
        match lit {
            Lit::Str(_) => Ty::STR,
            Lit::Bool(_) => Ty::BOOL,
            Lit::Char => self.prim("char"),
            Lit::Bytes => {
                let byte = self.prim("u8");
                self.table.intern(TyKind::Slice(byte))
            }
            Lit::Int(_, Some(suffix)) => self.table.intern(TyKind::Prim(suffix)),
            Lit::Int(_, None) => self.number(expected, "i32"),
            Lit::Float => self.number(expected, "f64"),
        }
    }

    fn number(&mut self, expected: Option<Ty>, default: &str) -> Ty {
        if let Some(ty) = expected
            && matches!(self.table.kind(ty), TyKind::Prim(_))
        {
            return ty;
        }
        self.prim(default)
    }

    pub(super) fn prim(&mut self, name: &str) -> Ty {
        self.table.intern(TyKind::Prim(Name::new(name)))
    }

    pub(super) fn string(&mut self) -> Ty {
        match self.sema.lang.string {
            Some(string) => self.table.intern(TyKind::Adt(string, Box::default())),
            None => Ty::STR,
        }
    }

    fn tuple(&mut self, items: crate::ir::List, expected: Option<Ty>) -> Ty {
        let wanted = match expected.map(|e| self.resolve_ty(e)).map(|e| self.table.kind(e).clone()) {
            Some(TyKind::Tuple(list)) => list.to_vec(),
            _ => Vec::new(),
        };
        let ids = self.body.list(items).to_vec();
        let list = ids.into_iter().enumerate().map(|(i, e)| self.expr(e, wanted.get(i).copied())).collect();
        self.table.intern(TyKind::Tuple(list))
    }

    fn binary(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Ty {
        let l = self.expr(left, None);
        if let BinaryOp::Arith(method) = op
            && let Some(out) = self.operator(id, l, method, right)
        {
            return out;
        }
        let wanted = matches!(op, BinaryOp::Compare | BinaryOp::Equal | BinaryOp::Unequal).then_some(l);
        let r = self.expr(right, wanted);
        match op {
            BinaryOp::Arith(_) => {
                let (l, r) = (self.resolve_ty(l), self.resolve_ty(r));
                if self.table.open(l) { r } else { l }
            }
            _ => Ty::BOOL,
        }
    }

    fn block(&mut self, start: u32, len: u32, tail: Option<ExprId>, expected: Option<Ty>) -> Ty {
        let body = self.body;
        let mut diverges = false;
        for stmt in &body.stmts[start as usize..(start + len) as usize] {
            match *stmt {
                Stmt::Let { pat, ty, init, diverge } => {
                    let env = Rc::clone(&self.env);
                    let declared = ty.map(|t| self.ty(&env, body.types[t as usize]));
                    let value = init.map(|e| self.expr(e, declared));
                    if let (Some(d), Some(v)) = (declared, value) {
                        self.unify(d, v);
                    }
                    let ty = declared.or(value);
                    let ty = ty.unwrap_or_else(|| self.table.fresh());
                    self.pat(pat, ty);
                    if let Some(e) = diverge {
                        self.expr(e, None);
                    }
                }
                Stmt::Expr(e) => {
                    let ty = self.expr(e, None);
                    diverges |= self.table.shallow(ty) == Ty::NEVER;
                }
            }
        }
        match tail {
            Some(tail) => self.expr(tail, expected),
            None if diverges => Ty::NEVER,
            None => Ty::UNIT,
        }
    }

    fn match_expr(&mut self, scrutinee: ExprId, start: u32, len: u32, expected: Option<Ty>) -> Ty {
        let body = self.body;
        let value = self.expr(scrutinee, None);
        let mut out = Ty::NEVER;
        for arm in &body.arms[start as usize..(start + len) as usize] {
            self.pat(arm.pat, value);
            if let Some(guard) = arm.guard {
                self.expr(guard, Some(Ty::BOOL));
            }
            let ty = self.expr(arm.body, expected);
            out = self.either(out, ty);
        }
        out
    }

    fn closure(&mut self, index: u32, expected: Option<Ty>) -> Ty {
        let body = self.body;
        let closure = &body.closures[index as usize];
        let env = Rc::clone(&self.env);
        let params: Vec<Ty> = closure
            .params
            .iter()
            .map(|(_, ty)| match ty {
                Some(t) => self.ty(&env, body.types[*t as usize]),
                None => self.table.fresh(),
            })
            .collect();
        let ret = closure.ret.map(|t| self.ty(&env, body.types[t as usize]));
        let ret = ret.unwrap_or_else(|| self.table.fresh());
        let out = if closure.is_async { self.table.intern(TyKind::Future(ret)) } else { ret };
        self.closures[index as usize] = Some((params.clone(), out));
        let ty = self.table.intern(TyKind::Closure(index));
        if let Some(expected) = expected {
            self.unify(expected, ty);
        }
        for ((pat, _), ty) in closure.params.iter().zip(params) {
            self.pat(*pat, ty);
        }
        let outer = std::mem::replace(&mut self.ret, ret);
        let value = self.expr(closure.body, Some(ret));
        self.unify(ret, value);
        self.ret = outer;
        ty
    }

    /// The type of a field; where the holder is not known yet, the question waits.
    fn field(&mut self, id: ExprId, base: Ty, name: Name) -> Ty {
        let mut ty = self.resolve_ty(base);
        if matches!(self.table.kind(ty), TyKind::Var(_)) {
            self.pending.push(id);
            return self.table.fresh();
        }
        for _ in 0..8 {
            if let Some(found) = self.own_field(id, ty, name) {
                return found;
            }
            match self.deref(ty) {
                Some(next) => ty = next,
                None => break,
            }
        }
        Ty::UNKNOWN
    }

    /// The struct that has a field: this one, or one that stands for it under another `cfg`.
    fn holder(&self, adt: GItem, name: Name) -> Option<(GItem, usize)> {
        let program = self.sema.program;
        std::iter::once(adt).chain(program.alternatives(adt)).find_map(|adt| {
            let ItemKind::Struct(_, fields) = &program.item(adt).kind else { return None };
            Some((adt, fields.list.iter().position(|f| f.name == name)?))
        })
    }

    fn own_field(&mut self, id: ExprId, ty: Ty, name: Name) -> Option<Ty> {
        match self.table.kind(ty).clone() {
            TyKind::Adt(adt, args) => {
                let (adt, index) = self.holder(adt, name)?;
                self.fields.insert(id, (adt, index as u16));
                Some(self.field_ty(adt, &args, None, index))
            }
            TyKind::Tuple(items) => items.get(name.as_str().parse::<usize>().ok()?).copied(),
            // A newtype outside the program (`Json(user).0`): what it was given is what it holds.
            TyKind::External(_, args) if name == *"0" && args.len() == 1 => Some(args[0]),
            _ => None,
        }
    }

    pub(super) fn deref_value(&mut self, ty: Ty) -> Ty {
        match self.table.kind(ty) {
            TyKind::Adt(..) => self.deref(ty).unwrap_or(ty),
            _ => ty,
        }
    }

    fn try_value(&mut self, inner: ExprId) -> Ty {
        let ty = self.expr(inner, None);
        let ty = self.resolve_ty(ty);
        match self.table.adt(ty) {
            Some((item, args))
                if Some(item) == self.sema.lang.option || Some(item) == self.sema.lang.result =>
            {
                args.first().copied().unwrap_or(Ty::UNKNOWN)
            }
            _ => ty,
        }
    }

    /// The output of a future.
    pub(super) fn awaited(&mut self, ty: Ty) -> Ty {
        let ty = self.resolve_ty(ty);
        if let TyKind::Future(out) = self.table.kind(ty) {
            return *out;
        }
        let output = Name::new("Output");
        for trait_ in [self.sema.lang.future, self.sema.lang.into_future] {
            let found = self.projection(ty, trait_, output);
            if !matches!(self.table.kind(found), TyKind::Proj(..)) {
                return found;
            }
        }
        match self.deref(ty) {
            Some(inner) => self.awaited(inner),
            None => ty,
        }
    }
}
