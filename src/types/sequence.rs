//! What holds elements in a row: arrays, ranges, what is indexed and what loops go through.

use super::infer::Cx;
use super::table::{Ty, TyKind};
use crate::ir::{Expr, ExprId};
use crate::name::Name;

impl Cx<'_> {
    pub(super) fn array(&mut self, items: crate::ir::List, vec: bool, expected: Option<Ty>) -> Ty {
        let mut item = self.table.fresh();
        if let Some(expected) = expected {
            let wanted = self.sequence(item, vec);
            self.unify(wanted, expected);
        }
        for e in self.body.list(items).to_vec() {
            let ty = self.expr(e, Some(item));
            item = self.either(item, ty);
        }
        self.sequence(item, vec)
    }

    pub(super) fn range(&mut self, from: Option<ExprId>, to: Option<ExprId>, inclusive: bool) -> Ty {
        let first = from.map(|e| self.expr(e, None));
        let last = to.map(|e| self.expr(e, first));
        let item = match (first, last) {
            // A literal's type is the other end's.
            (Some(a), Some(b)) if matches!(from.map(|e| self.body.expr(e)), Some(Expr::Lit(_))) => {
                self.unify(a, b);
                b
            }
            (a, b) => a.or(b).unwrap_or(Ty::UNKNOWN),
        };
        let ranges = &self.sema.lang.ranges;
        let kind = match (first, last, inclusive) {
            (Some(_), Some(_), false) => ranges.full,
            (Some(_), Some(_), true) => ranges.inclusive,
            (Some(_), None, _) => ranges.from,
            (None, Some(_), false) => ranges.to,
            (None, Some(_), true) => ranges.to_inclusive,
            (None, None, _) => ranges.unbounded,
        };
        let args: Box<[Ty]> = if first.or(last).is_some() { Box::new([item]) } else { Box::default() };
        kind.map_or(Ty::UNKNOWN, |kind| self.table.intern(TyKind::Adt(kind, args)))
    }

    fn is_range(&self, ty: Ty) -> bool {
        self.table.adt(ty).is_some_and(|(item, _)| self.sema.lang.ranges.all().contains(&Some(item)))
    }

    pub(super) fn sequence(&mut self, item: Ty, vec: bool) -> Ty {
        match self.sema.lang.vec {
            Some(v) if vec => self.table.intern(TyKind::Adt(v, Box::new([item]))),
            _ => self.table.intern(TyKind::Slice(item)),
        }
    }

    pub(super) fn index(&mut self, base: ExprId, index: ExprId) -> Ty {
        let base = self.expr(base, None);
        let at = self.expr(index, None);
        let sliced = matches!(*self.body.expr(index), Expr::Range(..)) || self.is_range(at);
        let mut ty = self.resolve_ty(base);
        for _ in 0..6 {
            match self.table.kind(ty).clone() {
                TyKind::Slice(_) | TyKind::Prim(_) if sliced => return ty,
                TyKind::Slice(item) => return item,
                TyKind::Var(_) | TyKind::Unknown => return self.table.fresh(),
                _ => {}
            }
            if !sliced && let Some(out) = self.indexed(ty) {
                return out;
            }
            match self.deref(ty) {
                Some(next) => ty = next,
                None => break,
            }
        }
        Ty::UNKNOWN
    }

    fn indexed(&mut self, ty: Ty) -> Option<Ty> {
        let trait_ = self.sema.lang.index?;
        let head = self.head(ty)?;
        self.sema.index.impl_of(head, trait_)?;
        let out = self.projection(ty, Some(trait_), Name::new("Output"));
        (!matches!(self.table.kind(out), TyKind::Proj(..))).then_some(out)
    }

    /// What a `for` loop binds.
    pub(super) fn iterated(&mut self, ty: Ty) -> Ty {
        let ty = self.resolve_ty(ty);
        if let TyKind::Slice(item) = self.table.kind(ty) {
            return *item;
        }
        let item = Name::new("Item");
        for trait_ in [self.sema.lang.into_iterator, self.sema.lang.iterator] {
            let found = self.projection(ty, trait_, item);
            if !matches!(self.table.kind(found), TyKind::Proj(..) | TyKind::Unknown) {
                return found;
            }
        }
        match self.deref(ty) {
            Some(inner) if inner != ty => self.iterated(inner),
            _ => self.table.fresh(),
        }
    }
}
