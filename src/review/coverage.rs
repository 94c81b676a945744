//! `notice coverage`: each promise with the lints that check it, the flows that touch it and the code that keeps it; what
//! cannot be checked in source is listed as such. A view of the data map, which finds nothing of its own.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::{Done, Options, sections};
use crate::check::{self, Analysis, Outcome};
use crate::datamap::{Flow, NoticeId};
use crate::emit::{self, Format};
use crate::judge::{self, choice};
use crate::lints::{self, LINTS, Lint};
use crate::notice::{Choice, ChoiceKind, Kind, Named, Notice, Role, Spanned, Statement};
use crate::source::{SourceMap, Span};

/// How many places that keep a promise are named.
const KEPT: usize = 3;

/// One promise: a sentence, or an entry that quotes none.
#[derive(Serialize)]
struct Promise {
    section: Option<String>,
    promise: Option<String>,
    entries: Vec<String>,
    checked_by: Vec<&'static str>,
    flows: usize,
    at_fault: usize,
    kept_by: Vec<String>,
    not_checkable: Option<String>,
}

/// All that is said of one notice.
#[derive(Serialize)]
struct Coverage {
    notice: String,
    promises: Vec<Promise>,
    unstated: Vec<String>,
}

pub(super) fn run(
    options: &Options,
    check: &check::Options,
    watch: &dyn check::Watch,
    sources: &mut SourceMap,
    out: &mut dyn Write,
) -> io::Result<Done> {
    let checked = match check::in_pool(|| check::analyse(check, watch, sources, &check::Overlay::new()))? {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    watch.done();
    let selected = checked.discovered.packages.iter().zip(&checked.map.packages).filter(|(p, _)| p.selected);
    let notices: BTreeSet<NoticeId> = selected.map(|(_, package)| package.notice).collect();
    let notices = notices.iter().map(|id| checked.map.notice(*id));
    let all: Vec<Coverage> =
        notices.map(|notice| coverage(&checked, notice, sources, &options.cwd)).collect();
    if options.format == Format::Human {
        all.iter().try_for_each(|coverage| show(coverage, out))?;
    } else {
        serde_json::to_writer_pretty(&mut *out, &all)?;
        writeln!(out)?;
    }
    std::mem::forget(checked);
    Ok(Ok(Outcome::Clean))
}

fn coverage(checked: &Analysis, notice: &Notice, sources: &SourceMap, cwd: &Path) -> Coverage {
    let mut promises: Vec<(Promise, Option<Span>)> = Vec::new();
    for statement in notice.statements() {
        let found = look(checked, notice, &statement, sources, cwd);
        let same = |known: &&mut (Promise, Option<Span>)| {
            found.promise.is_some() && known.0.promise == found.promise
        };
        match promises.iter_mut().find(same) {
            Some((known, _)) => merge(known, found),
            None => promises.push((found, statement.promise.and_then(|promise| promise.in_prose))),
        }
    }
    // In the order of the published text; what quotes none of it comes last.
    promises.sort_by_key(|(_, place)| (place.is_none(), *place));
    let unstated = sections::unstated(notice, sources);
    let place = |span: &Span| {
        let line = sources.file(span.file).position(span.lo).line;
        let words = sources.text(*span).split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}:{line}: {words}", emit::shown_path(sources.path(span.file), cwd))
    };
    Coverage {
        notice: emit::shown_path(sources.path(notice.file), cwd),
        promises: promises.into_iter().map(|(promise, _)| promise).collect(),
        unstated: unstated.sentences.iter().map(place).collect(),
    }
}

/// What is known of one entry.
fn look(
    checked: &Analysis,
    notice: &Notice,
    statement: &Statement<'_>,
    sources: &SourceMap,
    cwd: &Path,
) -> Promise {
    let map = &checked.map;
    let flows: Vec<&Flow> = map
        .flows
        .iter()
        .filter(|flow| std::ptr::eq(map.notice(flow.notice), notice) && judge::touches(map, flow, statement))
        .collect();
    let is_at_fault =
        |flow: &&&Flow| checked.findings.iter().any(|finding| finding.diagnostic.primary == Some(flow.sink));
    let at_fault = flows.iter().filter(is_at_fault).count();
    let kept = flows.iter().filter(|flow| !is_at_fault(flow)).map(|flow| flow.item.clone());
    let line = sources.file(statement.span.file).position(statement.span.lo).line;
    let place = format!("{}:{line}", emit::shown_path(sources.path(statement.span.file), cwd));
    let name = if statement.name.is_empty() { String::new() } else { format!(" {}", statement.name) };
    let not_checkable = (statement.kind == Kind::Unchecked).then(|| statement.name.clone());
    let entry = if not_checkable.is_some() { String::new() } else { name };
    Promise {
        section: statement.promise.and_then(|p| p.in_prose).and_then(|span| sections::heading(sources, span)),
        promise: statement.promise.map(|promise| promise.text.clone()),
        entries: vec![format!("{}{entry} ({place})", statement.kind.name())],
        checked_by: LINTS
            .iter()
            .filter(|lint| is_about(lint, notice, statement))
            .map(|lint| lint.name)
            .collect(),
        flows: flows.len(),
        at_fault,
        kept_by: unique(checks_of(notice, statement).into_iter().chain(kept)),
        not_checkable,
    }
}

fn merge(known: &mut Promise, other: Promise) {
    known.entries.extend(other.entries);
    known.checked_by.extend(other.checked_by);
    known.checked_by.sort_by_key(|name| LINTS.iter().position(|lint| lint.name == *name));
    known.checked_by.dedup();
    known.flows = known.flows.max(other.flows);
    known.at_fault = known.at_fault.max(other.at_fault);
    known.kept_by = unique(known.kept_by.drain(..).chain(other.kept_by));
    known.not_checkable = known.not_checkable.take().or(other.not_checkable);
}

fn unique(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Whether a lint's page says that it checks a part that the entry has, for one of the roles that the entry is about.
fn is_about(lint: &Lint, notice: &Notice, statement: &Statement<'_>) -> bool {
    if statement.kind == Kind::Checked {
        let by = &notice.checked[statement.index].by;
        return by.iter().any(|name| lints::find(&name.value).is_some_and(|found| found.name == lint.name));
    }
    let (parts, roles) = (lint.head("checks"), lint.head("roles"));
    let about = roles_of(notice, statement);
    let role = roles.is_empty()
        || about.is_empty()
        || about.iter().any(|role| roles.iter().any(|known| known == role.name()));
    let (kinds, asked) = (lint.head("choices"), kinds_of(notice, statement));
    let kind = kinds.is_empty()
        || asked.is_empty()
        || asked.iter().any(|kind| kinds.iter().any(|known| known == kind.word()));
    role && kind && parts_of(notice, statement).iter().any(|part| parts.iter().any(|known| known == part))
}

/// The parts of an entry that state something, as pages name them.
fn parts_of(notice: &Notice, statement: &Statement<'_>) -> Vec<&'static str> {
    let given =
        |parts: &[(&'static str, bool)]| parts.iter().filter(|(_, is)| *is).map(|(part, _)| *part).collect();
    match statement.kind {
        Kind::Collect => {
            let entry = &notice.collects[statement.index];
            given(&[("collect.categories", true), ("collect.for", !entry.purposes.is_empty())])
        }
        Kind::Purpose => given(&[("purpose.code", !notice.purposes[statement.index].code.is_empty())]),
        Kind::Cookie => {
            let is_optional = !notice.cookies[statement.index].essential;
            given(&[("cookie", true), ("cookie.optional", is_optional)])
        }
        Kind::Recipient => {
            let entry = &notice.recipients[statement.index];
            given(&[
                ("recipient.may-receive", true),
                ("recipient.for", !entry.purposes.is_empty()),
                ("recipient.requires", !entry.requires.is_empty()),
                ("recipient.together-with", !entry.together_with.is_empty()),
                ("recipient.addressed-by", entry.addressed_by.is_some()),
                ("recipient.follows-notice", entry.role == Role::Subsidiary),
            ])
        }
        Kind::Choice => {
            let asked = &notice.choices[statement.index];
            let is_named = |cookie: &crate::notice::Cookie| names(&cookie.requires, asked);
            let open = choice::serves_by_kind(notice, asked.kind) && asked.kind != ChoiceKind::Identity;
            let for_cookies = notice.cookies.iter().any(is_named) || open;
            let is_required = asked.kind == ChoiceKind::Identity
                || notice.recipients.iter().any(|recipient| names(&recipient.requires, asked))
                || notice.rules.iter().any(|rule| names(&rule.requires, asked));
            given(&[("choice", is_required), ("cookie.optional", for_cookies)])
        }
        Kind::Erasure => vec!["erasure"],
        Kind::Access => vec!["access"],
        Kind::Rule => {
            let entry = &notice.rules[statement.index];
            given(&[
                ("rule.never", entry.never.is_some()),
                ("rule.only", entry.only.is_some()),
                ("rule.requires", !entry.requires.is_empty()),
            ])
        }
        Kind::Checked | Kind::Unchecked => Vec::new(),
    }
}

/// Whether a choice is among those that an entry requires.
fn names(requires: &[Spanned<String>], choice: &Choice) -> bool {
    requires.iter().any(|name| name.value == choice.name.value)
}

/// The kinds of the choices that an entry requires, or is.
fn kinds_of(notice: &Notice, statement: &Statement<'_>) -> Vec<ChoiceKind> {
    let names = match statement.kind {
        Kind::Recipient => &notice.recipients[statement.index].requires,
        Kind::Rule => &notice.rules[statement.index].requires,
        Kind::Choice => return vec![notice.choices[statement.index].kind],
        _ => return Vec::new(),
    };
    let found = names.iter().filter_map(|name| notice.choices.iter().find(|c| c.name.value == name.value));
    found.map(|choice| choice.kind).collect()
}

/// The roles that an entry is about; none where it is about all.
fn roles_of(notice: &Notice, statement: &Statement<'_>) -> Vec<Role> {
    let of_rule = |rule: &crate::notice::Rule| {
        let named = rule.to.recipient.as_ref();
        let named = named.and_then(|name| notice.recipients.iter().find(|r| r.name.value == name.value));
        rule.to.role.or(named.map(|recipient| recipient.role))
    };
    match statement.kind {
        Kind::Recipient => vec![notice.recipients[statement.index].role],
        Kind::Rule => of_rule(&notice.rules[statement.index]).into_iter().collect(),
        Kind::Choice => {
            let choice = &notice.choices[statement.index];
            let recipients = notice.recipients.iter().filter(|r| names(&r.requires, choice)).map(|r| r.role);
            let rules = notice.rules.iter().filter(|r| names(&r.requires, choice)).filter_map(of_rule);
            recipients.chain(rules).collect()
        }
        _ => Vec::new(),
    }
}

/// The code that an entry itself names as keeping it.
fn checks_of(notice: &Notice, statement: &Statement<'_>) -> Vec<String> {
    let paths = match statement.kind {
        Kind::Choice => &notice.choices[statement.index].checked_by,
        Kind::Erasure => &notice.erasures[statement.index].root,
        Kind::Access => &notice.accesses[statement.index].root,
        _ => return Vec::new(),
    };
    paths.iter().map(crate::notice::PathPattern::text).collect()
}

fn show(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    let (beyond, checkable): (Vec<_>, Vec<_>) =
        coverage.promises.iter().partition(|promise| promise.not_checkable.is_some());
    writeln!(out, "{}", emit::one_line(&coverage.notice))?;
    let mut section: Option<&Option<String>> = None;
    for promise in &checkable {
        if section != Some(&promise.section) {
            let title = promise.section.as_deref().unwrap_or("quoting no published sentence");
            writeln!(out, "\n{}", emit::one_line(title))?;
            section = Some(&promise.section);
        }
        tell(promise, out)?;
    }
    if !beyond.is_empty() {
        writeln!(out, "\nnot checkable in source")?;
        for promise in &beyond {
            let text = promise.promise.as_deref().unwrap_or_default();
            let reason = promise.not_checkable.as_deref().unwrap_or_default();
            writeln!(out, "  \"{}\"\n      {}", emit::one_line(text), emit::one_line(reason))?;
        }
    }
    if !coverage.unstated.is_empty() {
        writeln!(out, "\nstated by no entry")?;
        coverage.unstated.iter().try_for_each(|line| writeln!(out, "  {}", emit::one_line(line)))?;
    }
    let checked = checkable.iter().filter(|promise| !promise.checked_by.is_empty()).count();
    writeln!(
        out,
        "\n{checked} of {} promises are checked, {} cannot be checked in source; sentences stated by no entry: {}",
        coverage.promises.len(),
        beyond.len(),
        coverage.unstated.len()
    )
}

fn tell(promise: &Promise, out: &mut dyn Write) -> io::Result<()> {
    match &promise.promise {
        Some(text) => writeln!(out, "  \"{}\"", emit::one_line(text))?,
        None => writeln!(out, "  {}", emit::one_line(&promise.entries.join(", ")))?,
    }
    if promise.promise.is_some() {
        writeln!(out, "      stated in   {}", emit::one_line(&promise.entries.join(", ")))?;
    }
    let lints =
        if promise.checked_by.is_empty() { "nothing".to_owned() } else { promise.checked_by.join(", ") };
    writeln!(out, "      checked by  {lints}")?;
    if promise.flows > 0 {
        let faults =
            if promise.at_fault > 0 { format!(", {} at fault", promise.at_fault) } else { String::new() };
        let flows = if promise.flows == 1 { "flow" } else { "flows" };
        writeln!(out, "      touched by  {} {flows}{faults}", promise.flows)?;
    }
    if !promise.kept_by.is_empty() {
        let rest = promise.kept_by.len().saturating_sub(KEPT);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let kept = promise.kept_by[..promise.kept_by.len().min(KEPT)].join(", ");
        writeln!(out, "      kept by     {}{more}", emit::one_line(&kept))?;
    }
    Ok(())
}
