//! Functions as values: which ones a value may be. Knows nothing of calling them.

use std::sync::Arc;

use super::value::Val;
use crate::resolve::GItem;

/// As how many functions one value is known; of more the first are kept.
const MAX_CALLABLES: usize = 8;

/// What a closure took along: the locals of the function that made it.
pub(super) type Captured = Option<Arc<Vec<Val>>>;

/// A function value.
#[derive(Clone, Debug)]
pub(super) enum Callable {
    /// A function.
    Fn(GItem),
    /// A constructor.
    Ctor(GItem, Option<u16>),
    /// A closure: whose body holds it, which one, and its captured locals (`None`: those of the running frame).
    Closure(GItem, u32, Captured),
}

impl Callable {
    fn key(&self) -> (u8, GItem, u32) {
        match *self {
            Self::Fn(func) => (0, func, 0),
            Self::Ctor(item, variant) => (1, item, variant.map_or(0, |v| u32::from(v) + 1)),
            Self::Closure(owner, index, _) => (2, owner, index),
        }
    }

    /// The same function, with all that either took along.
    fn both(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Closure(owner, index, Some(a)), Self::Closure(_, _, Some(b))) if !Arc::ptr_eq(a, b) => {
                let joined = a.iter().zip(b.iter()).map(|(x, y)| x.join(y)).collect();
                Self::Closure(*owner, *index, Some(Arc::new(joined)))
            }
            (Self::Closure(_, _, None), _) => other.clone(),
            _ => self.clone(),
        }
    }
}

/// The functions that a value may be, in an order of their own.
#[derive(Clone, Default, Debug)]
pub(super) struct Callables(Option<Arc<[Callable]>>);

impl Callables {
    pub(super) fn one(callable: Callable) -> Self {
        Self(Some(Arc::new([callable])))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Callable> {
        self.0.iter().flat_map(|all| all.iter())
    }

    /// All that are in either.
    pub(super) fn join(&self, other: &Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &other.0) else {
            return if self.is_empty() { other.clone() } else { self.clone() };
        };
        if Arc::ptr_eq(a, b) {
            return self.clone();
        }
        let mut all = a.to_vec();
        for callable in b.iter() {
            match all.binary_search_by(|known| known.key().cmp(&callable.key())) {
                Ok(at) => all[at] = all[at].both(callable),
                Err(at) => all.insert(at, callable.clone()),
            }
        }
        all.truncate(MAX_CALLABLES);
        Self(Some(all.into()))
    }

    /// The same functions, each changed.
    pub(super) fn map(&self, change: impl FnMut(&Callable) -> Callable) -> Self {
        Self(self.0.as_ref().map(|all| all.iter().map(change).collect()))
    }
}
