//! Code: expressions and statements of one function, constant or static, with its locals resolved.

use syn::{Expr as SynExpr, Stmt as SynStmt};

use super::cx::{Frame, join, name_of};
use super::env::Env;
use crate::ir::{
    Arm, BinaryOp, Body, Closure, Expr, ExprId, List, Lit, Local, LocalId, Pat, PatId, Path, Range, RefMode,
    Stmt, TypeRef,
};
use crate::name::Name;

/// Text literals longer than this serve no URL, key or template; they are cut.
const MAX_TEXT: usize = 256;

/// Lowers one piece of code.
pub(super) struct Lower<'a> {
    pub(super) frame: Frame,
    pub(super) env: &'a Env<'a>,
    pub(super) body: Body,
    pub(super) scope: Vec<(Name, LocalId)>,
    /// Items declared inside, in order.
    pub(super) items: Vec<syn::Item>,
    pub(super) expansions: u32,
    /// Macros that the code around defines, inner ones last.
    pub(super) macros: Vec<(Name, std::rc::Rc<super::macro_rules::MacroRules>)>,
}

impl<'a> Lower<'a> {
    pub(super) fn new(frame: Frame, env: &'a Env<'a>) -> Self {
        Lower {
            frame,
            env,
            body: Body::default(),
            scope: Vec::new(),
            items: Vec::new(),
            expansions: 0,
            macros: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, expr: Expr, range: Range) -> ExprId {
        self.body.exprs.push(expr);
        self.body.expr_ranges.push(range);
        ExprId(self.body.exprs.len() as u32 - 1)
    }

    pub(super) fn push_pat(&mut self, pat: Pat, range: Range) -> PatId {
        self.body.pats.push(pat);
        self.body.pat_ranges.push(range);
        PatId(self.body.pats.len() as u32 - 1)
    }

    pub(super) fn list(&mut self, ids: &[ExprId]) -> List {
        let start = self.body.lists.len() as u32;
        self.body.lists.extend_from_slice(ids);
        List { start, len: ids.len() as u32 }
    }

    pub(super) fn range_of(&self, id: ExprId) -> Range {
        self.body.range(id)
    }

    fn path_id(&mut self, path: Path) -> u32 {
        self.body.paths.push(path);
        self.body.paths.len() as u32 - 1
    }

    pub(super) fn type_id(&mut self, ty: TypeRef) -> u32 {
        self.body.types.push(ty);
        self.body.types.len() as u32 - 1
    }

    pub(super) fn lookup(&self, name: Name) -> Option<LocalId> {
        self.scope.iter().rev().find(|(n, _)| *n == name).map(|(_, l)| *l)
    }

    pub(super) fn declare(&mut self, name: Name, range: Range) -> LocalId {
        self.body.locals.push(Local { name, range, annotation: None });
        let id = LocalId(self.body.locals.len() as u32 - 1);
        self.scope.push((name, id));
        id
    }

    /// Runs with a scope of its own.
    pub(super) fn scoped<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let (mark, macros) = (self.scope.len(), self.macros.len());
        let out = f(self);
        self.scope.truncate(mark);
        self.macros.truncate(macros);
        out
    }

    /// A named place: a local, or a path.
    pub(super) fn name_expr(&mut self, name: Name, range: Range) -> ExprId {
        match self.lookup(name) {
            Some(local) => self.push(Expr::Local(local), range),
            None => {
                let segments = vec![crate::ir::Segment { name, args: None }];
                let path = self.path_id(Path { segments, range, ..Path::default() });
                self.push(Expr::Path(path), range)
            }
        }
    }

    pub(super) fn expr_opt(&mut self, e: Option<&SynExpr>) -> Option<ExprId> {
        e.map(|e| self.expr(e))
    }

    pub(super) fn exprs<'e>(&mut self, list: impl IntoIterator<Item = &'e SynExpr>) -> Vec<ExprId> {
        list.into_iter().map(|e| self.expr(e)).collect()
    }

    pub(super) fn expr(&mut self, e: &SynExpr) -> ExprId {
        let f = self.frame;
        match e {
            SynExpr::Paren(p) => self.expr(&p.expr),
            SynExpr::Group(g) => self.expr(&g.expr),
            SynExpr::Lit(l) => self.literal(&l.lit),
            SynExpr::Path(p) => self.path_expr(p),
            SynExpr::Field(x) => {
                let base = self.expr(&x.base);
                let (name, range) = self.member(&x.member);
                let range = join(self.range_of(base), range);
                self.push(Expr::Field(base, name), range)
            }
            SynExpr::MethodCall(m) => self.method(m),
            SynExpr::Call(c) => {
                let callee = self.expr(&c.func);
                let args = self.exprs(&c.args);
                let range = (self.range_of(callee).0, f.hi(c.paren_token.span.close()));
                let args = self.list(&args);
                self.push(Expr::Call(callee, args), range)
            }
            SynExpr::Index(x) => {
                let (base, index) = (self.expr(&x.expr), self.expr(&x.index));
                let range = (self.range_of(base).0, f.hi(x.bracket_token.span.close()));
                self.push(Expr::Index(base, index), range)
            }
            SynExpr::Unary(u) => self.unary(u),
            SynExpr::Reference(r) => {
                let inner = self.expr(&r.expr);
                let range = (f.lo(r.and_token.span), self.range_of(inner).1);
                self.push(Expr::Ref(inner, r.mutability.is_some()), range)
            }
            SynExpr::RawAddr(r) => {
                let inner = self.expr(&r.expr);
                let range = self.range_of(inner);
                self.push(Expr::Ref(inner, true), range)
            }
            SynExpr::Binary(b) => self.binary(b),
            SynExpr::Assign(a) => {
                let (left, right) = (self.expr(&a.left), self.expr(&a.right));
                let range = join(self.range_of(left), self.range_of(right));
                self.push(Expr::Assign(left, right), range)
            }
            SynExpr::Cast(c) => {
                let inner = self.expr(&c.expr);
                let ty = self.type_id(f.type_ref(&c.ty));
                let range = self.range_of(inner);
                self.push(Expr::Cast(inner, ty), range)
            }
            SynExpr::Struct(s) => self.struct_literal(s),
            SynExpr::Tuple(t) => {
                let items = self.exprs(&t.elems);
                let items = self.list(&items);
                let range = (f.lo(t.paren_token.span.open()), f.hi(t.paren_token.span.close()));
                self.push(Expr::Tuple(items), range)
            }
            SynExpr::Array(a) => {
                let items = self.exprs(&a.elems);
                let items = self.list(&items);
                let range = (f.lo(a.bracket_token.span.open()), f.hi(a.bracket_token.span.close()));
                self.push(Expr::Array(items, false), range)
            }
            SynExpr::Repeat(r) => {
                let inner = self.expr(&r.expr);
                let range = (f.lo(r.bracket_token.span.open()), f.hi(r.bracket_token.span.close()));
                self.push(Expr::Repeat(inner, false), range)
            }
            SynExpr::Range(r) => {
                let (from, to) = (self.expr_opt(r.start.as_deref()), self.expr_opt(r.end.as_deref()));
                let ends = [from, to].into_iter().flatten().map(|e| self.range_of(e)).reduce(join);
                self.push(Expr::Range(from, to), ends.unwrap_or((0, 0)))
            }
            SynExpr::Await(a) => {
                let inner = self.expr(&a.base);
                let range = (self.range_of(inner).0, f.hi(a.await_token.span));
                self.push(Expr::Await(inner), range)
            }
            SynExpr::Try(t) => {
                let inner = self.expr(&t.expr);
                let range = (self.range_of(inner).0, f.hi(t.question_token.span));
                self.push(Expr::Try(inner), range)
            }
            SynExpr::Macro(m) => self.macro_expr(&m.mac),
            _ => self.control(e),
        }
    }

    /// Expressions that steer control, and the rest.
    fn control(&mut self, e: &SynExpr) -> ExprId {
        let f = self.frame;
        match e {
            SynExpr::If(i) => self.if_expr(i),
            SynExpr::Let(l) => {
                let value = self.expr(&l.expr);
                let pat = self.pattern(&l.pat);
                let range = (f.lo(l.let_token.span), self.range_of(value).1);
                self.push(Expr::Let(pat, value), range)
            }
            SynExpr::Match(m) => self.match_expr(m),
            SynExpr::Block(b) => {
                let block = self.block(&b.block);
                self.labelled(b.label.as_ref(), block)
            }
            SynExpr::Unsafe(b) => self.block(&b.block),
            SynExpr::Const(b) => self.block(&b.block),
            SynExpr::TryBlock(b) => self.block(&b.block),
            SynExpr::Async(a) => {
                let body = self.block(&a.block);
                let range = (f.lo(a.async_token.span), self.range_of(body).1);
                self.push(Expr::Async(body), range)
            }
            SynExpr::Loop(l) => {
                let body = self.block(&l.body);
                let range = (f.lo(l.loop_token.span), self.range_of(body).1);
                self.push(Expr::Loop(None, body, label(l.label.as_ref())), range)
            }
            SynExpr::While(w) => self.scoped(|cx| {
                let cond = cx.expr(&w.cond);
                let body = cx.block(&w.body);
                let range = (f.lo(w.while_token.span), cx.range_of(body).1);
                cx.push(Expr::Loop(Some(cond), body, label(w.label.as_ref())), range)
            }),
            SynExpr::ForLoop(l) => {
                let iter = self.expr(&l.expr);
                self.scoped(|cx| {
                    let pat = cx.pattern(&l.pat);
                    let body = cx.block(&l.body);
                    let range = (f.lo(l.for_token.span), cx.range_of(body).1);
                    cx.push(Expr::For(pat, iter, body, label(l.label.as_ref())), range)
                })
            }
            SynExpr::Closure(c) => self.closure(c),
            SynExpr::Return(r) => {
                let value = self.expr_opt(r.expr.as_deref());
                let range = self.keyword_range(r.return_token.span, value);
                self.push(Expr::Return(value), range)
            }
            SynExpr::Break(b) => {
                let value = self.expr_opt(b.expr.as_deref());
                let range = self.keyword_range(b.break_token.span, value);
                self.push(Expr::Break(b.label.as_ref().map(|l| name_of(&l.ident)), value), range)
            }
            SynExpr::Continue(c) => {
                let range = f.range(c.continue_token.span);
                self.push(Expr::Continue(c.label.as_ref().map(|l| name_of(&l.ident))), range)
            }
            SynExpr::Yield(y) => {
                let value = self.expr_opt(y.expr.as_deref());
                let range = self.keyword_range(y.yield_token.span, value);
                let values: Vec<ExprId> = value.into_iter().collect();
                let values = self.list(&values);
                self.push(Expr::Many(values), range)
            }
            _ => self.push(Expr::Missing, (0, 0)),
        }
    }

    fn keyword_range(&self, keyword: proc_macro2::Span, value: Option<ExprId>) -> Range {
        let range = self.frame.range(keyword);
        value.map_or(range, |v| join(range, self.range_of(v)))
    }

    fn labelled(&mut self, tag: Option<&syn::Label>, block: ExprId) -> ExprId {
        match label(tag) {
            Some(name) => {
                let range = self.range_of(block);
                self.push(Expr::Labelled(name, block), range)
            }
            None => block,
        }
    }

    pub(super) fn literal(&mut self, lit: &syn::Lit) -> ExprId {
        let range = self.frame.range(lit.span());
        self.push(Expr::Lit(lit_of(lit)), range)
    }

    fn path_expr(&mut self, p: &syn::ExprPath) -> ExprId {
        let path = self.frame.path(&p.path, p.qself.as_ref());
        if let Some(local) = path.single().and_then(|n| self.lookup(n)) {
            return self.push(Expr::Local(local), path.range);
        }
        let range = path.range;
        let id = self.path_id(path);
        self.push(Expr::Path(id), range)
    }

    fn member(&self, member: &syn::Member) -> (Name, Range) {
        match member {
            syn::Member::Named(i) => (name_of(i), self.frame.range(i.span())),
            syn::Member::Unnamed(i) => (Name::new(&i.index.to_string()), self.frame.range(i.span)),
        }
    }

    fn method(&mut self, m: &syn::ExprMethodCall) -> ExprId {
        let receiver = self.expr(&m.receiver);
        let args = self.exprs(&m.args);
        let name = name_of(&m.method);
        let turbofish = m.turbofish.as_ref().map(|t| {
            let args = Some(Box::new(self.frame.args(&t.args)));
            self.path_id(Path { segments: vec![crate::ir::Segment { name, args }], ..Path::default() })
        });
        let range = (self.range_of(receiver).0, self.frame.hi(m.paren_token.span.close()));
        let args = self.list(&args);
        self.push(Expr::Method(receiver, name, args, turbofish), range)
    }

    fn unary(&mut self, u: &syn::ExprUnary) -> ExprId {
        let inner = self.expr(&u.expr);
        let (token, deref) = match u.op {
            syn::UnOp::Deref(t) => (t.span, true),
            syn::UnOp::Not(t) => (t.span, false),
            syn::UnOp::Neg(t) => (t.span, false),
            _ => return inner,
        };
        let range = (self.frame.lo(token), self.range_of(inner).1);
        self.push(if deref { Expr::Deref(inner) } else { Expr::Unary(inner) }, range)
    }

    fn binary(&mut self, b: &syn::ExprBinary) -> ExprId {
        use syn::BinOp as B;
        let (left, right) = (self.expr(&b.left), self.expr(&b.right));
        let range = join(self.range_of(left), self.range_of(right));
        let op = match b.op {
            B::And(_) => BinaryOp::And,
            B::Or(_) => BinaryOp::Or,
            B::Eq(_) | B::Ne(_) | B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) => BinaryOp::Compare,
            other => match operator(&other) {
                (method, true) => return self.push(Expr::AssignOp(left, right, method), range),
                (method, false) => BinaryOp::Arith(method),
            },
        };
        self.push(Expr::Binary(op, left, right), range)
    }

    fn struct_literal(&mut self, s: &syn::ExprStruct) -> ExprId {
        let path = self.frame.path(&s.path, s.qself.as_ref());
        let lo = path.range.0;
        let path = self.path_id(path);
        let mut fields = Vec::new();
        for field in &s.fields {
            let (name, at) = self.member(&field.member);
            let value = match (&field.colon_token, &field.member) {
                (None, syn::Member::Named(i)) => self.name_expr(name_of(i), at),
                _ => self.expr(&field.expr),
            };
            let range = join(at, self.range_of(value));
            fields.push(self.push(Expr::Named(name, value), range));
        }
        let base = self.expr_opt(s.rest.as_deref());
        let fields = self.list(&fields);
        self.push(Expr::Struct(path, fields, base), (lo, self.frame.hi(s.brace_token.span.close())))
    }

    fn if_expr(&mut self, i: &syn::ExprIf) -> ExprId {
        let (cond, then) = self.scoped(|cx| {
            let cond = cx.expr(&i.cond);
            (cond, cx.block(&i.then_branch))
        });
        let other = i.else_branch.as_ref().map(|(_, e)| self.expr(e));
        let range = (self.frame.lo(i.if_token.span), self.range_of(other.unwrap_or(then)).1);
        self.push(Expr::If(cond, then, other), range)
    }

    fn match_expr(&mut self, m: &syn::ExprMatch) -> ExprId {
        let scrutinee = self.expr(&m.expr);
        let arms: Vec<Arm> = m.arms.iter().map(|arm| self.scoped(|cx| cx.arm(arm))).collect();
        let range = (self.frame.lo(m.match_token.span), self.frame.hi(m.brace_token.span.close()));
        self.push_match(scrutinee, arms, range)
    }

    pub(super) fn push_match(&mut self, scrutinee: ExprId, arms: Vec<Arm>, range: Range) -> ExprId {
        let start = self.body.arms.len() as u32;
        let len = arms.len() as u32;
        self.body.arms.extend(arms);
        self.push(Expr::Match(scrutinee, start, len), range)
    }

    fn arm(&mut self, arm: &syn::Arm) -> Arm {
        let (pat, guard) = self.guarded(&arm.pat);
        Arm { pat, guard, body: self.expr(&arm.body) }
    }

    /// A pattern that may carry a guard.
    pub(super) fn guarded(&mut self, pat: &syn::Pat) -> (PatId, Option<ExprId>) {
        match pat {
            syn::Pat::Guard(g) => {
                let pat = self.pattern(&g.pat);
                (pat, Some(self.expr(&g.guard)))
            }
            other => (self.pattern(other), None),
        }
    }

    fn closure(&mut self, c: &syn::ExprClosure) -> ExprId {
        let lo = self.frame.lo(c.inputs_begin.span);
        let closure = self.scoped(|cx| {
            let params = c.inputs.iter().map(|p| cx.closure_param(p)).collect();
            let ret = cx.frame.return_type(&c.output).map(|t| cx.type_id(t));
            Closure { params, ret, body: cx.expr(&c.body), is_async: c.asyncness.is_some() }
        });
        let range = (lo, self.range_of(closure.body).1);
        self.body.closures.push(closure);
        let id = self.body.closures.len() as u32 - 1;
        self.push(Expr::Closure(id), range)
    }

    fn closure_param(&mut self, pat: &syn::Pat) -> (PatId, Option<u32>) {
        match pat {
            syn::Pat::Type(t) => {
                let ty = self.frame.type_ref(&t.ty);
                let ty = self.type_id(ty);
                (self.pattern(&t.pat), Some(ty))
            }
            other => (self.pattern(other), None),
        }
    }

    pub(super) fn block(&mut self, block: &syn::Block) -> ExprId {
        let span = block.brace_token.span;
        let range = (self.frame.lo(span.open()), self.frame.hi(span.close()));
        self.statements(&block.stmts, range)
    }

    pub(super) fn statements(&mut self, stmts: &[SynStmt], range: Range) -> ExprId {
        self.scoped(|cx| {
            let mut out = Vec::new();
            let mut tail = None;
            let mut at = 0;
            while at < stmts.len() {
                let arms = cx.exclusive(&stmts[at..]).max(1);
                let last = at + arms == stmts.len();
                tail = match arms {
                    1 => cx.statement(&stmts[at], last, &mut out),
                    _ => cx.alternatives(&stmts[at..at + arms], last, &mut out),
                };
                at += arms;
            }
            cx.push_block(out, tail, range)
        })
    }

    pub(super) fn push_block(&mut self, stmts: Vec<Stmt>, tail: Option<ExprId>, range: Range) -> ExprId {
        let start = self.body.stmts.len() as u32;
        let len = stmts.len() as u32;
        self.body.stmts.extend(stmts);
        self.push(Expr::Block(start, len, tail), range)
    }

    /// Lowers a statement; the value of the block when it is its last and has no semicolon.
    pub(super) fn statement(&mut self, stmt: &SynStmt, last: bool, out: &mut Vec<Stmt>) -> Option<ExprId> {
        match stmt {
            SynStmt::Local(local) => out.push(self.let_stmt(local)),
            SynStmt::Item(syn::Item::Macro(m)) if m.ident.is_none() => {
                return self.macro_stmt(&m.mac, last && m.semi_token.is_none(), out);
            }
            SynStmt::Item(item) => {
                self.define(item);
                self.items.push(item.clone());
            }
            SynStmt::Macro(m) => return self.macro_stmt(&m.mac, last && m.semi_token.is_none(), out),
            SynStmt::Expr(SynExpr::Macro(m), semi) => {
                return self.macro_stmt(&m.mac, last && semi.is_none(), out);
            }
            SynStmt::Expr(e, semi) => {
                let id = self.expr(e);
                if last && semi.is_none() {
                    return Some(id);
                }
                out.push(Stmt::Expr(id));
            }
        }
        None
    }

    fn let_stmt(&mut self, local: &syn::Local) -> Stmt {
        let init = local.init.as_ref().map(|i| self.expr(&i.expr));
        let diverge = local.init.as_ref().and_then(|i| i.diverge.as_ref()).map(|(_, e)| self.expr(e));
        let (pat, ty) = match &local.pat {
            syn::Pat::Type(t) => {
                let ty = self.frame.type_ref(&t.ty);
                let ty = self.type_id(ty);
                (self.pattern(&t.pat), Some(ty))
            }
            other => (self.pattern(other), None),
        };
        self.annotate(pat, &local.attrs);
        Stmt::Let { pat, ty, init, diverge }
    }

    /// An annotation on a `let` is one on each of the locals that it binds.
    fn annotate(&mut self, pat: PatId, attrs: &[syn::Attribute]) {
        if attrs.is_empty() {
            return;
        }
        let range = self.body.pat_ranges[pat.0 as usize];
        let attrs = self.frame.attrs(attrs, range);
        let (Some(annotation), Pat::Bind(local, ..)) = (attrs.annotation(), self.body.pat(pat).clone())
        else {
            return;
        };
        self.body.locals[local.0 as usize].annotation = Some(Box::new(annotation.clone()));
    }

    // Patterns.

    /// A whole pattern: names in it that stand in several alternatives are one local.
    pub(super) fn pattern(&mut self, pat: &syn::Pat) -> PatId {
        let mark = self.scope.len();
        self.pat(pat, mark)
    }

    fn pats<'p>(&mut self, list: impl IntoIterator<Item = &'p syn::Pat>, mark: usize) -> List {
        let ids: Vec<PatId> = list.into_iter().map(|p| self.pat(p, mark)).collect();
        let start = self.body.pat_lists.len() as u32;
        self.body.pat_lists.extend_from_slice(&ids);
        List { start, len: ids.len() as u32 }
    }

    fn pat(&mut self, pat: &syn::Pat, mark: usize) -> PatId {
        let f = self.frame;
        match pat {
            syn::Pat::Ident(i) => self.ident_pat(i, mark),
            syn::Pat::Guard(g) => self.pat(&g.pat, mark),
            syn::Pat::Paren(p) => self.pat(&p.pat, mark),
            syn::Pat::Reference(r) => {
                let inner = self.pat(&r.pat, mark);
                self.push_pat(Pat::Ref(inner), f.range(r.and_token.span))
            }
            syn::Pat::Type(t) => {
                let ty = self.type_id(f.type_ref(&t.ty));
                let inner = self.pat(&t.pat, mark);
                self.push_pat(Pat::Typed(inner, ty), f.range(t.colon_token.span))
            }
            syn::Pat::Lit(l) => self.push_pat(Pat::Lit(lit_of(&l.lit)), f.range(l.lit.span())),
            syn::Pat::Rest(r) => self.push_pat(Pat::Rest, f.range(r.dot2_token.spans[0])),
            syn::Pat::Path(p) => {
                let path = f.path(&p.path, p.qself.as_ref());
                let range = path.range;
                let path = self.path_id(path);
                self.push_pat(Pat::Path(path), range)
            }
            syn::Pat::TupleStruct(t) => {
                let path = f.path(&t.path, t.qself.as_ref());
                let range = (path.range.0, f.hi(t.paren_token.span.close()));
                let path = self.path_id(path);
                let items = self.pats(&t.elems, mark);
                self.push_pat(Pat::TupleStruct(path, items), range)
            }
            syn::Pat::Struct(s) => self.struct_pat(s, mark),
            syn::Pat::Tuple(t) => {
                let items = self.pats(&t.elems, mark);
                let range = (f.lo(t.paren_token.span.open()), f.hi(t.paren_token.span.close()));
                self.push_pat(Pat::Tuple(items), range)
            }
            syn::Pat::Slice(s) => {
                let items = self.pats(&s.elems, mark);
                let range = (f.lo(s.bracket_token.span.open()), f.hi(s.bracket_token.span.close()));
                self.push_pat(Pat::Slice(items), range)
            }
            syn::Pat::Or(o) => {
                let items = self.pats(&o.cases, mark);
                let first =
                    self.body.pat_list(items).first().map_or((0, 0), |p| self.body.pat_ranges[p.0 as usize]);
                self.push_pat(Pat::Or(items), first)
            }
            syn::Pat::Wild(w) => self.push_pat(Pat::Wild, f.range(w.underscore_token.span)),
            _ => self.push_pat(Pat::Wild, (0, 0)),
        }
    }

    fn struct_pat(&mut self, s: &syn::PatStruct, mark: usize) -> PatId {
        let path = self.frame.path(&s.path, s.qself.as_ref());
        let range = (path.range.0, self.frame.hi(s.brace_token.span.close()));
        let path = self.path_id(path);
        let fields = s.fields.iter().map(|p| (self.member(&p.member).0, self.pat(&p.pat, mark))).collect();
        self.push_pat(Pat::Struct(path, fields), range)
    }

    fn ident_pat(&mut self, i: &syn::PatIdent, mark: usize) -> PatId {
        let range = self.frame.range(i.ident.span());
        let name = name_of(&i.ident);
        let plain = i.by_ref.is_none() && i.mutability.is_none() && i.subpat.is_none();
        if plain && name.as_str().starts_with(char::is_uppercase) {
            let segments = vec![crate::ir::Segment { name, args: None }];
            let path = self.path_id(Path { segments, range, ..Path::default() });
            return self.push_pat(Pat::Path(path), range);
        }
        let sub = i.subpat.as_ref().map(|(_, p)| self.pat(p, mark));
        let known =
            self.scope[mark.min(self.scope.len())..].iter().find(|(n, _)| *n == name).map(|(_, l)| *l);
        let local = known.unwrap_or_else(|| self.declare(name, range));
        let mode = match (&i.by_ref, &i.mutability) {
            (Some(_), Some(_)) => RefMode::Mut,
            (Some(_), None) => RefMode::Shared,
            _ => RefMode::Value,
        };
        self.push_pat(Pat::Bind(local, mode, sub), range)
    }

    pub(super) fn macro_path(&mut self, path: Path) -> u32 {
        self.path_id(path)
    }
}

fn label(label: Option<&syn::Label>) -> Option<Name> {
    label.map(|l| name_of(&l.name.ident))
}

pub(super) fn lit_of(lit: &syn::Lit) -> Lit {
    match lit {
        syn::Lit::Str(s) => Lit::Str(text_name(&s.value())),
        syn::Lit::ByteStr(_) | syn::Lit::Byte(_) | syn::Lit::CStr(_) => Lit::Bytes,
        syn::Lit::Int(i) => {
            let suffix = (!i.suffix().is_empty()).then(|| Name::new(i.suffix()));
            Lit::Int(i.base10_digits().parse().ok(), suffix)
        }
        syn::Lit::Char(_) => Lit::Char,
        syn::Lit::Bool(b) => Lit::Bool(b.value),
        _ => Lit::Float,
    }
}

pub(super) fn text_name(text: &str) -> Name {
    if text.len() <= MAX_TEXT {
        return Name::new(text);
    }
    let end = (0..=MAX_TEXT).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    Name::new(&text[..end])
}

/// The method that an operator calls, and whether it assigns.
fn operator(op: &syn::BinOp) -> (Name, bool) {
    use syn::BinOp as B;
    let (name, assigns) = match op {
        B::Sub(_) => ("sub", false),
        B::Mul(_) => ("mul", false),
        B::Div(_) => ("div", false),
        B::Rem(_) => ("rem", false),
        B::BitXor(_) => ("bitxor", false),
        B::BitAnd(_) => ("bitand", false),
        B::BitOr(_) => ("bitor", false),
        B::Shl(_) => ("shl", false),
        B::Shr(_) => ("shr", false),
        B::AddAssign(_) => ("add_assign", true),
        B::SubAssign(_) => ("sub_assign", true),
        B::MulAssign(_) => ("mul_assign", true),
        B::DivAssign(_) => ("div_assign", true),
        B::RemAssign(_) => ("rem_assign", true),
        B::BitXorAssign(_) => ("bitxor_assign", true),
        B::BitAndAssign(_) => ("bitand_assign", true),
        B::BitOrAssign(_) => ("bitor_assign", true),
        B::ShlAssign(_) => ("shl_assign", true),
        B::ShrAssign(_) => ("shr_assign", true),
        _ => ("add", false),
    };
    (Name::new(name), assigns)
}
