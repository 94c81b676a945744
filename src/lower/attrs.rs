//! Attributes: our own annotations by their tokens, and the conventions of other crates that say how a place is shown.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

use super::cx::{Frame, name_of};
use crate::ir::{Allow, Annotation, AttrList, Attrs, Cfg, Instrument, Range, View};
use crate::name::Name;

/// Derives of other crates that make a redacting `Debug`, where fields carry the wrapper's attribute.
const REDACTING_FIELD_ATTRIBUTES: &[(&str, &[View])] = &[
    ("redact", &[View::Debug, View::Display]),
    ("sensitive", &[View::Debug]),
    ("not_loggable", &[View::Debug]),
];

impl Frame {
    /// Reads what matters; `scope` is what a suppression on the place covers.
    pub(super) fn attrs(self, attrs: &[Attribute], scope: Range) -> Attrs {
        if attrs.is_empty() {
            return Attrs::default();
        }
        let mut list = AttrList::default();
        for attr in attrs {
            self.attribute(&attr.meta, self.attr_range(attr), scope, &mut list);
        }
        if list.is_empty() { Attrs::default() } else { Attrs(Some(Box::new(list))) }
    }

    fn attr_range(self, attr: &Attribute) -> Range {
        (self.lo(attr.pound_token.span), self.hi(attr.bracket_token.span.close()))
    }

    fn attribute(self, meta: &Meta, range: Range, scope: Range, out: &mut AttrList) {
        let path = meta.path();
        let Some(last) = path.segments.last() else { return };
        let ours = path.segments.len() > 1 && path.segments[0].ident == "personal_data";
        match last.ident.to_string().as_str() {
            "allow" if ours => self.allow(meta, range, scope, out),
            "purpose" if ours => {
                let text = list_tokens(meta).map(|t| t.to_string().replace(' ', "")).unwrap_or_default();
                out.purpose = Some((Name::new(&text), range));
            }
            "personal_data" => self.annotation(meta, range, scope, out),
            "cfg_attr" => self.cfg_attr(meta, range, scope, out),
            "derive" => self.derives(meta, out),
            "cfg" => out.cfg.extend(list_tokens(meta).and_then(|t| self.cfg(t))),
            "test" | "bench" | "rstest" | "test_case" | "tokio_test" => out.test = true,
            "doc" => self.doc(meta, out),
            "path" => out.path = name_value(meta).map(|v| Name::new(&v)),
            "macro_export" | "macro_use" => out.macro_export = true,
            "from" | "source" => out.from = true,
            "error" | "display" => self.display(meta, out),
            "serde" => self.serde(meta, out),
            "debug" | "derivative" | "educe" | "derive_where" => self.debug_options(meta, out),
            other => out.hidden.extend(redacts(other)),
        }
    }

    fn annotation(self, meta: &Meta, range: Range, scope: Range, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else {
            let wrong = Some("expected `personal_data(category)`".to_owned());
            out.annotation = Some(Annotation { key: String::new(), range, wrong });
            return;
        };
        let (annotation, allows) = self.annotation_tokens(tokens, range, scope);
        out.annotation = annotation.or(out.annotation.take());
        out.allows.extend(allows);
    }

    /// `key.key`, `none`, then `reason = "…"` and `allow(…)`, separated by commas.
    fn annotation_tokens(
        self,
        tokens: TokenStream,
        range: Range,
        scope: Range,
    ) -> (Option<Annotation>, Vec<Allow>) {
        let mut annotation: Option<Annotation> = None;
        let mut allows = Vec::new();
        for part in split_commas(tokens) {
            match &part[..] {
                [TokenTree::Ident(i), TokenTree::Group(g)] if i == "allow" => {
                    allows.push(self.allow_tokens(g.stream(), range, scope));
                }
                [TokenTree::Ident(i), TokenTree::Punct(p), ..] if i == "reason" && p.as_char() == '=' => {}
                key => {
                    let at =
                        key.iter().map(|t| self.range(t.span())).reduce(super::cx::join).unwrap_or(range);
                    let text: String = key.iter().map(ToString::to_string).collect();
                    let text = text.replace("r#", "");
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

    fn allow(self, meta: &Meta, range: Range, scope: Range, out: &mut AttrList) {
        if let Some(tokens) = list_tokens(meta) {
            out.allows.push(self.allow_tokens(tokens, range, scope));
        }
    }

    fn allow_tokens(self, tokens: TokenStream, range: Range, scope: Range) -> Allow {
        let mut allow = Allow { lints: Vec::new(), reason: None, range, scope };
        for part in split_commas(tokens) {
            match &part[..] {
                [TokenTree::Ident(i), TokenTree::Punct(p), TokenTree::Literal(l)]
                    if i == "reason" && p.as_char() == '=' =>
                {
                    allow.reason = syn::parse_str::<syn::LitStr>(&l.to_string()).ok().map(|s| s.value());
                }
                path => {
                    let text: String = path.iter().map(ToString::to_string).collect();
                    allow.lints.push(text.strip_prefix("privacy::").unwrap_or(&text).to_owned());
                }
            }
        }
        allow
    }

    /// `cfg_attr(any(), personal_data(..))` is ours on any toolchain; other conditions count as holding.
    fn cfg_attr(self, meta: &Meta, range: Range, scope: Range, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else { return };
        let Ok(metas) = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens) else { return };
        let never = metas
            .first()
            .is_some_and(|m| m.path().is_ident("any") && list_tokens(m).is_some_and(|t| t.is_empty()));
        for inner in metas.iter().skip(1) {
            let ours = inner.path().segments.first().is_some_and(|s| s.ident == "personal_data");
            if ours || !never {
                self.attribute(inner, range, scope, out);
            }
        }
    }

    fn derives(self, meta: &Meta, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else { return };
        let Ok(paths) = Punctuated::<syn::Path, Token![,]>::parse_terminated.parse2(tokens) else { return };
        for path in paths {
            if let Some(last) = path.segments.last() {
                out.derives.push((name_of(&last.ident), self.range(last.ident.span())));
            }
        }
    }

    fn cfg(self, tokens: TokenStream) -> Option<Cfg> {
        syn::parse2::<Meta>(tokens).ok().map(|m| cfg_of(&m))
    }

    fn doc(self, meta: &Meta, out: &mut AttrList) {
        if let Some(text) = name_value(meta) {
            let joined = match out.doc.take() {
                Some(before) => format!("{before}\n{}", text.trim()),
                None => text.trim().to_owned(),
            };
            out.doc = Some(joined.into());
        }
    }

    /// `thiserror`, `displaydoc`-like and `derive_more` messages.
    fn display(self, meta: &Meta, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else { return };
        for token in tokens {
            match token {
                TokenTree::Ident(i) if i == "transparent" => out.transparent = true,
                TokenTree::Literal(l) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&l.to_string()) {
                        out.display = Some((Name::new(&text.value()), self.range(l.span())));
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn serde(self, meta: &Meta, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else { return };
        for part in split_commas(tokens) {
            match &part[..] {
                [TokenTree::Ident(i)] if i == "skip" || i == "skip_serializing" => {
                    out.hidden.push(View::Serialize)
                }
                [TokenTree::Ident(i)] if i == "transparent" => out.transparent = true,
                [TokenTree::Ident(i), _, TokenTree::Literal(l)] if i == "rename" => {
                    out.serde_name =
                        syn::parse_str::<syn::LitStr>(&l.to_string()).ok().map(|s| Name::new(&s.value()));
                }
                _ => {}
            }
        }
    }

    /// `#[debug(skip)]`, `#[derivative(Debug = "ignore")]`, `#[educe(Debug(ignore))]`, `#[debug("…")]` without a hole.
    fn debug_options(self, meta: &Meta, out: &mut AttrList) {
        let Some(tokens) = list_tokens(meta) else { return };
        let text = tokens.to_string();
        let about_debug = meta.path().is_ident("debug") || text.contains("Debug");
        let fixed = meta.path().is_ident("debug") && text.starts_with('"') && !text.contains('{');
        let skips =
            ["ignore", "skip", "hide", "format_with", "method", "with"].iter().any(|w| text.contains(w));
        if about_debug && (skips || fixed) {
            out.hidden.push(View::Debug);
        }
        for part in split_commas(syn::parse_str(&text).unwrap_or_default()) {
            if let [TokenTree::Ident(i), rest @ ..] = &part[..]
                && i == "Debug"
                && rest.is_empty()
            {
                out.derives.push((Name::new("Debug"), self.range(i.span())));
            }
        }
    }

    /// `#[instrument(…)]`, from `tracing` or a crate with the same grammar.
    pub(super) fn instrument(self, attrs: &[Attribute]) -> Option<Instrument> {
        let attr = attrs.iter().find_map(|a| instrument_meta(&a.meta).map(|m| (a, m)));
        let (attr, meta) = attr?;
        let mut out = Instrument { range: self.attr_range(attr), ..Instrument::default() };
        for part in list_tokens(&meta).map(split_commas).unwrap_or_default() {
            match &part[..] {
                [TokenTree::Ident(i)] if i == "skip_all" => out.skip_all = true,
                [TokenTree::Ident(i), ..] if i == "ret" => out.ret = true,
                [TokenTree::Ident(i), ..] if i == "err" => out.err = true,
                [TokenTree::Ident(i), TokenTree::Group(g)] if i == "skip" => {
                    out.skip = split_commas(g.stream())
                        .iter()
                        .filter_map(|p| p.iter().rev().find_map(ident_of))
                        .collect();
                }
                [TokenTree::Ident(i), TokenTree::Group(g)] if i == "fields" => {
                    out.fields = Some((self.lo(g.span_open()) + 1, self.hi(g.span_close()) - 1));
                }
                _ => {}
            }
        }
        Some(out)
    }
}

fn instrument_meta(meta: &Meta) -> Option<Meta> {
    let last = meta.path().segments.last()?;
    if last.ident == "instrument" {
        return Some(meta.clone());
    }
    if last.ident != "cfg_attr" {
        return None;
    }
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list_tokens(meta)?).ok()?;
    metas.into_iter().skip(1).find(|m| m.path().segments.last().is_some_and(|s| s.ident == "instrument"))
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

fn ident_of(tree: &TokenTree) -> Option<Name> {
    match tree {
        TokenTree::Ident(i) => Some(name_of(i)),
        _ => None,
    }
}

fn list_tokens(meta: &Meta) -> Option<TokenStream> {
    match meta {
        Meta::List(list) => Some(list.tokens.clone()),
        _ => None,
    }
}

fn name_value(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(nv) => match &nv.value {
            Expr::Lit(ExprLit { lit: Lit::Str(s), .. }) => Some(s.value()),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn split_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(p) if p.as_char() == ',' => parts.push(Vec::new()),
            _ => parts.last_mut().expect("never empty").push(token),
        }
    }
    parts.retain(|p| !p.is_empty());
    parts
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn cfg_of(meta: &Meta) -> Cfg {
    let name = meta.path().segments.last().map_or(Name::new(""), |s| name_of(&s.ident));
    match meta {
        Meta::Path(_) => Cfg::Flag(name),
        Meta::NameValue(_) => Cfg::Value(name, Name::new(&name_value(meta).unwrap_or_default())),
        Meta::List(list) => {
            let inner = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone());
            let mut inner: Vec<Cfg> = inner.iter().flatten().map(cfg_of).collect();
            match name.as_str() {
                "any" => Cfg::Any(inner),
                "not" if inner.len() == 1 => Cfg::Not(Box::new(inner.remove(0))),
                _ => Cfg::All(inner),
            }
        }
    }
}
