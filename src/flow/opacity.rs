//! Whether a type lets anything of what it holds be seen through a formatting trait, and in which form: secrets that
//! models know, impls written by hand as their code says, and derives as the types of the fields do. Knows types alone, no
//! values.

use super::shape::Shape;
use super::value::{Doubts, Origin};
use super::world::World;
use crate::ir::{Body, Expr, Field, ItemKind, View};
use crate::notice::Form;
use crate::resolve::GItem;

/// Through how many types that hold each other is looked.
const MAX_NESTING: u8 = 6;

/// Whether a type shows what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opacity {
    /// In which form, and whether it does so in any build.
    Shows(Form, Doubts),
    Hides,
}

const CLEAR: Opacity = Opacity::Shows(Form::Clear, Doubts::NONE);

/// Whether derived formatting shows anything of a type's fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Veil {
    /// Each field hides what it holds.
    Whole,
    /// That hangs on the type's arguments.
    Perhaps,
    None,
}

impl World<'_> {
    /// Whether a type shows its content at all under a view, and in which form.
    pub(super) fn opacity(&self, shape: &Shape, view: View) -> Opacity {
        self.opacity_at(shape, view, 0)
    }

    /// Whether anything of what a container is made of is seen: a list of secrets shows no secret, nor does a map of them.
    pub(super) fn opacity_through(&self, shape: &Shape, view: View) -> Opacity {
        self.opacity_through_at(shape, view, 0)
    }

    /// Whether what a container is made of hides, so that nothing of it is seen as a whole.
    pub(super) fn hides_content(&self, shape: &Shape, view: View) -> bool {
        let content = self.content(shape);
        content.is_some_and(|content| self.opacity_through(content, view) == Opacity::Hides)
    }

    fn opacity_at(&self, shape: &Shape, view: View, depth: u8) -> Opacity {
        match shape {
            Shape::Adt(item, _) if view == View::Debug && self.is_plainly_derived(*item) => CLEAR,
            Shape::Adt(item, args) => {
                let facts = self.type_facts(*item);
                if facts.opaque || (view != View::Whole && facts.hides.contains(&view)) {
                    return Opacity::Hides;
                }
                match self.hand_written(*item, view) {
                    Some(func) if !self.input.sema.program.is_model(func) => self.written_opacity(func),
                    None if view == View::Debug && self.veil(*item, args, depth) == Veil::Whole => {
                        Opacity::Hides
                    }
                    _ => CLEAR,
                }
            }
            Shape::External(path, _) if view != View::Whole => {
                let path: Vec<&'static str> = path.iter().map(|n| n.as_str()).collect();
                if self.facts_of_type(&path).hides.contains(&view) { Opacity::Hides } else { CLEAR }
            }
            _ => CLEAR,
        }
    }

    fn opacity_through_at(&self, shape: &Shape, view: View, depth: u8) -> Opacity {
        match (self.opacity_at(shape, view, depth), self.content(shape)) {
            (Opacity::Hides, _) => Opacity::Hides,
            (_, Some(content)) => self.opacity_through_at(content, view, depth),
            (other, None) => other,
        }
    }

    /// What a container is there for: its elements, the values of a map; a hasher is no content.
    fn content<'s>(&self, shape: &'s Shape) -> Option<&'s Shape> {
        match shape {
            Shape::Of(args) if args.len() == 1 => args.first(),
            Shape::Adt(item, args) if self.input.sema.program.is_model(*item) => {
                let held = args.iter().rev().find(|arg| self.carries(arg));
                held.filter(|_| Some(*item) != self.input.sema.lang.result)
            }
            _ => None,
        }
    }

    fn written_opacity(&self, func: GItem) -> Opacity {
        if self.summary(func).is_none() && !self.settled {
            return CLEAR;
        }
        let atoms = self.formatted(func);
        let shown = || atoms.iter().filter(|a| matches!(a.origin, Origin::Param(0, _) | Origin::Label(_)));
        let doubts = if shown().all(|a| a.doubts.is_seldom()) { Doubts::SELDOM } else { Doubts::NONE };
        shown()
            .map(|a| a.form)
            .min()
            .map_or_else(|| self.chosen_opacity(func), |form| Opacity::Shows(form, doubts))
    }

    /// Formatting code of an enum without data writes out what it is by choosing among words.
    fn chosen_opacity(&self, func: GItem) -> Opacity {
        let chooses = |body: &Body| {
            let choice = |e: &Expr| matches!(e, Expr::Match(_, _, arms) if *arms > 1);
            body.exprs.iter().any(choice)
        };
        let shown = self.body(func).is_some_and(|(body, inf)| {
            let itself = inf.locals.first().map(|local| self.shape(*local));
            chooses(body) && matches!(itself, Some(Shape::Adt(item, _)) if self.is_unit_enum(*item))
        });
        if shown { CLEAR } else { Opacity::Hides }
    }

    /// Whether it is known of a type already that its `Debug` is derived and shows some field.
    fn is_plainly_derived(&self, item: GItem) -> bool {
        self.veils.get(item.0 as usize).and_then(|veil| veil.get()) == Some(&Veil::None)
    }

    /// What a derived `Debug` lets be seen: a newtype of a secret is one.
    fn veil(&self, item: GItem, args: &[Shape], depth: u8) -> Veil {
        let known = self.veils.get(item.0 as usize).and_then(|veil| veil.get());
        let veil = known.copied().unwrap_or_else(|| {
            let veil = self.veil_of(item, &[], depth);
            if let Some(place) = self.veils.get(item.0 as usize).filter(|_| self.settled && depth == 0) {
                place.get_or_init(|| veil);
            }
            veil
        });
        if veil == Veil::Perhaps && !args.is_empty() { self.veil_of(item, args, depth) } else { veil }
    }

    fn veil_of(&self, item: GItem, args: &[Shape], depth: u8) -> Veil {
        let declared = self.input.sema.program.item(item);
        let is_own = !self.input.sema.program.is_model(item);
        if !is_own || depth > MAX_NESTING || declared.attrs.derive("Debug").is_none() {
            return Veil::None;
        }
        let fields: Vec<&Field> = match &declared.kind {
            ItemKind::Struct(_, fields) => fields.list.iter().collect(),
            ItemKind::Enum(_, variants) => variants.iter().flat_map(|v| &v.fields.list).collect(),
            _ => Vec::new(),
        };
        let veils = fields.into_iter().map(|field| {
            if field.attrs.hides(View::Debug) {
                return Veil::Whole;
            }
            self.veil_over(&self.field_shape(item, args, field), depth + 1)
        });
        worst(veils).unwrap_or(Veil::None)
    }

    /// What derived formatting lets be seen of a field of this type.
    fn veil_over(&self, shape: &Shape, depth: u8) -> Veil {
        match self.opacity_through_at(shape, View::Debug, depth) {
            Opacity::Hides => Veil::Whole,
            Opacity::Shows(..) if self.hangs_on_argument(shape) => Veil::Perhaps,
            Opacity::Shows(..) => Veil::None,
        }
    }

    /// Whether a type is, or holds, what only the arguments of the type that it stands in tell.
    fn hangs_on_argument(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Unknown | Shape::Open => true,
            Shape::Adt(_, args) => args.iter().any(|arg| self.hangs_on_argument(arg)),
            Shape::Of(args) | Shape::Tuple(args) => args.iter().any(|arg| self.hangs_on_argument(arg)),
            Shape::Prim(_) | Shape::External(..) => false,
        }
    }
}

/// The veil of all: the thinnest; nothing where there is none to look at. The first that hides nothing decides.
fn worst(veils: impl Iterator<Item = Veil>) -> Option<Veil> {
    let mut worst = None;
    for veil in veils {
        worst = worst.max(Some(veil));
        if veil == Veil::None {
            break;
        }
    }
    worst
}
