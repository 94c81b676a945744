//! Macros as projects write them, and token soup.

use proptest::prelude::*;

use super::lexeme::Input;
use super::{CratePath, ExpandError, MacroRules};
use crate::ir::Range;
use crate::lower::token::{Delimiter, MAX_DEPTH, Token, Tokens};
use crate::name::Name;

/// Where calls stand.
const SITE: Range = (90, 95);

fn tokens(text: &str) -> Vec<Token<'_>> {
    Tokens::of(text, 0).unwrap().list
}

fn rules(text: &str) -> MacroRules {
    super::parse(&tokens(text)).unwrap()
}

fn expand<'a>(rules: &MacroRules, input: &[Token<'a>]) -> Result<Vec<Token<'a>>, ExpandError> {
    super::expand(rules, input, SITE, CratePath::Local)
}

fn try_expand(macro_text: &str, input: &str) -> Result<String, ExpandError> {
    expand(&rules(macro_text), &tokens(input)).map(|made| visible(&made))
}

/// The tokens with a space between each two, operators whole, and groups that nobody sees as `group[…]`.
fn visible(tokens: &[Token<'_>]) -> String {
    let input = Input::new(tokens).unwrap();
    let mut place = input.all();
    let mut words = Vec::new();
    while let Some(token) = input.token(place) {
        let lexeme = input.lexeme(place).map_or(std::slice::from_ref(token), |(lexeme, _)| lexeme);
        words.push(match (token.opens(), token.closes()) {
            (Some(Delimiter::Unseen), _) => "group [".to_owned(),
            (_, Some(Delimiter::Unseen)) => "]".to_owned(),
            _ => lexeme.iter().map(|token| token.text).collect(),
        });
        place = place.after(lexeme.len());
    }
    words.join(" ")
}

#[track_caller]
fn check(macro_text: &str, input: &str, expected: &str) {
    assert_eq!(try_expand(macro_text, input).unwrap(), visible(&tokens(expected)));
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
    let input = tokens("a + b");
    let inner = expand(&first, &input).unwrap();
    let outer = expand(&first, &inner).unwrap();
    assert_eq!(visible(&outer), visible(&tokens("group[a + b]")));
    let more = |text| visible(&expand(&rules(text), &inner).unwrap());
    assert_eq!(more("($t:tt) => { ($t) }"), visible(&tokens("(group[a + b])")));
    assert_eq!(
        more("(($t:tt)) => { seen }; ($l:literal) => { literal }; ($s:stmt) => { $s }"),
        visible(&inner)
    );
}

#[test]
fn what_a_macro_kept_whole_is_found_again() {
    let (number, ty) = (tokens("-1"), tokens("Vec<u8>"));
    let number = expand(&rules("($e:expr) => { $e }"), &number).unwrap();
    let ty = expand(&rules("($t:ty) => { $t }"), &ty).unwrap();
    assert_eq!(visible(&number), "group [ - 1 ]");
    let kind = rules("($i:ident) => { ident }; (- $t:tt) => { minus }; ($l:literal) => { $l }");
    assert_eq!(visible(&expand(&kind, &number).unwrap()), "group [ - 1 ]");
    let kind = rules("($b:block) => { block }; ($l:lifetime) => { lifetime }; ($p:path) => { $p, path }");
    assert_eq!(visible(&expand(&kind, &ty).unwrap()), "group [ Vec < u8 > ] , path");
    assert_eq!(expand(&kind, &number).unwrap_err(), ExpandError::NoArm);
}

#[test]
fn crate_and_inner_macros() {
    let text = rules("($x:ident) => { $crate::f($x); macro_rules! n { ($y:expr) => { $y } } }");
    let (input, dep) = (tokens("a"), CratePath::named(Name::new("dep")));
    let out = super::expand(&text, &input, SITE, dep).unwrap();
    let expected = tokens("::dep::f(a); macro_rules! n { ($y:expr) => { $y } }");
    assert_eq!(visible(&out), visible(&expected));
    for name in ["a-b", "", "crate", "1", "'a", "a b"] {
        assert_eq!(CratePath::named(Name::new(name)), CratePath::Local, "{name}");
    }
}

#[test]
fn macros_of_the_second_kind() {
    check("($x:expr) { f($x) }", "1", "f(1)");
    check("(a) => { x }, (b) => { y },", "b", "y");
}

#[test]
fn only_the_macros_own_tokens_move() {
    let input = tokens("argument = a + b");
    let out = expand(&rules("($x:ident = $e:expr) => { [own] $x $e }"), &input).unwrap();
    let places: Vec<_> = out.iter().map(|token| token.range).collect();
    let (argument, operand) = ((0, 8), [(11, 11), (11, 12), (13, 14), (15, 16), (16, 16)]);
    assert_eq!(places, [&[SITE, SITE, SITE, argument][..], &operand].concat());
}

#[test]
fn what_stood_beside_an_argument_does_not_join_with_what_stands_there_now() {
    check("($x:tt $y:tt) => { $x> $y=$x }", "= -", "= > - = =");
    check("($x:tt $($y:tt)*) => { $x= $($y)* }", "=>-1", "=> = - 1");
    check("($($x:tt)*) => { $(=$x)* $($x=)* }", "a >", "= a = > a = > =");
    check("($x:tt) => { -$x-$x=$x }", ">", "- > - > = >");
}

/// A thread with a stack like those that the program runs on.
fn on_a_deep_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 28).spawn(work).unwrap().join().unwrap();
}

#[test]
fn limits() {
    let double = "($($x:tt)*) => { $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* $($x)* }";
    assert_eq!(try_expand(double, &"a ".repeat(9000)), Err(ExpandError::TooLarge));
    assert!(try_expand(double, &"a ".repeat(4000)).is_ok());
    assert_eq!(try_expand("($x:tt) => { ${count($x)} }", "a"), Err(ExpandError::Unsupported("count".into())));
    let slow = "($($(a)* $(a)* $(a)* $(a)* b)*) => {}";
    assert_eq!(try_expand(slow, &"a ".repeat(200)), Err(ExpandError::TooManySteps));
    assert_eq!(try_expand("($($x:tt)*) => {}", "( ]"), Err(ExpandError::Unbalanced));
    assert_eq!(try_expand("($($x:tt)*) => {}", "a )"), Err(ExpandError::Unbalanced));
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    on_a_deep_stack(|| {
        let most = MAX_DEPTH as usize;
        let deep = format!("{}{}", "(".repeat(most), ")".repeat(most));
        assert!(try_expand("($x:expr) => { $x }", &deep[1..2 * most - 1]).is_ok());
        assert!(try_expand("($x:tt) => { $x }", &deep).is_ok());
        assert_eq!(try_expand("($x:tt) => { ($x) }", &deep), Err(ExpandError::TooDeep));
        let chain = format!("{}x", "!".repeat(most));
        assert!(try_expand("($x:expr) => { $x }", &chain).is_ok());
        assert!(try_expand("($($x:tt)*) => { $($x)* }", &chain).is_ok());
        assert_eq!(try_expand("($($x:tt)*) => { $($x)* $($x)* }", &chain), Err(ExpandError::TooDeep));
        for chain in
            ["!", "a = ", "return ", "&'a ", "|a| ", "if a {} else ", "*const ", "a + ", "a as ", "#[a] "]
        {
            let _ = try_expand("($x:expr) => { $x }", &format!("{}x", chain.repeat(most / 2)));
            let _ = try_expand("($x:ty) => { $x }", &format!("{}x", chain.repeat(most / 2)));
        }
        let calls = format!("a{}", ".b()".repeat(most));
        assert!(try_expand("($x:expr) => { $x }", &calls).is_ok());
        let arrays = format!("{}{}", "[".repeat(most - 1), "]".repeat(most - 1));
        assert!(try_expand("($x:expr) => { $x }", &arrays).is_ok());
    });
}

/// Fragments far longer and far shorter than what a parser is shown at first.
#[test]
fn fragments_of_any_length() {
    let long = |piece: &str| piece.repeat(500);
    for text in
        [format!("f::<{}>(x)", long("A, ")), format!("|{}| a", long("a, ")), format!("a{}", long(" + a"))]
    {
        check("($e:expr, $f:expr) => { $f; $e }", &format!("{text}, 1"), &format!("1; group[{text}]"));
        check(
            "($e:expr; $($t:tt)*) => { $e }",
            &format!("{text}; {}", long("x, ")),
            &format!("group[{text}]"),
        );
    }
    let ty = format!("T<{}>", long("A, "));
    check("($t:ty { $($x:tt)* }) => { $t }", &format!("{ty} {{ {} }}", long("x ")), &format!("group[{ty}]"));
    let pat = format!("A {}", long("| B"));
    check("($p:pat => $e:expr) => { $e, $p }", &format!("{pat} => 1"), &format!("1, {pat}"));
    let items =
        long("fn f() -> A<{ 1 }> { a } #[b] struct S<T>(T, u8) where T: A; static X: [u8; 2] = [1, 2]; ");
    check("($($i:item)*) => { $($i)* }", &items, &items);
    refuses("($e:expr) => {}", &format!("f(x {}", long(", y")).replace('(', "::<"));
}

/// Long lists are read in a time that grows as they do; what would be its square takes minutes.
#[test]
fn long_lists_take_no_longer_than_their_length() {
    let list = |piece: &str| piece.repeat(6_000);
    assert!(try_expand("($($e:expr),*) => {}", list("a.b, ").trim_end_matches(", ")).is_ok());
    assert!(try_expand("($($i:item)*) => {}", &list("fn f() {} ")).is_ok());
    assert!(try_expand("($($t:ty { $($x:tt)* })*) => {}", &list("A<B> { c } ")).is_ok());
    assert!(try_expand("($($m:meta)*) => {}", &list("a(b) ")).is_ok());
    assert!(try_expand("($(($l:literal $v:vis $b:block))*) => {}", &list("(1 pub {}) ")).is_ok());
    refuses("($($e:expr)*) => {}", &list("a = , "));
}

#[test]
fn doc_comments_are_texts() {
    let comment = Tokens::of("\"\"", 0).unwrap().list[0];
    let input: Vec<_> = tokens("#[doc = 0] a");
    let text = Token { text: "/// A \"name\"", ..comment };
    let input: Vec<_> = input.iter().map(|token| if token.is("0") { text } else { *token }).collect();
    let made = expand(&rules("($(#[doc = $d:literal])* $n:ident) => { $($d)* }"), &input).unwrap();
    assert_eq!(crate::lower::token::text_of(&made[0]).as_deref(), Some(" A \"name\""));
}

#[test]
fn wrong_rules_say_why() {
    let error = |text: &str| super::parse(&tokens(text)).map(drop).unwrap_err();
    assert_eq!(error("($x) => {}"), "missing fragment specifier of `$x`");
    assert_eq!(error("($x:number) => {}"), "unknown fragment specifier `number`");
    assert_eq!(error("($x:tt $x:tt) => {}"), "`$x` is bound twice");
    assert_eq!(error("a b"), "expected a matcher in parentheses");
    assert_eq!(error("() =>"), "expected the body of an arm in braces");
    assert_eq!(error("($($x:tt) ,) => {}"), "expected one of `*`, `+` and `?` after a repetition");
    assert_eq!(error("(a => {}"), "the delimiters of the macro do not match");
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
        let rule = format!("({matcher}) => {{ {body} }}");
        if let Ok(rules) = super::parse(&tokens(&rule)) {
            let input = tokens(&input);
            let Ok(made) = expand(&rules, &input) else { return Ok(()) };
            prop_assert!(Input::new(&made).is_some(), "{}", visible(&made));
            let _ = expand(&rules, &made);
        }
    }

    #[test]
    fn all_fragments_take_any_soup(input in soup()) {
        let input = tokens(&input);
        for kind in ["expr", "ty", "pat", "pat_param", "path", "stmt", "block", "item", "meta", "vis", "literal", "lifetime", "ident", "tt"] {
            let rules = rules(&format!("($($x:{kind})* $($r:tt)*) => {{ $($x)* | $($r)* }}"));
            if let Ok(made) = expand(&rules, &input) {
                prop_assert!(Input::new(&made).is_some(), "{}", visible(&made));
            }
        }
    }
}
