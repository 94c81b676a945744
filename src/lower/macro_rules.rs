//! Expansion of declarative macros over token streams. Knows nothing of names, scopes or files: the caller finds the
//! macro that a call means, and expands again what comes out.

mod fragment;
mod matcher;
mod rules;
mod token;
mod transcribe;
mod weight;

#[cfg(test)]
mod tests;

use std::fmt;

use proc_macro2::{Delimiter, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

use fragment::Fragment;
use token::Token;

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
    Token(Token),
    Delimited(Delimiter, Vec<Self>),
    Fragment(Fragment),
    Repeat(Repeat),
}

/// `$( … ) separator operator`.
#[derive(Debug)]
struct Repeat {
    body: Vec<Matcher>,
    separator: Option<Token>,
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
    Token(TokenTree),
    Group(Delimiter, Vec<Self>),
    Variable(usize),
    Repeat {
        body: Vec<Self>,
        separator: Vec<TokenTree>,
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
    One(Vec<TokenTree>),
    Many(Vec<Self>),
}

/// What stands for `$crate` in an expansion.
#[derive(Clone, Debug)]
pub(crate) struct CratePath(Vec<TokenTree>);

impl CratePath {
    /// The macro is used in the crate that defines it.
    pub(crate) fn local() -> Self {
        Self(vec![Ident::new("crate", Span::call_site()).into()])
    }

    /// `::name`; `crate` where the name is no identifier.
    pub(crate) fn named(name: &str) -> Self {
        let Ok(ident) = syn::parse_str::<Ident>(name) else { return Self::local() };
        let colon = |spacing| TokenTree::from(Punct::new(':', spacing));
        Self(vec![colon(Spacing::Joint), colon(Spacing::Alone), ident.into()])
    }
}

/// Why a call was not expanded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExpandError {
    /// No arm accepts the arguments.
    NoArm,
    /// The expansion would exceed the limit on its tokens.
    TooLarge,
    /// The arguments are nested deeper than is safe to parse.
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
            Self::NoArm => f.write_str("no arm of the macro accepts these arguments"),
            Self::TooLarge => write!(f, "the expansion has more than {MAX_TOKENS} tokens"),
            Self::TooDeep => f.write_str("the arguments are nested too deep"),
            Self::TooManySteps => f.write_str("matching the arguments takes too long"),
            Self::Repetition => f.write_str("a variable is repeated otherwise than it was matched"),
            Self::Unsupported(name) => write!(f, "the macro expression `${{{name}}}` is not stable Rust"),
        }
    }
}

impl std::error::Error for ExpandError {}

/// Reads the rules of `macro_rules! name { … }` or `macro name { … }` from the tokens between the braces, or those
/// of `macro name(…) { … }` from both groups.
pub(crate) fn parse(body: TokenStream) -> Result<MacroRules, String> {
    rules::parse(body).map(|arms| MacroRules { arms })
}

/// Expands one call: tokens of the macro's own body get the span `call_site`, those of the arguments keep theirs.
pub(crate) fn expand(
    rules: &MacroRules,
    input: TokenStream,
    call_site: Span,
    crate_path: &CratePath,
) -> Result<TokenStream, ExpandError> {
    let (arm, bindings) = matcher::choose(&rules.arms, input)?;
    transcribe::transcribe(&arm.body, &bindings, call_site, crate_path)
}
