//! Calls that code makes without writing them: a loop calls `next`, a field behind a `Deref` calls `deref`, `?`, `into`
//! and `parse` call what converts. Knows which function is meant; what comes of calling it is its caller's.

use super::conversions::Way;
use super::shape::Shape;
use super::world::World;
use crate::ir::{Body, Expr, ExprId, ItemKind};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::{Callee, Inference};

impl World<'_> {
    /// Functions that an expression calls without naming them.
    pub(super) fn hidden_calls(&self, body: &Body, id: ExprId, inf: &Inference) -> Vec<GItem> {
        let shape = |e: ExprId| self.shape(inf.exprs[e.0 as usize]);
        match *body.expr(id) {
            Expr::For(_, iter, ..) => self.stepping(shape(iter)).into_iter().collect(),
            Expr::Field(base, _) => {
                let holder = inf.fields.get(&id).map(|(holder, _)| *holder);
                holder.and_then(|h| self.dereferencing(shape(base), h)).into_iter().collect()
            }
            Expr::Call(_, args) => {
                let Some(Callee::Fn(func, _)) = inf.callees.get(&id) else { return Vec::new() };
                let converted =
                    body.list(args).first().and_then(|from| self.converting(*func, shape(*from), shape(id)));
                converted.into_iter().collect()
            }
            Expr::Method(receiver, _, args, _) => {
                let Some(Callee::Fn(func, _)) = inf.callees.get(&id) else { return Vec::new() };
                let converted = self.converting(*func, shape(receiver), shape(id));
                let stepped = std::iter::once(&receiver).chain(body.list(args));
                let stepped = stepped.filter_map(|through| self.stepping(shape(*through)));
                converted.into_iter().chain(stepped).collect()
            }
            Expr::Try(inner) => {
                let own = self.shape(inf.ret);
                let (Shape::Adt(_, own), Shape::Adt(_, from)) = (own, shape(inner)) else {
                    return Vec::new();
                };
                let Some(Shape::Adt(target, _)) = own.get(1) else { return Vec::new() };
                from.get(1)
                    .and_then(|from| self.conversions.find(*target, from, Way::Always))
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What a step of iterating over a type of the program calls.
    pub(super) fn stepping(&self, shape: &Shape) -> Option<GItem> {
        let item = self.own_type(shape)?;
        self.implemented(item, "Iterator", "next")
            .or_else(|| self.implemented(item, "IntoIterator", "into_iter"))
    }

    /// The program's own `deref` between a value and the struct that has a field of it.
    pub(super) fn dereferencing(&self, base: &Shape, holder: GItem) -> Option<GItem> {
        let item = self.own_type(base).filter(|item| *item != holder)?;
        self.implemented(item, "Deref", "deref")
    }

    /// What of the program's own a call of `into`, `try_into` or `parse` runs, given what it is called on and gives.
    pub(super) fn converting(&self, func: GItem, from: &Shape, to: &Shape) -> Option<GItem> {
        if !self.input.sema.program.is_model(func) {
            return None;
        }
        let succeeded = |to: &Shape| match to {
            Shape::Adt(_, args) => args.first().and_then(|ok| self.own_type(ok)),
            _ => None,
        };
        match self.name(func).as_str() {
            "into" | "from" => match to {
                Shape::Adt(target, _) => self.conversions.find(*target, from, Way::Always),
                _ => None,
            },
            "try_into" => self.conversions.find(succeeded(to)?, from, Way::Perhaps),
            "parse" => self.implemented(succeeded(to)?, "FromStr", "from_str"),
            _ => None,
        }
    }

    /// Whether a method of a model's trait, or one that nobody wrote, makes a text of an enum by code that a derive wrote:
    /// the name of a variant, and nothing of what the variant holds.
    pub(super) fn names_variant(&self, method: Name, from: &Shape) -> bool {
        let derive = match method.as_str() {
            "as_ref" => "AsRefStr",
            "into" | "from" => "IntoStaticStr",
            _ => return false,
        };
        self.own_type(from).is_some_and(|item| {
            let declared = self.input.sema.program.item(item);
            let ItemKind::Enum(_, variants) = &declared.kind else { return false };
            let passes_on = variants.iter().any(|v| v.attrs.get().is_some_and(|attrs| attrs.transparent));
            declared.attrs.derive(derive).is_some() && !passes_on
        })
    }

    fn own_type(&self, shape: &Shape) -> Option<GItem> {
        match shape {
            Shape::Adt(item, _) if !self.input.sema.program.is_model(*item) => Some(*item),
            _ => None,
        }
    }
}
