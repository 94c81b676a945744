//! The path that was probably meant where one names nothing. Knows only names.

use super::paths::{Anchor, Asked, Paths, Target};

/// Less alike is no suggestion.
const ALIKE: f64 = 0.75;

/// For each path that names nothing the nearest that names something, as the notice would write it.
pub(super) fn nearest(paths: Paths<'_>, missed: &[&Asked]) -> Vec<Option<String>> {
    let wanted: Vec<Wanted> = missed.iter().map(|asked| Wanted::new(paths, asked)).collect();
    let mut best: Vec<Option<(f64, String)>> = vec![None; missed.len()];
    if !missed.is_empty() {
        paths.each_target(|target| {
            let path = paths.path_of(&target);
            for (wanted, best) in wanted.iter().zip(&mut best) {
                wanted.weigh(&target, &path, best);
            }
        });
    }
    let nearest = wanted.into_iter().zip(best).map(|(wanted, best)| match best {
        Some((_, path)) => Some(path + &wanted.rest),
        None => wanted.fallback,
    });
    // A literal beginning that exists is no news.
    nearest.zip(missed).map(|(near, asked)| near.filter(|path| *path != asked.pattern.text())).collect()
}

/// A path that names nothing.
struct Wanted {
    /// As written, up to the first wildcard.
    literal: Vec<String>,
    /// From there on.
    rest: String,
    /// What `crate` is.
    anchor: Anchor,
    /// Whether it begins with a crate.
    rooted: bool,
    /// What to write where nothing is near.
    fallback: Option<String>,
}

impl Wanted {
    fn new(paths: Paths<'_>, asked: &Asked) -> Self {
        let segments = &asked.pattern.segments;
        let count = segments.iter().take_while(|s| !s.contains('*')).count();
        let anchor = paths.anchor(asked.notice);
        let rest: String = segments[count..].iter().map(|s| format!("::{s}")).collect();
        let first = segments.first().map(String::as_str).unwrap_or_default();
        let names_crate = first == "crate" || paths.is_crate(first);
        let mut literal = segments[..count].to_vec();
        let mut fallback = None;
        // In a virtual workspace the path is looked for in the first package that has it.
        let nowhere = first == "crate" && anchor == Anchor::Workspace;
        if nowhere {
            let user = paths.users(asked.notice).next();
            fallback = user.map(|name| format!("{name}::{}", segments[1..].join("::")));
            literal.remove(0);
        }
        let rooted = names_crate && !nowhere;
        Self { literal, rest, anchor, rooted, fallback }
    }

    fn weigh(&self, target: &Target, path: &[&str], best: &mut Option<(f64, String)>) {
        let root = if self.anchor.holds(target.package) {
            "crate"
        } else {
            path.first().copied().unwrap_or_default()
        };
        let below = path.get(1..).unwrap_or_default();
        if self.literal.len() <= usize::from(self.rooted) || below.is_empty() {
            return;
        }
        let full = std::iter::once(root).chain(below.iter().copied()).collect::<Vec<_>>();
        let compared =
            if self.rooted { &full[..] } else { &full[full.len().saturating_sub(self.literal.len())..] };
        let score = self.likeness(compared);
        let shown = if self.fallback.is_some() || self.rooted { &full[..] } else { compared };
        let better = |(known, text): &(f64, String)| {
            let text_of = shown.join("::");
            score > *known || score == *known && (text_of.len(), &text_of) < (text.len(), text)
        };
        if score > ALIKE && best.as_ref().is_none_or(better) {
            *best = Some((score, shown.join("::")));
        }
    }

    /// How alike two paths are: as text, or because only the modules before the same end differ.
    fn likeness(&self, path: &[&str]) -> f64 {
        let (ours, theirs) = (self.literal.join("::"), path.join("::"));
        let same = self.literal.iter().rev().zip(path.iter().rev()).take_while(|(a, b)| a == b).count();
        let moved = if same >= 2 { 0.8 + 0.01 * same.min(9) as f64 } else { 0.0 };
        let (short, long) = (ours.len().min(theirs.len()), ours.len().max(theirs.len()));
        // Texts of very different lengths are not alike, and comparing them takes time.
        let may_be_alike = short as f64 > ALIKE * long as f64;
        if may_be_alike { strsim::normalized_levenshtein(&ours, &theirs).max(moved) } else { moved }
    }
}
