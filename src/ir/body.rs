//! The code of one function, constant or static: arenas of expressions and patterns with ids.

use super::{Annotation, ExprId, LocalId, PatId, Path, Range, RefMode, Shared, TypeRef, View};
use crate::name::Name;

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
    pub paths: Vec<Shared<Path>>,
    /// Types written in the body.
    pub types: Vec<Shared<TypeRef>>,
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

    /// Gives back the room that was kept for growing.
    pub fn shrink(&mut self) {
        self.exprs.shrink_to_fit();
        self.expr_ranges.shrink_to_fit();
        self.pats.shrink_to_fit();
        self.pat_ranges.shrink_to_fit();
        self.locals.shrink_to_fit();
        self.lists.shrink_to_fit();
        self.pat_lists.shrink_to_fit();
        self.paths.shrink_to_fit();
        self.types.shrink_to_fit();
        self.stmts.shrink_to_fit();
        self.arms.shrink_to_fit();
        self.closures.shrink_to_fit();
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
