//! Numbers of a run for those who work on the program itself: how much code there was and how much of it was understood.

use std::io::{self, Write};

use rayon::prelude::*;

use crate::flow::GraphSize;
use crate::load::{Counts, Loaded};
use crate::resolve::GItem;
use crate::types::{Callee, Inference, Ty, TyKind};

/// The numbers.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Stats {
    counts: Counts,
    items: usize,
    bodies: usize,
    types: Share,
    calls: Calls,
    graph: GraphSize,
}

/// Some of all.
#[derive(Clone, Copy, Default, Debug)]
struct Share {
    known: usize,
    all: usize,
}

/// Calls by what is known of the callee.
#[derive(Clone, Copy, Default, Debug)]
struct Calls {
    resolved: usize,
    by_name: usize,
    external: usize,
    values: usize,
    unknown: usize,
}

impl Stats {
    /// Counts.
    pub(super) fn of(loaded: &Loaded, bodies: &[(GItem, Inference)], graph: GraphSize) -> Self {
        let program = &loaded.program;
        let items = program.items().filter(|item| !program.is_model(*item)).count();
        let each = bodies.par_iter().map(|(_, inference)| (types(inference), calls(inference)));
        let (types, calls) = each.reduce(Default::default, |a, b| (a.0.and(b.0), a.1.and(b.1)));
        Self { counts: loaded.counts, items, bodies: bodies.len(), types, calls, graph }
    }

    /// Prints them.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Counts { files, lines, unreached, unparsed, opaque_macros } = self.counts;
        writeln!(out, "files: {files} ({unreached} unreached, {unparsed} unparsed), lines: {lines}")?;
        writeln!(out, "items: {}, bodies: {}, opaque macros: {opaque_macros}", self.items, self.bodies)?;
        let Share { known, all } = self.types;
        writeln!(out, "expressions: {all}, types known: {known} ({:.1} %)", percent(known, all))?;
        let Calls { resolved, by_name, external, values, unknown } = self.calls;
        let all = resolved + by_name + external + values + unknown;
        writeln!(
            out,
            "calls: {all}, resolved: {resolved} ({:.1} %), by name: {by_name}, external: {external}, values: {values}, \
             unresolved: {unknown} ({:.1} %)",
            percent(resolved, all),
            percent(unknown, all)
        )?;
        let GraphSize { functions, components, knots, largest, levels, .. } = self.graph;
        writeln!(
            out,
            "call graph: {functions} functions, components: {components}, of more than one function: {knots} \
             (largest: {largest}), levels: {levels}"
        )?;
        let GraphSize { calls, targets, dispatched, most_targets, .. } = self.graph;
        let each = if calls == 0 { 0.0 } else { targets as f64 / calls as f64 };
        writeln!(
            out,
            "targets per call: {each:.2}, calls with more than one: {dispatched}, most: {most_targets}"
        )
    }
}

impl Share {
    fn and(self, other: Self) -> Self {
        Self { known: self.known + other.known, all: self.all + other.all }
    }
}

impl Calls {
    fn and(self, other: Self) -> Self {
        Self {
            resolved: self.resolved + other.resolved,
            by_name: self.by_name + other.by_name,
            external: self.external + other.external,
            values: self.values + other.values,
            unknown: self.unknown + other.unknown,
        }
    }
}

fn types(inference: &Inference) -> Share {
    let is_known = |ty: &&Ty| !matches!(inference.table.kind(**ty), TyKind::Unknown | TyKind::Var(_));
    Share { known: inference.exprs.iter().filter(is_known).count(), all: inference.exprs.len() }
}

fn calls(inference: &Inference) -> Calls {
    inference.callees.values().fold(Calls::default(), |mut calls, callee| {
        let number = match callee {
            Callee::Fn(_, false) | Callee::Ctor(..) => &mut calls.resolved,
            Callee::Fn(_, true) => &mut calls.by_name,
            Callee::External(_) => &mut calls.external,
            Callee::Value => &mut calls.values,
            Callee::Unknown => &mut calls.unknown,
        };
        *number += 1;
        calls
    })
}

fn percent(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part as f64 * 100.0 / all as f64 }
}
