//! Interned names: small, copyable, comparable by id, ordered by text where order matters for output.
//!
//! One append-only table for the process, because names cross threads, crates and runs of the editor server. Ids depend
//! on the order of arrival, so nothing that is shown or sorted may use them: compare texts instead.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{OnceLock, RwLock};

use rustc_hash::{FxHashMap, FxHasher};

use crate::shelf::Shelf;

/// An interned string.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

/// Names that the language gives a meaning, compared so often that they are constants.
macro_rules! known {
    ($($(#[$doc:meta])* $id:ident = $text:literal,)*) => {
        const KNOWN: &[&str] = &[$($text),*];
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "only numbers")]
        enum Number { $($id),* }
        impl Name { $($(#[$doc])* pub const $id: Self = Self(Number::$id as u32);)* }
    };
}

known! {
    /// `Self`
    SELF_TYPE = "Self",
    /// `self`
    SELF = "self",
    /// `super`
    SUPER = "super",
    /// `crate`
    CRATE = "crate",
    /// `$crate`
    DOLLAR_CRATE = "$crate",
    /// `str`
    STR = "str",
    /// `bool`
    BOOL = "bool",
    /// `Err`
    ERR = "Err",
    /// `Result`
    RESULT = "Result",
    /// `Output`
    OUTPUT = "Output",
    /// `IntoIter`
    INTO_ITER = "IntoIter",
}

const SHARDS: usize = 16;

type Shard = RwLock<HashMap<&'static str, Name, BuildHasherDefault<FxHasher>>>;

/// A text, and a number that depends on nothing but the text.
struct Entry {
    text: &'static str,
    order: u64,
}

struct Table {
    shards: [Shard; SHARDS],
    entries: Shelf<Entry>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table = Table { shards: std::array::from_fn(|_| Shard::default()), entries: Shelf::new() };
        for text in KNOWN {
            let name = Name(table.entries.add(Entry { text, order: fingerprint(text) }));
            table.shards[shard_of(text)].write().unwrap_or_else(|e| e.into_inner()).insert(text, name);
        }
        table
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
        let name = Self(table().entries.add(Entry { text: kept, order: fingerprint(kept) }));
        shard.insert(kept, name);
        name
    }

    /// Its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        table().entries.get(self.0).map_or("", |e| e.text)
    }

    /// A number by which names can be put in an order that is the same on every run; two names may share one.
    #[must_use]
    pub fn order(self) -> u64 {
        table().entries.get(self.0).map_or(0, |e| e.order)
    }
}

/// FNV-1a, the same on every machine.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
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
        for (text, name) in super::KNOWN.iter().zip(0..) {
            assert_eq!(Name::new(text), Name(name));
        }
        assert_eq!((Name::ERR.as_str(), Name::SELF_TYPE.as_str()), ("Err", "Self"));
    }
}
