//! Declarations as they are kept: a line of text each, before it a line that says what it is and what it needs, so that
//! a few can be taken without parsing the rest. A text that is not of this form yields what can be read of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use smallvec::SmallVec;

use super::written::{ident, segment};
use super::{Line, Signatures, What};

/// With what a line begins that is no declaration.
const MARK: &str = "//";
/// With what a line begins that names the module of those that follow.
const MODULE: &str = "//>";

/// Declarations that were kept.
#[derive(Debug, Default)]
pub struct Index<'a> {
    pub(super) entries: Vec<Entry<'a>>,
}

/// A declaration that was kept.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The path of its module below the crate, with `::` between.
    pub(super) module: &'a str,
    pub(super) what: Kept<'a>,
    needs: &'a str,
    paths: &'a str,
    functions: &'a str,
    text: &'a str,
}

/// What a declaration is.
#[derive(Debug)]
pub(super) enum Kept<'a> {
    Definition(&'a str, usize),
    Alias(&'a str),
    Impl(&'a str, SmallVec<[u32; 2]>),
    Always,
}

impl Signatures {
    /// As they are kept.
    #[must_use]
    pub fn written(&self) -> String {
        let (mut out, mut module) = (String::new(), &[][..]);
        for line in &self.lines {
            if line.module != module {
                module = &line.module;
                _ = writeln!(out, "{MODULE}{}", module.join("::"));
            }
            out.push_str(MARK);
            out.push_str(&head(line));
            _ = writeln!(out, "\n{}", line.text);
        }
        out
    }
}

/// What a line is, what it needs of this crate, and what of others.
fn head(line: &Line) -> String {
    let (own, others) = &line.needs;
    let what = match &line.what {
        What::Definition(name, at) => format!("{at} {name}"),
        What::Alias(name) => format!("= {name}"),
        What::Impl(name, of) => format!("!{name} {}", numbers(of)),
        What::Always => "*".to_owned(),
    };
    let others = others.iter().map(|path| &**path).collect::<Vec<_>>().join(" ");
    format!("{what}|{}|{others}|{}", numbers(own), line.functions.join(" "))
}

fn numbers<'n>(all: impl IntoIterator<Item = &'n u32>) -> String {
    all.into_iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

impl<'a> Index<'a> {
    /// Reads what was kept.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        let (mut lines, mut module, mut entries) = (text.lines(), "", Vec::new());
        while let Some(line) = lines.next() {
            if let Some(path) = line.strip_prefix(MODULE) {
                module = path;
                continue;
            }
            let Some([what, needs, paths, functions]) = line.strip_prefix(MARK).and_then(parts) else {
                continue;
            };
            let Some(text) = lines.next() else { break };
            let what = kept(what, text);
            entries.push(Entry { module, what, needs, paths, functions, text });
        }
        Self { entries }
    }

    /// The declarations that were chosen, as Rust. A definition that the program names by another path than the first
    /// one stands at that path.
    #[must_use]
    pub fn text(&self, chosen: &[bool], named: &BTreeSet<String>) -> String {
        let mut root = Module::default();
        let moved = self.moved(chosen, named);
        for (at, entry) in self.entries.iter().enumerate().filter(|(at, _)| chosen[*at]) {
            match (moved.get(&(at as u32)), &entry.what) {
                (Some(Moved::To(to)), Kept::Definition(name, begin)) => {
                    let to = &self.entries[*to as usize];
                    let other = to.what.name();
                    let (before, after) = (&entry.text[..*begin], &entry.text[begin + name.len()..]);
                    let mut path = "crate".to_owned();
                    names(to.module).chain([other]).for_each(|name| segment(&mut path, name));
                    let before = before.strip_suffix("r#").unwrap_or(before);
                    root.at(to.module).lines.push(format!("{before}{}{after}", ident(other)));
                    root.at(entry.module).lines.push(format!("pub use {path} as {};", ident(name)));
                }
                (Some(Moved::Here), _) => {}
                _ => root.at(entry.module).lines.push(entry.text.to_owned()),
            }
        }
        let mut out = String::new();
        root.write(&mut out);
        out
    }

    /// Definitions that take the place of one of their other names, and those names.
    fn moved(&self, chosen: &[bool], named: &BTreeSet<String>) -> BTreeMap<u32, Moved> {
        let mut moved = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate().filter(|(at, _)| chosen[*at]) {
            let Kept::Alias(_) = entry.what else { continue };
            let Some(of) = entry.needs().next() else { continue };
            let Some(definition) = self.entries.get(of as usize) else { continue };
            let is_plain = matches!(definition.what, Kept::Definition(..)) && chosen[of as usize];
            if is_plain
                && !moved.contains_key(&of)
                && named.contains(&entry.path())
                && !named.contains(&definition.path())
            {
                moved.insert(of, Moved::To(at as u32));
                moved.insert(at as u32, Moved::Here);
            }
        }
        moved
    }
}

/// What becomes of a line whose definition is named by another path.
enum Moved {
    /// The definition stands where this line does.
    To(u32),
    /// The definition stands here.
    Here,
}

/// The names of a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split("::").filter(|name| !name.is_empty())
}

fn parts(head: &str) -> Option<[&str; 4]> {
    let mut parts = head.split('|');
    let all = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(all)
}

fn kept<'a>(what: &'a str, text: &str) -> Kept<'a> {
    match what.split_once(' ') {
        Some(("=", name)) => Kept::Alias(name),
        Some((mark, rest)) => match (mark.strip_prefix('!'), mark.parse()) {
            (Some(name), _) => Kept::Impl(name, rest.split(' ').filter_map(|of| of.parse().ok()).collect()),
            (_, Ok(at)) if text.get(at..).is_some_and(|text| text.starts_with(rest)) => {
                Kept::Definition(rest, at)
            }
            _ => Kept::Always,
        },
        None => Kept::Always,
    }
}

impl Kept<'_> {
    /// Its name, where it has one.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Definition(name, _) | Self::Alias(name) => name,
            Self::Impl(..) | Self::Always => "",
        }
    }
}

impl<'a> Entry<'a> {
    /// Declarations that it names.
    pub(super) fn needs(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.needs.split(' ').filter_map(|number| number.parse().ok())
    }

    /// The functions that a trait declares.
    pub(super) fn functions(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.functions.split(' ').filter(|name| !name.is_empty())
    }

    /// Paths of other crates that it names.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.paths.split(' ').filter(|path| !path.is_empty())
    }

    /// Its path below the crate.
    fn path(&self) -> String {
        match self.module {
            "" => self.what.name().to_owned(),
            module => format!("{module}::{}", self.what.name()),
        }
    }
}

/// A module of the text.
#[derive(Default)]
struct Module {
    inner: BTreeMap<String, Module>,
    lines: Vec<String>,
}

impl Module {
    fn at(&mut self, path: &str) -> &mut Self {
        names(path).fold(self, |module, name| module.inner.entry(name.to_owned()).or_default())
    }

    fn write(&self, out: &mut String) {
        for line in &self.lines {
            out.push_str(line);
            out.push('\n');
        }
        for (name, inner) in &self.inner {
            out.push_str(&format!("pub mod {} {{\n", ident(name)));
            inner.write(out);
            out.push_str("}\n");
        }
    }
}
