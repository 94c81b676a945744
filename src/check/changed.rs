//! Findings that a change has to answer for: those whose flow touches a changed line, and those that the revision did not
//! have, for whatever reason (a line taken away, another notice, another level). For the second question the revision is
//! analysed as it was, in a folder of its own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::{Analysis, Options, Overlay, Watch, analyse};
use crate::baseline::{Baseline, Sighting};
use crate::diagnostic::Diagnostic;
use crate::git::{Lines, Repository};
use crate::source::{SourceMap, Span};

/// For each finding whether it is to be reported.
pub(super) fn news(
    options: &Options,
    watch: &dyn Watch,
    revision: &str,
    analysis: &Analysis,
    sources: &SourceMap,
) -> Result<Vec<bool>, Vec<Diagnostic>> {
    let root = &analysis.discovered.root;
    let repository = Repository::around(root).ok_or_else(|| vec![no_repository(root)])?;
    let commit = repository.commit(revision)?;
    let changed = repository.changed_since(&commit)?;
    if changed.is_empty() {
        return Ok(vec![false; analysis.findings.len()]);
    }
    let touched = Touched { changed, sources };
    let before = before(options, watch, &repository, &commit, sources)?;
    let seen: Vec<Sighting> = analysis.sightings.iter().flatten().cloned().collect();
    let mut known = before.known(&seen).into_iter();
    let each = analysis.findings.iter().zip(&analysis.sightings).map(|(finding, sighting)| {
        let is_new = sighting.is_some() && !known.next().unwrap_or(true);
        is_new || touched.by(&finding.diagnostic)
    });
    Ok(each.collect())
}

fn no_repository(root: &Path) -> Diagnostic {
    let root = root.display();
    let message =
        format!("`--changed-since` needs a git repository that `git` can read, and `{root}` is in none");
    Diagnostic::error(message, None).help("without one, `--baseline` reports what is new")
}

/// The lines that changed.
struct Touched<'a> {
    changed: BTreeMap<PathBuf, Lines>,
    sources: &'a SourceMap,
}

impl Touched<'_> {
    /// Whether anything that a finding points at or rests on stands on a changed line.
    fn by(&self, diagnostic: &Diagnostic) -> bool {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        let way = diagnostic.way.iter().copied();
        diagnostic.primary.into_iter().chain(labels).chain(way).any(|span| self.at(span))
    }

    fn at(&self, span: Span) -> bool {
        let file = self.sources.file(span.file);
        let Some(lines) = self.lines(&file.path) else { return false };
        let line = |byte| file.line_of(byte) as u32 + 1;
        lines.touch(&(line(span.lo)..=line(span.hi.saturating_sub(1).max(span.lo))))
    }

    /// git names files by their real paths.
    fn lines(&self, path: &Path) -> Option<&Lines> {
        self.changed.get(path).or_else(|| self.changed.get(&std::fs::canonicalize(path).ok()?))
    }
}

/// What a run at the revision finds.
fn before(
    options: &Options,
    watch: &dyn Watch,
    repository: &Repository,
    commit: &str,
    sources: &SourceMap,
) -> Result<Baseline, Vec<Diagnostic>> {
    let failed = |error: io::Error| {
        vec![Diagnostic::error(format!("the revision cannot be laid out to be read: {error}"), None)]
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    // A folder without a manifest is a package of its name.
    let name = repository.root().file_name().unwrap_or(OsStr::new("root"));
    let root = folder.path().join(name);
    let wanted = |path: &Path| is_read(path, repository, sources);
    let files = repository.files_at(commit, wanted)?;
    lay_out(&root, files).map_err(failed)?;
    let Some(options) = moved(options, repository.root(), &root) else { return Ok(Baseline::default()) };
    // What was not there then, or could not be read, held no finding.
    let analysis = analyse(&options, watch, &mut SourceMap::default(), &Overlay::new());
    let seen = analysis.map(|analysis| analysis.sightings.into_iter().flatten().collect::<Vec<_>>());
    Ok(Baseline::of(&seen.unwrap_or_default()))
}

/// Whether a run would read a file: Rust, manifests, models and notices by their endings, what git ignores, and whatever
/// else this run has read (the published prose).
fn is_read(path: &Path, repository: &Repository, sources: &SourceMap) -> bool {
    let by_ending = path.extension().is_some_and(|ending| ending == "rs" || ending == "toml");
    let by_name = path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
    by_ending || by_name || {
        let whole = repository.root().join(path);
        sources.iter().any(|(_, file)| file.path == whole)
    }
}

fn lay_out(root: &Path, files: Vec<(PathBuf, Vec<u8>)>) -> io::Result<()> {
    std::fs::create_dir_all(root)?;
    for (path, bytes) in files {
        let path = root.join(path);
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

/// The same run in another folder; none where it is not in the repository.
fn moved(options: &Options, from: &Path, to: &Path) -> Option<Options> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let from = real(from);
    let cwd = to.join(real(&options.request.cwd).strip_prefix(&from).ok()?);
    let path = |path: &PathBuf| match real(path).strip_prefix(&from) {
        Ok(below) if path.is_absolute() => to.join(below),
        _ => path.clone(),
    };
    let mut moved = options.clone();
    moved.request.paths = options.request.paths.iter().map(path).collect();
    moved.request.manifest_path = options.request.manifest_path.as_ref().map(path);
    moved.notice = options.notice.as_ref().map(path);
    moved.baseline = super::BaselineUse::Off;
    moved.request.cwd = cwd;
    Some(moved)
}
