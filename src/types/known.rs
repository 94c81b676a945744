//! What one body found of types that another may ask again. Knows nothing of what a type is.
//!
//! A type as written means the same at each place of a module where the same names are parameters, unless reading it made
//! a variable, met a parameter or asked for an associated type. What is left are most types that programs write.

use rustc_hash::FxHashMap;

use super::table::Ty;
use crate::ir::{Shared, TypeRef};
use crate::resolve::{GItem, ModId};

/// A type as written, where, and under which scope of parameters.
pub(super) type Key = (Shared<TypeRef>, ModId, u64);

/// What was found of types that are the same everywhere.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Types that were read, each with how deep it was read.
    read: FxHashMap<Key, (Ty, u8)>,
    /// Whether an impl can be for a type.
    fits: FxHashMap<(GItem, Ty), bool>,
}

impl Known {
    pub(super) fn find(&self, key: &Key) -> Option<(Ty, u8)> {
        self.read.get(key).copied()
    }

    pub(super) fn keep(&mut self, key: Key, read: (Ty, u8)) {
        self.read.insert(key, read);
    }

    pub(super) fn fits(&self, imp: GItem, ty: Ty) -> Option<bool> {
        self.fits.get(&(imp, ty)).copied()
    }

    pub(super) fn keep_fits(&mut self, imp: GItem, ty: Ty, fits: bool) {
        self.fits.insert((imp, ty), fits);
    }
}

/// How a type is read: how deep, and whether it may mean something else elsewhere.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// How many types are being read within each other.
    pub(super) depth: u32,
    /// Whether what was met since [`Reading::enter`] depends on more than the place.
    pub(super) opened: bool,
    /// The deepest since then.
    deepest: u32,
}

/// What was so before a type was begun.
pub(super) struct Begun {
    opened: bool,
    deepest: u32,
}

impl Reading {
    /// Goes one type deeper.
    pub(super) fn enter(&mut self) -> Begun {
        let opened = std::mem::take(&mut self.opened);
        self.depth += 1;
        Begun { opened, deepest: std::mem::replace(&mut self.deepest, self.depth) }
    }

    /// Notes that a type would have been read to this depth from here.
    pub(super) fn reach(&mut self, height: u32) {
        self.deepest = self.deepest.max(self.depth + height);
    }

    /// Comes back: whether what was read depends on more than the place, and how deep it was.
    pub(super) fn leave(&mut self, begun: Begun) -> (bool, u32) {
        let height = self.deepest + 1 - self.depth;
        self.depth -= 1;
        self.deepest = self.deepest.max(begun.deepest);
        let opened = self.opened;
        self.opened |= begun.opened;
        (opened, height)
    }
}
