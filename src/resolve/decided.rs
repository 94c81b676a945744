//! Branches on `cfg!(…)`, once the build of a package is known: of a branch that it leaves out nothing stays. Knows no
//! builds.

use crate::ir::{BinaryOp, Body, Cfg, Expr, ExprId};

/// Leaves the branches out that are never taken where some conditions hold and others do not.
pub(super) fn settle(body: &mut Body, holds: &dyn Fn(&Cfg) -> Option<bool>) {
    if body.conditions.is_empty() {
        return;
    }
    let decided: Vec<(ExprId, bool)> =
        body.conditions.iter().filter_map(|(at, cfg)| Some((*at, holds(cfg)?))).collect();
    for at in 0..body.exprs.len() {
        let Expr::If(cond, then, other) = body.exprs[at] else { continue };
        let Some(taken) = truth(body, &decided, cond) else { continue };
        // Expressions stand in the order of the text: what is below a branch lies between the one before and itself.
        let after_then = other.map_or(at as u32, |_| then.0 + 1);
        let (stays, from, to) = match taken {
            true => (Some(then), after_then, at as u32),
            false => (other, cond.0 + 1, then.0 + 1),
        };
        body.exprs[from as usize..to as usize].fill(Expr::Missing);
        body.exprs[at] = Expr::Block(0, 0, stays);
    }
}

/// What a condition comes to, where the build alone decides it.
fn truth(body: &Body, decided: &[(ExprId, bool)], at: ExprId) -> Option<bool> {
    if let Ok(found) = decided.binary_search_by_key(&at, |(cond, _)| *cond) {
        return Some(decided[found].1);
    }
    match *body.expr(at) {
        // Only `!` is of booleans.
        Expr::Unary(inner) => truth(body, decided, inner).map(|holds| !holds),
        Expr::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
            let (a, b) = (truth(body, decided, a), truth(body, decided, b));
            let decisive = op == BinaryOp::Or;
            match (a, b) {
                (Some(one), _) | (_, Some(one)) if one == decisive => Some(decisive),
                (Some(_), Some(_)) => Some(!decisive),
                _ => None,
            }
        }
        _ => None,
    }
}
