//! What a first run shows of a program that nobody annotated: what looks personal, where it goes, what is wrong whatever a
//! notice says, and what to do next. A view of the data map; finds nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{Analysis, Options};
use crate::datamap::{Channel, Flow, Recipient};
use crate::emit::{Finding, count, located, say};
use crate::label::Site;
use crate::lints;
use crate::recognise::Confidence;
use crate::source::SourceMap;

/// How many findings are printed in full.
pub(super) const IN_FULL: usize = 10;
/// How many places a line names.
const PLACES: usize = 2;

/// The findings in the order in which a first run prints them, and how many of them in full: all where they are few, and
/// otherwise only what is wrong whatever a notice says, which stands first.
pub(super) fn most_important(findings: &[Finding]) -> (Vec<Finding>, usize) {
    let (mut first, rest): (Vec<Finding>, Vec<Finding>) = findings.iter().cloned().partition(is_wrong_anyway);
    let wrong = first.len();
    first.extend(rest);
    let shown = if first.len() <= IN_FULL { first.len() } else { wrong.min(IN_FULL) };
    (first, shown)
}

fn is_wrong_anyway(finding: &Finding) -> bool {
    finding.diagnostic.lint.and_then(lints::find).is_some_and(lints::Lint::whatever_the_notice)
}

/// Writes the overview.
pub(super) fn write(
    options: &Options,
    analysis: &Analysis,
    sources: &SourceMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    let overview = Overview { options, analysis, sources };
    overview.data(out)?;
    overview.recipients(out)?;
    overview.wrong(out)?;
    overview.next(out)
}

struct Overview<'a> {
    options: &'a Options,
    analysis: &'a Analysis,
    sources: &'a SourceMap,
}

/// Flows to one recipient.
#[derive(Default)]
struct Received<'a> {
    categories: BTreeSet<&'a str>,
    flows: Vec<&'a Flow>,
}

impl<'a> Overview<'a> {
    /// By type and confidence, the most frequent first.
    fn data(&self, out: &mut dyn Write) -> io::Result<()> {
        say(out, "What looks personal, by names and types, as nothing is annotated:")?;
        let mut types: BTreeMap<&str, [Vec<&str>; 3]> = BTreeMap::new();
        // The field of a type says more than a parameter of some `new`.
        let all = &self.analysis.proposals;
        let (fields, others): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.site == Site::Field);
        for proposal in fields.into_iter().chain(others) {
            let key = self.analysis.map.taxonomy.get(proposal.category).key.as_str();
            let places = &mut types.entry(key).or_default()[at(proposal.confidence)];
            if !places.contains(&proposal.path.as_str()) {
                places.push(&proposal.path);
            }
        }
        let mut sorted: Vec<_> = types.into_iter().collect();
        sorted.sort_by_key(|(key, places)| (std::cmp::Reverse(counted(places)), *key));
        let widest = sorted.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, places) in sorted.iter().filter(|(_, places)| counted(places) > 0) {
            let by_confidence: Vec<String> = ["high", "medium", "low"]
                .iter()
                .zip(places)
                .filter(|(_, places)| !places.is_empty())
                .map(|(word, places)| format!("{} {word}", places.len()))
                .collect();
            let named = named(places);
            let by_confidence = by_confidence.join(", ");
            say(
                out,
                &format!(
                    "  {key:<widest$}  {by_confidence:<26}  {}",
                    listed(&named, places.iter().map(Vec::len).sum())
                ),
            )?;
        }
        if sorted.iter().all(|(_, places)| counted(places) == 0) {
            say(out, "  nothing")?;
        }
        let uncounted: BTreeSet<&str> =
            all.iter().filter(|one| !one.counts).map(|one| one.path.as_str()).collect();
        if !uncounted.is_empty() {
            let places = count(uncounted.len(), "place", "places");
            say(
                out,
                &format!("  {places} of these, all of low confidence among them, count only once annotated"),
            )?;
        }
        Ok(())
    }

    /// Third parties by name, then the program's own ends.
    fn recipients(&self, out: &mut dyn Write) -> io::Result<()> {
        let map = &self.analysis.map;
        let mut all: BTreeMap<(u8, String), Received<'a>> = BTreeMap::new();
        for flow in map.flows.iter().filter(|flow| self.is_reported(flow)) {
            let received = all.entry((rank(flow), self.whom(flow))).or_default();
            received
                .categories
                .extend(flow.data.iter().map(|datum| map.taxonomy.get(datum.category).key.as_str()));
            received.flows.push(flow);
        }
        writeln!(out)?;
        say(out, "Where it goes:")?;
        if all.is_empty() {
            say(out, "  nowhere that was seen")?;
        }
        for ((_, whom), received) in &all {
            let categories: Vec<&str> = received.categories.iter().copied().collect();
            let sinks = count(received.flows.len(), "place", "places");
            say(out, &format!("  {whom}, at {sinks}: {}", categories.join(", ")))?;
            let places: Vec<String> =
                received.flows.iter().take(PLACES).map(|flow| self.place(flow)).collect();
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            say(out, &format!("      {}", listed(&places, received.flows.len())))?;
        }
        Ok(())
    }

    fn is_reported(&self, flow: &Flow) -> bool {
        self.analysis.discovered.packages.get(flow.package.0 as usize).is_some_and(|package| package.selected)
    }

    fn whom(&self, flow: &Flow) -> String {
        let name = self.analysis.map.recipient(flow);
        match (&flow.recipient, flow.role) {
            (Recipient::Own, _) => name.to_owned(),
            (Recipient::Unresolved(_), _) => format!("not found out ({name})"),
            (_, Some(role)) => format!("{name} ({})", role.name()),
            (_, None) => format!("{name} (role not known)"),
        }
    }

    fn place(&self, flow: &Flow) -> String {
        located(self.sources, flow.sink, &self.options.request.cwd)
    }

    fn wrong(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out)?;
        say(out, "What is wrong whatever a notice says:")?;
        let mut by_lint: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in self.analysis.findings.iter().filter(|finding| is_wrong_anyway(finding)) {
            by_lint.entry(finding.diagnostic.lint.unwrap_or_default()).or_default().push(finding);
        }
        if by_lint.is_empty() {
            say(out, "  nothing that was seen")?;
        }
        for (lint, findings) in by_lint {
            say(out, &format!("  {lint}: {}", count(findings.len(), "finding", "findings")))?;
            let spans = findings.iter().filter_map(|finding| finding.diagnostic.primary);
            let places: Vec<String> = spans
                .take(PLACES)
                .map(|span| located(self.sources, span, &self.options.request.cwd))
                .collect();
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            say(out, &format!("      {}", listed(&places, findings.len())))?;
        }
        Ok(())
    }

    fn next(&self, out: &mut dyn Write) -> io::Result<()> {
        let sure = self.analysis.proposals.iter().filter(|proposal| proposal.confidence == Confidence::High);
        let sure = count(sure.count(), "place", "places");
        let findings = count(self.analysis.sightings.iter().flatten().count(), "finding", "findings");
        writeln!(out)?;
        say(out, "What to do next:")?;
        let annotate = format!("shows annotations for what looks personal ({sure} of high confidence)");
        let baseline = format!("records the {findings} of today, so that only new ones fail");
        say(out, &format!("  cargo privacy annotate    {annotate}"))?;
        say(out, "  cargo privacy init        drafts `privacy-notice.toml` from what the code does")?;
        say(out, &format!("  cargo privacy baseline    {baseline}"))?;
        writeln!(out)
    }
}

fn at(confidence: Confidence) -> usize {
    match confidence {
        Confidence::High => 0,
        Confidence::Medium => 1,
        Confidence::Low => 2,
    }
}

/// Some places by short names, each name once.
fn named<'a>(places: &[Vec<&'a str>; 3]) -> Vec<&'a str> {
    let mut named = Vec::new();
    for name in places.iter().flatten().map(|path| short(path)) {
        if named.len() < PLACES && !named.contains(&name) {
            named.push(name);
        }
    }
    named
}

/// The end of a path that still tells where a name stands.
fn short(path: &str) -> &str {
    let before = path.rmatch_indices("::").nth(1);
    before.map_or(path, |(at, _)| &path[at + 2..])
}

/// How many places count.
fn counted(places: &[Vec<&str>; 3]) -> usize {
    places[0].len() + places[1].len()
}

/// Who comes first: third parties, then logs and the like, then what stays with the program.
fn rank(flow: &Flow) -> u8 {
    match (&flow.recipient, flow.channel) {
        (Recipient::Declared(_) | Recipient::Undeclared { .. }, _) => 0,
        (Recipient::Unresolved(_), _) => 1,
        (Recipient::Own, Channel::Log | Channel::Metrics | Channel::CrashReport) => 2,
        (Recipient::Own, Channel::Error) => 3,
        (Recipient::Own, _) => 4,
    }
}

fn listed(some: &[&str], all: usize) -> String {
    let more = all.saturating_sub(some.len());
    let listed = some.join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}
