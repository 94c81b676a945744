//! Between trees and macro expansion, which works on runs of tokens: what a call is given and what rules consist of, with
//! the doc comments in them as the attributes that macros see. Chooses no macro.

use std::borrow::Cow;

use super::macro_rules::{self, CratePath, MacroRules};
use super::syntax::Node;
use super::token::{Kind, Token, Tokens, is_inner_doc};
use crate::ir::Range;

/// What a call expands to. `text` is that of the file in which the call stands.
pub(super) fn expand<'a>(
    call: Node<'_, 'a>,
    rules: &MacroRules,
    krate: CratePath,
    text: &'a str,
) -> Option<Tokens<'a>> {
    let site = call.child(Kind::PATH)?.tokens().last()?.range;
    let input = inside(call, text)?;
    let list = macro_rules::expand(rules, &input, site, krate).ok()?;
    Some(Tokens { list, ..Tokens::default() })
}

/// The rules of a definition whose tree is in hand.
pub(super) fn rules(definition: Node<'_, '_>, text: &str) -> Option<MacroRules> {
    macro_rules::parse(&inside(definition, text)?).ok()
}

/// The rules that a text consists of, without what stands around them.
pub(super) fn rules_of(text: &str) -> Option<MacroRules> {
    let tokens = Tokens::of(text, 0).ok()?;
    macro_rules::parse(&with_docs(&tokens, 0, tokens.list.len(), text)).ok()
}

/// What stands between the delimiters of a call or a definition.
fn inside<'t, 'a>(node: Node<'t, 'a>, text: &'a str) -> Option<Cow<'t, [Token<'a>]>> {
    let input = node.child(Kind::TOKEN_TREE)?;
    let (first, last) = (input.tokens().first()?, input.tokens().last()?);
    let is_closed = first.opens().is_some() && first.opens() == last.closes();
    is_closed.then(|| with_docs(&input.tree.tokens, input.first() + 1, input.end() - 1, text))
}

/// Some of the tokens, with each doc comment among them as its attribute.
fn with_docs<'t, 'a>(all: &'t Tokens<'a>, from: usize, to: usize, text: &'a str) -> Cow<'t, [Token<'a>]> {
    let first = all.docs.partition_point(|(at, _)| (*at as usize) < from);
    let last = all.docs.partition_point(|(at, _)| (*at as usize) <= to);
    let docs = &all.docs[first..last];
    if docs.is_empty() {
        return Cow::Borrowed(&all.list[from..to]);
    }
    let mut out = Vec::with_capacity(to - from + docs.len() * 6);
    let mut at = from;
    for (before, range) in docs {
        out.extend_from_slice(&all.list[at..*before as usize]);
        at = *before as usize;
        attribute(text.get(range.0 as usize..range.1 as usize).unwrap_or(""), *range, &mut out);
    }
    out.extend_from_slice(&all.list[at..to]);
    Cow::Owned(out)
}

/// `#[doc = "…"]`. The comment itself stands for the literal.
fn attribute<'a>(comment: &'a str, range: Range, out: &mut Vec<Token<'a>>) {
    let mut add = |kind, text| out.push(Token { kind, joint: false, range, text });
    add(Kind::POUND, "#");
    if is_inner_doc(comment) {
        add(Kind::BANG, "!");
    }
    add(Kind::L_BRACK, "[");
    add(Kind::IDENT, "doc");
    add(Kind::EQ, "=");
    add(Kind::STRING, comment);
    add(Kind::R_BRACK, "]");
}
