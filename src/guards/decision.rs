//! Enums that stand for a decision: what it says of a choice that a value is one variant or another, by the notice, which
//! may name variants, and by what was asked where the value was made; and what it says that two values are the same.

use super::check::{Checks, Deciding, text};
use super::fact::{Answer, Fact, Facts, Outcome, both, either, open};
use super::walk::{Value, Walk};
use crate::ir::{Expr, ExprId, ItemKind, Pat, PatId};
use crate::resolve::GItem;
use crate::types::{TyKind, ValueDef};

/// Enums of more variants than this decide nothing.
const MAX_VARIANTS: usize = 64;

impl Checks<'_> {
    /// The choices that an enum's variants decide, each with the variants that grant it: those that the notice says ask it,
    /// else those that it does not say refuse it.
    pub(super) fn deciding(&self, adt: GItem) -> Deciding {
        if let Some(known) = self.decisions.borrow().get(&adt) {
            return known.clone();
        }
        let program = self.input.sema.program;
        let mut asked = Vec::new();
        if let ItemKind::Enum(_, variants) = &program.item(adt).kind {
            for (index, variant) in variants.iter().enumerate().take(MAX_VARIANTS) {
                let (mut path, mut found) = (program.path(adt), Vec::new());
                path.push(variant.name);
                self.named(&text(&path), &mut found);
                asked.extend(found.into_iter().map(|(choice, grants)| (choice, index as u16, grants)));
            }
        }
        let mut choices: Vec<u16> = asked.iter().map(|(choice, ..)| *choice).collect();
        choices.sort_unstable();
        choices.dedup();
        let of = |choice: u16, grants: bool| -> Vec<u16> {
            let of_it = asked.iter().filter(|(known, _, how)| (*known, *how) == (choice, grants));
            of_it.map(|(_, index, _)| *index).collect()
        };
        let granting = |choice: u16| match of(choice, true) {
            granting if !granting.is_empty() => granting,
            _ => (0..self.variants(adt)).filter(|index| !of(choice, false).contains(index)).collect(),
        };
        let all: Deciding = choices.into_iter().map(|c| (c, granting(c))).collect();
        self.decisions.borrow_mut().insert(adt, all.clone());
        all
    }

    /// How many variants an enum has; none where it has too many.
    fn variants(&self, adt: GItem) -> u16 {
        match &self.input.sema.program.item(adt).kind {
            ItemKind::Enum(_, variants) if variants.len() <= MAX_VARIANTS => variants.len() as u16,
            _ => 0,
        }
    }
}

impl Walk<'_, '_> {
    /// What holds if a value is one of these variants, and if it is one of the others.
    pub(super) fn among(&self, adt: GItem, set: &[u16], value: &Value) -> (Outcome, Outcome) {
        let variants = self.checks.variants(adt);
        let deciding = self.checks.deciding(adt);
        if variants == 0 || (deciding.is_empty() && value.answer.cases.is_none()) {
            let is_rest = variants > 0 && (0..variants).all(|index| set.contains(&index));
            return (open(), if is_rest { None } else { open() });
        }
        let of = |index: u16| -> Outcome {
            let made = match &value.answer.cases {
                Some(cases) => {
                    cases.iter().find(|(known, _)| *known == index).map(|(_, facts)| facts.clone())
                }
                None => open(),
            };
            let granted = deciding.iter().filter(|(_, granting)| granting.contains(&index));
            let fact = |(choice, _): &(u16, Vec<u16>)| Fact {
                choice: *choice,
                excuse: None,
                who: value.who.clone(),
            };
            both(&made, &Some(Facts(granted.map(fact).collect())), self.conditions())
        };
        let (mut yes, mut no) = (None, None);
        for index in 0..variants {
            let side = if set.contains(&index) { &mut yes } else { &mut no };
            *side = either(side, &of(index));
        }
        (yes, no)
    }

    /// What holds if a value is the variant of a pattern, and if it is not or does not match its parts.
    pub(super) fn is_variant(&self, path: u32, value: &Value, refutable: bool) -> (Outcome, Outcome) {
        match self.inf.pat_paths.get(&path) {
            Some((adt, Some(index))) => {
                let (yes, no) = self.among(*adt, &[*index], value);
                (yes, if refutable { open() } else { no })
            }
            _ => (open(), open()),
        }
    }

    /// The variants that a pattern stands for, where it looks at nothing else.
    pub(super) fn decided(&self, pat: PatId) -> Option<(GItem, Vec<u16>)> {
        match self.body.pat(pat) {
            Pat::Path(path) => self.variant_of(*path),
            Pat::TupleStruct(path, parts) => {
                let all = self.body.pat_list(*parts).iter().all(|part| self.takes_all(*part));
                if all { self.variant_of(*path) } else { None }
            }
            Pat::Struct(path, parts) => {
                let all = parts.iter().all(|(_, part)| self.takes_all(*part));
                if all { self.variant_of(*path) } else { None }
            }
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => self.decided(*inner),
            Pat::Or(list) => {
                let each = self.body.pat_list(*list).iter().map(|part| self.decided(*part));
                let each: Vec<(GItem, Vec<u16>)> = each.collect::<Option<_>>()?;
                let adt = each.first()?.0;
                let variants = each.into_iter().flat_map(|(_, variants)| variants).collect();
                Some((adt, variants))
            }
            _ => None,
        }
    }

    fn variant_of(&self, path: u32) -> Option<(GItem, Vec<u16>)> {
        let (adt, index) = *self.inf.pat_paths.get(&path)?;
        if self.is_outcome(adt) { None } else { Some((adt, vec![index?])) }
    }

    fn takes_all(&self, pat: PatId) -> bool {
        match self.body.pat(pat) {
            Pat::Wild | Pat::Rest | Pat::Bind(_, _, None) => true,
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => self.takes_all(*inner),
            Pat::Tuple(list) => self.body.pat_list(*list).iter().all(|part| self.takes_all(*part)),
            _ => false,
        }
    }

    /// What it says that two values are the same.
    pub(super) fn equal(&self, left: (ExprId, &Value), right: (ExprId, &Value)) -> Answer {
        for ((_, value), (named, _)) in [(left, right), (right, left)] {
            if let Some((adt, index)) = self.names_variant(named) {
                let (yes, no) = self.among(adt, &[index], value);
                return Answer::of(yes, no);
            }
        }
        match self.is_definite(right.1) {
            true => self.same(&left.1.answer, &right.1.answer, self.says_why(right.0)),
            false => self.same(&right.1.answer, &left.1.answer, self.says_why(left.0)),
        }
    }

    /// An enum's variant, written down.
    fn names_variant(&self, id: ExprId) -> Option<(GItem, u16)> {
        match *self.body.expr(id) {
            Expr::Ref(inner, _) => self.names_variant(inner),
            Expr::Path(_) => match self.inf.values.get(&id) {
                Some(ValueDef::Ctor(adt, Some(index), _)) if !self.is_outcome(*adt) => Some((*adt, *index)),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_definite(&self, value: &Value) -> bool {
        value.answer.yes.is_none() != value.answer.no.is_none()
    }

    /// Whether a no of it may be one of many.
    fn says_why(&self, id: ExprId) -> bool {
        let result = self.checks.input.sema.lang.result;
        matches!(self.checks.input.sema.types.kind(self.ty(id)), TyKind::Adt(item, _) if Some(*item) == result)
    }

    /// What it says that a value is the same as one of which it is known whether it says yes.
    fn same(&self, value: &Answer, known: &Answer, says_why: bool) -> Answer {
        let c = self.conditions();
        match (&known.yes, &known.no, &known.inside) {
            (Some(_), None, Some(inside)) => {
                let inside = self.same(&value.inside(), inside, false);
                let other = both(&value.yes, &inside.no, c);
                Answer::of(both(&value.yes, &inside.yes, c), either(&value.no, &other))
            }
            (Some(_), None, None) => Answer::of(value.yes.clone(), value.no.clone()),
            (None, Some(_), _) if says_why => Answer::of(value.no.clone(), value.any()),
            (None, Some(_), _) => Answer::of(value.no.clone(), value.yes.clone()),
            _ => Answer::default(),
        }
    }
}
