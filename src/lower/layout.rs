//! How the text of one macro call, attribute or derive is laid out, for whoever changes it: which holes a format string
//! has, which argument fills each, what can be taken out and still compile. Makes no IR, and is asked for single places.

use proc_macro2::extra::invalidate_current_thread_spans as forget_spans;
use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Token};

use super::format::holes;
use super::token::{Tokens, join};
use crate::ir::{Range, View};

/// A macro call.
#[derive(Debug, Default)]
pub struct Call {
    /// The last segment of its path.
    pub name: String,
    /// What stands between its commas and semicolons.
    pub parts: Vec<Part>,
}

/// What stands between two commas or semicolons.
#[derive(Debug)]
pub struct Part {
    /// All of it.
    pub range: Range,
    /// What it is.
    pub what: What,
    /// Whether a comma follows.
    pub comma: bool,
}

/// What a part of a call is.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// The format string with its holes; whether they can be told apart by their places.
    Text(Vec<Gap>),
    /// A value, perhaps with a key (`email = %user.email`); its place without key and sigil.
    Value(Value),
    /// Something that steers (`target: "x"`), or that could not be read.
    Other,
}

/// A hole of a format string, with its braces.
#[derive(Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where it stands.
    pub range: Range,
    /// What fills it; `None` where counting is needed (`{0}`, `{:.*}`, `{:>width$}`).
    pub filled: Option<Filling>,
}

/// What fills a hole.
#[derive(Debug, PartialEq, Eq)]
pub enum Filling {
    /// The next argument.
    Next,
    /// The argument or variable of this name.
    Name(String),
}

/// A value among the arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it stands.
    pub range: Range,
    /// Its key, if that is a single name.
    pub key: Option<String>,
    /// Whether it has a key or a sigil.
    pub marked: bool,
    /// What happens besides when it is evaluated.
    pub effect: Effect,
}

/// Whether an expression can be left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effect {
    /// Reading a place, or converting what is there: nobody misses it.
    None,
    /// A method without arguments, which may do more than it says.
    Unlikely,
    /// Anything else.
    Possible,
}

/// Where in its file a text begins that is read here.
#[derive(Clone, Copy)]
struct Frame {
    base: u32,
}

impl Frame {
    fn range(self, span: Span) -> Range {
        (self.lo(span), self.hi(span))
    }

    fn lo(self, span: Span) -> u32 {
        self.base + span.byte_range().start as u32
    }

    fn hi(self, span: Span) -> u32 {
        self.base + span.byte_range().end as u32
    }
}

/// The innermost macro call of a text that `wanted` names and that holds a place. Ranges are those of the file, in which
/// the text begins at `base`.
#[must_use]
pub fn call(text: &str, base: u32, place: Range, wanted: &dyn Fn(&str) -> bool) -> Option<Call> {
    Tokens::of(text, base).ok()?;
    let frame = Frame { base };
    let found = text.parse::<TokenStream>().ok().and_then(|tokens| innermost(tokens, frame, place, wanted));
    let read = found.map(|(name, tokens)| Call { name, parts: parts(tokens, frame) });
    forget_spans();
    read
}

/// The string literals of a text, with their places (quotes included) and their values.
#[must_use]
pub fn literals(text: &str, base: u32) -> Vec<(Range, String)> {
    let mut found = Vec::new();
    if Tokens::of(text, base).is_ok() {
        let frame = Frame { base };
        collect_literals(text.parse::<TokenStream>().unwrap_or_default(), frame, &mut found);
        forget_spans();
    }
    found
}

fn collect_literals(tokens: TokenStream, frame: Frame, out: &mut Vec<(Range, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_literals(group.stream(), frame, out),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse2::<LitStr>(TokenTree::Literal(literal.clone()).into()) {
                    out.push((frame.range(literal.span()), text.value()));
                }
            }
            _ => {}
        }
    }
}

fn innermost(
    tokens: TokenStream,
    frame: Frame,
    place: Range,
    wanted: &dyn Fn(&str) -> bool,
) -> Option<(String, TokenStream)> {
    let (mut name, mut bang) = (None, false);
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (lo, hi) = (frame.lo(group.span_open()), frame.hi(group.span_close()));
                if lo <= place.0 && place.1 <= hi {
                    let inner = innermost(group.stream(), frame, place, wanted);
                    let own = name.filter(|name: &String| bang && wanted(name));
                    return inner.or_else(|| Some((own?, group.stream())));
                }
                (name, bang) = (None, false);
            }
            TokenTree::Ident(ident) => (name, bang) = (Some(ident.to_string()), false),
            TokenTree::Punct(punct) => {
                bang = punct.as_char() == '!' && punct.spacing() == Spacing::Alone && name.is_some();
            }
            TokenTree::Literal(_) => (name, bang) = (None, false),
        }
    }
    None
}

fn parts(tokens: TokenStream, frame: Frame) -> Vec<Part> {
    let mut all = Vec::new();
    let mut open: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {
                let comma = punct.as_char() == ',';
                all.extend(part(std::mem::take(&mut open), comma, frame));
            }
            _ => open.push(token),
        }
    }
    all.extend(part(open, false, frame));
    all
}

fn part(tokens: Vec<TokenTree>, comma: bool, frame: Frame) -> Option<Part> {
    let range = join(frame.range(tokens.first()?.span()), frame.range(tokens.last()?.span()));
    let braced = matches!(&tokens[..], [TokenTree::Group(g)] if g.delimiter() == Delimiter::Brace);
    let read = (|input: ParseStream| what(input, frame)).parse2(tokens.into_iter().collect());
    let what = if braced { What::Other } else { read.unwrap_or(What::Other) };
    Some(Part { range, what, comma })
}

fn what(input: ParseStream, frame: Frame) -> syn::Result<What> {
    let fork = input.fork();
    if let Ok(text) = fork.parse::<LitStr>()
        && fork.is_empty()
    {
        input.parse::<LitStr>()?;
        return Ok(gaps(&text, frame).map_or(What::Other, What::Text));
    }
    let mut key = None;
    let mut marked = false;
    if input.peek(LitStr) && (input.peek2(Token![=>]) || input.peek2(Token![=])) {
        input.parse::<LitStr>()?;
        if input.parse::<Option<Token![=>]>>()?.is_none() {
            input.parse::<Token![=]>()?;
        }
        marked = true;
    } else if key_of(&input.fork()).is_some() {
        let single = input.fork().parse::<syn::Ident>().ok().filter(|_| input.peek2(Token![=]));
        key = single.map(|name| name.to_string());
        key_of(input);
        marked = true;
    }
    if input.is_empty() {
        // `user:?` names its value by its key, and is one with it.
        return Ok(What::Other);
    }
    marked |= sigil(input)?.is_some();
    let value: Expr = input.parse()?;
    Ok(What::Value(Value { range: frame.range(value.span()), key, marked, effect: effect(&value) }))
}

/// The holes of a literal; `None` where its text is not what stands in the file.
fn gaps(text: &LitStr, frame: Frame) -> Option<Vec<Gap>> {
    let range = frame.range(text.span());
    let raw = text.token().to_string();
    if (range.1 - range.0) as usize != raw.len() {
        return None;
    }
    let place = |(lo, hi): (usize, usize)| (range.0 + lo as u32, range.0 + hi as u32);
    let each = holes(&raw).into_iter().map(|hole| {
        let inside = raw.get(hole.whole.0..hole.whole.1).unwrap_or("");
        let is_counted =
            hole.star || inside.contains('$') || hole.arg.starts_with(|c: char| c.is_ascii_digit());
        let filled = match hole.arg {
            _ if is_counted => None,
            "" => Some(Filling::Next),
            name => Some(Filling::Name(name.trim_start_matches("r#").to_owned())),
        };
        Gap { range: place(hole.whole), filled }
    });
    Some(each.collect())
}

/// Conversions by Rust's conventions for names, which do nothing but convert.
const CONVERSIONS: &[&str] = &["as_", "to_", "into_"];

fn effect(value: &Expr) -> Effect {
    match value {
        Expr::Path(_) | Expr::Lit(_) => Effect::None,
        Expr::Field(field) => effect(&field.base),
        Expr::Reference(reference) => effect(&reference.expr),
        Expr::Paren(paren) => effect(&paren.expr),
        Expr::Unary(unary) => effect(&unary.expr),
        Expr::MethodCall(call) if call.args.is_empty() && call.turbofish.is_none() => {
            let name = call.method.to_string();
            let converts = name == "clone" || CONVERSIONS.iter().any(|prefix| name.starts_with(prefix));
            effect(&call.receiver).max(if converts { Effect::None } else { Effect::Unlikely })
        }
        _ => Effect::Possible,
    }
}

/// A struct without parameters that derives `Debug`.
#[derive(Debug)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// Its fields in order, with the places of their names (of their types, where they have no names).
    pub fields: Vec<(String, Range)>,
    /// Whether they are positional.
    pub tuple: bool,
    /// What to take out so that `Debug` is no longer derived.
    pub derive: Range,
    /// Where the struct begins, its attributes included.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// The struct in a file's text whose `Debug` is derived at a place. `None` where an impl by hand could not be sure to
/// compile: with generic parameters, packed, with fields that are there only sometimes, or shown by attributes; and in
/// code, where nobody looks for it.
#[must_use]
pub fn derived(text: &str, debug: Range) -> Option<Derived> {
    Tokens::of(text, 0).ok()?;
    let frame = Frame { base: 0 };
    let parsed = text.parse::<TokenStream>().ok().and_then(|tokens| syn::parse2::<syn::File>(tokens).ok());
    let found = parsed.and_then(|file| in_items(&file.items, frame, debug));
    forget_spans();
    found
}

fn in_items(items: &[syn::Item], frame: Frame, debug: Range) -> Option<Derived> {
    items.iter().find_map(|item| match item {
        syn::Item::Struct(item) => plain_struct(item, frame, debug),
        syn::Item::Mod(module) => in_items(&module.content.as_ref()?.1, frame, debug),
        _ => None,
    })
}

/// Attributes that decide which fields there are, how they lie in memory, or how another crate's `Debug` shows them.
const DECISIVE: &[&str] = &["cfg", "debug", "repr"];

fn decides(attr: &syn::Attribute) -> bool {
    let is_decisive = |word: &syn::Ident| DECISIVE.iter().any(|known| word == known);
    let may_be = || match &attr.meta {
        syn::Meta::List(list) => list.tokens.clone().into_iter().any(|token| match token {
            TokenTree::Ident(word) => is_decisive(&word),
            _ => false,
        }),
        _ => false,
    };
    attr.path().get_ident().is_some_and(|word| is_decisive(word) || (word == "cfg_attr" && may_be()))
}

fn plain_struct(item: &syn::ItemStruct, frame: Frame, debug: Range) -> Option<Derived> {
    let attributes = || item.fields.iter().flat_map(|field| &field.attrs).chain(&item.attrs);
    if !item.generics.params.is_empty() || attributes().any(decides) {
        return None;
    }
    let derive = item.attrs.iter().find_map(|attr| in_derive(attr, frame, debug))?;
    let fields = item.fields.iter().enumerate().map(|(at, field)| match &field.ident {
        Some(name) => (name.to_string(), frame.range(name.span())),
        None => (at.to_string(), frame.range(field.ty.span())),
    });
    let tuple = matches!(item.fields, syn::Fields::Unnamed(_));
    let (start, end) = frame.range(item.span());
    Some(Derived { name: item.ident.to_string(), fields: fields.collect(), tuple, derive, start, end })
}

/// What to take out of an attribute: the trait with its comma, or all of it where nothing else is derived.
fn in_derive(attr: &syn::Attribute, frame: Frame, debug: Range) -> Option<Range> {
    let syn::Meta::List(list) = &attr.meta else { return None };
    if !list.path.is_ident("derive") {
        return None;
    }
    let all =
        list.parse_args_with(syn::punctuated::Punctuated::<syn::Path, Token![,]>::parse_terminated).ok()?;
    let places: Vec<Range> = all.iter().map(|path| frame.range(path.span())).collect();
    let at = places.iter().position(|place| place.0 <= debug.0 && debug.1 <= place.1)?;
    Some(match (at, places.get(at + 1)) {
        (_, Some(next)) => (places[at].0, next.0),
        (0, None) => frame.range(attr.span()),
        (_, None) => (places[at - 1].1, places[at].1),
    })
}

/// Where an annotation of the field or parameter of this name begins: before `pub` and `mut`. `None` where it is no more
/// than a part of what is declared there.
#[must_use]
pub fn before_declared(text: &str, name: u32) -> Option<u32> {
    let mut start = text.get(..name as usize)?;
    while let Some(before) = without_qualifier(start.trim_end()) {
        start = before;
    }
    let line = start.rsplit('\n').next().unwrap_or("");
    let begins = line.trim().is_empty() || start.trim_end().ends_with(['(', ',', '{']);
    begins.then_some(start.len() as u32)
}

/// What stands before `pub`, `pub(…)` or `mut`.
fn without_qualifier(text: &str) -> Option<&str> {
    let scoped = || text.strip_suffix(')')?.rsplit_once('(')?.0.trim_end().strip_suffix("pub");
    let plain = text.strip_suffix("mut").or_else(|| text.strip_suffix("pub"));
    let is_word = |before: &&str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    plain.or_else(scoped).filter(is_word)
}

/// Where names can be added to what `#[instrument]` skips, and what has to stand before and behind them.
#[must_use]
pub fn skip(attribute: &str, base: u32) -> Option<(u32, &'static str, &'static str)> {
    let frame = Frame { base };
    let read = syn::Attribute::parse_outer.parse_str(attribute).ok();
    let place = read.and_then(|attrs| place_to_skip(attrs.first()?, frame));
    forget_spans();
    place
}

fn place_to_skip(attr: &syn::Attribute, frame: Frame) -> Option<(u32, &'static str, &'static str)> {
    if attr.path().segments.last()?.ident != "instrument" {
        return None;
    }
    let list = match &attr.meta {
        syn::Meta::Path(path) => return Some((frame.hi(path.span()), "(skip(", "))")),
        syn::Meta::List(list) => list,
        syn::Meta::NameValue(_) => return None,
    };
    let tokens: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
    for pair in tokens.windows(2) {
        if let [TokenTree::Ident(word), TokenTree::Group(group)] = pair
            && word == "skip"
        {
            let before = if group.stream().is_empty() { "" } else { ", " };
            let end = group.stream().into_iter().last();
            let is_open = matches!(&end, Some(TokenTree::Punct(p)) if p.as_char() == ',');
            let at = end.map_or(frame.hi(group.span_open()), |last| frame.hi(last.span()));
            return Some((at, if is_open { " " } else { before }, ""));
        }
    }
    let is_open = matches!(tokens.last(), Some(TokenTree::Punct(p)) if p.as_char() == ',');
    match tokens.last() {
        None => Some((frame.hi(list.delimiter.span().open()), "skip(", ")")),
        Some(last) => Some((frame.hi(last.span()), if is_open { " skip(" } else { ", skip(" }, ")")),
    }
}

/// Reads a key and what separates it from its value; `Some(view)` when there is one.
fn key_of(input: ParseStream) -> Option<Option<View>> {
    syn::Ident::parse_any(input).ok()?;
    while input.peek(Token![.]) {
        input.parse::<Token![.]>().ok()?;
        syn::Ident::parse_any(input).ok()?;
    }
    let mut view = None;
    if input.peek(Token![:]) && !input.peek(Token![::]) {
        input.parse::<Token![:]>().ok()?;
        view = Some(capture(input)?);
    }
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>().ok()?;
    } else if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>().ok()?;
    } else if view.is_none() {
        return None;
    }
    Some(view)
}

/// How `log` captures a value: `?`, `%`, or in words.
fn capture(input: ParseStream) -> Option<View> {
    if let Ok(Some(view)) = sigil(input) {
        return Some(view);
    }
    let word = syn::Ident::parse_any(input).ok()?;
    Some(if word == "debug" { View::Debug } else { View::Display })
}

fn sigil(input: ParseStream) -> syn::Result<Option<View>> {
    if input.peek(Token![?]) {
        input.parse::<Token![?]>()?;
        return Ok(Some(View::Debug));
    }
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
        return Ok(Some(View::Display));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, at: &str) -> Call {
        let lo = text.find(at).unwrap() as u32;
        call(text, 0, (lo, lo + at.len() as u32), &|name| ["info", "format"].contains(&name)).unwrap()
    }

    #[test]
    fn a_call_is_laid_out() {
        let text = r#"log::info!(target: "x", email = %user.email, "{} {name} {0}", f(&a, b), c)"#;
        let call = read(text, "user.email");
        assert_eq!(call.name, "info");
        let shown: Vec<&str> =
            call.parts.iter().map(|part| &text[part.range.0 as usize..part.range.1 as usize]).collect();
        assert_eq!(shown, [r#"target: "x""#, "email = %user.email", r#""{} {name} {0}""#, "f(&a, b)", "c"]);
        assert_eq!(call.parts[0].what, What::Other);
        let What::Value(email) = &call.parts[1].what else { panic!("{:?}", call.parts[1]) };
        assert_eq!((email.key.as_deref(), email.marked, email.effect), (Some("email"), true, Effect::None));
        let What::Text(gaps) = &call.parts[2].what else { panic!("{:?}", call.parts[2]) };
        let filled: Vec<_> = gaps.iter().map(|gap| &gap.filled).collect();
        assert_eq!(filled, [&Some(Filling::Next), &Some(Filling::Name("name".to_owned())), &None]);
        let What::Value(made) = &call.parts[3].what else { panic!("{:?}", call.parts[3]) };
        assert_eq!(made.effect, Effect::Possible);
    }

    #[test]
    fn the_innermost_call_that_is_known_is_taken() {
        let text = r#"send(vec![format!("{}", user.email.trim())])"#;
        let call = read(text, "user.email");
        assert_eq!((call.name.as_str(), call.parts.len()), ("format", 2));
        assert!(matches!(&call.parts[1].what, What::Value(value) if value.effect == Effect::Unlikely));
    }

    #[test]
    fn derives_and_attributes_give_their_places() {
        let text = "#[derive(Clone, Debug)]\npub struct User { pub email: String, id: u64 }";
        let at = text.find("Debug").unwrap() as u32;
        let found = derived(text, (at, at + 5)).unwrap();
        assert_eq!(&text[found.derive.0 as usize..found.derive.1 as usize], ", Debug");
        assert_eq!(found.fields[0].0, "email");
        assert!(derived("#[derive(Debug)] struct A<T>(T);", (9, 14)).is_none());
        assert!(derived("mod a { #[derive(Debug)] struct A(u8); }", (17, 22)).is_some());
        for (attribute, result) in [
            ("#[instrument]", "#[instrument(skip(x))]"),
            ("#[tracing::instrument(err)]", "#[tracing::instrument(err, skip(x))]"),
            ("#[instrument(skip(a), err)]", "#[instrument(skip(a, x), err)]"),
            ("#[instrument()]", "#[instrument(skip(x))]"),
        ] {
            let (at, before, behind) = skip(attribute, 0).unwrap();
            let (head, tail) = attribute.split_at(at as usize);
            assert_eq!(format!("{head}{before}x{behind}{tail}"), result);
        }
    }
}
