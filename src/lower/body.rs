//! Code: expressions and statements of one function, constant or static, with its locals resolved.

use std::rc::Rc;
use std::sync::Arc;

use super::draft::Draft;
use super::env::Env;
use super::syntax::{Node, Tree, is_expr, is_item};
use super::token::{Kind, Token, join, text_of};
use crate::ir::{
    Annotating, Arm, BinaryOp, Closure, Expr, ExprId, List, Lit, Local, LocalId, Pat, PatId, Path, Range,
    Shared, Stmt, Turbofish, TypeRef,
};
use crate::name::Name;

/// Text literals longer than this serve no URL, key or template; they are cut.
const MAX_TEXT: usize = 256;

/// Lowers one piece of code.
pub(super) struct Lower<'a> {
    pub(super) env: &'a Env<'a>,
    /// What is being lowered.
    pub(super) tree: Rc<Tree<'a>>,
    pub(super) body: Draft,
    pub(super) scope: Vec<(Name, LocalId)>,
    /// Items declared inside, in order.
    pub(super) items: Vec<(Rc<Tree<'a>>, u32)>,
    pub(super) expansions: u32,
    /// Macros that the code around defines, inner ones last.
    pub(super) macros: Vec<(Name, Arc<super::macro_rules::MacroRules>)>,
}

impl<'a> Lower<'a> {
    pub(super) fn new(tree: Rc<Tree<'a>>, env: &'a Env<'a>) -> Self {
        Lower {
            env,
            tree,
            body: Draft::default(),
            scope: Vec::new(),
            items: Vec::new(),
            expansions: 0,
            macros: Vec::new(),
        }
    }

    /// Lowers with another tree in hand.
    pub(super) fn within<T>(
        &mut self,
        tree: Tree<'a>,
        lower: impl FnOnce(&mut Self, Node<'_, 'a>) -> T,
    ) -> Option<T> {
        let tree = Rc::new(tree);
        let outer = std::mem::replace(&mut self.tree, Rc::clone(&tree));
        let out = tree.root().map(|root| lower(self, root));
        self.tree = outer;
        out
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
        List::put(ids, ExprId, &mut self.body.lists)
    }

    pub(super) fn range_of(&self, id: ExprId) -> Range {
        self.body.range(id)
    }

    pub(super) fn path_id(&mut self, path: Path) -> u32 {
        self.body.paths.push(Shared::new(path));
        self.body.paths.len() as u32 - 1
    }

    pub(super) fn type_id(&mut self, ty: Shared<TypeRef>) -> u32 {
        self.body.types.push(ty);
        self.body.types.len() as u32 - 1
    }

    pub(super) fn lookup(&self, name: Name) -> Option<LocalId> {
        self.scope.iter().rev().find(|(n, _)| *n == name).map(|(_, l)| *l)
    }

    pub(super) fn declare(&mut self, name: Name, range: Range) -> LocalId {
        self.body.locals.push(Local { name, range });
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
                let path = self.path_id(Path::plain(name));
                self.push(Expr::Path(path), range)
            }
        }
    }

    fn missing(&mut self) -> ExprId {
        self.push(Expr::Missing, (0, 0))
    }

    /// The expression that a node holds, which has to be there.
    fn inner(&mut self, node: Node<'_, 'a>) -> ExprId {
        match node.expr() {
            Some(expr) => self.expr(expr),
            None => self.missing(),
        }
    }

    fn expr_opt(&mut self, e: Option<Node<'_, 'a>>) -> Option<ExprId> {
        e.map(|e| self.expr(e))
    }

    /// All expressions among a node's children.
    fn exprs(&mut self, node: Node<'_, 'a>) -> Vec<ExprId> {
        node.children().filter(|child| is_expr(child.kind())).map(|e| self.expr(e)).collect()
    }

    /// Two operands; the second may be missing while somebody types.
    fn pair(&mut self, node: Node<'_, 'a>) -> (ExprId, ExprId) {
        let mut operands = node.children().filter(|child| is_expr(child.kind()));
        let (left, right) = (operands.next(), operands.next());
        let left = self.expr_opt(left).unwrap_or_else(|| self.missing());
        let right = self.expr_opt(right).unwrap_or_else(|| self.push(Expr::Missing, self.range_of(left)));
        (left, right)
    }

    pub(super) fn expr(&mut self, e: Node<'_, 'a>) -> ExprId {
        match e.kind() {
            Kind::PAREN_EXPR => self.inner(e),
            Kind::LITERAL => self.literal(e),
            Kind::PATH_EXPR => self.path_expr(e),
            Kind::FIELD_EXPR => {
                let base = self.inner(e);
                let (name, range) = e.child(Kind::NAME_REF).map_or((Name::new(""), (0, 0)), Node::name);
                let range = join(self.range_of(base), range);
                self.push(Expr::Field(base, name), range)
            }
            Kind::METHOD_CALL_EXPR => self.method(e),
            Kind::CALL_EXPR => {
                let callee = self.inner(e);
                let args = e.child(Kind::ARG_LIST).map(|list| self.exprs(list)).unwrap_or_default();
                let range = (self.range_of(callee).0, e.hi());
                let args = self.list(&args);
                self.push(Expr::Call(callee, args), range)
            }
            Kind::INDEX_EXPR => {
                let (base, index) = self.pair(e);
                let range = (self.range_of(base).0, e.hi());
                self.push(Expr::Index(base, index), range)
            }
            Kind::PREFIX_EXPR => {
                let inner = self.inner(e);
                let range = (own_start(e), self.range_of(inner).1);
                let deref = e.has(Kind::STAR);
                self.push(if deref { Expr::Deref(inner) } else { Expr::Unary(inner) }, range)
            }
            Kind::REF_EXPR => self.reference(e),
            Kind::BIN_EXPR => self.binary(e),
            Kind::CAST_EXPR => {
                let inner = self.inner(e);
                let ty = self.type_id(e.ty_ref());
                let range = self.range_of(inner);
                self.push(Expr::Cast(inner, ty), range)
            }
            Kind::RECORD_EXPR => self.struct_literal(e),
            Kind::TUPLE_EXPR => {
                let items = self.exprs(e);
                let items = self.list(&items);
                self.push(Expr::Tuple(items), (own_start(e), e.hi()))
            }
            Kind::ARRAY_EXPR => {
                let range = (own_start(e), e.hi());
                if e.has(Kind::SEMICOLON) {
                    let item = self.inner(e);
                    return self.push(Expr::Repeat(item, false), range);
                }
                let items = self.exprs(e);
                let items = self.list(&items);
                self.push(Expr::Array(items, false), range)
            }
            Kind::RANGE_EXPR => self.range_expr(e),
            Kind::AWAIT_EXPR => {
                let inner = self.inner(e);
                let range = (self.range_of(inner).0, e.hi());
                self.push(Expr::Await(inner), range)
            }
            Kind::TRY_EXPR => {
                let inner = self.inner(e);
                let range = (self.range_of(inner).0, e.hi());
                self.push(Expr::Try(inner), range)
            }
            Kind::MACRO_EXPR => match e.child(Kind::MACRO_CALL) {
                Some(call) => self.macro_expr(call),
                None => self.missing(),
            },
            _ => self.control(e),
        }
    }

    /// Expressions that steer control, and the rest.
    fn control(&mut self, e: Node<'_, 'a>) -> ExprId {
        match e.kind() {
            Kind::IF_EXPR => self.if_expr(e),
            Kind::LET_EXPR => {
                let value = self.inner(e);
                let pat = self.pattern_in(e);
                let range = (own_start(e), self.range_of(value).1);
                self.push(Expr::Let(pat, value), range)
            }
            Kind::MATCH_EXPR => self.match_expr(e),
            Kind::BLOCK_EXPR => self.block(e),
            Kind::LOOP_EXPR => {
                let body = self.body_of(e);
                let range = (own_start(e), self.range_of(body).1);
                self.push(Expr::Loop(None, body, label(e)), range)
            }
            Kind::WHILE_EXPR => self.scoped(|cx| {
                let cond = cx.inner(e);
                let body = cx.body_of(e);
                let range = (own_start(e), cx.range_of(body).1);
                cx.push(Expr::Loop(Some(cond), body, label(e)), range)
            }),
            Kind::FOR_EXPR => {
                let iter = self.inner(e);
                self.scoped(|cx| {
                    let pat = cx.pattern_in(e);
                    let body = cx.body_of(e);
                    let range = (own_start(e), cx.range_of(body).1);
                    cx.push(Expr::For(pat, iter, body, label(e)), range)
                })
            }
            Kind::CLOSURE_EXPR => self.closure(e),
            Kind::RETURN_EXPR | Kind::BECOME_EXPR => {
                let value = self.expr_opt(e.expr());
                let range = self.keyword_range(e, value);
                self.push(Expr::Return(value), range)
            }
            Kind::BREAK_EXPR => {
                let value = self.expr_opt(e.expr());
                let range = self.keyword_range(e, value);
                self.push(Expr::Break(lifetime(e), value), range)
            }
            Kind::CONTINUE_EXPR => {
                let range = self.keyword_range(e, None);
                self.push(Expr::Continue(lifetime(e)), range)
            }
            Kind::YIELD_EXPR => {
                let value = self.expr_opt(e.expr());
                let range = self.keyword_range(e, value);
                let values: Vec<ExprId> = value.into_iter().collect();
                let values = self.list(&values);
                self.push(Expr::Many(values), range)
            }
            _ => self.missing(),
        }
    }

    fn keyword_range(&self, e: Node<'_, 'a>, value: Option<ExprId>) -> Range {
        let range = e.own().next().map_or(e.range(), |token| token.range);
        value.map_or(range, |v| join(range, self.range_of(v)))
    }

    fn literal(&mut self, e: Node<'_, 'a>) -> ExprId {
        let Some(token) = e.own().next() else { return self.missing() };
        self.push(Expr::Lit(lit_of(token)), token.range)
    }

    fn path_expr(&mut self, e: Node<'_, 'a>) -> ExprId {
        let Some(node) = e.child(Kind::PATH) else { return self.missing() };
        let (path, range) = (node.path(), node.path_range());
        if let Some(local) = path.single().and_then(|n| self.lookup(n)) {
            return self.push(Expr::Local(local), range);
        }
        let id = self.path_id(path);
        self.push(Expr::Path(id), range)
    }

    fn reference(&mut self, e: Node<'_, 'a>) -> ExprId {
        let inner = self.inner(e);
        let range = self.range_of(inner);
        if e.own().any(|token| token.is("raw")) {
            return self.push(Expr::Ref(inner, true), range);
        }
        self.push(Expr::Ref(inner, e.has(Kind::MUT_KW)), (own_start(e), range.1))
    }

    fn range_expr(&mut self, e: Node<'_, 'a>) -> ExprId {
        let dots = e.own().next().map_or(0, |token| token.range.0);
        let inclusive = e.own().any(|token| token.kind == Kind::EQ);
        let (mut from, mut to) = (None, None);
        for side in e.children().filter(|child| is_expr(child.kind())) {
            let is_from = side.lo() < dots;
            let id = self.expr(side);
            *(if is_from { &mut from } else { &mut to }) = Some(id);
        }
        let ends = [from, to].into_iter().flatten().map(|e| self.range_of(e)).reduce(join);
        self.push(Expr::Range(from, to, inclusive), ends.unwrap_or((0, 0)))
    }

    fn method(&mut self, e: Node<'_, 'a>) -> ExprId {
        let receiver = self.inner(e);
        let args = e.child(Kind::ARG_LIST).map(|list| self.exprs(list)).unwrap_or_default();
        let name = e.child(Kind::NAME_REF).map_or(Name::new(""), |name| name.name().0);
        let turbofish = e.child(Kind::GENERIC_ARG_LIST).map(|list| {
            let args = Some(Box::new(list.args()));
            let segments = vec![crate::ir::Segment { name, args }];
            Turbofish::new(self.path_id(Path { segments, ..Path::default() }))
        });
        let range = (self.range_of(receiver).0, e.hi());
        let args = self.list(&args);
        self.push(Expr::Method(receiver, name, args, turbofish), range)
    }

    fn binary(&mut self, e: Node<'_, 'a>) -> ExprId {
        let (left, right) = self.pair(e);
        let range = join(self.range_of(left), self.range_of(right));
        let op: String = e.own().map(|token| token.text).collect();
        let op = match op.as_str() {
            "=" => return self.push(Expr::Assign(left, right), range),
            "&&" => BinaryOp::And,
            "||" => BinaryOp::Or,
            "==" => BinaryOp::Equal,
            "!=" => BinaryOp::Unequal,
            "<" | "<=" | ">" | ">=" => BinaryOp::Compare,
            other => match other.strip_suffix('=') {
                Some(op) => {
                    let method = Name::new(&format!("{}_assign", operator(op)));
                    return self.push(Expr::AssignOp(left, right, method), range);
                }
                None => BinaryOp::Arith(Name::new(operator(other))),
            },
        };
        self.push(Expr::Binary(op, left, right), range)
    }

    fn struct_literal(&mut self, e: Node<'_, 'a>) -> ExprId {
        let node = e.child(Kind::PATH);
        let lo = node.map_or(0, |path| path.path_range().0);
        let path = self.path_id(node.map(Node::path).unwrap_or_default());
        let (mut fields, mut base) = (Vec::new(), None);
        for field in e.child(Kind::RECORD_EXPR_FIELD_LIST).into_iter().flat_map(Node::children) {
            if is_expr(field.kind()) {
                base = Some(self.expr(field));
            }
            if field.kind() != Kind::RECORD_EXPR_FIELD {
                continue;
            }
            let value = self.inner(field);
            let (name, at) = match field.child(Kind::NAME_REF) {
                Some(name) => name.name(),
                None => short_name(field),
            };
            let range = join(at, self.range_of(value));
            fields.push(self.push(Expr::Named(name, value), range));
        }
        let fields = self.list(&fields);
        self.push(Expr::Struct(path, fields, base), (lo, e.hi()))
    }

    fn if_expr(&mut self, e: Node<'_, 'a>) -> ExprId {
        let mut parts = e.children().filter(|child| is_expr(child.kind()));
        let (cond, then, other) = (parts.next(), parts.next(), parts.next());
        let (cond, then) = self.scoped(|cx| {
            let cond = cx.expr_opt(cond).unwrap_or_else(|| cx.missing());
            (cond, cx.expr_opt(then).unwrap_or_else(|| cx.missing()))
        });
        let other = self.expr_opt(other);
        let range = (own_start(e), self.range_of(other.unwrap_or(then)).1);
        self.push(Expr::If(cond, then, other), range)
    }

    fn match_expr(&mut self, e: Node<'_, 'a>) -> ExprId {
        let scrutinee = self.inner(e);
        let arms = e.child(Kind::MATCH_ARM_LIST).into_iter().flat_map(Node::children);
        let arms = arms.filter(|child| child.kind() == Kind::MATCH_ARM);
        let arms: Vec<Arm> = arms.map(|arm| self.scoped(|cx| cx.arm(arm))).collect();
        self.push_match(scrutinee, arms, (own_start(e), e.hi()))
    }

    pub(super) fn push_match(&mut self, scrutinee: ExprId, arms: Vec<Arm>, range: Range) -> ExprId {
        let start = self.body.arms.len() as u32;
        let len = arms.len() as u32;
        self.body.arms.extend(arms);
        self.push(Expr::Match(scrutinee, start, len), range)
    }

    fn arm(&mut self, arm: Node<'_, 'a>) -> Arm {
        let pat = self.pattern_in(arm);
        let guard = arm.child(Kind::MATCH_GUARD).map(|guard| self.inner(guard));
        Arm { pat, guard, body: self.inner(arm) }
    }

    fn closure(&mut self, e: Node<'_, 'a>) -> ExprId {
        let params = e.child(Kind::PARAM_LIST);
        let lo = params.map_or(e.lo(), Node::lo);
        let closure = self.scoped(|cx| {
            let params = params.into_iter().flat_map(Node::children).filter(|p| p.kind() == Kind::PARAM);
            let params = params.map(|param| cx.closure_param(param)).collect();
            let ret = e.return_type().map(|ty| cx.type_id(ty));
            Closure { params, ret, body: cx.inner(e), is_async: e.has(Kind::ASYNC_KW) }
        });
        let range = (lo, self.range_of(closure.body).1);
        self.body.closures.push(closure);
        let id = self.body.closures.len() as u32 - 1;
        self.push(Expr::Closure(id), range)
    }

    fn closure_param(&mut self, param: Node<'_, 'a>) -> (PatId, Option<u32>) {
        let ty = param.ty().map(|ty| self.type_id(ty.type_ref()));
        (self.pattern_in(param), ty)
    }

    /// The block of a loop.
    fn body_of(&mut self, e: Node<'_, 'a>) -> ExprId {
        let blocks = e.children().filter(|child| child.kind() == Kind::BLOCK_EXPR);
        match blocks.last() {
            Some(block) => self.block(block),
            None => self.missing(),
        }
    }

    /// A block, and what its keywords and its label make of it.
    pub(super) fn block(&mut self, e: Node<'_, 'a>) -> ExprId {
        let Some(list) = e.child(Kind::STMT_LIST) else { return self.missing() };
        let block = self.statements(list);
        if let Some(keyword) = e.token(Kind::ASYNC_KW) {
            let range = (keyword.range.0, self.range_of(block).1);
            return self.push(Expr::Async(block), range);
        }
        match label(e) {
            Some(name) => {
                let range = self.range_of(block);
                self.push(Expr::Labelled(name, block), range)
            }
            None => block,
        }
    }

    /// The statements between braces.
    fn statements(&mut self, list: Node<'_, 'a>) -> ExprId {
        let stmts: Vec<Node<'_, 'a>> = list.children().filter(|child| is_stmt(*child)).collect();
        let is_closed = list.own().any(|token| {
            token.kind == Kind::SEMICOLON && stmts.last().is_some_and(|last| token.range.0 >= last.hi())
        });
        self.scoped(|cx| {
            let (mut out, mut tail, mut at) = (Vec::new(), None, 0);
            while at < stmts.len() {
                let arms = super::arms::exclusive(&stmts[at..]).max(1);
                let last = at + arms == stmts.len() && !is_closed;
                tail = match arms {
                    1 => cx.statement(stmts[at], last, &mut out),
                    _ => cx.alternatives(&stmts[at..at + arms], last, &mut out),
                };
                at += arms;
            }
            cx.push_block(out, tail, list.range())
        })
    }

    pub(super) fn push_block(&mut self, stmts: Vec<Stmt>, tail: Option<ExprId>, range: Range) -> ExprId {
        let start = self.body.stmts.len() as u32;
        let len = stmts.len() as u32;
        self.body.stmts.extend(stmts);
        self.push(Expr::Block(start, len, tail), range)
    }

    /// Lowers a statement; the value of the block when it is its last and has no semicolon.
    pub(super) fn statement(
        &mut self,
        stmt: Node<'_, 'a>,
        last: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<ExprId> {
        let ends = matches!(stmt.kind(), Kind::EXPR_STMT | Kind::MACRO_CALL) && stmt.has(Kind::SEMICOLON);
        let is_value = last && !ends;
        let expr = match stmt.kind() {
            Kind::LET_STMT => {
                let stmt = self.let_stmt(stmt);
                out.push(stmt);
                return None;
            }
            Kind::MACRO_CALL => return self.macro_stmt(stmt, is_value, out),
            Kind::EXPR_STMT => stmt.expr()?,
            kind if is_item(kind) => {
                self.define(stmt);
                self.items.push((Rc::clone(&self.tree), stmt.at));
                return None;
            }
            _ => stmt,
        };
        if let Some(call) = expr.child(Kind::MACRO_CALL).filter(|_| expr.kind() == Kind::MACRO_EXPR) {
            return self.macro_stmt(call, is_value, out);
        }
        let id = self.expr(expr);
        if is_value {
            return Some(id);
        }
        out.push(Stmt::Expr(id));
        None
    }

    fn let_stmt(&mut self, stmt: Node<'_, 'a>) -> Stmt {
        let init = self.expr_opt(stmt.expr());
        let diverge = stmt.child(Kind::LET_ELSE).map(|other| self.inner(other));
        let ty = stmt.ty().map(|ty| self.type_id(ty.type_ref()));
        let pat = self.pattern_in(stmt);
        self.annotate(pat, stmt);
        Stmt::Let { pat, ty, init, diverge }
    }

    /// An annotation on a `let` is one on each of the locals that it binds.
    fn annotate(&mut self, pat: PatId, stmt: Node<'_, 'a>) {
        if stmt.child(Kind::ATTR).is_none() {
            return;
        }
        let range = self.body.pat_ranges[pat.0 as usize];
        let attrs = super::attrs::read(stmt, self.env.text, range, Annotating::default());
        let (Some(annotation), Pat::Bind(local, ..)) = (attrs.annotation(), self.body.pat(pat).clone())
        else {
            return;
        };
        self.body.annotated.push((local, annotation.clone()));
    }

    pub(super) fn macro_path(&mut self, path: Path) -> u32 {
        self.path_id(path)
    }
}

/// Whether a child of a block is a statement.
fn is_stmt(node: Node<'_, '_>) -> bool {
    let kind = node.kind();
    matches!(kind, Kind::EXPR_STMT | Kind::LET_STMT) || is_item(kind) || is_expr(kind)
}

/// The name of a field given by a variable of the same name, in an expression or a pattern.
pub(super) fn short_name(field: Node<'_, '_>) -> (Name, Range) {
    let mut inner = field.children().filter(|child| child.kind() != Kind::ATTR);
    let named = inner.next().and_then(|value| match value.kind() {
        Kind::PATH_EXPR => {
            value.child(Kind::PATH).map(|p| (p.path().last().unwrap_or(Name::new("")), p.range()))
        }
        _ => value.child(Kind::NAME).or_else(|| value.pat()?.child(Kind::NAME)).map(Node::name),
    });
    named.unwrap_or((Name::new(""), field.range()))
}

/// Where an expression begins, its attributes aside.
fn own_start(e: Node<'_, '_>) -> u32 {
    e.own().next().map_or(e.lo(), |token| token.range.0)
}

fn label(e: Node<'_, '_>) -> Option<Name> {
    lifetime(e.child(Kind::LABEL)?)
}

fn lifetime(e: Node<'_, '_>) -> Option<Name> {
    let token = e.child(Kind::LIFETIME)?.tokens().first()?;
    Some(Name::new(token.text.trim_start_matches('\'')))
}

pub(super) fn lit_of(token: &Token<'_>) -> Lit {
    match token.kind {
        Kind::STRING => Lit::Str(text_name(&text_of(token).unwrap_or_default())),
        Kind::BYTE_STRING | Kind::BYTE | Kind::C_STRING => Lit::Bytes,
        Kind::INT_NUMBER => int_of(token.text),
        Kind::CHAR => Lit::Char,
        Kind::TRUE_KW => Lit::Bool(true),
        Kind::FALSE_KW => Lit::Bool(false),
        _ => Lit::Float,
    }
}

fn int_of(text: &str) -> Lit {
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        Some("0b") => (&text[2..], 2),
        _ => (text, 10),
    };
    let end = digits.find(|c: char| c != '_' && !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    let suffix = (!suffix.is_empty()).then(|| Name::new(suffix));
    if suffix.is_some_and(|s| s.as_str().starts_with('f')) {
        return Lit::Float;
    }
    Lit::Int(u32::from_str_radix(&digits.replace('_', ""), radix).ok(), suffix)
}

pub(super) fn text_name(text: &str) -> Name {
    if text.len() <= MAX_TEXT {
        return Name::new(text);
    }
    let end = (0..=MAX_TEXT).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    Name::new(&text[..end])
}

/// The method that an operator calls.
fn operator(op: &str) -> &'static str {
    match op {
        "-" => "sub",
        "*" => "mul",
        "/" => "div",
        "%" => "rem",
        "^" => "bitxor",
        "&" => "bitand",
        "|" => "bitor",
        "<<" => "shl",
        ">>" => "shr",
        _ => "add",
    }
}
