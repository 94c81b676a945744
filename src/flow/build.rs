//! Values that code puts together: literals, text, records; and what they become thereby.

use std::sync::Arc;

use super::frame::{Frame, beginning};
use super::shape::Shape;
use super::summary::{Event, payload};
use super::value::{Key, Lengthen, StepText, Text, Texts, Val, continued};
use crate::ir::{Expr, ExprId, View};
use crate::label::LabelId;
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;

impl Frame<'_, '_> {
    pub(super) fn keyed(&mut self, items: &[ExprId], key: impl Fn(usize) -> Key) -> Val {
        let mut out = Val::default();
        for (i, item) in items.iter().enumerate() {
            let value = self.eval(*item);
            if !value.is_none() {
                out = out.with(key(i), value.clone());
            }
        }
        out
    }

    pub(super) fn struct_literal(&mut self, path: u32, fields: crate::ir::List, base: Option<ExprId>) -> Val {
        let found = self.inf.pat_paths.get(&path).copied();
        let mut out = base.map(|b| self.eval(b).unaliased()).unwrap_or_default();
        let mut absent: Vec<Name> = Vec::new();
        for field in self.body.list(fields).to_vec() {
            let Expr::Named(name, value) = *self.body.expr(field) else { continue };
            let mut content = self.eval(value);
            if content.is_absent() {
                absent.push(name);
                content = Val::default();
            }
            if content.cleared() {
                let mut node = content.into_node();
                node.cleared = false;
                content = Val::new(node);
            }
            let key = self.member_key(found, name);
            if let Some((adt, variant)) = found {
                self.initialised(adt, variant, name, &content, value);
            }
            let known_base = base.is_some();
            if let Some((adt, variant)) = found {
                let told = self.world.tells(adt, variant, name);
                self.in_error(adt, &content, value, told);
                content = self.as_held(content, value, (adt, variant), name);
                if variant.is_none() {
                    self.put_in(adt, name, &content, self.at(value));
                }
            }
            if !content.is_none() || known_base {
                out = out.with(key, content);
            }
        }
        let out = self.lacking(out, found, absent);
        self.as_variant(out, found)
    }

    /// A value of an enum is told by its variant's name as well as by what it holds.
    pub(super) fn as_variant(&self, value: Val, found: Option<(GItem, Option<u16>)>) -> Val {
        let name = found.and_then(|(adt, variant)| {
            let own = !self.world.input.sema.program.is_model(adt);
            variant.filter(|_| own).and_then(|v| self.world.variant_name(adt, v))
        });
        match name {
            Some(name) => value.with_texts(Texts::from_iter([Text::whole(name.as_str())])),
            None => value,
        }
    }

    /// What is put into an error is told to whoever the error is told.
    pub(super) fn in_error(&mut self, item: GItem, value: &Val, expr: ExprId, told: bool) {
        if !told || !self.world.is_error(item) {
            return;
        }
        let span = self.at(expr);
        let atoms = self.world.show(value, &self.shape(expr), View::Debug, span);
        if atoms.is_empty() {
            return;
        }
        let name = self.world.name(item).to_string();
        let sink = self.plain_sink(span, &name, crate::datamap::Channel::Error);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    pub(super) fn member_key(&self, found: Option<(GItem, Option<u16>)>, name: Name) -> Key {
        match found {
            Some((adt, Some(v))) => match self.world.variant_name(adt, v) {
                Some(variant) => Key::Variant(variant, name),
                None => Key::Field(name),
            },
            _ => Key::Field(name),
        }
    }

    /// A field that is an advertising identifier is made from something.
    pub(super) fn initialised(
        &mut self,
        adt: GItem,
        variant: Option<u16>,
        name: Name,
        value: &Val,
        expr: ExprId,
    ) {
        let Some(index) = self.world.field_index(adt, variant, name) else { return };
        let label = self.world.input.labels.fields.get(&(adt, variant, index)).copied();
        self.identified(label, value, expr);
    }

    pub(super) fn identified(&mut self, label: Option<LabelId>, value: &Val, expr: ExprId) {
        let Some(label) = label else { return };
        if !self.world.is_ad_identifier(self.world.input.labels.get(label).category) {
            return;
        }
        let span = self.at(expr);
        let mut atoms = self.world.show(value, &self.shape(expr), View::Whole, span);
        atoms.retain(|a| self.world.category(&a.origin).is_none_or(|c| !self.world.is_ad_identifier(c)));
        let name = self.world.input.labels.get(label).path.clone();
        let sink = self.plain_sink(span, &name, crate::datamap::Channel::AdIdentifier);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    pub(super) fn try_value(&mut self, inner: ExprId) -> Val {
        let value = self.eval(inner);
        let shape = self.shape(inner);
        let lang = &self.world.input.sema.lang;
        match &shape {
            Shape::Adt(item, args) if Some(*item) == lang.result => {
                let error = value.read(payload("Err"));
                let error = self.converted_error(error, args.get(1));
                let failed = self.failure(error);
                self.give_back(&failed);
                value.read(payload("Ok")).unaliased()
            }
            Shape::Unknown | Shape::Open => {
                let error = value.read(payload("Err"));
                let failed = self.failure(error);
                self.give_back(&failed);
                value.read(payload("Ok")).unaliased()
            }
            _ => value.unaliased(),
        }
    }

    /// A result that is an error.
    pub(super) fn failure(&self, error: Val) -> Val {
        if error.is_none() { self.world.failed.clone() } else { Val::failed(error) }
    }

    pub(super) fn viewed(&mut self, inner: ExprId, view: View) -> Val {
        let value = self.eval(inner);
        let atoms = self.world.show(&value, &self.shape(inner), view, self.at(inner));
        // What stands for a variant is no text.
        let texts = if self.world.is_enum(&self.shape(inner)) { Texts::new() } else { value.texts().into() };
        Val::atoms_of(atoms).with_texts(texts)
    }

    pub(super) fn format(&mut self, template: Name, args: crate::ir::List, span: Span) -> Val {
        let mut out = Val::default();
        let mut pieces = template.as_str().split("{}");
        let mut texts = Texts::from_iter([Text::whole(pieces.next().unwrap_or(""))]);
        for id in self.body.list(args).to_vec() {
            let value = self.eval(id);
            let piece = pieces.next().unwrap_or("");
            texts = continued(&texts, &continued(&beginning(&value, &texts, piece), &[Text::whole(piece)]));
            out = out.join(&shown_at(self.at(id), span, value));
        }
        out.with_texts(texts)
    }

    pub(super) fn json_record(&mut self, pairs: crate::ir::List) -> Val {
        let mut out = Val::default();
        for pair in self.body.list(pairs).to_vec() {
            let Expr::Named(name, value) = *self.body.expr(pair) else { continue };
            let content = self.eval(value);
            let shown = self.world.show(&content, &self.shape(value), View::Serialize, self.at(value));
            out = out.with(Key::Const(name), Val::atoms_of(shown));
        }
        out
    }
}

/// A value that is formatted: what was read elsewhere says in which hole it arrives.
fn shown_at(hole: Span, within: Span, value: Val) -> Val {
    let mut step = Lengthen::by(hole, StepText::Formatted);
    value.map(&mut |a| {
        if a.read.file != within.file || a.read.lo < within.lo || a.read.hi > within.hi {
            step.apply(&mut a.trace);
        }
    })
}
