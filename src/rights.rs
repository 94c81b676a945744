//! Rights: what is stored, by type and category, against what the notice's erasure and access reach. Deletion starts at the
//! functions that an `[[erasure]]` names, and a stored type is reached where a call that deletes, in one of them or in
//! what they call, has to do with it: by its table, by its key, or by its type. Export starts at those of an `[[access]]`,
//! and a stored category is reached where one of them reads it or hands it out whole.
//!
//! It costs one look at the functions that can be reached from the roots and one at those that write, and nothing where no
//! notice has such an entry; it ends because each function is looked at once. It is a matter of reach alone: that a
//! deletion happens on every path is not shown. What a database deletes along with other rows is
//! read from the schemas in SQL. It loses triggers, schemas that are made by code, tables whose names are put together at run time, and what was written by a program elsewhere.
//!
//! It knows no lint and follows no value: what is stored, the table of flows says.

mod marks;
mod reach;
mod schema;
mod shown;
mod stored;

use rustc_hash::FxHashMap;

use crate::datamap::{Flow, NoticeId, Right, Unreached};
use crate::label::{Labels, PackageFacts};
use crate::models::Models;
use crate::notice::{Notice, PathPattern, Reach};
use crate::resolve::{GItem, Program};
use crate::source::Span;
use crate::taxonomy::Taxonomy;
use crate::types::{Callee, Inference, Sema};
use marks::Marks;
use reach::Reached;
use stored::Stored;

/// What the analysis is given.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program with its indices.
    pub sema: &'a Sema<'a>,
    /// Every body with what was inferred of it, sorted by item.
    pub bodies: &'a [(GItem, Inference)],
    /// What is known of other crates.
    pub models: &'a Models,
    /// Which places are personal.
    pub labels: &'a Labels,
    /// Categories.
    pub taxonomy: &'a Taxonomy,
    /// Notices in use.
    pub notices: &'a [Notice],
    /// For each package its name and its notice.
    pub packages: &'a [PackageFacts],
    /// Where personal data goes.
    pub flows: &'a [Flow],
    /// Texts in SQL that make tables, in the order in which they are run.
    pub schemas: &'a [String],
}

/// What erasure and access do not reach, sorted by place.
#[must_use]
pub fn unreached(input: &Input<'_>) -> Vec<Unreached> {
    if input.notices.iter().all(|notice| notice.erasures.is_empty() && notice.accesses.is_empty()) {
        return Vec::new();
    }
    let look = Look::new(*input);
    let mut all = Vec::new();
    for (n, notice) in input.notices.iter().enumerate() {
        let id = NoticeId(n as u32);
        let stored = stored::stored(&look, id);
        look.erasure(id, &notice.erasures, &stored, &mut all);
        look.access(id, &notice.accesses, &stored, &mut all);
    }
    all.sort_by(|a, b| (a.span, a.right, &a.what).cmp(&(b.span, b.right, &b.what)));
    all.dedup();
    all
}

/// The program, as all parts look at it.
struct Look<'a> {
    input: Input<'a>,
    /// Tables with those whose rows go with theirs.
    cascades: Vec<schema::Cascade>,
    by_item: FxHashMap<GItem, usize>,
}

impl<'a> Look<'a> {
    fn new(input: Input<'a>) -> Self {
        let by_item = input.bodies.iter().enumerate().map(|(i, (id, _))| (*id, i)).collect();
        Self { input, cascades: schema::cascades(input.schemas), by_item }
    }

    fn program(&self) -> &'a Program {
        self.input.sema.program
    }

    fn inference(&self, item: GItem) -> Option<&'a Inference> {
        self.by_item.get(&item).map(|at| &self.input.bodies[*at].1)
    }

    /// What `crate` means in a notice.
    fn home(&self, notice: NoticeId) -> &'a str {
        let mut of = self.input.packages.iter().filter(|package| package.notice == notice);
        of.find_map(|package| package.crate_of_notice.as_deref()).unwrap_or_default()
    }

    fn path(&self, item: GItem) -> Vec<&'static str> {
        self.program().path(item).iter().map(|name| name.as_str()).collect()
    }

    fn callee_path(&self, callee: &Callee) -> Option<Vec<&'static str>> {
        match callee {
            Callee::Fn(function, _) => Some(self.path(*function)),
            Callee::External(path) => Some(path.iter().map(|name| name.as_str()).collect()),
            _ => None,
        }
    }

    fn span(&self, item: GItem, range: crate::ir::Range) -> Span {
        self.program().span(item, range)
    }

    /// The name of a root, to show where it starts.
    fn root_span(&self, reached: &Reached) -> Option<Span> {
        reached.roots.first().map(|root| self.span(*root, self.program().item(*root).name_range))
    }

    /// All entries about a thing together have to reach it; the first that is about it is told.
    fn erasure(&self, notice: NoticeId, entries: &[Reach], stored: &[Stored], out: &mut Vec<Unreached>) {
        let reached: Vec<Reached> = entries.iter().map(|entry| self.reached(notice, &entry.root)).collect();
        let each =
            entries.iter().zip(&reached).map(|(entry, reached)| self.deletions(notice, entry, reached));
        let deletions: Vec<Vec<(Marks, bool)>> = each.collect();
        for (at, entry) in entries.iter().enumerate().filter(|(at, _)| !reached[*at].roots.is_empty()) {
            for thing in self.wanted(notice, entry, stored) {
                let is_about = |n: usize| {
                    n == at || self.wanted(notice, &entries[n], stored).iter().any(|other| other.is(&thing))
                };
                let about: Vec<usize> = (0..entries.len()).filter(|n| is_about(*n)).collect();
                if about.iter().any(|n| *n < at && !reached[*n].roots.is_empty()) {
                    continue;
                }
                let found: Vec<(bool, bool)> = about
                    .iter()
                    .flat_map(|n| &deletions[*n])
                    .filter(|(marks, _)| marks.touch(&thing.marks))
                    .map(|(_, by_age)| (true, *by_age))
                    .collect();
                let aged = entry.when_older_than.is_some();
                if found.iter().any(|(_, by_age)| *by_age || !aged) {
                    continue;
                }
                let ageless = !found.is_empty();
                out.push(self.told(notice, Right::Erasure(at), &thing, &reached[at], ageless));
            }
        }
    }

    fn access(&self, notice: NoticeId, entries: &[Reach], stored: &[Stored], out: &mut Vec<Unreached>) {
        let shown: Vec<Option<shown::Shown>> = entries
            .iter()
            .map(|entry| {
                let reached = self.reached(notice, &entry.root);
                (!reached.roots.is_empty()).then(|| shown::shown(self, reached))
            })
            .collect();
        for (at, entry) in entries.iter().enumerate() {
            let Some(own) = &shown[at] else { continue };
            for mut thing in self.wanted(notice, entry, stored) {
                let is_shown = |category| shown.iter().flatten().any(|shown| shown.has(self, category));
                thing.categories.retain(|category| !is_shown(*category));
                let told = out.iter().any(|known: &Unreached| {
                    known.span == thing.span
                        && matches!(known.right, Right::Access(_))
                        && known.notice == notice
                });
                if !thing.categories.is_empty() && !told {
                    out.push(self.told(notice, Right::Access(at), &thing, &own.reached, false));
                }
            }
        }
    }

    fn told(
        &self,
        notice: NoticeId,
        right: Right,
        thing: &Stored,
        reached: &Reached,
        ageless: bool,
    ) -> Unreached {
        Unreached {
            right,
            span: thing.span,
            what: thing.what.clone(),
            categories: thing.categories.clone(),
            writes: thing.writes.clone(),
            root: self.root_span(reached),
            ageless,
            notice,
        }
    }

    /// What an entry must reach.
    fn wanted(&self, notice: NoticeId, entry: &Reach, stored: &[Stored]) -> Vec<Stored> {
        if entry.of.is_empty() {
            return stored.to_vec();
        }
        let mut all: Vec<Stored> = Vec::new();
        for name in &entry.of {
            for thing in stored::named(self, notice, &name.value, stored) {
                if !all.iter().any(|known| known.is(&thing)) {
                    all.push(thing);
                }
            }
        }
        all
    }

    fn reached(&self, notice: NoticeId, roots: &[PathPattern]) -> Reached {
        reach::reached(self, roots, self.home(notice))
    }

    /// What each deleting call has to do with, and whether it depends on an age.
    fn deletions(&self, notice: NoticeId, entry: &Reach, reached: &Reached) -> Vec<(Marks, bool)> {
        let home = self.home(notice);
        let mut all = Vec::new();
        for item in &reached.functions {
            let (Some(inference), Some(body)) = (self.inference(*item), self.program().body(*item)) else {
                continue;
            };
            let code = marks::Code::new(self, *item, body, inference);
            let deletes = |path: &[&str]| match entry.by.is_empty() {
                true => self.input.models.removes(path),
                false => entry.by.iter().any(|pattern| pattern.matches(path, home)),
            };
            for id in code.deleting(&deletes, entry.by.is_empty()) {
                let by_age = entry.when_older_than.as_ref().is_none_or(|now| {
                    let is_now = |path: &[&str]| now.matches(path, home);
                    code.depends_on(id, &is_now)
                });
                let mut marks = code.marks(id);
                if !code.is_update(id) {
                    schema::follow(&self.cascades, &mut marks.tables);
                }
                all.push((marks, by_age));
            }
        }
        all
    }
}
