//! How well inference tells personal fields from others: its proposals against facts that were labelled by hand
//! (`tests/data/inference.tsv`), in programs that lie outside the repository:
//!
//! `cargo bench --bench inference -- DIR [HALF [DRAW]]`, with `DIR/<program>` for each program. Of what is for tuning (`tune`, as
//! without a word), what is wrong is listed; of what is for reporting (`report`) only figures are given.

mod score;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cargo_privacy::adopt::{self, Proposed};
use cargo_privacy::check::{Options, Watch};
use cargo_privacy::recognise::Confidence;
use cargo_privacy::workspace::Request;
use score::{FACTS, Fact, Score, facts};

fn main() -> io::Result<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let mut out = io::stdout();
    let Some(trees) = arguments.first().map(PathBuf::from) else {
        return writeln!(out, "usage: cargo bench --bench inference -- DIR [tune|report [DRAW]]");
    };
    let trees = trees.canonicalize()?;
    let half = arguments.get(1).map_or("tune", String::as_str);
    let draw = arguments.get(2).map(String::as_str);
    let facts = facts(FACTS);
    let mut programs: Vec<&str> = facts.iter().map(|fact| fact.program).collect();
    programs.dedup();
    let mut score = Score::default();
    for program in programs {
        let own: Vec<Fact<'_>> = facts.iter().filter(|fact| fact.program == program).cloned().collect();
        let said = said_of(&trees.join(program), &own)?;
        for fact in own.iter().filter(|fact| fact.half == half && draw.is_none_or(|draw| fact.draw == draw)) {
            let key = (PathBuf::from(fact.path), fact.holder.to_owned(), fact.field.to_owned());
            score.add(fact, &said.get(&key).cloned());
        }
    }
    write!(out, "{half}\n{}", score.text())?;
    if half == "tune" {
        score.wrong.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    writeln!(out, "asked for: precision of high 0.950, recall of high+medium 0.850, with kin")
}

struct Nobody;

impl Watch for Nobody {
    fn begins(&self, _stage: &'static str) {}
    fn done(&self) {}
}

/// The packages that the labelled files of a program belong to and its workspace leaves out, and the program itself.
fn roots(tree: &Path, facts: &[Fact<'_>]) -> Vec<PathBuf> {
    let manifest = std::fs::read_to_string(tree.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap_or_default();
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

/// What is said of a program's fields, by file below the program, type and field.
type SaidOf = BTreeMap<(PathBuf, String, String), (String, Confidence)>;

/// What is proposed for the fields of a program, the surest for each.
fn said_of(tree: &Path, facts: &[Fact<'_>]) -> io::Result<SaidOf> {
    let mut all = SaidOf::new();
    for root in roots(tree, facts) {
        let request = Request { paths: vec![root], cwd: tree.to_owned(), ..Request::default() };
        let proposed = adopt::proposed(&Options { request, ..Options::default() }, &Nobody)?;
        let proposed = proposed.map_err(|errors| {
            let said: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            io::Error::other(said.join("; "))
        })?;
        for Proposed { file, holder, name, category, confidence } in proposed {
            let Some(holder) = holder else { continue };
            let file = file.strip_prefix(tree).map(Path::to_owned).unwrap_or(file);
            let said = all.entry((file, holder, name)).or_insert((category.clone(), confidence));
            if confidence > said.1 {
                *said = (category, confidence);
            }
        }
    }
    Ok(all)
}
