//! The neutral table of an oracle's answers: how it is made from a SCIP dump, written and read. Knows what stands in a
//! Rust file as tokens only, and nothing of this program's own answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::dump::{self, Document};

/// What is asked at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// Which function a method call means, at the method's name.
    Method,
    /// What a path means, at its last segment.
    Path,
}

/// Where the answer lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// In the workspace: files and lines, several where the oracle has one name for them.
    Here(Vec<(String, u32)>),
    /// In code of the workspace that a derive makes.
    Derived(Symbol),
    /// In std.
    Std(Symbol),
    /// In another crate.
    Other(Symbol),
}

/// A definition by its name.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Symbol {
    /// Crate and modules.
    pub(crate) modules: Vec<String>,
    /// The types and traits that it belongs to, by their last names.
    pub(crate) holders: Vec<String>,
    /// Its own name.
    pub(crate) name: String,
}

/// A place with its answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u32,
    /// From 1, in characters.
    pub(crate) column: u32,
    pub(crate) kind: Kind,
    pub(crate) target: Target,
}

/// The answers of a dump; `text` gives the text of a file.
pub(crate) fn of_dump(bytes: &[u8], text: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Row>> {
    let documents = dump::documents(bytes)?;
    let definitions = dump::definitions(&documents);
    let own: BTreeSet<&str> = definitions.keys().filter_map(|symbol| package(symbol)).collect();
    let mut rows = Vec::new();
    for document in &documents {
        let Some(text) = text(&document.path) else { continue };
        let Ok(tokens) = text.parse::<TokenStream>() else { continue };
        let mut kinds = BTreeMap::new();
        places(tokens, &mut kinds);
        rows.extend(of_document(document, &text, &kinds, &definitions, &own));
    }
    rows.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    rows.dedup();
    Some(rows)
}

fn of_document(
    document: &Document,
    text: &str,
    kinds: &BTreeMap<(u32, u32), Kind>,
    definitions: &BTreeMap<&str, Vec<(&str, u32)>>,
    own: &BTreeSet<&str>,
) -> Vec<Row> {
    let lines: Vec<&str> = text.lines().collect();
    let mut rows = Vec::new();
    for one in document.occurrences.iter().filter(|one| !one.defines) {
        let before = lines.get(one.line as usize).and_then(|line| line.get(..one.column as usize));
        let Some(column) = before.map(|before| before.chars().count() as u32) else { continue };
        let Some(kind) = kinds.get(&(one.line + 1, column)) else { continue };
        let Some(target) = target(&one.symbol, definitions, own) else { continue };
        let (line, column) = (one.line + 1, column + 1);
        rows.push(Row { file: document.path.clone(), line, column, kind: *kind, target });
    }
    rows
}

fn target(
    symbol: &str,
    definitions: &BTreeMap<&str, Vec<(&str, u32)>>,
    own: &BTreeSet<&str>,
) -> Option<Target> {
    let [scheme, manager, krate, version, rest] = parts(symbol)?;
    let is_std = matches!(krate, "core" | "alloc" | "std") && version.starts_with("https:");
    let named = (scheme, manager) == ("rust-analyzer", "cargo");
    let symbol_of = read(krate, rest).filter(|_| named)?;
    Some(match definitions.get(symbol) {
        _ if is_std => Target::Std(symbol_of),
        Some(list) => Target::Here(list.iter().map(|(file, line)| ((*file).to_owned(), *line)).collect()),
        None if own.contains(krate) => Target::Derived(symbol_of),
        None => Target::Other(symbol_of),
    })
}

fn parts(symbol: &str) -> Option<[&str; 5]> {
    let list: Vec<&str> = symbol.splitn(5, ' ').collect();
    list.try_into().ok()
}

fn package(symbol: &str) -> Option<&str> {
    parts(symbol).map(|[_, _, krate, ..]| krate)
}

/// A symbol's descriptors; `None` for what no path or method call means: fields, modules, parameters, macros.
fn read(krate: &str, mut rest: &str) -> Option<Symbol> {
    let mut symbol = Symbol { modules: vec![krate.replace('-', "_")], ..Symbol::default() };
    let mut kind = ' ';
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (name, after) = name(inside);
            rest = after.strip_prefix(']')?;
            // The name before is `impl`, which says nothing.
            symbol.name.clear();
            symbol.holders.extend(head(&name));
            kind = '[';
            continue;
        }
        if !symbol.name.is_empty() {
            let before = std::mem::take(&mut symbol.name);
            let list = if kind == '/' { &mut symbol.modules } else { &mut symbol.holders };
            list.push(before);
        }
        let (name, after) = name(rest);
        symbol.name = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        let (suffix, after) = match after.strip_prefix('(') {
            Some(method) => ('(', method.split_once(").")?.1),
            None => (after.chars().next()?, &after[1..]),
        };
        (kind, rest) = (suffix, after);
    }
    let is_constant = symbol.name.starts_with(char::is_uppercase);
    (matches!(kind, '(' | '#') || kind == '.' && is_constant).then_some(symbol)
}

/// A descriptor's name, out of its back-quotes, and what follows.
fn name(text: &str) -> (String, &str) {
    if let Some(quoted) = text.strip_prefix('`')
        && let Some((name, rest)) = quoted.split_once('`')
    {
        return (name.to_owned(), rest);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-' && c != '+' && c != '$');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (name.to_owned(), rest)
}

/// The last name of a type as it is shown: `Option` of `&'a Option<T>`.
fn head(shown: &str) -> Option<String> {
    let mut text = shown.trim();
    loop {
        let less = text.trim_start_matches(['&', '*', ' ']);
        let less = less.strip_prefix("mut ").or_else(|| less.strip_prefix("const ")).unwrap_or(less);
        let less = less.strip_prefix("dyn ").unwrap_or(less);
        let less = match less.strip_prefix('\'') {
            Some(lifetime) => lifetime.split_once(' ').map_or("", |(_, rest)| rest),
            None => less,
        };
        if less == text {
            break;
        }
        text = less;
    }
    if text.starts_with('[') {
        return Some("slice".to_owned());
    }
    let path = text.split(['<', ' ', '+', '(']).next()?;
    path.rsplit("::").next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Method calls' names and paths' last segments among tokens, by line from 1 and column from 0; imports and attributes
/// left out.
fn places(tokens: TokenStream, found: &mut BTreeMap<(u32, u32), Kind>) {
    let list: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < list.len() {
        match &list[at] {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let inner = usize::from(is_punct(list.get(at + 1), '!'));
                let is_attribute = matches!(list.get(at + 1 + inner), Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Bracket);
                at += if is_attribute { 2 + inner } else { 1 };
                continue;
            }
            TokenTree::Ident(ident) if *ident == "use" && !is_punct(list.get(at + 1), '<') => {
                while at < list.len() && !is_punct(list.get(at), ';') {
                    at += 1;
                }
            }
            TokenTree::Ident(ident) if *ident == "macro_rules" => at += 3,
            TokenTree::Ident(ident) => {
                let is_word = matches!(ident.to_string().as_str(), "self" | "Self" | "super" | "crate");
                if let Some(kind) = kind_of(&list, at).filter(|_| !is_word) {
                    let start = ident.span().start();
                    found.insert((start.line as u32, start.column as u32), kind);
                }
            }
            TokenTree::Group(group) => places(group.stream(), found),
            _ => {}
        }
        at += 1;
    }
}

fn is_punct(token: Option<&TokenTree>, which: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == which)
}

/// What the name at a place is.
fn kind_of(list: &[TokenTree], at: usize) -> Option<Kind> {
    let is_colons = |at: usize| is_punct(list.get(at), ':') && is_punct(list.get(at + 1), ':');
    let is_dot = |at: Option<usize>| at.is_some_and(|at| is_punct(list.get(at), '.'));
    if is_dot(at.checked_sub(1)) && !is_dot(at.checked_sub(2)) {
        let is_called = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        return (is_called(list.get(at + 1)) || is_colons(at + 1)).then_some(Kind::Method);
    }
    if is_colons(at + 1) {
        let after = is_punct(list.get(at + 3), '<').then(|| end_of_angles(list, at + 3))?;
        return (!is_colons(after)).then_some(Kind::Path);
    }
    if is_punct(list.get(at + 1), '<') && is_colons(end_of_angles(list, at + 1)) {
        return None;
    }
    Some(Kind::Path)
}

/// The token behind the `>` that belongs to a `<`.
fn end_of_angles(list: &[TokenTree], start: usize) -> usize {
    let mut open = 0;
    for at in start..list.len() {
        let is_arrow = at > 0 && is_punct(list.get(at - 1), '-');
        open += i32::from(is_punct(list.get(at), '<'));
        open -= i32::from(is_punct(list.get(at), '>') && !is_arrow);
        if open == 0 {
            return at + 1;
        }
    }
    list.len()
}

/// The table as text: `file line column kind where target`, with a tab between.
pub(crate) fn write(rows: &[Row]) -> String {
    let mut text = "# file\tline\tcolumn\tkind\twhere\ttarget\n".to_owned();
    for Row { file, line, column, kind, target } in rows {
        let kind = if *kind == Kind::Method { "method" } else { "path" };
        let (place, target) = match target {
            Target::Here(list) => {
                let list: Vec<String> = list.iter().map(|(file, line)| format!("{file}:{line}")).collect();
                ("here", list.join("|"))
            }
            Target::Derived(symbol) => ("derived", symbol.text()),
            Target::Std(symbol) => ("std", symbol.text()),
            Target::Other(symbol) => ("other", symbol.text()),
        };
        let _ = writeln!(text, "{file}\t{line}\t{column}\t{kind}\t{place}\t{target}");
    }
    text
}

/// Reads a table; a line that is none is its number.
pub(crate) fn parse(text: &str) -> Result<Vec<Row>, usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    lines.map(|(at, line)| row(line).ok_or(at + 1)).collect()
}

fn row(line: &str) -> Option<Row> {
    let [file, line, column, kind, place, target] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let kind = match kind {
        "method" => Kind::Method,
        "path" => Kind::Path,
        _ => return None,
    };
    let target = match place {
        "here" => {
            let places = target.split('|').map(|place| {
                let (file, line) = place.rsplit_once(':')?;
                Some((file.to_owned(), line.parse().ok()?))
            });
            Target::Here(places.collect::<Option<_>>()?)
        }
        "derived" => Target::Derived(Symbol::parse(target)?),
        "std" => Target::Std(Symbol::parse(target)?),
        "other" => Target::Other(Symbol::parse(target)?),
        _ => return None,
    };
    Some(Row { file: file.to_owned(), line: line.parse().ok()?, column: column.parse().ok()?, kind, target })
}

impl Symbol {
    /// `core::option::<Option>::map`, `core::cmp::impls::<i64, PartialOrd>::lt`.
    pub(crate) fn text(&self) -> String {
        let holders = (!self.holders.is_empty()).then(|| format!("<{}>", self.holders.join(", ")));
        let parts = self.modules.iter().cloned().chain(holders).chain([self.name.clone()]);
        parts.collect::<Vec<_>>().join("::")
    }

    fn parse(text: &str) -> Option<Self> {
        let (before, name) = text.rsplit_once("::")?;
        let (modules, holders) =
            before.strip_suffix('>').and_then(|b| b.split_once("::<")).unwrap_or((before, ""));
        let list =
            |text: &str, by: &str| text.split(by).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        Some(Self { modules: list(modules, "::"), holders: list(holders, ", "), name: name.to_owned() })
    }
}
