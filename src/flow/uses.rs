//! What the program's code does with fields of its types: which values it makes, which fields it fills in, from which other
//! fields alone, and which it reads. Follows no value, and draws no conclusion.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::absent::writes_receiver;
use super::generic::is_mutable;
use super::shape::Shape;
use super::world::World;
use crate::ir::{Body, Expr, ExprId, List, LocalId, Pat, PatId, RefMode, Stmt};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};
use crate::types::{Callee, Inference, ValueDef};

/// A field of a struct or of a variant.
pub(super) type Member = (GItem, Option<u16>, u16);

/// How far back a value is looked for behind names and calls.
const MAX_BACK: u32 = 8;

/// What the program's code does with fields of its types.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Types of which it makes values, by variant.
    pub(super) made: FxHashSet<(GItem, Option<u16>)>,
    /// Fields that it gives a value other than none.
    pub(super) filled: FxHashSet<Member>,
    /// Fields with others that they are a copy of.
    pub(super) copied: FxHashSet<(Member, Member)>,
    pub(super) read: FxHashSet<Member>,
    /// Names of which it is not known whose they are.
    pub(super) unclear: FxHashSet<Name>,
}

impl Uses {
    /// What is a copy is filled in, too, and a type is made where any of its variants is.
    pub(super) fn settled(mut self) -> Self {
        self.filled.extend(self.copied.drain().map(|(to, _)| to));
        let types: Vec<GItem> = self.made.iter().map(|(item, _)| *item).collect();
        self.made.extend(types.into_iter().map(|item| (item, None)));
        self
    }

    fn and(mut self, other: Self) -> Self {
        self.made.extend(other.made);
        self.filled.extend(other.filled);
        self.copied.extend(other.copied);
        self.read.extend(other.read);
        self.unclear.extend(other.unclear);
        self
    }
}

/// Looks at one body.
struct Look<'w, 'a> {
    world: &'w World<'a>,
    owner: GItem,
    body: &'a Body,
    inf: &'a Inference,
    /// Variables that a pattern binds to fields.
    bound: FxHashMap<LocalId, Vec<Member>>,
    /// Values that variables are declared with.
    initial: FxHashMap<LocalId, ExprId>,
    /// Variables that are written to.
    written: FxHashSet<LocalId>,
    /// Places that are assigned to, and constructors that are called.
    named: FxHashSet<ExprId>,
    uses: Uses,
}

impl World<'_> {
    /// What code does with the fields of types that may tell of somebody.
    pub(super) fn find_uses(&self) -> Uses {
        let bodies = self.input.bodies.par_iter().filter_map(|(id, _)| Some((*id, self.body(*id)?)));
        let look = |uses: Uses, (owner, code)| Look::new(self, owner, code, uses).run();
        bodies.fold(Uses::default, look).reduce(Uses::default, Uses::and)
    }

    /// Whether fields of a type are worth looking at.
    fn may_tell(&self, item: GItem) -> bool {
        !self.input.sema.program.is_model(item) && !self.is_silent(&Shape::Adt(item, [].into()))
    }

    /// Whether a value of a type may hold nothing.
    pub(super) fn may_be_empty(&self, shape: &Shape) -> bool {
        let lang = &self.input.sema.lang;
        matches!(shape, Shape::Adt(item, _) if [lang.option, lang.vec].contains(&Some(*item)))
    }
}

impl<'w, 'a> Look<'w, 'a> {
    fn new(world: &'w World<'a>, owner: GItem, code: (&'a Body, &'a Inference), uses: Uses) -> Self {
        let (body, inf) = code;
        let (bound, initial) = (FxHashMap::default(), FxHashMap::default());
        let (written, named) = (FxHashSet::default(), FxHashSet::default());
        Self { world, owner, body, inf, bound, initial, written, named, uses }
    }

    fn run(mut self) -> Uses {
        self.declared();
        for at in 0..self.body.exprs.len() {
            self.touch(ExprId(at as u32));
        }
        for pat in &self.body.pats {
            self.pat(pat);
        }
        for at in 0..self.body.exprs.len() {
            self.expr(ExprId(at as u32));
        }
        self.bound_and_written();
        self.uses
    }

    /// What variables are declared with.
    fn declared(&mut self) {
        for stmt in &self.body.stmts {
            if let Stmt::Let { pat, init: Some(init), .. } = stmt
                && let Pat::Bind(local, _, None) = self.body.pat(*pat)
            {
                self.initial.insert(*local, *init);
            }
        }
    }

    /// What an expression writes to.
    fn touch(&mut self, id: ExprId) {
        match *self.body.expr(id) {
            Expr::Assign(left, _) => {
                self.named.insert(left);
                self.write(left);
            }
            Expr::AssignOp(left, ..) | Expr::Ref(left, true) => self.write(left),
            Expr::Method(receiver, _, args, _) => {
                if self.variable(receiver).is_some() && self.is_written(id) {
                    self.write(receiver);
                }
                self.lend(id, args);
            }
            Expr::Call(callee, args) => {
                self.named.insert(callee);
                self.lend(id, args);
            }
            _ => {}
        }
    }

    /// A variable that is written to, by itself or through what it points at.
    fn write(&mut self, place: ExprId) {
        self.written.extend(self.variable(place));
    }

    /// The variable that a place is in, or that points at it.
    fn variable(&self, place: ExprId) -> Option<LocalId> {
        let mut at = place;
        while let Expr::Deref(inner) | Expr::Index(inner, _) = *self.body.expr(at) {
            at = inner;
        }
        match *self.body.expr(at) {
            Expr::Local(local) => Some(local),
            _ => None,
        }
    }

    /// Variables that a function may write to.
    fn lend(&mut self, call: ExprId, args: List) {
        if !self.body.list(args).iter().any(|arg| self.variable(*arg).is_some()) {
            return;
        }
        let decl = match self.inf.callees.get(&call) {
            Some(Callee::Fn(func, _)) => self.world.decl(*func),
            Some(Callee::Ctor(..)) => return,
            _ => None,
        };
        let in_call = matches!(self.body.expr(call), Expr::Call(..));
        let skip = usize::from(in_call && decl.is_some_and(|decl| decl.receiver.is_some()));
        for (i, arg) in self.body.list(args).iter().enumerate() {
            let param = i.checked_sub(skip).and_then(|i| decl?.params.get(i));
            if decl.is_none() || param.is_some_and(|param| is_mutable(&param.ty)) {
                self.write(*arg);
            }
        }
    }

    /// Fields that are written to through what a pattern bound them to.
    fn bound_and_written(&mut self) {
        let written = self.written.iter().filter_map(|local| self.bound.get(local));
        self.uses.filled.extend(written.flatten());
    }

    fn expr(&mut self, id: ExprId) {
        match *self.body.expr(id) {
            Expr::Struct(path, fields, _) => self.literal(path, fields),
            Expr::Call(_, args) => {
                if let Some(Callee::Ctor(item, variant)) = self.inf.callees.get(&id) {
                    self.construct(*item, *variant, args);
                }
            }
            Expr::Assign(left, right) => self.give(left, right),
            Expr::AssignOp(left, ..) | Expr::Ref(left, true) => self.fill(left),
            Expr::Method(receiver, ..) if self.is_field(receiver) && self.is_written(id) => {
                self.fill(receiver)
            }
            Expr::Field(..) if !self.named.contains(&id) => {
                self.uses.read.extend(self.field(id));
            }
            Expr::Path(path) => self.path(id, path),
            _ => {}
        }
    }

    fn literal(&mut self, path: u32, fields: List) {
        let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else {
            if !self.leads_out(path, Namespace::Type) {
                let name = |field: &ExprId| match *self.body.expr(*field) {
                    Expr::Named(name, _) => Some(name),
                    _ => None,
                };
                self.uses.unclear.extend(self.body.list(fields).iter().filter_map(name));
                self.uses.unclear.extend(self.body.paths[path as usize].last());
            }
            return;
        };
        if !self.world.may_tell(item) {
            return;
        }
        self.uses.made.insert((item, variant));
        for field in self.body.list(fields) {
            let Expr::Named(name, value) = *self.body.expr(*field) else { continue };
            if let Some(index) = self.world.field_index(item, variant, name) {
                self.hand((item, variant, index), value);
            }
        }
    }

    fn construct(&mut self, item: GItem, variant: Option<u16>, args: List) {
        if !self.world.may_tell(item) {
            return;
        }
        self.uses.made.insert((item, variant));
        for (index, value) in self.body.list(args).iter().enumerate() {
            self.hand((item, variant, index as u16), *value);
        }
    }

    /// A constructor that is handed on may be called with anything, and a name of which nothing is known may be any.
    fn path(&mut self, id: ExprId, path: u32) {
        match self.inf.values.get(&id) {
            Some(ValueDef::Ctor(item, variant, _)) if self.world.may_tell(*item) => {
                self.uses.made.insert((*item, *variant));
                let count = self.world.field_count(*item, *variant).unwrap_or(0) as u16;
                if !self.named.contains(&id) {
                    self.uses.filled.extend((0..count).map(|index| (*item, *variant, index)));
                }
            }
            Some(ValueDef::Unknown) | None if !self.leads_out(path, Namespace::Value) => {
                self.uses.unclear.extend(self.body.paths[path as usize].last());
            }
            _ => {}
        }
    }

    /// Whether a path means something out of the program.
    fn leads_out(&self, path: u32, namespace: Namespace) -> bool {
        let program = self.world.input.sema.program;
        let scope = program.scope_of_body(self.owner);
        let found = program.resolve(scope, self.body.paths[path as usize].get(), namespace);
        matches!(found, Resolution::External(_) | Resolution::Def(Def::External(_), _))
    }

    /// Whether a value is of a type of which the program has no fields.
    fn is_elsewhere(&self, value: ExprId) -> bool {
        matches!(self.world.shape(self.inf.exprs[value.0 as usize]), Shape::External(..) | Shape::Tuple(_))
    }

    /// A value that is assigned.
    fn give(&mut self, place: ExprId, value: ExprId) {
        match self.field(place) {
            Some(member) => self.hand(member, value),
            None => self.fill(place),
        }
    }

    /// A value that a field gets.
    fn hand(&mut self, member: Member, value: ExprId) {
        match self.content(value, 0) {
            Some(sources) => {
                self.uses.copied.extend(sources.into_iter().map(|source| (member, source)));
            }
            None => {
                self.uses.filled.insert(member);
            }
        }
    }

    /// A place that is written to.
    fn fill(&mut self, place: ExprId) {
        let mut at = place;
        while let Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        match self.field(at) {
            Some(member) => {
                self.uses.filled.insert(member);
            }
            None => {
                if let Expr::Field(holder, name) = *self.body.expr(at)
                    && !self.inf.fields.contains_key(&at)
                    && !self.is_elsewhere(holder)
                {
                    self.uses.unclear.insert(name);
                }
            }
        }
    }

    fn is_field(&self, place: ExprId) -> bool {
        let mut at = place;
        while let Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        matches!(self.body.expr(at), Expr::Field(..))
    }

    /// The field that an expression names.
    fn field(&self, expr: ExprId) -> Option<Member> {
        let (item, index) = *self.inf.fields.get(&expr)?;
        self.world.may_tell(item).then_some((item, None, index))
    }

    /// Whether a method may write to what it is called on.
    fn is_written(&self, call: ExprId) -> bool {
        match self.inf.callees.get(&call) {
            Some(Callee::Fn(func, _)) => writes_receiver(self.world.decl(*func)),
            _ => true,
        }
    }
}

impl Look<'_, '_> {
    /// The fields of which a value holds what they hold, and nothing besides; none where it holds nothing at all, `None`
    /// where it may be anything.
    fn content(&self, value: ExprId, depth: u32) -> Option<Vec<Member>> {
        if depth > MAX_BACK {
            return None;
        }
        match *self.body.expr(value) {
            Expr::Array(items, _) if self.body.list(items).is_empty() => Some(Vec::new()),
            Expr::Path(_) => self.is_none(value).then(Vec::new),
            Expr::Return(_) | Expr::Break(..) | Expr::Continue(_) => Some(Vec::new()),
            Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Try(inner) => self.content(inner, depth + 1),
            Expr::Block(_, _, Some(tail)) => self.content(tail, depth + 1),
            Expr::If(_, then, Some(other)) => self.either(&[then, other], depth),
            Expr::Match(_, start, len) => {
                let arms = &self.body.arms[start as usize..(start + len) as usize];
                self.either(&arms.iter().map(|arm| arm.body).collect::<Vec<_>>(), depth)
            }
            Expr::Field(..) => self.field(value).map(|member| vec![member]),
            Expr::Local(local) if self.written.contains(&local) => None,
            Expr::Local(local) => match self.bound.get(&local) {
                Some(members) => Some(members.clone()),
                None => self.content(*self.initial.get(&local)?, depth + 1),
            },
            Expr::Call(_, args) => self.is_made_empty(value, args).then(Vec::new),
            Expr::Method(receiver, _, args, _) => {
                self.hangs_on_receiver(value, args).then(|| self.content(receiver, depth + 1))?
            }
            _ => None,
        }
    }

    fn either(&self, values: &[ExprId], depth: u32) -> Option<Vec<Member>> {
        let each = values.iter().map(|value| self.content(*value, depth + 1));
        each.collect::<Option<Vec<_>>>().map(|all| all.concat())
    }

    /// Whether the standard library makes something empty here: `Vec::new()`, `Default::default()`.
    fn is_made_empty(&self, call: ExprId, args: List) -> bool {
        let is_std = |func: GItem| self.world.input.sema.program.is_std(func);
        self.body.list(args).is_empty()
            && matches!(self.inf.callees.get(&call), Some(Callee::Fn(func, false)) if is_std(*func))
            && self.world.may_be_empty(self.world.shape(self.inf.exprs[call.0 as usize]))
    }

    /// Whether a method of the standard library gives nothing but what its receiver holds, or what is made of that: what it
    /// is handed is called with it.
    fn hangs_on_receiver(&self, call: ExprId, args: List) -> bool {
        let is_std = |func: GItem| self.world.input.sema.program.is_std(func);
        let by_std = matches!(self.inf.callees.get(&call), Some(Callee::Fn(func, false)) if is_std(*func));
        by_std
            && match *self.body.list(args) {
                [] => true,
                [only] => self.takes_something(only),
                _ => false,
            }
    }

    /// Whether a value is a function with a parameter.
    fn takes_something(&self, value: ExprId) -> bool {
        match *self.body.expr(value) {
            Expr::Closure(at) => !self.body.closures[at as usize].params.is_empty(),
            Expr::Path(_) => match self.inf.values.get(&value) {
                Some(ValueDef::Fn(func, _)) => {
                    self.world.decl(*func).is_some_and(|f| f.receiver.is_some() || !f.params.is_empty())
                }
                Some(ValueDef::Ctor(item, variant, _)) => {
                    self.world.field_count(*item, *variant).is_some_and(|count| count > 0)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_none(&self, value: ExprId) -> bool {
        let option = self.world.input.sema.lang.option;
        match self.inf.values.get(&value) {
            Some(ValueDef::Ctor(item, variant, _)) => {
                Some(*item) == option && self.world.field_count(*item, *variant) == Some(0)
            }
            _ => false,
        }
    }
}

impl Look<'_, '_> {
    fn pat(&mut self, pat: &Pat) {
        let (path, parts) = match pat {
            Pat::Struct(path, fields) => (*path, self.named_parts(*path, fields)),
            Pat::TupleStruct(path, items) => (*path, self.counted_parts(*path, *items)),
            _ => return,
        };
        let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else { return };
        if !self.world.may_tell(item) {
            return;
        }
        for (indices, pat) in parts {
            let members: Vec<Member> = indices.into_iter().map(|index| (item, variant, index)).collect();
            match self.body.pat(pat) {
                Pat::Wild => continue,
                Pat::Bind(_, RefMode::Mut, _) => self.uses.filled.extend(&members),
                Pat::Bind(local, ..) => self.bound.entry(*local).or_default().extend(&members),
                _ => {}
            }
            self.uses.read.extend(members);
        }
    }

    fn named_parts(&self, path: u32, fields: &[(Name, PatId)]) -> Vec<(Vec<u16>, PatId)> {
        let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else { return Vec::new() };
        let index = |name: Name| self.world.field_index(item, variant, name);
        fields.iter().filter_map(|(name, pat)| Some((vec![index(*name)?], *pat))).collect()
    }

    /// Parts by their place: any, where it is not clear which.
    fn counted_parts(&self, path: u32, items: List) -> Vec<(Vec<u16>, PatId)> {
        let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else { return Vec::new() };
        let count = self.world.field_count(item, variant).unwrap_or(0) as u16;
        let items = self.body.pat_list(items);
        let is_clear = !items.iter().any(|pat| matches!(self.body.pat(*pat), Pat::Rest));
        let which = |i: usize| if is_clear { vec![i as u16] } else { (0..count).collect() };
        items.iter().enumerate().map(|(i, pat)| (which(i), *pat)).collect()
    }
}
