//! What is put into a text field of one of the program's types and read later through `self`. A function's values end
//! with its callers, so a second, small pass hands what was put in to the methods that read the field. One hop and no
//! further, and no collections: a store of everybody's data would else reach every log line.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::frame::{self, Frame};
use super::join::Rows;
use super::shape::Shape;
use super::summary::{Overlay, payload};
use super::value::{Atom, Key, Origin, StepText, Val, push};
use super::world::World;
use crate::datamap::Basis;
use crate::ir::View;
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::{Callee, Head, Inference};

/// How many sources one field is known to keep.
const MAX_KEPT: usize = 8;

/// A field of a struct of the program.
type Member = (GItem, u16);

/// Something that was put into a field.
#[derive(Clone, Debug)]
pub(super) struct Put {
    member: Member,
    atom: Atom,
}

/// What fields keep.
pub(super) type Kept = FxHashMap<Member, SmallVec<[Atom; 1]>>;

/// Notes what a function puts into fields.
pub(super) fn keep(kept: &mut Kept, puts: Vec<Put>) {
    for put in puts {
        let atoms = kept.entry(put.member).or_default();
        push(atoms, put.atom);
        atoms.truncate(MAX_KEPT);
    }
}

impl World<'_> {
    /// Runs the methods that read what is kept once more.
    pub(super) fn read_kept(&self, rows: &mut Rows) {
        if self.kept.is_empty() {
            return;
        }
        let keepers: FxHashSet<GItem> = self.kept.keys().map(|(of, _)| *of).collect();
        let is_reader = |id: GItem| {
            let method = self.decl(id).is_some_and(|d| d.receiver.is_some());
            let reads = |(_, inf): (_, &Inference)| {
                inf.fields.values().any(|member| self.kept.contains_key(member))
                    || inf.pat_paths.values().any(|(of, variant)| variant.is_none() && keepers.contains(of))
            };
            method && self.body(id).is_some_and(reads)
        };
        let readers: Vec<GItem> =
            self.input.bodies.iter().map(|(id, _)| *id).filter(|id| is_reader(*id)).collect();
        let none = Overlay::default();
        let hits: Vec<_> = readers.par_iter().map(|id| frame::run(self, *id, &none).hits).collect();
        hits.into_iter().for_each(|hits| self.gather(rows, hits));
    }

    /// What methods call that may read what is kept: they are run once more when all else is done.
    pub(super) fn called_later(&self) -> FxHashSet<GItem> {
        let mut keeping: FxHashMap<Member, bool> = FxHashMap::default();
        let mut called = FxHashSet::default();
        for (id, inf) in self.input.bodies {
            if self.decl(*id).is_none_or(|d| d.receiver.is_none()) {
                continue;
            }
            let mut keeps = |member: &Member| {
                let field = || self.fields_of(member.0, None).and_then(|f| f.list.get(usize::from(member.1)));
                let keeps = || field().is_some_and(|f| self.keeping(member.0, f.name).is_some());
                *keeping.entry(*member).or_insert_with(keeps)
            };
            let taken_apart = inf.pat_paths.values().any(|(_, variant)| variant.is_none());
            if taken_apart || inf.fields.values().any(&mut keeps) {
                called.extend(inf.callees.values().filter_map(|callee| match callee {
                    Callee::Fn(func, _) => Some(*func),
                    _ => None,
                }));
            }
        }
        called
    }

    /// Whether values of a type are one text, or are written as one and read from one.
    pub(super) fn is_text(&self, shape: &Shape) -> bool {
        let program = self.input.sema.program;
        match shape {
            Shape::Prim(name) => *name == *"str",
            Shape::Adt(item, held) if program.is_model(*item) => match &held[..] {
                [] => self.carries(shape) && self.does(*item, &["FromStr"]),
                [only] => self.holds_one(*item) && self.is_text(only),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a container holds one value at most.
    fn holds_one(&self, item: GItem) -> bool {
        Some(item) == self.input.sema.lang.option
            || self.does(item, &["Deref"]) && !self.does(item, &["IntoIterator", "Index"])
    }

    pub(super) fn does(&self, item: GItem, traits: &[&str]) -> bool {
        let impls = self.input.sema.index.impls.get(&Head::Adt(item));
        impls.is_some_and(|list| list.iter().any(|i| traits.iter().any(|t| i.name == **t)))
    }

    /// The field, where it is one that keeps text and has no label of its own.
    fn keeping(&self, item: GItem, name: Name) -> Option<Member> {
        if self.input.sema.program.is_model(item) {
            return None;
        }
        let fields = self.fields_of(item, None)?;
        let index = self.field_index(item, None, name)?;
        if self.input.labels.fields.contains_key(&(item, None, index)) {
            return None;
        }
        let shape = self.field_shape(item, &[], &fields.list[usize::from(index)]);
        self.is_text(&shape).then_some((item, index))
    }

    /// Whether it is certain that this source is there.
    fn is_certain(&self, atom: &Atom) -> bool {
        let inferred = match &atom.origin {
            Origin::Label(id) => matches!(self.input.labels.get(*id).basis, Basis::Inferred { .. }),
            origin => !origin.symbolic(),
        };
        let unsure = if inferred { atom.doubts.guesses() > 0 } else { atom.doubts.guessed() };
        !atom.origin.symbolic() && !unsure
    }
}

impl Frame<'_, '_> {
    /// A field gets a value.
    pub(super) fn put_in(&mut self, item: GItem, name: Name, value: &Val, site: Span) {
        // Where what is kept is known already, this is the second pass.
        if !self.world.kept.is_empty() || !value.holds_source() {
            return;
        }
        let mut atoms = Vec::new();
        value.all_atoms(&mut atoms);
        atoms.retain(|a| self.world.is_certain(a));
        if atoms.is_empty() {
            return;
        }
        let Some(member) = self.world.keeping(item, name) else { return };
        self.puts.extend(atoms.into_iter().map(|mut atom| {
            atom.trace = atom.trace.then(site, StepText::Kept(item, name));
            Put { member, atom }
        }));
    }

    /// A callee gives back a structure that it filled with what it was passed, or fills one in.
    pub(super) fn filled_in(&mut self, value: &Val, shape: &Shape, site: Span) {
        let Shape::Adt(item, held) = shape else { return };
        let Some(node) = value.node().filter(|n| !n.parts.is_empty()) else { return };
        if self.world.input.sema.program.is_model(*item) {
            let result = Some(*item) == self.world.input.sema.lang.result;
            let inner = if result { &value.read(payload("Ok")) } else { value };
            if let Some(held) = held.first().filter(|_| result || self.world.holds_one(*item)) {
                self.filled_in(inner, held, site);
            }
            return;
        }
        for (key, part) in &node.parts {
            if let Key::Field(name) = key {
                self.put_in(*item, *name, part, site);
            }
        }
    }

    /// What is kept in a field, where it is `self` or a part of it that is read.
    pub(super) fn with_kept(&self, holder: &Val, member: Option<Member>, value: Val) -> Val {
        if self.world.kept.is_empty() || !self.is_own(holder) {
            return value;
        }
        match member.and_then(|member| self.world.kept.get(&member)) {
            Some(kept) => value.tainted(kept.clone()),
            None => value,
        }
    }

    fn is_own(&self, holder: &Val) -> bool {
        let is_self = |a: &Atom| {
            matches!(a.origin, Origin::Param(0, _)) && a.view == View::Whole && a.doubts.list().is_empty()
        };
        self.world.decl(self.body_of).is_some_and(|d| d.receiver.is_some())
            && holder.atoms().iter().any(is_self)
    }
}
