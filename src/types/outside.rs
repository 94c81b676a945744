//! Types and functions whose declaration nobody has: of crates that no model describes, and what derives make. What they
//! give is guessed.

use super::call::Receiver;
use super::infer::{Callee, Cx};
use super::table::{Ty, TyKind};
use super::value::ValueDef;
use crate::ir::{Expr, ExprId, Shared};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace};

/// Derives that give a type a function which makes its builder, and that function's name.
const BUILDER_DERIVES: [&str; 2] = ["Builder", "TypedBuilder"];
const BUILDER: &str = "builder";

impl Cx<'_> {
    /// `Type::builder` where a derive makes it.
    pub(super) fn derived_builder(&mut self, ty: Ty, name: Name) -> Option<ValueDef> {
        let (adt, _) = self.table.adt(ty)?;
        let attrs = &self.sema.program.item(adt).attrs;
        let is_derived = BUILDER_DERIVES.iter().any(|derive| attrs.derive(derive).is_some());
        if name != *BUILDER || !is_derived {
            return None;
        }
        let mut path = self.sema.program.path(adt);
        let builder = self.builder_type(&path)?;
        self.builders.insert(builder, ty);
        path.push(name);
        Some(ValueDef::External(Shared::new(path)))
    }

    /// The builder that a derive makes for the type of a path, where the type has one.
    fn builder_of(&mut self, path: &[Name]) -> Option<Ty> {
        let builder = self.builder_type(path)?;
        self.builders.contains_key(&builder).then_some(builder)
    }

    fn builder_type(&mut self, path: &[Name]) -> Option<Ty> {
        let (last, rest) = path.split_last()?;
        let name = Name::new(&format!("{}Builder", last.as_str()));
        let path: Vec<Name> = rest.iter().copied().chain([name]).collect();
        Some(self.table.intern(TyKind::External(path.into(), Box::default())))
    }

    /// What a function outside gives: an associated function of a type most likely that type.
    pub(super) fn external_result(&mut self, path: &[Name]) -> Ty {
        let [rest @ .., last] = path else { return Ty::UNKNOWN };
        if let Some(builder) = self.builder_of(rest).filter(|_| *last == *BUILDER) {
            return builder;
        }
        let holder = rest.last().filter(|n| n.as_str().starts_with(char::is_uppercase));
        match holder {
            Some(_) if last.as_str().starts_with(char::is_lowercase) => {
                self.table.intern(TyKind::External(rest.into(), Box::default()))
            }
            // `Type(x)`: a constructor.
            _ if last.as_str().starts_with(char::is_uppercase) => {
                self.table.intern(TyKind::External(path.into(), Box::default()))
            }
            _ => self.table.fresh(),
        }
    }

    /// A method of a type outside, by that type's path.
    pub(super) fn method_outside(
        &mut self,
        id: ExprId,
        ty: Ty,
        path: &[Name],
        args: &[ExprId],
        expected: Option<Ty>,
    ) -> Ty {
        let Expr::Method(receiver, name, ..) = *self.body.expr(id) else { return Ty::UNKNOWN };
        if let Some(outcome) = self.sema.index.of_outcomes.get(&name).copied()
            && self.is_guessed(receiver, path)
        {
            return self.of_outcome(id, outcome, ty, args, expected);
        }
        // The type may have one of its own.
        if let Some(func) = self.on_anything(name) {
            self.callees.insert(id, Callee::Fn(func, true));
            return self.call_fn(func, Receiver::Value(ty), args, None, expected);
        }
        let path: Vec<Name> = path.iter().copied().chain([name]).collect();
        args.iter().for_each(|a| {
            self.expr(*a, None);
        });
        let out = self.builder_result(&path, ty);
        self.callees.insert(id, Callee::External(Shared::new(path)));
        out
    }

    /// A method that a trait of the prelude gives to nearly every type: `into`, `to_string`.
    fn on_anything(&self, name: Name) -> Option<GItem> {
        let (program, index) = (self.sema.program, &self.sema.index);
        let is_in_prelude = |trait_: GItem| {
            let name = program.item(trait_).name;
            program.is_std(trait_)
                && program.lexical(self.module, name, Namespace::Type) == Some(Def::Item(trait_))
        };
        let candidates = index.trait_methods.get(&name)?;
        let given = candidates.iter().find(|(trait_, _)| is_in_prelude(*trait_) && self.most_have(*trait_));
        given.map(|(_, func)| *func)
    }

    /// Whether a type outside is but a guess about what a function gave.
    fn is_guessed(&self, of: ExprId, path: &[Name]) -> bool {
        match *self.body.expr(of) {
            Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Await(inner) => self.is_guessed(inner, path),
            Expr::Call(..) => matches!(self.callees.get(&of), Some(Callee::External(_))),
            _ => path.last().is_some_and(|name| *name == *"_"),
        }
    }

    /// A method that only an `Option` or a `Result` has, on what a function outside gave: it gave one of them, and the guess
    /// is about what that holds.
    fn of_outcome(
        &mut self,
        id: ExprId,
        outcome: Option<GItem>,
        held: Ty,
        args: &[ExprId],
        expected: Option<Ty>,
    ) -> Ty {
        let parent = outcome.and_then(|func| Some((func, self.sema.program.parent(func)?)));
        let Some((func, parent)) = parent else {
            self.callees.insert(id, Callee::Unknown);
            args.iter().for_each(|a| {
                self.expr(*a, None);
            });
            return held;
        };
        let env = self.env_of(parent);
        let receiver = env.self_ty.and_then(|ty| self.table.adt(ty).map(|(item, _)| item));
        let receiver = receiver.map(|item| {
            let mut args: Vec<Ty> = self.params_as_vars(item).into_iter().map(|(_, ty)| ty).collect();
            if let Some(first) = args.first_mut() {
                *first = held;
            }
            self.table.intern(TyKind::Adt(item, args.into()))
        });
        self.callees.insert(id, Callee::Fn(func, false));
        self.call_fn(func, Receiver::Value(receiver.unwrap_or(Ty::UNKNOWN)), args, None, expected)
    }

    /// Methods of types outside: what a client or builder gives is a value of the same crate.
    fn builder_result(&mut self, path: &[Name], receiver: Ty) -> Ty {
        let last = path.last().map_or("", |n| n.as_str());
        if let Some(built) = self.builders.get(&receiver) {
            return if last == "build" { *built } else { receiver };
        }
        match last {
            "unwrap" | "expect" | "clone" | "unwrap_or_default" | "as_ref" | "as_mut" | "into_inner"
            | "await" => receiver,
            _ => self.table.intern(TyKind::External(Box::new([path[0], Name::new("_")]), Box::default())),
        }
    }
}
