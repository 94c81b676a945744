//! Facts about choices, what they hold under, and whom they are about. Knows no code.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::ir::LocalId;
use crate::name::Name;
use crate::types::Ty;

/// More roots of one value than this tell nobody apart.
const MAX_ROOTS: usize = 8;

/// Where an access path begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Base {
    Param(u16),
    Local(LocalId),
}

/// A place that stands for a person, or that one was looked up with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Root {
    pub(super) base: Base,
    /// The parts on the way, each with its type.
    pub(super) path: SmallVec<[(Name, Ty); 2]>,
    /// The type that it begins with.
    pub(super) ty: Ty,
    /// The place itself; else the value was made from it.
    pub(super) direct: bool,
    /// The plain part of it that was read last: with which of its keys somebody was looked up.
    pub(super) key: Option<Name>,
}

impl Root {
    /// A whole parameter or variable.
    pub(super) fn whole(base: Base, ty: Ty) -> Self {
        Self { base, path: SmallVec::new(), ty, direct: true, key: None }
    }

    /// Whether one of two is a part of the other.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.base == other.base && self.path.iter().zip(&other.path).all(|(a, b)| a.0 == b.0)
    }

    fn is(&self, other: &Self) -> bool {
        self.path.len() == other.path.len() && self.direct == other.direct && self.meets(other)
    }

    /// The types on the way.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Ty> + '_ {
        std::iter::once(self.ty).chain(self.path.iter().map(|(_, ty)| *ty))
    }

    /// The one of this type that it is or is a part of.
    pub(super) fn within(&self, kind: Ty) -> Option<Self> {
        let at = self.kinds().position(|ty| ty == kind)?;
        Some(Self { path: self.path[..at].into(), key: None, ..self.clone() })
    }
}

/// Whom a value is about; nobody in particular where it is empty.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Who(Option<Arc<[Root]>>);

impl Who {
    pub(super) fn of(roots: impl IntoIterator<Item = Root>) -> Self {
        let mut all: Vec<Root> = Vec::new();
        for root in roots {
            if all.len() < MAX_ROOTS && !all.contains(&root) {
                all.push(root);
            }
        }
        if all.is_empty() { Self(None) } else { Self(Some(all.into())) }
    }

    pub(super) fn roots(&self) -> &[Root] {
        self.0.as_deref().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn direct(&self) -> impl Iterator<Item = &Root> + Clone {
        self.roots().iter().filter(|r| r.direct)
    }

    pub(super) fn derived(&self) -> impl Iterator<Item = &Root> + Clone {
        self.roots().iter().filter(|r| !r.direct)
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => self.clone(),
            (true, _) => other.clone(),
            _ => Self::of(self.roots().iter().chain(other.roots()).cloned()),
        }
    }

    /// Who is meant by both.
    fn common(&self, other: &Self) -> Self {
        let is_there = |root: &&Root| other.roots().iter().any(|known| known.is(root));
        Self::of(self.roots().iter().filter(is_there).cloned())
    }

    /// What is made from these.
    pub(super) fn as_derived(&self) -> Self {
        Self::of(self.roots().iter().cloned().map(|r| Root { direct: false, ..r }))
    }
}

/// One choice, asked and granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fact {
    /// By the number that `check` gives it.
    pub(super) choice: u16,
    /// One of the conditions under which alone it is owed is known not to hold; the choice itself where `None`.
    pub(super) excuse: Option<u8>,
    pub(super) who: Who,
}

/// Facts that hold together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Facts(pub(super) Vec<Fact>);

impl Facts {
    /// `conditions` says how many conditions a choice has.
    pub(super) fn and(&self, other: &Self, conditions: &[u8]) -> Self {
        if other.0.is_empty() || self == other {
            return self.clone();
        }
        let mut all = self.0.clone();
        for fact in &other.0 {
            if !all.contains(fact) {
                all.push(fact.clone());
            }
        }
        let mut excused: Vec<Fact> = Vec::new();
        for fact in all.iter().filter(|f| f.excuse.is_some()) {
            let of = conditions.get(fact.choice as usize).copied().unwrap_or(0);
            let gone = |n: u8| all.iter().any(|f| f.choice == fact.choice && f.excuse == Some(n));
            let whole = Fact { excuse: None, ..fact.clone() };
            if (0..of).all(gone) && !all.contains(&whole) && !excused.contains(&whole) {
                excused.push(whole);
            }
        }
        all.extend(excused);
        Self(all)
    }

    /// What holds either way.
    pub(super) fn or(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let mut both: Vec<Fact> = Vec::new();
        for a in &self.0 {
            for b in other.0.iter().filter(|b| a.choice == b.choice && a.excuse == b.excuse) {
                let who = match (a.who.is_empty(), b.who.is_empty()) {
                    (_, true) => a.who.clone(),
                    (true, _) => b.who.clone(),
                    _ => a.who.common(&b.who),
                };
                let fact = Fact { who, ..a.clone() };
                let is_nobody = fact.who.is_empty() && !a.who.is_empty();
                if !is_nobody && !both.contains(&fact) {
                    both.push(fact);
                }
            }
        }
        Self(both)
    }

    /// What is left when a place gets a new value.
    pub(super) fn without(&mut self, base: Base) {
        self.0.retain(|f| !f.who.direct().any(|r| r.base == base));
    }
}

/// What holds under an outcome; `None` for one that cannot be.
pub(super) type Outcome = Option<Facts>;

/// Nothing is known to hold.
pub(super) fn open() -> Outcome {
    Some(Facts::default())
}

pub(super) fn both(a: &Outcome, b: &Outcome, conditions: &[u8]) -> Outcome {
    Some(a.as_ref()?.and(b.as_ref()?, conditions))
}

pub(super) fn either(a: &Outcome, b: &Outcome) -> Outcome {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// What a value says by what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Answer {
    /// It is true, `Ok` or `Some`.
    pub(super) yes: Outcome,
    /// It is none of these.
    pub(super) no: Outcome,
    /// The answer inside `Ok` or `Some`.
    pub(super) inside: Option<Arc<Answer>>,
    /// Answers of the parts of a tuple or a struct.
    pub(super) parts: Vec<(Name, Answer)>,
    /// What holds if it is a variant of an enum, by index; it is none of those that are not there.
    pub(super) cases: Option<Arc<[(u16, Facts)]>>,
    /// Choices that each element was asked.
    pub(super) each: Vec<u16>,
}

impl Default for Answer {
    fn default() -> Self {
        Self::of(open(), open())
    }
}

impl Answer {
    pub(super) fn of(yes: Outcome, no: Outcome) -> Self {
        Self { yes, no, inside: None, parts: Vec::new(), cases: None, each: Vec::new() }
    }

    /// It is this variant.
    pub(super) fn variant(index: u16) -> Self {
        Self { cases: Some([(index, Facts::default())].into()), ..Self::default() }
    }

    pub(super) fn holding(self, inside: Self) -> Self {
        Self { inside: Some(Arc::new(inside)), ..self }
    }

    pub(super) fn inside(&self) -> Self {
        self.inside.as_deref().cloned().unwrap_or_default()
    }

    pub(super) fn negated(self) -> Self {
        Self::of(self.no, self.yes)
    }

    /// What holds whatever it is.
    pub(super) fn any(&self) -> Outcome {
        either(&self.yes, &self.no)
    }

    /// Whether nothing is known that a plain value would not tell.
    pub(super) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The same where something holds besides.
    pub(super) fn under(&self, held: &Outcome, conditions: &[u8]) -> Self {
        let parts = self.parts.iter().map(|(name, part)| (*name, part.under(held, conditions)));
        let case = |(index, facts): &(u16, Facts)| Some((*index, facts.and(held.as_ref()?, conditions)));
        Self {
            yes: both(&self.yes, held, conditions),
            no: both(&self.no, held, conditions),
            parts: parts.collect(),
            cases: self.cases.as_ref().map(|cases| cases.iter().filter_map(case).collect()),
            ..self.clone()
        }
    }

    /// Whether it cannot be.
    fn is_dead(&self) -> bool {
        self.yes.is_none() && self.no.is_none()
    }

    /// The answer of a part.
    pub(super) fn part(&self, name: Name) -> Option<&Self> {
        self.parts.iter().find(|(known, _)| *known == name).map(|(_, part)| part)
    }

    /// The same with another answer in a part.
    pub(super) fn with_part(&mut self, name: Name, part: Self) {
        self.parts.retain(|(known, _)| *known != name);
        self.parts.push((name, part));
    }

    /// One of two.
    pub(super) fn or(&self, other: &Self) -> Self {
        let inside = match (&self.inside, &other.inside) {
            (Some(a), Some(b)) => Some(Arc::new(a.or(b))),
            // A side that never says yes has nothing inside.
            (Some(a), None) if other.yes.is_none() => Some(a.clone()),
            (None, Some(b)) if self.yes.is_none() => Some(b.clone()),
            _ => None,
        };
        Self {
            yes: either(&self.yes, &other.yes),
            no: either(&self.no, &other.no),
            inside,
            parts: self.parts_or(other),
            cases: self.cases_or(other),
            each: self.each.iter().copied().filter(|c| other.each.contains(c)).collect(),
        }
    }

    fn parts_or(&self, other: &Self) -> Vec<(Name, Self)> {
        if self.is_dead() || other.is_dead() {
            return if self.is_dead() { other.parts.clone() } else { self.parts.clone() };
        }
        let both = |(name, part): &(Name, Self)| Some((*name, part.or(other.part(*name)?)));
        self.parts.iter().filter_map(both).collect()
    }

    fn cases_or(&self, other: &Self) -> Option<Arc<[(u16, Facts)]>> {
        if self.is_dead() || other.is_dead() {
            return if self.is_dead() { other.cases.clone() } else { self.cases.clone() };
        }
        let (ours, theirs) = (self.cases.as_ref()?, other.cases.as_ref()?);
        let in_theirs = |index: u16| theirs.iter().find(|(known, _)| *known == index);
        let is_ours = |index: u16| ours.iter().any(|(known, _)| *known == index);
        let shared = ours.iter().map(|(index, facts)| match in_theirs(*index) {
            Some((_, others)) => (*index, facts.or(others)),
            None => (*index, facts.clone()),
        });
        Some(shared.chain(theirs.iter().filter(|(index, _)| !is_ours(*index)).cloned()).collect())
    }

    /// Every fact changed, or dropped.
    pub(super) fn map(&self, change: &dyn Fn(&Fact) -> Option<Fact>) -> Self {
        let facts = |facts: &Facts| Facts(facts.0.iter().filter_map(change).collect());
        let outcome = |o: &Outcome| o.as_ref().map(facts);
        let case = |(index, held): &(u16, Facts)| (*index, facts(held));
        Self {
            yes: outcome(&self.yes),
            no: outcome(&self.no),
            inside: self.inside.as_ref().map(|i| Arc::new(i.map(change))),
            parts: self.parts.iter().map(|(name, part)| (*name, part.map(change))).collect(),
            cases: self.cases.as_ref().map(|cases| cases.iter().map(case).collect()),
            each: self.each.clone(),
        }
    }
}
