//! Where nothing is annotated, and types are not known: what counts, and what it takes besides to make a finding of it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use support::run;

const MANIFEST: &str = "[package]\nname = \"example\"\nedition = \"2024\"\n";

/// The lines on which something is found where nothing is annotated.
fn found_in(code: &str) -> Vec<usize> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), MANIFEST).unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), code).unwrap();
    let outcome = run(folder.path(), &["check", "-q", "--format", "short", "--inferred", "yes"]);
    let line = |row: &str| row.split(':').nth(1).unwrap().parse().unwrap();
    outcome.stdout.lines().map(line).collect()
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
