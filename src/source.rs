//! Files, byte spans and line positions. Knows nothing of Rust or of notices, and does no IO: texts are handed in, or
//! fetched by whoever put the file here.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHasher;

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A range of bytes in one file. `lo <= hi`, both on character boundaries of the file's text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub lo: u32,
    /// One past the last byte.
    pub hi: u32,
}

impl Span {
    /// A span from its parts.
    #[must_use]
    pub const fn new(file: FileId, lo: u32, hi: u32) -> Self {
        Self { file, lo, hi }
    }

    /// The byte range.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.lo as usize..self.hi as usize
    }
}

/// Line and column, both from 1; the column in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One file's text and where its lines start.
#[derive(Debug)]
pub struct SourceFile {
    /// As found on disk (absolute or relative to the current directory); for display see `emit`.
    pub path: PathBuf,
    text: OnceLock<Arc<str>>,
    kept: Option<Kept>,
    lines: OnceLock<Vec<u32>>,
}

/// Fetches the text of a file once more.
pub type Fetch = fn(&Path) -> Option<Arc<str>>;

/// How a text that can be put away is fetched, and what it was.
#[derive(Clone, Copy, Debug)]
struct Kept {
    fetch: Fetch,
    fingerprint: u64,
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl SourceFile {
    /// A file with this text.
    #[must_use]
    pub fn new(path: PathBuf, text: Arc<str>) -> Self {
        Self { path, text: OnceLock::from(text), kept: None, lines: OnceLock::new() }
    }

    /// A file whose text can be put away and fetched again.
    #[must_use]
    pub fn fetched(path: PathBuf, text: Arc<str>, fetch: Fetch) -> Self {
        let kept = Some(Kept { fetch, fingerprint: fingerprint(&text) });
        Self { kept, ..Self::new(path, text) }
    }

    /// The whole text, byte-order mark included, exactly as on disk. Of a file that changed after it was put away
    /// nothing is left: what is known of it is about another text.
    pub fn text(&self) -> &Arc<str> {
        self.text.get_or_init(|| {
            let again = self.kept.and_then(|kept| {
                (kept.fetch)(&self.path).filter(|text| fingerprint(text) == kept.fingerprint)
            });
            again.unwrap_or_default()
        })
    }

    /// Lets go of a text that can be fetched again.
    fn put_away(&mut self) {
        if self.kept.is_some() {
            self.text = OnceLock::new();
        }
    }

    /// Byte offsets at which lines start.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text().as_bytes());
            std::iter::once(0).chain(ends.map(|i| i as u32 + 1)).collect()
        })
    }

    /// The line (from 0) that holds a byte.
    #[must_use]
    pub fn line_of(&self, byte: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The text of a line (from 0) without its line break.
    #[must_use]
    pub fn line_text(&self, line: usize) -> &str {
        let starts = self.line_starts();
        let Some(start) = starts.get(line) else { return "" };
        let end = starts.get(line + 1).map_or(self.text().len(), |e| *e as usize);
        self.text().get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Line and column of a byte.
    #[must_use]
    pub fn position(&self, byte: u32) -> Position {
        let line = self.line_of(byte);
        let start = self.line_starts().get(line).copied().unwrap_or(0) as usize;
        let before = self.text().get(start..(byte as usize).min(self.text().len())).unwrap_or("");
        Position { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
}

/// All files of a run; ids are given in the order of insertion.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.add_file(SourceFile::new(path, text))
    }

    /// Adds a file as it was made.
    pub fn add_file(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// Lets go of all texts that can be fetched again: most files of a program are never shown.
    pub fn put_away(&mut self) {
        self.files.iter_mut().for_each(SourceFile::put_away);
    }

    /// Lets other texts stand for those of files that were added.
    pub fn replace(&mut self, texts: &BTreeMap<PathBuf, Arc<str>>) {
        for file in &mut self.files {
            if let Some(text) = texts.get(&file.path) {
                *file = SourceFile::new(std::mem::take(&mut file.path), Arc::clone(text));
            }
        }
    }

    /// The file behind an id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Its path.
    #[must_use]
    pub fn path(&self, id: FileId) -> &Path {
        &self.file(id).path
    }

    /// The text under a span; empty where the span lies outside.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.range()).unwrap_or("")
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, SourceMap};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    fn same(_: &Path) -> Option<Arc<str>> {
        Some(Arc::from("let a = 1;\nlet b = 2;\n"))
    }

    fn other(_: &Path) -> Option<Arc<str>> {
        Some(Arc::from("let c = 3;\n"))
    }

    fn gone(_: &Path) -> Option<Arc<str>> {
        None
    }

    #[test]
    fn texts_put_away_come_back_unless_they_changed() {
        let text: Arc<str> = Arc::from("let a = 1;\nlet b = 2;\n");
        let mut sources = SourceMap::default();
        let ids = [same, other, gone].map(|fetch| {
            sources.add_file(SourceFile::fetched(PathBuf::from("a.rs"), Arc::clone(&text), fetch))
        });
        let handed_in = sources.add(PathBuf::from("b.rs"), Arc::clone(&text));
        ids.iter().for_each(|id| assert_eq!(sources.file(*id).text(), &text));
        sources.put_away();
        assert_eq!(sources.file(handed_in).text(), &text);
        assert_eq!(sources.file(ids[0]).position(11).line, 2);
        for id in &ids[1..] {
            assert_eq!(&**sources.file(*id).text(), "");
            assert_eq!(sources.file(*id).position(11).line, 1);
        }
    }
}
