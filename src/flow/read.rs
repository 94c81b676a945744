//! Reading: locals, paths, fields, elements, operators.

use super::frame::{Frame, join_all, source, with_atom};
use super::shape::Shape;
use super::value::{Callable, Key, Origin, Place, Val, extended_by};
use crate::ir::{BinaryOp, Expr, ExprId, Lit, LocalId};
use crate::label::LabelId;
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;

impl Frame<'_, '_> {
    pub(super) fn local(&mut self, local: LocalId) -> Val {
        let value = &self.locals[local.0 as usize];
        let refs = value.refs();
        if refs.is_empty() {
            return value.clone();
        }
        let refs = refs.to_vec();
        let mut current: Option<Val> = None;
        for place in &refs {
            let found = self.read_place(place);
            current = Some(current.map_or(found.clone(), |c| c.join(&found)));
        }
        let mut node = current.unwrap_or_default().unaliased().into_node();
        for atom in value.atoms() {
            super::value::push(&mut node.atoms, atom.clone());
        }
        Val::new(node).pointing(refs)
    }

    /// What a reference points at now; any other value as it is.
    fn at_end(&self, value: Val) -> Val {
        let targets = value.refs().iter().map(|place| self.read_place(place).unaliased());
        match targets.reduce(|v, other| v.join(&other)) {
            Some(target) => target,
            None => value,
        }
    }

    pub(super) fn read_place(&self, place: &Place) -> Val {
        let root = self.locals[place.local.0 as usize].clone();
        let value = place.path.iter().fold(root, |v, k| v.read(*k));
        if place.strong { value } else { value.element() }
    }

    pub(super) fn path_value(&mut self, id: ExprId) -> Val {
        use crate::types::ValueDef;
        match self.inf.values.get(&id) {
            Some(ValueDef::Fn(func, _)) => Val::callable(Callable::Fn(*func)),
            Some(ValueDef::Ctor(item, variant, _)) => {
                if Some(*item) == self.world.input.sema.lang.option
                    && self.world.field_count(*item, *variant) == Some(0)
                {
                    return self.world.nothing.clone();
                }
                let value = Val::callable(Callable::Ctor(*item, *variant));
                let unit = self.world.field_count(*item, *variant) == Some(0);
                if unit { self.as_variant(value, Some((*item, *variant))) } else { value }
            }
            Some(ValueDef::Const(item)) => self.constant(*item, self.at(id)),
            _ => Val::default(),
        }
    }

    pub(super) fn constant(&self, item: GItem, read: Span) -> Val {
        // What stands there at first may be exchanged.
        let known = self.known(item).map(|s| s.ret.clone().present()).unwrap_or_default();
        match self.world.input.labels.consts.get(&item) {
            Some(label) => known.join(&self.labelled(*label, read)),
            None => known,
        }
    }

    pub(super) fn field(&mut self, id: ExprId, base: ExprId, name: Name) -> Val {
        let holder = self.eval(base);
        let key = Key::Field(name);
        let holder = self.way_to(id, base).iter().fold(holder.element(), |v, k| v.read(*k));
        let mut value = self.at_end(holder.read(key));
        if !holder.tells(key) {
            // Of a whole that holds something personal, a field with a declaration of its own need not be it.
            let program = self.world.input.sema.program;
            let declared = self.inf.fields.get(&id).is_some_and(|(adt, _)| !program.is_model(*adt));
            value = value
                .retain(&|a| self.world.inherited(a, declared || self.world.is_definite(&self.shape(id))));
        }
        let (carries, cleared) = (self.shape(id).carries(), value.cleared());
        let mut value = if carries { value } else { Val::default() };
        if !cleared {
            value = self.with_declared(id, base, name, value, self.at(id));
        }
        if carries { self.with_kept(&holder, self.inf.fields.get(&id).copied(), value) } else { value }
    }

    /// A value that is what a label says.
    pub(super) fn labelled_as(&self, value: Val, label: LabelId, shape: &Shape, read: Span) -> Val {
        let atom = source(Origin::Label(label), read);
        if self.world.is_of_values(label, shape) {
            let values = with_atom(value.read(Key::Arg(1)), atom);
            return value.with(Key::Arg(1), values);
        }
        with_atom(value, atom)
    }

    /// A field's own label, and those that models give it.
    pub(super) fn with_declared(&self, id: ExprId, base: ExprId, name: Name, value: Val, read: Span) -> Val {
        let labels = &self.world.input.labels;
        let program = self.world.input.sema.program;
        let label = match self.inf.fields.get(&id) {
            Some((adt, index)) if !program.is_read(*adt) => labels.fields.get(&(*adt, None, *index)),
            _ => labels.unknown_fields.get(&(self.package(), name)),
        };
        let mut value = value;
        if let Some(label) = label
            && self.world.holds(*label, &self.shape(id))
        {
            value = self.labelled_as(value, *label, &self.shape(id), read);
        }
        let path = match self.shape(base) {
            Shape::Adt(item, _) if self.world.input.sema.program.is_model(item) => {
                self.world.input.sema.program.path(item)
            }
            Shape::External(path, _) => path.to_vec(),
            _ => return value,
        };
        self.told_by_models(&path, name, value, read)
    }

    /// A field's value with what models say of a field of this name of the type with this path.
    pub(super) fn told_by_models(&self, holder: &[Name], name: Name, value: Val, read: Span) -> Val {
        let path = holder.iter().chain([&name]).map(|n| n.as_str()).collect();
        let sources = self.world.facts_of_path(path).sources.into_iter();
        sources.fold(value, |value, origin| with_atom(value, source(Origin::Model(origin), read)))
    }

    pub(super) fn index(&mut self, id: ExprId, base: ExprId, index: ExprId) -> Val {
        let value = self.eval(base);
        let at = self.eval(index);
        if matches!(self.body.expr(index), Expr::Range(..)) {
            return value.unaliased();
        }
        match self.constant_key(index, &at) {
            Some(key) => {
                let own = value.read(key).join(&value.map_values()).unaliased();
                if value.tells(key) { own } else { self.with_name_of_key(id, own) }
            }
            None => value.element(),
        }
    }

    pub(super) fn constant_key(&self, index: ExprId, value: &Val) -> Option<Key> {
        let mut at = index;
        while let Expr::Ref(inner, _) | Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        match *self.body.expr(at) {
            Expr::Lit(Lit::Int(Some(i), _)) => Some(Key::Index(i)),
            _ => value.const_text().filter(|t| t.whole).map(|t| Key::Const(Name::new(&t.text))),
        }
    }

    pub(super) fn binary(&mut self, id: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Val {
        if let Some(value) = self.operator(id, left, right) {
            return value;
        }
        let l = self.eval(left);
        let r = match op {
            // The right side may not run.
            BinaryOp::And | BinaryOp::Or => {
                let before = self.locals.clone();
                let r = self.eval(right);
                if op == BinaryOp::Or {
                    self.locals = join_all(std::mem::take(&mut self.locals), &before);
                }
                r
            }
            _ => self.eval(right),
        };
        if !matches!(op, BinaryOp::Arith(_)) {
            return Val::default();
        }
        let texts = extended_by(l.texts(), r.texts());
        l.unaliased().join(&r.unaliased()).with_texts(texts)
    }
}
