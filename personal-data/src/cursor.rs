//! A forward reader over the tokens of one attribute. Knows tokens, not the grammar.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree, token_stream};

use crate::fault::Fault;

/// Where reading stands.
pub(crate) struct Cursor {
    rest: std::iter::Peekable<token_stream::IntoIter>,
    last: Span,
}

impl Cursor {
    /// At the first token; `around` is blamed where tokens run out.
    pub(crate) fn new(tokens: TokenStream, around: Span) -> Self {
        Self { rest: tokens.into_iter().peekable(), last: around }
    }

    pub(crate) fn is_at_end(&mut self) -> bool {
        self.rest.peek().is_none()
    }

    /// The next word.
    pub(crate) fn ident(&mut self, wanted: &str) -> Result<Ident, Fault> {
        match self.next() {
            Some(TokenTree::Ident(ident)) => Ok(ident),
            other => Err(self.unexpected(other, wanted)),
        }
    }

    /// Steps over `character` if it is next.
    pub(crate) fn eat(&mut self, character: char) -> bool {
        let found = matches!(self.rest.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == character);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn expect(&mut self, character: char) -> Result<(), Fault> {
        if self.eat(character) {
            return Ok(());
        }
        let found = self.next();
        Err(self.unexpected(found, &format!("`{character}`")))
    }

    /// The next string literal, plain or raw.
    pub(crate) fn string(&mut self, wanted: &str) -> Result<(), Fault> {
        match self.next() {
            Some(TokenTree::Literal(literal)) if is_string(&literal.to_string()) => Ok(()),
            other => Err(self.unexpected(other, wanted)),
        }
    }

    /// The next group in parentheses.
    pub(crate) fn parenthesised(&mut self, wanted: &str) -> Result<Group, Fault> {
        match self.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Ok(group),
            other => Err(self.unexpected(other, wanted)),
        }
    }

    fn next(&mut self) -> Option<TokenTree> {
        let token = self.rest.next();
        if let Some(token) = &token {
            self.last = token.span();
        }
        token
    }

    fn unexpected(&self, found: Option<TokenTree>, wanted: &str) -> Fault {
        match found {
            None => Fault::new(self.last, format!("expected {wanted} after this")),
            Some(TokenTree::Group(group)) => Fault::new(group.span_open(), format!("expected {wanted}")),
            Some(token) => Fault::new(token.span(), format!("expected {wanted}, found `{token}`")),
        }
    }
}

fn is_string(literal: &str) -> bool {
    literal.starts_with('"') || literal.starts_with("r\"") || literal.starts_with("r#")
}
