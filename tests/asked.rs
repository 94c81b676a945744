//! What is asked for by name where nobody declares the parts: maps, documents, rows of a database, the environment; and what
//! frameworks hand to a program under types of their own.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::check_of;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n\
    [dependencies]\naxum = \"0.8\"\nhttp = \"1\"\nrusqlite = \"0.37\"\nserde = \"1\"\nserde_json = \"1\"\nsqlx = \"0.8\"\ntokio-postgres = \"0.7\"\n";

/// What a check prints of a package of this code.
fn check(code: &str, arguments: &[&str]) -> String {
    check_of(MANIFEST, code, arguments)
}

/// Asserts that something is found on the lines that end in the mark, and on no other.
fn assert_marked(code: &str) {
    let line = |row: &str| row.split(':').nth(1).unwrap().parse().unwrap();
    let text = check(code, &["--format", "short", "--inferred", "yes"]);
    let found: Vec<usize> = text.lines().map(line).collect();
    let rows = code.lines().enumerate();
    let marked: Vec<usize> = rows.filter(|(_, row)| row.ends_with("//~")).map(|(at, _)| at + 1).collect();
    assert_eq!(found, marked, "{text}");
}

#[test]
fn a_map_or_a_document_holds_what_it_is_asked_for() {
    assert_marked(
        r#"
use std::collections::{BTreeMap, HashMap};
use serde_json::Value;
const MAIL: &str = "email";
pub fn form(form: &HashMap<String, String>) {
    println!("{:?}", form.get("password")); //~
    println!("{:?}", form.get("token")); //~
    println!("{:?}", form.get("page"));
    println!("{}", form["phone_number"]); //~
    println!("{}", form["password"].len());
    println!("{}", form.contains_key("password"));
}
pub fn named_by_a_constant(row: &BTreeMap<&str, String>) {
    println!("{:?}", row.get(MAIL)); //~
    let key = "iban";
    println!("{:?}", row.get(key));
    println!("{:?}", row.get(&key.to_uppercase().as_str()));
}
pub fn document(document: &Value) {
    println!("{}", document["user"]["email"]); //~
    println!("{}", document["user"]["emails_sent"]);
    println!("{:?}", document.get("user").and_then(|user| user.get("email"))); //~
    println!("{}", document["email"].as_str().is_some());
}
pub fn what_holds_no_text(flags: &HashMap<String, bool>, places: &HashMap<&str, usize>) {
    println!("{:?} {}", flags.get("email"), places["email"]);
}
pub fn what_is_about_data(errors: &HashMap<String, String>, labels: &HashMap<&str, &str>, schema: &Value) {
    println!("{:?}", errors.get("password"));
    println!("{}", labels["email"]);
    println!("{}", schema["email"]);
}
pub fn written_over(document: Value) {
    let mut document = document;
    document["password"] = "***".into();
    println!("{}", document["password"]);
}
pub fn lists(names: &Vec<String>, at: usize) {
    println!("{} {}", names[0], names[at]);
}
"#,
    );
}

#[test]
fn the_environment_holds_secrets_and_settings() {
    assert_marked(
        r#"
use std::env;
const KEY: &str = "STRIPE_SECRET_KEY";
pub fn secrets() {
    let key = env::var("OPENAI_API_KEY").unwrap();
    println!("using {key}"); //~
    println!("{:?}", env::var("ADMIN_PASSWORD")); //~
    let bearer = env::var("GITHUB_TOKEN").expect("a token");
    println!("Bearer {}", &bearer[..]); //~
    let stripe = env::var(KEY).unwrap();
    println!("{stripe}"); //~
}
pub fn settings() {
    println!("{:?} {:?}", env::var("RUST_LOG"), env::var("PORT"));
    println!("{:?} {:?}", env::var("TOKEN_EXPIRY"), env::var("PASSWORD_FILE"));
    println!("{}", env::var("ADMIN_PASSWORD").is_ok());
    if let Err(missing) = env::var("ADMIN_PASSWORD") {
        println!("{missing}");
    }
    println!("{}", String::from("password"));
}
"#,
    );
}

#[test]
fn a_row_holds_the_column_that_it_is_asked_for() {
    assert_marked(
        r#"
use sqlx::Row;
pub async fn pooled(pool: &sqlx::PgPool) {
    let rows = sqlx::query("select id, email from users").fetch_all(pool).await.unwrap();
    for row in rows {
        let to: String = row.get("email");
        println!("{to}"); //~
        let id: i64 = row.get("id");
        println!("{id}");
    }
}
pub async fn within(transaction: &mut sqlx::Transaction<'_, sqlx::Sqlite>) {
    let row = sqlx::query("select password from users").fetch_one(&mut **transaction).await.unwrap();
    let was: String = row.try_get("password").unwrap();
    println!("{was}"); //~
    let verified: bool = row.try_get("email").unwrap();
    println!("{verified}");
}
pub async fn direct(client: &tokio_postgres::Client) {
    let row = client.query_one("select email, note from users", &[]).await.unwrap();
    let (to, note): (String, String) = (row.get("email"), row.get(1));
    println!("{to}"); //~
    println!("{note}");
}
pub fn lite(row: &rusqlite::Row) {
    let was: String = row.get("password").unwrap();
    println!("{was}"); //~
    let count: i64 = row.get_unwrap("password");
    println!("{count}");
}
"#,
    );
}

#[test]
fn a_record_whose_fields_are_named_at_run_time_holds_what_it_is_asked_for() {
    assert_marked(
        r#"
use std::collections::{BTreeMap, BTreeSet, HashMap};
#[derive(Debug)]
pub struct Entry { id: u64, attrs: BTreeMap<String, BTreeSet<String>> }
impl Entry {
    pub fn one(&self, name: &str) -> Option<&String> {
        self.attrs.get(name).and_then(|values| values.iter().next())
    }
    pub fn known(&self, name: &str) -> Option<&String> {
        self.one(name)
    }
    pub fn add(&mut self, name: &str, value: String) {
        self.attrs.entry(name.to_string()).or_default().insert(value);
    }
}
pub fn unlock(entry: &Entry, given: &str) -> bool {
    entry.known("unix_password").is_some_and(|own| own == given)
}
pub fn show(entry: Entry) {
    println!("{}", entry.id);
    println!("{:?}", entry.known("class"));
    println!("{entry:?}"); //~
}
#[derive(serde::Serialize)]
pub struct Draft { attrs: BTreeMap<String, Vec<String>> }
pub fn write(draft: &Draft) -> bool {
    println!("{}", draft.attrs.len());
    println!("{}", serde_json::to_string(draft).unwrap()); //~
    draft.attrs.contains_key("iban")
}
#[derive(Debug)]
pub struct Client { attrs: BTreeMap<String, String> }
pub fn client(client: &Client) -> bool {
    println!("{client:?}");
    client.attrs.contains_key("oauth2_prefer_short_username")
}
#[derive(Debug)]
pub struct Counters { counts: HashMap<String, u64>, errors: HashMap<String, String>, tags: HashMap<String, String> }
pub fn count(counters: &Counters) {
    println!("{:?} {:?}", counters.counts.get("email"), counters.errors.get("password"));
    println!("{:?}", counters.tags.get("colour"));
    println!("{counters:?}");
}
pub struct Shy { attrs: HashMap<String, String> }
impl std::fmt::Debug for Shy {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Shy({})", self.attrs.len())
    }
}
pub fn shy(shy: &Shy) -> bool {
    println!("{shy:?}");
    shy.attrs.get("password").is_none()
}
"#,
    );
}

#[test]
fn debug_is_derived_on_a_record_with_secrets() {
    let code = r#"
#[derive(Debug)]
pub struct Entry { attrs: std::collections::HashMap<String, String> }
pub fn is_locked(entry: &Entry) -> bool { entry.attrs.get("password").is_none() }
#[derive(Debug)]
pub struct Style { attrs: std::collections::HashMap<String, String> }
pub fn is_bold(style: &Style) -> bool { style.attrs.get("weight").is_some() }
"#;
    let arguments = ["--format", "short", "--inferred", "yes", "-W", "derived_debug_on_personal_data"];
    let text = check(code, &arguments);
    let lines: Vec<&str> = text.lines().filter_map(|row| row.split(':').nth(1)).collect();
    assert_eq!(lines, ["2"], "{text}");
}

#[test]
fn what_annotations_decide_inference_leaves_alone() {
    let code = r#"
pub fn form(form: &std::collections::HashMap<String, String>) {
    println!("{:?}", form.get("password"));
}
"#;
    assert_eq!(check(code, &["--format", "short", "--inferred", "no"]), "");
    let text = check(code, &["--inferred", "yes"]);
    assert!(
        text.contains("`form[\"password\"]` looks like user.authorization.password: the key is named"),
        "{text}"
    );
}

#[test]
fn requests_are_taken_apart_and_shown() {
    assert_marked(
        r#"
use std::net::SocketAddr;
use axum::extract::{ConnectInfo, Request};
pub async fn whole(info: ConnectInfo<SocketAddr>) {
    println!("{}", info.0); //~
}
pub async fn parameter(ConnectInfo(from): ConnectInfo<SocketAddr>) {
    println!("{from}"); //~
}
pub async fn bound(info: ConnectInfo<SocketAddr>) {
    let ConnectInfo(from) = info;
    println!("{}", from.port());
    println!("{from}"); //~
}
pub async fn shown(request: Request) {
    println!("{:?}", request.method());
    println!("{request:?}"); //~
}
pub async fn parts(request: http::Request<String>) {
    let (parts, _) = request.into_parts();
    println!("{:?}", parts.method);
    println!("{parts:?}"); //~
}
"#,
    );
}
