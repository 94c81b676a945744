//! Reads the arms of a macro from its definition. Knows nothing of calls.

use super::fragment::Fragment;
use super::lexeme::{Input, Lexeme, Place, joins};
use super::{Arm, Matcher, Operator, Piece, Repeat};
use crate::lower::token::{Delimiter, Kind, Token};
use crate::name::Name;

type Read<T> = Result<(T, Place), String>;

/// All arms, in order.
pub(super) fn parse(body: &[Token<'_>]) -> Result<Vec<Arm>, String> {
    let input = Input::new(body).ok_or("the delimiters of the macro do not match")?;
    let mut place = input.all();
    let mut arms = Vec::new();
    while !place.is_empty() {
        let (arm, rest) = Reader { input: &input, names: Vec::new() }.arm(place)?;
        arms.extend(arm);
        place = input.skip(";", rest).or_else(|| input.skip(",", rest)).unwrap_or(rest);
    }
    Ok(arms)
}

/// Reads one arm.
struct Reader<'t, 'a> {
    input: &'t Input<'t, 'a>,
    /// The variables so far; a variable's number is its index here.
    names: Vec<&'a str>,
}

impl<'a> Reader<'_, 'a> {
    /// An arm; `None` for those that are used as attributes or derives, which no call reaches.
    fn arm(mut self, place: Place) -> Read<Option<Arm>> {
        let (is_call, place) = self.attribute_arm(place);
        let (_, matcher, place) = self.input.group(place).ok_or("expected a matcher in parentheses")?;
        let place = self.input.skip("=>", place).unwrap_or(place);
        let (_, body, place) = self.input.group(place).ok_or("expected the body of an arm in braces")?;
        if !is_call {
            return Ok((None, place));
        }
        let matcher = self.matchers(matcher)?;
        let body = self.pieces(body)?;
        Ok((Some(Arm { matcher, body }), place))
    }

    fn attribute_arm(&self, place: Place) -> (bool, Place) {
        let Some((word, rest)) = self.input.word(place) else { return (true, place) };
        let arguments = self.input.group(rest).filter(|_| word == "attr");
        (false, arguments.map_or(rest, |(_, _, after)| after))
    }

    /// The left side.
    fn matchers(&mut self, mut place: Place) -> Result<Vec<Matcher>, String> {
        let mut found = Vec::new();
        while !place.is_empty() {
            let (matcher, rest) = self.matcher(place)?;
            found.push(matcher);
            place = rest;
        }
        Ok(found)
    }

    fn matcher(&mut self, place: Place) -> Read<Matcher> {
        if let Some((delimiter, inside, rest)) = self.input.group(place) {
            return Ok((Matcher::Delimited(delimiter, self.matchers(inside)?), rest));
        }
        let Some(after) = self.input.skip("$", place) else { return self.literal(place) };
        if let Some((Delimiter::Round, inside, rest)) = self.input.group(after) {
            return self.repeat_matcher(inside, rest);
        }
        match self.input.word(after) {
            Some((name, rest)) => self.variable_matcher(name, rest),
            // A `$` that introduces nothing is itself (`[$]`).
            None => self.literal(place),
        }
    }

    fn literal(&self, place: Place) -> Read<Matcher> {
        let (lexeme, rest) = self.lexeme(place).ok_or("unexpected end of the matcher")?;
        Ok((Matcher::Lexeme(lexeme), rest))
    }

    fn lexeme(&self, place: Place) -> Option<(Lexeme, Place)> {
        let (tokens, rest) = self.input.lexeme(place)?;
        let joined = |at: usize| at + 1 < tokens.len();
        Some((tokens.iter().enumerate().map(|(at, token)| kept(token, joined(at))).collect(), rest))
    }

    fn variable_matcher(&mut self, name: &'a str, rest: Place) -> Read<Matcher> {
        let missing = || format!("missing fragment specifier of `${name}`");
        let rest = self.input.skip(":", rest).ok_or_else(missing)?;
        let (kind, rest) = self.input.word(rest).ok_or_else(missing)?;
        let fragment = Fragment::named(kind).ok_or_else(|| format!("unknown fragment specifier `{kind}`"))?;
        if self.names.contains(&name) {
            return Err(format!("`${name}` is bound twice"));
        }
        self.names.push(name);
        Ok((Matcher::Fragment(fragment), rest))
    }

    fn repeat_matcher(&mut self, inside: Place, after: Place) -> Read<Matcher> {
        let before = self.names.len();
        let body = self.matchers(inside)?;
        let ((separator, operator), rest) = self.suffix(after)?;
        let variables = self.names.len() - before;
        Ok((Matcher::Repeat(Repeat { body, separator, operator, variables }), rest))
    }

    /// What follows the parentheses of a repetition.
    fn suffix(&self, place: Place) -> Read<(Option<Lexeme>, Operator)> {
        const MISSING: &str = "expected one of `*`, `+` and `?` after a repetition";
        if let Some((operator, rest)) = self.operator(place) {
            return Ok(((None, operator), rest));
        }
        let (separator, rest) = self.lexeme(place).ok_or(MISSING)?;
        let (operator, rest) = self.operator(rest).ok_or(MISSING)?;
        Ok(((Some(separator), operator), rest))
    }

    fn operator(&self, place: Place) -> Option<(Operator, Place)> {
        let known = [("*", Operator::ZeroOrMore), ("+", Operator::OneOrMore), ("?", Operator::ZeroOrOne)];
        known.into_iter().find_map(|(text, operator)| Some((operator, self.input.skip(text, place)?)))
    }

    /// The right side.
    fn pieces(&self, mut place: Place) -> Result<Vec<Piece>, String> {
        let mut found = Vec::new();
        while let Some(token) = self.input.token(place) {
            let rest = place.after(1);
            if token.kind == Kind::DOLLAR {
                place = self.after_dollar(token, rest, &mut found)?;
            } else {
                own(kept(token, self.is_joined(token, rest)), &mut found);
                place = rest;
            }
        }
        Ok(found)
    }

    /// Whether a token of the body joins with the next. One before a `$`, which is not written out, must not join with
    /// whatever comes there instead.
    fn is_joined(&self, token: &Token<'_>, next: Place) -> bool {
        let next = self.input.token(next).filter(|next| next.kind != Kind::DOLLAR);
        joins(token, next)
    }

    fn after_dollar(
        &self,
        dollar: &Token<'_>,
        place: Place,
        found: &mut Vec<Piece>,
    ) -> Result<Place, String> {
        if let Some(rest) = self.input.skip("$", place) {
            own(kept(dollar, false), found);
            return Ok(rest);
        }
        match self.input.group(place) {
            Some((Delimiter::Round, inside, rest)) => return self.repeat_piece(inside, rest, found),
            Some((Delimiter::Curly, inside, rest)) => {
                let name = self.input.word(inside).map_or("", |(name, _)| name);
                found.push(Piece::Unsupported(name.to_owned()));
                return Ok(rest);
            }
            _ => {}
        }
        if let Some((name, rest)) = self.input.word(place) {
            let bound = self.names.iter().position(|known| *known == name).map(Piece::Variable);
            let piece = if name == "crate" { Some(Piece::Crate) } else { bound };
            if let Some(piece) = piece {
                found.push(piece);
                return Ok(rest);
            }
        }
        // A name that the matcher does not bind belongs to a macro that this one defines.
        own(kept(dollar, false), found);
        Ok(place)
    }

    fn repeat_piece(&self, inside: Place, after: Place, found: &mut Vec<Piece>) -> Result<Place, String> {
        let body = self.pieces(inside)?;
        let ((separator, _), rest) = self.suffix(after)?;
        let mut drivers = Vec::new();
        variables(&body, &mut drivers);
        found.push(Piece::Repeat { body, separator, drivers });
        Ok(rest)
    }
}

/// A token that outlives the text of the definition.
fn kept(token: &Token<'_>, joint: bool) -> Token<'static> {
    Token { kind: token.kind, joint, range: token.range, text: Name::new(token.text).as_str() }
}

fn own(token: Token<'static>, found: &mut Vec<Piece>) {
    match found.last_mut() {
        Some(Piece::Own(run)) => run.push(token),
        _ => found.push(Piece::Own(vec![token])),
    }
}

fn variables(body: &[Piece], found: &mut Vec<usize>) {
    for piece in body {
        match piece {
            Piece::Variable(slot) if !found.contains(slot) => found.push(*slot),
            Piece::Repeat { body, .. } => variables(body, found),
            _ => {}
        }
    }
}
