//! Types without variables, each once for all bodies of a run: what inference leaves behind.

use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock};

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::table::{BoundTy, Ty, TyKind, TyTable};
use crate::name::Name;
use crate::shelf::Shelf;

const SHARDS: usize = 16;

/// All types that inference found. What was left open is unknown.
pub struct Store {
    kinds: Shelf<TyKind>,
    /// Types by the hashes of their kinds.
    ids: [RwLock<HashTable<Ty>>; SHARDS],
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Default for Store {
    fn default() -> Self {
        let store = Self { kinds: Shelf::new(), ids: std::array::from_fn(|_| RwLock::default()) };
        // The order of the constants of `Ty`.
        store.intern(TyKind::Unknown);
        store.intern(TyKind::Tuple(Box::default()));
        store.intern(TyKind::Never);
        store.intern(TyKind::Prim(Name::new("bool")));
        store.intern(TyKind::Prim(Name::new("str")));
        store
    }
}

impl Store {
    /// What a type is.
    #[must_use]
    pub fn kind(&self, ty: Ty) -> &TyKind {
        self.kinds.get(ty.0).unwrap_or(&TyKind::Unknown)
    }

    /// Whether nothing is known of a type.
    #[must_use]
    pub fn open(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Unknown)
    }

    /// How many types there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.kinds.count()
    }

    fn intern(&self, kind: TyKind) -> Ty {
        let hash = FxBuildHasher.hash_one(&kind);
        let shard = &self.ids[(hash >> 32) as usize % SHARDS];
        let is_right = |ty: &Ty| *self.kind(*ty) == kind;
        if let Some(ty) = shard.read().unwrap_or_else(PoisonError::into_inner).find(hash, is_right) {
            return *ty;
        }
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(ty) = shard.find(hash, is_right) {
            return *ty;
        }
        let ty = Ty(self.kinds.add(kind));
        shard.insert_unique(hash, ty, |ty| FxBuildHasher.hash_one(self.kind(*ty)));
        ty
    }
}

/// What types of a table are in the store, as far as was asked.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// For each type of the table: for which body it was found, and what.
    found: Vec<(u32, Ty)>,
    /// The body in hand.
    body: u32,
}

impl Settled {
    /// Of a type without variables: it is the same for every body.
    const EVER: u32 = u32::MAX;
    const NEVER: u32 = 0;
}

/// Takes types of one body over into the store.
pub(super) struct Settling<'s> {
    store: &'s Store,
    table: &'s TyTable,
    settled: &'s mut Settled,
}

impl<'s> Settling<'s> {
    pub(super) fn new(store: &'s Store, table: &'s TyTable, settled: &'s mut Settled) -> Self {
        settled.body += 1;
        settled.found.resize(table.len(), (Settled::NEVER, Ty::UNKNOWN));
        Self { store, table, settled }
    }

    pub(super) fn ty(&mut self, ty: Ty) -> Ty {
        let ty = self.table.shallow(ty);
        let (of, found) = self.settled.found[ty.0 as usize];
        if of == Settled::EVER || of == self.settled.body {
            return found;
        }
        // A type that holds itself is cut there.
        self.settled.found[ty.0 as usize] = (self.settled.body, Ty::UNKNOWN);
        let settled = match self.table.kind(ty) {
            TyKind::Unknown | TyKind::Var(_) => Ty::UNKNOWN,
            kind => {
                let kind = self.kind(kind);
                self.store.intern(kind)
            }
        };
        let of = if self.table.is_closed(ty) { Settled::EVER } else { self.settled.body };
        self.settled.found[ty.0 as usize] = (of, settled);
        settled
    }

    fn kind(&mut self, kind: &TyKind) -> TyKind {
        match kind {
            TyKind::Adt(item, args) => TyKind::Adt(*item, self.all(args)),
            TyKind::Tuple(items) => TyKind::Tuple(self.all(items)),
            TyKind::Slice(inner) => TyKind::Slice(self.ty(*inner)),
            TyKind::FnPtr(args, ret) => TyKind::FnPtr(self.all(args), self.ty(*ret)),
            TyKind::Bounds(bounds) => TyKind::Bounds(bounds.iter().map(|b| self.bound(b)).collect()),
            TyKind::Future(inner) => TyKind::Future(self.ty(*inner)),
            TyKind::Proj(inner, trait_, name) => TyKind::Proj(self.ty(*inner), *trait_, *name),
            TyKind::External(path, args) => TyKind::External(path.clone(), self.all(args)),
            plain => plain.clone(),
        }
    }

    fn bound(&mut self, bound: &BoundTy) -> BoundTy {
        BoundTy {
            args: self.all(&bound.args),
            bindings: bound.bindings.iter().map(|(name, ty)| (*name, self.ty(*ty))).collect(),
            ..bound.clone()
        }
    }

    fn all(&mut self, list: &[Ty]) -> Box<[Ty]> {
        list.iter().map(|t| self.ty(*t)).collect()
    }
}

/// A few values by key, in order and without slack.
#[derive(Debug)]
pub struct Sparse<K, V>(Box<[(K, V)]>);

impl<K: Ord + Copy, V> Sparse<K, V> {
    pub(super) fn new(from: FxHashMap<K, V>) -> Self {
        let mut list: Vec<(K, V)> = from.into_iter().collect();
        list.sort_unstable_by_key(|(k, _)| *k);
        Self(list.into_boxed_slice())
    }

    /// The same with every value changed, in the order of their keys.
    pub(super) fn map(mut self, change: &mut dyn FnMut(&mut V)) -> Self {
        self.0.iter_mut().for_each(|(_, value)| change(value));
        self
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.binary_search_by_key(key, |(k, _)| *k).ok().map(|at| &self.0[at].1)
    }

    /// Whether a key has a value.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All keys with their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}
