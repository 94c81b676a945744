//! Fields told by what code does with them, and what is near by and tells nothing.

use super::{Inferred, NO_NOTICE, with};

const USER: &str = "
    pub struct User { pub email: String, pub password: String, pub id: u64 }
    impl User { fn address(&self) -> String { self.email.to_lowercase() } }
    fn found_by(email: &str) -> String { std::env::var(email).unwrap() }
    fn draw() -> String { std::env::var(\"X\").unwrap() }
";

/// What is only proposed of a program that has users.
fn proposed(text: &str) -> Vec<String> {
    with(&format!("{USER}{text}"), NO_NOTICE, Inferred::Auto).only_proposed()
}

#[test]
fn what_is_filled_from_a_persons_data_alone_is_that() {
    let text = r#"
        pub struct Kdf { pub pepper: String, pub made: Option<String>, pub passed: String, pub taken: String, pub boxed: Sealed }
        pub struct Sealed(String);
        impl Kdf { fn new(passed: String) -> Self {
            Kdf { pepper: String::new(), made: None, passed, taken: "none".into(), boxed: Sealed("".into()) }
        } }
        pub fn make(user: &User) -> Kdf {
            let mut kdf = Kdf::new(user.email.clone());
            kdf.pepper = user.email.trim().to_string();
            kdf.made = Some(user.address());
            if let User { email: found, .. } = user { kdf.taken = found.clone(); }
            kdf
        }"#;
    assert_eq!(
        proposed(text),
        ["pepper", "made", "passed", "taken"].map(|name| format!("shop::Kdf::{name} user.contact.email"))
    );
}

#[test]
fn what_is_filled_from_anything_else_too_is_not_told() {
    let text = r#"
        pub struct Kdf { pub pepper: String, pub size: String, pub part: String, pub seen: bool, pub both: String, pub free: String }
        pub fn make(user: &User, free: String) -> Kdf {
            Kdf {
                pepper: draw(), size: user.email.len().to_string(), part: found_by(&user.email), seen: user.email.is_empty(),
                both: user.email.clone(), free,
            }
        }
        pub fn change(kdf: &mut Kdf, user: &User) {
            kdf.pepper = user.email.clone();
            kdf.both = user.password.clone();
            kdf.free = user.email.clone();
        }"#;
    assert_eq!(proposed(text), [""; 0]);
}

#[test]
fn what_has_something_in_common_is_that() {
    let text = r#"
        pub struct Reader { pub email: String, pub phone_number: String }
        pub struct Route { pub line: String }
        pub fn by_mail(reader: &Reader) -> Route { Route { line: reader.email.clone() } }
        pub fn by_phone(reader: &Reader) -> Route { Route { line: reader.phone_number.clone() } }"#;
    assert_eq!(proposed(text), ["shop::Route::line user.contact"]);
}

#[test]
fn what_is_compared_with_a_secret_is_one() {
    let text = r#"
        pub struct Change { pub password: String, pub again_typed: String, pub length: u32, pub shade: String, pub hue: String }
        pub fn check(change: &Change) -> bool {
            let typed = &change.again_typed;
            change.password == *typed && change.hue != change.shade && change.length == 3
        }"#;
    assert_eq!(proposed(text), ["shop::Change::again_typed user.authorization.password"]);
}

#[test]
fn what_comes_from_outside_is_what_it_is_taken_for() {
    let text = r#"
        pub struct Single { pub value: String }
        pub struct Shown { pub value: String }
        pub struct Local { pub value: String }
        pub struct Made { pub value: String }
        pub struct Package { pub value: String }
        pub struct OrderId(String);
        pub struct Order { pub number: OrderId }
        fn set_password(user: &mut User, cleartext: &str) { user.password = cleartext.to_owned(); }
        pub fn set(user: &mut User, single: &Single, local: &Local, shown: &Shown) {
            set_password(user, &single.value);
            let password = &local.value;
            drop(password.len());
            println!("{}", shown.value);
        }
        pub fn other(user: &mut User, package: &Package, order: Order) {
            let made = Made { value: draw() };
            user.email = made.value;
            user.email = package.value.clone();
            user.email = order.number.0;
        }"#;
    assert_eq!(proposed(text), ["shop::Single::value user.authorization.password"]);
}

#[test]
fn what_is_told_so_is_asked_about_and_not_followed() {
    let text = "
        pub struct Single { pub value: String }
        pub fn set(user: &mut User, single: Single) { user.password = single.value; }";
    let outcome = with(&format!("{USER}{text}"), NO_NOTICE, Inferred::Auto);
    assert_eq!(outcome.only_proposed(), ["shop::Single::value user.authorization.password"]);
    assert!(
        outcome.labels().iter().all(|label| !label.starts_with("shop::Single")),
        "{:?}",
        outcome.labels()
    );
    let proposal = outcome.built.proposals.iter().find(|one| one.path == "shop::Single::value");
    let evidence = proposal.map(|one| one.evidence.as_str());
    assert_eq!(evidence, Some("the field `value` fills `User::password`, which is personal"));
}

#[test]
fn what_says_nothing_to_itself_comes_to_an_end() {
    let text = "
        pub struct A { pub x: String }
        pub struct B { pub x: String }
        pub fn go(a: &mut A, b: &mut B) { a.x = b.x.clone(); b.x = a.x.clone(); a.x = a.x.clone(); }
        pub fn again(text: String) -> String { again(text) }
        pub fn start(a: &mut A) { a.x = again(a.x.clone()); }";
    assert_eq!(proposed(text), [""; 0]);
}

#[test]
fn a_type_that_is_named_for_what_it_holds_is_told_wherever_it_stands() {
    let text = "
        pub struct DeviceId(String);
        pub enum PhoneNumber { Local(String), International(String), Unset }
        pub struct Passkey(Inner);
        pub struct Inner { a: u8 }
        pub struct Email { pub address_part: String, pub sent: bool }
        pub struct Row { pub from_what: DeviceId, pub reach: Option<PhoneNumber>, pub key_part: Passkey, pub last: Email }
        pub fn look(from_what: DeviceId) {}";
    assert_eq!(
        proposed(text),
        ["shop::Row::from_what user.device.device_id", "shop::Row::reach user.contact.phone_number"]
    );
}

#[test]
fn an_enum_that_may_hold_nothing_is_the_value_that_it_else_holds() {
    let text = "
        pub enum Crypt { Sha256(String), Sha512(String), Invalid }
        pub enum Mode { Plain, Hashed, Other(String) }
        pub struct Shadow { pub password: Crypt, pub passphrase: Mode }";
    let labels = with(text, NO_NOTICE, Inferred::Auto).labels();
    assert_eq!(labels, ["shop::Shadow::password password?"]);
}

#[test]
fn forms_of_what_belongs_to_somebody_are_theirs() {
    let text = "
        pub struct Cipher { pub uuid: String, pub user_uuid: String, pub notes: String }
        pub struct Attachment { pub id: String, pub cipher_uuid: String }
        pub struct Attachments2Data { pub file_name: String }
        pub struct CipherLimits { pub file_name: String }
        pub struct ArchiveData { pub file_name: String }";
    let told = proposed(text);
    assert_eq!(
        told,
        [
            "shop::Cipher::notes user.content.private",
            "shop::Attachments2Data::file_name user.content.private",
        ]
    );
}

#[test]
fn another_form_of_a_type_tells_what_a_field_of_the_same_name_is() {
    let text = "
        use serde_json::Value;
        pub struct DraftData { pub user_id: u32, pub title: String, pub notes: String, pub shapes: Option<Value> }
        pub struct Draft { pub id: u32, pub shapes: String }
        pub struct DraftForm { pub shapes: u32 }
        pub struct DraftConfig { pub shapes: String }
        pub struct Route { pub shapes: String }";
    assert_eq!(
        proposed(text),
        [
            "shop::DraftData::title user.content.private",
            "shop::DraftData::notes user.content.private",
            "shop::DraftData::shapes user.content.private",
            "shop::Draft::shapes user.content.private",
        ]
    );
}
