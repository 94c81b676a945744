//! A choice that is owed before data goes somewhere, or before something is done, and that was not asked on some way:
//! each lint of this kind takes what is its own to report, as `judge` decides. Knows what was not asked and the notice.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{DataMap, Datum, Flow, NoticeId, Owing, Unasked};
use crate::diagnostic::{Diagnostic, Label, LabelKind, Subject};
use crate::judge::{self, choice};
use crate::notice::{Choice, Notice, PathPattern, Recipient};

/// What is told of one choice that was not asked.
pub(super) struct Missed<'a> {
    pub(super) choice: &'a Choice,
    /// Whom it is owed for, as a message calls it.
    pub(super) whom: String,
    /// The data, as a message names them; empty where the call alone owes.
    data: String,
}

impl Missed<'_> {
    /// The data behind a colon.
    pub(super) fn names(&self) -> String {
        if self.data.is_empty() { String::new() } else { format!(": {}", self.data) }
    }

    /// The name of the choice.
    pub(super) fn asked(&self) -> &str {
        &self.choice.name.value
    }
}

/// Reports what `lint` is to report, in the words of `message`.
pub(super) fn check(
    map: &DataMap,
    lint: &Lint,
    message: fn(&Missed<'_>) -> String,
    out: &mut Vec<Diagnostic>,
) {
    let mut told: Vec<(&Unasked, String)> = Vec::new();
    for unasked in &map.unasked {
        let notice = map.notice(unasked.notice);
        let Some(choice) = unasked.choices.first().and_then(|at| notice.choices.get(*at)) else { continue };
        match &unasked.owing {
            Owing::Flow(at) => {
                let Some(flow) = map.flows.get(*at) else { continue };
                let (_, role) = judge::end_of(notice, flow);
                let whom = map.recipient(flow).to_owned();
                let is_told = |(other, known): &(&Unasked, String)| {
                    other.span == unasked.span && other.choices == unasked.choices && *known == whom
                };
                if choice::reported_by(role, choice.kind) == lint.name && !told.iter().any(is_told) {
                    let flows = alike(map, unasked, &whom);
                    out.push(of_flows(map, lint, unasked, choice, &flows, message));
                    told.push((unasked, whom));
                }
            }
            Owing::Call { call, recipient, .. } => {
                let Some(known) = notice.recipients.get(*recipient) else { continue };
                if choice::reported_by(Some(known.role), choice.kind) == lint.name {
                    out.push(of_call(map, lint, unasked, choice, (call, known), message));
                }
            }
            Owing::Cookie(_) | Owing::Linking(_) => {}
        }
    }
}

/// The flows to one recipient for which one call owes the same choice.
fn alike<'a>(map: &'a DataMap, unasked: &Unasked, whom: &str) -> Vec<&'a Flow> {
    let from = map.unasked.partition_point(|other| other.span < unasked.span);
    let same = map.unasked[from..].iter().take_while(|other| other.span == unasked.span);
    let flows = same.filter(|other| other.choices == unasked.choices).filter_map(|other| match other.owing {
        Owing::Flow(at) => map.flows.get(at),
        _ => None,
    });
    flows.filter(|flow| map.recipient(flow) == whom).collect()
}

fn of_flows(
    map: &DataMap,
    lint: &Lint,
    unasked: &Unasked,
    choice: &Choice,
    flows: &[&Flow],
    message: fn(&Missed<'_>) -> String,
) -> Diagnostic {
    let flow = flows[0];
    let mut data: Vec<&Datum> = Vec::new();
    for datum in flows.iter().flat_map(|flow| &flow.data) {
        if !data.iter().any(|known| known.category == datum.category && known.path == datum.path) {
            data.push(datum);
        }
    }
    let missed =
        Missed { choice, whom: format!("`{}`", map.recipient(flow)), data: report::names(map, &data) };
    let required = choice::required(map.notice(flow.notice), flow);
    let found = report::bare(map, lint, flow, &data, message(&missed), cite(unasked, &required));
    let mut found = on_the_way(found, unasked, format!("this call owes the choice `{}`", choice.name.value));
    for other in flows[1..].iter().filter(|other| other.sink != flow.sink) {
        let text = format!("and goes to `{}` here", map.recipient(flow));
        found.labels.insert(1, Label { span: other.sink, kind: LabelKind::Other, text });
        found.way.push(other.sink);
    }
    remedies(found, choice)
}

/// A flow's finding stands where the choice is owed, which may be a call on the way to the sink.
pub(super) fn on_the_way(mut found: Diagnostic, unasked: &Unasked, owes: String) -> Diagnostic {
    let Some(sink) = found.primary.filter(|sink| *sink != unasked.span) else { return found };
    let arrives = std::mem::replace(&mut found.primary_label, owes);
    found.labels.insert(0, Label { span: sink, kind: LabelKind::Other, text: arrives });
    found.way.push(sink);
    found.primary = Some(unasked.span);
    if let (Some(subject), Some(item)) = (&mut found.subject, &unasked.item) {
        subject.item.clone_from(item);
    }
    found
}

fn of_call(
    map: &DataMap,
    lint: &Lint,
    unasked: &Unasked,
    choice: &Choice,
    (call, recipient): (&str, &Recipient),
    message: fn(&Missed<'_>) -> String,
) -> Diagnostic {
    let whom = format!("`{}`", recipient.name.value);
    let missed = Missed { choice, whom, data: String::new() };
    let mut found = report::on(lint, message(&missed), unasked.span)
        .labelled(format!("`{call}` owes the choice `{}`", choice.name.value));
    found.subject = Some(Subject {
        item: unasked.item.clone().unwrap_or_default(),
        categories: Vec::new(),
        recipient: recipient.name.value.clone(),
    });
    let notice = map.notice(unasked.notice);
    let at = notice.recipients.iter().position(|known| known == recipient);
    let required = at.map_or_else(Vec::new, |at| choice::of_recipient(notice, at));
    if let Some(cite) = cite(unasked, &required) {
        report::quote(&mut found, cite);
    }
    if let Owing::Call { place, .. } = unasked.owing {
        found = moved(found, place, unasked);
    }
    remedies(found, choice)
}

/// The call that the notice names, where its callers owe what it needs.
fn moved(mut found: Diagnostic, place: crate::source::Span, unasked: &Unasked) -> Diagnostic {
    if place != unasked.span {
        let text = "the notice names this call".to_owned();
        found.labels.insert(0, Label { span: place, kind: LabelKind::Other, text });
        found.way.push(place);
    }
    found
}

/// The entry that requires the choice.
fn cite(unasked: &Unasked, required: &[choice::Required<'_>]) -> Option<Citation> {
    let at = required.iter().find(|required| unasked.choices.contains(&required.choice))?;
    let label = "the notice requires this choice".to_owned();
    Some(Citation { rule: at.span, label, promise: at.promise.cloned() })
}

/// Ask, do without, or say that it is asked elsewhere.
fn remedies(found: Diagnostic, choice: &Choice) -> Diagnostic {
    let found = found.help(ask(choice));
    found
        .help("stop it: leave the call out where nobody was asked")
        .help(format!(
            "declare it: if it is asked in another way, name that way in the `checked-by` of the `[[choice]]` {:?}",
            choice.name.value
        ))
        .help(report::reclassify())
}

/// How a choice is asked, in words.
fn ask(choice: &Choice) -> String {
    let listed = |paths: &[PathPattern]| {
        paths.iter().map(|path| format!("`{}`", path.text())).collect::<Vec<_>>().join(" or ")
    };
    if choice.checked_by.is_empty() {
        return format!("ask it: return before this call where {} holds", listed(&choice.refused_by));
    }
    format!("ask it: make this call only where {} holds, for the same person", listed(&choice.checked_by))
}

/// Choices as a list of their names.
pub(super) fn listed(notice: &Notice, choices: &[usize]) -> String {
    let names = choices.iter().filter_map(|at| notice.choices.get(*at));
    names.map(|choice| format!("`{}`", choice.name.value)).collect::<Vec<_>>().join(", ")
}

/// The notice's choices of which one should have been asked, in words for a help.
pub(super) fn any_of(map: &DataMap, notice: NoticeId, choices: &[usize]) -> String {
    let listed = listed(map.notice(notice), choices);
    if choices.len() == 1 { format!("the choice {listed}") } else { format!("one of the choices {listed}") }
}
