//! Finds the models whose patterns match a path by the last segment, so that a call costs one look-up.

use super::pattern::Pattern;
use rustc_hash::FxHashMap;

/// Patterns of a list of models, in the list's order.
#[derive(Debug, Default)]
pub(super) struct Index {
    patterns: Vec<(usize, Pattern)>,
    by_name: FxHashMap<Box<str>, Vec<usize>>,
    /// Those whose last segment is no plain name, by their first where paths have to begin with it.
    wild_in: FxHashMap<Box<str>, Vec<usize>>,
    wild: Vec<usize>,
    models: usize,
}

impl Index {
    /// Adds the next model's patterns.
    pub(super) fn push(&mut self, patterns: &[Pattern]) {
        for pattern in patterns {
            let at = self.patterns.len();
            match pattern.last_name() {
                Some(name) => self.by_name.entry(name.into()).or_default().push(at),
                None => match pattern.first_name() {
                    Some(first) => self.wild_in.entry(first.into()).or_default().push(at),
                    None => self.wild.push(at),
                },
            }
            self.patterns.push((self.models, pattern.clone()));
        }
        self.models += 1;
    }

    /// Whether any pattern may match a path that ends so.
    pub(super) fn may_end(&self, name: &str) -> bool {
        !self.wild.is_empty() || !self.wild_in.is_empty() || self.by_name.contains_key(name)
    }

    /// Positions of the models with a pattern that matches, ascending, each once.
    pub(super) fn find(&self, path: &[&str]) -> impl Iterator<Item = usize> + use<> {
        let named = path.last().and_then(|name| self.by_name.get(*name));
        let wild_in = path.first().and_then(|first| self.wild_in.get(*first));
        let candidates = named.into_iter().chain(wild_in).flatten().chain(&self.wild);
        let matching = candidates.map(|at| &self.patterns[*at]).filter(|(_, p)| p.matches(path));
        let mut found: Vec<usize> = matching.map(|(model, _)| *model).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter()
    }
}
