//! `cargo privacy baseline`: records today's findings, or takes out of the record what no longer occurs. Knows what a
//! run found, not how.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::analysed;
use crate::baseline::{Baseline, Gone, Sighting};
use crate::check::{Analysis, Options, Outcome, Watch};
use crate::edit;
use crate::emit::{count, say, shown};
use crate::source::SourceMap;

/// How a baseline is brought up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Record {
    /// All of today's findings.
    Anew,
    /// Only what is gone is taken out.
    Prune,
}

/// Records.
///
/// # Errors
/// Where the file or a stream cannot be written.
pub fn record(
    options: &Options,
    how: Record,
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
    let seen: Vec<Sighting> = analysis.sightings.iter().flatten().cloned().collect();
    let before = analysis.baseline.clone();
    let mut baseline = before.clone().unwrap_or_default();
    match how {
        Record::Anew => baseline.update(Baseline::of(&seen), |name| {
            before.as_ref().is_none_or(|before| analysis.covers(before, name))
        }),
        Record::Prune => baseline.prune(&analysis.gone, &seen),
    }
    let path = &analysis.place.path;
    let text = baseline.render();
    if how == Record::Anew || before.as_ref() != Some(&baseline) {
        edit::write_all(&[(path.clone(), text)])?;
    }
    tell(options, how, &analysis, path, out)?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn tell(
    options: &Options,
    how: Record,
    analysis: &Analysis,
    path: &Path,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = shown(path, &options.request.cwd);
    let gone: usize = analysis.gone.iter().map(|gone| gone.count).sum();
    if how == Record::Anew {
        let found = analysis.sightings.iter().flatten().count();
        say(out, &format!("recorded {} in `{shown}`", count(found, "finding", "findings")))?;
        counts(analysis, out)?;
    }
    if gone > 0 {
        say(
            out,
            &format!(
                "{} no longer occur and were taken out of `{shown}`:",
                count(gone, "finding", "findings")
            ),
        )?;
        analysis.gone.iter().try_for_each(|gone| say(out, &format!("  {}", line(gone))))?;
    } else if how == Record::Prune && analysis.summary.unparsed_files > 0 {
        say(out, "not every file could be read, so nothing was taken out")?;
    } else if how == Record::Prune {
        say(out, &format!("everything in `{shown}` still occurs"))?;
    }
    if how == Record::Anew {
        say(out, "from now on `cargo privacy check` fails on new findings only")?;
    }
    Ok(())
}

/// How many findings there are of each lint, and in each crate.
fn counts(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let (mut lints, mut crates): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
    for sighting in analysis.sightings.iter().flatten() {
        *crates.entry(&sighting.section).or_default() += 1;
        if let Some(key) = sighting.keys.first() {
            *lints.entry(&key.lint).or_default() += 1;
        }
    }
    for (what, counts) in [("by lint", lints), ("by crate", crates)] {
        let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
        sorted.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
        if !sorted.is_empty() {
            say(out, &format!("{what}:"))?;
        }
        sorted.iter().try_for_each(|(name, n)| say(out, &format!("  {n:>5}  {name}")))?;
    }
    Ok(())
}

fn line(gone: &Gone) -> String {
    let key = &gone.key;
    let mut line = format!("{} in `{}`", key.lint, key.item);
    if !key.category.is_empty() {
        line = format!("{line}: {}", key.category);
    }
    if !key.recipient.is_empty() {
        line = format!("{line} to `{}`", key.recipient);
    }
    if gone.count > 1 { format!("{line}, {} times", gone.count) } else { line }
}
