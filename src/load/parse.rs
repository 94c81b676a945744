//! Texts to units, in parallel: discovered files, files that only a `#[path]` or an `include!` leads to, and the
//! declarations of models. Decides nothing about what takes part.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::crates::is_modelled;
use super::tree::Wanted;
use crate::ir::Unit;
use crate::lower::{self, Said, Unparsed};
use crate::models::{Declarations, Models};
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

/// Where declarations of models belong.
const NO_PACKAGE: usize = usize::MAX;

/// Files, and why some of them did not parse.
pub(super) type Parsed = (Vec<File>, Vec<(FileId, Unparsed)>);

/// Parses all that was discovered, other people's crates that models describe aside.
pub(super) fn all(discovered: &Discovered, models: &Models, said: &Said, sources: &SourceMap) -> Parsed {
    let is_read: Vec<bool> =
        discovered.packages.iter().map(|info| !is_modelled(info, discovered, models)).collect();
    let files = discovered.files.iter().filter(|file| is_read[file.package]);
    let files: Vec<(FileId, usize)> = files.map(|file| (file.id, file.package)).collect();
    parse(&files, &|text| lower::items(text, said), sources)
}

/// Reads and parses those of the files asked for that lie on the disk and were not read before.
pub(super) fn outside(missing: &[Wanted], known: &[File], said: &Said, sources: &mut SourceMap) -> Parsed {
    let mut found: Vec<(FileId, usize)> = Vec::new();
    for wanted in missing {
        let read = wanted.candidates.iter().find_map(|(path, _)| load_file(sources, path));
        let is_new = |id: &FileId| {
            !known.iter().any(|file| file.id == *id) && !found.iter().any(|(other, _)| other == id)
        };
        found.extend(read.filter(is_new).map(|id| (id, wanted.package)));
    }
    parse(&found, &|text| lower::items(text, said), sources)
}

/// Declarations, one file each, in their order; of functions those that are said. Their texts join `sources` below
/// `<models>`.
pub(super) fn declarations(all: &[Declarations], said: &Said, sources: &mut SourceMap) -> Vec<File> {
    let add = |declared: &Declarations| {
        said.add_declarations(&declared.text);
        sources.add(Path::new("<models>").join(&*declared.file), Arc::clone(&declared.text))
    };
    let files: Vec<(FileId, usize)> = all.iter().map(add).map(|id| (id, NO_PACKAGE)).collect();
    parse(&files, &|text| lower::declarations(text, said), sources).0
}

/// Reads declarations again, now that more is said.
pub(super) fn again(declared: &mut [File], said: &Said) {
    declared.par_iter_mut().for_each(|file| file.unit = lower::declarations(&file.text, said).0);
}

fn parse(
    files: &[(FileId, usize)],
    read: &(dyn Fn(&str) -> (Unit, Option<Unparsed>) + Sync),
    sources: &SourceMap,
) -> Parsed {
    // Large files first, so that none of them is left for one thread at the end.
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(sources.file(files[*at].0).text().len()));
    let read = |at: &usize| (*at, read(sources.file(files[*at].0).text()));
    let mut units: Vec<(usize, (Unit, Option<Unparsed>))> =
        order.par_iter().with_max_len(1).map(read).collect();
    units.sort_unstable_by_key(|(at, _)| *at);
    let mut unparsed = Vec::new();
    let each = files.iter().zip(units).map(|((id, package), (_, (unit, why)))| {
        unparsed.extend(why.map(|why| (*id, why)));
        file(*id, *package, unit, sources)
    });
    (each.collect(), unparsed)
}

fn file(id: FileId, package: usize, unit: Unit, sources: &SourceMap) -> File {
    let source = sources.file(id);
    let (path, text) = (source.path.clone(), Arc::clone(source.text()));
    File { id, path, text, unit, package, model: package == NO_PACKAGE }
}
