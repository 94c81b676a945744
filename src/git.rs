//! What git knows of the checked tree: which lines changed since a revision, what the files were then, whether anything
//! is uncommitted. The only module that starts a process.
//!
//! # Why the `git` program
//! Reading a repository by a library (`gix`) brings about a hundred crates for one option, and still knows less of what
//! users have (partial clones, `reftable`, work trees, `safe.directory`). Whoever names a revision has git. It is started
//! only where a revision was named or files are about to be written, and so that nothing which a repository brings along
//! comes to run: no hook, no file system monitor, no external diff, no text conversion; it takes no lock and opens no
//! connection. (A filter that the user's own configuration defines, such as that of Git LFS, runs as in any `git diff`.)

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::diagnostic::Diagnostic;

/// A repository's work tree.
#[derive(Clone, Debug)]
pub struct Repository {
    root: PathBuf,
}

/// Lines, from 1, that differ from what they were.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lines {
    /// The file is new.
    All,
    /// These; where lines were only taken away, those around the gap.
    Some(Vec<RangeInclusive<u32>>),
}

impl Lines {
    /// Whether any of these lines is among them.
    #[must_use]
    pub fn touch(&self, lines: &RangeInclusive<u32>) -> bool {
        match self {
            Self::All => true,
            Self::Some(ranges) => {
                ranges.iter().any(|range| range.start() <= lines.end() && lines.start() <= range.end())
            }
        }
    }
}

impl Repository {
    /// The repository around a directory, where there is one and git is there to tell.
    #[must_use]
    pub fn around(dir: &Path) -> Option<Self> {
        let out = run(dir, &["rev-parse", "--show-toplevel"], None).ok()?;
        let root = String::from_utf8(out).ok()?;
        Some(Self { root: PathBuf::from(root.trim_end_matches(['\n', '\r'])) })
    }

    /// The directory of its work tree.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The commit that a revision names.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn commit(&self, revision: &str) -> Result<String, Vec<Diagnostic>> {
        let wanted = format!("{revision}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let out = run(&self.root, &arguments, None);
        let commit = out.ok().and_then(|out| String::from_utf8(out).ok());
        commit.map(|commit| commit.trim().to_owned()).filter(|commit| !commit.is_empty()).ok_or_else(|| {
            let message = format!("`{}` names no commit of this repository", revision.escape_debug());
            let help = "name a branch, a tag or a commit that is here; a shallow clone may lack it";
            vec![Diagnostic::error(message, None).help(help)]
        })
    }

    /// The lines that differ from a commit, staged or not, and all of the files that git does not know yet.
    ///
    /// # Errors
    /// git cannot tell.
    pub fn changed_since(&self, commit: &str) -> Result<BTreeMap<PathBuf, Lines>, Vec<Diagnostic>> {
        let diff = [
            "diff",
            "--unified=0",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--no-renames",
            "--ignore-submodules",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            commit,
            "--",
        ];
        let text = run(&self.root, &diff, None)?;
        let mut changed = hunks(&String::from_utf8_lossy(&text));
        let untracked = run(&self.root, &["ls-files", "--others", "--exclude-standard", "-z"], None)?;
        changed.extend(names(&untracked).map(|name| (name, Lines::All)));
        Ok(changed.into_iter().map(|(name, lines)| (self.root.join(name), lines)).collect())
    }

    /// The files of a commit that are wanted, by their paths below the root.
    ///
    /// # Errors
    /// git cannot tell.
    pub fn files_at(
        &self,
        commit: &str,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<Vec<(PathBuf, Vec<u8>)>, Vec<Diagnostic>> {
        let listed = run(&self.root, &["ls-tree", "-r", "-z", "--full-tree", commit], None)?;
        let listed = String::from_utf8_lossy(&listed);
        let rows = listed.split('\0').filter_map(|row| {
            let (head, name) = row.split_once('\t')?;
            let mut head = head.split(' ');
            let is_file = head.next()?.starts_with("100") && head.next()? == "blob";
            (is_file && wanted(Path::new(name))).then_some((PathBuf::from(name), head.next()?))
        });
        let (paths, ids): (Vec<PathBuf>, Vec<&str>) = rows.unzip();
        let asked = ids.iter().map(|id| format!("{id}\n")).collect::<String>();
        let batch = run(&self.root, &["cat-file", "--batch"], Some(asked.into_bytes()))?;
        Ok(paths.into_iter().zip(blobs(&batch)).collect())
    }

    /// Files that are neither as committed nor ignored, of those that git knows; and of the others those that are asked
    /// about.
    ///
    /// # Errors
    /// git cannot tell.
    pub fn uncommitted(&self, about: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
        let status =
            ["status", "--porcelain", "-z", "--no-renames", "--ignore-submodules", "--untracked-files=all"];
        let out = run(&self.root, &status, None)?;
        let out = String::from_utf8_lossy(&out);
        let rows = out.split('\0').filter_map(|row| Some((row.get(..2)?, self.root.join(row.get(3..)?))));
        Ok(rows
            .filter(|(state, path)| *state != "??" || about.contains(path))
            .map(|(_, path)| path)
            .collect())
    }
}

/// The text of a file at a revision; the path is relative to `dir`, which lies in the repository.
///
/// # Errors
/// In git's words, where the revision or the file does not exist there, or where there is no git.
pub fn text_at(dir: &Path, revision: &str, path: &Path) -> Result<String, Vec<Diagnostic>> {
    if revision.is_empty() || revision.starts_with('-') {
        let message = format!("`{}` is not a revision", revision.escape_debug());
        return Err(vec![Diagnostic::error(message, None)]);
    }
    let object = format!("{revision}:./{}", path.to_string_lossy().replace('\\', "/"));
    let text = run(dir, &["cat-file", "blob", &object], None)?;
    String::from_utf8(text).map_err(|_| vec![Diagnostic::error(format!("`{object}` is no text"), None)])
}

/// Runs git so that it runs nothing else and waits for nobody.
fn run(dir: &Path, arguments: &[&str], input: Option<Vec<u8>>) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let failed = |why: &str| {
        let command = arguments.first().copied().unwrap_or_default();
        vec![Diagnostic::error(format!("`git {command}` failed: {}", why.trim()), None)]
    };
    let guards =
        ["core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=false", "protocol.allow=never"];
    let mut command = Command::new("git");
    command.args(guards.iter().flat_map(|guard| [OsStr::new("-c"), OsStr::new(guard)])).args(arguments);
    command
        .current_dir(dir)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error.to_string()))?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Written beside the reading, as either pipe may be full.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input.unwrap_or_default())));
        child.wait_with_output()
    });
    let output = output.map_err(|error| failed(&error.to_string()))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(failed(&String::from_utf8_lossy(&output.stderr)))
    }
}

fn names(listed: &[u8]) -> impl Iterator<Item = PathBuf> + '_ {
    let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    names.map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
}

/// The new lines of a diff without context, by file.
fn hunks(diff: &str) -> BTreeMap<PathBuf, Lines> {
    let mut changed: BTreeMap<PathBuf, Lines> = BTreeMap::new();
    let mut file = None;
    let mut rest = 0;
    for line in diff.lines() {
        if rest > 0 && line.starts_with(['+', '-']) {
            rest -= 1;
        } else if let Some(name) = line.strip_prefix("+++ ") {
            file = unquoted(name).strip_prefix("b/").map(PathBuf::from);
        } else if let (Some((old, new)), Some(file)) = (ranges(line), &file) {
            rest = old.1 + new.1;
            let around = if new.1 == 0 { new.0..=new.0 + 1 } else { new.0..=new.0 + new.1 - 1 };
            match changed.entry(file.clone()).or_insert_with(|| Lines::Some(Vec::new())) {
                Lines::Some(lines) => lines.push(around),
                Lines::All => {}
            }
        }
    }
    changed
}

/// The two ranges of `@@ -1,2 +3,4 @@`: first line and number.
fn ranges(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let mut words = line.strip_prefix("@@ ")?.split(' ');
    let mut range = |sign| {
        let text = words.next()?.strip_prefix(sign)?;
        let (first, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((first.parse().ok()?, count.parse().ok()?))
    };
    Some((range('-')?, range('+')?))
}

/// A name as git writes it: in quotes and with escapes where it is odd, with a tab behind it where it has a blank.
fn unquoted(name: &str) -> String {
    let name = name.trim_end_matches('\t');
    let Some(inner) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut out = Vec::new();
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b't') => out.push(b'\t'),
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(first @ b'0'..=b'7') => {
                let more = [first, bytes.next().unwrap_or(b'0'), bytes.next().unwrap_or(b'0')];
                out.push(more.iter().fold(0, |sum: u8, digit| sum.wrapping_mul(8).wrapping_add(digit & 7)));
            }
            other => out.extend(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The contents in what `cat-file --batch` prints: a line with the size, the bytes, a line break.
fn blobs(batch: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut rest = batch;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok()).unwrap_or(0);
        let content = rest.get(end + 1..end + 1 + size).unwrap_or_default();
        all.push(content.to_vec());
        rest = rest.get(end + 2 + size..).unwrap_or_default();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_read_from_a_diff() {
        let diff = "diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -1,0 +2,3 @@ fn a() {\n+one\n+++ b/no.rs\n\
                    +two\n@@ -9,2 +12,0 @@\n-x\n-y\n--- a/gone.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
                    --- a/s p.rs\n+++ b/s p.rs\t\n@@ -1 +1 @@\n-x\n+y\n";
        let changed = hunks(diff);
        let lines: Vec<_> =
            changed.iter().map(|(path, lines)| (path.to_str().unwrap(), lines.clone())).collect();
        let expected = [("s p.rs", Lines::Some(vec![1..=1])), ("x.rs", Lines::Some(vec![2..=4, 12..=13]))];
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_touch_where_they_overlap() {
        let lines = Lines::Some(vec![2..=4]);
        assert!(lines.touch(&(4..=9)) && lines.touch(&(1..=2)) && !lines.touch(&(5..=9)));
        assert!(Lines::All.touch(&(7..=7)));
    }

    #[test]
    fn odd_names_and_contents_are_read() {
        assert_eq!(unquoted(r#""b/a\tb\"\303\244""#), "b/a\tb\"ä");
        assert_eq!(blobs(b"id blob 3\na\nb\nid blob 0\n\nid blob 1\nx\n"), [&b"a\nb"[..], b"", b"x"]);
    }
}
