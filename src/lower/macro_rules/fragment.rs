//! Fragments of Rust that a macro's variable takes: the longest prefix of the input that parses. Knows no rules.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Attribute, Block, Expr, Item, Meta, Pat, Token, Type, TypePath, Visibility};

use super::token;

/// A fragment specifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fragment {
    Block,
    Expr,
    Ident,
    Item,
    Lifetime,
    Literal,
    Meta,
    Pat,
    PatParam,
    Path,
    Stmt,
    Tree,
    Type,
    Visibility,
}

impl Fragment {
    /// The fragment of a specifier as it is written.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "block" => Self::Block,
            "expr" | "expr_2021" => Self::Expr,
            "ident" => Self::Ident,
            "item" => Self::Item,
            "lifetime" => Self::Lifetime,
            "literal" => Self::Literal,
            "meta" => Self::Meta,
            "pat" => Self::Pat,
            "pat_param" => Self::PatParam,
            "path" => Self::Path,
            "stmt" => Self::Stmt,
            "tt" => Self::Tree,
            "ty" => Self::Type,
            "vis" => Self::Visibility,
            _ => return None,
        })
    }

    /// Whether matching needs a parser that recurses.
    pub(super) fn is_parsed(self) -> bool {
        !matches!(self, Self::Block | Self::Ident | Self::Lifetime | Self::Literal | Self::Tree)
    }

    /// Takes the fragment from the input; leaves the input as it is where there is none.
    pub(super) fn take(self, input: &ParseBuffer<'_>) -> Option<Vec<TokenTree>> {
        let start = input.cursor();
        let ahead = input.fork();
        self.advance(&ahead)?;
        let trees = try_between(start, ahead.cursor())?;
        input.advance_to(&ahead);
        Some(self.bind(trees))
    }

    fn advance(self, input: ParseStream<'_>) -> Option<()> {
        match self {
            Self::Tree => to(input, one_tree),
            Self::Ident => to(input, |at| unwrapped(at, ident)),
            Self::Lifetime => to(input, |at| unwrapped(at, lifetime)),
            Self::Literal => to(input, |at| unwrapped(at, literal)),
            Self::Block => to(input, |at| unwrapped(at, braces)),
            Self::Expr if input.peek(Token![_]) => None,
            Self::Expr => input.parse::<Expr>().ok().map(drop),
            Self::Type => input.parse::<Type>().ok().map(drop),
            Self::Path => input.parse::<TypePath>().ok().map(drop),
            Self::Item => input.parse::<Item>().ok().map(drop),
            Self::Meta => input.parse::<Meta>().ok().map(drop),
            Self::Visibility => input.parse::<Visibility>().ok().map(drop),
            Self::Pat => Pat::parse_multi_with_leading_vert(input).ok().map(drop),
            Self::PatParam => Pat::parse_single(input).ok().map(drop),
            Self::Stmt => statement(input).ok(),
        }
    }

    /// Expressions and types are one operand wherever they are put: an invisible group keeps what surrounds them from
    /// taking them apart. Single tokens and plain paths cannot be.
    fn bind(self, trees: Vec<TokenTree>) -> Vec<TokenTree> {
        if !matches!(self, Self::Expr | Self::Type) || is_plain_path(&trees) {
            return trees;
        }
        vec![Group::new(Delimiter::None, trees.into_iter().collect::<TokenStream>()).into()]
    }
}

/// The trees from one cursor to another that lies behind it.
pub(super) fn between(start: Cursor<'_>, end: Cursor<'_>) -> Vec<TokenTree> {
    try_between(start, end).unwrap_or_default()
}

/// `None` where the end lies within an invisible group, which is not to be taken apart.
fn try_between(start: Cursor<'_>, end: Cursor<'_>) -> Option<Vec<TokenTree>> {
    let mut trees = Vec::new();
    let mut at = start;
    while at < end {
        let (tree, rest) = at.token_tree()?;
        trees.push(tree);
        at = rest;
    }
    (at == end).then_some(trees)
}

fn is_plain_path(trees: &[TokenTree]) -> bool {
    let is_colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':');
    let two_words = |pair: &[TokenTree]| pair.iter().all(|tree| matches!(tree, TokenTree::Ident(_)));
    match trees {
        [_] => true,
        _ => {
            trees.iter().all(|tree| matches!(tree, TokenTree::Ident(_)) || is_colon(tree))
                && !trees.windows(2).any(two_words)
        }
    }
}

fn to(input: ParseStream<'_>, end: impl for<'c> Fn(Cursor<'c>) -> Option<Cursor<'c>>) -> Option<()> {
    input.step(|at| end(*at).map(|rest| ((), rest)).ok_or_else(|| at.error("no match"))).ok()
}

/// Also finds what an earlier macro has put into an invisible group.
fn unwrapped<'a>(at: Cursor<'a>, end: impl Fn(Cursor<'a>) -> Option<Cursor<'a>>) -> Option<Cursor<'a>> {
    let mut inside = at;
    while let Some((inner, Delimiter::None, _, _)) = inside.any_group() {
        inside = inner;
    }
    end(inside)
}

fn one_tree(at: Cursor<'_>) -> Option<Cursor<'_>> {
    token::next(at).map(|(_, rest)| rest).or_else(|| at.token_tree().map(|(_, rest)| rest))
}

fn ident(at: Cursor<'_>) -> Option<Cursor<'_>> {
    match at.token_tree()? {
        (TokenTree::Ident(ident), rest) if ident != "_" => Some(rest),
        _ => None,
    }
}

fn lifetime(at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.lifetime().map(|(_, rest)| rest)
}

fn literal(at: Cursor<'_>) -> Option<Cursor<'_>> {
    match at.token_tree()? {
        (TokenTree::Literal(_), rest) => Some(rest),
        (TokenTree::Ident(ident), rest) if ident == "true" || ident == "false" => Some(rest),
        (TokenTree::Punct(punct), rest) if punct.as_char() == '-' => match rest.token_tree()? {
            (TokenTree::Literal(_), rest) => Some(rest),
            _ => None,
        },
        _ => None,
    }
}

fn braces(at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.group(Delimiter::Brace).map(|(_, _, rest)| rest)
}

/// A statement without its semicolon, unless it is an item.
fn statement(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    if ahead.parse::<Item>().is_ok() {
        input.advance_to(&ahead);
        return Ok(());
    }
    Attribute::parse_outer(input)?;
    if input.peek(Token![let]) {
        return binding(input);
    }
    Expr::parse_with_earlier_boundary_rule(input).map(drop)
}

fn binding(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Token![let]>()?;
    Pat::parse_multi_with_leading_vert(input)?;
    if input.parse::<Option<Token![:]>>()?.is_some() {
        input.parse::<Type>()?;
    }
    if input.parse::<Option<Token![=]>>()?.is_some() {
        input.parse::<Expr>()?;
    }
    if input.parse::<Option<Token![else]>>()?.is_some() {
        input.parse::<Block>()?;
    }
    Ok(())
}
