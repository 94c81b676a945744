//! What holds of one implementation of a trait holds only where the receiver is of its type, and what one arm of formatting
//! code writes only of values of its variant: the condition that a taint of a summary carries, and how a call decides it or
//! hands it on to the caller.

use super::frame::Frame;
use super::shape::Shape;
use super::summary::Summary;
use super::value::{Atom, Key, Origin, Path, Text, Val};
use super::world::World;
use crate::ir::{ItemKind, Pat, Shared, View, kept};
use crate::name::Name;
use crate::resolve::GItem;

/// Only if this part of a parameter is such a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Given {
    param: u8,
    path: Path,
    what: What,
}

/// What a value has to be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum What {
    /// It is, or holds, a value of this type.
    Type(GItem),
    /// It is one of these variants.
    OneOf(Shared<Vec<Name>>),
    /// It is none of these.
    NoneOf(Shared<Vec<Name>>),
}

kept!(Given);

/// What a call makes of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Decided {
    /// It holds, as far as anybody knows.
    Holds,
    /// The caller's caller knows.
    Asked(Given),
    Fails,
}

impl Summary {
    /// The same, of a receiver of this type.
    pub(super) fn only_for(mut self, item: GItem) -> Summary {
        let given = Some(Shared::new(Given { param: 0, path: Path::ROOT, what: What::Type(item) }));
        let mut limit = |a: &mut Atom| a.given = given;
        self.ret = self.ret.map(&mut limit);
        self.outs.iter_mut().for_each(|(_, v)| *v = v.map(&mut limit));
        self.events.iter_mut().flat_map(|e| e.atoms.iter_mut()).for_each(limit);
        self
    }
}

impl World<'_> {
    /// The type of the program that a method with a receiver is implemented for.
    pub(super) fn implemented_for(&self, func: GItem) -> Option<GItem> {
        let program = self.input.sema.program;
        self.decl(func)?.receiver.as_ref()?;
        let imp = program.parent(func)?;
        let ItemKind::Impl(decl) = &program.item(imp).kind else { return None };
        let own = super::shape::written(self.input.sema, imp, &[], &Shape::Unknown, &decl.self_ty, 0);
        super::call::adt(&own).filter(|item| !program.is_model(*item))
    }

    /// Whether a value of some type is of another, or is a container of its values; `None` where a type parameter or an
    /// object stands.
    fn settles(&self, shape: &Shape, item: GItem) -> Option<bool> {
        let any = |held: &[Shape]| {
            let each: Vec<_> = held.iter().map(|s| self.settles(s, item)).collect();
            if each.contains(&Some(true)) {
                return Some(true);
            }
            (!each.contains(&None)).then_some(false)
        };
        match shape {
            Shape::Adt(own, held) if self.input.sema.program.is_model(*own) => any(held),
            Shape::Adt(own, _) => Some(*own == item),
            Shape::Tuple(held) | Shape::Of(held) => any(held),
            Shape::Prim(_) => Some(false),
            Shape::External(..) | Shape::Open | Shape::Unknown => None,
        }
    }

    /// Whether an argument is what a condition asks for; `None` where that is not known.
    fn is_such(&self, given: Given, value: &Val, shape: &Shape) -> Option<bool> {
        match given.what {
            What::Type(item) => self.settles(&self.below(shape, given.path), item),
            What::OneOf(names) => may_be(&value.read_path(given.path), |text| is_among(&names, text)),
            What::NoneOf(names) => may_be(&value.read_path(given.path), |text| !is_among(&names, text)),
        }
    }

    /// The same, where nothing is known but the value.
    pub(super) fn may_be_such(&self, given: Given, value: &Val) -> bool {
        self.is_such(given, value, &Shape::Unknown) != Some(false)
    }

    /// Whether formatting code writes a part of a value, given all that it writes, as far as the value says which of its
    /// arms are run.
    pub(super) fn writes_part(&self, written: &[Atom], value: &Val, part: Key) -> bool {
        let is_of = |atom: &&Atom| match &atom.origin {
            Origin::Param(0, path) => path.is_empty() || path[0] == part,
            _ => false,
        };
        let mut written = written.iter().filter(is_of).peekable();
        written.peek().is_none()
            || written.any(|atom| atom.given.is_none_or(|given| self.may_be_such(*given, value)))
    }

    fn below(&self, shape: &Shape, path: Path) -> Shape {
        let step = |shape: Shape, key| self.part_shape(&shape, key, View::Whole).unwrap_or(Shape::Unknown);
        path.iter().fold(shape.clone(), |shape, key| step(shape, *key))
    }
}

impl Frame<'_, '_> {
    /// Whether a callee's condition holds of an argument.
    pub(super) fn decide(&self, given: Given, value: &Val, shape: &Shape) -> Decided {
        match self.world.is_such(given, value, shape) {
            Some(true) => Decided::Holds,
            Some(false) => Decided::Fails,
            None => self.ask(given, value),
        }
    }

    /// The condition in terms of this function's parameters, where the argument is one of them.
    fn ask(&self, given: Given, value: &Val) -> Decided {
        let part = value.read_path(given.path);
        let mut named =
            part.atoms().iter().filter(|a| a.view == View::Whole).filter_map(|a| match a.origin {
                Origin::Param(param, path) => Some((param, path)),
                _ => None,
            });
        let (Some((param, path)), None) = (named.next(), named.next()) else { return Decided::Holds };
        let own = Given { param, path, ..given };
        match self.world.is_such(own, &Val::default(), &self.own_parameter(param)) {
            Some(true) => Decided::Holds,
            Some(false) => Decided::Fails,
            None => Decided::Asked(own),
        }
    }

    fn own_parameter(&self, param: u8) -> Shape {
        let Some((body, inf)) = self.world.body(self.owner) else { return Shape::Unknown };
        match body.params.get(usize::from(param)).map(|pat| body.pat(*pat)) {
            Some(Pat::Bind(local, ..)) => self.world.shape(inf.locals[local.0 as usize]).clone(),
            _ => Shape::Unknown,
        }
    }
}

/// Whether a value may be a variant for which something holds; `None` where nobody knows which it is.
fn may_be(value: &Val, holds: impl Fn(&str) -> bool) -> Option<bool> {
    let is_known = !value.texts().is_empty() && value.texts().iter().all(Text::is_constant);
    is_known.then(|| value.texts().iter().any(|text| holds(&text.text)))
}

fn is_among(names: &[Name], text: &str) -> bool {
    names.iter().any(|name| *text == *name.as_str())
}

impl Given {
    /// Only of values whose part at this path is one of these variants.
    pub(super) fn one_of(param: u8, path: Path, names: Vec<Name>) -> Shared<Self> {
        Shared::new(Self { param, path, what: What::OneOf(Shared::new(names)) })
    }

    /// Only of values whose part at this path is none of these variants.
    pub(super) fn none_of(param: u8, path: Path, names: &[Name]) -> Shared<Self> {
        Shared::new(Self { param, path, what: What::NoneOf(Shared::new(names.to_vec())) })
    }

    /// Which argument it is about.
    pub(super) fn param(self) -> u8 {
        self.param
    }
}
