//! Writing: which places an expression names, assignment to them, and patterns that bind them.

use super::frame::{Frame, extended, join_all, set, weakened};
use super::shape::Shape;
use super::value::{Key, Origin, Path, Place, Val};
use crate::ir::{Body, Expr, ExprId, LocalId, Pat, PatId, RefMode};
use crate::name::Name;
use crate::resolve::GItem;

impl Frame<'_, '_> {
    /// What a value points at when it is borrowed mutably.
    pub(super) fn aliased(&mut self, value: Val, of: ExprId) -> Val {
        let places = self.places(of);
        if places.is_empty() {
            return value;
        }
        value.pointing(places)
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
            Expr::Field(base, name) => {
                let mut places = self.places(base);
                for key in self.way_to(id, base).iter().copied() {
                    places = extended(places, key);
                }
                self.followed(extended(places, Key::Field(name)))
            }
            Expr::Call(callee, args) => self.call_places(id, callee, args),
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

    /// Places where references lie, as the places that those point at.
    fn followed(&self, places: Vec<Place>) -> Vec<Place> {
        let mut out = Vec::new();
        for place in places {
            let held = self.read_place(&place);
            if held.refs().is_empty() { out.push(place) } else { out.extend(held.refs().iter().cloned()) }
        }
        out
    }

    /// The steps from a value to a field's holder that the program's own `Deref` takes.
    pub(super) fn way_to(&self, field: ExprId, base: ExprId) -> Path {
        let holder = self.inf.fields.get(&field).map(|(holder, _)| *holder);
        let deref = holder.and_then(|holder| self.world.dereferencing(&self.shape(base), holder));
        let given = deref.and_then(|func| self.known(func)).map(|s| handed_out(&s.ret)).unwrap_or_default();
        match &given[..] {
            [(0, path)] => *path,
            _ => Path::ROOT,
        }
    }

    /// Functions that hand out places of what they are given.
    fn call_places(&mut self, id: ExprId, callee: ExprId, args: crate::ir::List) -> Vec<Place> {
        let Some(crate::types::Callee::Fn(func, _)) = self.inf.callees.get(&id) else { return Vec::new() };
        let Some(decl) = self.world.decl(*func) else { return Vec::new() };
        if !decl.ret.is_some_and(|ret| super::generic::is_mutable(&ret)) {
            return Vec::new();
        }
        let args = self.body.list(args).to_vec();
        let by_path = matches!(self.body.expr(callee), Expr::Path(_));
        if let Some(places) = self.summarised_places(*func, &args) {
            return places;
        }
        let mutable = |i: usize| decl.params.get(i).is_some_and(|p| super::generic::is_mutable(&p.ty));
        let given = args.iter().enumerate().filter(|(i, _)| by_path && mutable(*i));
        weakened(given.flat_map(|(_, arg)| self.places(*arg)).collect())
    }

    /// The places of arguments that a function of the program gives back as its result.
    fn summarised_places(&mut self, func: GItem, args: &[ExprId]) -> Option<Vec<Place>> {
        let summary = self.known(func)?;
        let given = handed_out(&summary.ret);
        let strong = given.len() == 1;
        let mut out = Vec::new();
        for (param, path) in given {
            let Some(arg) = args.get(usize::from(param)) else { continue };
            let places = self.places(*arg);
            out.extend(path.iter().fold(places, |places, key| extended(places, *key)));
        }
        Some(if strong { out } else { weakened(out) })
    }

    /// What of its receiver a method hands out, as a model says.
    fn modelled_places(
        &mut self,
        func: GItem,
        receiver: ExprId,
        args: crate::ir::List,
    ) -> Option<Vec<Place>> {
        let facts = self.world.facts_on(func, super::call::adt(&self.shape(receiver)));
        let handed = facts.summaries.iter().flat_map(|model| &model.flows).find_map(|flow| {
            match (&flow.from, &flow.to) {
                (crate::models::Place::Return(_), crate::models::Place::Argument(0, path)) => Some(path),
                _ => None,
            }
        })?;
        if handed.is_empty() {
            return None;
        }
        let key = match self.body.list(args).first() {
            Some(key) if matches!(self.body.expr(*key), Expr::Lit(_)) => {
                let value = self.eval(*key);
                self.constant_key(*key, &value)
            }
            _ => None,
        };
        let named = handed[0].starts_with('{');
        let keys = match key.filter(|_| named) {
            Some(key) => vec![key],
            None if named => vec![Key::Arg(1)],
            None => super::call::keys(handed),
        };
        Some(keys.into_iter().fold(self.places(receiver), extended))
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
        if self.world.has_body(*func) && decl.ret.is_some_and(|ret| super::generic::is_mutable(&ret)) {
            let mut all = vec![receiver];
            all.extend_from_slice(self.body.list(args));
            if let Some(places) = self.summarised_places(*func, &all) {
                return places;
            }
        }
        if let Some(places) = self.modelled_places(*func, receiver, args) {
            return places;
        }
        // By convention what `…_mut` gives writes to its receiver, a guard as well as a reference.
        let hands_out = decl.ret.is_some_and(|ret| super::generic::is_mutable(&ret))
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
        if container || !args.is_empty() && !matches!(name.as_str(), "expect") {
            weakened(places)
        } else {
            places
        }
    }

    pub(super) fn assign(&mut self, left: ExprId, value: &Val) {
        match *self.body.expr(left) {
            Expr::Local(local) => {
                let mut node = value.clone().into_node();
                node.cleared |= !self.world.holds_labels(&self.shape(left));
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
                    self.put_in(adt, name, value, self.at(left));
                }
                self.assign_places(left, value);
            }
            _ => self.assign_places(left, value),
        }
    }

    fn assign_places(&mut self, left: ExprId, value: &Val) {
        let places = self.places(left);
        let labelled = self.world.holds_labels(&self.shape(left));
        self.write_over(&places, value, !labelled);
    }

    /// Writes to places: replaces what is there, or adds to it where the target is not certain.
    pub(super) fn write(&mut self, places: &[Place], value: &Val) {
        self.write_over(places, value, true);
    }

    /// The same; `bare` says that nothing but the value tells what is there then.
    fn write_over(&mut self, places: &[Place], value: &Val, bare: bool) {
        let mut node = value.unaliased().into_node();
        node.cleared |= bare;
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
            Pat::Bind(local, mode, sub) => {
                match sub.filter(|_| mode != RefMode::Mut) {
                    Some(sub) => self.bind_local(local, &self.as_matched(sub, value), &[]),
                    None => self.bind_local(local, value, places),
                }
                if mode == RefMode::Mut {
                    self.point(local, places);
                    self.written_through(places);
                }
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
                for (i, pat) in self.positions(items, None) {
                    let Some(i) = i else {
                        let mut atoms = Vec::new();
                        value.all_atoms(&mut atoms);
                        self.bind(pat, &Val::atoms_of(atoms), &weakened(places.to_vec()));
                        continue;
                    };
                    let key = Key::Field(Name::new(&i.to_string()));
                    self.bind(pat, &value.read(key), &extended(places.to_vec(), key));
                }
            }
            Pat::Slice(items) => {
                for (i, pat) in self.positions(items, None) {
                    if is_rest(self.body, pat) {
                        self.bind(pat, value, &weakened(places.to_vec()));
                        continue;
                    }
                    let Some(i) = i else {
                        self.bind(pat, &value.element(), &weakened(places.to_vec()));
                        continue;
                    };
                    let key = Key::Index(i as u32);
                    self.bind(pat, &value.read(key), &extended(places.to_vec(), key));
                }
            }
            Pat::TupleStruct(path, items) => {
                let found = self.inf.pat_paths.get(&path).copied();
                let count = found.and_then(|(adt, variant)| self.world.field_count(adt, variant));
                for (i, pat) in self.positions(items, count) {
                    let name = i.map_or(Name::new("*"), |i| Name::new(&i.to_string()));
                    self.bind_member(found, name, pat, value, places);
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

    /// Which position each pattern of a list stands for; `None` behind a `..` whose length nobody knows.
    fn positions(&self, items: crate::ir::List, count: Option<usize>) -> Vec<(Option<usize>, PatId)> {
        let pats = self.body.pat_list(items);
        let rest = pats.iter().position(|p| matches!(self.body.pat(*p), Pat::Rest) || is_rest(self.body, *p));
        let place = |i: usize| match rest {
            Some(r) if i > r => count.and_then(|c| (c + i).checked_sub(pats.len())),
            _ => Some(i),
        };
        let kept = pats.iter().enumerate().filter(|(_, p)| !matches!(self.body.pat(**p), Pat::Rest));
        kept.map(|(i, p)| (place(i), *p)).collect()
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
        let places = match self.is_view(adt, &holder, key) {
            true => places.to_vec(),
            false => extended(places.to_vec(), key),
        };
        let mut part = holder.read(key).unaliased();
        if !holder.tells(key) && !self.world.input.sema.program.is_model(adt) {
            part = part.retain(&|a| self.world.inherited(a, true));
        }
        let index = self.world.field_index(adt, variant, name);
        let label = index.and_then(|i| self.world.input.labels.fields.get(&(adt, variant, i)));
        if let Some(label) = label
            && !part.cleared()
        {
            let read = self.span(self.body.pat_ranges.get(pat.0 as usize));
            let declared = self.world.fields_of(adt, variant).zip(index);
            let shape =
                declared.map(|(fields, i)| self.world.field_shape(adt, &[], &fields.list[usize::from(i)]));
            part = self.labelled_as(part, *label, &shape.unwrap_or(Shape::Unknown), read);
        }
        if sema.program.is_model(adt) && variant.is_none() {
            let read = self.span(self.body.pat_ranges.get(pat.0 as usize));
            part = self.told_by_models(&sema.program.path(adt), name, part, read);
        }
        let member = index.filter(|_| variant.is_none()).map(|index| (adt, index));
        part = self.with_kept(&holder, member, part);
        self.bind(pat, &part, &places);
    }

    /// Whether what a pattern takes out of a model's type stands for the same places as the whole: an entry of a map.
    fn is_view(&self, adt: GItem, holder: &Val, key: Key) -> bool {
        let sema = self.world.input.sema;
        sema.program.is_model(adt) && Some(adt) != sema.lang.result && !holder.tells(key)
    }

    pub(super) fn bind_local(&mut self, local: LocalId, value: &Val, places: &[Place]) {
        // Of a whole that was taken apart, a part may be of a type that holds nobody's data: the name of a header.
        let shape = self.world.shape(self.inf.locals[local.0 as usize]).clone();
        let empty = self.world.is_opaque(&shape);
        let mut value = if empty { Val::default() } else { value.clone() };
        if let Some(label) = self.world.input.labels.locals.get(&(self.body_of, local)) {
            let inferred =
                matches!(self.world.input.labels.get(*label).basis, crate::datamap::Basis::Inferred { .. });
            // A name is weaker evidence than data whose way is known.
            let known = inferred && value.atoms().iter().any(|a| !a.origin.symbolic());
            if !known {
                let read = self.span(self.body.locals[local.0 as usize].range);
                value = self.labelled_as(value, *label, &shape, read);
            }
        }
        value = self.with_decoded(local, value);
        if value.refs().is_empty() && !places.is_empty() && !places.iter().any(|p| p.local == local) {
            let deep = places.iter().any(|p| p.path.len() > super::value::MAX_DEPTH);
            if !deep && places.iter().any(|p| !p.path.is_empty() || !p.strong) {
                value = value.pointing(places.to_vec());
            }
        }
        self.locals[local.0 as usize] = value;
    }

    /// `ref mut`: the local stands for these places.
    pub(super) fn point(&mut self, local: LocalId, places: &[Place]) {
        if places.is_empty() || places.iter().any(|p| p.local == local) {
            return;
        }
        let value = std::mem::take(&mut self.locals[local.0 as usize]);
        self.locals[local.0 as usize] = value.pointing(places.to_vec());
    }
}

/// What of its parameters a function gives back unchanged.
fn handed_out(ret: &Val) -> Vec<(u8, Path)> {
    let whole = ret.atoms().iter().filter(|a| a.view == crate::ir::View::Whole);
    whole
        .filter_map(|a| match &a.origin {
            Origin::Param(param, path) => Some((*param, *path)),
            _ => None,
        })
        .collect()
}

/// `name @ ..` in a slice.
fn is_rest(body: &Body, pat: PatId) -> bool {
    matches!(body.pat(pat), Pat::Bind(_, _, Some(sub)) if matches!(body.pat(*sub), Pat::Rest))
}
