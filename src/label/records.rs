//! Maps in fields that code asks for data by name, itself or through functions of the program: records whose fields are
//! named while the program runs. Decides neither what a name means nor which calls ask.

use rustc_hash::{FxHashMap, FxHashSet};

use super::infer::OwnLists;
use super::keys::{Asked, Reader, facts};
use super::place::{Part, Place, binding, function};
use super::shape::Shapes;
use crate::ir::{Expr, ExprId, TypeRef};
use crate::name::Name;
use crate::recognise::{Hit, TypeFacts, TypeShape, holds_what_it_names, recognise_by};
use crate::resolve::{GItem, Program};
use crate::types::{Callee, Inference};

/// How many functions lie at most between a map and whoever names what is in it.
const FAR: usize = 3;

/// A field of a struct.
type Field = (GItem, u16);

/// A map in a field, what of it is asked for, and what that looks like.
pub(super) type Record = (Place, Name, Hit);

/// What is asked of maps in fields and looks personal, in the order of the fields.
pub(super) fn look(shapes: Shapes<'_>, bodies: &[&(GItem, Inference)], own_words: &OwnLists) -> Vec<Record> {
    let mut search = Search { shapes, doors: FxHashMap::default(), asked: FxHashSet::default() };
    for _ in 0..FAR {
        let before = search.found();
        bodies.iter().for_each(|(item, inference)| search.read(*item, inference));
        if search.found() == before {
            break;
        }
    }
    let mut asked: Vec<(Field, Name)> = search.asked.into_iter().collect();
    asked.sort_by_key(|(field, key)| (*field, key.as_str()));
    asked.into_iter().filter_map(|(field, key)| told(shapes.program, field, key, own_words)).collect()
}

/// What a key says of the map in a field.
fn told(program: &Program, (item, index): Field, key: Name, own_words: &OwnLists) -> Option<Record> {
    let place = Place { item, part: Part::Field(None, index) };
    let of = place.field(program)?.name;
    let asked = Asked { of: Some(of), key };
    let hit =
        recognise_by(own_words.of_package(program.package_of(item)?), &facts(asked, TypeFacts::default()));
    let mut hit = hit.filter(|hit| hit.counts() && holds_what_it_names(of.as_str()))?;
    hit.evidence = format!("`{of}` is a map that code asks for `{key}`");
    Some((place, key, hit))
}

/// Whether a field is a map from texts to what may be data.
fn is_record(shapes: Shapes<'_>, (item, index): Field) -> bool {
    let place = Place { item, part: Part::Field(None, index) };
    let Some(TypeRef::Path(path)) = place.written(shapes.program) else { return false };
    let Some([key, value]) =
        path.segments.last().and_then(|last| last.args.as_ref()).map(|args| &args.types[..])
    else {
        return false;
    };
    let shape = |ty: &TypeRef| shapes.of_written(item, ty);
    let value = shape(value);
    let holds_nothing = [TypeShape::Bool, TypeShape::UnitEnum, TypeShape::Integer, TypeShape::Float];
    shape(key).facts().shape == TypeShape::Text
        && !value.empty
        && !holds_nothing.contains(&value.facts().shape)
}

/// Names and functions on their way to maps.
struct Search<'a> {
    shapes: Shapes<'a>,
    /// Functions that ask a map for what they are asked for: by which parameter, `self` not counted.
    doors: FxHashMap<(GItem, u16), Field>,
    asked: FxHashSet<(Field, Name)>,
}

impl Search<'_> {
    fn found(&self) -> (usize, usize) {
        (self.doors.len(), self.asked.len())
    }

    fn read(&mut self, item: GItem, inference: &Inference) {
        let program = self.shapes.program;
        let Some(body) = program.body(item).filter(|_| program.package_of(item).is_some()) else { return };
        let reader = Reader { program, body, inference };
        for (at, expr) in body.exprs.iter().enumerate() {
            let (container, args) = match *expr {
                Expr::Method(receiver, _, args, _) => (receiver, body.list(args)),
                Expr::Index(base, ref key) => (base, std::slice::from_ref(key)),
                _ => continue,
            };
            let Some(first) = args.first() else { continue };
            if let Some(field) = self.map(&reader, container) {
                self.ask(&reader, item, *first, field);
            } else if let Some(Callee::Fn(func, _)) = inference.callees.get(&ExprId(at as u32)) {
                for (n, arg) in args.iter().enumerate() {
                    if let Some(field) = self.doors.get(&(*func, n as u16)).copied() {
                        self.ask(&reader, item, *arg, field);
                    }
                }
            }
        }
    }

    /// The field that an expression reads, where that is such a map.
    fn map(&self, reader: &Reader<'_>, mut at: ExprId) -> Option<Field> {
        while let Expr::Ref(inner, _) | Expr::Deref(inner) = *reader.body.expr(at) {
            at = inner;
        }
        let Expr::Field(..) = reader.body.expr(at) else { return None };
        let field = *reader.inference.fields.get(&at)?;
        (self.shapes.program.package_of(field.0).is_some() && is_record(self.shapes, field)).then_some(field)
    }

    /// Notes what a map is asked for: a name, or what the function that asks is asked for.
    fn ask(&mut self, reader: &Reader<'_>, item: GItem, key: ExprId, field: Field) {
        let key = plain(reader, key);
        if let Some(name) = reader.key(key) {
            self.asked.insert((field, name));
        } else if let Expr::Local(local) = *reader.body.expr(key) {
            let count = function(reader.program, item).map_or(0, |decl| decl.params.len() as u16);
            let param = (0..count).find(|n| binding(reader.program, item, *n) == Some(local));
            if let Some(param) = param {
                self.doors.entry((item, param)).or_insert(field);
            }
        }
    }
}

/// A key without what makes another text of it: `key.to_string()`.
fn plain(reader: &Reader<'_>, mut at: ExprId) -> ExprId {
    loop {
        at = match *reader.body.expr(at) {
            Expr::Ref(inner, _) | Expr::Deref(inner) => inner,
            Expr::Method(receiver, _, args, _) if args.is_empty() => receiver,
            _ => return at,
        }
    }
}
