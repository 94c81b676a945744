//! `cargo privacy check --fix`: what mends findings is tried in memory, and written where a run over the changed texts no
//! longer finds them and finds nothing else. Edits come with the findings; none is made here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{dirty, unread};
use crate::baseline::{Key, Sighting};
use crate::check::{self, Analysis, Options, Outcome, Watch};
use crate::diagnostic::{Diagnostic, Fix};
use crate::edit;
use crate::emit::{count, located, say};
use crate::source::{SourceMap, Span};

/// How often what did not help is taken back before all the rest is.
const ROUNDS: usize = 4;

/// Texts by path.
type Texts = BTreeMap<PathBuf, Arc<str>>;
/// How often each key was seen, by package.
type Seen<'a> = BTreeMap<(&'a str, &'a Key), usize>;

/// Writes fixes; `None` where they are done and the rest is to be reported.
///
/// # Errors
/// Where a file or a stream cannot be written.
pub fn fix(
    options: &Options,
    allow_dirty: bool,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Option<Outcome>> {
    let mut sources = SourceMap::default();
    let trial = check::in_pool(|| run(options, watch, &mut sources))?;
    watch.done();
    let refuse = |errors, out: &mut dyn Write, log: &mut dyn Write| {
        check::refuse(options, &sources, errors, out, log).map(Some)
    };
    let trial = match trial {
        Ok(trial) => trial,
        Err(errors) => return refuse(errors, out, log),
    };
    let files: Vec<(PathBuf, String)> =
        trial.texts.iter().map(|(path, text)| (path.clone(), text.to_string())).collect();
    if !files.is_empty() {
        if !allow_dirty && let Err(errors) = dirty::refuse(&trial.before.discovered.root, &files) {
            return refuse(errors, out, log);
        }
        edit::write_all(&files)?;
    }
    if !options.quiet {
        tell(options, &trial, &sources, files.len(), log)?;
        log.flush()?;
    }
    Ok(None)
}

/// What came of trying.
struct Trial {
    before: Analysis,
    /// Findings by their number, with the fix that is written.
    chosen: Vec<(usize, Fix)>,
    /// Findings whose fix is not, and why.
    left_out: BTreeMap<usize, &'static str>,
    texts: Texts,
}

fn run(options: &Options, watch: &dyn Watch, sources: &mut SourceMap) -> Result<Trial, Vec<Diagnostic>> {
    let mut before = check::analyse(options, watch, sources, &Texts::new())?;
    let is_news = check::kept(options, watch, &mut before, sources)?;
    let mut trial = Trial { before, chosen: Vec::new(), left_out: BTreeMap::new(), texts: Texts::new() };
    choose(&mut trial, &is_news);
    for round in 0..=ROUNDS {
        trial.texts = texts(&trial.chosen, sources);
        if trial.chosen.is_empty() {
            break;
        }
        let mut changed = SourceMap::default();
        let after = check::analyse(options, watch, &mut changed, &trial.texts)?;
        let useless = useless(&trial, &after, sources, &changed);
        if useless.is_empty() {
            break;
        }
        let is_last = round == ROUNDS;
        trial.chosen.retain(|(finding, _)| {
            let keeps = !is_last && !useless.contains(finding);
            if !keeps {
                trial.left_out.insert(*finding, "as a run over the changed code would still find something");
            }
            keeps
        });
    }
    trial.texts = texts(&trial.chosen, sources);
    Ok(trial)
}

/// The fixes that are sure, those that share no place with one before them.
fn choose(trial: &mut Trial, is_news: &[bool]) {
    let mut taken: BTreeMap<Span, (usize, Fix)> = BTreeMap::new();
    let news = trial.before.findings.iter().enumerate().zip(is_news).filter(|(_, is_news)| **is_news);
    for ((at, finding), _) in news {
        let Some(fix) = finding.diagnostic.fixes.iter().find(|fix| fix.machine_applicable) else { continue };
        // One edit may mend several findings, such as those of several lints at one call.
        let is_same = taken.values().any(|(_, known)| known.edits == fix.edits);
        let overlaps = |span: &Span| taken.keys().any(|other| overlap(*span, *other));
        if !is_same && fix.edits.iter().any(|(span, _)| overlaps(span)) {
            trial.left_out.insert(at, "as another fix changes the same place (run again)");
            continue;
        }
        if !is_same {
            taken.extend(fix.edits.iter().map(|(span, _)| (*span, (at, fix.clone()))));
        }
        trial.chosen.push((at, fix.clone()));
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.lo <= b.hi && b.lo <= a.hi
}

fn texts(chosen: &[(usize, Fix)], sources: &SourceMap) -> Texts {
    let edits: BTreeSet<(Span, &String)> =
        chosen.iter().flat_map(|(_, fix)| &fix.edits).map(|(span, new)| (*span, new)).collect();
    let mut by_file: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (span, new) in edits {
        by_file.entry(span.file).or_default().push((span.range(), new.clone()));
    }
    let each = by_file.into_iter().map(|(file, edits)| {
        let file = sources.file(file);
        (file.path.clone(), Arc::from(edit::apply(file.text(), &edits)))
    });
    each.collect()
}

/// The findings whose fix does not make them go, or brings something up: all of a file that can no longer be read.
fn useless(trial: &Trial, after: &Analysis, sources: &SourceMap, changed: &SourceMap) -> BTreeSet<usize> {
    let (was, is) = (seen(&trial.before.sightings), seen(&after.sightings));
    let mut mended: Seen<'_> = BTreeMap::new();
    for (at, _) in &trial.chosen {
        trial.before.sightings[*at].iter().for_each(|sighting| add(&mut mended, sighting));
    }
    let number = |of: &Seen<'_>, key: (&str, &Key)| of.get(&key).copied().unwrap_or_default();
    let is_left = |key: (&str, &Key)| number(&is, key) + number(&mended, key) > number(&was, key);
    let (readable, now) = (unread(&trial.before, sources), unread(after, changed));
    let is_broken = |path: &Path| now.get(path) > readable.get(path);
    let is_useless = |(at, fix): &&(usize, Fix)| {
        let sighting = trial.before.sightings[*at].as_ref();
        let keys = sighting.iter().flat_map(|s| s.keys.iter().map(|key| (s.section.as_str(), key)));
        keys.into_iter().any(is_left) || fix.edits.iter().any(|(span, _)| is_broken(sources.path(span.file)))
    };
    trial.chosen.iter().filter(is_useless).map(|(at, _)| *at).collect()
}

fn seen(sightings: &[Option<Sighting>]) -> Seen<'_> {
    let mut all = BTreeMap::new();
    sightings.iter().flatten().for_each(|sighting| add(&mut all, sighting));
    all
}

fn add<'a>(seen: &mut Seen<'a>, sighting: &'a Sighting) {
    for key in &sighting.keys {
        *seen.entry((sighting.section.as_str(), key)).or_default() += 1;
    }
}

fn tell(
    options: &Options,
    trial: &Trial,
    sources: &SourceMap,
    files: usize,
    log: &mut dyn Write,
) -> io::Result<()> {
    let place = |at: usize| {
        let primary = trial.before.findings[at].diagnostic.primary;
        primary.map_or_else(String::new, |span| located(sources, span, &options.request.cwd))
    };
    let mut said = BTreeSet::new();
    for (at, fix) in &trial.chosen {
        let line = format!("fixed: {}: {}", place(*at), fix.title);
        if said.insert(line.clone()) {
            say(log, &line)?;
        }
    }
    for (at, why) in &trial.left_out {
        say(log, &format!("not fixed: {}: {why}", place(*at)))?;
    }
    let findings = count(trial.chosen.len(), "finding", "findings");
    say(log, &format!("fixed {findings} in {}", count(files, "file", "files")))
}
