//! Fragments of Rust that a macro's variable takes: the longest prefix of the input that parses. Knows no rules.

use ra_ap_parser::PrefixEntryPoint;

use super::lexeme::{Input, Place};
use crate::lower::syntax::extent;
use crate::lower::token::{Delimiter, Kind, Token};

/// How many tokens are looked at first; twice as many each time that they are too few.
const WINDOW: usize = 16;
/// From how many tokens the parser decides: it looks three ahead, of which the last may be an operator of three characters.
const AHEAD: usize = 6;

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

    /// What comes after the fragment that begins here; `None` where there is none.
    pub(super) fn take(self, input: &Input<'_, '_>, place: Place) -> Option<Place> {
        let parsed = |what| parsed(input, place, &what, true);
        match self {
            Self::Tree => input.tree(place),
            Self::Ident => unwrapped(input, place, ident),
            Self::Lifetime => unwrapped(input, place, lifetime),
            Self::Literal => unwrapped(input, place, literal),
            Self::Block => unwrapped(input, place, braces),
            Self::Visibility => Some(visibility(input, place)),
            Self::Path => unwrapped(input, place, path),
            Self::Expr if is_no_expr(input.token(place)?) => None,
            Self::Expr => simple(input, place, true).or_else(|| parsed(PrefixEntryPoint::Expr)),
            Self::Type => simple(input, place, false).or_else(|| parsed(PrefixEntryPoint::Ty)),
            Self::Pat => parsed(PrefixEntryPoint::PatTop),
            Self::PatParam => parsed(PrefixEntryPoint::Pat),
            Self::Meta => parsed(PrefixEntryPoint::MetaItem),
            Self::Stmt if input.token(place)?.kind == Kind::SEMICOLON => None,
            // Without its semicolon, unless it is an item.
            Self::Stmt => parsed(PrefixEntryPoint::Stmt),
            // An item may end with what separates other things.
            Self::Item => self::parsed(input, place, &PrefixEntryPoint::Item, false),
        }
    }

    /// Expressions and types are one operand wherever they are put: a group keeps what surrounds them from taking them
    /// apart. Single tokens, groups and plain paths cannot be.
    pub(super) fn is_whole(self, input: &Input<'_, '_>, from: Place, to: Place) -> bool {
        let tokens = &input.tokens()[from.at..to.at];
        matches!(self, Self::Expr | Self::Type)
            && tokens.len() > 1
            && !is_plain_path(tokens)
            && input.group(from).is_none_or(|(_, _, after)| after.at != to.at)
    }
}

/// `_` is an expression on the left of `=` alone, and `let` within a condition alone.
fn is_no_expr(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::UNDERSCORE | Kind::LET_KW)
}

fn is_plain_path(tokens: &[Token<'_>]) -> bool {
    tokens.iter().all(|token| token.is_word() || token.kind == Kind::COLON)
        && !tokens.windows(2).any(|pair| pair.iter().all(Token::is_word))
}

/// Also finds what an earlier macro has put into a group that nobody sees.
fn unwrapped(
    input: &Input<'_, '_>,
    place: Place,
    inside: fn(&Input<'_, '_>, Place) -> Option<Place>,
) -> Option<Place> {
    let mut inner = place;
    let mut levels = 0;
    while let Some((Delimiter::Unseen, content, _)) = input.group(inner) {
        inner = content;
        levels += 1;
    }
    let after = inside(input, inner)?;
    if levels == 0 {
        return Some(after);
    }
    let (_, _, outside) = input.group(place)?;
    (after.at + levels == outside.at).then_some(outside)
}

fn ident(input: &Input<'_, '_>, place: Place) -> Option<Place> {
    input.word(place).filter(|(word, _)| *word != "_").map(|(_, after)| after)
}

fn lifetime(input: &Input<'_, '_>, place: Place) -> Option<Place> {
    (input.token(place)?.kind == Kind::LIFETIME_IDENT).then(|| place.after(1))
}

fn literal(input: &Input<'_, '_>, place: Place) -> Option<Place> {
    let is_literal = |place| input.token(place).is_some_and(|token| token.kind.is_literal());
    match input.token(place)?.kind {
        Kind::TRUE_KW | Kind::FALSE_KW => Some(place.after(1)),
        Kind::MINUS => is_literal(place.after(1)).then(|| place.after(2)),
        _ => is_literal(place).then(|| place.after(1)),
    }
}

fn braces(input: &Input<'_, '_>, place: Place) -> Option<Place> {
    match input.group(place)? {
        (Delimiter::Curly, _, after) => Some(after),
        _ => None,
    }
}

fn path(input: &Input<'_, '_>, place: Place) -> Option<Place> {
    simple(input, place, false).or_else(|| parsed(input, place, &PrefixEntryPoint::Path, true))
}

/// `pub`, with where it is public to, or nothing.
fn visibility(input: &Input<'_, '_>, place: Place) -> Place {
    if input.token(place).is_none_or(|token| token.kind != Kind::PUB_KW) {
        return place;
    }
    let place = place.after(1);
    let Some((Delimiter::Round, inside, after)) = input.group(place) else { return place };
    let is_limit = match input.rest(inside) {
        [one] => matches!(one.kind, Kind::CRATE_KW | Kind::SELF_KW | Kind::SUPER_KW),
        [first, ..] => first.kind == Kind::IN_KW,
        [] => false,
    };
    if is_limit { after } else { place }
}

/// A path without arguments, and a literal where that counts as well, if nothing follows that could belong to it. Most
/// expressions and types that macros are given are no more, and need no parser.
fn simple(input: &Input<'_, '_>, place: Place, or_literal: bool) -> Option<Place> {
    let first = input.token(place)?;
    let mut at = place.after(1);
    if !(or_literal && first.kind.is_literal()) {
        if !is_segment(first) {
            return None;
        }
        while let Some(rest) = input.skip("::", at) {
            at = input.token(rest).filter(|token| is_segment(token)).map(|_| rest.after(1))?;
        }
    }
    ends(input, at).then_some(at)
}

fn is_segment(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::IDENT | Kind::SELF_KW | Kind::SELF_TYPE_KW | Kind::SUPER_KW | Kind::CRATE_KW)
}

/// Whether the input ends here, or something stands here that no fragment holds outside of groups and angle brackets.
fn ends(input: &Input<'_, '_>, place: Place) -> bool {
    match input.token(place) {
        None => true,
        Some(token) => match token.kind {
            Kind::COMMA | Kind::SEMICOLON => true,
            Kind::EQ => input.skip("=>", place).is_some(),
            _ => false,
        },
    }
}

/// What comes after the longest thing of the grammar that begins here. The parser is shown no more than what it needs, so
/// that the items of a long list cost no more than the list; `separated` things may end before a separator.
fn parsed(input: &Input<'_, '_>, place: Place, what: &PrefixEntryPoint, separated: bool) -> Option<Place> {
    let (mut to, mut size) = (place, WINDOW);
    loop {
        let is_cut;
        (to, is_cut) = window(input, to, place.at + size, separated);
        let shown = to.at - place.at;
        match extent(input.rest(Place { end: to.at, ..place }), what) {
            Ok(0) => return None,
            Ok(read) if !is_cut || read + AHEAD <= shown => return Some(place.after(read)),
            // More to look at would not change what stands there.
            Err(at) if at + AHEAD <= shown => return None,
            _ if to.is_empty() => return None,
            _ => size = shown.max(WINDOW) * 2,
        }
    }
}

/// Where to stop looking: at the next separator, at the end, or behind some token. Whether it is the last of these.
fn window(input: &Input<'_, '_>, from: Place, limit: usize, separated: bool) -> (Place, bool) {
    let mut at = from;
    // What was the end before is not again.
    while let Some(after) = input.tree(at) {
        at = after;
        if separated && ends(input, at) {
            break;
        }
        if at.at >= limit && !at.is_empty() {
            return (at, true);
        }
    }
    (at, false)
}
