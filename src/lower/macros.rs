//! Macro calls in code: those of std by their meaning, the program's own by expansion, the rest by what their tokens
//! look like. What cannot be read is recorded, never dropped.

use std::sync::Arc;

use ra_ap_parser::{PrefixEntryPoint, TopEntryPoint};

use super::body::Lower;
use super::env::Syntax;
use super::expansion;
use super::input::Input;
use super::macro_rules::{CratePath, MacroRules};
use super::syntax::{Node, Tree, is_expr, is_item};
use super::token::{Kind, Tokens, text_of};
use crate::ir::{Arm, Expr, ExprId, Pat, Path, Range, Segment, Shared, Stmt, TypeRef, View};
use crate::name::Name;

/// Expansions within one body, nested ones included.
const MAX_EXPANSIONS: u32 = 2_000;

/// Macros of std that have a meaning of their own here.
const BUILTIN: &[&str] = &[
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "vec",
    "matches",
    "dbg",
    "concat",
    "include_str",
    "env",
    "option_env",
    "cfg",
    "line",
    "file",
    "column",
    "stringify",
    "module_path",
    "include_bytes",
    "compile_error",
    "try",
    "select",
    "join",
    "try_join",
    "json",
    "addr_of",
    "ready",
    "pin",
];

pub(super) fn is_builtin(name: &str) -> bool {
    BUILTIN.contains(&name)
}

/// A call with what is known of it before its input is read.
#[derive(Clone, Copy)]
struct Call<'t, 'a> {
    node: Node<'t, 'a>,
    name: Name,
    range: Range,
}

impl<'t, 'a> Call<'t, 'a> {
    fn input(self) -> Input<'t, 'a> {
        let (from, to) =
            self.node.child(Kind::TOKEN_TREE).map_or((0, 0), |tt| (tt.first() + 1, tt.end() - 1));
        Input::new(&self.node.tree.tokens, from, to)
    }

    fn path(self) -> Path {
        self.node.child(Kind::PATH).map(Node::path).unwrap_or_default()
    }
}

pub(super) fn macro_range(node: Node<'_, '_>) -> Range {
    let end = node.child(Kind::TOKEN_TREE).map_or(node.hi(), Node::hi);
    let path = node.child(Kind::PATH).map_or((end, end), Node::path_range);
    (path.0.min(end), path.1.max(end))
}

impl<'a> Lower<'a> {
    /// The next argument.
    pub(super) fn arg(&mut self, input: &mut Input<'_, 'a>) -> Option<ExprId> {
        let tree = input.parse(&PrefixEntryPoint::Expr)?;
        self.within(tree, |cx, root| is_expr(root.kind()).then(|| cx.expr(root)))?
    }

    /// A macro where an expression stands.
    pub(super) fn macro_expr(&mut self, node: Node<'_, 'a>) -> ExprId {
        let mut stmts = Vec::new();
        let range = macro_range(node);
        let value = self.macro_call(node, true, &mut stmts);
        if stmts.is_empty() {
            return value.unwrap_or_else(|| self.push(Expr::Missing, range));
        }
        self.push_block(stmts, value, range)
    }

    /// A macro where a statement stands: what it expands to joins the block around it.
    pub(super) fn macro_stmt(
        &mut self,
        node: Node<'_, 'a>,
        value: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<ExprId> {
        let id = self.macro_call(node, value, out)?;
        if value {
            return Some(id);
        }
        out.push(Stmt::Expr(id));
        None
    }

    fn macro_call(&mut self, node: Node<'_, 'a>, value: bool, out: &mut Vec<Stmt>) -> Option<ExprId> {
        let path = node.child(Kind::PATH)?.path();
        let name = path.last()?;
        let call = Call { node, name, range: macro_range(node) };
        if self.expansions < MAX_EXPANSIONS
            && let Some((rules, krate)) = self.definition(name, path.segments.len() > 1)
        {
            self.expansions += 1;
            if let Some(made) = expansion::expand(node, &rules, krate, self.env.text) {
                return self.expansion(call, made, value, out);
            }
        }
        Some(self.known_macro(call))
    }

    /// The rules that a call means, and what `$crate` is in them.
    fn definition(&self, name: Name, qualified: bool) -> Option<(Arc<MacroRules>, CratePath)> {
        let inner = self.macros.iter().rev().find(|(n, _)| *n == name && !qualified);
        if let Some((_, rules)) = inner {
            return Some((rules.clone(), CratePath::Local));
        }
        self.env.definition(name, qualified)
    }

    /// A `macro_rules!` among statements is there for those that follow.
    pub(super) fn define(&mut self, item: Node<'_, 'a>) {
        self.macros.extend(made_rules(item, self.env.text));
    }

    /// The tokens of an expansion, as an expression or as statements.
    fn expansion(
        &mut self,
        call: Call<'_, 'a>,
        made: Tokens<'a>,
        value: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<ExprId> {
        if value {
            let tree = Tree::prefix(made.clone(), &PrefixEntryPoint::Expr);
            if tree.is_clean() && tree.root().is_some_and(|root| is_expr(root.kind())) {
                return self.within(tree, |cx, root| cx.expr(root));
            }
        }
        let tree = Tree::whole(made, &TopEntryPoint::MacroStmts);
        if !tree.errors.is_empty() {
            self.body.opaque_macros.push((call.name, call.range));
            return Some(self.loose(call, View::Whole));
        }
        self.within(tree, |cx, root| cx.joined(root, out))?
    }

    /// Statements that join those around.
    fn joined(&mut self, list: Node<'_, 'a>, out: &mut Vec<Stmt>) -> Option<ExprId> {
        let is_stmt =
            |kind| matches!(kind, Kind::EXPR_STMT | Kind::LET_STMT) || is_item(kind) || is_expr(kind);
        let stmts: Vec<_> = list.children().filter(|child| is_stmt(child.kind())).collect();
        let mut tail = None;
        for (i, stmt) in stmts.iter().enumerate() {
            if let Some(previous) = tail.take() {
                out.push(Stmt::Expr(previous));
            }
            tail = self.statement(*stmt, i + 1 == stmts.len(), out);
        }
        tail
    }

    fn known_macro(&mut self, call: Call<'_, 'a>) -> ExprId {
        let (mut input, range) = (call.input(), call.range);
        let i = &mut input;
        let read = match call.name.as_str() {
            "format" | "format_args" => self.format_args(i),
            "write" | "writeln" => self.write_macro(i, range),
            "vec" => self.vec_macro(i, range),
            "matches" => self.matches_macro(i, range),
            "dbg" => self.dbg_macro(call, i),
            "assert" | "debug_assert" => self.assert_macro(call, i),
            "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
                self.assert_eq_macro(call, i)
            }
            "try" => self.arg(i).map(|inner| self.push(Expr::Try(inner), range)),
            "json" => self.json(i, range).map(|value| {
                let path = call.path();
                let krate = path.segments.iter().rev().nth(1).map_or("serde_json", |s| s.name.as_str());
                self.typed(value, &format!("{krate}::Value"))
            }),
            "select" => self.select(i, range),
            "join" => self.join_macro(i, range),
            "try_join" => self.try_join_macro(i, range),
            "cfg" => Some(self.condition(i, range)),
            "concat" | "env" | "option_env" | "line" | "file" | "column" | "stringify" | "module_path"
            | "include_bytes" | "compile_error" | "include_str" => {
                let text = super::format::concatenated(i.tokens());
                let is_text = call.name == *"concat";
                let lit = if is_text { super::body::text_name(&text) } else { Name::new("") };
                return self.push(Expr::Lit(crate::ir::Lit::Str(lit)), range);
            }
            "addr_of" | "ready" | "pin" => self.arg(i),
            _ => return self.modelled_macro(call),
        };
        match read.filter(|_| input.is_empty()) {
            Some(id) => id,
            None => self.loose(call, View::Whole),
        }
    }

    /// `cfg!(…)`: a boolean that the build decides.
    fn condition(&mut self, input: &mut Input<'_, 'a>, range: Range) -> ExprId {
        let condition = super::attrs::condition(input.tokens());
        while !input.is_empty() {
            input.next();
        }
        let unknown = self.push(Expr::Missing, range);
        let ty = self.type_id(Shared::new(TypeRef::Path(Shared::new(Path::plain(Name::new("bool"))))));
        let value = self.push(Expr::Cast(unknown, ty), range);
        self.body.conditions.push((value, condition));
        value
    }

    /// A macro that a model describes, or one that nobody knows.
    fn modelled_macro(&mut self, call: Call<'_, 'a>) -> ExprId {
        let name = call.name;
        let syntax = self.env.table.syntax.get(&name).copied();
        let formats = matches!(
            name.as_str(),
            "print" | "println" | "eprint" | "eprintln" | "panic" | "unreachable" | "todo" | "unimplemented"
        );
        let syntax = if formats { Some(Syntax::Format) } else { syntax };
        if syntax.is_none() {
            self.body.opaque_macros.push((name, call.range));
        }
        let view = if syntax.is_none() { View::Whole } else { View::Display };
        let value = self.loose(call, view);
        match self.env.table.values.get(&name) {
            Some(ty) => self.typed(value, ty),
            None => value,
        }
    }

    /// A macro's value with the type that its model gives it.
    fn typed(&mut self, value: ExprId, ty: &str) -> ExprId {
        let range = self.range_of(value);
        let segments = ty.split("::").map(|name| Segment { name: Name::new(name), args: None }).collect();
        let path = Path { segments, global: true, ..Path::default() };
        let ty = self.type_id(Shared::new(TypeRef::Path(Shared::new(path))));
        self.push(Expr::Cast(value, ty), range)
    }

    /// A call to a macro with whatever of its tokens can be read as values.
    fn loose(&mut self, call: Call<'_, 'a>, view: View) -> ExprId {
        let args = self.loose_args(call.input(), view);
        self.push_macro(call, &args)
    }

    fn push_macro(&mut self, call: Call<'_, 'a>, args: &[ExprId]) -> ExprId {
        let path = self.macro_path(call.path());
        let args = self.list(args);
        self.push(Expr::Macro(path, args), call.range)
    }

    /// Key-values, sigils, format strings and expressions, in the union of the grammars of `log`, `tracing` and `slog`.
    pub(super) fn loose_args(&mut self, mut input: Input<'_, 'a>, view: View) -> Vec<ExprId> {
        let mut out = Vec::new();
        while !input.is_empty() {
            if !input.eat(Kind::COMMA) && !input.eat(Kind::SEMICOLON) {
                self.loose_arg(&mut input, view, &mut out);
            }
        }
        out
    }

    fn loose_arg(&mut self, input: &mut Input<'_, 'a>, view: View, out: &mut Vec<ExprId>) {
        if marker(input) || self.fields_group(input, view, out) || self.literal_arg(input, view, out) {
            return;
        }
        let view = key(input).unwrap_or(view);
        let view = sigil(input).unwrap_or(view);
        if self.literal_arg(input, view, out) {
            return;
        }
        match self.arg(input) {
            Some(id) => {
                let range = self.range_of(id);
                let viewed = if view == View::Whole { id } else { self.push(Expr::View(id, view), range) };
                out.push(viewed);
            }
            // What makes no sense is left behind with what stands in its group.
            None => {
                if input.group().is_none() {
                    input.next();
                }
            }
        }
    }

    /// `{ field = value, … }` before a message.
    fn fields_group(&mut self, input: &mut Input<'_, 'a>, view: View, out: &mut Vec<ExprId>) -> bool {
        if !input.at(Kind::L_CURLY) || input.clone().parse(&PrefixEntryPoint::Expr).is_some() {
            return false;
        }
        let Some(inside) = input.group() else { return false };
        out.extend(self.loose_args(inside, view));
        true
    }

    /// A string literal: a format string, a key, or the start of an expression.
    fn literal_arg(&mut self, input: &mut Input<'_, 'a>, view: View, out: &mut Vec<ExprId>) -> bool {
        let Some(token) = input.peek().filter(|token| token.kind == Kind::STRING) else { return false };
        let mut after = input.clone();
        after.next();
        if after.eat_arrow() || (after.at_assign() && after.eat(Kind::EQ)) {
            *input = after;
            return false;
        }
        if !(after.is_empty() || after.at(Kind::COMMA) || after.at(Kind::SEMICOLON)) {
            return false;
        }
        if view == View::Whole && !token.text.contains('{') {
            *input = after;
            out.push(self.push(Expr::Lit(super::body::lit_of(token)), token.range));
            return true;
        }
        let mut attempt = input.clone();
        let Some(id) = self.format_args(&mut attempt) else { return false };
        *input = attempt;
        out.push(id);
        true
    }

    fn write_macro(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let target = self.arg(input)?;
        if !input.eat(Kind::COMMA) || input.is_empty() {
            return Some(target);
        }
        let text = self.format_args(input)?;
        let args = self.list(&[text]);
        Some(self.push(Expr::Method(target, Name::new("write_fmt"), args, None), range))
    }

    fn vec_macro(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(self.arg(input)?);
            if input.eat(Kind::SEMICOLON) {
                self.arg(input)?;
                return Some(self.push(Expr::Repeat(items[0], true), range));
            }
            if !input.is_empty() && !input.eat(Kind::COMMA) {
                return None;
            }
        }
        let items = self.list(&items);
        Some(self.push(Expr::Array(items, true), range))
    }

    fn matches_macro(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let value = self.arg(input)?;
        input.eat(Kind::COMMA);
        let pat = input.parse(&PrefixEntryPoint::PatTop)?;
        self.scoped(|cx| {
            let pat = cx.within(pat, Self::pattern)?;
            let guard = if input.eat(Kind::IF_KW) { Some(cx.arg(input)?) } else { None };
            input.eat(Kind::COMMA);
            let test = cx.push(Expr::Let(pat, value), range);
            Some(match guard {
                Some(guard) => cx.push(Expr::Binary(crate::ir::BinaryOp::And, test, guard), range),
                None => test,
            })
        })
    }

    fn dbg_macro(&mut self, call: Call<'_, 'a>, input: &mut Input<'_, 'a>) -> Option<ExprId> {
        let range = call.range;
        let mut values = Vec::new();
        while !input.is_empty() {
            values.push(self.arg(input)?);
            input.eat(Kind::COMMA);
        }
        let mut viewed = Vec::new();
        for value in &values {
            let at = self.range_of(*value);
            viewed.push(self.push(Expr::View(*value, View::Debug), at));
        }
        let shown = self.push_macro(call, &viewed);
        let value = match &values[..] {
            [one] => *one,
            many => {
                let list = self.list(many);
                self.push(Expr::Tuple(list), range)
            }
        };
        Some(self.push_block(vec![Stmt::Expr(shown)], Some(value), range))
    }

    fn assert_macro(&mut self, call: Call<'_, 'a>, input: &mut Input<'_, 'a>) -> Option<ExprId> {
        let cond = self.arg(input)?;
        input.eat(Kind::COMMA);
        let message = if input.is_empty() { None } else { Some(self.format_args(input)?) };
        let message: Vec<ExprId> = message.into_iter().collect();
        let told = self.push_macro(call, &message);
        Some(self.push_block(vec![Stmt::Expr(cond), Stmt::Expr(told)], None, call.range))
    }

    fn assert_eq_macro(&mut self, call: Call<'_, 'a>, input: &mut Input<'_, 'a>) -> Option<ExprId> {
        let mut shown = Vec::new();
        for _ in 0..2 {
            let side = self.arg(input)?;
            let at = self.range_of(side);
            shown.push(self.push(Expr::View(side, View::Debug), at));
            input.eat(Kind::COMMA);
        }
        if !input.is_empty() {
            shown.push(self.format_args(input)?);
        }
        Some(self.push_macro(call, &shown))
    }

    /// A JSON literal: objects become records, arrays arrays, the rest expressions.
    fn json(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        if input.at(Kind::L_CURLY) {
            let pairs = self.json_pairs(input.group()?, range)?;
            let pairs = self.list(&pairs);
            return Some(self.push(Expr::Record(pairs), range));
        }
        if input.at(Kind::L_BRACK) {
            let mut inside = input.group()?;
            let mut items = Vec::new();
            while !inside.is_empty() {
                items.push(self.json(&mut inside, range)?);
                inside.eat(Kind::COMMA);
            }
            let items = self.list(&items);
            return Some(self.push(Expr::Array(items, true), range));
        }
        let value = self.arg(input)?;
        let at = self.range_of(value);
        Some(self.push(Expr::View(value, View::Serialize), at))
    }

    fn json_pairs(&mut self, mut input: Input<'_, 'a>, range: Range) -> Option<Vec<ExprId>> {
        let mut pairs = Vec::new();
        while !input.is_empty() {
            let key = match input.peek().and_then(text_of) {
                Some(text) => {
                    input.next();
                    Name::new(&text)
                }
                None => {
                    if input.group().is_none() {
                        input.next();
                    }
                    Name::new("*")
                }
            };
            if !input.eat(Kind::COLON) {
                return None;
            }
            let value = self.json(&mut input, range)?;
            pairs.push(self.push(Expr::Named(key, value), range));
            input.eat(Kind::COMMA);
        }
        Some(pairs)
    }

    /// `select! { pattern = future[, if condition] => handler, … }`.
    fn select(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let mut arms = Vec::new();
        while !input.is_empty() {
            if input.at(Kind::IDENT) && input.nth_is(1, Kind::SEMICOLON) {
                input.next();
                input.next();
                continue;
            }
            let body = self.scoped(|cx| cx.select_branch(input, range))?;
            let pat = self.push_pat(Pat::Wild, range);
            arms.push(Arm { pat, guard: None, body });
            input.eat(Kind::COMMA);
        }
        let nothing = self.push(Expr::Missing, range);
        Some(self.push_match(nothing, arms, range))
    }

    fn select_branch(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let mut ahead = input.clone();
        ahead.next();
        if input.at_word() && (input.at(Kind::ELSE_KW) || ahead.at_arrow()) {
            *input = ahead;
            return if input.eat_arrow() { self.arg(input) } else { None };
        }
        let pat = input.parse(&PrefixEntryPoint::PatTop)?;
        if !input.eat(Kind::EQ) {
            return None;
        }
        let future = self.arg(input)?;
        if input.eat(Kind::COMMA) {
            if !input.eat(Kind::IF_KW) {
                return None;
            }
            self.arg(input)?;
        }
        if !input.eat_arrow() {
            return None;
        }
        let value = self.push(Expr::Await(future), range);
        let pat = self.within(pat, Self::pattern)?;
        let handler = self.arg(input)?;
        let bind = Stmt::Let { pat, ty: None, init: Some(value), diverge: None };
        Some(self.push_block(vec![bind], Some(handler), range))
    }

    fn join_macro(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let mut values = Vec::new();
        while !input.is_empty() {
            let future = self.arg(input)?;
            values.push(self.push(Expr::Await(future), range));
            input.eat(Kind::COMMA);
        }
        let values = self.list(&values);
        Some(self.push(Expr::Tuple(values), range))
    }

    /// `async { Ok((a.await?, b.await?)) }.await`
    fn try_join_macro(&mut self, input: &mut Input<'_, 'a>, range: Range) -> Option<ExprId> {
        let mut values = Vec::new();
        while !input.is_empty() {
            let future = self.arg(input)?;
            let result = self.push(Expr::Await(future), range);
            values.push(self.push(Expr::Try(result), range));
            input.eat(Kind::COMMA);
        }
        let values = self.list(&values);
        let all = self.push(Expr::Tuple(values), range);
        let done = self.name_expr(Name::new("Ok"), range);
        let given = self.list(&[all]);
        let value = self.push(Expr::Call(done, given), range);
        let future = self.push(Expr::Async(value), range);
        Some(self.push(Expr::Await(future), range))
    }
}

/// The rules of a `macro_rules!` whose tree is in hand.
pub(super) fn made_rules(item: Node<'_, '_>, text: &str) -> Option<(Name, Arc<MacroRules>)> {
    if item.kind() != Kind::MACRO_RULES {
        return None;
    }
    let name = item.child(Kind::NAME)?.name().0;
    Some((name, Arc::new(expansion::rules(item, text)?)))
}

/// `target: …`, `name: …`, `parent: …`: they steer, they carry nothing.
fn marker(input: &mut Input<'_, '_>) -> bool {
    let steers = input.peek().is_some_and(|t| ["target", "name", "parent", "logger"].contains(&t.text))
        && input.nth_is(1, Kind::COLON)
        && !input.nth_is_path(1)
        && !input.nth_is(2, Kind::QUESTION);
    if !steers {
        return false;
    }
    let mut ahead = input.clone();
    ahead.next();
    ahead.next();
    // What follows may be a type: then this is another grammar, and the word stands for itself.
    let steering = ahead.parse(&PrefixEntryPoint::Expr).is_some();
    if steering {
        *input = ahead;
    }
    steering
}

/// `a.b.c =`, `a:? =`, `a =>`: the key of a value that follows, with its view where the key names one.
fn key(input: &mut Input<'_, '_>) -> Option<View> {
    let mut ahead = input.clone();
    let view = key_of(&mut ahead)?;
    let shorthand = ahead.is_empty() || ahead.at(Kind::COMMA) || ahead.at(Kind::SEMICOLON);
    if shorthand {
        // `user:?` stands for `user:? = user`: read the name as the value.
        return None;
    }
    *input = ahead;
    view
}

/// Reads a key and what separates it from its value; `Some(view)` when there is one.
fn key_of(input: &mut Input<'_, '_>) -> Option<Option<View>> {
    if !input.at_word() {
        return None;
    }
    input.next();
    while input.eat(Kind::DOT) {
        if !input.at_word() {
            return None;
        }
        input.next();
    }
    let mut view = None;
    if input.at(Kind::COLON) && !input.nth_is_path(0) {
        input.next();
        view = Some(capture(input)?);
    }
    let separated = input.eat_arrow() || (input.at_assign() && input.eat(Kind::EQ));
    (separated || view.is_some()).then_some(view)
}

/// How `log` captures a value: `?`, `%`, or in words.
fn capture(input: &mut Input<'_, '_>) -> Option<View> {
    if let Some(view) = sigil(input) {
        return Some(view);
    }
    let word = input.next().filter(|token| token.is_word())?;
    Some(if word.is("debug") { View::Debug } else { View::Display })
}

fn sigil(input: &mut Input<'_, '_>) -> Option<View> {
    if input.eat(Kind::QUESTION) {
        return Some(View::Debug);
    }
    input.eat(Kind::PERCENT).then_some(View::Display)
}
