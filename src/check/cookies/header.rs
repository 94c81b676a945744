//! Cookies that are set by a header of its own, `Set-Cookie: name=value; Secure`: a pair of the header's name and a text, among
//! the arguments of a call or in a tuple. Reads constant texts and templates; knows one body.

use super::ATTRIBUTES;
use crate::ir::{Body, Expr, ExprId, Lit};
use crate::tree::{Tree, children};

/// A cookie in a header.
pub(super) struct Raw {
    /// The call or the pair that sets it.
    pub(super) at: ExprId,
    /// Its name, where that is constant.
    pub(super) name: Option<String>,
    /// The attributes that it is given, sorted.
    pub(super) attributes: Vec<&'static str>,
}

/// All of a body, in order.
pub(super) fn raw(body: &Body) -> Vec<Raw> {
    let is_header = |id: ExprId| is_header(body, id);
    if !(0..body.exprs.len() as u32).any(|at| is_header(ExprId(at))) {
        return Vec::new();
    }
    let tree = Tree::new(body);
    let found = tree.ids().filter_map(|id| {
        let given = match *body.expr(id) {
            Expr::Call(_, args) | Expr::Method(_, _, args, _) | Expr::Tuple(args) => body.list(args),
            _ => return None,
        };
        let at = given.iter().position(|arg| is_header(plain(body, *arg)))?;
        read(body, &tree, id, *given.get(at + 1)?)
    });
    found.collect()
}

/// Without what is only around it.
fn plain(body: &Body, id: ExprId) -> ExprId {
    match *body.expr(id) {
        Expr::Ref(inner, _) => plain(body, inner),
        Expr::Method(receiver, _, args, _) if body.list(args).is_empty() => plain(body, receiver),
        Expr::Call(_, args) if body.list(args).len() == 1 => plain(body, body.list(args)[0]),
        _ => id,
    }
}

fn is_header(body: &Body, id: ExprId) -> bool {
    match *body.expr(id) {
        Expr::Lit(Lit::Str(text)) => text.as_str().eq_ignore_ascii_case("set-cookie"),
        Expr::Path(path) => {
            body.paths[path as usize].last().is_some_and(|last| last.as_str() == "SET_COOKIE")
        }
        _ => false,
    }
}

/// The first text of the value is how the cookie begins; all of them hold its attributes.
fn read(body: &Body, tree: &Tree<'_>, at: ExprId, value: ExprId) -> Option<Raw> {
    let mut texts: Vec<String> = Vec::new();
    collect(body, tree, value, &mut texts, 8);
    let whole = texts.join(" ");
    let (first, rest) = whole.split_once(';').unwrap_or((&whole, ""));
    let (name, _) = first.split_once('=')?;
    let parts: Vec<String> = rest.split(';').map(|part| part.trim().to_lowercase()).collect();
    if parts.iter().any(|part| part == "max-age=0" || (part.starts_with("expires=") && part.contains("1970")))
    {
        return None;
    }
    let given = |attribute: &&str| {
        let attribute = attribute.to_lowercase();
        parts.iter().any(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            key.trim() == attribute && value.trim() != "none"
        })
    };
    let name = name.trim();
    let is_constant =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let attributes = ATTRIBUTES.iter().map(|(attribute, _)| *attribute).filter(given).collect();
    Some(Raw { at, name: is_constant.then(|| name.to_owned()), attributes })
}

/// The texts of a value in their order, variables followed.
fn collect(body: &Body, tree: &Tree<'_>, id: ExprId, out: &mut Vec<String>, depth: usize) {
    if depth == 0 {
        return;
    }
    match *body.expr(id) {
        Expr::Lit(Lit::Str(text)) => out.push(text.as_str().to_owned()),
        Expr::Format(template, _) => out.push(template.as_str().to_owned()),
        Expr::Local(local) => {
            if let Some(init) = tree.bound(local) {
                collect(body, tree, init, out, depth - 1);
            }
        }
        _ => children(body, id).into_iter().for_each(|child| collect(body, tree, child, out, depth - 1)),
    }
}
