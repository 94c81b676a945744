//! One run of `check`: every stage in order, then what is said and how it ends. The only module that knows all stages;
//! each of them knows only what it is handed here. IO is discovery's and the notices'; the streams are handed in.

mod findings;
mod notices;
mod output;
mod packages;
mod stats;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::config::{Known, LevelFlag, Levels, Manifests};
use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::{Finding, Format, PackageContext, Summary};
use crate::flow::{self, Found};
use crate::label::{self, Built, Inferred};
use crate::lints::LINTS;
use crate::load::{self, Loaded};
use crate::models::Models;
use crate::resolve::{GItem, Program};
use crate::source::SourceMap;
use crate::types::{self, Inference, Sema};
use crate::workspace::{self, Discovered, Request};
use notices::Notices;
use packages::Packages;
use stats::Stats;

/// What is asked of a run.
#[derive(Clone, Debug)]
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
    /// How many of them the human format prints.
    pub max: usize,
    /// Whether they are coloured.
    pub color: bool,
    /// Whether nothing but findings is printed.
    pub quiet: bool,
    /// Whether stages are timed in the output.
    pub verbose: bool,
    /// Whether numbers of the program and its types are printed.
    pub stats: bool,
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

/// Runs: findings to `out`, everything else to `log`.
///
/// # Errors
/// Where a stream cannot be written, or no threads can be had.
pub fn run(options: &Options, out: &mut dyn Write, log: &mut dyn Write) -> io::Result<Outcome> {
    let start = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build().map_err(io::Error::other)?;
    let mut sources = SourceMap::default();
    match pool.install(|| check(options, &mut sources)) {
        Ok(mut checked) => {
            checked.summary.elapsed = start.elapsed();
            let outcome = output::report(options, &sources, &checked, out, log)?;
            // The process ends here; returning a large program to the allocator piece by piece would only take time.
            std::mem::forget(checked);
            Ok(outcome)
        }
        Err(errors) => {
            output::refuse(options, &sources, errors, out, log)?;
            Ok(Outcome::Unusable)
        }
    }
}

/// Everything that a run found out.
struct Checked {
    findings: Vec<Finding>,
    contexts: Vec<PackageContext>,
    summary: Summary,
    stages: Vec<(&'static str, Duration)>,
    stats: Stats,
    #[expect(dead_code, reason = "kept so that the end of the process, not of the run, frees it")]
    program: (Program, Vec<(GItem, Inference)>),
}

/// What was prepared before any code is read.
struct Prepared {
    discovered: Discovered,
    notices: Notices,
    models: Models,
    levels: Levels,
    said: Vec<Diagnostic>,
}

fn check(options: &Options, sources: &mut SourceMap) -> Result<Checked, Vec<Diagnostic>> {
    let mut clock = Clock::new();
    let mut prepared = prepare(options, sources)?;
    clock.end("discover");
    let mut loaded = load::load(&prepared.discovered, &prepared.models, sources);
    clock.skip(&loaded.stages);
    let sema = Sema::new(&loaded.program);
    let bodies = infer(&sema);
    clock.end("infer");
    let facts = packages::facts(&prepared.discovered, &prepared.notices, sources);
    let mut built = label::build(&label::Context {
        sema: &sema,
        bodies: &bodies,
        models: &prepared.models,
        taxonomy: &prepared.notices.taxonomy,
        notices: &prepared.notices.list,
        packages: &facts,
        inferred: options.inferred,
    });
    clock.end("label");
    let mut found = flow::analyse(&flow::Input {
        sema: &sema,
        bodies: &bodies,
        models: &prepared.models,
        labels: &built.labels,
        taxonomy: &prepared.notices.taxonomy,
        notices: &prepared.notices.list,
        packages: &facts,
    });
    clock.end("flow");
    let said = std::mem::take(&mut prepared.said).into_iter().chain(std::mem::take(&mut loaded.diagnostics));
    let packages = Packages::new(&prepared.discovered, &prepared.notices, &loaded);
    let map = data_map(&mut prepared.notices, &packages, &mut built, &mut found, said.collect());
    let judged = findings::judge(&map, &packages, &prepared.levels, &loaded, sources);
    clock.end("lints");
    let first_run = is_first_run(options, &built, &map);
    let summary = summary(&judged, &loaded, &built, &found, first_run);
    let stats = if options.stats { Stats::of(&loaded, &bodies) } else { Stats::default() };
    let contexts = packages::contexts(&prepared.discovered, sources);
    let program = (loaded.program, bodies);
    Ok(Checked { findings: judged.findings, contexts, summary, stages: clock.stages, stats, program })
}

fn prepare(options: &Options, sources: &mut SourceMap) -> Result<Prepared, Vec<Diagnostic>> {
    let (discovered, mut said) = workspace::discover(&options.request, sources)?;
    let notices = notices::load(options.notice.as_deref(), &options.request.cwd, &discovered, sources)?;
    let mut models = load::models(&discovered);
    notices::add_models(&notices, &mut models, sources)?;
    let registry: Vec<Known> = LINTS.iter().map(|lint| (lint.name, lint.group, lint.level)).collect();
    let manifests = discovered.packages.iter();
    let manifests: Vec<Manifests> =
        manifests.map(|p| Manifests { workspace: p.workspace_manifest, package: p.manifest }).collect();
    let (levels, of_levels) = Levels::build(&registry, &manifests, &options.levels, sources);
    if of_levels.iter().any(|one| one.level == Level::Error) {
        return Err(of_levels);
    }
    said.extend(of_levels);
    Ok(Prepared { discovered, notices, models, levels, said })
}

/// Types of all bodies, sorted by item.
fn infer(sema: &Sema<'_>) -> Vec<(GItem, Inference)> {
    let items = sema.program.with_bodies();
    let each = items.par_iter().filter_map(|item| {
        let body = sema.program.body(*item)?;
        Some((*item, types::infer(sema, *item, body)))
    });
    each.collect()
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
    DataMap {
        taxonomy: std::mem::take(&mut notices.taxonomy),
        notices: std::mem::take(&mut notices.list),
        packages: packages.in_map(),
        flows: std::mem::take(&mut found.flows),
        declarations: std::mem::take(&mut built.declarations),
        broken,
        diagnostics,
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
    let count = |level| judged.findings.iter().filter(|finding| finding.diagnostic.level == level).count();
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
        findings: [Level::Error, Level::Warning, Level::Note].map(|level| (level, count(level))).to_vec(),
        suppressed: judged.suppressed,
        in_baseline: 0,
        first_run,
    }
}

/// Measures stages that follow one another.
struct Clock {
    stages: Vec<(&'static str, Duration)>,
    since: Instant,
}

impl Clock {
    fn new() -> Self {
        Self { stages: Vec::new(), since: Instant::now() }
    }

    fn end(&mut self, stage: &'static str) {
        self.stages.push((stage, self.since.elapsed()));
        self.since = Instant::now();
    }

    /// Takes over stages that were measured where they ran.
    fn skip(&mut self, stages: &[(&'static str, Duration)]) {
        self.stages.extend_from_slice(stages);
        self.since = Instant::now();
    }
}
