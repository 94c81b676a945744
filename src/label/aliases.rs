//! Labels of type aliases: an alias is gone once types are inferred, so that what is declared with one carries its
//! label.

use super::place::{Part, Place, own_items, places_of};
use super::{Context, Decision, Decisions};
use crate::ir::{ItemKind, TypeRef};
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};

/// How many layers of a written type are looked into.
const MAX_DEPTH: u32 = 8;

/// Gives places that are declared with a labelled alias its label.
pub(super) fn follow(context: &Context<'_>, decisions: &mut Decisions) {
    let program = context.sema.program;
    let is_alias = |place: &&Place| matches!(program.item(place.item).kind, ItemKind::Alias(..));
    if !decisions.keys().any(|place| is_alias(&place)) {
        return;
    }
    let places = own_items(program).into_iter().flat_map(|item| places_of(program, item));
    let open: Vec<Place> = places.filter(|place| !decisions.contains_key(place)).collect();
    for place in open {
        let decision = place.written(program).and_then(|ty| through(program, decisions, place.item, ty, 0));
        if let Some(decision) = decision.cloned() {
            decisions.insert(place, decision);
        }
    }
}

/// The decision about an alias that a type is written with, wrappers looked through.
fn through<'d>(
    program: &Program,
    decisions: &'d Decisions,
    item: GItem,
    ty: &TypeRef,
    depth: u32,
) -> Option<&'d Decision> {
    let inside = |ty: &TypeRef| through(program, decisions, item, ty, depth + 1);
    match ty {
        _ if depth > MAX_DEPTH => None,
        TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => inside(inner),
        TypeRef::Tuple(items) => items.iter().find_map(|ty| inside(ty)),
        TypeRef::Path(path) => {
            if let Resolution::Def(Def::Item(alias), 0) =
                program.resolve(program.home(item), path, Namespace::Type)
                && let ItemKind::Alias(_, target, _) = &program.item(alias).kind
            {
                let own = decisions.get(&Place { item: alias, part: Part::Whole });
                let further = || through(program, decisions, alias, target.as_ref()?, depth + 1);
                return own.or_else(further);
            }
            path.segments.last()?.args.iter().flat_map(|args| &args.types).find_map(|ty| inside(ty))
        }
        _ => None,
    }
}
