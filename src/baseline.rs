//! The baseline: findings that were there when it was recorded, so that only new ones fail. A finding is known by lint,
//! item path, category and recipient, with a count: what moves, is reformatted or renames a local stays known. Knows its
//! own file's form and nothing of code, flows or disks.
//!
//! Where there are more findings of one key than were recorded, marks (a hash of the sink's text without white space)
//! tell which of them are new; a mark that no longer fits never makes a finding new by itself.

mod read;

use std::collections::BTreeMap;
use std::fmt::Write;

pub use read::parse;

/// The file's name beside the code.
pub const FILE: &str = "privacy-baseline.toml";
/// The section of findings that stand in no package's code: in the notice, in its prose.
pub const ELSEWHERE: &str = "(notice)";
/// The form that this version writes and reads.
const VERSION: i64 = 1;

/// What a finding is known by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    /// The lint, without `privacy::`.
    pub lint: String,
    /// The path of the item; a file's where it is in none.
    pub item: String,
    /// The category's key; empty where it is not about data.
    pub category: String,
    /// Who receives the data; empty where nobody does.
    pub recipient: String,
}

/// A finding as a baseline sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// The package, or [`ELSEWHERE`].
    pub section: String,
    /// What it is known by: a key for each of its categories.
    pub keys: Vec<Key>,
    /// Tells findings of one key apart.
    pub mark: String,
}

/// How often a key was seen, and the marks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Entry {
    count: usize,
    marks: Vec<String>,
}

/// The keys of one package.
type Section = BTreeMap<Key, Entry>;

/// Recorded findings by package.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    sections: BTreeMap<String, Section>,
}

/// Recorded findings that no longer occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    /// Where they were.
    pub section: String,
    /// What they were.
    pub key: Key,
    /// How many of them are gone.
    pub count: usize,
}

/// A hash of a text without its white space, the same on every machine and in every version (FNV-1a).
#[must_use]
pub fn mark(text: &str) -> String {
    let bytes = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

impl Baseline {
    /// A baseline that holds these findings.
    #[must_use]
    pub fn of(sightings: &[Sighting]) -> Self {
        let mut baseline = Self::default();
        for sighting in sightings {
            let section = baseline.sections.entry(sighting.section.clone()).or_default();
            for key in &sighting.keys {
                let entry = section.entry(key.clone()).or_default();
                entry.count += 1;
                entry.marks.push(sighting.mark.clone());
            }
        }
        let entries = baseline.sections.values_mut().flat_map(BTreeMap::values_mut);
        entries.for_each(|entry| entry.marks.sort_unstable());
        baseline
    }

    /// For each finding whether all that it is known by was recorded.
    #[must_use]
    pub fn known(&self, sightings: &[Sighting]) -> Vec<bool> {
        let mut known = vec![true; sightings.len()];
        for ((section, key), found) in by_key(sightings) {
            let entry = self.sections.get(section).and_then(|section| section.get(key));
            for at in new_ones(&found, sightings, entry.unwrap_or(&Entry::default())) {
                known[at] = false;
            }
        }
        known
    }

    /// What was recorded in these sections and no longer occurs.
    #[must_use]
    pub fn gone(&self, sightings: &[Sighting], looked_at: impl Fn(&str) -> bool) -> Vec<Gone> {
        let seen = by_key(sightings);
        let mut gone = Vec::new();
        for (name, section) in self.sections.iter().filter(|(name, _)| looked_at(name)) {
            for (key, entry) in section {
                let now = seen.get(&(name.as_str(), key)).map_or(0, Vec::len);
                if let count @ 1.. = entry.count.saturating_sub(now) {
                    gone.push(Gone { section: name.clone(), key: key.clone(), count });
                }
            }
        }
        gone
    }

    /// Takes out what is gone, with the marks that nothing bears any more.
    pub fn prune(&mut self, gone: &[Gone], sightings: &[Sighting]) {
        let seen = by_key(sightings);
        for gone in gone {
            let Some(section) = self.sections.get_mut(&gone.section) else { continue };
            let Some(entry) = section.get_mut(&gone.key) else { continue };
            let now = seen.get(&(gone.section.as_str(), &gone.key)).map_or(&[][..], |found| found);
            entry.count -= gone.count.min(entry.count);
            let bears = |mark: &String| now.iter().any(|at| sightings[*at].mark == *mark);
            entry.marks.retain(bears);
            entry.marks.truncate(entry.count);
            if entry.count == 0 {
                section.remove(&gone.key);
            }
        }
        self.sections.retain(|_, section| !section.is_empty());
    }

    /// Takes over what a newer one says of these sections, and leaves the others as they are.
    pub fn update(&mut self, newer: Self, looked_at: impl Fn(&str) -> bool) {
        self.sections.retain(|name, _| !looked_at(name));
        for (name, section) in newer.sections {
            let own = self.sections.entry(name).or_default();
            for (key, entry) in section {
                let known = own.entry(key).or_default();
                if entry.count >= known.count {
                    *known = entry;
                }
            }
        }
    }

    /// The names of its sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// How many keys it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sections.values().map(BTreeMap::len).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its file: a line for each key, sorted, so that changes read and merge well.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::from(
            "# Findings of `cargo privacy` that were there when this was recorded: only new ones fail.\n\
             # `cargo privacy baseline` records anew, `cargo privacy baseline --prune` takes out what is gone.\n\
             # A finding is known by lint, item, category and recipient. Marks only tell apart findings that\n\
             # share all of these.\n",
        );
        let _ = writeln!(out, "version = {VERSION}");
        for (name, section) in &self.sections {
            let _ = write!(out, "\n[[package]]\nname = {}\nfindings = [\n", quoted(name));
            for (key, entry) in section {
                let _ = writeln!(out, "    {},", row(key, entry));
            }
            out.push_str("]\n");
        }
        out
    }
}

/// The places of findings by section and key, in order.
fn by_key(sightings: &[Sighting]) -> BTreeMap<(&str, &Key), Vec<usize>> {
    let mut all: BTreeMap<(&str, &Key), Vec<usize>> = BTreeMap::new();
    for (at, sighting) in sightings.iter().enumerate() {
        for key in &sighting.keys {
            all.entry((sighting.section.as_str(), key)).or_default().push(at);
        }
    }
    all
}

/// Which findings of one key are more than were recorded: those whose mark was, come first.
fn new_ones(found: &[usize], sightings: &[Sighting], entry: &Entry) -> Vec<usize> {
    let more = found.len().saturating_sub(entry.count);
    let mut marks = entry.marks.clone();
    let is_marked = |at: &usize| {
        let mark = marks.iter().position(|mark| *mark == sightings[*at].mark);
        mark.map(|mark| marks.swap_remove(mark)).is_some()
    };
    let (marked, unmarked): (Vec<usize>, Vec<usize>) = found.iter().copied().partition(is_marked);
    let mut all = marked;
    all.extend(unmarked);
    all.split_off(all.len() - more)
}

fn row(key: &Key, entry: &Entry) -> String {
    let mut row = format!("{{ lint = {}, item = {}", quoted(&key.lint), quoted(&key.item));
    for (name, value) in [("category", &key.category), ("recipient", &key.recipient)] {
        if !value.is_empty() {
            let _ = write!(row, ", {name} = {}", quoted(value));
        }
    }
    let marks: Vec<String> = entry.marks.iter().map(|mark| quoted(mark)).collect();
    let _ = write!(row, ", count = {}, marks = [{}] }}", entry.count, marks.join(", "));
    row
}

/// A string as TOML writes it on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => _ = write!(out, "\\u{:04X}", c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;
