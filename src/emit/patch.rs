//! A fix as people read it: the lines before and after. Applies nothing to any file.

use super::{place, sanitise};
use crate::diagnostic::Fix;
use crate::source::{FileId, SourceMap};

/// How many lines of a fix are shown on either side.
const LINES: usize = 6;

/// The lines that a fix changes, removed ones under `-`, new ones under `+`.
pub(super) fn lines(sources: &SourceMap, fix: &Fix) -> Vec<String> {
    let mut files: Vec<FileId> = fix.edits.iter().map(|(span, _)| span.file).collect();
    files.sort_unstable();
    files.dedup();
    files.into_iter().flat_map(|file| in_file(sources, fix, file)).collect()
}

fn in_file(sources: &SourceMap, fix: &Fix, id: FileId) -> Vec<String> {
    let file = sources.file(id);
    let mut edits: Vec<_> = fix
        .edits
        .iter()
        .filter(|(span, _)| span.file == id)
        .map(|(span, new)| (place::clamp(sources, *span), new))
        .collect();
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = Vec::new();
    let mut rest = edits.as_slice();
    while let Some((first, _)) = rest.first() {
        let line = file.line_of(first.start as u32);
        let mut last = file.line_of(first.end as u32);
        let mut taken = 1;
        // Edits whose lines touch are shown as one change.
        while let Some((next, _)) =
            rest.get(taken).filter(|(next, _)| file.line_of(next.start as u32) <= last)
        {
            last = last.max(file.line_of(next.end as u32));
            taken += 1;
        }
        let start = place::line(file, line).0;
        let (end, text) = place::line(file, last);
        out.extend(change(file.text(), start..end + text.len(), &rest[..taken]));
        rest = &rest[taken..];
    }
    out
}

fn change(
    text: &str,
    whole: std::ops::Range<usize>,
    edits: &[(std::ops::Range<usize>, &String)],
) -> Vec<String> {
    let mut new = String::new();
    let mut at = whole.start;
    for (range, replacement) in edits {
        new.push_str(text.get(at..range.start).unwrap_or(""));
        new.push_str(replacement);
        at = range.end.max(at);
    }
    new.push_str(text.get(at..whole.end.max(at)).unwrap_or(""));
    let old = text.get(whole).unwrap_or("");
    side('-', old).chain(side('+', &new)).collect()
}

fn side(sign: char, text: &str) -> impl Iterator<Item = String> + '_ {
    let more = text.lines().count().saturating_sub(LINES);
    let shown = text.lines().take(LINES).map(move |line| format!("{sign} {}", sanitise::line(line)));
    shown.chain((more > 0).then(|| format!("{sign} … and {}", super::count(more, "line", "lines"))))
}
