//! An upper bound on how deep a parser recurses into tokens, so that hostile input cannot exhaust the stack. Knows no grammar.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The bound up to which parsing is safe on a thread with the default stack of 2 MiB, unoptimised.
const MAX_WEIGHT: u32 = 4096;
/// A token that may only make a tree deeper (a method call, a field), which costs stack when the tree is dropped.
const TOKEN_WEIGHT: u32 = 1;
/// One at which a parser may call itself.
const NESTING_WEIGHT: u32 = 32;
/// A group goes through more of a parser's functions.
const GROUP_WEIGHT: u32 = 64;
/// Groups deeper than this are refused whatever is in them.
const MAX_NESTING: u32 = MAX_WEIGHT / GROUP_WEIGHT;

/// What may be done with tokens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Depth {
    /// They may be parsed.
    Safe,
    /// Their groups may be walked, but a parser could recurse too deep.
    Long,
    /// Their groups are too deep even to walk.
    Nested,
}

/// How deep one may have to recurse. Between two separators each token may open one more level (`!!!x`, `a = b = c`);
/// what is within a group comes on top.
pub(super) fn depth(tokens: TokenStream) -> Depth {
    walk(tokens, 0, MAX_NESTING)
}

fn walk(tokens: TokenStream, outer: u32, levels: u32) -> Depth {
    if levels == 0 {
        return Depth::Nested;
    }
    let mut found = Depth::Safe;
    let mut weight = outer;
    let mut after_word = false;
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let is_word = matches!(tree, TokenTree::Ident(_));
        let nests = is_word && after_word || opens_operand(&tree);
        weight = weight.saturating_add(if nests { NESTING_WEIGHT } else { TOKEN_WEIGHT });
        after_word = is_word;
        match &tree {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => weight = outer,
            TokenTree::Group(group) => {
                found = found.max(walk(group.stream(), weight.saturating_add(GROUP_WEIGHT), levels - 1));
                if group.delimiter() == Delimiter::Brace && starts_anew(trees.peek()) {
                    weight = outer;
                }
            }
            _ => {}
        }
        if weight > MAX_WEIGHT {
            found = found.max(Depth::Long);
        }
    }
    found
}

/// Whether an operand may follow that is parsed within this one: after prefix operators and assignments, and after
/// `<` in types. (Of words only keywords nest, and those have a word before or after them or open with a group.)
fn opens_operand(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if !matches!(punct.as_char(), '.' | ':' | '?' | '\'' | '#'))
}

/// Whether the token after a block begins something that is not part of what the block ends.
fn starts_anew(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Ident(ident)) => ident != "else" && ident != "as",
        Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
        _ => false,
    }
}
