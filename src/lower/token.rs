//! Tokens: the lexer's, with their places in the file, and those that an expansion made. Knows no grammar.

#[cfg(test)]
mod tests;

use ra_ap_parser::{Edition, Input};

use super::lexer::{self, Reader};
use super::said::Said;
use crate::ir::Range;

/// What a token or a node is.
pub(super) use ra_ap_parser::SyntaxKind as Kind;

/// In which edition's grammar text is read: that of 2021 reads older code too, but for names that became keywords.
pub(super) const EDITION: Edition = Edition::Edition2021;

/// Nesting that no person writes; the stages after lexing recurse, so it is refused.
pub(super) const MAX_DEPTH: u32 = 1_500;

/// A token other than white space and comments. Operators are single characters, joint with the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// Whether the next token follows at once.
    pub(super) joint: bool,
    pub(super) range: Range,
    pub(super) text: &'a str,
}

/// What a group of tokens stands between.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Delimiter {
    Round,
    Square,
    Curly,
    /// Parentheses that nobody wrote, around what macro expansion keeps whole.
    Unseen,
}

impl Token<'_> {
    /// A parenthesis that nobody wrote: it has no text.
    pub(super) fn unseen(kind: Kind, at: u32) -> Self {
        Self { kind, joint: false, range: (at, at), text: "" }
    }

    /// The delimiter of the group that it opens.
    pub(super) fn opens(&self) -> Option<Delimiter> {
        match self.kind {
            Kind::L_PAREN if self.text.is_empty() => Some(Delimiter::Unseen),
            Kind::L_PAREN => Some(Delimiter::Round),
            Kind::L_BRACK => Some(Delimiter::Square),
            Kind::L_CURLY => Some(Delimiter::Curly),
            _ => None,
        }
    }

    /// The delimiter of the group that it closes.
    pub(super) fn closes(&self) -> Option<Delimiter> {
        match self.kind {
            Kind::R_PAREN if self.text.is_empty() => Some(Delimiter::Unseen),
            Kind::R_PAREN => Some(Delimiter::Round),
            Kind::R_BRACK => Some(Delimiter::Square),
            Kind::R_CURLY => Some(Delimiter::Curly),
            _ => None,
        }
    }

    /// Its text as a name, without `r#`.
    pub(super) fn word(&self) -> &str {
        match self.text.as_bytes() {
            [b'r', b'#', ..] => &self.text[2..],
            _ => self.text,
        }
    }

    /// Whether it is a name or a keyword.
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !self.kind.is_literal()
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.text == word
    }
}

/// A run of tokens.
#[derive(Clone, Default, Debug)]
pub(super) struct Tokens<'a> {
    pub(super) list: Vec<Token<'a>>,
    /// Doc comments, inner ones included, each with the number of the token before which it stands.
    pub(super) docs: Vec<(u32, Range)>,
    /// The first thing that is no token, and why.
    pub(super) wrong: Option<(Range, String)>,
}

/// Where the limit of nesting was passed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep {
    pub(super) at: u32,
}

impl<'a> Tokens<'a> {
    /// These tokens of an expansion with others in the place of some, given in order.
    pub(super) fn with(self, others: Vec<(std::ops::Range<usize>, Self)>) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        for (place, other) in others {
            // A call within a call is gone with it.
            if place.start < at {
                continue;
            }
            out.list.extend_from_slice(&self.list[at..place.start]);
            out.list.extend(other.list);
            at = place.end;
        }
        out.list.extend_from_slice(&self.list[at..]);
        out
    }

    /// The tokens of a piece of text that begins at an offset of its file.
    pub(super) fn of(text: &'a str, base: u32) -> Result<Self, TooDeep> {
        Self::read(text, base, None, None)
    }

    /// The tokens of a file without those inside function bodies. The names in it, in bodies too, are said.
    pub(super) fn without_bodies(text: &'a str, said: Option<&Said>) -> Result<Self, TooDeep> {
        Self::read(text, 0, Some(Bodies::default()), said)
    }

    fn read(text: &'a str, base: u32, bodies: Option<Bodies>, said: Option<&Said>) -> Result<Self, TooDeep> {
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (text, base) = (&text[mark..], base + mark as u32);
        // Declarations say nothing and have no bodies to be left out.
        let room = text.len() / if bodies.is_some() && said.is_some() { 24 } else { 5 };
        let out = Self { list: Vec::with_capacity(room), ..Self::default() };
        let mut reading = Reading { text, base, out, bodies, said, depth: Depth::default(), joint: false };
        lexer::read(text, &mut reading)?;
        Ok(reading.out)
    }

    /// A part of the tokens.
    pub(super) fn part(&self, from: usize, to: usize) -> Self {
        let docs = self.docs.iter().filter(|(at, _)| (from..to).contains(&(*at as usize)));
        let docs = docs.map(|(at, range)| (at - from as u32, *range)).collect();
        Self { list: self.list[from..to].to_vec(), docs, wrong: None }
    }
}

/// Tokens being read.
struct Reading<'a, 's> {
    text: &'a str,
    base: u32,
    out: Tokens<'a>,
    bodies: Option<Bodies>,
    said: Option<&'s Said>,
    depth: Depth,
    /// Whether nothing stands between the last token and the next.
    joint: bool,
}

impl Reading<'_, '_> {
    fn range(&self, at: &std::ops::Range<usize>) -> Range {
        (self.base + at.start as u32, self.base + at.end as u32)
    }
}

impl Reader for Reading<'_, '_> {
    type Stop = TooDeep;

    fn token(&mut self, kind: Kind, at: std::ops::Range<usize>) -> Result<(), TooDeep> {
        let token = Token { kind, joint: false, range: self.range(&at), text: &self.text[at] };
        self.depth.pass(&token)?;
        if let Some(said) = self.said.filter(|_| kind == Kind::IDENT) {
            said.add(token.word());
        }
        let before = self.out.list.last_mut();
        if self.bodies.as_mut().is_some_and(|bodies| bodies.pass(&token, before.as_deref())) {
            return Ok(());
        }
        if let Some(before) = before {
            before.joint = self.joint;
        }
        // Attributes name functions in strings.
        if let Some(said) = self.said.filter(|_| kind == Kind::STRING) {
            said.add_words(token.text);
        }
        self.out.list.push(token);
        self.joint = true;
        Ok(())
    }

    fn gap(&mut self) {
        self.joint = false;
    }

    fn comment(&mut self, at: std::ops::Range<usize>) {
        self.joint = false;
        if is_doc(&self.text[at.clone()]) {
            self.out.docs.push((self.out.list.len() as u32, self.range(&at)));
        }
    }

    fn wrong(&mut self, at: std::ops::Range<usize>, why: &str) {
        let range = self.range(&at);
        self.out.wrong.get_or_insert_with(|| (range, why.to_owned()));
    }
}

/// What the parser is given.
pub(super) fn input(tokens: &[Token<'_>]) -> Input {
    let mut input = Input::with_capacity(tokens.len());
    let mut joint = false;
    for token in tokens {
        if token.kind == Kind::IDENT {
            let contextual = Kind::from_contextual_keyword(token.text, EDITION);
            input.push_ident(contextual.unwrap_or(Kind::IDENT), EDITION);
        } else {
            if joint {
                input.was_joint();
            }
            input.push(token.kind, EDITION);
        }
        joint = token.joint;
        if token.kind == Kind::FLOAT_NUMBER {
            // The parser reads the mark of a number with a point as "there are digits behind the point".
            joint = false;
            if !token.text.ends_with('.') {
                input.was_joint();
            }
        }
    }
    input
}

fn is_doc(comment: &str) -> bool {
    let line = comment.starts_with("///") && !comment.starts_with("////");
    let block = comment.starts_with("/**") && !comment.starts_with("/***") && comment != "/**/";
    line || block || is_inner_doc(comment)
}

/// Whether a doc comment is about what it stands in.
pub(super) fn is_inner_doc(comment: &str) -> bool {
    comment.starts_with("//!") || comment.starts_with("/*!")
}

/// The text of a doc comment.
pub(super) fn doc_text(comment: &str) -> &str {
    let text = comment.get(3..).unwrap_or("");
    if comment.starts_with("/*") { text.strip_suffix("*/").unwrap_or(text) } else { text }
}

/// Where the delimiters that open and close are; ends where what follows the first token is closed.
pub(super) fn group_end(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0u32;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::L_PAREN | Kind::L_BRACK | Kind::L_CURLY => depth += 1,
            Kind::R_PAREN | Kind::R_BRACK | Kind::R_CURLY => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i + 1;
                }
            }
            _ if depth == 0 => return i + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The parts between commas outside of groups, empty ones left out.
pub(super) fn split_commas<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        if tokens[at].kind == Kind::COMMA {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
        at = group_end(tokens, at);
    }
    parts.push(&tokens[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The value of a string literal; `None` for every other token. A doc comment is the literal of its attribute where macros
/// see it as one.
pub(super) fn text_of(token: &Token<'_>) -> Option<String> {
    if token.kind != Kind::STRING {
        return None;
    }
    let text = token.text;
    if text.starts_with('/') {
        return Some(doc_text(text).to_owned());
    }
    if let Some(raw) = text.strip_prefix('r') {
        let inside = raw.trim_start_matches('#');
        let hashes = raw.len() - inside.len();
        let end = inside.len().checked_sub(1 + hashes).filter(|end| *end >= 1)?;
        return Some(inside.get(1..end)?.to_owned());
    }
    let end = text.rfind('"').filter(|end| *end >= 1)?;
    let inside = &text[1..end];
    if !inside.contains('\\') {
        return Some(inside.to_owned());
    }
    let mut out = String::with_capacity(inside.len());
    rustc_literal_escaper::unescape_str(inside, |_, read| out.extend(read.ok()));
    Some(out)
}

/// Counts what a recursive reader would be nested in.
#[derive(Default)]
pub(super) struct Depth {
    groups: u32,
    /// Tokens since the last separator after which an operand may follow that is read within what came before.
    operands: u32,
}

impl Depth {
    /// Whether a recursive reader may be given the tokens.
    pub(super) fn is_safe(tokens: &[Token<'_>]) -> bool {
        let mut depth = Self::default();
        tokens.iter().all(|token| depth.pass(token).is_ok())
    }

    fn pass(&mut self, token: &Token<'_>) -> Result<(), TooDeep> {
        match token.kind {
            Kind::L_PAREN | Kind::L_BRACK | Kind::L_CURLY => {
                self.groups += 1;
                self.operands = 0;
            }
            Kind::R_PAREN | Kind::R_BRACK | Kind::R_CURLY => {
                self.groups = self.groups.saturating_sub(1);
                self.operands = 0;
            }
            Kind::COMMA | Kind::SEMICOLON => self.operands = 0,
            Kind::BANG | Kind::AMP | Kind::STAR | Kind::MINUS | Kind::EQ | Kind::L_ANGLE | Kind::PIPE => {
                self.operands += 1;
            }
            Kind::RETURN_KW | Kind::BREAK_KW | Kind::IF_KW => self.operands += 1,
            _ => {}
        }
        let is_deep = self.groups > MAX_DEPTH || self.operands > MAX_DEPTH;
        if is_deep { Err(TooDeep { at: token.range.0 }) } else { Ok(()) }
    }
}

/// Finds the bodies of functions in a file's tokens. What stands in a macro's input is tokens until it is expanded, and
/// stays.
#[derive(Default)]
struct Bodies {
    depth: u32,
    seek: Seek,
    /// What was waited for before the last `fn`, which may begin a type.
    outer: Seek,
    /// In a macro's input or a body: the depth at which it ends, and whether it is a body.
    within: Option<(u32, bool)>,
    /// After `name !`: the next delimiter opens a macro's input.
    bang: bool,
}

/// What is waited for between `fn` and its body.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Seek {
    #[default]
    Nothing,
    /// `fn` was seen; its name must follow.
    Name,
    /// In a signature that began at this depth.
    Body(u32),
    /// In the where clause of such a signature, where a body may follow a comma.
    Where(u32),
}

impl Bodies {
    /// Whether the next token stands inside a body; `before` is the last one that does not.
    fn pass(&mut self, token: &Token<'_>, before: Option<&Token<'_>>) -> bool {
        match token.kind {
            Kind::L_PAREN | Kind::L_BRACK | Kind::L_CURLY => return self.open(token, before),
            Kind::R_PAREN | Kind::R_BRACK | Kind::R_CURLY => return self.close(),
            _ => {}
        }
        if let Some((_, is_body)) = self.within {
            return is_body;
        }
        if token.kind == Kind::FN_KW {
            self.outer = self.seek;
        }
        self.seek = match (self.seek, token.kind) {
            (_, Kind::FN_KW) => Seek::Name,
            (Seek::Name, Kind::IDENT) => Seek::Body(self.depth),
            (Seek::Name, _) => Seek::Nothing,
            (Seek::Body(depth), Kind::WHERE_KW) if depth == self.depth => Seek::Where(depth),
            (Seek::Body(depth) | Seek::Where(depth), Kind::SEMICOLON) if depth == self.depth => Seek::Nothing,
            (other, _) => other,
        };
        self.bang =
            token.kind == Kind::BANG && before.is_some_and(Token::is_word) || self.bang && token.is_word();
        false
    }

    fn open(&mut self, token: &Token<'_>, before: Option<&Token<'_>>) -> bool {
        self.depth += 1;
        if let Some((_, is_body)) = self.within {
            return is_body;
        }
        let is_body = token.kind == Kind::L_CURLY && self.is_body(before.map(|b| b.kind));
        if is_body || self.bang {
            self.within = Some((self.depth, is_body));
            self.seek = Seek::Nothing;
        } else if self.seek == Seek::Name {
            // The type of a function pointer.
            self.seek = self.outer;
        }
        self.bang = false;
        false
    }

    fn close(&mut self) -> bool {
        let closes = self.within.is_some_and(|(depth, _)| depth == self.depth);
        self.depth = self.depth.saturating_sub(1);
        let is_inside = self.within.is_some_and(|(_, is_body)| is_body) && !closes;
        if closes {
            self.within = None;
        }
        self.bang = false;
        is_inside
    }

    /// Whether a brace here is a function's body and not a constant among generic arguments.
    fn is_body(&self, before: Option<Kind>) -> bool {
        let depth = self.depth - 1;
        match self.seek {
            Seek::Body(at) => at == depth && !matches!(before, Some(Kind::L_ANGLE | Kind::COMMA | Kind::EQ)),
            Seek::Where(at) => at == depth && !matches!(before, Some(Kind::L_ANGLE | Kind::EQ)),
            Seek::Nothing | Seek::Name => false,
        }
    }
}

/// A range over two.
pub(super) fn join(a: Range, b: Range) -> Range {
    (a.0.min(b.0), a.1.max(b.1))
}
