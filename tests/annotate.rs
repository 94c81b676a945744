//! `cargo privacy annotate`: what is proposed, what is written, and that the rest stays byte for byte.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Run, folder, root, run};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n\n[lib]\npath = \"src/lib.rs\"\n";
/// Odd formatting, comments and line breaks that have to stay.
const CODE: &str = "//! Example.\r\n\
    // tabs\tand trailing blanks  \r\n\
    #[derive(Clone)]\r\n\
    pub struct User {\r\n    /// Where to write to.\r\n    pub(crate) email:String,   // odd\r\n    pub name: String, pub id: u64,\r\n}\r\n\
    macro_rules! entity {\r\n    ($(#[$m:meta])* struct $n:ident { $($(#[$f:meta])* $v:vis $i:ident : $t:ty,)* }) => { $(#[$m])* pub struct $n { $($(#[$f])* $v $i : $t,)* } };\r\n}\r\n\
    macro_rules! plain {\r\n    (struct $n:ident { $($i:ident : $t:ty,)* }) => { pub struct $n { $(pub $i : $t,)* } };\r\n}\r\n\
    entity! { struct Member { pub email: String, } }\r\n\
    plain! { struct Guest { email: String, } }\r\n\
    pub fn greet(user: &User, member: &Member, guest: &Guest) {\r\n    println!(\"{}\", user.email);\r\n    println!(\"{}\", user.name);\r\n    println!(\"{}\", member.email);\r\n    println!(\"{}\", guest.email);\r\n}\r\n\
    pub(crate) async fn send(phone_number: &str, count: usize) {\r\n    let mut email = String::from(\"a@b.example\");\r\n    email.push('x');\r\n    println!(\"{email} {phone_number} {count}\");\r\n}\r\n\
    pub fn all() { let _ = send(\"1\", 2); }\r\n";

fn package() -> TempDir {
    folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE)])
}

fn annotate(package: &TempDir, arguments: &[&str]) -> Run {
    let outcome = run(package.path(), &[&["annotate"], arguments].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    outcome
}

fn read(package: &TempDir, path: &str) -> String {
    std::fs::read_to_string(package.path().join(path)).unwrap()
}

/// The text without what was written into it.
fn without_attributes(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive("\r\n") {
        let trimmed = line.trim();
        if trimmed.starts_with("#[cfg_attr(any(), personal_data(") && trimmed.ends_with("))]") {
            continue;
        }
        let mut line = line.to_owned();
        while let Some(at) = line.find("#[cfg_attr(any(), personal_data(") {
            let end = at + line[at..].find("))] ").unwrap() + 4;
            line.replace_range(at..end, "");
        }
        out.push_str(&line);
    }
    out
}

fn compiles(folder: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(folder)
        .env("RUSTFLAGS", "-Dwarnings -Adead_code")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_diff_comes_first_and_nothing_is_written() {
    let package = package();
    let outcome = annotate(&package, &[]);
    assert!(outcome.stdout.starts_with("--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ "), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("+    #[cfg_attr(any(), personal_data(user.contact.email))]"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stderr.contains("would annotate"), "{}", outcome.stderr);
    assert_eq!(read(&package, "src/lib.rs"), CODE);
}

#[test]
fn what_is_written_compiles_changes_nothing_else_and_is_found_again() {
    let package = package();
    compiles(package.path());
    let outcome = annotate(&package, &["--apply"]);
    let text = read(&package, "src/lib.rs");
    assert_ne!(text, CODE);
    assert_eq!(without_attributes(&text), CODE, "{text}");
    compiles(package.path());
    for part in [
        "entity! { struct Member { pub email: String, } }",
        "    #[cfg_attr(any(), personal_data(user.contact.email))]\r\n    pub(crate) email:String,   // odd\r\n",
        "send(#[cfg_attr(any(), personal_data(user.contact.phone_number))] phone_number: &str",
        "    #[cfg_attr(any(), personal_data(user.contact.email))]\r\n    let mut email",
        "plain! { struct Guest { email: String, } }",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(outcome.stderr.contains("left out: 2 places, inside macro calls"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("2 fewer and 0 more than before"), "{}", outcome.stderr);
    let again = annotate(&package, &["--apply"]);
    assert!(again.stderr.contains("nothing to annotate"), "{}", again.stderr);
    assert_eq!(read(&package, "src/lib.rs"), text);
}

#[test]
fn the_run_after_finds_the_same() {
    let of_macros = ["    println!(\"{}\", guest.email);\r\n", "    println!(\"{}\", member.email);\r\n"];
    let code = of_macros.iter().fold(CODE.to_owned(), |code, line| code.replace(line, ""));
    let package = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", &code)]);
    let count = |arguments: &[&str]| {
        let outcome = run(package.path(), &[&["check", "--format", "short"], arguments].concat());
        outcome.stdout.lines().filter(|line| line.contains("personal_data_in_logs")).count()
    };
    let before = count(&["--inferred", "yes"]);
    let outcome = annotate(&package, &["--apply"]);
    assert!(outcome.stderr.contains("finds the same"), "{}", outcome.stderr);
    assert_eq!(count(&["--inferred", "no"]), before);
}

#[test]
fn what_is_found_besides_is_said_with_the_reason() {
    let code = "pub struct User {\n    pub email: String,\n}\n\
        extern crate elsewhere;\n\
        pub fn greet(user: &User) {\n    let text = elsewhere::unknown(&user.email);\n    println!(\"{text}\");\n}\n";
    let package = folder(&[("Cargo.toml", MANIFEST), ("src/lib.rs", code)]);
    let outcome = annotate(&package, &["--apply"]);
    for part in [
        "finds 1 finding: 0 fewer and 1 more than before",
        "1 through calls, macros and paths that could not be resolved:",
        "personal_data_in_logs in `example::greet`: user.contact.email at src/lib.rs:",
        "(unresolved-call)",
        "`cargo privacy baseline` records them",
    ] {
        assert!(outcome.stderr.contains(part), "no {part:?} in\n{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("did not count before"), "{}", outcome.stderr);
}

#[test]
fn confidence_type_and_path_choose() {
    let package = package();
    let phones = annotate(&package, &["--type", "phone_number"]).stdout;
    assert!(
        phones.contains("phone_number))] phone_number") && !phones.contains("user.contact.email"),
        "{phones}"
    );
    let of_user = annotate(&package, &["--path", "User::*"]).stdout;
    assert!(of_user.contains("pub(crate) email") && !of_user.contains("phone_number))]"), "{of_user}");
    let high = annotate(&package, &["--confidence", "high"]).stdout;
    let low = annotate(&package, &["--confidence", "low"]).stdout;
    assert!(low.len() >= high.len());
    let outcome = run(package.path(), &["annotate", "--type", "user.contact.emial"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.all().contains("user.contact.email"), "{}", outcome.all());
}

#[test]
fn the_derive_comes_with_its_dependency() {
    let package = package();
    let dependency = format!("{{ path = {:?} }}", root().join("personal-data"));
    annotate(
        &package,
        &["--apply", "--form", "derive", "--dependency", &dependency, "--path", "User::email"],
    );
    let text = read(&package, "src/lib.rs");
    assert!(
        text.contains("#[derive(Clone)]\r\n#[derive(personal_data::PersonalData)]\r\npub struct User"),
        "{text}"
    );
    assert!(text.contains("    #[personal_data(user.contact.email)]\r\n    pub(crate) email"), "{text}");
    assert!(
        read(&package, "Cargo.toml").ends_with(&format!("[dependencies]\npersonal-data = {dependency}\n"))
    );
    compiles(package.path());
}

#[test]
fn the_notice_takes_entries_and_the_code_stays() {
    let package = package();
    let outcome = annotate(&package, &["--apply", "--form", "notice"]);
    assert!(outcome.stderr.contains("which are variables"), "{}", outcome.stderr);
    assert_eq!(read(&package, "src/lib.rs"), CODE);
    let notice = read(&package, "privacy-notice.toml");
    for path in ["example::User::email", "example::Guest::email", "example::send::phone_number"] {
        assert!(notice.contains(&format!("[[data]]\npath = \"{path}\"\n")), "{notice}");
    }
    let outcome = run(package.path(), &["check", "--format", "short"]);
    assert!(!outcome.all().contains("unresolved_rule_path"), "{}", outcome.all());
    assert_eq!(outcome.code, Some(1), "{}", outcome.all());
    annotate(&package, &["--apply", "--form", "notice"]);
    assert_eq!(read(&package, "privacy-notice.toml"), notice);
}

#[test]
fn what_is_rejected_is_recorded_and_never_comes_back() {
    let package = package();
    let outcome =
        run(package.path(), &["annotate", "--reject", "User::email", "--reason", "a mailbox of ours"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    let recorded = read(&package, "privacy-rejected.toml");
    assert!(
        recorded.contains("path = \"example::User::email\"\nreason = \"a mailbox of ours\""),
        "{recorded}"
    );
    let proposed = annotate(&package, &["--confidence", "low"]).stdout;
    let of_email = "+    #[cfg_attr(any(), personal_data(user.contact.email))]\n     pub(crate) email:String";
    assert!(!proposed.replace('\u{240d}', "").contains(of_email), "{proposed}");
    let outcome = run(package.path(), &["check", "--format", "short", "--inferred", "yes"]);
    assert!(!outcome.stdout.contains("`example::User::email`"), "{}", outcome.all());
    let outcome = run(package.path(), &["annotate", "--reject", "User::emial", "--reason", "x"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    let outcome = run(package.path(), &["annotate", "--reject", "Member::email"]);
    assert_eq!(outcome.code, Some(2), "a reason is asked for");
}

#[test]
fn a_dirty_tree_is_refused() {
    let package = package();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@x.example"];
        let done =
            Command::new("git").args(identity).args(arguments).current_dir(package.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    let outcome = run(package.path(), &["annotate", "--apply"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    assert!(
        outcome.all().contains("--allow-dirty") && outcome.all().contains("src/lib.rs"),
        "{}",
        outcome.all()
    );
    assert_eq!(read(&package, "src/lib.rs"), CODE);
    git(&["commit", "-q", "-m", "all"]);
    annotate(&package, &["--apply"]);
    let outcome = run(package.path(), &["annotate", "--apply", "--form", "notice"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.all());
    annotate(&package, &["--apply", "--form", "notice", "--allow-dirty"]);
}

#[test]
fn the_shop_compiles_with_all_that_is_proposed() {
    let folder = tempfile::tempdir().unwrap();
    let shop = support::copy_shop(root(), folder.path());
    for form in ["derive", "cfg-attr"] {
        let outcome = run(&shop, &["annotate", "--apply", "--confidence", "low", "--form", form]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    }
    let outcome = run(&shop, &["annotate", "--confidence", "low"]);
    assert!(outcome.stderr.contains("nothing to annotate"), "{}", outcome.all());
    compiles(&shop);
}
