//! The syntax tree of a run of tokens, flat: nodes in the order in which they begin, each with where its subtree ends.
//! Made by rust-analyzer's parser, which goes on after an error. Knows the grammar's names and nothing of their meaning.

use ra_ap_parser::{Output, PrefixEntryPoint, Step, TopEntryPoint};

use super::token::{Kind, Token, Tokens, input};
use crate::ir::Range;
use crate::name::Name;

/// Tokens with their tree.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) tokens: Tokens<'a>,
    nodes: Vec<Raw>,
    /// What the parser did not expect, with the token at which it stood.
    pub(super) errors: Vec<(u32, String)>,
    /// How many tokens were read.
    pub(super) read: usize,
}

/// A node: its tokens, and the number of the node after its subtree.
#[derive(Clone, Copy, Debug)]
struct Raw {
    kind: Kind,
    first: u32,
    end: u32,
    next: u32,
}

impl<'a> Tree<'a> {
    /// Reads all of the tokens as one thing.
    pub(super) fn whole(tokens: Tokens<'a>, what: &TopEntryPoint) -> Self {
        let output = what.parse(&input(&tokens.list));
        Self::of(tokens, &output)
    }

    /// Reads as many of the tokens as make one thing.
    pub(super) fn prefix(tokens: Tokens<'a>, what: &PrefixEntryPoint) -> Self {
        let output = what.parse(&input(&tokens.list));
        Self::of(tokens, &output)
    }

    fn of(tokens: Tokens<'a>, output: &Output) -> Self {
        // There are hardly more nodes than one and a half for each token.
        let nodes = Vec::with_capacity(tokens.list.len() + tokens.list.len() / 2);
        let mut tree = Self { tokens, nodes, errors: Vec::new(), read: 0 };
        let mut open = Vec::new();
        for step in output.iter() {
            match step {
                Step::Enter { kind } => {
                    open.push(tree.nodes.len());
                    tree.enter(kind, tree.read, 0);
                }
                Step::Exit => tree.exit(&mut open),
                Step::Token { n_input_tokens, .. } => tree.read += usize::from(n_input_tokens),
                Step::FloatSplit { ends_in_dot } => tree.split_float(ends_in_dot, &mut open),
                Step::Error { msg } => tree.errors.push((tree.read as u32, msg.to_owned())),
            }
        }
        while !open.is_empty() {
            tree.exit(&mut open);
        }
        tree
    }

    fn enter(&mut self, kind: Kind, first: usize, tokens: u32) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Raw { kind, first: first as u32, end: first as u32 + tokens, next });
    }

    fn exit(&mut self, open: &mut Vec<usize>) {
        let (next, end) = (self.nodes.len() as u32, self.read as u32);
        if let Some(node) = open.pop().and_then(|at| self.nodes.get_mut(at)) {
            (node.next, node.end) = (next, end);
        }
    }

    /// `x.0.1` is lexed with a number `0.1`, which stands for two fields. The name of the first has no token of its own.
    fn split_float(&mut self, ends_in_dot: bool, open: &mut Vec<usize>) {
        self.enter(Kind::NAME_REF, self.read, 0);
        self.read += 1;
        self.exit(open);
        if !ends_in_dot {
            self.enter(Kind::NAME_REF, self.read - 1, 1);
            self.exit(open);
        }
    }

    /// Whether all was read, and nothing unexpected.
    pub(super) fn is_clean(&self) -> bool {
        self.errors.is_empty() && self.read == self.tokens.list.len() && !self.nodes.is_empty()
    }

    /// The first node.
    pub(super) fn root(&self) -> Option<Node<'_, 'a>> {
        self.node(0)
    }

    /// A node by its number.
    pub(super) fn node(&self, at: u32) -> Option<Node<'_, 'a>> {
        ((at as usize) < self.nodes.len()).then_some(Node { tree: self, at })
    }

    /// All nodes of a kind, in order.
    pub(super) fn nodes_of(&self, kind: Kind) -> impl Iterator<Item = Node<'_, 'a>> {
        let all = self.nodes.iter().enumerate().filter(move |(_, node)| node.kind == kind);
        all.map(|(at, _)| Node { tree: self, at: at as u32 })
    }

    /// Where an error stands, and what it says.
    pub(super) fn error(&self) -> Option<(Range, &str)> {
        let (at, why) = self.errors.first()?;
        let token = self.tokens.list.get(*at as usize).or(self.tokens.list.last());
        Some((token.map_or((0, 0), |token| token.range), why))
    }
}

/// How many of the tokens make one thing. Where they do not, the number of the one that was not expected.
pub(super) fn extent(tokens: &[Token<'_>], what: &PrefixEntryPoint) -> Result<usize, usize> {
    let mut read = 0;
    for step in what.parse(&input(tokens)).iter() {
        match step {
            Step::Token { n_input_tokens, .. } => read += usize::from(n_input_tokens),
            Step::FloatSplit { .. } => read += 1,
            Step::Error { .. } => return Err(read),
            Step::Enter { .. } | Step::Exit => {}
        }
    }
    Ok(read)
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) at: u32,
}

impl<'t, 'a> Node<'t, 'a> {
    fn raw(self) -> Raw {
        self.tree.nodes[self.at as usize]
    }

    pub(super) fn kind(self) -> Kind {
        self.raw().kind
    }

    /// The number of its first token.
    pub(super) fn first(self) -> usize {
        self.raw().first as usize
    }

    /// The number of the token after it.
    pub(super) fn end(self) -> usize {
        self.raw().end as usize
    }

    /// Its tokens.
    pub(super) fn tokens(self) -> &'t [Token<'a>] {
        let raw = self.raw();
        &self.tree.tokens.list[raw.first as usize..raw.end as usize]
    }

    /// Where it stands.
    pub(super) fn range(self) -> Range {
        match self.tokens() {
            // What an expansion made may begin behind its end.
            [first, .., last] => (first.range.0.min(last.range.0), first.range.1.max(last.range.1)),
            [one] => one.range,
            [] => self.tree.tokens.list.get(self.first()).map_or((0, 0), |t| (t.range.0, t.range.0)),
        }
    }

    /// Where it begins.
    pub(super) fn lo(self) -> u32 {
        self.range().0
    }

    /// Where it ends.
    pub(super) fn hi(self) -> u32 {
        self.range().1
    }

    pub(super) fn children(self) -> Children<'t, 'a> {
        Children { tree: self.tree, at: self.at + 1, end: self.raw().next }
    }

    /// The first child of a kind.
    pub(super) fn child(self, kind: Kind) -> Option<Self> {
        self.children().find(|child| child.kind() == kind)
    }

    /// The first child that is an expression.
    pub(super) fn expr(self) -> Option<Self> {
        self.children().find(|child| is_expr(child.kind()))
    }

    /// The first child that is a type.
    pub(super) fn ty(self) -> Option<Self> {
        self.children().find(|child| is_type(child.kind()))
    }

    /// The first child that is a pattern.
    pub(super) fn pat(self) -> Option<Self> {
        self.children().find(|child| is_pat(child.kind()))
    }

    /// The tokens that are its own, and not a child's.
    pub(super) fn own(self) -> Own<'t, 'a> {
        Own { at: self.first(), end: self.end(), children: self.children(), next: None, tree: self.tree }
            .advanced()
    }

    /// A token of its own.
    pub(super) fn token(self, kind: Kind) -> Option<&'t Token<'a>> {
        self.own().find(|token| token.kind == kind)
    }

    pub(super) fn has(self, kind: Kind) -> bool {
        self.token(kind).is_some()
    }

    /// What a name says, and where.
    pub(super) fn name(self) -> (Name, Range) {
        if let [token] = self.tokens()
            && token.kind != Kind::FLOAT_NUMBER
        {
            return (Name::new(token.word()), token.range);
        }
        let Some(number) = self.tree.tokens.list.get(self.first()) else { return (Name::new(""), (0, 0)) };
        let (left, right) = number.text.split_once('.').unwrap_or((number.text, ""));
        let (lo, hi) = number.range;
        match self.tokens() {
            [] => (Name::new(left), (lo, lo + left.len() as u32)),
            _ => (Name::new(right), (hi - right.len() as u32, hi)),
        }
    }
}

/// The children of a node.
pub(super) struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    at: u32,
    end: u32,
}

impl<'t, 'a> Iterator for Children<'t, 'a> {
    type Item = Node<'t, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, at: self.at };
        self.at = node.raw().next;
        Some(node)
    }
}

/// The tokens of a node that belong to none of its children.
pub(super) struct Own<'t, 'a> {
    tree: &'t Tree<'a>,
    at: usize,
    end: usize,
    children: Children<'t, 'a>,
    /// The next child that has tokens.
    next: Option<Node<'t, 'a>>,
}

impl Own<'_, '_> {
    fn advanced(mut self) -> Self {
        self.next = self.children.find(|child| child.first() < child.end());
        self
    }
}

impl<'t, 'a> Iterator for Own<'t, 'a> {
    type Item = &'t Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(child) = self.next.filter(|child| child.first() <= self.at) {
            self.at = self.at.max(child.end());
            self.next = self.children.find(|child| child.first() < child.end());
        }
        if self.at >= self.end {
            return None;
        }
        self.at += 1;
        self.tree.tokens.list.get(self.at - 1)
    }
}

pub(super) fn is_expr(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ARRAY_EXPR
            | Kind::ASM_EXPR
            | Kind::AWAIT_EXPR
            | Kind::BECOME_EXPR
            | Kind::BIN_EXPR
            | Kind::BLOCK_EXPR
            | Kind::BREAK_EXPR
            | Kind::CALL_EXPR
            | Kind::CAST_EXPR
            | Kind::CLOSURE_EXPR
            | Kind::CONTINUE_EXPR
            | Kind::FIELD_EXPR
            | Kind::FOR_EXPR
            | Kind::FORMAT_ARGS_EXPR
            | Kind::IF_EXPR
            | Kind::INDEX_EXPR
            | Kind::LET_EXPR
            | Kind::LITERAL
            | Kind::LOOP_EXPR
            | Kind::MACRO_EXPR
            | Kind::MATCH_EXPR
            | Kind::METHOD_CALL_EXPR
            | Kind::OFFSET_OF_EXPR
            | Kind::PAREN_EXPR
            | Kind::PATH_EXPR
            | Kind::PREFIX_EXPR
            | Kind::RANGE_EXPR
            | Kind::RECORD_EXPR
            | Kind::REF_EXPR
            | Kind::RETURN_EXPR
            | Kind::TRY_EXPR
            | Kind::TUPLE_EXPR
            | Kind::UNDERSCORE_EXPR
            | Kind::WHILE_EXPR
            | Kind::YEET_EXPR
            | Kind::YIELD_EXPR
    )
}

pub(super) fn is_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ARRAY_TYPE
            | Kind::DYN_TRAIT_TYPE
            | Kind::FN_PTR_TYPE
            | Kind::FOR_TYPE
            | Kind::IMPL_TRAIT_TYPE
            | Kind::INFER_TYPE
            | Kind::MACRO_TYPE
            | Kind::NEVER_TYPE
            | Kind::PAREN_TYPE
            | Kind::PATH_TYPE
            | Kind::PTR_TYPE
            | Kind::REF_TYPE
            | Kind::SLICE_TYPE
            | Kind::TUPLE_TYPE
    )
}

pub(super) fn is_pat(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::BOX_PAT
            | Kind::CONST_BLOCK_PAT
            | Kind::IDENT_PAT
            | Kind::LITERAL_PAT
            | Kind::MACRO_PAT
            | Kind::OR_PAT
            | Kind::PAREN_PAT
            | Kind::PATH_PAT
            | Kind::RANGE_PAT
            | Kind::RECORD_PAT
            | Kind::REF_PAT
            | Kind::REST_PAT
            | Kind::SLICE_PAT
            | Kind::TUPLE_PAT
            | Kind::TUPLE_STRUCT_PAT
            | Kind::WILDCARD_PAT
    )
}

pub(super) fn is_item(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::CONST
            | Kind::ENUM
            | Kind::EXTERN_BLOCK
            | Kind::EXTERN_CRATE
            | Kind::FN
            | Kind::IMPL
            | Kind::MACRO_CALL
            | Kind::MACRO_DEF
            | Kind::MACRO_RULES
            | Kind::MODULE
            | Kind::STATIC
            | Kind::STRUCT
            | Kind::TRAIT
            | Kind::TYPE_ALIAS
            | Kind::UNION
            | Kind::USE
    )
}
