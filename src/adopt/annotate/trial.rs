//! Annotations tried in memory: written into texts, analysed, and taken back where a run does not find them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::unread;
use super::{Asked, Texts, chosen, forms};
use crate::baseline::{Baseline, Sighting};
use crate::check::{self, Analysis, Options, Overlay, Watch};
use crate::diagnostic::Diagnostic;
use crate::emit::{Finding, located};
use crate::label::Proposal;
use crate::lints;
use crate::source::{FileId, SourceMap, Span};

/// How often what a run does not find is taken back before all the rest is.
const ROUNDS: usize = 4;

/// What came of it.
pub(super) struct Trial {
    /// The run over the code as it is.
    pub(super) before: Analysis,
    /// What is annotated.
    pub(super) chosen: Vec<Proposal>,
    /// What is not, though it was asked for, and why.
    refused: BTreeMap<&'static str, BTreeSet<String>>,
    /// The files that change.
    pub(super) texts: Texts,
    /// The run over the annotated code, compared.
    pub(super) taken: Option<Taken>,
}

/// Findings after against findings before.
pub(super) struct Taken {
    pub(super) after: usize,
    /// What is no longer found, in words, and how often.
    pub(super) lost: BTreeMap<String, usize>,
    /// What was not found before, in the order of findings.
    pub(super) new: Vec<Added>,
}

/// A finding that annotations bring.
pub(super) struct Added {
    /// What, and where, in words.
    pub(super) line: String,
    /// Which approximations it rests on: what merely looks personal makes no finding over those.
    pub(super) rests_on: BTreeSet<&'static str>,
    /// Whether some of its data counted before, though only as what looks personal.
    pub(super) counted: bool,
}

impl Trial {
    /// Which places were left out, and why.
    pub(super) fn left_out(&self) -> &BTreeMap<&'static str, BTreeSet<String>> {
        &self.refused
    }

    /// Leaves out those of which a reason is known.
    fn refuse(&mut self, why: impl Fn(&Proposal) -> Option<&'static str>) {
        let refused = &mut self.refused;
        self.chosen.retain(|proposal| match why(proposal) {
            Some(why) => {
                refused.entry(why).or_default().insert(proposal.path.clone());
                false
            }
            None => true,
        });
    }
}

/// Tries what was asked for.
pub(super) fn run(
    options: &Options,
    asked: &Asked,
    watch: &dyn Watch,
    sources: &mut SourceMap,
) -> Result<Trial, Vec<Diagnostic>> {
    let before = check::analyse(options, watch, sources, &Overlay::new())?;
    let mut trial =
        Trial { before, chosen: Vec::new(), refused: BTreeMap::new(), texts: Texts::new(), taken: None };
    if asked.reject.is_some() {
        return Ok(trial);
    }
    trial.chosen = chosen(asked, &trial.before, sources)?;
    for round in 0..=ROUNDS {
        let written = forms::write(asked, &trial.before, &trial.chosen, sources)?;
        trial.refuse(|proposal| {
            let found =
                written.refused.iter().find(|(at, path, _)| (*at, path) == (proposal.span, &proposal.path));
            found.map(|(.., why)| *why)
        });
        trial.texts = written.texts;
        if trial.chosen.is_empty() {
            trial.texts.clear();
            return Ok(trial);
        }
        let mut texts = SourceMap::default();
        let after = check::analyse(options, watch, &mut texts, &trial.texts)?;
        let missed = missed(&trial, &after, sources, &texts);
        if missed.is_empty() {
            let place = |span| located(&texts, span, &options.request.cwd);
            trial.taken = Some(compare(&trial.before, &after, &place));
            return Ok(trial);
        }
        trial.refuse(|proposal| {
            let keeps = round < ROUNDS && !missed.contains(&proposal.path);
            (!keeps).then_some("whose annotation a run would not find")
        });
    }
    Ok(trial)
}

/// The annotations that a run over the changed texts does not find; all of a file that can no longer be read.
fn missed(trial: &Trial, after: &Analysis, sources: &SourceMap, texts: &SourceMap) -> BTreeSet<String> {
    // Variables of one name in one function share a path, and not all of them can carry an attribute.
    let (open, still_open) = (by_path(&trial.before.proposals), by_path(&after.proposals));
    let settled = by_path(&trial.chosen);
    let number = |of: &BTreeMap<&str, usize>, path: &str| of.get(path).copied().unwrap_or_default();
    let is_open = |path: &str| number(&still_open, path) + number(&settled, path) > number(&open, path);
    let (was, is) = (unread(&trial.before, sources), unread(after, texts));
    let is_broken = |file: FileId| is.get(sources.path(file)) > was.get(sources.path(file));
    let is_missed = |proposal: &&Proposal| {
        let is_found = after.annotated.contains(&(proposal.path.clone(), proposal.category));
        !is_found || is_open(&proposal.path) || is_broken(proposal.span.file)
    };
    trial.chosen.iter().filter(is_missed).map(|proposal| proposal.path.clone()).collect()
}

fn by_path(proposals: &[Proposal]) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    proposals.iter().for_each(|proposal| *all.entry(proposal.path.as_str()).or_default() += 1);
    all
}

/// By what findings are known across runs: places that merely look personal may no longer count. Only what was followed is
/// compared; that a place is annotated, or not yet, is what is being changed.
fn compare(before: &Analysis, after: &Analysis, place: &dyn Fn(Span) -> String) -> Taken {
    let (was, is) = (followed(before), followed(after));
    let sightings =
        |all: &[(&Finding, &Sighting)]| all.iter().map(|(_, seen)| (*seen).clone()).collect::<Vec<_>>();
    let unknown = |some: &[(&Finding, &Sighting)], other| {
        let known = Baseline::of(&sightings(other)).known(&sightings(some));
        known.iter().enumerate().filter(|(_, known)| !**known).map(|(at, _)| at).collect::<Vec<usize>>()
    };
    let mut lost: BTreeMap<String, usize> = BTreeMap::new();
    for at in unknown(&was, &is) {
        *lost.entry(line(was[at].1)).or_default() += 1;
    }
    let new = unknown(&is, &was).into_iter().map(|at| added((before, after), is[at], place)).collect();
    Taken { after: is.len(), lost, new }
}

/// The findings that rest on flows, with what they are known by.
fn followed(analysis: &Analysis) -> Vec<(&Finding, &Sighting)> {
    let seen = analysis.findings.iter().zip(&analysis.sightings);
    let on_flows = |seen: &Sighting| {
        let lint = seen.keys.first().and_then(|key| lints::find(&key.lint));
        lint.is_none_or(lints::Lint::needs_flows)
    };
    seen.filter_map(|(finding, seen)| Some((finding, seen.as_ref()?)))
        .filter(|(_, seen)| on_flows(seen))
        .collect()
}

fn added(
    (before, after): (&Analysis, &Analysis),
    (finding, seen): (&Finding, &Sighting),
    place: &dyn Fn(Span) -> String,
) -> Added {
    let sink = finding.diagnostic.primary;
    let flows = || after.map.flows.iter().filter(|flow| Some(flow.sink) == sink);
    let data = || flows().flat_map(|flow| &flow.data);
    let known = |path: &str| before.map.declarations.iter().any(|declared| declared.path == path);
    let at = sink.map_or_else(String::new, |span| format!(" at {}", place(span)));
    Added {
        line: format!("{}{at}", line(seen)),
        rests_on: data().flat_map(|datum| &datum.approximations).map(|one| one.name()).collect(),
        counted: data().any(|datum| known(&datum.path)),
    }
}

fn line(seen: &Sighting) -> String {
    let categories: Vec<&str> = seen.keys.iter().map(|key| key.category.as_str()).collect();
    let (lint, item) = seen.keys.first().map_or(("", ""), |key| (&key.lint, &key.item));
    format!("{lint} in `{item}`: {}", categories.join(", "))
}
