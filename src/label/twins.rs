//! Fields that say nothing by themselves, by the same field of another form of their type: what the `fields` of a
//! `CipherData` are, those of the `Cipher` are that it becomes. Knows nothing of what the names mean.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Decisions;
use super::place::{Part, Place};
use super::shape::Shapes;
use crate::ir::{Fields, ItemKind};
use crate::name::Name;
use crate::recognise::{Confidence, Hit, TypeShape, holds_else, kin};
use crate::resolve::{GItem, Program};

/// By what a struct of a package is a form of, the fields that tell of others of their name.
type Told<'a> = FxHashMap<(u32, String), FxHashMap<Name, (Place, &'a Hit)>>;

/// Hits for fields of which another form of their type tells.
pub(super) fn look(
    shapes: Shapes<'_>,
    items: &[GItem],
    decided: &Decisions,
    seen: &[Vec<(Place, Hit)>],
) -> Vec<(Place, Hit)> {
    let program = shapes.program;
    let mut told: Told<'_> = FxHashMap::default();
    for (place, hit) in seen.iter().flatten() {
        let tells = hit.confidence >= Confidence::Medium && matches!(place.part, Part::Field(None, _));
        if let Some(field) = place.field(program).filter(|_| tells)
            && let Some(form) = form_of(program, place.item)
        {
            told.entry(form).or_default().entry(field.name).or_insert((*place, hit));
        }
    }
    let found: Vec<Vec<(Place, Hit)>> = items.par_iter().map(|item| of_item(shapes, *item, &told)).collect();
    let hits: FxHashSet<Place> = seen.iter().flatten().map(|(place, _)| *place).collect();
    let is_open = |place: &Place| !hits.contains(place) && !decided.contains_key(place);
    found.into_iter().flatten().filter(|(place, _)| is_open(place)).collect()
}

/// The package of a struct, and what it is a form of.
fn form_of(program: &Program, item: GItem) -> Option<(u32, String)> {
    let ItemKind::Struct(_, Fields { tuple: false, .. }) = &program.item(item).kind else { return None };
    Some((program.package_of(item)?, kin(program.item(item).name.as_str())))
}

fn of_item(shapes: Shapes<'_>, item: GItem, told: &Told<'_>) -> Vec<(Place, Hit)> {
    let program = shapes.program;
    let Some(told) = form_of(program, item).and_then(|form| told.get(&form)) else { return Vec::new() };
    let holder = program.item(item).name.as_str();
    let twin = |at: u16| {
        let place = Place { item, part: Part::Field(None, at) };
        let field = place.field(program)?;
        let (other, hit) = told.get(&field.name).filter(|(other, _)| other.item != item)?;
        let shape = shapes.of_written(item, &field.ty);
        let is_text = shape.facts().shape == TypeShape::Text;
        let tells = is_text && !holds_else(field.name.as_str(), holder, &shape.facts());
        let by = program.item(other.item).name.as_str();
        tells.then(|| (place, hit.like(field.name.as_str(), by)))
    };
    let count = super::place::fields(program, item, None).map_or(0, |fields| fields.list.len());
    (0..count as u16).filter_map(twin).collect()
}
