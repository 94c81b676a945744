//! Access paths below a root, interned: a path is a number, its longer ones are found by a step, and their order is the
//! same on every run. One table for the process, as for names.

use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::ops::Deref;
use std::sync::{OnceLock, PoisonError, RwLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::name::Name;
use crate::shelf::{Near, Shelf};

/// A step of an access path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Key {
    /// A field, or a position of a tuple.
    Field(Name),
    /// A field of a variant; the payload of `Ok` and `Err`.
    Variant(Name, Name),
    /// An element at a constant place.
    Index(u32),
    /// An element under a constant key.
    Const(Name),
    /// A type argument's share of a container of several (keys and values of a map).
    Arg(u8),
    /// Something that is not data: the URL of a request.
    Hidden(Name),
}

impl Key {
    fn rank(self) -> (u8, &'static str, &'static str, u32) {
        match self {
            Self::Field(n) => (0, n.as_str(), "", 0),
            Self::Variant(v, n) => (1, v.as_str(), n.as_str(), 0),
            Self::Index(i) => (2, "", "", i),
            Self::Const(n) => (3, n.as_str(), "", 0),
            Self::Arg(i) => (4, "", "", u32::from(i)),
            Self::Hidden(n) => (5, n.as_str(), "", 0),
        }
    }

    /// A number that depends on what the key says alone.
    fn order(self) -> u64 {
        match self {
            Self::Field(n) => n.order(),
            Self::Variant(v, n) => mixed(v.order(), n.order()),
            Self::Index(i) => mixed(2, u64::from(i)),
            Self::Const(n) => mixed(3, n.order()),
            Self::Arg(i) => mixed(4, u64::from(i)),
            Self::Hidden(n) => mixed(5, n.order()),
        }
    }

    /// Whether the key picks an element of a container.
    pub(super) fn is_element(self) -> bool {
        matches!(self, Self::Index(_) | Self::Const(_))
    }
}

fn mixed(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        self.order().cmp(&other.order()).then_with(|| self.rank().cmp(&other.rank()))
    }
}

/// An access path below a root.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Path {
    id: u32,
    /// Its length, then a number that depends on its keys alone: what paths are ordered by.
    order: u32,
}

/// Bits of the number behind the length.
const MIX: u32 = 28;

const SHARDS: usize = 16;

/// A path with what it is found by.
struct Entry {
    /// The path that it is one step longer than.
    shorter: u32,
    keys: Box<[Key]>,
}

struct Table {
    entries: Shelf<Entry>,
    /// Longer paths by their shorter one and the step.
    longer: [RwLock<HashTable<Path>>; SHARDS],
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let entries = Shelf::new();
        entries.add(Entry { shorter: 0, keys: Box::default() });
        Table { entries, longer: std::array::from_fn(|_| RwLock::default()) }
    })
}

impl Table {
    fn is_step(&self, path: Path, shorter: u32, key: Key) -> bool {
        let entry = self.entries.get(path.id);
        entry.is_some_and(|entry| entry.shorter == shorter && entry.keys.last() == Some(&key))
    }

    /// The hash by which a path is found.
    fn hash(&self, path: Path) -> u64 {
        let step = self.entries.get(path.id).and_then(|entry| Some((entry.shorter, *entry.keys.last()?)));
        step.map_or(0, |(shorter, key)| hash_of(shorter, key))
    }

    fn longer(&self, path: Path, key: Key, hash: u64) -> Path {
        let shard = &self.longer[(hash >> 32) as usize % SHARDS];
        let is_it = |known: &Path| self.is_step(*known, path.id, key);
        if let Some(known) = shard.read().unwrap_or_else(PoisonError::into_inner).find(hash, is_it) {
            return *known;
        }
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shard.find(hash, is_it) {
            return *known;
        }
        let keys: Box<[Key]> = path.iter().copied().chain([key]).collect();
        let length = (keys.len() as u32).min(15);
        let mix = mixed(u64::from(path.order), key.order());
        let order = length << MIX | (mix >> 32) as u32 & ((1 << MIX) - 1);
        let longer = Path { id: self.entries.add(Entry { shorter: path.id, keys }), order };
        shard.insert_unique(hash, longer, |path| self.hash(*path));
        longer
    }
}

fn hash_of(shorter: u32, key: Key) -> u64 {
    FxBuildHasher.hash_one((shorter, key))
}

thread_local! {
    /// Paths with the shorter one and the step that they are made of.
    static NEAR: std::cell::RefCell<Near<(u32, Key, Path)>> = std::cell::RefCell::new(Near::new());
}

impl Path {
    /// The root itself.
    pub(super) const ROOT: Self = Self { id: 0, order: 0 };

    /// The path one step further.
    pub(super) fn child(self, key: Key) -> Self {
        let hash = hash_of(self.id, key);
        let is_right = |(shorter, step, _): &(u32, Key, Self)| *shorter == self.id && *step == key;
        let find = || (self.id, key, table().longer(self, key, hash));
        NEAR.with(|near| near.borrow_mut().get(hash, is_right, find).2)
    }

    /// A number by which paths are put in order, short ones first; two paths may share one.
    pub(super) fn order(self) -> u32 {
        self.order
    }
}

impl Deref for Path {
    type Target = [Key];

    fn deref(&self) -> &[Key] {
        table().entries.get(self.id).map_or(&[], |entry| &*entry.keys)
    }
}

impl std::hash::Hash for Path {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl std::fmt::Debug for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Shorter paths first.
impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.id == other.id {
            return Ordering::Equal;
        }
        self.order.cmp(&other.order).then_with(|| self.iter().cmp(other.iter()))
    }
}
