//! `cargo privacy annotate`: turns what looks personal into annotations. What is proposed is first tried in memory: the
//! changed texts are analysed, an annotation that such a run does not find is taken back, and what the run finds is
//! compared with what it found before. Only then is a diff shown or anything written.
//!
//! # Forms
//! The default is `#[cfg_attr(any(), personal_data(…))]`. It compiles in any crate, on any toolchain, with no dependency,
//! no change of `Cargo.lock` and no network, it stands on fields, parameters, functions and `let` alike, and the compiler
//! takes it away before a derive or the type checker sees it. The derive needs a dependency that has to be fetched and
//! stands on fields only; entries of the notice leave the code alone, but move away from what they are about.

mod forms;
mod reject;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::dirty;
use crate::check::{self, Options, Outcome, Watch};
use crate::diagnostic::{Diagnostic, LabelKind};
use crate::edit;
use crate::emit::{count, say, shown};
use crate::label::Proposal;
use crate::notice::PathPattern;
use crate::recognise::Confidence;
use crate::source::{SourceMap, Span};
use crate::taxonomy::Unresolved;
use trial::{Added, Taken, Trial};

/// How many findings are named that a run would no longer find, or finds besides.
const LINES: usize = 10;

/// How an annotation is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// `#[cfg_attr(any(), personal_data(…))]`, which needs no crate.
    #[default]
    CfgAttr,
    /// `#[personal_data(…)]` on fields, with the derive and the dependency, which is given as in a manifest.
    Derive(String),
    /// `[[data]]` in `privacy-notice.toml`.
    Notice,
}

/// What is asked of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whether files are written.
    pub apply: bool,
    /// How sure a proposal must be. Where nothing is said: sure, or such that a finding rests on it, as the finding
    /// would otherwise vanish when the package carries its first annotation.
    pub confidence: Option<Confidence>,
    /// How annotations are written.
    pub form: Form,
    /// Only these categories and those below them.
    pub types: Vec<String>,
    /// Only places that these patterns name.
    pub paths: Vec<String>,
    /// A pattern of places that are not personal, with the reason.
    pub reject: Option<(String, String)>,
    /// Whether uncommitted changes are no obstacle.
    pub allow_dirty: bool,
}

/// Proposes, writes or rejects.
///
/// # Errors
/// Where a file or a stream cannot be written.
pub fn annotate(
    options: &Options,
    asked: &Asked,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let trial = check::in_pool(|| trial::run(options, asked, watch, &mut sources))?;
    watch.done();
    let done = match trial {
        Ok(trial) if asked.reject.is_some() => reject::write(options, asked, &trial.before, out),
        Ok(trial) => present(options, asked, &trial, &sources, out, log),
        Err(errors) => Err(Refusal::Asked(errors)),
    };
    match done {
        Ok(outcome) => Ok(outcome),
        Err(Refusal::Asked(errors)) => check::refuse(options, &sources, errors, out, log),
        Err(Refusal::Io(error)) => Err(error),
    }
}

/// Why nothing was done.
enum Refusal {
    /// It cannot be done as asked.
    Asked(Vec<Diagnostic>),
    /// A file or a stream.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The proposals that were asked for, each place once, in the order of files.
fn chosen(
    asked: &Asked,
    before: &check::Analysis,
    sources: &SourceMap,
) -> Result<Vec<Proposal>, Vec<Diagnostic>> {
    let taxonomy = &before.map.taxonomy;
    let mut errors = Vec::new();
    let mut types = Vec::new();
    for written in &asked.types {
        match taxonomy.resolve(written) {
            Ok(category) => types.push(category),
            Err(Unresolved::Ambiguous(near) | Unresolved::Unknown(near)) => {
                let message = format!("`{}` is no category", written.escape_debug());
                errors.push(Diagnostic::error(message, None).help(format!("there are {}", near.join(", "))));
            }
        }
    }
    let patterns = patterns(&asked.paths, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let rested_upon = rested_upon(before);
    let is_sure = |proposal: &Proposal| match asked.confidence {
        Some(confidence) => proposal.confidence >= confidence,
        None => proposal.confidence == Confidence::High || rested_upon.contains(&proposal.span),
    };
    let is_asked_for = |proposal: &&Proposal| {
        let of_type = |category: &_| taxonomy.is_within(proposal.category, *category);
        is_sure(proposal)
            && (types.is_empty() || types.iter().any(of_type))
            && (patterns.is_empty() || patterns.iter().any(|pattern| names(pattern, &proposal.path)))
    };
    let mut by_place: BTreeMap<(Span, &str), &Proposal> = BTreeMap::new();
    for proposal in before.proposals.iter().filter(is_asked_for) {
        let known = by_place.entry((proposal.span, &proposal.path)).or_insert(proposal);
        if proposal.confidence > known.confidence {
            *known = proposal;
        }
    }
    let mut chosen: Vec<Proposal> = by_place.into_values().cloned().collect();
    chosen.sort_by(|a, b| {
        let key = |proposal: &Proposal| (sources.path(proposal.span.file).to_path_buf(), proposal.span.lo);
        key(a).cmp(&key(b))
    });
    Ok(chosen)
}

/// The declarations that findings rest on.
fn rested_upon(before: &check::Analysis) -> BTreeSet<Span> {
    let labels = before.findings.iter().flat_map(|finding| &finding.diagnostic.labels);
    labels.filter(|label| label.kind == LabelKind::Declared).map(|label| label.span).collect()
}

fn patterns(written: &[String], errors: &mut Vec<Diagnostic>) -> Vec<PathPattern> {
    // A pattern from the command line stands in no file; nobody asks for its place.
    let nowhere = Span::new(crate::source::FileId(0), 0, 0);
    let mut all = Vec::new();
    for text in written {
        match PathPattern::parse(text, nowhere) {
            Ok(pattern) => all.push(pattern),
            Err(error) => {
                let message = format!("`{}` is not a path: {}", text.escape_debug(), error.why);
                errors.push(Diagnostic::error(message, None));
            }
        }
    }
    all
}

fn names(pattern: &PathPattern, path: &str) -> bool {
    let segments: Vec<&str> = path.split("::").collect();
    pattern.matches(&segments, segments.first().copied().unwrap_or_default())
}

fn present(
    options: &Options,
    asked: &Asked,
    trial: &Trial,
    sources: &SourceMap,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let files: Vec<(PathBuf, String)> =
        trial.texts.iter().map(|(path, text)| (path.clone(), text.to_string())).collect();
    if asked.apply && !files.is_empty() {
        if !asked.allow_dirty {
            dirty::refuse(&trial.before.discovered.root, &files).map_err(Refusal::Asked)?;
        }
        edit::write_all(&files)?;
    } else {
        for (path, text) in &files {
            let old = sources.iter().find(|(_, file)| file.path == *path).map(|(_, file)| &**file.text());
            let diff = edit::diff(&shown(path, &options.request.cwd), old, text);
            diff.lines().try_for_each(|line| say_exactly(out, line))?;
        }
    }
    out.flush()?;
    if !options.quiet {
        tell(asked, trial, files.len(), options.verbose, log)?;
        log.flush()?;
    }
    Ok(Outcome::Clean)
}

/// A line of a diff: what a terminal would obey is shown, and a tab stays one.
fn say_exactly(out: &mut dyn Write, line: &str) -> io::Result<()> {
    if line.contains('\t') {
        let parts: Vec<String> = line.split('\t').map(crate::emit::harmless).collect();
        return writeln!(out, "{}", parts.join("\t"));
    }
    say(out, line)
}

fn tell(asked: &Asked, trial: &Trial, files: usize, verbose: bool, log: &mut dyn Write) -> io::Result<()> {
    let places = count(trial.chosen.len(), "place", "places");
    let files = count(files, "file", "files");
    match (trial.chosen.len(), asked.apply) {
        (0, _) => say(log, "nothing to annotate")?,
        (_, true) => say(log, &format!("annotated {places} in {files}"))?,
        (_, false) => say(log, &format!("would annotate {places} in {files} (`--apply` writes)"))?,
    }
    by_type(trial, log)?;
    if verbose {
        let each = trial.chosen.iter().map(|proposal| format!("  {}: {}", proposal.path, proposal.evidence));
        each.into_iter().try_for_each(|line| say(log, &line))?;
    }
    let unsure = trial.chosen.iter().filter(|proposal| proposal.confidence < Confidence::High).count();
    if asked.confidence.is_none() && unsure > 0 {
        let why =
            "of less than high confidence, as findings rest on them (`--confidence high` leaves them out)";
        say(log, &format!("of these, {unsure} {why}"))?;
    }
    for (why, paths) in trial.left_out() {
        say(log, &format!("left out: {}, {why}", count(paths.len(), "place", "places")))?;
        if verbose {
            paths.iter().try_for_each(|path| say(log, &format!("  {path}")))?;
        }
    }
    if let Some(taken) = &trial.taken {
        compared(taken, log)?;
    }
    for (confidence, word) in [(Confidence::Medium, "medium"), (Confidence::Low, "low")] {
        let is_less = |proposal: &&Proposal| {
            let is_chosen = || trial.chosen.iter().any(|chosen| chosen.span == proposal.span);
            let is_asked_for = asked.confidence.is_some_and(|asked| proposal.confidence >= asked);
            proposal.confidence == confidence && !is_asked_for && !is_chosen()
        };
        if let n @ 1.. = trial.before.proposals.iter().filter(is_less).count() {
            let proposals = count(n, "place", "places");
            say(log, &format!("not asked for: {proposals} of {word} confidence (`--confidence {word}`)"))?;
        }
    }
    if trial.chosen.is_empty() {
        return Ok(());
    }
    say(
        log,
        "what is none: `cargo privacy annotate --reject PATH --reason \"…\"`, and it is not proposed again",
    )
}

fn by_type(trial: &Trial, log: &mut dyn Write) -> io::Result<()> {
    let taxonomy = &trial.before.map.taxonomy;
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for proposal in &trial.chosen {
        *types.entry(&taxonomy.get(proposal.category).key).or_default() += 1;
    }
    types.iter().try_for_each(|(key, number)| say(log, &format!("  {number:>5}  {key}")))
}

/// Whether a run over the annotated code finds what was found before, and where not, why.
fn compared(taken: &Taken, log: &mut dyn Write) -> io::Result<()> {
    let all = count(taken.after, "finding", "findings");
    if taken.lost.is_empty() && taken.new.is_empty() {
        return say(log, &format!("a run over the annotated code finds the same {all}"));
    }
    let (lost, new) = (taken.lost.values().sum::<usize>(), taken.new.len());
    say(log, &format!("a run over the annotated code finds {all}: {lost} fewer and {new} more than before"))?;
    if lost > 0 {
        let why =
            "what is fewer rests on places that merely look personal: they no longer count in a package that";
        say(log, why)?;
        say(log, "carries annotations (annotate them too, or count them by `--inferred yes`):")?;
        let lines = taken.lost.iter().map(|(line, number)| format!("{number:>5}  {line}"));
        some(lines.collect(), log)?;
    }
    more(taken, log)
}

/// What is found besides, by why it was not found before.
fn more(taken: &Taken, log: &mut dyn Write) -> io::Result<()> {
    if taken.new.is_empty() {
        return Ok(());
    }
    say(
        log,
        "what is more was there before: where data goes that merely looks personal is reported only where its way is",
    )?;
    say(log, "sure, as two guesses make no finding; data that somebody annotated is followed everywhere")?;
    let (guessed, rest): (Vec<&Added>, Vec<&Added>) =
        taken.new.iter().partition(|added| !added.rests_on.is_empty());
    let (seldom, uncounted): (Vec<&Added>, Vec<&Added>) = rest.into_iter().partition(|added| added.counted);
    let groups = [
        ("through calls, macros and paths that could not be resolved", guessed),
        ("in values that hold it as one of many kinds or parts", seldom),
        ("of places that did not count before", uncounted),
    ];
    for (what, added) in groups.into_iter().filter(|(_, added)| !added.is_empty()) {
        say(log, &format!("{} {what}:", added.len()))?;
        some(added.into_iter().map(|one| one.line.clone() + &approximations(one)).collect(), log)?;
    }
    say(log, "`cargo privacy baseline` records them, so that only what comes after fails")
}

fn approximations(added: &Added) -> String {
    let names: Vec<&str> = added.rests_on.iter().copied().collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// The first lines of a list, and how many there are besides.
fn some(lines: Vec<String>, log: &mut dyn Write) -> io::Result<()> {
    lines.iter().take(LINES).try_for_each(|line| say(log, &format!("  {line}")))?;
    match lines.len().saturating_sub(LINES) {
        0 => Ok(()),
        more => say(log, &format!("         and {more} more")),
    }
}

/// Texts by path.
type Texts = BTreeMap<PathBuf, Arc<str>>;
