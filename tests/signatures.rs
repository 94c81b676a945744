//! What is read of libraries from a registry on this machine: which of them, what of them, and what it changes.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_privacy::load::{self, SignatureCounts};
use cargo_privacy::source::SourceMap;
use cargo_privacy::workspace::{self, Registry, Request};
use support::meaning::meant;
use tempfile::TempDir;

/// Below cargo's home: where the sources of a registry are unpacked.
const SOURCES: &str = "home/registry/src/index-0";

/// A machine: a package `shop` in `shop/` with these dependencies and code, its lock file, and libraries in a registry,
/// each with its files.
struct Machine {
    folder: TempDir,
}

/// A library: name, version, the rest of its manifest, what it depends upon, files.
type Library<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

impl Machine {
    fn new(dependencies: &str, code: &str, libraries: &[Library<'_>]) -> Self {
        let manifest =
            format!("[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\n{dependencies}");
        let folder = support::folder(&[("shop/Cargo.toml", &manifest), ("shop/src/main.rs", code)]);
        let machine = Self { folder };
        let mut lock = "version = 4\n".to_owned();
        let list = |names: &[&str]| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
        for (name, version, manifest, uses, files) in libraries {
            lock.push_str(&format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry+https://x\"\n\
                 dependencies = [{}]\n",
                list(uses)
            ));
            let dir = format!("{SOURCES}/{name}-{version}");
            machine.write(
                &format!("{dir}/Cargo.toml"),
                &format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n{manifest}"),
            );
            files.iter().for_each(|(path, text)| machine.write(&format!("{dir}/{path}"), text));
        }
        let all: Vec<String> =
            libraries.iter().map(|(name, version, ..)| format!("{name} {version}")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        lock.push_str(&format!(
            "[[package]]\nname = \"shop\"\nversion = \"0.0.0\"\ndependencies = [{}]\n",
            list(&all)
        ));
        machine.write("shop/Cargo.lock", &lock);
        machine
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(below)
    }

    fn registry(&self) -> Registry {
        Registry { home: self.path("home"), cache: Some(self.path("cache")) }
    }

    fn meant(&self) -> BTreeMap<String, String> {
        meant(&self.path("shop"), Some(self.registry()))
    }

    /// Checks what names in `fn main` mean.
    fn means(&self, expected: &[(&str, &str)]) {
        let found = self.meant();
        for (name, path) in expected {
            assert_eq!(found.get(*name).map(String::as_str), Some(*path), "{name}: {found:#?}");
        }
    }

    fn counts(&self, registry: Registry) -> SignatureCounts {
        let mut sources = SourceMap::default();
        let request = Request { cwd: self.path("shop"), registry: Some(registry), ..Request::default() };
        let (discovered, _) = workspace::discover(&request, &mut sources).unwrap();
        load::with_shipped(&discovered, &mut sources).signatures
    }

    /// The declarations that were kept of a library, without the lines that say what others are.
    fn kept(&self, library: &str) -> Vec<String> {
        let file = format!("{library}.rs");
        let paths = support::files(&self.path("cache"), &[&file]);
        let text = std::fs::read_to_string(&paths[0]).unwrap();
        text.lines().filter(|line| !line.starts_with("//")).map(str::to_owned).collect()
    }

    /// Runs the program as a user of this machine would.
    fn run(&self, arguments: &[&str]) -> support::Run {
        let (home, cache) = (self.path("home"), self.path("user-cache"));
        let variables = [("CARGO_HOME", home.to_str().unwrap()), ("XDG_CACHE_HOME", cache.to_str().unwrap())];
        support::run_with(&self.path("shop"), arguments, &variables)
    }
}

/// A library whose types are not where they are defined, in several files, some made by a macro.
const POST: Library<'_> = (
    "post",
    "1.2.3",
    "[dependencies]\naddr = \"0.4\"\n",
    &["addr"],
    &[
        (
            "src/lib.rs",
            "mod client;\npub mod reply;\npub use client::{Client as Mailer, Options};\npub use addr::*;\n\
             pub type Result<T, E = Error> = std::result::Result<T, E>;\n\
             #[derive(Debug)] pub struct Error { code: u16, pub hint: Option<String> }\n\
             pub fn connect(to: &str) -> Result<client::Client> { body(to) }\n\
             macro_rules! id { ($name:ident) => { pub struct $name(pub u64); \
             impl $name { pub fn text(&self) -> String { String::new() } } } }\nid!(Ticket);\n",
        ),
        (
            "src/client.rs",
            "use crate::{Result, reply::Reply};\nuse std::ops::Deref;\npub struct Client { inner: Inner, options: Options }\n\
             pub struct Inner;\n#[derive(Default)] pub struct Options { pub retries: u32, secret: Vec<u8> }\n\
             impl Client { pub fn options(&mut self) -> &mut Options { &mut self.options }\n\
             pub async fn deliver<B: Into<String>>(&self, to: crate::Address, body: B) -> Result<Reply<B>> { Ok(Reply::empty(body)) }\n\
             fn private(&self) -> u8 { 1 }\npub(crate) fn near(&self) -> u8 { 1 } }\n\
             impl Deref for Client { type Target = Inner; fn deref(&self) -> &Inner { &self.inner } }\n\
             impl Inner { pub fn ping(&self) -> std::time::Duration { std::time::Duration::ZERO } }\n",
        ),
        (
            "src/reply.rs",
            "pub struct Reply<B> { pub ticket: crate::Ticket, pub body: B, rest: () }\n\
             impl<B> Reply<B> { pub(crate) fn empty(body: B) -> Self { Self { ticket: crate::Ticket(1), body, rest: () } }\n\
             pub fn into_body(self) -> B { self.body } }\n\
             impl<B> Iterator for Reply<B> { type Item = crate::Ticket; fn next(&mut self) -> Option<Self::Item> { None } }\n",
        ),
    ],
);

const ADDR: Library<'_> = (
    "addr",
    "0.4.0",
    "",
    &[],
    &[(
        "src/lib.rs",
        "pub struct Address;\nimpl Address { pub fn parse(s: &str) -> Option<Address> { None } \
        pub fn domain(&self) -> &str { \"\" } }\n",
    )],
);

const CHAIN: &str = "use post::{Mailer, Address};\nstruct Own;\nimpl Own { fn own(&self) {} fn ping(&self) {} }\n\
    impl Into<String> for Own { fn into(self) -> String { String::new() } }\n\
    async fn main() { let mut client = post::connect(\"x\").unwrap();\n\
    client.options().retries.pow(2);\nclient.ping().as_secs();\nlet to = Address::parse(\"x\").unwrap();\n\
    to.domain().trim();\nlet reply = client.deliver(to, Own).await.unwrap();\nreply.ticket.text().is_empty();\n\
    reply.into_body().own();\nfor ticket in make() { ticket.0.count_ones(); } }\n\
    fn make() -> post::reply::Reply<Own> { Vec::new().swap_remove(0) }\n";

#[test]
fn a_chain_of_calls_goes_through_types_of_libraries() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    machine.means(&[
        ("connect", "post::connect"),
        ("options", "post::Mailer::options"),
        ("pow", "std::primitive::u32::pow"),
        ("ping", "post::client::Inner::ping"),
        ("as_secs", "std::time::Duration::as_secs"),
        ("parse", "addr::Address::parse"),
        ("domain", "addr::Address::domain"),
        ("trim", "std::str::trim"),
        ("deliver", "post::Mailer::deliver"),
        ("text", "post::Ticket::text"),
        ("is_empty", "std::string::String::is_empty"),
        ("into_body", "post::reply::Reply::into_body"),
        ("own", "0.own"),
        ("count_ones", "std::primitive::u64::count_ones"),
    ]);
}

#[test]
fn what_others_may_name_is_kept_and_nothing_else() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    machine.meant();
    let kept = machine.kept("post-1.2.3");
    let expected = [
        "pub use ::addr::*;",
        "#[derive(Debug)] pub struct Error { pub hint: Option<String> }",
        "pub type Result<T, E = crate::Error> = ::std::result::Result<T, E>;",
        "pub struct Ticket(pub u64);",
        "pub fn connect(to: &str) -> crate::Result<crate::Mailer> {}",
        "pub struct Mailer { }",
        "#[derive(Default)] pub struct Options { pub retries: u32 }",
        "pub struct Reply<B> { pub ticket: crate::Ticket, pub body: B }",
        "impl crate::Mailer { pub fn options(&mut self) -> &mut crate::Options {} }",
        "impl crate::Mailer { pub async fn deliver<B>(&self, to: _, body: B) -> crate::Result<crate::reply::Reply<B>> where B: Into<String> {} }",
        "impl ::std::ops::Deref for crate::Mailer { type Target = crate::client::Inner; }",
        "impl crate::client::Inner { pub fn ping(&self) -> ::std::time::Duration {} }",
        "impl crate::Ticket { pub fn text(&self) -> String {} }",
        "impl<B> crate::reply::Reply<B> { pub fn into_body(self) -> B {} }",
        "impl<B> Iterator for crate::reply::Reply<B> { type Item = crate::Ticket; }",
        "pub struct Inner { }",
    ];
    assert_eq!(kept.iter().map(|line| line.replace("  ", " ")).collect::<Vec<_>>(), expected);
}

#[test]
fn a_definition_stands_where_the_program_names_it() {
    let files = [(
        "src/lib.rs",
        "mod imp { pub struct Client; impl Client { pub fn new() -> Self { Client } pub fn send(&self) {} } }\n\
         pub mod http { pub use crate::imp::Client; pub mod v1 { pub use crate::imp::Client as Sender; } }\n\
         pub mod prelude { pub use crate::http::*; }\n",
    )];
    let library: Library<'_> = ("shipco", "1.0.0", "", &[], &files);
    let sent = |text: &str| Machine::new("shipco = \"1\"\n", text, &[library]).meant()["send"].clone();
    assert_eq!(sent("fn main() { shipco::http::Client::new().send(); }"), "shipco::http::Client::send");
    assert_eq!(
        sent("fn main() { shipco::http::v1::Sender::new().send(); }"),
        "shipco::http::v1::Sender::send"
    );
    assert_eq!(
        sent("use shipco::{http::{v1::Sender as S}};\nfn main() { S::new().send(); }"),
        "shipco::http::v1::Sender::send"
    );
    assert_eq!(
        sent("use shipco::prelude::Client;\nfn main() { Client::new().send(); }"),
        "shipco::prelude::Client::send"
    );
    assert_eq!(
        sent("use shipco::prelude::*;\nfn main() { Client::new().send(); }"),
        "shipco::http::Client::send"
    );
}

#[test]
fn a_trait_for_everything_is_one_where_it_is_imported() {
    let files = [(
        "src/lib.rs",
        "pub trait Ext { fn tap(self) -> Self; }\nimpl<T> Ext for T { fn tap(self) -> T { self } }\n\
         pub mod prelude { pub use crate::Ext; }\npub fn f<T: Ext>(t: T) {}\n",
    )];
    let library: Library<'_> = ("ext", "1.0.0", "", &[], &files);
    let tapped = |import: &str| {
        let code =
            format!("struct Own;\nmod m {{ {import} pub fn main() {{ crate::Own.tap(); ext::f(1); }} }}");
        Machine::new("ext = \"1\"\n", &code, &[library]).meant()["tap"].clone()
    };
    assert_eq!(tapped("use ext::Ext;"), "ext::Ext::tap");
    assert_eq!(tapped("use ext::Ext as _;"), "ext::Ext::tap");
    assert_eq!(tapped("use ext::Ext as Other;"), "ext::Ext::tap");
    assert_eq!(tapped("use ext::prelude::*;"), "ext::Ext::tap");
    assert_eq!(tapped(""), "?");
}

#[test]
fn a_package_gets_the_version_that_it_is_locked_to() {
    let one =
        [("src/lib.rs", "pub struct A; impl A { pub fn get(&self) -> u8 { 1 } }\npub fn a() -> A { A }")];
    let two = [(
        "src/lib.rs",
        "pub struct A; impl A { pub fn get(&self) -> String { String::new() } }\npub fn a() -> A { A }",
    )];
    let machine = Machine::new(
        "old = { package = \"thing\", version = \"0.9\" }\nthing = \"1.0\"\n",
        "fn main() { let x = old::a().get(); x.leading_zeros(); let y = thing::a().get(); y.into_bytes(); }",
        &[("thing", "1.0.4", "", &[], &two), ("thing", "0.9.1", "", &[], &one)],
    );
    machine.means(&[
        ("leading_zeros", "std::primitive::u8::leading_zeros"),
        ("into_bytes", "std::string::String::into_bytes"),
    ]);
    assert_eq!(machine.counts(machine.registry()).libraries, 2);
}

#[test]
fn a_library_goes_by_its_own_name_unless_it_is_renamed() {
    let files = [(
        "lib/main.rs",
        "pub struct Ini; impl Ini { pub fn load() -> Ini { Ini } pub fn section(&self) -> u8 { 1 } }",
    )];
    let library: Library<'_> =
        ("rust-ini", "0.20.0", "[lib]\nname = \"ini\"\npath = \"lib/main.rs\"\n", &[], &files);
    let own = Machine::new("rust-ini = \"0.20\"\n", "fn main() { ini::Ini::load().section(); }", &[library]);
    own.means(&[("section", "ini::Ini::section")]);
    let dependency = "conf = { package = \"rust-ini\", version = \"0.20\" }\n";
    let renamed =
        Machine::new(dependency, "use conf::Ini;\nfn main() { Ini::load().section(); }", &[library]);
    renamed.means(&[("section", "conf::Ini::section")]);
}

#[test]
fn only_libraries_that_code_names_are_read_and_those_that_these_name() {
    let lib = |text: &'static str| [("src/lib.rs", text)];
    let near = lib(
        "pub struct Near; impl Near { pub fn far(&self) -> far::Far { far::Far } pub fn gone(&self) -> gone::Gone { gone::Gone } }",
    );
    let far = lib("pub struct Far; impl Far { pub fn end(&self) {} }");
    let unused = lib("pub struct Unused;");
    let manifest = "[dependencies]\nfar = \"1\"\ngone = \"1\"\n[dev-dependencies]\nunused = \"1\"\n";
    let libraries: [Library<'_>; 4] = [
        ("near", "1.0.0", manifest, &["far", "gone"], &near),
        ("far", "1.0.0", "", &[], &far),
        ("unused", "1.0.0", "", &[], &unused),
        ("tested", "1.0.0", "", &[], &unused),
    ];
    let code = "// unused\n#[cfg(test)] mod t { use tested::T; }\nfn f(n: near::Near) {}\nfn main() { let n = near::Near; n.far().end(); n.gone(); }";
    let machine =
        Machine::new("near = \"1\"\nunused = \"1\"\n[dev-dependencies]\ntested = \"1\"\n", code, &libraries);
    machine.means(&[("far", "near::Near::far"), ("end", "far::Far::end"), ("gone", "near::Near::gone")]);
    assert_eq!(machine.counts(machine.registry()).libraries, 2);
    assert_eq!(support::files(&machine.path("cache"), &[".rs"]).len(), 2);
}

#[test]
fn what_a_model_declares_is_not_read() {
    let files = [("src/lib.rs", "pub struct Url; impl Url { pub fn host_str(&self) -> u8 { 1 } }")];
    let code = "fn main() { let u = url::Url::parse(\"x:y\").unwrap(); u.host_str().unwrap().trim(); }";
    let machine = Machine::new("url = \"2\"\n", code, &[("url", "2.5.0", "", &[], &files)]);
    machine.means(&[("host_str", "url::Url::host_str"), ("trim", "std::str::trim")]);
    assert_eq!(machine.counts(machine.registry()), SignatureCounts::default());
}

#[test]
fn a_vendored_library_is_read_and_not_kept() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    std::fs::create_dir_all(machine.path("shop/vendor")).unwrap();
    for (from, to) in [("post-1.2.3", "post"), ("addr-0.4.0", "addr")] {
        let from = machine.path(&format!("{SOURCES}/{from}"));
        std::fs::rename(from, machine.path(&format!("shop/vendor/{to}"))).unwrap();
    }
    assert_eq!(machine.counts(machine.registry()).libraries, 0);
    let config = "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"vendor\"\n";
    machine.write("shop/.cargo/config.toml", config);
    machine.means(&[("deliver", "post::Mailer::deliver"), ("domain", "addr::Address::domain")]);
    let counts = machine.counts(machine.registry());
    assert_eq!((counts.libraries, counts.kept, counts.unkept), (2, 0, 0));
    assert!(!machine.path("cache").exists());
}

#[test]
fn what_was_kept_is_used_and_mended() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    let first = machine.meant();
    assert_eq!(machine.counts(machine.registry()).kept, 2);
    assert_eq!(machine.meant(), first);
    for path in support::files(&machine.path("cache"), &[".rs"]) {
        std::fs::write(path, "\u{0}no signatures").unwrap();
    }
    assert_eq!(machine.meant(), first);
    assert_eq!(machine.counts(machine.registry()).kept, 2);
    machine.write("file", "");
    let nowhere = Registry { cache: Some(machine.path("file/cache")), ..machine.registry() };
    assert_eq!(machine.counts(nowhere), SignatureCounts { libraries: 2, unkept: 2, ..Default::default() });
    let without = Registry { cache: None, ..machine.registry() };
    assert_eq!(machine.counts(without), SignatureCounts { libraries: 2, ..Default::default() });
}

#[test]
fn without_a_lock_or_a_registry_nothing_is_read() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    let elsewhere = Registry { home: machine.path("nowhere"), ..machine.registry() };
    assert_eq!(machine.counts(elsewhere), SignatureCounts::default());
    assert_eq!(meant(&machine.path("shop"), None)["connect"], "post::connect");
    assert_eq!(meant(&machine.path("shop"), None)["deliver"], "?");
    std::fs::remove_file(machine.path("shop/Cargo.lock")).unwrap();
    assert_eq!(machine.counts(machine.registry()), SignatureCounts::default());
}

#[test]
fn sources_may_be_anything() {
    let deep =
        format!("pub fn f() -> {}u8{} {{}}\npub struct Kept;", "Option<".repeat(30_000), ">".repeat(30_000));
    let globs: String = (0..60)
        .map(|at| format!("pub mod m{at} {{ pub use super::m{}::*; pub use super::*; }}\n", (at + 1) % 60))
        .collect();
    let long = format!("pub struct Long;{}", " ".repeat(3 << 20));
    let odd = "pub mod a { pub use super::a as b; pub use crate as c; }\npub use crate::a::c::a::b as d;\n\
               pub struct S<T = S>(pub S<T>, pub <S as Tr>::X);\npub trait Tr: Tr { type X: Tr<X = Self::X>; }\n\
               impl<T> Tr for T where T: Tr {}\nimpl<T: Tr> S<T> { pub fn r#type(self: Self, r#fn: S) {} }\n\
               pub enum r#enum { r#match { r#ref: u8 } }\npub use self::r#enum::*;\npub fn f(_: impl Fn(S) -> S, (a, b): (S, S)) {}\n\
               mod gone;\n#[path = \"/dev/zero\"] pub mod zero;\ninclude!(\"/dev/zero\");\npub struct } pub fn ok() {}";
    let lib = |text: &str| vec![("src/lib.rs".to_owned(), text.to_owned())];
    let all = [
        ("deep", lib(&deep)),
        ("globs", lib(&globs)),
        ("long", lib(&long)),
        ("odd", lib(odd)),
        ("none", vec![]),
    ];
    let files: Vec<Vec<(&str, &str)>> =
        all.iter().map(|(_, files)| files.iter().map(|(path, text)| (&**path, &**text)).collect()).collect();
    let libraries: Vec<Library<'_>> = all
        .iter()
        .zip(&files)
        .map(|((name, _), files)| (*name, "1.0.0", "[features]\nx = 3\n", &[][..], &files[..]))
        .collect();
    let dependencies: String = all.iter().map(|(name, _)| format!("{name} = \"1\"\n")).collect();
    let code = "fn main() { deep::f(); globs::m1::g(); long::Long; none::f(); odd::f(); odd::ok(); odd::a::c::d::c::ok(); }";
    let machine = Machine::new(&dependencies, code, &libraries);
    let found = machine.meant();
    assert_eq!(found["ok"], "odd::ok", "{found:#?}");
    let counts = machine.counts(machine.registry());
    assert_eq!((counts.libraries, counts.kept), (5, 5));
    let kept = machine.kept("odd-1.0.0").join("\n");
    syn::parse_file(&kept).unwrap();
}

#[test]
fn names_of_a_lock_file_are_no_paths() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    machine.write(
        "home/outside/Cargo.toml",
        "[package]\nname = \"post\"\nversion = \"1.2.3/../../../../outside\"\n",
    );
    let lock = std::fs::read_to_string(machine.path("shop/Cargo.lock")).unwrap();
    machine.write("shop/Cargo.lock", &lock.replace("1.2.3", "1.2.3/../../../../outside"));
    assert_eq!(machine.counts(machine.registry()).libraries, 0);
}

/// A library whose types look personal, and a program that reads and shows them.
fn contacts() -> Machine {
    let files = [(
        "src/lib.rs",
        "#[derive(Debug)] pub struct Contact { pub email: String, pub phone: String }\npub fn contact() -> Contact { Contact { email: String::new(), phone: String::new() } }\n",
    )];
    let code = "fn main() { let contact = crm::contact(); println!(\"{}\", contact.email); }\n\
                fn whole(contact: &crm::Contact) { println!(\"{contact:?}\"); }\n";
    Machine::new("crm = \"1\"\n", code, &[("crm", "1.0.0", "", &[], &files)])
}

#[test]
fn types_of_libraries_are_no_data_and_no_code() {
    let machine = contacts();
    let ask = ["check", "--inferred", "yes", "--format", "short"];
    let (with, without) = (machine.run(&ask), machine.run(&[&ask[..], &["--registry", "no"]].concat()));
    assert_eq!(with.stdout, without.stdout);
    assert!(with.stdout.contains("src/main.rs:1:") && !with.stdout.contains("phone"), "{}", with.all());
    assert!(with.stderr.contains("checked 1 file, 2 lines"), "{}", with.stderr);
    let proposed = machine.run(&["annotate", "--confidence", "low"]);
    assert!(!proposed.all().contains("crm"), "{}", proposed.all());
}

#[test]
fn output_is_the_same_whatever_was_kept() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    let ask = ["check", "--inferred", "yes", "--format", "json", "--stats"];
    let cold = machine.run(&ask);
    let warm = machine.run(&ask);
    assert_eq!(cold.stdout, warm.stdout);
    let calls =
        |run: &support::Run| run.stderr.lines().find(|line| line.starts_with("calls:")).unwrap().to_owned();
    assert_eq!(calls(&cold), calls(&warm));
    assert_ne!(calls(&cold), calls(&machine.run(&[&ask[..], &["--registry", "no"]].concat())));
}

#[test]
fn a_verbose_run_tells_what_was_read() {
    let machine = Machine::new("post = \"1\"\n", CHAIN, &[POST, ADDR]);
    let first = machine.run(&["check", "-v"]).stderr;
    assert!(
        first.contains("signatures of 2 libraries in cargo's registry, 0 of them kept from before"),
        "{first}"
    );
    let second = machine.run(&["check", "-v"]).stderr;
    assert!(
        second.contains("signatures of 2 libraries in cargo's registry, 2 of them kept from before"),
        "{second}"
    );
    let help = machine.run(&["check", "--help"]).stdout;
    assert!(help.contains("--registry"), "{help}");
    assert!(Path::new(&machine.path("user-cache/cargo-privacy")).is_dir());
}
