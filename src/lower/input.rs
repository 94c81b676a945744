//! The input of a macro call, read from left to right by whoever knows the macro's grammar.

use ra_ap_parser::PrefixEntryPoint;

use super::syntax::Tree;
use super::token::{Kind, Token, Tokens, group_end};

/// How many separators a part may hold that is read as one (`|a, b| …`, `f::<A, B>()`).
const MAX_SEPARATORS: usize = 24;

/// A place in the tokens of a macro's input.
#[derive(Clone)]
pub(super) struct Input<'t, 'a> {
    all: &'t Tokens<'a>,
    at: usize,
    end: usize,
}

impl<'t, 'a> Input<'t, 'a> {
    /// The tokens from one number to another.
    pub(super) fn new(all: &'t Tokens<'a>, at: usize, end: usize) -> Self {
        Self { all, at: at.min(end), end }
    }

    /// What has not been read.
    pub(super) fn tokens(&self) -> &'t [Token<'a>] {
        &self.all.list[self.at..self.end]
    }

    /// What has not been read, to be parsed apart.
    pub(super) fn rest(&self) -> Tokens<'a> {
        self.all.part(self.at, self.end)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.end
    }

    pub(super) fn peek(&self) -> Option<&'t Token<'a>> {
        self.nth(0)
    }

    fn nth(&self, n: usize) -> Option<&'t Token<'a>> {
        self.tokens().get(n)
    }

    pub(super) fn at(&self, kind: Kind) -> bool {
        self.nth_is(0, kind)
    }

    pub(super) fn nth_is(&self, n: usize, kind: Kind) -> bool {
        self.nth(n).is_some_and(|token| token.kind == kind)
    }

    /// Whether the token is the first character of `==` or `=>`.
    pub(super) fn nth_joins(&self, n: usize) -> bool {
        self.nth(n).is_some_and(|token| token.joint)
            && (self.nth_is(n + 1, Kind::EQ) || self.nth_is(n + 1, Kind::R_ANGLE))
    }

    pub(super) fn at_word(&self) -> bool {
        self.peek().is_some_and(Token::is_word)
    }

    /// Whether `=>` stands here.
    pub(super) fn at_arrow(&self) -> bool {
        self.at(Kind::EQ) && self.peek().is_some_and(|token| token.joint) && self.nth_is(1, Kind::R_ANGLE)
    }

    /// Whether an operator of two colons stands at a token.
    pub(super) fn nth_is_path(&self, n: usize) -> bool {
        self.nth_is(n, Kind::COLON)
            && self.nth(n).is_some_and(|token| token.joint)
            && self.nth_is(n + 1, Kind::COLON)
    }

    pub(super) fn next(&mut self) -> Option<&'t Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn eat(&mut self, kind: Kind) -> bool {
        let eaten = self.at(kind);
        self.at += usize::from(eaten);
        eaten
    }

    pub(super) fn eat_arrow(&mut self) -> bool {
        let eaten = self.at_arrow();
        self.at += if eaten { 2 } else { 0 };
        eaten
    }

    /// `=`, and not the first half of something else.
    pub(super) fn at_assign(&self) -> bool {
        self.at(Kind::EQ) && !self.nth_joins(0)
    }

    /// The inside of the group that begins here.
    pub(super) fn group(&mut self) -> Option<Self> {
        if !matches!(self.peek()?.kind, Kind::L_PAREN | Kind::L_BRACK | Kind::L_CURLY) {
            return None;
        }
        let end = self.at + group_end(self.tokens(), 0);
        let inside = Self { all: self.all, at: self.at + 1, end: end - 1 };
        self.at = end;
        Some(inside)
    }

    /// Reads one thing of the grammar from here: up to the first separator at which it makes sense.
    pub(super) fn parse(&mut self, what: &PrefixEntryPoint) -> Option<Tree<'a>> {
        let mut to = self.at;
        for _ in 0..MAX_SEPARATORS {
            to = self.separator_after(to);
            let tree = Tree::prefix(self.all.part(self.at, to), what);
            if tree.errors.is_empty() && tree.read > 0 {
                self.at += tree.read;
                return Some(tree);
            }
            if to >= self.end {
                return None;
            }
            to += 1;
        }
        None
    }

    /// The next comma, semicolon or `=>` outside of groups.
    fn separator_after(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.end {
            let token = &self.all.list[at];
            let arrow = token.kind == Kind::EQ
                && token.joint
                && self.all.list.get(at + 1).is_some_and(|next| next.kind == Kind::R_ANGLE);
            if arrow || matches!(token.kind, Kind::COMMA | Kind::SEMICOLON) {
                return at;
            }
            at = group_end(&self.all.list[..self.end], at);
        }
        self.end
    }
}
