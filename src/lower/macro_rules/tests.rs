//! Macros as projects write them, and token soup.

use proc_macro2::{Span, TokenStream, TokenTree};
use proptest::prelude::*;

use super::{CratePath, ExpandError, MacroRules};

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

fn rules(text: &str) -> MacroRules {
    super::parse(tokens(text)).unwrap()
}

fn try_expand(macro_text: &str, input: &str) -> Result<String, ExpandError> {
    let expanded = super::expand(&rules(macro_text), tokens(input), Span::call_site(), &CratePath::local())?;
    Ok(visible(expanded).to_string())
}

/// Writes invisible groups as `‹ … ›` would be: in parentheses after `group`.
fn visible(stream: TokenStream) -> TokenStream {
    use proc_macro2::{Delimiter, Group, Ident};
    let mut out = Vec::new();
    for tree in stream {
        let TokenTree::Group(group) = tree else {
            out.push(tree);
            continue;
        };
        let inside = visible(group.stream());
        if group.delimiter() == Delimiter::None {
            out.push(Ident::new("group", Span::call_site()).into());
            out.push(Group::new(Delimiter::Bracket, inside).into());
        } else {
            out.push(Group::new(group.delimiter(), inside).into());
        }
    }
    out.into_iter().collect()
}

#[track_caller]
fn check(macro_text: &str, input: &str, expected: &str) {
    assert_eq!(try_expand(macro_text, input).unwrap(), tokens(expected).to_string());
}

#[track_caller]
fn refuses(macro_text: &str, input: &str) {
    assert_eq!(try_expand(macro_text, input), Err(ExpandError::NoArm));
}

#[test]
fn logging_macros() {
    let ltrace = "($audit:expr, $($arg:tt)*) => { tracing::trace!($($arg)*) }";
    check(ltrace, r#"au, "{} => {:?}", a.b, c"#, r#"tracing::trace!("{} => {:?}", a.b, c)"#);
    refuses(ltrace, "au");
    check(
        r#"($($key:ident = $value:expr),+ ; $fmt:literal $(, $arg:expr)* $(,)?) => {
            $crate::log($fmt, $($arg,)* &[$((stringify!($key), $value)),+])
        }"#,
        r#"user = u, n = 1; "x{}", y,"#,
        r#"crate::log("x{}", y, &[(stringify!(user), u), (stringify!(n), 1)])"#,
    );
}

#[test]
fn arms_are_tried_in_order() {
    let text = "() => { none }; ($x:ident) => { ident }; (-$x:tt) => { minus }; ($($x:tt)*) => { rest }";
    check(text, "", "none");
    check(text, "a", "ident");
    check(text, "-1", "minus");
    check(text, "a b", "rest");
    refuses("(a) => {}", "b");
    refuses("($e:expr) => {}", "1 2");
}

#[test]
fn repetitions_keep_their_trailing_separator_apart() {
    let vec = "() => { new() }; ($x:expr; $n:expr) => { from($x, $n) }; ($($x:expr),+ $(,)?) => { list([$($x),+]) };";
    check(vec, "1, 2, 3,", "list([1, 2, 3])");
    check(vec, "a; 3", "from(a, 3)");
    check(vec, "foo::<A, B>(x), |a, b| a", "list([group[foo::<A, B>(x)], group[|a, b| a]])");
    refuses(vec, "1,,");
    check("($(a)* a) => { ok }", "a a a", "ok");
    check("($(a)? a b) => { ok }", "a b", "ok");
    refuses("($(a)+) => {}", "");
    refuses("($(a)?) => {}", "a a");
    check("($(a);* b) => { ok }", "a; a b", "ok");
}

#[test]
fn nested_repetitions() {
    check(
        "($($k:ident => [$($v:expr),*]),* $(,)?) => { $( $k: { $( put($k, $v); )* } )* }",
        "a => [1, 2], b => [], c => [x],",
        "a: { put(a, 1); put(a, 2); } b: {} c: { put(c, x); }",
    );
    let uneven = "($($a:ident)*; $($b:ident)*) => { $( $a $b )* }";
    check(uneven, "a b; c d", "a c b d");
    assert_eq!(try_expand(uneven, "a; c d"), Err(ExpandError::Repetition));
    assert_eq!(try_expand("($($a:ident)*) => { $a }", "a"), Err(ExpandError::Repetition));
    assert_eq!(try_expand("($a:ident) => { $( $a )* }", "a"), Err(ExpandError::Repetition));
    check("($x:ident $($($y:ident),*);*) => { $($( $x.$y )*)* }", "s a, b; c", "s.a s.b s.c");
}

#[test]
fn munchers_expand_one_step() {
    let text = "(@step $acc:expr;) => { $acc }; \
                (@step $acc:expr; $head:ident $($tail:tt)*) => { m!(@step $acc + $head; $($tail)*) }; \
                ($($all:tt)*) => { m!(@step 0; $($all)*) };";
    check(text, "a b", "m!(@step 0; a b)");
    check(text, "@step 0; a b", "m!(@step 0 + a; b)");
    check(text, "@step 0 + a;", "group[0 + a]");
}

#[test]
fn operators_are_single_tokens() {
    check("($($t:tt)*) => { $([$t])* }", "a => 'b :: ..= 1", "[a] [=>] ['b] [::] [..=] [1]");
    refuses("(= $x:ident) => {}", "== a");
    refuses("(=> $x:ident) => {}", "= > a");
    check("($($k:ident)=>*) => { $($k)=>* }", "a => b", "a => b");
    check("([$]) => { dollar }; ([$x:tt]) => { $x }", "[$]", "dollar");
    check("($($l:lifetime)|+) => { $($l)+ }", "'a | 'b", "'a 'b");
}

#[test]
fn fragments() {
    check("($t:ty) => { $t }", "Vec<Vec<u8>>", "group[Vec<Vec<u8>>]");
    check("($t:ty) => { $t }", "a::b::C", "a::b::C");
    check("($p:path) => { $p }", "a::b::<C>", "a::b::<C>");
    check("($p:pat => $e:expr) => { match x { $p => $e } }", "A | B => 1", "match x { A | B => 1 }");
    check("($p:pat_param | $q:pat_param) => { $q $p }", "A | B", "B A");
    check("($v:vis fn $n:ident) => { [$v] $n }", "pub(crate) fn f", "[pub(crate)] f");
    check("($v:vis fn $n:ident) => { [$v] $n }", "fn f", "[] f");
    check(
        "($(#[$m:meta])* $i:item) => { $i }",
        "#[doc = \"x\"] #[a(b)] struct S { a: u8 }",
        "struct S { a: u8 }",
    );
    check("($($s:stmt;)*) => { $($s;)* }", "let a: u8 = 1; f(a); a += 1;", "let a: u8 = 1; f(a); a += 1;");
    check("($b:block $l:literal) => { $l $b }", "{ a } -1", "-1 { a }");
    check("($e:expr_2021, $n:ident) => { $e.$n }", "-a, b", "group[-a].b");
    refuses("($e:expr) => {}", "_");
    refuses("($i:ident) => {}", "_");
    refuses("($l:literal) => {}", "a");
}

#[test]
fn fragments_pass_through_further_macros() {
    let first = rules("($e:expr) => { $e }");
    let inner = super::expand(&first, tokens("a + b"), Span::call_site(), &CratePath::local()).unwrap();
    let outer = super::expand(&first, inner, Span::call_site(), &CratePath::local()).unwrap();
    assert_eq!(visible(outer).to_string(), tokens("group[a + b]").to_string());
}

#[test]
fn crate_and_inner_macros() {
    let text = rules("($x:ident) => { $crate::f($x); macro_rules! n { ($y:expr) => { $y } } }");
    let out = super::expand(&text, tokens("a"), Span::call_site(), &CratePath::named("dep")).unwrap();
    let expected = tokens("::dep::f(a); macro_rules! n { ($y:expr) => { $y } }");
    assert_eq!(out.to_string(), expected.to_string());
    assert_eq!(CratePath::named("a-b").0.len(), 1);
}

#[test]
fn macros_of_the_second_kind() {
    check("($x:expr) { f($x) }", "1", "f(1)");
    check("(a) => { x }, (b) => { y },", "b", "y");
}

#[test]
fn only_the_macros_own_tokens_move() {
    let input = tokens("argument");
    let before = input.clone().into_iter().next().unwrap().span().byte_range();
    let site = tokens("            call").into_iter().next().unwrap().span();
    let out = super::expand(&rules("($x:ident) => { [own] $x }"), input, site, &CratePath::local()).unwrap();
    let spans: Vec<_> = out.into_iter().map(|tree| tree.span().byte_range()).collect();
    assert_eq!(spans, [site.byte_range(), before]);
}

#[test]
fn limits() {
    let double = "($($x:tt)*) => { $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* }";
    assert_eq!(try_expand(double, &"a ".repeat(9000)), Err(ExpandError::TooLarge));
    let deep = format!("{}{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(try_expand("($x:tt) => { $x }", &deep), Err(ExpandError::TooDeep));
    let chain = format!("{}x", "!".repeat(3000));
    assert_eq!(try_expand("($x:expr) => { $x }", &chain), Err(ExpandError::TooDeep));
    assert!(try_expand("($($x:tt)*) => { $($x)* }", &chain).is_ok());
    for chain in ["!", "a = ", "return ", "&'a ", "|a| ", "if a {} else ", "*const "] {
        let _ = try_expand("($x:expr) => { $x }", &format!("{}x", chain.repeat(500)));
        let _ = try_expand("($x:ty) => { $x }", &format!("{}x", chain.repeat(500)));
    }
    let calls = format!("a{}", ".b()".repeat(1000));
    assert!(try_expand("($x:expr) => { $x }", &calls).is_ok());
    let arrays = format!("{}{}", "[".repeat(60), "]".repeat(60));
    assert!(try_expand("($x:expr) => { $x }", &arrays).is_ok());
    assert_eq!(try_expand("($x:tt) => { ${count($x)} }", "a"), Err(ExpandError::Unsupported("count".into())));
    let slow = "($($(a)* $(a)* $(a)* $(a)* b)*) => {}";
    assert_eq!(try_expand(slow, &"a ".repeat(200)), Err(ExpandError::TooManySteps));
}

#[test]
fn wrong_rules_say_why() {
    let error = |text: &str| super::parse(tokens(text)).map(drop).unwrap_err();
    assert_eq!(error("($x) => {}"), "missing fragment specifier of `$x`");
    assert_eq!(error("($x:number) => {}"), "unknown fragment specifier `number`");
    assert_eq!(error("($x:tt $x:tt) => {}"), "`$x` is bound twice");
    assert_eq!(error("a b"), "expected a matcher in parentheses");
    assert_eq!(error("() =>"), "expected the body of an arm in braces");
}

fn soup() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "$x",
        ":",
        "expr",
        "$x:expr",
        "$y:tt",
        "$($z:ty),*",
        "$(",
        ")*",
        ")",
        "(",
        "{",
        "}",
        "=>",
        "=",
        ",",
        ";",
        "1",
        "\"s\"",
        "'a",
        "$",
        "$crate",
        "fn",
        "let",
        "|",
        "&",
        "<",
        ">",
        "::",
        "!",
        "#",
        "[",
        "]",
        "?",
        "+",
        "*",
        "-",
        "_",
        "if",
        "else",
        "struct",
        ".",
        "..",
        "macro_rules",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..40)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn soup_never_panics(matcher in soup(), body in soup(), input in soup()) {
        let Ok(rule) = format!("({matcher}) => {{ {body} }}").parse::<TokenStream>() else { return Ok(()) };
        let Ok(input) = input.parse::<TokenStream>() else { return Ok(()) };
        if let Ok(rules) = super::parse(rule) {
            let _ = super::expand(&rules, input, Span::call_site(), &CratePath::local());
        }
    }

    #[test]
    fn all_fragments_take_any_soup(input in soup()) {
        let Ok(input) = input.parse::<TokenStream>() else { return Ok(()) };
        for kind in ["expr", "ty", "pat", "pat_param", "path", "stmt", "block", "item", "meta", "vis", "literal", "tt"] {
            let rules = rules(&format!("($($x:{kind})* $($r:tt)*) => {{ $($x)* | $($r)* }}"));
            let _ = super::expand(&rules, input.clone(), Span::call_site(), &CratePath::local());
        }
    }
}
