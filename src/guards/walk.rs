//! One walk over a body: what was surely asked at each call, and what the function's result says.

use rustc_hash::{FxHashMap, FxHashSet};

use super::check::Checks;
use super::fact::{Answer, Base, Facts, Outcome, Root, Who, both, either, open};
use super::owed::Known;
use crate::ir::{BinaryOp, Body, Expr, ExprId, Lit, LocalId, Stmt};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::{Inference, Ty, TyKind, ValueDef};

/// Loops nested deeper than this are entered with nothing known.
const MAX_LOOPS: usize = 4;

/// An argument at a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) who: Who,
    /// It is `false`.
    pub(super) is_false: bool,
}

/// What is known at a place.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) held: Facts,
    pub(super) who: Who,
    pub(super) args: Vec<Given>,
}

/// What a walk leaves.
#[derive(Clone, Debug, Default)]
pub(super) struct Walked {
    pub(super) sites: FxHashMap<ExprId, Site>,
    /// What wanted values say.
    pub(super) answers: FxHashMap<ExprId, Value>,
    /// What the result says, and what holds when it comes back; in terms of parameters.
    pub(super) answer: Answer,
}

/// A value.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    pub(super) answer: Answer,
    pub(super) who: Who,
}

impl Value {
    pub(super) fn about(who: Who) -> Self {
        Self { answer: Answer::default(), who }
    }
}

pub(super) struct Loop {
    pub(super) label: Option<Name>,
    pub(super) exit: Outcome,
    pub(super) value: Option<Answer>,
}

/// A body at work.
pub(super) struct Walk<'w, 'a> {
    pub(super) checks: &'w Checks<'a>,
    pub(super) known: &'w Known<'a>,
    pub(super) owner: GItem,
    pub(super) body: &'a Body,
    pub(super) inf: &'a Inference,
    pub(super) wanted: &'w FxHashSet<ExprId>,
    /// What holds here; `None` where nothing gets to.
    pub(super) held: Outcome,
    pub(super) locals: Vec<Value>,
    /// Closures that are kept in variables and were not called yet.
    pub(super) kept: FxHashMap<LocalId, (u32, Outcome)>,
    /// Those of them that were.
    pub(super) ran: FxHashSet<LocalId>,
    pub(super) ret: Option<Answer>,
    pub(super) loops: Vec<Loop>,
    /// Containers that began empty: the choices that all were asked that were put in; none where nothing was.
    pub(super) filled: FxHashMap<LocalId, Option<Vec<u16>>>,
    pub(super) sites: FxHashMap<ExprId, Site>,
    pub(super) answers: FxHashMap<ExprId, Value>,
}

/// Walks a function.
pub(super) fn walk<'a>(
    checks: &Checks<'a>,
    known: &Known<'a>,
    owner: GItem,
    inf: &'a Inference,
    wanted: &FxHashSet<ExprId>,
) -> Walked {
    let Some(body) = checks.input.sema.program.body(owner) else { return Walked::default() };
    let mut walk = Walk {
        checks,
        known,
        owner,
        body,
        inf,
        wanted,
        held: open(),
        locals: vec![Value::default(); body.locals.len()],
        kept: FxHashMap::default(),
        ran: FxHashSet::default(),
        ret: None,
        loops: Vec::new(),
        filled: FxHashMap::default(),
        sites: FxHashMap::default(),
        answers: FxHashMap::default(),
    };
    walk.parameters();
    let value = body.root.map(|root| walk.eval(root)).unwrap_or_default();
    walk.give_back(&value.answer);
    walk.left_over();
    let answer = walk.ret.take().unwrap_or_default().map(&|fact| {
        let roots = fact.who.roots();
        let kept = Who::of(roots.iter().filter(|r| matches!(r.base, Base::Param(_))).cloned());
        // Who is found out inside is the one that it is about.
        Some(super::fact::Fact { who: kept, ..fact.clone() })
    });
    Walked { sites: walk.sites, answers: walk.answers, answer }
}

impl Walk<'_, '_> {
    pub(super) fn conditions(&self) -> &[u8] {
        &self.checks.conditions
    }

    pub(super) fn ty(&self, id: ExprId) -> Ty {
        self.inf.exprs[id.0 as usize]
    }

    /// More is known to hold from here on.
    pub(super) fn learn(&mut self, more: &Outcome) {
        self.held = both(&self.held, more, &self.checks.conditions);
    }

    fn parameters(&mut self) {
        for (i, pat) in self.body.params.iter().copied().enumerate() {
            let first = self.first_local(pat);
            let ty = first.map_or(Ty::UNKNOWN, |l| self.inf.locals[l.0 as usize]);
            let who = Who::of([Root::whole(Base::Param(i as u16), ty)]);
            self.test(pat, &Value { answer: self.of_perhaps(ty), who });
        }
        let mut granted = self.checks.of_params(self.owner);
        granted.extend(self.param_types().into_iter().flat_map(|ty| self.checks.of_type(ty)));
        self.learn(&Checks::of_all(&granted));
        for ty in self.param_types() {
            if let TyKind::Adt(adt, _) = self.checks.input.sema.types.kind(ty) {
                self.learn(&self.known.of_extracted(self.checks, *adt));
            }
        }
    }

    /// What a parameter says that may hold what only they have who were asked.
    fn of_perhaps(&self, ty: Ty) -> Answer {
        let granted = match self.checks.input.sema.types.kind(ty) {
            TyKind::Adt(item, args) if self.is_outcome(*item) => {
                args.first().map(|inner| self.checks.of_type(*inner))
            }
            _ => None,
        };
        granted.map_or_else(Answer::default, |granted| Answer::of(Checks::of_all(&granted), open()))
    }

    /// The types of what parameters are bound to.
    fn param_types(&self) -> Vec<Ty> {
        let mut locals = Vec::new();
        self.body.params.iter().for_each(|pat| self.bound(*pat, &mut locals));
        locals.into_iter().map(|l: LocalId| self.inf.locals[l.0 as usize]).collect()
    }

    pub(super) fn give_back(&mut self, answer: &Answer) {
        let answer = answer.under(&self.held, self.conditions());
        if answer.yes.is_none() && answer.no.is_none() {
            return;
        }
        self.ret = Some(self.ret.take().map_or(answer.clone(), |before| before.or(&answer)));
    }

    /// Notes what is known at a place.
    pub(super) fn note(&mut self, id: ExprId, who: Who, args: Vec<Given>) {
        let Some(held) = self.held.clone() else { return };
        match self.sites.get_mut(&id) {
            Some(known) => known.held = known.held.or(&held),
            None => _ = self.sites.insert(id, Site { held, who, args }),
        }
    }

    fn note_answer(&mut self, id: ExprId, value: &Value) {
        let answer = value.answer.under(&self.held, self.conditions());
        let (answer, who) = match self.answers.get(&id) {
            Some(known) => (known.answer.or(&answer), known.who.and(&value.who)),
            None => (answer, value.who.clone()),
        };
        self.answers.insert(id, Value { answer, who });
    }

    pub(super) fn eval(&mut self, id: ExprId) -> Value {
        let value = self.expr(id);
        if self.ty(id) == Ty::NEVER && !matches!(self.body.expr(id), Expr::Block(..) | Expr::Async(_)) {
            self.held = None;
        }
        if self.wanted.contains(&id) {
            if !self.sites.contains_key(&id) {
                self.note(id, value.who.clone(), Vec::new());
            }
            self.note_answer(id, &value);
        }
        value
    }

    fn expr(&mut self, id: ExprId) -> Value {
        match *self.body.expr(id) {
            Expr::Missing => Value::default(),
            Expr::Lit(Lit::Bool(true)) => Value { answer: Answer::of(open(), None), ..Value::default() },
            Expr::Lit(Lit::Bool(false)) => Value { answer: Answer::of(None, open()), ..Value::default() },
            Expr::Lit(_) => Value::default(),
            Expr::Local(local) => self.local(local),
            Expr::Path(_) => self.path(id),
            Expr::Field(base, name) => self.field(id, base, name),
            Expr::Call(callee, args) => self.call(id, callee, args),
            Expr::Method(..) => self.method(id),
            Expr::Ref(inner, true) => {
                let value = self.eval(inner);
                self.lend(inner);
                value
            }
            Expr::Deref(inner) | Expr::Ref(inner, _) | Expr::Named(_, inner) | Expr::View(inner, _) => {
                self.eval(inner)
            }
            Expr::Cast(inner, _) | Expr::Repeat(inner, _) => Value::about(self.eval(inner).who),
            Expr::Unary(inner) => {
                let value = self.eval(inner);
                Value { answer: value.answer.negated(), who: value.who }
            }
            Expr::Index(base, index) => {
                let who = self.eval(base).who;
                self.eval(index);
                Value::about(who)
            }
            Expr::Binary(op, left, right) => self.binary(op, left, right),
            Expr::Assign(left, right) => {
                let value = self.eval(right);
                self.assign(left, value);
                Value::default()
            }
            Expr::AssignOp(left, right, _) => {
                self.eval(left);
                self.eval(right);
                self.assign(left, Value::default());
                Value::default()
            }
            Expr::Struct(path, fields, base) => self.literal(path, fields, base),
            Expr::Tuple(items) => {
                let values: Vec<Value> =
                    self.body.list(items).to_vec().into_iter().map(|i| self.eval(i)).collect();
                let who = values.iter().fold(Who::default(), |w, v| w.and(&v.who));
                let named = |(i, value): (usize, Value)| (Name::new(&i.to_string()), value.answer);
                let parts = values.into_iter().enumerate().map(named).collect();
                Value { answer: Answer { parts, ..Answer::default() }, who }
            }
            Expr::Array(items, _) | Expr::Record(items) | Expr::Many(items) | Expr::Format(_, items) => {
                let items = self.body.list(items).to_vec();
                Value::about(self.all(&items))
            }
            Expr::Macro(path, args) => self.macro_call(path, args),
            Expr::Range(from, to, _) => {
                let ends: Vec<ExprId> = [from, to].into_iter().flatten().collect();
                Value::about(self.all(&ends))
            }
            Expr::Try(inner) => self.question(inner),
            Expr::Await(inner) => {
                let value = self.eval(inner);
                self.learn(&value.answer.any());
                value
            }
            _ => self.control(id),
        }
    }

    fn control(&mut self, id: ExprId) -> Value {
        match *self.body.expr(id) {
            Expr::If(cond, then, other) => self.branch(cond, then, other),
            Expr::Let(pat, value) => {
                let value = self.eval(value);
                let (yes, no) = self.test(pat, &value);
                Value { answer: Answer::of(yes, no), who: value.who }
            }
            Expr::Match(scrutinee, start, len) => self.arms(scrutinee, start, len),
            Expr::Block(start, len, tail) => self.block(start, len, tail),
            Expr::Labelled(label, inner) => {
                self.loops.push(Loop { label: Some(label), exit: None, value: None });
                let value = self.eval(inner);
                self.leave(Some(value))
            }
            Expr::Loop(cond, inner, label) => self.repeat(label, |walk| {
                let mut ends = None;
                if let Some(cond) = cond {
                    let answer = walk.eval(cond).answer;
                    ends = both(&walk.held, &answer.no, walk.conditions());
                    walk.learn(&answer.yes);
                }
                walk.eval(inner);
                ends
            }),
            Expr::For(pat, iter, inner, label) => {
                let each = self.eval(iter).answer.each;
                self.repeat(label, |walk| {
                    let ends = walk.held.clone();
                    walk.element(pat, &each);
                    walk.eval(inner);
                    ends
                })
            }
            Expr::Closure(closure) => {
                self.closure(closure, &[], &[]);
                Value::default()
            }
            Expr::Async(inner) => self.apart(|walk| walk.eval(inner)),
            Expr::Return(value) => {
                let answer = value.map(|v| self.eval(v).answer).unwrap_or_default();
                self.give_back(&answer);
                self.held = None;
                Value::default()
            }
            Expr::Break(label, value) => {
                let answer = value.map(|v| self.eval(v).answer).unwrap_or_default();
                let answer = answer.under(&self.held, self.conditions());
                let held = self.held.take();
                if let Some(out) = self.loops.iter_mut().rev().find(|l| label.is_none() || l.label == label) {
                    out.exit = either(&out.exit, &held);
                    out.value = Some(out.value.take().map_or(answer.clone(), |v| v.or(&answer)));
                }
                Value::default()
            }
            Expr::Continue(_) => {
                self.held = None;
                Value::default()
            }
            _ => Value::default(),
        }
    }

    /// All of these, one after the other; whom they are about.
    pub(super) fn all(&mut self, ids: &[ExprId]) -> Who {
        ids.iter().fold(Who::default(), |who, id| who.and(&self.eval(*id).who))
    }

    fn local(&mut self, local: LocalId) -> Value {
        self.called(local);
        let mut value = self.locals[local.0 as usize].clone();
        let name = self.body.locals[local.0 as usize].name;
        self.excused(name, &mut value.answer);
        if let Some(Some(each)) = self.filled.get(&local) {
            value.answer.each.clone_from(each);
        }
        value
    }

    /// A place by whose name something is owed excuses from it where it is false.
    fn excused(&self, name: Name, answer: &mut Answer) {
        let whens = self.checks.whens(name);
        if whens.is_empty() {
            return;
        }
        let fact = |(choice, n): &(u16, u8)| super::fact::Fact {
            choice: *choice,
            excuse: Some(*n),
            who: Who::default(),
        };
        let facts = Some(Facts(whens.iter().map(fact).collect()));
        answer.no = both(&answer.no, &facts, self.conditions());
    }

    fn path(&mut self, id: ExprId) -> Value {
        let answer = match self.inf.values.get(&id) {
            Some(ValueDef::Ctor(item, _, _)) if Some(*item) == self.checks.input.sema.lang.option => {
                Answer::of(None, open())
            }
            Some(ValueDef::Fn(..)) => {
                self.note(id, Who::default(), Vec::new());
                Answer::default()
            }
            Some(ValueDef::Ctor(_, Some(variant), _)) => Answer::variant(*variant),
            _ => Answer::default(),
        };
        Value { answer, who: Who::default() }
    }

    fn field(&mut self, id: ExprId, base: ExprId, name: Name) -> Value {
        let holder = self.eval(base);
        let ty = self.ty(id);
        let mut answer = match self.inf.fields.get(&id) {
            Some((adt, index)) => {
                let asked = self.checks.field(*adt, *index);
                if asked.is_empty() { Answer::default() } else { self.checks.answer(ty, &asked, &holder.who) }
            }
            None => Answer::default(),
        };
        if let Some(part) = holder.answer.part(name) {
            answer = part.clone();
        }
        self.excused(name, &mut answer);
        Value { answer, who: self.part(&holder.who, name, ty) }
    }

    /// A part of somebody: another entity, or still the same.
    pub(super) fn part(&self, who: &Who, name: Name, ty: Ty) -> Who {
        if !self.checks.is_entity(ty) {
            let read =
                |root: &Root| Root { key: if root.direct { Some(name) } else { root.key }, ..root.clone() };
            return Who::of(who.roots().iter().map(read));
        }
        Who::of(who.roots().iter().cloned().map(|mut root| {
            if root.direct && root.path.len() < 4 {
                root.path.push((name, ty));
                root.key = None;
            }
            root
        }))
    }

    fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> Value {
        let l = self.eval(left);
        let before = self.held.clone();
        let decides = match op {
            BinaryOp::And => &l.answer.yes,
            BinaryOp::Or => &l.answer.no,
            BinaryOp::Equal | BinaryOp::Unequal => {
                let r = self.eval(right);
                let answer = self.equal((left, &l), (right, &r));
                let answer = if op == BinaryOp::Equal { answer } else { answer.negated() };
                return Value { answer, who: l.who.and(&r.who) };
            }
            _ => {
                let r = self.eval(right);
                return Value::about(l.who.and(&r.who));
            }
        };
        self.learn(decides);
        let r = self.eval(right);
        self.held = before;
        let c = self.conditions();
        let through = r.answer.under(decides, c);
        let answer = match op {
            BinaryOp::And => Answer::of(through.yes, either(&l.answer.no, &through.no)),
            _ => Answer::of(either(&l.answer.yes, &through.yes), through.no),
        };
        Value { answer, who: l.who.and(&r.who) }
    }

    fn assign(&mut self, left: ExprId, value: Value) {
        let Expr::Local(local) = *self.body.expr(left) else {
            self.assign_part(left, &value);
            // What a place was asked goes with what it was.
            let who = self.eval(left).who;
            let whole: Vec<Base> = match *self.body.expr(left) {
                Expr::Deref(_) => who.direct().map(|r| r.base).collect(),
                _ => Vec::new(),
            };
            whole.into_iter().for_each(|base| self.forget(base));
            return;
        };
        self.forget(Base::Local(local));
        self.filled.remove(&local);
        // What it says was true where it was assigned, and nowhere else.
        let answer = match value.answer.is_open() {
            true => value.answer,
            false => value.answer.under(&self.held, self.conditions()),
        };
        self.name(local, Value { answer, who: value.who });
    }

    pub(super) fn forget(&mut self, base: Base) {
        if let Some(held) = &mut self.held {
            held.without(base);
        }
        let keeps = |fact: &super::fact::Fact| !fact.who.direct().any(|root| root.base == base);
        for local in self.locals.iter_mut().filter(|local| !local.answer.is_open()) {
            local.answer = local.answer.map(&|fact| keeps(fact).then(|| fact.clone()));
        }
    }

    fn branch(&mut self, cond: ExprId, then: ExprId, other: Option<ExprId>) -> Value {
        let cond = self.eval(cond).answer;
        let before = self.held.clone();
        let locals = self.locals.clone();
        self.learn(&cond.yes);
        let first = self.eval(then);
        let first_answer = first.answer.under(&self.held, self.conditions());
        let (first_held, first_locals) = (self.held.take(), std::mem::replace(&mut self.locals, locals));
        self.held = before;
        self.learn(&cond.no);
        let second = other.map(|o| self.eval(o)).unwrap_or_default();
        let second_answer = second.answer.under(&self.held, self.conditions());
        self.join_locals(&first_locals, first_held.is_some());
        self.held = either(&first_held, &self.held);
        Value { answer: first_answer.or(&second_answer), who: first.who.and(&second.who) }
    }

    /// What variables are after either of two ways.
    pub(super) fn join_locals(&mut self, others: &[Value], other_lives: bool) {
        if !other_lives {
            return;
        }
        if self.held.is_none() {
            self.locals = others.to_vec();
            return;
        }
        for (own, other) in self.locals.iter_mut().zip(others) {
            if own.answer != other.answer {
                own.answer = own.answer.or(&other.answer);
            }
            if own.who != other.who {
                own.who = own.who.and(&other.who);
            }
        }
    }

    fn block(&mut self, start: u32, len: u32, tail: Option<ExprId>) -> Value {
        let mut last = Answer::default();
        for i in start..start + len {
            match self.body.stmts[i as usize] {
                Stmt::Let { pat, init, diverge, .. } => self.let_stmt(pat, init, diverge),
                Stmt::Expr(e) => {
                    // `assert!(c)` is `c; assert!()`.
                    if self.is_macro(e, &["assert"]) {
                        self.learn(&last.yes);
                    }
                    last = self.eval(e).answer;
                }
            }
        }
        tail.map(|t| self.eval(t)).unwrap_or_default()
    }

    fn let_stmt(&mut self, pat: crate::ir::PatId, init: Option<ExprId>, diverge: Option<ExprId>) {
        if let (crate::ir::Pat::Bind(local, _, None), Some(init)) = (self.body.pat(pat), init)
            && let Expr::Closure(closure) = *self.body.expr(init)
        {
            self.kept.insert(*local, (closure, self.held.clone()));
            return;
        }
        let value = init.map(|e| self.eval(e)).unwrap_or_default();
        let (yes, no) = self.test(pat, &value);
        self.begin(pat, init);
        if let Some(otherwise) = diverge {
            let before = self.held.clone();
            self.learn(&no);
            self.eval(otherwise);
            self.held = before;
        }
        self.learn(&yes);
    }

    /// Runs code that has its own `return` and `?`.
    pub(super) fn apart(&mut self, run: impl FnOnce(&mut Self) -> Value) -> Value {
        let before = self.held.clone();
        let ret = self.ret.take();
        let loops = std::mem::take(&mut self.loops);
        let value = run(self);
        self.give_back(&value.answer);
        let answer = std::mem::replace(&mut self.ret, ret).unwrap_or(Answer::of(None, None));
        self.loops = loops;
        self.held = before;
        Value { answer, who: value.who }
    }

    /// Runs a loop: what holds at its beginning has to hold each time.
    fn repeat(&mut self, label: Option<Name>, mut run: impl FnMut(&mut Self) -> Outcome) -> Value {
        let deep = self.loops.len() >= MAX_LOOPS;
        if deep && self.held.is_some() {
            self.held = open();
        }
        let entry = self.held.clone();
        let locals = self.locals.clone();
        let rounds = if deep { 1 } else { 2 };
        let mut start = entry.clone();
        let kept_sites = self.sites.clone();
        for round in 0..rounds {
            let last = round + 1 == rounds;
            self.held = start.clone();
            self.sites.clone_from(&kept_sites);
            self.loops.push(Loop { label, exit: None, value: None });
            let ends = run(self);
            let ends = if round == 0 && !last { ends } else { either(&ends, &None) };
            start = either(&entry, &self.held);
            self.join_locals(&locals, true);
            if !last {
                self.loops.pop();
                continue;
            }
            if let Some(frame) = self.loops.last_mut() {
                frame.exit = either(&frame.exit, &ends);
            }
            self.held = None;
        }
        self.leave(None)
    }

    fn leave(&mut self, through: Option<Value>) -> Value {
        let Some(frame) = self.loops.pop() else { return through.unwrap_or_default() };
        let mut answer = frame.value;
        let mut who = Who::default();
        if let Some(value) = through {
            let own = value.answer.under(&self.held, self.conditions());
            answer = Some(answer.map_or(own.clone(), |a| a.or(&own)));
            who = value.who;
        }
        self.held = either(&self.held, &frame.exit);
        Value { answer: answer.unwrap_or_default(), who }
    }
}
