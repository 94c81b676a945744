//! Interned names: small, copyable, comparable by id, ordered by text where order matters for output.
//!
//! One append-only table for the process, because names cross threads, crates and runs of the editor server. Ids depend
//! on the order of arrival, so nothing that is shown or sorted may use them: compare texts instead.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{OnceLock, RwLock};

use rustc_hash::{FxHashMap, FxHasher};

/// An interned string.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

const CHUNK: usize = 1 << 12;
const CHUNKS: usize = 1 << 12;
const SHARDS: usize = 16;

type Shard = RwLock<HashMap<&'static str, Name, BuildHasherDefault<FxHasher>>>;
type Chunk = Box<[OnceLock<&'static str>]>;

struct Table {
    shards: [Shard; SHARDS],
    next: std::sync::atomic::AtomicU32,
    chunks: Vec<OnceLock<Chunk>>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table {
        shards: std::array::from_fn(|_| Shard::default()),
        next: std::sync::atomic::AtomicU32::new(0),
        chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
    })
}

thread_local! {
    static NEAR: std::cell::RefCell<FxHashMap<&'static str, Name>> = std::cell::RefCell::default();
}

impl Name {
    /// The name of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        NEAR.with(|near| {
            if let Some(name) = near.borrow().get(text) {
                return *name;
            }
            let name = Self::shared(text);
            near.borrow_mut().insert(name.as_str(), name);
            name
        })
    }

    fn shared(text: &str) -> Self {
        let shard = &table().shards[shard_of(text)];
        if let Some(name) = shard.read().unwrap_or_else(|e| e.into_inner()).get(text) {
            return *name;
        }
        let mut shard = shard.write().unwrap_or_else(|e| e.into_inner());
        if let Some(name) = shard.get(text) {
            return *name;
        }
        let kept: &'static str = Box::leak(text.into());
        let name = Self::append(kept);
        shard.insert(kept, name);
        name
    }

    fn append(kept: &'static str) -> Self {
        let id = table().next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let slot = &table().chunks[id as usize / CHUNK];
        let chunk = slot.get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
        let _ = chunk[id as usize % CHUNK].set(kept);
        Self(id)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let chunk = table().chunks[self.0 as usize / CHUNK].get();
        chunk.and_then(|c| c[self.0 as usize % CHUNK].get()).copied().unwrap_or("")
    }
}

fn shard_of(text: &str) -> usize {
    let mix = text.bytes().fold(text.len(), |h, b| h.wrapping_mul(31).wrapping_add(b as usize));
    mix % SHARDS
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn same_text_same_name_on_every_thread() {
        let here = Name::new("user_email");
        let there = std::thread::spawn(|| Name::new("user_email")).join().unwrap();
        assert_eq!(here, there);
        assert_eq!(there.as_str(), "user_email");
        assert_ne!(here, Name::new("user_mail"));
    }
}
