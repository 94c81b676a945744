//! Branches and loops: environments copied before and joined after.

use super::arms::{Choice, Side};
use super::frame::{Frame, LoopFrame, MAX_ROUNDS, join_all, weight};
use super::taken::{places_of, without};
use super::value::{Doubts, Given, Lengthen, Origin, Path, Place, StepText, Val};
use super::ways::Ways;
use crate::ir::{Arm, Expr, ExprId, LocalId, Pat, PatId, Shared, Stmt};
use crate::models::Place as ModelPlace;
use crate::name::Name;
use crate::types::Callee;

impl Frame<'_, '_> {
    /// Places that hold nothing where a condition fails: an optional value all of which a pattern takes.
    pub(super) fn absent_otherwise(&mut self, cond: ExprId) -> Vec<Place> {
        match *self.body.expr(cond) {
            Expr::Let(pat, value) if self.takes_any(pat) => self.plain_places(value),
            _ => Vec::new(),
        }
    }

    /// Whether a pattern is `Some` of whatever there is.
    fn takes_any(&self, pat: PatId) -> bool {
        match self.body.pat(pat) {
            Pat::Ref(inner) => self.takes_any(*inner),
            Pat::TupleStruct(path, items) => {
                let found = self.inf.pat_paths.get(path).map(|(adt, _)| *adt);
                found.is_some()
                    && found == self.world.input.sema.lang.option
                    && self.body.pat_list(*items).iter().all(|p| self.irrefutable(*p))
            }
            _ => false,
        }
    }

    pub(super) fn irrefutable(&self, pat: PatId) -> bool {
        let all = |list: &crate::ir::List| self.body.pat_list(*list).iter().all(|p| self.irrefutable(*p));
        let is_struct = |path: &u32| matches!(self.inf.pat_paths.get(path), Some((_, None)));
        match self.body.pat(pat) {
            Pat::Wild | Pat::Rest | Pat::Bind(_, _, None) => true,
            Pat::Bind(_, _, Some(inner)) | Pat::Ref(inner) | Pat::Typed(inner, _) => self.irrefutable(*inner),
            Pat::Tuple(items) => all(items),
            Pat::TupleStruct(path, items) => is_struct(path) && all(items),
            Pat::Struct(path, fields) => is_struct(path) && fields.iter().all(|(_, p)| self.irrefutable(*p)),
            _ => false,
        }
    }

    /// The place that an expression names as it is written, where there is one of that kind.
    fn plain_places(&mut self, expr: ExprId) -> Vec<Place> {
        if self.is_plain_place(expr) { self.places(expr) } else { Vec::new() }
    }

    /// Whether an expression names a place and does nothing else.
    pub(super) fn is_plain_place(&self, expr: ExprId) -> bool {
        let mut at = expr;
        while let Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Field(inner, _) = *self.body.expr(at) {
            at = inner;
        }
        matches!(self.body.expr(at), Expr::Local(_))
    }

    /// Runs two alternatives from the same state and joins what they leave behind; in the second nothing is at the
    /// places that are absent.
    pub(super) fn branches(
        &mut self,
        then: ExprId,
        other: Option<ExprId>,
        absent: &[Place],
        sides: [Side; 2],
    ) -> Val {
        let before = self.locals.clone();
        let entered = self.diverged;
        let mut ways = Ways::from(&before);
        let mut value: Option<Val> = None;
        let arms = [(Some(then), &[][..]), (other, absent)];
        for ((arm, absent), side) in arms.into_iter().zip(sides).filter(|(_, side)| !side.left_out) {
            self.locals.clone_from(&before);
            self.diverged = entered;
            self.write(absent, &Val::default());
            let given = side.given.map(|given| (given, std::mem::take(&mut self.events)));
            let result = arm.map(|a| self.eval(a)).unwrap_or_default();
            if let Some((given, events)) = given {
                self.under(given, events);
            }
            if !self.diverged {
                value = Some(value.map_or(result.clone(), |v| v.join(&result)));
                ways.add(&mut self.locals);
            }
        }
        let joined = ways.locals();
        self.diverged = joined.is_none();
        self.locals = joined.unwrap_or(before);
        value.unwrap_or_default()
    }

    pub(super) fn match_expr(&mut self, scrutinee: ExprId, start: u32, len: u32) -> Val {
        let places = self.places(scrutinee);
        let value = self.eval(scrutinee);
        let before = self.locals.clone();
        let entered = self.diverged;
        let mut ways = Ways::from(&before);
        let mut out: Option<Val> = None;
        let written = self.output();
        let output = written.filter(|_| matches!(self.body.expr(scrutinee), Expr::Missing));
        let own_part = written.and_then(|_| self.own_part(&places));
        let mut redacts = false;
        let mut taken: Vec<Path> = Vec::new();
        let mut is_run = false;
        let mut choice = self.choice(&value, self.world.is_enum(&self.shape(scrutinee)), &places);
        for i in start..start + len {
            let arm = self.body.arms[i as usize];
            if self.is_left_out(&choice, arm.pat) {
                continue;
            }
            is_run = true;
            self.locals.clone_from(&before);
            self.diverged = entered;
            let mut result = self.arm(arm, &value, &places, (&taken, &choice));
            if let (Some(at), Some(given)) = (written, own_part.and_then(|path| self.only_of(arm.pat, path)))
            {
                result = only_given(&result, &Val::default(), given);
                self.locals[at] = only_given(&self.locals[at], &before[at], given);
            }
            redacts |= output.is_some_and(|output| !shows_own(&self.locals[output]));
            if !self.diverged {
                out = Some(out.map_or(result.clone(), |v| v.join(&result)));
                ways.add(&mut self.locals);
            }
            if arm.guard.is_none() && i + 1 < start + len {
                self.take(arm.pat, &mut taken);
                self.pass_arm(&mut choice, arm.pat);
            }
        }
        let joined = ways.locals();
        self.diverged = if is_run { joined.is_none() } else { entered };
        self.locals = joined.unwrap_or(before);
        let out = out.unwrap_or_default();
        let Some(output) = output.filter(|_| redacts) else { return out };
        self.locals[output] = by_build(&self.locals[output]);
        by_build(&out)
    }

    /// Runs one arm, given what arms before it take.
    fn arm(&mut self, arm: Arm, value: &Val, places: &[Place], before: (&[Path], &Choice)) -> Val {
        let (taken, choice) = before;
        if self.meets(arm.pat, taken) {
            for place in places_of(places, taken) {
                self.write(&[place], &Val::default());
            }
            self.bind(arm.pat, &without(value, taken), places);
        } else {
            self.bind(arm.pat, value, places);
        }
        let given = self.condition(choice, arm.pat).map(|given| (given, std::mem::take(&mut self.events)));
        if let Some(guard) = arm.guard {
            self.eval(guard);
        }
        let result = self.eval(arm.body);
        if let Some((given, events)) = given {
            self.under(given, events);
        }
        result
    }

    /// Where a hand-written `fmt` writes to.
    fn output(&self) -> Option<usize> {
        let [_, output] = self.body.params[..] else { return None };
        match self.body.pat(output) {
            Pat::Bind(local, ..) if self.world.name(self.owner) == *"fmt" => Some(local.0 as usize),
            _ => None,
        }
    }

    /// What of the value that a `fmt` writes out a place is.
    fn own_part(&self, places: &[Place]) -> Option<Path> {
        let [place] = places else { return None };
        let shown = self.body.params.first().map(|pat| self.body.pat(*pat));
        matches!(shown, Some(Pat::Bind(local, ..)) if *local == place.local).then_some(place.path)
    }

    /// The condition that a part is the variant without content that a pattern is.
    fn only_of(&self, pat: PatId, part: Path) -> Option<Shared<Given>> {
        let Pat::Path(path) = self.body.pat(pat) else { return None };
        let (item, variant) = self.inf.pat_paths.get(path).copied()?;
        let name = self.world.variant_name(item, variant?)?;
        Some(Given::one_of(0, part, vec![name]))
    }

    pub(super) fn block(&mut self, start: u32, len: u32, tail: Option<ExprId>) -> Val {
        for i in start..start + len {
            match self.body.stmts[i as usize] {
                Stmt::Let { pat, ty, init, diverge } => {
                    let mut value = init.map(|e| (e, self.places(e), self.eval(e)));
                    if let (Some(ty), Some((e, _, value))) = (ty, &mut value) {
                        *value = self.as_object(std::mem::take(value), *e, &self.body.types[ty as usize]);
                    }
                    self.let_stmt(pat, value, diverge);
                }
                Stmt::Expr(e) => {
                    self.eval(e);
                }
            }
        }
        tail.map(|t| self.eval(t)).unwrap_or_default()
    }

    fn let_stmt(&mut self, pat: PatId, init: Option<(ExprId, Vec<Place>, Val)>, diverge: Option<ExprId>) {
        let (init, places, value) = match init {
            Some((init, places, value)) => (Some(init), places, value),
            None => (None, Vec::new(), Val::default()),
        };
        if let Some(e) = diverge {
            let before = self.locals.clone();
            let entered = self.diverged;
            self.eval(e);
            self.locals = before;
            self.diverged = entered;
        }
        self.bind(pat, &value, &places);
        if let (Pat::Tuple(items), Some(init)) = (self.body.pat(pat), init) {
            self.tied(*items, init);
        }
        if let (Pat::Bind(local, _, None), Some(init)) = (self.body.pat(pat), init) {
            self.stepped(*local, init);
        }
    }

    /// The ends of a channel: a model ties one part of a result to another, and so the locals that they are bound to.
    fn tied(&mut self, items: crate::ir::List, init: ExprId) {
        let Some(Callee::Fn(func, _)) = self.inf.callees.get(&init) else { return };
        let locals: Vec<Option<LocalId>> = self
            .body
            .pat_list(items)
            .iter()
            .map(|pat| match self.body.pat(*pat) {
                Pat::Bind(local, ..) => Some(*local),
                _ => None,
            })
            .collect();
        let at = |path: &[Box<str>]| path.first()?.parse().ok().and_then(|i: usize| *locals.get(i)?);
        let facts = self.world.facts(*func);
        let ties = facts.summaries.iter().flat_map(|model| &model.flows).filter_map(|flow| {
            match (&flow.from, &flow.to) {
                (ModelPlace::Return(from), ModelPlace::Return(to)) => Some((at(from)?, at(to)?)),
                _ => None,
            }
        });
        for (from, to) in ties.collect::<Vec<_>>() {
            self.point(from, &[Place { local: to, path: Path::ROOT, strong: false }]);
        }
    }

    /// A step where data gets a new name.
    pub(super) fn stepped(&mut self, local: LocalId, init: ExprId) {
        if matches!(self.body.expr(init), Expr::Local(_) | Expr::Field(..) | Expr::Ref(..)) {
            return;
        }
        let span = self.span(self.body.locals[local.0 as usize].range);
        let name = self.body.locals[local.0 as usize].name;
        let value = &self.locals[local.0 as usize];
        let mut step = Lengthen::by(span, StepText::Bound(name));
        self.locals[local.0 as usize] = value.map(&mut |a| {
            if a.read != span {
                step.apply(&mut a.trace);
            }
        });
    }

    pub(super) fn repeat(&mut self, label: Option<Name>, mut body: impl FnMut(&mut Self)) -> Val {
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
        // What the last round left is what the loop may end with, where it ends at all.
        if self.loops.last().is_some_and(|frame| !frame.exits.is_empty()) {
            self.mark_exit();
        }
        self.leave_loop(None)
    }

    /// The loop may end here.
    pub(super) fn mark_exit(&mut self) {
        let locals = self.locals.clone();
        if let Some(frame) = self.loops.last_mut() {
            frame.exits.push(locals);
        }
    }

    pub(super) fn leave_loop(&mut self, value: Option<Val>) -> Val {
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
}

/// Whether what is written shows anything of the value that is formatted.
fn shows_own(written: &Val) -> bool {
    let mut atoms = Vec::new();
    written.all_atoms(&mut atoms);
    atoms.iter().any(|a| matches!(a.origin, Origin::Param(0, _)))
}

/// What a formatter shows in some builds and hides in others: whoever builds has chosen.
fn by_build(value: &Val) -> Val {
    value.map(&mut |a| a.doubts = a.doubts.with(Doubts::SELDOM))
}

/// What an arm adds to a value, under the condition that it is run; the formatter's own state is no content.
fn only_given(value: &Val, before: &Val, given: Shared<Given>) -> Val {
    let mut known = Vec::new();
    before.all_atoms(&mut known);
    value.map(&mut |a| {
        let is_content = !matches!(a.origin, Origin::Param(1, _));
        if is_content && a.given.is_none() && !known.iter().any(|k| k.key() == a.key()) {
            a.given = Some(given);
        }
    })
}
