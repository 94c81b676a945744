//! Where an attribute goes in a text, seen from the name that is declared: before the words that lead up to it. Knows
//! these words and nothing of types.

use std::ops::Range;

use crate::label::{Proposal, Site};
use crate::source::Span;

/// Words that stand before `fn`.
const QUALIFIERS: &[&str] = &["const", "async", "unsafe", "extern", "default", "safe"];
/// Words that stand between a type's visibility and its name.
const KINDS: &[&str] = &["struct", "enum", "union"];

/// Where the declaration begins; none where it can carry no attribute.
pub(super) fn start(text: &str, span: Span, site: Site) -> Option<usize> {
    let at = span.lo as usize;
    text.get(..at)?;
    match site {
        Site::Field => Some(without_visibility(text, at)),
        Site::Param => Some(without_words(text, at, &["mut", "ref"])),
        Site::Function => Some(without_visibility(text, without_qualifiers(text, at))),
        Site::Local => {
            let start = word_before(text, without_words(text, at, &["mut"]), "let")?;
            let before = text[..start].trim_end();
            let is_statement =
                before.is_empty() || before.ends_with(['{', '}', ';', ']', '/']) || begins_line(text, start);
            is_statement.then_some(start)
        }
    }
}

/// Whether the declared name stands where it is said to: what a macro makes points at the macro's call.
pub(super) fn is_named(text: &str, proposal: &Proposal) -> bool {
    let Some(there) = text.get(proposal.span.range()) else { return false };
    let name = proposal.path.rsplit("::").next().unwrap_or_default();
    match proposal.site {
        Site::Function => there.starts_with("fn"),
        Site::Field if name.starts_with(|c: char| c.is_ascii_digit()) => true,
        Site::Field | Site::Param | Site::Local => there.trim_start_matches("r#") == name,
    }
}

/// The edit that puts an attribute there, on a line of its own where the declaration begins one.
pub(super) fn before(text: &str, at: usize, attribute: &str, own_line: bool) -> (Range<usize>, String) {
    if own_line && begins_line(text, at) {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let indent = &text[line..at];
        return (at..at, format!("{attribute}{}{indent}", line_break(text, at)));
    }
    (at..at, format!("{attribute} "))
}

/// The edit that derives the companion crate's trait for the type of this name; none where it is derived already.
pub(super) fn derive(text: &str, holder: Span) -> Option<(Range<usize>, String)> {
    let at = without_words(text, holder.lo as usize, KINDS);
    let at = without_visibility(text, at);
    // The attributes of a type follow one another without anything in between that ends an item.
    let head = text[..at].rfind(['}', ';']).map_or(0, |end| end + 1);
    let is_derived = text[head..at].contains("PersonalData");
    (!is_derived).then(|| before(text, at, "#[derive(personal_data::PersonalData)]", true))
}

fn begins_line(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..at].trim().is_empty()
}

/// The break of the line that holds a byte.
fn line_break(text: &str, at: usize) -> &'static str {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    if text[..end].ends_with('\r') { "\r\n" } else { "\n" }
}

/// Where a word begins that stands directly before a byte.
fn word_before(text: &str, at: usize, word: &str) -> Option<usize> {
    let before = text[..at].trim_end();
    let rest = before.strip_suffix(word)?;
    let is_whole = !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '#');
    // `mut` and the name that follows are two words.
    (is_whole && before.len() < at).then_some(rest.len())
}

fn without_words(text: &str, at: usize, words: &[&str]) -> usize {
    let next = words.iter().find_map(|word| word_before(text, at, word));
    next.map_or(at, |next| without_words(text, next, words))
}

/// `pub`, `pub(crate)`, `pub(in a::b)`.
fn without_visibility(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end();
    let scope = before.strip_suffix(')').and_then(|inner| inner.rfind('('));
    let scoped = scope.and_then(|open| {
        let end = text[..open].trim_end().len();
        word_before(&format!("{} ", &text[..end]), end + 1, "pub")
    });
    scoped.or_else(|| word_before(text, at, "pub")).unwrap_or(at)
}

/// `const`, `async`, `unsafe`, `extern "C"` before `fn`.
fn without_qualifiers(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end();
    let quoted = before.strip_suffix('"').and_then(|inner| inner.rfind('"'));
    let abi = quoted.filter(|open| word_before(text, *open, "extern").is_some());
    let next = abi.or_else(|| QUALIFIERS.iter().find_map(|word| word_before(text, at, word)));
    next.map_or(at, |next| without_qualifiers(text, next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// The text with an attribute before what `name` names.
    fn annotated(text: &str, name: &str, site: Site) -> Option<String> {
        let lo = text.find(name).unwrap() as u32;
        let span = Span::new(FileId(0), lo, lo + name.len() as u32);
        let at = start(text, span, site)?;
        Some(crate::edit::apply(text, &[before(text, at, "#[x]", site != Site::Param)]))
    }

    #[test]
    fn fields_keep_their_visibility_and_their_line() {
        let on = |text: &str| annotated(text, "email", Site::Field).unwrap();
        assert_eq!(
            on("struct U {\n    /// Doc.\n    pub(in crate::a) email: S,\n}"),
            "struct U {\n    /// Doc.\n    #[x]\n    pub(in crate::a) email: S,\n}"
        );
        assert_eq!(on("struct U {\r\n\temail: S,\r\n}"), "struct U {\r\n\t#[x]\r\n\temail: S,\r\n}");
        assert_eq!(on("struct U { id: u8, pub email: S }"), "struct U { id: u8, #[x] pub email: S }");
        assert_eq!(on("struct U { a: F(u8), email: S }"), "struct U { a: F(u8), #[x] email: S }");
        assert_eq!(
            annotated("struct E(pub String);", "String", Site::Field).unwrap(),
            "struct E(#[x] pub String);"
        );
        assert_eq!(on("struct U {\n    r#email: S,\n}").matches("#[x]").count(), 1);
    }

    #[test]
    fn parameters_functions_and_variables_are_reached() {
        let param = |text: &str| annotated(text, "email", Site::Param).unwrap();
        assert_eq!(param("fn f(a: u8, mut email: S) {}"), "fn f(a: u8, #[x] mut email: S) {}");
        let function = |text: &str| annotated(text, "fn ", Site::Function).unwrap();
        assert_eq!(
            function("    pub(crate) async unsafe extern \"C\" fn f() {}"),
            "    #[x]\n    pub(crate) async unsafe extern \"C\" fn f() {}"
        );
        assert_eq!(function("impl A { const fn f() {} }"), "impl A { #[x] const fn f() {} }");
        let local = |text: &str| annotated(text, "email", Site::Local);
        assert_eq!(local("{\n  let mut email = 1;\n}").unwrap(), "{\n  #[x]\n  let mut email = 1;\n}");
        assert_eq!(local("f(|email| g())"), None);
        assert_eq!(local("if let Some(email) = x {}"), None);
        assert_eq!(local("if x && let email = y {}"), None);
    }

    #[test]
    fn a_type_is_derived_once() {
        let of = |text: &str| {
            let lo = text.find("User").unwrap() as u32;
            derive(text, Span::new(FileId(0), lo, lo + 4)).map(|edit| crate::edit::apply(text, &[edit]))
        };
        let expected = "#[derive(Debug)]\n#[derive(personal_data::PersonalData)]\npub struct User {}";
        assert_eq!(of("#[derive(Debug)]\npub struct User {}").unwrap(), expected);
        assert_eq!(of("#[derive(PersonalData)]\npub struct User {}"), None);
    }
}
