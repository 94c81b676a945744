//! Tells from a declaration's name, type and surroundings whether it holds personal data. Values are never looked at,
//! and nothing is known of files, of the notice or of flows.
//!
//! A name is read as an English compound: its last words say what it is (`user_email` is an e-mail address,
//! `email_template` a template), so whatever ends in something else is not personal, and needs no list. Words that mean
//! many things (`name`, `address`, `token`) count only where the declaration is about a person: by a word before them,
//! by the type or function around, or by fields beside them that only people have. A type outweighs a name.
//!
//! # Confidence
//! * [`Confidence::High`]: acts alone; the analysis takes it for a source wherever inference is on.
//! * [`Confidence::Medium`]: worth an annotation, and a source wherever inference is on, unless it is told by the record
//!   around alone, as what a person wrote, chose or shows to everybody is, by what code does with it, or by the name of its
//!   type, and ids by which others know a person, and digests of secrets: to ask somebody about a declaration takes less than to report where its value goes ([`Hit::counts`]).
//! * [`Confidence::Low`]: never a source; only proposed as an annotation.

mod anywhere;
mod classes;
mod container;
mod field;
mod grade;
mod lists;
mod phrases;
mod own;
mod record;
mod synonyms;
mod words;
mod world;

#[cfg(test)]
mod tests;

use classes::{Class, Known, Strength};
use field::Field;
use lists::{Category, Found, Lists};
use words::Words;

pub use anywhere::may_tell;
pub use container::holds_what_it_names;
pub use own::OwnWords;

/// What kind of declaration a name belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlaceKind {
    /// A field of a struct or of an enum's variant.
    Field,
    /// A parameter of a function or closure.
    Parameter,
    /// A variable.
    Local,
    /// What a function returns.
    Function,
    /// The payload of an enum's variant.
    Variant,
    /// A constant or static.
    Const,
    /// A column of a database table.
    Column,
    /// A type, by its name.
    TypeName,
    /// A key of a map, a header, a field of an untyped document.
    MapKey,
}

/// What values of a type look like, wrappers aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TypeShape {
    /// `bool`.
    Bool,
    /// An integer.
    Integer,
    /// A floating-point number.
    Float,
    /// An enum none of whose variants holds anything.
    UnitEnum,
    /// An identifier that says nothing by itself: `Uuid`.
    OpaqueId,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A struct, or an enum with payloads, of the program: its own fields decide.
    Program,
    /// A type of the program that is there for one plain value and named for what that is: `PhoneNumber`.
    Named,
    /// A type of another crate.
    Foreign,
    /// Not known.
    #[default]
    Unknown,
}

/// What is known of a declaration's type.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeFacts<'a> {
    /// The last path segments, outermost first: `["Option", "String"]`.
    pub segments: &'a [&'a str],
    /// What its values look like.
    pub shape: TypeShape,
}

impl<'a> TypeFacts<'a> {
    /// The facts of a type that the program does not define, by the innermost of its segments.
    #[must_use]
    pub fn foreign(segments: &'a [&'a str]) -> Self {
        let shape = match segments {
            [] => TypeShape::Unknown,
            [.., "u8"] if segments.len() > 1 && !matches!(segments, ["Option", _]) => TypeShape::Bytes,
            [.., last] => shape_of(last),
        };
        Self { segments, shape }
    }

    /// The innermost segment.
    fn name(&self) -> &'a str {
        self.segments.last().copied().unwrap_or("")
    }
}

fn shape_of(name: &str) -> TypeShape {
    match name {
        "bool" | "AtomicBool" => TypeShape::Bool,
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => {
            TypeShape::Integer
        }
        "f32" | "f64" | "Decimal" | "BigDecimal" => TypeShape::Float,
        "String" | "str" | "char" | "OsString" | "OsStr" => TypeShape::Text,
        "Uuid" | "Ulid" | "ObjectId" => TypeShape::OpaqueId,
        "Bytes" | "BytesMut" => TypeShape::Bytes,
        _ => TypeShape::Foreign,
    }
}

/// Whether a type's name says that it keeps prior versions: by its last word, or by its first.
#[must_use]
pub fn names_prior_versions(type_name: &str) -> bool {
    let words = Words::split(type_name);
    let lists = Lists::embedded();
    let ends = [0, words.len().saturating_sub(1)];
    words.len() > 1 && ends.into_iter().any(|at| lists.is(words.get(at), Class::History))
}

/// All that is known of a declaration.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: &'a str,
    /// The type or function that holds it.
    pub holder: Option<&'a str>,
    /// The type whose function holds it.
    pub method_of: Option<&'a str>,
    /// The names of the fields, parameters or columns beside it.
    pub holder_fields: &'a [&'a str],
    /// Its type.
    pub ty: TypeFacts<'a>,
    /// The name under which it is serialised, where that differs.
    pub serde_name: Option<&'a str>,
    /// Its documentation.
    pub doc: Option<&'a str>,
    /// The field that says whose record this is ([`owner_of`]), of the type that holds it or of one that is a form of it.
    pub owner: Option<&'a str>,
}

/// What makes a declaration one about a person.
enum Person<'a> {
    /// A word in its own name.
    Name,
    /// The type or function around it.
    Holder(&'a str),
    /// A field beside it.
    Sibling(&'a str),
    /// The field that says whose the record is.
    Owner(&'a str),
    /// Its documentation.
    Doc,
}

/// How sure a [`Hit`] is; see the module's documentation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// Only proposed.
    Low,
    /// Proposed, and mostly a source where inference was asked for.
    Medium,
    /// A source.
    High,
}

/// What a declaration seems to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The Fideslang key.
    pub category: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why, in words.
    pub evidence: String,
    /// Whether it says enough to follow the value.
    followed: bool,
    /// Whether the name is that of a secret, so that another field of the name may be one.
    shared: bool,
}

impl Hit {
    /// One that is only proposed: it does not say enough to follow the value.
    fn proposed(category: &'static Category, confidence: Confidence, evidence: String) -> Self {
        Self { category: &category.key, confidence, evidence, followed: false, shared: false }
    }

    /// Whether it makes a source; what does not is only proposed.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.followed && self.confidence >= Confidence::Medium
    }

    /// Whether it says something of other fields of its name, as a secret does, and not what a person keeps.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// What a field is that code fills from what is told, or the other way round.
    #[must_use]
    pub fn used(category: &'static str, evidence: String) -> Self {
        Self { category, confidence: Confidence::Medium, evidence, followed: false, shared: false }
    }

    /// What this says, in `holder`, of another field of its name: enough to ask about it.
    #[must_use]
    pub fn like(&self, name: &str, holder: &str) -> Self {
        let confidence = self.confidence.min(Confidence::Medium);
        let evidence = format!("the field is named `{name}` as in `{holder}`, where it looks like this");
        Self { category: self.category, confidence, evidence, followed: false, shared: false }
    }
}

/// Reads the word lists that come with the program, so that the first who asks does not wait.
pub fn read_lists() {
    Lists::embedded();
}

/// The name, among those of a type's fields, of the one that says whose record a value is: `creator_id`.
#[must_use]
pub fn owner_of<'a>(fields: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    record::owner_of(Lists::embedded(), fields)
}

/// What the records are called that a field refers to, as [`kin`] says it of their type: `cipher` by `cipher_uuid`.
#[must_use]
pub fn referred(field: &str) -> Option<String> {
    record::referred(Lists::embedded(), field)
}

/// What a type is a form of, by its name: the same for `Comment`, `CreateComment` and `CommentUpdateForm`.
#[must_use]
pub fn kin(type_name: &str) -> String {
    record::kin(Lists::embedded(), type_name)
}

/// What a file belongs to by the name of its type, told as [`kin`] tells it: `send` of `send file`.
#[must_use]
pub fn whole(kin: &str) -> Option<&str> {
    record::whole(Lists::embedded(), kin)
}

/// Whether a type of this name says something of a field whatever the field is named: by what it refers to (`ObjectId`), or
/// as a document with fields that nobody declared.
#[must_use]
pub fn type_may_tell(type_name: &str) -> bool {
    let lists = Lists::embedded();
    lists.is_reference(type_name) || lists.known_type(type_name) == Some(Known::Document)
}

/// Whether a field is something else by its name and type, whatever is put into it: an identifier, a yes or no, what ends
/// like personal data and is something else, and what configuration, machinery and things hold.
#[must_use]
pub fn holds_else(name: &str, holder: &str, ty: &TypeFacts<'_>) -> bool {
    let (lists, words, holder) = (Lists::embedded(), Words::split(name), Words::split(holder));
    let is_flag = words.len() > 1 && lists.is_exactly(words.get(0), Class::Flag);
    let is_id = || {
        record::is_of_ids(lists, ty)
            || lists.is_exactly(holder.get(holder.len().saturating_sub(1)), Class::Identifier)
    };
    is_flag || is_id() || lists.ends_otherwise(&words) || grade::is_no_record(lists, &holder)
}

/// Whether a type of this name keeps what a person chose, so that all of its fields say something.
#[must_use]
pub fn keeps_choices(type_name: &str) -> bool {
    record::keeps_choices(Lists::embedded(), &Words::split(type_name))
}

/// What a declaration seems to hold, if that is personal.
#[must_use]
pub fn recognise(facts: &Facts<'_>) -> Option<Hit> {
    if facts.kind == PlaceKind::TypeName {
        return recognise_type(&[facts.name]);
    }
    let lists = Lists::embedded();
    match facts.ty.shape {
        TypeShape::Bool | TypeShape::UnitEnum => return None,
        TypeShape::Program => return record::link(lists, facts),
        TypeShape::Named => return record::typed(facts),
        _ => {}
    }
    let holder = facts.holder.map(Words::split).unwrap_or_default();
    [Some(facts.name), facts.serde_name].into_iter().flatten().find_map(|name| {
        let words = Words::split(name);
        let found = grade::find(lists, facts.kind, &words);
        grade::grade(Field { lists, facts, name, words: &words, found, holder: &holder })
    })
}

/// The same, where a team's own words go before those that come with the program.
#[must_use]
pub fn recognise_by(own: &OwnWords, facts: &Facts<'_>) -> Option<Hit> {
    let names = || [Some(facts.name), facts.serde_name].into_iter().flatten();
    let Some((name, meaning)) = names().find_map(|name| Some((name, own.meaning(name)?))) else {
        return recognise(facts);
    };
    let holds_none = matches!(facts.ty.shape, TypeShape::Bool | TypeShape::UnitEnum | TypeShape::Program);
    let category = meaning.filter(|_| !holds_none)?;
    let evidence = format!("`{name}` is named so by a `[[word]]` of the notice");
    Some(Hit { category, confidence: Confidence::High, evidence, followed: true, shared: false })
}

/// Whether a name that says nothing alone may say something together with its holder (the `number` of a `Card`) or with
/// what stands beside it.
#[must_use]
pub fn needs_company(name: &str) -> bool {
    anywhere::needs_company(Lists::embedded(), &Words::split(name))
}

/// What values of a type hold, by the segments of its path. Network addresses are not personal by their type alone.
#[must_use]
pub fn recognise_type(segments: &[&str]) -> Option<Hit> {
    let lists = Lists::embedded();
    let name = *segments.last()?;
    let (index, confidence) = match lists.known_type(name) {
        Some(Known::Category(index)) => (index, Confidence::High),
        Some(_) => return None,
        None => (named_for(lists, name)?, Confidence::Medium),
    };
    let key = &lists.category(index).key;
    let noun = key.rsplit('.').next().unwrap_or(key).replace('_', " ");
    Some(Hit {
        category: key,
        confidence,
        evidence: format!("the type `{name}` holds {noun} data"),
        followed: true,
        shared: false,
    })
}

/// The category that is all of a type's name.
fn named_for(lists: &Lists, name: &str) -> Option<usize> {
    let words = Words::split(name);
    let Found { category, strength, start, end, .. } = lists.find(&words, words.len())?;
    (strength == Strength::Strong && start == 0 && end == words.len()).then_some(category)
}

/// Whether a holder's name is that of a person or of a record about one: `User`, `NewUser`, `CustomerRow`. People in the
/// plural are a group, whose name is nobody's.
fn is_person(lists: &Lists, holder: &Words) -> bool {
    let is_group = |word| !lists.is_exactly(word, Class::Person) && lists.is(word, Class::People);
    head(lists, holder).is_some_and(|word| lists.is(word, Class::Person) && !is_group(word))
}

/// Whether a holder's name is that of what has a name and is no person.
fn is_thing(lists: &Lists, holder: &Words) -> bool {
    head(lists, holder).is_some_and(|word| lists.is(word, Class::Thing))
}

/// The word that says what a holder is: the last that does not only say how it is held.
fn head<'a>(lists: &Lists, holder: &'a Words) -> Option<&'a str> {
    let words = || (0..holder.len()).rev().map(|at| holder.get(at));
    let says = |word: &&str| {
        lists.is(word, Class::Person) || lists.is(word, Class::Thing) || !lists.is(word, Class::Record)
    };
    words().find(says)
}
