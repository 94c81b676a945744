//! Which of several items that stand for each other under `cfg`s another item means: that of its own build, where both say
//! of which they are. Evaluates no condition: without flags all builds are looked at.

use std::borrow::Cow;

use super::{GItem, Program};
use crate::ir::Cfg;

impl Program {
    /// Of items of one name those of the build that the item which asks is of; all of them where none says so.
    #[must_use]
    pub fn of_own_build<'l>(&self, asking: GItem, list: &'l [GItem]) -> Cow<'l, [GItem]> {
        let own = self.conditions(asking);
        if own.is_empty() {
            return Cow::Borrowed(list);
        }
        let told: Vec<Vec<&Cfg>> = list.iter().map(|item| self.nearest_conditions(*item)).collect();
        let chosen = |is_meant: &dyn Fn(&[&Cfg]) -> bool| -> Vec<GItem> {
            let meant = list.iter().zip(&told).filter(|(_, of)| is_meant(of));
            meant.map(|(item, _)| *item).collect()
        };
        let implied =
            chosen(&|of| !of.is_empty() && of.iter().all(|one| own.iter().any(|cfg| cfg.implies(one))));
        if !implied.is_empty() {
            return Cow::Owned(implied);
        }
        let possible = chosen(&|of| !own.iter().any(|one| of.iter().any(|other| one.contradicts(other))));
        if possible.is_empty() { Cow::Borrowed(list) } else { Cow::Owned(possible) }
    }

    /// What a path means that leads to this item, written in the item which asks.
    #[must_use]
    pub fn in_own_build(&self, asking: GItem, found: GItem) -> GItem {
        if !self.is_conditional(found) {
            return found;
        }
        let all: Vec<GItem> = std::iter::once(found).chain(self.alternatives(found)).collect();
        if all.len() == 1 { found } else { self.of_own_build(asking, &all)[0] }
    }

    /// Whether an item, or the impl around it, says of which build it is.
    #[must_use]
    pub fn is_conditional(&self, item: GItem) -> bool {
        self.own_conditions(item).next().is_some()
    }

    /// Whether an item takes part in some builds only: by itself, or with what it stands in.
    #[must_use]
    pub fn is_of_some_build(&self, item: GItem) -> bool {
        self.is_conditional(item) || !self.modules[self.home(item).0 as usize].cfg.is_empty()
    }

    /// The conditions of an item, of the impl around it, and of its module.
    fn conditions(&self, item: GItem) -> Vec<&Cfg> {
        self.own_conditions(item).chain(&self.modules[self.home(item).0 as usize].cfg).collect()
    }

    /// Its own conditions, and its module's where it has none.
    fn nearest_conditions(&self, item: GItem) -> Vec<&Cfg> {
        let own: Vec<&Cfg> = self.own_conditions(item).collect();
        if own.is_empty() { self.conditions(item) } else { own }
    }

    fn own_conditions(&self, item: GItem) -> impl Iterator<Item = &Cfg> {
        let around = std::iter::once(item).chain(self.parent(item));
        around.filter_map(|item| self.item(item).attrs.get()).flat_map(|attrs| &attrs.cfg)
    }
}
