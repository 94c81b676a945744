//! Expansion of declarative macros over tokens. Knows nothing of names, scopes or files: the caller finds the macro that
//! a call means, and expands again what comes out.
//!
//! Rules live as long as the program's text is looked at, so their words are interned, once for each definition; what a
//! call is given is never copied before it is written out, and what is written out borrows from both.

mod fragment;
mod lexeme;
mod matcher;
mod rules;
mod transcribe;

#[cfg(test)]
mod tests;

use std::fmt;

use super::token::{Delimiter, Depth, EDITION, Kind, Token};
use crate::ir::Range;
use crate::name::Name;
use fragment::Fragment;
use lexeme::{Input, Lexeme};

/// Most tokens that one expansion may make.
const MAX_TOKENS: usize = 1 << 16;
/// Most comparisons that matching one call may take.
const MAX_STEPS: u32 = 1 << 20;

/// The arms of a macro, read once and used for each of its calls.
#[derive(Debug)]
pub(crate) struct MacroRules {
    arms: Vec<Arm>,
}

/// `(matcher) => { body }`.
#[derive(Debug)]
struct Arm {
    matcher: Vec<Matcher>,
    body: Vec<Piece>,
}

/// One element of the left side. Variables are numbered in the order in which they appear, so that those of a
/// repetition are neighbours.
#[derive(Debug)]
enum Matcher {
    Lexeme(Lexeme),
    Delimited(Delimiter, Vec<Self>),
    Fragment(Fragment),
    Repeat(Repeat),
}

/// `$( … ) separator operator`.
#[derive(Debug)]
struct Repeat {
    body: Vec<Matcher>,
    separator: Option<Lexeme>,
    operator: Operator,
    /// How many variables the body binds.
    variables: usize,
}

/// How often a repetition may match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operator {
    ZeroOrMore,
    OneOrMore,
    ZeroOrOne,
}

/// One element of the right side.
#[derive(Debug)]
enum Piece {
    /// Tokens of the macro itself, delimiters among them.
    Own(Vec<Token<'static>>),
    Variable(usize),
    Repeat {
        body: Vec<Self>,
        separator: Option<Lexeme>,
        /// The variables whose repetitions say how often the body is written.
        drivers: Vec<usize>,
    },
    /// `$crate`.
    Crate,
    /// `${name(…)}`, which stable Rust does not have.
    Unsupported(String),
}

/// What a variable of the matcher stands for.
#[derive(Debug)]
enum Binding {
    One(Bound),
    Many(Vec<Self>),
}

/// The tokens of a call's input from one number to another.
#[derive(Clone, Copy, Debug)]
struct Bound {
    from: u32,
    to: u32,
    /// Whether they are one operand wherever they are put, which takes a group to say.
    whole: bool,
}

/// What stands for `$crate` in an expansion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CratePath {
    /// The macro is used in the crate that defines it.
    Local,
    /// `::name`.
    Named(Name),
}

impl CratePath {
    /// `::name`; `crate` where the name is no identifier.
    pub(crate) fn named(name: Name) -> Self {
        let kind = ra_ap_parser::LexedStr::single_token(EDITION, name.as_str());
        if matches!(kind, Some((Kind::IDENT, None))) { Self::Named(name) } else { Self::Local }
    }
}

/// Why a call was not expanded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExpandError {
    /// The delimiters of the arguments do not match.
    Unbalanced,
    /// No arm accepts the arguments.
    NoArm,
    /// The expansion would exceed the limit on its tokens.
    TooLarge,
    /// The expansion is nested deeper than is safe to parse.
    TooDeep,
    /// Matching took more comparisons than the limit.
    TooManySteps,
    /// The body repeats its variables otherwise than the matcher binds them.
    Repetition,
    /// A `${…}` expression, by its name.
    Unsupported(String),
}

impl fmt::Display for ExpandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbalanced => f.write_str("the delimiters of the arguments do not match"),
            Self::NoArm => f.write_str("no arm of the macro accepts these arguments"),
            Self::TooLarge => write!(f, "the expansion has more than {MAX_TOKENS} tokens"),
            Self::TooDeep => f.write_str("the expansion is nested too deep"),
            Self::TooManySteps => f.write_str("matching the arguments takes too long"),
            Self::Repetition => f.write_str("a variable is repeated otherwise than it was matched"),
            Self::Unsupported(name) => write!(f, "the macro expression `${{{name}}}` is not stable Rust"),
        }
    }
}

impl std::error::Error for ExpandError {}

/// Reads the rules of `macro_rules! name { … }` or `macro name { … }` from the tokens between the braces, or those
/// of `macro name(…) { … }` from both groups.
pub(crate) fn parse(body: &[Token<'_>]) -> Result<MacroRules, String> {
    rules::parse(body).map(|arms| MacroRules { arms })
}

/// Expands one call: tokens of the macro's own body stand at the call's name, those of the arguments where they were.
pub(crate) fn expand<'a>(
    rules: &MacroRules,
    input: &[Token<'a>],
    site: Range,
    krate: CratePath,
) -> Result<Vec<Token<'a>>, ExpandError> {
    let input = Input::new(input).ok_or(ExpandError::Unbalanced)?;
    let (arm, bindings) = matcher::choose(&rules.arms, &input)?;
    let made = transcribe::transcribe(&arm.body, &bindings, input.tokens(), site, krate)?;
    if Depth::is_safe(&made) { Ok(made) } else { Err(ExpandError::TooDeep) }
}
