//! The one conversion from what was written to what is meant: words become roles, forms, categories, patterns and quoted
//! sentences. Every fault is said; an entry that cannot be used is left out. Does no IO.

use super::problem::{self, Written};
use super::prose::{self, Prose};
use super::raw::{
    RawAddress, RawChecked, RawChoice, RawCollect, RawCondition, RawCookie, RawData, RawPermit, RawPurpose,
    RawReach, RawRecipient, RawRule, RawSource, RawTransform, RawUnchecked, RawWord,
};
use super::{
    AddressedBy, Checked, Choice, Collect, Condition, Cookie, Data, Makes, Named, PathPattern, Permit,
    Promise, Purpose, Reach, Recipient, Role, Rule, SourceCalls, Spanned, Transform, Unchecked, Word,
};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::taxonomy::{CategoryId, Taxonomy};

/// What a draft writes for a role that it does not know.
const OPEN: &str = "?";

/// The names that entries may refer to.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) purposes: Vec<String>,
    pub(super) choices: Vec<String>,
    pub(super) recipients: Vec<String>,
}

/// A conversion under way.
pub(super) struct Conversion<'a> {
    pub(super) taxonomy: &'a Taxonomy,
    pub(super) prose: Option<(FileId, Prose)>,
    pub(super) declared: Declared,
    /// What makes the notice unusable.
    pub(super) errors: Vec<Diagnostic>,
    /// What lints say of it.
    pub(super) findings: Vec<Diagnostic>,
}

impl Conversion<'_> {
    fn word<E: Named>(&mut self, key: &str, written: &Written) -> Option<E> {
        let value = E::parse(&written.value);
        if value.is_none() {
            self.errors.push(problem::unknown_word::<E>(key, written));
        }
        value
    }

    fn words<E: Named>(&mut self, key: &str, written: &[Written]) -> Vec<E> {
        written.iter().filter_map(|w| self.word(key, w)).collect()
    }

    fn category(&mut self, written: &Written) -> Option<CategoryId> {
        match self.taxonomy.resolve(&written.value) {
            Ok(id) => Some(id),
            Err(why) => {
                self.findings.push(problem::bad_category(written, &why));
                None
            }
        }
    }

    fn categories(&mut self, written: &[Written]) -> Vec<Spanned<CategoryId>> {
        written.iter().filter_map(|w| Some(Spanned { value: self.category(w)?, span: w.span })).collect()
    }

    fn pattern(&mut self, written: &Written) -> Option<PathPattern> {
        match PathPattern::parse(&written.value, written.span) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.errors.push(problem::bad_pattern(written, &error));
                None
            }
        }
    }

    fn patterns(&mut self, written: &[Written]) -> Vec<PathPattern> {
        written.iter().filter_map(|w| self.pattern(w)).collect()
    }

    fn purposes(&mut self, written: Vec<Written>) -> Vec<Written> {
        keep_declared("purpose", written, &self.declared.purposes, &mut self.errors)
    }

    fn choices(&mut self, written: Vec<Written>) -> Vec<Written> {
        keep_declared("choice", written, &self.declared.choices, &mut self.errors)
    }

    fn host(&mut self, written: &Written) -> Option<Spanned<String>> {
        let host = written.value.to_lowercase();
        if is_host(&host) {
            return Some(Spanned { value: host, span: written.span });
        }
        self.errors.push(problem::bad_host(written, host_of_url(&host)));
        None
    }

    fn promise(&mut self, written: Option<Written>) -> Option<Promise> {
        let Spanned { value: text, span } = written?;
        let in_prose = match &self.prose {
            None => None,
            Some((file, prose)) => {
                let place = |r: std::ops::Range<usize>| Span::new(*file, r.start as u32, r.end as u32);
                let found = prose.find(&text).map(place);
                if found.is_none() {
                    let near = if prose::is_blank(&text) { None } else { prose.nearest(&text) };
                    let near = near.map(|r| (place(r.clone()), prose.text(&r)));
                    self.findings.push(problem::promise_not_in_notice(span, near));
                }
                found
            }
        };
        Some(Promise { text, span, in_prose })
    }

    fn permit(&mut self, raw: RawPermit) -> Option<Permit> {
        let forms = self.words("as", &raw.forms);
        Some(Permit { category: self.category(&raw.category?)?, forms, span: raw.span })
    }

    fn address(&mut self, raw: RawAddress) -> AddressedBy {
        AddressedBy { arg: raw.arg.unwrap_or(1), from: self.patterns(&raw.from) }
    }

    /// A draft leaves open what it does not know; nothing can be judged by that.
    fn role(&mut self, written: &Written) -> Option<Role> {
        if written.value == OPEN {
            self.errors.push(problem::open_role(written));
            return None;
        }
        self.word("role", written)
    }

    pub(super) fn recipient(&mut self, raw: RawRecipient) -> Option<Recipient> {
        let role: Option<Role> = raw.role.and_then(|w| self.role(&w));
        let valid = Recipient {
            role: role.unwrap_or(Role::ServiceProvider),
            calls: self.patterns(&raw.calls),
            hosts: raw.hosts.iter().filter_map(|w| self.host(w)).collect(),
            may_receive: raw.may_receive.map(|all| all.into_iter().filter_map(|p| self.permit(p)).collect()),
            purposes: self.purposes(raw.purposes),
            requires: self.choices(raw.requires),
            together_with: self.patterns(&raw.together_with),
            addressed_by: raw.addressed_by.map(|a| self.address(a)),
            follows_notice: raw.follows_notice,
            promise: self.promise(raw.promise),
            span: raw.span,
            name: raw.name?,
        };
        role.map(|_| valid)
    }

    pub(super) fn collect(&mut self, raw: RawCollect) -> Collect {
        Collect {
            categories: self.categories(&raw.categories),
            purposes: self.purposes(raw.purposes),
            promise: self.promise(raw.promise),
            span: raw.span,
        }
    }

    pub(super) fn purpose(&mut self, raw: RawPurpose) -> Option<Purpose> {
        let (code, promise) = (self.patterns(&raw.code), self.promise(raw.promise));
        Some(Purpose { name: raw.name?, data_use: raw.data_use, code, promise, span: raw.span })
    }

    pub(super) fn cookie(&mut self, raw: RawCookie) -> Option<Cookie> {
        let promise = self.promise(raw.promise);
        let category = raw.category.and_then(|w| self.category(&w));
        let (essential, requires) = (raw.essential.unwrap_or(false), self.choices(raw.requires));
        Some(Cookie { name: raw.name?, category: category?, essential, requires, promise, span: raw.span })
    }

    pub(super) fn data(&mut self, raw: RawData) -> Option<Data> {
        let path = raw.path.and_then(|w| self.pattern(&w));
        let written = raw.category?;
        let category = if written.value == "none" { None } else { Some(self.category(&written)?) };
        Some(Data { path: path?, category, span: raw.span })
    }

    pub(super) fn own_word(&mut self, raw: RawWord) -> Option<Word> {
        for name in raw.names.iter().filter(|name| !name.value.contains(char::is_alphanumeric)) {
            self.errors.push(problem::no_name(name));
        }
        let written = raw.category?;
        let category = if written.value == "none" { None } else { Some(self.category(&written)?) };
        Some(Word { names: raw.names, category, span: raw.span })
    }

    pub(super) fn source(&mut self, raw: RawSource) -> Option<SourceCalls> {
        let calls = self.patterns(&raw.calls);
        let purposes = self.purposes(raw.purposes);
        Some(SourceCalls { calls, category: self.category(&raw.category?)?, purposes, span: raw.span })
    }

    pub(super) fn choice(&mut self, raw: RawChoice) -> Option<Choice> {
        Some(Choice {
            kind: raw.kind.and_then(|w| self.word("kind", &w)).unwrap_or_default(),
            checked_by: self.patterns(&raw.checked_by),
            refused_by: self.patterns(&raw.refused_by),
            when: raw.when,
            promise: self.promise(raw.promise),
            span: raw.span,
            name: raw.name?,
        })
    }

    pub(super) fn reach(&mut self, raw: RawReach) -> Reach {
        Reach {
            name: raw.name,
            root: self.patterns(&raw.root),
            of: raw.of,
            by: self.patterns(&raw.by),
            when_older_than: raw.when_older_than.and_then(|w| self.pattern(&w)),
            promise: self.promise(raw.promise),
            span: raw.span,
        }
    }

    pub(super) fn transform(&mut self, raw: RawTransform) -> Option<Transform> {
        let calls = self.patterns(&raw.calls);
        let makes: Makes = raw.makes.and_then(|w| self.word("makes", &w))?;
        Some(Transform { calls, makes, span: raw.span })
    }

    pub(super) fn checked(&mut self, raw: RawChecked) -> Option<Checked> {
        Some(Checked { promise: self.promise(raw.promise)?, by: raw.by, span: raw.span })
    }

    pub(super) fn unchecked(&mut self, raw: RawUnchecked) -> Option<Unchecked> {
        let promise = self.promise(raw.promise)?;
        Some(Unchecked { promise, reason: raw.reason?.value, span: raw.span })
    }

    pub(super) fn rule(&mut self, raw: RawRule) -> Option<Rule> {
        if raw.never.is_none() && raw.only.is_none() && raw.requires.is_empty() {
            self.errors.push(problem::empty_rule(raw.span));
        }
        let to = raw.to.map_or(Some(Condition::default()), |c| self.condition(c));
        let never = raw.never.map(|c| self.condition(c));
        let only = raw.only.map(|c| self.condition(c));
        let (of, requires) = (self.patterns(&raw.of), self.choices(raw.requires));
        let promise = self.promise(raw.promise);
        let usable = never != Some(None) && only != Some(None);
        usable.then_some(())?;
        Some(Rule {
            to: to?,
            of,
            never: never.flatten(),
            only: only.flatten(),
            requires,
            promise,
            span: raw.span,
        })
    }

    /// `None` where nothing is left of the categories: without them the condition would mean all data.
    fn condition(&mut self, raw: RawCondition) -> Option<Condition> {
        let categories = self.categories(&raw.categories);
        let recipients = keep_declared(
            "recipient",
            raw.recipient.into_iter().collect(),
            &self.declared.recipients,
            &mut self.errors,
        );
        let condition = Condition {
            role: raw.role.and_then(|w| self.word("role", &w)),
            recipient: recipients.into_iter().next(),
            identifies: raw.identifies.and_then(|w| self.word("identifies", &w)),
            forms: self.words("as", &raw.forms),
            categories,
        };
        (raw.categories.is_empty() || !condition.categories.is_empty()).then_some(condition)
    }
}

/// The names that are declared; the others are errors.
fn keep_declared(
    kind: &str,
    written: Vec<Written>,
    declared: &[String],
    errors: &mut Vec<Diagnostic>,
) -> Vec<Written> {
    let (known, unknown): (Vec<_>, Vec<_>) = written.into_iter().partition(|w| declared.contains(&w.value));
    let names: Vec<&str> = declared.iter().map(String::as_str).collect();
    errors.extend(unknown.iter().map(|w| problem::undeclared(kind, w, &names)));
    known
}

fn is_host(host: &str) -> bool {
    let variable = host.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    if let Some(name) = variable {
        return !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    name.split('.').all(is_label) || name.parse::<std::net::Ipv6Addr>().is_ok()
}

/// The host in what looks like a URL.
fn host_of_url(text: &str) -> Option<&str> {
    let after = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = after.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    is_host(host).then_some(host)
}
