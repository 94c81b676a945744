//! What is seen of a value when it is shown: through `Debug`, `Display`, `Serialize`, or handed over whole.
//!
//! Two things meet: what the type shows by itself (labels of fields that the view does not hide, through hand-written
//! impls as their code says), and what is known of this very value (parts that were overwritten or filled in).

use std::sync::Arc;

use super::opacity::Opacity;
use super::shape::{Shape, bindings, written};
use super::value::{Atom, Doubts, Given, Key, Origin, Path, Val, push};
use super::world::World;
use crate::ir::{Field, Fields, ItemKind, Shared, View};
use crate::label::LabelId;
use crate::name::Name;
use crate::notice::Form;
use crate::resolve::GItem;
use crate::source::Span;

/// How deep types are looked into.
const MAX_NESTING: usize = 6;
/// What models let go along with an error, to be shown with it by `Debug`.
const ATTACHED: &str = "@attached";
/// How many labelled places of one type are told apart.
const MAX_PLACES: usize = 160;

/// An enum of so many variants, of which so small a part holds anything personal, hardly ever does: values that may be of
/// any kind.
const MANY_VARIANTS: usize = 8;
const FEW_HOLD: usize = 4;

/// A labelled place below a value, as its type declares it.
#[derive(Clone, Debug)]
pub(super) struct ImpliedPlace {
    pub(super) path: Path,
    pub(super) origin: Origin,
    pub(super) form: Form,
    pub(super) doubts: Doubts,
    /// How deep the way goes down to a part that only an answer could repeat, where there is one.
    pub(super) echoed_below: Option<usize>,
    /// Where only some arms of formatting code write it: of which values.
    given: Option<Shared<Given>>,
}

impl ImpliedPlace {
    fn new(path: Path, origin: Origin, form: Form) -> Self {
        Self { path, origin, form, doubts: Doubts::default(), echoed_below: None, given: None }
    }
}

/// The labelled places of a type under a view.
pub(super) type Implied = Arc<[ImpliedPlace]>;

/// What is left of the declarations at a path of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// What the types say.
    Declared,
    /// What is known of the value alone: it was written over.
    Known,
    /// Nothing: it is another variant's.
    Nothing,
}

/// What a value holds at a path.
pub(super) fn held(value: &Val, path: Path) -> Held {
    let mut at = value.clone();
    let mut is_written = at.cleared();
    for key in path.iter() {
        if is_other_variant(&at, *key) {
            return Held::Nothing;
        }
        // What is derived from the whole tells nothing of its own.
        let Some(part) = at.own_part(*key) else { break };
        at = part;
        is_written |= at.cleared();
    }
    if is_written { Held::Known } else { Held::Declared }
}

/// Whether a value is known to be another variant than the one that a key is below.
fn is_other_variant(value: &Val, key: Key) -> bool {
    let Key::Variant(variant, _) = key else { return false };
    let known = value.texts();
    !known.is_empty() && known.iter().all(|text| text.is_constant() && *text.text != *variant.as_str())
}

/// Whether code is known that makes a value of the variants on a path, if there are any.
fn may_be_made_so(value: &Val, path: Path) -> bool {
    let mut at = value.clone();
    path.iter().any(|key| matches!(key, Key::Variant(..)))
        && path.iter().all(|key| {
            let is_made = match key {
                Key::Variant(variant, _) => at.texts().iter().any(|text| *text.text == *variant.as_str()),
                _ => true,
            };
            at = at.read(*key);
            is_made
        })
}

impl<'a> World<'a> {
    /// The taints that are known of a value, but for those that its type tells.
    pub(super) fn show_known(&self, val: &Val, shape: &Shape, view: View) -> Vec<Atom> {
        let mut out = smallvec::SmallVec::new();
        self.explicit(val, shape, view, (Form::Clear, Doubts::NONE), &mut out, 0);
        out.into_vec()
    }

    /// The taints that are seen of a value.
    pub(super) fn show(&self, val: &Val, shape: &Shape, view: View, read: Span) -> Vec<Atom> {
        let mut out = smallvec::SmallVec::new();
        self.explicit(val, shape, view, (Form::Clear, Doubts::NONE), &mut out, 0);
        let is_written = |place: &ImpliedPlace| {
            place.given.is_none_or(|given| self.may_be_such(*given, &val.read_path(place.path)))
        };
        for place in self.implied(shape, view).iter() {
            if held(val, place.path) == Held::Declared && is_written(place) {
                let of_that_kind = place.doubts.is_seldom() && may_be_made_so(val, place.path);
                let doubts = if of_that_kind { place.doubts.of_that_kind() } else { place.doubts };
                let atom = Atom {
                    origin: place.origin,
                    form: place.form,
                    view: View::Whole,
                    read,
                    trace: super::value::Trace::default(),
                    doubts: if place.is_echo_of(val) { doubts.with(Doubts::SELDOM) } else { doubts },
                    typed: false,
                    given: None,
                };
                push(&mut out, atom);
            }
        }
        out.into_vec()
    }

    /// Taints that the value itself is known to hold.
    fn explicit(
        &self,
        val: &Val,
        shape: &Shape,
        view: View,
        within: (Form, Doubts),
        out: &mut smallvec::SmallVec<[Atom; 1]>,
        depth: usize,
    ) {
        let Some(node) = val.node() else { return };
        if depth > MAX_NESTING {
            return;
        }
        let (form, doubts) = match self.opacity(shape, view) {
            Opacity::Hides => return,
            Opacity::Shows(form, doubts) => (super::summary::combined(within.0, form), doubts.with(within.1)),
        };
        // Containers are their contents: of the whole of a list nothing is seen that its elements hide.
        let shows_whole = node.atoms.is_empty() || !self.hides_content(shape, view);
        let definite = self.is_definite(shape);
        for atom in node.atoms.iter().filter(|_| shows_whole) {
            // Neither a guess nor data that came a long way outweighs a type whose fields are known.
            if definite && (atom.doubts.guessed() || self.strayed(atom)) {
                continue;
            }
            let mut atom = atom.clone();
            atom.form = super::summary::combined(atom.form, form);
            atom.doubts = atom.doubts.with(doubts);
            if atom.origin.symbolic() && atom.view == View::Whole {
                atom.view = view;
                atom.typed = !self.is_open(shape);
            }
            push(out, atom);
        }
        let by_hand = self.own_format(shape, view).map(|func| self.formatted(func));
        for (key, part) in &node.parts {
            if by_hand.as_ref().is_some_and(|written| !self.writes_part(written, val, *key)) {
                continue;
            }
            let attached = matches!(key, Key::Hidden(name) if *name == *ATTACHED) && view == View::Debug;
            if attached {
                self.explicit(part, &Shape::Unknown, view, (form, doubts), out, depth + 1);
            } else if let Some(inner) = self.part_shape(shape, *key, view) {
                self.explicit(part, &inner, view, (form, doubts), out, depth + 1);
            }
        }
    }

    /// The code by which a type shows its values, where it does so by hand.
    fn own_format(&self, shape: &Shape, view: View) -> Option<GItem> {
        match shape {
            Shape::Adt(item, _) if !self.input.sema.program.is_model(*item) => self.hand_written(*item, view),
            _ => None,
        }
    }

    /// Whether a caller knows more of a type than is known here: a parameter, an object, or a container of such.
    fn is_open(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Open | Shape::Unknown => true,
            Shape::Adt(item, args) if self.input.sema.program.is_model(*item) => {
                args.iter().any(|arg| self.is_open(arg))
            }
            Shape::Of(args) | Shape::Tuple(args) => args.iter().any(|arg| self.is_open(arg)),
            _ => false,
        }
    }

    /// Whether a taint of some part came back from a function on a whole value.
    pub(super) fn strayed(&self, atom: &Atom) -> bool {
        match &atom.origin {
            Origin::Label(id) => atom.trace.crossed() && !self.whole_labels.contains(id),
            _ => false,
        }
    }

    /// Whether a taint of a whole value is one of a part that has a declaration of its own: parameters' are, for a
    /// caller knows more, and those of whole values are; a field's label says nothing of its neighbours.
    pub(super) fn inherited(&self, atom: &Atom, declared: bool) -> bool {
        match &atom.origin {
            Origin::Label(id) => !declared || self.whole_labels.contains(id),
            _ => true,
        }
    }

    /// Whether a type says by itself what its values hold: a type of the program, a number.
    pub(super) fn is_definite(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Adt(item, args) if self.input.sema.program.is_model(*item) => {
                args.len() == 1 && !is_piece_of_text(&args[0]) && self.is_definite(&args[0])
            }
            Shape::Adt(item, _) => !self.holds_text(*item),
            Shape::Of(args) => args.len() == 1 && !is_piece_of_text(&args[0]) && self.is_definite(&args[0]),
            Shape::Prim(name) => *name != Name::STR,
            Shape::Tuple(items) => items.is_empty(),
            _ => false,
        }
    }

    /// A newtype around text is text.
    fn holds_text(&self, item: GItem) -> bool {
        match &self.input.sema.program.item(item).kind {
            ItemKind::Struct(_, fields) => fields.tuple && fields.list.len() == 1,
            _ => false,
        }
    }

    /// The type of what lies at a path of a value.
    pub(super) fn shape_at(&self, shape: &Shape, path: Path) -> Shape {
        let step =
            |shape: Shape, key: &Key| self.part_shape(&shape, *key, View::Whole).unwrap_or(Shape::Unknown);
        path.iter().fold(shape.clone(), step)
    }

    /// The type of a part, when the view shows it.
    pub(super) fn part_shape(&self, shape: &Shape, key: Key, view: View) -> Option<Shape> {
        let program = self.input.sema.program;
        match (shape, key) {
            (_, Key::Hidden(_)) => None,
            (Shape::Adt(item, args), Key::Field(name)) if !program.is_model(*item) => {
                let ItemKind::Struct(_, fields) = &program.item(*item).kind else {
                    return Some(Shape::Unknown);
                };
                let Some(field) = fields.list.iter().find(|f| f.name == name) else {
                    return Some(Shape::Unknown);
                };
                self.visible(*item, None, field, view).then(|| self.field_shape(*item, args, field))
            }
            (Shape::Adt(item, args), Key::Variant(variant, name)) if !program.is_model(*item) => {
                let ItemKind::Enum(_, variants) = &program.item(*item).kind else {
                    return Some(Shape::Unknown);
                };
                let Some(v) = variants.iter().find(|v| v.name == variant) else {
                    return Some(Shape::Unknown);
                };
                let Some(field) = v.fields.list.iter().find(|f| f.name == name) else {
                    return Some(Shape::Unknown);
                };
                self.visible(*item, Some(variant), field, view).then(|| self.field_shape(*item, args, field))
            }
            (Shape::Adt(_, args), Key::Variant(variant, _)) if args.len() == 2 => {
                args.get(usize::from(variant == Name::ERR)).cloned()
            }
            (Shape::Adt(_, args), Key::Arg(i)) => args.get(i as usize).cloned(),
            // A map that was made of pairs.
            (Shape::Adt(_, args), Key::Field(name)) if args.len() >= 2 => {
                name.as_str().parse::<usize>().ok().map_or(Some(Shape::Unknown), |at| args.get(at).cloned())
            }
            (Shape::Adt(_, args), Key::Const(_)) if args.len() >= 2 => Some(args[1].clone()),
            (Shape::Adt(_, args) | Shape::Of(args), k) if k.is_element() && args.len() == 1 => {
                Some(args[0].clone())
            }
            (Shape::Adt(_, args) | Shape::Of(args), k) if args.len() == 1 => {
                self.part_shape(&args[0], k, view)
            }
            (Shape::Tuple(items), Key::Field(n)) => {
                n.as_str().parse::<usize>().ok().and_then(|i| items.get(i).cloned())
            }
            _ => Some(Shape::Unknown),
        }
    }

    /// Whether a type has parts with labels of their own.
    pub(super) fn holds_labels(&self, shape: &Shape) -> bool {
        self.implied(shape, View::Whole).iter().any(|place| !place.path.is_empty())
    }

    /// Whether a type's `Debug` or `Display` may show a field.
    pub(super) fn tells(&self, item: GItem, variant: Option<u16>, name: Name) -> bool {
        let Some(index) = self.field_index(item, variant, name) else { return true };
        let Some(field) = self.fields_of(item, variant).map(|f| &f.list[usize::from(index)]) else {
            return true;
        };
        let variant = variant.and_then(|v| self.variant_name(item, v));
        [View::Debug, View::Display].iter().any(|view| self.visible(item, variant, field, *view))
    }

    /// Whether a view shows a field: by attributes, and by the code of a hand-written impl.
    pub(super) fn visible(&self, item: GItem, variant: Option<Name>, field: &Field, view: View) -> bool {
        if view == View::Whole {
            return true;
        }
        if field.attrs.hides(view) {
            return false;
        }
        let key = match variant {
            Some(v) => Key::Variant(v, field.name),
            None => Key::Field(field.name),
        };
        match self.hand_written(item, view) {
            Some(func) => self.formatted(func).iter().any(|a| match &a.origin {
                Origin::Param(0, path) => path.is_empty() || path[0] == key,
                _ => false,
            }),
            None => view != View::Display || self.in_template(item, variant, field),
        }
    }

    /// What a hand-written formatting function writes out.
    pub(super) fn formatted(&self, func: GItem) -> Vec<Atom> {
        let mut atoms = Vec::new();
        let Some(summary) = self.summary(func) else { return atoms };
        for (_, out) in summary.outs.iter().filter(|(i, _)| *i == 1) {
            out.all_atoms(&mut atoms);
        }
        summary.ret.all_atoms(&mut atoms);
        atoms.retain(|a| !matches!(a.origin, Origin::Param(1, _)));
        atoms
    }

    /// Whether the message of a derived `Display` (`#[error("…")]`) mentions a field.
    fn in_template(&self, item: GItem, variant: Option<Name>, field: &Field) -> bool {
        let program = self.input.sema.program;
        let attrs = match (&program.item(item).kind, variant) {
            (ItemKind::Enum(_, variants), Some(v)) => variants.iter().find(|x| x.name == v).map(|x| &x.attrs),
            _ => Some(&program.item(item).attrs),
        };
        let Some(attrs) = attrs.and_then(|a| a.get()) else { return false };
        attrs.transparent
            || attrs.display.is_some_and(|(text, _)| mentions(text.as_str(), field.name.as_str()))
    }

    pub(super) fn field_shape(&self, item: GItem, args: &[Shape], field: &Field) -> Shape {
        let sema = self.input.sema;
        let own = Shape::Adt(item, args.into());
        written(sema, item, &bindings(sema, item, args), &own, &field.ty, 0)
    }

    /// The labelled places that a type shows by itself.
    pub(super) fn implied(&self, shape: &Shape, view: View) -> Implied {
        if matches!(shape, Shape::Unknown | Shape::Open | Shape::Prim(_)) {
            return Implied::default();
        }
        let known = self
            .shown
            .read()
            .unwrap_or_else(|e| e.into_inner())
            .get(&view)
            .and_then(|all| all.get(shape).cloned());
        if let Some(known) = known {
            return known;
        }
        let mut out = Vec::new();
        self.places(shape, view, &mut Vec::new(), Path::ROOT, &mut out);
        // In the order in which they are put together with what is known of a value.
        out.sort_by_key(|place| (place.origin, place.form));
        if self.settled {
            for place in &mut out {
                place.echoed_below = self.echoed_below(shape, place.path);
            }
        }
        let found: Implied = out.into();
        if self.settled {
            let mut shown = self.shown.write().unwrap_or_else(|e| e.into_inner());
            shown.entry(view).or_default().insert(shape.clone(), found.clone());
        }
        found
    }

    fn places(
        &self,
        shape: &Shape,
        view: View,
        within: &mut Vec<GItem>,
        at: Path,
        out: &mut Vec<ImpliedPlace>,
    ) {
        if out.len() > MAX_PLACES || within.len() > MAX_NESTING {
            return;
        }
        match shape {
            Shape::Adt(item, args) if self.input.sema.program.is_model(*item) => {
                self.adt_places(*item, args, view, within, at, out);
            }
            Shape::Adt(item, args) => {
                if within.contains(item) || self.is_silent(shape) {
                    return;
                }
                within.push(*item);
                self.adt_places(*item, args, view, within, at, out);
                within.pop();
            }
            Shape::Tuple(items) => {
                for (i, item) in items.iter().enumerate() {
                    let key = Key::Field(Name::new(&i.to_string()));
                    self.places(item, view, within, at.child(key), out);
                }
            }
            Shape::Of(items) => items.iter().for_each(|i| self.places(i, view, within, at, out)),
            Shape::External(path, args) => {
                let names: Vec<&'static str> = path.iter().map(|n| n.as_str()).collect();
                let facts = self.facts_of_type(&names);
                if facts.opaque || facts.hides.contains(&view) {
                    return;
                }
                if let Some(source) = facts.source.filter(|_| !self.answers(within)) {
                    out.push(ImpliedPlace::new(at, Origin::Model(source), Form::Clear));
                }
                args.iter().for_each(|a| self.places(a, view, within, at, out));
            }
            _ => {}
        }
    }

    fn adt_places(
        &self,
        item: GItem,
        args: &[Shape],
        view: View,
        within: &mut Vec<GItem>,
        at: Path,
        out: &mut Vec<ImpliedPlace>,
    ) {
        let program = self.input.sema.program;
        let facts = self.type_facts(item);
        if facts.opaque || (view != View::Whole && facts.hides.contains(&view)) {
            return;
        }
        if let Some(source) = facts.source.filter(|_| !self.answers(within)) {
            out.push(ImpliedPlace::new(at, Origin::Model(source), Form::Clear));
        }
        if let Some(label) = self.input.labels.types.get(&item)
            && let Opacity::Shows(form, doubts) = self.opacity(&Shape::Adt(item, args.into()), view)
        {
            out.push(ImpliedPlace { doubts, ..ImpliedPlace::new(at, Origin::Label(*label), form) });
        }
        if program.is_model(item) {
            self.held_places(item, args, view, within, at, out);
            self.known_places(item, args, view, within, at, out);
            return;
        }
        if let Some(func) = self.hand_written(item, view) {
            self.written_places(func, at, out);
            return;
        }
        match &program.item(item).kind {
            ItemKind::Struct(_, fields) => self.field_places(item, args, None, fields, view, within, at, out),
            ItemKind::Enum(_, variants) => {
                let (first, mut holding) = (out.len(), 0);
                for (i, variant) in variants.iter().enumerate() {
                    let (which, before) = (Some((i as u16, variant.name)), out.len());
                    self.field_places(item, args, which, &variant.fields, view, within, at, out);
                    // What hardly ever holds anything itself does not make it likely.
                    holding += usize::from(out[before..].iter().any(|place| !place.doubts.is_seldom()));
                }
                let seldom = variants.len() >= MANY_VARIANTS && holding * FEW_HOLD < variants.len();
                if seldom && holding > 0 {
                    let failure = if self.is_failure(item) { Doubts::IN_FAILURE } else { Doubts::NONE };
                    let doubt = Doubts::SELDOM.with(failure);
                    out[first..].iter_mut().for_each(|place| place.doubts = place.doubts.with(doubt));
                }
            }
            _ => {}
        }
    }

    /// Whether a place lies in what a server answers: headers and cookies there are not a client's.
    fn answers(&self, within: &[GItem]) -> bool {
        within.iter().any(|item| self.name(*item).as_str().ends_with("Response"))
    }

    /// What a container of a model holds.
    fn held_places(
        &self,
        item: GItem,
        args: &[Shape],
        view: View,
        within: &mut Vec<GItem>,
        at: Path,
        out: &mut Vec<ImpliedPlace>,
    ) {
        let result = Some(item) == self.input.sema.lang.result;
        for (i, arg) in args.iter().enumerate() {
            let path = match (result, args.len()) {
                (true, _) => at.child(super::summary::payload(if i == 0 { "Ok" } else { "Err" })),
                (false, 2..) => at.child(Key::Arg(i as u8)),
                _ => at,
            };
            self.places(arg, view, within, path, out);
        }
    }

    /// What a model's type shows of its fields that models know by their types: a request of its headers. Whoever reads
    /// one of them names it.
    fn known_places(
        &self,
        item: GItem,
        args: &[Shape],
        view: View,
        within: &mut Vec<GItem>,
        at: Path,
        out: &mut Vec<ImpliedPlace>,
    ) {
        let sema = self.input.sema;
        let ItemKind::Struct(_, fields) = &sema.program.item(item).kind else { return };
        if view == View::Whole || fields.list.is_empty() {
            return;
        }
        let (own, params) = (Shape::Adt(item, args.into()), bindings(sema, item, args));
        for field in &fields.list {
            let shape = written(sema, item, &params, &own, &field.ty, 0);
            if matches!(&shape, Shape::Adt(inner, _) if sema.program.is_model(*inner))
                && !args.contains(&shape)
            {
                self.places(&shape, view, within, at.child(Key::Field(field.name)), out);
            }
        }
    }

    /// What a hand-written formatting function shows of labelled places.
    fn written_places(&self, func: GItem, at: Path, out: &mut Vec<ImpliedPlace>) {
        for atom in self.formatted(func) {
            if !atom.origin.symbolic() {
                out.push(ImpliedPlace {
                    doubts: atom.doubts,
                    given: atom.given,
                    ..ImpliedPlace::new(at, atom.origin, atom.form)
                });
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn field_places(
        &self,
        item: GItem,
        args: &[Shape],
        variant: Option<(u16, Name)>,
        fields: &Fields,
        view: View,
        within: &mut Vec<GItem>,
        at: Path,
        out: &mut Vec<ImpliedPlace>,
    ) {
        let (sema, own) = (self.input.sema, Shape::Adt(item, args.into()));
        let params = bindings(sema, item, args);
        for (i, field) in fields.list.iter().enumerate() {
            if !self.visible(item, variant.map(|(_, n)| n), field, view) {
                continue;
            }
            let shape = written(sema, item, &params, &own, &field.ty, 0);
            let label = self.input.labels.fields.get(&(item, variant.map(|(v, _)| v), i as u16));
            if label.is_none() && self.is_bare(&shape) {
                continue;
            }
            let key = match variant {
                Some((_, name)) => Key::Variant(name, field.name),
                None => Key::Field(field.name),
            };
            let path = at.child(key);
            if let Some(label) = label
                && self.holds(*label, &shape)
                && let Opacity::Shows(form, doubts) = self.opacity_through(&shape, view)
            {
                out.push(ImpliedPlace { doubts, ..ImpliedPlace::new(path, Origin::Label(*label), form) });
            }
            for (name, label) in self.records_in(item, variant, i as u16, view) {
                if let Opacity::Shows(form, doubts) = self.opacity_through(&shape, view) {
                    let path = path.child(Key::Const(*name));
                    out.push(ImpliedPlace { doubts, ..ImpliedPlace::new(path, Origin::Label(*label), form) });
                }
            }
            self.places(&shape, view, within, path, out);
        }
    }

    /// What a map in a field is seen to hold under names, where it is shown.
    fn records_in(
        &self,
        item: GItem,
        variant: Option<(u16, Name)>,
        index: u16,
        view: View,
    ) -> &'a [(Name, LabelId)] {
        let is_shown = variant.is_none() && view != View::Whole;
        let records = self.input.labels.records.get(&(item, index)).filter(|_| is_shown);
        records.map_or(&[], |records| records)
    }

    /// Whether a type by itself tells of nobody: text, numbers and what else other crates declare without a word.
    pub(super) fn is_bare(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Prim(_) | Shape::Unknown | Shape::Open => true,
            shape if self.is_silent(shape) => true,
            Shape::Adt(item, args) if args.is_empty() && self.input.sema.program.is_model(*item) => {
                self.type_facts(*item).source.is_none() && !self.input.labels.types.contains_key(item)
            }
            _ => false,
        }
    }
}

/// Whether a format string has a hole for this argument.
fn mentions(template: &str, name: &str) -> bool {
    let mut rest = template;
    let mut positional = 0;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            rest = after;
            continue;
        }
        let end = rest.find('}').unwrap_or(rest.len());
        let arg = rest[..end].split(':').next().unwrap_or("").trim();
        let arg = if arg.is_empty() {
            positional += 1;
            (positional - 1).to_string()
        } else {
            arg.split('.').next().unwrap_or(arg).to_owned()
        };
        if arg == name {
            return true;
        }
        rest = &rest[end..];
    }
    false
}

/// Bytes and characters: one is no text, several are.
fn is_piece_of_text(shape: &Shape) -> bool {
    matches!(shape, Shape::Prim(name) if *name == *"u8" || *name == *"char")
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn holes_of_messages() {
        assert!(mentions("no user {email}", "email"));
        assert!(mentions("no user {0} and {1:?}", "1"));
        assert!(mentions("no user {} and {}", "1"));
        assert!(!mentions("no user {{email}}", "email"));
        assert!(!mentions("no user {name}", "email"));
    }
}
