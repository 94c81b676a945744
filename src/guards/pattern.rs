//! Patterns: what it says of a choice that one matches, and what the variables in it stand for.

use super::fact::{Answer, Base, Facts, Outcome, Root, Who, both, either, open};
use super::walk::{Value, Walk};
use crate::ir::{ExprId, Lit, LocalId, Pat, PatId};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::Ty;

impl Walk<'_, '_> {
    /// Binds a pattern; what holds if it matches, and what if it does not.
    pub(super) fn test(&mut self, pat: PatId, value: &Value) -> (Outcome, Outcome) {
        let any = || value.answer.any();
        match self.body.pat(pat).clone() {
            Pat::Wild | Pat::Rest => (any(), None),
            Pat::Bind(local, _, inner) => {
                self.bind(local, value.clone());
                inner.map_or((any(), None), |inner| self.test(inner, value))
            }
            Pat::Lit(Lit::Bool(true)) => (value.answer.yes.clone(), value.answer.no.clone()),
            Pat::Lit(Lit::Bool(false)) => (value.answer.no.clone(), value.answer.yes.clone()),
            Pat::Lit(_) => (open(), open()),
            Pat::Path(path) => match self.outcome_of(path) {
                Some(true) => (value.answer.yes.clone(), value.answer.no.clone()),
                Some(false) => (value.answer.no.clone(), value.answer.yes.clone()),
                None => self.is_variant(path, value, false),
            },
            Pat::TupleStruct(path, list) => self.variant(path, self.body.pat_list(list).to_vec(), value),
            Pat::Struct(path, fields) => self.fields(path, &fields, value),
            Pat::Tuple(list) => self.tuple(self.body.pat_list(list).to_vec(), value),
            Pat::Slice(list) => {
                let part = Value::about(value.who.clone());
                self.body.pat_list(list).to_vec().into_iter().for_each(|p| _ = self.test(p, &part));
                (open(), open())
            }
            Pat::Or(list) => {
                let each: Vec<_> =
                    self.body.pat_list(list).to_vec().into_iter().map(|p| self.test(p, value)).collect();
                let c = self.conditions();
                let yes = each.iter().fold(None, |all, (yes, _)| either(&all, yes));
                match self.decided(pat) {
                    Some((adt, variants)) => (yes, self.among(adt, &variants, value).1),
                    None => (yes, each.iter().fold(open(), |all, (_, no)| both(&all, no, c))),
                }
            }
            Pat::Ref(inner) | Pat::Typed(inner, _) => self.test(inner, value),
        }
    }

    /// `Some` and `Ok` are a yes, `None` and `Err` a no.
    fn outcome_of(&self, path: u32) -> Option<bool> {
        let (item, _) = *self.inf.pat_paths.get(&path)?;
        self.is_outcome(item)
            .then(|| self.body.paths[path as usize].last())
            .flatten()
            .map(|n| matches!(n.as_str(), "Some" | "Ok"))
    }

    pub(super) fn is_outcome(&self, item: GItem) -> bool {
        let lang = &self.checks.input.sema.lang;
        Some(item) == lang.option || Some(item) == lang.result
    }

    fn variant(&mut self, path: u32, parts: Vec<PatId>, value: &Value) -> (Outcome, Outcome) {
        match self.outcome_of(path) {
            Some(true) => {
                let inside = Value { answer: value.answer.inside(), who: value.who.clone() };
                let (yes, no) = match parts.first() {
                    Some(part) => self.test(*part, &inside),
                    None => (inside.answer.any(), None),
                };
                let c = self.conditions();
                let through = both(&value.answer.yes, &no, c);
                (both(&value.answer.yes, &yes, c), either(&value.answer.no, &through))
            }
            Some(false) => {
                parts.into_iter().for_each(|p| _ = self.test(p, &Value::default()));
                (value.answer.no.clone(), value.answer.yes.clone())
            }
            None => {
                let single = parts.len() == 1;
                let mut refutable = false;
                for (i, part) in parts.into_iter().enumerate() {
                    let name = Name::new(&i.to_string());
                    let who = self.below(&value.who, name, part, single);
                    let answer = value.answer.part(name).cloned().unwrap_or_default();
                    refutable |= self.test(part, &Value { answer, who }).1.is_some();
                }
                self.is_variant(path, value, refutable)
            }
        }
    }

    /// A part of a destructured value: what wraps one thing is that thing.
    fn below(&self, who: &Who, name: Name, part: PatId, single: bool) -> Who {
        let ty = self.first_local(part).map_or(Ty::UNKNOWN, |l| self.inf.locals[l.0 as usize]);
        if single { who.clone() } else { self.part(who, name, ty) }
    }

    /// A flag among the fields answers as it does when it is read.
    fn fields(&mut self, path: u32, fields: &[(Name, PatId)], value: &Value) -> (Outcome, Outcome) {
        let adt = self.inf.pat_paths.get(&path).copied();
        let (mut yes, mut no, mut refutable) = (open(), None, 0);
        for (name, part) in fields {
            let index =
                adt.and_then(|(adt, v)| if v.is_none() { self.checks.field_named(adt, *name) } else { None });
            let asked = match (adt, index) {
                (Some((adt, _)), Some(index)) => self.checks.field(adt, index),
                _ => Vec::new(),
            };
            let known = value.answer.part(*name).cloned();
            let asked = || match asked.is_empty() {
                true => Answer::default(),
                false => self.checks.answer(Ty::BOOL, &asked, &value.who),
            };
            let answer = known.unwrap_or_else(asked);
            let who = self.below(&value.who, *name, *part, false);
            let (matched, not) = self.test(*part, &Value { answer, who });
            yes = both(&yes, &matched, self.conditions());
            refutable += usize::from(not.is_some());
            no = if refutable <= 1 { either(&no, &not) } else { open() };
        }
        if adt.is_some_and(|(_, variant)| variant.is_none()) {
            return (yes, no);
        }
        let (matched, not) = self.is_variant(path, value, no.is_some());
        (both(&yes, &matched, self.conditions()), not)
    }

    fn tuple(&mut self, parts: Vec<PatId>, value: &Value) -> (Outcome, Outcome) {
        let (mut yes, mut no, mut refutable) = (open(), None, 0);
        let rest = parts.iter().position(|p| matches!(self.body.pat(*p), Pat::Rest));
        for (i, part) in parts.into_iter().enumerate() {
            let name = Name::new(&i.to_string());
            let known = if rest.is_none_or(|r| i < r) { value.answer.part(name).cloned() } else { None };
            let who = self.below(&value.who, name, part, false);
            let (matched, not) = self.test(part, &Value { answer: known.unwrap_or_default(), who });
            yes = both(&yes, &matched, self.conditions());
            refutable += usize::from(not.is_some());
            no = if refutable <= 1 { either(&no, &not) } else { open() };
        }
        (yes, no)
    }

    fn bind(&mut self, local: LocalId, value: Value) {
        self.forget(Base::Local(local));
        self.name(local, value);
    }

    /// Gives a variable a value: it stands for the place that the value is, or is one made from others.
    pub(super) fn name(&mut self, local: LocalId, value: Value) {
        let mut who = value.who;
        if who.direct().next().is_none() {
            let ty = self.inf.locals[local.0 as usize];
            let own = Root::whole(Base::Local(local), ty);
            who = Who::of([own]).and(&who);
        }
        self.locals[local.0 as usize] = Value { answer: value.answer, who };
    }

    /// Binds what a loop or a closure is given of many; `each` was asked of all of them.
    pub(super) fn element(&mut self, pat: PatId, each: &[u16]) {
        let who = match self.first_local(pat) {
            Some(first) => {
                let ty = self.inf.locals[first.0 as usize];
                Who::of([Root::whole(Base::Local(first), ty)])
            }
            None => Who::default(),
        };
        if let Some(first) = self.first_local(pat) {
            self.forget(Base::Local(first));
        }
        self.test(pat, &Value::about(who.clone()));
        let fact = |choice: &u16| super::fact::Fact { choice: *choice, excuse: None, who: who.clone() };
        let facts = Some(Facts(each.iter().map(fact).collect()));
        self.learn(&facts);
    }

    /// The first variable of a pattern.
    pub(super) fn first_local(&self, pat: PatId) -> Option<LocalId> {
        let mut all = Vec::new();
        self.bound(pat, &mut all);
        all.first().copied()
    }

    /// The variables of a pattern.
    pub(super) fn bound(&self, pat: PatId, out: &mut Vec<LocalId>) {
        match self.body.pat(pat) {
            Pat::Bind(local, _, inner) => {
                out.push(*local);
                inner.iter().for_each(|p| self.bound(*p, out));
            }
            Pat::TupleStruct(_, list) | Pat::Tuple(list) | Pat::Slice(list) | Pat::Or(list) => {
                self.body.pat_list(*list).iter().for_each(|p| self.bound(*p, out));
            }
            Pat::Struct(_, fields) => fields.iter().for_each(|(_, p)| self.bound(*p, out)),
            Pat::Ref(inner) | Pat::Typed(inner, _) => self.bound(*inner, out),
            Pat::Wild | Pat::Lit(_) | Pat::Rest | Pat::Path(_) => {}
        }
    }

    /// `match`: an arm is reached where those before it did not match.
    pub(super) fn arms(&mut self, scrutinee: ExprId, start: u32, len: u32) -> Value {
        let value = self.eval(scrutinee);
        let (entry, locals) = (self.held.clone(), self.locals.clone());
        let mut rest = open();
        let mut seen: Option<(GItem, Vec<u16>)> = None;
        let (mut held, mut after): (Outcome, Option<Vec<Value>>) = (None, None);
        let (mut answer, mut who): (Option<Answer>, Who) = (None, Who::default());
        for i in start..start + len {
            let arm = self.body.arms[i as usize];
            self.locals.clone_from(&locals);
            self.held = both(&entry, &rest, self.conditions());
            let (yes, no) = self.test(arm.pat, &value);
            self.learn(&yes);
            let mut not = no;
            if let Some(guard) = arm.guard {
                let guard = self.eval(guard).answer;
                not = either(&not, &both(&yes, &guard.no, self.conditions()));
                self.learn(&guard.yes);
            }
            rest = both(&rest, &not, self.conditions());
            if arm.guard.is_none()
                && let Some((adt, variants)) = self.decided(arm.pat)
            {
                let seen = seen.get_or_insert((adt, Vec::new()));
                seen.1.extend(variants);
                rest = both(&rest, &self.among(adt, &seen.1, &value).1, self.conditions());
            }
            let result = self.eval(arm.body);
            let own = result.answer.under(&self.held, self.conditions());
            answer = Some(answer.map_or(own.clone(), |a| a.or(&own)));
            who = who.and(&result.who);
            if let Some(others) = &after {
                self.join_locals(others, held.is_some());
            }
            after = Some(self.locals.clone());
            held = either(&held, &self.held);
        }
        self.held = held;
        self.locals = after.unwrap_or(locals);
        Value { answer: answer.unwrap_or_default(), who }
    }
}
