//! Strongly connected components of a graph of numbers: in an order in which what one leads to comes first, in levels, or
//! as a schedule. Knows nothing of what the numbers stand for.

use std::cmp::Reverse;

use super::schedule::Schedule;

/// Nodes that lead to each other; what one leads to outside of it has a lower index.
pub(super) type Components = Vec<Vec<u32>>;

/// For each component those that it leads to, by index, each once.
type Below = Vec<Vec<u32>>;

/// A graph by its edges.
#[derive(Clone, Copy)]
pub(super) struct Graph<'e> {
    pub(super) edges: &'e [Vec<u32>],
}

impl Graph<'_> {
    /// The components of some nodes.
    pub(super) fn components(self, within: &dyn Fn(u32) -> bool) -> Components {
        let mut tarjan = Tarjan::new(self.edges, within);
        for n in 0..self.edges.len() as u32 {
            if within(n) && tarjan.index[n as usize] == NONE {
                tarjan.visit(n);
            }
        }
        tarjan.components
    }

    /// Whether a component leads to itself.
    pub(super) fn is_recursive(self, component: &[u32]) -> bool {
        component.len() > 1 || self.edges[component[0] as usize].contains(&component[0])
    }

    fn below(self, components: &Components) -> Below {
        let mut of = vec![NONE; self.edges.len()];
        for (at, component) in components.iter().enumerate() {
            component.iter().for_each(|n| of[*n as usize] = at as u32);
        }
        let below = |(at, component): (usize, &Vec<u32>)| {
            let targets = component.iter().flat_map(|n| &self.edges[*n as usize]).map(|n| of[*n as usize]);
            let mut below: Vec<u32> = targets.filter(|to| *to != NONE && *to != at as u32).collect();
            below.sort_unstable();
            below.dedup();
            below
        };
        components.iter().enumerate().map(below).collect()
    }

    /// Indices of components by the longest way down: those of one level do not lead to each other.
    pub(super) fn levels(self, components: &Components) -> Vec<Vec<u32>> {
        let mut level_of = vec![0; components.len()];
        let mut levels: Vec<Vec<u32>> = Vec::new();
        for (at, below) in self.below(components).iter().enumerate() {
            let level = below.iter().map(|b| level_of[*b as usize] + 1).max().unwrap_or(0);
            level_of[at] = level;
            if levels.len() <= level {
                levels.resize(level + 1, Vec::new());
            }
            levels[level].push(at as u32);
        }
        levels
    }

    /// Indices of components in the order of a schedule: those first whose work and that of all above them, along the
    /// costliest way up, is most.
    pub(super) fn by_urgency(
        self,
        components: &Components,
        cost: impl Fn(&[u32]) -> u64,
    ) -> (Vec<u32>, Schedule) {
        let below = self.below(components);
        let mut urgency = vec![0u64; components.len()];
        for (at, component) in components.iter().enumerate().rev() {
            urgency[at] += 1 + cost(component);
            let own = urgency[at];
            below[at].iter().for_each(|b| urgency[*b as usize] = urgency[*b as usize].max(own));
        }
        let mut order: Vec<u32> = (0..components.len() as u32).collect();
        order.sort_by_key(|at| (Reverse(urgency[*at as usize]), *at));
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(i, at)| place[*at as usize] = i as u32);
        let after = |at: &u32| below[*at as usize].iter().map(|b| place[*b as usize]).collect();
        let schedule = Schedule::new(order.iter().map(after).collect());
        (order, schedule)
    }
}

const NONE: u32 = u32::MAX;

/// Tarjan's algorithm (SIAM Journal on Computing 1, 1972) without recursion, restricted to some nodes.
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
    fn new(edges: &'e [Vec<u32>], within: &'e dyn Fn(u32) -> bool) -> Self {
        let count = edges.len();
        Tarjan {
            edges,
            within,
            index: vec![NONE; count],
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
            if self.index[next as usize] == NONE {
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
