//! Which arms of a choice are run: where it is known which variant a value is, the others' arms are not; where a caller knows,
//! what meets a sink in an arm does so on the condition that the value is of its variants. Knows patterns; follows no value.

use super::frame::{Frame, pass_on};
use super::summary::Event;
use super::value::{Given, Origin, Path, Place, Text, Val};
use crate::ir::{BinaryOp, Expr, ExprId, Pat, PatId, Shared, View};
use crate::name::Name;
use crate::types::ValueDef;

/// What is known of a value between whose variants code chooses.
pub(super) struct Choice {
    /// The variants that it may be, where that is known.
    known: Vec<Name>,
    /// The part of a parameter that it is.
    part: Option<(u8, Path)>,
    /// Variants that arms before this take, whatever they hold.
    taken: Vec<Name>,
}

/// What is known of one side of a condition.
#[derive(Default)]
pub(super) struct Side {
    /// Whether it is not run.
    pub(super) left_out: bool,
    /// The condition on a parameter under which it is.
    pub(super) given: Option<Shared<Given>>,
}

/// Which variants an arm is for.
enum Variants {
    These(Vec<Name>),
    /// Whatever is left.
    Rest,
    /// Nobody knows.
    Unknown,
}

impl Frame<'_, '_> {
    /// What is known of the value that a choice is made by.
    pub(super) fn choice(&self, value: &Val, is_enum: bool, places: &[Place]) -> Choice {
        let is_known = is_enum && !value.texts().is_empty() && value.texts().iter().all(Text::is_constant);
        let known = value.texts().iter().filter(|_| is_known).map(|text| Name::new(&text.text));
        let part = if is_enum && !is_known { self.untouched(places) } else { None };
        Choice { known: known.collect(), part, taken: Vec::new() }
    }

    /// The part of a parameter that a place is, as the caller handed it in: nothing was written to the parameter.
    fn untouched(&self, places: &[Place]) -> Option<(u8, Path)> {
        let [place] = places else { return None };
        if self.body_of != self.owner || !place.strong {
            return None;
        }
        let is_it = |pat: &PatId| matches!(self.body.pat(*pat), Pat::Bind(l, ..) if *l == place.local);
        let param = self.body.params.iter().position(is_it)? as u8;
        let value = &self.locals[place.local.0 as usize];
        let mut symbolic = value.atoms().iter().filter(|atom| atom.origin.symbolic());
        let own = symbolic.next().is_some_and(|atom| {
            atom.view == View::Whole
                && matches!(atom.origin, Origin::Param(p, path) if p == param && path.is_empty())
        });
        let is_plain = value.is_plain() && value.refs().is_empty();
        (own && is_plain && symbolic.next().is_none()).then_some((param, place.path))
    }

    /// The variants that a pattern is for.
    fn variants_of(&self, pat: PatId) -> Variants {
        match self.body.pat(pat) {
            Pat::Wild | Pat::Bind(_, _, None) => Variants::Rest,
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => self.variants_of(*inner),
            Pat::Path(path) | Pat::TupleStruct(path, _) | Pat::Struct(path, _) => self
                .inf
                .pat_paths
                .get(path)
                .and_then(|(adt, variant)| self.world.variant_name(*adt, (*variant)?))
                .map_or(Variants::Unknown, |name| Variants::These(vec![name])),
            Pat::Or(items) => {
                let mut all = Vec::new();
                for item in self.body.pat_list(*items) {
                    match self.variants_of(*item) {
                        Variants::These(names) => all.extend(names),
                        other => return other,
                    }
                }
                Variants::These(all)
            }
            _ => Variants::Unknown,
        }
    }

    /// The variants that a pattern takes whatever they hold.
    fn wholly_taken(&self, pat: PatId, out: &mut Vec<Name>) {
        match self.body.pat(pat) {
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => {
                self.wholly_taken(*inner, out);
            }
            Pat::Or(items) => {
                self.body.pat_list(*items).iter().for_each(|item| self.wholly_taken(*item, out));
            }
            Pat::Path(_) => self.take_variant(pat, out),
            Pat::TupleStruct(_, items)
                if self.body.pat_list(*items).iter().all(|item| self.irrefutable(*item)) =>
            {
                self.take_variant(pat, out);
            }
            Pat::Struct(_, fields) if fields.iter().all(|(_, pat)| self.irrefutable(*pat)) => {
                self.take_variant(pat, out);
            }
            _ => {}
        }
    }

    fn take_variant(&self, pat: PatId, out: &mut Vec<Name>) {
        if let Variants::These(names) = self.variants_of(pat) {
            out.extend(names);
        }
    }

    /// Whether an arm is not run, as far as is known which variant the value is.
    pub(super) fn is_left_out(&self, choice: &Choice, pat: PatId) -> bool {
        let is_left = |name: &Name| !choice.taken.contains(name);
        !choice.known.is_empty()
            && match self.variants_of(pat) {
                Variants::These(names) => {
                    !choice.known.iter().any(|name| is_left(name) && names.contains(name))
                }
                Variants::Rest => !choice.known.iter().any(is_left),
                Variants::Unknown => false,
            }
    }

    /// The condition on a parameter under which an arm is run.
    pub(super) fn condition(&self, choice: &Choice, pat: PatId) -> Option<Shared<Given>> {
        let (param, path) = choice.part?;
        match self.variants_of(pat) {
            Variants::These(names) => Some(Given::one_of(param, path, names)),
            Variants::Rest if !choice.taken.is_empty() => Some(Given::none_of(param, path, &choice.taken)),
            _ => None,
        }
    }

    /// What is known of both sides of a condition that asks for variants: `if let`, `==` and `!=`.
    pub(super) fn sides(&mut self, cond: ExprId) -> [Side; 2] {
        let asked = match *self.body.expr(cond) {
            Expr::Let(pat, value) => match self.variants_of(pat) {
                Variants::These(names) => {
                    let mut whole = Vec::new();
                    self.wholly_taken(pat, &mut whole);
                    Some((value, names, whole))
                }
                _ => None,
            },
            Expr::Binary(BinaryOp::Equal | BinaryOp::Unequal, left, right) => {
                let by_right = self.bare_variant(right).map(|name| (left, name));
                let found = by_right.or_else(|| self.bare_variant(left).map(|name| (right, name)));
                found.map(|(value, name)| (value, vec![name], vec![name]))
            }
            _ => None,
        };
        let is_told = |value: ExprId| self.is_plain_place(value) && self.world.is_enum(&self.shape(value));
        let Some((value, these, whole)) = asked.filter(|(value, ..)| is_told(*value)) else {
            return Default::default();
        };
        let (places, content) = (self.places(value), self.eval(value));
        let choice = self.choice(&content, true, &places);
        let known = &choice.known;
        let given =
            |make: &dyn Fn(u8, Path) -> Shared<Given>| choice.part.map(|(param, path)| make(param, path));
        let holds = Side {
            left_out: !known.is_empty() && !known.iter().any(|name| these.contains(name)),
            given: given(&|param, path| Given::one_of(param, path, these.clone())),
        };
        let fails = Side {
            left_out: !known.is_empty() && known.iter().all(|name| whole.contains(name)),
            given: given(&|param, path| Given::none_of(param, path, &whole)).filter(|_| !whole.is_empty()),
        };
        match self.body.expr(cond) {
            Expr::Binary(BinaryOp::Unequal, ..) => [fails, holds],
            _ => [holds, fails],
        }
    }

    /// The variant without content that an expression names.
    fn bare_variant(&self, expr: ExprId) -> Option<Name> {
        let Some(ValueDef::Ctor(item, Some(variant), _)) = self.inf.values.get(&expr) else { return None };
        let is_own = !self.world.input.sema.program.is_model(*item);
        let is_bare = self.world.field_count(*item, Some(*variant)) == Some(0);
        self.world.variant_name(*item, *variant).filter(|_| is_own && is_bare)
    }

    /// Goes on behind an arm.
    pub(super) fn pass_arm(&self, choice: &mut Choice, pat: PatId) {
        self.wholly_taken(pat, &mut choice.taken);
    }

    /// Puts what met sinks in an arm with what did before it, under the condition of the arm.
    pub(super) fn under(&mut self, given: Shared<Given>, before: Vec<Event>) {
        let within = std::mem::replace(&mut self.events, before);
        for mut event in within {
            let open = event.atoms.iter_mut().filter(|atom| atom.origin.symbolic() && atom.given.is_none());
            open.for_each(|atom| atom.given = Some(given));
            pass_on(&mut self.events, event);
        }
    }
}
