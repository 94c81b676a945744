//! Flows of personal data through the program.
//!
//! The algorithm: every function is run once over abstract values (`frame`), callees first (`graph`) and each as soon as
//! these are done (`schedule`), and leaves a summary in terms of its parameters (`summary`) that is filled in at each call,
//! so calls are told apart by what they pass. Sinks that hang on a parameter travel to callers in the summary; sinks that
//! a source reaches are hits, which `join` turns into rows of the data map. How values of a type are shown (`show`) is
//! asked of types, not of values. What alternatives leave behind is joined in `ways`.
//!
//! What code calls without writing it (`next` of a loop, `deref`, `from` behind `?`) is in `hidden`; what other crates
//! do comes from models alone (`modelled`).
//!
//! A function's values end with its callers. What was certainly put into a text field of a structure is noted besides,
//! and in a second, small pass handed to the methods that read that field (`kept`).
//!
//! What a literal leaves out is not in its value (`absent`), whatever the type says; which types hide what they hold is
//! asked of types alone (`opacity`). Of a choice between variants, arms of others are not run (`arms`), which callers say
//! where they know more.
//!
//! Text that is decoded further on holds what its type says (`decoded`): a body is looked through for such calls first.
//!
//! A finding rests on one guess at most: that data merely looks personal (by its name, or because a type may hold it among
//! much else), that an unknown call passes on what it is given, that a path was cut, that a value is of a rare variant, or
//! that an answer repeats what it was asked with (`echo`). What rests on two is dropped in `join`. Failures of many kinds
//! hold what code puts into them, and nothing by their type (`failures`).
//!
//! It ends because values only grow at joins, access paths are at most four steps long, loops run a fixed number of
//! rounds and recursive components two. It costs one walk over each body, times the nesting of loops and closures.
//! Values are bounded: so many taints of one place, of a result, of a sink, those of parameters dropped first and deep
//! ones before short ones, and the rest marked as collapsed.
//! It loses: aliases through fields of several owners, elements of containers beyond constant keys, the order of
//! threads, what a callee does through a reference that it stored, and recursion beyond the second round.

mod absent;
mod arms;
mod atom;
mod besides;
mod build;
mod call;
mod callable;
mod components;
mod control;
mod conversions;
mod decoded;
mod doubts;
mod echo;
mod entry;
mod failures;
mod frame;
mod generic;
mod given;
mod graph;
mod hidden;
mod invoke;
mod join;
mod keyed;
mod kept;
mod modelled;
mod named;
mod object;
mod opacity;
mod origin;
mod path;
mod places;
mod read;
mod schedule;
mod shape;
mod show;
mod silent;
mod sinks;
mod summary;
mod taken;
mod text;
mod trace;
mod value;
mod ways;
mod world;

use std::sync::Arc;

use rayon::prelude::*;

use crate::datamap::{Approximation, Flow};
use crate::label::Labels;
use crate::models::Models;
use crate::notice::Notice;
use crate::resolve::GItem;
use crate::taxonomy::Taxonomy;
use crate::types::{Callee, Inference, Sema};
use frame::Outcome;
use graph::{Component, MAX_DISPATCH};
use join::Rows;
use kept::Kept;
use rustc_hash::FxHashSet;
use schedule::Work;
use summary::{Overlay, Summary};
use value::Doubts;
use world::World;

pub use crate::label::PackageFacts;
pub use graph::GraphSize;

/// Up to so many implementations of a trait's method, what any of them brings counts at a call of the trait.
const FEW_IMPLEMENTATIONS: usize = 4;

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
    /// For each package its name (as code writes it) and its notice.
    pub packages: &'a [PackageFacts],
}

impl Input<'_> {
    /// The crate that `crate::` means in a notice.
    fn holder(&self, notice: usize) -> String {
        let mut of = self.packages.iter().filter(|p| p.notice.0 as usize == notice);
        of.find_map(|p| p.crate_of_notice.clone()).unwrap_or_default()
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Flows, sorted by sink.
    pub flows: Vec<Flow>,
    /// How often each approximation was made.
    pub approximations: Vec<(Approximation, usize)>,
    /// Calls that could not be resolved, and all calls.
    pub calls: (usize, usize),
    /// URLs that could not be resolved.
    pub unresolved_urls: usize,
    /// The call graph.
    pub graph: GraphSize,
}

/// Finds the flows of a program.
#[must_use]
pub fn analyse(input: &Input<'_>) -> Found {
    let mut world = World::new(*input);
    world.silent_types = world.find_silent();
    world.uses = world.find_uses();
    let mut order = world.order();
    world.calls = std::mem::take(&mut order.calls);
    let graph = world.graph_size(&order);
    let (mut rows, mut kept) = (Rows::default(), Kept::default());
    for level in &order.formatting {
        world.level(level, &mut rows, &mut kept);
    }
    world.settled = true;
    let later = world.called_later();
    let rest = Rest { world: &world, components: &order.rest, mentioned: &order.mentioned, later: &later };
    order.schedule.run(&rest, |done: Vec<Outcome>| {
        for outcome in done {
            world.gather(&mut rows, outcome.hits);
            kept::keep(&mut kept, outcome.puts);
        }
    });
    world.kept = kept;
    world.read_kept(&mut rows);
    let (flows, unresolved_urls) = rows.finish();
    let calls = count_calls(input.bodies);
    let approximations = [
        (Approximation::UnresolvedCall, calls.0),
        (Approximation::UnresolvedUrl, unresolved_urls),
        (Approximation::DynamicDispatch, world.capped()),
    ];
    let approximations = approximations.into_iter().filter(|(_, n)| *n > 0).collect();
    // Letting go of all that was found out takes a while for one thread.
    std::mem::take(&mut world.summaries).into_par_iter().for_each(drop);
    Found { flows, approximations, calls, unresolved_urls, graph }
}

fn count_calls(bodies: &[(GItem, Inference)]) -> (usize, usize) {
    let unknown = |c: &&Callee| matches!(c, Callee::Unknown | Callee::Fn(_, true));
    bodies.iter().fold((0, 0), |(open, all), (_, inf)| {
        (open + inf.callees.values().filter(unknown).count(), all + inf.callees.len())
    })
}

/// Functions of which no formatting code asks.
struct Rest<'w, 'a> {
    world: &'w World<'a>,
    components: &'w [Component],
    /// Summaries of these are asked for by more than those who call them.
    mentioned: &'w FxHashSet<GItem>,
    later: &'w FxHashSet<GItem>,
}

impl Work for Rest<'_, '_> {
    type Yield = Vec<Outcome>;

    fn run(&self, job: u32) -> Vec<Outcome> {
        let done = self.world.component(&self.components[job as usize]);
        let put = |(id, mut outcome): (GItem, Outcome)| {
            *self.world.slot(id) = Some(Arc::new(std::mem::take(&mut outcome.summary)));
            outcome
        };
        done.into_iter().map(put).collect()
    }

    fn release(&self, job: u32) {
        let members = &self.components[job as usize].members;
        for member in members.iter().filter(|m| !self.mentioned.contains(m) && !self.later.contains(m)) {
            self.world.slot(*member).take();
        }
    }
}

impl World<'_> {
    /// Analyses components that do not depend on each other.
    fn level(&self, components: &[Component], rows: &mut Rows, kept: &mut Kept) {
        let done: Vec<Vec<(GItem, Outcome)>> = components.par_iter().map(|c| self.component(c)).collect();
        for (id, outcome) in done.into_iter().flatten() {
            *self.slot(id) = Some(Arc::new(outcome.summary));
            self.gather(rows, outcome.hits);
            kept::keep(kept, outcome.puts);
        }
    }

    fn component(&self, component: &Component) -> Vec<(GItem, Outcome)> {
        let mut before = Overlay::default();
        if component.recursive {
            for member in &component.members {
                let (id, outcome) = self.function(*member, &before);
                before.insert(id, Arc::new(outcome.summary));
            }
        }
        component.members.iter().map(|m| self.function(*m, &before)).collect()
    }

    fn function(&self, id: GItem, within: &Overlay) -> (GItem, Outcome) {
        let mut outcome = frame::run(self, id, within);
        let mut summary = std::mem::take(&mut outcome.summary);
        if let Some(list) = self.implementations(id) {
            let mut known = list.iter().take(MAX_DISPATCH).filter_map(|f| self.implementation(*f));
            if !self.has_body(id)
                && let Some(first) = known.next()
            {
                summary = first;
            }
            summary = known.fold(summary, |s, other| s.join(&other)).bounded();
            // An implementation that nobody sees may put something there.
            summary.ret = summary.ret.present();
            if list.len() > FEW_IMPLEMENTATIONS {
                summary = summary.without_sources();
            }
            if list.len() > MAX_DISPATCH {
                summary = summary.doubted(Doubts::of(Approximation::DynamicDispatch));
            }
        }
        (id, Outcome { summary, ..outcome })
    }

    /// What one implementation of a trait's method does, where it is the one.
    fn implementation(&self, id: GItem) -> Option<Summary> {
        let summary = Summary::clone(&*self.summary(id)?);
        Some(match self.implemented_for(id) {
            Some(item) => summary.only_for(item),
            None => summary,
        })
    }

    /// Trait methods with more implementations than are looked at.
    fn capped(&self) -> usize {
        let program = self.input.sema.program;
        program.items().filter(|i| self.implementations(*i).is_some_and(|l| l.len() > MAX_DISPATCH)).count()
    }
}
