//! How this program's answers compare with an oracle's, and what the shares are. Knows neither how answers come about
//! nor any program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::rows::{Kind, Row, Symbol, Target};

/// What this program says of a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// A definition of the program, at a file and line, and those that stand for it under another `cfg`; with its name,
    /// for code that a derive would make.
    Here(Vec<(String, u32)>, Symbol),
    /// A declaration of a model, or a path that leads out.
    Outside(Symbol),
    /// Nothing, and why.
    Unknown(String),
}

/// How two answers compare.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Match {
    Same,
    Wrong,
    Unknown,
}

pub(crate) fn compare(target: &Target, answer: &Answer) -> Match {
    let is_same = match (target, answer) {
        (_, Answer::Unknown(_)) => return Match::Unknown,
        (Target::Here(places), Answer::Here(own, _)) => places.iter().any(|place| own.contains(place)),
        (Target::Here(_), Answer::Outside(_)) => false,
        (Target::Derived(symbol), Answer::Outside(own) | Answer::Here(_, own)) => alike(symbol, own),
        (Target::Std(symbol), Answer::Outside(own)) => own.is_std() && alike(symbol, own),
        (Target::Other(symbol), Answer::Outside(own)) => alike(symbol, own),
        (Target::Std(_) | Target::Other(_), Answer::Here(..)) => false,
    };
    if is_same { Match::Same } else { Match::Wrong }
}

/// Whether two names are of one definition. Crates export what other crates and private modules hold, so that only std's
/// outermost modules count, and only for types; a trait's function is the same in the trait and in an impl of it.
fn alike(theirs: &Symbol, own: &Symbol) -> bool {
    if theirs.name != own.name {
        return false;
    }
    match (theirs.holders.is_empty(), own.holders.is_empty()) {
        (true, true) => match (theirs.modules.get(1), own.modules.get(1)) {
            (Some(a), Some(b)) if own.name.starts_with(char::is_uppercase) => a == b || !theirs.is_std(),
            _ => true,
        },
        (false, false) => theirs.holders.iter().any(|holder| own.holders.contains(holder)),
        _ => false,
    }
}

impl Symbol {
    pub(crate) fn is_std(&self) -> bool {
        self.modules.first().is_some_and(|name| matches!(name.as_str(), "std" | "core" | "alloc"))
    }
}

/// Counts of one kind of place.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
    pub(crate) same: usize,
    pub(crate) wrong: usize,
    pub(crate) unknown: usize,
}

impl Counts {
    fn add(&mut self, found: Match) {
        *match found {
            Match::Same => &mut self.same,
            Match::Wrong => &mut self.wrong,
            Match::Unknown => &mut self.unknown,
        } += 1;
    }

    fn all(self) -> usize {
        self.same + self.wrong + self.unknown
    }

    fn line(self, name: &str) -> String {
        let share = |part: usize| if self.all() == 0 { 1.0 } else { part as f64 / self.all() as f64 };
        let Self { same, wrong, unknown } = self;
        format!(
            "{name:<34} {:>6}: same {:.4}, wrong {:.4}, unknown {:.4}",
            self.all(),
            share(same),
            share(wrong),
            share(unknown)
        )
    }
}

/// All counts, and what is behind them.
#[derive(Default)]
pub(crate) struct Score {
    /// Into the workspace or std.
    pub(crate) near: BTreeMap<Kind, Counts>,
    /// Into other crates.
    pub(crate) far: BTreeMap<Kind, Counts>,
    /// By kind and what happened: how often, of what is near.
    pub(crate) causes: BTreeMap<(Kind, Match, String), usize>,
    /// One line for each that is not the same.
    pub(crate) list: Vec<String>,
}

impl Score {
    /// Counts a place.
    pub(crate) fn add(&mut self, row: &Row, answer: &Answer) {
        let found = compare(&row.target, answer);
        let is_near = !matches!(row.target, Target::Other(_));
        let counts = if is_near { &mut self.near } else { &mut self.far };
        counts.entry(row.kind).or_default().add(found);
        if found == Match::Same {
            return;
        }
        let theirs = target_text(&row.target);
        let (own, cause) = match answer {
            Answer::Here(places, symbol) => {
                (format!("{} {}", places_text(places), symbol.text()), theirs.clone())
            }
            Answer::Outside(symbol) => (symbol.text(), format!("{theirs} taken for {}", symbol.text())),
            Answer::Unknown(why) => (format!("? {why}"), why.clone()),
        };
        let place = if is_near { "near" } else { "far" };
        let Row { file, line, column, kind, .. } = row;
        self.list.push(format!("{found:?}\t{place}\t{kind:?}\t{file}:{line}:{column}\t{theirs}\t{own}"));
        if is_near {
            *self.causes.entry((*kind, found, cause)).or_default() += 1;
        }
    }

    /// The figures, and the most frequent causes of what is not the same.
    pub(crate) fn text(&self, top: usize) -> String {
        let mut text = String::new();
        for (name, counts) in [("into workspace or std", &self.near), ("into other crates", &self.far)] {
            for (kind, counts) in counts {
                let _ = writeln!(text, "{}", counts.line(&format!("{kind:?} {name}")));
            }
        }
        let mut causes: Vec<_> = self.causes.iter().collect();
        causes.sort_by_key(|((kind, found, _), times)| (*kind, *found, std::cmp::Reverse(**times)));
        let mut shown = BTreeMap::<(Kind, Match), usize>::new();
        for ((kind, found, cause), times) in causes {
            let count = shown.entry((*kind, *found)).or_default();
            *count += 1;
            if *count <= top {
                let _ = writeln!(text, "  {kind:?} {found:?} {times:>5}  {cause}");
            }
        }
        text
    }
}

fn target_text(target: &Target) -> String {
    match target {
        Target::Here(places) => places_text(places),
        Target::Derived(symbol) => format!("derived {}", symbol.text()),
        Target::Std(symbol) | Target::Other(symbol) => symbol.text(),
    }
}

fn places_text(places: &[(String, u32)]) -> String {
    places.iter().map(|(file, line)| format!("{file}:{line}")).collect::<Vec<_>>().join("|")
}
