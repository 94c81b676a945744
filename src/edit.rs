//! Edits to texts, and texts to files: all files of a change are written or none, each by a rename, so that nobody ever
//! reads half of one. Knows neither Rust nor why anything is changed.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A text with edits applied; what no edit covers stays byte for byte. Edits at one place keep their order.
#[must_use]
pub fn apply(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut sorted: Vec<_> = edits.iter().collect();
    sorted.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in sorted {
        out.push_str(text.get(at..range.start).unwrap_or(""));
        out.push_str(new);
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// The change between two texts of one file, as `diff -u` writes it.
#[must_use]
pub fn diff(name: &str, old: Option<&str>, new: &str) -> String {
    let before = old.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{name}"));
    let lines = similar::TextDiff::from_lines(old.unwrap_or(""), new);
    lines.unified_diff().context_radius(2).header(&before, &format!("b/{name}")).to_string()
}

/// Writes all these files, or none of them.
///
/// # Errors
/// Where one cannot be written; those before it are put back.
pub fn write_all(files: &[(PathBuf, String)]) -> io::Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, text) in files {
        staged.push(stage(path, text).map_err(|error| named(path, &error))?);
    }
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (path, file) in staged {
        let before = fs::read(&path).ok();
        if let Err(error) = file.persist(&path) {
            put_back(&done);
            return Err(named(&path, &error.error));
        }
        done.push((path, before));
    }
    Ok(())
}

/// The new text beside its place, with the rights of what it replaces. A link stays one: its target is replaced.
fn stage(path: &Path, text: &str) -> io::Result<(PathBuf, NamedTempFile)> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".privacy-");
    let known = fs::metadata(&path).ok();
    #[cfg(unix)]
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    if known.is_none() {
        builder.permissions(rights);
    }
    let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    if let Some(known) = known {
        fs::set_permissions(file.path(), known.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok((path, file))
}

fn put_back(done: &[(PathBuf, Option<Vec<u8>>)]) {
    for (path, before) in done {
        // The first failure is what is told; a second one has nothing to add that could be acted upon.
        let _ = match before {
            Some(bytes) => fs::write(path, bytes),
            None => fs::remove_file(path),
        };
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}` cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_leave_the_rest_alone() {
        let text = "a\r\n\tb c\n";
        let edits = [(4..4, "x ".to_owned()), (0..1, "A".to_owned()), (4..4, "y ".to_owned())];
        assert_eq!(apply(text, &edits), "A\r\n\tx y b c\n");
        assert_eq!(apply(text, &[]), text);
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("no/such/two"));
        fs::write(&one, "old").unwrap();
        let error = write_all(&[(one.clone(), "new".to_owned()), (two, "new".to_owned())]).unwrap_err();
        assert!(error.to_string().contains("two"), "{error}");
        assert_eq!(fs::read_to_string(&one).unwrap(), "old");
        write_all(&[(one.clone(), "new".to_owned())]).unwrap();
        assert_eq!(fs::read_to_string(&one).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn a_diff_names_the_file_and_shows_the_lines() {
        let shown = diff("x.rs", Some("a\nb\n"), "a\nc\nb\n");
        assert_eq!(shown, "--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,3 @@\n a\n+c\n b\n");
        assert!(diff("x.rs", None, "a\n").starts_with("--- /dev/null\n"));
    }
}
