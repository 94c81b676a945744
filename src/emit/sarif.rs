//! SARIF 2.1.0, for code scanning: the registry as rules, each finding with the way of its data as code flows, and
//! fingerprints that hold when lines move. What no lint stands for is said of the run, not of the code.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Emission, Finding, code, json, level, place};
use crate::diagnostic::{Diagnostic, Fix, Label, LabelKind, Level};
use crate::lints::{LINTS, Lint, LintLevel};
use crate::source::Span;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to.
const ROOT: &str = "%SRCROOT%";

/// Writes one log with one run.
pub(super) fn write(emission: &Emission<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (of_code, of_run): (Vec<_>, Vec<_>) =
        emission.findings.iter().partition(|finding| finding.diagnostic.lint.is_some());
    let mut seen = BTreeMap::new();
    let results: Vec<Value> =
        of_code.into_iter().map(|finding| result(emission, finding, &mut seen)).collect();
    let notifications: Vec<Value> =
        of_run.iter().map(|finding| notification(emission, &finding.diagnostic)).collect();
    let is_done = of_run.iter().all(|finding| finding.diagnostic.level != Level::Error);
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver() },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { ROOT: { "uri": format!("{}/", place::uri(emission.cwd)) } },
            "invocations": [{ "executionSuccessful": is_done, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    });
    json::put(&log, out)
}

fn driver() -> Value {
    let rules: Vec<Value> = LINTS.iter().map(|lint| rule(lint)).collect();
    json!({
        "name": "cargo-privacy",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    })
}

fn rule(lint: &Lint) -> Value {
    let uri = format!("{}/blob/main/lints/{}.md", env!("CARGO_PKG_REPOSITORY"), lint.name);
    let level = lint.level.diagnostic().map_or("none", level);
    json!({
        "id": format!("privacy::{}", lint.name),
        "name": lint.name,
        "shortDescription": { "text": lint.summary() },
        "fullDescription": { "text": lint.section("What") },
        "help": { "text": lint.text(), "markdown": lint.text() },
        "helpUri": uri,
        "defaultConfiguration": { "level": level, "enabled": lint.level != LintLevel::Allow },
        "properties": { "tags": ["privacy", lint.group.name()] },
    })
}

fn result(emission: &Emission<'_>, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> Value {
    let diagnostic = &finding.diagnostic;
    let fingerprint = fingerprint(emission, diagnostic);
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    let mut result = json!({
        "ruleId": code(diagnostic),
        "ruleIndex": LINTS.iter().position(|lint| Some(lint.name) == diagnostic.lint),
        "level": level(diagnostic.level),
        "message": { "text": message(emission, diagnostic) },
        "locations": locations(emission, diagnostic),
        "partialFingerprints": { "cargoPrivacy/v1": format!("{fingerprint}:{count}") },
    });
    let parts = [
        ("relatedLocations", related(emission, diagnostic)),
        ("codeFlows", ways(emission, diagnostic)),
        ("fixes", diagnostic.fixes.iter().map(|fix| mend(emission, fix)).collect()),
    ];
    for (key, values) in parts.into_iter().filter(|(_, values)| !values.is_empty()) {
        result[key] = Value::Array(values);
    }
    result
}

fn notification(emission: &Emission<'_>, diagnostic: &Diagnostic) -> Value {
    json!({
        "level": level(diagnostic.level),
        "message": { "text": message(emission, diagnostic) },
        "locations": locations(emission, diagnostic),
    })
}

/// The message with all that has no place of its own: viewers show nothing else of it.
fn message(emission: &Emission<'_>, diagnostic: &Diagnostic) -> String {
    let built_in = diagnostic.labels.iter().filter(|label| !place::exists(emission.sources, label.span));
    let quoted = built_in.map(|label| format!("note: {}", place::quote(emission, label)));
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let helps = diagnostic.helps.iter().map(|help| format!("help: {help}"));
    let lines = std::iter::once(diagnostic.message.clone()).chain(notes).chain(quoted).chain(helps);
    lines.collect::<Vec<_>>().join("\n")
}

fn locations(emission: &Emission<'_>, diagnostic: &Diagnostic) -> Vec<Value> {
    let primary = diagnostic.primary.filter(|span| place::exists(emission.sources, *span));
    primary.into_iter().map(|span| location(emission, span, &diagnostic.primary_label)).collect()
}

/// Declarations, rules and sentences: what belongs to a finding and is no part of the way.
fn related(emission: &Emission<'_>, diagnostic: &Diagnostic) -> Vec<Value> {
    let is_way = |label: &&Label| matches!(label.kind, LabelKind::Source | LabelKind::Step);
    let others = diagnostic.labels.iter().filter(|label| !is_way(label));
    let others = others.filter(|label| place::exists(emission.sources, label.span));
    let numbered = others.enumerate().map(|(id, label)| {
        let mut location = location(emission, label.span, &label.text);
        location["id"] = json!(id);
        location
    });
    numbered.collect()
}

/// One flow for each source, from there by its steps to the sink.
fn ways(emission: &Emission<'_>, diagnostic: &Diagnostic) -> Vec<Value> {
    let Some(sink) = diagnostic.primary else { return Vec::new() };
    let sink = location(emission, sink, &diagnostic.primary_label);
    let mut ways: Vec<Vec<Value>> = Vec::new();
    for label in &diagnostic.labels {
        match (label.kind, ways.last_mut()) {
            (LabelKind::Source, _) => ways.push(vec![location(emission, label.span, &label.text)]),
            (LabelKind::Step, Some(way)) => way.push(location(emission, label.span, &label.text)),
            _ => {}
        }
    }
    let flow = |mut way: Vec<Value>| {
        way.push(sink.clone());
        let stops: Vec<Value> = way.into_iter().map(|stop| json!({ "location": stop })).collect();
        json!({ "threadFlows": [{ "locations": stops }] })
    };
    ways.into_iter().map(flow).collect()
}

fn mend(emission: &Emission<'_>, fix: &Fix) -> Value {
    let mut by_file: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    for (span, text) in &fix.edits {
        let change = json!({ "deletedRegion": region(emission, *span), "insertedContent": { "text": text } });
        by_file.entry(span.file).or_default().push(change);
    }
    let changes: Vec<Value> = by_file
        .into_iter()
        .map(|(file, replacements)| {
            let artifact = artifact(emission, Span::new(file, 0, 0));
            json!({ "artifactLocation": artifact, "replacements": replacements })
        })
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn location(emission: &Emission<'_>, span: Span, text: &str) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(emission, span),
            "region": region(emission, span),
        },
    });
    if !text.is_empty() {
        location["message"] = json!({ "text": text });
    }
    location
}

fn artifact(emission: &Emission<'_>, span: Span) -> Value {
    let shown = place::path(emission.sources.path(span.file), emission.cwd);
    if shown.starts_with('/') || place::is_virtual(emission.sources.path(span.file)) {
        return json!({ "uri": place::uri(shown.as_ref()) });
    }
    json!({ "uri": place::uri(shown.as_ref()), "uriBaseId": ROOT })
}

fn region(emission: &Emission<'_>, span: Span) -> Value {
    let file = emission.sources.file(span.file);
    let range = place::clamp(emission.sources, span);
    let (start, end) = (place::position(file, range.start), place::position(file, range.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A hash of the lint, the file, what is said and the code it is said of, but not of where in the file that stands.
fn fingerprint(emission: &Emission<'_>, diagnostic: &Diagnostic) -> String {
    let lint = diagnostic.lint.unwrap_or_default();
    let (path, text) = diagnostic.primary.map_or_else(Default::default, |span| {
        let path = place::path(emission.sources.path(span.file), emission.cwd);
        let words = emission.sources.file(span.file).text()[place::clamp(emission.sources, span)]
            .split_whitespace()
            .collect::<Vec<_>>();
        (path, words.join(" "))
    });
    let whole = [lint, &path, &diagnostic.message, &text].join("\0");
    format!(
        "{:016x}",
        whole.bytes().fold(FNV_START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
    )
}

/// FNV-1a: the same on every machine and in every version, which no hasher of the standard library promises.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;
