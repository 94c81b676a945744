//! Paths as cargo treats them: cleaned by their text alone, and globs over directories, expanded segment by segment.

use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobMatcher};

/// `base` joined with `path`, with `.` and `..` resolved by text as cargo does, links left as they are.
pub(super) fn join(base: &Path, path: impl AsRef<Path>) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            // Above the root is the root.
            Component::ParentDir if clean.has_root() => {}
            other => clean.push(other),
        }
    }
    clean
}

/// A path as the user would write it: relative to the current directory when it lies below.
pub(super) fn shown(path: &Path, cwd: &Path) -> String {
    match path.strip_prefix(cwd) {
        Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Ok(rest) => rest.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}

/// Whether a text is a pattern rather than a path or a name.
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a name is one that the pattern means. A pattern that is none means nothing.
pub(super) fn name_matches(pattern: &str, name: &str) -> bool {
    matcher(pattern).is_some_and(|glob| glob.is_match(name))
}

fn matcher(pattern: &str) -> Option<GlobMatcher> {
    Some(Glob::new(pattern).ok()?.compile_matcher())
}

/// The directories below `base` that a pattern means, sorted.
pub(super) fn expand(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![base.to_path_buf()];
    for segment in pattern.split('/').filter(|s| !s.is_empty() && *s != ".") {
        found = found.iter().flat_map(|dir| expand_segment(dir, segment)).collect();
    }
    found.sort();
    found.dedup();
    found
}

fn expand_segment(dir: &Path, segment: &str) -> Vec<PathBuf> {
    if segment == "**" {
        let walk = walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok);
        return walk.filter(|e| e.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect();
    }
    if !is_glob(segment) {
        return vec![join(dir, segment)];
    }
    let Some(glob) = matcher(segment) else { return Vec::new() };
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter(|e| glob.is_match(e.file_name()) && e.path().is_dir()).map(|e| e.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_resolves_dots_by_text() {
        assert_eq!(join(Path::new("/a/b"), "../c/./d"), Path::new("/a/c/d"));
        assert_eq!(join(Path::new("/a"), "/x/y/.."), Path::new("/x"));
        assert_eq!(join(Path::new("/"), ".."), Path::new("/"));
    }

    #[test]
    fn paths_below_the_current_directory_are_shown_relative() {
        assert_eq!(shown(Path::new("/a/b/c"), Path::new("/a")), "b/c");
        assert_eq!(shown(Path::new("/a"), Path::new("/a")), ".");
        assert_eq!(shown(Path::new("/x"), Path::new("/a")), "/x");
    }
}
