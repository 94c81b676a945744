//! One run of `check`: every stage in order, then what is said and how it ends. The only module that knows all stages;
//! each of them knows only what it is handed here. IO is discovery's and the notices'; the streams are handed in.

mod changed;
mod cookies;
mod findings;
pub(crate) mod known;
pub(crate) mod notices;
mod output;
mod overview;
pub(crate) mod packages;
mod servings;
mod stats;
mod subjects;
mod unasked;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::baseline::{Baseline, ELSEWHERE, Gone, Sighting};
use crate::conditions;
use crate::config::{Known, LevelFlag, Levels, Manifests};
use crate::datamap::{Basis, DataMap};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::{Finding, Format, PackageContext, Summary};
use crate::fix::Fixer;
use crate::flow::{self, Found};
use crate::label::{self, Built, Inferred, Label, PackageFacts, Proposal};
use crate::lints::{LINTS, LintLevel};
use crate::load::{self, Loaded, SignatureCounts};
use crate::memory;
use crate::models::{Ahead, Models};
use crate::recognise;
use crate::rejected::Rejected;
use crate::resolve::{GItem, Program};
use crate::rights;
use crate::source::SourceMap;
use crate::suppress::Allow;
use crate::taxonomy::CategoryId;
use crate::types::{self, Inference, Sema};
use crate::workspace::{self, Discovered, Request};
pub use known::BaselineUse;
use known::Naming;
use notices::Notices;
pub(crate) use output::refuse;
use packages::Packages;
use stats::Stats;

/// What is asked of a run.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// What to look at.
    pub request: Request,
    /// The notice to judge by, whatever lies beside the packages.
    pub notice: Option<PathBuf>,
    /// Whether what merely looks personal counts.
    pub inferred: Inferred,
    /// Lint levels from the command line.
    pub levels: Vec<LevelFlag>,
    /// How findings are written.
    pub format: Format,
    /// Which findings are no news.
    pub baseline: BaselineUse,
    /// Only what changed since this revision is reported.
    pub changed_since: Option<String>,
    /// How many of them the human format prints.
    pub max: Option<usize>,
    /// Whether they are coloured.
    pub color: bool,
    /// Whether nothing but findings is printed.
    pub quiet: bool,
    /// Whether stages are timed in the output.
    pub verbose: bool,
    /// Whether numbers of the program and its types are printed.
    pub stats: bool,
    /// Whether nobody asks for more than findings: then nothing is proposed.
    pub findings_only: bool,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing at deny level.
    Clean,
    /// A finding at deny level.
    Denied,
    /// The run could not be done as asked.
    Unusable,
}

impl Outcome {
    /// As the process says it.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Denied => 1,
            Self::Unusable => 2,
        }
    }
}

/// Parsing descends as deep as the code is nested; address space costs nothing until it is used.
const STACK: usize = 1 << 30;

/// Told what a run is at, so that somebody who waits can be shown.
pub trait Watch: Sync {
    /// A stage begins.
    fn begins(&self, stage: &'static str);
    /// All stages are done, and output follows.
    fn done(&self);
}

/// Runs: findings to `out`, everything else to `log`.
///
/// # Errors
/// Where a stream cannot be written, or no threads can be had.
pub fn run(
    options: &Options,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let start = Instant::now();
    let mut sources = SourceMap::default();
    let options = &Options { findings_only: !output::may_show_around(options), ..options.clone() };
    let news = in_pool(|| news(options, watch, &mut sources))?;
    watch.done();
    match news {
        Ok(mut analysis) => {
            analysis.summary.elapsed = start.elapsed();
            let outcome = output::report(options, &sources, &analysis, out, log)?;
            // The process ends here; returning a large program to the allocator piece by piece would only take time.
            std::mem::forget(analysis);
            Ok(outcome)
        }
        Err(errors) => refuse(options, &sources, errors, out, log),
    }
}

/// Runs on threads whose stacks are deep enough. They stay for the next run, as ending them takes time too.
pub(crate) fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    static POOL: OnceLock<Result<rayon::ThreadPool, String>> = OnceLock::new();
    let build =
        || rayon::ThreadPoolBuilder::new().stack_size(STACK).build().map_err(|error| error.to_string());
    match POOL.get_or_init(build) {
        Ok(pool) => Ok(pool.install(work)),
        Err(error) => Err(io::Error::other(error.clone())),
    }
}

/// Texts that stand for what is on disk.
pub(crate) type Overlay = BTreeMap<PathBuf, Arc<str>>;

/// Everything that a run found out.
pub(crate) struct Analysis {
    /// In the order of output.
    pub(crate) findings: Vec<Finding>,
    /// For each of them what it is known by across runs.
    pub(crate) sightings: Vec<Option<Sighting>>,
    /// The table behind them.
    pub(crate) map: DataMap,
    /// What could be annotated.
    pub(crate) proposals: Vec<Proposal>,
    /// What is annotated, in code or notice.
    pub(crate) annotated: BTreeSet<(String, CategoryId)>,
    /// Suppressions in comments and attributes, with how many findings each of their lints covers.
    pub(crate) allows: Vec<(Allow, Vec<usize>)>,
    pub(crate) discovered: Discovered,
    /// Where the baseline lies.
    pub(crate) place: known::Place,
    /// What it holds.
    pub(crate) baseline: Option<Baseline>,
    /// What it holds and the run did not find.
    pub(crate) gone: Vec<Gone>,
    pub(crate) levels: Levels,
    pub(crate) summary: Summary,
    contexts: Vec<PackageContext>,
    stages: Vec<(&'static str, Duration)>,
    signatures: SignatureCounts,
    stats: Stats,
    #[expect(dead_code, reason = "kept so that the end of the process, not of the run, frees it")]
    program: (Program, Vec<(GItem, Inference)>),
}

impl Analysis {
    /// Whether a finding may not be lowered by anything.
    fn is_forbidden(&self, finding: &Finding) -> bool {
        let lint = finding.diagnostic.lint.unwrap_or_default();
        self.levels.of(finding.package.0 as usize, lint).0 == LintLevel::Forbid
    }

    /// Leaves of the findings those that are `kept`.
    fn retain(&mut self, kept: &[bool]) {
        let mut each = kept.iter();
        self.findings.retain(|_| *each.next().unwrap_or(&true));
        let mut each = kept.iter();
        self.sightings.retain(|_| *each.next().unwrap_or(&true));
        self.summary.findings = levels(&self.findings);
    }

    /// For each finding whether the baseline knows it; sees besides what of the baseline is gone.
    pub(crate) fn known(&mut self) -> Vec<bool> {
        let Some(baseline) = &self.baseline else { return vec![false; self.findings.len()] };
        let seen: Vec<Sighting> = self.sightings.iter().flatten().cloned().collect();
        let gone = baseline.gone(&seen, |section| self.covers(baseline, section));
        let mut known = baseline.known(&seen).into_iter();
        let each = self.findings.iter().zip(&self.sightings).map(|(finding, sighting)| {
            sighting.is_some() && known.next().unwrap_or(false) && !self.is_forbidden(finding)
        });
        let known = each.collect();
        self.summary.gone = gone.iter().map(|gone| gone.count).sum();
        self.gone = gone;
        known
    }

    /// Whether the run looked at all that a section of a baseline is about: what belongs to no package is settled only
    /// by a run over all packages that the baseline knows, and nothing where files did not parse.
    pub(crate) fn covers(&self, baseline: &Baseline, section: &str) -> bool {
        let packages = &self.discovered.packages;
        let looked_at = |name: &str| packages.iter().any(|package| package.selected && package.name == name);
        match section {
            _ if self.summary.unparsed_files > 0 => false,
            ELSEWHERE => baseline.sections().all(|name| name == ELSEWHERE || looked_at(name)),
            name => looked_at(name),
        }
    }
}

/// A run, less what is no news.
fn news(options: &Options, watch: &dyn Watch, sources: &mut SourceMap) -> Result<Analysis, Vec<Diagnostic>> {
    let mut analysis = analyse(options, watch, sources, &Overlay::new())?;
    let kept = kept(options, watch, &mut analysis, sources)?;
    analysis.retain(&kept);
    Ok(analysis)
}

/// For each finding whether it is news: a change has to answer for it, where that was asked, and no baseline holds it.
pub(crate) fn kept(
    options: &Options,
    watch: &dyn Watch,
    analysis: &mut Analysis,
    sources: &SourceMap,
) -> Result<Vec<bool>, Vec<Diagnostic>> {
    let mut kept = vec![true; analysis.findings.len()];
    if let Some(revision) = &options.changed_since {
        kept = changed::news(options, watch, revision, analysis, sources)?;
        analysis.summary.unchanged = kept.iter().filter(|kept| !**kept).count();
    }
    for (kept, known) in kept.iter_mut().zip(analysis.known()) {
        analysis.summary.in_baseline += usize::from(*kept && known);
        *kept &= !known;
    }
    Ok(kept)
}

/// What was prepared before any code is read.
struct Prepared {
    discovered: Discovered,
    notices: Notices,
    models: Models,
    levels: Levels,
    said: Vec<Diagnostic>,
    place: known::Place,
    baseline: Option<Baseline>,
    /// Whether there is a baseline, in use or not.
    is_recorded: bool,
    rejected: Vec<Rejected>,
}

/// Everything that a run finds out; what is no news is still among the findings.
pub(crate) fn analyse(
    options: &Options,
    watch: &dyn Watch,
    sources: &mut SourceMap,
    overlay: &Overlay,
) -> Result<Analysis, Vec<Diagnostic>> {
    let mut clock = Clock::new(watch);
    let mut prepared = prepare(options, sources, overlay)?;
    clock.end("discover", "reading code");
    let mut loaded = load::load(&prepared.discovered, &prepared.models, sources);
    clock.skip(&loaded.stages, "finding types");
    let (comments, sema) =
        rayon::join(|| findings::comments(&loaded, sources), || Sema::new(&loaded.program));
    sources.put_away();
    let bodies = types::of_bodies(&sema);
    clock.end("infer", "finding personal data");
    let facts = packages::facts(&prepared.discovered, &prepared.notices, sources);
    let mut built = labels(options, &prepared, &sema, &bodies, &facts);
    clock.end("label", "following personal data");
    let mut found = flows(&prepared, &sema, &bodies, &facts, &built);
    subjects::limit(&mut found.flows, &prepared.notices.list, &facts);
    clock.end("flow", "judging by the notice");
    let code = servings::Code {
        program: &loaded.program,
        bodies: &bodies,
        labels: &built.labels,
        notices: &prepared.notices.list,
        packages: &facts,
    };
    let (servings, uses) = servings::servings(&code, &found.flows);
    let cookies = cookies::cookies(&code);
    let unasked = unasked::unasked(&unasked::Table {
        sema: &sema,
        models: &prepared.models,
        bodies: &bodies,
        packages: &facts,
        notices: &prepared.notices.list,
        taxonomy: &prepared.notices.taxonomy,
        flows: &found.flows,
        cookies: &cookies,
    });
    let unreached = rights::unreached(&rights::Input {
        sema: &sema,
        bodies: &bodies,
        models: &prepared.models,
        labels: &built.labels,
        taxonomy: &prepared.notices.taxonomy,
        notices: &prepared.notices.list,
        packages: &facts,
        flows: &found.flows,
        schemas: &schemas(&prepared),
    });
    let unkept = conditions::unkept(&conditions::Input {
        sema: &sema,
        bodies: &bodies,
        notices: &prepared.notices.list,
        packages: &facts,
        flows: &found.flows,
    });
    let dependencies = packages::dependencies(&prepared.discovered, &prepared.notices);
    let said = std::mem::take(&mut prepared.said).into_iter().chain(std::mem::take(&mut loaded.diagnostics));
    let packages = Packages::new(&prepared.discovered, &prepared.notices, &loaded);
    let map = data_map(&mut prepared.notices, &packages, &mut built, &mut found, said.collect());
    let map = DataMap { servings, uses, cookies, unasked, unreached, unkept, dependencies, ..map };
    let mut judged = findings::judge(&map, &packages, &prepared.levels, &loaded, comments, sources);
    let fixer = Fixer::new(sources, &loaded.program, &prepared.models);
    judged.findings.iter_mut().for_each(|finding| fixer.mend(&mut finding.diagnostic));
    let top = known::top(&prepared.discovered);
    let naming = Naming { program: &loaded.program, packages: &packages, sources, top };
    let sightings = judged.findings.iter().map(|finding| naming.sighting(finding)).collect();
    clock.end("lints", "writing");
    let first_run = !prepared.is_recorded && is_first_run(options, &built, &map);
    let summary = summary(&judged, &loaded, &built, &found, first_run);
    let stats = if options.stats { Stats::of(&loaded, &bodies, found.graph) } else { Stats::default() };
    Ok(Analysis {
        findings: judged.findings,
        sightings,
        map,
        annotated: annotated(&built),
        proposals: built.proposals,
        allows: judged.allows,
        contexts: packages::contexts(&prepared.discovered, sources),
        place: prepared.place,
        baseline: prepared.baseline,
        gone: Vec::new(),
        levels: prepared.levels,
        discovered: prepared.discovered,
        summary,
        stages: clock.stages,
        signatures: loaded.signatures,
        stats,
        program: (loaded.program, bodies),
    })
}

/// Which places are personal.
fn labels(
    options: &Options,
    prepared: &Prepared,
    sema: &Sema<'_>,
    bodies: &[(GItem, Inference)],
    packages: &[PackageFacts],
) -> Built {
    label::build(&label::Context {
        sema,
        bodies,
        models: &prepared.models,
        taxonomy: &prepared.notices.taxonomy,
        notices: &prepared.notices.list,
        packages,
        inferred: options.inferred,
        proposes: !options.findings_only,
        rejected: &prepared.rejected,
    })
}

/// What databases are said to do, where somebody is to be forgotten.
fn schemas(prepared: &Prepared) -> Vec<String> {
    let forgets = prepared.notices.list.iter().any(|notice| !notice.erasures.is_empty());
    if forgets { workspace::schemas(&prepared.discovered.root) } else { Vec::new() }
}

/// Where they go.
fn flows(
    prepared: &Prepared,
    sema: &Sema<'_>,
    bodies: &[(GItem, Inference)],
    packages: &[PackageFacts],
    built: &Built,
) -> Found {
    flow::analyse(&flow::Input {
        sema,
        bodies,
        models: &prepared.models,
        labels: &built.labels,
        taxonomy: &prepared.notices.taxonomy,
        notices: &prepared.notices.list,
        packages,
    })
}

fn prepare(
    options: &Options,
    sources: &mut SourceMap,
    overlay: &Overlay,
) -> Result<Prepared, Vec<Diagnostic>> {
    let cwd = &options.request.cwd;
    // What most runs need whatever they look at.
    let ahead = || {
        let models = Ahead::read();
        // Not asked before types are known: whoever has nothing to do reads them.
        rayon::spawn(recognise::read_lists);
        models
    };
    let (discovered, ahead) = rayon::join(|| workspace::discover(&options.request, sources), ahead);
    let (discovered, mut said) = discovered?;
    memory::spare(discovered.files.iter().map(|file| sources.file(file.id).text().len()).sum());
    let notices = notices::load(options.notice.as_deref(), cwd, &discovered, sources, overlay)?;
    let mut models = load::shipped(ahead, &discovered);
    notices::add_models(&notices, &mut models, sources)?;
    sources.replace(overlay);
    let place = known::place(&options.baseline, &discovered, cwd);
    let baseline = if options.baseline == BaselineUse::Off { None } else { known::read(&place, sources)? };
    let is_recorded = baseline.is_some() || place.path.exists();
    let rejected = known::rejected(&discovered, sources)?;
    let registry: Vec<Known> = LINTS.iter().map(|lint| (lint.name, lint.group, lint.level)).collect();
    let manifests = discovered.packages.iter();
    let manifests: Vec<Manifests> =
        manifests.map(|p| Manifests { workspace: p.workspace_manifest, package: p.manifest }).collect();
    let (levels, of_levels) = Levels::build(&registry, &manifests, &options.levels, sources);
    if of_levels.iter().any(|one| one.level == Level::Error) {
        return Err(of_levels);
    }
    said.extend(of_levels);
    Ok(Prepared { discovered, notices, models, levels, said, place, baseline, is_recorded, rejected })
}

fn data_map(
    notices: &mut Notices,
    packages: &Packages<'_>,
    built: &mut Built,
    found: &mut Found,
    said: Vec<Diagnostic>,
) -> DataMap {
    let mut broken = std::mem::take(&mut built.broken);
    broken.sort_by_key(findings::broken_span);
    broken.dedup();
    let mut diagnostics = said;
    diagnostics.append(&mut notices.findings);
    let (taxonomy, list) = (std::mem::take(&mut notices.taxonomy), std::mem::take(&mut notices.list));
    DataMap {
        packages: packages.in_map(),
        flows: std::mem::take(&mut found.flows),
        declarations: std::mem::take(&mut built.declarations),
        unannotated: std::mem::take(&mut built.unannotated),
        broken,
        diagnostics,
        ..DataMap::of(taxonomy, list)
    }
}

/// Nothing is annotated, no notice was written, and nobody asked for what is inferred.
fn is_first_run(options: &Options, built: &Built, map: &DataMap) -> bool {
    options.inferred == Inferred::Auto
        && !built.annotated
        && map.notices.iter().all(|notice| notice.is_default)
}

fn summary(
    judged: &findings::Judged,
    loaded: &Loaded,
    built: &Built,
    found: &Found,
    first_run: bool,
) -> Summary {
    Summary {
        files: loaded.counts.files,
        lines: loaded.counts.lines,
        elapsed: Duration::ZERO,
        unparsed_files: loaded.counts.unparsed,
        unresolved_calls: found.calls.0,
        unresolved_macros: loaded.counts.opaque_macros,
        unresolved_urls: found.unresolved_urls,
        approximations: found.approximations.iter().map(|(which, times)| (which.name(), *times)).collect(),
        inferred_left_out: built.left_out,
        findings: levels(&judged.findings),
        suppressed: judged.suppressed,
        in_baseline: 0,
        gone: 0,
        unchanged: 0,
        first_run,
    }
}

fn annotated(built: &Built) -> BTreeSet<(String, CategoryId)> {
    let is_said = |label: &&Label| matches!(label.basis, Basis::Annotated | Basis::Notice(_));
    built.labels.list.iter().filter(is_said).map(|label| (label.path.clone(), label.category)).collect()
}

/// Findings by level.
fn levels(findings: &[Finding]) -> Vec<(Level, usize)> {
    let count = |level| findings.iter().filter(|finding| finding.diagnostic.level == level).count();
    [Level::Error, Level::Warning, Level::Note].map(|level| (level, count(level))).to_vec()
}

/// Measures stages that follow one another, and tells whoever watches of the next.
struct Clock<'a> {
    stages: Vec<(&'static str, Duration)>,
    since: Instant,
    watch: &'a dyn Watch,
}

impl<'a> Clock<'a> {
    fn new(watch: &'a dyn Watch) -> Self {
        watch.begins("looking for packages");
        Self { stages: Vec::new(), since: Instant::now(), watch }
    }

    fn end(&mut self, stage: &'static str, next: &'static str) {
        self.skip(&[(stage, self.since.elapsed())], next);
    }

    /// Takes over stages that were measured where they ran.
    fn skip(&mut self, stages: &[(&'static str, Duration)], next: &'static str) {
        self.stages.extend_from_slice(stages);
        self.since = Instant::now();
        self.watch.begins(next);
    }
}
