//! A scan over raw text, ahead of any parser: where function bodies begin and end, and how deep the text nests.
//!
//! It knows just enough of Rust's lexical grammar (comments, strings, characters against lifetimes) to match
//! delimiters. Bodies inside macro calls are left alone: what stands there is tokens until the macro is expanded.

/// Nesting that no person writes; parsers and the stages after them recurse, so it is refused.
pub(super) const MAX_DEPTH: u32 = 1_500;

/// Why a text is not handed to the parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep {
    /// Where the limit was passed.
    pub(super) at: u32,
}

/// The text with the inside of function bodies replaced by spaces: same length, same line breaks.
pub(super) fn blank_bodies(text: &str) -> Result<String, TooDeep> {
    let mut scanner = Scanner::new(text.as_bytes());
    scanner.run()?;
    let mut bytes = text.as_bytes().to_vec();
    for (open, close) in scanner.bodies {
        let inside = &mut bytes[open + 1..close];
        inside.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    }
    blank_prefix(&mut bytes);
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Checks the nesting of a piece of code.
pub(super) fn check_depth(text: &str) -> Result<(), TooDeep> {
    Scanner::new(text.as_bytes()).run()
}

/// A byte-order mark and a shebang are no tokens; blanked, all offsets stay those of the file.
fn blank_prefix(bytes: &mut [u8]) {
    let mut start = 0;
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes[..3].fill(b' ');
        start = 3;
    }
    if bytes[start..].starts_with(b"#!") && !is_inner_attribute(&bytes[start + 2..]) {
        let end = bytes[start..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| start + n);
        bytes[start..end].fill(b' ');
    }
}

fn is_inner_attribute(after: &[u8]) -> bool {
    after.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[')
}

/// What the scanner waits for between `fn` and its body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seek {
    Nothing,
    /// `fn` was seen; its name must follow.
    Name,
    /// In a signature that began at this depth.
    Body(u32),
    /// In the where clause of such a signature, where a body may follow a comma.
    Where(u32),
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
    run: u32,
    /// The last significant byte before `at`.
    before: u8,
    bodies: Vec<(usize, usize)>,
    seek: Seek,
    /// After `name !`: the next delimiter opens a macro's input.
    bang: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            run: 0,
            before: b' ',
            bodies: Vec::new(),
            seek: Seek::Nothing,
            bang: false,
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn run(&mut self) -> Result<(), TooDeep> {
        while self.at < self.text.len() {
            if !self.skip_trivia() {
                self.token()?;
            }
        }
        Ok(())
    }

    /// Skips white space, a comment, or a literal that may hold delimiters.
    fn skip_trivia(&mut self) -> bool {
        let b = self.peek(0);
        if b.is_ascii_whitespace() {
            self.at += 1;
        } else if b == b'/' && self.peek(1) == b'/' {
            self.at = self.find_from(self.at, b'\n');
        } else if b == b'/' && self.peek(1) == b'*' {
            self.block_comment();
        } else {
            return false;
        }
        true
    }

    fn find_from(&self, from: usize, byte: u8) -> usize {
        self.text[from..].iter().position(|b| *b == byte).map_or(self.text.len(), |n| from + n)
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => depth += 1,
                (b'*', b'/') => depth -= 1,
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
    }

    fn token(&mut self) -> Result<(), TooDeep> {
        let b = self.peek(0);
        match b {
            b'"' => self.string(),
            b'\'' => self.quote(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            b'0'..=b'9' => self.number(),
            b'(' | b'[' | b'{' => return self.open(b),
            b')' | b']' | b'}' => self.close(),
            _ => return self.punct(b),
        }
        self.run = 0;
        Ok(())
    }

    fn punct(&mut self, b: u8) -> Result<(), TooDeep> {
        if b == b';' && matches!(self.seek, Seek::Body(depth) | Seek::Where(depth) if depth == self.depth) {
            self.seek = Seek::Nothing;
        }
        self.bang = b == b'!' && is_word(self.before) && self.peek(1) != b'=';
        self.run = if b.is_ascii_punctuation() && !matches!(b, b'.' | b',' | b';' | b':') {
            self.run + 1
        } else {
            0
        };
        self.step(1, b);
        if self.run > MAX_DEPTH { Err(TooDeep { at: self.at as u32 }) } else { Ok(()) }
    }

    fn step(&mut self, by: usize, before: u8) {
        self.at += by;
        self.before = before;
    }

    fn open(&mut self, b: u8) -> Result<(), TooDeep> {
        let body = b == b'{' && self.is_body();
        if self.bang || body {
            let start = self.at;
            self.bang = false;
            self.seek = Seek::Nothing;
            self.group()?;
            if body && self.at > start + 1 {
                self.bodies.push((start, self.at - 1));
            }
            return Ok(());
        }
        self.depth += 1;
        self.step(1, b);
        if self.depth > MAX_DEPTH { Err(TooDeep { at: self.at as u32 }) } else { Ok(()) }
    }

    /// Whether a brace here is a function's body and not a constant among generic arguments.
    fn is_body(&self) -> bool {
        match self.seek {
            Seek::Body(depth) => depth == self.depth && !matches!(self.before, b'<' | b',' | b'='),
            Seek::Where(depth) => depth == self.depth && !matches!(self.before, b'<' | b'='),
            Seek::Nothing | Seek::Name => false,
        }
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.bang = false;
        self.step(1, b')');
    }

    /// Skips from an opening delimiter past its match, whatever stands inside.
    fn group(&mut self) -> Result<(), TooDeep> {
        let mut depth = 0u32;
        while self.at < self.text.len() {
            if self.skip_trivia() {
                continue;
            }
            match self.peek(0) {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                b'"' => {
                    self.string();
                    continue;
                }
                b'\'' => {
                    self.quote();
                    continue;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                    self.inert_word();
                    self.run = 0;
                    continue;
                }
                b if !matches!(b, b'.' | b',' | b';' | b':' | b'0'..=b'9') => self.run += 1,
                _ => self.run = 0,
            }
            self.step(1, b')');
            if depth == 0 {
                break;
            }
            if depth > MAX_DEPTH || self.run > MAX_DEPTH {
                return Err(TooDeep { at: self.at as u32 });
            }
        }
        Ok(())
    }

    fn word_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len())
    }

    /// A word outside macro inputs: `fn`, a raw string's prefix, or any other.
    fn word(&mut self) {
        let end = self.word_end();
        let word = &self.text[self.at..end];
        if self.literal_prefix(word, end) {
            return;
        }
        self.seek = match (self.seek, word) {
            (_, b"fn") if self.is_named(end) => Seek::Name,
            (Seek::Name, _) => Seek::Body(self.depth),
            (Seek::Body(depth), b"where") if depth == self.depth => Seek::Where(depth),
            (other, _) => other,
        };
        self.at = end;
        self.before = b'a';
    }

    /// Whether a name follows, as it does not in the type of a function pointer.
    fn is_named(&self, end: usize) -> bool {
        self.text[end..].iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'(')
    }

    fn inert_word(&mut self) {
        let end = self.word_end();
        if !self.literal_prefix(&self.text[self.at..end], end) {
            self.at = end;
        }
    }

    /// `r"…"`, `br#"…"#`, `b"…"`, `c"…"`, `b'x'`, `r#ident`.
    fn literal_prefix(&mut self, word: &[u8], end: usize) -> bool {
        let next = self.text.get(end).copied().unwrap_or(0);
        let raw = matches!(word, b"r" | b"br" | b"cr");
        if raw && (next == b'"' || next == b'#') {
            self.at = end;
            return self.raw_string();
        }
        if matches!(word, b"b" | b"c") && next == b'"' {
            self.at = end;
            self.string();
            return true;
        }
        if word == b"b" && next == b'\'' {
            self.at = end;
            self.quote();
            return true;
        }
        false
    }

    fn raw_string(&mut self) -> bool {
        let hashes = self.text[self.at..].iter().take_while(|b| **b == b'#').count();
        if self.peek(hashes) != b'"' {
            self.at += hashes;
            return true;
        }
        self.at += hashes + 1;
        while self.at < self.text.len() {
            let found = self.find_from(self.at, b'"');
            let closes =
                self.text[(found + 1).min(self.text.len())..].iter().take_while(|b| **b == b'#').count()
                    >= hashes;
            self.at = (found + 1 + if closes { hashes } else { 0 }).min(self.text.len());
            if closes {
                break;
            }
        }
        self.before = b'"';
        true
    }

    fn string(&mut self) {
        self.at += 1;
        while self.at < self.text.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.text.len());
        self.before = b'"';
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        self.before = b'\'';
        if self.peek(1) == b'\\' {
            self.at = (self.at + 3).min(self.text.len());
            self.at = (self.find_from(self.at.min(self.text.len()), b'\'') + 1).min(self.text.len());
            return;
        }
        let width = match self.peek(1) {
            0x00..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        self.at += if self.peek(1 + width) == b'\'' { 2 + width } else { 1 };
        self.at = self.at.min(self.text.len());
    }

    fn number(&mut self) {
        self.at = self.word_end();
        self.before = b'0';
    }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_bodies_and_nothing_else() {
        let text = "fn a() { let x = '}'; }\nimpl X { fn b<const N: usize>(&self) -> [u8; {1+1}] { \"{\" } const C: u8 = {1}; }\nm! { fn c() { 1 } }\n";
        let blank = blank_bodies(text).unwrap();
        assert_eq!(blank.len(), text.len());
        assert!(blank.starts_with("fn a() {              }\n"));
        assert!(blank.contains("[u8; {1+1}] {     }"));
        assert!(blank.contains("const C: u8 = {1};"));
        assert!(blank.contains("m! { fn c() { 1 } }"));
    }

    #[test]
    fn strings_lifetimes_comments_and_raw_text_do_not_confuse() {
        for body in
            ["r#\"}\"#", "b'}'", "'\\''", "/* } /* } */ */", "// }\n", "\"\\\"}\"", "|x: &'a str| x", "'é'"]
        {
            let text = format!("fn a<'a>(x: &'a str) {{ {body} }} struct S;");
            let blank = blank_bodies(&text).unwrap();
            assert!(blank.ends_with("} struct S;"), "{body}: {blank}");
            assert!(!blank.contains(body.trim()), "{body}: {blank}");
        }
    }

    #[test]
    fn signatures_end_where_their_body_begins() {
        let text = "fn a<T>(t: T) where T: A<{ 1 }>, { x(); } enum E { F(fn(u8)) } impl E { fn g(f: fn(u8)) { y(); } }";
        let blank = blank_bodies(text).unwrap();
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected =
            "fn a<T>(t: T) where T: A<{ 1 }>, { } enum E { F(fn(u8)) } impl E { fn g(f: fn(u8)) { } }";
        assert_eq!(spaced(&blank), expected);
    }

    #[test]
    fn absurd_nesting_is_refused() {
        assert!(blank_bodies(&"(".repeat(5_000)).is_err());
        assert!(blank_bodies(&format!("fn a() {{ {} }}", "!".repeat(5_000))).is_err());
        assert!(check_depth(&"[".repeat(100)).is_ok());
    }

    #[test]
    fn marks_before_the_code_are_blanked() {
        let blank = blank_bodies("\u{feff}#!/usr/bin/env run\nfn a() {}").unwrap();
        assert!(blank.trim_start().starts_with("fn a()"));
        assert!(blank_bodies("#![allow(x)]").unwrap().starts_with("#!["));
    }
}
