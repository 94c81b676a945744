//! Which types stand for failures: those that functions of the program give back in the `Err` of a result. A failure is
//! seldom decoded or read from a row; what is in it was put there by code, and that is followed. Knows no values.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::shape::Shape;
use super::world::World;
use crate::resolve::GItem;

/// Types that stand for failures, once somebody asked.
#[derive(Debug, Default)]
pub(super) struct Failures(OnceLock<FxHashSet<GItem>>);

impl World<'_> {
    /// Whether a type stands for a failure.
    pub(super) fn is_failure(&self, item: GItem) -> bool {
        let find =
            || self.input.bodies.iter().filter_map(|(_, inf)| self.failure_of(self.shape(inf.ret))).collect();
        self.failures.0.get_or_init(find).contains(&item)
    }

    /// What a function gives back where it fails, if that is a type of the program.
    fn failure_of(&self, returned: &Shape) -> Option<GItem> {
        let failure = match returned {
            Shape::Adt(item, args) if Some(*item) == self.input.sema.lang.result => args.get(1)?,
            Shape::Of(held) => return self.failure_of(held.first()?),
            _ => return None,
        };
        match failure {
            Shape::Adt(item, _) if !self.input.sema.program.is_model(*item) => Some(*item),
            _ => None,
        }
    }
}
