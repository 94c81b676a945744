//! How an oracle's dump is read, and how answers are compared with it (`benches/types`).
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../benches/types/dump.rs"]
mod dump;
#[path = "../benches/types/rows.rs"]
mod rows;
#[path = "../benches/types/score.rs"]
mod score;

use rows::{Kind, Row, Symbol, Target};
use score::{Answer, Counts, Match, Score, compare};

const TEXT: &str = "\
use std::fmt::Debug;
#[derive(Clone)]
struct User { name: String }
impl User {
    fn greet(&self) -> usize { self.name.len() }
}
fn main() {
    let user = User { name: String::new() };
    let all = Vec::<User>::new();
    println!(\"{}\", user.clone().greet());
    std::mem::swap::<u8>(a, b); all.0.iter();
}
";

/// One field of a message, of at most 16383 bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = [0x80 | (bytes.len() & 0x7f) as u8, (bytes.len() >> 7) as u8];
    [&[number << 3 | 2][..], &length, bytes].concat()
}

/// The occurrence of a symbol at the n-th place of a name.
fn occurrence(name: &str, nth: usize, symbol: &str, defines: bool) -> Vec<u8> {
    let offset = TEXT.match_indices(name).nth(nth).unwrap().0;
    let line = TEXT[..offset].matches('\n').count() as u8;
    let column = (offset - TEXT[..offset].rfind('\n').map_or(0, |at| at + 1)) as u8;
    let mut bytes = field(1, &[line, column, column + name.len() as u8]);
    bytes.extend(field(2, symbol.as_bytes()));
    bytes.extend([3 << 3, u8::from(defines)]);
    field(2, &bytes)
}

fn dump() -> Vec<u8> {
    let own = |rest: &str| format!("rust-analyzer cargo shop 0.1.0 {rest}");
    let std = |krate: &str, rest: &str| {
        format!("rust-analyzer cargo {krate} https://github.com/rust-lang/rust/library/{krate} {rest}")
    };
    let greet = own("impl#[User]greet().");
    let document = [
        field(1, b"src/main.rs"),
        occurrence("Debug", 0, &std("core", "fmt/Debug#"), false),
        occurrence("Clone", 0, &std("core", "clone/Clone!"), false),
        occurrence("User", 0, &own("User#"), true),
        occurrence("greet", 0, &greet, true),
        occurrence("len", 0, &std("alloc", "string/impl#[String]len()."), false),
        occurrence("User", 2, &own("User#"), false),
        occurrence("name", 2, &own("User#name."), false),
        occurrence("String", 1, &std("alloc", "string/String#"), false),
        occurrence("new", 0, &std("alloc", "string/impl#[String]new()."), false),
        occurrence("clone", 0, &own("impl#[User][Clone]clone()."), false),
        occurrence("greet", 1, &greet, false),
        occurrence("swap", 0, &std("core", "mem/swap()."), false),
        occurrence("iter", 0, "rust-analyzer cargo rows 1.0.0 impl#[`Rows<'a, T>`]iter().", false),
    ];
    field(2, &document.concat())
}

fn rows() -> Vec<Row> {
    rows::of_dump(&dump(), &|file| (file == "src/main.rs").then(|| TEXT.to_owned())).unwrap()
}

fn named(modules: &[&str], holders: &[&str], name: &str) -> Symbol {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Symbol { modules: list(modules), holders: list(holders), name: name.to_owned() }
}

#[test]
fn a_dump_becomes_rows() {
    let text = rows::write(&rows());
    let lines: Vec<&str> = text.lines().skip(1).collect();
    let expected = [
        "src/main.rs\t5\t42\tmethod\tstd\talloc::string::<String>::len",
        "src/main.rs\t8\t16\tpath\there\tsrc/main.rs:3",
        "src/main.rs\t8\t37\tpath\tstd\talloc::string::<String>::new",
        "src/main.rs\t10\t25\tmethod\tderived\tshop::<User, Clone>::clone",
        "src/main.rs\t10\t33\tmethod\there\tsrc/main.rs:5",
        "src/main.rs\t11\t15\tpath\tstd\tcore::mem::swap",
        "src/main.rs\t11\t39\tmethod\tother\trows::<Rows>::iter",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn rows_come_back_from_their_text() {
    let rows = rows();
    assert_eq!(rows::parse(&rows::write(&rows)), Ok(rows));
    assert_eq!(rows::parse("# head\na.rs\t1\t2\tmethod\tnowhere\tx::y\n"), Err(2));
    assert!(rows::of_dump(b"no dump", &|_| None).is_none());
}

#[test]
fn answers_are_compared_by_place_or_by_name() {
    let here = Target::Here(vec![("a.rs".to_owned(), 3), ("a.rs".to_owned(), 9)]);
    let at = |line| Answer::Here(vec![("a.rs".to_owned(), line)], named(&["shop"], &["User"], "greet"));
    assert_eq!(compare(&here, &at(9)), Match::Same);
    assert_eq!(compare(&here, &at(4)), Match::Wrong);
    assert_eq!(compare(&here, &Answer::Unknown("why".to_owned())), Match::Unknown);
    let std = |modules: &[&str], holders: &[&str], name| Target::Std(named(modules, holders, name));
    let outside = |modules: &[&str], holders: &[&str], name| Answer::Outside(named(modules, holders, name));
    let lt = std(&["core", "cmp", "impls"], &["i64", "PartialOrd"], "lt");
    assert_eq!(compare(&lt, &outside(&["std", "cmp"], &["PartialOrd"], "lt")), Match::Same);
    assert_eq!(compare(&lt, &outside(&["std", "cmp"], &["Ord"], "lt")), Match::Wrong);
    assert_eq!(compare(&lt, &outside(&["mine"], &["PartialOrd"], "lt")), Match::Wrong);
    let result = std(&["core", "fmt"], &[], "Result");
    assert_eq!(compare(&result, &outside(&["std", "fmt"], &[], "Result")), Match::Same);
    assert_eq!(compare(&result, &outside(&["std", "io"], &[], "Result")), Match::Wrong);
    let derived = Target::Derived(named(&["shop"], &["User", "Clone"], "clone"));
    assert_eq!(compare(&derived, &outside(&["std", "clone"], &["Clone"], "clone")), Match::Same);
}

#[test]
fn a_score_by_hand() {
    let mut score = Score::default();
    for row in rows() {
        let answer = match row.line {
            5 => Answer::Outside(named(&["std", "string"], &["String"], "len")),
            8 => Answer::Unknown("value".to_owned()),
            10 => Answer::Here(vec![("src/main.rs".to_owned(), 5)], named(&["shop"], &["User"], "greet")),
            _ => Answer::Outside(named(&["rows"], &["Rows"], "iter")),
        };
        score.add(&row, &answer);
    }
    let counts = |same, wrong, unknown| Counts { same, wrong, unknown };
    assert_eq!(score.near[&Kind::Method], counts(2, 1, 0));
    assert_eq!(score.near[&Kind::Path], counts(0, 1, 2));
    assert_eq!(score.far[&Kind::Method], counts(1, 0, 0));
    assert_eq!(score.list.len(), 4, "{:?}", score.list);
    let text = score.text(1);
    assert!(text.contains("Method into workspace or std            3: same 0.6667, wrong 0.3333"), "{text}");
    assert!(text.contains("  Path Unknown     2  value\n"), "{text}");
}
