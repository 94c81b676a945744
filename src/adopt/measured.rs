//! How well inference tells personal fields from others: its proposals against facts that were labelled by hand
//! (`tests/data/inference.tsv`). The programs lie outside the repository, so measuring is asked for by name:
//!
//! `PRIVACY_TREES=dir cargo test --lib measured -- --ignored --nocapture`, with `dir/<program>` for each program. Of the half
//! for tuning, what is wrong is listed; of the other one (`PRIVACY_HALF=report`) only figures are given.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::check::{self, Options, Overlay, Watch};
use crate::recognise::Confidence;
use crate::source::SourceMap;
use crate::workspace::Request;

const FACTS: &str = include_str!("../../tests/data/inference.tsv");
/// Personal, and by design only proposed.
const OPAQUE: &str = "user.unique_id.pseudonymous";
const CONFIDENCES: [(Confidence, &str); 3] =
    [(Confidence::High, "high"), (Confidence::Medium, "medium"), (Confidence::Low, "low")];

/// A field that somebody labelled.
#[derive(Clone, Debug)]
struct Fact<'a> {
    program: &'a str,
    path: &'a str,
    holder: &'a str,
    field: &'a str,
    /// `None`: not personal.
    category: Option<&'a str>,
    half: &'a str,
}

/// What inference says of a field.
type Said = Option<(String, Confidence)>;

/// How a proposal compares with the label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Match {
    Same,
    /// One lies below the other.
    Near,
    Wrong,
}

fn facts(text: &str) -> Vec<Fact<'_>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|row| {
        let &[program, path, holder, field, category, half] = row.as_slice() else { return None };
        let category = (category != "none").then_some(category);
        Some(Fact { program, path, holder, field, category, half })
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
struct Score {
    /// By confidence: said, right to the letter, right up to parent and child.
    said: [[usize; 3]; 3],
    /// By label: fields, found as such, found near by; at high or medium confidence.
    labelled: BTreeMap<String, [usize; 3]>,
    /// By category said at high or medium confidence: said, right or near.
    claimed: BTreeMap<String, [usize; 2]>,
    /// Opaque ids of persons, and those that are proposed as an id.
    opaque: [usize; 2],
    wrong: Vec<String>,
}

impl Score {
    fn add(&mut self, fact: &Fact<'_>, said: &Said) {
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
            let Fact { program, path, holder, field, category, .. } = fact;
            let label = category.unwrap_or("none");
            self.wrong.push(format!("{program} {path} {holder}.{field}: {label}, said {said}"));
        }
    }

    /// The share of proposals of a confidence that are right, parents and children counted as right.
    fn precision(&self, at: usize) -> f64 {
        share(self.said[at][2], self.said[at][0])
    }

    /// The share of personal fields, opaque ids aside, that count as such: to the letter, and parents and children too.
    fn recall(&self) -> [f64; 2] {
        let sum = |at: usize| self.labelled.values().map(|row| row[at]).sum::<usize>();
        [share(sum(1), sum(0)), share(sum(2), sum(0))]
    }

    fn text(&self) -> String {
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

struct Nobody;

impl Watch for Nobody {
    fn begins(&self, _stage: &'static str) {}
    fn done(&self) {}
}

/// The packages that the labelled files of a program belong to and its workspace leaves out, and the program itself.
fn roots(tree: &Path, facts: &[Fact<'_>]) -> Vec<PathBuf> {
    let manifest = std::fs::read_to_string(tree.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let left_out = manifest.get("workspace").and_then(|workspace| workspace.get("exclude"));
    let left_out: Vec<&str> = left_out
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .collect();
    let meant =
        left_out.into_iter().filter(|dir| facts.iter().any(|fact| Path::new(fact.path).starts_with(dir)));
    meant.map(|dir| tree.join(dir)).chain([tree.to_owned()]).collect()
}

/// What is proposed for the fields below a root, by file below the program, type and field.
fn said_of(tree: &Path, root: PathBuf) -> BTreeMap<(PathBuf, String, String), (String, Confidence)> {
    let request = Request { paths: vec![root], cwd: tree.to_owned(), ..Request::default() };
    let options = Options { request, ..Options::default() };
    let mut sources = SourceMap::default();
    let analysis = check::in_pool(|| check::analyse(&options, &Nobody, &mut sources, &Overlay::new()));
    let Ok(Ok(analysis)) = analysis else { panic!("{} is a program", tree.display()) };
    let at = |span: crate::source::Span| {
        sources.file(span.file).text[span.lo as usize..span.hi as usize].trim_start_matches("r#").to_owned()
    };
    let mut all = BTreeMap::new();
    for proposal in &analysis.proposals {
        let Some(holder) = proposal.holder else { continue };
        let path = sources.path(proposal.span.file);
        let path = path.strip_prefix(tree).unwrap_or(path).to_owned();
        let key = analysis.map.taxonomy.get(proposal.category).key.clone();
        let said =
            all.entry((path, at(holder), at(proposal.span))).or_insert((key.clone(), proposal.confidence));
        if proposal.confidence > said.1 {
            *said = (key, proposal.confidence);
        }
    }
    all
}

#[test]
#[ignore = "needs the programs: PRIVACY_TREES"]
fn over_the_programs() {
    let trees = PathBuf::from(std::env::var_os("PRIVACY_TREES").expect("PRIVACY_TREES names a folder"));
    let half = std::env::var("PRIVACY_HALF").unwrap_or_else(|_| "tune".to_owned());
    let facts = facts(FACTS);
    let mut programs: Vec<&str> = facts.iter().map(|fact| fact.program).collect();
    programs.dedup();
    let mut score = Score::default();
    for program in programs {
        let tree = trees.join(program);
        let own: Vec<Fact<'_>> = facts.iter().filter(|fact| fact.program == program).cloned().collect();
        let said: BTreeMap<_, _> =
            roots(&tree, &own).into_iter().flat_map(|root| said_of(&tree, root)).collect();
        for fact in own.iter().filter(|fact| fact.half == half) {
            let key = (PathBuf::from(fact.path), fact.holder.to_owned(), fact.field.to_owned());
            score.add(fact, &said.get(&key).cloned());
        }
    }
    let mut out = std::io::stdout();
    write!(out, "{half}\n{}", score.text()).unwrap();
    if half == "tune" {
        score.wrong.iter().for_each(|line| writeln!(out, "{line}").unwrap());
    }
    assert!(score.precision(0) >= 0.95, "high confidence is to be right");
    assert!(score.recall()[1] >= 0.85, "what is personal is to be found");
}

#[test]
fn the_facts_are_sound() {
    let taxonomy = crate::taxonomy::Taxonomy::builtin();
    let facts = facts(FACTS);
    assert_eq!(facts.len(), 300);
    for fact in &facts {
        assert!(matches!(fact.half, "tune" | "report"), "{fact:?}");
        assert!(fact.category.is_none_or(|key| taxonomy.find(key).is_some()), "{fact:?}");
    }
    assert_eq!(facts.iter().filter(|fact| fact.half == "tune").count(), 150);
}

#[test]
fn a_score_by_hand() {
    let rows = "\
        p\ta.rs\tUser\temail\tuser.contact.email\ttune\n\
        p\ta.rs\tUser\tstreet\tuser.contact.address.street\ttune\n\
        p\ta.rs\tUser\tid\tuser.unique_id.pseudonymous\ttune\n\
        p\ta.rs\tUser\tbio\tuser.demographic.profile\ttune\n\
        p\ta.rs\tUser\tcrates\tnone\ttune\n";
    let text = format!("# head\nprogram\tpath\ttype\tfield\tcategory\thalf\n{rows}");
    let facts = facts(&text);
    let said: [Said; 5] = [
        Some(("user.contact.email".to_owned(), Confidence::High)),
        Some(("user.contact.address".to_owned(), Confidence::Medium)),
        Some(("user.unique_id".to_owned(), Confidence::Low)),
        None,
        Some(("user.name".to_owned(), Confidence::High)),
    ];
    let mut score = Score::default();
    facts.iter().zip(&said).for_each(|(fact, said)| score.add(fact, said));
    assert_eq!(score.said, [[2, 1, 1], [1, 0, 1], [1, 0, 1]]);
    assert!((score.precision(0) - 0.5).abs() < 1e-9);
    assert!((score.recall()[0] - 1.0 / 3.0).abs() < 1e-9 && (score.recall()[1] - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(score.opaque, [1, 1]);
    assert_eq!(score.wrong.len(), 4, "{:?}", score.wrong);
}
