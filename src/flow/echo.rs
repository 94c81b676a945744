//! Parts that a type has for the other direction: requests and answers share types, and of an answer that was decoded
//! nobody knows that the other side repeats what it was asked with. Such a part is optional, the program fills it in to
//! send it and never reads it, and it lies below or beside another optional field, which the program reads and never fills
//! in: that is what comes back. A field of an answer's own that nobody reads is no such part: whoever wrote it means that
//! answers have it. Knows what code does with fields, and follows no value.

use super::path::{Key, Path};
use super::shape::Shape;
use super::show::ImpliedPlace;
use super::uses::Member;
use super::value::{Node, Val};
use super::world::World;
use crate::ir::{ItemKind, View};
use crate::name::Name;
use crate::resolve::GItem;

impl World<'_> {
    /// How deep a way goes down to a part that only an answer could repeat; `None` where it is none.
    pub(super) fn echoed_below(&self, shape: &Shape, path: Path) -> Option<usize> {
        let mut members = Vec::new();
        let mut shape = shape.clone();
        for key in path.iter() {
            members.push(self.member_at(&shape, *key));
            shape = self.part_shape(&shape, *key, View::Whole)?;
        }
        let last = members.iter().rposition(Option::is_some)?;
        if !members[last].is_some_and(|member| self.is_sent(member)) {
            return None;
        }
        let asks = |member: &Option<Member>| member.is_some_and(|member| self.is_asked_with(member));
        let asked = members[..last].iter().position(asks)?;
        let comes_back = |member: &Option<Member>| member.is_some_and(|member| self.only_comes_back(member));
        let above = members[..asked].iter().position(comes_back);
        above.or_else(|| members[asked].filter(|member| self.is_envelope(*member)).map(|_| asked))
    }

    /// Whether the program makes values of a field's type in order to send them, and never looks at the field.
    fn is_sent(&self, (item, variant, index): Member) -> bool {
        let is_encoded = self.input.sema.program.item(item).attrs.derive("Serialize").is_some();
        is_encoded
            && self.uses.made.contains(&(item, None))
            && !self.uses.read.contains(&(item, variant, index))
    }

    /// Whether an optional field is there to ask with: the program fills it in and never reads it.
    fn is_asked_with(&self, member: Member) -> bool {
        self.uses.filled.contains(&member) && !self.uses.read.contains(&member) && self.is_optional(member)
    }

    /// Whether a field's type is an envelope for both directions: another part of it is for what comes back alone.
    fn is_envelope(&self, (item, variant, index): Member) -> bool {
        let count = self.field_count(item, variant).unwrap_or(0) as u16;
        let mut others = (0..count).filter(|i| *i != index).map(|i| (item, variant, i));
        others.any(|other| self.only_comes_back(other))
    }

    /// Whether an optional field is there for what comes back: the program reads it and never fills it in.
    fn only_comes_back(&self, member: Member) -> bool {
        self.uses.read.contains(&member) && !self.uses.filled.contains(&member) && self.is_optional(member)
    }

    fn is_optional(&self, (item, variant, index): Member) -> bool {
        let field = self.fields_of(item, variant).and_then(|fields| fields.list.get(usize::from(index)));
        let shape = field.map(|field| self.field_shape(item, &[], field));
        matches!(shape, Some(Shape::Adt(held, _)) if Some(held) == self.input.sema.lang.option)
    }

    /// The field of the program that a step leads to; through containers, which are what they contain.
    fn member_at(&self, shape: &Shape, key: Key) -> Option<Member> {
        match shape {
            Shape::Adt(item, _) if !self.input.sema.program.is_model(*item) => {
                let (variant, name) = match key {
                    Key::Field(name) => (None, name),
                    Key::Variant(variant, name) => (self.variant_index(*item, variant), name),
                    _ => return None,
                };
                self.field_index(*item, variant, name).map(|index| (*item, variant, index))
            }
            Shape::Adt(_, args) | Shape::Of(args) if args.len() == 1 => self.member_at(&args[0], key),
            _ => None,
        }
    }

    fn variant_index(&self, item: GItem, name: Name) -> Option<u16> {
        match &self.input.sema.program.item(item).kind {
            ItemKind::Enum(_, variants) => variants.iter().position(|v| v.name == name).map(|i| i as u16),
            _ => None,
        }
    }
}

impl ImpliedPlace {
    /// Whether it is in a value as far as the other side repeats what it was asked with.
    pub(super) fn is_echo_of(&self, val: &Val) -> bool {
        let below = self.echoed_below;
        below.is_some_and(|below| val.decoded_from(self.path).is_some_and(|from| from <= below))
    }
}

impl Val {
    pub(super) fn is_decoded(&self) -> bool {
        self.node().is_some_and(|node| node.decoded)
    }

    /// The same, out of a text.
    pub(super) fn decoded(self) -> Val {
        Val::new(Node { decoded: true, ..self.into_node() })
    }

    /// From which depth on all that is known of what lies at a path is that it was decoded.
    fn decoded_from(&self, path: Path) -> Option<usize> {
        let mut at = self.clone();
        let mut from = at.is_decoded().then_some(0);
        for (depth, key) in path.iter().enumerate() {
            let Some(part) = at.own_part(*key) else { break };
            at = part;
            from = if at.is_decoded() { from.or(Some(depth + 1)) } else { None };
        }
        from
    }
}
