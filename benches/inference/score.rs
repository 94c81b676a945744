//! How proposals compare with fields that were labelled by hand. Knows neither programs nor how a proposal comes about.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cargo_privacy::recognise::Confidence;

/// The labels.
pub(crate) const FACTS: &str = include_str!("../../tests/data/inference.tsv");
/// Personal, and by design only proposed.
const OPAQUE: &str = "user.unique_id.pseudonymous";
const CONFIDENCES: [(Confidence, &str); 3] =
    [(Confidence::High, "high"), (Confidence::Medium, "medium"), (Confidence::Low, "low")];

/// A field that somebody labelled.
#[derive(Clone, Debug)]
pub(crate) struct Fact<'a> {
    pub(crate) program: &'a str,
    pub(crate) path: &'a str,
    pub(crate) holder: &'a str,
    pub(crate) field: &'a str,
    /// `None`: not personal.
    pub(crate) category: Option<&'a str>,
    pub(crate) draw: &'a str,
    pub(crate) half: &'a str,
}

/// What inference says of a field.
pub(crate) type Said = Option<(String, Confidence)>;

/// How a proposal compares with the label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Match {
    Same,
    /// One lies below the other.
    Near,
    Wrong,
}

/// The labelled fields of a table.
pub(crate) fn facts(text: &str) -> Vec<Fact<'_>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|row| {
        let &[program, path, holder, field, category, draw, half] = row.as_slice() else { return None };
        let category = (category != "none").then_some(category);
        Some(Fact { program, path, holder, field, category, draw, half })
    })
    .collect()
}

fn compare(said: &str, label: Option<&str>) -> Match {
    let below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('.'));
    match label {
        Some(label) if label == said => Match::Same,
        Some(label) if below(said, label) || below(label, said) => Match::Near,
        _ => Match::Wrong,
    }
}

/// Counts of one half.
#[derive(Default)]
pub(crate) struct Score {
    /// By confidence: said, right to the letter, right up to parent and child.
    pub(crate) said: [[usize; 3]; 3],
    /// By label: fields, found as such, found near by; at high or medium confidence.
    labelled: BTreeMap<String, [usize; 3]>,
    /// By category said at high or medium confidence: said, right or near.
    claimed: BTreeMap<String, [usize; 2]>,
    /// Opaque ids of persons, and those that are proposed as an id.
    pub(crate) opaque: [usize; 2],
    pub(crate) wrong: Vec<String>,
}

impl Score {
    /// Counts a field.
    pub(crate) fn add(&mut self, fact: &Fact<'_>, said: &Said) {
        let found = said.as_ref().map(|(category, _)| compare(category, fact.category));
        let counts = said.as_ref().is_some_and(|(_, confidence)| *confidence >= Confidence::Medium);
        if let (Some((category, confidence)), Some(found)) = (said, found) {
            let row = &mut self.said[CONFIDENCES.iter().position(|(c, _)| c == confidence).unwrap_or(2)];
            row[0] += 1;
            row[1] += usize::from(found == Match::Same);
            row[2] += usize::from(found != Match::Wrong);
            if counts {
                let row = self.claimed.entry(category.clone()).or_default();
                row[0] += 1;
                row[1] += usize::from(found != Match::Wrong);
            }
        }
        match fact.category {
            Some(OPAQUE) => {
                self.opaque[0] += 1;
                self.opaque[1] += usize::from(found.is_some_and(|found| found != Match::Wrong));
            }
            Some(label) => {
                let row = self.labelled.entry(label.to_owned()).or_default();
                row[0] += 1;
                row[1] += usize::from(counts && found == Some(Match::Same));
                row[2] += usize::from(counts && found.is_some_and(|found| found != Match::Wrong));
            }
            None => {}
        }
        self.note(fact, said, found, counts);
    }

    fn note(&mut self, fact: &Fact<'_>, said: &Said, found: Option<Match>, counts: bool) {
        let is_missed = fact.category.is_some_and(|label| label != OPAQUE) && !counts;
        if is_missed || found.is_some_and(|found| found != Match::Same) {
            let said = said.as_ref().map_or_else(|| "-".to_owned(), |(c, how)| format!("{c} {how:?}"));
            let Fact { program, path, holder, field, category, draw, .. } = fact;
            let label = category.unwrap_or("none");
            self.wrong.push(format!("{draw} {program} {path} {holder}.{field}: {label}, said {said}"));
        }
    }

    /// The share of proposals of a confidence that are right, parents and children counted as right.
    pub(crate) fn precision(&self, at: usize) -> f64 {
        share(self.said[at][2], self.said[at][0])
    }

    /// The share of personal fields, opaque ids aside, that count as such: to the letter, and parents and children too.
    pub(crate) fn recall(&self) -> [f64; 2] {
        let sum = |at: usize| self.labelled.values().map(|row| row[at]).sum::<usize>();
        [share(sum(1), sum(0)), share(sum(2), sum(0))]
    }

    /// All figures.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (at, (_, name)) in CONFIDENCES.iter().enumerate() {
            let [said, same, _] = self.said[at];
            let (strict, all) = (share(same, said), self.precision(at));
            let _ =
                writeln!(text, "precision {name:<6} {said:>4} said: {strict:.3} strict, {all:.3} with kin");
        }
        let [strict, all] = self.recall();
        let fields = self.labelled.values().map(|row| row[0]).sum::<usize>();
        let _ = writeln!(text, "recall high+medium of {fields}: {strict:.3} strict, {all:.3} with kin");
        let [opaque, proposed] = self.opaque;
        let _ = writeln!(text, "opaque ids: {opaque}, {proposed} of them proposed");
        for (label, [fields, same, near]) in &self.labelled {
            let _ = writeln!(text, "  labelled {label:<40} {fields:>3}, found {same}, with kin {near}");
        }
        for (category, [said, right]) in &self.claimed {
            let _ = writeln!(text, "  said     {category:<40} {said:>3}, right {right}");
        }
        text
    }
}

/// Of nothing, all.
fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 1.0 } else { part as f64 / of as f64 }
}
