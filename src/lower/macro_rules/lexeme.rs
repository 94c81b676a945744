//! Tokens as macros see them: operators such as `=>` are one, and so are groups. Knows no grammar.

use smallvec::SmallVec;

use crate::lower::token::{Delimiter, Token};

/// Operators of two and three characters. Each of three starts with one of two, so growing one by one finds the longest.
const OPERATORS: [&str; 25] = [
    "=>", "==", "->", "<-", "::", "&&", "||", "..", "<=", ">=", "!=", "+=", "-=", "*=", "/=", "%=", "^=",
    "&=", "|=", "<<", ">>", "...", "..=", "<<=", ">>=",
];

/// One token of a macro's rules: a word, a literal, a lifetime, or up to three characters of an operator.
pub(super) type Lexeme = SmallVec<[Token<'static>; 1]>;

/// Tokens whose delimiters match.
pub(super) struct Input<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// For each token that opens a group, the number of the one that closes it.
    closed: Vec<u32>,
}

/// A place in the input: the next token, and where the group ends in which it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn is_empty(self) -> bool {
        self.at >= self.end
    }

    /// The place some tokens on.
    pub(super) fn after(self, tokens: usize) -> Self {
        Self { at: self.at + tokens, end: self.end }
    }

    /// The place at another token of the same group.
    pub(super) fn to(self, at: usize) -> Self {
        Self { at, end: self.end }
    }
}

impl<'t, 'a> Input<'t, 'a> {
    /// `None` where delimiters do not match.
    pub(super) fn new(tokens: &'t [Token<'a>]) -> Option<Self> {
        let mut closed = vec![0; tokens.len()];
        let mut open: Vec<(usize, Delimiter)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if let Some(delimiter) = token.opens() {
                open.push((at, delimiter));
            } else if let Some(delimiter) = token.closes() {
                let (opened, _) = open.pop().filter(|(_, other)| *other == delimiter)?;
                closed[opened] = at as u32;
            }
        }
        open.is_empty().then_some(Self { tokens, closed })
    }

    pub(super) fn tokens(&self) -> &'t [Token<'a>] {
        self.tokens
    }

    /// All of it.
    pub(super) fn all(&self) -> Place {
        Place { at: 0, end: self.tokens.len() }
    }

    /// What has not been read.
    pub(super) fn rest(&self, place: Place) -> &'t [Token<'a>] {
        self.tokens.get(place.at..place.end).unwrap_or_default()
    }

    /// The next token, single characters of operators included.
    pub(super) fn token(&self, place: Place) -> Option<&'t Token<'a>> {
        self.rest(place).first()
    }

    /// The group that begins here: its delimiters, what is in it, and what comes after.
    pub(super) fn group(&self, place: Place) -> Option<(Delimiter, Place, Place)> {
        let delimiter = self.token(place)?.opens()?;
        let close = self.closed[place.at] as usize;
        Some((delimiter, Place { at: place.at + 1, end: close }, place.to(close + 1)))
    }

    /// The token that begins here, operators whole; `None` at a group and at the end.
    pub(super) fn lexeme(&self, place: Place) -> Option<(&'t [Token<'a>], Place)> {
        let rest = self.rest(place);
        let first = rest.first().filter(|token| token.opens().is_none() && token.closes().is_none())?;
        let length = if joins(first, rest.get(1)) { operator(rest) } else { 1 };
        Some((&rest[..length], place.after(length)))
    }

    /// The token or the group that begins here, which `$x:tt` takes; where the next begins.
    pub(super) fn tree(&self, place: Place) -> Option<Place> {
        match self.group(place) {
            Some((_, _, after)) => Some(after),
            None => self.lexeme(place).map(|(_, after)| after),
        }
    }

    /// A word, `r#` included.
    pub(super) fn word(&self, place: Place) -> Option<(&'a str, Place)> {
        let token = self.token(place).filter(|token| token.is_word())?;
        Some((token.text, place.after(1)))
    }

    /// What comes after a token, if that is what stands here.
    pub(super) fn eat(&self, lexeme: &Lexeme, place: Place) -> Option<Place> {
        let is_same =
            |(own, other): (&Token<'_>, &Token<'_>)| own.kind == other.kind && own.text == other.text;
        if !is_same((lexeme.first()?, self.token(place)?)) {
            return None;
        }
        let (found, after) = self.lexeme(place)?;
        (found.len() == lexeme.len() && lexeme.iter().zip(found).all(is_same)).then_some(after)
    }

    /// What comes after an operator, if that is what stands here.
    pub(super) fn skip(&self, operator: &str, place: Place) -> Option<Place> {
        let (found, after) = self.lexeme(place)?;
        let is_same = |(token, at): (&Token<'_>, usize)| operator.get(at..=at) == Some(token.text);
        (found.len() == operator.len() && found.iter().zip(0..).all(is_same)).then_some(after)
    }
}

/// Whether a character of an operator follows another at once.
pub(super) fn joins(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    token.joint && character(token).is_some() && next.is_some_and(|next| character(next).is_some())
}

/// The character of an operator.
fn character(token: &Token<'_>) -> Option<u8> {
    match token.text.as_bytes() {
        [one] if one.is_ascii_punctuation() && token.opens().is_none() && token.closes().is_none() => {
            (*one != b'_').then_some(*one)
        }
        _ => None,
    }
}

/// How many of the tokens make the operator with which they begin.
fn operator(tokens: &[Token<'_>]) -> usize {
    let mut text = [0; 3];
    for (at, token) in tokens.iter().take(3).enumerate() {
        let Some(char) = character(token) else { return at };
        text[at] = char;
        if at > 0 && !OPERATORS.iter().any(|known| known.as_bytes() == &text[..=at]) {
            return at;
        }
        if !token.joint {
            return at + 1;
        }
    }
    tokens.len().min(3)
}
