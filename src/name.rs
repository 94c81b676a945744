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
/// So many names in each a small program has.
const NAMES: usize = 800;

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
        let shards = std::array::from_fn(|_| RwLock::new(HashTable::with_capacity(NAMES)));
        let table = Table { shards, entries: Shelf::new() };
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

/// All of a short text in two numbers and its length, so that neither hashing nor comparing has to go through it: most
/// names are short. Of a longer text, what tells most of them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Brief {
    parts: (u64, u64),
    /// Zero of a text that is longer than both parts.
    length: u32,
}

impl Brief {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let parts = match (bytes, bytes.first_chunk(), bytes.last_chunk()) {
            (_, Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes, bytes.first_chunk(), bytes.last_chunk()) {
                (_, Some(first), Some(last)) => {
                    (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
                }
                ([first, .., last], ..) => (u64::from(*first) << 8 | u64::from(bytes[1]), u64::from(*last)),
                ([only], ..) => ((*only).into(), 0),
                ([], ..) => (0, 0),
            },
        };
        Self { parts, length: if bytes.len() <= 16 { bytes.len() as u32 } else { 0 } }
    }

    /// Whether it is the whole text: no other has it.
    fn is_whole(self) -> bool {
        self.length > 0
    }

    fn hash(self) -> u64 {
        let (first, last) = self.parts;
        (first ^ last.rotate_left(29) ^ u64::from(self.length)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// A name with what its text is known by.
#[derive(Clone, Copy)]
struct Known {
    name: Name,
    brief: Brief,
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
        let brief = Brief::of(text);
        let is_it = |known: &Known| known.brief == brief && (brief.is_whole() || known.name.as_str() == text);
        let find = || Known { name: table().find(text, hash_of(text)), brief };
        NEAR.with(|near| near.borrow_mut().get(brief.hash(), is_it, find).name)
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
        let plain = (0..40).flat_map(|length| ["ab", "ba", "a"].map(|end| "x".repeat(length) + end));
        let texts: Vec<String> = texts.into_iter().chain(plain).collect();
        for text in texts.iter().chain(&texts) {
            assert_eq!(Name::new(text).as_str(), text);
        }
        for (text, other) in [("a", "a\0"), ("", "\0"), ("abcdefghijklmnopqrs", "abcdefghijklmnopqr")] {
            assert_ne!(Name::new(text), Name::new(other));
        }
    }
}
