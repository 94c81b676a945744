//! A body as a tree: what an expression is made of and in what it stands, with variables followed to what they were bound
//! to. Knows no types and what no name means, and nothing beyond the one body.

use rustc_hash::FxHashSet;

use crate::ir::{Body, Expr, ExprId, LocalId, Pat, PatId, Stmt};
use crate::name::Name;

/// How far variables are followed to what they were made of.
const FAR: usize = 3;

/// A body with the way upwards.
#[derive(Debug)]
pub struct Tree<'a> {
    body: &'a Body,
    parents: Vec<Option<ExprId>>,
}

impl<'a> Tree<'a> {
    /// Looks at a body once.
    #[must_use]
    pub fn new(body: &'a Body) -> Self {
        let mut parents = vec![None; body.exprs.len()];
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            for child in children(body, id) {
                parents[child.0 as usize] = Some(id);
            }
        }
        Self { body, parents }
    }

    /// All expressions.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.body.exprs.len() as u32).map(ExprId)
    }

    /// What an expression is a part of.
    #[must_use]
    pub fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.parents[id.0 as usize]
    }

    /// The whole chain of calls that an expression is in.
    #[must_use]
    pub fn top(&self, id: ExprId) -> ExprId {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            let goes_on = matches!(
                self.body.expr(parent),
                Expr::Method(..)
                    | Expr::Try(_)
                    | Expr::Await(_)
                    | Expr::Ref(..)
                    | Expr::Call(..)
                    | Expr::Macro(..)
                    | Expr::Named(..)
                    | Expr::Field(..)
                    | Expr::Deref(_)
            );
            if !goes_on {
                break;
            }
            at = parent;
        }
        at
    }

    /// An expression with all that it is made of; variables are followed to what they were bound to.
    #[must_use]
    pub fn parts(&self, id: ExprId) -> Vec<ExprId> {
        let mut all = Vec::new();
        let mut seen: FxHashSet<ExprId> = FxHashSet::default();
        let mut stack = vec![(id, 0)];
        while let Some((at, far)) = stack.pop() {
            if !seen.insert(at) {
                continue;
            }
            all.push(at);
            stack.extend(children(self.body, at).into_iter().map(|child| (child, far)));
            if let Expr::Local(local) = *self.body.expr(at)
                && far < FAR
            {
                stack.extend(self.bound(local).map(|init| (init, far + 1)));
            }
        }
        all.sort_unstable();
        all
    }

    /// What a variable is bound to.
    #[must_use]
    pub fn bound(&self, local: LocalId) -> Option<ExprId> {
        self.body.stmts.iter().find_map(|stmt| match *stmt {
            Stmt::Let { pat, init: Some(init), .. } if self.binds(pat, local) => Some(init),
            _ => None,
        })
    }

    fn binds(&self, pat: PatId, local: LocalId) -> bool {
        matches!(self.body.pat(pat), Pat::Bind(bound, ..) if *bound == local)
    }
}

/// What code calls the value that an expression reads: a field, a variable, or a method without arguments.
#[must_use]
pub fn called(body: &Body, id: ExprId) -> Option<Name> {
    match *body.expr(id) {
        Expr::Local(local) => Some(body.locals[local.0 as usize].name),
        Expr::Field(_, name) => Some(name),
        Expr::Method(_, name, args, _) if args.is_empty() => Some(name),
        Expr::Ref(inner, _) | Expr::Deref(inner) => called(body, inner),
        _ => None,
    }
}

/// What an expression is made of.
#[must_use]
pub fn children(body: &Body, id: ExprId) -> Vec<ExprId> {
    let with = |first: ExprId, rest: &[ExprId]| {
        let mut all = vec![first];
        all.extend_from_slice(rest);
        all
    };
    match *body.expr(id) {
        Expr::Missing | Expr::Lit(_) | Expr::Local(_) | Expr::Path(_) | Expr::Continue(_) => Vec::new(),
        Expr::Field(inner, _)
        | Expr::Deref(inner)
        | Expr::Unary(inner)
        | Expr::Ref(inner, _)
        | Expr::Named(_, inner)
        | Expr::Repeat(inner, _)
        | Expr::Cast(inner, _)
        | Expr::Try(inner)
        | Expr::Await(inner)
        | Expr::View(inner, _)
        | Expr::Async(inner)
        | Expr::Labelled(_, inner)
        | Expr::Let(_, inner) => vec![inner],
        Expr::Index(a, b) | Expr::Binary(_, a, b) | Expr::Assign(a, b) | Expr::AssignOp(a, b, _) => {
            vec![a, b]
        }
        Expr::Call(callee, args) => with(callee, body.list(args)),
        Expr::Method(receiver, _, args, _) => with(receiver, body.list(args)),
        Expr::If(cond, then, other) => [cond, then].into_iter().chain(other).collect(),
        Expr::Match(value, start, len) => {
            let arms = &body.arms[start as usize..(start + len) as usize];
            with(
                value,
                &arms.iter().flat_map(|arm| arm.guard.into_iter().chain([arm.body])).collect::<Vec<_>>(),
            )
        }
        Expr::Block(start, len, tail) => {
            let stmts = &body.stmts[start as usize..(start + len) as usize];
            let inner = stmts.iter().flat_map(|stmt| match *stmt {
                Stmt::Let { init, diverge, .. } => [init, diverge],
                Stmt::Expr(e) => [Some(e), None],
            });
            inner.flatten().chain(tail).collect()
        }
        Expr::Loop(cond, inner, _) => cond.into_iter().chain([inner]).collect(),
        Expr::For(_, iter, inner, _) => vec![iter, inner],
        Expr::Closure(closure) => vec![body.closures[closure as usize].body],
        Expr::Struct(_, list, base) => body.list(list).iter().copied().chain(base).collect(),
        Expr::Tuple(list)
        | Expr::Array(list, _)
        | Expr::Format(_, list)
        | Expr::Macro(_, list)
        | Expr::Record(list)
        | Expr::Many(list) => body.list(list).to_vec(),
        Expr::Range(a, b, _) => a.into_iter().chain(b).collect(),
        Expr::Return(value) | Expr::Break(_, value) => value.into_iter().collect(),
    }
}
