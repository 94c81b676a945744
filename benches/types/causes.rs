//! Why a method call is not known: what its receiver is, and where knowledge of that ended. Knows no files.

use std::collections::BTreeMap;

use cargo_privacy::ir::{Body, Expr, ExprId, LocalId, Pat, PatId, Stmt};
use cargo_privacy::name::Name;
use cargo_privacy::resolve::{GItem, Program};
use cargo_privacy::types::{Callee, Inference, Ty, TyKind, ValueDef};

/// How far a type is traced back.
const MAX_STEPS: usize = 24;

/// One body with what it was found to be.
pub(crate) struct Causes<'a> {
    program: &'a Program,
    body: &'a Body,
    inference: &'a Inference,
    /// What each local was bound from, and how.
    bound: BTreeMap<LocalId, (ExprId, &'static str)>,
}

impl<'a> Causes<'a> {
    pub(crate) fn new(program: &'a Program, body: &'a Body, inference: &'a Inference) -> Self {
        let mut causes = Self { program, body, inference, bound: BTreeMap::new() };
        for stmt in &body.stmts {
            if let Stmt::Let { pat, init: Some(init), .. } = stmt {
                causes.bind(*pat, *init, "let");
            }
        }
        for (at, expr) in body.exprs.iter().enumerate() {
            match expr {
                Expr::Let(pat, value) => causes.bind(*pat, *value, "let"),
                Expr::For(pat, iter, ..) => causes.bind(*pat, *iter, "for"),
                Expr::Match(value, start, len) => {
                    for arm in &body.arms[*start as usize..(start + len) as usize] {
                        causes.bind(arm.pat, *value, "match");
                    }
                }
                Expr::Method(_, _, args, _) => {
                    for arg in body.list(*args) {
                        let Expr::Closure(closure) = body.expr(*arg) else { continue };
                        for (pat, _) in &body.closures[*closure as usize].params {
                            causes.bind(*pat, ExprId(at as u32), "closure of");
                        }
                    }
                }
                _ => {}
            }
        }
        causes
    }

    fn bind(&mut self, pat: PatId, from: ExprId, how: &'static str) {
        let list = |list: &cargo_privacy::ir::List| self.body.pat_list(*list).to_vec();
        let inner = match self.body.pat(pat) {
            Pat::Bind(local, _, sub) => {
                self.bound.entry(*local).or_insert((from, how));
                sub.iter().copied().collect()
            }
            Pat::TupleStruct(_, items) | Pat::Tuple(items) | Pat::Slice(items) | Pat::Or(items) => {
                list(items)
            }
            Pat::Struct(_, fields) => fields.iter().map(|(_, pat)| *pat).collect(),
            Pat::Ref(inner) | Pat::Typed(inner, _) => vec![*inner],
            _ => Vec::new(),
        };
        inner.into_iter().for_each(|pat| self.bind(pat, from, how));
    }

    /// Why a method call leads nowhere.
    pub(crate) fn of_call(&self, receiver: ExprId, name: Name) -> String {
        let ty = self.inference.exprs[receiver.0 as usize];
        if self.is_open(ty) {
            return self.origin(receiver);
        }
        format!("no method `{}` on {}", name.as_str(), self.shown(ty))
    }

    fn is_open(&self, ty: Ty) -> bool {
        matches!(self.inference.table.kind(ty), TyKind::Unknown)
    }

    /// The type's outermost constructor.
    fn shown(&self, ty: Ty) -> String {
        let item = |item: GItem| self.program.item(item).name.as_str().to_owned();
        match self.inference.table.kind(ty) {
            TyKind::Adt(adt, _) => item(*adt),
            TyKind::Prim(name) => name.as_str().to_owned(),
            TyKind::Param(owner, u16::MAX) => format!("Self of {}", item(*owner)),
            TyKind::Param(..) => "a type parameter".to_owned(),
            TyKind::Proj(_, _, name) => format!("associated type {}", name.as_str()),
            TyKind::Bounds(bounds) => {
                format!("impl {}", bounds.first().map_or("", |bound| bound.name.as_str()))
            }
            TyKind::Slice(_) => "slice".to_owned(),
            TyKind::Tuple(_) => "tuple".to_owned(),
            TyKind::External(path, _) => format!("outside {}", path.first().map_or("", |name| name.as_str())),
            TyKind::Fn(_) | TyKind::FnPtr(..) | TyKind::Closure(_) => "function".to_owned(),
            TyKind::Future(_) => "future".to_owned(),
            TyKind::Unknown | TyKind::Var(_) => "?".to_owned(),
            TyKind::Never => "!".to_owned(),
        }
    }

    /// Where a type stopped being known.
    fn origin(&self, from: ExprId) -> String {
        let mut at = from;
        for _ in 0..MAX_STEPS {
            let next = match *self.body.expr(at) {
                Expr::Method(base, ..) | Expr::Field(base, _) | Expr::Index(base, _)
                    if self.is_open(self.ty(base)) =>
                {
                    Some(base)
                }
                Expr::Await(inner) | Expr::Try(inner) | Expr::Deref(inner) | Expr::Ref(inner, _) => {
                    self.is_open(self.ty(inner)).then_some(inner)
                }
                Expr::Local(local) => match self.bound.get(&local) {
                    Some((bound, how)) => {
                        if !self.is_open(self.ty(*bound)) {
                            return format!("{how} {}", self.what(*bound));
                        }
                        Some(*bound)
                    }
                    None => return "local without a source".to_owned(),
                },
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        format!("result of {}", self.what(at))
    }

    fn ty(&self, id: ExprId) -> Ty {
        self.inference.exprs[id.0 as usize]
    }

    /// An expression in a few words.
    fn what(&self, id: ExprId) -> String {
        let ty = |id: ExprId| self.shown(self.ty(id));
        match self.body.expr(id) {
            Expr::Method(receiver, name, ..) => {
                let known = match self.inference.callees.get(&id) {
                    Some(Callee::Fn(..)) => "",
                    _ => " (unknown)",
                };
                format!("method {}::{}{known}", ty(*receiver), name.as_str())
            }
            Expr::Call(callee, _) => match self.inference.callees.get(&id) {
                Some(Callee::Fn(item, _)) => format!("call {}", self.program.item(*item).name.as_str()),
                Some(Callee::External(path)) => {
                    let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
                    format!("call outside {}", path.join("::"))
                }
                Some(Callee::Ctor(..)) => "constructor".to_owned(),
                _ => format!("call of {}", self.what(*callee)),
            },
            Expr::Path(path) => match self.inference.values.get(&id) {
                Some(ValueDef::External(path)) => {
                    let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
                    format!("path outside {}", path.join("::"))
                }
                Some(ValueDef::Const(_)) => "constant".to_owned(),
                _ => {
                    let names = self.body.paths[*path as usize].segments.iter();
                    format!("path {}", names.map(|s| s.name.as_str()).collect::<Vec<_>>().join("::"))
                }
            },
            Expr::Field(base, name) => format!("field {}.{}", ty(*base), name.as_str()),
            Expr::Macro(path, _) => {
                format!("macro {}", self.body.paths[*path as usize].last().map_or("", |name| name.as_str()))
            }
            Expr::Await(inner) => format!("await of {}", self.what(*inner)),
            Expr::Try(inner) => format!("try of {}", self.what(*inner)),
            other => {
                let text = format!("{other:?}");
                let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
                format!("{} {}", &text[..end], ty(id))
            }
        }
    }
}
