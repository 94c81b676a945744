//! Every form of the annotations that the interface promises compiles, and changes nothing.
#![allow(missing_docs, dead_code)]

use personal_data::PersonalData;

#[derive(PersonalData, Clone, PartialEq, Debug)]
#[personal_data(user.account, reason = "all of it is one account")]
struct Account<'a, T: Default = u8, const N: usize = 2> {
    #[personal_data(user.contact.email)]
    email: &'a str,
    #[personal_data(user.content.private, reason = r"a letter",)]
    letter: Option<Vec<T>>,
    #[personal_data(none, reason = "order number, not a person")]
    numbers: [u64; N],
    #[personal_data(email, allow(personal_data_in_logs, reason = "an audit trail"))]
    audited: String,
    #[cfg_attr(any(), personal_data(user.name))]
    name: String,
}

#[derive(PersonalData)]
struct Phone(#[personal_data(user.contact.phone_number)] String, u8);

#[derive(PersonalData)]
struct Marker;

#[derive(PersonalData)]
enum Event {
    SignedUp {
        #[personal_data(allow)]
        about: String,
    },
    Moved(#[personal_data(user.contact.address, allow(personal_data_in_url))] String),
    Left,
}

#[personal_data::purpose(marketing.advertising)]
fn banner(account: &Account<'_>) -> usize {
    account.numbers.len()
}

#[personal_data::allow(personal_data_in_logs, credentials_in_logs, reason = "a developer's console")]
mod console {
    #[personal_data::purpose(delivery)]
    pub(super) struct Parcel(pub(super) u8);

    impl Parcel {
        #[personal_data::allow(privacy::personal_data_in_errors, privacy::personal_data_in_url)]
        pub(super) fn weight(&self) -> u8 {
            self.0
        }
    }
}

fn greet(#[cfg_attr(any(), personal_data(user.name))] name: &str) -> usize {
    #[cfg_attr(any(), personal_data::allow(personal_data_in_logs, reason = "a test"))]
    let length = name.len();
    length
}

#[test]
fn items_are_left_unchanged() {
    let account: Account<'_> =
        Account { email: "", letter: None, numbers: [1, 2], audited: String::new(), name: String::new() };
    assert_eq!(banner(&account), 2);
    assert_eq!(console::Parcel(7).weight(), 7);
    assert_eq!(greet("ada"), 3);
}
