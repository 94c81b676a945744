//! The cookies that code makes: their names where these are constants, and which attributes they are given, in one chain,
//! through a variable or in the text of a header. Looks at one body at a time and follows no value.

mod header;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::servings::Code;
use crate::datamap::CookieMade;
use crate::ir::{Body, Expr, ExprId, List, Lit, LocalId, Pat, Stmt};
use crate::resolve::GItem;
use crate::types::{Callee, Inference};

/// The attributes, with the methods that give them.
const ATTRIBUTES: [(&str, [&str; 2]); 3] = [
    ("HttpOnly", ["http_only", "set_http_only"]),
    ("SameSite", ["same_site", "set_same_site"]),
    ("Secure", ["secure", "set_secure"]),
];

/// How far a chain or an alias is followed.
const DEPTH: usize = 64;

/// All cookies of the packages that are reported on, sorted.
pub(super) fn cookies(code: &Code<'_>) -> Vec<CookieMade> {
    let each = code.bodies.par_iter().flat_map_iter(|(item, inference)| of_body(code, *item, inference));
    let mut all: Vec<CookieMade> = each.collect();
    all.sort_by_key(|cookie| cookie.span);
    all
}

fn of_body(code: &Code<'_>, item: GItem, inference: &Inference) -> Vec<CookieMade> {
    let package = code.program.package_of(item).and_then(|package| code.packages.get(package as usize));
    let (Some(facts), Some(body)) = (package.filter(|facts| facts.selected), code.program.body(item)) else {
        return Vec::new();
    };
    let look = Look { code, body, inference, bound: bound(body) };
    let span = |id: ExprId| code.program.span(item, body.range(id));
    let made = look.made();
    let set = if made.is_empty() { BTreeMap::new() } else { look.set() };
    let made = made.into_iter().map(|(id, attributes)| CookieMade {
        span: span(id),
        set: span(set.get(&id).copied().unwrap_or(id)),
        name: look.name(id),
        attributes,
        notice: facts.notice,
    });
    let raw = header::raw(body).into_iter().map(|raw| CookieMade {
        span: span(raw.at),
        set: span(raw.at),
        name: raw.name,
        attributes: raw.attributes,
        notice: facts.notice,
    });
    made.chain(raw).collect()
}

/// One body.
struct Look<'a> {
    code: &'a Code<'a>,
    body: &'a Body,
    inference: &'a Inference,
    /// What variables are bound to.
    bound: BTreeMap<LocalId, ExprId>,
}

impl Look<'_> {
    /// Cookies with their attributes; those that are made to be removed are none.
    fn made(&self) -> BTreeMap<ExprId, Vec<&'static str>> {
        let mut made = BTreeMap::new();
        let mut removed = BTreeSet::new();
        let ids = || (0..self.body.exprs.len()).map(|at| ExprId(at as u32));
        made.extend(ids().filter(|id| self.is_made(*id)).map(|id| (id, Vec::new())));
        if made.is_empty() {
            return made;
        }
        for id in ids() {
            let Expr::Method(receiver, name, args, _) = *self.body.expr(id) else { continue };
            if name.as_str().starts_with("remove") {
                removed.extend(self.body.list(args).iter().filter_map(|arg| self.root(*arg)));
            }
            let Some(attribute) = self.attribute(name.as_str(), args) else { continue };
            if let Some(given) = self.root(receiver).and_then(|root| made.get_mut(&root)) {
                given.push(attribute);
            }
        }
        made.retain(|id, _| !removed.contains(id));
        for attributes in made.values_mut() {
            attributes.sort_unstable();
            attributes.dedup();
        }
        made
    }

    /// The calls that cookies are handed to: the first, for each.
    fn set(&self) -> BTreeMap<ExprId, ExprId> {
        let mut set = BTreeMap::new();
        for id in (0..self.body.exprs.len()).map(|at| ExprId(at as u32)) {
            let (Expr::Method(_, _, args, _) | Expr::Call(_, args)) = *self.body.expr(id) else { continue };
            for made in self.body.list(args).iter().filter_map(|arg| self.root(*arg)) {
                set.entry(made).or_insert(id);
            }
        }
        set
    }

    /// Whether a call makes a cookie: `Cookie::new` or `Cookie::build` of a crate outside.
    fn is_made(&self, id: ExprId) -> bool {
        if !matches!(self.body.expr(id), Expr::Call(..)) {
            return false;
        }
        let path: Vec<&str> = match self.inference.callees.get(&id) {
            Some(Callee::Fn(function, _))
                if matches!(self.code.program.item(*function).name.as_str(), "new" | "build")
                    && !self.is_own(*function) =>
            {
                self.code.program.path(*function).iter().map(|name| name.as_str()).collect()
            }
            Some(Callee::External(names)) => names.iter().map(|name| name.as_str()).collect(),
            _ => return false,
        };
        matches!(path.as_slice(), [_, .., "Cookie", "new" | "build"])
    }

    fn is_own(&self, function: GItem) -> bool {
        let package = self.code.program.package_of(function);
        !self.code.program.is_model(function)
            && package.and_then(|at| self.code.packages.get(at as usize)).is_some_and(|facts| facts.selected)
    }

    /// The cookie that an expression is, through the methods of a chain and through variables.
    fn root(&self, id: ExprId) -> Option<ExprId> {
        let mut at = id;
        for _ in 0..DEPTH {
            if self.is_made(at) {
                return Some(at);
            }
            at = match *self.body.expr(at) {
                Expr::Method(receiver, ..) => receiver,
                Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Try(inner) => inner,
                Expr::Local(local) => *self.bound.get(&local)?,
                _ => return None,
            };
        }
        None
    }

    /// What a method gives a cookie; nothing where it is told `false`, or to send the cookie everywhere.
    fn attribute(&self, method: &str, args: List) -> Option<&'static str> {
        let (attribute, _) = ATTRIBUTES.iter().find(|(_, methods)| methods.contains(&method))?;
        let refused = |arg: &ExprId| match *self.body.expr(*arg) {
            Expr::Lit(Lit::Bool(given)) => !given,
            Expr::Path(path) => {
                self.body.paths[path as usize].last().is_some_and(|last| last.as_str() == "None")
            }
            _ => false,
        };
        (!self.body.list(args).iter().any(refused)).then_some(*attribute)
    }

    /// The constant name: the first argument, or the first of a pair.
    fn name(&self, id: ExprId) -> Option<String> {
        let Expr::Call(_, args) = *self.body.expr(id) else { return None };
        let first = *self.body.list(args).first()?;
        let first = match *self.body.expr(first) {
            Expr::Tuple(pair) => *self.body.list(pair).first()?,
            _ => first,
        };
        match *self.body.expr(first) {
            Expr::Lit(Lit::Str(text)) => Some(text.as_str().to_owned()),
            _ => None,
        }
    }
}

/// Variables that are bound by name alone.
fn bound(body: &Body) -> BTreeMap<LocalId, ExprId> {
    let lets = body.stmts.iter().filter_map(|stmt| match *stmt {
        Stmt::Let { pat, init: Some(init), .. } => Some((pat, init)),
        _ => None,
    });
    lets.filter_map(|(pat, init)| match body.pats[pat.0 as usize] {
        Pat::Bind(local, ..) => Some((local, init)),
        _ => None,
    })
    .collect()
}
