//! Rust's tokens above single characters: operators such as `=>` and lifetimes count as one. Knows no grammar.

use proc_macro2::{Delimiter, Spacing, TokenTree};
use syn::buffer::Cursor;

/// Operators of two and three characters. Each of three starts with one of two, so growing one by one finds the longest.
const OPERATORS: [&str; 25] = [
    "=>", "==", "->", "<-", "::", "&&", "||", "..", "<=", ">=", "!=", "+=", "-=", "*=", "/=", "%=", "^=",
    "&=", "|=", "<<", ">>", "...", "..=", "<<=", ">>=",
];

/// A token that a matcher compares with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Ident(String),
    Literal(String),
    Lifetime(String),
    Operator(Operator),
}

/// Up to three punctuation characters that make one token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Operator {
    chars: [u8; 3],
    len: u8,
}

impl Operator {
    fn single(char: char) -> Self {
        Self { chars: [char as u8, 0, 0], len: 1 }
    }

    /// The operator with one character more, where that is one.
    fn longer(mut self, char: char) -> Option<Self> {
        *self.chars.get_mut(usize::from(self.len))? = char as u8;
        self.len += 1;
        OPERATORS.iter().any(|op| op.as_bytes() == self.as_bytes()).then_some(self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.chars[..usize::from(self.len)]
    }
}

/// The token at a cursor and where the next begins; `None` at a group and at the end.
pub(super) fn next(cursor: Cursor<'_>) -> Option<(Token, Cursor<'_>)> {
    let (tree, rest) = cursor.token_tree()?;
    match tree {
        TokenTree::Ident(ident) => Some((Token::Ident(ident.to_string()), rest)),
        TokenTree::Literal(literal) => Some((Token::Literal(literal.to_string()), rest)),
        TokenTree::Punct(punct) if punct.as_char() == '\'' => lifetime(rest),
        TokenTree::Punct(punct) => {
            let (operator, rest) = grow(Operator::single(punct.as_char()), punct.spacing(), rest);
            Some((Token::Operator(operator), rest))
        }
        TokenTree::Group(_) => None,
    }
}

/// Where the next token begins if the one at the cursor is `token`.
pub(super) fn eat<'a>(token: &Token, cursor: Cursor<'a>) -> Option<Cursor<'a>> {
    let (tree, rest) = cursor.token_tree()?;
    match (token, tree) {
        (Token::Ident(name), TokenTree::Ident(ident)) => (ident == name).then_some(rest),
        (_, TokenTree::Group(_) | TokenTree::Ident(_)) => None,
        _ => next(cursor).filter(|(found, _)| found == token).map(|(_, rest)| rest),
    }
}

fn lifetime(after_quote: Cursor<'_>) -> Option<(Token, Cursor<'_>)> {
    let (tree, rest) = after_quote.token_tree()?;
    let TokenTree::Ident(ident) = tree else { return None };
    Some((Token::Lifetime(ident.to_string()), rest))
}

fn grow(operator: Operator, spacing: Spacing, rest: Cursor<'_>) -> (Operator, Cursor<'_>) {
    if spacing == Spacing::Alone {
        return (operator, rest);
    }
    let Some((TokenTree::Punct(punct), after)) = rest.token_tree() else { return (operator, rest) };
    match operator.longer(punct.as_char()) {
        Some(longer) => grow(longer, punct.spacing(), after),
        None => (operator, rest),
    }
}

/// Whether the cursor stands before a group with this delimiter.
pub(super) fn at_group(delimiter: Delimiter, cursor: Cursor<'_>) -> bool {
    matches!(cursor.token_tree(), Some((TokenTree::Group(group), _)) if group.delimiter() == delimiter)
}
