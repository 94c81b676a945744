//! What a notice says for nothing, or so broadly that it says little: entries that nothing can ever reach, that others
//! say already, and root terms. None of it is wrong, so it is said without a lint.

use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge::{self, choice};
use crate::notice::{Notice, Recipient, Role, Rule};
use crate::source::Span;
use crate::taxonomy::{CategoryId, Taxonomy};

pub(super) fn remarks(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Diagnostic> {
    let mut said = unreachable(notice);
    said.extend(unasked(notice));
    said.extend(repeated_permits(notice, taxonomy));
    said.extend(repeated_rules(notice));
    said.extend(root_terms(notice, taxonomy));
    // What a notice extends is not its author's to mend.
    said.retain(|one| one.primary.is_some_and(|span| span.file == notice.file));
    said
}

/// Third parties that no code can be found to reach.
fn unreachable(notice: &Notice) -> Vec<Diagnostic> {
    let is_lost = |r: &&Recipient| !judge::is_own_end(r.role) && r.calls.is_empty() && r.hosts.is_empty();
    let lost = notice.recipients.iter().filter(is_lost);
    lost.map(|recipient| {
        let message = format!("nothing can ever be found to reach `{}`", recipient.name.value);
        dead(message, recipient.name.span, "it has neither `calls` nor `hosts`")
    })
    .collect()
}

/// Choices and purposes that nothing refers to.
fn unasked(notice: &Notice) -> Vec<Diagnostic> {
    let required = notice.recipients.iter().flat_map(|r| &r.requires);
    let required: Vec<&str> = required
        .chain(notice.rules.iter().flat_map(|r| &r.requires))
        .chain(notice.cookies.iter().flat_map(|c| &c.requires))
        .map(|name| name.value.as_str())
        .collect();
    let mut said = Vec::new();
    for asked in &notice.choices {
        let name = &asked.name;
        if !required.contains(&name.value.as_str()) && !choice::serves_by_kind(notice, asked.kind) {
            said.push(dead(
                format!("nothing requires the choice `{}`", name.value),
                name.span,
                "asked for nothing",
            ));
        } else if asked.checked_by.is_empty() && asked.refused_by.is_empty() {
            let message = format!("nothing is said to check the choice `{}`", name.value);
            said.push(dead(message, name.span, "it has neither `checked-by` nor `refused-by`"));
        }
    }
    let served = notice.recipients.iter().flat_map(|r| &r.purposes);
    let served: Vec<&str> = served
        .chain(notice.collects.iter().flat_map(|c| &c.purposes))
        .chain(notice.sources.iter().flat_map(|s| &s.purposes))
        .map(|name| name.value.as_str())
        .collect();
    let idle =
        notice.purposes.iter().filter(|p| p.code.is_empty() && !served.contains(&p.name.value.as_str()));
    said.extend(idle.map(|purpose| {
        let message = format!("no data and no code serves the purpose `{}`", purpose.name.value);
        dead(message, purpose.name.span, "neither collected for, nor given, nor served by code")
    }));
    said
}

/// Permits below others of the same recipient.
fn repeated_permits(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for permits in notice.recipients.iter().filter_map(|recipient| recipient.may_receive.as_ref()) {
        for (at, permit) in permits.iter().enumerate() {
            let covers = |(other, known): &(usize, &crate::notice::Permit)| {
                let same = taxonomy.is_within(known.category, permit.category);
                let forms = known.forms.is_empty()
                    || (!permit.forms.is_empty()
                        && permit.forms.iter().all(|form| known.forms.contains(form)));
                *other != at
                    && taxonomy.is_within(permit.category, known.category)
                    && forms
                    && (!same || known.forms != permit.forms || *other < at)
            };
            if let Some((_, known)) = permits.iter().enumerate().find(covers) {
                let key = &taxonomy.get(permit.category).key;
                let found =
                    dead(format!("this permit of {key} adds nothing"), permit.span, "permitted already");
                said.push(beside(found, known.span, "by this"));
            }
        }
    }
    said
}

/// Rules that say word for word what another says of as many.
fn repeated_rules(notice: &Notice) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    for (at, rule) in notice.rules.iter().enumerate() {
        if let Some(known) = notice.rules[..at].iter().find(|known| says_as_much(known, rule)) {
            let found =
                dead(format!("this rule about {} adds nothing", rule.whom()), rule.span, "said already");
            said.push(beside(found, known.span, "by this rule"));
        }
    }
    said
}

fn says_as_much(known: &Rule, rule: &Rule) -> bool {
    let name = |rule: &Rule| rule.to.recipient.as_ref().map(|name| name.value.clone());
    let of = |rule: &Rule| rule.of.iter().map(crate::notice::PathPattern::text).collect::<Vec<_>>();
    let about = (known.of.is_empty() || of(known) == of(rule))
        && (known.to.role.is_none() || known.to.role == rule.to.role)
        && (name(known).is_none() || name(known) == name(rule));
    let what = |condition: &Option<crate::notice::Condition>| {
        condition.as_ref().map(|c| {
            let mut categories: Vec<CategoryId> = c.categories.iter().map(|c| c.value).collect();
            let mut forms = c.forms.clone();
            categories.sort_unstable();
            forms.sort_unstable();
            (categories, c.identifies, forms)
        })
    };
    let choices = |rule: &Rule| {
        let mut names: Vec<String> = rule.requires.iter().map(|name| name.value.clone()).collect();
        names.sort();
        names
    };
    about
        && what(&known.never) == what(&rule.never)
        && what(&known.only) == what(&rule.only)
        && choices(known) == choices(rule)
}

/// Grants so broad that nearly everything is covered.
fn root_terms(notice: &Notice, taxonomy: &Taxonomy) -> Vec<Diagnostic> {
    let is_root = |category: CategoryId| taxonomy.parent(category).is_none();
    let mut said = Vec::new();
    for recipient in &notice.recipients {
        let permits = recipient.may_receive.iter().flatten().filter(|permit| is_root(permit.category));
        let name = &recipient.name;
        said.extend(
            permits
                .map(|permit| root(format!("`{}` may receive data of every kind", name.value), permit.span)),
        );
        if recipient.may_receive.is_none()
            && !judge::is_own_end(recipient.role)
            && recipient.role != Role::Authority
        {
            let message = format!("`{}` may receive data of every kind", name.value);
            said.push(root(message, name.span).help("say what it gets with `may-receive = […]`"));
        }
    }
    let collected = notice.collects.iter().flat_map(|c| &c.categories).filter(|c| is_root(c.value));
    said.extend(collected.map(|c| root("data of every kind is said to be collected".to_owned(), c.span)));
    for purpose in &notice.purposes {
        if let Some(data_use) = purpose.data_use.as_ref().filter(|u| !u.value.contains('.')) {
            let message = format!("the purpose `{}` is as broad as `{}`", purpose.name.value, data_use.value);
            said.push(root(message, data_use.span));
        }
    }
    said
}

fn dead(message: String, span: Span, why: &str) -> Diagnostic {
    Diagnostic::warning(message, Some(span)).labelled(why)
}

fn root(message: String, span: Span) -> Diagnostic {
    Diagnostic::warning(message, Some(span)).labelled("a root term, which says little")
}

fn beside(mut found: Diagnostic, span: Span, text: &str) -> Diagnostic {
    found.labels.push(Label { span, kind: LabelKind::Rule, text: text.to_owned() });
    found
}
