//! The code of one function, constant or static: arenas of expressions and patterns with ids.

use std::num::NonZeroU32;

use super::{Annotation, Cfg, ExprId, LocalId, PatId, Path, Range, Ranges, RefMode, Shared, TypeRef, View};
use crate::name::Name;

/// Expressions or patterns, by where they begin in [`Body::lists`] or [`Body::pat_lists`]: first how many they are, then
/// they themselves. There are so many of them that two numbers would be one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List(u32);

impl Default for List {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl List {
    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Puts a list behind others; a number is as wide as an id.
    pub(crate) fn put<T: Copy>(ids: &[T], count: impl Fn(u32) -> T, into: &mut Vec<T>) -> Self {
        if ids.is_empty() {
            return Self::default();
        }
        let start = into.len() as u32;
        into.push(count(ids.len() as u32));
        into.extend_from_slice(ids);
        Self(start)
    }

    pub(crate) fn get<T>(self, from: &[T], count: impl Fn(&T) -> u32) -> &[T] {
        let start = self.0 as usize;
        from.get(start).map_or(&[], |first| &from[start + 1..=start + count(first) as usize])
    }
}

/// The type arguments of a method call: a path in [`Body::paths`] whose one segment holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turbofish(NonZeroU32);

impl Turbofish {
    /// From the path's index.
    #[must_use]
    pub fn new(path: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(path))
    }

    /// The path's index.
    #[must_use]
    pub fn path(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// The code of one function, constant or static.
#[derive(Debug, Default)]
pub struct Body {
    /// Expressions.
    pub exprs: Box<[Expr]>,
    /// Their places.
    pub expr_ranges: Ranges,
    /// Patterns.
    pub pats: Box<[Pat]>,
    /// Their places.
    pub pat_ranges: Ranges,
    /// Local variables.
    pub locals: Box<[Local]>,
    /// Annotations on the declarations of some of them, in their order.
    pub annotated: Box<[(LocalId, Annotation)]>,
    /// Backing of [`List`].
    pub lists: Box<[ExprId]>,
    /// Backing of lists of patterns.
    pub pat_lists: Box<[PatId]>,
    /// Paths.
    pub paths: Box<[Shared<Path>]>,
    /// Types written in the body.
    pub types: Box<[Shared<TypeRef>]>,
    /// Statements of blocks.
    pub stmts: Box<[Stmt]>,
    /// Arms of matches.
    pub arms: Box<[Arm]>,
    /// Closures.
    pub closures: Box<[Closure]>,
    /// Parameters' patterns; `self` first.
    pub params: Box<[PatId]>,
    /// The code.
    pub root: Option<ExprId>,
    /// Values that `fields(…)` of an `#[instrument]` records.
    pub recorded: List,
    /// The unit that holds the items declared in the body, by index into the run's units.
    pub block_unit: Option<u32>,
    /// `cfg!(…)`: booleans that the build decides, in their order.
    pub conditions: Box<[(ExprId, Cfg)]>,
    /// Names of macros that could not be expanded, with their places.
    pub opaque_macros: Box<[(Name, Range)]>,
}

/// A local variable.
#[derive(Debug, Clone, Copy)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub range: Range,
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
    /// `receiver.name::<T>(args)`.
    Method(ExprId, Name, List, Option<Turbofish>),
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
    /// `a += b`, with the method that it calls.
    AssignOp(ExprId, ExprId, Name),
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
    /// `a..b`; the flag: `a..=b`.
    Range(Option<ExprId>, Option<ExprId>, bool),
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

/// There are more expressions than anything else.
const _: () = assert!(size_of::<Expr>() == 20);

/// What a binary operator yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `<` and its like: a boolean that carries nothing.
    Compare,
    /// `==`.
    Equal,
    /// `!=`.
    Unequal,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `+` and the others: a value of both, or what the method that it stands for gives.
    Arith(Name),
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
    Struct(u32, Box<[(Name, PatId)]>),
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
        list.get(&self.lists, |first| first.0)
    }

    /// The patterns of a list.
    #[must_use]
    pub fn pat_list(&self, list: List) -> &[PatId] {
        list.get(&self.pat_lists, |first| first.0)
    }

    /// An expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// Its place.
    #[must_use]
    pub fn range(&self, id: ExprId) -> Range {
        self.expr_ranges.get(id.0 as usize)
    }

    /// A pattern.
    #[must_use]
    pub fn pat(&self, id: PatId) -> &Pat {
        &self.pats[id.0 as usize]
    }
}
