//! Places that look personal: declarations and variables handed to recognition with what is known of their types and
//! surroundings. Decides neither where inference is wanted nor what a name means.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::{self, Question};
use super::owners::Owners;
use super::place::{Part, Place, binding, own_items, places_of, variant_name};
use super::records::{self, Record};
use super::shape::{Shape, Shapes};
use super::{Context, Decisions, Inferred, alike, moves, twins, uses};
use crate::ir::{Body, Expr, Fields, ItemKind, LocalId, TypeRef};
use crate::name::Name;
use crate::recognise::{
    Confidence, Facts, Hit, OwnWords, PlaceKind, TypeFacts, TypeShape, keeps_choices, may_tell, recognise_by,
    type_may_tell,
};
use crate::resolve::{GItem, Program};
use crate::types::{Inference, TyKind};

/// What looks personal.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Places, in order.
    pub(super) places: Vec<(Place, Hit)>,
    /// Fields of values whose type is not known, by package and name, in the order of their first use.
    pub(super) unknown_fields: Vec<(u32, Name, Hit)>,
    /// What containers are asked for.
    pub(super) asked: Vec<Question>,
    /// Maps in fields, by what they are asked for.
    pub(super) records: Vec<Record>,
}

/// Looks at every place that nothing has been decided about.
pub(super) fn look(context: &Context<'_>, decided: &Decisions) -> Seen {
    if context.inferred == Inferred::No {
        return Seen::default();
    }
    let program = context.sema.program;
    let items = own_items(program);
    let own = |item: GItem| program.is_live(item) && program.package_of(item).is_some();
    let bodies: Vec<&(GItem, Inference)> = context.bodies.iter().filter(|(item, _)| own(*item)).collect();
    let shapes = Shapes { program, models: context.models };
    let own_words = OwnLists::of(context);
    let telling = Telling::of(program, &items, &bodies, &own_words);
    let owners = Owners::of(program, &items);
    let looker =
        Looker { program, shapes, decided, telling: &telling, own_words: &own_words, owners: &owners };
    let declared: Vec<Vec<(Place, Hit)>> = items.par_iter().map(|item| looker.item(*item)).collect();
    let mut alike = alike::look(shapes, &items, decided, &declared);
    let known: FxHashSet<Place> = alike.iter().map(|(place, _)| *place).collect();
    let twins = twins::look(shapes, &items, decided, &declared);
    alike.extend(twins.into_iter().filter(|(place, _)| !known.contains(place)));
    let variables: Vec<Vec<(Place, Hit)>> =
        bodies.par_iter().map(|(item, inference)| looker.variables(*item, inference)).collect();
    let fields: Vec<Vec<Name>> =
        bodies.par_iter().map(|(item, inference)| looker.unknown_fields(*item, inference)).collect();
    let told = || declared.iter().flatten().chain(&alike).map(|(place, hit)| (*place, hit));
    let (used, (asked, records)) = rayon::join(
        // What it tells is proposed, and never followed.
        || match context.proposes {
            true => uses::look((context, shapes), &items, decided, &moves::of(program, &bodies), told()),
            false => Vec::new(),
        },
        || {
            let asked = || keys::look(shapes, &bodies, &own_words);
            rayon::join(asked, || records::look(shapes, &bodies, &own_words))
        },
    );
    Seen {
        places: declared.into_iter().chain(variables).flatten().chain(alike).chain(used).collect(),
        unknown_fields: by_package(program, &bodies, fields, &own_words),
        asked,
        records,
    }
}

fn by_package(
    program: &Program,
    bodies: &[&(GItem, Inference)],
    fields: Vec<Vec<Name>>,
    own_words: &OwnLists,
) -> Vec<(u32, Name, Hit)> {
    let mut seen = FxHashSet::default();
    let mut out = Vec::new();
    for ((item, _), names) in bodies.iter().zip(fields) {
        let Some(package) = program.package_of(*item) else { continue };
        for name in names.into_iter().filter(|name| seen.insert((package, *name))) {
            let facts = facts(PlaceKind::Field, name.as_str(), None, TypeFacts::default());
            let hit = recognise_by(own_words.of_package(package), &facts);
            out.extend(hit.filter(Hit::counts).map(|hit| (package, name, hit)));
        }
    }
    out
}

/// The words that the notices of a run add.
pub(super) struct OwnLists {
    /// By notice.
    lists: Vec<OwnWords>,
    /// The notice of each package.
    notices: Vec<usize>,
    none: OwnWords,
}

impl OwnLists {
    fn of(context: &Context<'_>) -> Self {
        let key = |category| Name::new(&context.taxonomy.get(category).key).as_str();
        let lists = context.notices.iter().map(|notice| {
            let phrases = notice.words.iter().flat_map(|word| {
                word.names.iter().map(move |name| (name.value.as_str(), word.category.map(key)))
            });
            OwnWords::new(phrases)
        });
        let notices = context.packages.iter().map(|package| package.notice.0 as usize).collect();
        Self { lists: lists.collect(), notices, none: OwnWords::default() }
    }

    pub(super) fn of_package(&self, package: u32) -> &OwnWords {
        let notice = self.notices.get(package as usize);
        notice.and_then(|notice| self.lists.get(*notice)).unwrap_or(&self.none)
    }

    fn speak_of(&self, name: &str) -> bool {
        self.lists.iter().any(|words| words.meaning(name).is_some())
    }
}

/// Names that could mean something personal at all: most do not, and need no type.
struct Telling(FxHashMap<Name, bool>);

impl Telling {
    fn of(program: &Program, items: &[GItem], bodies: &[&(GItem, Inference)], own_words: &OwnLists) -> Self {
        let declared = items.par_iter().fold(Names::default, |mut names, item| {
            declared_names(program, *item, &mut |name| names.add(name));
            names
        });
        let used = bodies.par_iter().fold(Names::default, |mut names, (item, _)| {
            program.body(*item).into_iter().for_each(|body| names_of_code(body, &mut |name| names.add(name)));
            names
        });
        let all: Vec<Names> = declared.chain(used).collect();
        let mut names = Names::default();
        all.into_iter().flat_map(|part| part.list).for_each(|name| names.add(name));
        let names = names.list;
        let tells: Vec<bool> = names
            .par_iter()
            .map(|name| may_tell(name.as_str()) || own_words.speak_of(name.as_str()))
            .collect();
        Self(names.into_iter().zip(tells).collect())
    }

    fn has(&self, name: Name) -> bool {
        self.0.get(&name).copied().unwrap_or(false)
    }
}

/// Names, each once.
#[derive(Default)]
struct Names {
    list: Vec<Name>,
    known: FxHashSet<Name>,
}

impl Names {
    fn add(&mut self, name: Name) {
        if self.known.insert(name) {
            self.list.push(name);
        }
    }
}

fn names_of_code(body: &Body, add: &mut dyn FnMut(Name)) {
    body.locals.iter().for_each(|local| add(local.name));
    for expr in &body.exprs {
        if let Expr::Field(_, name) = expr {
            add(*name);
        }
    }
}

fn declared_names(program: &Program, item: GItem, add: &mut dyn FnMut(Name)) {
    let mut fields = |fields: &Fields| {
        for field in &fields.list {
            add(field.name);
            field.attrs.get().and_then(|a| a.serde_name).into_iter().for_each(&mut *add);
        }
    };
    let declared = program.item(item);
    match &declared.kind {
        ItemKind::Struct(_, own) => fields(own),
        ItemKind::Enum(_, variants) => variants.iter().for_each(|v| fields(&v.fields)),
        ItemKind::Fn(decl) => decl.params.iter().filter_map(|p| p.name).for_each(&mut *add),
        _ => {}
    }
    if let ItemKind::Enum(_, variants) = &declared.kind {
        variants.iter().for_each(|v| add(v.name));
    }
    add(declared.name);
}

fn facts<'a>(kind: PlaceKind, name: &'a str, holder: Option<&'a str>, ty: TypeFacts<'a>) -> Facts<'a> {
    let (serde_name, doc, owner, method_of) = (None, None, None, None);
    Facts { kind, name, holder, method_of, holder_fields: &[], ty, serde_name, doc, owner }
}

/// Whether a type keeps what a person chose, whatever its fields are named.
fn keeps(holder: Name, tells: &dyn Fn(Name) -> bool) -> bool {
    tells(holder) && keeps_choices(holder.as_str())
}

/// Whether a type, or what it is filled with, may say something of a field whatever the field is named.
fn tells_by_type(ty: &TypeRef, tells: &dyn Fn(Name) -> bool) -> bool {
    match ty {
        TypeRef::Path(path) => path.segments.last().is_some_and(|last| {
            let types = last.args.as_ref().map(|args| &args.types[..]).unwrap_or_default();
            types.iter().any(|ty| tells_by_type(ty, tells))
                || tells(last.name)
                || type_may_tell(last.name.as_str())
        }),
        TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => tells_by_type(inner, tells),
        _ => false,
    }
}

/// Whether a type, or what it is filled with, is borrowed.
fn is_borrowed(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Ref(_, unique) => !unique,
        TypeRef::Slice(inner) | TypeRef::Array(inner) => is_borrowed(inner),
        TypeRef::Path(path) => path
            .segments
            .last()
            .and_then(|last| last.args.as_ref())
            .is_some_and(|args| args.types.last().is_some_and(|ty| is_borrowed(ty))),
        _ => false,
    }
}

/// Whether a value that is named on its own, and not as part of a record, may be told by its name: text and bytes, what
/// is not known, and foreign types that the name and the type agree upon.
fn stands_alone(shape: TypeShape, hit: &Hit) -> bool {
    match shape {
        TypeShape::Text | TypeShape::Bytes | TypeShape::Unknown => true,
        TypeShape::Foreign => hit.confidence == Confidence::High,
        _ => false,
    }
}

struct Looker<'a> {
    program: &'a Program,
    shapes: Shapes<'a>,
    decided: &'a Decisions,
    telling: &'a Telling,
    own_words: &'a OwnLists,
    owners: &'a Owners,
}

impl Looker<'_> {
    fn item(&self, item: GItem) -> Vec<(Place, Hit)> {
        let whole = Place { item, part: Part::Whole };
        if self.decided.contains_key(&whole) {
            return Vec::new();
        }
        let open = places_of(self.program, item).into_iter().filter(|p| !self.decided.contains_key(p));
        open.filter_map(|place| Some((place, self.declared(place)?))).collect()
    }

    fn declared(&self, place: Place) -> Option<Hit> {
        match (place.part, &self.program.item(place.item).kind) {
            (Part::Field(None, index), ItemKind::Struct(_, fields)) => {
                let holder = self.program.item(place.item).name;
                self.field(place, holder, fields, index, PlaceKind::TypeName)
            }
            (Part::Field(Some(v), index), ItemKind::Enum(_, variants)) => {
                let fields = &variants.get(v as usize)?.fields;
                let holder = self.program.item(place.item).name;
                let variant = variant_name(self.program, place.item, v)?;
                let by_variant = || self.field(place, variant, fields, index, PlaceKind::Variant);
                if fields.tuple {
                    by_variant()
                } else {
                    self.named(place, holder, fields).or_else(by_variant)
                }
            }
            (Part::Param(index), ItemKind::Fn(decl)) => {
                let param = decl.params.get(index as usize)?;
                self.param(place.item, param.name?, &param.ty)
            }
            (Part::Return, ItemKind::Fn(decl)) => self.result(place.item, decl.ret.as_ref()?),
            _ => None,
        }
    }

    /// A field by its name; that of a tuple with one field by the name of what holds it.
    fn field(&self, place: Place, holder: Name, fields: &Fields, index: u16, kind: PlaceKind) -> Option<Hit> {
        match (fields.tuple, fields.list.len()) {
            (false, _) => self.named(place, holder, fields),
            (true, 1) => self.only(place, holder, &fields.list.get(index as usize)?.ty, kind),
            (true, _) => None,
        }
    }

    fn named(&self, place: Place, holder: Name, fields: &Fields) -> Option<Hit> {
        let field = place.field(self.program)?;
        let attrs = field.attrs.get();
        let serde_name = attrs.and_then(|a| a.serde_name);
        let tells = |name| self.telling.has(name);
        if !tells(field.name)
            && !serde_name.is_some_and(tells)
            && !keeps(holder, &tells)
            && !tells_by_type(&field.ty, &tells)
        {
            return None;
        }
        let shape = self.shapes.of_written(place.item, &field.ty);
        let siblings: Vec<&str> = fields.list.iter().map(|f| f.name.as_str()).collect();
        let known = Facts {
            holder_fields: &siblings,
            serde_name: serde_name.map(Name::as_str),
            doc: attrs.and_then(|a| a.doc.as_deref()),
            owner: self.owners.of_item(place.item).map(Name::as_str),
            ..facts(PlaceKind::Field, field.name.as_str(), Some(holder.as_str()), shape.facts())
        };
        let hit = self.recognise(place.item, &known).filter(|_| !shape.empty)?;
        (hit.is_shared() || !self.is_compiled_in(place.item, fields, &field.ty)).then_some(hit)
    }

    /// Whether all texts of a struct are written in the program, as those are that are borrowed from nobody: no person's,
    /// although a secret among them is one.
    fn is_compiled_in(&self, item: GItem, fields: &Fields, ty: &TypeRef) -> bool {
        let ItemKind::Struct(generics, _) = &self.program.item(item).kind else { return false };
        let is_text = |ty: &TypeRef| self.shapes.of_written(item, ty).facts().shape == TypeShape::Text;
        let mut others = fields.list.iter().filter(|field| !is_borrowed(&field.ty));
        !generics.borrows && is_borrowed(ty) && !others.any(|field| is_text(&field.ty))
    }

    /// The type that a function belongs to.
    fn method_of(&self, item: GItem) -> Option<Name> {
        let ItemKind::Impl(imp) = &self.program.item(self.program.parent(item)?).kind else { return None };
        let TypeRef::Path(path) = &*imp.self_ty else { return None };
        path.segments.last().map(|last| last.name)
    }

    fn only(&self, place: Place, holder: Name, ty: &TypeRef, kind: PlaceKind) -> Option<Hit> {
        if !self.telling.has(holder) {
            return None;
        }
        let shape = self.shapes.of_written(place.item, ty);
        self.alone(kind, holder, place.item, &shape)
    }

    fn param(&self, item: GItem, name: Name, ty: &TypeRef) -> Option<Hit> {
        if !self.telling.has(name) {
            return None;
        }
        let shape = self.shapes.of_written(item, ty);
        self.alone(PlaceKind::Parameter, name, item, &shape)
    }

    fn recognise(&self, item: GItem, facts: &Facts<'_>) -> Option<Hit> {
        recognise_by(self.own_words.of_package(self.program.package_of(item)?), facts)
    }

    fn alone(&self, kind: PlaceKind, name: Name, item: GItem, shape: &Shape) -> Option<Hit> {
        let known = shape.facts();
        let holder = self.program.item(item).name.as_str();
        let of = self.method_of(item);
        let known_facts = facts(kind, name.as_str(), Some(holder), known);
        let hit = self.recognise(item, &Facts { method_of: of.map(Name::as_str), ..known_facts })?;
        (stands_alone(known.shape, &hit) && !shape.empty).then_some(hit)
    }

    fn result(&self, item: GItem, ret: &TypeRef) -> Option<Hit> {
        let name = self.program.item(item).name;
        if !self.telling.has(name) {
            return None;
        }
        let shape = self.shapes.of_written(item, ret);
        let path = self.program.path(item);
        let holder = self.program.parent(item).and_then(|_| path.iter().rev().nth(1)).map(|n| n.as_str());
        let known = shape.facts();
        let hit = self.recognise(item, &facts(PlaceKind::Function, name.as_str(), holder, known))?;
        let text = known.shape != TypeShape::Unknown && stands_alone(known.shape, &hit) && !shape.empty;
        text.then_some(hit)
    }

    /// Variables but for those that a parameter binds as it is: the parameter's own place tells of them.
    fn variables(&self, item: GItem, inference: &Inference) -> Vec<(Place, Hit)> {
        let Some(body) = self.program.body(item) else { return Vec::new() };
        let params = super::place::function(self.program, item).map_or(0, |f| f.params.len());
        let bound: Vec<LocalId> = (0..params as u16).filter_map(|i| binding(self.program, item, i)).collect();
        let telling = body.locals.iter().enumerate().filter(|(_, local)| self.telling.has(local.name));
        let places = telling.filter_map(|(i, local)| {
            let place = Place { item, part: Part::Local(LocalId(i as u32)) };
            if bound.contains(&LocalId(i as u32)) || self.decided.contains_key(&place) {
                return None;
            }
            let shape = self.shapes.of_ty(&inference.table, *inference.locals.get(i)?);
            Some((place, self.alone(PlaceKind::Local, local.name, item, &shape).filter(Hit::counts)?))
        });
        places.collect()
    }

    /// Names of fields that are read from values whose type is open or foreign: that somebody declares it says nothing of
    /// what its fields hold, as long as no model speaks of them.
    fn unknown_fields(&self, item: GItem, inference: &Inference) -> Vec<Name> {
        let Some(body) = self.program.body(item) else { return Vec::new() };
        let names = body.exprs.iter().filter_map(|expr| match expr {
            Expr::Field(base, name) if self.telling.has(*name) => {
                let ty = *inference.exprs.get(base.0 as usize)?;
                let foreign = match inference.table.kind(ty) {
                    TyKind::External(..) => true,
                    TyKind::Adt(adt, _) => self.program.is_read(*adt),
                    _ => false,
                };
                (foreign || inference.table.open(ty)).then_some(*name)
            }
            _ => None,
        });
        names.collect()
    }
}
