//! Taints on their way to a caller: each once, and no more than fit. Knows nothing of the values that hold them.

use smallvec::SmallVec;

use super::origin::Origin;
use super::value::{Atom, Doubts, MAX_ATOMS, MAX_EVENT, place_of};
use crate::datamap::Approximation;
use crate::ir::View;
use crate::notice::Form;

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
