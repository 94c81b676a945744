//! What the record around a field tells: whose it is, who wrote it, and whose choices it keeps. What is told so is only
//! proposed, because a record of a person's is not yet the person. Knows the lists' structure, not their words.

use super::classes::{Class, Known, Strength};
use super::field::Field;
use super::grade::{evidence, is_no_record, limit_of, names_what_holds, stem};
use super::lists::{Category, Lists};
use super::words::Words;
use super::{
    Confidence, Facts, Hit, Person, PlaceKind, TypeFacts, TypeShape, head, is_person, is_thing,
    recognise_type,
};

/// The field among these that says whose record they make: an id or a name of somebody.
pub(super) fn owner_of<'a>(lists: &Lists, mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.find(|name| is_owner(lists, &Words::split(name)))
}

fn is_owner(lists: &Lists, words: &Words) -> bool {
    let Some(last) = words.len().checked_sub(1) else { return false };
    let is = |at: usize, class| lists.is_exactly(words.get(at), class);
    match is(last, Class::Identifier) {
        true => last > 0 && is(last - 1, Class::Author),
        // What can be something else, as one end of a channel can, needs the `id`.
        false => is(last, Class::Author) && is(last, Class::People) || is_attributed(words),
    }
}

fn is_attributed(words: &Words) -> bool {
    words.is("attributed to")
}

/// A link to a person, by its type, whatever it is named: `to: ObjectId<ApubPerson>`. What the type is filled with is not
/// in it; where that may be somebody else's too (`PersonOrGroup`), the name has to say it.
pub(super) fn link(lists: &'static Lists, facts: &Facts<'_>) -> Option<Hit> {
    let words = Words::split(facts.name);
    let last = words.len().checked_sub(1).map(|last| words.get(last))?;
    let names_one = lists.is(last, Class::People) || is_attributed(&words);
    let (inner, outer) = facts.ty.segments.split_last()?;
    let inner = Words::split(inner);
    let is_one = names_one || !inner.iter().any(|word| matches!(word, "or" | "either"));
    let points = outer.iter().any(|name| lists.is_reference(name)) && names_person(lists, &inner);
    let category = lists.account().filter(|_| is_one && points && facts.kind == PlaceKind::Field)?;
    Some(Hit::proposed(category, Confidence::Medium, evidence(facts, facts.name, None)))
}

/// What a type is named for, whatever the field is called: `sender: PhoneNumber`. The value is followed from within the type,
/// so that whoever annotates the field says nothing new to the analysis, and something to readers.
pub(super) fn typed(facts: &Facts<'_>) -> Option<Hit> {
    let hit = recognise_type(&[facts.ty.name()]).filter(|_| facts.kind == PlaceKind::Field)?;
    Some(Hit { confidence: hit.confidence.min(Confidence::Medium), followed: false, ..hit })
}

/// Whether a type's name is that of a person, rather than of what only people have (an `Account`, a `Session`).
fn names_person(lists: &Lists, name: &Words) -> bool {
    is_person(lists, name) && head(lists, name).is_some_and(|word| lists.is(word, Class::People))
}

/// What the records are called that a field refers to by an identifier: `cipher` by `cipher_uuid`.
pub(super) fn referred(lists: &Lists, name: &str) -> Option<String> {
    let words = Words::split(name);
    let last = words.len().checked_sub(1).filter(|last| *last > 0)?;
    let is_id = lists.is_exactly(words.get(last), Class::Identifier);
    // What belongs to a community or a package is its members', and nobody's.
    let is_nobodys = lists.is(words.get(last - 1), Class::Thing);
    (is_id && !is_nobodys).then(|| one_of(&words, 0..last))
}

/// What a type is a form of: the words of its name without what is done to it and how it is held, `Comment` of
/// `CreateComment` and `CommentUpdateForm`.
pub(super) fn kin(lists: &Lists, name: &str) -> String {
    let words = Words::split(name);
    let (mut start, mut end) = (0, words.len());
    // First, so that who writes a `post` does not hold one back from being sent.
    while start + 1 < end && lists.is_exactly(words.get(start), Class::Act) {
        start += 1;
    }
    while start + 1 < end && lists.is_exactly(words.get(end - 1), Class::Record) {
        end -= 1;
    }
    while start + 1 < end && lists.is_exactly(words.get(end - 1), Class::Act) {
        end -= 1;
    }
    one_of(&words, start..end)
}

/// Some words, the last in the singular and without a number behind it, so that `Attachments2` are of the kind of an
/// `Attachment`.
fn one_of(words: &Words, range: std::ops::Range<usize>) -> String {
    let mut text = range.map(|at| words.get(at)).collect::<Vec<_>>().join(" ");
    text.truncate(text.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    if text.ends_with("ies") {
        text.replace_range(text.len() - 3.., "y");
    } else if text.ends_with('s') && !text.ends_with("ss") {
        text.pop();
    }
    text
}

/// What a file belongs to by the name of its type: `send` of `SendFile`, told as [`kin`] tells it.
pub(super) fn whole<'a>(lists: &Lists, kin: &'a str) -> Option<&'a str> {
    let (whole, part) = kin.rsplit_once(' ')?;
    lists.is(part, Class::Upload).then_some(whole)
}

/// Whether a list of this name is of what somebody did something to: `liked`, `saved_posts`.
pub(super) fn is_deed(lists: &Lists, words: &Words) -> bool {
    words.len() <= 2 && lists.is_exactly(words.get(0), Class::Deed)
}

/// Whether a type of this name keeps what a person chose: `UserSettings`.
pub(super) fn keeps_choices(lists: &Lists, holder: &Words) -> bool {
    let has = |class| holder.iter().any(|word| lists.is(word, class));
    has(Class::Choice) && has(Class::Person)
}

/// Whether a type is named for an identifier: `UserId`.
pub(super) fn is_of_ids(lists: &Lists, ty: &TypeFacts<'_>) -> bool {
    let is_id = |name: &&str| {
        let words = Words::split(name);
        words.len() > 1 && lists.is_exactly(words.get(words.len() - 1), Class::Identifier)
    };
    ty.segments.iter().any(is_id)
}

/// Whether a type is named for an identifier that says nothing by itself: not for one by which others know somebody.
pub(super) fn is_of_own_ids(lists: &Lists, facts: &Facts<'_>) -> bool {
    let by_others =
        |name: &str| Words::split(name).iter().any(|word| lists.is_exactly(word, Class::Outsider));
    is_of_ids(lists, &facts.ty) && !facts.ty.segments.iter().any(|name| by_others(name))
}

/// The hit of a field that its record tells about.
pub(super) fn grade(field: Field<'_>) -> Option<Hit> {
    let Field { lists, facts, words, .. } = field;
    if !matches!(facts.kind, PlaceKind::Field | PlaceKind::Column) || words.len() == 0 {
        return None;
    }
    let is_flag = words.len() > 1 && lists.is_exactly(words.get(0), Class::Flag);
    if is_flag {
        return None;
    }
    let told =
        field.id().or_else(|| field.profile()).or_else(|| field.somebody()).or_else(|| field.written());
    let told = told.or_else(|| field.document()).or_else(|| field.chosen()).or_else(|| field.value());
    told.or_else(|| field.done())
}

impl Field<'_> {
    fn last(&self) -> &str {
        self.words.get(self.words.len() - 1)
    }

    /// Numbers and the like, and types that are named for an identifier: `UserId`.
    fn is_opaque(&self) -> bool {
        matches!(self.facts.ty.shape, TypeShape::Integer | TypeShape::OpaqueId) || self.is_of_ids()
    }

    fn is_of_ids(&self) -> bool {
        is_of_ids(self.lists, &self.facts.ty)
    }

    /// Text, or what may hold it.
    fn is_text(&self) -> bool {
        let may_be = match self.facts.ty.shape {
            TypeShape::Text => true,
            TypeShape::Foreign => {
                matches!(self.lists.known_type(self.facts.ty.name()), Some(Known::Carrier | Known::Document))
            }
            _ => false,
        };
        may_be && !self.is_of_ids()
    }

    fn is_document(&self) -> bool {
        self.facts.ty.shape == TypeShape::Foreign
            && self.lists.known_type(self.facts.ty.name()) == Some(Known::Document)
    }

    fn is_link(&self) -> bool {
        self.lists.known_type(self.facts.ty.name()) == Some(Known::Locator)
    }

    /// Whether a value is a list of what its name says.
    fn is_many(&self) -> bool {
        self.facts
            .ty
            .segments
            .split_last()
            .is_some_and(|(_, outer)| outer.iter().any(|name| *name != "Option"))
    }

    fn is_any_person(&self, word: &str) -> bool {
        self.lists.is(word, Class::People)
    }

    fn hit(&self, category: &'static Category, confidence: Confidence, person: Option<Person<'_>>) -> Hit {
        Hit::proposed(category, confidence, evidence(self.facts, self.name, person))
    }

    /// `follower_id`; `external_id` of a person: the former says nothing by itself, by the latter somebody else knows
    /// the person. Who acted, as an id (`created_by`).
    fn id(&self) -> Option<Hit> {
        let is_id = self.words.len() > 1 && self.lists.is(self.last(), Class::Identifier);
        let before = || (0..self.words.len() - 1).map(|at| self.words.get(at));
        let of_somebody = is_id && self.is_any_person(self.words.get(self.words.len() - 2));
        let by_somebody = self.last() == "by" && self.words.len() > 1;
        if (of_somebody || by_somebody) && self.is_opaque() {
            return Some(self.hit(self.lists.opaque()?, Confidence::Low, None));
        }
        if !is_id {
            return None;
        }
        let is_known = before().any(|word| self.lists.is_exactly(word, Class::Outsider));
        let about = of_somebody || is_person(self.lists, self.holder);
        if !(about && (self.is_text() || self.is_link())) {
            return None;
        }
        let outside = is_known || self.is_link();
        match (outside, of_somebody) {
            (true, _) => Some(self.hit(self.lists.account()?, Confidence::Medium, self.holders())),
            (false, true) => Some(self.hit(self.lists.account()?, Confidence::Low, None)),
            _ => None,
        }
    }

    fn holders(&self) -> Option<Person<'_>> {
        self.facts.holder.filter(|_| is_person(self.lists, self.holder)).map(Person::Holder)
    }

    /// A field named for somebody holds a name as text, and as a link what others know the person by.
    fn somebody(&self) -> Option<Hit> {
        let plural = self.last().ends_with('s');
        let is_one = self.is_any_person(self.last()) || is_attributed(self.words);
        let names_it = || names_what_holds(self.lists, self.words, self.words.len() - 1);
        let head = self.holder.get(self.holder.len().saturating_sub(1));
        // What a record of links holds is where to ask.
        let is_signpost = self.lists.is_exactly(head, Class::Signpost);
        if !is_one || plural && !self.is_many() || names_it() || is_signpost {
            return None;
        }
        if self.is_of_ids() || self.facts.ty.shape == TypeShape::OpaqueId {
            return Some(self.hit(self.lists.opaque()?, Confidence::Low, None));
        }
        let category = match (self.is_text(), self.is_link()) {
            (true, _) => self.lists.login()?,
            (_, true) => self.lists.account()?,
            _ => return None,
        };
        let limit = match self.words.len() {
            1 if self.lists.is(head, Class::Settings) => {
                limit_of(self.lists, self.words, 0, self.holder, category)
            }
            // Whose owner is said: not the operator's own account.
            len => limit_of(self.lists, self.words, len - 1, &Words::default(), category),
        };
        Some(self.hit(category, Confidence::Medium.min(limit), None))
    }

    /// Where somebody is to be seen: the `url` of a `User`, by which others know the person.
    fn profile(&self) -> Option<Hit> {
        let qualifies = |at| self.lists.is_exactly(self.words.get(at), Class::Profile);
        let of_whole = (0..self.words.len() - 1).all(qualifies);
        let is_one = of_whole && self.lists.is_exactly(self.last(), Class::Reference);
        let is_shown = is_one && (self.is_text() || self.is_link());
        let is_persons =
            is_shown && names_person(self.lists, self.holder) && !is_no_record(self.lists, self.holder);
        let category = self.lists.account().filter(|_| is_persons)?;
        Some(self.hit(category, Confidence::Medium, self.holders()))
    }

    /// Free text in a record that somebody wrote or keeps, or in a form by which somebody publishes.
    fn written(&self) -> Option<Hit> {
        // First what most names are not.
        let category = self.lists.authored(self.words, self.holder).filter(|_| self.is_text())?;
        let by_owner = self.keeper().map(Person::Owner);
        let person = by_owner.or_else(|| self.published().map(Person::Holder))?;
        Some(self.hit(category, Confidence::Medium, Some(person)))
    }

    /// The form by which somebody publishes what it is named for: `CreatePost`, `ReviewForm`.
    fn published(&self) -> Option<&str> {
        let last = self.holder.len().checked_sub(1)?;
        let form = self.lists.is_exactly(self.holder.get(last), Class::Form);
        let end = if form { last } else { last + 1 };
        let is_published = end > 0 && self.lists.is_exactly(self.holder.get(end - 1), Class::Publication);
        let is_act = end > 1 && self.lists.is_exactly(self.holder.get(0), Class::Act);
        self.facts.holder.filter(|_| is_published && (is_act || form) && !self.is_secret())
    }

    /// What somebody did to what others made, where two such lists stand together: `liked_posts` beside `saved`.
    fn done(&self) -> Option<Hit> {
        let is_one = is_deed(self.lists, self.words)
            && self.is_many()
            && (self.is_text() || self.is_link() || self.is_opaque());
        let beside = |name: &&&str| **name != self.facts.name && is_deed(self.lists, &Words::split(name));
        let sibling = self.facts.holder_fields.iter().filter(|_| is_one).find(beside)?;
        let is_machinery = is_no_record(self.lists, self.holder);
        let category = self.lists.behavior().filter(|_| !is_machinery)?;
        Some(self.hit(category, Confidence::Medium, Some(Person::Sibling(sibling))))
    }

    /// A document without declared fields, in a record that somebody fills with prose.
    fn document(&self) -> Option<Hit> {
        if !self.is_document() {
            return None;
        }
        let owner = self.keeper()?;
        let is_upkeep = self.words.iter().any(|word| self.lists.is(word, Class::Upkeep));
        let mut prose = self.facts.holder_fields.iter().filter_map(|name| {
            let words = Words::split(name);
            let alone = words.len() == 1 && *name != self.facts.name;
            self.lists.authored(&words, self.holder).filter(|_| alone)
        });
        let category = prose.next().filter(|_| !is_upkeep)?;
        prose.next()?;
        Some(self.hit(category, Confidence::Medium, Some(Person::Owner(owner))))
    }

    /// The field that says whose a record is that holds what somebody keeps: no key, machine or thing, nothing that is set,
    /// and nothing that is done to somebody.
    fn keeper(&self) -> Option<&str> {
        let owner = self.facts.owner.filter(|owner| *owner != self.facts.name)?;
        let last = self.holder.get(self.holder.len().saturating_sub(1));
        let secret = self.lists.find(self.holder, self.holder.len());
        let is_key = secret.is_some_and(|found| self.lists.category(found.category).credential);
        // What somebody puts in is called so by them.
        let is_upload = head(self.lists, self.holder).is_some_and(|word| self.lists.is(word, Class::Upload));
        let of = |class| self.holder.iter().any(|word| self.lists.is(word, class));
        let keeps_none = is_key
            || self.lists.is_automaton(self.holder)
            // Several are what somebody did or has (`PersonActions`), and no machine.
            || self.lists.is_exactly(last, Class::Machine)
            || is_thing(self.lists, self.holder) && !is_upload
            || of(Class::Settings)
            || self.holder.iter().any(|word| self.lists.is_exactly(word, Class::Measure));
        (!keeps_none && !self.is_secret()).then_some(owner)
    }

    fn is_secret(&self) -> bool {
        let found = self.lists.find(self.words, self.words.len());
        found.is_some_and(|found| self.lists.category(found.category).credential)
    }

    /// The `value` of a type that is named for what it holds: `WorkMail`.
    fn value(&self) -> Option<Hit> {
        if !(self.words.is("value") && self.is_text()) {
            return None;
        }
        let named = stem(self.lists, self.holder);
        let found = self.lists.find(&named, named.len())?;
        let category = self.lists.category(found.category);
        let enough = match found.strength {
            Strength::Strong => true,
            Strength::Weak => category.person,
            Strength::Likely | Strength::Asked | Strength::Home => false,
        };
        let is_plain = found.end == named.len() && !is_no_record(self.lists, self.holder);
        let holder = self.facts.holder.map(Person::Holder);
        (enough && is_plain).then(|| self.hit(category, Confidence::Medium, holder))
    }

    /// What somebody chose: text or a list; a yes or no, one of few or a number says too little.
    fn chosen(&self) -> Option<Hit> {
        let says_much = self.is_text() || self.is_many() && self.facts.ty.shape != TypeShape::Bytes;
        let is_kept = says_much && keeps_choices(self.lists, self.holder);
        let category = self.lists.settings().filter(|_| is_kept)?;
        Some(self.hit(category, Confidence::Medium, self.facts.holder.map(Person::Holder)))
    }
}
