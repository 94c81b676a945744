//! Writing: which places an expression names, assignment to them, and patterns that bind them.

use super::frame::{Frame, extended, join_all, set, source, weakened, with_atom};
use super::shape::Shape;
use super::value::{Key, Origin, Path, Place, Val};
use crate::ir::{Expr, ExprId, LocalId, Pat, PatId};
use crate::name::Name;
use crate::resolve::GItem;

impl Frame<'_, '_> {
    /// What a value points at when it is borrowed mutably.
    pub(super) fn aliased(&mut self, value: Val, of: ExprId) -> Val {
        let places = self.places(of);
        if places.is_empty() {
            return value;
        }
        let mut node = value.into_node();
        node.refs = places.into();
        Val::new(node)
    }

    /// The places that an expression names.
    pub(super) fn places(&mut self, id: ExprId) -> Vec<Place> {
        match *self.body.expr(id) {
            Expr::Local(local) => {
                let refs = self.locals[local.0 as usize].refs();
                if refs.is_empty() {
                    vec![Place { local, path: Path::ROOT, strong: true }]
                } else {
                    refs.to_vec()
                }
            }
            Expr::Field(base, name) => extended(self.places(base), Key::Field(name)),
            Expr::Index(base, index) => {
                let value = if matches!(self.body.expr(index), Expr::Lit(_)) {
                    self.eval(index)
                } else {
                    Val::default()
                };
                let places = self.places(base);
                match self.constant_key(index, &value) {
                    Some(key) => extended(places, key),
                    None => weakened(places),
                }
            }
            Expr::Deref(inner) | Expr::Ref(inner, _) => self.places(inner),
            Expr::Method(receiver, name, args, _) => self.method_places(id, receiver, name, args),
            Expr::Try(inner) | Expr::Await(inner) => self.places(inner),
            Expr::If(_, then, other) => {
                let mut places = self.places(then);
                places.extend(other.map(|o| self.places(o)).unwrap_or_default());
                weakened(places)
            }
            Expr::Match(_, start, len) => {
                let arms: Vec<ExprId> =
                    (start..start + len).map(|i| self.body.arms[i as usize].body).collect();
                weakened(arms.into_iter().flat_map(|a| self.places(a)).collect())
            }
            Expr::Block(_, _, Some(tail)) => self.places(tail),
            _ => Vec::new(),
        }
    }

    /// Methods that hand out a place of their receiver.
    pub(super) fn method_places(
        &mut self,
        id: ExprId,
        receiver: ExprId,
        name: Name,
        args: crate::ir::List,
    ) -> Vec<Place> {
        let Some(crate::types::Callee::Fn(func, _)) = self.inf.callees.get(&id) else { return Vec::new() };
        let Some(decl) = self.world.decl(*func) else { return Vec::new() };
        // By convention what `…_mut` gives writes to its receiver, a guard as well as a reference.
        let hands_out = decl.ret.as_ref().is_some_and(super::generic::is_mutable)
            || name.as_str().ends_with("_mut")
            || matches!(
                name.as_str(),
                "unwrap" | "expect" | "borrow_mut" | "lock" | "write" | "iter_mut" | "entry"
            );
        if !hands_out {
            return Vec::new();
        }
        let places = self.places(receiver);
        let container = matches!(self.shape(receiver), Shape::Of(_))
            || matches!(
                name.as_str(),
                "iter_mut" | "values_mut" | "entry" | "last_mut" | "first_mut" | "chunks_mut"
            );
        if container || args.len > 0 && !matches!(name.as_str(), "expect") {
            weakened(places)
        } else {
            places
        }
    }

    pub(super) fn assign(&mut self, left: ExprId, value: &Val) {
        match *self.body.expr(left) {
            Expr::Local(local) => {
                let mut node = value.clone().into_node();
                node.cleared = true;
                self.locals[local.0 as usize] = Val::new(node);
            }
            Expr::Tuple(items) => {
                for (i, item) in self.body.list(items).to_vec().into_iter().enumerate() {
                    let part = value.read(Key::Field(Name::new(&i.to_string())));
                    self.assign(item, &part);
                }
            }
            Expr::Field(_, name) => {
                let field = self.inf.fields.get(&left).copied();
                if let Some((adt, _)) = field {
                    self.initialised(adt, None, name, value, left);
                }
                let places = self.places(left);
                self.write(&places, value);
            }
            _ => {
                let places = self.places(left);
                self.write(&places, value);
            }
        }
    }

    /// Writes to places: replaces what is there, or adds to it where the target is not certain.
    pub(super) fn write(&mut self, places: &[Place], value: &Val) {
        let mut node = value.unaliased().into_node();
        node.cleared = true;
        let value = Val::new(node);
        let strong = places.len() == 1;
        for place in places {
            let root = self.locals[place.local.0 as usize].clone();
            let written = set(&root, &place.path, &value, strong && place.strong);
            self.locals[place.local.0 as usize] = written;
        }
    }

    /// Binds a pattern; `places` is what a reference to the value would point at.
    pub(super) fn bind(&mut self, id: PatId, value: &Val, places: &[Place]) {
        match self.body.pat(id).clone() {
            Pat::Wild | Pat::Lit(_) | Pat::Rest | Pat::Path(_) => {}
            Pat::Bind(local, _, sub) => {
                self.bind_local(local, value, places);
                if let Some(sub) = sub {
                    self.bind(sub, value, places);
                }
            }
            Pat::Ref(inner) | Pat::Typed(inner, _) => self.bind(inner, value, places),
            Pat::Or(items) => {
                let before = self.locals.clone();
                for (i, item) in self.body.pat_list(items).to_vec().into_iter().enumerate() {
                    let kept = std::mem::replace(&mut self.locals, before.clone());
                    self.bind(item, value, places);
                    if i > 0 {
                        self.locals = join_all(kept, &self.locals);
                    }
                }
            }
            Pat::Tuple(items) => {
                let value = value.element();
                for (i, pat) in self.positions(items) {
                    let key = Key::Field(Name::new(&i.to_string()));
                    self.bind(pat, &value.read(key), &extended(places.to_vec(), key));
                }
            }
            Pat::Slice(items) => {
                for (i, pat) in self.positions(items) {
                    let rest = matches!(self.body.pat(pat), Pat::Bind(_, _, Some(_)));
                    let part = if rest { value.clone() } else { value.read(Key::Index(i as u32)) };
                    self.bind(pat, &part, &extended(places.to_vec(), Key::Index(i as u32)));
                }
            }
            Pat::TupleStruct(path, items) => {
                let found = self.inf.pat_paths.get(&path).copied();
                for (i, pat) in self.positions(items) {
                    self.bind_member(found, Name::new(&i.to_string()), pat, value, places);
                }
            }
            Pat::Struct(path, fields) => {
                let found = self.inf.pat_paths.get(&path).copied();
                for (name, pat) in fields {
                    self.bind_member(found, name, pat, value, places);
                }
            }
        }
    }

    pub(super) fn positions(&self, items: crate::ir::List) -> Vec<(usize, PatId)> {
        let pats = self.body.pat_list(items);
        let rest = pats.iter().position(|p| matches!(self.body.pat(*p), Pat::Rest));
        let kept = pats.iter().enumerate().filter(|(_, p)| !matches!(self.body.pat(**p), Pat::Rest));
        // Positions after `..` count from an end that is not known; they read everything.
        kept.map(|(i, p)| (if rest.is_some_and(|r| i > r) { usize::from(u16::MAX) + i } else { i }, *p))
            .collect()
    }

    pub(super) fn bind_member(
        &mut self,
        found: Option<(GItem, Option<u16>)>,
        name: Name,
        pat: PatId,
        value: &Val,
        places: &[Place],
    ) {
        let Some((adt, variant)) = found else {
            let part = value.element().read(Key::Field(name));
            self.bind(pat, &part, &extended(places.to_vec(), Key::Field(name)));
            return;
        };
        let sema = self.world.input.sema;
        if Some(adt) == sema.lang.option {
            self.bind(pat, value, places);
            return;
        }
        let key = self.member_key(Some((adt, variant)), name);
        let holder = value.element();
        let mut part = holder.read(key).unaliased();
        if !holder.tells(key) && !self.world.input.sema.program.is_model(adt) {
            part = part.retain(&|a| self.world.inherited(a, true));
        }
        let index = self.world.field_index(adt, variant, name);
        let label = index.and_then(|i| self.world.input.labels.fields.get(&(adt, variant, i)));
        if let Some(label) = label
            && !part.cleared()
        {
            let read = self.span(self.body.pat_ranges[pat.0 as usize]);
            part = with_atom(part, source(Origin::Label(*label), read));
        }
        self.bind(pat, &part, &extended(places.to_vec(), key));
    }

    pub(super) fn bind_local(&mut self, local: LocalId, value: &Val, places: &[Place]) {
        let mut value = value.clone();
        if let Some(label) = self.world.input.labels.locals.get(&(self.body_of, local)) {
            let inferred =
                matches!(self.world.input.labels.get(*label).basis, crate::datamap::Basis::Inferred { .. });
            // A name is weaker evidence than data whose way is known.
            let known = inferred && value.atoms().iter().any(|a| !a.origin.symbolic());
            if !known {
                let read = self.span(self.body.locals[local.0 as usize].range);
                value = with_atom(value, source(Origin::Label(*label), read));
            }
        }
        if value.refs().is_empty() && !places.is_empty() && !places.iter().any(|p| p.local == local) {
            let deep = places.iter().any(|p| p.path.len() > super::value::MAX_DEPTH);
            if !deep && places.iter().any(|p| !p.path.is_empty() || !p.strong) {
                let mut node = value.into_node();
                node.refs = places.into();
                value = Val::new(node);
            }
        }
        self.locals[local.0 as usize] = value;
    }
}
