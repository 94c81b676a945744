//! Abstract values: what may be in a place, as a tree of access paths.
//!
//! A value is a set of atoms (taints of the whole of it) and, where more is known, the values of its parts. What a
//! *type* says is not stored here: labels of fields are added when a field is read or a value is shown, unless the
//! part was overwritten since (`cleared`). Containers are their contents: `Some(x)`, `Box::new(x)` and `vec![x]` are
//! `x`. Values are immutable and shared, so copying an environment is cheap.

use std::sync::Arc;

use smallvec::SmallVec;

pub(super) use super::atom::{Atom, Gathered, push};
use super::atom::{MAX_ATOMS, below, holds_all, union};
pub(super) use super::besides::{Besides, Refs};
pub(super) use super::callable::{Callable, Callables, Captured};
pub(super) use super::doubts::Doubts;
pub(super) use super::given::{Decided, Given};
pub(super) use super::origin::Origin;
pub(super) use super::path::{Key, Path};
pub(super) use super::text::{HOLE, Text, Texts, continued, either_text, extended_by};
pub(super) use super::trace::{Lengthen, StepText, Trace};
use crate::datamap::Approximation;
use crate::ir::LocalId;

/// How deep access paths go; what lies deeper is merged into its prefix.
pub(super) const MAX_DEPTH: usize = 4;

/// How many parts of a value are told apart.
const MAX_PARTS: usize = 32;
/// How many taints one value of a summary holds.
const MAX_SUMMARY: usize = 20;
/// How many taints the result of one call holds.
const MAX_RESULT: usize = 64;

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
    /// Nothing was put there by what made the value; cleared, too.
    pub(super) absent: bool,
    /// It came out of a text, and nothing else is known of it.
    pub(super) decoded: bool,
    /// Whether it or any part is absent; set by [`Val::new`].
    pub(super) lacks: bool,
    /// What few values have: texts and functions that it may be, places that it points at.
    pub(super) besides: Besides,
    /// It had too many parts once: what is put into it is told apart no more, lest each of very many fields is joined
    /// with all others over and over.
    pub(super) crowded: bool,
    /// How deep its parts go; set by [`Val::new`].
    pub(super) depth: u8,
}

impl Node {
    /// Where a part is: there are few of them, and telling keys apart is cheaper than putting them in order.
    fn part(&self, key: Key) -> Option<usize> {
        self.parts.iter().position(|(k, _)| *k == key)
    }

    /// Keeps values small: what lies too deep or is too much is merged into the whole.
    fn limit(&mut self) {
        if self.parts.len() > MAX_PARTS {
            // That something is not there is the first to be forgotten.
            self.parts.retain(|(_, part)| !part.is_absent());
        }
        self.crowded |= self.parts.len() > MAX_PARTS;
        if self.crowded {
            for (key, part) in std::mem::take(&mut self.parts) {
                self.absorb(key, &part, Doubts::SCATTERED);
            }
        }
        self.depth = self.parts.iter().map(|(_, v)| v.depth() + 1).max().unwrap_or(0);
        self.lacks = self.absent || self.parts.iter().any(|(_, v)| v.lacks());
        if usize::from(self.depth) > MAX_DEPTH {
            for at in 0..self.parts.len() {
                if usize::from(self.parts[at].1.depth()) >= MAX_DEPTH {
                    self.parts[at].1 = self.parts[at].1.shallower(MAX_DEPTH - 1, Doubts::default());
                }
            }
            self.depth = MAX_DEPTH as u8;
        }
        if self.atoms.len() > MAX_ATOMS {
            self.collapse();
        }
    }

    /// Whether joining another value changes nothing: what code does on one way is mostly little.
    fn covers(&self, other: &Node) -> bool {
        let same_parts = self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|((x, a), (y, b))| x == y && a.is_same(b));
        same_parts
            && self.cleared == other.cleared
            && self.absent == other.absent
            && self.decoded == other.decoded
            && self.besides.covers(&other.besides)
            && holds_all(&self.atoms, &other.atoms)
    }

    /// Whether a part of another value adds nothing to this one, where nothing is told apart: there it is absent.
    fn says_all_of(&self, other: &Val) -> bool {
        self.crowded && other.is_absent()
    }

    /// Takes over the taints of a part that is told apart no more; what goes along without being data is no taint.
    fn absorb(&mut self, key: Key, part: &Val, doubt: Doubts) {
        if matches!(key, Key::Hidden(_)) {
            return;
        }
        let Some(node) = part.node() else { return };
        for atom in &node.atoms {
            // One more than a place holds is enough to know that there were too many.
            match self.atoms.binary_search_by(|a| a.key().cmp(&atom.key())) {
                Err(at) if at <= MAX_ATOMS => {
                    let doubts = atom.doubts.with(doubt).with(Doubts::of(Approximation::CollapsedPath));
                    self.atoms.insert(at, Atom { doubts, ..atom.clone() });
                    self.atoms.truncate(MAX_ATOMS + 1);
                }
                _ => {}
            }
        }
        node.parts.iter().for_each(|(key, part)| self.absorb(*key, part, doubt));
    }

    /// Too many to tell apart: sources stay, parts of parameters give way to fewer of them. Widening them to the whole
    /// parameter instead would make all that it holds arrive everywhere.
    fn collapse(&mut self) {
        self.atoms.truncate(MAX_ATOMS);
        let doubt = Doubts::of(Approximation::CollapsedPath);
        self.atoms.iter_mut().for_each(|a| a.doubts = a.doubts.with(doubt));
    }
}

/// An abstract value; nothing known costs nothing.
#[derive(Clone, Default, Debug)]
pub(super) struct Val(Option<Arc<Node>>);

impl Val {
    pub(super) fn new(mut node: Node) -> Self {
        node.limit();
        let is_known = node.cleared || node.decoded || !node.besides.is_empty();
        let plain = node.atoms.is_empty() && node.parts.is_empty() && !is_known;
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
        let texts = Texts::from_iter([Text { text: text.into(), whole }]);
        Self::new(Node { besides: Besides::of_texts(texts), ..Node::default() })
    }

    /// A value in which nothing personal is left, whatever its type says.
    pub(super) fn emptied() -> Self {
        Self::new(Node { cleared: true, ..Node::default() })
    }

    pub(super) fn callable(callable: Callable) -> Self {
        let besides = Besides::of_callables(Callables::one(callable));
        Self::new(Node { besides, ..Node::default() })
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
    fn shallower(&self, depth: usize, doubt: Doubts) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if usize::from(node.depth) <= depth {
            return self.clone();
        }
        let mut node = node.clone();
        for (key, part) in std::mem::take(&mut node.parts) {
            if depth == 0 {
                node.absorb(key, &part, doubt);
            } else {
                node.parts.push((key, part.shallower(depth - 1, doubt)));
            }
        }
        Val::new(node)
    }

    /// The same, small enough to stand in a summary: told apart less deeply where it holds too much.
    pub(super) fn summarised(&self) -> Val {
        self.bounded(MAX_SUMMARY)
    }

    /// The same, small enough to work with.
    pub(super) fn handy(&self) -> Val {
        self.bounded(MAX_RESULT)
    }

    fn bounded(&self, taints: usize) -> Val {
        let mut out = self.clone();
        for depth in (0..MAX_DEPTH).rev() {
            if out.taints() <= taints {
                break;
            }
            out = out.shallower(depth, Doubts::SCATTERED);
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

    /// Whether nothing is known but taints of the whole.
    pub(super) fn is_plain(&self) -> bool {
        self.node().is_none_or(|n| {
            n.parts.is_empty() && !n.cleared && !n.decoded && {
                n.besides.texts().is_empty() && n.besides.callables().is_none()
            }
        })
    }

    /// The same with more taints of the whole.
    pub(super) fn tainted(self, atoms: SmallVec<[Atom; 1]>) -> Val {
        if atoms.is_empty() {
            return self;
        }
        let mut node = self.into_node();
        if node.atoms.is_empty() {
            node.atoms = atoms;
        } else {
            atoms.into_iter().for_each(|a| push(&mut node.atoms, a));
        }
        Val::new(node)
    }

    pub(super) fn into_node(self) -> Node {
        self.0.map(|n| Arc::try_unwrap(n).unwrap_or_else(|n| (*n).clone())).unwrap_or_default()
    }

    pub(super) fn atoms(&self) -> &[Atom] {
        self.node().map(|n| &n.atoms[..]).unwrap_or_default()
    }

    pub(super) fn refs(&self) -> &[Place] {
        self.node().map(|n| n.besides.refs()).unwrap_or_default()
    }

    pub(super) fn cleared(&self) -> bool {
        self.node().is_some_and(|n| n.cleared)
    }

    /// What it may be as a text; empty where nobody knows.
    pub(super) fn texts(&self) -> &[Text] {
        self.node().map(|n| n.besides.texts()).unwrap_or_default()
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
        node.besides = node.besides.with_texts(texts);
        Val::new(node)
    }

    /// The same pointing at these places.
    pub(super) fn pointing(self, refs: Refs) -> Val {
        let mut node = self.into_node();
        node.besides = node.besides.with_refs(refs);
        Val::new(node)
    }

    /// The same pointing at these places, which a write may or may not replace.
    pub(super) fn pointing_weakly(self, mut refs: Refs) -> Val {
        refs.iter_mut().for_each(|place| place.strong = false);
        self.pointing(refs)
    }

    /// The same without what it points at.
    pub(super) fn unaliased(&self) -> Val {
        if self.refs().is_empty() {
            return self.clone();
        }
        self.clone().pointing(Refs::new())
    }

    /// Whether a part is known by itself.
    pub(super) fn tells(&self, key: Key) -> bool {
        self.node().is_some_and(|n| n.part(key).is_some())
    }

    /// A part of which something is known by itself, or by the elements that have it.
    pub(super) fn own_part(&self, key: Key) -> Option<Val> {
        let node = self.node()?;
        let is_of_elements = || !key.is_element() && node.parts.iter().any(|(k, _)| k.is_element());
        match node.part(key) {
            Some(at) => Some(node.parts[at].1.clone()),
            None => is_of_elements().then(|| self.read(key)),
        }
    }

    /// A part: what is known of it, or what follows from the whole.
    pub(super) fn read(&self, key: Key) -> Val {
        let Some(node) = self.node() else { return Val::default() };
        if let Some(at) = node.part(key) {
            return node.parts[at].1.clone();
        }
        if matches!(key, Key::Hidden(_)) {
            return Val::default();
        }
        let held = node.atoms.iter().filter(|a| !a.lost_below(key));
        let derived = Val::atoms_of(held.map(|a| below(a.clone(), key)));
        let derived = if node.decoded { derived.decoded() } else { derived };
        if key.is_element() || !node.parts.iter().any(|(k, _)| k.is_element()) {
            return derived;
        }
        // A field of an element of a container whose elements are told apart.
        node.parts.iter().filter(|(k, _)| k.is_element()).fold(derived, |v, (_, e)| v.join(&e.read(key)))
    }

    /// What lies at a path.
    pub(super) fn read_path(&self, path: Path) -> Val {
        if self.is_plain() {
            return Val::atoms_of(self.atoms_below(path));
        }
        path.iter().fold(self.clone(), |v, k| v.read(*k))
    }

    /// The taints of what lies at a path, where nothing but taints of the whole is known.
    pub(super) fn atoms_below(&self, path: Path) -> impl Iterator<Item = Atom> {
        let hidden = path.iter().any(|k| matches!(k, Key::Hidden(_)));
        let lost = move |a: &Atom| path.iter().any(|k| a.lost_below(*k));
        let held = self.atoms().iter().filter(move |a| !hidden && !lost(a));
        held.map(move |a| path.iter().fold(a.clone(), |a, k| below(a, *k)))
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
        let rest = Val::new(rest).pointing(Refs::new());
        let elements = node.parts.iter().filter(|(k, _)| k.is_element());
        elements.fold(rest, |v, (_, e)| v.join(e))
    }

    /// With a part replaced.
    pub(super) fn with(self, key: Key, value: Val) -> Val {
        let mut node = self.into_node();
        match node.part(key) {
            Some(at) => node.parts[at].1 = value,
            None => {
                let at = node.parts.partition_point(|(k, _)| *k < key);
                node.parts.insert(at, (key, value));
            }
        }
        Val::new(node)
    }

    /// Everything that either may hold.
    pub(super) fn join(&self, other: &Val) -> Val {
        let (Some(a), Some(b)) = (self.node(), other.node()) else {
            let one = if self.is_none() { other } else { self };
            return one.uncleared();
        };
        // Joined with nothing, a value stays as it is.
        if a.is_nothing() || b.is_nothing() {
            let (nothing, rest) = if a.is_nothing() { (a, other) } else { (b, self) };
            return if nothing.is_unassigned() { rest.unassigned() } else { rest.clone() };
        }
        if let (Some(x), Some(y)) = (&self.0, &other.0)
            && Arc::ptr_eq(x, y)
        {
            return self.clone();
        }
        if a.covers(b) {
            return self.clone();
        }
        if b.covers(a) {
            return other.clone();
        }
        let mut out = Node {
            atoms: union(&a.atoms, &b.atoms),
            parts: Vec::with_capacity(a.parts.len().max(b.parts.len())),
            cleared: a.cleared && b.cleared,
            absent: a.absent && b.absent,
            decoded: a.decoded && b.decoded,
            lacks: false,
            besides: a.besides.join(&b.besides),
            crowded: a.crowded || b.crowded,
            depth: 0,
        };
        for (key, value) in a.parts.iter().filter(|(_, value)| !b.says_all_of(value)) {
            out.parts.push((*key, value.and(&other.read(*key), *key)));
        }
        for (key, value) in b.parts.iter().filter(|(_, value)| !a.says_all_of(value)) {
            if let Err(at) = out.parts.binary_search_by(|(k, _)| k.cmp(key)) {
                out.parts.insert(at, (*key, value.and(&self.read(*key), *key)));
            }
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
        let value = self.clone().present();
        let Some(node) = value.node() else { return Val::default() };
        let is_known = |v: &Val| v.cleared() || v.is_decoded();
        let by_parts = || node.parts.iter().any(|(_, v)| is_known(v));
        if !is_known(&value) && node.besides.texts().is_empty() && !by_parts() {
            return value;
        }
        let mut node = value.into_node();
        (node.cleared, node.decoded) = (false, false);
        node.besides = node.besides.with_texts(Texts::new());
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

    /// Whether any of its taints begins in a source.
    pub(super) fn holds_source(&self) -> bool {
        self.node().is_some_and(|node| {
            node.atoms.iter().any(|a| !a.origin.symbolic())
                || node.parts.iter().any(|(_, v)| v.holds_source())
        })
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
