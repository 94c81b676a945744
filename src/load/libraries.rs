//! Libraries of others that code names and no model declares, where their sources lie on this machine: which they are,
//! and what of them a program can come upon. A library whose declarations name another one's brings that one along.
//! Nothing here fails: what is not at hand stays outside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::SignatureCounts;
use super::crates::{Entry, Link, Outside, Read};
use super::keep::runs_tests;
use super::parse::{self, File};
use super::store::{self, Kept, Stored, Use};
use super::words::Words;
use crate::ir::{Item, ItemId, ItemKind, Unit};
use crate::lower::Said;
use crate::models::Declarations;
use crate::name::Name;
use crate::signatures::{self, Index, Met, Selection, word};
use crate::source::SourceMap;
use crate::workspace::registry::{Libraries, Locked};
use crate::workspace::{Dependency, DependencyKind, Discovered, PackageInfo, TargetKind};

/// How many libraries may stand between the one that code names and the one that is read.
const MAX_BETWEEN: usize = 2;
/// No paths.
static NONE: BTreeSet<String> = BTreeSet::new();
/// More than these are not read.
const MAX_LIBRARIES: usize = 400;

/// A library and who asks for it.
struct Asked {
    locked: Locked,
    /// The entries of manifests that do.
    entries: Vec<Entry>,
}

/// What was read of a library, and how it was come by; `None` where nothing of it is at hand.
type Found = Option<(Stored, Kept)>;

/// Libraries that were asked for, by name and version, each once.
#[derive(Default)]
struct All<'a> {
    list: Vec<Asked>,
    known: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> All<'a> {
    fn add(&mut self, locked: Locked, name: (&'a str, &'a str), entry: Option<Entry>) {
        let at = *self.known.entry(name).or_insert_with(|| {
            self.list.push(Asked { locked, entries: Vec::new() });
            self.list.len() - 1
        });
        self.list[at].entries.extend(entry);
    }
}

/// Adds to what is known of crates outside what code can come upon in libraries.
pub(super) fn add(
    outside: &mut Outside,
    discovered: &Discovered,
    (files, said): (&[File], &Said),
    declared: &mut Vec<File>,
    sources: &mut SourceMap,
) -> SignatureCounts {
    let Some(libraries) = Libraries::of(discovered) else { return SignatureCounts::default() };
    let entries = entries(discovered, outside);
    let wanted: FxHashSet<&str> = entries.iter().map(|(_, entry)| &*entry.extern_name).collect();
    let mut words = Words::of(files, &wanted);
    let own = own_names(&entries, &libraries, &words);
    let wanted: FxHashSet<&str> = own.values().map(|name| &**name).collect();
    if !wanted.is_empty() {
        words = words.and(Words::of(files, &wanted));
    }
    let mut all = All::default();
    for (at, (package, entry)) in entries.iter().enumerate() {
        let name = own.get(&at).unwrap_or(&entry.extern_name);
        if words.paths.contains_key(&**name)
            && let Some(locked) = libraries.of_entry(*package, entry)
        {
            let (key, name) = (entry.extern_name.clone(), name.clone());
            all.add(locked, libraries.name(locked), Some(Entry { package: *package, key, name }));
        }
    }
    let prelude = prelude(declared);
    let cache = discovered.registry.as_ref().and_then(|registry| registry.cache.as_deref());
    let mut found: Vec<Found> = Vec::new();
    let mut texts = Vec::new();
    for _ in 0..=MAX_BETWEEN {
        let new = &all.list[found.len()..];
        let read = new.par_iter().with_max_len(1).map(|asked| {
            store::signatures(libraries.name(asked.locked), &libraries.place(asked.locked)?, cache, &prelude)
        });
        let read: Vec<Found> = read.collect();
        found.extend(read);
        let met: Vec<Met<'_>> =
            all.list.par_iter().zip(&found).map(|(asked, found)| met(asked, found, &words)).collect();
        let chosen = signatures::choose(&met, &words.all);
        let further = further(&all, &found, &chosen, &libraries, outside);
        texts = met
            .iter()
            .zip(&chosen.chosen)
            .map(|(met, chosen)| met.index.text(chosen, met.paths).into())
            .collect();
        further.into_iter().for_each(|locked| all.add(locked, libraries.name(locked), None));
        all.list.truncate(MAX_LIBRARIES);
        if all.list.len() <= found.len() {
            break;
        }
    }
    all.list.truncate(found.len());
    let counts = counts(&found);
    let read = read(&all, found, texts, &libraries, outside);
    let declarations: Vec<Declarations> = read.iter().map(|read| read.declared.clone()).collect();
    declared.extend(parse::declarations(&declarations, said, sources));
    outside.read(read);
    counts
}

/// The entries of manifests that lead out of the program and to no model. What a procedural macro is made of runs in the
/// compiler, where there is nobody's data.
fn entries<'a>(discovered: &'a Discovered, outside: &Outside) -> Vec<(usize, &'a Dependency)> {
    let is_macro =
        |info: &PackageInfo| info.targets.iter().any(|target| target.kind == TargetKind::ProcMacro);
    let is_used = |info: &PackageInfo, kind: DependencyKind| match kind {
        DependencyKind::Normal => true,
        DependencyKind::Dev => runs_tests(&info.cfg),
        DependencyKind::Build => false,
    };
    let is_modelled = |entry: &Dependency| {
        outside.is_modelled(&entry.extern_name) || outside.is_modelled(&entry.package.replace('-', "_"))
    };
    let mut found = Vec::new();
    for (package, info) in discovered.packages.iter().enumerate().filter(|(_, info)| !is_macro(info)) {
        let entries = info.dependencies.iter().filter(|entry| is_used(info, entry.kind));
        let entries = entries.filter(|entry| entry.local.is_none() && !is_modelled(entry));
        found.extend(entries.map(|entry| (package, entry)));
    }
    found
}

/// The names of libraries that are not called as their packages are and that nobody renames: those of the entries that
/// no code names otherwise.
fn own_names(
    entries: &[(usize, &Dependency)],
    libraries: &Libraries,
    words: &Words<'_>,
) -> BTreeMap<usize, String> {
    let own = |(at, (package, entry)): (usize, &(usize, &Dependency))| {
        let is_plain = entry.extern_name == entry.package.replace('-', "_");
        if !is_plain || words.paths.contains_key(&*entry.extern_name) {
            return None;
        }
        let name = libraries.library_name(libraries.of_entry(*package, entry)?)?;
        let is_named = name != entry.extern_name && words.all.contains(&word(&name));
        is_named.then_some((at, name))
    };
    entries.par_iter().enumerate().filter_map(own).collect()
}

/// A library as the program meets it. One that only others name goes by its own name.
fn met<'a>(asked: &'a Asked, found: &'a Found, words: &'a Words<'_>) -> Met<'a> {
    let own = found.as_ref().map_or("", |(stored, _)| &stored.crate_name);
    let name = asked.entries.first().map_or(own, |entry| &entry.name);
    let paths = words.paths.get(name).filter(|_| !asked.entries.is_empty());
    let index = found.as_ref().map_or_else(Index::default, |(stored, _)| Index::read(&stored.text));
    Met { name, index, paths: paths.unwrap_or(&NONE) }
}

/// The libraries that are named in what was chosen of others.
fn further(
    all: &All<'_>,
    found: &[Found],
    chosen: &Selection,
    libraries: &Libraries,
    outside: &Outside,
) -> Vec<Locked> {
    let mut further = Vec::new();
    for ((asked, found), names) in all.list.iter().zip(found).zip(&chosen.others) {
        let uses = found.iter().flat_map(|(stored, _)| &stored.uses);
        let uses = uses.filter(|used| names.contains(&used.name) && !is_modelled(used, outside));
        further.extend(uses.filter_map(|used| libraries.of_library(asked.locked, &used.package)));
    }
    further
}

fn is_modelled(used: &Use, outside: &Outside) -> bool {
    outside.is_modelled(&used.package.replace('-', "_"))
}

/// What was read, tied together. What could not be read keeps its place, so that the places of the others stay.
fn read(
    all: &All<'_>,
    found: Vec<Found>,
    texts: Vec<Arc<str>>,
    libraries: &Libraries,
    outside: &Outside,
) -> Vec<Read> {
    let link = |by: Locked, used: &Use| {
        let link = match is_modelled(used, outside) {
            true => Link::Model(used.package.replace('-', "_")),
            false => {
                let locked = libraries.of_library(by, &used.package)?;
                let at = *all.known.get(&libraries.name(locked))?;
                Link::Library(found.get(at)?.is_some().then_some(at)?)
            }
        };
        Some((used.name.clone(), link))
    };
    let each = all.list.iter().zip(&found).zip(texts).map(|((asked, found), text)| {
        let (name, version) = libraries.name(asked.locked);
        let (own, uses) =
            found.as_ref().map_or(("", &[][..]), |(stored, _)| (&stored.crate_name, &stored.uses));
        let declared = Declarations {
            crate_name: asked.entries.first().map_or(own, |entry| &entry.name).into(),
            aliases: Vec::new(),
            uses: Vec::new(),
            file: format!("{name}-{version}.rs").into(),
            text,
        };
        let entries = if found.is_some() { asked.entries.clone() } else { Vec::new() };
        Read { declared, entries, links: uses.iter().filter_map(|used| link(asked.locked, used)).collect() }
    });
    each.collect()
}

fn counts(found: &[Option<(Stored, Kept)>]) -> SignatureCounts {
    let is = |kept: Kept| found.iter().flatten().filter(|(_, how)| *how == kept).count();
    SignatureCounts {
        libraries: found.iter().flatten().count(),
        kept: is(Kept::Before),
        unkept: is(Kept::Failed),
        empty: found.iter().flatten().filter(|(stored, _)| stored.text.is_empty()).count(),
    }
}

/// The names that any code may use without an import, as the declarations of std have them.
fn prelude(declared: &[File]) -> FxHashSet<Name> {
    let mut names = FxHashSet::default();
    for unit in declared.iter().map(|file| &file.unit) {
        for item in inside(unit, &unit.top, "prelude").iter().flat_map(|inner| inside(unit, inner, "v1")) {
            for item in item.iter().map(|id| &unit.items[id.0 as usize]) {
                match &item.kind {
                    ItemKind::Use(imports) => names.extend(imports.iter().filter_map(|import| import.alias)),
                    _ => _ = names.insert(item.name),
                }
            }
        }
    }
    names
}

/// What the module of a name holds.
fn inside<'a>(unit: &'a Unit, items: &[ItemId], name: &str) -> Vec<&'a [ItemId]> {
    let inner = |item: &'a Item| match &item.kind {
        ItemKind::Mod(Some(inner)) if item.name == *name => Some(&inner[..]),
        _ => None,
    };
    items.iter().filter_map(|id| inner(&unit.items[id.0 as usize])).collect()
}
