//! What a write and a deletion have in common: the names of tables in SQL and in paths of schemas, other texts that serve as
//! keys, and the types of what takes part. Knows one body at a time.

use super::Look;
use crate::ir::{Body, Expr, ExprId, ItemKind, Lit};
use crate::resolve::GItem;
use crate::tree::Tree;
use crate::types::{Callee, Inference, Ty, TyKind, ValueDef};

/// Shorter texts name nothing.
const MIN_TEXT: usize = 3;
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
    tree: Tree<'a>,
}

impl<'l, 'a> Code<'l, 'a> {
    pub(super) fn new(look: &'l Look<'a>, item: GItem, body: &'a Body, inference: &'a Inference) -> Self {
        Self { look, item, body, inference, tree: Tree::new(body) }
    }

    /// The calls that delete: by their paths, and, where `by_text`, by the SQL that they are given.
    pub(super) fn deleting(&self, deletes: &dyn Fn(&[&str]) -> bool, by_text: bool) -> Vec<ExprId> {
        let is_deleting = |id: &ExprId| {
            let path = self.inference.callees.get(id).and_then(|callee| self.look.callee_path(callee));
            path.is_some_and(|path| deletes(&path)) || (by_text && self.is_removing_sql(*id))
        };
        self.tree.ids().filter(is_deleting).collect()
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

    /// Whether it is a text that empties fields and leaves the rows.
    pub(super) fn is_update(&self, id: ExprId) -> bool {
        self.text_of(id).is_some_and(|text| words(&text).first().is_some_and(|first| first == "update"))
    }

    /// A text, a constant that is one, or the template of one.
    fn text_of(&self, id: ExprId) -> Option<String> {
        if let Some(ValueDef::Const(item)) = self.inference.values.get(&id) {
            let body = self.look.program().body(*item)?;
            return plain_text(body, body.root?);
        }
        plain_text(self.body, id)
    }

    /// What a call has to do with.
    pub(super) fn marks(&self, id: ExprId) -> Marks {
        let mut marks = Marks::default();
        for part in self.tree.parts(self.tree.top(id)) {
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
            marks.tables.extend(self.built_on(part));
            self.types_in(self.inference.exprs[part.0 as usize], DEEP, &mut marks.types);
        }
        if let Some(own) = self.own_type() {
            self.add_type(own, DEEP, &mut marks.types);
        }
        marks.settle();
        marks
    }

    /// The table that a query is built on: `delete(users.filter(..))`, where `users` is a schema's name for it.
    fn built_on(&self, id: ExprId) -> Option<String> {
        let Expr::Call(_, args) = *self.body.expr(id) else { return None };
        match self.inference.callees.get(&id)? {
            Callee::Fn(function, _) if !self.look.program().is_model(*function) => return None,
            Callee::Fn(..) | Callee::External(_) => {}
            _ => return None,
        }
        let mut at = *self.body.list(args).first()?;
        while let Expr::Method(inner, ..) | Expr::Ref(inner, _) = *self.body.expr(at) {
            at = inner;
        }
        let Expr::Path(path) = *self.body.expr(at) else { return None };
        let name = self.body.paths[path as usize].last()?.as_str();
        let is_fn = matches!(self.inference.values.get(&at), Some(ValueDef::Fn(..) | ValueDef::Ctor(..)));
        let is_name = name.chars().all(|c| c.is_lowercase() || c.is_ascii_digit() || c == '_');
        (is_name && !is_fn && !TABLES.contains(&name)).then(|| name.to_owned())
    }

    /// The path of a constant or a type that an expression is.
    fn path_of(&self, id: ExprId) -> Option<Vec<&'static str>> {
        let path = match *self.body.expr(id) {
            Expr::Path(path) | Expr::Struct(path, ..) => path,
            _ => return None,
        };
        let written = &self.body.paths[path as usize].segments;
        let resolved = match self.inference.values.get(&id) {
            Some(ValueDef::Const(item) | ValueDef::Ctor(item, None, _)) => Some(self.look.path(*item)),
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
        for inner in self.look.program().held(item) {
            self.add_type(inner, depth - 1, out);
        }
    }

    /// Whether a call hangs on a comparison with something: it is given what came of it, or is made only where that was
    /// compared.
    pub(super) fn depends_on(&self, id: ExprId, is_wanted: &dyn Fn(&[&str]) -> bool) -> bool {
        let mentions = |id: ExprId| {
            self.tree.parts(id).into_iter().any(|part| {
                let path = self.inference.callees.get(&part).and_then(|callee| self.look.callee_path(callee));
                path.is_some_and(|path| is_wanted(&path))
            })
        };
        if mentions(self.tree.top(id)) {
            return true;
        }
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
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
