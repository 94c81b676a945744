//! What of the program's own makes a type from another: its impls of `From` and `TryFrom`, by what they make. Knows no
//! values.

use rustc_hash::FxHashMap;

use super::shape::{Shape, written};
use crate::ir::ItemKind;
use crate::resolve::GItem;
use crate::types::{Head, Sema, TraitImpl};

/// A trait by which values are converted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Way {
    /// `From`.
    Always,
    /// `TryFrom`.
    Perhaps,
}

impl Way {
    fn of(name: &str) -> Option<(Self, &'static str)> {
        match name {
            "From" => Some((Self::Always, "from")),
            "TryFrom" => Some((Self::Perhaps, "try_from")),
            _ => None,
        }
    }
}

/// For what is made, and how: what it is made from, and by which function.
#[derive(Debug, Default)]
pub(super) struct Conversions(FxHashMap<(GItem, Way), Vec<(Shape, GItem)>>);

impl Conversions {
    #[expect(clippy::iter_over_hash_type, reason = "each list keeps the order of its impls")]
    pub(super) fn new(sema: &Sema<'_>) -> Self {
        let mut found: FxHashMap<(GItem, Way), Vec<(Shape, GItem)>> = FxHashMap::default();
        for (head, impls) in &sema.index.impls {
            let Head::Adt(target) = head else { continue };
            for imp in impls.iter().filter(|imp| !sema.program.is_model(imp.imp)) {
                if let Some((way, made)) = conversion(sema, imp) {
                    found.entry((*target, way)).or_default().push(made);
                }
            }
        }
        Self(found)
    }

    /// The program's own function that makes a type from another.
    pub(super) fn find(&self, target: GItem, from: &Shape, way: Way) -> Option<GItem> {
        let mut all = self.0.get(&(target, way))?.iter();
        all.find(|(wanted, _)| same_head(wanted, from)).map(|(_, func)| *func)
    }
}

fn conversion(sema: &Sema<'_>, imp: &TraitImpl) -> Option<(Way, (Shape, GItem))> {
    let program = sema.program;
    let (way, method) = Way::of(imp.name.as_str())?;
    let ItemKind::Impl(decl) = &program.item(imp.imp).kind else { return None };
    let args = decl.trait_.as_ref()?.segments.last()?.args.as_deref()?;
    let wanted = written(sema, imp.imp, &[], &Shape::Unknown, args.types.first()?, 0);
    let mut items = decl.items.iter().map(|item| program.sibling(imp.imp, *item));
    let func = items.find(|item| program.item(*item).name == *method)?;
    Some((way, (wanted, func)))
}

fn same_head(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Adt(x, _), Shape::Adt(y, _)) => x == y,
        (Shape::External(x, _), Shape::External(y, _)) => x == y,
        (Shape::Prim(x), Shape::Prim(y)) => x == y,
        _ => false,
    }
}
