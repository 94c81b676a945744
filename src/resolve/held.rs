//! Which types of the program a type's fields are of, as written. Looks one step deep, and knows no inference.

use super::{Def, GItem, Namespace, Program, Resolution};
use crate::ir::{Fields, ItemKind, TypeRef};

impl Program {
    /// The types of the program that are named in the fields of a type, in the order of the fields.
    #[must_use]
    pub fn held(&self, item: GItem) -> Vec<GItem> {
        let mut all = Vec::new();
        let mut add = |fields: &Fields| {
            fields.list.iter().for_each(|field| self.named_in(item, &field.ty, &mut all));
        };
        match &self.item(item).kind {
            ItemKind::Struct(_, fields) => add(fields),
            ItemKind::Enum(_, variants) => variants.iter().for_each(|variant| add(&variant.fields)),
            _ => {}
        }
        all
    }

    fn named_in(&self, home: GItem, ty: &TypeRef, out: &mut Vec<GItem>) {
        match ty {
            TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => {
                self.named_in(home, inner, out);
            }
            TypeRef::Tuple(parts) => parts.iter().for_each(|part| self.named_in(home, part, out)),
            TypeRef::Path(path) => {
                if let Resolution::Def(Def::Item(item), 0) =
                    self.resolve(self.home(home), path, Namespace::Type)
                    && !self.is_model(item)
                {
                    out.push(item);
                }
                let held = path.segments.iter().filter_map(|segment| segment.args.as_deref());
                held.flat_map(|args| &args.types).for_each(|inner| self.named_in(home, inner, out));
            }
            _ => {}
        }
    }
}
