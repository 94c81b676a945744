//! The owned intermediate representation: what `lower` makes of source text and everything after reads.
//!
//! Properties that the rest relies on:
//! - Plain data, no behaviour beyond access; no `syn`, no token, nothing bound to a thread. A unit depends on its own
//!   text alone (macros expanded into it aside), so it can be cached by content.
//! - Spans are byte ranges into the file that the user wrote; code that a macro made points at the call.
//! - Locals are resolved in a body: a path that names a local is [`Expr::Local`]. All other paths are unresolved.
//! - Parentheses, groups and attributes on expressions are gone. `while` is a loop, `if let` an `if` with [`Expr::Let`].

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
    /// Whether it is `pub` in any way.
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
    Struct(Generics, Fields),
    /// `enum`.
    Enum(Generics, Vec<Variant>),
    /// `trait`.
    Trait(Generics, Vec<Bound>, Vec<ItemId>),
    /// `impl`.
    Impl(Box<Impl>),
    /// `fn`, method or associated function.
    Fn(Box<FnDecl>),
    /// `const` and `static`.
    Const(TypeRef),
    /// `type`; `None` for an associated type without a default. The bounds are those of an associated type.
    Alias(Generics, Option<TypeRef>, Vec<Bound>),
    /// `macro_rules!` or `macro`: the range of its rules.
    MacroRules(Range),
    /// A macro called where items stand: its path and the range of its input.
    MacroCall(Path, Range),
}

/// One imported path.
#[derive(Debug, Clone)]
pub struct Import {
    /// What is imported; without the name for a glob.
    pub path: Path,
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
    pub ty: TypeRef,
    /// Attributes that matter.
    pub attrs: Attrs,
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
    pub generics: Generics,
    /// The trait.
    pub trait_: Option<Path>,
    /// For which type.
    pub self_ty: TypeRef,
    /// What it holds.
    pub items: Vec<ItemId>,
}

/// A function's declaration.
#[derive(Debug)]
pub struct FnDecl {
    /// Its parameters.
    pub generics: Generics,
    /// `self`, by value (0), by reference (1) or by mutable reference (2); typed self counts as by value.
    pub receiver: Option<Receiver>,
    /// The others.
    pub params: Vec<Param>,
    /// What it returns, as written.
    pub ret: Option<TypeRef>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it has a body (a trait's required method has none).
    pub has_body: bool,
    /// `#[instrument]` and its like.
    pub instrument: Option<Instrument>,
}

/// How a method takes `self`.
#[derive(Debug)]
pub struct Receiver {
    /// By value, reference, or mutable reference.
    pub mode: RefMode,
    /// `self: T`.
    pub ty: Option<TypeRef>,
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
    pub ty: TypeRef,
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
#[derive(Debug, Default)]
pub struct Generics {
    /// Type parameters in order (lifetimes and constants left out).
    pub params: Vec<Name>,
    /// Defaults, parallel to `params`.
    pub defaults: Vec<Option<TypeRef>>,
    /// Bounds: a type and what it must satisfy.
    pub bounds: Vec<(TypeRef, Bound)>,
}

/// A trait bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The trait with its arguments.
    pub path: Path,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeRef {
    /// A path.
    Path(Path),
    /// `&T`, `&mut T`, pointers.
    Ref(Box<TypeRef>, bool),
    /// A tuple; empty for `()`.
    Tuple(Vec<TypeRef>),
    /// `[T]`.
    Slice(Box<TypeRef>),
    /// `[T; N]`.
    Array(Box<TypeRef>),
    /// `fn(A) -> B`.
    Fn(Vec<TypeRef>, Box<TypeRef>),
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
}

/// A path as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// `<T as …>::`: the type, and how many segments belong to the trait.
    pub qself: Option<Box<(TypeRef, usize)>>,
    /// Begins with `::`.
    pub global: bool,
    /// Its segments, `crate`, `self`, `super` and `Self` included.
    pub segments: Vec<Segment>,
    /// Where the first segment starts and the last one's name ends.
    pub range: Range,
}

impl Path {
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
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// Its arguments.
    pub args: Option<Box<Args>>,
}

/// Generic arguments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Args {
    /// Types.
    pub types: Vec<TypeRef>,
    /// `Item = T`.
    pub bindings: Vec<(Name, TypeRef)>,
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
        self.get()?.annotation.as_ref()
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
    pub annotation: Option<Annotation>,
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

/// A run of expressions in [`Body::lists`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// First.
    pub start: u32,
    /// How many.
    pub len: u32,
}

/// The code of one function, constant or static.
#[derive(Debug, Default)]
pub struct Body {
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Their places.
    pub expr_ranges: Vec<Range>,
    /// Patterns.
    pub pats: Vec<Pat>,
    /// Their places.
    pub pat_ranges: Vec<Range>,
    /// Local variables.
    pub locals: Vec<Local>,
    /// Backing of [`List`].
    pub lists: Vec<ExprId>,
    /// Backing of lists of patterns.
    pub pat_lists: Vec<PatId>,
    /// Paths.
    pub paths: Vec<Path>,
    /// Types written in the body.
    pub types: Vec<TypeRef>,
    /// Statements of blocks.
    pub stmts: Vec<Stmt>,
    /// Arms of matches.
    pub arms: Vec<Arm>,
    /// Closures.
    pub closures: Vec<Closure>,
    /// Parameters' patterns; `self` first.
    pub params: Vec<PatId>,
    /// The code.
    pub root: Option<ExprId>,
    /// Values that `fields(…)` of an `#[instrument]` records.
    pub recorded: List,
    /// The unit that holds the items declared in the body, by index into the run's units.
    pub block_unit: Option<u32>,
    /// Names of macros that could not be expanded, with their places.
    pub opaque_macros: Vec<(Name, Range)>,
}

/// A local variable.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub range: Range,
    /// An annotation on its declaration.
    pub annotation: Option<Box<Annotation>>,
}

/// A statement.
#[derive(Debug, Clone, Copy)]
pub enum Stmt {
    /// `let pat: ty = init else { … };`
    Let {
        /// The pattern.
        pat: PatId,
        /// Its type, into [`Body::types`].
        ty: Option<u32>,
        /// The value.
        init: Option<ExprId>,
        /// `else`.
        diverge: Option<ExprId>,
    },
    /// An expression.
    Expr(ExprId),
}

/// An arm of a match.
#[derive(Debug, Clone, Copy)]
pub struct Arm {
    /// The pattern.
    pub pat: PatId,
    /// `if`.
    pub guard: Option<ExprId>,
    /// The body.
    pub body: ExprId,
}

/// A closure.
#[derive(Debug, Clone)]
pub struct Closure {
    /// Its parameters, with types as indices into [`Body::types`].
    pub params: Vec<(PatId, Option<u32>)>,
    /// What it returns.
    pub ret: Option<u32>,
    /// Its code.
    pub body: ExprId,
    /// `async`.
    pub is_async: bool,
}

/// A literal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lit {
    /// Text; cut at a length that serves URLs, keys and format strings.
    Str(Name),
    /// Bytes.
    Bytes,
    /// An integer, with its suffix.
    Int(Option<u32>, Option<Name>),
    /// A float.
    Float,
    /// A character.
    Char,
    /// A boolean.
    Bool(bool),
}

/// An expression.
#[derive(Debug, Clone, Copy)]
pub enum Expr {
    /// Nothing known.
    Missing,
    /// A literal.
    Lit(Lit),
    /// A local variable.
    Local(LocalId),
    /// A path, into [`Body::paths`].
    Path(u32),
    /// `base.name`.
    Field(ExprId, Name),
    /// `base[index]`.
    Index(ExprId, ExprId),
    /// `callee(args)`.
    Call(ExprId, List),
    /// `receiver.name::<T>(args)`; the type arguments are a path in [`Body::paths`] whose one segment holds them.
    Method(ExprId, Name, List, Option<u32>),
    /// `*e`.
    Deref(ExprId),
    /// `-e`, `!e`.
    Unary(ExprId),
    /// `&e`, `&mut e`.
    Ref(ExprId, bool),
    /// `a + b`; comparisons and logic apart.
    Binary(BinaryOp, ExprId, ExprId),
    /// `a = b`.
    Assign(ExprId, ExprId),
    /// `a += b`.
    AssignOp(ExprId, ExprId),
    /// `if c { a } else { b }`.
    If(ExprId, ExprId, Option<ExprId>),
    /// `let pat = e` as a condition.
    Let(PatId, ExprId),
    /// `match`; arms as a range of [`Body::arms`].
    Match(ExprId, u32, u32),
    /// A block: a range of [`Body::stmts`], and its value.
    Block(u32, u32, Option<ExprId>),
    /// A labelled block, by label.
    Labelled(Name, ExprId),
    /// `loop`, `while` (with its condition).
    Loop(Option<ExprId>, ExprId, Option<Name>),
    /// `for pat in iter { body }`.
    For(PatId, ExprId, ExprId, Option<Name>),
    /// A closure, into [`Body::closures`].
    Closure(u32),
    /// `async { … }`.
    Async(ExprId),
    /// `Path { fields, ..base }`: a path, named values (as [`Expr::Named`]), a base.
    Struct(u32, List, Option<ExprId>),
    /// A named value in a struct literal, a record or a macro.
    Named(Name, ExprId),
    /// `(a, b)`.
    Tuple(List),
    /// `[a, b]`, `vec![a, b]`; the flag: a `Vec`.
    Array(List, bool),
    /// `[a; n]`; the flag: a `Vec`.
    Repeat(ExprId, bool),
    /// `a..b`.
    Range(Option<ExprId>, Option<ExprId>),
    /// `e as T`.
    Cast(ExprId, u32),
    /// `return e`.
    Return(Option<ExprId>),
    /// `break 'label e`.
    Break(Option<Name>, Option<ExprId>),
    /// `continue 'label`.
    Continue(Option<Name>),
    /// `e?`.
    Try(ExprId),
    /// `e.await`.
    Await(ExprId),
    /// A value read through a formatting trait.
    View(ExprId, View),
    /// Formatted text: the template with `{}` for each hole, and the holes (as [`Expr::View`]).
    Format(Name, List),
    /// A macro that models may know: its path and its arguments.
    Macro(u32, List),
    /// A JSON-like record: [`Expr::Named`] values.
    Record(List),
    /// A path of the format `Type::CONST` and others that need no value, or several values at once (`select!`).
    Many(List),
}

/// What a binary operator yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `==`, `<` and their like: a boolean that carries nothing.
    Compare,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `+` and the others: a value of both.
    Arith,
}

/// A pattern.
#[derive(Debug, Clone)]
pub enum Pat {
    /// `_`, literals, ranges, paths to constants.
    Wild,
    /// A literal.
    Lit(Lit),
    /// `..` in a slice or tuple.
    Rest,
    /// `ref mut x @ pat`.
    Bind(LocalId, RefMode, Option<PatId>),
    /// `A::B`.
    Path(u32),
    /// `A::B(p, q)`; a range of [`Body::pat_lists`].
    TupleStruct(u32, List),
    /// `A { x: p, .. }`.
    Struct(u32, Vec<(Name, PatId)>),
    /// `(p, q)`.
    Tuple(List),
    /// `[p, .., q]`.
    Slice(List),
    /// `p | q`.
    Or(List),
    /// `&p`.
    Ref(PatId),
    /// `box p` and typed patterns: the type into [`Body::types`].
    Typed(PatId, u32),
}

impl Body {
    /// The expressions of a list.
    #[must_use]
    pub fn list(&self, list: List) -> &[ExprId] {
        &self.lists[list.start as usize..(list.start + list.len) as usize]
    }

    /// The patterns of a list.
    #[must_use]
    pub fn pat_list(&self, list: List) -> &[PatId] {
        &self.pat_lists[list.start as usize..(list.start + list.len) as usize]
    }

    /// An expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// Its place.
    #[must_use]
    pub fn range(&self, id: ExprId) -> Range {
        self.expr_ranges[id.0 as usize]
    }

    /// A pattern.
    #[must_use]
    pub fn pat(&self, id: PatId) -> &Pat {
        &self.pats[id.0 as usize]
    }
}
