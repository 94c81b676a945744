//! Fields whose names say nothing, by what code does with them: one that is filled from a person's e-mail address alone holds
//! one, one that a password is compared with is one, and what is put into either is that too. Knows nothing of what names
//! mean, and how code moves values only as told.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::moves::{AllMoves, Moves, Origin};
use super::place::{Part, Place, places_of};
use super::shape::Shapes;
use super::{Context, Decisions};
use crate::name::Name;
use crate::recognise::{Confidence, Hit, TypeShape, holds_else};
use crate::resolve::GItem;

/// How far a value is followed through variables and parameters.
const FAR: u32 = 3;

/// What goes to more places, or comes from more, means whatever each of them does.
const MANY: usize = 32;

/// What is known of a place, by which other, and what code does with the two.
#[derive(Clone, Copy, Debug)]
struct Told {
    category: &'static str,
    by: Place,
    how: &'static str,
}

const FILLED: &str = "is filled from";
const FILLS: &str = "fills";
const ALIKE: &str = "is compared with";

/// Hits for fields that nothing else tells about.
pub(super) fn look<'a>(
    (context, shapes): (&Context<'_>, Shapes<'_>),
    items: &[GItem],
    decided: &Decisions,
    moves: &AllMoves,
    told: impl Iterator<Item = (Place, &'a Hit)>,
) -> Vec<(Place, Hit)> {
    let look = Look { context, shapes, decided, moves, hits: told.collect() };
    let of_item = |item: &GItem| {
        let open = places_of(shapes.program, *item).into_iter();
        open.filter_map(|place| Some((place, look.field(place)?))).collect::<Vec<_>>()
    };
    items.par_iter().map(of_item).flatten_iter().collect()
}

struct Look<'a> {
    context: &'a Context<'a>,
    shapes: Shapes<'a>,
    decided: &'a Decisions,
    moves: &'a AllMoves,
    hits: FxHashMap<Place, &'a Hit>,
}

impl Look<'_> {
    fn field(&self, place: Place) -> Option<Hit> {
        let moves = self.moves.get(&place).filter(|_| matches!(place.part, Part::Field(..)))?;
        if self.hits.contains_key(&place) || self.decided.contains_key(&place) {
            return None;
        }
        let program = self.shapes.program;
        let field = place.field(program)?;
        let holder = program.item(place.item).name;
        let told = match moves.from.iter().any(|origin| *origin != Origin::Constant) {
            true => self.filled(place, FAR)?,
            // What comes from outside is what the program takes it for.
            false => self.taken(moves, FAR)?,
        };
        let shape = self.shapes.of_written(place.item, &field.ty);
        let may_hold = shape.facts().shape == TypeShape::Text
            && !holds_else(field.name.as_str(), holder.as_str(), &shape.facts());
        let (field, how, by) = (field.name, told.how, self.shown(told.by));
        may_hold
            .then(|| Hit::used(told.category, format!("the field `{field}` {how} `{by}`, which is personal")))
    }

    /// What a place is by itself. What is told by the record around alone (what somebody wrote there) goes along with the
    /// value, and says nothing of what else may come to stand there.
    fn known(&self, place: Place, how: &'static str) -> Option<Told> {
        let tells = |hit: &Hit| hit.counts() || hit.is_shared() || how == FILLED;
        let is_sure = |hit: &Hit| hit.confidence >= Confidence::Medium && tells(hit);
        let by_hit = || self.hits.get(&place).filter(|hit| is_sure(hit));
        let category = match self.decided.get(&place) {
            Some(decision) => Name::new(&self.context.taxonomy.get(decision.category?).key).as_str(),
            None => by_hit()?.category,
        };
        Some(Told { category, by: place, how })
    }

    /// What all that fills a place has in common.
    fn filled(&self, place: Place, far: u32) -> Option<Told> {
        let from = &self.moves.get(&place).filter(|moves| moves.from.len() <= MANY)?.from;
        let mut places = from.iter().filter(|origin| **origin != Origin::Constant);
        let told = |origin: &Origin| match origin {
            Origin::Place(place) => self.known(*place, FILLED).or_else(|| self.passed(*place, far)),
            Origin::Constant | Origin::Unknown => None,
        };
        let first = told(places.next()?)?;
        places.try_fold(first, |all, origin| all.and(told(origin)?))
    }

    /// What a variable is by what fills it.
    fn passed(&self, place: Place, far: u32) -> Option<Told> {
        self.filled(place, far.checked_sub(1).filter(|_| is_passing(place))?)
    }

    /// What the places have in common, among those that something is compared with or put into, that are told; through
    /// variables and parameters.
    fn taken(&self, moves: &Moves, far: u32) -> Option<Told> {
        if moves.to.len() + moves.like.len() > MANY {
            return None;
        }
        let compared = |place: &Place| {
            let passed = || Some(Told { how: ALIKE, ..self.passed(*place, FAR)? });
            self.known(*place, ALIKE).or_else(passed)
        };
        let put = |place: &Place| {
            self.known(*place, FILLS).or_else(|| {
                let moves = self.moves.get(place).filter(|_| is_passing(*place))?;
                self.taken(moves, far.checked_sub(1)?)
            })
        };
        let mut told = moves.like.iter().filter_map(compared).chain(moves.to.iter().filter_map(put));
        let first = told.next()?;
        told.try_fold(first, Told::and)
    }

    fn shown(&self, place: Place) -> String {
        let path = place.path(self.shapes.program);
        path.iter()
            .skip(path.len().saturating_sub(2))
            .map(|name| name.as_str())
            .collect::<Vec<_>>()
            .join("::")
    }
}

/// Whether a place only hands a value on: a variable, a parameter, what a function returns.
fn is_passing(place: Place) -> bool {
    matches!(place.part, Part::Local(_) | Part::Param(_) | Part::Return)
}

impl Told {
    /// What two have in common that is more than that somebody's data it is.
    fn and(self, other: Self) -> Option<Self> {
        let mut same = 0;
        for (at, _) in self.category.match_indices('.').chain([(self.category.len(), "")]) {
            let ends =
                other.category.len() == at || other.category[at.min(other.category.len())..].starts_with('.');
            if other.category.get(..at) == self.category.get(..at) && ends {
                same = at;
            }
        }
        let category = &self.category[..same];
        category.contains('.').then_some(Self { category, ..self })
    }
}
