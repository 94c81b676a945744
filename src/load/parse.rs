//! Texts to units, in parallel: discovered files, files that only a `#[path]` or an `include!` leads to, and the
//! declarations of models. Decides nothing about what takes part.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::crates::is_modelled;
use super::tree::Wanted;
use crate::ir::Unit;
use crate::lower::{self, Unparsed};
use crate::models::{self, Declarations, Models};
use crate::source::{FileId, SourceMap};
use crate::workspace::{Discovered, load_file};

/// A file that was read. One that is not wholly Rust is there with what could be read.
pub(super) struct File {
    pub(super) id: FileId,
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
    pub(super) unit: Unit,
    pub(super) package: usize,
    /// Whether it holds declarations of a model, which belong to no package.
    pub(super) model: bool,
}

/// Files, and why some of them did not parse.
pub(super) type Parsed = (Vec<File>, Vec<(FileId, Unparsed)>);

/// Parses all that was discovered, other people's crates that models describe aside.
pub(super) fn all(discovered: &Discovered, models: &Models, sources: &SourceMap) -> Parsed {
    let is_read: Vec<bool> =
        discovered.packages.iter().map(|info| !is_modelled(info, discovered, models)).collect();
    let files = discovered.files.iter().filter(|file| is_read[file.package]);
    let files: Vec<(FileId, usize)> = files.map(|file| (file.id, file.package)).collect();
    parse(&files, false, sources)
}

/// Reads and parses those of the files asked for that lie on the disk and were not read before.
pub(super) fn outside(missing: &[Wanted], known: &[File], sources: &mut SourceMap) -> Parsed {
    let mut found: Vec<(FileId, usize)> = Vec::new();
    for wanted in missing {
        let read = wanted.candidates.iter().find_map(|(path, _)| load_file(sources, path));
        let is_new = |id: &FileId| {
            !known.iter().any(|file| file.id == *id) && !found.iter().any(|(other, _)| other == id)
        };
        found.extend(read.filter(is_new).map(|id| (id, wanted.package)));
    }
    parse(&found, false, sources)
}

/// What files of declarations hold that were read before others, by their names.
#[derive(Debug, Default)]
pub struct Declared(FxHashMap<Arc<str>, Unit>);

/// Reads the declarations of models that every program needs.
pub(super) fn ahead(models: &models::Ahead) -> Declared {
    let read = |(file, text): (Arc<str>, &str)| (file, lower::items(text).0);
    let files: Vec<(Arc<str>, &str)> = models.declarations().collect();
    Declared(files.into_par_iter().with_max_len(1).map(read).collect())
}

/// Declarations, one file each, in their order; some were read before. Their texts join `sources` below `<models>`.
pub(super) fn declarations(all: &[Declarations], mut before: Declared, sources: &mut SourceMap) -> Vec<File> {
    let add = |declared: &Declarations| {
        let path = Path::new("<models>").join(&*declared.file);
        (sources.add(path, Arc::clone(&declared.text)), before.0.remove(&declared.file))
    };
    let files: Vec<(FileId, Option<Unit>)> = all.iter().map(add).collect();
    let left = files.iter().filter(|(_, unit)| unit.is_none()).map(|(id, _)| (*id, usize::MAX));
    let (read, _) = parse(&left.collect::<Vec<_>>(), true, sources);
    let mut read = read.into_iter();
    let each = files.into_iter().filter_map(|(id, unit)| match unit {
        Some(unit) => Some(file(id, usize::MAX, true, unit, sources)),
        None => read.next(),
    });
    each.collect()
}

fn parse(files: &[(FileId, usize)], model: bool, sources: &SourceMap) -> Parsed {
    // Large files first, so that none of them is left for one thread at the end.
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(sources.file(files[*at].0).text().len()));
    let read = |at: &usize| (*at, lower::items(sources.file(files[*at].0).text()));
    let mut units: Vec<(usize, (Unit, Option<Unparsed>))> =
        order.par_iter().with_max_len(1).map(read).collect();
    units.sort_unstable_by_key(|(at, _)| *at);
    let mut unparsed = Vec::new();
    let each = files.iter().zip(units).map(|((id, package), (_, (unit, why)))| {
        unparsed.extend(why.map(|why| (*id, why)));
        file(*id, *package, model, unit, sources)
    });
    (each.collect(), unparsed)
}

fn file(id: FileId, package: usize, model: bool, unit: Unit, sources: &SourceMap) -> File {
    let source = sources.file(id);
    let (path, text) = (source.path.clone(), Arc::clone(source.text()));
    File { id, path, text, unit, package, model }
}
