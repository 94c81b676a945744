//! Where a run starts: what each PATH is (a package, a tree of packages, a folder, a file), and the manifest around
//! the current directory. Looks at names and file types only.

use std::path::{Path, PathBuf};

use super::{Request, paths, walk};
use crate::diagnostic::Diagnostic;

/// One thing to check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Entry {
    /// The package or workspace in a directory, as cargo would take it.
    Manifest(PathBuf),
    /// A package or workspace found below a PATH: with all its members.
    Found {
        /// Its directory.
        dir: PathBuf,
        /// The PATH.
        below: PathBuf,
    },
    /// A folder without any manifest.
    Folder(PathBuf),
    /// One Rust file.
    File(PathBuf),
}

/// Everything that was asked for, in that order.
pub(super) fn entries(request: &Request) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let mut entries = Vec::new();
    let mut errors = Vec::new();
    let manifest = request.manifest_path.iter().map(|path| manifest_path(request, path));
    let paths = request.paths.iter().map(|path| path_entries(request, path));
    for found in manifest.chain(paths) {
        match found {
            Ok(found) => entries.extend(found),
            Err(message) => errors.push(Diagnostic::error(message, None)),
        }
    }
    if request.paths.is_empty() && request.manifest_path.is_none() {
        entries = around(&request.cwd);
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

fn manifest_path(request: &Request, path: &Path) -> Result<Vec<Entry>, String> {
    let full = paths::join(&request.cwd, path);
    let shown = path.display();
    if full.file_name().is_none_or(|name| name != "Cargo.toml") {
        return Err(format!("`{shown}` is not a path to a `Cargo.toml` file"));
    }
    match full.parent() {
        Some(dir) if full.is_file() => Ok(vec![Entry::Manifest(dir.to_path_buf())]),
        _ => Err(format!("manifest path `{shown}` does not exist")),
    }
}

fn path_entries(request: &Request, path: &Path) -> Result<Vec<Entry>, String> {
    let full = paths::join(&request.cwd, path);
    let shown = path.display();
    if full.is_dir() {
        return Ok(directory(&full));
    }
    if !full.exists() {
        return Err(format!("no such path: `{shown}`"));
    }
    match full.parent() {
        Some(dir) if full.file_name().is_some_and(|name| name == "Cargo.toml") => {
            Ok(vec![Entry::Manifest(dir.to_path_buf())])
        }
        _ if full.extension().is_some_and(|extension| extension == "rs") => Ok(vec![Entry::File(full)]),
        _ => Err(format!("`{shown}` is neither a directory nor a Rust file")),
    }
}

/// A directory: its own manifest, those below it, or the folder as it is.
fn directory(dir: &Path) -> Vec<Entry> {
    if dir.join("Cargo.toml").is_file() {
        return vec![Entry::Manifest(dir.to_path_buf())];
    }
    let below = walk::manifests_below(dir);
    if below.is_empty() {
        return vec![Entry::Folder(dir.to_path_buf())];
    }
    below.into_iter().map(|found| Entry::Found { dir: found, below: dir.to_path_buf() }).collect()
}

/// Without any PATH: the manifest around the current directory, as cargo looks for it. A directory that no package
/// above would count as its own, such as one in its target folder, is taken as a PATH.
fn around(cwd: &Path) -> Vec<Entry> {
    let manifest = cwd.ancestors().find(|dir| dir.join("Cargo.toml").is_file());
    match manifest {
        Some(dir) if !lies_outside(dir, cwd) => vec![Entry::Manifest(dir.to_path_buf())],
        _ => directory(cwd),
    }
}

fn lies_outside(dir: &Path, cwd: &Path) -> bool {
    let below = cwd.strip_prefix(dir).unwrap_or(cwd);
    below.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        name == "target" || name.starts_with('.')
    })
}
