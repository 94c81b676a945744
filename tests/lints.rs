//! What lints make of a data map that was written by hand: which data they take, how they tell it, whom they cite.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_privacy::datamap::{
    Approximation, Basis, Channel, DataMap, Datum, Declaration, Flow, NoticeId, PackageId, Part, Plaintext,
    Recipient, Step,
};
use cargo_privacy::diagnostic::{Diagnostic, LabelKind, Level};
use cargo_privacy::lints;
use cargo_privacy::notice::{self, Form};
use cargo_privacy::source::{FileId, SourceMap, Span};
use cargo_privacy::taxonomy::Taxonomy;

const CODE: FileId = FileId(7);

fn span(lo: u32) -> Span {
    Span::new(CODE, lo, lo + 4)
}

fn map(text: &str) -> DataMap {
    let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
    let file = sources.add(PathBuf::from("privacy-notice.toml"), Arc::from(text));
    let mut nothing = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
    let (notice, _) = notice::load(file, &mut sources, &mut taxonomy, &mut nothing).expect("a valid notice");
    DataMap::of(taxonomy, vec![notice])
}

fn datum(map: &DataMap, key: &str, source: u32) -> Datum {
    Datum {
        category: map.taxonomy.find(key).expect("a built-in category"),
        form: Form::Clear,
        declared: Some(span(source + 1000)),
        path: format!("shop::User::{}", key.rsplit_once('.').map_or(key, |(_, last)| last)),
        source: span(source),
        basis: Basis::Annotated,
        steps: Vec::new(),
        approximations: Vec::new(),
        part: Part::Body,
        limited: Vec::new(),
    }
}

fn flow(channel: Channel, data: Vec<Datum>) -> Flow {
    Flow {
        sink: span(500),
        sink_name: "tracing::info!".to_owned(),
        channel,
        recipient: Recipient::Own,
        role: None,
        plaintext: None,
        data,
        item: "shop::f".to_owned(),
        package: PackageId(0),
        notice: NoticeId(0),
    }
}

fn found(map: &DataMap) -> Vec<Diagnostic> {
    // What of the notice nothing comes near is another matter.
    lints::run(map, |lint| lint.name != "unused_promise")
}

fn said(map: &DataMap) -> Vec<(&'static str, String)> {
    found(map).into_iter().map(|d| (d.lint.unwrap_or_default(), d.message)).collect()
}

fn labels(found: &Diagnostic, kind: LabelKind) -> Vec<&str> {
    found.labels.iter().filter(|label| label.kind == kind).map(|label| label.text.as_str()).collect()
}

#[test]
fn a_log_line_with_both_kinds_gives_one_finding_of_each() {
    let mut map = map("");
    let email = datum(&map, "user.contact.email", 10);
    let password = datum(&map, "user.authorization.password", 20);
    let masked = Datum { form: Form::Masked, ..datum(&map, "user.contact.phone_number", 30) };
    map.flows.push(flow(Channel::Log, vec![password, email, masked]));
    let expected = [
        ("personal_data_in_logs", "personal data in a log: user.contact.email (`shop::User::email`)"),
        ("credentials_in_logs", "credentials in a log: user.authorization.password (`shop::User::password`)"),
    ];
    assert_eq!(said(&map), expected.map(|(lint, message)| (lint, message.to_owned())));
    assert_eq!(found(&map)[0].primary, Some(span(500)));
    assert_eq!(found(&map)[0].level, Level::Error);
}

#[test]
fn the_notice_can_give_leave_to_a_log() {
    let permit = "[[recipient]]\nname = \"journal\"\nrole = \"log\"\nmay-receive = [\"user.contact\"]\n";
    let mut map = map(permit);
    map.flows.push(flow(Channel::Log, vec![datum(&map, "user.contact.email", 10)]));
    assert_eq!(said(&map), []);
    let name = datum(&map, "user.name", 20);
    map.flows[0].data.push(name);
    let found = found(&map);
    assert_eq!(found[0].message, "personal data in a log: user.name (`shop::User::name`)");
    assert_eq!(labels(&found[0], LabelKind::Rule), ["`journal` may not receive it"]);
}

#[test]
fn protected_forms_need_no_leave_unless_a_rule_speaks_of_forms() {
    let only = |condition: &str| format!("[[rule]]\nto = {{ role = \"log\" }}\nonly = {{ {condition} }}\n");
    let masked = |map: &DataMap| Datum { form: Form::Masked, ..datum(map, "user.contact.email", 10) };
    let mut broad = map(&only("categories = [\"user.telemetry\"]"));
    broad.flows.push(flow(Channel::Log, vec![masked(&broad)]));
    assert_eq!(said(&broad), []);
    let mut strict = map(&only("as = [\"encrypted\"]"));
    strict.flows.push(flow(Channel::Log, vec![masked(&strict)]));
    assert_eq!(said(&strict)[0].1, "personal data in a log: masked user.contact.email (`shop::User::email`)");
}

#[test]
fn labels_stand_in_the_order_of_reading() {
    let mut map = map("");
    let step = |lo: u32, text: &str| Step { span: span(lo), text: text.to_owned() };
    let way = vec![
        step(10, "read"),
        step(11, "bound"),
        step(11, "bound again"),
        step(12, "passed"),
        step(500, "logged"),
    ];
    let email = Datum { steps: way.clone(), ..datum(&map, "user.contact.email", 10) };
    let name = Datum { steps: way, ..datum(&map, "user.name", 10) };
    map.flows.push(flow(Channel::Log, vec![email, name]));
    let found = &found(&map)[0];
    let texts: Vec<_> = found.labels.iter().map(|label| label.text.as_str()).collect();
    let expected = [
        "source: user.contact.email, user.name",
        "declared: `shop::User::email` is user.contact.email",
        "step: 1 bound",
        "step: 2 passed",
        "declared: `shop::User::name` is user.name",
    ];
    assert_eq!(texts, expected);
    let remedies: Vec<_> = found.helps.iter().filter_map(|help| help.split(':').next()).collect();
    assert_eq!(remedies, ["declare it", "stop it", "reclassify it"]);
}

#[test]
fn long_ways_and_long_lists_are_cut_and_counted() {
    let mut map = map("");
    let steps = (0..20).map(|n| Step { span: span(600 + n), text: format!("hop {n}") }).collect();
    let mut data = vec![Datum { steps, ..datum(&map, "user.contact.email", 10) }];
    data.extend((0..6).map(|n| Datum { path: format!("shop::f{n}"), ..datum(&map, "user.name", 20 + n) }));
    map.flows.push(flow(Channel::Error, data));
    let found = &found(&map)[0];
    assert!(found.message.ends_with("(`shop::f2`) and 3 more"), "{}", found.message);
    let steps = labels(found, LabelKind::Step);
    assert_eq!((steps.len(), steps[4]), (8, "step: 5 hop 16"));
    assert_eq!(found.notes[0], "12 steps in between left out");
    assert_eq!(labels(found, LabelKind::Source).len(), 7);
}

#[test]
fn what_a_finding_rests_on_is_said() {
    let mut map = map("");
    let evidence = "the field is called `email` and is a `String`".to_owned();
    map.flows.push(flow(
        Channel::Metrics,
        vec![Datum {
            basis: Basis::Inferred { evidence, high: true },
            approximations: vec![Approximation::UnresolvedCall],
            ..datum(&map, "user.contact.email", 10)
        }],
    ));
    let found = &found(&map)[0];
    let expected = [
        "`shop::User::email` looks like user.contact.email: the field is called `email` and is a `String`",
        "rests on an approximation: unresolved-call",
        "omitted disclosure: no statement of the notice covers it",
    ];
    assert_eq!((found.lint, found.level), (Some("personal_data_in_metrics"), Level::Warning));
    assert_eq!(found.notes, expected);
    assert_eq!(
        labels(found, LabelKind::Declared),
        ["declared: `shop::User::email` looks like user.contact.email"]
    );
}

#[test]
fn an_advertising_identifier_is_not_made_from_identity() {
    let mut map = map("[[rule]]\nto = { role = \"ad-company\" }\nnever = { identifies = \"directly\" }\n");
    let email = Datum { form: Form::KeyedHash, ..datum(&map, "user.contact.email", 10) };
    let cookie = datum(&map, "user.device.cookie_id", 20);
    map.flows.push(flow(Channel::AdIdentifier, vec![email, cookie]));
    let found = found(&map);
    assert_eq!(found.len(), 1);
    let message =
        "advertising identifier made from identity: keyed-hash user.contact.email (`shop::User::email`)";
    assert_eq!((found[0].lint, found[0].message.as_str()), (Some("ad_identifier_from_identity"), message));
    assert_eq!(labels(&found[0], LabelKind::Rule), ["the rule of the notice"]);
}

#[test]
fn transports_and_urls_have_remedies_of_their_own() {
    let mut map = map("");
    let in_url = Datum { part: Part::Url, ..datum(&map, "user.contact.email", 10) };
    let why = "the URL begins with `http:`".to_owned();
    let plaintext = Some(Plaintext { span: span(90), why });
    let encrypted = Datum { form: Form::Encrypted, ..datum(&map, "user.name", 20) };
    map.flows.push(Flow { plaintext, ..flow(Channel::Response, vec![in_url, encrypted]) });
    let found = found(&map);
    let lints: Vec<_> = found.iter().filter_map(|found| found.lint).collect();
    assert_eq!(lints, ["plaintext_transport", "personal_data_in_url"]);
    assert_eq!(labels(&found[0], LabelKind::Other), ["unprotected: the URL begins with `http:`"]);
    assert!(found.iter().all(|found| !found.message.contains("user.name") && found.helps.len() == 3));
}

#[test]
fn a_derive_is_reported_once_for_all_its_labelled_fields() {
    let mut map = map("");
    let field = |key: &str, at: u32, basis: Basis| Declaration {
        path: format!("shop::User::{key}"),
        span: span(at),
        category: map.taxonomy.find(key),
        basis,
        derived_debug: Some(span(5)),
        holder: Some("shop::User".to_owned()),
        package: PackageId(0),
        notice: NoticeId(0),
    };
    let inferred = Basis::Inferred { evidence: String::new(), high: true };
    let fields = [
        ("user.name", Basis::Annotated),
        ("user.contact.email", Basis::Annotated),
        ("user.location", inferred),
    ];
    let fields: Vec<_> =
        (20..).step_by(10).zip(fields).map(|(at, (key, basis))| field(key, at, basis)).collect();
    map.declarations = fields;
    let found = found(&map);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].lint, found[0].primary), (Some("derived_debug_on_personal_data"), Some(span(5))));
    assert_eq!(labels(&found[0], LabelKind::Declared).len(), 3);
}
