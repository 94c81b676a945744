//! What a run prints, and where: findings to one stream, everything about the run to the other. Decides the outcome and
//! nothing else.

use std::io::{self, Write};

use super::{Analysis, Options, Outcome, overview, packages};
use crate::datamap::PackageId;
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::{DEFAULT_MAX, Emission, Finding, Format, PackageContext};
use crate::source::SourceMap;

/// Whether a first run shows what there is, beside findings.
pub(super) fn may_show_around(options: &Options) -> bool {
    options.format == Format::Human && !options.quiet
}

/// Prints a run that was done.
pub(super) fn report(
    options: &Options,
    sources: &SourceMap,
    checked: &Analysis,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let is_denied = checked.findings.iter().any(|finding| finding.diagnostic.level == Level::Error);
    let outcome = if is_denied && !checked.summary.first_run { Outcome::Denied } else { Outcome::Clean };
    let success = outcome == Outcome::Clean;
    let is_shown_around = checked.summary.first_run && may_show_around(options);
    if is_shown_around && options.max.is_none() {
        let (findings, max) = overview::most_important(&checked.findings);
        let emission = emission(options, sources, &findings, &checked.contexts, success);
        Emission { max, ..emission }.write(options.format, out)?;
    } else {
        emission(options, sources, &checked.findings, &checked.contexts, success)
            .write(options.format, out)?;
    }
    if is_shown_around {
        overview::write(options, checked, sources, out)?;
    }
    out.flush()?;
    if options.stats {
        checked.stats.write(log)?;
    }
    if options.verbose {
        for (stage, time) in &checked.stages {
            writeln!(log, "{stage:>10} {:7.3} s", time.as_secs_f64())?;
        }
        if checked.signatures.libraries > 0 {
            writeln!(log, "{}", checked.signatures)?;
        }
    }
    if !options.quiet {
        checked.summary.write(log)?;
    }
    log.flush()?;
    Ok(outcome)
}

/// Prints why a run could not be done: for programs among the findings, for people beside them.
pub(crate) fn refuse(
    options: &Options,
    sources: &SourceMap,
    errors: Vec<Diagnostic>,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let finding = |diagnostic| Finding { diagnostic, provenance: None, package: PackageId(0) };
    let errors: Vec<Finding> = errors.into_iter().map(finding).collect();
    let contexts = [packages::no_package(&options.request.cwd)];
    let stream: &mut dyn Write = if options.format.is_for_programs() { out } else { log };
    emission(options, sources, &errors, &contexts, false).write(options.format, stream)?;
    stream.flush()?;
    Ok(Outcome::Unusable)
}

fn emission<'a>(
    options: &'a Options,
    sources: &'a SourceMap,
    findings: &'a [Finding],
    packages: &'a [PackageContext],
    success: bool,
) -> Emission<'a> {
    Emission {
        sources,
        findings,
        packages,
        cwd: &options.request.cwd,
        max: options.max.unwrap_or(DEFAULT_MAX),
        color: options.color,
        success,
    }
}
