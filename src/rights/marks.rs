//! What a write and a deletion have in common: the names of tables in SQL and in paths of schemas, other texts that serve as
//! keys, and the types of what takes part. Knows one body at a time.

use rustc_hash::FxHashSet;

use super::Look;
use crate::ir::{Body, Expr, ExprId, ItemKind, Lit, LocalId, Pat, Stmt};
use crate::resolve::GItem;
use crate::types::{Inference, Ty, TyKind, ValueDef};

/// Shorter texts name nothing.
const MIN_TEXT: usize = 3;
/// How far variables are followed to what they were made of.
const FAR: usize = 3;
/// How deep types are looked into.
const DEEP: usize = 6;
/// What a schema calls a table, behind its name.
const TABLES: [&str; 3] = ["table", "Entity", "ActiveModel"];

/// What something stored goes by.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Marks {
    /// Tables.
    pub(super) tables: Vec<String>,
    /// Other texts: paths of files, keys.
    pub(super) texts: Vec<String>,
    /// Types, with those that they hold.
    pub(super) types: Vec<GItem>,
}

impl Marks {
    /// Whether a deletion has to do with what is stored so. Where both say a table, or both a key, that decides.
    pub(super) fn touch(&self, stored: &Self) -> bool {
        if !self.tables.is_empty() && !stored.tables.is_empty() {
            return self.tables.iter().any(|table| stored.tables.contains(table));
        }
        if !self.texts.is_empty() && !stored.texts.is_empty() && self.tables.is_empty() {
            let alike = |text: &&String| stored.texts.iter().any(|other| beginning(other) == beginning(text));
            return self.texts.iter().any(|text| alike(&text));
        }
        self.types.iter().any(|item| stored.types.contains(item))
    }

    pub(super) fn add(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.texts.extend(other.texts);
        self.types.extend(other.types);
        self.settle();
    }

    fn settle(&mut self) {
        self.tables.sort_unstable();
        self.tables.dedup();
        self.texts.sort_unstable();
        self.texts.dedup();
        self.types.sort_unstable();
        self.types.dedup();
    }
}

/// A key up to its first part that is filled in.
fn beginning(text: &str) -> &str {
    text.split('{').next().unwrap_or(text)
}

/// One body.
pub(super) struct Code<'l, 'a> {
    look: &'l Look<'a>,
    item: GItem,
    body: &'a Body,
    inference: &'a Inference,
    parents: Vec<Option<ExprId>>,
}

impl<'l, 'a> Code<'l, 'a> {
    pub(super) fn new(look: &'l Look<'a>, item: GItem, body: &'a Body, inference: &'a Inference) -> Self {
        let mut parents = vec![None; body.exprs.len()];
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            for child in children(body, id) {
                parents[child.0 as usize] = Some(id);
            }
        }
        Self { look, item, body, inference, parents }
    }

    fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.body.exprs.len() as u32).map(ExprId)
    }

    /// The calls that delete: by their paths, and, where `by_text`, by the SQL that they are given.
    pub(super) fn deleting(&self, deletes: &dyn Fn(&[&str]) -> bool, by_text: bool) -> Vec<ExprId> {
        let is_deleting = |id: &ExprId| {
            let path = self.inference.callees.get(id).and_then(|callee| self.look.callee_path(callee));
            path.is_some_and(|path| deletes(&path)) || (by_text && self.is_removing_sql(*id))
        };
        self.ids().filter(is_deleting).collect()
    }

    /// Whether a text takes something away; an update that fills in nothing new does so too.
    fn is_removing_sql(&self, id: ExprId) -> bool {
        let Some(text) = self.text_of(id) else { return false };
        let words = words(&text);
        match words.first().map(String::as_str) {
            Some("delete" | "truncate" | "drop") => true,
            Some("update") => {
                words.windows(2).any(|two| two[0] == "=" && matches!(two[1].as_str(), "null" | "''"))
            }
            _ => false,
        }
    }

    /// A text, a constant that is one, or the template of one.
    fn text_of(&self, id: ExprId) -> Option<String> {
        if let Some(ValueDef::Const(item)) = self.inference.values.get(&id) {
            let body = self.look.program().body(*item)?;
            return plain_text(body, body.root?);
        }
        plain_text(self.body, id)
    }

    /// The whole chain of calls that an expression is in.
    fn top(&self, id: ExprId) -> ExprId {
        let mut at = id;
        while let Some(parent) = self.parents[at.0 as usize] {
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
    fn parts(&self, id: ExprId) -> Vec<ExprId> {
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
    fn bound(&self, local: LocalId) -> Option<ExprId> {
        self.body.stmts.iter().find_map(|stmt| match *stmt {
            Stmt::Let { pat, init: Some(init), .. } if self.binds(pat, local) => Some(init),
            _ => None,
        })
    }

    fn binds(&self, pat: crate::ir::PatId, local: LocalId) -> bool {
        matches!(self.body.pat(pat), Pat::Bind(bound, ..) if *bound == local)
    }

    /// What a call has to do with.
    pub(super) fn marks(&self, id: ExprId) -> Marks {
        let mut marks = Marks::default();
        for part in self.parts(self.top(id)) {
            if let Some(text) = self.text_of(part) {
                match table_of(&text) {
                    Some(table) => marks.tables.push(table),
                    None if text.len() >= MIN_TEXT && !text.contains(' ') => marks.texts.push(text),
                    None => {}
                }
            }
            if let Some(path) = self.path_of(part) {
                marks.tables.extend(schema_table(&path));
            }
            self.types_in(self.inference.exprs[part.0 as usize], DEEP, &mut marks.types);
        }
        if let Some(own) = self.own_type() {
            self.add_type(own, DEEP, &mut marks.types);
        }
        marks.settle();
        marks
    }

    /// The path of a constant or a type that an expression is.
    fn path_of(&self, id: ExprId) -> Option<Vec<&'static str>> {
        let path = match *self.body.expr(id) {
            Expr::Path(path) | Expr::Struct(path, ..) => path,
            _ => return None,
        };
        let written = &self.body.paths[path as usize].segments;
        let resolved = match self.inference.values.get(&id) {
            Some(ValueDef::Const(item)) => Some(self.look.path(*item)),
            _ => None,
        };
        Some(resolved.unwrap_or_else(|| written.iter().map(|segment| segment.name.as_str()).collect()))
    }

    /// The type that the function is a method of.
    fn own_type(&self) -> Option<GItem> {
        let program = self.look.program();
        let parent = program.parent(self.item)?;
        let ItemKind::Impl(_) = &program.item(parent).kind else { return None };
        let path = program.path(self.item);
        let holder = &path[..path.len().saturating_sub(1)];
        self.look.input.labels.fields.keys().map(|(adt, ..)| *adt).find(|adt| program.path(*adt) == holder)
    }

    fn types_in(&self, ty: Ty, depth: usize, out: &mut Vec<GItem>) {
        if depth == 0 {
            return;
        }
        match self.look.input.sema.types.kind(ty) {
            TyKind::Adt(item, args) => {
                self.add_type(*item, depth, out);
                args.iter().for_each(|arg| self.types_in(*arg, depth - 1, out));
            }
            TyKind::Tuple(list) => list.iter().for_each(|ty| self.types_in(*ty, depth - 1, out)),
            TyKind::Slice(inner) | TyKind::Future(inner) => self.types_in(*inner, depth - 1, out),
            TyKind::External(_, args) => args.iter().for_each(|arg| self.types_in(*arg, depth - 1, out)),
            _ => {}
        }
    }

    /// A type of the program with those that its fields are of.
    fn add_type(&self, item: GItem, depth: usize, out: &mut Vec<GItem>) {
        if depth == 0 || out.contains(&item) || self.look.program().is_model(item) {
            return;
        }
        out.push(item);
        for inner in self.look.held(item) {
            self.add_type(inner, depth - 1, out);
        }
    }

    /// Whether a call hangs on a comparison with something: it is given what came of it, or is made only where that was
    /// compared.
    pub(super) fn depends_on(&self, id: ExprId, is_wanted: &dyn Fn(&[&str]) -> bool) -> bool {
        let mentions = |id: ExprId| {
            self.parts(id).into_iter().any(|part| {
                let path = self.inference.callees.get(&part).and_then(|callee| self.look.callee_path(callee));
                path.is_some_and(|path| is_wanted(&path))
            })
        };
        if mentions(self.top(id)) {
            return true;
        }
        let mut at = id;
        while let Some(parent) = self.parents[at.0 as usize] {
            match *self.body.expr(parent) {
                Expr::If(cond, ..) if cond != at && mentions(cond) => return true,
                Expr::Loop(Some(cond), ..) if cond != at && mentions(cond) => return true,
                Expr::Match(value, ..) if value != at && mentions(value) => return true,
                Expr::For(_, iter, ..) if iter != at && mentions(iter) => return true,
                _ => {}
            }
            at = parent;
        }
        false
    }
}

fn plain_text(body: &Body, id: ExprId) -> Option<String> {
    match *body.expr(id) {
        Expr::Lit(Lit::Str(text)) => Some(text.as_str().to_owned()),
        Expr::Format(template, _) => Some(template.as_str().to_owned()),
        Expr::Ref(inner, _) => plain_text(body, inner),
        _ => None,
    }
}

/// The words of a statement of SQL, in lower case; signs stand alone.
fn words(text: &str) -> Vec<String> {
    let spaced = text.replace('=', " = ").replace([',', '(', ')', ';'], " ");
    spaced.split_whitespace().take(64).map(str::to_lowercase).collect()
}

/// The table that a statement of SQL writes to or takes from.
fn table_of(text: &str) -> Option<String> {
    let words = words(text);
    let first = words.first()?.as_str();
    let skip: &[&str] = match first {
        "insert" | "replace" => &["into", "or", "ignore", "replace"],
        "update" => &["or", "only", "ignore"],
        "delete" => &["from", "only"],
        "truncate" | "drop" => &["table", "only", "if", "exists"],
        "merge" | "copy" => &["into"],
        _ => return None,
    };
    let name = words[1..].iter().find(|word| !skip.contains(&word.as_str()))?;
    let name = name.rsplit('.').next().unwrap_or(name);
    Some(name.trim_matches(['"', '`', '[', ']', '\'']).to_owned())
}

/// The table that a path of a schema names: `schema::users::table`, `user::Entity`.
fn schema_table(path: &[&str]) -> Option<String> {
    let at = path.iter().rposition(|segment| TABLES.contains(segment))?;
    path.get(at.checked_sub(1)?).map(|table| table.to_lowercase())
}

/// What an expression is made of.
fn children(body: &Body, id: ExprId) -> Vec<ExprId> {
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
        Expr::Range(a, b) => a.into_iter().chain(b).collect(),
        Expr::Return(value) | Expr::Break(_, value) => value.into_iter().collect(),
    }
}
