//! Where nothing is annotated, and types are not known: what counts, and what it takes besides to make a finding of it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::check_of;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n\
    [dependencies]\nserde = \"1\"\nserde_json = \"1\"\nerror-stack = \"0.4\"\n";

/// What a check prints of a package of this code.
fn check(code: &str, arguments: &[&str]) -> String {
    check_of(MANIFEST, code, arguments)
}

/// The lines on which something is found where nothing is annotated.
fn found_in(code: &str) -> Vec<usize> {
    let line = |row: &str| row.split(':').nth(1).unwrap().parse().unwrap();
    check(code, &["--format", "short", "--inferred", "yes"]).lines().map(line).collect()
}

/// The lines that end in the mark.
fn marked_in(code: &str) -> Vec<usize> {
    let rows = code.lines().enumerate();
    rows.filter(|(_, row)| row.ends_with("//~")).map(|(at, _)| at + 1).collect()
}

#[test]
fn a_wrapper_that_hides_in_some_builds_is_trusted() {
    let code = r#"
use std::fmt::{Display, Formatter, Result};
pub struct Pii<T>(pub T);
impl<T: Display> Display for Pii<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        #[cfg(feature = "pii")]
        { f.write_str("REDACTED") }
        #[cfg(not(feature = "pii"))]
        { write!(f, "{}", self.0) }
    }
}
pub struct Loud<T>(pub T);
impl<T: Display> Display for Loud<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        #[cfg(feature = "ansi")]
        { write!(f, "*{}*", self.0) }
        #[cfg(not(feature = "ansi"))]
        { write!(f, "{}", self.0) }
    }
}
pub struct Shy { pub email: String }
impl Display for Shy {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        #[cfg(feature = "pii")]
        { f.write_str("REDACTED") }
        #[cfg(not(feature = "pii"))]
        { write!(f, "{}", self.email) }
    }
}
pub fn log_shy(shy: &Shy) {
    println!("{shy}");
    println!("{}", shy.email); //~
}
pub fn log(user_email: &str) {
    println!("{user_email}"); //~
    println!("{}", Pii(user_email));
    println!("{}", Loud(user_email)); //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn headers_of_unknown_requests_are_known_by_name() {
    let code = r#"
const ADDRESS: &str = "x-real-ip";
fn line<'a>(request: &'a dyn wires::Asks, name: &str) -> Option<&'a str> {
    request.headers().find(name).and_then(|all| all.first().copied())
}
pub fn log(request: &wires::Request, asks: &dyn wires::Asks) {
    println!("{:?}", request.headers().find("Cookie")); //~
    println!("{:?}", request.headers().find("Accept"));
    println!("{:?}", request.headers().get(http::header::AUTHORIZATION)); //~
    println!("{:?}", request.headers().get(http::header::ACCEPT));
    println!("{:?}", request.headers.get(ADDRESS)); //~
    println!("{:?}", request.header("Authorization")); //~
    println!("{:?}", request.header("Date"));
    println!("{:?}", request.lines().find("Cookie"));
    println!("{:?}", line(asks, "User-Agent")); //~
    println!("{:?}", line(asks, "Host"));
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn names_of_credentials_mean_the_values_of_a_map() {
    let code = r#"
use std::collections::{BTreeMap, HashMap};
pub struct Sessions { pub tokens: BTreeMap<String, String>, pub emails: HashMap<String, String> }
pub fn log(sessions: &Sessions, passwords: &HashMap<String, String>) {
    for (name, token) in &sessions.tokens {
        println!("{name}");
        println!("{token}"); //~
    }
    if let Some((name, secret)) = passwords.iter().next() {
        println!("{name}");
        println!("{secret}"); //~
    }
    println!("{:?}", sessions.tokens.keys());
    println!("{:?}", sessions.tokens.values()); //~
    println!("{:?}", sessions.tokens); //~
    println!("{:?}", sessions.emails.keys()); //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn what_only_an_answer_could_repeat_is_a_guess() {
    let code = r#"
use serde::{Deserialize, Serialize};
#[derive(Debug, Serialize, Deserialize)]
pub struct Risk { pub phone_number: Option<String>, pub score: u8 }
#[derive(Debug, Serialize, Deserialize)]
pub struct Extra { pub risk: Option<Risk>, pub network: Option<String> }
#[derive(Debug, Serialize)]
pub struct Request { pub amount: u64, pub extra: Option<Extra> }
#[derive(Debug, Deserialize)]
pub struct Answer { pub status: String, pub extra: Option<Extra> }
#[derive(Debug, Deserialize)]
pub struct Assessment { pub status: String, pub risk: Option<Risk> }
pub fn ask(amount: u64, phone_number: Option<String>) -> Request {
    let risk = Some(Risk { phone_number, score: 1 });
    Request { amount, extra: Some(Extra { risk, network: None }) }
}
pub fn parse<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, String> {
    serde_json::from_slice::<T>(body).map_err(|_| "no answer".to_string())
}
pub fn answered(body: &[u8]) {
    let answer: Answer = serde_json::from_slice(body).unwrap();
    println!("{answer:?}");
    println!("{:?}", answer.extra.and_then(|extra| extra.network));
}
pub fn answered_by_helper(body: &[u8]) -> Result<(), String> {
    let answer: Answer = parse(body)?;
    println!("{answer:?}");
    match parse::<Answer>(body) {
        Ok(answer) => println!("{answer:?}"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
pub fn asked(amount: u64, phone_number: Option<String>) {
    println!("{:?}", ask(amount, phone_number)); //~
}
pub fn assessed(body: &[u8]) {
    let assessment: Assessment = serde_json::from_slice(body).unwrap();
    println!("{assessment:?}"); //~
}
pub fn handed(answer: &Answer) {
    println!("{answer:?}"); //~
}
pub fn filled(body: &[u8], extra: Extra) {
    let mut answer: Answer = serde_json::from_slice(body).unwrap();
    answer.status = "known".to_string();
    println!("{answer:?}");
    let other = Filled { extra: Some(extra) };
    println!("{other:?}"); //~
}
#[derive(Debug)]
pub struct Filled { pub extra: Option<Extra> }
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn an_envelope_for_both_directions_is_filled_in_for_one() {
    let code = r#"
use serde::{Deserialize, Serialize};
#[derive(Debug, Serialize, Deserialize)]
pub struct Shopper { pub email: String, pub language: String }
#[derive(Debug, Serialize, Deserialize)]
pub struct Submit { pub shopper: Shopper }
#[derive(Debug, Serialize, Deserialize)]
pub struct Reply { pub code: u16 }
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope { pub submit: Option<Submit>, pub reply: Option<Reply> }
#[derive(Debug, Serialize, Deserialize)]
pub struct Saved { pub shopper: Option<Shopper>, pub turns: u8 }
pub fn submit(email: String) -> String {
    let submit = Submit { shopper: Shopper { email, language: "en".to_string() } };
    let envelope = Envelope { submit: Some(submit), reply: None };
    println!("{envelope:?}"); //~
    serde_json::to_string(&envelope).unwrap()
}
pub fn reply(body: &str) -> u16 {
    let envelope: Envelope = serde_json::from_str(body).unwrap();
    println!("{envelope:?}");
    envelope.reply.map_or(0, |reply| reply.code)
}
pub fn save(email: String) -> String {
    let shopper = Some(Shopper { email, language: "en".to_string() });
    serde_json::to_string(&Saved { shopper, turns: 1 }).unwrap()
}
pub fn load(text: &str) -> u8 {
    let saved: Saved = serde_json::from_str(text).unwrap();
    println!("{saved:?}"); //~
    saved.turns
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn what_is_read_of_an_answer_is_expected_in_it() {
    let code = r#"
use serde::{Deserialize, Serialize};
#[derive(Debug, Serialize, Deserialize)]
pub struct Payer { pub email: Option<String>, pub phone_number: Option<String> }
#[derive(Debug, Serialize, Deserialize)]
pub struct Extra { pub payer: Option<Payer> }
#[derive(Debug, Deserialize)]
pub struct Answer { pub extra: Option<Extra> }
pub fn ask(email: Option<String>) -> Extra {
    Extra { payer: Some(Payer { email, phone_number: None }) }
}
pub fn answered(body: &[u8]) -> Option<String> {
    let answer: Answer = serde_json::from_slice(body).unwrap();
    println!("{answer:?}"); //~
    answer.extra.and_then(|extra| extra.payer).and_then(|payer| payer.email)
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn what_goes_along_with_an_error_that_hardly_ever_happens_is_a_guess() {
    let code = r#"
use error_stack::ResultExt;
use serde::{Deserialize, Serialize};
#[derive(Debug, Serialize, Deserialize)]
pub struct Visitor { pub email: String }
#[derive(Debug)]
pub struct Failed;
pub trait Encode: Serialize + std::fmt::Debug {
    fn encode(&self) -> error_stack::Result<Vec<u8>, Failed> {
        serde_json::to_vec(self).change_context(Failed).attach_printable_lazy(|| format!("not encoded: {self:?}"))
    }
}
impl Encode for Visitor {}
fn save(visitor: &Visitor) -> error_stack::Result<(), Failed> {
    if visitor.email.is_empty() { Err(Failed.into()) } else { Ok(()) }
}
pub fn encoded(visitor: &Visitor) -> error_stack::Result<String, Failed> {
    let _ = visitor.encode().map_err(|error| println!("{error:?}"));
    serde_json::to_string(visitor)
        .change_context(Failed)
        .attach_printable(format!("not encoded: {visitor:?}"))
}
pub fn saved(visitor: &Visitor) -> error_stack::Result<(), Failed> {
    let text = serde_json::to_string(visitor).change_context(Failed)?;
    save(visitor).attach_printable(text)?; //~
    save(visitor).attach_printable_lazy(|| format!("not saved: {visitor:?}")) //~
}
pub fn decoded(text: &str) -> error_stack::Result<Visitor, Failed> {
    serde_json::from_str(text).change_context(Failed).attach_printable(format!("not decoded: {text}")) //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn variants_that_hardly_ever_hold_anything_do_not_make_an_enum_likely_to() {
    let code = r#"
#[derive(Debug)]
pub struct Account { pub username: String, pub number: u32 }
#[derive(Debug)]
pub enum Fault { Io, Time, Space, Order, Parity, Range, Depth, Unknown { username: String } }
#[derive(Debug)]
pub enum Answer { One(Account), Many(Vec<Account>), Groups(u8), Status(u8), Step(u8), Ready, Done, Failed(Fault), Later }
#[derive(Debug)]
pub enum Told { One(Account), Many(Vec<Account>), First(Account), Status(u8), Step(u8), Ready, Done, Failed(Fault), Later }
pub fn log(answer: &Answer, told: &Told, account: &Account) {
    println!("{answer:?}");
    println!("{told:?}"); //~
    println!("{account:?}"); //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn what_an_arm_takes_of_a_field_the_arms_behind_it_do_not_have() {
    let code = r#"
#[derive(Debug)]
pub enum State { Idle, Check { password: String }, Code(u32) }
#[derive(Debug)]
pub enum Step { Named { username: String }, Ready(u8) }
#[derive(Debug)]
pub struct Status { pub number: u64, pub state: State }
pub trait Server { fn ask(&self) -> Result<Status, u8>; }
pub fn by_field(server: &dyn Server) {
    match server.ask() {
        Ok(Status { state: State::Check { .. }, .. }) => {}
        Ok(status) => println!("{status:?}"),
        Err(code) => println!("{code}"),
    }
    match server.ask() {
        Ok(Status { state: State::Check { .. }, .. }) => {}
        Ok(Status { state, number }) => println!("{number} {state:?}"),
        Err(code) => println!("{code}"),
    }
}
pub fn by_fewer(server: &dyn Server) {
    match server.ask() {
        Ok(Status { state: State::Code(_), .. }) => {}
        Ok(status) => println!("{status:?}"), //~
        Err(code) => println!("{code}"),
    }
    match server.ask() {
        Ok(Status { state: State::Check { .. }, number: 1 }) => {}
        Ok(status) => println!("{status:?}"), //~
        Err(code) => println!("{code}"),
    }
    match server.ask() {
        Ok(Status { state: State::Check { .. }, number }) if number > 1 => {}
        Ok(status) => println!("{status:?}"), //~
        Err(code) => println!("{code}"),
    }
}
pub fn by_position(pair: (u8, Step), other: (Step, u8)) {
    match pair {
        (_, Step::Named { .. }) => {}
        rest => println!("{rest:?}"),
    }
    match other {
        (Step::Named { .. }, 0) => {}
        rest => println!("{rest:?}"), //~
    }
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn the_address_of_a_socket_in_the_file_system_is_nobody_s() {
    let code = r#"
use std::net::TcpStream;
use std::os::unix::net::{UnixListener, UnixStream};
pub fn tell(near: &UnixStream, far: &TcpStream, listener: &UnixListener) -> std::io::Result<()> {
    let peer_addr = near.peer_addr()?;
    println!("{peer_addr:?}");
    let (_, peer_addr) = listener.accept()?;
    println!("{peer_addr:?}");
    let peer_addr = far.peer_addr()?;
    println!("{peer_addr:?}"); //~
    Ok(())
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn of_annotated_data_one_guess_is_told_and_two_are_not() {
    let code = r#"
extern crate elsewhere;

pub struct User {
    #[cfg_attr(any(), personal_data(user.contact.email))]
    pub email: String,
}

#[derive(Debug)]
pub enum Event {
    Opened,
    Closed,
    Signed(Box<User>),
    Rang(u32),
    Rested,
    Moved,
    Dimmed,
    Stopped,
    Began,
}

pub fn once(user: &User) {
    let text = elsewhere::rendered(&user.email);
    println!("{text}"); //~
}

pub fn failed(user: &User) {
    match elsewhere::sent(&user.email) {
        Ok(text) => println!("{text}"), //~
        Err(error) => println!("{error:?}"),
    }
}

pub fn failed_further_in(user: &User) {
    if let Err(error) = sent(&user.email) {
        println!("{error:?}");
    }
}

fn sent(text: &str) -> Result<(), elsewhere::Error> {
    match elsewhere::transport().send(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

pub fn of_a_kind(event: &Event) {
    let told = elsewhere::told(event);
    println!("{told}");
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}

#[test]
fn annotated_data_that_a_value_seldom_holds_is_told_with_the_reason() {
    let variants: String = (0..9).map(|n| format!("Kind{n}(u32), ")).collect();
    let code = "#[derive(Debug)] pub struct User { #[cfg_attr(any(), personal_data(user.contact.email))] pub email: String }\n\
        #[derive(Debug)] pub enum Event { VARIANTS Signed(Box<User>) }\n\
        pub fn told(event: &Event) { println!(\"{event:?}\"); }\n";
    let said = check(&code.replace("VARIANTS", &variants), &[]);
    assert!(said.contains("rests on an approximation: rare-value"), "{said}");
    let said = check(&code.replace("VARIANTS", "Opened, Closed,"), &[]);
    assert!(said.contains("personal_data_in_logs") && !said.contains("approximation"), "{said}");
}

#[test]
fn where_a_server_is_with_who_signs_in_there_is_a_secret() {
    let code = r#"
pub struct Settings { pub database_url: String, pub database_name: String, pub base_url: String, pub db_dsn: String }
pub fn starts(settings: &Settings) {
    println!("connecting to {}", settings.database_url); //~
    println!("or to {}", settings.db_dsn); //~
    println!("database {}", settings.database_name);
    println!("serving {}", settings.base_url);
    println!("by default: {}", settings.database_url.is_empty());
}
pub fn starts_by_environment() -> Result<String, std::env::VarError> {
    let found = std::env::var("DATABASE_URL")?;
    println!("connecting to {found}"); //~
    println!("serving {}", std::env::var("PUBLIC_URL")?);
    Ok(found)
}
pub fn lies(settings: &Settings, email: &str) {
    let file = settings.database_url.strip_prefix("sqlite://").unwrap_or(&settings.database_url);
    if let Some(folder) = std::path::Path::new(file).parent() {
        println!("kept in {}", folder.display());
    }
    println!("kept in {file}"); //~
    println!("kept in {}", std::path::Path::new(email).display()); //~
}
"#;
    assert_eq!(found_in(code), marked_in(code));
}
