//! What is owed at a place, and who owes it: where a function does not ask by itself, its callers do.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::call::in_terms;
use super::check::Checks;
use super::fact::{Answer, Fact, Outcome, Who, open};
use super::layer::{self, Layers};
use super::walk::{Site, Walked, walk};
use super::{Due, Input, Unmet};
use crate::ir::{Expr, ExprId};
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::{Callee, Inference, ValueDef};

/// Over how many calls an obligation travels.
const FAR: usize = 12;
/// So many calls on the way of one debt are looked at; with more, nothing is known of who asks.
const MANY: usize = 4_096;
/// Implementations of a trait's method that are asked what they ask.
const MAX_DISPATCH: usize = 48;

/// What is known of functions so far.
pub(super) struct Known<'a> {
    input: Input<'a>,
    /// Functions from which a check can be reached.
    may_ask: FxHashSet<GItem>,
    answers: RefCell<FxHashMap<GItem, Option<Answer>>>,
    by_item: FxHashMap<GItem, usize>,
    /// What makes the types that handlers take, and alone makes them.
    extractors: FxHashMap<GItem, GItem>,
}

impl<'a> Known<'a> {
    /// What holds where there is a value of a type, because what makes it for handlers asks.
    pub(super) fn of_extracted(&self, checks: &Checks<'a>, adt: GItem) -> Outcome {
        let Some(maker) = self.extractors.get(&adt) else { return open() };
        let anybody = |fact: &Fact| Some(Fact { who: Who::default(), ..fact.clone() });
        self.answer(checks, *maker).map(&anybody).yes.or_else(open)
    }

    /// Whether a check can be reached from a function.
    pub(super) fn may_ask(&self, func: GItem) -> bool {
        self.may_ask.contains(&func)
    }

    fn inference(&self, item: GItem) -> Option<&'a Inference> {
        self.by_item.get(&item).map(|at| &self.input.bodies[*at].1)
    }

    /// What a function's result says; a trait's method says what all its implementations say.
    pub(super) fn answer(&self, checks: &Checks<'a>, func: GItem) -> Answer {
        if !self.may_ask.contains(&func) {
            return Answer::default();
        }
        if let Some(known) = self.answers.borrow().get(&func) {
            // Nothing, where it is under way.
            return known.clone().unwrap_or_default();
        }
        self.answers.borrow_mut().insert(func, None);
        let own = self.inference(func).map(|inf| walk(checks, self, func, inf, &FxHashSet::default()).answer);
        let implementations = self.input.sema.index.overrides.get(&func);
        let others =
            implementations.into_iter().flatten().take(MAX_DISPATCH).map(|f| self.answer(checks, *f));
        let all: Vec<Answer> = own.into_iter().chain(others).collect();
        let many = implementations.is_some_and(|l| l.len() > MAX_DISPATCH);
        let answer = if many { None } else { all.into_iter().reduce(|a, b| a.or(&b)) }.unwrap_or_default();
        self.answers.borrow_mut().insert(func, Some(answer.clone()));
        answer
    }
}

/// Where a function is called, or handed on as a value.
#[derive(Clone, Copy, Debug)]
struct CallSite {
    caller: GItem,
    at: ExprId,
}

/// Answers what is unmet.
pub(super) struct Ledger<'w, 'a> {
    input: Input<'a>,
    checks: &'w Checks<'a>,
    known: Known<'a>,
    places: &'w FxHashMap<Span, Vec<(GItem, ExprId)>>,
    wanted: FxHashMap<GItem, FxHashSet<ExprId>>,
    callers: FxHashMap<GItem, Vec<CallSite>>,
    layers: Layers,
    walked: FxHashMap<GItem, Walked>,
}

/// Something owed for somebody, in the terms of a function.
struct Debt {
    /// Any one of these.
    choices: Arc<[u16]>,
    who: Who,
}

/// A debt on its way to callers.
#[derive(Default)]
struct Journey {
    /// The functions that it came through.
    way: Vec<GItem>,
    /// Calls that were looked at.
    calls: usize,
}

impl<'w, 'a> Ledger<'w, 'a> {
    pub(super) fn new(
        input: Input<'a>,
        checks: &'w Checks<'a>,
        places: &'w FxHashMap<Span, Vec<(GItem, ExprId)>>,
    ) -> Self {
        let callers = callers(&input);
        let may_ask = may_ask(&input, checks, &callers);
        let by_item = input.bodies.iter().enumerate().map(|(i, (id, _))| (*id, i)).collect();
        let extractors = layer::extractors(&input);
        let mut known = Known { input, may_ask, answers: RefCell::default(), by_item, extractors };
        let kept = super::field::kept(&input, checks, &known);
        if !kept.is_empty() {
            checks.keep(kept);
            known.may_ask = self::may_ask(&input, checks, &callers);
            known.answers.borrow_mut().clear();
        }
        let (layers, mut wanted) = (Layers::new(&input), wanted(places));
        for (item, at) in layers.handing_on() {
            wanted.entry(item).or_default().insert(at);
        }
        Self { input, checks, known, places, wanted, callers, layers, walked: FxHashMap::default() }
    }

    /// The places where what is due is not asked.
    pub(super) fn unmet(&mut self, due: &Due) -> Vec<Unmet> {
        let numbers = due.choices.iter().filter_map(|choice| self.checks.number(due.notice, *choice));
        let choices: Arc<[u16]> = numbers.collect();
        let at: Vec<(GItem, ExprId)> = self.places.get(&due.place).cloned().unwrap_or_default();
        if at.is_empty() {
            // No call stands there (an attribute that records arguments), so nothing can stand before it.
            return vec![Unmet { span: due.place, item: None }];
        }
        let mut sites: Vec<(GItem, Site)> = Vec::new();
        for (item, id) in at {
            // Where no way leads, nothing is owed.
            sites.extend(self.site(item, id).map(|site| (item, site)));
        }
        // A call within another that begins and ends with it is what the place means.
        let most = sites.iter().map(|(_, site)| site.who.roots().len()).max().unwrap_or(0);
        sites.retain(|(_, site)| site.who.roots().len() == most);
        let mut missing = Vec::new();
        for (item, site) in sites {
            let debt = Debt { choices: choices.clone(), who: site.who.clone() };
            missing.extend(self.owed(item, &site, due.place, &debt, &mut Journey::default()));
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Where a debt of a function is left open.
    fn owed(&mut self, item: GItem, site: &Site, span: Span, debt: &Debt, on: &mut Journey) -> Vec<Unmet> {
        let met = |fact: &super::fact::Fact| {
            debt.choices.contains(&fact.choice)
                && fact.excuse.is_none()
                && self.checks.may_be_same(&fact.who, &debt.who)
        };
        if site.held.0.iter().any(met) {
            return Vec::new();
        }
        let here = vec![Unmet { span, item: Some(item) }];
        let callers = self.callers.get(&item).cloned().unwrap_or_default();
        if callers.is_empty() || on.way.len() >= FAR {
            return here;
        }
        on.way.push(item);
        let mut missing = Vec::new();
        let mut asked = false;
        for caller in callers {
            on.calls += 1;
            if on.way.contains(&caller.caller) {
                continue;
            }
            if on.calls > MANY {
                on.way.pop();
                return here;
            }
            let Some(outer) = self.site(caller.caller, caller.at) else { continue };
            if self.is_excused(item, &outer, debt) || self.is_behind(caller, debt) {
                asked = true;
                continue;
            }
            let who = in_terms(&debt.who, |i| outer.args.get(i).map(|given| &given.who));
            let debt = Debt { who, choices: debt.choices.clone() };
            let place = self.span(caller.caller, caller.at);
            let open = self.owed(caller.caller, &outer, place, &debt, on);
            asked |= open.is_empty() || open.iter().any(|unmet| unmet.span != place);
            missing.extend(open);
        }
        on.way.pop();
        // Where nobody on the way asks, the place itself is the one to mend.
        if asked { missing } else { here }
    }

    /// Whether a call, or a function that is handed on, is behind a layer that asks wherever it hands a request on.
    fn is_behind(&mut self, caller: CallSite, debt: &Debt) -> bool {
        let around: Vec<Vec<(GItem, ExprId)>> = self.layers.around(caller.caller, caller.at);
        around.into_iter().any(|handing_on| {
            let mut sites = handing_on.into_iter().filter_map(|(item, at)| self.site(item, at)).peekable();
            let asks = |site: Site| {
                let mut facts = site.held.0.iter();
                facts.any(|fact| fact.excuse.is_none() && debt.choices.contains(&fact.choice))
            };
            sites.peek().is_some() && sites.all(asks)
        })
    }

    /// Whether a caller says `false` to what the choice is owed under.
    fn is_excused(&self, callee: GItem, site: &Site, debt: &Debt) -> bool {
        let Some(body) = self.input.sema.program.body(callee) else { return false };
        let is_false = |choice: u16, n: u8| {
            body.params.iter().enumerate().any(|(i, pat)| {
                let crate::ir::Pat::Bind(local, ..) = body.pat(*pat) else { return false };
                let name = body.locals[local.0 as usize].name;
                self.checks.whens(name).contains(&(choice, n)) && site.args.get(i).is_some_and(|a| a.is_false)
            })
        };
        debt.choices.iter().any(|choice| {
            let conditions = self.checks.conditions.get(*choice as usize).copied().unwrap_or(0);
            conditions > 0 && (0..conditions).all(|n| is_false(*choice, n))
        })
    }

    fn span(&self, item: GItem, at: ExprId) -> Span {
        let program = self.input.sema.program;
        let range = program.body(item).map_or((0, 0), |body| body.range(at));
        program.span(item, range)
    }

    /// What is known at an expression; nothing where no way leads there.
    fn site(&mut self, item: GItem, at: ExprId) -> Option<Site> {
        if !self.walked.contains_key(&item) {
            let none = FxHashSet::default();
            let wanted = self.wanted.get(&item).unwrap_or(&none);
            let inf = self.known.inference(item)?;
            let walked = walk(self.checks, &self.known, item, inf, wanted);
            self.walked.insert(item, walked);
        }
        self.walked.get(&item)?.sites.get(&at).cloned()
    }
}

#[allow(clippy::iter_over_hash_type, reason = "sets are made, order does not show")]
fn wanted(places: &FxHashMap<Span, Vec<(GItem, ExprId)>>) -> FxHashMap<GItem, FxHashSet<ExprId>> {
    let mut all: FxHashMap<GItem, FxHashSet<ExprId>> = FxHashMap::default();
    for (item, id) in places.values().flatten() {
        all.entry(*item).or_default().insert(*id);
    }
    all
}

/// Where each function is called, implementations of a trait's method with it; in the order of the code.
fn callers(input: &Input<'_>) -> FxHashMap<GItem, Vec<CallSite>> {
    let mut all: FxHashMap<GItem, Vec<CallSite>> = FxHashMap::default();
    let program = input.sema.program;
    for (caller, inf) in input.bodies {
        let Some(body) = program.body(*caller) else { continue };
        let mut named: FxHashSet<ExprId> = FxHashSet::default();
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            if let Expr::Call(callee, _) = body.expr(id) {
                named.insert(*callee);
            }
        }
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            let func = match body.expr(id) {
                Expr::Call(..) | Expr::Method(..) => match inf.callees.get(&id) {
                    Some(Callee::Fn(func, _)) => *func,
                    _ => continue,
                },
                Expr::Path(_) if !named.contains(&id) => match inf.values.get(&id) {
                    Some(ValueDef::Fn(func, _)) => *func,
                    _ => continue,
                },
                _ => continue,
            };
            if program.is_model(func) {
                continue;
            }
            let implementations = input.sema.index.overrides.get(&func);
            for target in std::iter::once(&func).chain(implementations.into_iter().flatten()) {
                all.entry(*target).or_default().push(CallSite { caller: *caller, at: id });
            }
        }
    }
    all
}

/// The functions from which a check can be reached.
fn may_ask(
    input: &Input<'_>,
    checks: &Checks<'_>,
    callers: &FxHashMap<GItem, Vec<CallSite>>,
) -> FxHashSet<GItem> {
    let asking = input.bodies.iter().filter(|(item, inf)| checks.asks(*item, inf)).map(|(item, _)| *item);
    let mut found: FxHashSet<GItem> = asking.collect();
    let mut stack: Vec<GItem> = input.bodies.iter().map(|(i, _)| *i).filter(|i| found.contains(i)).collect();
    // A trait's method asks where an implementation does.
    let mut of: FxHashMap<GItem, Vec<GItem>> = FxHashMap::default();
    for item in input.sema.program.items() {
        for implementation in input.sema.index.overrides.get(&item).into_iter().flatten() {
            of.entry(*implementation).or_default().push(item);
        }
    }
    while let Some(item) = stack.pop() {
        let above = of.get(&item).into_iter().flatten().copied();
        let calling = callers.get(&item).into_iter().flatten().map(|site| site.caller);
        for next in above.chain(calling) {
            if found.insert(next) {
                stack.push(next);
            }
        }
    }
    found
}
