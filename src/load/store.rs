//! Signatures of libraries, made once for each version and kept. What is kept depends on the library and on this
//! program's version alone, so that any run may use it; that it cannot be read or written is no error.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::library;
use crate::name::Name;
use crate::signatures;
use crate::source::SourceMap;
use crate::workspace::registry::{self, Place};

/// Where this version of the program keeps them. The number rises whenever the form changes, or what is made.
const FOLDER: &str = concat!("signatures-1-", env!("CARGO_PKG_VERSION"));

/// With what the lines begin that come first.
const MARK: &str = "//!";
/// More is not kept, in bytes.
const MAX_TEXT: usize = 8 << 20;

/// What is kept of a library.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Stored {
    /// Its name in code, where nobody renames it.
    pub(super) crate_name: String,
    /// Crates that it names.
    pub(super) uses: Vec<Use>,
    /// Its declarations, as they are kept.
    pub(super) text: Arc<str>,
}

/// A crate that a library names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Use {
    /// By which name.
    pub(super) name: String,
    /// Its package.
    pub(super) package: String,
}

/// How signatures were come by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kept {
    /// They were there.
    Before,
    /// They were made, and are there now.
    Now,
    /// They were made, and could not be kept.
    Failed,
    /// They were made, and are not to be kept.
    Not,
}

/// The signatures of a library; empty where it has none to show.
pub(super) fn signatures(
    (name, version): (&str, &str),
    place: &Place,
    cache: Option<&Path>,
    prelude: &FxHashSet<Name>,
) -> Option<(Stored, Kept)> {
    let registry = place.registry.as_deref();
    let path = cache
        .zip(registry)
        .map(|(dir, registry)| dir.join(FOLDER).join(registry).join(format!("{name}-{version}.rs")));
    let before = path.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
    if let Some(stored) = before.and_then(|text| read(&text)) {
        return Some((stored, Kept::Before));
    }
    let stored = made(place, prelude).unwrap_or_default();
    let kept = match path {
        Some(path) if write(&path, &stored).is_ok() => Kept::Now,
        Some(_) => Kept::Failed,
        None => Kept::Not,
    };
    Some((stored, kept))
}

/// Reads a library.
fn made(place: &Place, prelude: &FxHashSet<Name>) -> Option<Stored> {
    let mut sources = SourceMap::default();
    let discovered = registry::open(&place.dir, &mut sources)?;
    let shown = signatures::of(&library(&discovered, &mut sources), prelude);
    let package = discovered.packages.into_iter().next()?;
    let crate_name = package.targets.into_iter().next()?.crate_name;
    let uses = package.dependencies.into_iter().filter(|entry| shown.uses.contains(&entry.extern_name));
    let uses = uses.map(|entry| Use { name: entry.extern_name, package: entry.package }).collect();
    let text = shown.written();
    (text.len() <= MAX_TEXT).then(|| Stored { crate_name, uses, text: text.into() })
}

/// As it is kept: the crate's name, a line for each crate that it names, its declarations.
fn written(stored: &Stored) -> String {
    let mut out = format!("{MARK} {}\n", stored.crate_name);
    for Use { name, package } in &stored.uses {
        _ = writeln!(out, "{MARK} {name} {package}");
    }
    out.push_str(&stored.text);
    out
}

/// Reads what was kept; `None` where it is something else.
fn read(text: &str) -> Option<Stored> {
    let (first, mut rest) = text.split_once('\n')?;
    let crate_name = first.strip_prefix(MARK)?.trim().to_owned();
    let mut uses = Vec::new();
    while let Some((line, after)) = rest.split_once('\n').filter(|(line, _)| line.starts_with(MARK)) {
        let (name, package) = line[MARK.len()..].trim().split_once(' ')?;
        uses.push(Use { name: name.to_owned(), package: package.to_owned() });
        rest = after;
    }
    Some(Stored { crate_name, uses, text: rest.into() })
}

/// Writes at once or not at all: several runs may do so at the same time.
fn write(path: &PathBuf, stored: &Stored) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(path);
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(written(stored).as_bytes())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Stored, Use, read, written};

    #[test]
    fn what_is_kept_is_read_again() {
        let names = |name: &str| Use { name: name.to_owned(), package: format!("{name}-package") };
        let uses = vec![names("http"), names("serde")];
        let stored = Stored { crate_name: "post".to_owned(), uses, text: "pub struct A;\n".into() };
        assert_eq!(read(&written(&stored)), Some(stored));
        assert_eq!(read(&written(&Stored::default())), Some(Stored::default()));
        assert_eq!(read("pub struct A;\n"), None);
        assert_eq!(read(""), None);
    }
}
