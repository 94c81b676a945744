//! Command lines as people and cargo write them.

use super::*;

fn parsed(line: &str) -> Result<Cli, clap::Error> {
    parse(line.split(' ').map(OsString::from))
}

fn check(line: &str) -> Check {
    match parsed(line).unwrap().command {
        Command::Check(check) => *check,
        _ => panic!("`{line}` is not `check`"),
    }
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn check_is_the_default_however_it_is_called() {
    for line in [
        "cargo-privacy",
        "cargo-privacy privacy",
        "cargo-privacy check",
        "cargo-privacy privacy check",
        "cargo-privacy privacy -q check",
        "cargo-privacy --format json check",
    ] {
        assert!(check(line).scope.paths.is_empty(), "{line}");
    }
    assert_eq!(check("cargo-privacy privacy .").scope.paths, [PathBuf::from(".")]);
    assert_eq!(check("cargo-privacy a --format json b").scope.paths, ["a", "b"].map(PathBuf::from));
    assert_eq!(check("cargo-privacy -D x path").scope.paths, [PathBuf::from("path")]);
    assert_eq!(check("cargo-privacy -D check path").scope.levels()[0].name, "check");
    assert_eq!(check("cargo-privacy -- check").scope.paths, [PathBuf::from("check")]);
}

#[test]
fn levels_keep_their_order_across_flags() {
    let check = check("cargo-privacy -D all check -A logging --deny=privacy::x -Wy -F z");
    let names: Vec<(LintLevel, &str)> =
        check.scope.levels().iter().map(|f| (f.level, f.name.as_str())).collect();
    let expected = [
        (LintLevel::Deny, "all"),
        (LintLevel::Allow, "logging"),
        (LintLevel::Deny, "privacy::x"),
        (LintLevel::Warn, "y"),
        (LintLevel::Forbid, "z"),
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_message_format_is_the_format() {
    assert_eq!(check("cargo-privacy --message-format json").format, Format::Json);
    assert_eq!(check("cargo-privacy --format=short").format, Format::Short);
}

#[test]
fn cargo_options_are_taken() {
    let line = "cargo-privacy --locked --offline --frozen --workspace --exclude a -p b --features x,y --cfg z --tests";
    let request = check(line).scope.request(Path::new("/w"));
    assert!(request.workspace && request.tests && request.features.decides());
    assert_eq!(request.exclude, ["a"]);
    assert_eq!(request.packages, ["b"]);
}

#[test]
fn explain_takes_a_lint_or_none() {
    let Command::Explain(explain) = parsed("cargo-privacy privacy explain x").unwrap().command else {
        panic!()
    };
    assert_eq!(explain.lint.as_deref(), Some("x"));
    let Command::Explain(explain) = parsed("cargo-privacy explain").unwrap().command else { panic!() };
    assert!(explain.lint.is_none() && !explain.allows);
}

#[test]
fn what_is_wrong_ends_with_two_and_help_with_none() {
    for line in ["cargo-privacy --frobnicate", "cargo-privacy --format yaml", "cargo-privacy --exclude a"] {
        assert_eq!(parsed(line).unwrap_err().exit_code(), 2, "{line}");
    }
    for line in [
        "cargo-privacy --help",
        "cargo-privacy privacy -V",
        "cargo-privacy check --help",
        "cargo-privacy help",
    ] {
        assert_eq!(parsed(line).unwrap_err().exit_code(), 0, "{line}");
    }
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let colored = |line: &str, environment| check(line).scope.output.colored(environment);
    let terminal = Environment { is_terminal: true, ..Environment::default() };
    assert!(colored("cargo-privacy", terminal));
    assert!(!colored("cargo-privacy", Environment { no_color: Some("1"), ..terminal }));
    assert!(colored("cargo-privacy", Environment { no_color: Some(""), ..terminal }));
    assert!(!colored("cargo-privacy", Environment { cargo_term_color: Some("never"), ..terminal }));
    assert!(colored("cargo-privacy --color always", Environment::default()));
}
