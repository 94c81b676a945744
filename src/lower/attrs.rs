//! Attributes: our own annotations by their tokens, and the conventions of other crates that say how a place is shown.

use super::annotating::{self, Ours};
use super::syntax::Node;
use super::token::{Kind, Token, doc_text, is_inner_doc, join, split_commas, text_of};
use crate::ir::{Allow, Annotating, Annotation, AttrList, Attrs, Cfg, Instrument, Range, View};
use crate::name::Name;

/// Derives of other crates that make a redacting `Debug`, where fields carry the wrapper's attribute.
const REDACTING_FIELD_ATTRIBUTES: &[(&str, &[View])] = &[
    ("redact", &[View::Debug, View::Display]),
    ("sensitive", &[View::Debug]),
    ("not_loggable", &[View::Debug]),
];

/// What an attribute says: a path, then a list in parentheses, or a value after `=`.
#[derive(Clone, Copy)]
struct Meta<'t, 'a> {
    path: &'t [Token<'a>],
    list: Option<&'t [Token<'a>]>,
    value: Option<&'t [Token<'a>]>,
}

impl<'t, 'a> Meta<'t, 'a> {
    fn of(tokens: &'t [Token<'a>]) -> Self {
        let is_path = |token: &Token<'_>| token.is_word() || token.kind == Kind::COLON;
        let end = tokens.iter().position(|token| !is_path(token)).unwrap_or(tokens.len());
        let (path, rest) = tokens.split_at(end);
        let (list, value) = match rest {
            [open, inside @ .., _] if is_open(open.kind) => (Some(inside), None),
            [eq, value @ ..] if eq.kind == Kind::EQ => (None, Some(value)),
            _ => (None, None),
        };
        Self { path, list, value }
    }

    /// The names of its path.
    fn words(self) -> impl DoubleEndedIterator<Item = &'t Token<'a>> {
        self.path.iter().filter(|token| token.is_word())
    }

    fn names(self) -> smallvec::SmallVec<[&'t str; 4]> {
        self.words().map(|token| token.word()).collect()
    }

    fn last(self) -> &'t str {
        self.words().next_back().map_or("", |token| token.text)
    }

    fn is(self, word: &str) -> bool {
        matches!(self.path, [only] if only.is(word))
    }

    /// The string after `=`.
    fn text(self) -> Option<String> {
        text_of(self.value?.first()?)
    }

    /// The attributes in its list.
    fn inner(self) -> impl Iterator<Item = Meta<'t, 'a>> {
        split_commas(self.list.unwrap_or_default()).into_iter().map(Meta::of)
    }
}

fn is_open(kind: Kind) -> bool {
    matches!(kind, Kind::L_PAREN | Kind::L_BRACK | Kind::L_CURLY)
}

/// The content of `#[…]` and of `#![…]`.
fn meta_of<'t, 'a>(attr: Node<'t, 'a>) -> Meta<'t, 'a> {
    let tokens = attr.tokens();
    let open = tokens.iter().position(|token| token.kind == Kind::L_BRACK).map_or(tokens.len(), |at| at + 1);
    Meta::of(tokens.get(open..tokens.len().saturating_sub(1)).unwrap_or_default())
}

/// The attributes of a node, inner ones of a module included.
fn attributes<'t, 'a>(node: Node<'t, 'a>) -> impl Iterator<Item = Node<'t, 'a>> {
    let inner = node.child(Kind::ITEM_LIST).filter(|_| node.kind() == Kind::MODULE);
    let inner = inner.into_iter().flat_map(|list| attrs_of(list));
    attrs_of(node).chain(inner)
}

fn attrs_of<'t, 'a>(node: Node<'t, 'a>) -> impl Iterator<Item = Node<'t, 'a>> {
    node.children().filter(|child| child.kind() == Kind::ATTR)
}

/// Reads what matters of a node's attributes; `scope` is what a suppression on the place covers.
pub(super) fn read(node: Node<'_, '_>, text: &str, scope: Range, called: Annotating) -> Attrs {
    let mut list = AttrList::default();
    docs(node, text, &mut list);
    attributes(node).for_each(|attr| attribute(meta_of(attr), attr.range(), scope, called, &mut list));
    if list.is_empty() { Attrs::default() } else { Attrs(Some(Box::new(list))) }
}

/// The `cfg` conditions with which a statement begins.
pub(super) fn conditions(stmt: Node<'_, '_>) -> Vec<Cfg> {
    let mut list = AttrList::default();
    let mut node = Some(stmt);
    while let Some(inner) = node {
        attrs_of(inner).for_each(|attr| {
            let meta = meta_of(attr);
            if meta.last() == "cfg" {
                list.cfg.extend(meta.inner().next().map(cfg_of));
            }
        });
        node = inner.children().next().filter(|child| child.first() == inner.first());
        if !list.cfg.is_empty() {
            break;
        }
    }
    list.cfg
}

/// Doc comments before the node and between its attributes.
fn docs(node: Node<'_, '_>, text: &str, out: &mut AttrList) {
    let all = &node.tree.tokens.docs;
    if all.is_empty() {
        return;
    }
    let last = attrs_of(node).last().map_or(node.first(), Node::end);
    let from = all.partition_point(|(at, _)| (*at as usize) < node.first());
    for (_, range) in all[from..].iter().take_while(|(at, _)| *at as usize <= last) {
        let comment = text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        if !is_inner_doc(comment) {
            doc(doc_text(comment), out);
        }
    }
}

fn doc(text: &str, out: &mut AttrList) {
    let joined = match out.doc.take() {
        Some(before) => format!("{before}\n{}", text.trim()),
        None => text.trim().to_owned(),
    };
    out.doc = Some(joined.into());
}

fn attribute(meta: Meta<'_, '_>, range: Range, scope: Range, called: Annotating, out: &mut AttrList) {
    match annotating::by_path(called, &meta.names()) {
        Some(Ours::Allow) => {
            out.allows.extend(meta.list.map(|tokens| allow(tokens, range, scope)));
            return;
        }
        Some(Ours::Purpose) => {
            let text: String = meta.list.unwrap_or_default().iter().map(|token| token.text).collect();
            out.purpose = Some((Name::new(&text), range));
            return;
        }
        None => {}
    }
    match meta.last() {
        "personal_data" => annotation(meta, range, scope, out),
        "cfg_attr" => cfg_attr(meta, range, scope, called, out),
        "derive" => derives(meta, out),
        "cfg" => out.cfg.extend(meta.inner().next().map(cfg_of)),
        "test" | "bench" | "rstest" | "test_case" | "tokio_test" => out.test = true,
        "doc" => {
            if let Some(text) = meta.text() {
                doc(&text, out);
            }
        }
        "path" => out.path = meta.text().map(|v| Name::new(&v)),
        "macro_export" | "macro_use" => out.macro_export = true,
        "from" | "source" => out.from = true,
        "error" | "display" => display(meta, out),
        "strum" => strum(meta, out),
        "serde" => serde(meta, out),
        "debug" | "derivative" | "educe" | "derive_where" => debug_options(meta, out),
        other => out.hidden.extend(redacts(other)),
    }
}

fn annotation(meta: Meta<'_, '_>, range: Range, scope: Range, out: &mut AttrList) {
    let Some(tokens) = meta.list else {
        let wrong = Some("expected `personal_data(category)`".to_owned());
        out.annotation = Some(Box::new(Annotation { key: String::new(), range, wrong }));
        return;
    };
    let (annotation, allows) = annotation_tokens(tokens, range, scope);
    out.annotation = annotation.map(Box::new).or(out.annotation.take());
    out.allows.extend(allows);
}

/// `key.key`, `none`, then `reason = "…"` and `allow(…)`, separated by commas.
fn annotation_tokens(tokens: &[Token<'_>], range: Range, scope: Range) -> (Option<Annotation>, Vec<Allow>) {
    let mut annotation: Option<Annotation> = None;
    let mut allows = Vec::new();
    for part in split_commas(tokens) {
        match part {
            [word, open, inside @ .., _] if word.is("allow") && is_open(open.kind) => {
                allows.push(allow(inside, range, scope));
            }
            [word, eq, ..] if word.is("reason") && eq.kind == Kind::EQ => {}
            key => {
                let at = key.iter().map(|token| token.range).reduce(join).unwrap_or(range);
                let text: String = key.iter().map(Token::word).collect();
                let fits = !text.is_empty() && text.split('.').all(is_word);
                let wrong = match (fits, annotation.is_some()) {
                    (true, false) => None,
                    (_, true) => Some("one category to an annotation".to_owned()),
                    (false, false) => Some(format!("`{text}` is not a category")),
                };
                annotation = Some(Annotation { key: text, range: at, wrong });
            }
        }
    }
    (annotation, allows)
}

fn allow(tokens: &[Token<'_>], range: Range, scope: Range) -> Allow {
    let mut allow = Allow { lints: Vec::new(), reason: None, range, scope };
    for part in split_commas(tokens) {
        match part {
            [word, eq, text] if word.is("reason") && eq.kind == Kind::EQ => allow.reason = text_of(text),
            path => {
                let text: String = path.iter().map(|token| token.text).collect();
                allow.lints.push(text.strip_prefix("privacy::").unwrap_or(&text).to_owned());
            }
        }
    }
    allow
}

/// `cfg_attr(any(), personal_data(..))` is ours on any toolchain; other conditions count as holding.
fn cfg_attr(meta: Meta<'_, '_>, range: Range, scope: Range, called: Annotating, out: &mut AttrList) {
    let mut metas = meta.inner();
    let never = metas.next().is_some_and(|m| m.is("any") && m.list.is_some_and(<[_]>::is_empty));
    for inner in metas {
        let ours = inner.words().next().is_some_and(|first| first.is(annotating::CRATE))
            || annotating::by_path(called, &inner.names()).is_some();
        if ours || !never {
            attribute(inner, range, scope, called, out);
        }
    }
}

fn derives(meta: Meta<'_, '_>, out: &mut AttrList) {
    for path in meta.inner() {
        if let Some(last) = path.words().next_back() {
            out.derives.push((Name::new(last.word()), last.range));
        }
    }
}

/// `thiserror`, `displaydoc`-like and `derive_more` messages.
fn display(meta: Meta<'_, '_>, out: &mut AttrList) {
    for token in meta.list.unwrap_or_default() {
        if token.is("transparent") {
            out.transparent = true;
        } else if let Some(text) = text_of(token) {
            out.display = Some((Name::new(&text), token.range));
            return;
        }
    }
}

/// What the derives of `strum` write for a variant besides its name: a text with holes, or what it holds.
fn strum(meta: Meta<'_, '_>, out: &mut AttrList) {
    let (mut written, mut holds_rest) = (None, false);
    for part in split_commas(meta.list.unwrap_or_default()) {
        match part {
            [word] if word.is("transparent") => out.transparent = true,
            [word] if word.is("default") => holds_rest = true,
            [word, _, text] if word.is("to_string") => written = text_of(text).map(|t| (t, text.range)),
            [word, _, text] if word.is("serialize") && out.display.is_none() => {
                out.display = text_of(text).map(|t| (Name::new(&t), text.range));
            }
            _ => {}
        }
    }
    out.transparent |= holds_rest && written.is_none();
    if let Some((text, range)) = written {
        out.display = Some((Name::new(&text), range));
    }
}

fn serde(meta: Meta<'_, '_>, out: &mut AttrList) {
    for part in split_commas(meta.list.unwrap_or_default()) {
        match part {
            [word] if word.is("skip") || word.is("skip_serializing") => out.hidden.push(View::Serialize),
            [word] if word.is("transparent") => out.transparent = true,
            [word, _, text] if word.is("rename") => out.serde_name = text_of(text).map(|s| Name::new(&s)),
            _ => {}
        }
    }
}

/// `#[debug(skip)]`, `#[derivative(Debug = "ignore")]`, `#[educe(Debug(ignore))]`, `#[debug("…")]` without a hole.
fn debug_options(meta: Meta<'_, '_>, out: &mut AttrList) {
    let Some(tokens) = meta.list else { return };
    let holds = |word: &str| tokens.iter().any(|token| token.text.contains(word));
    let about_debug = meta.is("debug") || holds("Debug");
    let fixed = meta.is("debug") && tokens.first().is_some_and(|t| t.kind == Kind::STRING) && !holds("{");
    let skips = ["ignore", "skip", "hide", "format_with", "method", "with"].iter().any(|word| holds(word));
    if about_debug && (skips || fixed) {
        out.hidden.push(View::Debug);
    }
    for part in split_commas(tokens) {
        if let [only] = part
            && only.is("Debug")
        {
            out.derives.push((Name::new("Debug"), only.range));
        }
    }
}

/// `#[instrument(…)]`, from `tracing` or a crate with the same grammar.
pub(super) fn instrument(node: Node<'_, '_>) -> Option<Instrument> {
    let (attr, meta) = attrs_of(node).find_map(|attr| Some((attr, instrument_meta(meta_of(attr))?)))?;
    let mut out = Instrument { range: attr.range(), ..Instrument::default() };
    for part in split_commas(meta.list.unwrap_or_default()) {
        match part {
            [word] if word.is("skip_all") => out.skip_all = true,
            [word, ..] if word.is("ret") => out.ret = true,
            [word, ..] if word.is("err") => out.err = true,
            [word, open, inside @ .., _] if word.is("skip") && is_open(open.kind) => {
                let last = |part: &[Token<'_>]| {
                    let word = part.iter().rev().find(|token| token.is_word());
                    word.map(|word| Name::new(word.word()))
                };
                out.skip = split_commas(inside).into_iter().filter_map(last).collect();
            }
            [word, open, .., close] if word.is("fields") && is_open(open.kind) => {
                out.fields = Some((open.range.1, close.range.0));
            }
            _ => {}
        }
    }
    Some(out)
}

fn instrument_meta<'t, 'a>(meta: Meta<'t, 'a>) -> Option<Meta<'t, 'a>> {
    match meta.last() {
        "instrument" => Some(meta),
        "cfg_attr" => meta.inner().skip(1).find(|m| m.last() == "instrument"),
        _ => None,
    }
}

impl AttrList {
    fn is_empty(&self) -> bool {
        self.annotation.is_none()
            && self.derives.is_empty()
            && self.cfg.is_empty()
            && !self.test
            && self.hidden.is_empty()
            && self.display.is_none()
            && !self.transparent
            && !self.from
            && self.path.is_none()
            && !self.macro_export
            && self.serde_name.is_none()
            && self.allows.is_empty()
            && self.purpose.is_none()
            && self.doc.is_none()
    }
}

fn redacts(attribute: &str) -> Vec<View> {
    let known = REDACTING_FIELD_ATTRIBUTES.iter().find(|(name, _)| *name == attribute);
    known.map(|(_, views)| views.to_vec()).unwrap_or_default()
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// What stands in `cfg!(…)`.
pub(super) fn condition(tokens: &[Token<'_>]) -> Cfg {
    cfg_of(Meta::of(tokens))
}

fn cfg_of(meta: Meta<'_, '_>) -> Cfg {
    let name = Name::new(meta.last());
    if meta.value.is_some() {
        return Cfg::Value(name, Name::new(&meta.text().unwrap_or_default()));
    }
    if meta.list.is_none() {
        return Cfg::Flag(name);
    }
    let mut inner: Vec<Cfg> = meta.inner().map(cfg_of).collect();
    match name.as_str() {
        "any" => Cfg::Any(inner),
        "not" if inner.len() == 1 => Cfg::Not(Box::new(inner.remove(0))),
        _ => Cfg::All(inner),
    }
}
