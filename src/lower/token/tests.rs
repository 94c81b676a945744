//! What is left of a file without its bodies, and what is too deep to be read.

use super::{Kind, Token, Tokens, split_commas, text_of};

/// The tokens of a file without its bodies, with a space between each two.
fn outside(text: &str) -> String {
    let tokens = Tokens::without_bodies(text, None).unwrap();
    tokens.list.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

/// The same of a text that is read whole.
fn whole(text: &str) -> String {
    Tokens::of(text, 0).unwrap().list.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

#[test]
fn leaves_out_bodies_and_nothing_else() {
    let text = "fn a() { let x = '}'; }\nimpl X { fn b<const N: usize>(&self) -> [u8; {1+1}] { \"{\" } const C: u8 = {1}; }\nm! { fn c() { 1 } }\n";
    let expected = "fn a() {}\nimpl X { fn b<const N: usize>(&self) -> [u8; {1+1}] {} const C: u8 = {1}; }\nm! { fn c() { 1 } }\n";
    assert_eq!(outside(text), whole(expected));
}

#[test]
fn strings_lifetimes_comments_and_raw_text_do_not_confuse() {
    for body in
        ["r#\"}\"#", "b'}'", "'\\''", "/* } /* } */ */", "// }\n", "\"\\\"}\"", "|x: &'a str| x", "'é'"]
    {
        let text = format!("fn a<'a>(x: &'a str) {{ {body} }} struct S;");
        assert_eq!(outside(&text), whole("fn a<'a>(x: &'a str) {} struct S;"), "{body}");
    }
}

#[test]
fn signatures_end_where_their_body_begins() {
    let text =
        "fn a<T>(t: T) where T: A<{ 1 }>, { x(); } enum E { F(fn(u8)) } impl E { fn g(f: fn(u8)) { y(); } }";
    let expected = "fn a<T>(t: T) where T: A<{ 1 }>, { } enum E { F(fn(u8)) } impl E { fn g(f: fn(u8)) { } }";
    assert_eq!(outside(text), whole(expected));
}

#[test]
fn absurd_nesting_is_refused() {
    assert!(Tokens::without_bodies(&"(".repeat(5_000), None).is_err());
    assert!(Tokens::without_bodies(&format!("fn a() {{ {} }}", "!".repeat(5_000)), None).is_err());
    assert!(Tokens::of(&"a = ".repeat(5_000), 0).is_err());
    assert!(Tokens::of(&"Vec<".repeat(5_000), 0).is_err());
    assert!(Tokens::of(&"[".repeat(100), 0).is_ok());
}

#[test]
fn marks_before_the_code_are_no_tokens_and_keep_their_room() {
    let tokens = Tokens::without_bodies("\u{feff}#!/usr/bin/env run\nfn a() {}", None).unwrap();
    assert_eq!((tokens.list[0].text, tokens.list[0].range), ("fn", (22, 24)));
    assert_eq!(outside("#![allow(x)]"), "# ! [ allow ( x ) ]");
}

#[test]
fn texts_have_their_values() {
    for (text, value) in [
        (r#""a\n\u{e9}""#, Some("a\né")),
        (r##"r#"a"\n"#"##, Some("a\"\\n")),
        (r#"r"""#, Some("")),
        (r#"b"a""#, None),
        ("'a'", None),
    ] {
        assert_eq!(text_of(&Tokens::of(text, 0).unwrap().list[0]).as_deref(), value, "{text}");
    }
}

#[test]
fn commas_in_groups_part_nothing() {
    let tokens = Tokens::of("a, f(b, c), , [d,]", 0).unwrap();
    let parts: Vec<usize> = split_commas(&tokens.list).iter().map(|part: &&[Token<'_>]| part.len()).collect();
    assert_eq!(parts, [1, 6, 4]);
    assert_eq!(tokens.list[0].kind, Kind::IDENT);
}
