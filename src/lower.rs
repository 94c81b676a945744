//! From text to the owned IR; the only place that knows `syn`.
//!
//! Three entries: [`items`] reads a file with the bodies of its functions blanked out, [`code`] lowers the bodies and
//! what macros make of them, and fragments are what macro expansion hands back, parsed on the spot. The first needs
//! nothing but the text; the second needs the table of macros that the first found, and may be asked for less than
//! everything. Nothing of `syn` or `proc_macro2` outlives a call: spans become byte ranges here.

mod arms;
mod attrs;
mod body;
mod cx;
mod env;
mod format;
mod items;
pub mod layout;
mod macro_rules;
mod macros;
mod scan;
mod types;

pub use env::{Env, MacroDef, MacroTable, Syntax};

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use crate::ir::{Body, ItemId, ItemKind, Pat, PatId, Range, RefMode, Unit, View};
use crate::name::Name;
use body::Lower;
use cx::Frame;
use items::Live;

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

/// Reads the items of a file. Where the file as a whole does not parse, nothing of it is kept.
pub fn items(text: &str) -> Result<Unit, Unparsed> {
    let blank = scan::blank_bodies(text).map_err(|deep| too_deep(deep.at))?;
    let parsed = syn::parse_str::<syn::File>(&blank);
    let frame = Frame::new(0, &blank);
    let unit = match parsed {
        Ok(file) => Ok(items::of_file(frame, &file.items)),
        Err(error) => Err(unparsed(frame, &error)),
    };
    cx::forget_spans();
    unit
}

fn too_deep(at: u32) -> Unparsed {
    Unparsed { range: (at, at), why: "nested too deeply to be read".to_owned() }
}

fn unparsed(frame: Frame, error: &syn::Error) -> Unparsed {
    Unparsed { range: frame.range(error.span()), why: error.to_string() }
}

/// Lowers the code of a file's items, for which `wanted` holds.
pub fn code(unit: &Unit, env: &Env<'_>, wanted: &dyn Fn(ItemId) -> bool) -> Lowered {
    let mut run = Run { env, out: Lowered::default() };
    run.made_macros(unit);
    for pending in unit.pending.iter().filter(|p| wanted(p.item)) {
        run.pending(unit, pending.item, pending.range, pending.block);
    }
    run.item_macros(unit, wanted);
    cx::forget_spans();
    run.out
}

/// Units that macros of one file may make.
const MAX_EXTRAS: usize = 4_000;

struct Run<'a> {
    env: &'a Env<'a>,
    out: Lowered,
}

impl Run<'_> {
    fn pending(&mut self, unit: &Unit, item: ItemId, range: Range, block: bool) {
        let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        let frame = Frame::new(range.0, text);
        if scan::check_depth(text).is_err() {
            self.out.unparsed.push(too_deep(range.0));
            return;
        }
        let tokens = match text.parse::<TokenStream>() {
            Ok(tokens) => tokens,
            Err(e) => {
                self.out.unparsed.push(Unparsed { range, why: e.to_string() });
                return;
            }
        };
        let live = if block {
            block_of.parse2(tokens).map(Live::Block)
        } else {
            syn::parse2(tokens).map(Live::Expr)
        };
        match live {
            Ok(live) => self.live(0, unit, item, &live, frame),
            Err(e) => self.out.unparsed.push(unparsed(frame, &e)),
        }
    }

    /// Lowers code in hand, then the items that it declares.
    fn live(&mut self, index: u32, unit: &Unit, item: ItemId, live: &Live, frame: Frame) {
        let mut cx = Lower::new(frame, self.env);
        cx.parameters(unit, item);
        let root = match live {
            Live::Block(block) => cx.block(block),
            Live::Expr(expr) => cx.expr(expr),
            Live::Macro(_) => return,
        };
        cx.body.root = Some(root);
        let Lower { mut body, items, .. } = cx;
        if !items.is_empty() {
            body.block_unit = Some(self.extra(&items, frame, Parent::Body(index, item)));
        }
        body.shrink();
        self.out.bodies.push((index, item, body));
    }

    /// Lowers items whose trees are in hand into a unit of their own; returns its number.
    fn extra(&mut self, items: &[syn::Item], frame: Frame, parent: Parent) -> u32 {
        let (unit, live) = items::of_trees(frame, items);
        let index = self.out.extras.len() as u32 + 1;
        self.out.extras.push(Extra { unit: Unit::default(), parent });
        for (item, code) in &live {
            self.live(index, &unit, *item, code, frame);
        }
        for (item, code) in live {
            if let (Live::Macro(tokens), ItemKind::MacroCall(path, range)) =
                (code, &unit.items[item.0 as usize].kind)
                && let Some(name) = path.last()
            {
                self.item_macro(index, item, (name, path.segments.len() > 1), tokens, frame, *range);
            }
        }
        self.out.extras[index as usize - 1].unit = unit;
        index
    }

    /// Macros that macros called where items stand define: code may use them.
    fn made_macros(&self, unit: &Unit) {
        for item in &unit.items {
            let ItemKind::MacroCall(path, range) = &item.kind else { continue };
            let Some((rules, krate)) =
                path.last().and_then(|name| self.env.definition(name, path.segments.len() > 1))
            else {
                continue;
            };
            let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
            let Ok(tokens) = text.parse::<TokenStream>() else { continue };
            let Ok(items) = macro_rules::expand(&rules, tokens, proc_macro2::Span::call_site(), &krate)
                .map(syn::parse2::<syn::File>)
            else {
                continue;
            };
            let made = items.iter().flat_map(|file| &file.items).filter_map(macros::made_rules);
            self.env.made.borrow_mut().extend(made);
        }
    }

    /// Macros called where items stand: the program's own are expanded, of the others whatever parses as items counts.
    fn item_macros(&mut self, unit: &Unit, wanted: &dyn Fn(ItemId) -> bool) {
        for (i, item) in unit.items.iter().enumerate() {
            let id = ItemId(i as u32);
            if let ItemKind::MacroCall(path, range) = &item.kind
                && wanted(id)
                && let Some(name) = path.last()
            {
                let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
                let Ok(tokens) = text.parse::<TokenStream>() else { continue };
                self.item_macro(
                    0,
                    id,
                    (name, path.segments.len() > 1),
                    tokens,
                    Frame::new(range.0, text),
                    *range,
                );
            }
        }
    }

    fn item_macro(
        &mut self,
        index: u32,
        id: ItemId,
        (name, qualified): (Name, bool),
        tokens: TokenStream,
        frame: Frame,
        range: Range,
    ) {
        let Some(call_site) = tokens.clone().into_iter().next().map(|t| t.span()) else { return };
        if self.out.extras.len() > MAX_EXTRAS {
            self.out.opaque_items.push((name, range));
            return;
        }
        let expanded = self
            .env
            .definition(name, qualified)
            .and_then(|(rules, path)| macro_rules::expand(&rules, tokens.clone(), call_site, &path).ok());
        let items = expanded.and_then(|t| syn::parse2::<syn::File>(t).ok()).map(|f| f.items);
        match items.or_else(|| guessed_items(name, tokens)) {
            Some(items) if !items.is_empty() => {
                self.extra(&items, frame, Parent::Beside(index, id));
            }
            _ => self.out.opaque_items.push((name, range)),
        }
    }
}

/// Items inside a macro that wraps them: as they stand (`pin_project!`), without `ref` (`lazy_static!`), or in its
/// braces (`cfg_if!`).
fn guessed_items(name: Name, tokens: TokenStream) -> Option<Vec<syn::Item>> {
    let plain = |t: TokenStream| syn::parse2::<syn::File>(t).ok().map(|f| f.items);
    if name == *"thread_local" {
        return plain(without_static_ref(tokens)).map(|items| items.into_iter().map(local_key).collect());
    }
    if let Some(items) = plain(tokens.clone()) {
        return Some(items);
    }
    if name == *"lazy_static" {
        return plain(without_static_ref(tokens));
    }
    let groups = tokens.into_iter().filter_map(|t| match t {
        TokenTree::Group(g) if g.delimiter() == proc_macro2::Delimiter::Brace => plain(g.stream()),
        _ => None,
    });
    Some(groups.flatten().collect())
}

/// A `static` of `thread_local!` is a key to a value of its type.
fn local_key(item: syn::Item) -> syn::Item {
    let syn::Item::Static(mut item) = item else { return item };
    let key = syn::parse_str::<syn::Type>("::std::thread::LocalKey<()>");
    if let Ok(syn::Type::Path(mut key)) = key
        && let Some(segment) = key.path.segments.last_mut()
        && let syn::PathArguments::AngleBracketed(args) = &mut segment.arguments
    {
        args.args = std::iter::once(syn::GenericArgument::Type((*item.ty).clone())).collect();
        *item.ty = syn::Type::Path(key);
    }
    syn::Item::Static(item)
}

fn without_static_ref(tokens: TokenStream) -> TokenStream {
    let mut after_static = false;
    let kept = tokens.into_iter().filter(|t| {
        let drop = after_static && matches!(t, TokenTree::Ident(i) if i == "ref");
        after_static = matches!(t, TokenTree::Ident(i) if i == "static");
        !drop
    });
    let mut kept: Vec<TokenTree> = kept.collect();
    if !matches!(kept.last(), Some(TokenTree::Punct(p)) if p.as_char() == ';') {
        kept.push(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone).into());
    }
    kept.into_iter().collect()
}

/// A block that may begin with inner attributes.
fn block_of(input: ParseStream) -> syn::Result<syn::Block> {
    let content;
    let brace_token = syn::braced!(content in input);
    content.call(syn::Attribute::parse_inner)?;
    Ok(syn::Block { brace_token, stmts: content.call(syn::Block::parse_within)? })
}

impl Lower<'_> {
    /// Declares the parameters of a function, `self` first, and reads what its `#[instrument]` records.
    fn parameters(&mut self, unit: &Unit, item: ItemId) {
        let ItemKind::Fn(decl) = &unit.items[item.0 as usize].kind else { return };
        if let Some(receiver) = &decl.receiver {
            let local = self.declare(Name::new("self"), receiver.range);
            let pat = self.push_pat(Pat::Bind(local, RefMode::Value, None), receiver.range);
            self.body.params.push(pat);
        }
        for param in &decl.params {
            let pat = self.parameter(param.name, param.range);
            self.body.params.push(pat);
        }
        if let Some(range) = decl.instrument.as_ref().and_then(|i| i.fields) {
            self.recorded(range);
        }
    }

    fn parameter(&mut self, name: Option<Name>, range: Range) -> PatId {
        if let Some(name) = name {
            let local = self.declare(name, range);
            return self.push_pat(Pat::Bind(local, RefMode::Value, None), range);
        }
        let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        let outer = std::mem::replace(&mut self.frame, Frame::new(range.0, text));
        let tokens = text.parse::<TokenStream>().unwrap_or_default();
        let pat = syn::Pat::parse_multi_with_leading_vert.parse2(tokens);
        let id = match pat {
            Ok(pat) => self.pattern(&pat),
            Err(_) => self.push_pat(Pat::Wild, range),
        };
        self.frame = outer;
        id
    }

    fn recorded(&mut self, range: Range) {
        let text = self.env.text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        let Ok(tokens) = text.parse::<TokenStream>() else { return };
        let outer = std::mem::replace(&mut self.frame, Frame::new(range.0, text));
        let values = self.loose_args(tokens, View::Display);
        self.body.recorded = self.list(&values);
        self.frame = outer;
    }
}
