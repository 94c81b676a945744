//! What is not in a value: a literal that sets an optional part to `None`, or a collection to an empty one, makes a value
//! in which nothing of that part is, whatever its type says. Where values are joined it is absent if it is so in each;
//! whoever may write to the value from elsewhere ends it. Knows neither names nor types.

use super::call::Arg;
use super::frame::{Frame, set};
use super::shape::Shape;
use super::summary::payload;
use super::value::{Key, Node, Place, Val};
use super::world::World;
use crate::ir::{ExprId, FnDecl, RefMode};
use crate::name::Name;
use crate::resolve::GItem;

/// How many parts a literal has at most, for what is not in it to be noted besides.
const ROOM: usize = 24;

impl Val {
    /// Nothing: `None`, `[]`.
    pub(super) fn absent() -> Self {
        Self::new(Node { cleared: true, absent: true, ..Node::default() })
    }

    /// A failure: nothing succeeded.
    pub(super) fn failed(error: Val) -> Self {
        let failed = Self::default().with(payload("Ok"), Self::absent());
        if error.is_none() { failed } else { failed.with(payload("Err"), error) }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.node().is_some_and(|node| node.absent)
    }

    /// Whether it is known of any part that it is not there.
    pub(super) fn lacks(&self) -> bool {
        self.node().is_some_and(|node| node.lacks)
    }

    /// The same where whatever its type says may be in it: somebody else may have written to it.
    pub(super) fn present(self) -> Val {
        if !self.lacks() {
            return self;
        }
        let mut node = self.into_node();
        node.cleared &= !node.absent;
        node.absent = false;
        node.parts.iter_mut().for_each(|(_, part)| *part = std::mem::take(part).present());
        let known = !node.atoms.is_empty();
        node.parts.retain(|(_, part)| known || !part.is_none());
        Val::new(node)
    }
}

impl Val {
    /// The same where an assignment took away what the declaration says: on another way nothing was assigned.
    pub(super) fn unassigned(&self) -> Val {
        if !self.is_assigned() {
            return self.clone();
        }
        let mut node = self.clone().into_node();
        node.cleared = node.absent;
        node.parts.iter_mut().for_each(|(_, part)| *part = part.unassigned());
        Val::new(node)
    }

    fn is_assigned(&self) -> bool {
        let is_assigned = |node: &Node| node.cleared && !node.absent;
        self.node()
            .is_some_and(|node| is_assigned(node) || node.parts.iter().any(|(_, part)| part.is_assigned()))
    }
}

impl Node {
    /// Whether it is for what made the value that nothing is there, and not for a later assignment.
    pub(super) fn is_unassigned(&self) -> bool {
        self.lacks && (self.absent || !self.cleared)
    }

    /// Whether all that is known is that nothing is there: no data, or no success and no data in the error.
    pub(super) fn is_nothing(&self) -> bool {
        let is_empty = self.atoms.is_empty() && self.besides.is_empty();
        match &self.parts[..] {
            [] => is_empty && self.cleared,
            [(key, part)] => is_empty && self.lacks && *key == payload("Ok") && part.is_absent(),
            _ => false,
        }
    }
}

impl World<'_> {
    /// Whether a part may hold anything by its declaration, so that it says something that it is absent.
    fn may_hold(&self, adt: GItem, variant: Option<u16>, name: Name) -> bool {
        let Some(index) = self.field_index(adt, variant, name) else { return false };
        let is_labelled = self.input.labels.fields.contains_key(&(adt, variant, index));
        let Some(fields) = self.fields_of(adt, variant) else { return false };
        let shape = self.field_shape(adt, &[], &fields.list[usize::from(index)]);
        is_labelled || !self.is_bare(&shape)
    }
}

impl World<'_> {
    /// Whether what is in a value of this type changes by its owner's hand alone; cells and locks are filled by whoever
    /// holds them.
    pub(super) fn is_owned(&self, shape: &Shape) -> bool {
        let sema = self.input.sema;
        let (lang, is_plain) = (&sema.lang, |item: GItem| !sema.program.is_model(item));
        match shape {
            Shape::Adt(item, _) if is_plain(*item) => true,
            Shape::Adt(item, args) if Some(*item) == lang.result => {
                args.first().is_some_and(|ok| self.is_owned(ok))
            }
            Shape::Adt(item, args) if [lang.option, lang.vec, lang.boxed].contains(&Some(*item)) => {
                args.iter().all(|arg| self.is_owned(arg))
            }
            Shape::Of(args) | Shape::Tuple(args) => args.iter().all(|arg| self.is_owned(arg)),
            Shape::Adt(item, args) => args.is_empty() && self.is_plain_model(*item),
            Shape::Prim(_) => true,
            _ => false,
        }
    }

    /// What a function of the standard library gives that makes a collection, or a default, and is handed nothing but
    /// numbers: no element can be in it.
    pub(super) fn made_of_nothing(&self, func: GItem, shape: &Shape, args: &[Arg]) -> Option<Val> {
        let program = self.input.sema.program;
        let is_number = |arg: &Arg| matches!(arg.shape, Shape::Prim(name) if name != Name::STR);
        let Shape::Adt(item, _) = shape else { return None };
        if !program.is_std(func) || !args.iter().all(is_number) {
            return None;
        }
        if self.input.sema.lang.vec == Some(*item) {
            return Some(self.nothing.clone());
        }
        (self.name(func) == *"default").then(|| self.derived_default(shape, 0))
    }

    /// A default value as `derive(Default)` makes it.
    fn derived_default(&self, shape: &Shape, depth: u8) -> Val {
        let Shape::Adt(item, args) = shape else { return Val::default() };
        let lang = &self.input.sema.lang;
        if [lang.vec, lang.option].contains(&Some(*item)) {
            return self.nothing.clone();
        }
        let is_derived = self.input.sema.program.item(*item).attrs.derive("Default").is_some();
        let Some(fields) = self.fields_of(*item, None).filter(|_| is_derived && depth < 3) else {
            return Val::default();
        };
        let mut value = Val::default();
        for field in fields.list.iter().filter(|field| self.may_hold(*item, None, field.name)).take(ROOM) {
            let part = self.derived_default(&self.field_shape(*item, args, field), depth + 1);
            if part.lacks() {
                value = value.with(Key::Field(field.name), part);
            }
        }
        value
    }
}

impl Frame<'_, '_> {
    /// A literal with what is not in it.
    pub(super) fn lacking(
        &self,
        literal: Val,
        found: Option<(GItem, Option<u16>)>,
        absent: impl IntoIterator<Item = Name>,
    ) -> Val {
        let Some((adt, variant)) = found.filter(|(adt, _)| !self.world.input.sema.program.is_model(*adt))
        else {
            return literal;
        };
        let mut literal = literal;
        for name in absent {
            let count = literal.node().map_or(0, |node| node.parts.len());
            if count < ROOM && self.world.may_hold(adt, variant, name) {
                literal = literal.with(self.member_key(found, name), self.world.nothing.clone());
            }
        }
        literal
    }

    /// What is lent to be written to: nobody knows what will be in it then.
    pub(super) fn lent_mutably(&mut self, expr: ExprId, value: Val) -> Val {
        if !value.lacks() {
            return value;
        }
        let places = self.places(expr);
        self.written_through(&places);
        value.present()
    }

    /// Places that something else may write to from now on.
    pub(super) fn written_through(&mut self, places: &[Place]) {
        for place in places
            .iter()
            .filter(|place| self.locals[place.local.0 as usize].lacks())
            .cloned()
            .collect::<Vec<_>>()
        {
            let root = self.locals[place.local.0 as usize].clone();
            let there = place.path.iter().fold(root.clone(), |v: Val, key: &Key| v.read(*key)).present();
            self.locals[place.local.0 as usize] = set(&root, &place.path, &there, true);
        }
    }
}

/// Whether a method may write to what it is called on.
pub(super) fn writes_receiver(decl: Option<&FnDecl>) -> bool {
    let receiver = decl.map(|decl| decl.receiver.as_ref());
    receiver.is_none_or(|r| r.is_none_or(|r| r.mode == RefMode::Mut || r.ty.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal() -> Val {
        Val::default().with(field("email"), Val::absent())
    }

    fn field(name: &str) -> Key {
        Key::Field(Name::new(name))
    }

    #[test]
    fn what_is_left_out_on_every_way_is_not_there() {
        assert!(literal().join(&literal()).read(field("email")).is_absent());
        assert!(Val::absent().join(&literal()).read(field("email")).is_absent());
        assert!(Val::failed(Val::default()).join(&literal()).read(field("email")).is_absent());
    }

    #[test]
    fn what_is_known_on_one_way_alone_may_be_there() {
        assert!(!literal().join(&Val::default()).lacks());
        assert!(!Val::default().join(&literal()).lacks());
        let other = Val::default().with(field("email"), Val::text("a", true));
        assert!(!literal().join(&other).read(field("email")).cleared());
    }

    #[test]
    fn what_may_be_written_to_may_hold_anything() {
        let value = literal().with(field("payer"), literal()).present();
        assert!(!value.lacks());
        assert!(!value.read(field("payer")).read(field("email")).cleared());
    }

    #[test]
    fn an_assignment_on_one_way_does_not_count_where_nothing_is_on_the_other() {
        let assigned = Val::default().with(field("email"), Val::emptied());
        assert!(!Val::absent().join(&assigned).read(field("email")).cleared());
        assert!(assigned.join(&assigned).read(field("email")).cleared());
    }
}
