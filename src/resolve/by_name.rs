//! Items by their names, without a list for each of the many names that only one item has.

use rustc_hash::FxHashMap;

use super::GItem;
use crate::name::Name;

/// The items of every name, in order.
#[derive(Debug, Default)]
pub(super) struct ByName {
    /// Items, those of one name side by side.
    items: Box<[GItem]>,
    /// Where those of a name begin and end.
    runs: FxHashMap<Name, (u32, u32)>,
}

impl ByName {
    /// From the names of all items, in the order of their ids.
    pub(super) fn new(names: impl Iterator<Item = Name> + Clone) -> Self {
        let mut runs: FxHashMap<Name, (u32, u32)> = FxHashMap::default();
        let mut order = Vec::new();
        for name in names.clone() {
            let run = runs.entry(name).or_insert_with(|| {
                order.push(name);
                (0, 0)
            });
            run.1 += 1;
        }
        let mut begin = 0;
        for name in order {
            let run = runs.entry(name).or_default();
            let count = run.1;
            *run = (begin, begin);
            begin += count;
        }
        let mut items = vec![GItem(0); begin as usize].into_boxed_slice();
        for (id, name) in names.enumerate() {
            let run = runs.entry(name).or_default();
            items[run.1 as usize] = GItem(id as u32);
            run.1 += 1;
        }
        Self { items, runs }
    }

    pub(super) fn items(&self, name: Name) -> &[GItem] {
        self.runs.get(&name).map_or(&[], |(begin, end)| &self.items[*begin as usize..*end as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::{ByName, GItem};
    use crate::name::Name;

    #[test]
    fn items_of_a_name_in_their_order() {
        let (a, b, c) = (Name::new("a"), Name::new("b"), Name::new("c"));
        let named = ByName::new([a, b, a, a, b].into_iter());
        assert_eq!(named.items(a), [GItem(0), GItem(2), GItem(3)]);
        assert_eq!(named.items(b), [GItem(1), GItem(4)]);
        assert_eq!(named.items(c), []);
    }
}
