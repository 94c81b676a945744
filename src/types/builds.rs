//! Which of several functions that stand for each other under `cfg`s code means: that of its own build, where both say of
//! which they are. Evaluates no condition: without flags all builds are looked at.

use std::borrow::Cow;

use super::infer::Cx;
use crate::ir::Cfg;
use crate::resolve::{GItem, Program};

impl Cx<'_> {
    /// Of functions of one name those of the build that this code is of; all of them where none says so.
    pub(super) fn of_own_build<'l>(&self, list: &'l [GItem]) -> Cow<'l, [GItem]> {
        let own = conditions(self.sema.program, self.owner);
        if own.is_empty() {
            return Cow::Borrowed(list);
        }
        let told: Vec<Vec<&Cfg>> = list.iter().map(|func| conditions(self.sema.program, *func)).collect();
        let chosen = |is_meant: &dyn Fn(&[&Cfg]) -> bool| -> Vec<GItem> {
            let meant = list.iter().zip(&told).filter(|(_, of)| is_meant(of));
            meant.map(|(func, _)| *func).collect()
        };
        let implied =
            chosen(&|of| !of.is_empty() && of.iter().all(|one| own.iter().any(|cfg| cfg.implies(one))));
        if !implied.is_empty() {
            return Cow::Owned(implied);
        }
        let possible = chosen(&|of| !exclude(&own, of));
        if possible.is_empty() { Cow::Borrowed(list) } else { Cow::Owned(possible) }
    }

    /// The function that a path to one means.
    pub(super) fn in_own_build(&self, func: GItem) -> GItem {
        let program = self.sema.program;
        if conditions(program, func).is_empty() {
            return func;
        }
        let all: Vec<GItem> = std::iter::once(func).chain(program.alternatives(func)).collect();
        if all.len() == 1 { func } else { self.of_own_build(&all)[0] }
    }
}

/// The conditions of an item, and of the impl around it.
fn conditions(program: &Program, item: GItem) -> Vec<&Cfg> {
    let around = std::iter::once(item).chain(program.parent(item));
    around.filter_map(|item| program.item(item).attrs.get()).flat_map(|attrs| &attrs.cfg).collect()
}

fn exclude(a: &[&Cfg], b: &[&Cfg]) -> bool {
    a.iter().any(|one| {
        b.iter().any(|other| Cfg::exclude(std::slice::from_ref(*one), std::slice::from_ref(*other)))
    })
}
