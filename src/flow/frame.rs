//! Running one body over abstract values: what locals hold, in the order of the code.
//!
//! The code is structured, so this is a walk over expressions with one environment, copied at branches and joined
//! after them; loops are repeated until nothing is added. Values only grow at joins and access paths are cut at a
//! fixed depth, so it ends; the cost is linear in the code times the nesting of loops.

use std::sync::Arc;

use super::decoded::{Content, Decoding};
use super::kept::Put;
use super::shape::Shape;
use super::summary::{Event, Overlay, ParamCall, Summary};
use super::value::{Atom, Callable, Doubts, Key, Origin, Place, Text, Texts, Trace, Val, extended_by};
use super::world::World;
use crate::datamap::Approximation;
use crate::ir::{Body, Expr, ExprId, Lit, Pat, Range, View};
use crate::name::Name;
use crate::notice::Form;
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::Inference;

/// How often a loop is run at most; two rounds carry a value once around.
pub(super) const MAX_ROUNDS: usize = 3;
/// How many sinks of callees a function passes on to its callers.
pub(super) const MAX_EVENTS: usize = 40;
/// How many taints of one sink are told apart.
pub(super) const MAX_AT_SINK: usize = 8;

/// What running a body yields.
pub(super) struct Outcome {
    pub(super) summary: Summary,
    /// Sinks that sources of this function or of its callees' arguments reached.
    pub(super) hits: Vec<Event>,
    /// What was put into fields.
    pub(super) puts: Vec<Put>,
}

pub(super) struct LoopFrame {
    pub(super) label: Option<Name>,
    pub(super) value: Val,
    pub(super) exits: Vec<Vec<Val>>,
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
    pub(super) puts: Vec<Put>,
    pub(super) decodings: Vec<Decoding>,
    /// Parameters that are decoded.
    pub(super) told: Vec<(u8, Content)>,
    pub(super) calls: Vec<ParamCall>,
    pub(super) depth: u32,
    pub(super) loops: Vec<LoopFrame>,
    pub(super) diverged: bool,
}

/// Runs a function.
pub(super) fn run<'a>(world: &World<'a>, owner: GItem, within: &Overlay) -> Outcome {
    let Some((body, inf)) = world.body(owner) else {
        return Outcome { summary: Summary::default(), hits: Vec::new(), puts: Vec::new() };
    };
    let mut frame = Frame::new(world, within, owner, owner, body, inf);
    frame.find_decodings();
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
            puts: Vec::new(),
            decodings: Vec::new(),
            told: Vec::new(),
            calls: Vec::new(),
            depth: 0,
            loops: Vec::new(),
            diverged: false,
        }
    }

    pub(super) fn finish(self) -> Outcome {
        let mut outs = Vec::new();
        for (i, _) in self.body.params.iter().enumerate() {
            if let Some(value) = self.changed(i) {
                outs.push((i as u8, value.unaliased().summarised()));
            }
        }
        let ret = self.closed(&self.returned().unaliased()).summarised();
        let summary =
            Summary { ret, outs, events: self.events, calls: self.calls, decodes: self.told }.exact();
        Outcome { summary, hits: self.hits, puts: self.puts }
    }

    pub(super) fn param_shape(&self, index: usize) -> Shape {
        match self.body.pat(self.body.params[index]) {
            Pat::Bind(local, ..) => self.world.shape(self.inf.locals[local.0 as usize]).clone(),
            _ => Shape::Unknown,
        }
    }

    /// A closure that leaves the function takes its locals along.
    pub(super) fn closed(&self, value: &Val) -> Val {
        let Some(node) = value.node() else { return Val::default() };
        let callables = node.besides.callables();
        if callables.is_none() && node.parts.is_empty() {
            return value.clone();
        }
        let callables = callables.map(|all| all.map(|callable| self.closed_over(callable)));
        let mut node = node.clone();
        if let Some(callables) = callables {
            node.besides = node.besides.with_callables(callables);
        }
        node.parts.iter_mut().for_each(|(_, v)| *v = self.closed(v));
        Val::new(node)
    }

    fn closed_over(&self, callable: &Callable) -> Callable {
        match callable {
            Callable::Closure(owner, index, None) if *owner == self.body_of => {
                let captured = self.locals.iter().map(Val::unaliased).collect();
                Callable::Closure(*owner, *index, Some(Arc::new(captured)))
            }
            other => other.clone(),
        }
    }

    /// What a `&mut` parameter holds at the end, when that is not what it came with.
    pub(super) fn changed(&self, index: usize) -> Option<Val> {
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
        (mutable && (node.cleared || !untouched)).then(|| value.clone())
    }

    /// What is known of a function that is called. Of what the call graph does not have nothing is known: whether it is
    /// done already would depend on threads.
    pub(super) fn known(&self, func: GItem) -> Option<Arc<Summary>> {
        let callee = || self.world.is_callee(self.body_of, func).then(|| self.world.summary(func)).flatten();
        self.within.get(&func).cloned().or_else(callee)
    }

    /// What is known of a function that came here as a value: whoever named it stands below this one.
    pub(super) fn handed(&self, func: GItem) -> Option<Arc<Summary>> {
        self.within.get(&func).cloned().or_else(|| self.world.summary(func))
    }

    pub(super) fn span(&self, range: Range) -> Span {
        self.world.span(self.body_of, range)
    }

    pub(super) fn at(&self, id: ExprId) -> Span {
        self.span(self.body.range(id))
    }

    pub(super) fn shape(&self, id: ExprId) -> Shape {
        self.world.shape(self.inf.exprs[id.0 as usize]).clone()
    }

    pub(super) fn package(&self) -> u32 {
        self.world.input.sema.program.package_of(self.body_of).unwrap_or(u32::MAX)
    }

    pub(super) fn eval(&mut self, id: ExprId) -> Val {
        match *self.body.expr(id) {
            Expr::Missing | Expr::Range(None, None, _) => Val::default(),
            Expr::Lit(Lit::Str(text)) => Val::text(text.as_str(), true),
            Expr::Lit(_) => Val::default(),
            Expr::Local(local) => self.local(local),
            Expr::Path(_) => self.path_value(id),
            Expr::Field(base, name) => self.field(id, base, name),
            Expr::Index(base, index) => self.index(id, base, index),
            Expr::Call(callee, args) => self.call(id, callee, args),
            Expr::Method(..) => self.method(id),
            Expr::Deref(inner) => self.eval(inner),
            Expr::Cast(inner, ty) => {
                let value = self.eval(inner);
                self.as_object(value, inner, &self.body.types[ty as usize])
            }
            Expr::Unary(inner) => {
                let value = self.eval(inner);
                if self.shape(inner).carries() { value.unaliased() } else { Val::default() }
            }
            Expr::Ref(inner, mutable) => {
                let value = self.eval(inner);
                if !mutable {
                    return value;
                }
                let value = self.lent_mutably(inner, value);
                self.aliased(value, inner)
            }
            Expr::Binary(op, left, right) => self.binary(id, op, left, right),
            Expr::Assign(left, right) => {
                let value = self.eval(right);
                self.assign(left, &value);
                Val::default()
            }
            Expr::AssignOp(left, right, _) if self.inf.callees.contains_key(&id) => {
                self.operator(id, left, right).unwrap_or_default()
            }
            Expr::AssignOp(left, right, _) => {
                let (before, added) = (self.eval(left), self.eval(right));
                let texts = extended_by(before.texts(), added.texts());
                let value = before.join(&added).unaliased().with_texts(texts);
                self.assign(left, &value);
                Val::default()
            }
            Expr::Struct(path, fields, base) => self.struct_literal(path, fields, base),
            Expr::Named(_, value) => self.eval(value),
            Expr::Tuple(items) => {
                let items = self.body.list(items).to_vec();
                self.keyed(&items, |i| Key::Field(Name::new(&i.to_string())))
            }
            Expr::Array(items, _) if self.body.list(items).is_empty() => self.world.nothing.clone(),
            Expr::Array(items, _) => {
                let items = self.body.list(items).to_vec();
                self.keyed(&items, |i| Key::Index(i as u32))
            }
            Expr::Repeat(item, _) => self.eval(item),
            Expr::Range(from, to, _) => {
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

    pub(super) fn control(&mut self, id: ExprId) -> Val {
        match *self.body.expr(id) {
            Expr::If(cond, then, other) => {
                let sides = self.sides(cond);
                self.eval(cond);
                let absent = self.absent_otherwise(cond);
                self.branches(then, other, &absent, sides)
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

    pub(super) fn returned(&self) -> Val {
        self.ret.clone().unwrap_or_default()
    }

    pub(super) fn diverge(&mut self) {
        self.diverged = true;
    }

    /// Sets whether the code that follows is reached; gives what was.
    pub(super) fn swap_diverged(&mut self, diverged: bool) -> bool {
        std::mem::replace(&mut self.diverged, diverged)
    }
}

/// Adds an event; what meets one sink through one call is one event.
pub(super) fn pass_on(events: &mut Vec<Event>, event: Event) {
    let same = |e: &&mut Event| Arc::ptr_eq(&e.sink, &event.sink) || *e.sink == *event.sink;
    let towards = event.towards();
    let known = events.iter_mut().filter(|e| e.towards() == towards).find(same);
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
        trace: Trace::default(),
        doubts: Doubts::default(),
        typed: false,
        given: None,
    }
}

pub(super) fn with_atom(value: Val, atom: Atom) -> Val {
    let mut node = value.into_node();
    super::value::push(&mut node.atoms, atom);
    Val::new(node)
}

/// A value that is of a source, with all parts that are told apart.
pub(super) fn with_source(value: Val, atom: &Atom) -> Val {
    let mut node = value.into_node();
    super::value::push(&mut node.atoms, atom.clone());
    for (_, part) in node.parts.iter_mut().filter(|(key, _)| !matches!(key, Key::Hidden(_))) {
        *part = with_source(std::mem::take(part), atom);
    }
    Val::new(node)
}

/// What a piece of a formatted text is known to be. One that callers know is left to them where the text begins with
/// it and its end cannot be in the middle of a host.
pub(super) fn beginning(value: &Val, before: &[Text], after: &str) -> Texts {
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

pub(super) fn join_all(mut a: Vec<Val>, b: &[Val]) -> Vec<Val> {
    for (x, y) in a.iter_mut().zip(b) {
        if !x.is_same(y) {
            *x = x.join(y);
        }
    }
    a
}

pub(super) fn weight(value: &Val) -> usize {
    let Some(node) = value.node() else { return 0 };
    1 + node.atoms.len() + node.parts.iter().map(|(_, v)| 1 + weight(v)).sum::<usize>()
}

pub(super) fn extended(mut places: Vec<Place>, key: Key) -> Vec<Place> {
    for place in &mut places {
        if place.path.len() < super::value::MAX_DEPTH {
            place.path = place.path.child(key);
        } else {
            place.strong = false;
        }
    }
    places
}

pub(super) fn weakened(mut places: Vec<Place>) -> Vec<Place> {
    places.iter_mut().for_each(|p| p.strong = false);
    places
}

/// A value with what lies at a path replaced, or added to.
pub(super) fn set(root: &Val, path: &[Key], value: &Val, strong: bool) -> Val {
    match path.split_first() {
        None if strong => value.clone(),
        None => {
            let mut node = root.join(value).into_node();
            node.cleared = root.cleared() && !root.is_absent();
            Val::new(node)
        }
        Some((key, rest)) => {
            let inner = set(&root.read(*key), rest, value, strong);
            root.clone().with(*key, inner)
        }
    }
}
