//! `// privacy: allow(…) reason: "…"` in the text of a Rust file. A scanner of comments and nothing more: it tells
//! comments from strings and characters, and needs no file that parses.

use std::ops::Range;

/// One comment that allows something, with its places in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AllowComment {
    /// Lints as written, each with its place.
    pub lints: Vec<(String, Range<usize>)>,
    /// The reason, where there is one.
    pub reason: Option<String>,
    /// The comment.
    pub span: Range<usize>,
    /// What it covers: its own line where there is code on it, else up to the end of the next line.
    pub scope: Range<usize>,
    /// What is wrong, where it was meant as an allow and is none.
    pub problem: Option<String>,
}

/// All allows of a text, in order.
#[must_use]
pub fn comments(text: &str) -> Vec<AllowComment> {
    if !text.contains("privacy:") {
        return Vec::new();
    }
    let all = Scanner { text, at: 0 }.comments();
    all.iter().filter_map(|comment| allow(text, comment, &all)).collect()
}

fn allow(text: &str, comment: &Range<usize>, all: &[Range<usize>]) -> Option<AllowComment> {
    let whole = &text[comment.clone()];
    let is_doc = ["///", "//!", "/**", "/*!"].iter().any(|mark| whole.starts_with(mark));
    if is_doc && !whole.starts_with("////") {
        return None;
    }
    let body = whole.trim_start_matches(['/', '*', ' ', '\t']);
    let rest = body.strip_prefix("privacy:")?.trim_start().strip_prefix("allow")?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let mut found = AllowComment {
        lints: Vec::new(),
        reason: None,
        span: comment.clone(),
        scope: scope(text, comment, all),
        problem: None,
    };
    let inside = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let Some((names, rest)) = inside else {
        found.problem = Some("this allow names no lints in parentheses".to_owned());
        return Some(found);
    };
    found.lints =
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|n| named(text, n)).collect();
    found.reason = reason(rest);
    if found.lints.is_empty() {
        found.problem = Some("this allow names no lint".to_owned());
    }
    Some(found)
}

/// A part of the text with its place in it.
fn named(text: &str, part: &str) -> (String, Range<usize>) {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    (part.to_owned(), start..start + part.len())
}

/// `reason: "…"` or `reason = "…"`; a quotation mark in it may be escaped.
fn reason(rest: &str) -> Option<String> {
    let rest = rest.trim_start().trim_start_matches(',').trim_start().strip_prefix("reason")?.trim_start();
    let quoted = rest.strip_prefix([':', '='])?.trim_start().strip_prefix('"')?;
    let mut reason = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(reason),
            '\\' => reason.extend(chars.next()),
            _ => reason.push(c),
        }
    }
    None
}

fn scope(text: &str, comment: &Range<usize>, all: &[Range<usize>]) -> Range<usize> {
    let first = line_around(text, comment.start);
    let own = first.start..line_around(text, comment.end).end;
    if has_code(text, &own, all) {
        return own;
    }
    let mut end = own.end;
    while end < text.len() {
        let next = line_around(text, end + 1);
        let code = has_code(text, &next, all);
        if !code && text[next.clone()].trim().is_empty() {
            break;
        }
        end = next.end;
        if code {
            break;
        }
    }
    own.start..end
}

/// The line that holds a byte, without its line break.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    start..text[at..].find('\n').map_or(text.len(), |after| at + after)
}

/// Whether anything stands on these lines outside of comments.
fn has_code(text: &str, lines: &Range<usize>, all: &[Range<usize>]) -> bool {
    let mut at = lines.start;
    for comment in all.iter().filter(|comment| comment.start < lines.end && lines.start < comment.end) {
        if !text[at..comment.start.max(at)].trim().is_empty() {
            return true;
        }
        at = comment.end.min(lines.end);
    }
    !text[at..lines.end].trim().is_empty()
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn comments(mut self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            match c {
                '/' if self.rest().starts_with("//") => {
                    self.line_comment();
                    found.push(start..self.at);
                }
                '/' if self.rest().starts_with("/*") => {
                    self.block_comment();
                    found.push(start..self.at);
                }
                '"' => self.string(),
                '\'' => self.quote(),
                _ if c.is_alphabetic() || c == '_' => self.word(),
                _ if c.is_ascii_digit() => self.skip_while(|c| c.is_alphanumeric() || c == '_'),
                _ => self.at += c.len_utf8(),
            }
        }
        found
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_while(&mut self, is_part: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    }

    fn line_comment(&mut self) {
        self.skip_while(|c| c != '\n');
        let read = &self.text[..self.at];
        self.at = read.strip_suffix('\r').unwrap_or(read).len();
    }

    /// Block comments nest.
    fn block_comment(&mut self) {
        let mut depth = 0;
        while let Some(next) = self.rest().find(['/', '*']) {
            self.at += next;
            match self.rest().as_bytes() {
                [b'/', b'*', ..] => depth += 1,
                [b'*', b'/', ..] => depth -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
        self.at = self.text.len();
    }

    fn string(&mut self) {
        self.at += 1;
        self.escaped_until('"');
    }

    /// A character literal, or a lifetime, which ends nothing.
    fn quote(&mut self) {
        self.at += 1;
        let mut chars = self.rest().chars();
        match (chars.next(), chars.next()) {
            (Some('\\'), _) => self.escaped_until('\''),
            (Some(c), Some('\'')) => self.at += c.len_utf8() + 1,
            _ => {}
        }
    }

    fn escaped_until(&mut self, end: char) {
        while let Some(next) = self.rest().find([end, '\\']) {
            self.at += next + 1;
            if self.text[..self.at].ends_with(end) {
                return;
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        self.at = self.text.len();
    }

    /// An identifier, with the raw string that it may begin.
    fn word(&mut self) {
        let start = self.at;
        self.skip_while(|c| c.is_alphanumeric() || c == '_');
        if !matches!(&self.text[start..self.at], "r" | "br" | "cr") {
            return;
        }
        let fences = self.rest().bytes().take_while(|b| *b == b'#').count();
        if self.rest()[fences..].starts_with('"') {
            self.at += fences + 1;
            let end = format!("\"{}", "#".repeat(fences));
            self.at += self.rest().find(&end).map_or(self.rest().len(), |at| at + end.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> AllowComment {
        let mut all = comments(text);
        assert_eq!(all.len(), 1, "{text:?}: {all:?}");
        all.remove(0)
    }

    #[test]
    fn the_form_is_read_with_places() {
        let text = "f(); // privacy: allow(a, privacy::b) reason: \"it's \\\"ours\\\"\"\ng();";
        let found = one(text);
        let names: Vec<_> = found.lints.iter().map(|(name, at)| (name.as_str(), &text[at.clone()])).collect();
        assert_eq!(names, [("a", "a"), ("privacy::b", "privacy::b")]);
        assert_eq!(found.reason.as_deref(), Some("it's \"ours\""));
        assert!(text[found.span].starts_with("// privacy"));
        assert_eq!(found.scope, 0..text.find('\n').unwrap());
    }

    #[test]
    fn a_comment_on_its_own_line_covers_the_next_line_of_code() {
        let text = "a();\n// privacy: allow(x)\n// more\r\n  b();\nc();\n";
        assert_eq!(&text[one(text).scope], "// privacy: allow(x)\n// more\r\n  b();");
        let apart = "// privacy: allow(x)\n\nb();";
        assert_eq!(&apart[one(apart).scope], "// privacy: allow(x)");
        let before = "/* privacy: allow(x) */ a();\nb();";
        assert_eq!(&before[one(before).scope], "/* privacy: allow(x) */ a();");
    }

    #[test]
    fn only_comments_count() {
        for text in [
            "let s = \"// privacy: allow(x)\";",
            "let s = r#\"\" // privacy: allow(x)\"#;",
            "let s = b\"\\\\\\\" // privacy: allow(x)\";",
            "/// privacy: allow(x)\nfn f() {}",
            "// privacy: see the wiki\n// privacy: allowing it",
        ] {
            assert!(comments(text).is_empty(), "{text}");
        }
        for text in
            ["let q = '\"'; // privacy: allow(x)", "fn f<'a>(x: &'a str) {} /* /* */ */ // privacy: allow(x)"]
        {
            assert_eq!(one(text).lints[0].0, "x");
        }
        assert!(one("// privacy: allow x").problem.is_some());
        assert!(one("// privacy: allow()").problem.is_some());
    }

    proptest! {
        #[test]
        fn any_text_can_be_scanned(text in "(privacy:|// |allow\\(|\\)|/\\*|\\*/|r#|\"|'|\\\\|\n|ß|.){0,40}") {
            for comment in comments(&text) {
                prop_assert!(text.get(comment.scope.clone()).is_some());
                prop_assert!(comment.scope.start <= comment.span.start && comment.span.end <= comment.scope.end);
            }
        }
    }
}
