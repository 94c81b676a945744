//! What an export hands out: the labelled fields that it reads, and all of the values that it gives away whole. Knows the
//! functions that can be reached, and follows no value in them.

use rustc_hash::FxHashSet;

use super::Look;
use super::reach::Reached;
use crate::ir::{Body, Expr, ExprId, ItemKind, Pat};
use crate::resolve::GItem;
use crate::taxonomy::CategoryId;
use crate::types::{Callee, Inference, Ty, TyKind};

/// How deep types are looked into.
const DEEP: usize = 6;

/// The categories that an export reaches.
pub(super) struct Shown {
    pub(super) reached: Reached,
    categories: Vec<CategoryId>,
}

impl Shown {
    /// Whether it is handed out; what is handed out under a broader name is too.
    pub(super) fn has(&self, look: &Look<'_>, category: CategoryId) -> bool {
        self.categories.iter().any(|shown| look.input.taxonomy.is_within(category, *shown))
    }
}

pub(super) fn shown(look: &Look<'_>, reached: Reached) -> Shown {
    let mut seen = Seen { look, fields: FxHashSet::default(), whole: Vec::new() };
    for item in &reached.functions {
        let (Some(inference), Some(body)) = (look.inference(*item), look.program().body(*item)) else {
            continue;
        };
        seen.body(body, inference);
        if reached.roots.contains(item) {
            seen.whole(inference.ret, DEEP);
        }
    }
    let mut categories: Vec<CategoryId> = seen.fields.iter().filter_map(|at| look.category(*at)).collect();
    categories.extend(seen.whole.iter().flat_map(|item| look.categories_of(*item)));
    categories.sort_unstable();
    categories.dedup();
    Shown { reached, categories }
}

struct Seen<'l, 'a> {
    look: &'l Look<'a>,
    fields: FxHashSet<(GItem, u16)>,
    /// Types of which whole values are given away.
    whole: Vec<GItem>,
}

impl Seen<'_, '_> {
    fn body(&mut self, body: &Body, inference: &Inference) {
        self.fields.extend(inference.fields.values().copied());
        for pat in &body.pats {
            if let Pat::Struct(path, fields) = pat
                && let Some((adt, None)) = inference.pat_paths.get(path)
            {
                let named = fields.iter().filter_map(|(name, _)| self.look.field(*adt, *name));
                self.fields.extend(named.map(|index| (*adt, index)));
            }
        }
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            let given = match *body.expr(id) {
                Expr::Call(_, args) | Expr::Method(_, _, args, _) => match inference.callees.get(&id) {
                    // What a function of the program does with it is looked at there.
                    Some(Callee::Fn(function, _)) if !self.look.program().is_model(*function) => continue,
                    _ => body.list(args),
                },
                Expr::Macro(_, list) | Expr::Format(_, list) | Expr::Record(list) => body.list(list),
                _ => continue,
            };
            given.iter().for_each(|arg| self.whole(inference.exprs[arg.0 as usize], DEEP));
        }
    }

    fn whole(&mut self, ty: Ty, depth: usize) {
        if depth == 0 {
            return;
        }
        match self.look.input.sema.types.kind(ty) {
            TyKind::Adt(item, args) => {
                self.holder(*item, depth);
                args.iter().for_each(|arg| self.whole(*arg, depth - 1));
            }
            TyKind::Tuple(list) => list.iter().for_each(|ty| self.whole(*ty, depth - 1)),
            TyKind::Slice(inner) | TyKind::Future(inner) => self.whole(*inner, depth - 1),
            TyKind::External(_, args) => args.iter().for_each(|arg| self.whole(*arg, depth - 1)),
            _ => {}
        }
    }

    fn holder(&mut self, item: GItem, depth: usize) {
        if depth > 0 && !self.whole.contains(&item) && !self.look.program().is_model(item) {
            self.whole.push(item);
            self.look.program().held(item).into_iter().for_each(|inner| self.holder(inner, depth - 1));
        }
    }
}

impl Look<'_> {
    /// The category of a struct's field.
    fn category(&self, (adt, index): (GItem, u16)) -> Option<CategoryId> {
        let label = self.input.labels.fields.get(&(adt, None, index))?;
        Some(self.input.labels.get(*label).category)
    }

    /// The categories of what a type holds by itself, sorted.
    #[allow(clippy::iter_over_hash_type, reason = "sorted")]
    pub(super) fn categories_of(&self, item: GItem) -> Vec<CategoryId> {
        let labels = self.input.labels;
        let fields = labels.fields.iter().filter(|((adt, ..), _)| *adt == item).map(|(_, label)| *label);
        let mut all: Vec<CategoryId> =
            fields.chain(labels.types.get(&item).copied()).map(|label| labels.get(label).category).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn field(&self, adt: GItem, name: crate::name::Name) -> Option<u16> {
        let ItemKind::Struct(_, fields) = &self.program().item(adt).kind else { return None };
        fields.list.iter().position(|field| field.name == name).map(|index| index as u16)
    }
}
