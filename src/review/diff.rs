//! `notice diff`: two versions, each a file or the notice at a git revision. Needs no package and resolves no path of the
//! code.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Done, Options, leveled, notice_path, table, write};
use crate::check::notices::{self, Version};
use crate::diagnostic::Diagnostic;
use crate::emit::Format;
use crate::git;
use crate::judge::change::{self, Change};
use crate::lints;
use crate::source::SourceMap;

/// Where a version is.
enum Place {
    File(PathBuf),
    /// A revision, and the notice's path from the current directory.
    Revision(String, PathBuf),
}

pub(super) fn run(
    options: &Options,
    (old, new): (&str, Option<&str>),
    sources: &mut SourceMap,
    out: &mut dyn Write,
) -> io::Result<Done> {
    let changes = match compare(options, old, new, sources) {
        Ok(changes) => changes,
        Err(errors) => return Ok(Err(errors)),
    };
    let found = changes.iter().filter_map(lints::weakened).collect();
    let findings = match leveled(options, found, sources) {
        Ok(findings) => findings,
        Err(errors) => return Ok(Err(errors)),
    };
    if options.format == Format::Human {
        show(&changes, out)?;
    }
    write(options, sources, findings, out).map(Ok)
}

fn compare(
    options: &Options,
    old: &str,
    new: Option<&str>,
    sources: &mut SourceMap,
) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let new = match new {
        Some(new) => place(options, new)?,
        None => Place::File(notice_path(options)?),
    };
    let old = place(options, old)?;
    let (old, new) = (load(options, &old, sources)?, load(options, &new, sources)?);
    Ok(change::changes(old.compared(), new.compared()))
}

/// What exists is a file or the folder of one; all else is a revision, alone or with a path.
fn place(options: &Options, written: &str) -> Result<Place, Vec<Diagnostic>> {
    let path = options.cwd.join(written);
    if path.is_file() {
        return Ok(Place::File(path));
    }
    if path.is_dir() {
        return Ok(Place::File(path.join(notices::FILE)));
    }
    if let Some((revision, path)) = written.split_once(':') {
        return Ok(Place::Revision(revision.to_owned(), PathBuf::from(path)));
    }
    let notice = notice_path(options)?;
    let from_here = relative(&options.cwd, &notice);
    Ok(Place::Revision(written.to_owned(), from_here))
}

/// A path from a directory, upwards where it has to be.
fn relative(dir: &Path, path: &Path) -> PathBuf {
    let common = dir.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().skip(common).map(|_| "..");
    up.collect::<PathBuf>().join(path.components().skip(common).collect::<PathBuf>())
}

fn load(options: &Options, place: &Place, sources: &mut SourceMap) -> Result<Version, Vec<Diagnostic>> {
    match place {
        Place::File(path) => notices::version(path, sources, &mut notices::read),
        Place::Revision(revision, path) => {
            // In angle brackets, as it is no file that could be opened.
            let label = format!("<{revision}>/");
            let shown = PathBuf::from(format!("{label}{}", path.display()));
            let mut read = |wanted: &Path| {
                let wanted = wanted.to_string_lossy();
                let inside = wanted.strip_prefix(&label).unwrap_or(&wanted);
                let text = git::text_at(&options.cwd, revision, Path::new(inside));
                let words = |errors: Vec<Diagnostic>| {
                    errors.into_iter().map(|error| error.message).collect::<String>()
                };
                text.map_err(|errors| io::Error::other(words(errors)))
            };
            notices::version(&shown, sources, &mut read)
        }
    }
}

fn show(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return writeln!(out, "nothing is newly permitted, and nothing is asked less than before");
    }
    let rows: Vec<[String; 6]> = changes.iter().map(row).collect();
    table::write(["DATA", "RECIPIENT", "PURPOSE", "BEFORE", "NOW", ""], &rows, out)?;
    writeln!(out)
}

fn row(change: &Change) -> [String; 6] {
    let verdict = match &change.consent {
        Some(choice) => format!("asked anew: `{choice}`"),
        None => "weakened".to_owned(),
    };
    [
        lints::keys_listed(&change.data),
        change.whom.clone(),
        change.purpose.clone().unwrap_or_default(),
        change.before.clone(),
        change.after.clone(),
        verdict,
    ]
}
