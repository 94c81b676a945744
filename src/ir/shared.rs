//! What is written over and over, kept once: types, paths and generics as code has them. A program of a million lines
//! writes its types half a million times and has some ten thousand of them.
//!
//! Like names, they stay for the life of the process, cross threads and runs, and are compared by where they lie; so
//! nothing that is shown or sorted may depend on that place.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{PoisonError, RwLock};

use rustc_hash::FxBuildHasher;

/// A value that exists once. As small as a reference, and two are equal where the values are.
pub struct Shared<T: 'static>(&'static T);

/// What is kept once.
pub trait Kept: Hash + Eq + Sized + 'static {
    /// Where values of this kind are kept.
    fn shelf() -> &'static Kind<Self>;
}

const SHARDS: usize = 16;
/// Room for so many in each of them, once there is one.
const FIRST: usize = 200;

/// All values of one kind.
#[derive(Debug)]
pub struct Kind<T: 'static>([RwLock<HashSet<&'static T, FxBuildHasher>>; SHARDS]);

impl<T> Kind<T> {
    /// None yet.
    pub(crate) const fn new() -> Self {
        Self([const { RwLock::new(HashSet::with_hasher(FxBuildHasher)) }; SHARDS])
    }
}

impl<T: Kept> Shared<T> {
    /// The one value that is equal to this.
    #[must_use]
    pub fn new(value: T) -> Self {
        let shard = &T::shelf().0[FxBuildHasher.hash_one(&value) as usize % SHARDS];
        if let Some(kept) = shard.read().unwrap_or_else(PoisonError::into_inner).get(&value) {
            return Self(kept);
        }
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = shard.get(&value) {
            return Self(kept);
        }
        if shard.is_empty() {
            shard.reserve(FIRST);
        }
        let kept: &'static T = Box::leak(Box::new(value));
        shard.insert(kept);
        Self(kept)
    }
}

impl<T> Shared<T> {
    /// The value, for as long as the process lives.
    #[must_use]
    pub fn get(self) -> &'static T {
        self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shared<T> {}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T> Eq for Shared<T> {}

impl<T> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}

impl<T: Kept + Default> Default for Shared<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Gives kinds of values a place to be kept.
macro_rules! kept {
    ($($kind:ty),* $(,)?) => {
        $(impl $crate::ir::Kept for $kind {
            fn shelf() -> &'static $crate::ir::Kind<Self> {
                static KIND: $crate::ir::Kind<$kind> = $crate::ir::Kind::new();
                &KIND
            }
        })*
    };
}

pub(crate) use kept;

#[cfg(test)]
mod tests {
    use super::Shared;
    use crate::ir::{Path, TypeRef};
    use crate::name::Name;

    fn named(name: &str) -> Shared<TypeRef> {
        Shared::new(TypeRef::Path(Shared::new(Path::plain(Name::new(name)))))
    }

    #[test]
    fn what_is_equal_is_one_on_every_thread() {
        let here = named("SharedBetweenThreads");
        let there = std::thread::spawn(|| named("SharedBetweenThreads")).join().unwrap();
        assert!(std::ptr::eq(here.get(), there.get()));
        assert_ne!(here, named("Another"));
    }
}
