//! Statements under `cfg`s that exclude each other: alternatives of one path. Knows conditions, not what they cover.

use super::body::Lower;
use super::syntax::{Node, is_expr};
use super::token::{Kind, join};
use crate::ir::{Arm, Cfg, Expr, Pat, Range, Stmt};

/// How many statements from the first on are arms of which only one is compiled; less than two are none.
pub(super) fn exclusive(stmts: &[Node<'_, '_>]) -> usize {
    let mut seen: Vec<Vec<Cfg>> = Vec::new();
    for stmt in stmts {
        let is_code = is_expr(stmt.kind()) || matches!(stmt.kind(), Kind::EXPR_STMT | Kind::MACRO_CALL);
        let own = if is_code { super::attrs::conditions(*stmt) } else { Vec::new() };
        if own.is_empty() || !seen.iter().all(|other| Cfg::exclude(&own, other)) {
            break;
        }
        seen.push(own);
    }
    seen.len()
}

impl<'a> Lower<'a> {
    /// Such statements as the arms of one choice.
    pub(super) fn alternatives(
        &mut self,
        stmts: &[Node<'_, 'a>],
        last: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<crate::ir::ExprId> {
        let mut arms = Vec::new();
        let mut range: Option<Range> = None;
        let mut valued = false;
        for stmt in stmts {
            let (mut inner, at) = (Vec::new(), self.body.exprs.len());
            let value = self.scoped(|cx| cx.statement(*stmt, last, &mut inner));
            valued |= value.is_some();
            let own = self.body.expr_ranges.get(at).copied().unwrap_or((0, 0));
            range = Some(range.map_or(own, |before| join(before, own)));
            let body = self.push_block(inner, value, own);
            let pat = self.push_pat(Pat::Wild, own);
            arms.push(Arm { pat, guard: None, body });
        }
        let range = range.unwrap_or((0, 0));
        let nothing = self.push(Expr::Missing, range);
        let choice = self.push_match(nothing, arms, range);
        if valued && last {
            return Some(choice);
        }
        out.push(Stmt::Expr(choice));
        None
    }
}
