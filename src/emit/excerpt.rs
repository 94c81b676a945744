//! The lines that a finding shows, as small files for codespan-reporting: cut around labels, prose folded at words,
//! dangerous characters replaced. Line numbers and columns are those of the true file.

use std::ops::Range;
use std::path::Path;

use codespan_reporting::diagnostic::{Label, LabelStyle};
use codespan_reporting::files::{Error, Files, Location};

use super::{place, sanitise};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// Lines of code up to this many characters are shown whole.
const WHOLE: usize = 140;
/// What is shown on either side of a label on a longer line.
const CONTEXT: usize = 40;
/// How much of a label is shown on a longer line.
const LABELLED: usize = 80;
/// Prose is folded at this width.
const FOLD: usize = 100;
/// How far apart row indices must be for the renderer to draw a break.
const BREAK: usize = 3;

/// A label before it is placed.
pub(super) struct Mark<'a> {
    pub(super) span: Span,
    pub(super) style: LabelStyle,
    pub(super) text: &'a str,
    /// Prose is folded and underlined over all its lines; code is labelled on its first line.
    pub(super) prose: bool,
}

/// Excerpts of all files of one finding.
#[derive(Default)]
pub(super) struct Excerpts {
    files: Vec<Excerpt>,
}

struct Excerpt {
    name: String,
    text: String,
    rows: Vec<Row>,
    /// Where labels really start: by their byte in `text`.
    origins: Vec<(usize, Location)>,
}

struct Row {
    /// Ascending; neighbours differ by one where they follow each other in the file.
    index: usize,
    number: usize,
    range: Range<usize>,
}

/// The part of a mark that lies on one line.
struct Piece<'a> {
    line: usize,
    range: Range<usize>,
    style: LabelStyle,
    text: &'a str,
    prose: bool,
}

/// Excerpts that hold all marks, and the marks as labels on them; the file of the first mark comes first.
pub(super) fn excerpts(sources: &SourceMap, cwd: &Path, marks: &[Mark<'_>]) -> (Excerpts, Vec<Label<usize>>) {
    let mut order: Vec<FileId> = Vec::new();
    for mark in marks {
        if !order.contains(&mark.span.file) {
            order.push(mark.span.file);
        }
    }
    let (mut out, mut labels) = (Excerpts::default(), Vec::new());
    for (id, file) in order.into_iter().enumerate() {
        let here = marks.iter().filter(|mark| mark.span.file == file);
        let pieces: Vec<_> = here.flat_map(|mark| pieces(sources, mark)).collect();
        let name = sanitise::line(&place::path(sources.path(file), cwd)).into_owned();
        let excerpt = Excerpt { name, text: String::new(), rows: Vec::new(), origins: Vec::new() };
        let mut builder = Builder { id, source: sources.file(file), excerpt, labels: &mut labels };
        builder.lines(&pieces);
        out.files.push(builder.excerpt);
    }
    (out, labels)
}

fn pieces<'a>(sources: &SourceMap, mark: &Mark<'a>) -> Vec<Piece<'a>> {
    let file = sources.file(mark.span.file);
    let whole = place::clamp(sources, mark.span);
    let first = file.line_of(whole.start as u32);
    let last =
        if mark.prose { file.line_of(whole.end.saturating_sub(1).max(whole.start) as u32) } else { first };
    let piece = |line| {
        let (start, text) = place::line(file, line);
        let range = whole.start.max(start)..whole.end.min(start + text.len()).max(start);
        Piece { line, range, style: mark.style, text: "", prose: mark.prose }
    };
    let mut pieces: Vec<_> = (first..=last).map(piece).collect();
    if pieces.len() > 1 {
        pieces.retain(|piece| piece.range.start < piece.range.end);
    }
    if let Some(last) = pieces.last_mut() {
        last.text = mark.text;
    }
    pieces
}

struct Builder<'a> {
    id: usize,
    source: &'a SourceFile,
    excerpt: Excerpt,
    labels: &'a mut Vec<Label<usize>>,
}

impl Builder<'_> {
    fn lines(&mut self, pieces: &[Piece<'_>]) {
        let mut lines: Vec<usize> = pieces.iter().map(|piece| piece.line).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut index = 0;
        let mut above: Option<usize> = None;
        for line in lines {
            let gap = above.map_or(1, |above| line - above);
            if gap == 2 {
                self.line(line - 1, index + 1, &[]);
            }
            let here: Vec<_> = pieces.iter().filter(|piece| piece.line == line).collect();
            index = self.line(line, index + gap.min(BREAK), &here);
            above = Some(line);
        }
    }

    /// Adds a line of the file as one or more rows from `index` on, and returns the last row's index.
    fn line(&mut self, line: usize, index: usize, pieces: &[&Piece<'_>]) -> usize {
        let (start, text) = place::line(self.source, line);
        if !pieces.iter().any(|piece| piece.prose) {
            self.row(line, index, &cut(text, start, pieces), pieces);
            return index;
        }
        let folds = fold(text, start);
        let touched = |fold: &Range<usize>| pieces.iter().any(|piece| meets(&piece.range, fold));
        let near = |at: usize| folds[at.saturating_sub(1)..(at + 2).min(folds.len())].iter().any(touched);
        let mut last = None;
        let mut index = index;
        for at in (0..folds.len()).filter(|at| near(*at)) {
            index += last.map_or(0, |last: usize| if at - last == 1 { 1 } else { BREAK });
            self.row(line, index, std::slice::from_ref(&folds[at]), pieces);
            last = Some(at);
        }
        index
    }

    /// Adds one row made of `windows` into the source, with the labels that lie in them.
    fn row(&mut self, line: usize, index: usize, windows: &[Range<usize>], pieces: &[&Piece<'_>]) {
        let begin = self.excerpt.text.len();
        let (start, whole) = place::line(self.source, line);
        let is_prose = pieces.iter().any(|piece| piece.prose);
        let mut shown: Vec<(usize, usize)> = Vec::new();
        for window in windows {
            if !is_prose && window.start > start {
                self.excerpt.text.push('…');
            }
            for (at, c) in self.source.text().get(window.clone()).unwrap_or("").char_indices() {
                shown.push((window.start + at, self.excerpt.text.len()));
                self.excerpt.text.push(if c == '\t' { c } else { sanitise::visible(c) });
            }
        }
        let end = self.excerpt.text.len();
        let last = windows.last().map_or(start, |window| window.end);
        if !is_prose && last < start + whole.len() {
            self.excerpt.text.push('…');
        }
        self.excerpt.text.push('\n');
        let range = begin..self.excerpt.text.len();
        self.excerpt.rows.push(Row { index, number: line + 1, range });
        let span = windows.first().map_or(start, |window| window.start)..last;
        for piece in pieces.iter().filter(|piece| meets(&piece.range, &span)) {
            self.label(piece, &shown, end, last);
        }
    }

    fn label(&mut self, piece: &Piece<'_>, shown: &[(usize, usize)], end: usize, last: usize) {
        let place = |byte: usize| {
            let at = shown.partition_point(|(source, _)| *source < byte);
            shown.get(at).map_or(end, |(_, excerpt)| *excerpt)
        };
        let range = place(piece.range.start)..place(piece.range.end);
        let at = place::position(self.source, piece.range.start);
        let location = Location { line_number: at.line as usize, column_number: at.column as usize };
        self.excerpt.origins.push((range.start, location));
        // The text stands under the last row of a folded sentence.
        let text = if piece.prose && piece.range.end > last { "" } else { piece.text };
        self.labels.push(Label::new(piece.style, self.id, range).with_message(sanitise::line(text)));
    }
}

/// Whether a label shows in a range; an empty one does at either end.
fn meets(label: &Range<usize>, range: &Range<usize>) -> bool {
    if label.is_empty() {
        return range.start <= label.start && label.start <= range.end;
    }
    label.start < range.end && range.start < label.end
}

/// The parts of a line of code that are shown.
fn cut(text: &str, start: usize, pieces: &[&Piece<'_>]) -> Vec<Range<usize>> {
    if text.chars().count() <= WHOLE {
        return std::iter::once(start..start + text.len()).collect();
    }
    let bytes: Vec<usize> =
        text.char_indices().map(|(at, _)| start + at).chain([start + text.len()]).collect();
    let column = |byte: usize| bytes.partition_point(|at| *at < byte).min(bytes.len() - 1);
    let mut windows: Vec<Range<usize>> = pieces
        .iter()
        .map(|piece| {
            let (from, to) = (column(piece.range.start), column(piece.range.end));
            from.saturating_sub(CONTEXT)..(to.min(from + LABELLED) + CONTEXT).min(bytes.len() - 1)
        })
        .collect();
    if windows.is_empty() {
        windows.push(0..WHOLE);
    }
    windows.sort_unstable_by_key(|window| window.start);
    let joined = windows.into_iter().fold(Vec::<Range<usize>>::new(), |mut all, window| {
        match all.last_mut().filter(|last| window.start <= last.end + 1) {
            Some(last) => last.end = last.end.max(window.end),
            None => all.push(window),
        }
        all
    });
    joined.into_iter().map(|window| bytes[window.start]..bytes[window.end]).collect()
}

/// The rows of a paragraph that stands on one line.
fn fold(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut from = 0;
    while let Some((limit, _)) = text[from..].char_indices().nth(FOLD) {
        let room = &text[from..from + limit];
        let to = room.rfind(' ').filter(|at| *at > 0).map_or(limit, |at| at + 1);
        rows.push(start + from..start + from + to);
        from += to;
    }
    rows.push(start + from..start + text.len());
    rows
}

impl Excerpts {
    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }

    fn row(&self, id: usize, index: usize) -> Result<&Row, Error> {
        let rows = &self.get(id)?.rows;
        let missing = Error::LineTooLarge { given: index, max: rows.last().map_or(0, |row| row.index) };
        rows.iter().find(|row| row.index == index).ok_or(missing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.get(id).map(|excerpt| excerpt.name.as_str())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.get(id).map(|excerpt| excerpt.text.as_str())
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let excerpt = self.get(id)?;
        let at = excerpt.rows.partition_point(|row| row.range.end <= byte);
        let row = excerpt.rows.get(at).or(excerpt.rows.last());
        row.map(|row| row.index).ok_or(Error::IndexTooLarge { given: byte, max: excerpt.text.len() })
    }

    fn line_number(&'a self, id: usize, index: usize) -> Result<usize, Error> {
        self.row(id, index).map(|row| row.number)
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        self.row(id, index).map(|row| row.range.clone())
    }

    fn location(&'a self, id: usize, byte: usize) -> Result<Location, Error> {
        let excerpt = self.get(id)?;
        let origin = excerpt.origins.iter().find(|(at, _)| *at == byte);
        origin.map(|(_, location)| *location).ok_or(Error::InvalidCharBoundary { given: byte })
    }
}
