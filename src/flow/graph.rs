//! In which order functions are analysed: strongly connected components of the call graph, callees first, in levels
//! whose members do not depend on each other. What formatting code writes out is asked of types everywhere, so it comes
//! before all else.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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

/// Components by level: first those of formatting code, then the rest.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) formatting: Vec<Vec<Component>>,
    pub(super) rest: Vec<Vec<Component>>,
    /// For each level of the rest, functions of which nobody above asks any more.
    pub(super) done: Vec<Vec<GItem>>,
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
    /// Levels of components whose members do not depend on each other.
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
            edges[ids[func] as usize].extend(more.iter().filter_map(|f| ids.get(f)));
        }
        let mut first = vec![false; nodes.len()];
        let mut stack: Vec<u32> = formatting.iter().map(|f| ids[f]).collect();
        while let Some(n) = stack.pop() {
            if !std::mem::replace(&mut first[n as usize], true) {
                stack.extend(&edges[n as usize]);
            }
        }
        let early = levels(&nodes, &edges, &|n| first[n as usize]);
        let late = levels(&nodes, &edges, &|n| !first[n as usize]);
        mentioned.iter().flatten().for_each(|n| first[*n as usize] = true);
        let done = last_uses(&late, &ids, &edges, &first);
        Order { formatting: early, rest: late, done }
    }

    /// How large the graph in this order is, and how many functions its calls may mean.
    pub(super) fn graph_size(&self, order: &Order) -> GraphSize {
        let components = order.formatting.iter().chain(&order.rest).flatten().map(GraphSize::of_component);
        let levels = order.formatting.len() + order.rest.len();
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
            let called = |expr: &Expr| if let Expr::Call(callee, _) = expr { Some(*callee) } else { None };
            let called: FxHashSet<ExprId> = body.exprs.iter().filter_map(called).collect();
            for expr in (0..body.exprs.len() as u32).map(ExprId) {
                let target = self.target(body.expr(expr), expr, inf);
                if matches!(body.expr(expr), Expr::Path(_)) && !called.contains(&expr) {
                    mentioned.extend(target.and_then(|f| ids.get(&f)));
                }
                let hidden = self.hidden_calls(body, expr, inf);
                out.extend(target.into_iter().chain(hidden).filter_map(|f| ids.get(&f)));
            }
        }
        out.sort_unstable();
        out.dedup();
        (out, mentioned)
    }

    fn target(&self, expr: &Expr, id: ExprId, inf: &crate::types::Inference) -> Option<GItem> {
        match expr {
            Expr::Call(..) | Expr::Method(..) | Expr::Binary(..) | Expr::AssignOp(..) => {
                match inf.callees.get(&id)? {
                    Callee::Fn(func, _) => Some(*func),
                    _ => None,
                }
            }
            Expr::Path(_) => match inf.values.get(&id)? {
                ValueDef::Fn(func, _) => Some(*func),
                ValueDef::Const(item) => Some(*item),
                _ => None,
            },
            _ => None,
        }
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

/// For each level the functions that nothing on a higher one calls, and that are not kept.
fn last_uses(
    levels: &[Vec<Component>],
    ids: &FxHashMap<GItem, u32>,
    edges: &[Vec<u32>],
    kept: &[bool],
) -> Vec<Vec<GItem>> {
    let mut last = vec![0; edges.len()];
    let mut done: Vec<Vec<GItem>> = vec![Vec::new(); levels.len()];
    for (level, components) in levels.iter().enumerate() {
        for member in components.iter().flat_map(|c| &c.members) {
            let node = ids[member] as usize;
            last[node] = last[node].max(level);
            edges[node].iter().for_each(|callee| last[*callee as usize] = level);
        }
    }
    for member in levels.iter().flatten().flat_map(|c| &c.members) {
        let node = ids[member] as usize;
        if !kept[node] {
            done[last[node]].push(*member);
        }
    }
    done
}

/// Tarjan's algorithm without recursion, restricted to some nodes; then levels by the longest way to a leaf.
fn levels(nodes: &[GItem], edges: &[Vec<u32>], within: &dyn Fn(u32) -> bool) -> Vec<Vec<Component>> {
    let mut tarjan =
        Tarjan { edges, within, index: vec![u32::MAX; nodes.len()], ..Tarjan::default_for(nodes.len()) };
    for n in 0..nodes.len() as u32 {
        if within(n) && tarjan.index[n as usize] == u32::MAX {
            tarjan.visit(n);
        }
    }
    let mut level_of = vec![0u32; nodes.len()];
    let mut out: Vec<Vec<Component>> = Vec::new();
    for component in &tarjan.components {
        let callees = component.iter().flat_map(|n| &edges[*n as usize]);
        let outside = callees.filter(|c| within(**c) && !component.contains(c));
        let level = outside.map(|c| level_of[*c as usize] + 1).max().unwrap_or(0);
        component.iter().for_each(|n| level_of[*n as usize] = level);
        if out.len() <= level as usize {
            out.resize(level as usize + 1, Vec::new());
        }
        let recursive = component.len() > 1 || edges[component[0] as usize].contains(&component[0]);
        let mut members: Vec<GItem> = component.iter().map(|n| nodes[*n as usize]).collect();
        members.sort_unstable();
        out[level as usize].push(Component { members, recursive });
    }
    out
}

struct Tarjan<'e> {
    edges: &'e [Vec<u32>],
    within: &'e dyn Fn(u32) -> bool,
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
    components: Vec<Vec<u32>>,
}

impl<'e> Tarjan<'e> {
    fn default_for(count: usize) -> Self {
        Tarjan {
            edges: &[],
            within: &|_| true,
            index: Vec::new(),
            low: vec![0; count],
            on_stack: vec![false; count],
            stack: Vec::new(),
            next: 0,
            components: Vec::new(),
        }
    }

    fn enter(&mut self, n: u32) {
        self.index[n as usize] = self.next;
        self.low[n as usize] = self.next;
        self.next += 1;
        self.stack.push(n);
        self.on_stack[n as usize] = true;
    }

    fn visit(&mut self, start: u32) {
        let mut work = vec![(start, 0usize)];
        self.enter(start);
        while let Some((n, at)) = work.last_mut() {
            let (n, edges) = (*n, &self.edges[*n as usize]);
            let Some(next) = edges.get(*at).copied() else {
                work.pop();
                self.leave(n, work.last().map(|w| w.0));
                continue;
            };
            *at += 1;
            if !(self.within)(next) {
                continue;
            }
            if self.index[next as usize] == u32::MAX {
                self.enter(next);
                work.push((next, 0));
            } else if self.on_stack[next as usize] {
                self.low[n as usize] = self.low[n as usize].min(self.index[next as usize]);
            }
        }
    }

    fn leave(&mut self, n: u32, parent: Option<u32>) {
        if let Some(parent) = parent {
            self.low[parent as usize] = self.low[parent as usize].min(self.low[n as usize]);
        }
        if self.low[n as usize] != self.index[n as usize] {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member as usize] = false;
            component.push(member);
            if member == n {
                break;
            }
        }
        self.components.push(component);
    }
}
