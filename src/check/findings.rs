//! From the data map to findings: what the lints say, at the level of each package, less what is suppressed, in an order
//! that does not depend on the run. Knows no code but the places of suppressions.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::packages::{self, Packages};
use crate::config::Levels;
use crate::datamap::{Broken, DataMap};
use crate::diagnostic::Diagnostic;
use crate::emit::Finding;
use crate::ir::{self, ItemKind};
use crate::lints::{self, LINTS, LintLevel};
use crate::load::Loaded;
use crate::source::{FileId, SourceMap, Span};
use crate::suppress::{self, Allow, Allowed};

/// What is said in the end.
pub(super) struct Judged {
    /// In the order of output.
    pub(super) findings: Vec<Finding>,
    /// How many were suppressed.
    pub(super) suppressed: usize,
    /// By which allows: for each of its lints, how many.
    pub(super) allows: Vec<(Allow, Vec<usize>)>,
}

/// Judges the data map, in the packages in which findings are wanted.
pub(super) fn judge(
    map: &DataMap,
    packages: &Packages<'_>,
    levels: &Levels,
    loaded: &Loaded,
    comments: Comments,
    sources: &SourceMap,
) -> Judged {
    let judge = Judge { packages, levels };
    let is_wanted = |lint: &lints::Lint| packages.selected().any(|package| judge.is_on(package, lint.name));
    let mut by_package = judge.sort(lints::run(map, is_wanted));
    let (allows, broken) = allows(loaded, comments);
    let mut allows = judge.by_package(allows, |allow: &Allow| Some(allow.at));
    let plain = map.diagnostics.iter().filter(|said| said.lint.is_none()).cloned().chain(broken);
    let mut judged = Judged { findings: judge.plain(plain), suppressed: 0, allows: Vec::new() };
    for package in packages.selected() {
        let found = by_package.remove(&package).unwrap_or_default();
        judge.package(package, found, allows.remove(&package).unwrap_or_default(), &mut judged);
    }
    judged.findings.sort_by_cached_key(|finding| order(&finding.diagnostic, sources));
    judged.findings.dedup_by(|a, b| a.diagnostic == b.diagnostic);
    judged
}

struct Judge<'a> {
    packages: &'a Packages<'a>,
    levels: &'a Levels,
}

impl Judge<'_> {
    fn is_on(&self, package: usize, lint: &str) -> bool {
        self.levels.of(package, lint).0 != LintLevel::Allow
    }

    fn by_package<T>(&self, all: Vec<T>, span: impl Fn(&T) -> Option<Span>) -> BTreeMap<usize, Vec<T>> {
        let mut sorted: BTreeMap<usize, Vec<T>> = BTreeMap::new();
        for one in all {
            let package = self.packages.owner(span(&one).map(|span| span.file));
            sorted.entry(package).or_default().push(one);
        }
        sorted
    }

    /// Findings by package, without those whose lint is off there.
    fn sort(&self, found: Vec<Diagnostic>) -> BTreeMap<usize, Vec<Diagnostic>> {
        let mut sorted = self.by_package(found, |finding| finding.primary);
        for (package, found) in &mut sorted {
            found.retain(|finding| finding.lint.is_none_or(|lint| self.is_on(*package, lint)));
        }
        sorted
    }

    /// One package's findings, less what its allows cover, with what is to be said of the allows themselves.
    fn package(&self, package: usize, found: Vec<Diagnostic>, allows: Vec<Allow>, out: &mut Judged) {
        let is_forbidden = |lint: &str| self.levels.of(package, lint).0 == LintLevel::Forbid;
        let applied = suppress::apply(found, &allows, is_forbidden);
        out.suppressed += applied.suppressed;
        let of_allows =
            suppress::unreasoned(&allows)
                .chain(suppress::unfulfilled(&allows, &applied.used, |lint| self.is_on(package, lint)));
        let all = applied.kept.into_iter().chain(of_allows);
        out.findings.extend(all.filter_map(|finding| self.leveled(package, finding)));
        out.allows.extend(allows.into_iter().zip(applied.used));
    }

    fn leveled(&self, package: usize, mut diagnostic: Diagnostic) -> Option<Finding> {
        let lint = diagnostic.lint?;
        let (level, provenance) = self.levels.of(package, lint);
        diagnostic.level = level.diagnostic()?;
        let provenance = Some(provenance.note(lint, level));
        Some(Finding { diagnostic, provenance, package: packages::id(package) })
    }

    /// What no lint stands for is said as it is.
    fn plain(&self, said: impl Iterator<Item = Diagnostic>) -> Vec<Finding> {
        let each = said.map(|diagnostic| {
            let package = self.packages.owner(diagnostic.primary.map(|span| span.file));
            Finding { diagnostic, provenance: None, package: packages::id(package) }
        });
        each.filter(|finding| self.packages.is_selected(finding.package.0 as usize)).collect()
    }
}

/// What has no place first, then by file, place and lint.
fn order(diagnostic: &Diagnostic, sources: &SourceMap) -> impl Ord + use<> {
    let place = diagnostic.primary.map(|span| (sources.path(span.file).to_path_buf(), span.lo, span.hi));
    let lint = LINTS.iter().position(|lint| diagnostic.lint == Some(lint.name));
    (place, lint, diagnostic.message.clone())
}

/// Suppressions in comments, and comments that were meant as one and are none.
pub(super) type Comments = (Vec<Allow>, Vec<Diagnostic>);

/// Those of all files that were read.
pub(super) fn comments(loaded: &Loaded, sources: &SourceMap) -> Comments {
    let in_file = |(file, _): &(FileId, _)| suppress::in_comments(*file, sources.file(*file).text());
    let each: Vec<Comments> = loaded.files.par_iter().map(in_file).collect();
    let (mut allows, mut broken) = (Vec::new(), Vec::new());
    for (in_file, wrong) in each {
        allows.extend(in_file);
        broken.extend(wrong);
    }
    (allows, broken)
}

/// Suppressions in comments and attributes, in code that takes part.
fn allows(loaded: &Loaded, (mut allows, mut broken): Comments) -> Comments {
    for unit in loaded.program.units.iter().filter(|unit| !unit.model) {
        let attributes = unit.unit.items.iter().flat_map(attributes).filter_map(ir::Attrs::get);
        allows.extend(attributes.flat_map(|attrs| &attrs.allows).map(|allow| of_attribute(unit.file, allow)));
    }
    // What macros repeat is still one attribute.
    allows.sort_by_key(|allow| allow.at);
    allows.dedup_by_key(|allow| allow.at);
    let is_left_out = |span: Span| loaded.left_out.iter().any(|out| holds(*out, span));
    allows.retain(|allow| !is_left_out(allow.at));
    broken.retain(|wrong: &Diagnostic| !wrong.primary.is_some_and(is_left_out));
    (allows, broken)
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.lo <= inner.lo && inner.hi <= outer.hi
}

/// The attributes of an item, its fields and its parameters.
fn attributes(item: &ir::Item) -> Vec<&ir::Attrs> {
    let mut all = vec![&item.attrs];
    match &item.kind {
        ItemKind::Struct(_, fields) => all.extend(fields.list.iter().map(|field| &field.attrs)),
        ItemKind::Enum(_, variants) => {
            for variant in variants {
                all.push(&variant.attrs);
                all.extend(variant.fields.list.iter().map(|field| &field.attrs));
            }
        }
        ItemKind::Fn(decl) => all.extend(decl.params.iter().map(|param| &param.attrs)),
        _ => {}
    }
    all
}

fn of_attribute(file: crate::source::FileId, allow: &ir::Allow) -> Allow {
    let span = |(lo, hi)| Span::new(file, lo, hi);
    let allowed = |name: &String| Allowed { name: name.clone(), span: span(allow.range) };
    Allow {
        lints: allow.lints.iter().map(allowed).collect(),
        reason: allow.reason.clone(),
        scope: span(allow.scope),
        at: span(allow.range),
    }
}

/// Where an entry that could not be used stands.
pub(super) fn broken_span(broken: &Broken) -> Span {
    match broken {
        Broken::UnknownCategory { span, .. }
        | Broken::UnresolvedPath { span, .. }
        | Broken::Annotation { span, .. } => *span,
    }
}
