//! What arms of a match take: where data can only be as a variant's that an arm before takes whole, a later arm does not
//! have it. Knows patterns; follows no value.

use super::frame::{Frame, set};
use super::path::Path;
use super::value::{Node, Place, Val};
use crate::ir::{Pat, PatId};
use crate::name::Name;

impl Frame<'_, '_> {
    /// The parts of a value that no arm behind this pattern has.
    pub(super) fn taken(&self, pat: PatId) -> Vec<Path> {
        let mut out = Vec::new();
        self.take(pat, Path::ROOT, &mut out);
        out
    }

    fn take(&self, pat: PatId, at: Path, out: &mut Vec<Path>) {
        match self.body.pat(pat) {
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => {
                self.take(*inner, at, out)
            }
            Pat::Or(items) => self.body.pat_list(*items).iter().for_each(|item| self.take(*item, at, out)),
            Pat::TupleStruct(path, items) => {
                let items = self.body.pat_list(*items);
                let named = items.iter().enumerate().map(|(i, pat)| (Name::new(&i.to_string()), *pat));
                self.take_members(*path, &named.collect::<Vec<_>>(), at, out);
            }
            Pat::Struct(path, fields) => self.take_members(*path, fields, at, out),
            _ => {}
        }
    }

    /// Of a variant: all of it where its parts are taken whatever they are, else what the only part takes that is not.
    fn take_members(&self, path: u32, members: &[(Name, PatId)], at: Path, out: &mut Vec<Path>) {
        let Some((adt, Some(variant))) = self.inf.pat_paths.get(&path).copied() else { return };
        let key = |name: Name| self.member_key(Some((adt, Some(variant))), name);
        let sema = self.world.input.sema;
        // Containers are what they contain, and so is what variants of other crates hold.
        let is_option = Some(adt) == sema.lang.option;
        if !is_option && Some(adt) != sema.lang.result && sema.program.is_model(adt) {
            return;
        }
        let step = |name: Name| if is_option { at } else { at.child(key(name)) };
        let mut choosy = members.iter().filter(|(_, pat)| !self.irrefutable(*pat));
        match (choosy.next(), choosy.next()) {
            (None, _) if is_option => out.push(at),
            (None, _) => {
                let fields = self.world.fields_of(adt, Some(variant)).map(|fields| &fields.list[..]);
                out.extend(fields.unwrap_or_default().iter().map(|field| at.child(key(field.name))));
            }
            (Some((name, pat)), None) => self.take(*pat, step(*name), out),
            _ => {}
        }
    }
}

/// A value without what was taken of it.
pub(super) fn without(value: &Val, taken: &[Path]) -> Val {
    let nothing = Val::new(Node { cleared: true, ..Node::default() });
    taken.iter().fold(value.clone(), |value, path| set(&value, path, &nothing, true))
}

/// The places of what was taken from the only place that a value stands at.
pub(super) fn places_of(places: &[Place], taken: &[Path]) -> Vec<Place> {
    let [place] = places else { return Vec::new() };
    let below = |path: &Path| path.iter().copied().fold(place.path, Path::child);
    taken.iter().map(|path| Place { path: below(path), ..place.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::path::Key;

    #[test]
    fn what_is_taken_is_empty_and_the_rest_stays() {
        let key = |name: &str| Key::Variant(Name::new(name), Name::new("0"));
        let value = Val::default().with(key("A"), Val::default()).with(key("B"), Val::default());
        let left = without(&value, &[Path::ROOT.child(key("A"))]);
        assert!(left.read(key("A")).cleared());
        assert!(!left.read(key("B")).cleared());
    }
}
