//! Levels from manifests and flags, and what is said of wrong ones.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::diagnostic::Level;

const REGISTRY: [Known; 3] = [
    ("personal_data_in_logs", Group::Logging, LintLevel::Warn),
    ("personal_data_in_errors", Group::Logging, LintLevel::Allow),
    ("undeclared_recipient", Group::Sharing, LintLevel::Deny),
];

fn flag(level: LintLevel, name: &str) -> LevelFlag {
    LevelFlag { level, name: name.to_owned() }
}

fn build(manifest: &str, flags: &[LevelFlag]) -> (Levels, Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::default();
    let file = sources.add(PathBuf::from("Cargo.toml"), Arc::from(manifest));
    let manifests = [Manifests { workspace: Some(file), package: Some(file) }];
    let (levels, said) = Levels::build(&REGISTRY, &manifests, flags, &sources);
    (levels, said, sources)
}

fn note(levels: &Levels, lint: &str) -> String {
    let (level, provenance) = levels.of(0, lint);
    provenance.note(lint, level)
}

#[test]
fn defaults_hold_where_nobody_speaks() {
    let (levels, said, _) = build("", &[]);
    assert!(said.is_empty());
    assert_eq!(levels.of(0, "undeclared_recipient"), (LintLevel::Deny, Provenance::Default));
    assert_eq!(
        note(&levels, "undeclared_recipient"),
        "`#[deny(privacy::undeclared_recipient)]` on by default"
    );
}

#[test]
fn a_package_speaks_after_its_workspace_and_a_lint_after_its_group() {
    let (levels, said, sources) = build(
        "[workspace.metadata.privacy.lints]\nlogging = \"deny\"\nundeclared_recipient = \"allow\"\n\
         [package.metadata.privacy.lints]\n\"privacy::personal_data_in_logs\" = \"note\"\nall = \"warn\"",
        &[],
    );
    assert!(said.is_empty(), "{said:?}");
    let (level, provenance) = levels.of(0, "personal_data_in_logs");
    assert_eq!(level, LintLevel::Note);
    assert_eq!(sources.text(provenance.span().unwrap()), "\"privacy::personal_data_in_logs\" = \"note\"");
    assert_eq!(levels.of(0, "personal_data_in_errors").0, LintLevel::Warn);
    assert_eq!(note(&levels, "undeclared_recipient"), "the lint level is set by `all` in `Cargo.toml`");
}

#[test]
fn a_higher_priority_wins() {
    let (levels, ..) = build(
        "[package.metadata.privacy.lints]\npersonal_data_in_logs = \"allow\"\n\
         logging = { level = \"deny\", priority = 1 }",
        &[],
    );
    assert_eq!(levels.of(0, "personal_data_in_logs").0, LintLevel::Deny);
}

#[test]
fn flags_speak_last_and_in_their_order() {
    let flags = [
        flag(LintLevel::Allow, "all"),
        flag(LintLevel::Deny, "privacy::logging"),
        flag(LintLevel::Warn, "personal-data-in-logs"),
    ];
    let (levels, said, _) = build("[package.metadata.privacy.lints]\nall = \"deny\"", &flags);
    assert!(said.is_empty());
    assert_eq!(levels.of(0, "undeclared_recipient").0, LintLevel::Allow);
    assert_eq!(
        note(&levels, "personal_data_in_errors"),
        "`-D privacy::personal_data_in_errors` implied by `-D privacy::logging`"
    );
    assert_eq!(
        note(&levels, "personal_data_in_logs"),
        "requested on the command line with `-W privacy::personal_data_in_logs`"
    );
}

#[test]
fn warnings_are_what_is_still_a_warning_at_the_end() {
    let (levels, ..) = build("", &[flag(LintLevel::Deny, "warnings")]);
    assert_eq!(levels.of(0, "personal_data_in_logs").0, LintLevel::Deny);
    assert_eq!(levels.of(0, "personal_data_in_errors").0, LintLevel::Allow);
}

#[test]
fn what_is_forbidden_stays_so() {
    let manifest = "[package.metadata.privacy.lints]\npersonal_data_in_logs = \"forbid\"";
    let (levels, said, _) = build(manifest, &[flag(LintLevel::Allow, "personal_data_in_logs")]);
    assert_eq!(levels.of(0, "personal_data_in_logs").0, LintLevel::Forbid);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].message, "`privacy::personal_data_in_logs` is forbidden and cannot be set to `allow`");
    let (levels, said, _) =
        build(manifest, &[flag(LintLevel::Allow, "logging"), flag(LintLevel::Deny, "all")]);
    assert_eq!(levels.of(0, "personal_data_in_logs").0, LintLevel::Forbid);
    assert!(said.is_empty());
}

#[test]
fn unknown_lints_are_said_with_a_suggestion() {
    let manifest = "[workspace.metadata.privacy.lints]\npersonal_data_in_log = \"deny\"\n";
    let (_, said, sources) = build(manifest, &[flag(LintLevel::Deny, "loging")]);
    assert_eq!(said[0].level, Level::Error);
    assert_eq!(said[0].helps, ["did you mean: `logging`"]);
    assert_eq!(said[1].level, Level::Warning);
    assert_eq!(sources.text(said[1].primary.unwrap()), "personal_data_in_log");
    assert_eq!(said[1].helps, ["did you mean: `personal_data_in_logs`"]);
}

#[test]
fn wrong_levels_and_keys_are_said_where_they_stand() {
    let (_, said, sources) = build(
        "[package.metadata.privacy]\nlint = 1\n[package.metadata.privacy.lints]\nworkspace = true\n\
         all = \"denied\"\nlogging = { priority = 2 }",
        &[],
    );
    let at: Vec<&str> = said.iter().map(|s| sources.text(s.primary.unwrap())).collect();
    assert_eq!(at, ["lint", "\"denied\"", "{ priority = 2 }"]);
}
