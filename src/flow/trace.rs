//! The steps of a way. Ways are shared and put behind each other without being copied, because far more of them are
//! made than are ever shown; what is shown is cut to its first steps.

use std::sync::Arc;

use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;

/// How many steps are told; long ways keep their beginning.
const MAX_STEPS: usize = 10;

/// A step on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) text: StepText,
}

/// What happens at a step; put in words when a finding is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StepText {
    Into(GItem),
    From(GItem),
    Bound(Name),
    Formatted,
    Recorded,
    /// Text that is decoded into a type.
    Decoded(GItem),
    /// Put into a field of a type.
    Kept(GItem, Name),
}

#[derive(Debug)]
enum Way {
    Step(Option<Arc<Node>>, StepText),
    Both(Arc<Node>, Arc<Node>),
}

#[derive(Debug)]
struct Node {
    way: Way,
    /// Where the last step is.
    last: Span,
    length: u8,
    /// Whether data came out of a function on its way.
    crossed: bool,
}

/// The steps so far.
#[derive(Clone, Default, Debug)]
pub(super) struct Trace(Option<Arc<Node>>);

impl Trace {
    /// These steps and one more.
    pub(super) fn then(&self, span: Span, text: StepText) -> Self {
        let before = self.0.as_deref();
        if before.is_some_and(|n| n.last == span || usize::from(n.length) >= MAX_STEPS) {
            return self.clone();
        }
        let length = before.map_or(0, |n| n.length) + 1;
        let crossed = before.is_some_and(|n| n.crossed) || matches!(text, StepText::From(_));
        Self(Some(Arc::new(Node { way: Way::Step(self.0.clone(), text), last: span, length, crossed })))
    }

    /// These steps, then others.
    pub(super) fn followed_by(&self, second: &Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &second.0) else {
            return if self.0.is_none() { second.clone() } else { self.clone() };
        };
        if usize::from(a.length) >= MAX_STEPS {
            return self.clone();
        }
        Self(Some(Arc::new(Node {
            way: Way::Both(Arc::clone(a), Arc::clone(b)),
            last: b.last,
            length: a.length.saturating_add(b.length),
            crossed: a.crossed || b.crossed,
        })))
    }

    /// Whether data came out of a function on its way.
    pub(super) fn crossed(&self) -> bool {
        self.0.as_ref().is_some_and(|n| n.crossed)
    }

    /// Whether its last step is within a place.
    pub(super) fn ends_within(&self, place: Span) -> bool {
        let within = |last: Span| last.file == place.file && place.lo <= last.lo && last.hi <= place.hi;
        self.0.as_ref().is_some_and(|n| within(n.last))
    }

    /// Whether both are one way, not merely alike.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// The steps in their order, as many as are told.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut out: Vec<Step> = Vec::new();
        let mut open: Vec<&Node> = self.0.as_deref().into_iter().collect();
        while let Some(node) = open.pop() {
            match &node.way {
                Way::Both(first, second) => open.extend([&**first, &**second]),
                Way::Step(before, text) => {
                    out.push(Step { span: node.last, text: *text });
                    open.extend(before.as_deref());
                }
            }
        }
        out.reverse();
        out.dedup_by(|later, step| later.span == step.span);
        out.truncate(MAX_STEPS);
        out
    }
}

/// Appends one step to many ways; the same way is lengthened once.
pub(super) struct Lengthen {
    span: Span,
    text: StepText,
    last: Option<(Trace, Trace)>,
}

impl Lengthen {
    pub(super) fn by(span: Span, text: StepText) -> Self {
        Self { span, text, last: None }
    }

    pub(super) fn apply(&mut self, trace: &mut Trace) {
        match &self.last {
            Some((from, to)) if from.is_same(trace) => *trace = to.clone(),
            _ => {
                let longer = trace.then(self.span, self.text);
                self.last = Some((trace.clone(), longer.clone()));
                *trace = longer;
            }
        }
    }
}
