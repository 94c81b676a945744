//! Interned names: small, copyable, comparable by id, ordered by text where order matters for output.
//!
//! One append-only table for the process, because names cross threads, crates and runs of the editor server. Ids depend
//! on the order of arrival, so nothing that is shown or sorted may use them: compare texts instead.

use std::hash::BuildHasher;
use std::num::NonZeroU32;
use std::sync::{OnceLock, PoisonError, RwLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::shelf::{Near, Shelf};

/// An interned string.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(NonZeroU32);

/// Names that the language gives a meaning, compared so often that they are constants.
macro_rules! known {
    ($($(#[$doc:meta])* $id:ident = $text:literal,)*) => {
        const KNOWN: &[&str] = &[$($text),*];
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "only numbers")]
        enum Number { $($id),* }
        impl Name { $($(#[$doc])* pub const $id: Self = Self::numbered(Number::$id as u32);)* }
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

/// Names by the hash of their text.
type Shard = RwLock<HashTable<Name>>;

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
            table.add(text, hash_of(text));
        }
        table
    })
}

impl Table {
    fn text(&self, name: Name) -> &'static str {
        self.entries.get(name.number()).map_or("", |entry| entry.text)
    }

    fn shard(&self, hash: u64) -> &Shard {
        &self.shards[(hash >> 32) as usize % SHARDS]
    }

    fn find(&self, text: &str, hash: u64) -> Name {
        let shard = self.shard(hash).read().unwrap_or_else(PoisonError::into_inner);
        let known = shard.find(hash, |name| self.text(*name) == text).copied();
        drop(shard);
        known.unwrap_or_else(|| self.add(text, hash))
    }

    fn add(&self, text: &str, hash: u64) -> Name {
        let mut shard = self.shard(hash).write().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = shard.find(hash, |name| self.text(*name) == text) {
            return *name;
        }
        let kept: &'static str = Box::leak(text.into());
        let name = Name::numbered(self.entries.add(Entry { text: kept, order: fingerprint(kept) }));
        shard.insert_unique(hash, name, |name| hash_of(self.text(*name)));
        name
    }
}

fn hash_of(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// A name with its text, so that nothing but this has to be looked at: most names are short.
#[derive(Clone, Copy)]
struct Known {
    name: Name,
    length: u8,
    text: [u8; Self::ROOM],
}

impl Known {
    const ROOM: usize = 19;

    fn new(name: Name, text: &str) -> Self {
        let mut kept = [0; Self::ROOM];
        if let Some(room) = kept.get_mut(..text.len()) {
            room.copy_from_slice(text.as_bytes());
        }
        Self { name, length: u8::try_from(text.len()).unwrap_or(u8::MAX), text: kept }
    }

    fn is(&self, text: &str) -> bool {
        match self.text.get(..text.len()) {
            Some(kept) => usize::from(self.length) == text.len() && kept == text.as_bytes(),
            None => self.name.as_str() == text,
        }
    }
}

thread_local! {
    static NEAR: std::cell::RefCell<Near<Known>> = std::cell::RefCell::new(Near::new());
}

impl Name {
    /// Numbers begin at one here, so that there is room for no name at all.
    const fn numbered(number: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    const fn number(self) -> u32 {
        self.0.get() - 1
    }

    /// The name of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let hash = hash_of(text);
        let find = || Known::new(table().find(text, hash), text);
        NEAR.with(|near| near.borrow_mut().get(hash, |known| known.is(text), find).name)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        table().text(self)
    }

    /// A number by which names can be put in an order that is the same on every run; two names may share one.
    #[must_use]
    pub fn order(self) -> u64 {
        table().entries.get(self.number()).map_or(0, |e| e.order)
    }
}

/// FNV-1a, the same on every machine.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
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
            assert_eq!(Name::new(text), Name::numbered(name));
        }
        assert_eq!((Name::ERR.as_str(), Name::SELF_TYPE.as_str()), ("Err", "Self"));
    }

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let texts: Vec<String> = (0..600).map(|length| "é".repeat(length)).collect();
        for text in texts.iter().chain(&texts) {
            assert_eq!(Name::new(text).as_str(), text);
        }
        for (text, other) in [("a", "a\0"), ("", "\0"), ("abcdefghijklmnopqrs", "abcdefghijklmnopqr")] {
            assert_ne!(Name::new(text), Name::new(other));
        }
    }
}
