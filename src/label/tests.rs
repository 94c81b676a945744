//! Labels of small programs, with the declarations that the standard library's models bring.

#[path = "used.rs"]
mod used;

use std::path::{Path, PathBuf};

use super::*;
use crate::lower::{self, Env, MacroTable};
use crate::notice;
use crate::resolve::{Build, CrateInput, Program, ProgramInput, UnitInput, link};
use crate::source::{FileId, SourceMap};
use crate::taxonomy::Taxonomy;

/// What is labelled, and what was asked.
struct Case<'a> {
    /// Crates by name, each one file and one package.
    crates: &'a [(&'a str, &'a str)],
    notice: &'a str,
    inferred: Inferred,
    /// What `crate` means in the notice.
    home: Option<&'a str>,
}

struct Outcome {
    built: Built,
    taxonomy: Taxonomy,
    sources: SourceMap,
}

impl Case<'_> {
    fn run(&self) -> Outcome {
        let models = Models::load(&["secrecy"]);
        let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
        let file = sources.add(PathBuf::from("privacy-notice.toml"), self.notice.into());
        let none = &mut |_: &Path| Err(std::io::ErrorKind::NotFound.into());
        let notice = notice::load(file, &mut sources, &mut taxonomy, none).unwrap().0;
        let program = program(self.crates, &models, &mut sources);
        let sema = Sema::new(&program);
        let mut bodies = crate::types::of_bodies(&sema);
        bodies.retain(|(item, _)| !program.is_model(*item));
        let facts = |(name, _): &(&str, &str)| PackageFacts {
            name: (*name).to_owned(),
            notice: NoticeId(0),
            selected: true,
            crate_of_notice: self.home.map(str::to_owned),
        };
        let packages: Vec<PackageFacts> = self.crates.iter().map(facts).collect();
        let built = build(&Context {
            sema: &sema,
            bodies: &bodies,
            models: &models,
            taxonomy: &taxonomy,
            notices: &[notice],
            packages: &packages,
            inferred: self.inferred,
            proposes: true,
            rejected: &[],
        });
        Outcome { built, taxonomy, sources }
    }
}

fn program(crates: &[(&str, &str)], models: &Models, sources: &mut SourceMap) -> Program {
    let mut input = ProgramInput::default();
    let own = crates.iter().enumerate().map(|(i, (name, text))| (*name, *text, Some(i as u32)));
    let known = models.declarations.iter().map(|d| (&*d.crate_name, &*d.text, None));
    for (name, text, package) in own.chain(known) {
        let path = PathBuf::from(format!("{name}-{}/src/lib.rs", input.units.len()));
        let file = sources.add(path.clone(), text.into());
        let at = input.units.len();
        input.units.push(unit(file, path, text, name, package.is_none()));
        match input.crates.iter_mut().find(|c: &&mut CrateInput| c.name == *name) {
            Some(known) => known.roots.push(at),
            None => input.crates.push(CrateInput {
                name: Name::new(name),
                package,
                read: false,
                roots: vec![at],
                dependencies: Vec::new(),
            }),
        }
    }
    let names: Vec<Name> = input.crates.iter().map(|c| c.name).collect();
    for each in &mut input.crates {
        each.dependencies = names.iter().enumerate().map(|(i, name)| (*name, Some(i))).collect();
    }
    input.std = names.iter().position(|name| *name == *"std");
    link(input, &WithoutTests)
}

struct WithoutTests;

impl Build for WithoutTests {
    fn keeps(&self, item: &crate::ir::Item, _: u32) -> bool {
        item.attrs.get().is_none_or(|attrs| !attrs.test)
    }

    fn holds(&self, _: &crate::ir::Cfg, _: u32) -> Option<bool> {
        None
    }
}

fn unit(file: FileId, path: PathBuf, text: &str, krate: &str, model: bool) -> UnitInput {
    let unit = lower::items(text, &lower::Said::default()).0;
    let (table, imported) = (MacroTable::default(), Default::default());
    let lowered = lower::code(&unit, &Env::new(&table, Name::new(krate), &imported, text), &|_| true);
    let extras = lowered.extras.into_iter().map(|e| (e.unit, e.parent)).collect();
    UnitInput { file, path, unit, extras, bodies: lowered.bodies, model }
}

impl Outcome {
    /// Every label as `path category`, with `?` behind what is inferred.
    fn labels(&self) -> Vec<String> {
        let shown = |label: &Label| {
            let key = &self.taxonomy.get(label.category).key;
            let mark = if matches!(label.basis, Basis::Inferred { .. }) { "?" } else { "" };
            format!("{} {}{mark}", label.path, key.rsplit('.').next().unwrap())
        };
        self.built.labels.list.iter().map(shown).collect()
    }

    /// What is proposed and makes no source, as `path category`, but for what is of low confidence.
    fn only_proposed(&self) -> Vec<String> {
        let proposals = self.built.proposals.iter();
        let asked = proposals.filter(|one| !one.counts && one.confidence > crate::recognise::Confidence::Low);
        asked.map(|one| format!("{} {}", one.path, self.taxonomy.get(one.category).key)).collect()
    }

    /// What is broken, as the source text under its span with the suggestion.
    fn broken(&self) -> Vec<String> {
        let shown = |broken: &Broken| match broken {
            Broken::UnknownCategory { span, suggestions, .. } => {
                format!("{} -> {}", self.sources.text(*span), suggestions.join(", "))
            }
            Broken::UnresolvedPath { span, suggestion, .. } => {
                format!("{} -> {}", self.sources.text(*span), suggestion.as_deref().unwrap_or("-"))
            }
            Broken::Annotation { span, why } => format!("{}: {why}", self.sources.text(*span)),
        };
        self.built.broken.iter().map(shown).collect()
    }
}

const NO_NOTICE: &str = "[notice]\ntitle = \"t\"\n";

fn with(text: &str, notice: &str, inferred: Inferred) -> Outcome {
    Case { crates: &[("shop", text)], notice, inferred, home: Some("shop") }.run()
}

fn annotated(text: &str) -> Outcome {
    with(text, NO_NOTICE, Inferred::No)
}

fn inferred(text: &str) -> Vec<String> {
    with(text, NO_NOTICE, Inferred::Auto).labels()
}

fn noticed(text: &str, entries: &str) -> Outcome {
    with(text, &format!("{NO_NOTICE}{entries}"), Inferred::No)
}

fn data(path: &str, category: &str) -> String {
    format!("[[data]]\npath = \"{path}\"\ncategory = \"{category}\"\n")
}

#[test]
fn annotations_stand_on_fields_variants_types_parameters_variables_functions_and_constants() {
    let text = "
        struct User { #[personal_data(email)] a: String, #[personal_data(none)] email: String }
        union Raw { #[personal_data(user.name)] a: u8 }
        enum Ticket { #[personal_data(card_number)] Day(String, #[personal_data(user.name)] String), Free }
        #[personal_data(phone_number)] struct Phone(String);
        #[cfg_attr(any(), personal_data(user.name))] const OWNER: &str = \"x\";
        #[cfg_attr(any(), personal_data(email))]
        fn load(#[cfg_attr(any(), personal_data(user.name))] who: &str) -> String {
            #[cfg_attr(any(), personal_data(password))]
            let secret = \"x\".to_string();
            secret
        }";
    let outcome = annotated(text);
    assert_eq!(
        outcome.labels(),
        [
            "shop::User::a email",
            "shop::Raw::a name",
            "shop::Ticket::Day::0 card_number",
            "shop::Ticket::Day::1 name",
            "shop::Phone phone_number",
            "shop::OWNER name",
            "shop::load::who name",
            "shop::load email",
            "shop::load::secret password",
        ]
    );
    let Labels { fields, params, types, returns, consts, locals, .. } = &outcome.built.labels;
    assert_eq!((fields.len(), types.len(), consts.len(), returns.len(), params.len()), (4, 1, 1, 1, 1));
    assert_eq!(locals.len(), 2, "the parameter's binding and the variable");
    let none: Vec<_> = outcome.built.declarations.iter().filter(|d| d.category.is_none()).collect();
    assert_eq!(none.iter().map(|d| d.path.as_str()).collect::<Vec<_>>(), ["shop::User::email"]);
    assert!(outcome.built.annotated);
}

#[test]
fn what_is_wrong_with_an_annotation_is_said() {
    let text = "
        #[personal_data(email)] mod inner {}
        struct User {
            #[personal_data(user.contact.emial)] a: String,
            #[personal_data] b: String,
            #[personal_data(email, reason = \"x\")] c: String,
        }";
    let outcome = annotated(text);
    assert_eq!(outcome.labels(), ["shop::User::c email"]);
    assert_eq!(
        outcome.broken(),
        [
            "email: a module holds no data: annotate its fields, parameters or functions",
            "user.contact.emial -> user.contact.email",
            "#[personal_data]: expected `personal_data(category)`",
        ]
    );
}

#[test]
fn an_ambiguous_category_suggests_all() {
    let own = "[[category]]\nkey = \"user.workplace.email\"\nidentifies = \"directly\"\n";
    let outcome = noticed("struct User { #[personal_data(email)] a: String }", own);
    assert_eq!(outcome.broken(), ["email -> user.contact.email, user.workplace.email"]);
}

#[test]
fn entries_of_the_notice_name_all_kinds_of_places() {
    let text = "
        pub mod models {
            pub struct Customer { pub phone: String, pub fax: String }
            pub enum Event { Seen { by: String }, Paid(String) }
            pub struct Tag(String);
            impl Customer { pub fn call(&self, from: &str) -> String { String::new() } }
        }
        pub use models::Customer as Client;";
    let labels = |entries: &[(&str, &str)]| {
        let entries: String = entries.iter().map(|(path, category)| data(path, category)).collect();
        let outcome = noticed(text, &entries);
        assert_eq!(outcome.broken(), [""; 0]);
        outcome.labels()
    };
    assert_eq!(
        labels(&[("crate::models::Customer::phone", "phone_number"), ("Event::Seen::by", "user.name")]),
        ["shop::models::Customer::phone phone_number", "shop::models::Event::Seen::by name"]
    );
    assert_eq!(
        labels(&[("crate::models::Event::Paid::0", "card_number"), ("crate::models::Tag", "user.name")]),
        ["shop::models::Event::Paid::0 card_number", "shop::models::Tag name"]
    );
    assert_eq!(
        labels(&[("Customer::call::from", "phone_number"), ("shop::models::Customer::call", "user.name")]),
        ["shop::models::Customer::call::from phone_number", "shop::models::Customer::call name"]
    );
    assert_eq!(
        labels(&[("crate::Client::fax", "phone_number")]),
        ["shop::models::Customer::fax phone_number"]
    );
    assert_eq!(
        labels(&[("crate::models::Customer::*", "user.name"), ("Customer::phone", "phone_number")]),
        ["shop::models::Customer::phone name", "shop::models::Customer::fax name"],
        "the entry with more literal segments has the last word"
    );
}

#[test]
fn an_annotation_outweighs_the_notice() {
    let text = "pub struct A { #[personal_data(none)] pub email: String, pub phone: String }";
    let outcome = noticed(text, &data("crate::A::*", "user.name"));
    assert_eq!(outcome.labels(), ["shop::A::phone name"]);
}

#[test]
fn paths_that_name_nothing_are_said_with_the_nearest() {
    let text = "
        pub mod scales { pub struct Scales; impl Scales { pub fn weigh(&self, who: &str) {} } }
        pub struct Member { pub full_name: String }
        pub mod moved { pub struct Order { pub buyer: String } }";
    let entries = "
        [[data]]
        path = \"crate::Member::fullname\"
        category = \"user.name\"
        [[data]]
        path = \"crate::scales\"
        category = \"user.name\"
        [[data]]
        path = \"crate::orders::Order::buyer\"
        category = \"user.name\"
        [[recipient]]
        name = \"r\"
        role = \"service-provider\"
        calls = [\"crate::scale::**\", \"crate::scales::Scales::weight\", \"reqwest::Client::pots\", \"scales::*\"]
        [[choice]]
        name = \"c\"
        checked-by = [\"Member::allows\", \"axum_login::Session\", \"std::option::Option\"]
        [[purpose]]
        name = \"p\"
        is = \"essential\"
        code = [\"crate::scales::**\", \"nothing_like_it\"]
        ";
    assert_eq!(
        noticed(text, entries).broken(),
        [
            "\"crate::Member::fullname\" -> crate::Member::full_name",
            "\"crate::scales\" -> -",
            "\"crate::orders::Order::buyer\" -> crate::moved::Order::buyer",
            "\"crate::scale::**\" -> crate::scales::**",
            "\"crate::scales::Scales::weight\" -> crate::scales::Scales::weigh",
            "\"Member::allows\" -> -",
            "\"nothing_like_it\" -> -",
        ]
    );
}

#[test]
fn what_macros_and_derives_may_have_made_is_not_at_fault() {
    let text = "
        pub mod schema { diesel::table! { users (id) { id -> Int4 } } }
        #[derive(Builder)] pub struct Made { pub email: String }
        #[derive(Clone)] pub struct Plain { pub email: String }";
    let entries = "
        [[choice]]
        name = \"c\"
        checked-by = [
            \"crate::schema::users\", \"crate::Made::builder\", \"crate::Plain::builder\", \"crate::Made::emial\",
        ]";
    assert_eq!(
        noticed(text, entries).broken(),
        ["\"crate::Plain::builder\" -> -", "\"crate::Made::emial\" -> crate::Made::email"]
    );
}

#[test]
fn crate_is_the_package_that_holds_the_notice() {
    let crates = [("shop", "pub struct A { pub x: String }"), ("core_lib", "pub struct A { pub x: String }")];
    let notice =
        format!("{NO_NOTICE}{}{}", data("crate::A::x", "user.name"), data("core_lib::A::x", "email"));
    let run = |home| Case { crates: &crates, notice: &notice, inferred: Inferred::No, home }.run();
    assert_eq!(run(Some("shop")).labels(), ["shop::A::x name", "core_lib::A::x email"]);
    let elsewhere = run(Some("not_in_this_run"));
    assert_eq!((elsewhere.labels(), elsewhere.broken()), (vec!["core_lib::A::x email".to_owned()], vec![]));
    let virtual_workspace = run(None);
    assert_eq!(virtual_workspace.labels(), ["core_lib::A::x email"]);
    assert_eq!(virtual_workspace.broken(), ["\"crate::A::x\" -> shop::A::x"]);
    let Broken::UnresolvedPath { why: Some(why), .. } = &virtual_workspace.built.broken[0] else { panic!() };
    assert!(why.contains("`shop`, `core_lib`"), "{why}");
}

#[test]
fn names_of_fields_tell_unless_their_type_speaks_against_it() {
    let text = "
        pub struct User {
            pub email: Option<Vec<String>>, pub email_verified: bool, pub password_hash: Box<str>,
            pub phone_number: Kind, pub date_of_birth: Record, pub ssn: fn() -> String, pub id: u64,
        }
        pub enum Kind { A, B }
        pub struct Record { pub city: String }
        pub enum Event { Joined { email: String }, Email(String), Left(String) }
        pub struct Filled<T>(T);
        pub struct Wrapped { pub email: Filled<String>, pub password: Filled<Record> }
        pub struct Email(String);";
    let labels = inferred(text);
    let has = |path: &str| labels.iter().any(|l| l.starts_with(&format!("shop::{path} ")));
    for path in ["User::email", "Event::Joined::email", "Event::Email::0", "Wrapped::email", "Email::0"] {
        assert!(has(path), "{path}: {labels:#?}");
    }
    for path in [
        "User::email_verified",
        "User::phone_number",
        "User::date_of_birth",
        "User::ssn",
        "User::id",
        "Event::Left::0",
        "Wrapped::password",
        "Filled::0",
    ] {
        assert!(!has(path), "{path}: {labels:#?}");
    }
}

#[test]
fn a_type_that_is_there_for_one_value_counts_as_that_value() {
    let text = "
        pub struct SecretText(String);
        pub struct Number(u64);
        pub struct Loop(Box<Loop>);
        pub struct Attribute { pub kind: Kind, pub value: String }
        pub enum Kind { A, B }
        pub struct Email(String);
        pub struct User {
            pub password: SecretText, pub phone_numbers: Vec<Attribute>, pub token: Number,
            pub iban: Loop, pub email: Email,
        }";
    // An `Email` is personal by itself, and not once more for every field of that type.
    assert_eq!(
        inferred(text),
        [
            "shop::Email::0 email?",
            "shop::User::password password?",
            "shop::User::phone_numbers phone_number?"
        ]
    );
}

#[test]
fn an_enum_of_plain_values_counts_as_text_where_one_of_them_is() {
    let text = "
        pub enum NumberOrString { Number(i64), String(String) }
        pub enum Numbers { Small(u8), Large(u64) }
        pub enum Secret { Plain(Vec<u8>), Pair(Pair) }
        pub struct Pair { a: u8 }
        pub enum Tree { Leaf(String), Node(Box<Tree>), Both(Box<Tree>) }
        pub struct ChangeEmail {
            pub token: NumberOrString, pub api_key: Numbers, pub secret: Secret, pub password: Tree,
        }";
    assert_eq!(inferred(text), ["shop::ChangeEmail::token credentials?"]);
}

#[test]
fn a_record_that_says_whose_it_is_tells_what_its_texts_are() {
    let text = "
        pub struct Answer { pub id: u32, pub creator_id: u32, pub content: String, pub score: u32 }
        pub struct CreateAnswer { pub post_id: u32, pub content: String, pub link_title: String }
        pub struct RemoveAnswer { pub answer_id: u32, pub reason: String }
        pub struct Cipher { pub uuid: String, pub user_uuid: String, pub notes: String }
        pub struct Attachment { pub id: String, pub cipher_uuid: String, pub file_name: String }
        pub struct CipherFile { pub size: u32, pub file_name: String }
        pub struct CipherLimit { pub size: u32, pub name: String }
        pub struct Community { pub id: u32, pub name: String, pub owner: u32, pub description: String }
        pub struct Tag { pub id: u32, pub community_id: u32, pub name: String }
        pub struct ApiToken { pub user_id: u32, pub name: String }
        pub struct Queue { pub sender: u32, pub name: String }
        pub struct Release { pub name: String, pub content: String }";
    let outcome = with(text, NO_NOTICE, Inferred::Auto);
    assert_eq!(
        outcome.only_proposed(),
        [
            "shop::Answer::content user.content.public",
            "shop::CreateAnswer::content user.content.public",
            "shop::Cipher::notes user.content.private",
            "shop::Attachment::file_name user.content.private",
            "shop::CipherFile::file_name user.content.private",
        ]
    );
    assert!(outcome.labels().is_empty(), "what is only proposed is not followed: {:?}", outcome.labels());
}

#[test]
fn a_type_tells_whatever_the_field_is_called() {
    let text = "
        use apub::ObjectId;
        use serde_json::Value;
        pub struct Person { pub id: u32 }
        pub struct Group { pub id: u32 }
        pub struct Follow { pub to: Option<[ObjectId<Person>; 1]>, pub cc: Vec<ObjectId<Group>>, pub bcc: apub::Grid<Person> }
        pub struct Draft { pub user_id: u32, pub title: String, pub notes: String, pub shapes: Option<Value>, pub schema: Value }
        pub struct Slot { pub shapes: Value }";
    assert_eq!(
        with(text, NO_NOTICE, Inferred::Auto).only_proposed(),
        [
            "shop::Follow::to user.unique_id",
            "shop::Draft::title user.content.private",
            "shop::Draft::notes user.content.private",
            "shop::Draft::shapes user.content.private",
        ]
    );
}

#[test]
fn what_a_record_says_of_a_name_holds_of_no_other_record() {
    let text = "
        pub struct A { pub user_id: u32, pub data: String }
        pub struct B { pub user_id: u32, pub data: String }
        pub struct C { pub user_id: u32, pub data: String }
        pub struct OrgPolicy { pub org_id: u32, pub data: String }";
    let proposed = with(text, NO_NOTICE, Inferred::Auto).only_proposed();
    assert_eq!(proposed, ["A", "B", "C"].map(|name| format!("shop::{name}::data user.content")));
}

#[test]
fn what_most_of_a_name_are_the_rest_is_asked_about() {
    let text = "
        pub struct ChangeA { pub password: String, pub key: String }
        pub struct ChangeB { pub password: String, pub key: String }
        pub struct ChangeC { pub password: String, pub key: String }
        pub struct ConfirmData { pub id: String, pub key: Option<String> }
        pub struct Slot { pub key: u64 }
        pub struct LoginA { pub password: String, pub code: String }
        pub struct Region { pub code: String }";
    let outcome = with(text, NO_NOTICE, Inferred::Auto);
    assert_eq!(outcome.only_proposed(), ["shop::ConfirmData::key user.authorization.credentials"]);
    let most = format!(
        "{text} pub struct P {{ pub key: String }} pub struct Q {{ pub key: String }} pub struct R {{ pub key: String }}"
    );
    assert_eq!(with(&most, NO_NOTICE, Inferred::Auto).only_proposed(), [""; 0], "fewer tell than do not");
}

#[test]
fn what_somebody_chose_is_proposed_whatever_it_is_called() {
    let text = "
        pub enum Theme { Dark, Light }
        pub struct LanguageId(u32);
        pub struct SaveUserSettings {
            pub discussion_languages: Vec<LanguageId>, pub layout: String, pub theme: Theme, pub page_size: u32, pub nsfw: bool,
        }
        pub struct SiteSettings { pub layout: String }";
    let outcome = with(text, NO_NOTICE, Inferred::Auto);
    assert_eq!(
        outcome.only_proposed(),
        [
            "shop::SaveUserSettings::discussion_languages user.account.settings",
            "shop::SaveUserSettings::layout user.account.settings",
        ]
    );
}

#[test]
fn a_team_s_own_words_go_before_those_that_come_along() {
    let text = "
        pub struct Line { pub user_msisdn: String, pub msisdn_known: bool, pub msisdn: Inner, pub email_handle: String }
        pub struct Inner { pub a: u8 }
        pub struct User { pub email: String, pub login: String }
        pub fn find(msisdns: &[String], probe_msisdn: &str) {}";
    let notice = r#"
        [[word]]
        names = ["msisdn"]
        category = "user.contact.phone_number"
        [[word]]
        names = ["login", "email_handle", "probe msisdn"]
        category = "none"
    "#;
    let case = Case { crates: &[("shop", text)], notice, inferred: Inferred::Yes, home: None };
    assert_eq!(
        case.run().labels(),
        [
            "shop::Line::user_msisdn phone_number?",
            "shop::User::email email?",
            "shop::find::msisdns phone_number?"
        ]
    );
}

#[test]
fn type_parameters_that_bound_one_another_come_to_an_end() {
    let bounds: Vec<String> = (0..12).map(|i| format!("A{i}<T>")).collect();
    let text = format!("pub fn send<T: {}>(email: T) {{ drop(email) }}", bounds.join(" + "));
    assert_eq!(inferred(&text).len(), 1);
}

#[test]
fn parameters_and_variables_tell_only_of_text_bytes_and_the_unknown() {
    let text = "
        pub struct Address { pub extra: String }
        pub fn send(email: &str, password: impl Into<String>, phone_number: &Address, ssn: u32) {
            let email_address = email.to_owned();
            let password_length = email.len();
            let date_of_birth = true;
        }
        pub trait Sender { fn deliver(&self, email: String); }
        pub fn closures() { let f = |email| drop(email); }";
    let labels = inferred(text);
    assert_eq!(
        labels,
        [
            "shop::send::email email?",
            "shop::send::password password?",
            "shop::send::email_address email?",
            "shop::Sender::deliver::email email?",
            "shop::closures::email email?",
        ],
    );
}

#[test]
fn results_tell_where_they_are_text() {
    let text = "
        pub struct User { x: u8 }
        impl User {
            pub fn email(&self) -> Option<&str> { None }
            pub fn phone_number(&self) -> bool { true }
            pub async fn password(&self) -> Result<String, ()> { Err(()) }
            pub fn send_email(&self) -> String { String::new() }
        }";
    assert_eq!(inferred(text), ["shop::User::email email?", "shop::User::password password?"]);
}

#[test]
fn fields_of_unknown_values_tell_by_name() {
    let outcome = with("pub fn f(x: outside::Claims) { g(x.email, x.count) }", NO_NOTICE, Inferred::Auto);
    assert_eq!(outcome.labels(), ["email email?"]);
    assert!(outcome.built.labels.unknown_fields.contains_key(&(0, Name::new("email"))));
    assert_eq!(outcome.built.declarations, []);
}

#[test]
fn inference_is_decided_for_each_package() {
    let annotated = "pub struct A { #[personal_data(none)] pub x: u8, pub email: String }";
    let plain = "pub struct B { pub email: String }";
    let crates = [("one", annotated), ("two", plain)];
    let run = |notice: &str, inferred| Case { crates: &crates, notice, inferred, home: Some("one") }.run();
    let auto = run(NO_NOTICE, Inferred::Auto);
    assert_eq!((auto.labels(), auto.built.left_out), (vec!["two::B::email email?".to_owned()], 1));
    let yes = run(NO_NOTICE, Inferred::Yes);
    assert_eq!((yes.labels().len(), yes.built.left_out), (2, 0));
    let no = run(NO_NOTICE, Inferred::No);
    assert_eq!((no.labels().len(), no.built.left_out), (0, 0));
    let both = run(&format!("{NO_NOTICE}{}", data("two::B", "none")), Inferred::Auto);
    assert_eq!((both.labels().len(), both.built.left_out), (0, 1), "`[[data]]` is an annotation too");
}

#[test]
fn none_silences_the_name() {
    let text = "
        #[personal_data(none)] pub struct Form { pub email: String }
        pub struct A { #[personal_data(none)] pub email: String }
        pub fn f(#[cfg_attr(any(), personal_data(none))] email: &str) {}";
    assert_eq!(with(text, NO_NOTICE, Inferred::Yes).labels(), [""; 0]);
}

#[test]
fn derived_debug_is_told_where_it_prints_the_field() {
    let text = "
        use secrecy::SecretString;
        #[derive(Clone, Debug)]
        pub struct User {
            #[personal_data(email)] shown: String,
            #[personal_data(email)] #[debug(skip)] skipped: String,
            #[personal_data(password)] wrapped: SecretString,
            #[personal_data(email)] own: Redacted,
        }
        pub struct Redacted(String);
        pub struct Plain { #[personal_data(email)] email: String }";
    let outcome = annotated(text);
    let printed =
        |d: &Declaration| (d.path.clone(), d.derived_debug.map(|s| outcome.sources.text(s).to_owned()));
    let expected = [
        ("shop::User::shown", Some("Debug")),
        ("shop::User::skipped", None),
        ("shop::User::wrapped", None),
        ("shop::User::own", None),
        ("shop::Plain::email", None),
    ];
    let expected = expected.map(|(path, text)| (path.to_owned(), text.map(str::to_owned)));
    assert_eq!(outcome.built.declarations.iter().map(printed).collect::<Vec<_>>(), expected);
    assert_eq!(outcome.built.declarations[0].holder.as_deref(), Some("shop::User"));
}

#[test]
fn an_alias_hands_its_label_to_what_is_declared_with_it() {
    let text = "
        #[cfg_attr(any(), personal_data(email))] type Email = String;
        type Maybe = Option<Email>;
        pub struct A { a: Vec<Email>, b: Maybe, c: String }";
    assert_eq!(annotated(text).labels()[1..], ["shop::A::a email", "shop::A::b email"]);
}

#[test]
fn implementations_inherit_what_the_trait_declares() {
    let text = "
        pub trait Load {
            #[cfg_attr(any(), personal_data(email))]
            fn load(&self, #[cfg_attr(any(), personal_data(user.name))] who: &str) -> String;
        }
        struct Db;
        impl Load for Db { fn load(&self, name: &str) -> String { name.to_owned() } }";
    let labels = annotated(text).built.labels;
    assert_eq!((labels.returns.len(), labels.params.len(), labels.locals.len()), (2, 2, 1));
    assert_eq!(labels.list.len(), 2);
}

#[test]
fn what_takes_no_part_is_not_labelled() {
    let text = "
        #[test] fn t() { struct Inner { #[personal_data(email)] e: String } }
        pub fn f() { struct Inner { #[personal_data(email)] e: String } }";
    assert_eq!(annotated(text).built.labels.list.len(), 1);
}
