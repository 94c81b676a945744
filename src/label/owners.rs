//! Whose record a value of a type is: told by one of its fields, by a field of the type that it is a form of
//! (`CreateComment` holds what a `Comment` with its `creator_id` will, a `SendFile` is of a `Send`), or by what it refers to
//! (an `Attachment` with a `cipher_uuid` belongs to whom the `Cipher` does). Knows nothing of what other fields mean.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::ir::ItemKind;
use crate::name::Name;
use crate::recognise::{kin, owner_of, referred, whole};
use crate::resolve::{GItem, Program};

/// The fields that tell, by type.
#[derive(Debug, Default)]
pub(super) struct Owners(FxHashMap<GItem, Name>);

impl Owners {
    /// Of all structs among the items.
    pub(super) fn of(program: &Program, items: &[GItem]) -> Self {
        let told: Vec<(GItem, String, Option<Name>)> = items
            .par_iter()
            .filter_map(|item| {
                let declared = program.item(*item);
                let ItemKind::Struct(_, fields) = &declared.kind else { return None };
                let names = fields.list.iter().filter(|_| !fields.tuple).map(|field| field.name.as_str());
                Some((*item, kin(declared.name.as_str()), owner_of(names).map(Name::new)))
            })
            .collect();
        // Of several kin the first in the order of the program tells.
        let mut by_kin: FxHashMap<&str, Name> = FxHashMap::default();
        for (_, kin, owner) in &told {
            if let Some(owner) = owner {
                by_kin.entry(kin).or_insert(*owner);
            }
        }
        let belonging = |(item, kin, _): &&(GItem, String, Option<Name>)| {
            (!by_kin.contains_key(kin.as_str())).then(|| belonging(program, *item, &by_kin)).flatten()
        };
        let parts: Vec<Option<Name>> = told.par_iter().map(|told| belonging(&told)).collect();
        // Forms of what belongs to something that is somebody's, too.
        let mut of_parts: FxHashMap<&str, Name> = FxHashMap::default();
        for ((_, kin, _), owner) in told.iter().zip(parts) {
            if let Some(owner) = owner {
                of_parts.entry(kin).or_insert(owner);
            }
        }
        let owner = |(item, kin, own): &(GItem, String, Option<Name>)| {
            let by_name = || by_kin.get(kin.as_str()).or_else(|| of_parts.get(kin.as_str())).copied();
            let by_whole = || by_kin.get(whole(kin)?).copied();
            Some((*item, own.or_else(by_name).or_else(by_whole)?))
        };
        Self(told.par_iter().filter_map(owner).collect())
    }

    /// The field that tells of a type.
    pub(super) fn of_item(&self, item: GItem) -> Option<Name> {
        self.0.get(&item).copied()
    }
}

/// The first field that refers to what is somebody's, of a record that can be referred to itself: what merely says which
/// record to act on holds nothing of whose that is.
fn belonging(program: &Program, item: GItem, by_kin: &FxHashMap<&str, Name>) -> Option<Name> {
    let ItemKind::Struct(_, fields) = &program.item(item).kind else { return None };
    fields.list.iter().find(|field| field.name == *"id" || field.name == *"uuid")?;
    let is_owned =
        |name: &&Name| referred(name.as_str()).is_some_and(|kin| by_kin.contains_key(kin.as_str()));
    fields.list.iter().map(|field| &field.name).find(is_owned).copied()
}
