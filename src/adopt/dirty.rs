//! Whether a working tree is such that what is written into it can be told apart. Asks git and changes nothing.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::emit::shown;
use crate::git::Repository;

/// How many of the changed files are named.
const NAMED: usize = 5;

/// Refuses to write these files where others' changes are not committed.
///
/// # Errors
/// There are such changes, or git cannot tell.
pub(super) fn refuse(root: &Path, files: &[(PathBuf, String)]) -> Result<(), Vec<Diagnostic>> {
    let Some(repository) = Repository::around(root) else { return Ok(()) };
    let about: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let dirty = repository.uncommitted(&about)?;
    if dirty.is_empty() {
        return Ok(());
    }
    let listed: Vec<String> =
        dirty.iter().take(NAMED).map(|path| format!("`{}`", shown(path, repository.root()))).collect();
    let more = if dirty.len() > listed.len() { ", …" } else { "" };
    let error = Diagnostic::error("there are changes that are not committed", None)
        .note(format!("{}{more}", listed.join(", ")))
        .help("commit or stash them, so that what this writes can be told apart; or pass `--allow-dirty`");
    Err(vec![error])
}
