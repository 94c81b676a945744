//! Where things are, as output says it: paths seen from the current directory, spans that surely lie in their file,
//! lines and columns from 1.

use std::fmt::Write;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use super::Emission;
use crate::diagnostic::Label;
use crate::source::{Position, SourceFile, SourceMap, Span};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A path as shown: relative below the current directory, absolute elsewhere. A name in angle brackets is no file and
/// stays as it is.
pub(super) fn path(path: &Path, cwd: &Path) -> String {
    if is_virtual(path) {
        return path.to_string_lossy().into_owned();
    }
    let whole = normal(&cwd.join(path));
    let shown = whole.strip_prefix(normal(cwd)).ok().filter(|rest| rest.components().next().is_some());
    shown.unwrap_or(&whole).to_string_lossy().into_owned()
}

/// Whether this names a text that is built in.
pub(super) fn is_virtual(path: &Path) -> bool {
    path.to_string_lossy().starts_with('<')
}

/// Whether a place is in a file that can be opened, and not in a text that is built in.
pub(super) fn exists(sources: &SourceMap, span: Span) -> bool {
    !is_virtual(sources.path(span.file))
}

/// A label on a text that is built in, with the text.
pub(super) fn quote(emission: &Emission<'_>, label: &Label) -> String {
    let file = emission.sources.file(label.span.file);
    let range = clamp(emission.sources, label.span);
    let line = position(file, range.start).line;
    let words: Vec<_> = file.text()[range].split_whitespace().collect();
    format!("{} ({}:{line}): {}", label.text, path(&file.path, emission.cwd), words.join(" "))
}

/// A path as a URI: with its scheme where it is absolute, as a reference otherwise.
pub(super) fn uri(path: &Path) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&b);
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if path.is_absolute() { "file://" } else { "" });
    for byte in text.bytes() {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Whether editors treat it as Rust.
pub(super) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The bytes of a span, forced into the file and onto boundaries of characters.
pub(super) fn clamp(sources: &SourceMap, span: Span) -> Range<usize> {
    let text = &sources.file(span.file).text();
    let lo = boundary(text, span.lo as usize);
    lo..boundary(text, span.hi as usize).max(lo)
}

/// Line and column of a byte. A byte-order mark is no character of the first line.
pub(super) fn position(file: &SourceFile, byte: usize) -> Position {
    let at = file.position(byte as u32);
    let marked = at.line == 1 && at.column > 1 && file.text().starts_with(BYTE_ORDER_MARK);
    if marked { Position { column: at.column - 1, ..at } } else { at }
}

/// A line's text (from 0) without line break and byte-order mark, and the byte it starts at.
pub(super) fn line(file: &SourceFile, line: usize) -> (usize, &str) {
    let start = file.line_starts().get(line).map_or(file.text().len(), |start| *start as usize);
    let text = file.line_text(line);
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) if line == 0 => (start + BYTE_ORDER_MARK.len_utf8(), rest),
        _ => (start, text),
    }
}

fn boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn paths_are_relative_below_the_current_directory() {
        let seen = |p: &str| path(Path::new(p), Path::new("/w/shop"));
        assert_eq!(seen("src/lib.rs"), "src/lib.rs");
        assert_eq!(seen("/w/shop/./src/a/../lib.rs"), "src/lib.rs");
        assert_eq!(seen("../notes/n.toml"), "/w/notes/n.toml");
        assert_eq!(seen("/w/shopping/lib.rs"), "/w/shopping/lib.rs");
        assert_eq!(seen("<default notice>"), "<default notice>");
    }

    #[test]
    fn a_uri_escapes_what_is_no_part_of_a_path() {
        assert_eq!(uri(Path::new("/w/my shop/ü#1.rs")), "file:///w/my%20shop/%C3%BC%231.rs");
        assert_eq!(uri(Path::new("src/a:b.rs")), "src/a%3Ab.rs");
    }

    #[test]
    fn a_byte_order_mark_moves_no_column() {
        let file = SourceFile::new(PathBuf::from("a.rs"), Arc::from("\u{feff}let ü = 1;\nx"));
        assert_eq!(position(&file, 3), Position { line: 1, column: 1 });
        assert_eq!(position(&file, 9), Position { line: 1, column: 6 });
        assert_eq!(line(&file, 0), (3, "let ü = 1;"));
        assert_eq!(line(&file, 1), (15, "x"));
    }
}
