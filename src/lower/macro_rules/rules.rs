//! Reads the arms of a macro from its definition. Knows nothing of calls.

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use syn::buffer::{Cursor, TokenBuffer};

use super::fragment::Fragment;
use super::token::{self, Token};
use super::{Arm, Matcher, Operator, Piece, Repeat, weight};

type Read<'a, T> = Result<(T, Cursor<'a>), String>;

/// All arms, in order.
pub(super) fn parse(body: TokenStream) -> Result<Vec<Arm>, String> {
    if weight::depth(body.clone()) == weight::Depth::Nested {
        return Err("the rules of the macro are nested too deep".into());
    }
    let buffer = TokenBuffer::new2(body);
    let mut cursor = buffer.begin();
    let mut arms = Vec::new();
    while !cursor.eof() {
        let (arm, rest) = arm(cursor)?;
        arms.extend(arm);
        cursor = skip(rest, b";").or_else(|| skip(rest, b",")).unwrap_or(rest);
    }
    Ok(arms)
}

/// An arm; `None` for those that are used as attributes or derives, which no call reaches.
fn arm(cursor: Cursor<'_>) -> Read<'_, Option<Arm>> {
    let (is_call, cursor) = attribute_arm(cursor);
    let (matcher, _, cursor) = group(cursor).ok_or("expected a matcher in parentheses")?;
    let cursor = skip(cursor, b"=>").unwrap_or(cursor);
    let (body, _, cursor) = group(cursor).ok_or("expected the body of an arm in braces")?;
    if !is_call {
        return Ok((None, cursor));
    }
    let mut names = Vec::new();
    let matcher = matchers(matcher, &mut names)?;
    let body = pieces(body, &names)?;
    Ok((Some(Arm { matcher, body }), cursor))
}

fn attribute_arm(cursor: Cursor<'_>) -> (bool, Cursor<'_>) {
    let Some((TokenTree::Ident(word), rest)) = cursor.token_tree() else { return (true, cursor) };
    let rest = if word == "attr" { group(rest).map_or(rest, |(_, _, rest)| rest) } else { rest };
    (false, rest)
}

/// The left side. `names` are the variables so far; a variable's number is its index there.
fn matchers(mut cursor: Cursor<'_>, names: &mut Vec<String>) -> Result<Vec<Matcher>, String> {
    let mut found = Vec::new();
    while !cursor.eof() {
        let (matcher, rest) = matcher(cursor, names)?;
        found.push(matcher);
        cursor = rest;
    }
    Ok(found)
}

fn matcher<'a>(cursor: Cursor<'a>, names: &mut Vec<String>) -> Read<'a, Matcher> {
    if let Some((inside, delimiter, rest)) = group(cursor) {
        return Ok((Matcher::Delimited(delimiter, matchers(inside, names)?), rest));
    }
    let Some(after) = skip(cursor, b"$") else { return literal(cursor) };
    if let Some((inside, Delimiter::Parenthesis, rest)) = group(after) {
        return repeat_matcher(inside, rest, names);
    }
    match ident(after) {
        Some((name, rest)) => variable_matcher(name, rest, names),
        // A `$` that introduces nothing is itself (`[$]`).
        None => literal(cursor),
    }
}

fn literal(cursor: Cursor<'_>) -> Read<'_, Matcher> {
    let (token, rest) = token::next(cursor).ok_or("unexpected end of the matcher")?;
    Ok((Matcher::Token(token), rest))
}

fn variable_matcher<'a>(name: String, rest: Cursor<'a>, names: &mut Vec<String>) -> Read<'a, Matcher> {
    let rest = skip(rest, b":").ok_or_else(|| format!("missing fragment specifier of `${name}`"))?;
    let (kind, rest) = ident(rest).ok_or_else(|| format!("missing fragment specifier of `${name}`"))?;
    let fragment = Fragment::named(&kind).ok_or_else(|| format!("unknown fragment specifier `{kind}`"))?;
    if names.contains(&name) {
        return Err(format!("`${name}` is bound twice"));
    }
    names.push(name);
    Ok((Matcher::Fragment(fragment), rest))
}

fn repeat_matcher<'a>(inside: Cursor<'_>, after: Cursor<'a>, names: &mut Vec<String>) -> Read<'a, Matcher> {
    let before = names.len();
    let body = matchers(inside, names)?;
    let (Suffix { separator, operator, .. }, rest) = suffix(after)?;
    let variables = names.len() - before;
    Ok((Matcher::Repeat(Repeat { body, separator, operator, variables }), rest))
}

/// What follows the parentheses of a repetition.
struct Suffix {
    separator: Option<Token>,
    /// The separator as it is to be written.
    written: Vec<TokenTree>,
    operator: Operator,
}

fn suffix(cursor: Cursor<'_>) -> Read<'_, Suffix> {
    const MISSING: &str = "expected one of `*`, `+` and `?` after a repetition";
    let (first, rest) = token::next(cursor).ok_or(MISSING)?;
    if let Some(operator) = operator(&first) {
        return Ok((Suffix { separator: None, written: Vec::new(), operator }, rest));
    }
    let (second, end) = token::next(rest).ok_or(MISSING)?;
    let operator = operator(&second).ok_or(MISSING)?;
    let mut written = super::fragment::between(cursor, rest);
    if let Some(last) = written.pop() {
        written.push(alone(last));
    }
    Ok((Suffix { separator: Some(first), written, operator }, end))
}

fn operator(token: &Token) -> Option<Operator> {
    let Token::Operator(token) = token else { return None };
    match token.as_bytes() {
        b"*" => Some(Operator::ZeroOrMore),
        b"+" => Some(Operator::OneOrMore),
        b"?" => Some(Operator::ZeroOrOne),
        _ => None,
    }
}

/// The right side.
fn pieces(mut cursor: Cursor<'_>, names: &[String]) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    while !cursor.eof() {
        let (piece, rest) = piece(cursor, names)?;
        found.push(piece);
        cursor = rest;
    }
    Ok(found)
}

fn piece<'a>(cursor: Cursor<'a>, names: &[String]) -> Read<'a, Piece> {
    if let Some((inside, delimiter, rest)) = group(cursor) {
        return Ok((Piece::Group(delimiter, pieces(inside, names)?), rest));
    }
    let (tree, rest) = cursor.token_tree().ok_or("unexpected end of the body")?;
    if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '$') {
        return after_dollar(tree, rest, names);
    }
    let before_variable = skip(rest, b"$").is_some();
    Ok((Piece::Token(if before_variable { alone(tree) } else { tree }), rest))
}

/// A punctuation character that stood before a `$` or an operator of the macro language, which is not written out: it
/// must not join with whatever comes there instead.
fn alone(tree: TokenTree) -> TokenTree {
    match tree {
        TokenTree::Punct(old) => {
            let mut punct = Punct::new(old.as_char(), Spacing::Alone);
            punct.set_span(old.span());
            punct.into()
        }
        other => other,
    }
}

fn after_dollar<'a>(dollar: TokenTree, cursor: Cursor<'a>, names: &[String]) -> Read<'a, Piece> {
    if let Some(rest) = skip(cursor, b"$") {
        return Ok((Piece::Token(dollar), rest));
    }
    match group(cursor) {
        Some((inside, Delimiter::Parenthesis, rest)) => return repeat_piece(inside, rest, names),
        Some((inside, Delimiter::Brace, rest)) => {
            let name = ident(inside).map_or_else(String::new, |(name, _)| name);
            return Ok((Piece::Unsupported(name), rest));
        }
        _ => {}
    }
    let Some((name, rest)) = ident(cursor) else { return Ok((Piece::Token(dollar), cursor)) };
    if name == "crate" {
        return Ok((Piece::Crate, rest));
    }
    // A name that the matcher does not bind belongs to a macro that this one defines.
    let bound = names.iter().position(|known| *known == name);
    Ok(bound.map_or((Piece::Token(dollar), cursor), |slot| (Piece::Variable(slot), rest)))
}

fn repeat_piece<'a>(inside: Cursor<'_>, after: Cursor<'a>, names: &[String]) -> Read<'a, Piece> {
    let body = pieces(inside, names)?;
    let (Suffix { written, .. }, rest) = suffix(after)?;
    let mut drivers = Vec::new();
    variables(&body, &mut drivers);
    Ok((Piece::Repeat { body, separator: written, drivers }, rest))
}

fn variables(body: &[Piece], found: &mut Vec<usize>) {
    for piece in body {
        match piece {
            Piece::Variable(slot) if !found.contains(slot) => found.push(*slot),
            Piece::Group(_, inside) | Piece::Repeat { body: inside, .. } => variables(inside, found),
            _ => {}
        }
    }
}

fn group(cursor: Cursor<'_>) -> Option<(Cursor<'_>, Delimiter, Cursor<'_>)> {
    let (inside, delimiter, _, rest) = cursor.any_group()?;
    Some((inside, delimiter, rest))
}

fn ident(cursor: Cursor<'_>) -> Option<(String, Cursor<'_>)> {
    match cursor.token_tree()? {
        (TokenTree::Ident(ident), rest) => Some((ident.to_string(), rest)),
        _ => None,
    }
}

fn skip<'a>(cursor: Cursor<'a>, operator: &[u8]) -> Option<Cursor<'a>> {
    match token::next(cursor)? {
        (Token::Operator(found), rest) if found.as_bytes() == operator => Some(rest),
        _ => None,
    }
}
