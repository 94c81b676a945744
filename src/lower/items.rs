//! Items: from a parsed file, body or macro expansion to a [`Unit`]. Code inside is left for `body`, either as a range
//! of text (a file parsed with its bodies blanked) or as a tree in hand (items that a macro or a block declares).

use syn::spanned::Spanned as _;
use syn::{FnArg, ImplItem, Item as SynItem, Pat as SynPat, ReceiverKind, TraitItem, UseTree, Visibility};

use super::cx::{Frame, join, name_of};
use crate::ir::{
    Attrs, Field, Fields, FnDecl, Generics, Impl, Import, Item, ItemId, ItemKind, Param, Path, Pending,
    Range, Receiver, RefMode, Segment, Unit, Variant,
};
use crate::name::Name;

/// Code of an item whose tree is in hand.
pub(super) enum Live {
    Block(syn::Block),
    Expr(syn::Expr),
    /// The input of a macro called where items stand.
    Macro(proc_macro2::TokenStream),
}

/// Lowers items into one unit.
pub(super) struct Items {
    frame: Frame,
    unit: Unit,
    /// `Some`: trees are in hand, collected here. `None`: code is left as ranges.
    live: Option<Vec<(ItemId, Live)>>,
}

/// Lowers the items of a file whose bodies were blanked.
pub(super) fn of_file(frame: Frame, items: &[SynItem]) -> Unit {
    let mut cx = Items { frame, unit: Unit::default(), live: None };
    cx.unit.top = cx.items(items);
    cx.unit
}

/// Lowers items whose trees are in hand.
pub(super) fn of_trees(frame: Frame, items: &[SynItem]) -> (Unit, Vec<(ItemId, Live)>) {
    let mut cx = Items { frame, unit: Unit::default(), live: Some(Vec::new()) };
    cx.unit.top = cx.items(items);
    (cx.unit, cx.live.unwrap_or_default())
}

impl Items {
    fn items(&mut self, items: &[SynItem]) -> Vec<ItemId> {
        items.iter().filter_map(|i| self.item(i)).collect()
    }

    fn push(&mut self, head: Head, kind: ItemKind) -> ItemId {
        let Head { name, name_range, range, attrs, public } = head;
        self.unit.items.push(Item { name, name_range, range, attrs, kind, public });
        ItemId(self.unit.items.len() as u32 - 1)
    }

    fn head(
        &self,
        ident: Option<&syn::Ident>,
        attrs: &[syn::Attribute],
        range: Range,
        vis: Option<&Visibility>,
    ) -> Head {
        Head {
            name: ident.map_or_else(|| Name::new(""), name_of),
            name_range: ident.map_or(range, |i| self.frame.range(i.span())),
            range,
            attrs: self.frame.attrs(attrs, range),
            public: vis.is_none_or(|v| !matches!(v, Visibility::Inherited)),
        }
    }

    fn item(&mut self, item: &SynItem) -> Option<ItemId> {
        let f = self.frame;
        Some(match item {
            SynItem::Mod(m) => {
                let end = m.content.as_ref().map(|(b, _)| b.span.close());
                let range = (f.lo(m.mod_token.span), f.hi(end.unwrap_or_else(|| m.ident.span())));
                let head = self.head(Some(&m.ident), &m.attrs, range, Some(&m.vis));
                let children = m.content.as_ref().map(|(_, items)| self.items(items));
                self.push(head, ItemKind::Mod(children))
            }
            SynItem::Use(u) => {
                let mut imports = Vec::new();
                let start = Path { global: u.leading_colon.is_some(), ..Path::default() };
                self.use_tree(&u.tree, start, &mut imports);
                let range = (f.lo(u.use_token.span), f.hi(u.semi_token.span));
                let head = self.head(None, &u.attrs, range, Some(&u.vis));
                self.push(head, ItemKind::Use(imports))
            }
            SynItem::ExternCrate(e) => {
                let range = f.range(e.ident.span());
                let alias = e.rename.as_ref().map_or(&e.ident, |(_, i)| i);
                let head = self.head(Some(alias), &e.attrs, range, Some(&e.vis));
                self.push(head, ItemKind::ExternCrate(name_of(&e.ident)))
            }
            SynItem::Struct(s) => {
                let range = (f.lo(s.struct_token.span), self.fields_end(&s.fields, s.ident.span()));
                let head = self.head(Some(&s.ident), &s.attrs, range, Some(&s.vis));
                let kind = ItemKind::Struct(f.generics(&s.generics), self.fields(&s.fields));
                self.push(head, kind)
            }
            SynItem::Union(u) => {
                let range = (f.lo(u.union_token.span), f.hi(u.fields.brace_token.span.close()));
                let head = self.head(Some(&u.ident), &u.attrs, range, Some(&u.vis));
                let fields = self.fields(&syn::Fields::Named(u.fields.clone()));
                self.push(head, ItemKind::Struct(f.generics(&u.generics), fields))
            }
            SynItem::Enum(e) => {
                let range = (f.lo(e.enum_token.span), f.hi(e.brace_token.span.close()));
                let head = self.head(Some(&e.ident), &e.attrs, range, Some(&e.vis));
                let variants = e.variants.iter().map(|v| self.variant(v)).collect();
                self.push(head, ItemKind::Enum(f.generics(&e.generics), variants))
            }
            SynItem::Trait(t) => self.trait_item(t),
            SynItem::Impl(i) => self.impl_item(i),
            SynItem::Fn(i) => self.function(&i.attrs, Some(&i.vis), &i.sig, Some(&i.block)),
            SynItem::Const(c) => {
                let head = self.const_head(&c.ident, &c.attrs, &c.vis, c.const_token.span, c.semi_token.span);
                self.constant(head, &c.ty, &c.expr, (f.hi(c.eq_token.span), f.lo(c.semi_token.span)))
            }
            SynItem::Static(s) => {
                let head =
                    self.const_head(&s.ident, &s.attrs, &s.vis, s.static_token.span, s.semi_token.span);
                self.constant(head, &s.ty, &s.expr, (f.hi(s.eq_token.span), f.lo(s.semi_token.span)))
            }
            SynItem::Type(t) => {
                let range = (f.lo(t.type_token.span), f.hi(t.semi_token.span));
                let head = self.head(Some(&t.ident), &t.attrs, range, Some(&t.vis));
                let kind = ItemKind::Alias(f.generics(&t.generics), Some(f.type_ref(&t.ty)), Vec::new());
                self.push(head, kind)
            }
            SynItem::Macro(m) => self.macro_item(m.ident.as_ref(), &m.attrs, &m.mac),
            _ => return None,
        })
    }

    fn fields_end(&self, fields: &syn::Fields, ident: proc_macro2::Span) -> u32 {
        match fields {
            syn::Fields::Named(n) => self.frame.hi(n.brace_token.span.close()),
            syn::Fields::Unnamed(u) => self.frame.hi(u.paren_token.span.close()),
            syn::Fields::Unit => self.frame.hi(ident),
        }
    }

    fn const_head(
        &self,
        ident: &syn::Ident,
        attrs: &[syn::Attribute],
        vis: &Visibility,
        from: proc_macro2::Span,
        to: proc_macro2::Span,
    ) -> Head {
        self.head(Some(ident), attrs, (self.frame.lo(from), self.frame.hi(to)), Some(vis))
    }

    fn constant(&mut self, head: Head, ty: &syn::Type, expr: &syn::Expr, range: Range) -> ItemId {
        let kind = ItemKind::Const(self.frame.type_ref(ty));
        let id = self.push(head, kind);
        self.code_expr(id, expr, range);
        id
    }

    fn code_expr(&mut self, item: ItemId, expr: &syn::Expr, range: Range) {
        match &mut self.live {
            Some(live) => live.push((item, Live::Expr(expr.clone()))),
            None => self.unit.pending.push(Pending { item, range, block: false }),
        }
    }

    fn code_block(&mut self, item: ItemId, block: &syn::Block) {
        let span = block.brace_token.span;
        match &mut self.live {
            Some(live) => live.push((item, Live::Block(block.clone()))),
            None => {
                let range = (self.frame.lo(span.open()), self.frame.hi(span.close()));
                self.unit.pending.push(Pending { item, range, block: true });
            }
        }
    }

    fn macro_item(
        &mut self,
        ident: Option<&syn::Ident>,
        attrs: &[syn::Attribute],
        mac: &syn::Macro,
    ) -> ItemId {
        let f = self.frame;
        let path = f.path(&mac.path, None);
        let (open, close) = delimiters(&mac.delimiter);
        let inside = (f.hi(open), f.lo(close));
        let range = (path.range.0, f.hi(close));
        let head = self.head(ident, attrs, range, None);
        let rules = path.single().is_some_and(|n| n == *"macro_rules") && ident.is_some();
        let id = self
            .push(head, if rules { ItemKind::MacroRules(inside) } else { ItemKind::MacroCall(path, inside) });
        if let Some(live) = &mut self.live {
            live.push((id, Live::Macro(mac.tokens.clone())));
        }
        id
    }

    fn variant(&mut self, v: &syn::Variant) -> Variant {
        let range = self.frame.range(v.ident.span());
        let scope = (range.0, self.fields_end(&v.fields, v.ident.span()));
        Variant {
            name: name_of(&v.ident),
            range,
            fields: self.fields(&v.fields),
            attrs: self.frame.attrs(&v.attrs, scope),
        }
    }

    fn fields(&mut self, fields: &syn::Fields) -> Fields {
        let tuple = matches!(fields, syn::Fields::Unnamed(_));
        let list = fields.iter().enumerate().map(|(i, field)| self.field(i, field)).collect();
        Fields { list, tuple }
    }

    fn field(&self, index: usize, field: &syn::Field) -> Field {
        let f = self.frame;
        let range = match &field.ident {
            Some(ident) => f.range(ident.span()),
            None => f.range(field.ty.span()),
        };
        let name = field.ident.as_ref().map_or_else(|| Name::new(&index.to_string()), name_of);
        let scope = join(range, range);
        Field { name, range, ty: f.type_ref(&field.ty), attrs: f.attrs(&field.attrs, scope) }
    }

    fn trait_item(&mut self, t: &syn::ItemTrait) -> ItemId {
        let f = self.frame;
        let range = (f.lo(t.trait_token.span), f.hi(t.brace_token.span.close()));
        let head = self.head(Some(&t.ident), &t.attrs, range, Some(&t.vis));
        let mut items = Vec::new();
        for item in &t.items {
            match item {
                TraitItem::Fn(m) => items.push(self.function(&m.attrs, None, &m.sig, m.default.as_ref())),
                TraitItem::Type(a) => items.push(self.assoc_type(a)),
                TraitItem::Const(c) => {
                    let head = self.head(Some(&c.ident), &c.attrs, f.range(c.ident.span()), None);
                    let id = self.push(head, ItemKind::Const(f.type_ref(&c.ty)));
                    if let Some((eq, expr)) = &c.default {
                        self.code_expr(id, expr, (f.hi(eq.span), f.lo(c.semi_token.span)));
                    }
                    items.push(id);
                }
                TraitItem::Macro(m) => items.push(self.macro_item(None, &m.attrs, &m.mac)),
                _ => {}
            }
        }
        self.push(head, ItemKind::Trait(f.generics(&t.generics), f.bounds(&t.supertraits), items))
    }

    fn assoc_type(&mut self, a: &syn::TraitItemType) -> ItemId {
        let f = self.frame;
        let head = self.head(Some(&a.ident), &a.attrs, f.range(a.ident.span()), None);
        let default = a.default.as_ref().map(|(_, ty)| f.type_ref(ty));
        self.push(head, ItemKind::Alias(Generics::default(), default, f.bounds(&a.bounds)))
    }

    fn impl_item(&mut self, i: &syn::ItemImpl) -> ItemId {
        let f = self.frame;
        let range = (f.lo(i.impl_token.span), f.hi(i.brace_token.span.close()));
        let head = self.head(None, &i.attrs, range, None);
        let mut items = Vec::new();
        for item in &i.items {
            match item {
                ImplItem::Fn(m) => items.push(self.function(&m.attrs, Some(&m.vis), &m.sig, Some(&m.block))),
                ImplItem::Type(t) => {
                    let head = self.head(Some(&t.ident), &t.attrs, f.range(t.ident.span()), None);
                    let kind = ItemKind::Alias(Generics::default(), Some(f.type_ref(&t.ty)), Vec::new());
                    items.push(self.push(head, kind));
                }
                ImplItem::Const(c) => {
                    let head = self.head(Some(&c.ident), &c.attrs, f.range(c.ident.span()), Some(&c.vis));
                    let code = (f.hi(c.eq_token.span), f.lo(c.semi_token.span));
                    items.push(self.constant(head, &c.ty, &c.expr, code));
                }
                ImplItem::Macro(m) => items.push(self.macro_item(None, &m.attrs, &m.mac)),
                _ => {}
            }
        }
        let kind = Impl {
            generics: f.generics(&i.generics),
            trait_: i.trait_.as_ref().map(|(path, _)| f.path(path, None)),
            self_ty: f.type_ref(&i.self_ty),
            items,
        };
        self.push(head, ItemKind::Impl(Box::new(kind)))
    }

    fn function(
        &mut self,
        attrs: &[syn::Attribute],
        vis: Option<&Visibility>,
        sig: &syn::Signature,
        block: Option<&syn::Block>,
    ) -> ItemId {
        let f = self.frame;
        let end = block.map_or(sig.paren_token.span.close(), |b| b.brace_token.span.close());
        let range = (f.lo(sig.fn_token.span), f.hi(end));
        let head = self.head(Some(&sig.ident), attrs, range, vis);
        let mut decl = FnDecl {
            generics: f.generics(&sig.generics),
            receiver: None,
            params: Vec::new(),
            ret: f.return_type(&sig.output),
            is_async: sig.asyncness.is_some(),
            has_body: block.is_some(),
            instrument: f.instrument(attrs),
        };
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(r) => decl.receiver = Some(self.receiver(r)),
                FnArg::Typed(p) => decl.params.push(self.param(p)),
            }
        }
        let id = self.push(head, ItemKind::Fn(Box::new(decl)));
        if let Some(block) = block {
            self.code_block(id, block);
        }
        id
    }

    fn receiver(&self, r: &syn::Receiver) -> Receiver {
        let (mode, ty) = match &r.kind {
            ReceiverKind::Value => (RefMode::Value, None),
            ReceiverKind::Reference(_, _, m) if m.is_some() => (RefMode::Mut, None),
            ReceiverKind::Reference(..) => (RefMode::Shared, None),
            ReceiverKind::Typed(_, ty) => (RefMode::Value, Some(self.frame.type_ref(ty))),
            _ => (RefMode::Value, None),
        };
        Receiver { mode, ty, range: self.frame.range(r.self_token.span) }
    }

    fn param(&self, p: &syn::PatType) -> Param {
        let (name, range) = match &*p.pat {
            SynPat::Ident(i) => (Some(name_of(&i.ident)), self.frame.range(i.ident.span())),
            other => (None, self.frame.range(other.span())),
        };
        Param { name, range, ty: self.frame.type_ref(&p.ty), attrs: self.frame.attrs(&p.attrs, range) }
    }

    fn use_tree(&self, tree: &UseTree, prefix: Path, out: &mut Vec<Import>) {
        match tree {
            UseTree::Path(p) => self.use_tree(&p.tree, self.extended(&prefix, &p.ident), out),
            UseTree::Group(g) => g.items.iter().for_each(|t| self.use_tree(t, prefix.clone(), out)),
            UseTree::Glob(_) => out.push(Import { path: prefix, alias: None, glob: true }),
            UseTree::Name(n) if n.ident == "self" => {
                let alias = prefix.last();
                out.push(Import { path: prefix, alias, glob: false });
            }
            UseTree::Name(n) => {
                let path = self.extended(&prefix, &n.ident);
                out.push(Import { path, alias: Some(name_of(&n.ident)), glob: false });
            }
            UseTree::Rename(r) => {
                let path = if r.ident == "self" { prefix } else { self.extended(&prefix, &r.ident) };
                let alias = (r.rename != "_").then(|| name_of(&r.rename));
                out.push(Import { path, alias, glob: false });
            }
        }
    }

    fn extended(&self, prefix: &Path, ident: &syn::Ident) -> Path {
        let mut path = prefix.clone();
        let range = self.frame.range(ident.span());
        path.range = if path.segments.is_empty() { range } else { join(path.range, range) };
        path.segments.push(Segment { name: name_of(ident), args: None });
        path
    }
}

struct Head {
    name: Name,
    name_range: Range,
    range: Range,
    attrs: Attrs,
    public: bool,
}

pub(super) fn delimiters(d: &syn::MacroDelimiter) -> (proc_macro2::Span, proc_macro2::Span) {
    match d {
        syn::MacroDelimiter::Paren(p) => (p.span.open(), p.span.close()),
        syn::MacroDelimiter::Brace(b) => (b.span.open(), b.span.close()),
        syn::MacroDelimiter::Bracket(b) => (b.span.open(), b.span.close()),
    }
}
