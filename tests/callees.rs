//! Which definition a call or a path means: what inference finds of small programs.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use cargo_privacy::resolve::{GItem, Program};
use cargo_privacy::types::{self, Inference, Scratch, Sema};
use support::meaning::{joined, loaded, meant};

/// Checks what names in `fn main` mean.
fn means(text: &str, expected: &[(&str, &str)]) {
    means_with(text, "", expected);
}

fn means_with(text: &str, dependencies: &str, expected: &[(&str, &str)]) {
    let manifest = format!("[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\n{dependencies}");
    let folder = support::folder(&[("Cargo.toml", &manifest), ("src/main.rs", text)]);
    let found = meant(folder.path(), None);
    for (name, path) in expected {
        assert_eq!(found.get(*name).map(String::as_str), Some(*path), "{name}: {found:?}");
    }
}

#[test]
fn a_primitive_has_functions_and_constants() {
    means(
        "fn main() { let a = u16::from_be_bytes([0, 1]); let b = i64::MAX; \"x\".chars().all(char::is_numeric); \
         let c = [\"\"].iter().map(str::trim); let d = <f64>::EPSILON; }",
        &[
            ("from_be_bytes", "std::primitive::u16::from_be_bytes"),
            ("MAX", "std::primitive::i64::MAX"),
            ("is_numeric", "std::char::is_numeric"),
            ("trim", "std::str::trim"),
        ],
    );
}

#[test]
fn a_constant_belongs_to_a_type_or_a_trait() {
    means(
        "mod far { pub struct A; } impl far::A { const SIZE: u8 = 1; } trait Kind { const NAME: &str; const KIND: u8; } \
         impl Kind for far::A { const NAME: &str = \"a\"; } fn main() { far::A::SIZE; far::A::NAME; far::A::KIND; \
         <far::A as Kind>::NAME; }",
        &[("SIZE", "0.SIZE"), ("NAME", "1.NAME"), ("KIND", "shop::Kind::KIND")],
    );
}

#[test]
fn tables_of_diesel_are_modules_with_columns() {
    means_with(
        "mod schema { use diesel::table; table! { #[sql_name = \"people\"] app.people (id) { id -> Integer, #[max_length = 9] \
         mail -> Nullable<Text>, } } diesel::table! { use diesel::sql_types::*; pets { id -> Integer } } \
         diesel::joinable!(pets -> people (id)); } \
         use diesel::prelude::*; use schema::people::dsl; struct Own; \
         trait Told { fn told(self); } impl Told for Result<usize, diesel::result::Error> { fn told(self) {} } \
         fn main() { let conn: &mut PgConnection = loop {}; \
         schema::people::table.filter(schema::people::mail.eq(\"a\")).execute(conn).told(); \
         dsl::people; schema::pets::id; let own = Own; own.select(1); }",
        "diesel = \"2\"",
        &[
            ("table", "shop::schema::people::table"),
            ("mail", "shop::schema::people::columns::mail"),
            ("id", "shop::schema::pets::columns::id"),
            ("people", "shop::schema::people::table"),
            ("filter", "diesel::QueryDsl::filter"),
            ("eq", "diesel::ExpressionMethods::eq"),
            ("execute", "diesel::RunQueryDsl::execute"),
            ("told", "0.told"),
            ("select", "?"),
        ],
    );
}

#[test]
fn what_a_call_gives_chooses_among_impls_of_a_trait() {
    let text = "struct E; trait Told<S> { fn told(self) -> Result<S, E>; } \
        impl<S, F> Told<S> for Result<S, F> { fn told(self) -> Result<S, E> { loop {} } } \
        impl<F> Told<()> for Result<usize, F> { fn told(self) -> Result<(), E> { loop {} } } \
        fn rows() -> Result<usize, u8> { loop {} } fn main() -> Result<";
    means(&format!("{text}(), E> {{ rows().told() }}"), &[("told", "1.told")]);
    means(&format!("{text}usize, E> {{ rows().told() }}"), &[("told", "0.told")]);
    let later = "(), E> { let run = |n: u8| rows().told(); run(1) }";
    means(&format!("{text}{later}"), &[("told", "1.told")]);
}

#[test]
fn what_only_an_outcome_has_tells_that_a_function_outside_gave_one() {
    means_with(
        "fn main() { far::Version::parse(\"1\").ok(); far::Version::parse(\"1\").map_err(drop).unwrap_or(2); \
         far::Limit::per(1).expect(\"one\"); far::Client::new().send().filter(1); }",
        "far = \"1\"",
        &[
            ("ok", "std::result::Result::ok"),
            ("map_err", "std::result::Result::map_err"),
            ("unwrap_or", "std::result::Result::unwrap_or"),
            ("expect", "?"),
            ("filter", "far::_::filter"),
        ],
    );
}

#[test]
fn macros_that_a_macro_calls_where_types_stand_are_read() {
    means(
        "macro_rules! settings { ($($name:ident: $ty:ty, $kind:ident;)*) => { \
             struct Items { $($name: settings! { @type $ty, $kind },)* } \
             impl Settings { $(fn $name(&self) -> settings! { @type $ty, $kind } { loop {} })* } }; \
             (@type $ty:ty, option) => { Option<$ty> }; (@type $ty:ty, plain) => { $ty }; } \
         struct Settings; settings! { domain: String, plain; smtp: String, option; } \
         fn main() { let s = Settings; s.domain().as_str(); s.smtp().is_none(); let i: Items = loop {}; i.smtp.as_deref(); }",
        &[
            ("as_str", "std::string::String::as_str"),
            ("is_none", "std::option::Option::is_none"),
            ("as_deref", "std::option::Option::as_deref"),
        ],
    );
}

#[test]
fn what_a_call_is_given_chooses_among_impls_of_a_trait() {
    means(
        "struct E; struct A; struct B; impl From<A> for E { fn from(a: A) -> E { E } } impl From<B> for E { fn from(b: B) -> E \
         { E } } trait More<T> { fn more(self, t: T); } impl More<A> for E { fn more(self, t: A) {} } \
         impl More<B> for E { fn more(self, t: B) {} } fn main() { let b = B; E::from(b).more(B); }",
        &[("from", "1.from"), ("more", "3.more")],
    );
}

#[test]
fn a_range_is_no_slice() {
    means(
        "fn main() { let n = 5u64; (0..n).map(|i| i.checked_add(1)); (1..=n).contains(&2); let r = 1..2; \
         let v = vec![String::new()]; v[r].first().unwrap().as_str(); v[..1].len(); }",
        &[
            ("map", "std::iter::Iterator::map"),
            ("checked_add", "std::primitive::u64::checked_add"),
            ("contains", "std::ops::RangeInclusive::contains"),
            ("as_str", "std::string::String::as_str"),
            ("len", "std::slice::len"),
        ],
    );
}

#[test]
fn a_derived_deref_leads_to_the_only_field() {
    means(
        "#[derive(Deref)] struct Id(String); fn main() { let id: Id = loop {}; id.as_str(); }",
        &[("as_str", "std::string::String::as_str")],
    );
}

#[test]
fn what_derive_more_exports_are_the_traits_of_std() {
    means_with(
        "use derive_more::{AsRef, From}; struct Id(String); impl From<u8> for Id { fn from(n: u8) -> Id { loop {} } } \
         impl AsRef<str> for Id { fn as_ref(&self) -> &str { &self.0 } } fn main() { let id: Id = 1.into(); id.as_ref().len(); \
         Id::from(2); }",
        "derive_more = \"2\"",
        &[("from", "0.from"), ("as_ref", "1.as_ref"), ("len", "std::str::len")],
    );
}

#[test]
fn what_is_seen_behind_a_pointer_goes_before_what_may_be_on_it() {
    means_with(
        "use itertools::Itertools; struct Own; fn main() { let v: Vec<u8> = vec![1]; v.contains(&1); \
         vec![\"a\"].join(\"b\"); [1u8].iter().sorted(); let b = Box::new(Own); b.clone(); }",
        "itertools = \"0.14\"",
        &[
            ("contains", "std::slice::contains"),
            ("join", "std::slice::join"),
            ("sorted", "itertools::Itertools::sorted"),
            ("clone", "std::boxed::Box::clone"),
        ],
    );
}

#[test]
fn what_a_derived_builder_builds_is_the_type() {
    means_with(
        "#[derive(bon::Builder)] struct Mail { to: String } fn main() { let b = Mail::builder(); \
         b.to(\"a\".to_owned()).build().to.as_str(); }",
        "bon = \"3\"",
        &[
            ("builder", "shop::Mail::builder"),
            ("to", "shop::MailBuilder::to"),
            ("build", "shop::MailBuilder::build"),
            ("as_str", "std::string::String::as_str"),
        ],
    );
}

#[test]
fn what_the_prelude_gives_to_everything_is_on_what_is_outside_too() {
    means_with(
        "fn main() { let a = far::Key::new(); a.into::<u8>(); far::Key::new().to_string(); a.borrow(); }",
        "far = \"1\"",
        &[
            ("into", "by name std::convert::Into::into"),
            ("to_string", "by name std::string::ToString::to_string"),
            ("borrow", "far::Key::borrow"),
        ],
    );
}

#[test]
fn what_a_pointer_does_not_clone_is_cloned_behind_it() {
    means(
        "use std::sync::{Arc, LazyLock}; struct Own; impl Clone for Own { fn clone(&self) -> Own { Own } } \
         static ONE: LazyLock<Own> = LazyLock::new(|| Own); fn main() { ONE.clone(); }",
        &[("clone", "0.clone")],
    );
    means(
        "use std::sync::Arc; struct Own; impl Clone for Own { fn clone(&self) -> Own { Own } } \
         fn main() { let own: Arc<Own> = loop {}; own.clone(); }",
        &[("clone", "std::sync::Arc::clone")],
    );
}

#[test]
fn flags_are_types_with_constants() {
    means_with(
        "bitflags::bitflags! { #[derive(Clone, Copy)] pub struct Rights: u32 { const READ = 1; #[doc = \"w\"] const WRITE = 2; } } \
         struct Entry { rights: Rights } fn main() { let e: Entry = loop {}; e.rights.contains(Rights::READ | Rights::WRITE); \
         e.rights.bits().checked_add(1); }",
        "bitflags = \"2\"",
        &[
            ("READ", "0.READ"),
            ("WRITE", "0.WRITE"),
            ("contains", "0.contains"),
            ("checked_add", "std::primitive::u32::checked_add"),
        ],
    );
}

#[test]
fn maps_with_another_hasher_are_maps() {
    means_with(
        "use rustc_hash::FxHashMap; use hashbrown::HashSet; fn main() { let mut m: FxHashMap<u8, String> = \
         FxHashMap::default(); m.get(&1).unwrap().as_str(); let s: HashSet<String> = HashSet::new(); \
         s.iter().map(|t| t.as_bytes()); }",
        "rustc-hash = \"2\"\nhashbrown = \"0.16\"",
        &[
            ("get", "std::collections::hash_map::HashMap::get"),
            ("as_str", "std::string::String::as_str"),
            ("as_bytes", "std::string::String::as_bytes"),
        ],
    );
}

/// All that is known of a body, to be compared.
fn told(inference: &Inference) -> String {
    let Inference { exprs, locals, callees, values, fields, pat_paths, ret, .. } = inference;
    format!("{exprs:?} {locals:?} {callees:?} {values:?} {fields:?} {pat_paths:?} {ret:?}")
}

/// What one body leaves for the next must not change what is found in it.
fn bodies_do_not_mix(program: &Program) {
    let sema = Sema::new(program);
    let bodies = program.with_bodies();
    let infer = |item: &GItem, scratch: &mut Scratch| {
        told(&types::infer(&sema, *item, program.body(*item).unwrap(), scratch))
    };
    let alone: Vec<String> = bodies.iter().map(|item| infer(item, &mut Scratch::default())).collect();
    assert!(alone.len() > 4);
    let mut scratch = Scratch::default();
    for (item, alone) in bodies.iter().zip(&alone).chain(bodies.iter().zip(&alone).rev()) {
        assert_eq!(&infer(item, &mut scratch), alone, "{}", joined(&program.path(*item)));
    }
}

#[test]
fn each_body_is_inferred_as_if_it_were_the_only_one() {
    bodies_do_not_mix(&loaded(&support::root().join("fixtures/shop"), None));
    // The same words in one module: `Self`, `T` and a missing argument mean something else in each function.
    let text = "
        pub struct One(u8);
        pub struct Two(String);
        pub struct Held<T = u8>(T);
        pub trait Make { fn make() -> Option<Self> where Self: Sized; fn same(self) -> Self; }
        impl Make for One { fn make() -> Option<Self> { None } fn same(self) -> Self { self } }
        impl Make for Two { fn make() -> Option<Self> { None } fn same(self) -> Self { self } }
        impl One { fn of<T: Clone + Into<Self>>(value: T) -> Self {
            let none: Option<Self> = None; let made = value.clone(); none.unwrap_or(made.into())
        } }
        fn first<T: Make>(value: T) -> Vec<T> { let all: Vec<T> = vec![value.same()]; all }
        fn second<T>(value: Held<T>) -> Held { let _: Option<Held<T>> = Some(value); Held(1) }
        struct T;
        fn third(value: T) -> Vec<T> { let all: Vec<T> = vec![value]; all }
        fn main() { let _ = (One::make(), Two::make(), third(T), first(One(1)), second(Held(\"x\"))); }";
    let folder = support::folder(&[
        ("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n"),
        ("src/main.rs", text),
    ]);
    bodies_do_not_mix(&loaded(folder.path(), None));
}
