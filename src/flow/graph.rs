//! In which order functions are analysed: strongly connected components of the call graph, callees first, those on the
//! longest way to a caller before others. What formatting code writes out is asked of types everywhere, so it comes
//! before all else, in levels whose members do not depend on each other.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::components::{Components, Graph};
use super::schedule::Schedule;
use super::shape::{self, Shape};
use super::world::World;
use crate::ir::{Expr, ExprId, ItemKind, View};
use crate::resolve::GItem;
use crate::types::{Callee, ValueDef};

/// One component.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) members: Vec<GItem>,
    /// Whether it calls itself.
    pub(super) recursive: bool,
}

/// Components: first those of formatting code, by level, then the rest.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) formatting: Vec<Vec<Component>>,
    pub(super) rest: Vec<Component>,
    /// Which of the rest waits for which.
    pub(super) schedule: Schedule,
    /// Functions that may be asked for when all that calls them is done.
    pub(super) mentioned: FxHashSet<GItem>,
    /// What each function calls or mentions.
    pub(super) calls: Calls,
}

/// For each function those that it calls or mentions.
#[derive(Debug, Default)]
pub(super) struct Calls {
    ids: FxHashMap<GItem, u32>,
    /// Sorted.
    callees: Vec<Vec<u32>>,
}

impl Calls {
    /// Whether one function calls or mentions another.
    pub(super) fn has(&self, caller: GItem, callee: GItem) -> bool {
        let callees = self.ids.get(&caller).map(|n| &self.callees[*n as usize]);
        callees.zip(self.ids.get(&callee)).is_some_and(|(all, callee)| all.binary_search(callee).is_ok())
    }
}

/// How large the call graph is, for those who work on the program itself.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct GraphSize {
    /// Functions, constants with code, and trait methods that stand for their implementations.
    pub functions: usize,
    /// Strongly connected components.
    pub components: usize,
    /// Those of more than one function.
    pub knots: usize,
    /// Functions of the largest.
    pub largest: usize,
    /// The most components that wait for each other in a row.
    pub levels: usize,
    /// Calls of known functions.
    pub calls: usize,
    /// What they may call, taken together.
    pub targets: usize,
    /// Calls of what may be more than one function.
    pub dispatched: usize,
    /// The most functions that one call may mean.
    pub most_targets: usize,
}

impl GraphSize {
    fn and(self, other: Self) -> Self {
        Self {
            functions: self.functions + other.functions,
            components: self.components + other.components,
            knots: self.knots + other.knots,
            largest: self.largest.max(other.largest),
            levels: self.levels + other.levels,
            calls: self.calls + other.calls,
            targets: self.targets + other.targets,
            dispatched: self.dispatched + other.dispatched,
            most_targets: self.most_targets.max(other.most_targets),
        }
    }

    fn of_component(component: &Component) -> Self {
        let size = component.members.len();
        Self {
            functions: size,
            components: 1,
            knots: usize::from(size > 1),
            largest: size,
            ..Self::default()
        }
    }

    fn of_call(targets: usize) -> Self {
        let dispatched = usize::from(targets > 1);
        Self { calls: 1, targets, dispatched, most_targets: targets, ..Self::default() }
    }
}

/// Implementations that stand for one trait method at most.
pub(super) const MAX_DISPATCH: usize = 48;

impl World<'_> {
    /// The order of all functions.
    pub(super) fn order(&self) -> Order {
        let nodes = self.nodes();
        let ids: FxHashMap<GItem, u32> = nodes.iter().enumerate().map(|(i, n)| (*n, i as u32)).collect();
        let formatting = self.formatting(&nodes);
        let found: Vec<(Vec<u32>, Vec<u32>)> = nodes.par_iter().map(|n| self.edges(*n, &ids)).collect();
        let (mut edges, mentioned): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        for func in &formatting {
            let more = self.shown_by(*func);
            let callees = &mut edges[ids[func] as usize];
            callees.extend(more.iter().filter_map(|f| ids.get(f)));
            callees.sort_unstable();
        }
        let mut first = vec![false; nodes.len()];
        let mut stack: Vec<u32> = formatting.iter().map(|f| ids[f]).collect();
        while let Some(n) = stack.pop() {
            if !std::mem::replace(&mut first[n as usize], true) {
                stack.extend(&edges[n as usize]);
            }
        }
        let graph = Graph { edges: &edges };
        let early = graph.components(&|n| first[n as usize]);
        let late = graph.components(&|n| !first[n as usize]);
        let named = |among: &Components, at: &u32| {
            let component = &among[*at as usize];
            let mut members: Vec<GItem> = component.iter().map(|n| nodes[*n as usize]).collect();
            members.sort_unstable();
            Component { members, recursive: graph.is_recursive(component) }
        };
        let size = |n: &u32| self.body(nodes[*n as usize]).map_or(0, |(body, _)| body.exprs.len() as u64);
        let (rest, schedule) = graph.by_urgency(&late, |component| component.iter().map(size).sum());
        let level = |level: Vec<u32>| level.iter().map(|at| named(&early, at)).collect();
        Order {
            formatting: graph.levels(&early).into_iter().map(level).collect(),
            rest: rest.iter().map(|at| named(&late, at)).collect(),
            schedule,
            mentioned: mentioned.into_iter().flatten().map(|n| nodes[n as usize]).collect(),
            calls: Calls { ids, callees: edges },
        }
    }

    /// How large the graph in this order is, and how many functions its calls may mean.
    pub(super) fn graph_size(&self, order: &Order) -> GraphSize {
        let components = order.formatting.iter().flatten().chain(&order.rest).map(GraphSize::of_component);
        let levels = order.formatting.len() + order.schedule.depth();
        let calls = self.input.bodies.par_iter().map(|(_, inf)| self.calls_of(inf));
        components
            .fold(calls.reduce(GraphSize::default, GraphSize::and), GraphSize::and)
            .and(GraphSize { levels, ..GraphSize::default() })
    }

    fn calls_of(&self, inf: &crate::types::Inference) -> GraphSize {
        let known = inf.callees.values().filter_map(|callee| match callee {
            Callee::Fn(func, _) => Some(self.implementations(*func).map_or(1, |list| list.len().max(1))),
            _ => None,
        });
        known.map(GraphSize::of_call).fold(GraphSize::default(), GraphSize::and)
    }

    /// Functions and constants with code, and trait methods that stand for their implementations.
    fn nodes(&self) -> Vec<GItem> {
        let program = self.input.sema.program;
        let mut nodes: Vec<GItem> = self.input.bodies.iter().map(|(id, _)| *id).collect();
        let dispatching = program
            .items()
            .filter(|i| self.decl(*i).is_some() && !self.has_body(*i) && self.implementations(*i).is_some());
        nodes.extend(dispatching);
        nodes.sort_unstable();
        nodes
    }

    /// What a trait's method may be at run time; none for methods of std's traits, of which every type has its own.
    pub(super) fn implementations(&self, func: GItem) -> Option<&Vec<GItem>> {
        let program = self.input.sema.program;
        let found = self.input.sema.index.overrides.get(&func)?;
        let krate = program.crate_of(func);
        (Some(program.crates[krate.0 as usize].root) != program.std_root()).then_some(found)
    }

    /// What a function calls, and what it hands on as a value, to be called wherever it gets.
    fn edges(&self, id: GItem, ids: &FxHashMap<GItem, u32>) -> (Vec<u32>, Vec<u32>) {
        let (mut out, mut mentioned) = (Vec::new(), Vec::new());
        if let Some(list) = self.implementations(id) {
            out.extend(list.iter().take(MAX_DISPATCH).filter_map(|f| ids.get(f)));
        }
        if let Some((body, inf)) = self.body(id) {
            let calls = inf.callees.values().filter_map(|callee| match callee {
                Callee::Fn(func, _) => Some(*func),
                _ => None,
            });
            out.extend(calls.filter_map(|func| ids.get(&func)));
            let mut called = FxHashSet::default();
            for (at, expr) in body.exprs.iter().enumerate() {
                if let Expr::Call(callee, _) = expr {
                    called.insert(*callee);
                }
                out.extend(self.hidden_calls(body, ExprId(at as u32), inf).iter().filter_map(|f| ids.get(f)));
            }
            for (expr, value) in inf.values.iter() {
                let (ValueDef::Fn(item, _) | ValueDef::Const(item)) = value else { continue };
                let Some(node) = ids.get(item) else { continue };
                out.push(*node);
                if !called.contains(expr) {
                    mentioned.push(*node);
                }
            }
        }
        out.sort_unstable();
        out.dedup();
        (out, mentioned)
    }

    /// Hand-written `Debug`, `Display` and `Serialize`.
    fn formatting(&self, nodes: &[GItem]) -> Vec<GItem> {
        let program = self.input.sema.program;
        let writes = |id: &GItem| {
            let name = program.item(*id).name;
            let parent = program.parent(*id).map(|p| &program.item(p).kind);
            let Some(ItemKind::Impl(imp)) = parent else { return false };
            let of = imp.trait_.as_ref().and_then(|t| t.last());
            match of.map_or("", |n| n.as_str()) {
                "Debug" | "Display" => name == *"fmt",
                "Serialize" => name == *"serialize",
                _ => false,
            }
        };
        nodes.iter().copied().filter(|n| self.has_body(*n)).filter(writes).collect()
    }

    /// Formatting code of the types that a type holds.
    fn shown_by(&self, func: GItem) -> Vec<GItem> {
        let Some((_, inf)) = self.body(func) else { return Vec::new() };
        let Some(local) = inf.locals.first() else { return Vec::new() };
        let (mut out, mut seen) = (Vec::new(), Vec::new());
        self.held(&self.shape(*local).clone(), &mut seen, &mut out);
        out.retain(|f| *f != func);
        out
    }

    fn held(&self, shape: &Shape, seen: &mut Vec<GItem>, out: &mut Vec<GItem>) {
        match shape {
            Shape::Adt(item, args) => {
                args.iter().for_each(|a| self.held(a, seen, out));
                if seen.contains(item) || seen.len() > 64 {
                    return;
                }
                seen.push(*item);
                let views = [View::Debug, View::Display, View::Serialize];
                out.extend(views.iter().filter_map(|v| self.hand_written(*item, *v)));
                for field in self.field_shapes(*item, args) {
                    self.held(&field, seen, out);
                }
            }
            Shape::Tuple(items) | Shape::Of(items) | Shape::External(_, items) => {
                items.iter().for_each(|i| self.held(i, seen, out));
            }
            _ => {}
        }
    }

    fn field_shapes(&self, item: GItem, args: &[Shape]) -> Vec<Shape> {
        let sema = self.input.sema;
        if sema.program.is_model(item) {
            return Vec::new();
        }
        let params = shape::bindings(sema, item, args);
        let own = Shape::Adt(item, args.into());
        let fields: Vec<&crate::ir::Field> = match &sema.program.item(item).kind {
            ItemKind::Struct(_, fields) => fields.list.iter().collect(),
            ItemKind::Enum(_, variants) => variants.iter().flat_map(|v| &v.fields.list).collect(),
            _ => Vec::new(),
        };
        fields.iter().map(|f| shape::written(sema, item, &params, &own, &f.ty, 0)).collect()
    }
}
