//! One taint of a value, and sorted lists of taints: each once, the one that is known best, no more than fit. Knows
//! nothing of values and their parts.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::doubts::Doubts;
use super::given::Given;
use super::origin::Origin;
use super::path::Key;
use super::trace::Trace;
use crate::datamap::Approximation;
use crate::ir::{Shared, View};
use crate::name::Name;
use crate::notice::Form;
use crate::source::Span;

/// How many taints one place has.
pub(super) const MAX_ATOMS: usize = 24;
/// How many taints of a sink are followed to callers.
const MAX_EVENT: usize = 12;
/// How deep parts of parameters are told apart.
const MAX_SYMBOLIC_DEPTH: usize = 3;

/// One taint.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) origin: Origin,
    pub(super) form: Form,
    /// How a symbolic origin is read: as it is, or shown through a formatting trait.
    pub(super) view: View,
    /// Where the value is read.
    pub(super) read: Span,
    pub(super) trace: Trace,
    pub(super) doubts: Doubts,
    /// Of a symbolic origin that is shown: whether the labels of its type have been told already, so that only what a
    /// caller's value holds besides is of interest.
    pub(super) typed: bool,
    /// What it takes, where it is one implementation's alone or one arm's of formatting code.
    pub(super) given: Option<Shared<Given>>,
}

impl Atom {
    /// Of two ways of the same taint the one that is known better is kept.
    fn settle(&mut self, other: Self) {
        let given = if self.given == other.given { self.given } else { None };
        if self.doubts.guesses() > other.doubts.guesses() {
            *self = other;
        }
        self.given = given;
    }

    /// Whether another way of the same taint tells nothing more.
    fn outdoes(&self, other: &Self) -> bool {
        self.given == other.given && self.doubts.guesses() <= other.doubts.guesses()
    }

    /// Whether another way of the same taint may tell more.
    fn unsettled(&self) -> bool {
        self.doubts.guesses() > 0 || self.given.is_some()
    }

    /// Whether a part does not have the taint of the whole. What a whole result holds is its success: errors do not repeat
    /// it, and nobody guesses that they do.
    pub(super) fn lost_below(&self, part: Key) -> bool {
        match part {
            Key::Variant(name, _) if name == Name::ERR => !self.origin.symbolic() || self.doubts.guessed(),
            Key::Field(_) | Key::Variant(..) => self.doubts.scattered(),
            _ => false,
        }
    }

    pub(super) fn key(&self) -> (Origin, Form, View) {
        (self.origin, self.form, self.view)
    }
}

/// All taints of two sorted lists.
pub(super) fn union(a: &[Atom], b: &[Atom]) -> SmallVec<[Atom; 1]> {
    let mut out = SmallVec::with_capacity(a.len().max(b.len()));
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.key().cmp(&y.key()) {
            Ordering::Less => out.extend(left.next().cloned()),
            Ordering::Greater => out.extend(right.next().cloned()),
            Ordering::Equal => {
                let mut both = (*x).clone();
                if !both.outdoes(y) {
                    both.settle((*y).clone());
                }
                out.push(both);
                left.next();
                right.next();
            }
        }
    }
    out.extend(left.chain(right).cloned());
    out
}

/// Whether a sorted list holds all taints of another, none of which tells more.
pub(super) fn holds_all(atoms: &[Atom], other: &[Atom]) -> bool {
    let mut rest = atoms.iter();
    other.len() <= atoms.len()
        && other.iter().all(|wanted| {
            let same = |atom: &&Atom| atom.key() == wanted.key();
            rest.find(same).is_some_and(|atom| atom.outdoes(wanted))
        })
}

/// Where in a sorted list a taint is, or belongs: mostly behind the last one.
fn place_of(atoms: &[Atom], key: (Origin, Form, View)) -> Result<usize, usize> {
    match atoms.last().map(|last| last.key().cmp(&key)) {
        None | Some(Ordering::Less) => Err(atoms.len()),
        Some(Ordering::Equal) => Ok(atoms.len() - 1),
        Some(Ordering::Greater) => atoms.binary_search_by(|a| a.key().cmp(&key)),
    }
}

/// Adds an atom unless the same taint is there.
pub(super) fn push(atoms: &mut SmallVec<[Atom; 1]>, atom: Atom) {
    match place_of(atoms, atom.key()) {
        Ok(at) => atoms[at].settle(atom),
        Err(at) => atoms.insert(at, atom),
    }
}

/// Taints as they are gathered: each once, and no more than fit.
pub(super) struct Gathered {
    atoms: SmallVec<[Atom; 1]>,
    most: usize,
    dropped: bool,
}

impl Gathered {
    /// As many as a place holds.
    pub(super) fn of_place() -> Self {
        Self { atoms: SmallVec::new(), most: MAX_ATOMS, dropped: false }
    }

    /// As many as are followed from a sink to callers.
    pub(super) fn of_event() -> Self {
        Self { most: MAX_EVENT, ..Self::of_place() }
    }

    /// Adds a taint that is made from another of this key, unless it is there or there are too many before it.
    pub(super) fn add(&mut self, key: (Origin, Form, View), make: impl FnOnce() -> Atom) {
        let at = match place_of(&self.atoms, key) {
            Ok(at) if self.atoms[at].unsettled() => {
                let other = make();
                self.atoms[at].settle(other);
                return;
            }
            Ok(_) => return,
            Err(at) => at,
        };
        if at >= self.most {
            self.dropped = true;
            return;
        }
        if self.atoms.len() == self.most {
            self.dropped = true;
            self.atoms.pop();
        }
        self.atoms.insert(at, make());
    }

    pub(super) fn atoms(mut self) -> SmallVec<[Atom; 1]> {
        if self.dropped {
            let doubt = Doubts::of(Approximation::CollapsedPath);
            self.atoms.iter_mut().for_each(|a| a.doubts = a.doubts.with(doubt));
        }
        self.atoms
    }
}

/// The taint of a part, given that of the whole.
pub(super) fn below(mut atom: Atom, key: Key) -> Atom {
    if atom.view != View::Whole {
        return atom;
    }
    if let Origin::Param(_, path) | Origin::Result(_, path) = &mut atom.origin {
        if path.len() < MAX_SYMBOLIC_DEPTH {
            *path = path.child(key);
        } else {
            atom.doubts = atom.doubts.with(Doubts::of(Approximation::CollapsedPath));
        }
    }
    atom
}
