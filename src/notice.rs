//! The declared notice, valid and with spans. `raw` is what was written, `load` the one conversion; here is what the
//! rest of the program reads. Knows nothing of code: paths are patterns, resolved elsewhere.

mod load;
mod names;
mod pattern;
pub mod problem;
pub mod prose;
mod raw;
mod shape;
mod statement;
mod valid;

pub use load::{Loaded, default_notice, load};
pub use names::Named;
pub use pattern::PatternError;
pub use statement::{Kind, PARTS, Statement};

use crate::source::{FileId, Span};
use crate::taxonomy::CategoryId;

/// What the roles of `recipient.role` mean to the lints.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Log output, traces, stdout and stderr.
    Log,
    /// Metrics.
    Metrics,
    /// Crash reports.
    CrashReport,
    /// Works on the company's behalf.
    ServiceProvider,
    /// The other party of a transaction.
    TransactionParty,
    /// A company under the same control.
    Subsidiary,
    /// Advertising and its measurement.
    AdCompany,
    /// Buys or sells data.
    DataBroker,
    /// An authority or a fraud exchange.
    Authority,
    /// A buyer of the business.
    Successor,
    /// The program's own storage.
    Storage,
    /// The person concerned.
    DataSubject,
    /// Everybody.
    Public,
}

/// The form in which data travels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Form {
    /// As it is.
    #[default]
    Clear,
    /// Under a plain hash.
    Hash,
    /// Under a keyed hash.
    KeyedHash,
    /// Encrypted.
    Encrypted,
    /// Masked or truncated.
    Masked,
    /// Aggregated over people.
    Aggregated,
}

/// A path as a pattern over whole segments: `*` within a segment, `**` any number of segments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathPattern {
    /// Segments as written; the first may be `crate`.
    pub segments: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// A value with its place in the notice file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A quoted sentence of the published notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// As quoted in the notice file.
    pub text: String,
    /// The quotation's span in the notice file.
    pub span: Span,
    /// Where it stands in the prose, when the prose is given and holds it.
    pub in_prose: Option<Span>,
}

/// A category that a recipient may receive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Permit {
    /// The category, covering those below it.
    pub category: CategoryId,
    /// In these forms only; empty: in any form.
    pub forms: Vec<Form>,
    /// Where it stands.
    pub span: Span,
}

/// `addressed-by` of a recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddressedBy {
    /// Which argument holds the address, from 1.
    pub arg: usize,
    /// Where the address may come from.
    pub from: Vec<PathPattern>,
}

/// One `[[recipient]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// Its name.
    pub name: Spanned<String>,
    /// Its role.
    pub role: Role,
    /// Calls whose arguments go to it.
    pub calls: Vec<PathPattern>,
    /// Hosts that are it.
    pub hosts: Vec<Spanned<String>>,
    /// What it may receive; `None` where the key was not given.
    pub may_receive: Option<Vec<Permit>>,
    /// Purposes (names of `[[purpose]]`).
    pub purposes: Vec<Spanned<String>>,
    /// Choices it needs (names of `[[choice]]`).
    pub requires: Vec<Spanned<String>>,
    /// What must come along.
    pub together_with: Vec<PathPattern>,
    /// What may address it.
    pub addressed_by: Option<AddressedBy>,
    /// Whether a subsidiary follows the notice.
    pub follows_notice: Option<bool>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// The whole table's header.
    pub span: Span,
}

/// One `[[collect]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Collect {
    /// What is collected.
    pub categories: Vec<Spanned<CategoryId>>,
    /// For these purposes.
    pub purposes: Vec<Spanned<String>>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

/// One `[[purpose]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purpose {
    /// Its name.
    pub name: Spanned<String>,
    /// Fideslang data use.
    pub data_use: Option<Spanned<String>>,
    /// Code that serves it.
    pub code: Vec<PathPattern>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

/// One `[[cookie]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cookie {
    /// Name pattern.
    pub name: Spanned<String>,
    /// What it is.
    pub category: CategoryId,
    /// Whether the service does not work without it.
    pub essential: bool,
    /// Choices asked before it is set (names of `[[choice]]`); of one that is not essential any, where none is named.
    pub requires: Vec<Spanned<String>>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

impl Cookie {
    /// Whether a cookie of this name is meant.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        pattern::text_matches(&self.name.value, name)
    }
}

/// One `[[data]]`: an annotation from outside the code. `category` is `None` for `none`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Data {
    /// What it names.
    pub path: PathPattern,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Its header.
    pub span: Span,
}

/// One `[[word]]`: what the team calls its data. `category` is `None` for `none`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What names end in.
    pub names: Vec<Spanned<String>>,
    /// What is named so.
    pub category: Option<CategoryId>,
    /// Its header.
    pub span: Span,
}

/// One `[[source]]`: functions whose result is personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceCalls {
    /// The functions.
    pub calls: Vec<PathPattern>,
    /// What they yield.
    pub category: CategoryId,
    /// What alone it may be used for (names of `[[purpose]]`); empty: anything.
    pub purposes: Vec<Spanned<String>>,
    /// Its header.
    pub span: Span,
}

/// The kind of a `[[choice]]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ChoiceKind {
    /// Asked before.
    #[default]
    OptIn,
    /// May be refused.
    OptOut,
    /// A preference.
    Preference,
    /// A device permission.
    Permission,
    /// The person's identity was verified.
    Identity,
    /// A guardian's consent.
    Guardian,
}

/// One `[[choice]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// Its name.
    pub name: Spanned<String>,
    /// Its kind.
    pub kind: ChoiceKind,
    /// What asks it.
    pub checked_by: Vec<PathPattern>,
    /// What refuses it.
    pub refused_by: Vec<PathPattern>,
    /// Owed only where one of these is true.
    pub when: Vec<Spanned<String>>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

/// One `[[erasure]]` or `[[access]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reach {
    /// Its name, where given.
    pub name: Option<Spanned<String>>,
    /// Where it starts.
    pub root: Vec<PathPattern>,
    /// What it must reach; empty: all that is stored.
    pub of: Vec<Spanned<String>>,
    /// What counts as deleting.
    pub by: Vec<PathPattern>,
    /// A retention limit.
    pub when_older_than: Option<PathPattern>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

/// What a `[[transform]]` makes of what goes through it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Makes {
    /// Nothing personal is left.
    Removed,
    /// Another form.
    Form(Form),
}

/// One `[[transform]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transform {
    /// The functions.
    pub calls: Vec<PathPattern>,
    /// What they make.
    pub makes: Makes,
    /// Its header.
    pub span: Span,
}

/// A condition on recipients or data in a `[[rule]]`; all given parts must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Condition {
    /// Of this role.
    pub role: Option<Role>,
    /// Of this name.
    pub recipient: Option<Spanned<String>>,
    /// Data in (or below) one of these categories; empty: any.
    pub categories: Vec<Spanned<CategoryId>>,
    /// Data that identifies this directly.
    pub identifies: Option<crate::taxonomy::Identifies>,
    /// Data in one of these forms; empty: any.
    pub forms: Vec<Form>,
}

/// One `[[rule]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Whom it is about.
    pub to: Condition,
    /// Whose data it is about: types, or fields of them; empty: everybody's.
    pub of: Vec<PathPattern>,
    /// What never goes there.
    pub never: Option<Condition>,
    /// What alone may go there.
    pub only: Option<Condition>,
    /// Choices asked before.
    pub requires: Vec<Spanned<String>>,
    /// The sentence behind it.
    pub promise: Option<Promise>,
    /// Its header.
    pub span: Span,
}

/// One `[[checked]]`: a promise that lints hold code to whatever else the notice says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// The sentence.
    pub promise: Promise,
    /// The lints, by name; whether they exist is for others to know.
    pub by: Vec<Spanned<String>>,
    /// Its header.
    pub span: Span,
}

/// One `[[unchecked]]`: a promise that no source code can show kept or broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unchecked {
    /// The sentence.
    pub promise: Promise,
    /// Why it cannot be checked.
    pub reason: String,
    /// Its header.
    pub span: Span,
}

/// A valid notice.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its file.
    pub file: FileId,
    /// Whether it is the embedded default (alone).
    pub is_default: bool,
    /// Its title.
    pub title: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The published prose.
    pub prose: Option<FileId>,
    /// The version before this one, a path relative to the notice.
    pub previous: Option<Spanned<String>>,
    /// Files of more models, patterns relative to the notice.
    pub models: Vec<Spanned<String>>,
    /// What is collected.
    pub collects: Vec<Collect>,
    /// For what.
    pub purposes: Vec<Purpose>,
    /// Cookies.
    pub cookies: Vec<Cookie>,
    /// Annotations from outside.
    pub data: Vec<Data>,
    /// Words by which data is told where nothing is annotated.
    pub words: Vec<Word>,
    /// Functions that yield personal data.
    pub sources: Vec<SourceCalls>,
    /// Recipients.
    pub recipients: Vec<Recipient>,
    /// Choices.
    pub choices: Vec<Choice>,
    /// Erasure.
    pub erasures: Vec<Reach>,
    /// Access.
    pub accesses: Vec<Reach>,
    /// Transforms.
    pub transforms: Vec<Transform>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Promises that lints keep by themselves.
    pub checked: Vec<Checked>,
    /// Promises beyond the source.
    pub unchecked: Vec<Unchecked>,
}

/// Every key of the language, as `table.key`, for tests that go through all of it.
#[cfg(test)]
pub(crate) fn keys() -> std::collections::BTreeSet<String> {
    raw::keys()
}

impl Notice {
    /// A notice that says nothing.
    #[must_use]
    pub fn empty(file: FileId) -> Self {
        Self {
            file,
            is_default: false,
            title: None,
            version: None,
            prose: None,
            previous: None,
            models: Vec::new(),
            collects: Vec::new(),
            purposes: Vec::new(),
            cookies: Vec::new(),
            data: Vec::new(),
            words: Vec::new(),
            sources: Vec::new(),
            recipients: Vec::new(),
            choices: Vec::new(),
            erasures: Vec::new(),
            accesses: Vec::new(),
            transforms: Vec::new(),
            rules: Vec::new(),
            checked: Vec::new(),
            unchecked: Vec::new(),
        }
    }
}
