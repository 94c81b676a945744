//! What arms of a match take: where data can only be as a variant's that an arm before takes whole, a later arm does not
//! have it. Knows patterns; follows no value.

use super::frame::{Frame, set};
use super::path::{Key, Path};
use super::summary::payload;
use super::value::{Node, Place, Val};
use crate::ir::{List, Pat, PatId};
use crate::name::Name;

impl Frame<'_, '_> {
    /// Adds the parts of a value that no arm behind this pattern has.
    pub(super) fn take(&self, pat: PatId, out: &mut Vec<Path>) {
        self.take_at(pat, Path::ROOT, out);
    }

    fn take_at(&self, pat: PatId, at: Path, out: &mut Vec<Path>) {
        match self.body.pat(pat) {
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => {
                self.take_at(*inner, at, out);
            }
            Pat::Or(items) => self.body.pat_list(*items).iter().for_each(|item| self.take_at(*item, at, out)),
            Pat::TupleStruct(path, items) => {
                let items = self.body.pat_list(*items);
                let named = items.iter().enumerate().map(|(i, pat)| (Name::new(&i.to_string()), *pat));
                self.take_members(*path, &named.collect::<Vec<_>>(), at, out);
            }
            Pat::Struct(path, fields) => self.take_members(*path, fields, at, out),
            Pat::Tuple(items) => self.take_choice(&self.positioned(*items), at, out),
            _ => {}
        }
    }

    /// What is taken of a value that is what its parts are, where only one part decides whether it is taken.
    fn take_choice(&self, parts: &[(Path, PatId)], at: Path, out: &mut Vec<Path>) {
        let below = |part: Path| part.iter().copied().fold(at, Path::child);
        let mut choosy = parts.iter().filter(|(_, pat)| !self.irrefutable(*pat));
        if let (Some((part, pat)), None) = (choosy.next(), choosy.next()) {
            self.take_at(*pat, below(*part), out);
        }
    }

    /// The parts of a tuple; none where it is not clear which is which.
    fn positioned(&self, items: List) -> Vec<(Path, PatId)> {
        let items = self.body.pat_list(items);
        if items.iter().any(|pat| matches!(self.body.pat(*pat), Pat::Rest)) {
            return Vec::new();
        }
        let key = |i: usize| Key::Field(Name::new(&i.to_string()));
        items.iter().enumerate().map(|(i, pat)| (Path::ROOT.child(key(i)), *pat)).collect()
    }

    /// Whether what was taken is part of what this pattern may be of.
    pub(super) fn meets(&self, pat: PatId, taken: &[Path]) -> bool {
        !taken.is_empty() && self.meets_at(pat, Path::ROOT, taken)
    }

    fn meets_at(&self, pat: PatId, at: Path, taken: &[Path]) -> bool {
        match self.body.pat(pat) {
            Pat::Ref(inner) | Pat::Typed(inner, _) | Pat::Bind(_, _, Some(inner)) => {
                self.meets_at(*inner, at, taken)
            }
            Pat::Or(items) => self.body.pat_list(*items).iter().any(|item| self.meets_at(*item, at, taken)),
            Pat::Wild | Pat::Bind(_, _, None) | Pat::Path(_) => {
                taken.iter().any(|path| path.starts_with(&at))
            }
            Pat::TupleStruct(path, items) => {
                let [only] = self.body.pat_list(*items) else { return false };
                self.member_of(*path, Name::new("0"), at).is_some_and(|at| self.meets_at(*only, at, taken))
            }
            Pat::Struct(path, fields) => fields.iter().any(|(name, pat)| {
                self.member_of(*path, *name, at).is_some_and(|at| self.meets_at(*pat, at, taken))
            }),
            Pat::Tuple(items) => self
                .positioned(*items)
                .iter()
                .any(|(part, pat)| self.meets_at(*pat, part.iter().copied().fold(at, Path::child), taken)),
            _ => false,
        }
    }

    /// A value as the variant that a pattern is of.
    pub(super) fn as_matched(&self, pat: PatId, value: &Val) -> Val {
        let (Pat::TupleStruct(path, _) | Pat::Struct(path, _)) = self.body.pat(pat) else {
            return value.clone();
        };
        let Some((adt, Some(variant))) = self.inf.pat_paths.get(path).copied() else { return value.clone() };
        let sema = self.world.input.sema;
        if Some(adt) == sema.lang.result {
            let other = if self.world.failing() == Some((adt, Some(variant))) { "Ok" } else { "Err" };
            return value.clone().with(payload(other), self.world.nothing.clone());
        }
        self.as_variant(value.clone(), Some((adt, Some(variant))))
    }

    /// Where a member of a struct or of a variant is, where members are told apart. Containers are what they contain.
    fn member_of(&self, path: u32, name: Name, at: Path) -> Option<Path> {
        let (adt, variant) = self.inf.pat_paths.get(&path).copied()?;
        let sema = self.world.input.sema;
        if Some(adt) == sema.lang.option {
            return Some(at);
        }
        let is_told = Some(adt) == sema.lang.result || !sema.program.is_model(adt);
        is_told.then(|| at.child(self.member_key(Some((adt, variant)), name)))
    }

    /// Of a variant: all of it where its parts are taken whatever they are, else what the only part takes that is not.
    fn take_members(&self, path: u32, members: &[(Name, PatId)], at: Path, out: &mut Vec<Path>) {
        let Some((adt, variant)) = self.inf.pat_paths.get(&path).copied() else { return };
        let Some(variant) = variant else {
            let part = |(name, pat): &(Name, PatId)| Some((self.member_of(path, *name, Path::ROOT)?, *pat));
            return self.take_choice(&members.iter().filter_map(part).collect::<Vec<_>>(), at, out);
        };
        let mut choosy = members.iter().filter(|(_, pat)| !self.irrefutable(*pat));
        match (choosy.next(), choosy.next()) {
            (None, _) if Some(adt) == self.world.input.sema.lang.option => out.push(at),
            (None, _) => {
                let fields = self.world.fields_of(adt, Some(variant)).map(|fields| &fields.list[..]);
                let names = fields.unwrap_or_default().iter().map(|field| field.name);
                out.extend(names.filter_map(|name| self.member_of(path, name, at)));
            }
            (Some((name, pat)), None) => {
                if let Some(at) = self.member_of(path, *name, at) {
                    self.take_at(*pat, at, out);
                }
            }
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

    #[test]
    fn what_is_taken_is_empty_and_the_rest_stays() {
        let key = |name: &str| Key::Variant(Name::new(name), Name::new("0"));
        let value = Val::default().with(key("A"), Val::default()).with(key("B"), Val::default());
        let left = without(&value, &[Path::ROOT.child(key("A"))]);
        assert!(left.read(key("A")).cleared());
        assert!(!left.read(key("B")).cleared());
    }
}
