//! What models and notices say that a call does: flows between its places, and changes of form.

use smallvec::SmallVec;

use super::call::{Arg, index_of, keys, nested, put, share};
use super::frame::{Frame, extended};
use super::shape::Shape;
use super::summary::{payload, transformed};
use super::value::{Doubts, Key, Node, Place, Text, Texts, Val, continued, extended_by};
use super::world::{Facts, view_of};
use crate::ir::{Expr, ExprId, Lit, View};
use crate::models::{Place as ModelPlace, SummaryModel, TransformModel};
use crate::name::Name;
use crate::notice::Makes;
use crate::source::Span;
use crate::types::{Callee, ValueDef};

/// What flows to places of a result.
type Places<'m> = SmallVec<[(&'m [Box<str>], Val); 4]>;

impl<'a> Frame<'_, 'a> {
    /// What models and notices say that a call does; `None` where its signature decides.
    pub(super) fn modelled(
        &mut self,
        id: ExprId,
        facts: &Facts<'a>,
        args: &[Arg],
        method: bool,
    ) -> Option<Val> {
        if let Some(value) = self.transform(id, facts, args, method) {
            return Some(value);
        }
        let summaries: SmallVec<[&SummaryModel; 4]> =
            facts.summaries.iter().copied().filter(|model| self.does(model, args, method)).collect();
        if summaries.is_empty() {
            return None;
        }
        let site = self.at(id);
        let mut given: Places<'_> = SmallVec::new();
        let adds = summaries.iter().all(|s| s.adds);
        let mut changed: Vec<(usize, Val)> = Vec::new();
        let mut keyed: Vec<(u8, Key, Val)> = Vec::new();
        let mut aliased = None;
        let mut results: Vec<(u8, Val)> = Vec::new();
        for model in &summaries {
            for flow in &model.flows {
                if let (ModelPlace::Return(_), ModelPlace::Argument(n, path)) = (&flow.from, &flow.to) {
                    aliased = Some((*n, path));
                    continue;
                }
                let value = match &flow.from {
                    ModelPlace::ClosureResult(n, path) => {
                        let result = self.result_of(*n, args, method, site, &mut results);
                        result.map(|r| keys(path).iter().fold(r, |v, k| v.read(*k)))
                    }
                    _ => self.model_value(&flow.from, args, method, view_of(model.view)),
                };
                let Some(value) = value else { continue };
                match &flow.to {
                    ModelPlace::Return(path) => {
                        let value = if model.decodes.is_some() { value.decoded() } else { value };
                        let value = self.told_by_failure(&flow.from, path, value, args, method);
                        match given.iter_mut().find(|(known, _)| **known == path[..]) {
                            Some((_, known)) => *known = known.join(&value),
                            None => given.push((path, value)),
                        }
                    }
                    ModelPlace::Argument(n, path) => match self.constant_place(path, args, method) {
                        Some(key) => keyed.push((*n, key, value)),
                        None => changed.push((usize::from(*n), nested(&unkeyed(path, args), value))),
                    },
                    ModelPlace::ClosureParameter { closure, parameter } => {
                        let Some(index) = index_of(*closure, method) else { continue };
                        let Some(callee) = args.get(index).map(|a| a.val.clone()) else { continue };
                        let mut given = vec![Val::default(); usize::from(*parameter) + 1];
                        given[usize::from(*parameter)] = self.lent(value, &flow.from, args, method);
                        let result = self.invoke(&callee, &given, site);
                        results.push((*closure, result));
                    }
                    ModelPlace::ClosureResult(..) => {}
                }
            }
            for place in &model.clears {
                if let ModelPlace::Argument(n, path) = place {
                    self.clear(usize::from(*n), path, args, method);
                }
            }
        }
        for (n, value) in changed {
            self.add_to(n, value, args, method);
        }
        for (n, key, value) in keyed {
            let Some(arg) = index_of(n, method).and_then(|i| args.get(i)) else { continue };
            let places = extended(self.target(arg), key);
            self.write_out(&places, &value);
        }
        let apart = given.into_iter().map(|(path, value)| nested(path, value));
        let mut ret = apart.reduce(beside).unwrap_or_default();
        if let Some(known) = known_text(&summaries, args, method) {
            let url = ret.read(payload("Ok")).with_texts(known);
            ret = ret.with(payload("Ok"), url);
        }
        ret = as_path(ret, &summaries, args, method);
        ret = self.with_name_asked(id, ret, &summaries, args);
        if let Some((n, path)) = aliased
            && let Some(arg) = index_of(n, method).and_then(|i| args.get(i))
        {
            let key = self.constant_place(path, args, method);
            let keys = key.map_or_else(|| keys(&unkeyed(path, args)), |key| vec![key]);
            let places = keys.into_iter().fold(self.target(arg), extended);
            ret = ret.pointing_weakly(places);
        }
        (!adds).then_some(ret)
    }

    /// What is added to a failure that hardly ever happens is hardly ever told.
    fn told_by_failure(
        &self,
        from: &ModelPlace,
        path: &[Box<str>],
        value: Val,
        args: &[Arg],
        method: bool,
    ) -> Val {
        let is_own = matches!(from, ModelPlace::Argument(0, _));
        if is_own || path.first().is_none_or(|step| **step != *"Err") || !self.seldom_fails(args, method) {
            return value;
        }
        value.map(&mut |atom| atom.doubts = atom.doubts.with(Doubts::SELDOM))
    }

    /// Whether a method is called on a result that hardly ever is an error.
    pub(super) fn seldom_fails(&self, args: &[Arg], method: bool) -> bool {
        let receiver = args.first().filter(|_| method).and_then(|arg| arg.expr);
        receiver.is_some_and(|receiver| self.is_seldom_failure(receiver))
    }

    /// Whether models say so of what made a result, and of it nothing but methods of models were called.
    fn is_seldom_failure(&self, expr: ExprId) -> bool {
        let Some(Callee::Fn(func, _)) = self.inf.callees.get(&expr) else { return false };
        let sema = self.world.input.sema;
        if !sema.program.is_model(*func) {
            return false;
        }
        let is_result =
            |expr| matches!(self.shape(expr), Shape::Adt(item, _) if Some(item) == sema.lang.result);
        self.world.facts(*func).summaries.iter().any(|model| model.seldom_fails)
            || matches!(*self.body.expr(expr), Expr::Method(receiver, ..)
                if is_result(receiver) && self.is_seldom_failure(receiver))
    }

    /// The constant key that a place below a map means, when it is known: `0.{1}`.
    fn constant_place(&self, path: &[Box<str>], args: &[Arg], method: bool) -> Option<Key> {
        let [component] = path else { return None };
        let n = component.strip_prefix('{')?.strip_suffix('}')?.parse().ok()?;
        let arg = args.get(index_of(n, method)?)?;
        self.constant_key(arg.expr?, &arg.val)
    }

    /// What lies at a place of a map: under one key, or under any.
    fn keyed_value(&self, value: &Val, path: &[Box<str>], args: &[Arg], method: bool) -> Option<Val> {
        path.first().filter(|component| component.starts_with('{'))?;
        match self.constant_place(path, args, method) {
            Some(key) if value.tells(key) => Some(value.read(key).join(&value.map_values())),
            Some(Key::Const(name)) if paired(value, name).is_some() => paired(value, name),
            // What is not told apart may be under any key, but what has a key of its own is under that.
            Some(_) => {
                let mut rest = value.clone().into_node();
                rest.parts.retain(|(k, _)| !matches!(k, Key::Const(_)));
                let rest = Val::new(rest);
                Some(if two_shares(args) { share(&rest, 1, 2) } else { rest })
            }
            None if two_shares(args) => Some(share(value, 1, 2)),
            None => Some(value.element()),
        }
    }

    /// What a closure argument gives: of the call that passed it something, else of one that passes nothing.
    fn result_of(
        &mut self,
        n: u8,
        args: &[Arg],
        method: bool,
        site: Span,
        results: &mut Vec<(u8, Val)>,
    ) -> Option<Val> {
        if let Some((_, known)) = results.iter().find(|(r, _)| *r == n) {
            return Some(known.clone());
        }
        let callee = args.get(index_of(n, method)?)?.val.clone();
        let result = self.invoke(&callee, &[], site);
        results.push((n, result.clone()));
        Some(result)
    }

    /// A share of an argument as a closure gets it: what the closure writes arrives there.
    fn lent(&mut self, value: Val, from: &ModelPlace, args: &[Arg], method: bool) -> Val {
        let ModelPlace::Argument(n, path) = from else { return value };
        let Some(arg) = index_of(*n, method).and_then(|i| args.get(i)).filter(|_| !path.is_empty()) else {
            return value;
        };
        value.pointing_weakly(keys(path).into_iter().fold(self.target(arg), extended))
    }

    /// The places that an argument names, or that its value points at.
    fn target(&mut self, arg: &Arg) -> Vec<Place> {
        let named = arg.expr.map(|e| self.places(e)).unwrap_or_default();
        if named.is_empty() { arg.val.refs().to_vec() } else { named }
    }

    pub(super) fn transform(
        &mut self,
        id: ExprId,
        facts: &Facts<'a>,
        args: &[Arg],
        method: bool,
    ) -> Option<Val> {
        let notice = self.world.notice_of(self.owner);
        let by_notice = facts.notice_transforms.iter().find(|(n, _)| *n == notice).map(|(_, m)| (*m, None));
        let applies = |t: &&&TransformModel| self.applies(t, args, method);
        let by_model = facts.transforms.iter().find(applies).map(|t| (t.makes, Some(*t)));
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
        let value =
            if makes == Makes::Removed { Val::emptied() } else { Val::atoms_of(transformed(atoms, makes)) };
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

    /// Whether the conditions of a transform hold at a call.
    fn applies(&self, model: &TransformModel, args: &[Arg], method: bool) -> bool {
        let receiver = index_of(0, method).and_then(|i| args.get(i)).and_then(|a| a.expr);
        let made =
            || receiver.is_some_and(|e| matches!(self.body.expr(e), Expr::Method(..) | Expr::Call(..)));
        self.few(model.most, args, method) && (!model.fresh || made())
    }

    /// Whether the conditions of a summary hold at a call.
    fn does(&self, model: &SummaryModel, args: &[Arg], method: bool) -> bool {
        let expr = index_of(1, method).and_then(|i| args.get(i)).and_then(|a| a.expr);
        let full = || expr.is_some_and(|e| matches!(self.body.expr(e), Expr::Range(None, None, _)));
        self.few(model.most, args, method) && (!model.full || full())
    }

    /// Whether argument 1 is a constant number up to what a model says, where it says so.
    fn few(&self, most: Option<u8>, args: &[Arg], method: bool) -> bool {
        let expr = || index_of(1, method).and_then(|i| args.get(i)).and_then(|a| a.expr);
        let number = || expr().and_then(|e| self.constant_number(e));
        most.is_none_or(|most| number().is_some_and(|n| n <= u32::from(most)))
    }

    /// A number that is written in the code, or that a constant is.
    fn constant_number(&self, expr: ExprId) -> Option<u32> {
        let body = match (self.body.expr(expr), self.inf.values.get(&expr)) {
            (Expr::Lit(Lit::Int(number, _)), _) => return *number,
            (_, Some(ValueDef::Const(item))) => self.world.body(*item)?.0,
            _ => return None,
        };
        match body.expr(body.root?) {
            Expr::Lit(Lit::Int(number, _)) => *number,
            _ => None,
        }
    }

    pub(super) fn model_value(
        &self,
        place: &ModelPlace,
        args: &[Arg],
        method: bool,
        view: View,
    ) -> Option<Val> {
        let ModelPlace::Argument(n, path) = place else { return None };
        let arg = args.get(index_of(*n, method)?)?;
        let held = arg.val.unaliased();
        let value = match self.keyed_value(&held, path, args, method) {
            Some(value) => value,
            None => keys(path).iter().fold(held, |v, k| match k {
                Key::Arg(i) => share(&v, usize::from(*i), 2),
                key => v.read(*key),
            }),
        };
        if view == View::Whole {
            return Some(value);
        }
        let read = arg.expr.map(|e| self.at(e))?;
        let shape = if path.is_empty() { arg.shape.clone() } else { Shape::Unknown };
        let shown = Val::atoms_of(self.world.show(&value, &shape, view, read));
        // What stands for a variant is no text.
        let texts = if self.world.is_enum(&shape) { Texts::new() } else { value.texts().into() };
        Some(shown.with_texts(texts))
    }

    pub(super) fn add_to(&mut self, n: usize, value: Val, args: &[Arg], method: bool) {
        let Some(arg) = index_of(n as u8, method).and_then(|i| args.get(i)) else { return };
        for place in self.target(arg) {
            let root = self.locals[place.local.0 as usize].clone();
            let before = place.path.iter().fold(root.clone(), |v, k| v.read(*k));
            let texts = super::value::extended_by(before.texts(), value.texts());
            let mut after = before.join(&value).with_texts(texts);
            if before.is_none() {
                after = value.clone();
            }
            if before.cleared() && !self.world.holds_labels(&arg.shape) {
                // What is added is no declaration: what was overwritten stays so, where nothing added has its own.
                let mut node = after.into_node();
                node.cleared = true;
                after = Val::new(node);
            }
            self.locals[place.local.0 as usize] = put(&root, &place.path, after);
        }
    }

    pub(super) fn clear(&mut self, n: usize, path: &[Box<str>], args: &[Arg], method: bool) {
        let Some(arg) = index_of(n as u8, method).and_then(|i| args.get(i)) else { return };
        let mut places = self.target(arg);
        if !path.is_empty() {
            let Some(key) = self.constant_place(path, args, method) else { return };
            places = extended(places, key);
        }
        self.write(&places, &Val::default());
    }
}

/// What flows to two places of a result, which are no alternatives: success is told apart from failure.
pub(super) fn beside(known: Val, other: Val) -> Val {
    let is_apart = |value: &Val| {
        let whole = |node: &Node| !node.atoms.is_empty() || !node.besides.is_empty();
        value.node().is_some_and(|node| !(whole(node) || node.cleared || node.decoded))
    };
    match (known.is_none(), other.is_none()) {
        (true, _) => return other,
        (_, true) => return known,
        _ if !(is_apart(&known) && is_apart(&other)) => return known.join(&other),
        _ => {}
    }
    other.into_node().parts.into_iter().fold(known, |known, (key, part)| {
        let both = if known.tells(key) { beside(known.read(key), part) } else { part };
        known.with(key, both)
    })
}

/// What models say of a result as a path: how it ends, and that it is one as a whole.
fn as_path(ret: Val, summaries: &[&SummaryModel], args: &[Arg], method: bool) -> Val {
    let end = summaries.iter().find_map(|model| model.ends).and_then(|n| args.get(index_of(n, method)?));
    let ret = match end {
        Some(end) => ret.with_texts(continued(&[Text::hole()], end.val.texts())),
        None => ret,
    };
    match summaries.iter().any(|model| model.path) {
        true => ret.map(&mut |atom| atom.doubts = atom.doubts.with(Doubts::AS_PATH)),
        false => ret,
    }
}

/// The text of a URL that is made of others, as far as models tell.
fn known_text(summaries: &[&SummaryModel], args: &[Arg], method: bool) -> Option<Texts> {
    let texts = |n: u8| index_of(n, method).and_then(|i| args.get(i)).map_or(&[][..], |a| a.val.texts());
    if let Some(n) = summaries.iter().find_map(|model| model.environment) {
        let named = |text: &Text| text.is_constant().then(|| Text::variable(&text.text));
        return texts(n).iter().map(named).collect();
    }
    summaries.iter().find_map(|model| match (model.relative, model.begins) {
        (Some(n), _) => Some(super::text::relative(texts(0), texts(n))),
        (None, Some(n)) => Some(extended_by(texts(n), &[])),
        (None, None) => None,
    })
}

/// Whether the receiver is a map by its type.
fn two_shares(args: &[Arg]) -> bool {
    matches!(args.first().map(|a| &a.shape), Some(Shape::Adt(_, held)) if held.len() >= 2)
}

/// A path with what is under a key that nobody knows as a share of all values.
fn unkeyed(path: &[Box<str>], args: &[Arg]) -> Vec<Box<str>> {
    match path {
        [component] if component.starts_with('{') => {
            if two_shares(args) {
                vec!["<1>".into()]
            } else {
                Vec::new()
            }
        }
        _ => path.to_vec(),
    }
}

/// The values that stand beside a constant key in a container of pairs, all of whose keys are constants.
fn paired(map: &Val, key: Name) -> Option<Val> {
    let (first, second) = (Key::Field(Name::new("0")), Key::Field(Name::new("1")));
    let pairs: Vec<&Val> =
        map.node()?.parts.iter().filter(|(k, _)| matches!(k, Key::Index(_))).map(|(_, v)| v).collect();
    let mut out = None;
    for pair in &pairs {
        let own = pair.read(first);
        if *own.const_text()?.text == *key.as_str() {
            out = Some(out.map_or(pair.read(second), |v: Val| v.join(&pair.read(second))));
        }
    }
    (!pairs.is_empty()).then(|| out.unwrap_or_default())
}
