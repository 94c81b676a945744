//! Running one body over abstract values: what locals hold, in the order of the code.
//!
//! The code is structured, so this is a walk over expressions with one environment, copied at branches and joined
//! after them; loops are repeated until nothing is added. Values only grow at joins and access paths are cut at a
//! fixed depth, so it ends; the cost is linear in the code times the nesting of loops.

use std::sync::Arc;

use super::shape::{self, Shape};
use super::summary::{Event, Overlay, ParamCall, Sink, Summary, param, payload};
use super::value::{
    Atom, Callable, Doubts, Key, Origin, Path, Place, StepText, Text, Texts, Trace, Val, continued,
    extended_by, then,
};
use super::world::World;
use crate::datamap::Approximation;
use crate::ir::{BinaryOp, Body, Expr, ExprId, Lit, LocalId, Pat, PatId, Range, Stmt, View};
use crate::label::LabelId;
use crate::name::Name;
use crate::notice::Form;
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::Inference;

/// How often a loop is run at most; two rounds carry a value once around.
const MAX_ROUNDS: usize = 3;
/// How many sinks of callees a function passes on to its callers.
const MAX_EVENTS: usize = 40;
/// How many taints of one sink are told apart.
const MAX_AT_SINK: usize = 8;

/// What running a body yields.
pub(super) struct Outcome {
    pub(super) summary: Summary,
    /// Sinks that sources of this function or of its callees' arguments reached.
    pub(super) hits: Vec<Event>,
}

struct LoopFrame {
    label: Option<Name>,
    value: Val,
    exits: Vec<Vec<Val>>,
}

/// A body at work.
pub(super) struct Frame<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) within: &'w Overlay,
    pub(super) owner: GItem,
    /// The function whose body is read: the owner, or that of a closure from elsewhere.
    pub(super) body_of: GItem,
    pub(super) body: &'a Body,
    pub(super) inf: &'a Inference,
    pub(super) locals: Vec<Val>,
    /// What `return` and `?` gave back; `None` as long as nothing did.
    pub(super) ret: Option<Val>,
    pub(super) events: Vec<Event>,
    pub(super) hits: Vec<Event>,
    pub(super) calls: Vec<ParamCall>,
    pub(super) depth: u32,
    loops: Vec<LoopFrame>,
    diverged: bool,
}

/// Runs a function.
pub(super) fn run<'a>(world: &World<'a>, owner: GItem, within: &Overlay) -> Outcome {
    let Some((body, inf)) = world.body(owner) else {
        return Outcome { summary: Summary::default(), hits: Vec::new() };
    };
    let mut frame = Frame::new(world, within, owner, owner, body, inf);
    frame.parameters();
    if let Some(root) = body.root {
        let value = frame.own_return(root);
        frame.ret = Some(value);
    }
    frame.instrumented_result();
    frame.finish()
}

impl<'w, 'a> Frame<'w, 'a> {
    pub(super) fn new(
        world: &'w World<'a>,
        within: &'w Overlay,
        owner: GItem,
        body_of: GItem,
        body: &'a Body,
        inf: &'a Inference,
    ) -> Self {
        Self {
            world,
            within,
            owner,
            body_of,
            body,
            inf,
            locals: vec![Val::default(); body.locals.len()],
            ret: None,
            events: Vec::new(),
            hits: Vec::new(),
            calls: Vec::new(),
            depth: 0,
            loops: Vec::new(),
            diverged: false,
        }
    }

    fn finish(self) -> Outcome {
        let mut outs = Vec::new();
        for (i, _) in self.body.params.iter().enumerate() {
            if let Some(value) = self.changed(i) {
                outs.push((i as u8, self.leaving(&value.unaliased(), &self.param_shape(i)).summarised()));
            }
        }
        let shape = shape::of(&self.inf.table, self.inf.ret, 0);
        let ret = self.leaving(&self.closed(&self.returned().unaliased()), &shape).summarised();
        let summary = Summary { ret, outs, events: self.events, calls: self.calls };
        Outcome { summary, hits: self.hits }
    }

    fn param_shape(&self, index: usize) -> Shape {
        match self.body.pat(self.body.params[index]) {
            Pat::Bind(local, ..) => shape::of(&self.inf.table, self.inf.locals[local.0 as usize], 0),
            _ => Shape::Unknown,
        }
    }

    /// What a function hands out. Sources inside a structure are followed out of one function and no further: what
    /// a structure holds for good its type says, and a store of everybody's data would else reach every log line.
    fn leaving(&self, value: &Val, shape: &Shape) -> Val {
        if !self.world.is_structure(shape) {
            return value.clone();
        }
        value.retain(&|atom| !self.world.strayed(atom))
    }

    /// A closure that leaves the function takes its locals along.
    fn closed(&self, value: &Val) -> Val {
        let Some(node) = value.node() else { return Val::default() };
        if node.callable.is_none() && node.parts.is_empty() {
            return value.clone();
        }
        let mut node = node.clone();
        if let Some(Callable::Closure(owner, _, captured @ None)) = &mut node.callable
            && *owner == self.body_of
        {
            *captured = Some(Arc::new(self.locals.iter().map(Val::unaliased).collect()));
        }
        node.parts.iter_mut().for_each(|(_, v)| *v = self.closed(v));
        Val::new(node)
    }

    /// What a `&mut` parameter holds at the end, when that is not what it came with.
    fn changed(&self, index: usize) -> Option<Val> {
        let decl = self.world.decl(self.owner)?;
        let has_self = decl.receiver.is_some();
        let mutable = match (index, has_self) {
            (0, true) => {
                decl.receiver.as_ref().is_some_and(|r| r.mode == crate::ir::RefMode::Mut || r.ty.is_some())
            }
            (i, true) => super::generic::is_mutable(&decl.params.get(i - 1)?.ty),
            (i, false) => super::generic::is_mutable(&decl.params.get(i)?.ty),
        };
        let Pat::Bind(local, ..) = self.body.pat(self.body.params[index]) else { return None };
        let value = &self.locals[local.0 as usize];
        let node = value.node()?;
        let untouched = node.parts.is_empty()
            && node.atoms.iter().all(|a| {
                a.origin.symbolic()
                    && matches!(&a.origin, Origin::Param(i, p) if usize::from(*i) == index && p.is_empty())
            });
        (mutable && !(untouched && !node.cleared)).then(|| value.clone())
    }

    /// What is known of a function so far.
    pub(super) fn known(&self, func: GItem) -> Option<&'w Arc<Summary>> {
        self.within.get(&func).or_else(|| self.world.summary(func))
    }

    pub(super) fn span(&self, range: Range) -> Span {
        self.world.span(self.body_of, range)
    }

    pub(super) fn at(&self, id: ExprId) -> Span {
        self.span(self.body.range(id))
    }

    pub(super) fn shape(&self, id: ExprId) -> Shape {
        shape::of(&self.inf.table, self.inf.exprs[id.0 as usize], 0)
    }

    fn package(&self) -> u32 {
        self.world.input.sema.program.package_of(self.body_of).unwrap_or(u32::MAX)
    }

    // Parameters.

    fn parameters(&mut self) {
        for i in 0..self.body.params.len() {
            let pat = self.body.params[i];
            let read = self.span(self.body.pat_ranges[pat.0 as usize]);
            let small = matches!(self.param_shape(i), Shape::Prim(n) if n != *"str");
            let mut value = if small { Val::default() } else { Val::atom(param(i as u8, read)) };
            let declared = self.world.decl(self.owner).map_or(0, |d| usize::from(d.receiver.is_some()));
            if i >= declared
                && let Some(label) = self.world.input.labels.params.get(&(self.owner, (i - declared) as u16))
            {
                value = value.join(&self.labelled(*label, read));
            }
            self.bind(pat, &value, &[]);
        }
        self.instrumented();
        for id in self.body.list(self.body.recorded).to_vec() {
            let value = self.eval(id);
            self.record(value.atoms().to_vec());
        }
    }

    pub(super) fn labelled(&self, label: LabelId, read: Span) -> Val {
        Val::atom(source(Origin::Label(label), read))
    }

    /// `#[instrument]` shows every parameter that it does not skip.
    fn instrumented(&mut self) {
        let Some(decl) = self.world.decl(self.owner) else { return };
        let Some(instrument) = decl.instrument.as_ref().filter(|i| !i.skip_all) else { return };
        for (i, pat) in self.body.params.iter().enumerate() {
            let Pat::Bind(local, ..) = self.body.pat(*pat) else { continue };
            let name = self.body.locals[local.0 as usize].name;
            if instrument.skip.contains(&name) {
                continue;
            }
            let shape = shape::of(&self.inf.table, self.inf.locals[local.0 as usize], 0);
            let read = self.span(self.body.pat_ranges[pat.0 as usize]);
            let value = self.locals[local.0 as usize].clone();
            let mut atoms = self.world.show(&value, &shape, View::Debug, read);
            atoms.retain(|a| !matches!(&a.origin, Origin::Param(p, path) if usize::from(*p) == i && path.is_empty() && shape != Shape::Open));
            self.record(atoms);
        }
    }

    fn record(&mut self, atoms: Vec<Atom>) {
        let Some(range) = self.world.decl(self.owner).and_then(|d| d.instrument.as_ref()).map(|i| i.range)
        else {
            return;
        };
        let sink = self.plain_sink(self.span(range), "tracing::instrument", crate::datamap::Channel::Log);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    fn instrumented_result(&mut self) {
        let Some(instrument) = self.world.decl(self.owner).and_then(|d| d.instrument.as_ref()) else {
            return;
        };
        let (ret, err) = (instrument.ret, instrument.err);
        let shape = shape::of(&self.inf.table, self.inf.ret, 0);
        let read = self.span(instrument.range);
        if ret {
            let atoms = self.world.show(&self.returned(), &shape, View::Debug, read);
            self.record(atoms);
        }
        if err {
            let inner = match &shape {
                Shape::Adt(_, args) if args.len() == 2 => args[1].clone(),
                _ => Shape::Unknown,
            };
            let value = self.returned().read(payload("Err"));
            let atoms = self.world.show(&value, &inner, View::Display, read);
            self.record(atoms);
        }
    }

    // Sinks.

    pub(super) fn plain_sink(&self, span: Span, name: &str, channel: crate::datamap::Channel) -> Sink {
        Sink {
            span,
            name: name.into(),
            channel,
            role: None,
            recipient: None,
            declared: None,
            plaintext: None,
            by_url: false,
            part: crate::datamap::Part::Body,
            owner: self.body_of,
        }
    }

    /// Data meets a sink: what has a source is found, what hangs on a parameter waits for callers.
    pub(super) fn emit(&mut self, event: Event) {
        let (open, found): (Vec<Atom>, Vec<Atom>) =
            event.atoms.into_iter().partition(|a| a.origin.symbolic());
        let waits = event.url.atoms().iter().any(|a| a.origin.symbolic());
        if !found.is_empty() {
            let hit =
                Event { sink: event.sink.clone(), atoms: found, url: event.url.clone(), hops: event.hops };
            if waits {
                pass_on(&mut self.events, hit.clone());
            }
            pass_on(&mut self.hits, hit);
        }
        if !open.is_empty() && self.events.len() < MAX_EVENTS {
            pass_on(
                &mut self.events,
                Event { sink: event.sink, atoms: open, url: event.url, hops: event.hops },
            );
        }
    }

    // Expressions.

    pub(super) fn eval(&mut self, id: ExprId) -> Val {
        match *self.body.expr(id) {
            Expr::Missing | Expr::Range(None, None) => Val::default(),
            Expr::Lit(Lit::Str(text)) => Val::text(text.as_str(), true),
            Expr::Lit(_) => Val::default(),
            Expr::Local(local) => self.local(local, self.at(id)),
            Expr::Path(_) => self.path_value(id),
            Expr::Field(base, name) => self.field(id, base, name),
            Expr::Index(base, index) => self.index(base, index),
            Expr::Call(callee, args) => self.call(id, callee, args),
            Expr::Method(..) => self.method(id),
            Expr::Deref(inner) | Expr::Cast(inner, _) => self.eval(inner),
            Expr::Unary(inner) => {
                let value = self.eval(inner);
                if self.shape(inner).carries() { value.unaliased() } else { Val::default() }
            }
            Expr::Ref(inner, mutable) => {
                let value = self.eval(inner);
                if mutable { self.aliased(value, inner) } else { value }
            }
            Expr::Binary(op, left, right) => self.binary(op, left, right),
            Expr::Assign(left, right) => {
                let value = self.eval(right);
                self.assign(left, &value);
                Val::default()
            }
            Expr::AssignOp(left, right) => {
                let (before, added) = (self.eval(left), self.eval(right));
                let texts = extended_by(before.texts(), added.texts());
                let value = before.join(&added).unaliased().with_texts(texts);
                self.assign(left, &value);
                Val::default()
            }
            Expr::Struct(path, fields, base) => self.struct_literal(id, path, fields, base),
            Expr::Named(_, value) => self.eval(value),
            Expr::Tuple(items) => {
                let items = self.body.list(items).to_vec();
                self.keyed(&items, |i| Key::Field(Name::new(&i.to_string())))
            }
            Expr::Array(items, _) => {
                let items = self.body.list(items).to_vec();
                self.keyed(&items, |i| Key::Index(i as u32))
            }
            Expr::Repeat(item, _) => self.eval(item),
            Expr::Range(from, to) => {
                let ends = [from, to].into_iter().flatten();
                ends.fold(Val::default(), |v, e| v.join(&self.eval(e)))
            }
            Expr::Try(inner) => self.try_value(inner),
            Expr::Await(inner) => self.eval(inner),
            Expr::View(inner, view) => self.viewed(inner, view),
            Expr::Format(template, args) => self.format(template, args, self.at(id)),
            Expr::Macro(path, args) => self.macro_call(id, path, args),
            Expr::Record(pairs) => self.json_record(pairs),
            Expr::Many(items) => {
                for item in self.body.list(items).to_vec() {
                    self.eval(item);
                }
                Val::default()
            }
            _ => self.control(id),
        }
    }

    fn control(&mut self, id: ExprId) -> Val {
        match *self.body.expr(id) {
            Expr::If(cond, then, other) => {
                self.eval(cond);
                self.branches(&[Some(then), other])
            }
            Expr::Let(pat, value) => {
                let places = self.places(value);
                let value = self.eval(value);
                self.bind(pat, &value, &places);
                Val::default()
            }
            Expr::Match(scrutinee, start, len) => self.match_expr(scrutinee, start, len),
            Expr::Block(start, len, tail) => self.block(start, len, tail),
            Expr::Labelled(label, inner) => {
                self.loops.push(LoopFrame { label: Some(label), value: Val::default(), exits: Vec::new() });
                let value = self.eval(inner);
                self.leave_loop(Some(value))
            }
            Expr::Loop(cond, inner, label) => self.repeat(label, |frame| {
                if let Some(cond) = cond {
                    frame.eval(cond);
                    frame.mark_exit();
                }
                frame.eval(inner);
            }),
            Expr::For(pat, iter, inner, label) => {
                let mut places = self.places(iter);
                places.iter_mut().for_each(|p| p.strong = false);
                let value = self.eval(iter);
                let element = self.item_of(&value, &self.shape(iter));
                self.repeat(label, |frame| {
                    frame.mark_exit();
                    frame.bind(pat, &element, &places);
                    frame.eval(inner);
                })
            }
            Expr::Closure(closure) => Val::callable(Callable::Closure(self.body_of, closure, None)),
            Expr::Async(inner) => self.own_return(inner),
            Expr::Return(value) => {
                let value = value.map(|v| self.eval(v)).unwrap_or_default();
                self.give_back(&value);
                self.diverged = true;
                Val::default()
            }
            Expr::Break(label, value) => {
                let value = value.map(|v| self.eval(v)).unwrap_or_default();
                let locals = self.locals.clone();
                if let Some(frame) = self.loops.iter_mut().rev().find(|l| label.is_none() || l.label == label)
                {
                    frame.value = if frame.value.is_none() { value } else { frame.value.join(&value) };
                    frame.exits.push(locals);
                }
                self.diverged = true;
                Val::default()
            }
            Expr::Continue(_) => {
                self.diverged = true;
                Val::default()
            }
            _ => Val::default(),
        }
    }

    pub(super) fn give_back(&mut self, value: &Val) {
        let value = value.unaliased();
        self.ret = Some(self.ret.take().map_or(value.clone(), |before| before.join(&value)));
    }

    fn returned(&self) -> Val {
        self.ret.clone().unwrap_or_default()
    }

    pub(super) fn diverge(&mut self) {
        self.diverged = true;
    }

    /// Sets whether the code that follows is reached; gives what was.
    pub(super) fn swap_diverged(&mut self, diverged: bool) -> bool {
        std::mem::replace(&mut self.diverged, diverged)
    }

    /// Runs alternatives from the same state and joins what they leave behind.
    fn branches(&mut self, arms: &[Option<ExprId>]) -> Val {
        let before = self.locals.clone();
        let entered = self.diverged;
        let mut joined: Option<Vec<Val>> = None;
        let mut value: Option<Val> = None;
        for arm in arms {
            self.locals.clone_from(&before);
            self.diverged = entered;
            let result = arm.map(|a| self.eval(a)).unwrap_or_default();
            if !self.diverged {
                value = Some(value.map_or(result.clone(), |v| either(&v, &result)));
                joined = Some(match joined {
                    Some(j) => join_all(j, &self.locals),
                    None => std::mem::take(&mut self.locals),
                });
            }
        }
        self.diverged = joined.is_none();
        self.locals = joined.unwrap_or(before);
        value.unwrap_or_default()
    }

    fn match_expr(&mut self, scrutinee: ExprId, start: u32, len: u32) -> Val {
        let places = self.places(scrutinee);
        let value = self.eval(scrutinee);
        let before = self.locals.clone();
        let entered = self.diverged;
        let mut joined: Option<Vec<Val>> = None;
        let mut out: Option<Val> = None;
        for i in start..start + len {
            let arm = self.body.arms[i as usize];
            self.locals.clone_from(&before);
            self.diverged = entered;
            self.bind(arm.pat, &value, &places);
            if let Some(guard) = arm.guard {
                self.eval(guard);
            }
            let result = self.eval(arm.body);
            if !self.diverged {
                out = Some(out.map_or(result.clone(), |v| either(&v, &result)));
                joined = Some(match joined {
                    Some(j) => join_all(j, &self.locals),
                    None => std::mem::take(&mut self.locals),
                });
            }
        }
        self.diverged = joined.is_none();
        self.locals = joined.unwrap_or(before);
        out.unwrap_or_default()
    }

    fn block(&mut self, start: u32, len: u32, tail: Option<ExprId>) -> Val {
        for i in start..start + len {
            match self.body.stmts[i as usize] {
                Stmt::Let { pat, init, diverge, .. } => self.let_stmt(pat, init, diverge),
                Stmt::Expr(e) => {
                    self.eval(e);
                }
            }
        }
        tail.map(|t| self.eval(t)).unwrap_or_default()
    }

    fn let_stmt(&mut self, pat: PatId, init: Option<ExprId>, diverge: Option<ExprId>) {
        let places = init.map(|e| self.places(e)).unwrap_or_default();
        let value = init.map(|e| self.eval(e)).unwrap_or_default();
        if let Some(e) = diverge {
            let before = self.locals.clone();
            let entered = self.diverged;
            self.eval(e);
            self.locals = before;
            self.diverged = entered;
        }
        self.bind(pat, &value, &places);
        if let (Pat::Bind(local, _, None), Some(init)) = (self.body.pat(pat), init) {
            self.stepped(*local, init);
        }
    }

    /// A step where data gets a new name.
    fn stepped(&mut self, local: LocalId, init: ExprId) {
        if matches!(self.body.expr(init), Expr::Local(_) | Expr::Field(..) | Expr::Ref(..)) {
            return;
        }
        let span = self.span(self.body.locals[local.0 as usize].range);
        let name = self.body.locals[local.0 as usize].name;
        let value = &self.locals[local.0 as usize];
        self.locals[local.0 as usize] = value.map(&mut |a| {
            if a.read != span {
                a.trace = then(&a.trace, span, StepText::Bound(name));
            }
        });
    }

    // Loops.

    fn repeat(&mut self, label: Option<Name>, mut body: impl FnMut(&mut Self)) -> Val {
        self.loops.push(LoopFrame { label, value: Val::default(), exits: Vec::new() });
        let entered = self.diverged;
        let rounds = if self.loops.len() > 2 { 2 } else { MAX_ROUNDS };
        let mut size = usize::MAX;
        for _ in 0..rounds {
            let before = self.locals.clone();
            body(self);
            if !self.diverged {
                self.locals = join_all(std::mem::take(&mut self.locals), &before);
            } else {
                self.locals = before;
            }
            self.diverged = entered;
            let now = self.locals.iter().map(weight).sum();
            if now == size {
                break;
            }
            size = now;
        }
        self.leave_loop(None)
    }

    /// The loop may end here.
    fn mark_exit(&mut self) {
        let locals = self.locals.clone();
        if let Some(frame) = self.loops.last_mut() {
            frame.exits.push(locals);
        }
    }

    fn leave_loop(&mut self, value: Option<Val>) -> Val {
        let Some(frame) = self.loops.pop() else { return Val::default() };
        let exits = frame.exits;
        let fell_through = value.is_some() && !self.diverged;
        let mut out = frame.value;
        if let Some(value) = value
            && fell_through
        {
            out = out.join(&value);
        }
        let mut locals =
            if fell_through || exits.is_empty() { Some(std::mem::take(&mut self.locals)) } else { None };
        let left = fell_through || !exits.is_empty();
        for exit in exits {
            locals = Some(match locals {
                Some(l) => join_all(l, &exit),
                None => exit,
            });
        }
        self.locals = locals.unwrap_or_default();
        self.diverged = !left;
        out
    }

    // Reading.

    pub(super) fn local(&mut self, local: LocalId, read: Span) -> Val {
        let value = &self.locals[local.0 as usize];
        let refs = value.refs();
        if refs.is_empty() {
            return value.clone();
        }
        let refs: smallvec::SmallVec<[Place; 1]> = refs.into();
        let mut current: Option<Val> = None;
        for place in &refs {
            let found = self.read_place(place);
            current = Some(current.map_or(found.clone(), |c| c.join(&found)));
        }
        let _ = read;
        let mut node = current.unwrap_or_default().unaliased().into_node();
        for atom in value.atoms() {
            super::value::push(&mut node.atoms, atom.clone());
        }
        node.refs = refs;
        Val::new(node)
    }

    fn read_place(&self, place: &Place) -> Val {
        let root = self.locals[place.local.0 as usize].clone();
        let value = place.path.iter().fold(root, |v, k| v.read(*k));
        if place.strong { value } else { value.element() }
    }

    fn path_value(&mut self, id: ExprId) -> Val {
        use crate::types::ValueDef;
        match self.inf.values.get(&id) {
            Some(ValueDef::Fn(func, _)) => Val::callable(Callable::Fn(*func)),
            Some(ValueDef::Ctor(item, variant, _)) => Val::callable(Callable::Ctor(*item, *variant)),
            Some(ValueDef::Const(item)) => self.constant(*item, self.at(id)),
            _ => Val::default(),
        }
    }

    fn constant(&self, item: GItem, read: Span) -> Val {
        let known = self.known(item).map(|s| s.ret.clone()).unwrap_or_default();
        match self.world.input.labels.consts.get(&item) {
            Some(label) => known.join(&self.labelled(*label, read)),
            None => known,
        }
    }

    fn field(&mut self, id: ExprId, base: ExprId, name: Name) -> Val {
        let holder = self.eval(base);
        let key = Key::Field(name);
        let holder = holder.element();
        let mut value = holder.read(key).unaliased();
        if !holder.tells(key) && self.world.is_definite(&self.shape(id)) {
            // Of a whole that holds something personal, a number or a structure of its own need not be it.
            value = value.symbolic_only();
        }
        let read = self.at(id);
        let mut value = if value.cleared() { value } else { self.with_declared(id, base, name, value, read) };
        if !self.shape(id).carries() {
            value = Val::default();
        }
        value
    }

    /// A field's own label, and those that models give it.
    fn with_declared(&self, id: ExprId, base: ExprId, name: Name, value: Val, read: Span) -> Val {
        let labels = &self.world.input.labels;
        let label = match self.inf.fields.get(&id) {
            Some((adt, index)) => labels.fields.get(&(*adt, None, *index)),
            None => labels.unknown_fields.get(&(self.package(), name)),
        };
        let mut value = value;
        if let Some(label) = label
            && self.world.carries(&self.shape(id))
        {
            value = with_atom(value, source(Origin::Label(*label), read));
        }
        let path = match self.shape(base) {
            Shape::Adt(item, _) if self.world.input.sema.program.is_model(item) => {
                self.world.input.sema.program.path(item)
            }
            Shape::External(path, _) => path.to_vec(),
            _ => return value,
        };
        let mut path: Vec<&'static str> = path.iter().map(|n| n.as_str()).collect();
        path.push(name.as_str());
        for origin in self.world.facts_of_path(path).sources {
            value = with_atom(value, source(Origin::Model(origin), read));
        }
        value
    }

    fn index(&mut self, base: ExprId, index: ExprId) -> Val {
        let value = self.eval(base);
        let at = self.eval(index);
        if matches!(self.body.expr(index), Expr::Range(..)) {
            return value.unaliased();
        }
        match self.constant_key(index, &at) {
            Some(key) => value.read(key).join(&value.map_values()).unaliased(),
            None => value.element(),
        }
    }

    pub(super) fn constant_key(&self, index: ExprId, value: &Val) -> Option<Key> {
        let mut at = index;
        while let Expr::Ref(inner, _) | Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        match *self.body.expr(at) {
            Expr::Lit(Lit::Int(Some(i), _)) => Some(Key::Index(i)),
            _ => value.const_text().filter(|t| t.whole).map(|t| Key::Const(Name::new(&t.text))),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Val {
        let l = self.eval(left);
        let r = match op {
            // The right side may not run.
            BinaryOp::And | BinaryOp::Or => {
                let before = self.locals.clone();
                let r = self.eval(right);
                if op == BinaryOp::Or {
                    self.locals = join_all(std::mem::take(&mut self.locals), &before);
                }
                r
            }
            _ => self.eval(right),
        };
        if op != BinaryOp::Arith {
            return Val::default();
        }
        let texts = extended_by(l.texts(), r.texts());
        l.unaliased().join(&r.unaliased()).with_texts(texts)
    }

    fn keyed(&mut self, items: &[ExprId], key: impl Fn(usize) -> Key) -> Val {
        let mut out = Val::default();
        for (i, item) in items.iter().enumerate() {
            let value = self.eval(*item);
            if !value.is_none() {
                out = out.with(key(i), value.clone());
            }
        }
        out
    }

    fn struct_literal(
        &mut self,
        _id: ExprId,
        path: u32,
        fields: crate::ir::List,
        base: Option<ExprId>,
    ) -> Val {
        let found = self.inf.pat_paths.get(&path).copied();
        let mut out = base.map(|b| self.eval(b).unaliased()).unwrap_or_default();
        for field in self.body.list(fields).to_vec() {
            let Expr::Named(name, value) = *self.body.expr(field) else { continue };
            let mut content = self.eval(value);
            if content.cleared() {
                let mut node = content.into_node();
                node.cleared = false;
                content = Val::new(node);
            }
            let key = self.member_key(found, name);
            if let Some((adt, variant)) = found {
                self.initialised(adt, variant, name, &content, value);
            }
            let known_base = base.is_some();
            if let Some((adt, _)) = found {
                self.in_error(adt, &content, value);
            }
            if !content.is_none() || known_base {
                out = out.with(key, content);
            }
        }
        out
    }

    /// What is put into an error is told to whoever the error is told.
    pub(super) fn in_error(&mut self, item: GItem, value: &Val, expr: ExprId) {
        if !self.world.is_error(item) {
            return;
        }
        let span = self.at(expr);
        let atoms = self.world.show(value, &self.shape(expr), View::Debug, span);
        if atoms.is_empty() {
            return;
        }
        let name = self.world.name(item).to_string();
        let sink = self.plain_sink(span, &name, crate::datamap::Channel::Error);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    pub(super) fn member_key(&self, found: Option<(GItem, Option<u16>)>, name: Name) -> Key {
        match found {
            Some((adt, Some(v))) => match self.world.variant_name(adt, v) {
                Some(variant) => Key::Variant(variant, name),
                None => Key::Field(name),
            },
            _ => Key::Field(name),
        }
    }

    /// A field that is an advertising identifier is made from something.
    pub(super) fn initialised(
        &mut self,
        adt: GItem,
        variant: Option<u16>,
        name: Name,
        value: &Val,
        expr: ExprId,
    ) {
        let Some(index) = self.world.field_index(adt, variant, name) else { return };
        let label = self.world.input.labels.fields.get(&(adt, variant, index)).copied();
        self.identified(label, value, expr);
    }

    pub(super) fn identified(&mut self, label: Option<LabelId>, value: &Val, expr: ExprId) {
        let Some(label) = label else { return };
        if !self.world.is_ad_identifier(self.world.input.labels.get(label).category) {
            return;
        }
        let span = self.at(expr);
        let mut atoms = self.world.show(value, &self.shape(expr), View::Whole, span);
        atoms.retain(|a| self.world.category(&a.origin).is_none_or(|c| !self.world.is_ad_identifier(c)));
        let name = self.world.input.labels.get(label).path.clone();
        let sink = self.plain_sink(span, &name, crate::datamap::Channel::AdIdentifier);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    fn try_value(&mut self, inner: ExprId) -> Val {
        let value = self.eval(inner);
        let shape = self.shape(inner);
        let lang = &self.world.input.sema.lang;
        match &shape {
            Shape::Adt(item, args) if Some(*item) == lang.result => {
                let error = value.read(payload("Err"));
                let error = self.converted_error(error, args.get(1));
                let failed = Val::part(payload("Err"), error);
                self.give_back(&failed);
                value.read(payload("Ok")).unaliased()
            }
            Shape::Unknown | Shape::Open => {
                let error = value.read(payload("Err"));
                self.give_back(&Val::part(payload("Err"), error));
                value.read(payload("Ok")).unaliased()
            }
            _ => value.unaliased(),
        }
    }

    fn viewed(&mut self, inner: ExprId, view: View) -> Val {
        let value = self.eval(inner);
        let atoms = self.world.show(&value, &self.shape(inner), view, self.at(inner));
        Val::atoms_of(atoms).with_texts(value.texts().into())
    }

    fn format(&mut self, template: Name, args: crate::ir::List, span: Span) -> Val {
        let mut out = Val::default();
        let mut pieces = template.as_str().split("{}");
        let mut texts = Texts::from_iter([Text::whole(pieces.next().unwrap_or(""))]);
        for id in self.body.list(args).to_vec() {
            let value = self.eval(id);
            let piece = pieces.next().unwrap_or("");
            texts = continued(&texts, &continued(&beginning(&value, &texts, piece), &[Text::whole(piece)]));
            out = out.join(&value);
        }
        let out = out.map(&mut |a| {
            if a.read.file != span.file || a.read.lo < span.lo || a.read.hi > span.hi {
                a.trace = then(&a.trace, span, StepText::Formatted);
            }
        });
        out.with_texts(texts)
    }

    fn json_record(&mut self, pairs: crate::ir::List) -> Val {
        let mut out = Val::default();
        for pair in self.body.list(pairs).to_vec() {
            let Expr::Named(name, value) = *self.body.expr(pair) else { continue };
            let content = self.eval(value);
            let shown = self.world.show(&content, &self.shape(value), View::Serialize, self.at(value));
            out = out.with(Key::Const(name), Val::atoms_of(shown));
        }
        out
    }

    // Writing.

    /// What a value points at when it is borrowed mutably.
    fn aliased(&mut self, value: Val, of: ExprId) -> Val {
        let places = self.places(of);
        if places.is_empty() {
            return value;
        }
        let mut node = value.into_node();
        node.refs = places.into();
        Val::new(node)
    }

    /// The places that an expression names.
    pub(super) fn places(&mut self, id: ExprId) -> Vec<Place> {
        match *self.body.expr(id) {
            Expr::Local(local) => {
                let refs = self.locals[local.0 as usize].refs();
                if refs.is_empty() {
                    vec![Place { local, path: Path::new(), strong: true }]
                } else {
                    refs.to_vec()
                }
            }
            Expr::Field(base, name) => extended(self.places(base), Key::Field(name)),
            Expr::Index(base, index) => {
                let value = if matches!(self.body.expr(index), Expr::Lit(_)) {
                    self.eval(index)
                } else {
                    Val::default()
                };
                let places = self.places(base);
                match self.constant_key(index, &value) {
                    Some(key) => extended(places, key),
                    None => weakened(places),
                }
            }
            Expr::Deref(inner) | Expr::Ref(inner, _) => self.places(inner),
            Expr::Method(receiver, name, args, _) => self.method_places(id, receiver, name, args),
            Expr::Try(inner) | Expr::Await(inner) => self.places(inner),
            Expr::If(_, then, other) => {
                let mut places = self.places(then);
                places.extend(other.map(|o| self.places(o)).unwrap_or_default());
                weakened(places)
            }
            Expr::Match(_, start, len) => {
                let arms: Vec<ExprId> =
                    (start..start + len).map(|i| self.body.arms[i as usize].body).collect();
                weakened(arms.into_iter().flat_map(|a| self.places(a)).collect())
            }
            Expr::Block(_, _, Some(tail)) => self.places(tail),
            _ => Vec::new(),
        }
    }

    /// Methods that hand out a place of their receiver.
    fn method_places(
        &mut self,
        id: ExprId,
        receiver: ExprId,
        name: Name,
        args: crate::ir::List,
    ) -> Vec<Place> {
        let Some(crate::types::Callee::Fn(func, _)) = self.inf.callees.get(&id) else { return Vec::new() };
        let Some(decl) = self.world.decl(*func) else { return Vec::new() };
        // By convention what `…_mut` gives writes to its receiver, a guard as well as a reference.
        let hands_out = decl.ret.as_ref().is_some_and(super::generic::is_mutable)
            || name.as_str().ends_with("_mut")
            || matches!(
                name.as_str(),
                "unwrap" | "expect" | "borrow_mut" | "lock" | "write" | "iter_mut" | "entry"
            );
        if !hands_out {
            return Vec::new();
        }
        let places = self.places(receiver);
        let container = matches!(self.shape(receiver), Shape::Of(_))
            || matches!(
                name.as_str(),
                "iter_mut" | "values_mut" | "entry" | "last_mut" | "first_mut" | "chunks_mut"
            );
        if container || args.len > 0 && !matches!(name.as_str(), "expect") {
            weakened(places)
        } else {
            places
        }
    }

    pub(super) fn assign(&mut self, left: ExprId, value: &Val) {
        match *self.body.expr(left) {
            Expr::Local(local) => {
                let mut node = value.clone().into_node();
                node.cleared = true;
                self.locals[local.0 as usize] = Val::new(node);
            }
            Expr::Tuple(items) => {
                for (i, item) in self.body.list(items).to_vec().into_iter().enumerate() {
                    let part = value.read(Key::Field(Name::new(&i.to_string())));
                    self.assign(item, &part);
                }
            }
            Expr::Field(_, name) => {
                let field = self.inf.fields.get(&left).copied();
                if let Some((adt, _)) = field {
                    self.initialised(adt, None, name, value, left);
                }
                let places = self.places(left);
                self.write(&places, value);
            }
            _ => {
                let places = self.places(left);
                self.write(&places, value);
            }
        }
    }

    /// Writes to places: replaces what is there, or adds to it where the target is not certain.
    pub(super) fn write(&mut self, places: &[Place], value: &Val) {
        let mut node = value.unaliased().into_node();
        node.cleared = true;
        let value = Val::new(node);
        let strong = places.len() == 1;
        for place in places {
            let root = self.locals[place.local.0 as usize].clone();
            let written = set(&root, &place.path, &value, strong && place.strong);
            self.locals[place.local.0 as usize] = written;
        }
    }

    // Patterns.

    /// Binds a pattern; `places` is what a reference to the value would point at.
    pub(super) fn bind(&mut self, id: PatId, value: &Val, places: &[Place]) {
        match self.body.pat(id).clone() {
            Pat::Wild | Pat::Lit(_) | Pat::Rest | Pat::Path(_) => {}
            Pat::Bind(local, _, sub) => {
                self.bind_local(local, value, places);
                if let Some(sub) = sub {
                    self.bind(sub, value, places);
                }
            }
            Pat::Ref(inner) | Pat::Typed(inner, _) => self.bind(inner, value, places),
            Pat::Or(items) => {
                let before = self.locals.clone();
                for (i, item) in self.body.pat_list(items).to_vec().into_iter().enumerate() {
                    let kept = std::mem::replace(&mut self.locals, before.clone());
                    self.bind(item, value, places);
                    if i > 0 {
                        self.locals = join_all(kept, &self.locals);
                    }
                }
            }
            Pat::Tuple(items) => {
                let value = value.element();
                for (i, pat) in self.positions(items) {
                    let key = Key::Field(Name::new(&i.to_string()));
                    self.bind(pat, &value.read(key), &extended(places.to_vec(), key));
                }
            }
            Pat::Slice(items) => {
                for (i, pat) in self.positions(items) {
                    let rest = matches!(self.body.pat(pat), Pat::Bind(_, _, Some(_)));
                    let part = if rest { value.clone() } else { value.read(Key::Index(i as u32)) };
                    self.bind(pat, &part, &extended(places.to_vec(), Key::Index(i as u32)));
                }
            }
            Pat::TupleStruct(path, items) => {
                let found = self.inf.pat_paths.get(&path).copied();
                for (i, pat) in self.positions(items) {
                    self.bind_member(found, Name::new(&i.to_string()), pat, value, places);
                }
            }
            Pat::Struct(path, fields) => {
                let found = self.inf.pat_paths.get(&path).copied();
                for (name, pat) in fields {
                    self.bind_member(found, name, pat, value, places);
                }
            }
        }
    }

    fn positions(&self, items: crate::ir::List) -> Vec<(usize, PatId)> {
        let pats = self.body.pat_list(items);
        let rest = pats.iter().position(|p| matches!(self.body.pat(*p), Pat::Rest));
        let kept = pats.iter().enumerate().filter(|(_, p)| !matches!(self.body.pat(**p), Pat::Rest));
        // Positions after `..` count from an end that is not known; they read everything.
        kept.map(|(i, p)| (if rest.is_some_and(|r| i > r) { usize::from(u16::MAX) + i } else { i }, *p))
            .collect()
    }

    fn bind_member(
        &mut self,
        found: Option<(GItem, Option<u16>)>,
        name: Name,
        pat: PatId,
        value: &Val,
        places: &[Place],
    ) {
        let Some((adt, variant)) = found else {
            let part = value.element().read(Key::Field(name));
            self.bind(pat, &part, &extended(places.to_vec(), Key::Field(name)));
            return;
        };
        let sema = self.world.input.sema;
        if Some(adt) == sema.lang.option {
            self.bind(pat, value, places);
            return;
        }
        let key = self.member_key(Some((adt, variant)), name);
        let mut part = value.element().read(key).unaliased();
        let index = self.world.field_index(adt, variant, name);
        let label = index.and_then(|i| self.world.input.labels.fields.get(&(adt, variant, i)));
        if let Some(label) = label
            && !part.cleared()
        {
            let read = self.span(self.body.pat_ranges[pat.0 as usize]);
            part = with_atom(part, source(Origin::Label(*label), read));
        }
        self.bind(pat, &part, &extended(places.to_vec(), key));
    }

    fn bind_local(&mut self, local: LocalId, value: &Val, places: &[Place]) {
        let mut value = value.clone();
        if let Some(label) = self.world.input.labels.locals.get(&(self.body_of, local)) {
            let inferred =
                matches!(self.world.input.labels.get(*label).basis, crate::datamap::Basis::Inferred { .. });
            // A name is weaker evidence than data whose way is known.
            let known = inferred && value.atoms().iter().any(|a| !a.origin.symbolic());
            if !known {
                let read = self.span(self.body.locals[local.0 as usize].range);
                value = with_atom(value, source(Origin::Label(*label), read));
            }
        }
        if value.refs().is_empty() && !places.is_empty() && !places.iter().any(|p| p.local == local) {
            let deep = places.iter().any(|p| p.path.len() > super::value::MAX_DEPTH);
            if !deep && places.iter().any(|p| !p.path.is_empty() || !p.strong) {
                let mut node = value.into_node();
                node.refs = places.into();
                value = Val::new(node);
            }
        }
        self.locals[local.0 as usize] = value;
    }
}

/// Adds an event; what meets one sink through one call is one event.
fn pass_on(events: &mut Vec<Event>, event: Event) {
    let same = |e: &&mut Event| Arc::ptr_eq(&e.sink, &event.sink) || *e.sink == *event.sink;
    let known = events.iter_mut().filter(|e| e.url.texts() == event.url.texts()).find(same);
    match known {
        Some(known) => {
            known.hops = known.hops.min(event.hops);
            let mut atoms: smallvec::SmallVec<[Atom; 1]> = std::mem::take(&mut known.atoms).into();
            event.atoms.into_iter().for_each(|a| super::value::push(&mut atoms, a));
            known.atoms = atoms.into_vec();
            known.atoms.truncate(MAX_AT_SINK);
        }
        None => events.push(event),
    }
}

/// A taint that begins here.
pub(super) fn source(origin: Origin, read: Span) -> Atom {
    Atom {
        origin,
        form: Form::Clear,
        view: View::Whole,
        read,
        trace: None as Trace,
        doubts: Doubts::default(),
        typed: false,
    }
}

pub(super) fn with_atom(value: Val, atom: Atom) -> Val {
    let mut node = value.into_node();
    super::value::push(&mut node.atoms, atom);
    Val::new(node)
}

/// What a piece of a formatted text is known to be. One that callers know is left to them where the text begins with
/// it and its end cannot be in the middle of a host.
fn beginning(value: &Val, before: &[Text], after: &str) -> Texts {
    if !value.texts().is_empty() {
        return value.texts().into();
    }
    let first = before.iter().all(|t| t.whole && t.text.is_empty());
    let ends = after.is_empty() || after.starts_with(['/', '?', '#', ':']);
    if first && ends && value.atoms().iter().any(|a| a.origin.symbolic()) {
        return Texts::new();
    }
    Texts::from_iter([Text::hole()])
}

/// A value with a doubt on all that it holds.
pub(super) fn doubted(value: &Val, what: Approximation) -> Val {
    value.map(&mut |a| a.doubts = a.doubts.with(Doubts::of(what)))
}

/// The value of one of two branches.
fn either(a: &Val, b: &Val) -> Val {
    a.join(b)
}

fn join_all(mut a: Vec<Val>, b: &[Val]) -> Vec<Val> {
    for (x, y) in a.iter_mut().zip(b) {
        if !(x.is_none() && y.is_none()) {
            *x = x.join(y);
        }
    }
    a
}

fn weight(value: &Val) -> usize {
    let Some(node) = value.node() else { return 0 };
    1 + node.atoms.len() + node.parts.iter().map(|(_, v)| 1 + weight(v)).sum::<usize>()
}

fn extended(mut places: Vec<Place>, key: Key) -> Vec<Place> {
    for place in &mut places {
        if place.path.len() < super::value::MAX_DEPTH {
            place.path.push(key);
        } else {
            place.strong = false;
        }
    }
    places
}

fn weakened(mut places: Vec<Place>) -> Vec<Place> {
    places.iter_mut().for_each(|p| p.strong = false);
    places
}

/// A value with what lies at a path replaced, or added to.
fn set(root: &Val, path: &[Key], value: &Val, strong: bool) -> Val {
    match path.split_first() {
        None if strong => value.clone(),
        None => {
            let mut node = root.join(value).into_node();
            node.cleared = root.cleared();
            Val::new(node)
        }
        Some((key, rest)) => {
            let inner = set(&root.read(*key), rest, value, strong);
            root.with(*key, inner)
        }
    }
}
