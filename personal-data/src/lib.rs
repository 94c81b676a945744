//! Marks personal data in Rust code for cargo-privacy; expands to nothing.
//!
//! The macros check their grammar alone: which categories, purposes and lints exist is the linter's to know, so that
//! code keeps compiling when the taxonomy grows. They have no dependencies, because everything that is annotated
//! would have to build them.
//!
//! ```
//! use personal_data::PersonalData;
//!
//! #[derive(PersonalData)]
//! struct Customer {
//!     #[personal_data(user.contact.email)]
//!     email: String,
//!     #[personal_data(none, reason = "order number, not a person")]
//!     number: u64,
//! }
//!
//! #[personal_data::purpose(marketing.advertising)]
//! fn choose_banner(customer: &Customer) -> u64 {
//!     customer.number % 3
//! }
//! # choose_banner(&Customer { email: String::new(), number: 4 });
//! ```

mod cursor;
mod fault;
mod grammar;
mod item;

use proc_macro::TokenStream;

/// Marks a struct, enum or union whose fields carry `#[personal_data(…)]`.
///
/// On a field, a tuple position, a variant's field or the type itself, the helper attribute takes a category
/// (`user.contact.email`, or its unique last part), or `none`; then, in any order, `reason = "…"` and
/// `allow(lint, reason = "…")`.
///
/// ```
/// # use personal_data::PersonalData;
/// #[derive(PersonalData)]
/// enum Contact {
///     Mail(#[personal_data(email, allow(personal_data_in_errors, reason = "shown to its owner"))] String),
///     Phone {
///         #[personal_data(user.contact.phone_number)]
///         number: String,
///     },
/// }
/// # let _ = (Contact::Mail(String::new()), Contact::Phone { number: String::new() });
/// ```
#[proc_macro_derive(PersonalData, attributes(personal_data))]
pub fn derive_personal_data(input: TokenStream) -> TokenStream {
    item::attributes(input)
        .into_iter()
        .filter_map(|attribute| grammar::personal_data(attribute).err())
        .collect()
}

/// Names the purpose that the code of an item serves: a data use of Fideslang, or a purpose of the notice.
///
/// ```
/// #[personal_data::purpose(essential.service.operations)]
/// fn print_parcel_label() {}
/// # print_parcel_label();
/// ```
#[proc_macro_attribute]
pub fn purpose(arguments: TokenStream, item: TokenStream) -> TokenStream {
    unchanged(grammar::purpose(arguments), item)
}

/// Silences lints in an item, and says why.
///
/// ```
/// #[personal_data::allow(personal_data_in_logs, reason = "the console of a developer's own machine")]
/// fn dump() {}
/// # dump();
/// ```
#[proc_macro_attribute]
pub fn allow(arguments: TokenStream, item: TokenStream) -> TokenStream {
    unchanged(grammar::allow(arguments), item)
}

/// The item as it was, behind an error where its attribute is wrong: one mistake is to be one message.
fn unchanged(checked: Result<(), fault::Fault>, item: TokenStream) -> TokenStream {
    checked.err().into_iter().collect::<TokenStream>().into_iter().chain(item).collect()
}
