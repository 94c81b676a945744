//! The published text beside the notice: its headings, and the sentences that no entry of the notice states. Knows what
//! the prose holds and what is quoted from it.

use std::io::{self, Write};
use std::path::Path;

use crate::emit;
use crate::notice::Notice;
use crate::notice::prose::Prose;
use crate::source::{FileId, SourceMap, Span};

/// How few words make no sentence: headings of lists, cells of tables.
const WORDS: usize = 3;

/// The sentences of a published text that no entry quotes.
pub(super) struct Unstated {
    /// In order.
    pub(super) sentences: Vec<Span>,
    /// Of how many.
    pub(super) of: usize,
    /// The text; none where the notice names none.
    pub(super) prose: Option<FileId>,
}

/// Finds them.
pub(super) fn unstated(notice: &Notice, sources: &SourceMap) -> Unstated {
    let Some(file) = notice.prose else {
        return Unstated { sentences: Vec::new(), of: 0, prose: None };
    };
    let text = sources.file(file).text();
    let all = sentences(file, text);
    let quoted: Vec<Span> = notice
        .statements()
        .iter()
        .filter_map(|statement| statement.promise?.in_prose)
        .filter(|span| span.file == file)
        .collect();
    let of = all.len();
    let is_quoted = |span: &Span| quoted.iter().any(|known| known.lo < span.hi && span.lo < known.hi);
    Unstated { sentences: all.into_iter().filter(|span| !is_quoted(span)).collect(), of, prose: Some(file) }
}

/// Whole sentences; headings state nothing.
fn sentences(file: FileId, text: &str) -> Vec<Span> {
    let prose = Prose::new(text);
    let is_sentence = |range: &&std::ops::Range<usize>| {
        let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        !text[line..].trim_start().starts_with('#') && prose.text(range).split_whitespace().count() >= WORDS
    };
    let spans = prose.sentences().iter().filter(is_sentence);
    spans.map(|range| Span::new(file, range.start as u32, range.end as u32)).collect()
}

/// The heading under which a place of the prose stands.
pub(super) fn heading(sources: &SourceMap, place: Span) -> Option<String> {
    let text = &sources.file(place.file).text();
    let before = text.get(..place.lo as usize)?;
    let last = before.lines().rfind(|line| line.starts_with('#'))?;
    Some(last.trim_start_matches('#').trim().to_owned())
}

/// Lists them for people.
pub(super) fn show(
    unstated: &Unstated,
    sources: &SourceMap,
    cwd: &Path,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(file) = unstated.prose else {
        return writeln!(
            out,
            "the notice names no published text (`text = \"…\"`), so no sentence was compared"
        );
    };
    let path = emit::shown_path(sources.path(file), cwd);
    if unstated.sentences.is_empty() {
        return writeln!(out, "every one of the {} sentences of {path} is stated by an entry", unstated.of);
    }
    writeln!(
        out,
        "{} of {} sentences of {path} are stated by no entry:",
        unstated.sentences.len(),
        unstated.of
    )?;
    for span in &unstated.sentences {
        let line = sources.file(span.file).position(span.lo).line;
        let words = sources.text(*span).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {path}:{line}: {}", emit::one_line(&words))?;
    }
    Ok(())
}
