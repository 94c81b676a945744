//! Answers that are kept before they are tested: in the fields of what is built, in variables that others may change, in
//! containers that hold only what was asked.

use super::closure::Run;
use super::fact::{Answer, Who};
use super::walk::{Value, Walk};
use crate::ir::{Expr, ExprId, ItemKind, List, LocalId, Pat, PatId, RefMode};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::{Callee, TyKind, ValueDef};

/// What takes from a container or orders it, and puts nothing in.
const TAKING: [&str; 14] = [
    "clear",
    "dedup",
    "drain",
    "pop",
    "pop_back",
    "pop_front",
    "remove",
    "reserve",
    "retain",
    "reverse",
    "sort",
    "sort_by",
    "swap_remove",
    "truncate",
];

impl Walk<'_, '_> {
    /// `Path { … }`: each part keeps its answer.
    pub(super) fn literal(&mut self, path: u32, fields: List, base: Option<ExprId>) -> Value {
        let mut who = Who::default();
        let mut parts: Vec<(Name, Answer)> = Vec::new();
        for field in self.body.list(fields).to_vec() {
            let value = self.eval(field);
            who = who.and(&value.who);
            if let Expr::Named(name, _) = *self.body.expr(field) {
                parts.push((name, value.answer));
            }
        }
        if let Some(base) = base {
            let rest = self.eval(base);
            who = who.and(&rest.who);
            let is_given = |name: &Name| parts.iter().any(|(known, _)| known == name);
            let rest: Vec<_> = rest.answer.parts.into_iter().filter(|(name, _)| !is_given(name)).collect();
            parts.extend(rest);
        }
        parts.retain(|(_, answer)| !answer.is_open());
        let made = match self.inf.pat_paths.get(&path) {
            Some((_, Some(variant))) => Answer::variant(*variant),
            _ => Answer::default(),
        };
        Value { answer: Answer { parts, ..made }, who }
    }

    /// What `Path(…)` makes that is neither `Ok` nor `Some`.
    pub(super) fn made(&self, callee: ExprId, values: Vec<Value>) -> Answer {
        let named = |(i, value): (usize, Value)| (Name::new(&i.to_string()), value.answer);
        let parts = values.into_iter().enumerate().map(named).filter(|(_, answer)| !answer.is_open());
        let made = match self.inf.values.get(&callee) {
            Some(ValueDef::Ctor(_, Some(variant), _)) => Answer::variant(*variant),
            _ => Answer::default(),
        };
        Answer { parts: parts.collect(), ..made }
    }

    /// A part gets a new value. Where it is more than a flag, what the others say may be about somebody else now.
    pub(super) fn assign_part(&mut self, left: ExprId, value: &Value) {
        let Expr::Field(base, name) = *self.body.expr(left) else {
            return self.lend(left);
        };
        let Expr::Local(local) = *self.body.expr(base) else { return self.lend(base) };
        let is_flag = self.ty(left) == crate::types::Ty::BOOL;
        let answer = value.answer.under(&self.held, self.conditions());
        let known = &mut self.locals[local.0 as usize].answer;
        if is_flag { known.with_part(name, answer) } else { known.parts.clear() }
    }

    /// Somebody else may change a variable from here on: what it says is no longer known.
    pub(super) fn lend(&mut self, id: ExprId) {
        match *self.body.expr(id) {
            Expr::Local(local) => {
                self.locals[local.0 as usize].answer = Answer::default();
                self.filled.remove(&local);
            }
            Expr::Field(base, _) | Expr::Index(base, _) | Expr::Deref(base) | Expr::Ref(base, _) => {
                self.lend(base)
            }
            _ => {}
        }
    }

    /// Whether a method may change what it is called on.
    pub(super) fn changes_receiver(&self, func: GItem) -> bool {
        let ItemKind::Fn(decl) = &self.checks.input.sema.program.item(func).kind else { return true };
        // A typed `self` may be anything.
        decl.receiver.as_ref().is_some_and(|own| own.ty.is_some() || own.mode == RefMode::Mut)
    }

    /// A variable begins: one that holds an empty container is known for what is put in.
    pub(super) fn begin(&mut self, pat: PatId, init: Option<ExprId>) {
        let (Pat::Bind(local, _, None), Some(init)) = (self.body.pat(pat), init) else { return };
        if self.is_empty(init) {
            self.filled.insert(*local, None);
        }
    }

    fn is_empty(&self, id: ExprId) -> bool {
        match *self.body.expr(id) {
            Expr::Array(items, _) => self.body.list(items).is_empty(),
            Expr::Call(..) => {
                let path = match self.inf.callees.get(&id) {
                    Some(Callee::Fn(func, _)) if self.checks.input.sema.program.is_model(*func) => {
                        self.checks.input.sema.program.path(*func)
                    }
                    Some(Callee::External(path)) => path.to_vec(),
                    _ => return false,
                };
                path.first().is_some_and(|name| name.as_str() == "std")
                    && path.last().is_some_and(|name| matches!(name.as_str(), "new" | "with_capacity"))
            }
            _ => false,
        }
    }

    /// Something is put into a container: it holds what was asked only as long as all were.
    pub(super) fn put_in(&mut self, (id, receiver): (ExprId, ExprId), name: Name, run: &[Run]) {
        let Expr::Local(local) = *self.body.expr(receiver) else { return };
        if !self.filled.contains_key(&local) {
            return self.refill(id, receiver);
        }
        let Some(held) = self.held.as_ref().filter(|_| self.filled.contains_key(&local)) else { return };
        let asked: Vec<u16> = match name.as_str() {
            "push" | "push_back" | "push_front" | "insert" | "push_str" => {
                let who = run.iter().fold(Who::default(), |who, run| who.and(&run.value.who));
                let is_asked = |fact: &&super::fact::Fact| {
                    fact.excuse.is_none() && self.checks.may_be_same(&fact.who, &who)
                };
                held.0.iter().filter(is_asked).map(|fact| fact.choice).collect()
            }
            "extend" | "append" => run.iter().flat_map(|run| run.value.answer.each.iter().copied()).collect(),
            name if TAKING.contains(&name) || !self.may_change(id) => return,
            _ => Vec::new(),
        };
        self.fill(local, &asked);
    }

    /// An answer that is changed in its place, by `insert` and its like, is another one.
    fn refill(&mut self, id: ExprId, receiver: ExprId) {
        let is_outcome = match self.checks.input.sema.types.kind(self.ty(receiver)) {
            TyKind::Adt(item, _) => self.is_outcome(*item),
            _ => false,
        };
        let by_value = self.inf.callees.get(&id).is_some_and(|callee| matches!(callee, Callee::External(_)));
        if is_outcome && !by_value && self.may_change(id) {
            self.lend(receiver);
        }
    }

    /// Whether a call may change what it is called on.
    fn may_change(&self, id: ExprId) -> bool {
        match self.inf.callees.get(&id) {
            Some(Callee::Fn(func, _)) => self.changes_receiver(*func),
            _ => true,
        }
    }

    fn fill(&mut self, local: LocalId, asked: &[u16]) {
        if let Some(known) = self.filled.get_mut(&local) {
            match known {
                Some(each) => each.retain(|choice| asked.contains(choice)),
                None => *known = Some(asked.to_vec()),
            }
        }
    }
}
