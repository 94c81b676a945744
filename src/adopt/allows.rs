//! `cargo privacy explain --allows`: everything that keeps a finding from being reported, where it stands, what it covers
//! and why it is said to be right. Changes nothing.

use std::io::{self, Write};

use super::analysed;
use crate::check::{Analysis, Options, Outcome, Watch};
use crate::config::Provenance;
use crate::emit::{count, located, say, shown};
use crate::lints::{LINTS, LintLevel};
use crate::source::{SourceMap, Span};

/// One suppression as it is listed.
struct Listed {
    /// Where.
    span: Span,
    /// What it says: `allow(personal_data_in_logs)`.
    says: String,
    /// What it does: `covers 2 findings`.
    does: String,
    /// Why.
    reason: Option<String>,
}

/// Lists suppressions.
///
/// # Errors
/// Where a stream cannot be written.
pub fn allows(
    options: &Options,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let mut analysis = match analysed(options, watch, &mut sources, out, log)? {
        Ok(analysis) => analysis,
        Err(outcome) => return Ok(outcome),
    };
    analysis.known();
    let listed = listed(&analysis, &sources);
    let cwd = &options.request.cwd;
    for one in &listed {
        say(out, &format!("{}: {}: {}", located(&sources, one.span, cwd), one.says, one.does))?;
        match &one.reason {
            Some(reason) => say(out, &format!("    reason: {reason}"))?,
            None => say(out, "    no reason given")?,
        }
    }
    if let Some(baseline) = &analysis.baseline {
        let found: usize = baseline.len();
        let path = shown(&analysis.place.path, cwd);
        say(
            out,
            &format!("{path}: holds {}, {} gone", count(found, "entry", "entries"), analysis.gone.len()),
        )?;
    }
    let silent = listed.iter().filter(|one| one.reason.is_none()).count();
    say(out, &format!("{}, {silent} without a reason", count(listed.len(), "suppression", "suppressions")))?;
    out.flush()?;
    Ok(Outcome::Clean)
}

/// In the order of files and places.
fn listed(analysis: &Analysis, sources: &SourceMap) -> Vec<Listed> {
    let mut all: Vec<Listed> = in_code(analysis).chain(in_manifests(analysis)).collect();
    all.sort_by_key(|one| (sources.path(one.span.file).to_path_buf(), one.span.lo));
    all.dedup_by(|a, b| (a.span, &a.says, &a.does) == (b.span, &b.says, &b.does));
    all
}

/// Comments and attributes.
fn in_code(analysis: &Analysis) -> impl Iterator<Item = Listed> + '_ {
    analysis.allows.iter().map(|(allow, covered)| {
        let names: Vec<&str> = allow.lints.iter().map(|one| one.name.as_str()).collect();
        let does = match covered.iter().sum() {
            0 => "covers nothing".to_owned(),
            n => format!("covers {}", count(n, "finding", "findings")),
        };
        let reason = allow.reason.clone().filter(|reason| !reason.trim().is_empty());
        Listed { span: allow.at, says: format!("allow({})", names.join(", ")), does, reason }
    })
}

/// Levels that manifests lower.
fn in_manifests(analysis: &Analysis) -> impl Iterator<Item = Listed> + '_ {
    let packages = analysis.discovered.packages.iter().enumerate().filter(|(_, package)| package.selected);
    packages.flat_map(move |(at, _)| {
        LINTS.iter().filter_map(move |lint| {
            let (level, provenance) = analysis.levels.of(at, lint.name);
            let Provenance::Manifest { span, name } = provenance else { return None };
            let is_lowered = level < lint.level;
            let does = match level {
                LintLevel::Allow => format!("turns off `{}`", lint.name),
                level => format!("lowers `{}` from {} to {}", lint.name, lint.level.name(), level.name()),
            };
            is_lowered.then(|| Listed {
                span,
                says: format!("{name} = {:?}", level.name()),
                does,
                reason: None,
            })
        })
    })
}
