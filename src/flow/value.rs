//! Abstract values: what may be in a place, as a tree of access paths.
//!
//! A value is a set of atoms (taints of the whole of it) and, where more is known, the values of its parts. What a
//! *type* says is not stored here: labels of fields are added when a field is read or a value is shown, unless the
//! part was overwritten since (`cleared`). Containers are their contents: `Some(x)`, `Box::new(x)` and `vec![x]` are
//! `x`. Values are immutable and shared, so copying an environment is cheap.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::datamap::Approximation;
use crate::ir::{LocalId, View};
use crate::label::LabelId;
use crate::name::Name;
use crate::notice::Form;
use crate::resolve::GItem;
use crate::source::Span;

/// How deep access paths go; what lies deeper is merged into its prefix.
pub(super) const MAX_DEPTH: usize = 4;

/// How many parts of a value are told apart, and how many taints one place has.
const MAX_PARTS: usize = 32;
const MAX_ATOMS: usize = 24;
/// How many texts a value may be one of.
const MAX_TEXTS: usize = 4;
/// How many taints one value of a summary holds.
const MAX_SUMMARY: usize = 20;

/// How deep parts of parameters are told apart.
const MAX_SYMBOLIC_DEPTH: usize = 3;

/// A step of an access path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Key {
    /// A field, or a position of a tuple.
    Field(Name),
    /// A field of a variant; the payload of `Ok` and `Err`.
    Variant(Name, Name),
    /// An element at a constant place.
    Index(u32),
    /// An element under a constant key.
    Const(Name),
    /// A type argument's share of a container of several (keys and values of a map).
    Arg(u8),
    /// Something that is not data: the URL of a request.
    Hidden(Name),
}

impl Key {
    fn rank(self) -> (u8, &'static str, &'static str, u32) {
        match self {
            Self::Field(n) => (0, n.as_str(), "", 0),
            Self::Variant(v, n) => (1, v.as_str(), n.as_str(), 0),
            Self::Index(i) => (2, "", "", i),
            Self::Const(n) => (3, n.as_str(), "", 0),
            Self::Arg(i) => (4, "", "", u32::from(i)),
            Self::Hidden(n) => (5, n.as_str(), "", 0),
        }
    }

    /// Whether the key picks an element of a container.
    pub(super) fn is_element(self) -> bool {
        matches!(self, Self::Index(_) | Self::Const(_))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self == other { std::cmp::Ordering::Equal } else { self.rank().cmp(&other.rank()) }
    }
}

/// An access path below a root.
pub(super) type Path = SmallVec<[Key; 4]>;

/// Where a taint begins.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Origin {
    /// A labelled place.
    Label(LabelId),
    /// A source that a model declares, by index.
    Model(u32),
    /// A `[[source]]` of a notice.
    Notice(u32, u32),
    /// A parameter (of the function under analysis), and what of it.
    Param(u8, Path),
    /// The result of calling a parameter, by number of the call.
    Result(u8, Path),
}

impl Origin {
    fn length(&self) -> usize {
        match self {
            Self::Param(_, path) | Self::Result(_, path) => path.len(),
            _ => 0,
        }
    }

    /// Whether it stands for something that a caller fills in.
    pub(super) fn symbolic(&self) -> bool {
        matches!(self, Self::Param(..) | Self::Result(..))
    }
}

/// A step on the way, and those before it.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) text: StepText,
    pub(super) before: Trace,
}

/// What happens at a step; put in words when a finding is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StepText {
    Into(GItem),
    From(GItem),
    Bound(Name),
    Formatted,
}

/// The steps so far.
pub(super) type Trace = Option<Arc<Step>>;

/// Appends a step; long ways keep their beginning.
pub(super) fn then(trace: &Trace, span: Span, text: StepText) -> Trace {
    let (mut length, mut at) = (0, trace);
    while let Some(step) = at {
        if step.span == span && length == 0 {
            return trace.clone();
        }
        length += 1;
        at = &step.before;
    }
    if length >= 10 {
        return trace.clone();
    }
    Some(Arc::new(Step { span, text, before: trace.clone() }))
}

/// Whether data came out of a function on its way.
pub(super) fn crossed(trace: &Trace) -> bool {
    let mut at = trace;
    while let Some(step) = at {
        if matches!(step.text, StepText::From(_)) {
            return true;
        }
        at = &step.before;
    }
    false
}

/// `first`, then `second`.
pub(super) fn chained(first: &Trace, second: &Trace) -> Trace {
    let mut steps = Vec::new();
    let mut at = second;
    while let Some(step) = at {
        steps.push(step);
        at = &step.before;
    }
    steps.into_iter().rev().fold(first.clone(), |t, s| then(&t, s.span, s.text))
}

/// Approximations as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub(super) struct Doubts(u8);

const DOUBTS: [Approximation; 6] = [
    Approximation::UnresolvedCall,
    Approximation::OpaqueMacro,
    Approximation::CollapsedPath,
    Approximation::DynamicDispatch,
    Approximation::UnparsedFile,
    Approximation::UnresolvedUrl,
];

impl Doubts {
    pub(super) fn of(what: Approximation) -> Self {
        Self(1 << DOUBTS.iter().position(|d| *d == what).unwrap_or(0))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a value may have been passed on only because nobody knows better.
    pub(super) fn guessed(self) -> bool {
        let guesses = Self::of(Approximation::UnresolvedCall).with(Self::of(Approximation::OpaqueMacro));
        self.0 & guesses.0 != 0
    }

    pub(super) fn list(self) -> Vec<Approximation> {
        DOUBTS.iter().enumerate().filter(|(i, _)| self.0 & (1 << i) != 0).map(|(_, d)| *d).collect()
    }
}

/// One taint.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) origin: Origin,
    pub(super) form: Form,
    /// How a symbolic origin is read: as it is, or shown through a formatting trait.
    pub(super) view: View,
    /// Where the value is read.
    pub(super) read: Span,
    pub(super) trace: Trace,
    pub(super) doubts: Doubts,
    /// Of a symbolic origin that is shown: whether the labels of its type have been told already, so that only what a
    /// caller's value holds besides is of interest.
    pub(super) typed: bool,
}

impl Atom {
    fn same(&self, other: &Self) -> bool {
        self.origin == other.origin && self.form == other.form && self.view == other.view
    }

    fn key(&self) -> (&Origin, Form, View) {
        (&self.origin, self.form, self.view)
    }
}

/// A known constant text: all of it, or how it begins.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    pub(super) whole: bool,
}

/// Stands in a text for a piece that is not known.
pub(super) const HOLE: &str = "\u{fffc}";

/// Texts that a value may be one of; empty where it may be any.
pub(super) type Texts = SmallVec<[Text; 1]>;

/// Texts with others put behind them; a piece that is not known leaves a hole.
pub(super) fn extended_by(texts: &[Text], by: &[Text]) -> Texts {
    if by.is_empty() { continued(texts, &[Text::hole()]) } else { continued(texts, by) }
}

/// All that either may be; any, where they are too many.
pub(super) fn either_text(a: &[Text], b: &[Text]) -> Texts {
    let mut all: Texts = a.iter().chain(b).cloned().collect();
    all.sort();
    all.dedup();
    if all.len() > MAX_TEXTS { Texts::new() } else { all }
}

/// Each of some texts continued by each of others.
pub(super) fn continued(texts: &[Text], by: &[Text]) -> Texts {
    let ends = texts.iter().filter(|t| !t.whole).cloned();
    let grown = texts.iter().filter(|t| t.whole).flat_map(|t| by.iter().map(move |more| t.then(more)));
    either_text(&ends.chain(grown).collect::<Vec<_>>(), &[])
}

impl Text {
    /// A text that is known to its end.
    pub(super) fn whole(text: &str) -> Self {
        Self { text: text.into(), whole: true }
    }

    /// A piece of a text of which nothing is known.
    pub(super) fn hole() -> Self {
        Self::whole(HOLE)
    }

    /// Whether it is known from its beginning to its end.
    pub(super) fn is_constant(&self) -> bool {
        self.whole && !self.text.contains(HOLE)
    }

    fn then(&self, more: &Text) -> Text {
        Text { text: format!("{}{}", self.text, more.text).into(), whole: more.whole }
    }
}

/// A function value.
#[derive(Clone, Debug)]
pub(super) enum Callable {
    /// A function.
    Fn(GItem),
    /// A constructor.
    Ctor(GItem, Option<u16>),
    /// A closure: whose body holds it, which one, and its captured locals (`None`: those of the running frame).
    Closure(GItem, u32, Option<Arc<Vec<Val>>>),
}

/// A place that a reference points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) local: LocalId,
    pub(super) path: Path,
    /// Whether a write replaces what is there.
    pub(super) strong: bool,
}

/// What is known of a value.
#[derive(Clone, Default, Debug)]
pub(super) struct Node {
    pub(super) atoms: SmallVec<[Atom; 1]>,
    pub(super) parts: Vec<(Key, Val)>,
    /// Overwritten: labels of the declaration no longer hold.
    pub(super) cleared: bool,
    pub(super) texts: Texts,
    pub(super) callable: Option<Callable>,
    pub(super) refs: SmallVec<[Place; 1]>,
    /// How deep its parts go; set by [`Val::new`].
    pub(super) depth: u8,
}

impl Node {
    /// Keeps values small: what lies too deep or is too much is merged into the whole.
    fn limit(&mut self) {
        if self.parts.len() > MAX_PARTS {
            for (_, part) in std::mem::take(&mut self.parts) {
                self.absorb(&part);
            }
        }
        self.depth = self.parts.iter().map(|(_, v)| v.depth() + 1).max().unwrap_or(0);
        if usize::from(self.depth) > MAX_DEPTH {
            for at in 0..self.parts.len() {
                if usize::from(self.parts[at].1.depth()) >= MAX_DEPTH {
                    self.parts[at].1 = self.parts[at].1.shallower(MAX_DEPTH - 1);
                }
            }
            self.depth = MAX_DEPTH as u8;
        }
        if self.atoms.len() > MAX_ATOMS {
            self.collapse();
        }
    }

    /// Takes over the taints of a part that is told apart no more.
    fn absorb(&mut self, part: &Val) {
        let mut atoms = Vec::new();
        part.all_atoms(&mut atoms);
        for mut atom in atoms {
            atom.doubts = atom.doubts.with(Doubts::of(Approximation::CollapsedPath));
            push(&mut self.atoms, atom);
        }
    }

    /// Too many to tell apart: sources stay, parts of parameters give way to fewer of them. Widening them to the whole
    /// parameter instead would make all that it holds arrive everywhere.
    fn collapse(&mut self) {
        let mut kept: SmallVec<[Atom; 1]> = SmallVec::new();
        let (mut open, found): (Vec<Atom>, Vec<Atom>) =
            std::mem::take(&mut self.atoms).into_iter().partition(|a| a.origin.symbolic());
        open.sort_by_key(|a| a.origin.length());
        let doubt = Doubts::of(Approximation::CollapsedPath);
        for mut atom in found.into_iter().chain(open).take(MAX_ATOMS) {
            atom.doubts = atom.doubts.with(doubt);
            push(&mut kept, atom);
        }
        self.atoms = kept;
    }
}

/// An abstract value; nothing known costs nothing.
#[derive(Clone, Default, Debug)]
pub(super) struct Val(Option<Arc<Node>>);

impl Val {
    pub(super) fn new(mut node: Node) -> Self {
        node.limit();
        let plain = node.atoms.is_empty()
            && node.parts.is_empty()
            && !node.cleared
            && node.texts.is_empty()
            && node.callable.is_none()
            && node.refs.is_empty();
        Self(if plain { None } else { Some(Arc::new(node)) })
    }

    pub(super) fn atom(atom: Atom) -> Self {
        Self::new(Node { atoms: SmallVec::from_iter([atom]), ..Node::default() })
    }

    pub(super) fn atoms_of(atoms: impl IntoIterator<Item = Atom>) -> Self {
        let mut node = Node::default();
        for atom in atoms {
            push(&mut node.atoms, atom);
        }
        Self::new(node)
    }

    pub(super) fn text(text: &str, whole: bool) -> Self {
        Self::new(Node { texts: Texts::from_iter([Text { text: text.into(), whole }]), ..Node::default() })
    }

    pub(super) fn callable(callable: Callable) -> Self {
        Self::new(Node { callable: Some(callable), ..Node::default() })
    }

    pub(super) fn part(key: Key, value: Val) -> Self {
        if value.0.is_none() {
            return Self::default();
        }
        Self::new(Node { parts: vec![(key, value)], ..Node::default() })
    }

    pub(super) fn node(&self) -> Option<&Node> {
        self.0.as_deref()
    }

    /// Whether both are one value, not merely alike.
    pub(super) fn is_same(&self, other: &Val) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    fn depth(&self) -> u8 {
        self.node().map_or(0, |n| n.depth)
    }

    /// The same with parts below a depth merged into what holds them.
    fn shallower(&self, depth: usize) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if usize::from(node.depth) <= depth {
            return self.clone();
        }
        let mut node = node.clone();
        for (key, part) in std::mem::take(&mut node.parts) {
            if depth == 0 {
                node.absorb(&part);
            } else {
                node.parts.push((key, part.shallower(depth - 1)));
            }
        }
        Val::new(node)
    }

    /// The same, small enough to stand in a summary: told apart less deeply where it holds too much.
    pub(super) fn summarised(&self) -> Val {
        let mut out = self.clone();
        for depth in (0..MAX_DEPTH).rev() {
            if out.taints() <= MAX_SUMMARY {
                break;
            }
            out = out.shallower(depth);
        }
        out
    }

    /// How many taints there are in the value and its parts.
    fn taints(&self) -> usize {
        self.node().map_or(0, |n| n.atoms.len() + n.parts.iter().map(|(_, v)| v.taints()).sum::<usize>())
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn into_node(self) -> Node {
        self.0.map(|n| Arc::try_unwrap(n).unwrap_or_else(|n| (*n).clone())).unwrap_or_default()
    }

    pub(super) fn atoms(&self) -> &[Atom] {
        self.node().map(|n| &n.atoms[..]).unwrap_or_default()
    }

    pub(super) fn refs(&self) -> &[Place] {
        self.node().map(|n| &n.refs[..]).unwrap_or_default()
    }

    pub(super) fn cleared(&self) -> bool {
        self.node().is_some_and(|n| n.cleared)
    }

    /// What it may be as a text; empty where nobody knows.
    pub(super) fn texts(&self) -> &[Text] {
        self.node().map(|n| &n.texts[..]).unwrap_or_default()
    }

    /// The only text that it may be.
    pub(super) fn const_text(&self) -> Option<&Text> {
        match self.texts() {
            [only] if only.is_constant() => Some(only),
            _ => None,
        }
    }

    /// The same with these texts.
    pub(super) fn with_texts(self, texts: Texts) -> Val {
        let mut node = self.into_node();
        node.texts = texts;
        Val::new(node)
    }

    /// The same without what it points at.
    pub(super) fn unaliased(&self) -> Val {
        if self.refs().is_empty() {
            return self.clone();
        }
        let mut node = self.clone().into_node();
        node.refs.clear();
        Val::new(node)
    }

    /// Whether a part is known by itself.
    pub(super) fn tells(&self, key: Key) -> bool {
        self.node().is_some_and(|n| n.parts.binary_search_by(|(k, _)| k.cmp(&key)).is_ok())
    }

    /// A part: what is known of it, or what follows from the whole.
    pub(super) fn read(&self, key: Key) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if let Ok(at) = node.parts.binary_search_by(|(k, _)| k.cmp(&key)) {
            return node.parts[at].1.clone();
        }
        if matches!(key, Key::Hidden(_)) {
            return Val::default();
        }
        // What a whole result holds is its success: errors do not repeat it.
        let failure = matches!(key, Key::Variant(v, _) if v == *"Err");
        let held = node.atoms.iter().filter(|a| !failure || a.origin.symbolic());
        let derived = Val::atoms_of(held.map(|a| below(a, key)));
        if key.is_element() || !node.parts.iter().any(|(k, _)| k.is_element()) {
            return derived;
        }
        // A field of an element of a container whose elements are told apart.
        node.parts.iter().filter(|(k, _)| k.is_element()).fold(derived, |v, (_, e)| v.join(&e.read(key)))
    }

    /// What was put into a map under keys that are not told apart.
    pub(super) fn map_values(&self) -> Val {
        let parts = self.node().map(|n| &n.parts[..]).unwrap_or_default();
        parts.iter().find(|(k, _)| *k == Key::Arg(1)).map(|(_, v)| v.clone()).unwrap_or_default()
    }

    /// An element of a container, whichever it is.
    pub(super) fn element(&self) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if !node.parts.iter().any(|(k, _)| k.is_element()) {
            return self.unaliased();
        }
        let mut rest = node.clone();
        rest.parts.retain(|(k, _)| !k.is_element());
        rest.refs.clear();
        let rest = Val::new(rest);
        let elements = node.parts.iter().filter(|(k, _)| k.is_element());
        elements.fold(rest, |v, (_, e)| v.join(e))
    }

    /// With a part replaced.
    pub(super) fn with(self, key: Key, value: Val) -> Val {
        let mut node = self.into_node();
        match node.parts.binary_search_by(|(k, _)| k.cmp(&key)) {
            Ok(at) => node.parts[at].1 = value,
            Err(at) => node.parts.insert(at, (key, value)),
        }
        Val::new(node)
    }

    /// Everything that either may hold.
    pub(super) fn join(&self, other: &Val) -> Val {
        let (Some(a), Some(b)) = (self.node(), other.node()) else {
            let one = if self.is_none() { other } else { self };
            return one.uncleared();
        };
        if let (Some(x), Some(y)) = (&self.0, &other.0)
            && Arc::ptr_eq(x, y)
        {
            return self.clone();
        }
        let mut out = Node {
            atoms: a.atoms.clone(),
            parts: Vec::with_capacity(a.parts.len().max(b.parts.len())),
            cleared: a.cleared && b.cleared,
            texts: if a.texts.is_empty() || b.texts.is_empty() {
                Texts::new()
            } else {
                either_text(&a.texts, &b.texts)
            },
            callable: a.callable.clone().or_else(|| b.callable.clone()),
            refs: a.refs.clone(),
            depth: 0,
        };
        for atom in &b.atoms {
            push(&mut out.atoms, atom.clone());
        }
        for (key, value) in &a.parts {
            out.parts.push((*key, value.and(&other.read(*key), *key)));
        }
        for (key, value) in &b.parts {
            if let Err(at) = out.parts.binary_search_by(|(k, _)| k.cmp(key)) {
                out.parts.insert(at, (*key, value.and(&self.read(*key), *key)));
            }
        }
        out.refs.extend(b.refs.iter().filter(|r| !a.refs.contains(r)).cloned());
        if out.refs.len() > 1 {
            out.refs.iter_mut().for_each(|r| r.strong = false);
        }
        Val::new(out)
    }

    /// A part joined with that of another value. What is no data, as a URL, stays where the other has none: it is data
    /// that was added to a request.
    fn and(&self, other: &Val, key: Key) -> Val {
        let stays = matches!(key, Key::Hidden(_)) && other.is_none();
        if stays { self.clone() } else { self.join(other) }
    }

    /// Joined with something of which nothing is known: what was overwritten may not have been.
    fn uncleared(&self) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if !node.cleared && node.texts.is_empty() && !node.parts.iter().any(|(_, v)| v.cleared()) {
            return self.clone();
        }
        let mut node = node.clone();
        node.cleared = false;
        node.texts.clear();
        node.parts.iter_mut().for_each(|(_, v)| *v = v.uncleared());
        Val::new(node)
    }

    /// Every atom in the value or its parts.
    pub(super) fn all_atoms(&self, out: &mut Vec<Atom>) {
        let Some(node) = self.node() else { return };
        out.extend(node.atoms.iter().cloned());
        for (key, part) in &node.parts {
            if !matches!(key, Key::Hidden(_)) {
                part.all_atoms(out);
            }
        }
    }

    /// The same without sources: what hangs on parameters alone.
    pub(super) fn symbolic_only(&self) -> Val {
        self.retain(&|atom| atom.origin.symbolic())
    }

    /// The same with only some of its taints.
    pub(super) fn retain(&self, keep: &dyn Fn(&Atom) -> bool) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        let mut node = node.clone();
        node.atoms.retain(|a| keep(a));
        node.parts.iter_mut().for_each(|(_, v)| *v = v.retain(keep));
        Val::new(node)
    }

    /// The same with every atom changed.
    pub(super) fn map(&self, f: &mut dyn FnMut(&mut Atom)) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if node.atoms.is_empty() && node.parts.is_empty() {
            return self.clone();
        }
        let mut node = node.clone();
        node.atoms.iter_mut().for_each(&mut *f);
        for (key, part) in &mut node.parts {
            if !matches!(key, Key::Hidden(_)) {
                *part = part.map(f);
            }
        }
        Val::new(node)
    }
}

/// Adds an atom unless the same taint is there.
pub(super) fn push(atoms: &mut SmallVec<[Atom; 1]>, atom: Atom) {
    match atoms.binary_search_by(|a| a.key().cmp(&atom.key())) {
        Ok(at) => {
            debug_assert!(atoms[at].same(&atom));
        }
        Err(at) => atoms.insert(at, atom),
    }
}

/// The taint of a part, given that of the whole.
fn below(atom: &Atom, key: Key) -> Atom {
    let mut atom = atom.clone();
    if atom.view != View::Whole {
        return atom;
    }
    if let Origin::Param(_, path) | Origin::Result(_, path) = &mut atom.origin {
        if path.len() < MAX_SYMBOLIC_DEPTH {
            path.push(key);
        } else {
            atom.doubts = atom.doubts.with(Doubts::of(Approximation::CollapsedPath));
        }
    }
    atom
}
