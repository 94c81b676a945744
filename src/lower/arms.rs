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
        if own.is_empty() || !seen.iter().all(|other| excluded(&own, other)) {
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

/// Whether two lists of conditions never hold together.
fn excluded(a: &[Cfg], b: &[Cfg]) -> bool {
    let all = |list: &[Cfg]| Cfg::All(list.to_vec());
    contradict(&all(a), &all(b))
}

fn contradict(a: &Cfg, b: &Cfg) -> bool {
    match (a, b) {
        (Cfg::All(list), other) | (other, Cfg::All(list)) => list.iter().any(|one| contradict(one, other)),
        (Cfg::Not(inner), other) | (other, Cfg::Not(inner)) => implies(other, inner),
        (Cfg::Any(list), other) | (other, Cfg::Any(list)) => list.iter().all(|one| contradict(one, other)),
        (Cfg::Value(x, v), Cfg::Value(y, w)) => x == y && v != w && is_single(x.as_str()),
        (Cfg::Flag(x), Cfg::Flag(y)) => {
            matches!((x.as_str(), y.as_str()), ("unix", "windows") | ("windows", "unix"))
        }
        _ => false,
    }
}

/// Keys of which a target has one value; a package may have several features.
fn is_single(key: &str) -> bool {
    [
        "target_os",
        "target_arch",
        "target_env",
        "target_family",
        "target_pointer_width",
        "target_endian",
        "panic",
    ]
    .contains(&key)
}

fn implies(a: &Cfg, b: &Cfg) -> bool {
    if a == b {
        return true;
    }
    match (a, b) {
        (Cfg::All(list), _) => list.iter().any(|one| implies(one, b)),
        (_, Cfg::Any(list)) => list.iter().any(|one| implies(a, one)),
        _ => false,
    }
}
