//! Format strings: holes, their arguments and the trait that reads each.

use super::body::{Lower, text_name};
use super::input::Input;
use super::token::{Kind, Token, join, text_of};
use crate::ir::{Expr, ExprId, Range, View};
use crate::name::Name;

/// A hole of a format string.
#[derive(Debug, PartialEq)]
pub(super) struct Hole<'t> {
    /// Its argument: a name, a position, or nothing for the next.
    pub(super) arg: &'t str,
    /// Where the argument stands in the literal.
    at: (usize, usize),
    /// Where all of it stands, braces included.
    pub(super) whole: (usize, usize),
    /// Whether it takes one more argument for its precision (`.*`), before its own.
    pub(super) star: bool,
    view: View,
}

/// Finds the holes in the source text of a string literal.
pub(super) fn holes(raw: &str) -> Vec<Hole<'_>> {
    let bytes = raw.as_bytes();
    let (mut at, mut out) = (0, Vec::new());
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'{', Some(b'{')) | (b'}', Some(b'}')) => at += 2,
            (b'\\', Some(b'u')) if bytes.get(at + 2) == Some(&b'{') => at = end_of(raw, at) + 1,
            (b'\\', Some(_)) if !raw.starts_with('r') => at += 2,
            (b'{', _) => {
                let end = end_of(raw, at);
                out.push(hole(raw, at + 1, end));
                at = end + 1;
            }
            _ => at += 1,
        }
    }
    out
}

fn end_of(raw: &str, from: usize) -> usize {
    raw[from..].find('}').map_or(raw.len(), |n| from + n)
}

fn hole(raw: &str, lo: usize, hi: usize) -> Hole<'_> {
    let inside = &raw[lo..hi];
    let (arg, spec) = inside.split_once(':').unwrap_or((inside, ""));
    let lead = arg.len() - arg.trim_start().len();
    let arg = arg.trim();
    let view = if spec.trim_end().ends_with('?') { View::Debug } else { View::Display };
    let whole = (lo - 1, (hi + 1).min(raw.len()));
    Hole { arg, at: (lo + lead, lo + lead + arg.len()), whole, star: spec.contains(".*"), view }
}

/// The literal with each hole as `{}`, for constant text around holes.
fn template(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            out.push_str(&tail[..1]);
            rest = &tail[2..];
        } else {
            let end = tail.find('}').map_or(tail.len(), |n| n + 1);
            out.push_str("{}");
            rest = &tail[end..];
        }
    }
    out.push_str(rest);
    out
}

impl<'a> Lower<'a> {
    /// A format string and its arguments, up to the end or a semicolon.
    pub(super) fn format_args(&mut self, input: &mut Input<'_, 'a>) -> Option<ExprId> {
        let literal = format_literal(input)?;
        let (mut positional, mut named) = (Vec::new(), Vec::new());
        while input.eat(Kind::COMMA) {
            if input.is_empty() || input.at(Kind::SEMICOLON) {
                break;
            }
            let assigns = input.at_word() && input.nth_is(1, Kind::EQ) && !input.nth_joins(1);
            if assigns {
                let name = Name::new(input.next()?.word());
                input.next();
                let value = self.arg(input)?;
                named.push((name, value));
            } else {
                let value = self.arg(input)?;
                positional.push(value);
            }
        }
        Some(self.formatted(&literal, &positional, &named))
    }

    fn formatted(&mut self, literal: &Literal, positional: &[ExprId], named: &[(Name, ExprId)]) -> ExprId {
        let (mut next, mut out) = (0, Vec::new());
        for hole in holes(&literal.raw) {
            next += usize::from(hole.star);
            let range = literal.part(hole.at);
            let value = if hole.arg.is_empty() {
                next += 1;
                positional.get(next - 1).copied()
            } else if let Ok(index) = hole.arg.parse::<usize>() {
                positional.get(index).copied()
            } else {
                let name = Name::new(hole.arg.trim_start_matches("r#"));
                let given = named.iter().find(|(n, _)| *n == name).map(|(_, e)| *e);
                Some(given.unwrap_or_else(|| self.name_expr(name, range)))
            };
            if let Some(value) = value {
                let at = self.range_of(value);
                out.push(self.push(Expr::View(value, hole.view), at));
            }
        }
        let ends = out.iter().map(|e| self.range_of(*e)).fold(literal.range, join);
        let list = self.list(&out);
        self.push(Expr::Format(text_name(&template(&literal.value)), list), ends)
    }
}

struct Literal {
    raw: String,
    value: String,
    range: Range,
    /// Whether `raw` is what stands at `range`.
    exact: bool,
}

impl Literal {
    fn part(&self, at: (usize, usize)) -> Range {
        if self.exact { (self.range.0 + at.0 as u32, self.range.0 + at.1 as u32) } else { self.range }
    }
}

/// A literal, or `concat!("…", …)` of literals.
fn format_literal(input: &mut Input<'_, '_>) -> Option<Literal> {
    let token = *input.peek()?;
    if let Some(value) = text_of(&token) {
        input.next();
        let exact = (token.range.1 - token.range.0) as usize == token.text.len();
        return Some(Literal { exact, raw: token.text.to_owned(), value, range: token.range });
    }
    if !token.is("concat") || !input.nth_is(1, Kind::BANG) {
        return None;
    }
    input.next();
    input.next();
    let value = concatenated(input.group()?.tokens());
    Some(Literal { raw: format!("{value:?}"), value, range: token.range, exact: false })
}

pub(super) fn concatenated(tokens: &[Token<'_>]) -> String {
    tokens.iter().filter_map(text_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_positions_and_views() {
        let raw = r#""a {} {user:?} {{no}} {0:>5} {x:.*} \u{1F600} { y }""#;
        let found: Vec<(&str, View, bool)> = holes(raw).iter().map(|h| (h.arg, h.view, h.star)).collect();
        assert_eq!(
            found,
            [
                ("", View::Display, false),
                ("user", View::Debug, false),
                ("0", View::Display, false),
                ("x", View::Display, true),
                ("y", View::Display, false),
            ]
        );
        let user = &holes(raw)[1];
        assert_eq!(&raw[user.at.0..user.at.1], "user");
    }

    #[test]
    fn a_template_keeps_constant_text() {
        assert_eq!(template("https://x.example/{id}/{{a}}/{:?}"), "https://x.example/{}/{a}/{}");
    }
}
