//! What words, phrases and names of types can be said to be. Knows no word.

/// How much a phrase says by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Strength {
    /// Only where its holder, what stands beside it or its type is of the same kind.
    Home,
    /// Only about a person.
    Weak,
    /// It is, and a program's rather than a person's: to be asked about.
    Asked,
    /// It may be something else.
    Likely,
    /// What it says, wherever it stands.
    Strong,
}

/// What a word may be besides part of a phrase: a set of these.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum Class {
    Tail = 1,
    Flag = 2,
    Verb = 4,
    Link = 8,
    Person = 16,
    Record = 32,
    Modifier = 64,
    Operator = 128,
    Settings = 256,
    Grammar = 512,
    Machine = 1024,
    Role = 2048,
    Thing = 4096,
    Service = 8192,
    Peer = 16384,
    Public = 32768,
    History = 65536,
    Mask = 1 << 17,
    People = 1 << 18,
    Author = 1 << 19,
    Identifier = 1 << 20,
    Outsider = 1 << 21,
    Act = 1 << 22,
    Choice = 1 << 23,
    Attribute = 1 << 24,
    Direction = 1 << 25,
    Upload = 1 << 26,
    Measure = 1 << 27,
    Signpost = 1 << 28,
    Registered = 1 << 29,
    SignedIn = 1 << 30,
    Upkeep = 1 << 31,
    Denial = 1 << 32,
    Denied = 1 << 33,
    Publication = 1 << 34,
    Deed = 1 << 35,
    Use = 1 << 36,
    Form = 1 << 37,
    Profile = 1 << 38,
    Reference = 1 << 39,
    Connection = 1 << 40,
}

/// What a type's name says of what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    /// Anything.
    Carrier,
    /// Anything, with fields of its own that nobody declared.
    Document,
    /// A link.
    Locator,
    /// A time.
    Time,
    /// A network address.
    Address,
    /// Data of this category.
    Category(usize),
}
