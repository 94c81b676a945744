//! Macro calls in code: those of std by their meaning, the program's own by expansion, the rest by what their tokens
//! look like. What cannot be read is recorded, never dropped.

use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Expr as SynExpr, LitStr, Token};

use super::body::Lower;
use super::cx::{join, name_of};
use super::env::Syntax;
use super::items::delimiters;
use super::macro_rules::{CratePath, MacroRules, expand};
use crate::ir::{Arm, Expr, ExprId, Pat, Path, Range, Segment, Stmt, TypeRef, View};
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

impl Lower<'_> {
    pub(super) fn parse_expr(&mut self, input: ParseStream) -> syn::Result<ExprId> {
        let e: SynExpr = input.parse()?;
        Ok(self.expr(&e))
    }

    /// Parses tokens with a parser that lowers as it goes; the whole input must be read.
    pub(super) fn parse_with<T>(
        &mut self,
        tokens: TokenStream,
        f: impl FnOnce(&mut Self, ParseStream) -> syn::Result<T>,
    ) -> syn::Result<T> {
        (|input: ParseStream| f(self, input)).parse2(tokens)
    }

    /// A macro where an expression stands.
    pub(super) fn macro_expr(&mut self, mac: &syn::Macro) -> ExprId {
        let mut stmts = Vec::new();
        let range = self.macro_range(mac);
        let value = self.macro_call(mac, true, &mut stmts);
        if stmts.is_empty() {
            return value.unwrap_or_else(|| self.push(Expr::Missing, range));
        }
        self.push_block(stmts, value, range)
    }

    /// A macro where a statement stands: what it expands to joins the block around it.
    pub(super) fn macro_stmt(
        &mut self,
        mac: &syn::Macro,
        value: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<ExprId> {
        let id = self.macro_call(mac, value, out)?;
        if value {
            return Some(id);
        }
        out.push(Stmt::Expr(id));
        None
    }

    fn macro_range(&self, mac: &syn::Macro) -> Range {
        let (_, close) = delimiters(&mac.delimiter);
        let path = self.frame.path(&mac.path, None).range;
        join(path, self.frame.range(close))
    }

    fn macro_call(&mut self, mac: &syn::Macro, value: bool, out: &mut Vec<Stmt>) -> Option<ExprId> {
        let last = mac.path.segments.last()?;
        let name = name_of(&last.ident);
        if self.expansions < MAX_EXPANSIONS
            && let Some((rules, path)) = self.definition(name, mac.path.segments.len() > 1)
        {
            self.expansions += 1;
            if let Ok(tokens) = expand(&rules, mac.tokens.clone(), last.ident.span(), &path) {
                return self.expansion(mac, name, tokens, value, out);
            }
        }
        Some(self.known_macro(mac, name))
    }

    /// The rules that a call means, and what `$crate` is in them.
    fn definition(&self, name: Name, qualified: bool) -> Option<(Rc<MacroRules>, CratePath)> {
        let inner = self.macros.iter().rev().find(|(n, _)| *n == name && !qualified);
        if let Some((_, rules)) = inner {
            return Some((rules.clone(), CratePath::local()));
        }
        self.env.definition(name, qualified)
    }

    /// A `macro_rules!` among statements is there for those that follow.
    pub(super) fn define(&mut self, item: &syn::Item) {
        self.macros.extend(made_rules(item));
    }

    /// The tokens of an expansion, as an expression or as statements.
    fn expansion(
        &mut self,
        mac: &syn::Macro,
        name: Name,
        tokens: TokenStream,
        value: bool,
        out: &mut Vec<Stmt>,
    ) -> Option<ExprId> {
        if value && let Ok(e) = syn::parse2::<SynExpr>(tokens.clone()) {
            return Some(self.expr(&e));
        }
        let Ok(stmts) = syn::Block::parse_within.parse2(tokens) else {
            self.body.opaque_macros.push((name, self.macro_range(mac)));
            return Some(self.loose_macro(mac));
        };
        let mut tail = None;
        for (i, stmt) in stmts.iter().enumerate() {
            if let Some(previous) = tail.take() {
                out.push(Stmt::Expr(previous));
            }
            tail = self.statement(stmt, i + 1 == stmts.len(), out);
        }
        tail
    }

    fn known_macro(&mut self, mac: &syn::Macro, name: Name) -> ExprId {
        let range = self.macro_range(mac);
        let tokens = mac.tokens.clone();
        let read = match name.as_str() {
            "format" | "format_args" => self.parse_with(tokens, |cx, i| cx.format_args(i)),
            "write" | "writeln" => self.parse_with(tokens, |cx, i| cx.write_macro(i, range)),
            "vec" => self.parse_with(tokens, |cx, i| cx.vec_macro(i, range)),
            "matches" => self.parse_with(tokens, |cx, i| cx.matches_macro(i, range)),
            "dbg" => self.parse_with(tokens, |cx, i| cx.dbg_macro(mac, i, range)),
            "assert" | "debug_assert" => self.parse_with(tokens, |cx, i| cx.assert_macro(mac, i, range)),
            "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
                self.parse_with(tokens, |cx, i| cx.assert_eq_macro(mac, i, range))
            }
            "try" => self.parse_with(tokens, |cx, i| {
                let inner = cx.parse_expr(i)?;
                Ok(cx.push(Expr::Try(inner), range))
            }),
            "json" => self.parse_with(tokens, |cx, i| cx.json(i, range)).map(|value| {
                let krate = mac.path.segments.iter().rev().nth(1).map(|s| s.ident.to_string());
                self.typed(value, &format!("{}::Value", krate.as_deref().unwrap_or("serde_json")))
            }),
            "select" => self.parse_with(tokens, |cx, i| cx.select(i, range)),
            "join" => self.parse_with(tokens, |cx, i| cx.join_macro(i, range)),
            "try_join" => self.parse_with(tokens, |cx, i| cx.try_join_macro(i, range)),
            "concat" | "env" | "option_env" | "cfg" | "line" | "file" | "column" | "stringify"
            | "module_path" | "include_bytes" | "compile_error" | "include_str" => {
                let text = super::format::concatenated(tokens);
                let lit = if name == *"concat" { super::body::text_name(&text) } else { Name::new("") };
                Ok(self.push(Expr::Lit(crate::ir::Lit::Str(lit)), range))
            }
            "addr_of" | "ready" | "pin" => self.parse_with(tokens, |cx, i| cx.parse_expr(i)),
            _ => return self.modelled_macro(mac, name),
        };
        read.unwrap_or_else(|_| self.loose_macro(mac))
    }

    /// A macro that a model describes, or one that nobody knows.
    fn modelled_macro(&mut self, mac: &syn::Macro, name: Name) -> ExprId {
        let syntax = self.env.table.syntax.get(&name).copied();
        let formats = matches!(
            name.as_str(),
            "print" | "println" | "eprint" | "eprintln" | "panic" | "unreachable" | "todo" | "unimplemented"
        );
        let syntax = if formats { Some(Syntax::Format) } else { syntax };
        if syntax.is_none() {
            self.body.opaque_macros.push((name, self.macro_range(mac)));
        }
        let view = if syntax.is_none() { View::Whole } else { View::Display };
        let value = self.loose(mac, view);
        match self.env.table.values.get(&name) {
            Some(ty) => self.typed(value, ty),
            None => value,
        }
    }

    /// A macro's value with the type that its model gives it.
    fn typed(&mut self, value: ExprId, ty: &str) -> ExprId {
        let range = self.range_of(value);
        let segments = ty.split("::").map(|name| Segment { name: Name::new(name), args: None }).collect();
        let path = Path { segments, range, global: true, ..Path::default() };
        let ty = self.type_id(TypeRef::Path(path));
        self.push(Expr::Cast(value, ty), range)
    }

    fn loose_macro(&mut self, mac: &syn::Macro) -> ExprId {
        self.loose(mac, View::Whole)
    }

    /// A call to a macro with whatever of its tokens can be read as values.
    fn loose(&mut self, mac: &syn::Macro, view: View) -> ExprId {
        let range = self.macro_range(mac);
        let args = self.loose_args(mac.tokens.clone(), view);
        self.push_macro(mac, args, range)
    }

    fn push_macro(&mut self, mac: &syn::Macro, args: Vec<ExprId>, range: Range) -> ExprId {
        let path = self.frame.path(&mac.path, None);
        let path = self.macro_path(path);
        let args = self.list(&args);
        self.push(Expr::Macro(path, args), range)
    }

    /// Key-values, sigils, format strings and expressions, in the union of the grammars of `log`, `tracing` and `slog`.
    pub(super) fn loose_args(&mut self, tokens: TokenStream, view: View) -> Vec<ExprId> {
        let mut out = Vec::new();
        let read = self.parse_with(tokens, |cx, input| {
            while !input.is_empty() {
                if input.peek(Token![,]) || input.peek(Token![;]) {
                    let _: TokenTree = input.parse()?;
                } else {
                    cx.loose_arg(input, view, &mut out)?;
                }
            }
            Ok(())
        });
        debug_assert!(read.is_ok());
        out
    }

    fn loose_arg(&mut self, input: ParseStream, view: View, out: &mut Vec<ExprId>) -> syn::Result<()> {
        if self.marker(input)? {
            return Ok(());
        }
        if input.peek(syn::token::Brace) && self.fields_group(input, view, out)? {
            return Ok(());
        }
        if input.peek(LitStr) && self.literal_arg(input, view, out)? {
            return Ok(());
        }
        let view = self.key(input)?.unwrap_or(view);
        let view = sigil(input)?.unwrap_or(view);
        if input.peek(LitStr) && self.literal_arg(input, view, out)? {
            return Ok(());
        }
        let fork = input.fork();
        match fork.parse::<SynExpr>() {
            Ok(e) => {
                input.advance_to(&fork);
                let id = self.expr(&e);
                let range = self.range_of(id);
                let viewed = if view == View::Whole { id } else { self.push(Expr::View(id, view), range) };
                out.push(viewed);
            }
            Err(_) => {
                let _: TokenTree = input.parse()?;
            }
        }
        Ok(())
    }

    /// `target: …`, `name: …`, `parent: …`: they steer, they carry nothing.
    fn marker(&mut self, input: ParseStream) -> syn::Result<bool> {
        let steers = input.peek(syn::Ident)
            && input.peek2(Token![:])
            && !input.peek2(Token![::])
            && !input.peek3(Token![?]);
        if !steers {
            return Ok(false);
        }
        let fork = input.fork();
        let word = syn::Ident::parse_any(&fork)?;
        if !["target", "name", "parent", "logger"].iter().any(|w| word == w) {
            return Ok(false);
        }
        // What follows may be a type: then this is another grammar, and the word stands for itself.
        let steering = fork.parse::<Token![:]>().and_then(|_| fork.parse::<SynExpr>()).is_ok();
        if steering {
            input.advance_to(&fork);
        }
        Ok(steering)
    }

    /// `{ field = value, … }` before a message.
    fn fields_group(&mut self, input: ParseStream, view: View, out: &mut Vec<ExprId>) -> syn::Result<bool> {
        if input.fork().parse::<SynExpr>().is_ok() {
            return Ok(false);
        }
        let group: proc_macro2::Group = input.parse()?;
        out.extend(self.loose_args(group.stream(), view));
        Ok(true)
    }

    /// A string literal: a format string, a key, or the start of an expression.
    fn literal_arg(&mut self, input: ParseStream, view: View, out: &mut Vec<ExprId>) -> syn::Result<bool> {
        let fork = input.fork();
        let text: LitStr = fork.parse()?;
        if fork.peek(Token![=>]) || (fork.peek(Token![=]) && !fork.peek(Token![==])) {
            input.parse::<LitStr>()?;
            if input.parse::<Option<Token![=>]>>()?.is_none() {
                input.parse::<Token![=]>()?;
            }
            return Ok(false);
        }
        if !(fork.is_empty() || fork.peek(Token![,]) || fork.peek(Token![;])) {
            return Ok(false);
        }
        if view == View::Whole && !text.value().contains('{') {
            let lit: LitStr = input.parse()?;
            out.push(self.literal(&syn::Lit::Str(lit)));
            return Ok(true);
        }
        let attempt = input.fork();
        let Ok(id) = self.format_args(&attempt) else { return Ok(false) };
        input.advance_to(&attempt);
        out.push(id);
        Ok(true)
    }

    /// `a.b.c =`, `a:? =`, `a =>`: the key of a value that follows, with its view where the key names one.
    fn key(&mut self, input: ParseStream) -> syn::Result<Option<View>> {
        if !input.peek(syn::Ident::peek_any) {
            return Ok(None);
        }
        let fork = input.fork();
        let Some(view) = key_of(&fork) else { return Ok(None) };
        let shorthand = fork.is_empty() || fork.peek(Token![,]) || fork.peek(Token![;]);
        if shorthand {
            // `user:?` stands for `user:? = user`: read the name as the value.
            return Ok(None);
        }
        key_of(input);
        Ok(view)
    }

    fn write_macro(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let target = self.parse_expr(input)?;
        if input.is_empty() {
            return Ok(target);
        }
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            return Ok(target);
        }
        let text = self.format_args(input)?;
        let args = self.list(&[text]);
        Ok(self.push(Expr::Method(target, Name::new("write_fmt"), args, None), range))
    }

    fn vec_macro(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(self.parse_expr(input)?);
            if input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
                self.parse_expr(input)?;
                return Ok(self.push(Expr::Repeat(items[0], true), range));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let items = self.list(&items);
        Ok(self.push(Expr::Array(items, true), range))
    }

    fn matches_macro(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let value = self.parse_expr(input)?;
        input.parse::<Token![,]>()?;
        let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
        let guard = input.parse::<Option<Token![if]>>()?.map(|_| input.parse::<SynExpr>()).transpose()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(self.scoped(|cx| {
            let pat = cx.pattern(&pat);
            let test = cx.push(Expr::Let(pat, value), range);
            match guard.map(|g| cx.expr(&g)) {
                Some(guard) => cx.push(Expr::Binary(crate::ir::BinaryOp::And, test, guard), range),
                None => test,
            }
        }))
    }

    fn dbg_macro(&mut self, mac: &syn::Macro, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut values = Vec::new();
        while !input.is_empty() {
            values.push(self.parse_expr(input)?);
            input.parse::<Option<Token![,]>>()?;
        }
        let mut viewed = Vec::new();
        for value in &values {
            let at = self.range_of(*value);
            viewed.push(self.push(Expr::View(*value, View::Debug), at));
        }
        let call = self.push_macro(mac, viewed, range);
        let value = match &values[..] {
            [one] => *one,
            many => {
                let list = self.list(many);
                self.push(Expr::Tuple(list), range)
            }
        };
        Ok(self.push_block(vec![Stmt::Expr(call)], Some(value), range))
    }

    fn assert_macro(&mut self, mac: &syn::Macro, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let cond = self.parse_expr(input)?;
        input.parse::<Option<Token![,]>>()?;
        let message = if input.is_empty() { None } else { Some(self.format_args(input)?) };
        let call = self.push_macro(mac, message.into_iter().collect(), range);
        Ok(self.push_block(vec![Stmt::Expr(cond), Stmt::Expr(call)], None, range))
    }

    fn assert_eq_macro(&mut self, mac: &syn::Macro, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut shown = Vec::new();
        for _ in 0..2 {
            let side = self.parse_expr(input)?;
            let at = self.range_of(side);
            shown.push(self.push(Expr::View(side, View::Debug), at));
            input.parse::<Option<Token![,]>>()?;
        }
        if !input.is_empty() {
            shown.push(self.format_args(input)?);
        }
        Ok(self.push_macro(mac, shown, range))
    }

    /// A JSON literal: objects become records, arrays arrays, the rest expressions.
    fn json(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        if input.peek(syn::token::Brace) {
            let group: proc_macro2::Group = input.parse()?;
            let pairs = self.parse_with(group.stream(), |cx, i| cx.json_pairs(i, range))?;
            let pairs = self.list(&pairs);
            return Ok(self.push(Expr::Record(pairs), range));
        }
        if input.peek(syn::token::Bracket) {
            let group: proc_macro2::Group = input.parse()?;
            let items = self.parse_with(group.stream(), |cx, i| {
                let mut items = Vec::new();
                while !i.is_empty() {
                    items.push(cx.json(i, range)?);
                    i.parse::<Option<Token![,]>>()?;
                }
                Ok(items)
            })?;
            let items = self.list(&items);
            return Ok(self.push(Expr::Array(items, true), range));
        }
        let value = self.parse_expr(input)?;
        let at = self.range_of(value);
        Ok(self.push(Expr::View(value, View::Serialize), at))
    }

    fn json_pairs(&mut self, input: ParseStream, range: Range) -> syn::Result<Vec<ExprId>> {
        let mut pairs = Vec::new();
        while !input.is_empty() {
            let key = if input.peek(LitStr) {
                Name::new(&input.parse::<LitStr>()?.value())
            } else {
                let _: TokenTree = input.parse()?;
                Name::new("*")
            };
            input.parse::<Token![:]>()?;
            let value = self.json(input, range)?;
            pairs.push(self.push(Expr::Named(key, value), range));
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(pairs)
    }

    /// `select! { pattern = future[, if condition] => handler, … }`.
    fn select(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut arms = Vec::new();
        while !input.is_empty() {
            if input.peek(syn::Ident) && input.peek2(Token![;]) {
                input.parse::<syn::Ident>()?;
                input.parse::<Token![;]>()?;
                continue;
            }
            let body = self.scoped(|cx| cx.select_branch(input, range))?;
            let pat = self.push_pat(Pat::Wild, range);
            arms.push(Arm { pat, guard: None, body });
            input.parse::<Option<Token![,]>>()?;
        }
        let nothing = self.push(Expr::Missing, range);
        Ok(self.push_match(nothing, arms, range))
    }

    fn select_branch(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        if input.peek(Token![else]) || (input.peek(syn::Ident::peek_any) && input.peek2(Token![=>])) {
            syn::Ident::parse_any(input)?;
            input.parse::<Token![=>]>()?;
            return self.parse_expr(input);
        }
        let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![=]>()?;
        let future = self.parse_expr(input)?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            self.parse_expr(input)?;
        }
        input.parse::<Token![=>]>()?;
        let value = self.push(Expr::Await(future), range);
        let pat = self.pattern(&pat);
        let handler = self.parse_expr(input)?;
        let bind = Stmt::Let { pat, ty: None, init: Some(value), diverge: None };
        Ok(self.push_block(vec![bind], Some(handler), range))
    }

    fn join_macro(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut values = Vec::new();
        while !input.is_empty() {
            let future = self.parse_expr(input)?;
            values.push(self.push(Expr::Await(future), range));
            input.parse::<Option<Token![,]>>()?;
        }
        let values = self.list(&values);
        Ok(self.push(Expr::Tuple(values), range))
    }

    /// `async { Ok((a.await?, b.await?)) }.await`
    fn try_join_macro(&mut self, input: ParseStream, range: Range) -> syn::Result<ExprId> {
        let mut values = Vec::new();
        while !input.is_empty() {
            let future = self.parse_expr(input)?;
            let result = self.push(Expr::Await(future), range);
            values.push(self.push(Expr::Try(result), range));
            input.parse::<Option<Token![,]>>()?;
        }
        let values = self.list(&values);
        let all = self.push(Expr::Tuple(values), range);
        let done = self.name_expr(Name::new("Ok"), range);
        let given = self.list(&[all]);
        let value = self.push(Expr::Call(done, given), range);
        let future = self.push(Expr::Async(value), range);
        Ok(self.push(Expr::Await(future), range))
    }
}

/// The rules of a `macro_rules!` whose tree is in hand.
pub(super) fn made_rules(item: &syn::Item) -> Option<(Name, Rc<MacroRules>)> {
    let syn::Item::Macro(item) = item else { return None };
    let ident = item.ident.as_ref().filter(|_| item.mac.path.is_ident("macro_rules"))?;
    let rules = super::macro_rules::parse(item.mac.tokens.clone()).ok()?;
    Some((name_of(ident), Rc::new(rules)))
}

/// Reads a key and what separates it from its value; `Some(view)` when there is one.
pub(super) fn key_of(input: ParseStream) -> Option<Option<View>> {
    syn::Ident::parse_any(input).ok()?;
    while input.peek(Token![.]) {
        input.parse::<Token![.]>().ok()?;
        syn::Ident::parse_any(input).ok()?;
    }
    let mut view = None;
    if input.peek(Token![:]) && !input.peek(Token![::]) {
        input.parse::<Token![:]>().ok()?;
        view = Some(capture(input)?);
    }
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>().ok()?;
    } else if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>().ok()?;
    } else if view.is_none() {
        return None;
    }
    Some(view)
}

/// How `log` captures a value: `?`, `%`, or in words.
fn capture(input: ParseStream) -> Option<View> {
    if let Ok(Some(view)) = sigil(input) {
        return Some(view);
    }
    let word = syn::Ident::parse_any(input).ok()?;
    Some(if word == "debug" { View::Debug } else { View::Display })
}

pub(super) fn sigil(input: ParseStream) -> syn::Result<Option<View>> {
    if input.peek(Token![?]) {
        input.parse::<Token![?]>()?;
        return Ok(Some(View::Debug));
    }
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
        return Ok(Some(View::Display));
    }
    Ok(None)
}
