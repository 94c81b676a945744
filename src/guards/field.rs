//! Flags that are checks, because they hold nothing but what a check answered: every place of the program that writes one
//! is looked at. What else could write it (a type that is read from somewhere, a reference to the field that is given
//! away) leaves it a flag like any other.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Input;
use super::check::Checks;
use super::owed::Known;
use super::walk::{Value, walk};
use crate::ir::{Body, Expr, ExprId, ItemKind, Lit, LocalId, Pat, PatId, RefMode};
use crate::resolve::GItem;
use crate::types::{Inference, Ty, ValueDef};

/// A field by its struct.
type Field = (GItem, u16);

/// Derives that make no value but from values, or of defaults, which are no.
const PLAIN: [&str; 11] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "PersonalData",
    "Serialize",
];

/// A place where a flag is written, in a body.
struct Write {
    field: Field,
    value: ExprId,
}

/// The flags that hold nothing but answers, each with the choices whose answer is in all of them.
pub(super) fn kept(input: &Input<'_>, checks: &Checks<'_>, known: &Known<'_>) -> FxHashMap<Field, Vec<u16>> {
    let mut open: FxHashSet<Field> = FxHashSet::default();
    let mut held: FxHashMap<Field, Vec<u16>> = FxHashMap::default();
    for (item, inf) in input.bodies {
        let (writes, lent) = writes(input, *item, inf);
        open.extend(lent);
        if writes.is_empty() {
            continue;
        }
        let wanted: FxHashSet<ExprId> = writes.iter().map(|write| write.value).collect();
        let walked = known.may_ask(*item).then(|| walk(checks, known, *item, inf, &wanted));
        for Write { field, value } in writes {
            if is_no(input, *item, value) {
                continue;
            }
            let granted = walked.as_ref().and_then(|walked| walked.answers.get(&value)).map(granted);
            let each = held.entry(field).or_insert_with(|| granted.clone().unwrap_or_default());
            each.retain(|choice| granted.as_ref().is_some_and(|granted| granted.contains(choice)));
        }
    }
    held.retain(|field, choices| !choices.is_empty() && !open.contains(field) && is_plain(input, field.0));
    held
}

/// The choices that a value answers.
fn granted(value: &Value) -> Vec<u16> {
    let facts = value.answer.yes.iter().flat_map(|facts| &facts.0).filter(|fact| fact.excuse.is_none());
    facts.map(|fact| fact.choice).collect()
}

/// The flags that a body writes, and those that it gives away to be written.
fn writes(input: &Input<'_>, item: GItem, inf: &Inference) -> (Vec<Write>, Vec<Field>) {
    let (mut found, mut lent) = (Vec::new(), Vec::new());
    let Some(body) = input.sema.program.body(item) else { return (found, lent) };
    let is_flag = |id: ExprId| inf.exprs[id.0 as usize] == Ty::BOOL;
    for id in (0..body.exprs.len() as u32).map(ExprId) {
        match *body.expr(id) {
            Expr::Struct(path, fields, _) => {
                let Some((adt, None)) = inf.pat_paths.get(&path) else { continue };
                for field in body.list(fields) {
                    let Expr::Named(name, value) = *body.expr(*field) else { continue };
                    let index = index_of(input, *adt, name.as_str());
                    found.extend(index.filter(|_| is_flag(value)).map(|i| Write { field: (*adt, i), value }));
                }
            }
            Expr::Call(callee, args) => {
                let Some(ValueDef::Ctor(adt, None, _)) = inf.values.get(&callee) else { continue };
                let flags = body.list(args).iter().enumerate().filter(|(_, value)| is_flag(**value));
                found.extend(flags.map(|(i, value)| Write { field: (*adt, i as u16), value: *value }));
            }
            Expr::Assign(left, value) => {
                let field = inf.fields.get(&left).filter(|_| is_flag(left));
                found.extend(field.map(|field| Write { field: *field, value }));
            }
            Expr::AssignOp(left, ..) | Expr::Ref(left, true) => lent.extend(inf.fields.get(&left).copied()),
            _ => {}
        }
    }
    lent.extend(taken_out(input, body, inf));
    (found, lent)
}

/// The fields that a body takes out by patterns and writes through, or takes out to be written.
fn taken_out(input: &Input<'_>, body: &Body, inf: &Inference) -> Vec<Field> {
    let through = |id: &ExprId| match *body.expr(*id) {
        Expr::Assign(left, _) | Expr::AssignOp(left, ..) => match *body.expr(left) {
            Expr::Deref(inner) => match *body.expr(inner) {
                Expr::Local(local) => Some(local),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let written: Vec<LocalId> =
        (0..body.exprs.len() as u32).map(ExprId).filter_map(|id| through(&id)).collect();
    let is_open = |pat: &PatId| match body.pat(*pat) {
        Pat::Bind(local, mode, _) => *mode == RefMode::Mut || written.contains(local),
        _ => false,
    };
    let mut found = Vec::new();
    for pat in &body.pats {
        let (path, parts): (u32, Vec<(Option<u16>, PatId)>) = match pat {
            Pat::Struct(path, parts) => {
                let adt = inf.pat_paths.get(path).map(|(adt, _)| *adt);
                let at = |name: &str| adt.and_then(|adt| index_of(input, adt, name));
                (*path, parts.iter().map(|(name, part)| (at(name.as_str()), *part)).collect())
            }
            Pat::TupleStruct(path, list) => {
                let parts = body.pat_list(*list).iter().enumerate();
                (*path, parts.map(|(at, part)| (Some(at as u16), *part)).collect())
            }
            _ => continue,
        };
        let Some((adt, None)) = inf.pat_paths.get(&path) else { continue };
        let open = parts.into_iter().filter(|(_, part)| is_open(part));
        found.extend(open.filter_map(|(at, _)| Some((*adt, at?))));
    }
    found
}

fn index_of(input: &Input<'_>, adt: GItem, name: &str) -> Option<u16> {
    let ItemKind::Struct(_, fields) = &input.sema.program.item(adt).kind else { return None };
    fields.list.iter().position(|field| field.name.as_str() == name).map(|at| at as u16)
}

fn is_no(input: &Input<'_>, item: GItem, value: ExprId) -> bool {
    let body = input.sema.program.body(item);
    body.is_some_and(|body| matches!(body.expr(value), Expr::Lit(Lit::Bool(false))))
}

/// Whether only the program's own code makes values of a struct.
fn is_plain(input: &Input<'_>, adt: GItem) -> bool {
    let program = input.sema.program;
    let mut derives = program.item(adt).attrs.get().into_iter().flat_map(|attrs| &attrs.derives);
    !program.is_model(adt) && derives.all(|(name, _)| PLAIN.contains(&name.as_str()))
}
