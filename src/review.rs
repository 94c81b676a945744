//! The notice checked by itself: what is wrong with it, how one version differs from another, which of its promises are
//! checked by what. Finds and reads notices; looks at code only to say what covers a promise.

mod coverage;
mod diff;
mod lint;
mod remarks;
mod sections;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::check::{self, Outcome, packages};
use crate::config::{Known, LevelFlag, Levels, Manifests};
use crate::datamap::PackageId;
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::{Emission, Finding, Format};
use crate::lints::LINTS;
use crate::source::SourceMap;

/// What is asked.
#[derive(Clone, Debug)]
pub enum Ask {
    /// What is wrong with the notice.
    Lint,
    /// What a later version permits that an earlier one did not.
    Diff {
        /// A file, a folder, a revision, or `revision:path`.
        old: String,
        /// The same; the notice as it is now where nothing is named.
        new: Option<String>,
    },
    /// Which promise is checked by what, in the code of this run.
    Coverage(Box<check::Options>),
}

/// How it is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// What for.
    pub ask: Ask,
    /// The notice; otherwise the nearest from the current directory upwards.
    pub notice: Option<PathBuf>,
    /// Where it is asked.
    pub cwd: PathBuf,
    /// Lint levels from the command line.
    pub levels: Vec<LevelFlag>,
    /// How findings are written.
    pub format: Format,
    /// How many of them the human format prints.
    pub max: usize,
    /// Whether they are coloured.
    pub color: bool,
}

/// Runs: findings and tables to `out`, errors for people to `log`.
///
/// # Errors
/// Where a stream cannot be written.
pub fn run(
    options: &Options,
    watch: &dyn check::Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let done = match &options.ask {
        Ask::Lint => lint::run(options, &mut sources, out)?,
        Ask::Diff { old, new } => diff::run(options, (old, new.as_deref()), &mut sources, out)?,
        Ask::Coverage(check) => coverage::run(options, check, watch, &mut sources, out)?,
    };
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(errors) => {
            let stream: &mut dyn Write = if options.format.is_for_programs() { out } else { log };
            write(options, &sources, errors.into_iter().map(plain).collect(), stream)?;
            Outcome::Unusable
        }
    };
    out.flush()?;
    log.flush()?;
    Ok(outcome)
}

/// What a command comes to: how it ended, or why it could not be done.
type Done = Result<Outcome, Vec<Diagnostic>>;

/// The notice that is meant.
fn notice_path(options: &Options) -> Result<PathBuf, Vec<Diagnostic>> {
    if let Some(path) = &options.notice {
        return Ok(options.cwd.join(path));
    }
    check::notices::above(&options.cwd).ok_or_else(|| {
        let message = format!("there is no `{}` here or above", check::notices::FILE);
        vec![Diagnostic::error(message, None).help("name one with `--notice FILE`")]
    })
}

/// Findings at their levels, those left out that are off.
fn leveled(
    options: &Options,
    found: Vec<Diagnostic>,
    sources: &SourceMap,
) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let registry: Vec<Known> = LINTS.iter().map(|lint| (lint.name, lint.group, lint.level)).collect();
    let (levels, said) = Levels::build(&registry, &[Manifests::default()], &options.levels, sources);
    if said.iter().any(|one| one.level == Level::Error) {
        return Err(said);
    }
    let finding = |mut diagnostic: Diagnostic| {
        let Some(lint) = diagnostic.lint else { return Some(plain(diagnostic)) };
        let (level, provenance) = levels.of(0, lint);
        diagnostic.level = level.diagnostic()?;
        Some(Finding { diagnostic, provenance: Some(provenance.note(lint, level)), package: PackageId(0) })
    };
    Ok(found.into_iter().filter_map(finding).collect())
}

fn plain(diagnostic: Diagnostic) -> Finding {
    Finding { diagnostic, provenance: None, package: PackageId(0) }
}

/// Writes findings and says how that ends.
fn write(
    options: &Options,
    sources: &SourceMap,
    findings: Vec<Finding>,
    out: &mut dyn Write,
) -> io::Result<Outcome> {
    let is_denied = findings.iter().any(|finding| finding.diagnostic.level == Level::Error);
    let outcome = if is_denied { Outcome::Denied } else { Outcome::Clean };
    let packages = [packages::no_package(&options.cwd)];
    let emission = Emission {
        sources,
        findings: &findings,
        packages: &packages,
        cwd: &options.cwd,
        max: options.max,
        color: options.color,
        success: !is_denied,
    };
    emission.write(options.format, out)?;
    Ok(outcome)
}
