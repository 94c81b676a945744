//! The owned intermediate representation: what `lower` makes of source text and everything after reads.
//!
//! Properties that the rest relies on:
//! - Plain data, no behaviour beyond access; no tree, no token, nothing bound to a thread. A unit depends on its own
//!   text alone (macros expanded into it aside), so it can be cached by content.
//! - Spans are byte ranges into the file that the user wrote; code that a macro made points at the call.
//! - Locals are resolved in a body: a path that names a local is [`Expr::Local`]. All other paths are unresolved.
//! - Parentheses, groups and attributes on expressions are gone. `while` is a loop, `if let` an `if` with [`Expr::Let`].

mod body;
mod cfg;
mod ranges;
mod shared;

pub use body::{Arm, BinaryOp, Body, Closure, Expr, List, Lit, Local, Pat, Stmt, Turbofish};
pub use ranges::Ranges;
pub(crate) use shared::kept;
pub use shared::{Kept, Kind, Shared};

use crate::name::Name;

/// A byte range in the unit's file.
pub type Range = (u32, u32);

/// An item within its unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ItemId(pub u32);

/// An expression within its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprId(pub u32);

/// A pattern within its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PatId(pub u32);

/// A local variable within its body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LocalId(pub u32);

/// Items of one file, of one body, or of one macro expansion.
#[derive(Debug, Default)]
pub struct Unit {
    /// All items; children refer to them by id.
    pub items: Vec<Item>,
    /// Those at the top.
    pub top: Vec<ItemId>,
    /// Code of functions, constants and statics that has not been lowered yet.
    pub pending: Vec<Pending>,
}

/// Code to be lowered on its own.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// Whose code.
    pub item: ItemId,
    /// Where, braces included for blocks.
    pub range: Range,
    /// A block, or an expression.
    pub block: bool,
    /// What annotations are called where it stands.
    pub called: Annotating,
}

/// What a scope's `use`s call the companion crate and those of its attributes that stand on items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Annotating {
    /// `use personal_data as …`.
    pub krate: Option<Name>,
    /// `use personal_data::allow`, by which name ever.
    pub allow: Option<Name>,
    /// `use personal_data::purpose`.
    pub purpose: Option<Name>,
}

/// One item.
#[derive(Debug)]
pub struct Item {
    /// Its name; empty for impls and uses.
    pub name: Name,
    /// Where the name stands.
    pub name_range: Range,
    /// The whole item.
    pub range: Range,
    /// Attributes that matter.
    pub attrs: Attrs,
    /// The rest.
    pub kind: ItemKind,
    /// Whether other crates may name it: `pub` without more.
    pub public: bool,
}

/// What an item is.
#[derive(Debug)]
pub enum ItemKind {
    /// `mod x { … }` (`Some`) or `mod x;`.
    Mod(Option<Vec<ItemId>>),
    /// Flattened `use` trees.
    Use(Vec<Import>),
    /// `extern crate a as b;`.
    ExternCrate(Name),
    /// `struct` and `union`.
    Struct(Shared<Generics>, Fields),
    /// `enum`.
    Enum(Shared<Generics>, Vec<Variant>),
    /// `trait`.
    Trait(Shared<Generics>, Box<[Bound]>, Box<[ItemId]>),
    /// `impl`.
    Impl(Box<Impl>),
    /// `fn`, method or associated function.
    Fn(Box<FnDecl>),
    /// `const` and `static`.
    Const(Shared<TypeRef>),
    /// `type`; `None` for an associated type without a default. The bounds are those of an associated type.
    Alias(Shared<Generics>, Option<Shared<TypeRef>>, Box<[Bound]>),
    /// `macro_rules!` or `macro`: the range of its rules.
    MacroRules(Range),
    /// A macro called where items stand: its path and the range of its input.
    MacroCall(Shared<Path>, Range),
}

/// One imported path.
#[derive(Debug, Clone, Copy)]
pub struct Import {
    /// What is imported; without the name for a glob.
    pub path: Shared<Path>,
    /// The name it gets; `None` for `_`.
    pub alias: Option<Name>,
    /// Whether it is a glob.
    pub glob: bool,
}

/// Fields of a struct or a variant.
#[derive(Debug, Default)]
pub struct Fields {
    /// In order; tuple fields are named `0`, `1`, ….
    pub list: Vec<Field>,
    /// Whether they are positional.
    pub tuple: bool,
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Where the name (for tuple fields the type) stands.
    pub range: Range,
    /// Its type.
    pub ty: Shared<TypeRef>,
    /// Attributes that matter.
    pub attrs: Attrs,
    /// Whether other crates may name it: `pub` without more.
    pub public: bool,
}

/// A variant of an enum.
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// Where the name stands.
    pub range: Range,
    /// Its fields.
    pub fields: Fields,
    /// Attributes that matter.
    pub attrs: Attrs,
}

/// An impl block.
#[derive(Debug)]
pub struct Impl {
    /// Its own parameters.
    pub generics: Shared<Generics>,
    /// The trait.
    pub trait_: Option<Shared<Path>>,
    /// For which type.
    pub self_ty: Shared<TypeRef>,
    /// What it holds.
    pub items: Vec<ItemId>,
}

/// A function's declaration.
#[derive(Debug)]
pub struct FnDecl {
    /// Its parameters.
    pub generics: Shared<Generics>,
    /// `self`, by value (0), by reference (1) or by mutable reference (2); typed self counts as by value.
    pub receiver: Option<Receiver>,
    /// The others.
    pub params: Vec<Param>,
    /// What it returns, as written.
    pub ret: Option<Shared<TypeRef>>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it has a body (a trait's required method has none).
    pub has_body: bool,
    /// `#[instrument]` and its like.
    pub instrument: Option<Box<Instrument>>,
}

/// How a method takes `self`.
#[derive(Debug)]
pub struct Receiver {
    /// By value, reference, or mutable reference.
    pub mode: RefMode,
    /// `self: T`.
    pub ty: Option<Shared<TypeRef>>,
    /// Where it stands.
    pub range: Range,
}

/// By value, reference, or mutable reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RefMode {
    /// `x`.
    Value,
    /// `&x`.
    Shared,
    /// `&mut x`.
    Mut,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// The name, when the pattern is a plain one.
    pub name: Option<Name>,
    /// The pattern's place.
    pub range: Range,
    /// Its type.
    pub ty: Shared<TypeRef>,
    /// Attributes that matter.
    pub attrs: Attrs,
}

/// `#[instrument(…)]`.
#[derive(Debug, Clone, Default)]
pub struct Instrument {
    /// The attribute's place.
    pub range: Range,
    /// `skip_all`.
    pub skip_all: bool,
    /// `skip(…)`.
    pub skip: Vec<Name>,
    /// The range of the expressions in `fields(…)`.
    pub fields: Option<Range>,
    /// `ret`.
    pub ret: bool,
    /// `err`.
    pub err: bool,
}

/// Generic parameters and where-clauses.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub struct Generics {
    /// Type parameters in order (lifetimes and constants left out).
    pub params: Vec<Name>,
    /// Defaults, parallel to `params`.
    pub defaults: Vec<Option<Shared<TypeRef>>>,
    /// Bounds: a type and what it must satisfy.
    pub bounds: Vec<(Shared<TypeRef>, Bound)>,
    /// Whether a lifetime is among the parameters: without one, what a field borrows lives as long as the program.
    pub borrows: bool,
}

/// A trait bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The trait with its arguments.
    pub path: Shared<Path>,
}

impl Bound {
    /// Whether it says more of a type than that it has a trait: what it is called with, or what its associated types are.
    #[must_use]
    pub fn tells(self) -> bool {
        let args = self.path.get().segments.last().and_then(|last| last.args.as_deref());
        args.is_some_and(|args| args.call || !args.bindings.is_empty())
    }
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// A path.
    Path(Shared<Path>),
    /// `&T`, `&mut T`, pointers.
    Ref(Shared<TypeRef>, bool),
    /// A tuple; empty for `()`.
    Tuple(Vec<Shared<TypeRef>>),
    /// `[T]`.
    Slice(Shared<TypeRef>),
    /// `[T; N]`.
    Array(Shared<TypeRef>),
    /// `fn(A) -> B`.
    Fn(Vec<Shared<TypeRef>>, Shared<TypeRef>),
    /// `impl A + B`.
    Impl(Vec<Bound>),
    /// `dyn A + B`.
    Dyn(Vec<Bound>),
    /// `!`.
    Never,
    /// `_`.
    Infer,
    /// Something else.
    Error,
}

impl TypeRef {
    /// `()`.
    #[must_use]
    pub fn unit() -> Self {
        Self::Tuple(Vec::new())
    }

    /// The name of a type that is written as one plain name.
    #[must_use]
    pub fn single(&self) -> Option<Name> {
        match self {
            Self::Path(path) => path.single(),
            _ => None,
        }
    }
}

/// A path as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    /// `<T as …>::`: the type, and how many segments belong to the trait.
    pub qself: Option<(Shared<TypeRef>, usize)>,
    /// Begins with `::`.
    pub global: bool,
    /// Its segments, `crate`, `self`, `super` and `Self` included.
    pub segments: Vec<Segment>,
}

impl Path {
    /// A path of one plain segment.
    #[must_use]
    pub fn plain(name: Name) -> Self {
        Self { segments: vec![Segment { name, args: None }], ..Self::default() }
    }

    /// The last segment's name.
    #[must_use]
    pub fn last(&self) -> Option<Name> {
        self.segments.last().map(|s| s.name)
    }

    /// The name of a path of one plain segment.
    #[must_use]
    pub fn single(&self) -> Option<Name> {
        match &self.segments[..] {
            [one] if self.qself.is_none() && !self.global => Some(one.name),
            _ => None,
        }
    }
}

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// Its arguments.
    pub args: Option<Box<Args>>,
}

/// Generic arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Args {
    /// Types.
    pub types: Vec<Shared<TypeRef>>,
    /// `Item = T`.
    pub bindings: Vec<(Name, Shared<TypeRef>)>,
    /// Whether they were written `(A, B) -> C`: then `types` holds the inputs and `bindings` has `Output`.
    pub call: bool,
}

/// Attributes that matter; empty on most places.
#[derive(Debug, Default)]
pub struct Attrs(pub Option<Box<AttrList>>);

impl Attrs {
    /// The attributes, when there are any.
    #[must_use]
    pub fn get(&self) -> Option<&AttrList> {
        self.0.as_deref()
    }

    /// Our own annotation.
    #[must_use]
    pub fn annotation(&self) -> Option<&Annotation> {
        self.get()?.annotation.as_deref()
    }

    /// The span of a derive of this name.
    #[must_use]
    pub fn derive(&self, name: &str) -> Option<Range> {
        self.get()?.derives.iter().find(|(n, _)| *n == *name).map(|(_, r)| *r)
    }

    /// Whether another attribute hides the place under a view.
    #[must_use]
    pub fn hides(&self, view: View) -> bool {
        self.get().is_some_and(|a| a.hidden.contains(&view))
    }
}

/// The attributes of a place.
#[derive(Debug, Default)]
pub struct AttrList {
    /// `#[personal_data(…)]`.
    pub annotation: Option<Box<Annotation>>,
    /// Derived traits by last segment, with their places.
    pub derives: Vec<(Name, Range)>,
    /// The condition of `#[cfg(…)]`.
    pub cfg: Vec<Cfg>,
    /// Whether the item is test code by itself (`#[test]` and its like).
    pub test: bool,
    /// Views under which attributes of other crates hide the place (`#[serde(skip)]`, `#[debug(skip)]`, …).
    pub hidden: Vec<View>,
    /// The format string of `#[error("…")]` or `#[display("…")]`, with its place.
    pub display: Option<(Name, Range)>,
    /// `#[error(transparent)]`, `#[serde(transparent)]`.
    pub transparent: bool,
    /// `#[from]`, `#[source]` on a field.
    pub from: bool,
    /// `#[path = "…"]`.
    pub path: Option<Name>,
    /// `#[macro_export]` on a macro, `#[macro_use]` on a module or extern crate.
    pub macro_export: bool,
    /// Name under serde.
    pub serde_name: Option<Name>,
    /// Suppressions.
    pub allows: Vec<Allow>,
    /// `purpose(…)`.
    pub purpose: Option<(Name, Range)>,
    /// Doc comments, joined; weak evidence.
    pub doc: Option<Box<str>>,
}

/// How a value is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum View {
    /// As it is.
    Whole,
    /// `{:?}`.
    Debug,
    /// `{}`.
    Display,
    /// Through serde.
    Serialize,
}

/// `#[personal_data(…)]` as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// The key; empty where it is wrong; `none` for nothing personal.
    pub key: String,
    /// The key's place (the whole attribute's where it is wrong).
    pub range: Range,
    /// What is wrong with its grammar.
    pub wrong: Option<String>,
}

/// A suppression on an item or field.
#[derive(Debug, Clone, PartialEq)]
pub struct Allow {
    /// Lints, without `privacy::`.
    pub lints: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The attribute's place.
    pub range: Range,
    /// What it covers.
    pub scope: Range,
}

kept!(Generics, Path, TypeRef, Vec<Name>);

/// A `cfg` condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Cfg {
    /// `unix`, `test`.
    Flag(Name),
    /// `feature = "x"`.
    Value(Name, Name),
    /// `all(…)`.
    All(Vec<Cfg>),
    /// `any(…)`.
    Any(Vec<Cfg>),
    /// `not(…)`.
    Not(Box<Cfg>),
}
