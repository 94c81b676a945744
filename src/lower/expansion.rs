//! Between tokens and macro expansion, which works on token streams: calls become streams, and what they expand to
//! becomes tokens again, each with its place in the user's file. Chooses no macro.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use ra_ap_parser::LexedStr;

use super::cx::Frame;
use super::macro_rules::{self, CratePath, MacroRules};
use super::syntax::Node;
use super::token::{EDITION, Kind, Token, Tokens, kind_of_word};
use crate::name::Name;

/// What a call expands to. `text` is that of the file in which the call stands.
pub(super) fn expand(
    call: Node<'_, '_>,
    rules: &MacroRules,
    krate: &CratePath,
    text: &str,
) -> Option<Tokens<'static>> {
    let (input, site, frame) = input_of(call, text)?;
    let made = macro_rules::expand(rules, input, site, krate).ok()?;
    Some(tokens(made, frame))
}

/// What stands between a call's delimiters, where its name is, and where those spans lie.
pub(super) fn input_of(call: Node<'_, '_>, text: &str) -> Option<(TokenStream, Span, Frame)> {
    let name = call.child(Kind::PATH)?.end() - 1;
    let input = call.child(Kind::TOKEN_TREE)?;
    let all = &call.tree.tokens;
    if let Some(frame) = all.frame {
        let stream = stream(all, input.first() + 1, input.end() - 1)?;
        return Some((stream, *all.spans.get(name)?, frame));
    }
    let lo = all.list[name].range.0;
    let piece = text.get(lo as usize..input.hi() as usize)?;
    let frame = Frame::new(lo, piece);
    let mut trees = piece.parse::<TokenStream>().ok()?.into_iter();
    let site = trees.next()?.span();
    match trees.last()? {
        TokenTree::Group(group) => Some((group.stream(), site, frame)),
        _ => None,
    }
}

/// Some of the tokens as a stream.
pub(super) fn stream(all: &Tokens<'_>, from: usize, to: usize) -> Option<TokenStream> {
    let mut open: Vec<(Delimiter, Span, Vec<TokenTree>)> =
        vec![(Delimiter::None, Span::call_site(), Vec::new())];
    for at in from..to {
        let token = &all.list[at];
        let span = all.spans.get(at).copied().unwrap_or_else(Span::call_site);
        match token.kind {
            Kind::L_PAREN => open.push((Delimiter::Parenthesis, span, Vec::new())),
            Kind::L_BRACK => open.push((Delimiter::Bracket, span, Vec::new())),
            Kind::L_CURLY => open.push((Delimiter::Brace, span, Vec::new())),
            Kind::R_PAREN | Kind::R_BRACK | Kind::R_CURLY => {
                let (delimiter, span, inside) = open.pop()?;
                let mut group = Group::new(delimiter, inside.into_iter().collect());
                group.set_span(span);
                open.last_mut()?.2.push(group.into());
            }
            _ => push(token, span, &mut open.last_mut()?.2)?,
        }
    }
    let (_, _, trees) = open.pop().filter(|_| open.is_empty())?;
    Some(trees.into_iter().collect())
}

fn push(token: &Token<'_>, span: Span, out: &mut Vec<TokenTree>) -> Option<()> {
    if token.kind.is_literal() {
        let mut literal = Literal::from_str(token.text).ok()?;
        literal.set_span(span);
        out.push(literal.into());
    } else if let Some(name) = token.text.strip_prefix('\'') {
        let mut quote = Punct::new('\'', Spacing::Joint);
        quote.set_span(span);
        out.extend([quote.into(), TokenTree::Ident(Ident::new(name, span))]);
    } else if token.is_word() {
        out.push(match token.text.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, span).into(),
            None => Ident::new(token.text, span).into(),
        });
    } else {
        let spacing = if token.joint { Spacing::Joint } else { Spacing::Alone };
        let mut punct = Punct::new(token.text.chars().next()?, spacing);
        punct.set_span(span);
        out.push(punct.into());
    }
    Some(())
}

/// A stream as tokens. Invisible groups become parentheses, which mean the same around an expression or a type.
pub(super) fn tokens(stream: TokenStream, frame: Frame) -> Tokens<'static> {
    let mut out = Tokens { frame: Some(frame), ..Tokens::default() };
    flatten(stream, frame, &mut out);
    out
}

fn flatten(stream: TokenStream, frame: Frame, out: &mut Tokens<'static>) {
    let mut trees = stream.into_iter();
    while let Some(tree) = trees.next() {
        let span = tree.span();
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = delimiters(group.delimiter());
                add(out, frame, group.span_open(), open.0, open.1, false);
                flatten(group.stream(), frame, out);
                add(out, frame, group.span_close(), close.0, close.1, false);
            }
            TokenTree::Ident(ident) => {
                let name = Name::new(&ident.to_string()).as_str();
                add(out, frame, span, kind_of_word(name), name, false);
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                let Some(TokenTree::Ident(name)) = trees.next() else { continue };
                let name = Name::new(&format!("'{name}")).as_str();
                add(out, frame, span, Kind::LIFETIME_IDENT, name, false);
            }
            TokenTree::Punct(punct) => {
                let kind = Kind::from_char(punct.as_char()).unwrap_or(Kind::ERROR);
                add(out, frame, span, kind, char_text(punct.as_char()), punct.spacing() == Spacing::Joint);
            }
            TokenTree::Literal(literal) => add_literal(&literal.to_string(), span, frame, out),
        }
    }
}

fn add_literal(text: &str, span: Span, frame: Frame, out: &mut Tokens<'static>) {
    let text = match text.strip_prefix('-') {
        Some(rest) => {
            add(out, frame, span, Kind::MINUS, "-", true);
            rest
        }
        None => text,
    };
    let kind = LexedStr::single_token(EDITION, text).map_or(Kind::ERROR, |(kind, _)| kind);
    add(out, frame, span, kind, Name::new(text).as_str(), false);
}

fn add(out: &mut Tokens<'static>, frame: Frame, span: Span, kind: Kind, text: &'static str, joint: bool) {
    out.list.push(Token { kind, joint, range: frame.range(span), text });
    out.spans.push(span);
}

fn delimiters(delimiter: Delimiter) -> ((Kind, &'static str), (Kind, &'static str)) {
    match delimiter {
        Delimiter::Bracket => ((Kind::L_BRACK, "["), (Kind::R_BRACK, "]")),
        Delimiter::Brace => ((Kind::L_CURLY, "{"), (Kind::R_CURLY, "}")),
        Delimiter::Parenthesis | Delimiter::None => ((Kind::L_PAREN, "("), (Kind::R_PAREN, ")")),
    }
}

fn char_text(c: char) -> &'static str {
    Name::new(c.encode_utf8(&mut [0; 4])).as_str()
}
