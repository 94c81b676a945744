//! Closures: where they run, and what holds there.

use super::fact::{Outcome, Who, both};
use super::walk::{Value, Walk};
use crate::ir::{Expr, ExprId, LocalId};
use crate::types::{Ty, TyKind};

/// What a method is called on, for the closures that it is given.
pub(super) struct Handed<'v> {
    pub(super) receiver: Ty,
    pub(super) name: &'v str,
    pub(super) on: &'v Value,
}

/// An argument that was run.
#[derive(Default)]
pub(super) struct Run {
    pub(super) value: Value,
    /// Choices of its parameter that a yes of it grants.
    pub(super) each: Vec<u16>,
}

impl Walk<'_, '_> {
    /// Runs an argument of a method outside the program.
    pub(super) fn hand(&mut self, to: &Handed<'_>, index: usize, id: ExprId) -> Run {
        let closure = match *self.body.expr(id) {
            Expr::Closure(closure) => closure,
            Expr::Local(local) if self.kept.contains_key(&local) => {
                let Some((closure, _)) = self.kept.get(&local).cloned() else { return Run::default() };
                closure
            }
            _ => return Run { value: self.eval(id), each: Vec::new() },
        };
        if let Expr::Local(local) = *self.body.expr(id) {
            self.ran.insert(local);
        }
        let runs_on: Outcome = match (to.name, index) {
            ("then" | "map" | "and_then" | "inspect" | "is_some_and" | "is_ok_and" | "filter", 0)
            | ("map_or" | "map_or_else", 1) => to.on.answer.yes.clone(),
            ("or_else" | "unwrap_or_else" | "map_err" | "ok_or_else" | "inspect_err" | "map_or_else", 0) => {
                to.on.answer.no.clone()
            }
            _ => super::fact::open(),
        };
        let single = match self.checks.input.sema.types.kind(to.receiver) {
            TyKind::Adt(item, _) => self.is_outcome(*item),
            _ => false,
        };
        let before = self.held.clone();
        self.held = both(&before, &runs_on, self.conditions());
        let inside = Value { answer: to.on.answer.inside(), who: to.on.who.clone() };
        let given: &[Value] = if single { std::slice::from_ref(&inside) } else { &[] };
        let run = self.closure(closure, given, &to.on.answer.each);
        self.held = before;
        run
    }

    /// Runs a closure with what it is given; without, its parameters are anybody.
    pub(super) fn closure(&mut self, closure: u32, given: &[Value], each: &[u16]) -> Run {
        let params = self.body.closures[closure as usize].params.clone();
        let code = self.body.closures[closure as usize].body;
        let before = self.held.clone();
        let mut own = Who::default();
        for (i, (pat, _)) in params.iter().enumerate() {
            match given.get(i) {
                Some(value) => _ = self.test(*pat, value),
                None => {
                    self.element(*pat, each);
                    if let (0, Some(first)) = (i, self.first_local(*pat)) {
                        own = self.locals[first.0 as usize].who.clone();
                    }
                }
            }
        }
        let value = self.apart(|walk| walk.eval(code));
        self.held = before;
        let granted = value.answer.yes.iter().flat_map(|facts| &facts.0);
        let of_own = granted
            .filter(|f| f.excuse.is_none() && f.who.direct().any(|r| own.direct().any(|o| r.meets(o))));
        let each = of_own.map(|f| f.choice).collect();
        Run { value, each }
    }

    /// A variable is used: a closure that it holds may run from here on.
    pub(super) fn called(&mut self, local: LocalId) {
        // It may run again elsewhere, with less asked. While it runs it does not call itself.
        if let Some((closure, held)) = self.kept.remove(&local) {
            let before = self.held.clone();
            self.held = both(&before, &held, self.conditions());
            self.closure(closure, &[], &[]);
            self.held = before;
            self.kept.insert(local, (closure, held));
            self.ran.insert(local);
        }
    }

    /// Closures that nobody was seen to call.
    pub(super) fn left_over(&mut self) {
        let mut rest: Vec<_> = std::mem::take(&mut self.kept).into_iter().collect();
        rest.sort_unstable_by_key(|(local, _)| *local);
        for (local, (closure, held)) in rest {
            if !self.ran.contains(&local) {
                self.held = held;
                self.closure(closure, &[], &[]);
            }
        }
    }
}
