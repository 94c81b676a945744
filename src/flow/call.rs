//! Calls: what goes into a function, what comes out, and what the call is to models and notices.

use std::sync::Arc;

use super::frame::{Frame, doubted, source, with_atom};
use super::generic::Generic;
use super::named::Asked;
use super::shape::Shape;
use super::summary::{Event, Fill, Summary, payload};
use super::value::{Atom, Callable, Decided, Given, Key, Node, Origin, Path, Val};
use super::world::Facts;
use crate::datamap::{Approximation, Channel};
use crate::ir::{Expr, ExprId, FnDecl, ItemKind, List, View};
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::{Callee, ValueDef};

/// One argument at a call.
#[derive(Clone)]
pub(super) struct Arg {
    pub(super) val: Val,
    pub(super) shape: Shape,
    pub(super) expr: Option<ExprId>,
}

impl<'a> Frame<'_, 'a> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, args: List) -> Val {
        let ids = self.body.list(args).to_vec();
        match self.inf.callees.get(&id).cloned() {
            Some(Callee::Fn(func, by_name)) => {
                let args = self.args(&ids);
                let on = self.named_type(callee);
                self.call_fn(id, func, on, args, by_name)
            }
            Some(Callee::Ctor(item, variant)) => {
                let args = self.args(&ids);
                if self.world.input.sema.program.is_model(item) {
                    // `Json(page)` is an answer to whoever asked.
                    let facts = self.world.facts(item);
                    self.sinks(id, &facts, &args, false);
                }
                let values: Vec<Val> = args.into_iter().map(|arg| arg.val).collect();
                self.construct(item, variant, &values, Some(&ids))
            }
            Some(Callee::External(path)) => {
                let args = self.args(&ids);
                self.call_path(id, &path, args, false)
            }
            _ => {
                let callee = self.eval(callee);
                let args = self.args(&ids);
                let values: Vec<Val> = args.iter().map(|a| a.val.clone()).collect();
                self.invoke(&callee, &values, self.at(id))
            }
        }
    }

    pub(super) fn method(&mut self, id: ExprId) -> Val {
        let Expr::Method(receiver, name, args, _) = *self.body.expr(id) else { return Val::default() };
        let mut ids = vec![receiver];
        ids.extend_from_slice(self.body.list(args));
        let mut args = self.args(&ids);
        let callee = self.inf.callees.get(&id).cloned();
        self.lend_receiver(callee.as_ref(), &mut args[0]);
        match callee {
            Some(Callee::Fn(func, by_name)) => {
                let on = args.first().and_then(|receiver| adt(&receiver.shape));
                self.call_fn(id, func, on, args, by_name)
            }
            Some(Callee::External(path)) => self.call_path(id, &path, args, true),
            _ => self.unknown_method(id, name, args),
        }
    }

    /// A method that takes its receiver by `&mut` may write anything to it, and so may one of which nothing is known.
    fn lend_receiver(&mut self, callee: Option<&Callee>, receiver: &mut Arg) {
        let decl = match callee {
            Some(Callee::Fn(func, _)) => self.world.decl(*func),
            _ => None,
        };
        if receiver.val.lacks()
            && super::absent::writes_receiver(decl)
            && let Some(expr) = receiver.expr
        {
            receiver.val = self.lent_mutably(expr, std::mem::take(&mut receiver.val));
        }
    }

    /// An operator of the program's own: a call of its method.
    pub(super) fn operator(&mut self, id: ExprId, left: ExprId, right: ExprId) -> Option<Val> {
        let Some(Callee::Fn(func, _)) = self.inf.callees.get(&id) else { return None };
        let args = self.args(&[left, right]);
        let on = adt(&args[0].shape);
        Some(self.call_fn(id, *func, on, args, false))
    }

    pub(super) fn args(&mut self, ids: &[ExprId]) -> Vec<Arg> {
        ids.iter().map(|e| Arg { val: self.eval(*e), shape: self.shape(*e), expr: Some(*e) }).collect()
    }

    /// A method of which nothing is known: its result may hold what its receiver and arguments held.
    pub(super) fn unknown_method(&mut self, id: ExprId, name: Name, args: Vec<Arg>) -> Val {
        if self.tells_name(name, &args) {
            return Val::default();
        }
        let facts = self.facts_by_name(&args, name);
        self.sinks(id, &facts, &args, true);
        let value = self.opaque_call(Some(id), &args);
        self.sources(&facts, &args, value, self.at(id))
    }

    /// Whether all that a call gives is the name of its argument's variant.
    fn tells_name(&self, method: Name, args: &[Arg]) -> bool {
        matches!(args, [only] if self.world.names_variant(method, &only.shape))
    }

    /// A call of a function outside the program and the models.
    pub(super) fn call_path(&mut self, id: ExprId, path: &[Name], args: Vec<Arg>, method: bool) -> Val {
        let mut facts = self.world.facts_of_path(path.iter().map(|n| n.as_str()).collect());
        if let Some(name) = path.last().filter(|_| method && facts.sources.is_empty()) {
            facts.sources = self.sources_by_name(&args, *name);
        }
        self.sinks(id, &facts, &args, method);
        let value = match self.modelled(id, &facts, &args, method) {
            Some(value) => value,
            None => self.opaque_call(Some(id), &args),
        };
        let value = self.told_by_type(id, value);
        self.sources(&facts, &args, value, self.at(id))
    }

    /// Data goes in and may come out; closures are called with it.
    pub(super) fn opaque_call(&mut self, id: Option<ExprId>, args: &[Arg]) -> Val {
        let given = self.opaque_values(args);
        let guess = doubted(&given, Approximation::UnresolvedCall);
        match id.map(|id| self.shape(id)) {
            Some(shape) => self.fitting(guess, &shape),
            None => guess,
        }
    }

    /// A guess about a result, as far as its type can hold it; nobody guesses that an error repeats what was passed.
    pub(super) fn fitting(&self, guess: Val, shape: &Shape) -> Val {
        match shape {
            Shape::Adt(item, args) if Some(*item) == self.world.input.sema.lang.result => {
                let ok = args.first().map_or(guess.clone(), |a| self.fitting(guess, a));
                Val::part(payload("Ok"), ok)
            }
            Shape::Of(args) if args.len() == 1 && !self.world.is_definite(shape) => match args[0] {
                Shape::Prim(_) => guess,
                _ => self.fitting(guess, &args[0]),
            },
            shape if self.world.is_definite(shape) => Val::default(),
            _ => guess,
        }
    }

    pub(super) fn opaque_values(&mut self, args: &[Arg]) -> Val {
        let mut out = Val::default();
        for arg in args {
            out = out.join(&plain_taints(&arg.val));
        }
        let given = out.clone();
        for arg in args {
            let is_closure = |c: &Callable| matches!(c, Callable::Closure(..));
            let closure =
                |node: &Node| node.besides.callables().is_some_and(|all| all.iter().any(is_closure));
            if arg.val.node().is_some_and(closure) {
                let span = arg.expr.map(|e| self.at(e)).unwrap_or_else(|| self.span((0, 0)));
                let result = self.invoke(&arg.val, &[given.clone(), given.clone()], span);
                out = out.join(&plain_taints(&result));
            }
        }
        out
    }

    // Functions at hand.

    /// The type that a function is named on: `Sha256` in `Sha256::digest`.
    pub(super) fn named_type(&self, callee: ExprId) -> Option<GItem> {
        match self.inf.values.get(&callee) {
            Some(ValueDef::Fn(_, Some(on))) => adt(&self.world.shape(*on).clone()),
            _ => None,
        }
    }

    pub(super) fn call_fn(
        &mut self,
        id: ExprId,
        func: GItem,
        on: Option<GItem>,
        args: Vec<Arg>,
        by_name: bool,
    ) -> Val {
        let func = self.redirected(id, func, &args);
        let facts = self.world.facts_on(func, on);
        let decl = self.world.decl(func);
        let method = decl.is_some_and(|d| d.receiver.is_some());
        self.sinks(id, &facts, &args, method);
        let by_derive =
            self.world.input.sema.program.is_model(func) && self.tells_name(self.world.name(func), &args);
        if by_derive {
            return Val::default();
        }
        self.declared_arguments(func, &args);
        let mut value = match self.modelled(id, &facts, &args, method) {
            Some(value) => value,
            None => match self.known(func) {
                Some(summary) => self.apply(id, func, &summary, &args),
                // Of what a library does nobody has said more than that its types fit.
                None if self.world.input.sema.program.is_read(func) => self.opaque_call(Some(id), &args),
                None => match self.world.made_of_nothing(func, &self.shape(id), &args) {
                    Some(value) => value,
                    None => self.by_signature(id, func, &args),
                },
            },
        };
        value = self.told_by_type(id, value);
        if value.lacks()
            && self.world.input.sema.program.is_model(func)
            && !self.world.is_owned(&self.shape(id))
        {
            value = value.present();
        }
        if by_name {
            value = doubted(&value, Approximation::UnresolvedCall);
            let named = self.sources_by_name(&args, self.world.name(func));
            value = self.sources(&Facts { sources: named, ..Facts::default() }, &args, value, self.at(id));
        }
        if let Some(label) = self.world.input.labels.returns.get(&func)
            && self.world.holds(*label, &self.shape(id))
        {
            value = with_atom(value, source(Origin::Label(*label), self.at(id)));
        }
        self.sources(&facts, &args, value, self.at(id))
    }

    /// `into()` means the `From` of its target, `to_string()` the type's own where it has one.
    pub(super) fn redirected(&self, id: ExprId, func: GItem, args: &[Arg]) -> GItem {
        let Some(from) = args.first().map(|a| &a.shape) else { return func };
        self.world.converting(func, from, &self.shape(id)).unwrap_or(func)
    }

    /// An error that `?` converts on its way out.
    pub(super) fn converted_error(&mut self, error: Val, from: Option<&Shape>) -> Val {
        let own = self.world.shape(self.inf.ret).clone();
        let (Some(from), Shape::Adt(_, args)) = (from, &own) else { return error };
        let Some(Shape::Adt(target, _)) = args.get(1) else { return error };
        let Some(func) = self.world.conversions.find(*target, from, super::conversions::Way::Always) else {
            return error;
        };
        let Some(summary) = self.known(func) else { return error };
        let span = self.span((0, 0));
        let arg = Arg { val: error, shape: from.clone(), expr: None };
        self.filled(func, &summary, &[arg], span, &[]).0
    }

    /// A parameter that is an advertising identifier is made from what is passed.
    pub(super) fn declared_arguments(&mut self, func: GItem, args: &[Arg]) {
        let Some(decl) = self.world.decl(func) else { return };
        let skip = usize::from(decl.receiver.is_some());
        for (i, arg) in args.iter().enumerate().skip(skip) {
            let label = self.world.input.labels.params.get(&(func, (i - skip) as u16)).copied();
            if let (Some(label), Some(expr)) = (label, arg.expr) {
                self.identified(Some(label), &arg.val.clone(), expr);
            }
        }
    }

    /// Fills in a summary: the result, sinks of arguments, changes to `&mut` arguments.
    pub(super) fn apply(&mut self, id: ExprId, func: GItem, summary: &Arc<Summary>, args: &[Arg]) -> Val {
        let site = self.at(id);
        let mut results: Vec<(u8, Val)> = Vec::new();
        for call in &summary.calls {
            let values: Vec<Val> =
                call.args.iter().map(|v| self.fill(func, args, site, &results).value(v)).collect();
            let callee =
                call.path.iter().fold(
                    args.get(call.param as usize).map(|a| a.val.clone()).unwrap_or_default(),
                    |v, k| v.read(*k),
                );
            let result = self.invoke(&callee, &values, site);
            results.push((call.result, result));
        }
        let (ret, outs) = self.filled(func, summary, args, site, &results);
        if ret.holds_source() {
            self.filled_in(&ret, &self.shape(id), site);
        }
        for (index, value) in outs {
            let Some(arg) = args.get(index as usize) else { continue };
            if value.holds_source() {
                self.filled_in(&value, &arg.shape, site);
            }
            let Some(expr) = arg.expr else { continue };
            let places = self.places(expr);
            self.write_out(&places, &value);
        }
        ret
    }

    pub(super) fn write_out(&mut self, places: &[super::value::Place], value: &Val) {
        // The callee's value already tells what remains, so it replaces; but it is no new declaration.
        for place in places {
            let root = self.locals[place.local.0 as usize].clone();
            let before = place.path.iter().fold(root.clone(), |v, k| v.read(*k));
            let after = if place.strong && places.len() == 1 { value.clone() } else { before.join(value) };
            self.locals[place.local.0 as usize] = put(&root, &place.path, after);
        }
    }

    fn fill<'s>(
        &'s self,
        func: GItem,
        args: &'s [Arg],
        site: Span,
        results: &'s [(u8, Val)],
    ) -> Filler<'s, 's, 'a> {
        Filler {
            frame: self,
            values: args.iter().map(|a| a.val.clone()).collect(),
            args,
            func,
            site,
            results,
        }
    }

    pub(super) fn filled(
        &mut self,
        func: GItem,
        summary: &Arc<Summary>,
        args: &[Arg],
        site: Span,
        results: &[(u8, Val)],
    ) -> (Val, Vec<(u8, Val)>) {
        let filler = self.fill(func, args, site, results);
        let ret = filler.value(&summary.ret).handy();
        let outs = summary.outs.iter().map(|(i, v)| (*i, filler.value(v).handy())).collect();
        let events: Vec<Event> = summary
            .events
            .iter()
            .map(|e| Event {
                sink: e.sink.clone(),
                atoms: filler.event(e),
                url: filler.value(&e.url),
                hops: e.hops + 1,
            })
            .collect();
        for event in events {
            if !event.atoms.is_empty() {
                self.emit(event);
            }
        }
        (ret, outs)
    }

    /// A function without code: what its signature lets through.
    pub(super) fn by_signature(&mut self, id: ExprId, func: GItem, args: &[Arg]) -> Val {
        let Some(decl) = self.world.decl(func) else { return self.opaque_call(Some(id), args) };
        let program = self.world.input.sema.program;
        let parent = program.parent(func).map(|p| &program.item(p).kind);
        let (outer, self_ty) = match parent {
            Some(ItemKind::Impl(imp)) => (Some(imp.generics.get()), Some(imp.self_ty.get())),
            Some(ItemKind::Trait(generics, _, _)) => (Some(generics.get()), None),
            _ => (None, None),
        };
        let site = self.at(id);
        let values: Vec<Val> = args.iter().map(|a| a.val.clone()).collect();
        let shapes: Vec<Shape> = args.iter().map(|a| a.shape.clone()).collect();
        let result_shape = self.shape(id);
        let world = self.world;
        let (ret, outs, guessed) = {
            let stepped: Vec<Option<Val>> =
                values.iter().zip(&shapes).map(|(v, shape)| self.own_item(v, shape, site)).collect();
            let item = |i: usize, v: &Val| match stepped.get(i) {
                Some(Some(own)) => own.clone(),
                _ => item_of(v, shapes.get(i).unwrap_or(&Shape::Unknown)),
            };
            let mut invoke = |i: usize, given: &[Val]| self.invoke(&values[i], given, site);
            let mut generic = Generic::new(decl, outer, self_ty, &values, &mut invoke, &item);
            let ret = generic.run();
            (ret, generic.outs, generic.guessed)
        };
        let ret = if guessed { self.fitting(ret, &result_shape) } else { ret };
        for (i, value) in outs {
            if let Some(expr) = args.get(i).and_then(|a| a.expr) {
                let places = self.places(expr);
                let weak = |mut p: super::value::Place| {
                    p.strong = false;
                    p
                };
                let places: Vec<_> = places.into_iter().map(weak).collect();
                self.write_out(&places, &value);
            }
        }
        if !world.carries(&result_shape) { Val::default() } else { ret.unaliased_if(decl) }
    }
}

/// Fills summaries in at a call of a frame.
struct Filler<'s, 'w, 'a> {
    frame: &'s Frame<'w, 'a>,
    values: Vec<Val>,
    args: &'s [Arg],
    func: GItem,
    site: Span,
    results: &'s [(u8, Val)],
}

impl Filler<'_, '_, '_> {
    fn with<T>(&self, f: impl FnOnce(&Fill<'_>) -> T) -> T {
        let show = |(index, path): (u8, Path), value: &Val, view: View, typed: bool| {
            let arg = self.args.get(index as usize);
            let shape = arg.map_or(Shape::Unknown, |a| self.frame.world.shape_at(&a.shape, path));
            if typed {
                return self.frame.world.show_known(value, &shape, view);
            }
            let read = arg.and_then(|a| a.expr).map_or(self.site, |e| self.frame.at(e));
            self.frame.world.show(value, &shape, view, read)
        };
        let decide = |given: Given| match self.args.get(usize::from(given.param())) {
            Some(arg) => self.frame.decide(given, &arg.val, &arg.shape),
            None => Decided::Holds,
        };
        let asked = |param: u8, model: u32| match self.args.get(usize::from(param)) {
            Some(arg) => self.frame.asked(arg, model),
            None => Asked::No,
        };
        f(&Fill {
            args: &self.values,
            results: self.results,
            show: &show,
            decide: &decide,
            inherited: &|atom| self.frame.world.inherited(atom, true),
            asked: &asked,
            func: self.func,
            site: self.site,
        })
    }

    fn value(&self, value: &Val) -> Val {
        if value.is_none() {
            return Val::default();
        }
        self.with(|fill| fill.value(value))
    }

    fn event(&self, event: &Event) -> Vec<Atom> {
        self.with(|fill| fill.atoms(event.passed()))
    }
}

pub(super) fn adt(shape: &Shape) -> Option<GItem> {
    match shape {
        Shape::Adt(item, _) => Some(*item),
        _ => None,
    }
}

/// Only taints: what an unknown function may pass on.
pub(super) fn plain_taints(value: &Val) -> Val {
    let mut atoms = Vec::new();
    value.all_atoms(&mut atoms);
    Val::atoms_of(atoms)
}

/// The URL that a value is or carries.
pub(super) fn url_of(value: &Val) -> Val {
    let key = Key::Hidden(Name::new("@url"));
    let carried = value.read(key);
    if carried.is_none() { value.unaliased() } else { carried }
}

/// The file that an argument is or names, as far as its path is told, by this function or by its callers.
pub(super) fn file_of(arg: u8, value: &Val) -> Val {
    let key = path_key();
    let path = if arg == 0 { value.read(key) } else { value.unaliased() };
    if path.is_none() { value.unaliased().symbolic_only() } else { Val::part(key, path) }
}

/// Where a file holds its path.
pub(super) fn path_key() -> Key {
    Key::Hidden(Name::new("@path"))
}

pub(super) fn channel_of(role: crate::notice::Role) -> Channel {
    use crate::notice::Role;
    match role {
        Role::Log => Channel::Log,
        Role::Metrics => Channel::Metrics,
        Role::CrashReport => Channel::CrashReport,
        Role::Storage => Channel::Storage,
        Role::DataSubject => Channel::Response,
        _ => Channel::Network,
    }
}

/// A model counts the receiver as 0 and arguments from 1, whether or not there is a receiver.
pub(super) fn index_of(n: u8, method: bool) -> Option<usize> {
    if method { Some(usize::from(n)) } else { usize::from(n).checked_sub(1) }
}

pub(super) fn keys(path: &[Box<str>]) -> Vec<Key> {
    let mut out = Vec::new();
    let mut parts = path.iter().peekable();
    while let Some(part) = parts.next() {
        out.push(match &**part {
            hidden if hidden.starts_with('@') => Key::Hidden(Name::new(hidden)),
            variant @ ("Ok" | "Err") => {
                parts.next_if(|p| &***p == "0");
                payload(variant)
            }
            share if share.starts_with('<') => Key::Arg(number(share)),
            element if element.starts_with('[') => Key::Index(u32::from(number(element))),
            name => Key::Field(Name::new(name)),
        });
    }
    out
}

/// The number in the brackets of a component.
fn number(component: &str) -> u8 {
    component.get(1..component.len() - 1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// A value below a path of components.
pub(super) fn nested(path: &[Box<str>], value: Val) -> Val {
    keys(path).into_iter().rev().fold(value, |v, k| Val::part(k, v))
}

/// A value with what lies at a path exchanged.
pub(super) fn put(root: &Val, path: &[Key], value: Val) -> Val {
    match path.split_first() {
        // What the local points at stays.
        None => value.pointing(root.refs().to_vec()),
        Some((key, rest)) => root.clone().with(*key, put(&root.read(*key), rest, value)),
    }
}

/// Iterating over a map gives pairs; over anything else its elements.
pub(super) fn item_of(value: &Val, shape: &Shape) -> Val {
    let keyed = |k: &Key| matches!(k, Key::Arg(_) | Key::Const(_));
    let pairs = value.node().is_some_and(|n| n.parts.iter().any(|(k, _)| keyed(k)));
    let two = matches!(shape, Shape::Adt(_, args) if args.len() >= 2);
    if !pairs || !two {
        return value.element();
    }
    let at = |i: usize| share(value, i, 2).unaliased();
    let out = Val::part(Key::Field(Name::new("0")), at(0));
    out.join(&Val::part(Key::Field(Name::new("1")), at(1)))
}

/// What a container of several types holds of one of them: keys or values of a map, also of one that was made of pairs,
/// and values that are told apart by their keys.
pub(super) fn share(value: &Val, index: usize, count: usize) -> Val {
    let Some(node) = value.node() else { return Val::default() };
    let (key, field) = (Key::Arg(index as u8), Key::Field(Name::new(&index.to_string())));
    let mut rest = node.clone();
    rest.parts.retain(|(k, _)| !k.is_element());
    let rest = Val::new(rest);
    let own = if rest.tells(field) && !rest.tells(key) { rest.read(field) } else { rest.read(key) };
    let elements = node.parts.iter().filter(|(k, _)| k.is_element());
    elements.fold(own, |out, (k, element)| match k {
        Key::Const(_) if index + 1 == count => out.join(element),
        Key::Const(_) => out,
        _ => out.join(&element.read(field)),
    })
}

impl Val {
    /// A result that the signature does not hand out as a reference points nowhere.
    fn unaliased_if(self, decl: &FnDecl) -> Val {
        if decl.ret.is_some_and(|ret| super::generic::is_mutable(&ret)) { self } else { self.unaliased() }
    }
}
