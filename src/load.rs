//! From what discovery found to a linked program: every file is parsed, the files that crates reach are lowered, and the
//! declarations of models stand beside them as crates. Knows neither notices nor personal data.

mod crates;
mod keep;
mod macros;
mod parse;
mod tree;

use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::ir::{ItemId, ItemKind, Unit};
use crate::lower::{self, Env, Lowered, MacroTable, Unparsed};
use crate::models::Models;
use crate::name::Name;
use crate::resolve::{self, Program, UnitInput};
use crate::source::{FileId, SourceMap, Span};
use crate::workspace::Discovered;
use keep::Keep;
use parse::File;
use tree::{Reach, Tree};

/// The shipped models that a run asks for: those of the crates that its packages depend upon, or all of them where no
/// manifest says.
#[must_use]
pub fn models(discovered: &Discovered) -> Models {
    match crates::named(&discovered.packages) {
        Some(names) => Models::load(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        None => Models::load_all(),
    }
}

/// A program with what is to be said about reading it.
#[derive(Debug)]
pub struct Loaded {
    /// The program.
    pub program: Program,
    /// What could not be read, and modules whose file is missing.
    pub diagnostics: Vec<Diagnostic>,
    /// How much there was.
    pub counts: Counts,
    /// The package of every Rust file, those included that only a `#[path]` or an `include!` leads to.
    pub files: Vec<(FileId, usize)>,
    /// Code that takes no part: tests, what `cfg` rules out, files that no crate reaches.
    pub left_out: Vec<Span>,
    /// How long each stage took.
    pub stages: Vec<(&'static str, Duration)>,
}

/// How much was read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Files that crates reach.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// Files that no crate reaches.
    pub unreached: usize,
    /// Files that did not parse, wholly or in part.
    pub unparsed: usize,
    /// Calls of macros that could not be expanded.
    pub opaque_macros: usize,
}

/// Reads a program. Models' declarations are added to `sources` as virtual files, and so are files that lie outside of
/// what was discovered.
#[must_use]
pub fn load(discovered: &Discovered, models: &Models, sources: &mut SourceMap) -> Loaded {
    let mut stages = Stages::new();
    let keep = Keep { packages: &discovered.packages };
    let (files, unparsed) = parse::all(discovered, sources);
    let mut loading = Loading { files, unparsed };
    let declared = parse::declarations(models, sources);
    let mut crates = crates::of_packages(discovered, &loading.files);
    let reach = loading.reach(&mut crates, &keep, sources);
    crates::link(&mut crates, discovered, models);
    stages.end("parse");
    let table = macros::table(&loading.files, &reach, &crates, models);
    let lowered = lower_all(&loading.files, &reach, &crates, &table);
    stages.end("lower");
    let (counts, left_out) = (loading.counts(&reach, &lowered, sources), loading.left_out(&reach, sources));
    loading.note_bodies(&lowered);
    let packages = loading.files.iter().map(|file| (file.id, file.package)).collect();
    let mut diagnostics = loading.diagnostics();
    let input = crates::input(crates, loading.files, declared, &models.declarations, lowered, &reach);
    let program = resolve::link(input, &|item, package| keep.keeps(item, package));
    diagnostics.extend(program.missing_modules.iter().map(|span| missing(*span, sources)));
    stages.end("link");
    Loaded { program, diagnostics, counts, files: packages, left_out, stages: stages.done }
}

fn missing(span: Span, sources: &SourceMap) -> Diagnostic {
    let message = format!("the file of module `{}` was not found, so it was not checked", sources.text(span));
    Diagnostic::warning(message, Some(span))
}

/// Files on their way into the program.
struct Loading {
    files: Vec<File>,
    unparsed: Vec<(FileId, Unparsed)>,
}

impl Loading {
    /// Finds out what crates reach, and reads files outside as long as more of them turn up.
    fn reach(&mut self, crates: &mut Vec<crates::Crate>, keep: &Keep<'_>, sources: &mut SourceMap) -> Reach {
        loop {
            let mut grown = crates.clone();
            let reach = Tree::new(&self.files, keep).reach(&mut grown);
            let (more, unparsed) = parse::outside(&reach.missing, &self.files, sources);
            if more.is_empty() {
                *crates = grown;
                return reach;
            }
            self.files.extend(more);
            self.unparsed.extend(unparsed);
        }
    }

    fn counts(&self, reach: &Reach, lowered: &[Option<Lowered>], sources: &SourceMap) -> Counts {
        let reached = || self.files.iter().zip(&reach.owners).filter(|(_, owner)| owner.is_some());
        let lines = |file: &File| sources.file(file.id).text.lines().count();
        let in_bodies = |lowered: &Lowered| {
            lowered.bodies.iter().map(|(_, _, body)| body.opaque_macros.len()).sum::<usize>()
        };
        let each = || lowered.iter().flatten();
        let half_read = each().filter(|lowered| !lowered.unparsed.is_empty()).count();
        Counts {
            files: reached().count(),
            lines: reached().map(|(file, _)| lines(file)).sum(),
            unreached: self.files.len() - reached().count(),
            unparsed: self.unparsed.len() + half_read,
            opaque_macros: each().map(|lowered| in_bodies(lowered) + lowered.opaque_items.len()).sum(),
        }
    }

    fn left_out(&self, reach: &Reach, sources: &SourceMap) -> Vec<Span> {
        let mut spans = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            if reach.owners[at].is_none() {
                spans.push(Span::new(file.id, 0, sources.file(file.id).text.len() as u32));
                continue;
            }
            let dropped = file.unit.items.iter().zip(&reach.kept[at]).filter(|(_, kept)| !**kept);
            spans.extend(dropped.map(|(item, _)| Span::new(file.id, item.range.0, item.range.1)));
        }
        spans
    }

    fn note_bodies(&mut self, lowered: &[Option<Lowered>]) {
        for (file, lowered) in self.files.iter().zip(lowered) {
            let unparsed = lowered.iter().flat_map(|lowered| &lowered.unparsed);
            self.unparsed.extend(unparsed.map(|unparsed| (file.id, unparsed.clone())));
        }
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.unparsed.iter().map(|(file, unparsed)| unread(*file, unparsed)).collect()
    }
}

fn unread(file: FileId, unparsed: &Unparsed) -> Diagnostic {
    let span = Span::new(file, unparsed.range.0, unparsed.range.1);
    let message = format!("this is not read as Rust and was not checked: {}", unparsed.why);
    Diagnostic::warning(message, Some(span))
}

/// Lowers the code of all files that crates reach; `None` for the others.
fn lower_all(
    files: &[File],
    reach: &Reach,
    crates: &[crates::Crate],
    table: &MacroTable,
) -> Vec<Option<Lowered>> {
    let each = files.par_iter().enumerate().with_max_len(1);
    let lowered = each.map(|(at, file)| {
        let krate = crates[reach.owners[at]?].name;
        let imported = imported(&file.unit);
        let env = Env::new(table, krate, &imported, &file.text);
        let wanted =
            |item: ItemId| reach.kept[at][item.0 as usize] && !reach.includes.contains_key(&(at, item));
        Some(lower::code(&file.unit, &env, &wanted))
    });
    lowered.collect()
}

/// The last names of all that a file imports.
fn imported(unit: &Unit) -> FxHashSet<Name> {
    let uses = unit.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use(imports) => Some(imports),
        _ => None,
    });
    uses.flatten().filter_map(|import| import.path.last()).collect()
}

/// A file with all that was lowered from it, as linking takes it.
fn unit_input(file: File, lowered: Lowered) -> UnitInput {
    UnitInput {
        file: file.id,
        path: file.path,
        unit: file.unit,
        extras: lowered.extras.into_iter().map(|extra| (extra.unit, extra.parent)).collect(),
        bodies: lowered.bodies,
        model: file.model,
    }
}

/// Measures stages that follow one another.
struct Stages {
    done: Vec<(&'static str, Duration)>,
    since: Instant,
}

impl Stages {
    fn new() -> Self {
        Self { done: Vec::new(), since: Instant::now() }
    }

    fn end(&mut self, stage: &'static str) {
        self.done.push((stage, self.since.elapsed()));
        self.since = Instant::now();
    }
}
