//! Values that become objects: of a `dyn Display` its type is forgotten, so what the type shows is noted where the value
//! becomes one. Knows which views a type's bounds leave; what is seen through a view is its neighbours'.

use super::frame::Frame;
use super::shape::Shape;
use super::value::{Key, Val};
use crate::ir::{Bound, Expr, ExprId, TypeRef, View};
use crate::name::Name;
use crate::resolve::GItem;

impl Frame<'_, '_> {
    /// A value where a type is written that it must have: as an object, what is seen of it is all that it is.
    pub(super) fn as_object(&self, value: Val, expr: ExprId, ty: &TypeRef) -> Val {
        let views = object_views(ty);
        if views.is_empty() {
            return value;
        }
        if let Expr::Array(items, _) = *self.body.expr(expr) {
            let items = self.body.list(items).iter().enumerate();
            return items.fold(value, |value, (i, item)| {
                let key = Key::Index(i as u32);
                let object = self.as_object(value.read(key), *item, ty);
                if object.is_none() { value } else { value.with(key, object) }
            });
        }
        let shape = self.shape(expr);
        if matches!(shape, Shape::Open | Shape::Unknown) {
            return value;
        }
        let read = self.at(expr);
        let atoms = views.iter().flat_map(|view| self.world.show(&value, &shape, *view, read));
        Val::atoms_of(atoms)
    }

    /// The same where a field's declaration says the type.
    pub(super) fn as_held(&self, value: Val, expr: ExprId, found: (GItem, Option<u16>), name: Name) -> Val {
        let fields = self.world.fields_of(found.0, found.1);
        match fields.and_then(|fields| fields.list.iter().find(|field| field.name == name)) {
            Some(field) => self.as_object(value, expr, &field.ty),
            None => value,
        }
    }
}

/// Through which views alone a value of a type is seen: none where the type tells more, or is no object.
fn object_views(ty: &TypeRef) -> &'static [View] {
    match ty {
        TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => object_views(inner),
        TypeRef::Path(path) => {
            let args = path.segments.last().and_then(|s| s.args.as_deref());
            match args.map(|a| &a.types[..]) {
                Some([only]) => object_views(only),
                _ => &[],
            }
        }
        TypeRef::Dyn(bounds) => bounds.iter().map(views_of).find(|views| !views.is_empty()).unwrap_or(&[]),
        _ => &[],
    }
}

fn views_of(bound: &Bound) -> &'static [View] {
    match bound.path.segments.last().map_or("", |s| s.name.as_str()) {
        "Display" => &[View::Display],
        "Debug" => &[View::Debug],
        "Error" => &[View::Display, View::Debug],
        "Serialize" => &[View::Serialize],
        _ => &[],
    }
}
