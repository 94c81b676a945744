//! What interned things stand on; knows nothing about what they are. A shelf only grows: values are put on it from any
//! thread, get a number, and are read without a lock for as long as the process lives. Before the tables by which they
//! are found lies what each thread asked for last.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const CHUNK: usize = 1 << 12;
const CHUNKS: usize = 1 << 12;

type Chunk<T> = Box<[OnceLock<T>]>;

/// Values by number.
pub(crate) struct Shelf<T> {
    next: AtomicU32,
    chunks: Box<[OnceLock<Chunk<T>>]>,
}

impl<T> Shelf<T> {
    pub(crate) fn new() -> Self {
        Self { next: AtomicU32::new(0), chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect() }
    }

    /// Puts a value on the shelf.
    pub(crate) fn add(&self, value: T) -> u32 {
        let id = self.next.fetch_add(1, Ordering::AcqRel);
        let chunk =
            self.chunks[id as usize / CHUNK].get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
        let _ = chunk[id as usize % CHUNK].set(value);
        id
    }

    /// How many numbers were given.
    pub(crate) fn count(&self) -> usize {
        self.next.load(Ordering::Acquire) as usize
    }

    /// A value; numbers are handed on only once it is there.
    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        self.chunks[id as usize / CHUNK].get()?[id as usize % CHUNK].get()
    }
}

/// What was asked for last, one value a slot: a cache before a table that threads share, of a size that stays.
pub(crate) struct Near<T>(Box<[Option<T>]>);

const SLOTS: usize = 1 << 13;

impl<T: Copy> Near<T> {
    pub(crate) fn new() -> Self {
        Self((0..SLOTS).map(|_| None).collect())
    }

    /// The value of a hash that is the right one, or else the one that is found, which takes its slot.
    pub(crate) fn get(&mut self, hash: u64, is_right: impl Fn(&T) -> bool, find: impl FnOnce() -> T) -> T {
        // The upper bits are the ones that multiplication mixes.
        let slot = &mut self.0[(hash >> 40) as usize % SLOTS];
        match slot {
            Some(value) if is_right(value) => *value,
            _ => *slot.insert(find()),
        }
    }
}
