//! Parts that a type has for the other direction: requests and answers share types, and of an answer that was decoded
//! nobody knows that the other side repeats what it was asked with. Such a part is optional, the program fills it in to
//! send it and never reads it, and it lies below or beside another optional field, which the program reads and never fills
//! in: that is what comes back. A field of an answer's own that nobody reads is no such part: whoever wrote it means that
//! answers have it. Knows what code does with fields, and follows no value.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::absent::writes_receiver;
use super::path::{Key, Path};
use super::shape::Shape;
use super::show::ImpliedPlace;
use super::value::{Node, Val};
use super::world::World;
use crate::ir::{Body, Expr, ExprId, ItemKind, Pat, View};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::{Callee, Inference, ValueDef};

/// A field of a struct or of a variant.
type Member = (GItem, Option<u16>, u16);

/// What the program's code does with fields of its types.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Types of which it makes values.
    made: FxHashSet<GItem>,
    /// Fields that it gives a value other than `None`.
    filled: FxHashSet<Member>,
    read: FxHashSet<Member>,
}

impl Uses {
    fn and(mut self, other: Self) -> Self {
        self.made.extend(other.made);
        self.filled.extend(other.filled);
        self.read.extend(other.read);
        self
    }
}

/// Looks at one body.
struct Look<'w, 'a> {
    world: &'w World<'a>,
    body: &'a Body,
    inf: &'a Inference,
    uses: Uses,
}

impl World<'_> {
    /// What code does with the fields of types that may tell of somebody.
    pub(super) fn find_uses(&self) -> Uses {
        let bodies = self.input.bodies.par_iter().filter_map(|(id, _)| self.body(*id));
        let look = |uses: Uses, (body, inf)| Look { world: self, body, inf, uses }.run();
        bodies.fold(Uses::default, look).reduce(Uses::default, Uses::and)
    }

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
        is_encoded && self.uses.made.contains(&item) && !self.uses.read.contains(&(item, variant, index))
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

    /// Whether fields of a type are worth looking at.
    fn may_tell(&self, item: GItem) -> bool {
        !self.input.sema.program.is_model(item) && !self.is_silent(&Shape::Adt(item, [].into()))
    }
}

impl Look<'_, '_> {
    fn run(mut self) -> Uses {
        let assigned: FxHashSet<ExprId> = self.body.exprs.iter().filter_map(assigned).collect();
        for (at, expr) in self.body.exprs.iter().enumerate() {
            self.expr(ExprId(at as u32), expr, &assigned);
        }
        for (_, value) in self.inf.values.iter() {
            if let ValueDef::Ctor(item, variant, _) = value {
                self.constructor(*item, *variant);
            }
        }
        for (_, callee) in self.inf.callees.iter() {
            if let Callee::Ctor(item, variant) = callee {
                self.constructor(*item, *variant);
            }
        }
        for pat in &self.body.pats {
            self.pat(pat);
        }
        self.uses
    }

    fn expr(&mut self, id: ExprId, expr: &Expr, assigned: &FxHashSet<ExprId>) {
        match *expr {
            Expr::Struct(path, fields, _) => {
                let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else { return };
                if !self.world.may_tell(item) {
                    return;
                }
                self.uses.made.insert(item);
                for field in self.body.list(fields) {
                    let Expr::Named(name, value) = *self.body.expr(*field) else { continue };
                    let index = self.world.field_index(item, variant, name);
                    if let Some(index) = index.filter(|_| !self.is_none(value)) {
                        self.uses.filled.insert((item, variant, index));
                    }
                }
            }
            Expr::Assign(left, right) if !self.is_none(right) => self.fill(left),
            Expr::Ref(inner, true) => self.fill(inner),
            Expr::Method(receiver, ..) if self.is_written(id) => self.fill(receiver),
            Expr::Field(..) if !assigned.contains(&id) => {
                self.uses.read.extend(self.field(id));
            }
            _ => {}
        }
    }

    /// A place that is written to.
    fn fill(&mut self, place: ExprId) {
        self.uses.filled.extend(self.field(place));
    }

    /// The field that an expression names.
    fn field(&self, expr: ExprId) -> Option<Member> {
        let (item, index) = *self.inf.fields.get(&expr)?;
        self.world.may_tell(item).then_some((item, None, index))
    }

    /// Whether a method may write to what it is called on.
    fn is_written(&self, call: ExprId) -> bool {
        match self.inf.callees.get(&call) {
            Some(Callee::Fn(func, _)) => writes_receiver(self.world.decl(*func)),
            _ => true,
        }
    }

    fn constructor(&mut self, item: GItem, variant: Option<u16>) {
        let count = self.world.field_count(item, variant).unwrap_or(0) as u16;
        if count > 0 && self.world.may_tell(item) {
            self.uses.made.insert(item);
            self.uses.filled.extend((0..count).map(|index| (item, variant, index)));
        }
    }

    fn pat(&mut self, pat: &Pat) {
        let (path, names): (u32, Vec<Name>) = match pat {
            Pat::Struct(path, fields) => {
                let kept = fields.iter().filter(|(_, pat)| !matches!(self.body.pat(*pat), Pat::Wild));
                (*path, kept.map(|(name, _)| *name).collect())
            }
            Pat::TupleStruct(path, _) => (*path, Vec::new()),
            _ => return,
        };
        let Some((item, variant)) = self.inf.pat_paths.get(&path).copied() else { return };
        if !self.world.may_tell(item) {
            return;
        }
        if matches!(pat, Pat::TupleStruct(..)) {
            let count = self.world.field_count(item, variant).unwrap_or(0) as u16;
            self.uses.read.extend((0..count).map(|index| (item, variant, index)));
        }
        let indices = names.into_iter().filter_map(|name| self.world.field_index(item, variant, name));
        self.uses.read.extend(indices.map(|index| (item, variant, index)));
    }

    fn is_none(&self, value: ExprId) -> bool {
        let option = self.world.input.sema.lang.option;
        match self.inf.values.get(&value) {
            Some(ValueDef::Ctor(item, variant, _)) => {
                Some(*item) == option && self.world.field_count(*item, *variant) == Some(0)
            }
            _ => false,
        }
    }
}

/// The place that an expression assigns to.
fn assigned(expr: &Expr) -> Option<ExprId> {
    match expr {
        Expr::Assign(left, _) => Some(*left),
        _ => None,
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
