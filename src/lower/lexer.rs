//! From text to tokens, white space and comments left out: rustc's lexer, with the kinds of rust-analyzer's parser. Knows
//! no grammar.
//!
//! It tells the same as `ra_ap_parser::LexedStr`, but for a guess at an open string before an unknown prefix. That makes
//! tables of everything in a text, white space included, and unescapes each literal; it is asked where something may be
//! wrong, and in files that do not begin with code.

use std::ops::Range;

use ra_ap_parser::LexedStr;
use ra_ap_rustc_lexer::{Cursor, FrontmatterAllowed, LiteralKind, TokenKind};

use super::token::{EDITION, Kind};

/// What a run of tokens is read into.
pub(super) trait Reader {
    type Stop;

    /// A token other than white space and comments.
    fn token(&mut self, kind: Kind, at: Range<usize>) -> Result<(), Self::Stop>;

    /// White space, or what counts as such.
    fn gap(&mut self);

    fn comment(&mut self, at: Range<usize>);

    /// Something that is no token, and why.
    fn wrong(&mut self, at: Range<usize>, why: &str);
}

/// Reads a text from its first token to its last.
pub(super) fn read<R: Reader>(text: &str, reader: &mut R) -> Result<(), R::Stop> {
    if text.starts_with("#!") || text.starts_with("---") {
        return read_slowly(text, reader);
    }
    let mut at = 0;
    let mut cursor = Cursor::new(text, FrontmatterAllowed::No);
    loop {
        let token = cursor.advance_token();
        let mut end = at + token.len as usize;
        match token.kind {
            TokenKind::Eof => return Ok(()),
            TokenKind::Whitespace => reader.gap(),
            TokenKind::LineComment { .. } | TokenKind::BlockComment { terminated: true, .. } => {
                reader.comment(at..end);
            }
            TokenKind::GuardedStrPrefix => {
                // Two tokens before the edition of 2024, of which the second may begin something longer.
                end = at + 1;
                cursor = Cursor::new(&text[end..], FrontmatterAllowed::No);
                reader.token(Kind::POUND, at..end)?;
            }
            kind => {
                let (kind, why) = kind_of(kind, &text[at..end]);
                if let Some(why) = why {
                    reader.wrong(at..end, &why);
                }
                match kind {
                    Kind::COMMENT => reader.comment(at..end),
                    kind => reader.token(kind, at..end)?,
                }
            }
        }
        at = end;
    }
}

/// The same by rust-analyzer's own tables: for files with a shebang or front matter.
fn read_slowly<R: Reader>(text: &str, reader: &mut R) -> Result<(), R::Stop> {
    let lexed = LexedStr::new(EDITION, text);
    for (at, why) in lexed.errors() {
        reader.wrong(lexed.text_range(at), why);
    }
    for i in 0..lexed.len() {
        match lexed.kind(i) {
            Kind::WHITESPACE | Kind::SHEBANG | Kind::FRONTMATTER => reader.gap(),
            Kind::COMMENT => reader.comment(lexed.text_range(i)),
            kind => reader.token(kind, lexed.text_range(i))?,
        }
    }
    Ok(())
}

/// What a token is, and what is wrong with it.
fn kind_of(kind: TokenKind, text: &str) -> (Kind, Option<String>) {
    match kind {
        TokenKind::Ident if text == "_" => (Kind::UNDERSCORE, None),
        TokenKind::Ident => (Kind::from_keyword(text, EDITION).unwrap_or(Kind::IDENT), None),
        TokenKind::RawIdent => (Kind::IDENT, None),
        // What a prefix is depends on what follows, so these are not to be looked at alone.
        TokenKind::UnknownPrefix if text == "builtin" => (Kind::IDENT, None),
        TokenKind::UnknownPrefix => (Kind::IDENT, Some("unknown literal prefix".to_owned())),
        TokenKind::UnknownPrefixLifetime => {
            (Kind::LIFETIME_IDENT, Some("Unknown lifetime prefix".to_owned()))
        }
        TokenKind::Lifetime { starts_with_number: false } | TokenKind::RawLifetime => {
            (Kind::LIFETIME_IDENT, None)
        }
        TokenKind::Unknown => (Kind::ERROR, None),
        TokenKind::Literal { kind, .. } => match plain_literal(kind, text) {
            Some(kind) => (kind, None),
            None => alone(text),
        },
        _ => match text.as_bytes() {
            [one] => (Kind::from_char(char::from(*one)).unwrap_or(Kind::ERROR), None),
            _ => alone(text),
        },
    }
}

/// A literal with which nothing can be wrong.
fn plain_literal(kind: LiteralKind, text: &str) -> Option<Kind> {
    match kind {
        LiteralKind::Int { empty_int: false, .. } => Some(Kind::INT_NUMBER),
        LiteralKind::Float { empty_exponent: false, .. } => Some(Kind::FLOAT_NUMBER),
        LiteralKind::Str { terminated: true } => {
            let is_plain = memchr::memchr2(b'\\', b'\r', text.as_bytes()).is_none();
            is_plain.then_some(Kind::STRING)
        }
        LiteralKind::RawStr { n_hashes: Some(_) } => Some(Kind::STRING),
        _ => None,
    }
}

fn alone(text: &str) -> (Kind, Option<String>) {
    let (kind, last) = LexedStr::single_token(EDITION, text).unwrap_or((Kind::ERROR, None));
    // Of all that is wrong in a literal this is the last; the tables begin with the first.
    let first = |last| LexedStr::new(EDITION, text).errors().next().map_or(last, |(_, why)| why.to_owned());
    (kind, last.map(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Kinds and places of everything but white space, and the first thing that is wrong.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        list: Vec<(Kind, Range<usize>)>,
        wrong: Option<(Range<usize>, String)>,
    }

    impl Reader for Seen {
        type Stop = std::convert::Infallible;

        fn token(&mut self, kind: Kind, at: Range<usize>) -> Result<(), Self::Stop> {
            self.list.push((kind, at));
            Ok(())
        }

        fn gap(&mut self) {}

        fn comment(&mut self, at: Range<usize>) {
            self.list.push((Kind::COMMENT, at));
        }

        fn wrong(&mut self, at: Range<usize>, why: &str) {
            self.wrong.get_or_insert_with(|| (at, why.to_owned()));
        }
    }

    #[track_caller]
    fn same(text: &str) {
        let (mut ours, mut theirs) = (Seen::default(), Seen::default());
        read(text, &mut ours).unwrap();
        read_slowly(text, &mut theirs).unwrap();
        assert_eq!(ours, theirs, "{text:?}");
    }

    #[test]
    fn tells_the_same_as_the_tables() {
        for text in [
            "fn r#fn<'a, 'r#b>(x: &'a str) -> Self { _ + builtin#x 1..=2.5e3 0b1u8 'c' '\\n' b'x' b\"y\" c\"z\" }",
            "/// doc\n//! inner\n/* a /* b */ c */ /** d */ \"a\\\"b\" r#\"}\"# br\"x\" cr\"x\" 1.foo() 1.0.1 dyn async await",
            "0x 1e \"open",
            "\"\\q and \\u\"",
            "'ab' '' '\\q' \"\\q\" \"a\rb\" b'é' '1a foo\"x\" foo#bar 'foo#",
            "## #\"a\" #\"\"# é ° 日本 ༀ \u{200b}",
            "/* open",
            "r##\"open\"#",
            "#!/bin/sh\nfn a() {}",
            "---\na = 1\n---\nfn a() {}",
            "#![allow(x)]",
            "",
        ] {
            same(text);
        }
    }

    proptest! {
        #[test]
        fn tells_the_same_of_any_text(text in any::<String>()) {
            same(&text);
        }

        #[test]
        fn tells_the_same_of_pieces(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "r#", "'", "\"", "b", "c", "#", "\\", "/*", "*/", "//", "\n", " ", "0", "1.", "e", "x", "_", ".", "-",
            "é", "!", "::", "builtin", "fn", "\r", "{", "}",
        ]), 0..12)) {
            same(&pieces.concat());
        }
    }
}
