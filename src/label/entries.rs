//! The notice's entries against the program: what `[[data]]` says of which place, and which paths name nothing.

use super::paths::{Anchor, Asked, Named, Paths, Rank};
use super::place::Place;
use super::{Context, Decision, Decisions, suggest};
use crate::datamap::{Basis, Broken, NoticeId};
use crate::notice::{Data, Notice, PathPattern};

/// What the notices say of places.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Places that `[[data]]` names.
    pub(super) decisions: Decisions,
    /// Paths that name nothing.
    pub(super) broken: Vec<Broken>,
}

/// A path with what it is there for.
struct Entry<'a> {
    asked: Asked,
    /// Of an annotation from outside the code.
    data: Option<&'a Data>,
    /// Whether it can only mean code of the program.
    must: bool,
    /// Whether anybody wants to hear that it names nothing.
    checked: bool,
}

impl Entry<'_> {
    /// The path, where it is at fault that it names nothing.
    fn fault(&self, paths: Paths<'_>) -> Option<&Asked> {
        (self.checked && paths.at_fault(&self.asked, self.must)).then_some(&self.asked)
    }
}

/// Looks up the paths of all notices.
pub(super) fn read(context: &Context<'_>) -> Entries {
    let paths = Paths::new(context);
    let entries = collect(context);
    let asked: Vec<Asked> = entries.iter().map(|e| e.asked.clone()).collect();
    let found = through_re_exports(paths, &asked, paths.find(&asked));
    let mut out = Entries::default();
    let mut said: Vec<(Place, (usize, usize), Decision)> = Vec::new();
    let mut missed: Vec<&Asked> = Vec::new();
    for (entry, named) in entries.iter().zip(&found) {
        match entry.data {
            _ if named.is_empty() => missed.extend(entry.fault(paths)),
            Some(data) => {
                let weight = entry.asked.pattern.specificity();
                let decision = Decision { category: data.category, basis: Basis::Notice(data.span) };
                let places = meant(&entry.asked.pattern, named);
                if places.is_empty() && entry.checked {
                    out.broken.push(holds_nothing(&entry.asked));
                }
                said.extend(places.into_iter().map(|place| (place, weight, decision.clone())));
            }
            None => {}
        }
    }
    // The closer of two entries has the last word; of equals the first.
    said.sort_by_key(|(_, weight, _)| std::cmp::Reverse(*weight));
    for (place, _, decision) in said {
        out.decisions.entry(place).or_insert(decision);
    }
    out.broken.extend(unresolved(paths, &missed));
    out
}

/// What is not found as written may be a re-export.
fn through_re_exports(paths: Paths<'_>, asked: &[Asked], mut found: Vec<Vec<Named>>) -> Vec<Vec<Named>> {
    let missing = (0..asked.len()).filter(|i| found[*i].is_empty());
    let (at, again): (Vec<usize>, Vec<Asked>) =
        missing.filter_map(|i| Some((i, paths.canonical(&asked[i])?))).unzip();
    for (i, named) in at.into_iter().zip(paths.find(&again)) {
        found[i] = named;
    }
    found
}

/// The places that a path means: a wildcard at its end stands for fields where there are any, then for types, …
fn meant(pattern: &PathPattern, named: &[Named]) -> Vec<Place> {
    let wild = pattern.segments.last().is_some_and(|s| s.contains('*'));
    let first: Option<Rank> = named.iter().filter(|n| !n.places.is_empty()).map(|n| n.rank).min();
    let taken = named.iter().filter(|n| !wild || Some(n.rank) == first);
    taken.flat_map(|n| n.places.iter().copied()).collect()
}

fn holds_nothing(asked: &Asked) -> Broken {
    Broken::UnresolvedPath {
        written: asked.pattern.text(),
        span: asked.pattern.span,
        suggestion: None,
        why: Some("holds no data: name a type, a field, a parameter, or a function with a result".to_owned()),
        notice: NoticeId(asked.notice),
    }
}

fn unresolved(paths: Paths<'_>, missed: &[&Asked]) -> Vec<Broken> {
    let suggestions = suggest::nearest(paths, missed);
    // What generated code may hold is at fault only where it is close to something that was read.
    let known =
        |(asked, suggestion): &(&&Asked, Option<String>)| suggestion.is_some() || !paths.may_be_made(asked);
    let broken =
        missed.iter().zip(suggestions).filter(known).map(|(asked, suggestion)| Broken::UnresolvedPath {
            written: asked.pattern.text(),
            span: asked.pattern.span,
            suggestion,
            why: no_crate(paths, asked),
            notice: NoticeId(asked.notice),
        });
    broken.collect()
}

fn no_crate(paths: Paths<'_>, asked: &Asked) -> Option<String> {
    let rooted = asked.pattern.segments.first().is_some_and(|s| s == "crate");
    if !rooted || paths.anchor(asked.notice) != Anchor::Workspace {
        return None;
    }
    let names: Vec<String> = paths.users(asked.notice).map(|name| format!("`{name}`")).collect();
    Some(format!(
        "`crate` is no package where the workspace has none of its own: begin with {}",
        names.join(", ")
    ))
}

fn collect<'a>(context: &Context<'a>) -> Vec<Entry<'a>> {
    let mut all = Vec::new();
    for (i, notice) in context.notices.iter().enumerate() {
        let used = context.packages.iter().any(|p| p.notice.0 == i as u32 && p.selected);
        let mut add = |pattern: &PathPattern, data: Option<&'a Data>, must: bool| {
            // What the default notice says is about no program in particular.
            let checked = used && !notice.is_default && pattern.span.file == notice.file;
            if checked || data.is_some() {
                let asked = Asked { notice: i as u32, pattern: pattern.clone() };
                all.push(Entry { asked, data, must, checked });
            }
        };
        notice.data.iter().for_each(|data| add(&data.path, Some(data), true));
        program_paths(notice).for_each(|pattern| add(pattern, None, true));
        any_paths(notice).iter().for_each(|pattern| add(pattern, None, false));
    }
    all
}

/// Paths that name something of the program.
fn program_paths(notice: &Notice) -> impl Iterator<Item = &PathPattern> {
    let purposes = notice.purposes.iter().flat_map(|p| &p.code);
    let choices = notice.choices.iter().flat_map(|c| c.checked_by.iter().chain(&c.refused_by));
    let roots = notice.erasures.iter().chain(&notice.accesses).flat_map(|r| &r.root);
    let rules = notice.rules.iter().flat_map(|rule| &rule.of);
    let along = notice.recipients.iter().flat_map(|r| &r.together_with);
    let addresses = notice.recipients.iter().filter_map(|r| r.addressed_by.as_ref()).flat_map(|by| &by.from);
    purposes.chain(choices).chain(roots).chain(rules).chain(along).chain(addresses)
}

/// Paths that may as well name something of another crate.
fn any_paths(notice: &Notice) -> Vec<PathPattern> {
    let sources = notice.sources.iter().flat_map(|s| &s.calls);
    let transforms = notice.transforms.iter().flat_map(|t| &t.calls);
    let recipients = notice.recipients.iter().flat_map(|r| {
        let from = r.addressed_by.iter().flat_map(|a| &a.from);
        r.calls.iter().chain(&r.together_with).chain(from)
    });
    let reached = notice.erasures.iter().chain(&notice.accesses);
    let by = reached.clone().flat_map(|r| r.by.iter().chain(&r.when_older_than));
    let of = reached.flat_map(|r| &r.of).filter(|of| of.value.contains("::"));
    let of = of.filter_map(|of| PathPattern::parse(&of.value, of.span).ok());
    sources.chain(transforms).chain(recipients).chain(by).cloned().chain(of).collect()
}
