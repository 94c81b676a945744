//! Expected output as text, read back by the crate that editors' tools use, and rendering of whatever comes.

use std::sync::Arc;

use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;
use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Fix, Label, LabelKind};
use crate::source::Span;

const LIB: &str = "struct User {\n    email: String,\n}\n\nfn hi(user: &User) {\n    let who = &user.email;\n    println!(\"{who}\");\n}\n";
const NOTICE: &str = "[[rule]]\nto = { role = \"log\" }\n";
const PROSE: &str = "Who we are and what we keep is written above, and it is kept no longer than needed. We never write \
    your address into our logs, and nobody who works for us may read it there. Ask us if in doubt.";

fn sources() -> SourceMap {
    let mut sources = SourceMap::default();
    for (path, text) in [("src/lib.rs", LIB), ("privacy-notice.toml", NOTICE), ("PRIVACY.md", PROSE)] {
        sources.add(PathBuf::from(path), Arc::from(text));
    }
    sources
}

fn at(sources: &SourceMap, file: u32, text: &str) -> Span {
    let lo = sources.file(FileId(file)).text().find(text).unwrap() as u32;
    Span::new(FileId(file), lo, lo + text.len() as u32)
}

fn label(span: Span, kind: LabelKind, text: &str) -> Label {
    Label { span, kind, text: text.to_owned() }
}

fn finding(sources: &SourceMap) -> Finding {
    let mut diagnostic = Diagnostic::error(
        "personal data in a log: user.contact.email (`shop::User::email`)",
        Some(at(sources, 0, "println!(\"{who}\")")),
    )
    .labelled("user.contact.email arrives here")
    .help("stop it: log an opaque id");
    diagnostic.lint = Some("personal_data_in_logs");
    diagnostic.labels = vec![
        label(at(sources, 0, "user.email"), LabelKind::Source, "source: user.contact.email"),
        label(
            at(sources, 0, "email"),
            LabelKind::Declared,
            "declared: `shop::User::email` is user.contact.email",
        ),
        label(at(sources, 0, "who"), LabelKind::Step, "step: 1 bound to `who`"),
        label(
            at(sources, 2, "We never write your address into our logs"),
            LabelKind::Prose,
            "the notice promises this",
        ),
        label(at(sources, 1, "[[rule]]"), LabelKind::Rule, "the rule of the notice"),
    ];
    let edits = vec![(at(sources, 0, "{who}"), "someone".to_owned())];
    diagnostic.fixes.push(Fix { title: "leave the value out".to_owned(), edits, machine_applicable: false });
    let provenance = Some("`#[deny(privacy::personal_data_in_logs)]` on by default".to_owned());
    Finding { diagnostic, provenance, package: PackageId(0) }
}

fn package() -> PackageContext {
    PackageContext {
        package_id: "path+file:///w/shop#0.1.0".to_owned(),
        manifest_path: PathBuf::from("/w/shop/Cargo.toml"),
        target: Target {
            name: "shop".to_owned(),
            kind: vec!["lib".to_owned()],
            crate_types: vec!["lib".to_owned()],
            src_path: PathBuf::from("/w/shop/src/lib.rs"),
            edition: "2024".to_owned(),
        },
        root: Some(FileId(0)),
    }
}

fn written(sources: &SourceMap, findings: &[Finding], format: Format, max: usize, color: bool) -> String {
    let packages = [package()];
    let cwd = Path::new("/w/shop");
    let emission = Emission { sources, findings, packages: &packages, cwd, max, color, success: false };
    let mut out = Vec::new();
    emission.write(format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn messages(text: &str) -> Vec<Message> {
    Message::parse_stream(text.as_bytes()).map(Result::unwrap).collect()
}

fn compiler(message: &Message) -> &cargo_metadata::diagnostic::Diagnostic {
    let Message::CompilerMessage(message) = message else { panic!("{message:?}") };
    &message.message
}

const ALL_FORMATS: [Format; 5] = [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github];

#[test]
fn human_output_tells_the_way_the_sentence_and_the_rule() {
    let sources = sources();
    let expected = r#"error[privacy::personal_data_in_logs]: personal data in a log: user.contact.email (`shop::User::email`)
  ┌─ src/lib.rs:7:5
  │
2 │     email: String,
  │     ----- declared: `shop::User::email` is user.contact.email
  ·
6 │     let who = &user.email;
  │         ---    ---------- source: user.contact.email
  │         │       
  │         step: 1 bound to `who`
7 │     println!("{who}");
  │     ^^^^^^^^^^^^^^^^^ user.contact.email arrives here
  │
  ┌─ PRIVACY.md:1:85
  │
1 │ Who we are and what we keep is written above, and it is kept no longer than needed. We never write 
  │                                                                                     ---------------
1 │ your address into our logs, and nobody who works for us may read it there. Ask us if in doubt.
  │ -------------------------- the notice promises this
  │
  ┌─ privacy-notice.toml:1:1
  │
1 │ [[rule]]
  │ -------- the rule of the notice
  │
  = help: leave the value out
    -     println!("{who}");
    +     println!("someone");
  = help: stop it: log an opaque id
  = note: `#[deny(privacy::personal_data_in_logs)]` on by default

"#;
    assert_eq!(written(&sources, &[finding(&sources)], Format::Human, 9, false), expected);
}

#[test]
fn human_output_counts_what_it_does_not_show() {
    let sources = sources();
    let three = vec![finding(&sources); 3];
    let text = written(&sources, &three, Format::Human, 1, false);
    assert!(text.ends_with("2 findings not shown (`--max N` shows more)\n\n"), "{text}");
    assert_eq!(text.matches("error[").count(), 1);
    assert!(written(&sources, &three, Format::Human, 3, true).contains("\u{1b}["));
}

#[test]
fn short_output_is_one_line() {
    let sources = sources();
    let expected = "src/lib.rs:7:5: error[privacy::personal_data_in_logs]: personal data in a log: \
        user.contact.email (`shop::User::email`)\n";
    assert_eq!(written(&sources, &[finding(&sources)], Format::Short, 0, false), expected);
}

#[test]
fn json_lines_are_what_cargo_metadata_reads() {
    let sources = sources();
    let text = written(&sources, &[finding(&sources)], Format::Json, 0, true);
    let messages = messages(&text);
    let diagnostic = compiler(&messages[0]);
    assert_eq!(
        diagnostic.code.as_ref().map(|code| code.code.as_str()),
        Some("privacy::personal_data_in_logs")
    );
    assert_eq!(diagnostic.level, DiagnosticLevel::Error);
    assert!(diagnostic.rendered.as_ref().is_some_and(|text| text.contains("┌─ src/lib.rs:7:5")));
    assert_eq!(diagnostic.spans.iter().filter(|span| span.is_primary).count(), 1);
    let primary = &diagnostic.spans[0];
    assert!(primary.is_primary);
    assert_eq!((primary.line_start, primary.column_start, primary.column_end), (7, 5, 22));
    assert_eq!(primary.text[0].text, "    println!(\"{who}\");");
    let prefixes: Vec<_> =
        diagnostic.spans[1..4].iter().filter_map(|s| s.label.as_ref()?.split(':').next()).collect();
    assert_eq!(prefixes, ["source", "declared", "step"]);
    let fix = diagnostic.children.iter().find_map(|child| child.spans.first()).unwrap();
    assert_eq!(fix.suggested_replacement.as_deref(), Some("someone"));
    assert!(matches!(&messages[1], Message::BuildFinished(done) if !done.success));
    assert_eq!(messages.len(), 2);
}

#[test]
fn findings_in_the_notice_are_repeated_at_the_root() {
    let sources = sources();
    let mut finding = finding(&sources);
    finding.diagnostic.primary = Some(at(&sources, 1, "[[rule]]"));
    let messages = messages(&written(&sources, &[finding], Format::Json, 0, false));
    let (told, repeated) = (compiler(&messages[0]), compiler(&messages[1]));
    assert_eq!(told.spans[0].file_name, "privacy-notice.toml");
    assert_eq!(repeated.level, DiagnosticLevel::Note);
    assert_eq!(repeated.spans[0].file_name, "src/lib.rs");
    assert_eq!(repeated.spans.iter().filter(|span| span.is_primary).count(), 1);
    assert_eq!(repeated.spans[1].file_name, "privacy-notice.toml");
}

#[test]
fn what_is_built_in_is_quoted_because_no_editor_can_open_it() {
    let mut sources = sources();
    let file =
        sources.add(PathBuf::from("<default notice>/default.md"), Arc::from("First.\nNothing\nis logged."));
    let mut finding = finding(&sources);
    let span = at(&sources, file.0, "Nothing\nis logged.");
    finding.diagnostic.labels = vec![label(span, LabelKind::Prose, "the notice promises this")];
    let messages = messages(&written(&sources, &[finding], Format::Json, 0, false));
    let told = compiler(&messages[0]);
    assert_eq!(told.spans.len(), 1);
    let quoted = "the notice promises this (<default notice>/default.md:2): Nothing is logged.";
    assert_eq!(told.children[0].message, quoted);
}

fn sarif(sources: &SourceMap, findings: &[Finding]) -> serde_json::Value {
    serde_json::from_str(&written(sources, findings, Format::Sarif, 0, false)).unwrap()
}

#[test]
fn sarif_tells_the_way_the_rule_and_the_fix() {
    let sources = sources();
    let log = sarif(&sources, &[finding(&sources)]);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), crate::lints::LINTS.len());
    assert!(rules.iter().all(|rule| !rule["fullDescription"]["text"].as_str().unwrap().is_empty()));
    let result = &run["results"][0];
    let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(
        (&rule["id"], result["ruleId"].as_str()),
        (&result["ruleId"], Some("privacy::personal_data_in_logs"))
    );
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Remedy"), "{rule}");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], serde_json::json!({"uri": "src/lib.rs", "uriBaseId": "%SRCROOT%"}));
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&7.into(), &5.into()));
    let stops = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let said: Vec<_> = stops.iter().filter_map(|stop| stop["location"]["message"]["text"].as_str()).collect();
    let way = ["source: user.contact.email", "step: 1 bound to `who`", "user.contact.email arrives here"];
    assert_eq!(said, way);
    let related = result["relatedLocations"].as_array().unwrap();
    let files: Vec<_> = related.iter().map(|at| &at["physicalLocation"]["artifactLocation"]["uri"]).collect();
    assert_eq!(files, ["src/lib.rs", "PRIVACY.md", "privacy-notice.toml"]);
    let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["insertedContent"]["text"], "someone");
}

#[test]
fn fingerprints_hold_when_lines_move_and_tell_like_findings_apart() {
    let prints = |sources: &SourceMap, findings: &[Finding]| -> Vec<String> {
        let log = sarif(sources, findings);
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|r| r["partialFingerprints"]["cargoPrivacy/v1"].to_string()).collect()
    };
    let before = sources();
    let mut moved = SourceMap::default();
    moved.add(PathBuf::from("src/lib.rs"), Arc::from(format!("// one\n// more\n\n{LIB}")));
    moved.add(PathBuf::from("privacy-notice.toml"), Arc::from(NOTICE));
    moved.add(PathBuf::from("PRIVACY.md"), Arc::from(PROSE));
    let twice = prints(&before, &[finding(&before), finding(&before)]);
    assert_eq!(twice[0], prints(&moved, &[finding(&moved)])[0]);
    assert_ne!(twice[0], twice[1]);
    let mut other = finding(&before);
    other.diagnostic.message.push_str(" and a name");
    assert_ne!(twice[0], prints(&before, &[other])[0]);
}

#[test]
fn what_no_lint_stands_for_is_said_of_the_run() {
    let sources = sources();
    let lint_less = |diagnostic| Finding { diagnostic, provenance: None, package: PackageId(0) };
    let warning = lint_less(Diagnostic::warning("`a.rs` does not parse", None));
    let log = sarif(&sources, std::slice::from_ref(&warning));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    assert_eq!(invocation["toolExecutionNotifications"][0]["message"]["text"], "`a.rs` does not parse");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    let log = sarif(&sources, &[warning, lint_less(Diagnostic::error("no such path", None))]);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn github_is_told_in_commands() {
    let sources = sources();
    let mut wide = Diagnostic::warning("100%, b", Some(at(&sources, 0, "struct User {\n    email")));
    wide.notes.push("two\nlines".to_owned());
    let wide = Finding { diagnostic: wide, provenance: None, package: PackageId(0) };
    let nowhere = Diagnostic { level: Level::Note, ..Diagnostic::error("nowhere", None) };
    let nowhere = Finding { diagnostic: nowhere, provenance: None, package: PackageId(0) };
    let expected = "::error file=src/lib.rs,line=7,col=5,endColumn=22,title=privacy%3A%3Apersonal_data_in_logs::\
        personal data in a log: user.contact.email (`shop::User::email`)%0Astop it: log an opaque id\n\
        ::warning file=src/lib.rs,line=1,col=1,endLine=2::100%25, b%0Atwo lines\n\
        ::notice::nowhere\n";
    let all = [finding(&sources), wide, nowhere];
    assert_eq!(written(&sources, &all, Format::Github, 0, false), expected);
}

#[test]
fn long_lines_are_cut_around_labels_and_columns_kept() {
    let mut sources = SourceMap::default();
    let text = format!("let a = [{}]; log(a); // {}", "1, ".repeat(200), "x".repeat(300));
    let file = sources.add(PathBuf::from("long.rs"), Arc::from(text.as_str()));
    let diagnostic = Diagnostic::error("too long", Some(at(&sources, file.0, "log(a)")));
    let finding = Finding { diagnostic, provenance: None, package: PackageId(0) };
    let shown = written(&sources, &[finding], Format::Human, 1, false);
    assert!(shown.contains("┌─ long.rs:1:613"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() < 120), "{shown}");
    assert!(
        shown.contains("… 1, 1, ") && shown.contains("log(a); // xxx") && shown.contains("xxx…"),
        "{shown}"
    );
}

#[test]
fn nothing_dangerous_reaches_a_terminal() {
    let mut sources = SourceMap::default();
    let file = sources
        .add(PathBuf::from("e\u{1b}[2J.rs"), Arc::from("let s = \"\u{202e}\u{1b}]0;x\u{7}\"; use(s);"));
    let mut diagnostic =
        Diagnostic::error("bad \u{1b}[31m message\nnext", Some(at(&sources, file.0, "use(s)")));
    diagnostic.notes.push("\u{9b}31m".to_owned());
    let finding = Finding { diagnostic, provenance: None, package: PackageId(0) };
    for format in ALL_FORMATS {
        let text = written(&sources, std::slice::from_ref(&finding), format, 1, false);
        assert!(!text.contains(|c: char| sanitise::is_dangerous(c) && c != '\n'), "{text:?}");
    }
    let read = written(&sources, std::slice::from_ref(&finding), Format::Json, 1, false);
    assert_eq!(compiler(&messages(&read)[0]).spans[0].file_name, "e\u{1b}[2J.rs");
}

prop_compose! {
    fn any_label()(file in 0u32..2, lo in 0u32..400, length in 0u32..400, prose: bool, text in ".{0,20}") -> Label {
        let kind = if prose { LabelKind::Prose } else { LabelKind::Step };
        Label { span: Span::new(FileId(file), lo, lo + length), kind, text }
    }
}

proptest! {
    #[test]
    fn rendering_never_fails(
        texts in ["(?s)(\u{feff})?.{0,60}", "(?s)([a-z]{1,9} |\n|\r\n|ß|漢|\t){0,90}"],
        labels in proptest::collection::vec(any_label(), 1..6),
        message in "(?s).{0,30}",
    ) {
        let mut sources = SourceMap::default();
        for text in texts {
            sources.add(PathBuf::from("any.rs"), Arc::from(text));
        }
        let mut diagnostic = Diagnostic::error(message, Some(labels[0].span));
        diagnostic.fixes.push(Fix {
            title: String::new(),
            edits: labels.iter().map(|label| (label.span, label.text.clone())).collect(),
            machine_applicable: true,
        });
        diagnostic.labels = labels;
        let finding = Finding { diagnostic, provenance: None, package: PackageId(0) };
        for format in ALL_FORMATS {
            written(&sources, std::slice::from_ref(&finding), format, 1, false);
        }
    }
}
