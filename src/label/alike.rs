//! Fields that say nothing by themselves, by what others of their name in the same package say: where `key` is a secret in
//! most of the types that tell, it is to be asked about in those that do not. Knows nothing of what the names mean.

use rustc_hash::FxHashMap;

use super::Decisions;
use super::place::{Part, Place};
use super::shape::Shapes;
use crate::ir::ItemKind;
use crate::name::Name;
use crate::recognise::{Hit, TypeShape, needs_company};
use crate::resolve::GItem;

/// How many types have to tell.
const ENOUGH: usize = 3;

/// The fields of one name in one package: those that tell, and those that do not.
#[derive(Default)]
struct Same<'a> {
    told: Vec<(Place, &'a Hit)>,
    open: Vec<Place>,
}

/// Hits for fields that others of their name tell about.
pub(super) fn look(
    shapes: Shapes<'_>,
    items: &[GItem],
    decided: &Decisions,
    seen: &[Vec<(Place, Hit)>],
) -> Vec<(Place, Hit)> {
    let hits: FxHashMap<Place, &Hit> = seen.iter().flatten().map(|(place, hit)| (*place, hit)).collect();
    let mut lean: FxHashMap<Name, bool> = FxHashMap::default();
    let mut order: Vec<(u32, Name)> = Vec::new();
    let mut same: FxHashMap<(u32, Name), Same<'_>> = FxHashMap::default();
    for (place, name) in items.iter().flat_map(|item| texts(shapes, *item, &mut lean)) {
        let Some(package) = shapes.program.package_of(place.item) else { continue };
        let of_name = same.entry((package, name)).or_insert_with(|| {
            order.push((package, name));
            Same::default()
        });
        match hits.get(&place) {
            Some(hit) if hit.is_shared() => of_name.told.push((place, hit)),
            Some(_) => {}
            None if !decided.contains_key(&place) => of_name.open.push(place),
            None => {}
        }
    }
    order.iter().filter_map(|key| same.get(key)).flat_map(|same| by_likeness(shapes, same)).collect()
}

/// The fields of a struct that are texts and need company to say something.
fn texts(shapes: Shapes<'_>, item: GItem, lean: &mut FxHashMap<Name, bool>) -> Vec<(Place, Name)> {
    let ItemKind::Struct(_, fields) = &shapes.program.item(item).kind else { return Vec::new() };
    let named = fields.list.iter().enumerate().filter(|_| !fields.tuple);
    let leaning = named
        .filter(|(_, field)| *lean.entry(field.name).or_insert_with(|| needs_company(field.name.as_str())));
    let is_text = |ty| shapes.of_written(item, ty).facts().shape == TypeShape::Text;
    leaning
        .filter(|(_, field)| is_text(&field.ty))
        .map(|(at, field)| (Place { item, part: Part::Field(None, at as u16) }, field.name))
        .collect()
}

fn by_likeness(shapes: Shapes<'_>, same: &Same<'_>) -> Vec<(Place, Hit)> {
    let Some(((first, hit), others)) = same.told.split_first() else { return Vec::new() };
    let agreed = others.iter().all(|(_, other)| other.category == hit.category);
    if !agreed || same.told.len() < ENOUGH || same.told.len() < same.open.len() {
        return Vec::new();
    }
    let holder = shapes.program.item(first.item).name.as_str();
    let name = |place: &Place| place.field(shapes.program).map_or("", |field| field.name.as_str());
    same.open.iter().map(|place| (*place, hit.like(name(place), holder))).collect()
}
