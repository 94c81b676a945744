//! The published text: where a quoted promise stands in it, and which sentence is nearest where it does not. Folds white
//! space, quotation marks, Markdown marks and case, and keeps the way back to bytes. Does no IO.

/// The prose, folded once.
#[derive(Clone, Debug)]
pub struct Prose {
    folded: Folded,
    /// Byte ranges of its sentences.
    sentences: Vec<std::ops::Range<usize>>,
    text: String,
}

impl Prose {
    /// A published text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { folded: fold(text), sentences: sentences(text), text: text.to_owned() }
    }

    /// The text under a range of bytes.
    #[must_use]
    pub fn text(&self, range: &std::ops::Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    /// Where its sentences stand, in order.
    #[must_use]
    pub fn sentences(&self) -> &[std::ops::Range<usize>] {
        &self.sentences
    }

    /// The bytes of the text at which a quotation stands, whole words only. A quotation may begin or end with an
    /// ellipsis.
    #[must_use]
    pub fn find(&self, quoted: &str) -> Option<std::ops::Range<usize>> {
        let wanted = fold(quoted);
        let wanted = without_ellipses(&wanted.text);
        if wanted.is_empty() {
            return None;
        }
        // A match in the middle of words may overlap one between them.
        let text = &self.folded.text;
        let from = |start: usize| text[start..].find(wanted).map(|at| start + at);
        let after = |at: &usize| text[*at..].chars().next().and_then(|c| from(at + c.len_utf8()));
        let places = std::iter::successors(from(0), after).map(|at| at..at + wanted.len());
        places.filter(|place| self.folded.is_whole(place)).map(|place| self.folded.original(&place)).next()
    }

    /// The sentence that is most like a quotation, where one is at all.
    #[must_use]
    pub fn nearest(&self, quoted: &str) -> Option<std::ops::Range<usize>> {
        let wanted = fold(quoted).text;
        let likeness = |r: &&std::ops::Range<usize>| {
            strsim::sorensen_dice(&fold(&self.text[(*r).clone()]).text, &wanted)
        };
        let (score, best) = self
            .sentences
            .iter()
            .map(|r| (likeness(&r), r))
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.start.cmp(&a.1.start)))?;
        (score > 0.3).then(|| best.clone())
    }
}

/// Whether anything is left of a quotation to look for.
#[must_use]
pub fn is_blank(quoted: &str) -> bool {
    without_ellipses(&fold(quoted).text).is_empty()
}

fn without_ellipses(folded: &str) -> &str {
    folded
        .trim_matches(|c: char| c == '…' || c.is_whitespace())
        .trim_start_matches("...")
        .trim_end_matches("...")
        .trim()
}

/// A folded text and where each of its bytes comes from.
#[derive(Clone, Debug, Default)]
struct Folded {
    text: String,
    /// For every byte of `text`, the bytes of the original character.
    from: Vec<(u32, u32)>,
}

impl Folded {
    fn push(&mut self, c: char, lo: usize, hi: usize) {
        self.text.push(c);
        self.from.resize(self.text.len(), (lo as u32, hi as u32));
    }

    /// Parts words, once.
    fn space(&mut self, lo: usize, hi: usize) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.push(' ', lo, hi);
        }
    }

    fn original(&self, place: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let lo = self.from.get(place.start).map_or(0, |f| f.0 as usize);
        let hi = self.from.get(place.end.saturating_sub(1)).map_or(lo, |f| f.1 as usize);
        lo..hi.max(lo)
    }

    /// Whether a place neither begins nor ends within a word.
    fn is_whole(&self, place: &std::ops::Range<usize>) -> bool {
        let joins = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        let (before, inside, after) =
            (&self.text[..place.start], &self.text[place.clone()], &self.text[place.end..]);
        !joins(before.chars().next_back(), inside.chars().next())
            && !joins(inside.chars().next_back(), after.chars().next())
    }
}

fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    let mut skip_to = 0;
    let mut in_list = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mark = block_mark(line, in_list);
        in_list = mark > 0 || line.trim().is_empty();
        for (i, c) in line.char_indices().skip_while(|(i, _)| *i < mark) {
            let lo = at + i;
            if lo < skip_to {
                continue;
            }
            if c == ']' {
                skip_to = lo + 1 + link_target(&text[lo + 1..]);
            }
            fold_char(&mut folded, c, lo);
        }
        at += line.len();
        folded.space(at.saturating_sub(1), at);
    }
    while folded.text.ends_with(' ') {
        folded.text.pop();
        folded.from.pop();
    }
    folded
}

fn fold_char(folded: &mut Folded, c: char, lo: usize) {
    let hi = lo + c.len_utf8();
    if c.is_whitespace() {
        folded.space(lo, hi);
    } else if !is_mark(c) {
        c.to_lowercase().for_each(|c| folded.push(c, lo, hi));
    }
}

/// Marks that carry no words: quotation marks, emphasis, code, links, escapes, and what cannot be seen.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '`'
            | '´'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '′'
            | '″'
            | '＂'
            | '＇'
    ) || matches!(
        c,
        '*' | '_' | '~' | '[' | ']' | '\\' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// How many bytes at the beginning of a line are Markdown's: quotation bars, a heading's, a list item's mark. A number
/// is a list item's only where a list may begin or goes on, since a wrapped line may begin with a year.
fn block_mark(line: &str, in_list: bool) -> usize {
    let mut rest = line.trim_start();
    while let Some(quoted) = rest.strip_prefix('>') {
        rest = quoted.trim_start();
    }
    let headless = rest.trim_start_matches('#');
    let bulleted = rest.strip_prefix(['-', '+', '*']);
    let numbered = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = if headless.len() < rest.len() {
        headless
    } else if let Some(item) = bulleted {
        item
    } else if in_list && numbered.len() < rest.len() && numbered.starts_with(['.', ')']) {
        &numbered[1..]
    } else {
        return line.len() - rest.len();
    };
    let marked = if after.starts_with([' ', '\t', '\n', '\r']) || after.is_empty() { after } else { rest };
    line.len() - marked.len()
}

/// The length of a link's target, which follows the bracket that closes its text; brackets in it come in pairs.
fn link_target(after: &str) -> usize {
    let (open, close) = match after.chars().next() {
        Some('(') => ('(', ')'),
        Some('[') => ('[', ']'),
        _ => return 0,
    };
    let mut depth = 0usize;
    for (i, c) in after.char_indices().take_while(|(_, c)| *c != '\n') {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return i + 1;
            }
        }
    }
    0
}

/// Sentences: up to a full stop, a question or an exclamation mark before white space, or a blank line, or a new item.
fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() || block_mark(line, false) > line.len() - line.trim_start().len() {
            found.push(start..line_start);
            start = line_start + block_mark(line, false);
        }
        for (i, c) in line.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?')) {
            let end = line_start + i + c.len_utf8();
            if end > start && text[end..].chars().next().is_none_or(char::is_whitespace) {
                found.push(start..end);
                start = end;
            }
        }
        line_start += line.len();
    }
    found.push(start..text.len());
    found.iter().map(|r| trimmed(text, r)).filter(|r| !r.is_empty()).collect()
}

fn trimmed(text: &str, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let Some(part) = text.get(range.clone()) else { return 0..0 };
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "# Sharing\n\nWe are **not** in the business\nof “selling” [your data](https://x.test/a(b)) to\n\
                        > others. We don’t share it.\n\n1. First item\n2. Second item: an `id`\n";

    fn found(quoted: &str) -> Option<&'static str> {
        Prose::new(TEXT).find(quoted).map(|r| &TEXT[r])
    }

    #[test]
    fn marks_and_white_space_fold_away() {
        assert_eq!(
            found("we are not in the business of \"selling\""),
            Some("We are **not** in the business\nof “selling")
        );
        assert_eq!(found("We don't share it."), Some("We don’t share it."));
        assert_eq!(
            found("…share it. first item second item: an id"),
            Some("share it.\n\n1. First item\n2. Second item: an `id")
        );
        assert_eq!(
            found("selling your data to others"),
            Some("selling” [your data](https://x.test/a(b)) to\n> others")
        );
        assert_eq!(found("sharing we are"), Some("Sharing\n\nWe are"));
    }

    #[test]
    fn half_words_and_nothing_are_not_found() {
        assert_eq!(found("are it"), None);
        assert_eq!(found("e don't share"), None);
        assert_eq!(Prose::new("AÄ Ä Ä").find("Ä Ä"), Some(4..9));
        assert_eq!(found("…"), None);
        assert!(is_blank(" \"…\" "));
    }

    #[test]
    fn the_nearest_sentence_is_shown() {
        let prose = Prose::new(TEXT);
        assert_eq!(prose.nearest("we do not share it").map(|r| &TEXT[r]), Some("We don’t share it."));
        assert_eq!(prose.nearest("xyzzy"), None);
    }

    proptest! {
        #[test]
        fn any_text_folds_and_any_run_of_words_is_found(
            words in proptest::collection::vec("[a-zA-ZäÄİß]{1,6}", 1..12),
            gaps in proptest::collection::vec("[ \n\t]{1,3}|\\*\\* |“ ", 12),
            from in 0usize..12,
        ) {
            let text: String = words.iter().zip(&gaps).flat_map(|(w, g)| [w.as_str(), g.as_str()]).collect();
            let from = from % words.len();
            let quoted = words[from..].join(" ");
            let place = Prose::new(&text).find(&quoted);
            prop_assert!(place.is_some(), "{quoted:?} in {text:?}");
            prop_assert!(text.get(place.unwrap()).is_some());
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,60}|[#>*\\-+0-9.) \\[\\](\n]{0,40}", quoted in "\\PC{0,12}|[a(\\]. ]{0,6}") {
            let prose = Prose::new(&text);
            for place in [prose.find(&quoted), prose.nearest(&quoted)].into_iter().flatten() {
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
