//! How a flow is told: one finding for the data that meet at one sink, its labels in the order in which they are to
//! be read. Takes spans from the data map alone; decides nothing about right and wrong.

use super::Lint;
use crate::datamap::{Approximation, Basis, Channel, DataMap, Datum, Flow, Recipient};
use crate::diagnostic::{Diagnostic, Label, LabelKind, Level, Remedy, Subject};
use crate::judge;
use crate::judge::class::{self, Class};
use crate::notice::{Form, Promise};
use crate::source::Span;
use crate::taxonomy::Sensitivity;

/// How many data a message names; the rest is counted.
const NAMED: usize = 4;
/// How many steps of one datum are shown.
const STEPS: usize = 8;

/// The entry of the notice that a finding goes by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Citation {
    /// The rule's or the recipient's place in the notice file.
    pub(crate) rule: Span,
    /// What is said there.
    pub(crate) label: String,
    /// The sentence behind it.
    pub(crate) promise: Option<Promise>,
}

/// A finding on a flow, with the three remedies that every flow has: declare it, stop it, reclassify it.
pub(crate) fn finding(
    map: &DataMap,
    lint: &Lint,
    flow: &Flow,
    data: &[&Datum],
    message: String,
    cite: Option<Citation>,
) -> Diagnostic {
    let mut out = bare(map, lint, flow, data, message, cite);
    if matches!(flow.channel, Channel::Log | Channel::Error | Channel::Metrics | Channel::CrashReport) {
        let ways = data.iter().map(|datum| read(datum).collect()).collect();
        out.remedy = Some(Remedy::Withhold { call: flow.sink_name.clone(), ways });
    }
    out.help(declare(map, flow, data)).help(stop(flow)).help(reclassify())
}

/// A finding on a flow whose lint has remedies of its own.
pub(crate) fn bare(
    map: &DataMap,
    lint: &Lint,
    flow: &Flow,
    data: &[&Datum],
    message: String,
    cite: Option<Citation>,
) -> Diagnostic {
    let mut out = on(lint, message, flow.sink).labelled(arrives(map, flow, data));
    out.subject = Some(subject(map, flow, data));
    out.way = data.iter().flat_map(|datum| way(datum)).collect();
    let mut tale = Tale { map, sink: flow.sink, labels: Vec::new(), steps: 0, left_out: 0 };
    data.iter().for_each(|datum| tale.tell(datum));
    out.labels = tale.labels;
    if tale.left_out > 0 {
        out.notes.push(format!("{} in between left out", count(tale.left_out, "step", "steps")));
    }
    if let Some(cite) = cite {
        quote(&mut out, cite);
    }
    out.notes.extend(reasons(map, data));
    out.notes
        .extend(approximations(data).into_iter().map(|a| format!("rests on an approximation: {}", a.name())));
    out
}

/// Says what kind of statement the notice makes of a disclosure, and shows the one that grants what another denies.
pub(crate) fn classified(
    mut out: Diagnostic,
    map: &DataMap,
    flow: &Flow,
    said: impl Iterator<Item = (impl std::borrow::Borrow<Datum>, judge::Verdict)>,
) -> Diagnostic {
    for (datum, verdict) in said {
        let Some(class) = class::of(map, flow, datum.borrow(), verdict) else { continue };
        if let Class::Ambiguous(span) = class
            && out.labels.iter().all(|label| label.span != span)
        {
            out.labels.push(Label { span, kind: LabelKind::Rule, text: "this grants it".to_owned() });
        }
        if !out.notes.iter().any(|note| note == class.words()) {
            out.notes.push(class.words().to_owned());
        }
    }
    out
}

/// All places that a datum comes by.
fn way(datum: &Datum) -> impl Iterator<Item = Span> + '_ {
    datum.declared.into_iter().chain(read(datum))
}

/// The same from its reading on.
fn read(datum: &Datum) -> impl Iterator<Item = Span> + '_ {
    std::iter::once(datum.source).chain(datum.steps.iter().map(|step| step.span))
}

/// What outlives the lines of a flow.
fn subject(map: &DataMap, flow: &Flow, data: &[&Datum]) -> Subject {
    let recipient = map.recipient(flow).to_owned();
    let mut categories: Vec<String> = keys(map, data).into_iter().map(str::to_owned).collect();
    categories.sort_unstable();
    Subject { item: flow.item.clone(), categories, recipient }
}

/// A finding of a lint at a place, with nothing else said yet.
pub(crate) fn on(lint: &Lint, message: String, primary: Span) -> Diagnostic {
    let level = lint.level.diagnostic().unwrap_or(Level::Warning);
    Diagnostic { lint: Some(lint.name), level, ..Diagnostic::error(message, Some(primary)) }
}

/// Passes on what was found under the name of a lint while a notice was loaded.
pub(crate) fn pass_on(map: &DataMap, lint: &Lint, out: &mut Vec<Diagnostic>) {
    out.extend(map.diagnostics.iter().filter(|found| found.lint == Some(lint.name)).cloned());
}

/// Categories and places of data, as a message names them: ``user.contact.email (`accounts::User::email`)``.
pub(crate) fn names(map: &DataMap, data: &[&Datum]) -> String {
    let phrases: Vec<_> = data.iter().map(|datum| phrase(map, datum)).collect();
    list(phrases.iter().map(String::as_str).zip(data.iter().map(|datum| datum.path.as_str())))
}

/// Categories and places as a list, each pair once.
pub(crate) fn list<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut all: Vec<String> = Vec::new();
    for (what, path) in pairs {
        let name = format!("{what} (`{path}`)");
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let rest = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let listed = all.join(", ");
    if rest == 0 { listed } else { format!("{listed} and {rest} more") }
}

/// Keys of categories as a list, the rest counted.
pub(crate) fn keys_listed(keys: &[String]) -> String {
    let listed = keys.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match keys.len().saturating_sub(NAMED) {
        0 => listed,
        rest => format!("{listed} and {rest} more"),
    }
}

/// Whether a datum opens something: a password, a token, a key.
pub(crate) fn is_credential(map: &DataMap, datum: &Datum) -> bool {
    map.taxonomy.get(datum.category).sensitivity == Sensitivity::Credential
}

/// Remedy: the notice allows it.
pub(crate) fn declare(map: &DataMap, flow: &Flow, data: &[&Datum]) -> String {
    let keys = keys(map, data).iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", ");
    let whom = match &flow.recipient {
        Recipient::Declared(index) => match map.notice(flow.notice).recipients.get(*index) {
            Some(known) => format!("its `[[recipient]]` {:?}", known.name.value),
            None => "its `[[recipient]]`".to_owned(),
        },
        Recipient::Undeclared { name, .. } => format!("a `[[recipient]]` for {name:?}"),
        Recipient::Unresolved(_) => "a `[[recipient]]` with these `calls` or `hosts`".to_owned(),
        Recipient::Own => match flow.channel {
            Channel::Log => "a `[[recipient]]` of role `log`".to_owned(),
            Channel::Metrics => "a `[[recipient]]` of role `metrics`".to_owned(),
            Channel::CrashReport => "a `[[recipient]]` of role `crash-report`".to_owned(),
            _ => format!("a `[[recipient]]` whose `calls` name `{}`", flow.sink_name),
        },
    };
    format!("declare it: if the notice means to allow this, give {whom} `may-receive = [{keys}]`")
}

/// Remedy: the value does not go there.
pub(crate) fn stop(flow: &Flow) -> String {
    let how = match flow.channel {
        Channel::Log => "log an opaque id, or a masked, keyed-hash, encrypted or aggregated form",
        Channel::Error => "let the error say what failed, and leave out for whom",
        Channel::Metrics => "use a label with few fixed values",
        Channel::CrashReport => "send an opaque id, or scrub the value before the report leaves",
        Channel::Network => "leave the value out, or send a form that the recipient may receive",
        Channel::Storage => "do not store the value, or store a protected form",
        Channel::Response => "leave the value out of the response",
        Channel::AdIdentifier => "draw the identifier at random",
    };
    format!("stop it: {how}")
}

/// Remedy: it is not what it seems.
pub(crate) fn reclassify() -> String {
    "reclassify it: if this is no such data, annotate the place with another category, or `none` and a reason"
        .to_owned()
}

/// Where no notice can allow it: the place of the first remedy, with why there is none.
pub(crate) fn undeclarable(why: &str) -> String {
    format!("declare it: a notice cannot allow this, as {why}")
}

/// Where it is not about what the data is: the finding is left, with a reason that others can read.
pub(crate) fn allow(lint: &Lint) -> String {
    format!(
        "reclassify it: if this is right as it is, say why: `// privacy: allow({}) reason: \"…\"`",
        lint.name
    )
}

/// The same for what is found in a file that has no such comments.
pub(crate) fn allow_all(lint: &Lint) -> String {
    let table = "`[package.metadata.privacy.lints]`";
    format!(
        "reclassify it: if this is right as it is, allow `{}` in {table}, with a comment that says why",
        lint.name
    )
}

/// A category with the form it arrives in, as a phrase.
fn phrase(map: &DataMap, datum: &Datum) -> String {
    let key = &map.taxonomy.get(datum.category).key;
    let form = match datum.form {
        Form::Clear => return key.clone(),
        Form::Hash => "hashed",
        Form::KeyedHash => "keyed-hash",
        Form::Encrypted => "encrypted",
        Form::Masked => "masked",
        Form::Aggregated => "aggregated",
    };
    format!("{form} {key}")
}

/// Keys of the categories, each once, in the order of the data.
fn keys<'a>(map: &'a DataMap, data: &[&Datum]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for datum in data {
        let key = map.taxonomy.get(datum.category).key.as_str();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn arrives(map: &DataMap, flow: &Flow, data: &[&Datum]) -> String {
    let keys = keys(map, data);
    let what =
        if keys.len() > NAMED { format!("data of {} categories", keys.len()) } else { keys.join(", ") };
    match &flow.recipient {
        Recipient::Declared(index) => match map.notice(flow.notice).recipients.get(*index) {
            Some(known) => format!("{what} goes to `{}`", known.name.value),
            None => format!("{what} arrives here"),
        },
        Recipient::Undeclared { name, .. } => format!("{what} goes to `{name}`"),
        Recipient::Unresolved(seen) => format!("{what} goes to {seen}"),
        Recipient::Own => format!("{what} arrives here"),
    }
}

/// The broken sentence comes before the rule that states it.
pub(crate) fn quote(out: &mut Diagnostic, cite: Citation) {
    if let Some(promise) = cite.promise {
        match promise.in_prose {
            Some(span) => {
                let text = "the notice promises this".to_owned();
                out.labels.push(Label { span, kind: LabelKind::Prose, text });
            }
            None => out.notes.push(format!("the notice says: \"{}\"", promise.text)),
        }
    }
    out.labels.push(Label { span: cite.rule, kind: LabelKind::Rule, text: cite.label });
}

/// In words, why a place that nobody annotated counts as personal.
fn reasons(map: &DataMap, data: &[&Datum]) -> Vec<String> {
    let mut notes = Vec::new();
    for datum in data {
        let key = &map.taxonomy.get(datum.category).key;
        let note = match &datum.basis {
            Basis::Inferred { evidence, .. } => format!("`{}` looks like {key}: {evidence}", datum.path),
            Basis::Model(words) => format!("`{}` is {key}: {words}", datum.path),
            Basis::Annotated | Basis::Notice(_) => continue,
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

fn approximations(data: &[&Datum]) -> Vec<Approximation> {
    let mut all: Vec<_> = data.iter().flat_map(|datum| datum.approximations.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The labels of one finding while they are collected.
struct Tale<'a> {
    map: &'a DataMap,
    sink: Span,
    labels: Vec<Label>,
    steps: usize,
    left_out: usize,
}

impl Tale<'_> {
    fn tell(&mut self, datum: &Datum) {
        let key = &self.map.taxonomy.get(datum.category).key;
        self.source(datum.source, key);
        if let Some(declared) = datum.declared {
            let how = if matches!(datum.basis, Basis::Inferred { .. }) { "looks like" } else { "is" };
            self.add(declared, LabelKind::Declared, format!("declared: `{}` {how} {key}", datum.path));
        }
        if let Basis::Notice(entry) = datum.basis {
            self.add(entry, LabelKind::Other, format!("the notice makes it {key}"));
        }
        self.way(datum);
    }

    /// Several data that are read at one place (a whole `user`) share one label.
    fn source(&mut self, span: Span, key: &str) {
        let known = self.labels.iter_mut().find(|l| l.kind == LabelKind::Source && l.span == span);
        let Some(label) = known else {
            return self.add(span, LabelKind::Source, format!("source: {key}"));
        };
        let listed = label.text.trim_start_matches("source: ").split(", ");
        if !listed.into_iter().any(|known| known == key) {
            label.text = format!("{}, {key}", label.text);
        }
    }

    fn way(&mut self, datum: &Datum) {
        let mut steps: Vec<_> = datum.steps.iter().filter(|step| self.is_news(step.span, datum)).collect();
        steps.dedup_by_key(|step| step.span);
        if let Some(skipped @ 1..) = steps.len().checked_sub(STEPS) {
            steps.drain(STEPS / 2..STEPS / 2 + skipped);
            self.left_out += skipped;
        }
        for step in steps {
            if !self.is_told(step.span, &step.text) {
                self.steps += 1;
                self.add(step.span, LabelKind::Step, format!("step: {} {}", self.steps, step.text));
            }
        }
    }

    /// A step at the sink or at the source says nothing that the labels there do not say.
    fn is_news(&self, span: Span, datum: &Datum) -> bool {
        span != self.sink && span != datum.source && Some(span) != datum.declared
    }

    fn is_told(&self, span: Span, text: &str) -> bool {
        let same =
            |l: &Label| l.kind == LabelKind::Step && l.span == span && l.text.ends_with(&format!(" {text}"));
        self.labels.iter().any(same)
    }

    fn add(&mut self, span: Span, kind: LabelKind, text: String) {
        let label = Label { span, kind, text };
        if !self.labels.contains(&label) {
            self.labels.push(label);
        }
    }
}
