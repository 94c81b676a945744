//! Items: from a tree to a [`Unit`]. Code inside is left for `body`, either as a range of text (a file read without its
//! bodies) or as a node in hand (items that a macro or a block declares).

use super::annotating;
use super::syntax::{Node, Tree, is_expr, is_item};
use super::token::Kind;
use super::types::exact;
use crate::ir::{
    Annotating, Attrs, Field, Fields, FnDecl, Impl, Import, Item, ItemId, ItemKind, Param, Path, Pending,
    Range, Receiver, RefMode, Segment, Shared, Unit, Variant,
};
use crate::name::Name;

/// Code of an item whose tree is in hand: the number of its node.
#[derive(Clone, Copy)]
pub(super) enum Live {
    /// A function with its body.
    Fn(u32),
    Expr(u32),
    /// A macro called where items stand.
    Macro(u32),
}

/// Lowers items into one unit.
struct Items<'a> {
    /// The text that the tree's comments stand in.
    text: &'a str,
    /// What annotations are called here.
    called: Annotating,
    unit: Unit,
    /// `Some`: trees are in hand, their code is collected here. `None`: code is left as ranges.
    live: Option<Vec<(ItemId, Live)>>,
}

/// Lowers the items of a file that was read without its bodies.
pub(super) fn of_file(text: &str, tree: &Tree<'_>) -> Unit {
    let mut cx = Items { text, called: Annotating::default(), unit: Unit::default(), live: None };
    if let Some(root) = tree.root() {
        cx.unit.top = cx.items(root);
    }
    cx.unit.items.shrink_to_fit();
    cx.unit.pending.shrink_to_fit();
    cx.unit
}

/// Lowers items whose trees are in hand, in a scope where annotations are called so; their code comes with the number of the node that it belongs to.
pub(super) fn of_nodes<'t, 'a: 't>(
    text: &str,
    nodes: impl Iterator<Item = Node<'t, 'a>> + Clone,
    called: Annotating,
) -> (Unit, Vec<(usize, ItemId, Live)>) {
    let called = annotating::of_scope(&imports(nodes.clone()), called, called);
    let mut cx = Items { text, called, unit: Unit::default(), live: Some(Vec::new()) };
    let mut code = Vec::new();
    for (number, node) in nodes.enumerate() {
        let id = cx.item(node);
        cx.unit.top.extend(id);
        let live = cx.live.as_mut().map(std::mem::take).unwrap_or_default();
        code.extend(live.into_iter().map(|(item, live)| (number, item, live)));
    }
    cx.unit.items.shrink_to_fit();
    (cx.unit, code)
}

impl Items<'_> {
    fn items(&mut self, list: Node<'_, '_>) -> Vec<ItemId> {
        let outer = self.called;
        self.called = annotating::of_scope(&imports(list.children()), outer, Annotating::default());
        let items = exact(list.children().filter(|n| is_item(n.kind())).filter_map(|n| self.item(n)));
        self.called = outer;
        items
    }

    fn push(&mut self, head: Head, kind: ItemKind) -> ItemId {
        let Head { name, name_range, range, attrs, public } = head;
        self.unit.items.push(Item { name, name_range, range, attrs, kind, public });
        ItemId(self.unit.items.len() as u32 - 1)
    }

    /// What all items have; `from` is the keyword with which the item begins, its attributes and visibility aside.
    fn head(&self, node: Node<'_, '_>, from: Kind) -> Head {
        let start = node.token(from).map_or(node.lo(), |token| token.range.0);
        self.head_at(node, (start, node.hi()))
    }

    fn head_at(&self, node: Node<'_, '_>, range: Range) -> Head {
        let named = node.child(Kind::NAME).map(Node::name);
        let unnamed = || node.token(Kind::UNDERSCORE).filter(|_| node.kind() == Kind::CONST);
        let (name, name_range) = named.unwrap_or_else(|| match unnamed() {
            Some(token) => (Name::new("_"), token.range),
            None => (Name::new(""), range),
        });
        let public = is_public(node);
        Head { name, name_range, range, attrs: self.attrs(node, range), public }
    }

    fn attrs(&self, node: Node<'_, '_>, scope: Range) -> Attrs {
        super::attrs::read(node, self.text, scope, self.called)
    }

    fn item(&mut self, node: Node<'_, '_>) -> Option<ItemId> {
        Some(match node.kind() {
            Kind::MODULE => self.module(node),
            Kind::USE => {
                let mut imports = imports(std::iter::once(node));
                let head = self.head(node, Kind::USE_KW);
                imports.shrink_to_fit();
                self.push(head, ItemKind::Use(imports))
            }
            Kind::EXTERN_CRATE => self.extern_crate(node)?,
            Kind::STRUCT => {
                let fields = self.fields(node);
                let end = fields_end(node).unwrap_or(node.child(Kind::NAME)?.hi());
                let head = self.head_at(node, (node.token(Kind::STRUCT_KW)?.range.0, end));
                self.push(head, ItemKind::Struct(node.generics(), fields))
            }
            Kind::UNION => {
                let start = node.child(Kind::NAME)?.first() - 1;
                let start = node.tree.tokens.list[start].range.0;
                let fields = self.fields(node);
                let head = self.head_at(node, (start, node.hi()));
                self.push(head, ItemKind::Struct(node.generics(), fields))
            }
            Kind::ENUM => {
                let list = node.child(Kind::VARIANT_LIST);
                let variants = list.into_iter().flat_map(Node::children);
                let variants = variants.filter(|n| n.kind() == Kind::VARIANT);
                let variants = exact(variants.filter_map(|v| self.variant(v)));
                let head = self.head(node, Kind::ENUM_KW);
                self.push(head, ItemKind::Enum(node.generics(), variants))
            }
            Kind::TRAIT => {
                let items = self.associated(node);
                let head = self.head(node, Kind::TRAIT_KW);
                self.push(head, ItemKind::Trait(node.generics(), node.bounds().into(), items.into()))
            }
            Kind::IMPL => self.impl_item(node)?,
            Kind::FN => self.function(node)?,
            Kind::CONST => self.constant(node, Kind::CONST_KW),
            Kind::STATIC => self.constant(node, Kind::STATIC_KW),
            Kind::TYPE_ALIAS => {
                let head = self.head(node, Kind::TYPE_KW);
                let kind =
                    ItemKind::Alias(node.generics(), node.ty().map(Node::type_ref), node.bounds().into());
                self.push(head, kind)
            }
            Kind::MACRO_CALL | Kind::MACRO_RULES => self.macro_item(node)?,
            _ => return None,
        })
    }

    fn module(&mut self, node: Node<'_, '_>) -> ItemId {
        let list = node.child(Kind::ITEM_LIST);
        let start = node.token(Kind::MOD_KW).map_or(node.lo(), |token| token.range.0);
        let end = list.or(node.child(Kind::NAME)).map_or(node.hi(), Node::hi);
        let head = self.head_at(node, (start, end));
        let children = list.map(|list| self.items(list));
        self.push(head, ItemKind::Mod(children))
    }

    fn extern_crate(&mut self, node: Node<'_, '_>) -> Option<ItemId> {
        let (name, range) = node.child(Kind::NAME_REF)?.name();
        let mut head = self.head_at(node, range);
        let alias = node.child(Kind::RENAME).map(|rename| match rename.child(Kind::NAME) {
            Some(alias) => alias.name(),
            None => (Name::new("_"), rename.range()),
        });
        (head.name, head.name_range) = alias.unwrap_or((name, range));
        Some(self.push(head, ItemKind::ExternCrate(name)))
    }

    /// A constant with its code.
    fn constant(&mut self, node: Node<'_, '_>, keyword: Kind) -> ItemId {
        let head = self.head(node, keyword);
        let id = self.push(head, ItemKind::Const(node.ty_ref()));
        if let Some(expr) = node.children().find(|child| is_expr(child.kind())) {
            match &mut self.live {
                Some(live) => live.push((id, Live::Expr(expr.at))),
                None => self.unit.pending.push(Pending {
                    item: id,
                    range: expr.range(),
                    block: false,
                    called: self.called,
                }),
            }
        }
        id
    }

    fn macro_item(&mut self, node: Node<'_, '_>) -> Option<ItemId> {
        let input = node.child(Kind::TOKEN_TREE)?;
        let inside = inside(input);
        let rules = node.kind() == Kind::MACRO_RULES;
        let word = || node.own().find(|token| token.is("macro_rules")).map(|token| token.range.0);
        let start = node.child(Kind::PATH).map(Node::lo).or_else(word)?;
        let mut head = self.head_at(node, (start, input.hi()));
        head.public = true;
        let kind = if rules {
            ItemKind::MacroRules(inside)
        } else {
            ItemKind::MacroCall(node.child(Kind::PATH)?.shared_path(), inside)
        };
        let id = self.push(head, kind);
        if let Some(live) = &mut self.live {
            live.push((id, Live::Macro(node.at)));
        }
        Some(id)
    }

    fn variant(&self, node: Node<'_, '_>) -> Option<Variant> {
        let (name, range) = node.child(Kind::NAME)?.name();
        let scope = (range.0, fields_end(node).unwrap_or(range.1));
        Some(Variant { name, range, fields: self.fields(node), attrs: self.attrs(node, scope) })
    }

    fn fields(&self, node: Node<'_, '_>) -> Fields {
        let Some(list) = field_list(node) else { return Fields::default() };
        let tuple = list.kind() == Kind::TUPLE_FIELD_LIST;
        let fields = list.children().filter(|n| matches!(n.kind(), Kind::RECORD_FIELD | Kind::TUPLE_FIELD));
        Fields { list: exact(fields.enumerate().filter_map(|(i, field)| self.field(i, field))), tuple }
    }

    fn field(&self, index: usize, node: Node<'_, '_>) -> Option<Field> {
        let (name, range) = match node.child(Kind::NAME) {
            Some(name) => name.name(),
            None => (Name::new(&index.to_string()), node.ty()?.range()),
        };
        let (ty, attrs) = (node.ty_ref(), self.attrs(node, range));
        Some(Field { name, range, ty, attrs, public: is_public(node) })
    }

    /// What stands in the braces of a trait or an impl.
    fn associated(&mut self, node: Node<'_, '_>) -> Vec<ItemId> {
        let mut items = self.associated_items(node);
        items.shrink_to_fit();
        if node.kind() == Kind::TRAIT {
            items.iter().for_each(|id| self.unit.items[id.0 as usize].public = true);
        }
        items
    }

    fn associated_items(&mut self, node: Node<'_, '_>) -> Vec<ItemId> {
        let list = node.child(Kind::ASSOC_ITEM_LIST);
        let mut items = Vec::new();
        for item in list.into_iter().flat_map(Node::children) {
            items.extend(match item.kind() {
                Kind::FN => self.function(item),
                Kind::CONST => Some(self.constant(item, Kind::CONST_KW)),
                Kind::TYPE_ALIAS => Some(self.associated_type(item)),
                Kind::MACRO_CALL => self.macro_item(item),
                _ => None,
            });
        }
        items
    }

    fn associated_type(&mut self, node: Node<'_, '_>) -> ItemId {
        let mut head = self.head_at(node, node.child(Kind::NAME).map_or(node.range(), Node::range));
        head.public = true;
        let given = node.ty().map(Node::type_ref);
        self.push(head, ItemKind::Alias(Shared::default(), given, node.bounds().into()))
    }

    fn impl_item(&mut self, node: Node<'_, '_>) -> Option<ItemId> {
        let items = self.associated(node);
        let types: Vec<Node<'_, '_>> =
            node.children().filter(|child| super::syntax::is_type(child.kind())).collect();
        let (trait_, self_ty) = match &types[..] {
            [trait_, self_ty, ..] => (trait_.child(Kind::PATH).map(Node::shared_path), *self_ty),
            [self_ty] => (None, *self_ty),
            [] => return None,
        };
        let kind = Impl { generics: node.generics(), trait_, self_ty: self_ty.type_ref(), items };
        let mut head = self.head(node, Kind::IMPL_KW);
        head.public = true;
        Some(self.push(head, ItemKind::Impl(Box::new(kind))))
    }

    fn function(&mut self, node: Node<'_, '_>) -> Option<ItemId> {
        let body = node.child(Kind::BLOCK_EXPR);
        let params = node.child(Kind::PARAM_LIST)?;
        let start = node.token(Kind::FN_KW)?.range.0;
        let head = self.head_at(node, (start, body.map_or(params.hi(), Node::hi)));
        let list = params.children().filter(|n| n.kind() == Kind::PARAM);
        let decl = FnDecl {
            generics: node.generics(),
            receiver: params.child(Kind::SELF_PARAM).map(receiver),
            params: exact(list.filter_map(|param| self.param(param))),
            ret: node.return_type(),
            is_async: node.has(Kind::ASYNC_KW),
            has_body: body.is_some(),
            instrument: super::attrs::instrument(node).map(Box::new),
        };
        let id = self.push(head, ItemKind::Fn(Box::new(decl)));
        if let Some(body) = body {
            match &mut self.live {
                Some(live) => live.push((id, Live::Fn(node.at))),
                None => self.unit.pending.push(Pending {
                    item: id,
                    range: body.range(),
                    block: true,
                    called: self.called,
                }),
            }
        }
        Some(id)
    }

    fn param(&self, node: Node<'_, '_>) -> Option<Param> {
        let pat = node.pat()?;
        let (name, range) = match (pat.kind(), pat.child(Kind::NAME)) {
            (Kind::IDENT_PAT, Some(name)) => {
                let (name, range) = name.name();
                (Some(name), range)
            }
            _ => (None, pat.range()),
        };
        Some(Param { name, range, ty: node.ty_ref(), attrs: self.attrs(node, range) })
    }
}

fn receiver(node: Node<'_, '_>) -> Receiver {
    let (mode, ty) = match (node.ty(), node.has(Kind::AMP), node.has(Kind::MUT_KW)) {
        (Some(ty), ..) => (RefMode::Value, Some(ty.type_ref())),
        (None, true, true) => (RefMode::Mut, None),
        (None, true, false) => (RefMode::Shared, None),
        (None, false, _) => (RefMode::Value, None),
    };
    let range = node.child(Kind::NAME).map_or(node.range(), Node::range);
    Receiver { mode, ty, range }
}

/// `pub` without more.
fn is_public(node: Node<'_, '_>) -> bool {
    node.child(Kind::VISIBILITY).is_some_and(|visibility| visibility.tokens().len() == 1)
}

fn field_list<'t, 'a>(node: Node<'t, 'a>) -> Option<Node<'t, 'a>> {
    node.children().find(|n| matches!(n.kind(), Kind::RECORD_FIELD_LIST | Kind::TUPLE_FIELD_LIST))
}

fn fields_end(node: Node<'_, '_>) -> Option<u32> {
    field_list(node).map(Node::hi)
}

/// What stands between the delimiters of a macro's input.
pub(super) fn inside(input: Node<'_, '_>) -> Range {
    match input.tokens() {
        [open, .., close] => (open.range.1, close.range.0),
        _ => (input.hi(), input.hi()),
    }
}

/// What the `use`s among items import.
fn imports<'t, 'a: 't>(items: impl Iterator<Item = Node<'t, 'a>>) -> Vec<Import> {
    let mut imports = Vec::new();
    let trees = items.filter(|item| item.kind() == Kind::USE).filter_map(|item| item.child(Kind::USE_TREE));
    trees.for_each(|tree| use_tree(tree, &Path::default(), &mut imports));
    imports
}

fn use_tree(tree: Node<'_, '_>, prefix: &Path, out: &mut Vec<Import>) {
    let own = tree.child(Kind::PATH).map(Node::path);
    let mut path = prefix.clone();
    if let Some(own) = own {
        path.global |= own.global;
        for segment in &own.segments {
            path.segments.push(Segment { name: segment.name, args: None });
        }
    } else if prefix.segments.is_empty() {
        path.global |= tree.has(Kind::COLON);
    }
    if let Some(list) = tree.child(Kind::USE_TREE_LIST) {
        return list.children().for_each(|inner| use_tree(inner, &path, out));
    }
    if tree.has(Kind::STAR) {
        return out.push(Import { path: Shared::new(path), alias: None, glob: true });
    }
    let last = path.last();
    let is_self = last.is_some_and(|name| name == *"self") && !prefix.segments.is_empty();
    if is_self {
        path = prefix.clone();
    }
    let alias = match tree.child(Kind::RENAME) {
        Some(rename) => rename.child(Kind::NAME).map(|name| name.name().0),
        None => path.last(),
    };
    out.push(Import { path: Shared::new(path), alias, glob: false });
}

struct Head {
    name: Name,
    name_range: Range,
    range: Range,
    attrs: Attrs,
    public: bool,
}
