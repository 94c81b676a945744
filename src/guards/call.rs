//! Calls: checks, functions that ask, and what methods of `bool`, `Option` and `Result` make of an answer.

use super::closure::{Handed, Run};
use super::fact::{Answer, Base, Fact, Facts, Root, Who, both, either, open};
use super::walk::{Given, Value, Walk};
use crate::ir::{Expr, ExprId, List};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::{Callee, Ty, TyKind};

impl Walk<'_, '_> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, args: List) -> Value {
        let ids = self.body.list(args).to_vec();
        match self.inf.callees.get(&id).cloned() {
            Some(Callee::Ctor(item, _)) => self.construct(id, item, callee, &ids),
            Some(Callee::Fn(func, _)) => {
                let values: Vec<Value> = ids.iter().map(|a| self.eval(*a)).collect();
                self.called_fn(id, func, None, &values)
            }
            Some(Callee::External(path)) => {
                let values: Vec<Value> = ids.iter().map(|a| self.eval(*a)).collect();
                self.called_outside(id, &path, &values)
            }
            _ => {
                self.eval(callee);
                let who = self.all(&ids);
                self.note(id, who.clone(), Vec::new());
                Value::about(who.as_derived())
            }
        }
    }

    fn construct(&mut self, id: ExprId, item: GItem, callee: ExprId, ids: &[ExprId]) -> Value {
        let values: Vec<Value> = ids.iter().map(|a| self.eval(*a)).collect();
        let who = values.iter().fold(Who::default(), |w, v| w.and(&v.who));
        self.note_wanted(id, &who);
        if !self.is_outcome(item) {
            return Value { answer: self.made(callee, values), who };
        }
        let name = match *self.body.expr(callee) {
            Expr::Path(path) => self.body.paths[path as usize].last(),
            _ => None,
        };
        let answer = match name.map_or("", Name::as_str) {
            "Ok" | "Some" => {
                let inside = values.into_iter().next().unwrap_or_default().answer;
                Answer::of(open(), None).holding(inside)
            }
            _ => Answer::of(None, open()),
        };
        Value { answer, who }
    }

    fn note_wanted(&mut self, id: ExprId, who: &Who) {
        if self.wanted.contains(&id) {
            self.note(id, who.clone(), Vec::new());
        }
    }

    /// A call of a function of the program, or of one that models declare.
    fn called_fn(&mut self, id: ExprId, func: GItem, on: Option<GItem>, values: &[Value]) -> Value {
        let who = values.iter().fold(Who::default(), |w, v| w.and(&v.who));
        let given = values
            .iter()
            .map(|v| Given { who: v.who.clone(), is_false: v.answer.yes.is_none() && v.answer.no.is_some() })
            .collect();
        let before = self.held.clone();
        values.iter().for_each(|value| self.learn_each(value));
        self.note(id, who.clone(), given);
        self.held = before;
        let ty = self.ty(id);
        let asked = self.checks.function(func, on);
        let known = self.known.answer(self.checks, func);
        let mut answer = self.filled(&known, values);
        if !asked.is_empty() {
            let told = self.checks.answer(ty, &asked, &who);
            answer = self.besides(&answer, &told);
        }
        if !matches!(self.checks.input.sema.types.kind(ty), TyKind::Future(_)) {
            self.learn(&answer.any());
        }
        Value { answer, who: who.as_derived() }
    }

    /// All that a value holds many of was asked.
    fn learn_each(&mut self, value: &Value) {
        let fact = |choice: &u16| Fact { choice: *choice, excuse: None, who: value.who.clone() };
        let facts = Some(Facts(value.answer.each.iter().map(fact).collect()));
        self.learn(&facts);
    }

    fn called_outside(&mut self, id: ExprId, path: &[Name], values: &[Value]) -> Value {
        let who = values.iter().fold(Who::default(), |w, v| w.and(&v.who));
        self.note_wanted(id, &who);
        let asked = self.checks.external(path);
        let answer = match asked.is_empty() {
            true => Answer::default(),
            false => self.checks.answer(self.ty(id), &asked, &who),
        };
        Value { answer, who: who.as_derived() }
    }

    /// What two say of one value.
    fn besides(&self, a: &Answer, b: &Answer) -> Answer {
        let c = self.conditions();
        let inside = match (&a.inside, &b.inside) {
            (Some(x), Some(y)) => Some(std::sync::Arc::new(self.besides(x, y))),
            (x, y) => x.clone().or_else(|| y.clone()),
        };
        let (parts, cases) = (a.parts.clone(), a.cases.clone().or_else(|| b.cases.clone()));
        Answer { inside, parts, cases, ..Answer::of(both(&a.yes, &b.yes, c), both(&a.no, &b.no, c)) }
    }

    /// A callee's answer in the caller's terms.
    fn filled(&self, answer: &Answer, values: &[Value]) -> Answer {
        if answer.is_open() {
            return Answer::default();
        }
        answer.map(&|fact| {
            Some(Fact { who: in_terms(&fact.who, |i| values.get(i).map(|v| &v.who)), ..fact.clone() })
        })
    }

    pub(super) fn method(&mut self, id: ExprId) -> Value {
        let Expr::Method(receiver, name, args, _) = *self.body.expr(id) else { return Value::default() };
        let ids = self.body.list(args).to_vec();
        let on = self.eval(receiver);
        if let Some(Callee::Fn(func, _)) = self.inf.callees.get(&id).cloned()
            && !self.is_of_models(func)
        {
            if self.changes_receiver(func) {
                self.lend(receiver);
            }
            let mut values = vec![on];
            values.extend(ids.iter().map(|a| self.eval(*a)));
            let by = self.checks.receiver(self.body.expr(id), self.inf);
            let direct = values.first().map(|v| v.who.clone()).unwrap_or_default();
            let value = self.called_fn(id, func, by, &values);
            // What a getter gives is a part of whom it is asked of.
            let who = if ids.is_empty() { self.part(&direct, name, self.ty(id)) } else { value.who };
            return Value { who, ..value };
        }
        let run = self.handed(receiver, name, &on, &ids);
        self.put_in((id, receiver), name, &run);
        let who = run.iter().fold(on.who.as_derived(), |w, r| w.and(&r.value.who));
        self.note_method(id, &who);
        let asked = self.asked_by(id);
        let answer = match asked.is_empty() {
            true => self.outcome(name.as_str(), &on.answer, &run),
            false => self.checks.answer(self.ty(id), &asked, &on.who.and(&who)),
        };
        if matches!(name.as_str(), "unwrap" | "expect") {
            self.learn(&on.answer.yes);
        }
        let who = if ids.is_empty() || self.keeps(receiver, id) { on.who } else { who.as_derived() };
        Value { answer, who }
    }

    /// Whether what comes out is what went in: `user.as_ref()`, `found.ok_or(..)`.
    fn keeps(&self, receiver: ExprId, id: ExprId) -> bool {
        let item = |ty: Ty| match self.checks.input.sema.types.kind(ty) {
            TyKind::Adt(item, args) => Some((*item, args.first().copied())),
            _ => None,
        };
        match (item(self.ty(receiver)), item(self.ty(id))) {
            (Some((a, x)), Some((b, y))) => {
                self.is_outcome(a) && (self.is_outcome(b) && x == y || x == Some(self.ty(id)))
            }
            _ => false,
        }
    }

    fn note_method(&mut self, id: ExprId, who: &Who) {
        if self.wanted.contains(&id) || matches!(self.inf.callees.get(&id), Some(Callee::Fn(..))) {
            self.note(id, who.clone(), Vec::new());
        }
    }

    fn asked_by(&self, id: ExprId) -> Vec<super::check::Asked> {
        match self.inf.callees.get(&id) {
            Some(Callee::Fn(func, _)) => {
                let by = self.checks.receiver(self.body.expr(id), self.inf);
                self.checks.function(*func, by)
            }
            Some(Callee::External(path)) => self.checks.external(path),
            _ => Vec::new(),
        }
    }

    fn is_of_models(&self, func: GItem) -> bool {
        self.checks.input.sema.program.is_model(func)
    }

    /// What a method of `bool`, `Option`, `Result` or an iterator says, by what it was called on and given.
    fn outcome(&self, name: &str, on: &Answer, run: &[Run]) -> Answer {
        let c = self.conditions();
        let arg = |i: usize| run.get(i).map(|r| r.value.answer.clone()).unwrap_or_default();
        match name {
            "not" | "is_err" | "is_none" => on.clone().negated(),
            "is_ok" | "is_some" => Answer::of(on.yes.clone(), on.no.clone()),
            "err" => on.clone().negated(),
            "ok" | "ok_or" | "ok_or_else" | "map_err" | "context" | "with_context" | "wrap_err"
            | "as_ref" | "as_deref" | "as_mut" | "clone" | "cloned" | "copied" | "to_owned" | "into"
            | "inspect" | "inspect_err" | "borrow" | "deref" | "then_some" | "iter" | "into_iter"
            | "collect" | "take" | "skip" | "rev" | "peekable" | "by_ref" => on.clone(),
            "unwrap" | "expect" => on.inside(),
            "unwrap_or" | "unwrap_or_else" => on.inside().under(&on.yes, c).or(&arg(0).under(&on.no, c)),
            "unwrap_or_default" => on.inside().under(&on.yes, c).or(&Answer::of(None, on.no.clone())),
            "then" | "map" => Answer { inside: None, ..on.clone() }.holding(arg(0)),
            "and_then" | "and" | "is_some_and" | "is_ok_and" => {
                let then = arg(0).under(&on.yes, c);
                Answer { no: either(&on.no, &then.no), ..then }
            }
            "is_none_or" => Answer::of(either(&on.no, &both(&on.yes, &arg(0).yes, c)), arg(0).no),
            "or_else" | "or" => {
                let other = arg(0).under(&on.no, c);
                Answer { yes: either(&on.yes, &other.yes), ..other }
            }
            "map_or" => arg(1).under(&on.yes, c).or(&arg(0).under(&on.no, c)),
            "map_or_else" => arg(1).under(&on.yes, c).or(&arg(0).under(&on.no, c)),
            "filter_map" => {
                let each = run.iter().flat_map(|r| r.each.iter().copied()).chain(on.each.iter().copied());
                Answer { each: each.collect(), ..Answer::default() }
            }
            "filter" => {
                let mut each = on.each.clone();
                each.extend(run.iter().flat_map(|r| r.each.iter().copied()));
                let yes = both(&on.yes, &arg(0).yes, c);
                Answer { yes, no: open(), inside: on.inside.clone(), each, ..Answer::default() }
            }
            "contains" | "contains_key" | "get" if !on.each.is_empty() => {
                let who = run.first().map(|r| r.value.who.clone()).unwrap_or_default();
                let fact = |choice: &u16| Fact { choice: *choice, excuse: None, who: who.clone() };
                Answer::of(Some(Facts(on.each.iter().map(fact).collect())), open())
            }
            _ => Answer::default(),
        }
    }

    /// The arguments of a method outside the program; closures run where their answer lets them.
    fn handed(&mut self, receiver: ExprId, name: Name, on: &Value, ids: &[ExprId]) -> Vec<Run> {
        let handed = Handed { receiver: self.ty(receiver), name: name.as_str(), on };
        ids.iter().enumerate().map(|(i, id)| self.hand(&handed, i, *id)).collect()
    }

    pub(super) fn macro_call(&mut self, path: u32, args: List) -> Value {
        let ids = self.body.list(args).to_vec();
        let mut first = None;
        let mut who = Who::default();
        for id in ids {
            let value = self.eval(id);
            first.get_or_insert(value.answer);
            who = who.and(&value.who);
        }
        match self.body.paths[path as usize].last().map_or("", |n| n.as_str()) {
            "ensure" | "ensure_eq" => self.learn(&first.unwrap_or_default().yes),
            "panic" | "todo" | "unimplemented" | "unreachable" | "bail" => self.held = None,
            _ => {}
        }
        Value::about(who)
    }

    pub(super) fn is_macro(&self, id: ExprId, names: &[&str]) -> bool {
        let Expr::Macro(path, _) = *self.body.expr(id) else { return false };
        self.body.paths[path as usize].last().is_some_and(|n| names.contains(&n.as_str()))
    }

    pub(super) fn question(&mut self, inner: ExprId) -> Value {
        let value = self.eval(inner);
        let refused = both(&self.held, &value.answer.no, self.conditions());
        let held = self.held.take();
        self.held = refused;
        self.give_back(&Answer::of(None, open()));
        self.held = held;
        self.learn(&value.answer.yes);
        Value { answer: value.answer.inside(), who: value.who }
    }
}

/// Whom something is about, with arguments for parameters.
pub(super) fn in_terms<'w>(who: &Who, arg: impl Fn(usize) -> Option<&'w Who>) -> Who {
    let mut all: Vec<Root> = Vec::new();
    for root in who.roots() {
        let Base::Param(index) = root.base else { continue };
        let Some(given) = arg(index as usize) else { continue };
        all.extend(given.roots().iter().cloned().map(|mut own| {
            if own.direct && root.direct {
                own.path.extend(root.path.iter().copied());
                own.key = root.key.or(own.key);
            }
            own.direct &= root.direct;
            own
        }));
    }
    Who::of(all)
}
