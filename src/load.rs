//! From what discovery found to a linked program: every file is parsed, the files that crates reach are lowered, and the
//! declarations of models stand beside them as crates. Knows neither notices nor personal data.

mod crates;
mod keep;
mod libraries;
mod macros;
mod parse;
mod store;
mod tree;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::ir::{ItemId, ItemKind, Unit};
use crate::lower::{self, Env, Lowered, MacroTable, Said, Unparsed};
use crate::models::{self, Models};
use crate::name::Name;
use crate::resolve::{self, Program, UnitInput};
use crate::source::{FileId, SourceMap, Span};
use crate::workspace::Discovered;
use crates::{Crate, Outside};
use keep::Keep;
use parse::File;
use tree::{Reach, Tree, Wanted};

/// The shipped models that a program asks for, those that every one needs having been read: the ones of the crates that
/// its packages depend upon, or all of them where no manifest says.
#[must_use]
pub fn shipped(ahead: models::Ahead, discovered: &Discovered) -> Models {
    match crates::named(&discovered.packages) {
        Some(names) => ahead.and(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        None => ahead.and_all(),
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
    /// Whose signatures were read.
    pub signatures: SignatureCounts,
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
    /// Files that could not be read or did not parse, wholly or in part.
    pub unparsed: usize,
    /// Calls of macros that could not be expanded.
    pub opaque_macros: usize,
}

/// Of how many libraries of others signatures were read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SignatureCounts {
    /// All whose sources are at hand.
    pub libraries: usize,
    /// Those that were read before and kept.
    pub kept: usize,
    /// Those that should have been kept and could not be.
    pub unkept: usize,
    /// Those that could not be read, or show nothing.
    pub empty: usize,
}

impl fmt::Display for SignatureCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { libraries, kept, unkept, empty } = self;
        write!(
            f,
            "signatures of {libraries} libraries in cargo's registry, {kept} of them kept from before"
        )?;
        if *empty > 0 {
            write!(f, ", {empty} without anything to show")?;
        }
        if *unkept > 0 { write!(f, ", {unkept} that could not be kept") } else { Ok(()) }
    }
}

/// Reads a program with the shipped models that it asks for, and no others.
#[must_use]
pub fn with_shipped(discovered: &Discovered, sources: &mut SourceMap) -> Loaded {
    load(discovered, &shipped(models::Ahead::read(), discovered), sources)
}

/// Reads a program, and what models declare of others. Their declarations are added to `sources` as virtual files, and so
/// are files that lie outside of what was discovered. Of what is declared, functions count whose names the program says,
/// or a notice or a model in `sources`.
#[must_use]
pub fn load(discovered: &Discovered, models: &Models, sources: &mut SourceMap) -> Loaded {
    let mut stages = Stages::new();
    let keep = Keep { packages: &discovered.packages };
    let said = said_beside(sources);
    let (files, unparsed) = parse::all(discovered, models, &said, sources);
    let crates = crates::of_packages(discovered, models, &files);
    let mut loading = Loading::new(files, unparsed, crates, said, Depth::Code);
    loading.follow_crates(&keep, sources);
    let mut declared = parse::declarations(&models.declarations, &loading.said, sources);
    stages.end("parse");
    let mut outside = Outside::of_models(&models.declarations);
    let signatures =
        libraries::add(&mut outside, discovered, (&loading.files, &loading.said), &mut declared, sources);
    if signatures.libraries > 0 {
        stages.end("signatures");
    }
    let before = loading.files.len();
    loading.lower(models, &declared, &keep, sources);
    if loading.files.len() > before {
        parse::again(&mut declared, &loading.said);
    }
    stages.end("lower");
    crates::link(&mut loading.crates, discovered, &outside);
    let (mut counts, left_out, files) = (loading.counts(), loading.left_out(sources), loading.packages());
    counts.unparsed += discovered.unread.len();
    let mut diagnostics = loading.diagnostics();
    let program = loading.link(declared, &outside, &keep);
    diagnostics.extend(program.missing_modules.iter().map(|span| missing(*span, sources)));
    stages.end("link");
    Loaded { program, diagnostics, counts, files, left_out, signatures, stages: stages.done }
}

/// Reads what a library of others declares, and no code of it.
fn library(discovered: &Discovered, sources: &mut SourceMap) -> Program {
    let (models, keep) = (Models::default(), Keep { packages: &discovered.packages });
    let said = Said::default();
    let (files, unparsed) = parse::all(discovered, &models, &said, sources);
    let crates = crates::of_packages(discovered, &models, &files);
    let mut loading = Loading::new(files, unparsed, crates, said, Depth::Declarations);
    loading.follow_crates(&keep, sources);
    loading.lower(&models, &[], &keep, sources);
    let outside = Outside::default();
    crates::link(&mut loading.crates, discovered, &outside);
    loading.link(Vec::new(), &outside, &keep)
}

/// What is said beside code: by notices, manifests and models.
fn said_beside(sources: &SourceMap) -> Said {
    let said = Said::default();
    let is_told = |path: &Path| path.extension().is_none_or(|ending| ending != "rs" && ending != "lock");
    let beside = sources.iter().map(|(_, file)| file).filter(|file| is_told(&file.path));
    beside.for_each(|file| said.add_words(file.text()));
    said
}

fn missing(span: Span, sources: &SourceMap) -> Diagnostic {
    let message = format!("the file of module `{}` was not found, so it was not checked", sources.text(span));
    Diagnostic::warning(message, Some(span))
}

/// Files on their way into the program.
struct Loading {
    files: Vec<File>,
    unparsed: Vec<(FileId, Unparsed)>,
    crates: Vec<Crate>,
    /// What the files say.
    said: Said,
    reach: Reach,
    /// What was lowered from each file; `None` for those that no crate reaches.
    lowered: Vec<Option<Lowered>>,
    depth: Depth,
}

/// How much of files is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// All, wherever it lies.
    Code,
    /// What the files at hand declare, macros expanded.
    Declarations,
}

impl Loading {
    fn new(
        files: Vec<File>,
        unparsed: Vec<(FileId, Unparsed)>,
        crates: Vec<Crate>,
        said: Said,
        depth: Depth,
    ) -> Self {
        Self { files, unparsed, crates, said, reach: Reach::default(), lowered: Vec::new(), depth }
    }

    /// Ties everything to a program.
    fn link(self, declared: Vec<File>, outside: &Outside, keep: &Keep<'_>) -> Program {
        let Self { files, crates, reach, lowered, .. } = self;
        let input = crates::input(crates, files, declared, outside, lowered, &reach);
        resolve::link(input, keep)
    }

    /// Follows `mod` declarations from the crates' roots.
    fn follow_crates(&mut self, keep: &Keep<'_>, sources: &mut SourceMap) {
        self.reach = Tree::new(&self.files, keep, Reach::default()).follow_crates(&mut self.crates);
        self.read_outside(keep, sources);
    }

    /// Reads files that lie outside of what was discovered, as long as more of them are asked for.
    fn read_outside(&mut self, keep: &Keep<'_>, sources: &mut SourceMap) {
        while self.depth == Depth::Code {
            let (more, unparsed) = parse::outside(&self.reach.missing, &self.files, &self.said, sources);
            if more.is_empty() {
                return;
            }
            self.files.extend(more);
            self.unparsed.extend(unparsed);
            let wanted = std::mem::take(&mut self.reach.missing);
            self.follow(wanted, keep);
        }
    }

    fn follow(&mut self, wanted: Vec<Wanted>, keep: &Keep<'_>) {
        let reach = std::mem::take(&mut self.reach);
        self.reach = Tree::new(&self.files, keep, reach).follow(wanted);
    }

    /// Lowers the code of all files that crates reach, those included that only a macro's result declares.
    fn lower(&mut self, models: &Models, declared: &[File], keep: &Keep<'_>, sources: &mut SourceMap) {
        let table = macros::table(&self.files, &self.reach, &self.crates, models, declared);
        loop {
            let new = self.lower_new(&table);
            let made = |at: &usize| {
                let lowered = self.lowered[*at].as_ref()?;
                Some(tree::wanted_by_macros(*at, &self.files[*at], lowered, &self.reach, keep))
            };
            let wanted: Vec<Wanted> = new.iter().filter_map(made).flatten().collect();
            if wanted.is_empty() {
                return;
            }
            self.follow(wanted, keep);
            self.read_outside(keep, sources);
        }
    }

    /// Lowers what was reached since the last time; returns which files.
    fn lower_new(&mut self, table: &MacroTable) -> Vec<usize> {
        self.lowered.resize_with(self.files.len(), || None);
        let is_new = |at: &usize| self.reach.owners[*at].is_some() && self.lowered[*at].is_none();
        let mut new: Vec<usize> = (0..self.files.len()).filter(is_new).collect();
        // Large files first, so that none of them is left for one thread at the end.
        new.sort_by_key(|at| std::cmp::Reverse(self.files[*at].text.len()));
        let lowered: Vec<Option<Lowered>> =
            new.par_iter().with_max_len(1).map(|at| self.lower_file(*at, table)).collect();
        for (at, lowered) in new.iter().zip(lowered) {
            self.lowered[*at] = lowered;
        }
        new.sort_unstable();
        new
    }

    fn lower_file(&self, at: usize, table: &MacroTable) -> Option<Lowered> {
        let file = &self.files[at];
        let krate = self.crates[self.reach.owners[at]?].name;
        let imported = imported(&file.unit);
        let env = Env::new(table, krate, &imported, &file.text);
        let is_kept = |item: ItemId| self.reach.kept[at][item.0 as usize];
        let is_included = |item: ItemId| self.reach.includes.contains_key(&(at, item));
        let is_call = |item: ItemId| matches!(file.unit.items[item.0 as usize].kind, ItemKind::MacroCall(..));
        let is_wanted = |item: ItemId| self.depth == Depth::Code || is_call(item);
        Some(lower::code(&file.unit, &env, &|item| is_kept(item) && is_wanted(item) && !is_included(item)))
    }

    fn counts(&self) -> Counts {
        let reached = || self.files.iter().zip(&self.reach.owners).filter(|(_, owner)| owner.is_some());
        let lowered = || self.lowered.iter().flatten();
        let in_code = self.files.iter().zip(&self.lowered);
        let in_code = in_code.filter(|(_, lowered)| lowered.as_ref().is_some_and(|l| !l.unparsed.is_empty()));
        let unparsed: BTreeSet<FileId> =
            self.unparsed.iter().map(|(id, _)| *id).chain(in_code.map(|(file, _)| file.id)).collect();
        Counts {
            files: reached().count(),
            lines: reached().map(|(file, _)| lines(&file.text)).sum(),
            unreached: self.files.len() - reached().count(),
            unparsed: unparsed.len(),
            opaque_macros: lowered().map(opaque_macros).sum(),
        }
    }

    /// Code that takes no part: whole files, and items of the others.
    fn left_out(&self, sources: &SourceMap) -> Vec<Span> {
        let mut spans = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            if self.reach.owners[at].is_none() {
                spans.push(Span::new(file.id, 0, sources.file(file.id).text().len() as u32));
                continue;
            }
            let dropped = file.unit.items.iter().zip(&self.reach.kept[at]).filter(|(_, kept)| !**kept);
            spans.extend(dropped.map(|(item, _)| Span::new(file.id, item.range.0, item.range.1)));
        }
        spans
    }

    fn packages(&self) -> Vec<(FileId, usize)> {
        self.files.iter().map(|file| (file.id, file.package)).collect()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let of_files = self.unparsed.iter().map(|(file, unparsed)| unread(*file, unparsed));
        let of_bodies = self.files.iter().zip(&self.lowered).flat_map(|(file, lowered)| {
            lowered.iter().flat_map(|lowered| &lowered.unparsed).map(|unparsed| unread(file.id, unparsed))
        });
        of_files.chain(of_bodies).collect()
    }
}

fn lines(text: &str) -> usize {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    breaks + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

fn opaque_macros(lowered: &Lowered) -> usize {
    let in_bodies = lowered.bodies.iter().map(|(_, _, body)| body.opaque_macros.len());
    in_bodies.sum::<usize>() + lowered.opaque_items.len()
}

fn unread(file: FileId, unparsed: &Unparsed) -> Diagnostic {
    let span = Span::new(file, unparsed.range.0, unparsed.range.1);
    let message = format!("this is not read as Rust and was not checked: {}", unparsed.why);
    Diagnostic::warning(message, Some(span))
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
        // What was to be lowered has been.
        unit: Unit { pending: Vec::new(), ..file.unit },
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
