//! A body while it is lowered: lists that grow. Becomes a [`Body`], whose lists do not.

use crate::ir::{
    Annotation, Arm, Body, Cfg, Closure, Expr, ExprId, List, Local, LocalId, Pat, PatId, Path, Range, Ranges,
    Shared, Stmt, TypeRef,
};
use crate::name::Name;

/// What of a body there is so far; the fields are those of [`Body`].
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) exprs: Vec<Expr>,
    pub(super) expr_ranges: Vec<Range>,
    pub(super) pats: Vec<Pat>,
    pub(super) pat_ranges: Vec<Range>,
    pub(super) locals: Vec<Local>,
    pub(super) annotated: Vec<(LocalId, Annotation)>,
    pub(super) lists: Vec<ExprId>,
    pub(super) pat_lists: Vec<PatId>,
    pub(super) paths: Vec<Shared<Path>>,
    pub(super) types: Vec<Shared<TypeRef>>,
    pub(super) stmts: Vec<Stmt>,
    pub(super) arms: Vec<Arm>,
    pub(super) closures: Vec<Closure>,
    pub(super) params: Vec<PatId>,
    pub(super) recorded: List,
    pub(super) conditions: Vec<(ExprId, Cfg)>,
    pub(super) opaque_macros: Vec<(Name, Range)>,
}

impl Draft {
    pub(super) fn range(&self, id: ExprId) -> Range {
        self.expr_ranges[id.0 as usize]
    }

    pub(super) fn pat(&self, id: PatId) -> &Pat {
        &self.pats[id.0 as usize]
    }

    pub(super) fn pat_list(&self, list: List) -> &[PatId] {
        list.get(&self.pat_lists, |first| first.0)
    }

    /// The body, with the items in it.
    pub(super) fn done(mut self, root: ExprId, block_unit: Option<u32>) -> Body {
        self.annotated.sort_by_key(|(local, _)| *local);
        Body {
            exprs: self.exprs.into(),
            expr_ranges: Ranges::new(&self.expr_ranges),
            pats: self.pats.into(),
            pat_ranges: Ranges::new(&self.pat_ranges),
            locals: self.locals.into(),
            annotated: self.annotated.into(),
            lists: self.lists.into(),
            pat_lists: self.pat_lists.into(),
            paths: self.paths.into(),
            types: self.types.into(),
            stmts: self.stmts.into(),
            arms: self.arms.into(),
            closures: self.closures.into(),
            params: self.params.into(),
            root: Some(root),
            recorded: self.recorded,
            block_unit,
            conditions: self.conditions.into(),
            opaque_macros: self.opaque_macros.into(),
        }
    }
}
