//! The one walk over directories: which Rust files a package holds, which manifests lie below a folder. Skips what is
//! built, hidden, git-ignored or vendored; reads no file but cargo's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::manifest_text::Document;
use crate::source::FileId;

/// A Rust file and the index of the directory it was found for.
pub(super) type Found = (PathBuf, usize);

/// The names of the folders of a package that hold test code.
pub(super) const TEST_FOLDERS: [&str; 3] = ["tests", "benches", "examples"];

/// The Rust files of each of these directories, sorted by path, those of packages further down left out.
pub(super) fn rust_files(dirs: &BTreeMap<PathBuf, usize>, tests: bool) -> Vec<Found> {
    let roots: Vec<&Path> = dirs.keys().map(PathBuf::as_path).collect();
    let vendored = vendored(&roots);
    let mut found = walk(&roots, |entry| {
        if is_dir(entry) {
            let other = is_skipped(entry, &vendored) || entry.path().join("Cargo.toml").is_file();
            return if other || (!tests && is_test_folder(entry)) { Visit::Skip } else { Visit::Enter };
        }
        if is_rust(entry) { Visit::Take } else { Visit::Enter }
    });
    found.sort();
    let owner = |path: &Path| path.ancestors().find_map(|dir| dirs.get(dir)).copied();
    found
        .into_iter()
        .filter_map(|path| Some((owner(&path)?, path)))
        .map(|(index, path)| (path, index))
        .collect()
}

/// The files below a folder whose names end so, sorted.
pub(super) fn files_below(dir: &Path, end: &str) -> Vec<PathBuf> {
    let vendored = vendored(&[dir]);
    let mut found = walk(&[dir], |entry| match () {
        () if is_dir(entry) && is_skipped(entry, &vendored) => Visit::Skip,
        () if !is_dir(entry) && entry.path().to_string_lossy().ends_with(end) => Visit::Take,
        () => Visit::Enter,
    });
    found.sort();
    found
}

/// The directories below a folder that hold a manifest, sorted. Below each, only its own manifest says what belongs.
pub(super) fn manifests_below(dir: &Path) -> Vec<PathBuf> {
    let vendored = vendored(&[dir]);
    let mut found = walk(&[dir], |entry| match () {
        () if !is_dir(entry) => Visit::Enter,
        () if is_skipped(entry, &vendored) => Visit::Skip,
        () if entry.path().join("Cargo.toml").is_file() => Visit::Take,
        () => Visit::Enter,
    });
    found.sort();
    found
}

/// What to do with an entry.
enum Visit {
    Enter,
    Take,
    Skip,
}

fn walk(roots: &[&Path], judge: impl Fn(&DirEntry) -> Visit + Sync) -> Vec<PathBuf> {
    let Some((first, rest)) = roots.split_first() else { return Vec::new() };
    let mut builder = WalkBuilder::new(first);
    for root in rest {
        builder.add(root);
    }
    // An exported tree without its repository means the same by its `.gitignore` files.
    builder.ignore(false).require_git(false);
    let taken = Mutex::new(Vec::new());
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            if entry.depth() == 0 {
                return WalkState::Continue;
            }
            match judge(&entry) {
                Visit::Enter => WalkState::Continue,
                Visit::Skip => WalkState::Skip,
                Visit::Take => {
                    taken.lock().unwrap_or_else(PoisonError::into_inner).push(entry.into_path());
                    WalkState::Skip
                }
            }
        })
    });
    taken.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// A file, or a link to one: links to directories are not followed, since they may lead in circles.
fn is_rust(entry: &DirEntry) -> bool {
    let named = entry.path().extension().is_some_and(|extension| extension == "rs");
    named && (entry.file_type().is_some_and(|kind| kind.is_file()) || entry.path().is_file())
}

fn is_test_folder(entry: &DirEntry) -> bool {
    entry.depth() == 1 && TEST_FOLDERS.iter().any(|name| entry.file_name() == *name)
}

/// Build output, or code of others. A module may well be called `target`: only one that stands where cargo puts it,
/// or bears cargo's mark, is build output.
fn is_skipped(entry: &DirEntry, vendored: &BTreeSet<PathBuf>) -> bool {
    let path = entry.path();
    let built = entry.file_name() == "target" && (entry.depth() == 1 || path.join("CACHEDIR.TAG").is_file());
    built || vendored.contains(path) || path.join(".cargo-checksum.json").is_file()
}

/// Directories that a source replacement in cargo's configuration names, above or in any of these.
pub(super) fn vendored(roots: &[&Path]) -> BTreeSet<PathBuf> {
    let above: BTreeSet<&Path> = roots.iter().flat_map(|root| root.ancestors()).collect();
    above.into_iter().flat_map(replaced_sources).collect()
}

fn replaced_sources(dir: &Path) -> Vec<PathBuf> {
    let names = ["config.toml", "config"];
    let text = names.iter().find_map(|name| std::fs::read_to_string(dir.join(".cargo").join(name)).ok());
    let Some(text) = text else { return Vec::new() };
    let (document, _) = Document::parse(FileId(0), &text);
    let sources = document.root().table("source").into_iter().flat_map(|table| table.entries());
    let directories = sources.filter_map(|(_, _, node)| node.table()?.string("directory"));
    directories.map(|path| super::paths::join(dir, path)).collect()
}
