//! Places of what one body is made of. They lie near each other, so most are kept as two distances from the first.

use super::Range;

/// Ranges by number.
#[derive(Debug)]
pub struct Ranges(Form);

#[derive(Debug)]
enum Form {
    /// Distances of both ends from where the first begins.
    Near(u32, Box<[(u16, u16)]>),
    /// Where a body is longer than such a distance can say.
    Far(Box<[Range]>),
}

impl Default for Ranges {
    fn default() -> Self {
        Self(Form::Near(0, Box::default()))
    }
}

impl Ranges {
    /// Ranges in the order of their numbers.
    #[must_use]
    pub fn new(all: &[Range]) -> Self {
        let first = all.iter().map(|(lo, hi)| *lo.min(hi)).min().unwrap_or(0);
        let distance = |at: u32| u16::try_from(at - first).ok();
        let near = all.iter().map(|(lo, hi)| Some((distance(*lo)?, distance(*hi)?)));
        Self(match near.collect::<Option<Box<[(u16, u16)]>>>() {
            Some(near) => Form::Near(first, near),
            None => Form::Far(all.into()),
        })
    }

    /// The range of a number.
    #[must_use]
    pub fn get(&self, at: usize) -> Range {
        match &self.0 {
            Form::Near(first, all) => (first + u32::from(all[at].0), first + u32::from(all[at].1)),
            Form::Far(all) => all[at],
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Near(_, all) => all.len(),
            Form::Far(all) => all.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = Range> + '_ {
        (0..self.len()).map(|at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_back_as_they_were() {
        for all in [
            vec![],
            vec![(7, 9)],
            vec![(70_000, 70_001), (70_500, 135_535), (70_003, 70_002)],
            vec![(70_000, 70_001), (70_000, 135_536)],
            vec![(0, u32::MAX)],
        ] {
            let kept = Ranges::new(&all);
            assert_eq!(kept.iter().collect::<Vec<_>>(), all);
            assert_eq!(kept.len(), all.len());
        }
    }
}
