//! Finds the helper attributes of an item. Knows how attributes look, and nothing of what may stand in them.

use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

/// One `#[personal_data(…)]`.
pub(crate) struct Attribute {
    /// What stands in the parentheses.
    pub(crate) arguments: TokenStream,
    /// Its last word or parenthesis, to blame where the arguments end too early.
    pub(crate) span: Span,
}

/// All helper attributes of a type, on itself, its variants and its fields, in order.
pub(crate) fn attributes(item: TokenStream) -> Vec<Attribute> {
    let mut found = Vec::new();
    collect(item, &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<Attribute>) {
    let mut after_hash = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            match group.delimiter() {
                Delimiter::Bracket if after_hash => found.extend(helper(group)),
                _ => collect(group.stream(), found),
            }
        }
        after_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
    }
}

/// The attribute in `[…]`, if it is ours.
fn helper(brackets: &Group) -> Option<Attribute> {
    let mut tokens = brackets.stream().into_iter();
    let TokenTree::Ident(name) = tokens.next()? else { return None };
    if name.to_string() != "personal_data" {
        return None;
    }
    Some(match tokens.next() {
        Some(TokenTree::Group(group)) => Attribute { arguments: group.stream(), span: group.span_close() },
        Some(other) => {
            Attribute { arguments: std::iter::once(other).chain(tokens).collect(), span: name.span() }
        }
        None => Attribute { arguments: TokenStream::new(), span: name.span() },
    })
}
