//! Calls: what goes into a function, what comes out, and what the call is to models and notices.

use std::sync::Arc;

use super::frame::{Frame, doubted, source, with_atom};
use super::generic::Generic;
use super::shape::Shape;
use super::summary::{Event, Fill, ParamCall, Sink, Summary, payload, transformed};
use super::value::{Atom, Callable, Key, Origin, Path, Val};
use super::world::{Facts, view_of};
use crate::datamap::{Approximation, Channel, Plaintext};
use crate::ir::{Expr, ExprId, FnDecl, ItemKind, List, View};
use crate::models::{Place as ModelPlace, SinkModel};
use crate::name::Name;
use crate::resolve::{GItem, Namespace, Resolution};
use crate::source::Span;
use crate::types::{Callee, ValueDef};

/// How deep closures are entered.
const MAX_CLOSURES: u32 = 8;

/// One argument at a call.
#[derive(Clone)]
struct Arg {
    val: Val,
    shape: Shape,
    expr: Option<ExprId>,
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
                let values: Vec<Val> = ids.iter().map(|a| self.eval(*a)).collect();
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
        let args = self.args(&ids);
        match self.inf.callees.get(&id).cloned() {
            Some(Callee::Fn(func, by_name)) => {
                let on = args.first().and_then(|receiver| adt(&receiver.shape));
                self.call_fn(id, func, on, args, by_name)
            }
            Some(Callee::External(path)) => self.call_path(id, &path, args, true),
            _ => self.unknown_method(id, name, args),
        }
    }

    fn args(&mut self, ids: &[ExprId]) -> Vec<Arg> {
        ids.iter().map(|e| Arg { val: self.eval(*e), shape: self.shape(*e), expr: Some(*e) }).collect()
    }

    /// A method of which nothing is known: its result may hold what its receiver and arguments held.
    fn unknown_method(&mut self, id: ExprId, name: Name, args: Vec<Arg>) -> Val {
        let facts = self.world.facts_of_path(vec![name.as_str()]);
        self.sinks(id, &facts, &args, true);
        self.opaque_call(Some(id), &args)
    }

    /// A call of a function outside the program and the models.
    fn call_path(&mut self, id: ExprId, path: &[Name], args: Vec<Arg>, method: bool) -> Val {
        let facts = self.world.facts_of_path(path.iter().map(|n| n.as_str()).collect());
        self.sinks(id, &facts, &args, method);
        let value = match self.modelled(id, &facts, &args, method) {
            Some(value) => value,
            None => self.opaque_call(Some(id), &args),
        };
        self.sources(&facts, &args, value, self.at(id))
    }

    /// Data goes in and may come out; closures are called with it.
    fn opaque_call(&mut self, id: Option<ExprId>, args: &[Arg]) -> Val {
        let given = self.opaque_values(args);
        let guess = doubted(&given, Approximation::UnresolvedCall);
        match id.map(|id| self.shape(id)) {
            Some(shape) => self.fitting(guess, &shape),
            None => guess,
        }
    }

    /// A guess about a result, as far as its type can hold it; nobody guesses that an error repeats what was passed.
    fn fitting(&self, guess: Val, shape: &Shape) -> Val {
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

    fn opaque_values(&mut self, args: &[Arg]) -> Val {
        let mut out = Val::default();
        for arg in args {
            out = out.join(&plain_taints(&arg.val));
        }
        let given = out.clone();
        for arg in args {
            if let Some(Callable::Closure(..)) = arg.val.node().and_then(|n| n.callable.clone()) {
                let span = arg.expr.map(|e| self.at(e)).unwrap_or_else(|| self.span((0, 0)));
                let result = self.invoke(&arg.val, &[given.clone(), given.clone()], span);
                out = out.join(&plain_taints(&result));
            }
        }
        out
    }

    // Functions at hand.

    /// The type that a function is named on: `Sha256` in `Sha256::digest`.
    fn named_type(&self, callee: ExprId) -> Option<GItem> {
        match self.inf.values.get(&callee) {
            Some(ValueDef::Fn(_, Some(on))) => adt(&super::shape::of(&self.inf.table, *on, 0)),
            _ => None,
        }
    }

    fn call_fn(&mut self, id: ExprId, func: GItem, on: Option<GItem>, args: Vec<Arg>, by_name: bool) -> Val {
        let func = self.redirected(id, func, &args);
        let facts = self.world.facts_on(func, on);
        let decl = self.world.decl(func);
        let method = decl.is_some_and(|d| d.receiver.is_some());
        self.sinks(id, &facts, &args, method);
        self.declared_arguments(func, &args);
        let mut value = match self.modelled(id, &facts, &args, method) {
            Some(value) => value,
            None => match self.known(func).cloned() {
                Some(summary) => self.apply(id, func, &summary, &args),
                None => self.by_signature(id, func, &args),
            },
        };
        if by_name {
            value = doubted(&value, Approximation::UnresolvedCall);
        }
        if let Some(label) = self.world.input.labels.returns.get(&func)
            && self.world.carries(&self.shape(id))
        {
            value = with_atom(value, source(Origin::Label(*label), self.at(id)));
        }
        self.sources(&facts, &args, value, self.at(id))
    }

    /// `into()` means the `From` of its target, `to_string()` the type's own where it has one.
    fn redirected(&self, id: ExprId, func: GItem, args: &[Arg]) -> GItem {
        let sema = self.world.input.sema;
        let name = self.world.name(func);
        if !sema.program.is_model(func) || !matches!(name.as_str(), "into" | "from") {
            return func;
        }
        let Shape::Adt(target, _) = self.shape(id) else { return func };
        let Some(from) = args.first().map(|a| &a.shape) else { return func };
        self.world.conversion(target, from).unwrap_or(func)
    }

    /// An error that `?` converts on its way out.
    pub(super) fn converted_error(&mut self, error: Val, from: Option<&Shape>) -> Val {
        let own = super::shape::of(&self.inf.table, self.inf.ret, 0);
        let (Some(from), Shape::Adt(_, args)) = (from, &own) else { return error };
        let Some(Shape::Adt(target, _)) = args.get(1) else { return error };
        let Some(func) = self.world.conversion(*target, from) else { return error };
        let Some(summary) = self.known(func).cloned() else { return error };
        let span = self.span((0, 0));
        let arg = Arg { val: error, shape: from.clone(), expr: None };
        self.filled(func, &summary, &[arg], span, &[]).0
    }

    /// A parameter that is an advertising identifier is made from what is passed.
    fn declared_arguments(&mut self, func: GItem, args: &[Arg]) {
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
    fn apply(&mut self, id: ExprId, func: GItem, summary: &Arc<Summary>, args: &[Arg]) -> Val {
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
        for (index, value) in outs {
            let Some(expr) = args.get(index as usize).and_then(|a| a.expr) else { continue };
            let places = self.places(expr);
            self.write_out(&places, &value);
        }
        ret
    }

    fn write_out(&mut self, places: &[super::value::Place], value: &Val) {
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

    fn filled(
        &mut self,
        func: GItem,
        summary: &Arc<Summary>,
        args: &[Arg],
        site: Span,
        results: &[(u8, Val)],
    ) -> (Val, Vec<(u8, Val)>) {
        let filler = self.fill(func, args, site, results);
        let ret = filler.value(&summary.ret);
        let outs = summary.outs.iter().map(|(i, v)| (*i, filler.value(v))).collect();
        let events: Vec<Event> = summary
            .events
            .iter()
            .map(|e| Event {
                sink: e.sink.clone(),
                atoms: filler.event(&e.passed()),
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
    fn by_signature(&mut self, id: ExprId, func: GItem, args: &[Arg]) -> Val {
        let Some(decl) = self.world.decl(func) else { return self.opaque_call(Some(id), args) };
        let program = self.world.input.sema.program;
        let parent = program.parent(func).map(|p| &program.item(p).kind);
        let (outer, self_ty) = match parent {
            Some(ItemKind::Impl(imp)) => (Some(&imp.generics), Some(&imp.self_ty)),
            Some(ItemKind::Trait(generics, _, _)) => (Some(generics), None),
            _ => (None, None),
        };
        let site = self.at(id);
        let values: Vec<Val> = args.iter().map(|a| a.val.clone()).collect();
        let shapes: Vec<Shape> = args.iter().map(|a| a.shape.clone()).collect();
        let result_shape = self.shape(id);
        let world = self.world;
        let (ret, outs, guessed) = {
            let item = |i: usize, v: &Val| item_of(v, shapes.get(i).unwrap_or(&Shape::Unknown));
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

    // Models.

    /// What models and notices say that a call does; `None` where its signature decides.
    fn modelled(&mut self, id: ExprId, facts: &Facts<'a>, args: &[Arg], method: bool) -> Option<Val> {
        if let Some(value) = self.transform(id, facts, args, method) {
            return Some(value);
        }
        if facts.summaries.is_empty() {
            return None;
        }
        let site = self.at(id);
        let mut ret: Option<Val> = None;
        let adds = facts.summaries.iter().all(|s| s.adds);
        let mut changed: Vec<(usize, Val)> = Vec::new();
        let mut aliased = None;
        let mut results: Vec<(u8, Val)> = Vec::new();
        for model in &facts.summaries {
            for flow in &model.flows {
                if let (ModelPlace::Return(_), ModelPlace::Argument(n, _)) = (&flow.from, &flow.to) {
                    aliased = Some(usize::from(*n));
                    continue;
                }
                let value = match &flow.from {
                    ModelPlace::ClosureResult(n) => {
                        results.iter().find(|(r, _)| r == n).map(|(_, v)| v.clone())
                    }
                    _ => self.model_value(&flow.from, args, method, view_of(model.view)),
                };
                let Some(value) = value else { continue };
                match &flow.to {
                    ModelPlace::Return(path) => {
                        let value = nested(path, value);
                        ret = Some(ret.map_or(value.clone(), |before: Val| before.join(&value)));
                    }
                    ModelPlace::Argument(n, path) => changed.push((usize::from(*n), nested(path, value))),
                    ModelPlace::ClosureParameter { closure, parameter } => {
                        let Some(index) = index_of(*closure, method) else { continue };
                        let Some(callee) = args.get(index).map(|a| a.val.clone()) else { continue };
                        let mut given = vec![Val::default(); usize::from(*parameter) + 1];
                        given[usize::from(*parameter)] = value;
                        let result = self.invoke(&callee, &given, site);
                        results.push((*closure, result));
                    }
                    ModelPlace::ClosureResult(_) => {}
                }
            }
            for place in &model.clears {
                if let ModelPlace::Argument(n, _) = place {
                    self.clear(usize::from(*n), args, method);
                }
            }
        }
        for (n, value) in changed {
            self.add_to(n, value, args, method);
        }
        let mut ret = ret.unwrap_or_default();
        if let Some(n) = aliased
            && let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr)
        {
            let places = self.places(expr);
            let mut node = ret.into_node();
            node.refs = places.into();
            node.refs.iter_mut().for_each(|p| p.strong = false);
            ret = Val::new(node);
        }
        (!adds).then_some(ret)
    }

    fn transform(&mut self, id: ExprId, facts: &Facts<'a>, args: &[Arg], method: bool) -> Option<Val> {
        let notice = self.world.notice_of(self.owner);
        let by_notice = facts.notice_transforms.iter().find(|(n, _)| *n == notice).map(|(_, m)| (*m, None));
        let by_model = facts.transforms.first().map(|t| (t.makes, Some(*t)));
        let (makes, model) = by_notice.or(by_model)?;
        let mut atoms = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            let concerned = model.and_then(|t| t.on.as_ref()).is_none_or(|on| {
                on.iter().any(|p| matches!(p, ModelPlace::Argument(n, _) if index_of(*n, method) == Some(i)))
            });
            if concerned {
                let read = arg.expr.map_or_else(|| self.at(id), |e| self.at(e));
                atoms.extend(self.world.show(&arg.val, &arg.shape, View::Whole, read));
            }
        }
        let value = Val::atoms_of(transformed(atoms, makes));
        match model.map(|t| &t.into) {
            Some(ModelPlace::Argument(n, path)) => {
                let value = nested(path, value);
                self.add_to(usize::from(*n), value, args, method);
                Some(Val::default())
            }
            Some(ModelPlace::Return(path)) => Some(nested(path, value)),
            _ => Some(value),
        }
    }

    fn model_value(&self, place: &ModelPlace, args: &[Arg], method: bool, view: View) -> Option<Val> {
        let ModelPlace::Argument(n, path) = place else { return None };
        let arg = args.get(index_of(*n, method)?)?;
        let value = keys(path).iter().fold(arg.val.unaliased(), |v, k| v.read(*k));
        if view == View::Whole {
            return Some(value);
        }
        let read = arg.expr.map(|e| self.at(e))?;
        let shape = if path.is_empty() { arg.shape.clone() } else { Shape::Unknown };
        let shown = Val::atoms_of(self.world.show(&value, &shape, view, read));
        Some(shown.with_texts(value.texts().into()))
    }

    fn add_to(&mut self, n: usize, value: Val, args: &[Arg], method: bool) {
        let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr) else {
            return;
        };
        let places = self.places(expr);
        for place in places {
            let root = self.locals[place.local.0 as usize].clone();
            let before = place.path.iter().fold(root.clone(), |v, k| v.read(*k));
            let texts = super::value::extended_by(before.texts(), value.texts());
            let mut after = before.join(&value).with_texts(texts);
            if before.is_none() {
                after = value.clone();
            }
            self.locals[place.local.0 as usize] = put(&root, &place.path, after);
        }
    }

    fn clear(&mut self, n: usize, args: &[Arg], method: bool) {
        let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr) else {
            return;
        };
        let places = self.places(expr);
        self.write(&places, &Val::default());
    }

    // Sources.

    fn sources(&self, facts: &Facts<'a>, args: &[Arg], value: Val, site: Span) -> Val {
        let mut value = value;
        for at in &facts.sources {
            let model = &self.world.input.models.sources[*at as usize];
            let asked = model.when.is_empty()
                || args.iter().any(|a| self.constant_of(a).is_some_and(|c| model.asks_for(&c)));
            if asked {
                value = with_atom(value, source(Origin::Model(*at), site));
            }
        }
        let notice = self.world.notice_of(self.owner);
        for (n, i) in facts.notice_sources.iter().filter(|(n, _)| *n == notice) {
            value = with_atom(value, source(Origin::Notice(*n, *i), site));
        }
        value
    }

    /// An argument as a constant: its text, or the last name of its path.
    fn constant_of(&self, arg: &Arg) -> Option<String> {
        if let Some(text) = arg.val.const_text() {
            return Some(text.text.to_string());
        }
        let mut at = arg.expr?;
        while let Expr::Ref(inner, _) = *self.body.expr(at) {
            at = inner;
        }
        match *self.body.expr(at) {
            Expr::Path(p) => self.body.paths[p as usize].last().map(|n| n.as_str().to_owned()),
            _ => None,
        }
    }

    // Sinks.

    fn sinks(&mut self, id: ExprId, facts: &Facts<'a>, args: &[Arg], method: bool) {
        let site = self.at(id);
        let notice = self.world.notice_of(self.owner);
        let named = facts.recipients.iter().find(|(n, _)| *n == notice).map(|(_, i)| *i);
        if let Some(index) = named {
            self.named_recipient(site, facts, index, args, method);
        }
        for model in facts.sinks.clone() {
            self.model_sink(site, facts, model, args, method, named);
        }
    }

    /// A call that the notice names as a recipient: every argument but the receiver goes there.
    fn named_recipient(&mut self, site: Span, facts: &Facts<'a>, index: u32, args: &[Arg], method: bool) {
        let notice = self.world.notice_of(self.owner);
        let recipient = &self.world.input.notices[notice as usize].recipients[index as usize];
        let mut sink = self.plain_sink(site, &facts.name(), channel_of(recipient.role));
        sink.role = Some(recipient.role);
        sink.declared = Some(index);
        let sink = Arc::new(sink);
        let args: Vec<Arg> = args.iter().skip(usize::from(method)).cloned().collect();
        let atoms = args.iter().flat_map(|a| self.shown(a, View::Whole, site)).collect();
        self.emit(Event { sink, atoms, url: Val::default(), hops: 0 });
    }

    fn shown(&self, arg: &Arg, view: View, site: Span) -> Vec<Atom> {
        let read = arg.expr.map_or(site, |e| self.at(e));
        self.world.show(&arg.val, &arg.shape, view, read)
    }

    fn model_sink(
        &mut self,
        site: Span,
        facts: &Facts<'a>,
        model: &SinkModel,
        args: &[Arg],
        method: bool,
        named: Option<u32>,
    ) {
        if named.is_some() && model.channel == Channel::Network {
            return;
        }
        let mut atoms = Vec::new();
        match &model.args {
            None => {
                for arg in args.iter().skip(usize::from(method)) {
                    atoms.extend(self.shown(arg, view_of(model.view), site));
                }
            }
            Some(places) => {
                for place in places {
                    atoms.extend(self.placed(place, args, method, view_of(model.view), site));
                }
            }
        }
        let url =
            model.url.and_then(|n| index_of(n, method)).and_then(|i| args.get(i)).map(|a| url_of(&a.val));
        let sink = Sink {
            span: site,
            name: facts.name().into(),
            channel: model.channel,
            role: model.role,
            recipient: model.recipient.as_deref().map(Into::into),
            declared: None,
            plaintext: model
                .plaintext
                .then(|| Plaintext { span: site, why: "the connection is not encrypted".to_owned() }),
            by_url: model.url.is_some(),
            part: model.part,
            owner: self.body_of,
        };
        let url = url.unwrap_or_default();
        self.emit(Event { sink: Arc::new(sink), atoms, url, hops: 0 });
    }

    fn placed(
        &mut self,
        place: &ModelPlace,
        args: &[Arg],
        method: bool,
        view: View,
        site: Span,
    ) -> Vec<Atom> {
        match place {
            ModelPlace::Argument(n, path) => {
                let Some(arg) = index_of(*n, method).and_then(|i| args.get(i)) else { return Vec::new() };
                if path.is_empty() {
                    return self.shown(arg, view, site);
                }
                let part = keys(path).iter().fold(arg.val.clone(), |v, k| v.read(*k));
                let shape = match (&arg.shape, &**path.first().unwrap_or(&"".into())) {
                    (Shape::Adt(_, held), "Ok") if held.len() == 2 => held[0].clone(),
                    (Shape::Adt(_, held), "Err") if held.len() == 2 => held[1].clone(),
                    _ => Shape::Unknown,
                };
                self.world.show(&part, &shape, view, arg.expr.map_or(site, |e| self.at(e)))
            }
            ModelPlace::ClosureResult(n) => {
                let Some(callee) = index_of(*n, method).and_then(|i| args.get(i)).map(|a| a.val.clone())
                else {
                    return Vec::new();
                };
                let result = self.invoke(&callee, &[], site);
                self.world.show(&result, &Shape::Unknown, view, site)
            }
            _ => Vec::new(),
        }
    }

    // Macros.

    pub(super) fn macro_call(&mut self, id: ExprId, path: u32, args: List) -> Val {
        let site = self.at(id);
        let written = &self.body.paths[path as usize];
        let program = self.world.input.sema.program;
        let names = match program.resolve(program.scope_of_body(self.body_of), written, Namespace::Value) {
            Resolution::External(names) => names,
            _ => written.segments.iter().map(|s| s.name).collect(),
        };
        let names: Vec<&'static str> = names.iter().map(|n| n.as_str()).collect();
        let model = self.world.macro_model(&names);
        let (mut atoms, mut carried) = (Vec::new(), Val::default());
        for arg in self.body.list(args).to_vec() {
            let value = self.eval(arg);
            let viewed = matches!(self.body.expr(arg), Expr::View(..) | Expr::Format(..));
            let view = model.map_or(View::Whole, |m| view_of(m.view));
            let shown = if viewed {
                value.atoms().to_vec()
            } else {
                self.world.show(&value, &self.shape(arg), view, self.at(arg))
            };
            carried = carried.join(&if model.is_none() && !viewed {
                value.unaliased()
            } else {
                Val::atoms_of(shown.clone())
            });
            atoms.extend(shown);
        }
        let last = names.last().copied().unwrap_or("");
        let Some(model) = model else { return doubted(&plain_taints(&carried), Approximation::OpaqueMacro) };
        if let Some(channel) = model.channel {
            let name = format!("{}!", names.join("::"));
            let mut sink = self.plain_sink(site, &name, channel);
            sink.role = model.role;
            sink.recipient = model.recipient.as_deref().map(Into::into);
            self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
        }
        match last {
            "panic" | "todo" | "unimplemented" | "unreachable" => {
                self.diverge();
                Val::default()
            }
            "bail" => {
                let failed = Val::part(payload("Err"), carried);
                self.give_back(&failed);
                self.diverge();
                Val::default()
            }
            "ensure" => {
                let failed = Val::part(payload("Err"), carried);
                self.give_back(&failed);
                Val::default()
            }
            _ => carried,
        }
    }

    // Values that are called.

    pub(super) fn invoke(&mut self, callee: &Val, args: &[Val], site: Span) -> Val {
        match callee.node().and_then(|n| n.callable.clone()) {
            Some(Callable::Closure(owner, index, captured)) => self.enter(owner, index, captured, args),
            Some(Callable::Fn(func)) => {
                let args: Vec<Arg> =
                    args.iter().map(|v| Arg { val: v.clone(), shape: Shape::Unknown, expr: None }).collect();
                let Some(summary) = self.known(func).cloned() else { return self.opaque_call(None, &args) };
                self.filled(func, &summary, &args, site, &[]).0
            }
            Some(Callable::Ctor(item, variant)) => self.construct(item, variant, args, None),
            None => self.call_param(callee, args),
        }
    }

    /// A parameter is called: the caller knows what it is.
    fn call_param(&mut self, callee: &Val, args: &[Val]) -> Val {
        let found = callee.atoms().iter().find_map(|a| match &a.origin {
            Origin::Param(param, path) => Some((*param, path.clone())),
            _ => None,
        });
        let mut out = Val::default();
        for arg in args {
            out = out.join(&plain_taints(arg));
        }
        let Some((param, path)) = found else { return doubted(&out, Approximation::UnresolvedCall) };
        let result = self.calls.len() as u8;
        if self.calls.len() < 16 {
            let args = args.iter().map(Val::unaliased).collect();
            self.calls.push(ParamCall { param, path, args, result });
            let read = self.span((0, 0));
            return Val::atom(Atom {
                origin: Origin::Result(result, Path::new()),
                ..super::summary::param(0, read)
            });
        }
        out
    }

    /// Runs a closure: in this frame where it belongs to it, else in one of its own.
    fn enter(&mut self, owner: GItem, index: u32, captured: Option<Arc<Vec<Val>>>, args: &[Val]) -> Val {
        if self.depth >= MAX_CLOSURES {
            return Val::default();
        }
        self.depth += 1;
        let value = if owner == self.body_of && captured.is_none() {
            self.run_closure(index, args)
        } else {
            self.run_elsewhere(owner, index, captured, args)
        };
        self.depth -= 1;
        value
    }

    fn run_elsewhere(
        &mut self,
        owner: GItem,
        index: u32,
        captured: Option<Arc<Vec<Val>>>,
        args: &[Val],
    ) -> Val {
        let Some((body, inf)) = self.world.body(owner) else { return Val::default() };
        let mut frame = Frame::new(self.world, self.within, self.owner, owner, body, inf);
        frame.depth = self.depth;
        if let Some(captured) = captured.filter(|c| c.len() == body.locals.len()) {
            frame.locals = captured.to_vec();
        }
        let value = frame.run_closure(index, args);
        let (events, hits) = (frame.events, frame.hits);
        self.hits.extend(hits);
        for event in events {
            self.emit(event);
        }
        value
    }

    fn run_closure(&mut self, index: u32, args: &[Val]) -> Val {
        let closure = &self.body.closures[index as usize];
        for (i, (pat, _)) in closure.params.iter().enumerate() {
            let value = args.get(i).cloned().unwrap_or_default();
            let places = value.refs().to_vec();
            self.bind(*pat, &value, &places);
        }
        self.own_return(closure.body)
    }

    /// A constructor with values in order.
    fn construct(
        &mut self,
        item: GItem,
        variant: Option<u16>,
        values: &[Val],
        exprs: Option<&[ExprId]>,
    ) -> Val {
        if Some(item) == self.world.input.sema.lang.option {
            return values.first().cloned().unwrap_or_default();
        }
        let mut out = Val::default();
        for (i, value) in values.iter().enumerate() {
            let name = Name::new(&i.to_string());
            if let Some(expr) = exprs.and_then(|e| e.get(i)) {
                self.initialised(item, variant, name, value, *expr);
                self.in_error(item, value, *expr);
            }
            if !value.is_none() {
                let key = self.member_key(Some((item, variant)), name);
                out = out.with(key, value.clone());
            }
        }
        out
    }

    /// What one step of iterating over a value gives.
    pub(super) fn item_of(&self, value: &Val, shape: &Shape) -> Val {
        item_of(value, shape)
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
        let show = |index: u8, value: &Val, view: View, typed: bool| {
            let arg = self.args.get(index as usize);
            let shape = arg.map_or(Shape::Unknown, |a| a.shape.clone());
            if typed {
                return self.frame.world.show_known(value, &shape, view);
            }
            let read = arg.and_then(|a| a.expr).map_or(self.site, |e| self.frame.at(e));
            self.frame.world.show(value, &shape, view, read)
        };
        f(&Fill { args: &self.values, results: self.results, show: &show, func: self.func, site: self.site })
    }

    fn value(&self, value: &Val) -> Val {
        if value.is_none() {
            return Val::default();
        }
        self.with(|fill| fill.value(value))
    }

    fn event(&self, atoms: &[Atom]) -> Vec<Atom> {
        self.with(|fill| fill.atoms(atoms))
    }
}

fn adt(shape: &Shape) -> Option<GItem> {
    match shape {
        Shape::Adt(item, _) => Some(*item),
        _ => None,
    }
}

/// Only taints: what an unknown function may pass on.
fn plain_taints(value: &Val) -> Val {
    let mut atoms = Vec::new();
    value.all_atoms(&mut atoms);
    Val::atoms_of(atoms)
}

/// The URL that a value is or carries.
fn url_of(value: &Val) -> Val {
    let key = Key::Hidden(Name::new("@url"));
    let carried = value.read(key);
    if carried.is_none() { value.unaliased() } else { carried }
}

fn channel_of(role: crate::notice::Role) -> Channel {
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
fn index_of(n: u8, method: bool) -> Option<usize> {
    if method { Some(usize::from(n)) } else { usize::from(n).checked_sub(1) }
}

fn keys(path: &[Box<str>]) -> Vec<Key> {
    let mut out = Vec::new();
    let mut parts = path.iter().peekable();
    while let Some(part) = parts.next() {
        out.push(match &**part {
            hidden if hidden.starts_with('@') => Key::Hidden(Name::new(hidden)),
            variant @ ("Ok" | "Err") => {
                parts.next_if(|p| &***p == "0");
                payload(variant)
            }
            name => Key::Field(Name::new(name)),
        });
    }
    out
}

/// A value below a path of components.
fn nested(path: &[Box<str>], value: Val) -> Val {
    keys(path).into_iter().rev().fold(value, |v, k| Val::part(k, v))
}

/// A value with what lies at a path exchanged.
fn put(root: &Val, path: &[Key], value: Val) -> Val {
    match path.split_first() {
        None => {
            // What the local points at stays.
            let mut node = value.into_node();
            node.refs = root.refs().into();
            Val::new(node)
        }
        Some((key, rest)) => root.with(*key, put(&root.read(*key), rest, value)),
    }
}

/// Iterating over a map gives pairs; over anything else its elements.
fn item_of(value: &Val, shape: &Shape) -> Val {
    let pairs = value.node().is_some_and(|n| n.parts.iter().any(|(k, _)| matches!(k, Key::Arg(_))));
    let two = matches!(shape, Shape::Adt(_, args) if args.len() >= 2);
    if !pairs || !two {
        return value.element();
    }
    let at = |i: u8| value.read(Key::Arg(i)).unaliased();
    let out = Val::part(Key::Field(Name::new("0")), at(0));
    out.join(&Val::part(Key::Field(Name::new("1")), at(1)))
}

impl Val {
    /// A result that the signature does not hand out as a reference points nowhere.
    fn unaliased_if(self, decl: &FnDecl) -> Val {
        if decl.ret.as_ref().is_some_and(super::generic::is_mutable) { self } else { self.unaliased() }
    }
}

impl Frame<'_, '_> {
    /// Runs code whose `return` is its own: a closure's body.
    pub(super) fn own_return(&mut self, code: ExprId) -> Val {
        let outer = std::mem::take(&mut self.ret);
        let diverged = self.swap_diverged(false);
        let value = self.eval(code);
        let returned = std::mem::replace(&mut self.ret, outer);
        let left = self.swap_diverged(diverged);
        match returned {
            None if left => Val::default(),
            None => value,
            Some(returned) if left => returned,
            Some(returned) => value.join(&returned),
        }
    }
}
