//! Weighs a name against its type and surroundings. Knows the lists' structure, not their words.

use super::classes::{Class, Known, Strength};
use super::field::Field;
use super::lists::{Category, Found, Lists, is_digest};
use super::words::Words;
use super::{Confidence, Facts, Hit, Person, PlaceKind, TypeShape, is_person, record, world};

/// The hit of one name, if it is one.
pub(super) fn grade(field: Field<'_>) -> Option<Hit> {
    by_phrase(&field)
        .or_else(|| by_address(&field))
        .or_else(|| by_holder(&field))
        .or_else(|| world::grade(&field))
        .or_else(|| record::grade(field))
}

/// A name that only its holder completes: the `number` and the `expiry_date` of a `Card`.
fn by_holder(field: &Field<'_>) -> Option<Hit> {
    let Field { lists, facts, name, words, holder, .. } = *field;
    let is_record = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column) && facts.holder.is_some();
    if !is_record || !lists.ends_phrases(words) || is_no_record(lists, holder) {
        return None;
    }
    let stem = stem(lists, holder);
    let joined = stem.joined(|_| false, words);
    let found = lists.find(&joined, joined.len())?;
    let secret = lists.category(found.category).credential;
    let completed = found.end == joined.len()
        && found.start < stem.len()
        && (secret || about_people(lists, &joined, found));
    // Of a thing that is somebody's, a weak phrase tells too: the `name` of a user's `Device`.
    let owned = found.strength == Strength::Weak && facts.owner.is_some();
    if !completed || !owned && matches!(found.strength, Strength::Weak | Strength::Home) {
        return None;
    }
    let category = lists.category(found.category);
    if category.id {
        // Opaque, unless its own name says whose it is.
        return None;
    }
    let limit = limit_of(lists, &joined, found.start, holder, category).min(Confidence::Medium);
    let confidence = fit(lists, facts, category, found, words)?.min(limit);
    let person = facts.holder.map(Person::Holder);
    let evidence = evidence(facts, name, person);
    let followed = !owned && found.strength != Strength::Asked;
    Some(Hit { category: &category.key, confidence, evidence, followed, shared: secret })
}

/// What a holder's name is without the words that say how it is held: `sink secret` of `SinkSecretOut`.
pub(super) fn stem(lists: &Lists, holder: &Words) -> Words {
    let last = holder.get(holder.len().saturating_sub(1));
    let way = lists.is_exactly(last, Class::Direction).then(|| last.to_owned());
    let held = holder.joined(|word| way.as_deref() == Some(word), &Words::default());
    held.joined(|word| lists.is(word, Class::Record), &Words::default())
}

/// A network address whose name says that it is somebody else's, or that stands in what does.
fn by_address(field: &Field<'_>) -> Option<Hit> {
    let Field { lists, facts, name, words, holder, .. } = *field;
    if lists.known_type(facts.ty.name()) != Some(Known::Address) {
        return None;
    }
    let category = lists.addresses()?;
    let last = words.get(words.len().saturating_sub(1));
    let is_record = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column);
    let of_peer = is_record && holder.iter().any(|word| lists.is(word, Class::Peer));
    let plain = matches!(last, "addr" | "address" | "ip") && words.len() == 1;
    if !(category.is_typed(last) || plain && of_peer) {
        return None;
    }
    let person = if plain { facts.holder.map(Person::Holder) } else { None };
    let confidence = if plain { Confidence::Medium } else { Confidence::High };
    Some(Hit {
        category: &category.key,
        confidence,
        evidence: evidence(facts, name, person),
        followed: true,
        shared: false,
    })
}

/// How sure a phrase is, about whom it speaks, and whether the value is followed.
struct Told<'a> {
    confidence: Confidence,
    person: Option<Person<'a>>,
    followed: bool,
}

impl<'a> Told<'a> {
    fn new(confidence: Confidence, person: Option<Person<'a>>) -> Self {
        Self { confidence, person, followed: true }
    }

    fn proposed(confidence: Confidence, person: Option<Person<'a>>) -> Self {
        Self { confidence, person, followed: false }
    }
}

fn by_phrase(field: &Field<'_>) -> Option<Hit> {
    let Field { lists, facts, name, words, found, holder } = *field;
    let found = found.or_else(|| in_settings(lists, facts, words, holder))?;
    let category = lists.category(found.category);
    let fit = fit(lists, facts, category, found, words)?;
    let method_of = facts.method_of.map(Words::split).unwrap_or_default();
    let around = [holder, &method_of];
    if is_something_else(lists, words, found, holder, category)
        || around.into_iter().any(|holder| is_nobodys(lists, words, found, holder, category))
    {
        return None;
    }
    let told = match found.strength {
        Strength::Home => at_home(field, found)?,
        Strength::Weak => weak(lists, facts, words, found, holder)?,
        _ => Told::new(named(lists, facts, words, found, fit)?, None),
    };
    let elsewhere = |words: &Words| category.is_away(words);
    let operated = category.login && is_connection(lists, facts);
    let away = operated || elsewhere(holder) || elsewhere(words);
    let world = if away { Confidence::Low } else { Confidence::High };
    let limit = limit_of(lists, words, found.start, holder, category).min(fit).min(world);
    let hashed = !category.credential && (found.end..words.len()).any(|i| is_digest(words.get(i)));
    let is_digest_of_drawn = is_drawn_digest(words, category, found);
    let limit = if is_digest_of_drawn { limit.min(Confidence::Medium) } else { limit };
    let confidence = if hashed { lower(told.confidence)? } else { told.confidence }.min(limit);
    let is_asked = is_digest_of_drawn || is_only_proposed(lists, facts, found, holder, category);
    let followed = told.followed && !is_asked;
    let others = facts.holder_fields.iter().copied().filter(|other| *other != facts.name);
    let category = lists.beside(words, others).unwrap_or(category);
    let evidence = evidence(facts, name, told.person);
    match is_reference(lists, facts, words, category, found) {
        true => {
            let key = &lists.opaque()?.key;
            Some(Hit { category: key, confidence: Confidence::Low, evidence, followed: false, shared: false })
        }
        false => {
            let shared = category.credential;
            Some(Hit { category: &category.key, confidence, evidence, followed, shared })
        }
    }
}

/// Whether somebody may be asked about a place and nobody about where its value goes: ids of accounts, choices, and what a
/// person shows to everybody.
fn is_only_proposed(
    lists: &Lists,
    facts: &Facts<'_>,
    found: Found,
    holder: &Words,
    category: &Category,
) -> bool {
    let kept = || holder.iter().any(|word| lists.is(word, Class::Settings));
    let may_be_shown = !category.credential && found.strength != Strength::Strong;
    let read_in_settings =
        category.read && kept() && !holder.iter().any(|word| lists.is(word, Class::Person));
    category.is_account()
        || found.strength == Strength::Asked
        || category.choice
        || category.shown
        || read_in_settings
        || may_be_shown && !kept() && is_public_profile(lists, facts)
}

/// Whether a value names a person or a session and neither opens nor tells anything: a number, a UUID, a list of ids of
/// sessions, the digest of such an id.
fn is_reference(lists: &Lists, facts: &Facts<'_>, words: &Words, category: &Category, found: Found) -> bool {
    let opaque = || {
        matches!(facts.ty.shape, TypeShape::Integer | TypeShape::OpaqueId)
            || record::is_of_own_ids(lists, facts)
    };
    category.is_account() && opaque()
        || category.credential && category.id && (opaque() || found.plural)
        || category.id && is_drawn_digest(words, category, found)
}

/// Whether a name is that of the digest of a secret that a machine drew. It is to be asked about, and opens nothing where it
/// goes: only what a person chose can be guessed from its digest.
fn is_drawn_digest(words: &Words, category: &Category, found: Found) -> bool {
    let is_drawn = category.credential && !category.person;
    let mut around = (0..found.start).chain(found.end..words.len());
    is_drawn && around.any(|i| is_digest(words.get(i)))
}

/// Secrets stand in settings under names that mean a place in a list elsewhere (`sync_token`), and so do those of a record
/// of secrets: the `last_token` of `EmailTokenData`.
fn in_settings(lists: &Lists, facts: &Facts<'_>, words: &Words, holder: &Words) -> Option<Found> {
    let is_record = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column);
    let kept = || holder.iter().any(|word| lists.is(word, Class::Settings));
    let of_secrets =
        || words.len() == 2 && lists.is(words.get(0), Class::Modifier) && keeps_secrets(lists, holder);
    let is_plain = !lists.is_exactly(words.get(0), Class::Flag)
        && !words.iter().any(|word| lists.is_exactly(word, Class::Link));
    let may_be = is_record && is_plain && (kept() || of_secrets());
    let found = may_be.then(|| lists.find_behind(words, words.len())).flatten()?;
    let is_secret = lists.category(found.category).credential && found.strength == Strength::Likely;
    is_secret.then_some(found)
}

/// Whether a holder is named for a secret.
fn keeps_secrets(lists: &Lists, holder: &Words) -> bool {
    let named = stem(lists, holder);
    let found = lists.find(&named, named.len());
    found.is_some_and(|found| {
        found.strength == Strength::Strong
            && lists.category(found.category).credential
            && !is_no_record(lists, holder)
    })
}

/// Whether what stands around makes a phrase mean something that is not personal.
fn is_something_else(
    lists: &Lists,
    words: &Words,
    found: Found,
    holder: &Words,
    category: &Category,
) -> bool {
    let grammar = || holder.iter().any(|word| lists.is(word, Class::Grammar));
    category.credential && found.end - found.start == 1 && grammar()
        || (0..found.start).any(|i| lists.is(words.get(i), Class::Mask))
        || keeps_only_the_last(words)
        || names_what_holds(lists, words, found.start)
        // A team has a handle and is nobody; its secrets are secrets, and somebody reads its mail.
        || found.strength == Strength::Likely
            && (category.person || category.is_account())
            && !category.credential
            && is_about_thing(lists, holder)
}

/// Whether what could be a person's is a program's or on a list: the account of a program has a name and is nobody, although
/// its secrets are secrets, and somebody reads its mail.
fn is_nobodys(lists: &Lists, words: &Words, found: Found, holder: &Words, category: &Category) -> bool {
    match category.credential {
        true => category.person && is_refused(lists, words, found, holder),
        false => !category.read && lists.is_automaton(holder),
    }
}

/// Whether what could be somebody's password is one that nobody may have: one of `common_passwords`.
fn is_refused(lists: &Lists, words: &Words, found: Found, holder: &Words) -> bool {
    let before = || (0..found.start).map(|at| words.get(at));
    before().chain(holder.iter()).any(|word| lists.is(word, Class::Denial))
        || found.plural && before().any(|word| lists.is_exactly(word, Class::Denied))
}

/// `last_4_card_number`, `card_number_last_four`.
fn keeps_only_the_last(words: &Words) -> bool {
    (1..words.len())
        .any(|i| words.get(i - 1) == "last" && matches!(words.get(i), "4" | "four" | "digit" | "digits"))
}

/// `person_attr_mail`: how the attribute is called that holds what the words from `start` on say.
pub(super) fn names_what_holds(lists: &Lists, words: &Words, start: usize) -> bool {
    (0..start).any(|at| lists.is_exactly(words.get(at), Class::Attribute))
}

/// The phrase that says what the name is about.
pub(super) fn find(lists: &Lists, kind: PlaceKind, words: &Words) -> Option<Found> {
    let link = (1..words.len()).find(|i| lists.is_exactly(words.get(*i), Class::Link));
    let found = match link {
        None => lists.find(words, words.len()),
        // Who did it, by what names a person: `invited_by_email`.
        Some(link) if words.get(link) == "by" && words.get(link - 1).ends_with("ed") => lists
            .find(words, words.len())
            .filter(|found| found.start > link && found.strength == Strength::Strong),
        // A phrase may contain the link itself (`date_of_birth`); otherwise the head stands before it. A link at the
        // very end (`email_confirmed_at`) makes it a time or an agent.
        Some(link) => lists
            .find(words, words.len())
            .filter(|found| found.start < link)
            .or_else(|| if link + 1 == words.len() { None } else { lists.find(words, link) }),
    }?;
    let first = words.get(0);
    let says_whether = |word| lists.is_exactly(word, Class::Flag);
    // Keys begin with what they are of: `oauth2_prefer_short_username`.
    let in_key = kind == PlaceKind::MapKey && (0..found.start).any(|at| says_whether(words.get(at)));
    let is_flag = words.len() > 1 && says_whether(first) || in_key;
    let is_act = kind == PlaceKind::Function && lists.is_exactly(first, Class::Verb);
    (!is_flag && !is_act).then_some(found)
}

/// The most that the type allows; `None` where it rules the category out.
fn fit(
    lists: &Lists,
    facts: &Facts<'_>,
    category: &Category,
    found: Found,
    words: &Words,
) -> Option<Confidence> {
    let allowed = |allowed: bool, limit| allowed.then_some(limit);
    let is_account = category.is_account();
    let by_others = || {
        found.strength == Strength::Home || words.iter().any(|word| lists.is_exactly(word, Class::Outsider))
    };
    match facts.ty.shape {
        TypeShape::Text if is_account && by_others() => Some(Confidence::Medium),
        // An account's own id is opaque: it names nobody to whom the database is closed.
        TypeShape::Text | TypeShape::Bytes | TypeShape::Unknown if is_account => Some(Confidence::Low),
        TypeShape::Text | TypeShape::Bytes | TypeShape::Unknown => Some(Confidence::High),
        TypeShape::Integer if is_account => Some(Confidence::Low),
        TypeShape::Integer => allowed(category.numeric, Confidence::High),
        TypeShape::Float => allowed(category.float, Confidence::High),
        TypeShape::OpaqueId if is_account => Some(Confidence::Low),
        // What opens a door is no plain identifier.
        TypeShape::OpaqueId if category.credential => allowed(category.id, Confidence::Low),
        TypeShape::OpaqueId => allowed(category.id, Confidence::Medium),
        TypeShape::Foreign => foreign(lists, facts.ty.name(), category, found),
        TypeShape::Bool | TypeShape::UnitEnum | TypeShape::Program | TypeShape::Named => None,
    }
}

fn foreign(lists: &Lists, name: &str, category: &Category, found: Found) -> Option<Confidence> {
    match lists.known_type(name) {
        Some(Known::Carrier | Known::Document | Known::Locator) => return Some(Confidence::High),
        Some(Known::Time) => return category.date.then_some(Confidence::High),
        Some(Known::Address) => return category.ip.then_some(Confidence::High),
        Some(Known::Category(index)) => return (index == found.category).then_some(Confidence::High),
        None => {}
    }
    let words = Words::split(name);
    let head = words.get(words.len().saturating_sub(1));
    if lists.is(head, Class::Machine) {
        return None;
    }
    let same = lists.find(&words, words.len()).is_some_and(|own| own.category == found.category);
    match found.strength {
        _ if same => Some(Confidence::High),
        Strength::Strong => Some(Confidence::Medium),
        Strength::Likely | Strength::Asked => Some(Confidence::Low),
        Strength::Weak | Strength::Home => None,
    }
}

/// The confidence of a name that says by itself what it is.
fn named(
    lists: &Lists,
    facts: &Facts<'_>,
    words: &Words,
    found: Found,
    fit: Confidence,
) -> Option<Confidence> {
    let strong = found.strength == Strength::Strong;
    let fitting = match facts.ty.shape {
        TypeShape::Text => true,
        TypeShape::Foreign => fit == Confidence::High,
        _ => false,
    };
    let secret = fitting && lists.category(found.category).credential;
    Some(match facts.kind {
        // An act with the data rather than the data, unless its result looks like it.
        PlaceKind::Function if !about_people(lists, words, found) => match facts.ty.shape {
            TypeShape::Unknown => return None,
            _ => Confidence::Low,
        },
        PlaceKind::Field | PlaceKind::Column if strong => Confidence::High,
        PlaceKind::Parameter | PlaceKind::Local if strong && facts.ty.shape != TypeShape::Unknown => {
            Confidence::High
        }
        PlaceKind::Field | PlaceKind::Column => Confidence::Medium,
        PlaceKind::Const => Confidence::Low,
        // A secret by its name, as text or in a type of its own: hardly anything else.
        PlaceKind::Parameter | PlaceKind::Local | PlaceKind::Variant | PlaceKind::MapKey if secret => {
            Confidence::Medium
        }
        _ if strong => Confidence::Medium,
        _ => Confidence::Low,
    })
}

/// Whether nothing before the phrase makes it something else.
fn about_people(lists: &Lists, words: &Words, found: Found) -> bool {
    let is_neutral = |word| {
        lists.is(word, Class::Modifier)
            || lists.is_exactly(word, Class::Outsider)
            || is_person_word(lists, word)
    };
    (0..found.start).all(|at| is_neutral(words.get(at)))
}

fn is_person_word(lists: &Lists, word: &str) -> bool {
    lists.is(word, Class::Person) || lists.is(word, Class::Role) || lists.is(word, Class::People)
}

/// A word of many meanings: counts only about a person, and only if nothing before it makes it something else.
fn weak<'a>(
    lists: &Lists,
    facts: &Facts<'a>,
    words: &Words,
    found: Found,
    holder: &Words,
) -> Option<Told<'a>> {
    if !about_people(lists, words, found) {
        return None;
    }
    let category = lists.category(found.category);
    let by_name = (0..found.start).any(|i| is_person_word(lists, words.get(i)));
    let at_home = || facts.holder.filter(|_| category.is_at_home(holder)).map(Person::Holder);
    let is_member = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column);
    let by_owner = || {
        let owner = facts.owner.filter(|owner| *owner != facts.name && !is_no_record(lists, holder));
        let fits = is_member && !category.itself && (!category.login || facts.ty.shape == TypeShape::Text);
        owner.filter(|_| fits).map(Person::Owner)
    };
    let by_login = || {
        let logins = facts.holder_fields.iter().copied();
        let mut logins = logins.filter(|name| *name != facts.name && is_login(lists, name));
        logins.next().filter(|_| is_member && !is_about_thing(lists, holder)).map(Person::Owner)
    };
    // A thing of somebody's may have a password, too, and its name is still not the person's.
    let is_kept = category.itself && facts.owner.is_some();
    let person = by_name
        .then_some(Person::Name)
        .or_else(|| surroundings(lists, facts, holder, is_kept))
        .or_else(at_home)
        .or_else(|| among_parts(lists, facts, holder, category))
        .or_else(by_login)
        .or_else(by_owner)
        .or_else(|| documented(lists, facts).filter(|_| !is_no_record(lists, holder)))?;
    let base = if is_member && !matches!(person, Person::Doc) { Confidence::Medium } else { Confidence::Low };
    let base = if facts.ty.shape == TypeShape::Unknown { lower(base)? } else { base };
    Some(match person {
        Person::Owner(_) => Told::proposed(base, Some(person)),
        Person::Sibling(_) if is_reply(lists, holder) => Told::proposed(base, Some(person)),
        _ => Told::new(base, Some(person)),
    })
}

/// A word that says something among its like only: the `code` of an OAuth callback, the `key` beside a password.
fn at_home<'a>(field: &Field<'a>, found: Found) -> Option<Told<'a>> {
    let Field { lists, facts, words, holder, .. } = *field;
    let category = lists.category(found.category);
    let is_record = matches!(facts.kind, PlaceKind::Field | PlaceKind::Column);
    if lists.known_type(facts.ty.name()) == Some(Known::Category(found.category)) {
        return Some(Told::new(Confidence::High, None));
    }
    if !is_record || !about_people(lists, words, found) {
        return None;
    }
    let by_holder = facts.holder.map(Person::Holder);
    if category.is_account() {
        return world::claimed(field, category).map(|sure| Told::new(sure, by_holder));
    }
    let is_plain = !is_no_record(lists, holder);
    if is_plain && by_holder.is_some() && category.is_at_home(holder) {
        return Some(Told::new(Confidence::Medium, by_holder));
    }
    if !category.credential {
        let whole = among_parts(lists, facts, holder, category);
        let followed = !is_reply(lists, holder);
        return whole.map(|beside| Told { confidence: Confidence::Medium, person: Some(beside), followed });
    }
    let is_like = |name: &&&str| **name != facts.name && is_secret(lists, name);
    if let Some(sibling) = facts.holder_fields.iter().find(is_like) {
        return Some(Told::new(Confidence::Medium, Some(Person::Sibling(sibling))));
    }
    // A key is what a type is there for that is named so.
    let plain = stem(lists, holder);
    let same = plain.get(plain.len().saturating_sub(1)) == words.get(0) && !lists.ends_otherwise(&plain);
    // In settings a key opens something, unless it is that of a pair.
    let kept = words.len() == 1 && holder.iter().any(|word| lists.is(word, Class::Settings));
    let is_pair = facts.holder_fields.iter().any(|name| matches!(*name, "value" | "val"));
    let opens = (kept || same && words.len() == 1) && !is_pair && facts.ty.shape == TypeShape::Text;
    opens.then(|| Told::proposed(Confidence::Medium, facts.holder.map(Person::Holder)))
}

/// What stands beside a part of a whole, where two other parts of it do: the `state` of a street and a city.
fn among_parts<'a>(
    lists: &Lists,
    facts: &Facts<'a>,
    holder: &Words,
    category: &Category,
) -> Option<Person<'a>> {
    if is_no_record(lists, holder) || !matches!(facts.kind, PlaceKind::Field | PlaceKind::Column) {
        return None;
    }
    let is_part = |name: &&&str| {
        let words = Words::split(name);
        let found = if **name == facts.name { None } else { find(lists, PlaceKind::Field, &words) };
        found.is_some_and(|found| {
            found.strength != Strength::Home && category.is_part_with(lists.category(found.category))
        })
    };
    let mut parts = facts.holder_fields.iter().filter(is_part);
    let first = parts.next()?;
    parts.next().map(|_| Person::Sibling(first))
}

/// Whether a field of this name holds a secret that somebody signs in with.
fn is_secret(lists: &Lists, name: &str) -> bool {
    let found = find(lists, PlaceKind::Field, &Words::split(name));
    found.is_some_and(|found| {
        let category = lists.category(found.category);
        found.strength == Strength::Strong && category.credential && category.person
    })
}

/// Whether what stands around is what a person shows to everybody.
fn is_public_profile(lists: &Lists, facts: &Facts<'_>) -> bool {
    let names = || facts.holder_fields.iter();
    let shown = names().filter(|name| Words::split(name).iter().any(|word| lists.is(word, Class::Public)));
    shown.take(2).count() == 2 && !names().any(|name| is_persons(lists, name))
}

fn surroundings<'a>(lists: &Lists, facts: &Facts<'a>, holder: &Words, is_kept: bool) -> Option<Person<'a>> {
    let is_function = matches!(facts.kind, PlaceKind::Parameter | PlaceKind::Local);
    let named = if is_function {
        holder.iter().any(|word| lists.is(word, Class::Person))
    } else {
        is_person(lists, holder)
    };
    if let (true, Some(name)) = (named, facts.holder) {
        return Some(Person::Holder(name));
    }
    if is_no_record(lists, holder) {
        return None;
    }
    let tells = |name: &&&str| {
        **name != facts.name && is_persons(lists, name) && !(is_kept && is_secret(lists, name))
    };
    let sibling = facts.holder_fields.iter().find(tells);
    sibling.map(|name| Person::Sibling(name))
}

/// Configuration, machinery, and what has a name and a mail address without being a person.
pub(super) fn is_no_record(lists: &Lists, holder: &Words) -> bool {
    let last = holder.get(holder.len().saturating_sub(1));
    lists.is(last, Class::Machine) && !is_reply(lists, holder)
        || holder.iter().any(|word| lists.is(word, Class::Settings) || lists.is(word, Class::Thing))
}

/// Whether a holder is named for a message, which may bring a record and need not: `LookupResponse`.
fn is_reply(lists: &Lists, holder: &Words) -> bool {
    let last = holder.get(holder.len().saturating_sub(1));
    lists.is(last, Class::Machine) && lists.is(last, Class::Record)
}

/// Whether a holder speaks of what is no person, and of nobody beside: the token of a group.
fn is_about_thing(lists: &Lists, holder: &Words) -> bool {
    let has = |class| holder.iter().any(|word| lists.is(word, class));
    has(Class::Thing) && !has(Class::Person) && !has(Class::Role)
}

/// Whether only people have a field of this name, and each but one: a list of addresses is whom something is sent to.
pub(super) fn is_persons(lists: &Lists, name: &str) -> bool {
    let found = find(lists, PlaceKind::Field, &Words::split(name));
    found.is_some_and(|found| {
        found.strength == Strength::Strong && !found.plural && lists.category(found.category).person
    })
}

/// Whether somebody signs in by a field of this name: who does may have a name in a token, too.
fn is_login(lists: &Lists, name: &str) -> bool {
    let found = find(lists, PlaceKind::Field, &Words::split(name));
    found.is_some_and(|found| {
        found.strength == Strength::Likely && !found.plural && lists.category(found.category).login
    })
}

fn documented<'a>(lists: &Lists, facts: &Facts<'a>) -> Option<Person<'a>> {
    let words = Words::split(facts.doc?);
    words.iter().any(|word| lists.is(word, Class::Person)).then_some(Person::Doc)
}

/// Whether what stands beside says how something is connected to: a host and a port.
fn is_connection(lists: &Lists, facts: &Facts<'_>) -> bool {
    let ends_so = |name: &str| {
        let words = Words::split(name);
        lists.is_exactly(words.get(words.len().saturating_sub(1)), Class::Connection)
    };
    facts.holder_fields.iter().filter(|name| ends_so(name)).take(2).count() == 2
}

/// Configuration holds the operator's own data, which is not about people; a password there is a secret all the same.
/// The phrase begins at `start`.
pub(super) fn limit_of(
    lists: &Lists,
    words: &Words,
    start: usize,
    holder: &Words,
    category: &Category,
) -> Confidence {
    let has = |class| holder.iter().any(|word| lists.is(word, class));
    let in_settings = has(Class::Settings) && !has(Class::Person);
    let last = holder.get(holder.len().saturating_sub(1));
    let in_service = category.credential && lists.is(last, Class::Service);
    let operated = (0..start).any(|i| lists.is(words.get(i), Class::Operator));
    match in_settings || in_service || operated {
        false => Confidence::High,
        true if category.credential && (category.person || in_settings) => Confidence::Medium,
        // Somebody reads the mail that is sent there.
        true if category.read && in_settings && !operated => Confidence::Medium,
        true => Confidence::Low,
    }
}

fn lower(confidence: Confidence) -> Option<Confidence> {
    match confidence {
        Confidence::High => Some(Confidence::Medium),
        Confidence::Medium => Some(Confidence::Low),
        Confidence::Low => None,
    }
}

pub(super) fn evidence(facts: &Facts<'_>, name: &str, person: Option<Person<'_>>) -> String {
    let kind = match facts.kind {
        PlaceKind::Field => "field",
        PlaceKind::Parameter => "parameter",
        PlaceKind::Local => "variable",
        PlaceKind::Function => "function",
        PlaceKind::Variant => "variant",
        PlaceKind::Const => "constant",
        PlaceKind::Column => "column",
        PlaceKind::TypeName => "type",
        PlaceKind::MapKey => "key",
    };
    let about = match person {
        None | Some(Person::Name) => String::new(),
        Some(Person::Holder(holder)) => format!(" in `{holder}`"),
        Some(Person::Sibling(sibling)) => format!(" beside `{sibling}`"),
        Some(Person::Owner(owner)) => format!(" in a record that says whose it is (`{owner}`)"),
        Some(Person::Doc) => " and documented as a person's".to_owned(),
    };
    let verb = if facts.kind == PlaceKind::Function { "returns" } else { "holds" };
    let holds = match facts.ty.shape {
        TypeShape::Text => format!(" and {verb} text"),
        TypeShape::Bytes => format!(" and {verb} bytes"),
        TypeShape::Integer | TypeShape::Float => format!(" and {verb} a number"),
        TypeShape::OpaqueId => format!(" and {verb} an identifier"),
        TypeShape::Foreign => format!(" and {verb} `{}`", facts.ty.name()),
        _ => String::new(),
    };
    format!("the {kind} is named `{name}`{about}{holds}")
}
