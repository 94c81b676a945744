//! From text to the owned IR; the only place that knows a parser.
//!
//! Three entries: [`items`] reads a file without the bodies of its functions, [`code`] lowers the bodies and what macros
//! make of them, and fragments are what macro expansion hands back, parsed on the spot. The first needs nothing but the
//! text; the second needs the table of macros that the first found, and may be asked for less than everything.
//!
//! The parser is rust-analyzer's: it makes events and no tree, takes about a quarter of the time of a parser that does,
//! and reads on behind an error. Macros are expanded over the same tokens: one reader of the language for all. `syn` and
//! `proc_macro2` are left in [`layout`] alone, which serves `--fix` and looks at single places.

mod annotating;
mod arms;
mod attrs;
mod body;
mod draft;
mod env;
mod expansion;
mod format;
mod input;
mod items;
pub mod layout;
mod lexer;
mod macro_rules;
mod macros;
mod pattern;
mod said;
mod syntax;
mod token;
mod types;

pub use env::{Env, MacroDef, MacroTable, Syntax};
pub use said::Said;

use std::rc::Rc;

use ra_ap_parser::{PrefixEntryPoint, TopEntryPoint};

use crate::ir::{
    Annotating, Body, ExprId, ItemId, ItemKind, Pat, PatId, Path, Pending, Range, RefMode, Segment, Shared,
    TypeRef, Unit, View,
};
use crate::name::Name;
use body::Lower;
use input::Input;
use items::Live;
use syntax::{Node, Tree, is_item};
use token::{Kind, Token, Tokens, TooDeep};

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// Where.
    pub range: Range,
    /// Why, in the parser's words.
    pub why: String,
}

/// A unit beside the file's own.
#[derive(Debug)]
pub struct Extra {
    /// Its items.
    pub unit: Unit,
    /// Where it belongs.
    pub parent: Parent,
}

/// Where an extra unit's items are visible. Units are numbered from 0, the file's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// In the body of this item.
    Body(u32, ItemId),
    /// Beside this item, which called the macro that made them.
    Beside(u32, ItemId),
}

/// What [`code`] makes of a file.
#[derive(Debug, Default)]
pub struct Lowered {
    /// Bodies with the unit and item that they belong to.
    pub bodies: Vec<(u32, ItemId, Body)>,
    /// More units, numbered from 1.
    pub extras: Vec<Extra>,
    /// Bodies that did not parse.
    pub unparsed: Vec<Unparsed>,
    /// Macros at item level that nobody could expand.
    pub opaque_items: Vec<(Name, Range)>,
}

/// Reads the items of a file, whose names are said by that. Where something is not Rust, what stands around it is kept.
#[must_use]
pub fn items(text: &str, said: &Said) -> (Unit, Option<Unparsed>) {
    items_from(text, Tokens::without_bodies(text, Some(said)))
}

/// Reads declarations of what others wrote, functions aside that nobody says. To be asked when all that says something
/// was read.
#[must_use]
pub fn declarations(text: &str, said: &Said) -> (Unit, Option<Unparsed>) {
    let mut tokens = Tokens::without_bodies(text, None);
    tokens.iter_mut().for_each(|tokens| said::leave_unsaid(tokens, said));
    items_from(text, tokens)
}

fn items_from(text: &str, tokens: Result<Tokens<'_>, TooDeep>) -> (Unit, Option<Unparsed>) {
    match tokens {
        Ok(tokens) => {
            let tree = Tree::whole(tokens, &TopEntryPoint::SourceFile);
            (items::of_file(text, &tree), unparsed(&tree))
        }
        Err(deep) => (Unit::default(), Some(too_deep(&deep))),
    }
}

/// Whether a word is no name as it stands.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    Kind::from_keyword(word, token::EDITION).is_some()
}

fn too_deep(deep: &TooDeep) -> Unparsed {
    Unparsed { range: (deep.at, deep.at), why: "nested too deeply to be read".to_owned() }
}

/// The first thing in a tree that is not Rust.
fn unparsed(tree: &Tree<'_>) -> Option<Unparsed> {
    if let Some((range, why)) = &tree.tokens.wrong {
        return Some(Unparsed { range: *range, why: why.clone() });
    }
    let (range, why) = tree.error()?;
    Some(Unparsed { range, why: why.to_owned() })
}

/// Lowers the code of a file's items, for which `wanted` holds.
pub fn code(unit: &Unit, env: &Env<'_>, wanted: &dyn Fn(ItemId) -> bool) -> Lowered {
    let mut run = Run { env, called: Annotating::default(), out: Lowered::default() };
    run.made_macros(unit);
    for pending in unit.pending.iter().filter(|p| wanted(p.item)) {
        run.pending(unit, pending);
    }
    run.called = Annotating::default();
    run.item_macros(unit, wanted);
    run.out
}

/// Units that macros of one file may make.
const MAX_EXTRAS: usize = 4_000;
/// How often what a macro made where a type stands may hold another such call.
const MAX_NESTED_TYPES: usize = 8;

struct Run<'a> {
    env: &'a Env<'a>,
    /// What annotations are called in the module of the code in hand.
    called: Annotating,
    out: Lowered,
}

/// Items in hand: their trees, and the numbers of their nodes.
type Nodes<'a> = Vec<(Rc<Tree<'a>>, u32)>;

impl<'a> Run<'a> {
    fn text(&self, range: Range) -> &'a str {
        self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("")
    }

    /// The tokens of a range; what is wrong with them is noted.
    fn tokens(&mut self, range: Range) -> Option<Tokens<'a>> {
        let read = Tokens::of(self.text(range), range.0);
        read.map_err(|deep| self.out.unparsed.push(too_deep(&deep))).ok()
    }

    fn pending(&mut self, unit: &Unit, pending: &Pending) {
        let Pending { item, range, block, called } = *pending;
        self.called = called;
        let Some(tokens) = self.tokens(range) else { return };
        let what = if block { PrefixEntryPoint::Block } else { PrefixEntryPoint::Expr };
        let tree = Rc::new(Tree::prefix(tokens, &what));
        self.out.unparsed.extend(unparsed(&tree));
        let Some(root) = tree.root() else { return };
        let mut cx = Lower::new(Rc::clone(&tree), self.env);
        cx.parameters(unit, item, None);
        let root = if block { cx.block(root) } else { cx.expr(root) };
        self.lowered(cx, (0, item), root);
    }

    /// Lowers code in hand, then the items that it declares.
    fn live(&mut self, index: u32, unit: &Unit, item: ItemId, live: Live, tree: &Rc<Tree<'a>>) {
        let (Live::Fn(at) | Live::Expr(at)) = live else { return };
        let Some(node) = tree.node(at) else { return };
        let mut cx = Lower::new(Rc::clone(tree), self.env);
        cx.parameters(unit, item, node.child(Kind::PARAM_LIST));
        let root = match node.child(Kind::BLOCK_EXPR).filter(|_| matches!(live, Live::Fn(_))) {
            Some(body) => cx.block(body),
            None => cx.expr(node),
        };
        self.lowered(cx, (index, item), root);
    }

    /// A body that is done, but for the items in it.
    fn lowered(&mut self, cx: Lower<'a>, (index, item): (u32, ItemId), root: ExprId) {
        let Lower { body, items, .. } = cx;
        let unit = (!items.is_empty()).then(|| self.extra(&items, Parent::Body(index, item), false));
        self.out.bodies.push((index, item, body.done(root, unit)));
    }

    /// Lowers items whose trees are in hand into a unit of their own; returns its number. In `thread_local!`, a `static`
    /// is a key to a value of its type.
    fn extra(&mut self, nodes: &Nodes<'a>, parent: Parent, keys: bool) -> u32 {
        let each = nodes.iter().filter_map(|(tree, at)| tree.node(*at));
        let (mut unit, live) = items::of_nodes(self.env.text, each, self.called);
        if keys {
            unit.items.iter_mut().for_each(|item| local_key(&mut item.kind));
        }
        let index = self.out.extras.len() as u32 + 1;
        self.out.extras.push(Extra { unit: Unit::default(), parent });
        for (of, item, code) in &live {
            self.live(index, &unit, *item, *code, &nodes[*of].0);
        }
        for (of, item, code) in live {
            if let (Live::Macro(at), Some(tree)) = (code, nodes.get(of).map(|(tree, _)| Rc::clone(tree)))
                && let Some(node) = tree.node(at).filter(|node| node.kind() == Kind::MACRO_CALL)
            {
                self.item_macro(index, item, node);
            }
        }
        self.out.extras[index as usize - 1].unit = unit;
        index
    }

    /// The calls of macros where items stand, each with a tree of its own.
    fn item_calls(&self, unit: &Unit, wanted: &dyn Fn(ItemId) -> bool) -> Vec<(ItemId, Tree<'a>)> {
        let mut calls = Vec::new();
        for (i, item) in unit.items.iter().enumerate() {
            let id = ItemId(i as u32);
            if let ItemKind::MacroCall(_, inside) = &item.kind
                && wanted(id)
            {
                let range = (item.range.0, (inside.1 + 1).max(item.range.1));
                let tokens = Tokens::of(self.text(range), range.0).ok();
                calls.extend(tokens.map(|t| (id, Tree::prefix(t, &PrefixEntryPoint::Item))));
            }
        }
        calls
    }

    /// Macros that macros called where items stand define: code may use them.
    fn made_macros(&self, unit: &Unit) {
        let may_define = |item: ItemId| match &unit.items[item.0 as usize].kind {
            ItemKind::MacroCall(path, _) => {
                path.last().is_some_and(|name| self.env.makes_macros(name, path.segments.len() > 1))
            }
            _ => false,
        };
        for (_, tree) in self.item_calls(unit, &may_define) {
            let Some(node) = tree.root() else { continue };
            let Some(items) = self.expanded(node) else { continue };
            let rules = items
                .root()
                .into_iter()
                .flat_map(Node::children)
                .filter_map(|item| macros::made_rules(item, self.env.text));
            self.env.made.borrow_mut().extend(rules);
        }
    }

    /// Macros called where items stand: the program's own are expanded, of the others whatever parses as items counts.
    fn item_macros(&mut self, unit: &Unit, wanted: &dyn Fn(ItemId) -> bool) {
        for (id, tree) in self.item_calls(unit, wanted) {
            if let Some(node) = tree.root() {
                self.item_macro(0, id, node);
            }
        }
    }

    /// What the program's own macro expands to where items stand, macros called where types stand in it included.
    fn expanded(&self, call: Node<'_, 'a>) -> Option<Tree<'a>> {
        let mut tree = Tree::whole(self.expansion(call)?, &TopEntryPoint::MacroItems);
        for _ in 0..MAX_NESTED_TYPES {
            let calls = tree.nodes_of(Kind::MACRO_TYPE);
            let made = |node: Node<'_, 'a>| {
                let made = self.expansion(node.child(Kind::MACRO_CALL)?)?;
                Some((node.first()..node.end(), made))
            };
            let made: Vec<_> = calls.filter_map(made).collect();
            if made.is_empty() {
                break;
            }
            tree = Tree::whole(tree.tokens.with(made), &TopEntryPoint::MacroItems);
        }
        Some(tree)
    }

    fn expansion(&self, call: Node<'_, 'a>) -> Option<Tokens<'a>> {
        let path = call.child(Kind::PATH)?.path();
        let (rules, krate) = self.env.definition(path.last()?, path.segments.len() > 1)?;
        expansion::expand(call, &rules, krate, self.env.text)
    }

    fn item_macro(&mut self, index: u32, id: ItemId, call: Node<'_, 'a>) {
        let Some(path) = call.child(Kind::PATH).map(Node::path) else { return };
        let Some((name, tree)) = path.last().zip(call.child(Kind::TOKEN_TREE)) else { return };
        if self.out.extras.len() > MAX_EXTRAS {
            self.out.opaque_items.push((name, items::inside(tree)));
            return;
        }
        let input = Input::new(&call.tree.tokens, tree.first() + 1, tree.end() - 1);
        if input.is_empty() {
            return;
        }
        let nodes = self.expanded(call).and_then(items_in).or_else(|| guessed_items(name, &input));
        match nodes {
            Some(nodes) if !nodes.is_empty() => {
                self.extra(&nodes, Parent::Beside(index, id), name == *"thread_local");
            }
            _ => self.out.opaque_items.push((name, items::inside(tree))),
        }
    }
}

/// Tokens read as items, if that is what they are.
fn items_of(tokens: Tokens<'_>) -> Option<Nodes<'_>> {
    items_in(Tree::whole(tokens, &TopEntryPoint::MacroItems))
}

/// The items that a tree consists of, if that is what it is.
fn items_in(tree: Tree<'_>) -> Option<Nodes<'_>> {
    let tree = Rc::new(tree);
    let nodes = tree.is_clean().then(|| tree.root()).flatten()?.children();
    Some(nodes.filter(|n| is_item(n.kind())).map(|node| (Rc::clone(&tree), node.at)).collect())
}

/// Items inside a macro that wraps them: as they stand (`pin_project!`), without `ref` (`lazy_static!`), or in its
/// braces (`cfg_if!`).
fn guessed_items<'a>(name: Name, input: &Input<'_, 'a>) -> Option<Nodes<'a>> {
    if name == *"thread_local" {
        return items_of(without_static_ref(input.rest()));
    }
    if let Some(items) = items_of(input.rest()) {
        return Some(items);
    }
    if name == *"lazy_static" {
        return items_of(without_static_ref(input.rest()));
    }
    let mut found = Vec::new();
    let mut input = input.clone();
    while !input.is_empty() {
        let is_block = input.at(Kind::L_CURLY);
        match input.group() {
            Some(inside) if is_block => found.extend(items_of(inside.rest()).unwrap_or_default()),
            Some(_) => {}
            None => drop(input.next()),
        }
    }
    Some(found)
}

fn local_key(kind: &mut ItemKind) {
    if let ItemKind::Const(ty) = kind {
        let plain = |name: &str| Segment { name: Name::new(name), args: None };
        let args = crate::ir::Args { types: vec![*ty], ..crate::ir::Args::default() };
        let key = Segment { name: Name::new("LocalKey"), args: Some(Box::new(args)) };
        let segments = vec![plain("std"), plain("thread"), key];
        let path = Path { global: true, segments, ..Path::default() };
        *ty = Shared::new(TypeRef::Path(Shared::new(path)));
    }
}

/// `static ref X: T = …` as `static X: T = …;`.
fn without_static_ref(mut tokens: Tokens<'_>) -> Tokens<'_> {
    let is_ref = |at: usize, list: &[Token<'_>]| {
        list[at].kind == Kind::REF_KW && at > 0 && list[at - 1].kind == Kind::STATIC_KW
    };
    let kept: Vec<bool> = (0..tokens.list.len()).map(|at| !is_ref(at, &tokens.list)).collect();
    let mut keep = kept.iter();
    tokens.list.retain(|_| *keep.next().unwrap_or(&true));
    tokens.docs.clear();
    if let Some(last) = tokens.list.last().copied().filter(|last| last.kind != Kind::SEMICOLON) {
        let at = (last.range.1, last.range.1);
        tokens.list.push(Token { kind: Kind::SEMICOLON, joint: false, range: at, text: ";" });
    }
    tokens
}

impl<'a> Lower<'a> {
    /// Declares the parameters of a function, `self` first, and reads what its `#[instrument]` records.
    fn parameters(&mut self, unit: &Unit, item: ItemId, list: Option<Node<'_, 'a>>) {
        let ItemKind::Fn(decl) = &unit.items[item.0 as usize].kind else { return };
        if let Some(receiver) = &decl.receiver {
            let local = self.declare(Name::new("self"), receiver.range);
            let pat = self.push_pat(Pat::Bind(local, RefMode::Value, None), receiver.range);
            self.body.params.push(pat);
        }
        let mut given = list.into_iter().flat_map(Node::children).filter_map(Node::pat);
        for param in &decl.params {
            let pat = self.parameter(param.name, param.range, given.next());
            self.body.params.push(pat);
        }
        if let Some(range) = decl.instrument.as_ref().and_then(|i| i.fields) {
            self.recorded(range);
        }
    }

    /// A parameter's pattern: the one in hand, or the one that the text holds.
    fn parameter(&mut self, name: Option<Name>, range: Range, given: Option<Node<'_, 'a>>) -> PatId {
        if let Some(name) = name {
            let local = self.declare(name, range);
            return self.push_pat(Pat::Bind(local, RefMode::Value, None), range);
        }
        if let Some(pat) = given {
            return self.pattern(pat);
        }
        let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        let tree = Tokens::of(text, range.0).map(|tokens| Tree::prefix(tokens, &PrefixEntryPoint::PatTop));
        let read = tree.ok().and_then(|tree| self.within(tree, Self::pattern));
        read.unwrap_or_else(|| self.push_pat(Pat::Wild, range))
    }

    fn recorded(&mut self, range: Range) {
        let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        let Ok(tokens) = Tokens::of(text, range.0) else { return };
        let end = tokens.list.len();
        let values = self.loose_args(Input::new(&tokens, 0, end), View::Display);
        self.body.recorded = self.list(&values);
    }
}
