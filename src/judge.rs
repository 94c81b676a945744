//! The join: whom a call or a host stands for, and what the notice says of data in a form at a recipient. By name first,
//! then by role, then as undeclared. Knows no code; it is asked with paths, hosts, categories and forms.
//!
//! A `never` outweighs all else. What a recipient's own `may-receive` grants outweighs the `only` of a role, since both
//! are lists of what may go there and the one by name is the closer.

pub mod change;
pub mod choice;
pub mod class;
pub mod conflict;
pub mod purpose;

use crate::datamap::{self, Channel, Flow};
use crate::notice::{Condition, Form, Kind, Notice, Promise, Recipient, Role, Rule, Statement};
use crate::source::Span;
use crate::taxonomy::{CategoryId, Identifies, Sensitivity, Taxonomy};

/// What the notice says of a datum at a recipient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It may go there; what says so, where something does.
    Permitted {
        /// The permit or the rule.
        by: Option<Span>,
    },
    /// A rule forbids it: `notice.rules[rule]`.
    Forbidden {
        /// The rule.
        rule: usize,
        /// By its `never`, or by not being among its `only`.
        clause: Clause,
    },
    /// The recipient is named and this is not among what it may receive.
    NotListed {
        /// `notice.recipients[recipient]`.
        recipient: usize,
        /// The permit for the category that asks for another form.
        in_other_form: Option<Span>,
    },
    /// The recipient is known and the notice does not name it.
    Undeclared,
    /// The recipient could not be found out.
    Unknown,
    /// The program's own channel, of which the notice says nothing.
    Unsaid,
}

/// The part of a rule that forbids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clause {
    /// Its `never` holds for the datum.
    Never,
    /// Its `only` does not.
    Only,
}

/// A datum as a rule sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Matter {
    /// What it is.
    pub category: CategoryId,
    /// In which form.
    pub form: Form,
}

/// The recipient that a call goes to: of several that name it, the one that does so most closely.
#[must_use]
pub fn recipient_for_call(notice: &Notice, path: &[&str], crate_name: &str) -> Option<usize> {
    let closeness = |recipient: &Recipient| {
        let naming = recipient.calls.iter().filter(|pattern| pattern.matches(path, crate_name));
        naming.map(crate::notice::PathPattern::specificity).max()
    };
    closest(notice, closeness)
}

/// The recipient that a host is: by its name, or by the longest `*.` pattern that it lies below. A pattern covers all
/// subdomains and not the domain itself. Labels of the host that are put together at run time stand as `*`.
#[must_use]
pub fn recipient_for_host(notice: &Notice, host: &str) -> Option<usize> {
    let host = plain_host(host);
    closest(notice, |recipient| {
        recipient.hosts.iter().filter_map(|known| covers_host(&known.value, &host)).max()
    })
}

/// The first of the recipients that are closest.
fn closest<K: Ord>(notice: &Notice, closeness: impl Fn(&Recipient) -> Option<K>) -> Option<usize> {
    let mut best: Option<(K, usize)> = None;
    for (index, recipient) in notice.recipients.iter().enumerate() {
        if let Some(key) = closeness(recipient)
            && best.as_ref().is_none_or(|(known, _)| key > *known)
        {
            best = Some((key, index));
        }
    }
    best.map(|(_, index)| index)
}

/// A host without what does not tell it apart: case, port, the dot of the root.
pub(crate) fn plain_host(host: &str) -> String {
    let host = host.trim().to_lowercase();
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.contains(':') => name,
        _ => &host,
    };
    without_port.trim_end_matches('.').to_owned()
}

/// How closely a host or a pattern names a host; `None` where it does not. `*.` before a pattern stands for one label or
/// more, `*` inside for one.
pub(crate) fn covers_host(pattern: &str, host: &str) -> Option<usize> {
    if pattern == host {
        return Some(usize::MAX);
    }
    let (below, domain) = match pattern.strip_prefix("*.") {
        None => (false, pattern),
        Some(domain) => (true, domain),
    };
    let mut labels = host.rsplit('.');
    let same = |wanted: &str, label: &str| !label.is_empty() && (wanted == "*" || wanted == label);
    let covered = domain.rsplit('.').all(|wanted| labels.next().is_some_and(|label| same(wanted, label)));
    let rest = labels.next().is_some_and(|label| !label.is_empty());
    (covered && rest == below).then_some(domain.len())
}

/// The recipient that stands for a whole role: it names neither calls nor hosts. Only the ends that a program has of its
/// own can be meant so; of third parties an entry without calls is one that the code does not reach, and taking it for
/// all of its role would declare whoever comes along.
#[must_use]
pub fn recipient_for_role(notice: &Notice, role: Role) -> Option<usize> {
    let stands_for_all = |r: &Recipient| r.role == role && r.calls.is_empty() && r.hosts.is_empty();
    is_own_end(role).then(|| notice.recipients.iter().position(stands_for_all)).flatten()
}

/// Whether a role is an end of the program's own, and no third party.
#[must_use]
pub fn is_own_end(role: Role) -> bool {
    match role {
        Role::Log | Role::Metrics | Role::CrashReport | Role::Storage | Role::DataSubject | Role::Public => {
            true
        }
        Role::ServiceProvider
        | Role::TransactionParty
        | Role::Subsidiary
        | Role::AdCompany
        | Role::DataBroker
        | Role::Authority
        | Role::Successor => false,
    }
}

/// What the notice says of a datum at a recipient.
#[must_use]
pub fn verdict(
    notice: &Notice,
    taxonomy: &Taxonomy,
    recipient: &datamap::Recipient,
    role: Option<Role>,
    category: CategoryId,
    form: Form,
) -> Verdict {
    let matter = Matter { category, form };
    let role = role_of(notice, recipient, role);
    let named = declared(notice, recipient, role);
    let about: Vec<(usize, &Rule)> =
        rules_about(notice, named, role).filter(|(_, rule)| rule.of.is_empty()).collect();
    let forbids = |rule: &Rule| rule.never.as_ref().is_some_and(|never| is_never(taxonomy, never, matter));
    if let Some((rule, _)) = about.iter().find(|(_, rule)| forbids(rule)) {
        return Verdict::Forbidden { rule: *rule, clause: Clause::Never };
    }
    let listed = named.and_then(|index| Some((index, notice.recipients[index].may_receive.as_ref()?)));
    if let Some((index, permits)) = listed {
        let covering = permits.iter().filter(|p| taxonomy.is_within(category, p.category));
        let (fitting, other): (Vec<_>, Vec<_>) =
            covering.partition(|p| p.forms.is_empty() || p.forms.contains(&form));
        return match fitting.first() {
            Some(permit) => Verdict::Permitted { by: Some(permit.span) },
            None => Verdict::NotListed { recipient: index, in_other_form: other.first().map(|p| p.span) },
        };
    }
    let excludes = |rule: &Rule| rule.only.as_ref().is_some_and(|only| !is_only(taxonomy, only, matter));
    if let Some((rule, _)) = about.iter().find(|(_, rule)| excludes(rule)) {
        return Verdict::Forbidden { rule: *rule, clause: Clause::Only };
    }
    let admitting = about.iter().find(|(_, rule)| rule.only.is_some()).map(|(_, rule)| rule.span);
    match (named, recipient) {
        (Some(_), _) => Verdict::Permitted { by: admitting },
        (None, datamap::Recipient::Undeclared { .. }) => Verdict::Undeclared,
        (None, datamap::Recipient::Unresolved(_)) => Verdict::Unknown,
        (None, _) if admitting.is_some() => Verdict::Permitted { by: admitting },
        (None, _) => Verdict::Unsaid,
    }
}

/// The same of a datum of a flow: rules that are about its holder alone come first.
#[must_use]
pub fn verdict_of(
    map: &datamap::DataMap,
    flow: &Flow,
    role: Option<Role>,
    datum: &datamap::Datum,
) -> Verdict {
    let (notice, taxonomy) = (map.notice(flow.notice), &map.taxonomy);
    let matter = Matter { category: datum.category, form: datum.form };
    let own = role_of(notice, &flow.recipient, role);
    let named = declared(notice, &flow.recipient, own);
    let limited = rules_about(notice, named, own).filter(|(at, _)| datum.limited.contains(at));
    for (rule, limit) in limited {
        if limit.never.as_ref().is_some_and(|never| is_never(taxonomy, never, matter)) {
            return Verdict::Forbidden { rule, clause: Clause::Never };
        }
        if limit.only.as_ref().is_some_and(|only| !is_only(taxonomy, only, matter)) {
            return Verdict::Forbidden { rule, clause: Clause::Only };
        }
    }
    verdict(notice, taxonomy, &flow.recipient, role, datum.category, datum.form)
}

/// Whether a rule is about a datum's holder, or about everybody's data.
#[must_use]
pub fn is_of(notice: &Notice, at: usize, datum: &datamap::Datum) -> bool {
    notice.rules.get(at).is_some_and(|rule| rule.of.is_empty() || datum.limited.contains(&at))
}

/// The role of whom a flow reaches: as declared, else as found.
#[must_use]
pub fn role_of(notice: &Notice, recipient: &datamap::Recipient, found: Option<Role>) -> Option<Role> {
    match recipient {
        datamap::Recipient::Declared(index) => notice.recipients.get(*index).map(|r| r.role).or(found),
        datamap::Recipient::Undeclared { role, .. } => found.or(*role),
        datamap::Recipient::Unresolved(_) | datamap::Recipient::Own => found,
    }
}

/// By name, or by an entry that stands for the whole role. Data that leaves needs a name or a known role; a recipient
/// that could not be found out has neither.
fn declared(notice: &Notice, recipient: &datamap::Recipient, role: Option<Role>) -> Option<usize> {
    match recipient {
        datamap::Recipient::Declared(index) => (*index < notice.recipients.len()).then_some(*index),
        datamap::Recipient::Undeclared { .. } | datamap::Recipient::Own => recipient_for_role(notice, role?),
        datamap::Recipient::Unresolved(_) => None,
    }
}

fn rules_about(
    notice: &Notice,
    named: Option<usize>,
    role: Option<Role>,
) -> impl Iterator<Item = (usize, &Rule)> {
    notice.rules.iter().enumerate().filter(move |(_, rule)| is_about(rule, notice, named, role))
}

/// Whether a rule is about a recipient of the notice, or about whoever has a role.
#[must_use]
pub fn is_about(rule: &Rule, notice: &Notice, named: Option<usize>, role: Option<Role>) -> bool {
    let name = named.map(|index| notice.recipients[index].name.value.as_str());
    rule.to.role.is_none_or(|wanted| role == Some(wanted))
        && rule.to.recipient.as_ref().is_none_or(|wanted| name == Some(wanted.value.as_str()))
}

/// Whether an entry says something of a flow.
#[must_use]
pub fn touches(map: &datamap::DataMap, flow: &Flow, statement: &Statement<'_>) -> bool {
    let notice = map.notice(flow.notice);
    let (named, role) = end_of(notice, flow);
    match statement.kind {
        Kind::Recipient => named == Some(statement.index),
        Kind::Rule => {
            let is_of = |datum: &datamap::Datum| is_of(notice, statement.index, datum);
            is_about(&notice.rules[statement.index], notice, named, role) && flow.data.iter().any(is_of)
        }
        Kind::Collect => {
            let categories = &notice.collects[statement.index].categories;
            let within = |datum: &datamap::Datum| {
                categories.iter().any(|c| map.taxonomy.is_within(datum.category, c.value))
            };
            flow.data.iter().any(within)
        }
        Kind::Choice => {
            let name = &notice.choices[statement.index].name.value;
            let own = named.map(|at| &notice.recipients[at].requires);
            let rules = notice.rules.iter().filter(|rule| is_about(rule, notice, named, role));
            own.into_iter().chain(rules.map(|rule| &rule.requires)).flatten().any(|n| n.value == *name)
        }
        Kind::Purpose => purpose::serves(map, notice, &flow.item, &notice.purposes[statement.index]),
        Kind::Erasure | Kind::Access => flow.channel == Channel::Storage,
        Kind::Cookie | Kind::Checked | Kind::Unchecked => false,
    }
}

/// Whom a flow reaches: the recipient of the notice, where one is named, and the role.
#[must_use]
pub fn end_of(notice: &Notice, flow: &Flow) -> (Option<usize>, Option<Role>) {
    let role = role_of(notice, &flow.recipient, flow.role);
    (declared(notice, &flow.recipient, role), role)
}

/// Whether a `never` is about this datum. What it says of identifying data it says of more directly identifying data
/// too.
fn is_never(taxonomy: &Taxonomy, condition: &Condition, matter: Matter) -> bool {
    let identifies = |limit: Identifies| identifies(taxonomy, matter) <= limit;
    is_among(taxonomy, condition, matter) && condition.identifies.is_none_or(identifies)
}

/// Whether an `only` admits this datum. What it admits of identifying data it admits of less directly identifying data
/// too.
fn is_only(taxonomy: &Taxonomy, condition: &Condition, matter: Matter) -> bool {
    let identifies = |limit: Identifies| identifies(taxonomy, matter) >= limit;
    is_among(taxonomy, condition, matter) && condition.identifies.is_none_or(identifies)
}

fn is_among(taxonomy: &Taxonomy, condition: &Condition, matter: Matter) -> bool {
    let covers = |c: &crate::notice::Spanned<CategoryId>| taxonomy.is_within(matter.category, c.value);
    (condition.categories.is_empty() || condition.categories.iter().any(covers))
        && (condition.forms.is_empty() || condition.forms.contains(&matter.form))
}

/// How directly a datum identifies in the form in which it travels. Whoever knows an address can compute its hash, and
/// whoever is sent a ciphertext may hold the key, so these identify as the datum does; a keyed hash is a pseudonym.
#[must_use]
pub fn identifies(taxonomy: &Taxonomy, matter: Matter) -> Identifies {
    let plain = taxonomy.get(matter.category).identifies;
    match matter.form {
        Form::Clear | Form::Hash | Form::Encrypted => plain,
        Form::KeyedHash => plain.max(Identifies::Pseudonymously),
        Form::Masked | Form::Aggregated => Identifies::No,
    }
}

/// The lint that speaks of a datum of a flow, and the verdict that it speaks of; `None` where the notice permits it or
/// where a lint on something else than recipients does. Each datum has one such lint at most, so that no two findings
/// on a sink say the same.
#[must_use]
pub fn reported_by(
    map: &datamap::DataMap,
    flow: &Flow,
    datum: &datamap::Datum,
) -> Option<(&'static str, Verdict)> {
    if speaks_for_itself(flow.channel) {
        return None;
    }
    let notice = map.notice(flow.notice);
    let form = datum.form;
    let verdict = verdict_of(map, flow, flow.role, datum);
    let role = role_of(notice, &flow.recipient, flow.role);
    let lint = match verdict {
        Verdict::Permitted { by: Some(_) } | Verdict::Unsaid => return None,
        _ if role == Some(Role::DataBroker) => return None,
        _ if is_direct_at_ad_company(map, role, datum) => ad_lint(form),
        Verdict::Permitted { by: None } => return None,
        Verdict::NotListed { .. } => "undeclared_sharing",
        Verdict::Forbidden { .. } if is_card_data_in_storage(map, role, datum) => return None,
        Verdict::Forbidden { rule, .. } => forbidden_lint(notice, &notice.rules[rule], &flow.recipient)?,
        Verdict::Undeclared if flow.channel == Channel::Network => "undeclared_recipient",
        Verdict::Unknown if flow.channel == Channel::Network => "unknown_recipient",
        Verdict::Undeclared | Verdict::Unknown => return None,
    };
    Some((lint, verdict))
}

/// Channels whose lints are about the channel and not about whom it serves.
fn speaks_for_itself(channel: Channel) -> bool {
    matches!(
        channel,
        Channel::Log | Channel::Error | Channel::Metrics | Channel::CrashReport | Channel::AdIdentifier
    )
}

fn is_direct_at_ad_company(map: &datamap::DataMap, role: Option<Role>, datum: &datamap::Datum) -> bool {
    let matter = Matter { category: datum.category, form: datum.form };
    role == Some(Role::AdCompany) && identifies(&map.taxonomy, matter) == Identifies::Directly
}

fn ad_lint(form: Form) -> &'static str {
    if form == Form::Hash { "hashed_identifier_to_ad_company" } else { "direct_identifier_to_ad_company" }
}

/// The data use of advertising.
const ADVERTISING: &str = "marketing.advertising";

/// Whether code that serves advertising reads what identifies a person.
#[must_use]
pub fn is_identity_in_ads(map: &datamap::DataMap, used: &datamap::Use) -> bool {
    let notice = map.notice(used.notice);
    let direct = map.taxonomy.get(used.category).identifies == Identifies::Directly;
    direct
        && map.servings_of(&used.item).any(|serving| purpose::is_use(notice, &serving.purpose, ADVERTISING))
}

/// What somebody looked at.
const BROWSING: &str = "user.behavior.browsing_history";

/// Whether a flow puts what somebody looked at together with who that is.
#[must_use]
pub fn is_linked_browsing(taxonomy: &Taxonomy, flow: &Flow) -> bool {
    let browsing = taxonomy.find(BROWSING);
    let is_browsing = |datum: &datamap::Datum| {
        let is_hidden = matches!(datum.form, Form::Masked | Form::Aggregated);
        !is_hidden && browsing.is_some_and(|above| taxonomy.is_within(datum.category, above))
    };
    let is_somebody = |datum: &datamap::Datum| {
        let matter = Matter { category: datum.category, form: datum.form };
        identifies(taxonomy, matter) == Identifies::Directly
    };
    flow.data.iter().any(is_browsing) && flow.data.iter().any(is_somebody)
}

/// Stored card data has lints of its own, which know what may be kept in which form.
fn is_card_data_in_storage(map: &datamap::DataMap, role: Option<Role>, datum: &datamap::Datum) -> bool {
    role == Some(Role::Storage) && map.taxonomy.get(datum.category).sensitivity == Sensitivity::Pci
}

/// A rule of the user's is cited as such; one of the embedded notice only says more closely what a lint says anyway.
fn forbidden_lint(notice: &Notice, rule: &Rule, recipient: &datamap::Recipient) -> Option<&'static str> {
    let is_users = rule.span.file == notice.file && !notice.is_default;
    match recipient {
        _ if is_users => Some("broken_rule"),
        datamap::Recipient::Declared(_) => Some("undeclared_sharing"),
        datamap::Recipient::Undeclared { .. } => Some("undeclared_recipient"),
        datamap::Recipient::Unresolved(_) => Some("unknown_recipient"),
        datamap::Recipient::Own => None,
    }
}

/// The line of the notice that a verdict goes by, in words, with the sentence behind it.
#[must_use]
pub fn ground(notice: &Notice, verdict: Verdict) -> Option<(Span, String, Option<&Promise>)> {
    match verdict {
        Verdict::Forbidden { rule, clause } => {
            let rule = notice.rules.get(rule)?;
            let text = match clause {
                Clause::Never => "this rule forbids it",
                Clause::Only => "this rule admits something else only",
            };
            Some((rule.span, text.to_owned(), rule.promise.as_ref()))
        }
        Verdict::NotListed { recipient, in_other_form } => {
            let recipient = notice.recipients.get(recipient)?;
            let name = &recipient.name.value;
            let (span, text) = match in_other_form {
                Some(permit) => (permit, format!("`{name}` may receive it in another form")),
                None => (recipient.name.span, format!("`{name}` may not receive it")),
            };
            Some((span, text, recipient.promise.as_ref()))
        }
        Verdict::Permitted { .. } | Verdict::Undeclared | Verdict::Unknown | Verdict::Unsaid => None,
    }
}
