//! What values of a type look like, wrappers looked through: of types as written in a declaration and of inferred
//! ones. Knows no names of places and no category.

use smallvec::SmallVec;

use crate::ir::{Bound, Fields, Generics, ItemKind, Path, TypeRef, Variant};
use crate::models::{Models, View};
use crate::name::Name;
use crate::recognise::{TypeFacts, TypeShape, recognise_type};
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};
use crate::types::{BoundTy, Store, Ty, TyKind};

/// Types nest no deeper than this where it matters, and type parameters that bound one another half as deep twice.
const MAX_DEPTH: u32 = 12;

/// What is known of a type.
#[derive(Debug, Default)]
pub(super) struct Shape {
    segments: SmallVec<[&'static str; 4]>,
    /// Decided otherwise than by the innermost name.
    decided: Option<TypeShape>,
    /// Functions, `PhantomData` and the like: no value of the type holds data.
    pub(super) empty: bool,
    /// Whether a layer of it does not show its content under `Debug`.
    pub(super) hides_debug: bool,
}

impl Shape {
    /// As recognition wants it.
    pub(super) fn facts(&self) -> TypeFacts<'_> {
        let facts = TypeFacts::foreign(&self.segments);
        TypeFacts { shape: self.decided.unwrap_or(facts.shape), ..facts }
    }

    fn decide(&mut self, shape: TypeShape) {
        self.decided = Some(shape);
    }
}

/// What a named type says of its content.
enum Head<'a> {
    /// It is this argument.
    Through(usize),
    /// A generic type of the program: what it is filled with, where that is a plain value.
    Filled,
    /// A type of the program.
    Own(TypeShape),
    /// A type of the program that is there for one value: its only field, or the one that is named so.
    Value(GItem, &'a TypeRef),
    /// A type of the program that is one of several plain values.
    Union(GItem, &'a [Variant]),
    /// A type of another crate, by its name.
    Outside,
    /// Nothing.
    Empty,
}

/// Reads types.
#[derive(Clone, Copy)]
pub(super) struct Shapes<'a> {
    /// The program.
    pub(super) program: &'a Program,
    /// What is known of other crates' types.
    pub(super) models: &'a Models,
}

impl<'a> Shapes<'a> {
    /// A type as written in an item.
    pub(super) fn of_written(self, item: GItem, ty: &TypeRef) -> Shape {
        let mut shape = Shape::default();
        self.written(item, ty, &mut shape, 0);
        shape
    }

    /// An inferred type.
    pub(super) fn of_ty(self, table: &Store, ty: Ty) -> Shape {
        let mut shape = Shape::default();
        self.inferred(table, ty, &mut shape, 0);
        shape
    }

    fn written(self, item: GItem, ty: &TypeRef, out: &mut Shape, depth: u32) {
        if depth > MAX_DEPTH {
            return out.decide(TypeShape::Unknown);
        }
        match ty {
            TypeRef::Path(path) => self.path(item, path, out, depth + 1),
            TypeRef::Ref(inner, _) => self.written(item, inner, out, depth + 1),
            TypeRef::Slice(inner) | TypeRef::Array(inner) => {
                out.segments.push("slice");
                self.written(item, inner, out, depth + 1);
            }
            TypeRef::Tuple(items) => match items.first() {
                Some(first) => self.written(item, first, out, depth + 1),
                None => out.empty = true,
            },
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => self.bounds(item, bounds.iter(), out, depth + 1),
            TypeRef::Fn(..) | TypeRef::Never => out.empty = true,
            TypeRef::Infer | TypeRef::Error => out.decide(TypeShape::Unknown),
        }
    }

    fn path(self, item: GItem, path: &Path, out: &mut Shape, depth: u32) {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return out.decide(TypeShape::Unknown);
        };
        match (path.single(), self.type_parameter(item, first.name)) {
            _ if path.qself.is_some() => return out.decide(TypeShape::Unknown),
            (Some(name), _) if name == *"Self" => return self.self_type(item, out, depth),
            (Some(_), Some(bounds)) => {
                return self.bounds(item, bounds.into_iter(), out, depth + MAX_DEPTH / 2);
            }
            (None, Some(_)) => return out.decide(TypeShape::Unknown),
            (None, None) if first.name == *"Self" => return out.decide(TypeShape::Unknown),
            _ => {}
        }
        let args = last.args.as_ref().map(|a| &a.types[..]).unwrap_or_default();
        let content = |at: usize, out: &mut Shape| self.written(item, &args[at], out, depth);
        match self.program.resolve(self.program.home(item), path, Namespace::Type) {
            Resolution::Def(Def::Item(found), 0) => match &self.program.item(found).kind {
                ItemKind::Alias(_, Some(target), _) => {
                    self.alias(found, target, args.len(), &content, out, depth)
                }
                ItemKind::Trait(..) => self.of_trait(Some(found), last.name, out),
                _ => self.named(Some(found), &self.program.path(found), args.len(), &content, out),
            },
            Resolution::External(names) => self.named(None, &names, args.len(), &content, out),
            _ => self.named(None, &[last.name], args.len(), &content, out),
        }
    }

    /// What an alias stands for; where that is left to its parameter (`Result<T>`), what the use fills in.
    fn alias(
        self,
        alias: GItem,
        target: &TypeRef,
        args: usize,
        content: &dyn Fn(usize, &mut Shape),
        out: &mut Shape,
        depth: u32,
    ) {
        self.written(alias, target, out, depth);
        if args > 0 && out.decided == Some(TypeShape::Unknown) {
            out.decided = None;
            content(0, out);
        }
    }

    fn self_type(self, item: GItem, out: &mut Shape, depth: u32) {
        match self.program.parent(item).map(|p| (p, &self.program.item(p).kind)) {
            Some((parent, ItemKind::Impl(imp))) => self.written(parent, &imp.self_ty, out, depth),
            Some(_) => out.decide(TypeShape::Unknown),
            None => out.decide(TypeShape::Program),
        }
    }

    /// The bounds of a type parameter in scope of an item; `None` where the name is none.
    fn type_parameter(self, item: GItem, name: Name) -> Option<Vec<&'a Bound>> {
        let scopes = [Some(item), self.program.parent(item)];
        let generics = scopes.into_iter().flatten().filter_map(|i| generics(&self.program.item(i).kind));
        let declaring = generics.clone().any(|g| g.params.contains(&name));
        let of_it = |ty: &TypeRef| matches!(ty, TypeRef::Path(p) if p.single() == Some(name));
        declaring
            .then(|| generics.flat_map(|g| &g.bounds).filter(|(ty, _)| of_it(ty)).map(|(_, b)| b).collect())
    }

    /// What satisfies bounds: the content that the first of them names, `AsRef<str>` or `Future<Output = T>`.
    fn bounds<'b>(self, item: GItem, bounds: impl Iterator<Item = &'b Bound>, out: &mut Shape, depth: u32) {
        for bound in bounds {
            let Some(last) = bound.path.segments.last() else { continue };
            match last.args.as_deref() {
                Some(args) if args.call => out.empty = true,
                Some(args) => match args.bindings.first().map(|(_, ty)| ty).or(args.types.first()) {
                    Some(ty) => self.written(item, ty, out, depth),
                    None => continue,
                },
                None => {
                    let found = self.program.resolve(self.program.home(item), &bound.path, Namespace::Type);
                    let found = if let Resolution::Def(Def::Item(t), 0) = found { Some(t) } else { None };
                    self.of_trait(found, last.name, out);
                }
            }
            if out.empty || out.decided != Some(TypeShape::Unknown) {
                return;
            }
        }
        out.decide(TypeShape::Unknown);
    }

    /// An object of a trait: one of std's (`Display`) tells nothing, one of the program is machinery.
    fn of_trait(self, found: Option<GItem>, name: Name, out: &mut Shape) {
        let shape = match found {
            Some(found) if self.program.package_of(found).is_some() => TypeShape::Program,
            Some(found) if self.program.path(found).first().is_some_and(|c| *c == *"std") => {
                TypeShape::Unknown
            }
            None if name == *"Self" => TypeShape::Unknown,
            _ => TypeShape::Foreign,
        };
        out.segments.push(name.as_str());
        out.decide(shape);
    }

    fn inferred(self, table: &Store, ty: Ty, out: &mut Shape, depth: u32) {
        if depth > MAX_DEPTH {
            return out.decide(TypeShape::Unknown);
        }
        let depth = depth + 1;
        match table.kind(ty) {
            TyKind::Adt(item, args) => {
                let content = |at: usize, out: &mut Shape| self.inferred(table, args[at], out, depth);
                self.named(Some(*item), &self.program.path(*item), args.len(), &content, out);
            }
            TyKind::External(path, args) => {
                let content = |at: usize, out: &mut Shape| self.inferred(table, args[at], out, depth);
                self.named(None, path, args.len(), &content, out);
            }
            TyKind::Prim(name) => out.segments.push(name.as_str()),
            TyKind::Slice(inner) => {
                out.segments.push("slice");
                self.inferred(table, *inner, out, depth);
            }
            TyKind::Tuple(items) => match items.first() {
                Some(first) => self.inferred(table, *first, out, depth),
                None => out.empty = true,
            },
            TyKind::Future(inner) => self.inferred(table, *inner, out, depth),
            TyKind::Bounds(bounds) => self.inferred_bounds(table, bounds, out, depth),
            TyKind::Fn(_) | TyKind::FnPtr(..) | TyKind::Closure(_) | TyKind::Never => out.empty = true,
            TyKind::Unknown | TyKind::Var(_) | TyKind::Param(..) | TyKind::Proj(..) => {
                out.decide(TypeShape::Unknown);
            }
        }
    }

    fn inferred_bounds(self, table: &Store, bounds: &[BoundTy], out: &mut Shape, depth: u32) {
        for bound in bounds {
            match bound.bindings.first().map(|(_, ty)| ty).or(bound.args.first()) {
                _ if bound.call => out.empty = true,
                Some(ty) => self.inferred(table, *ty, out, depth),
                None => self.of_trait(bound.trait_, bound.name, out),
            }
            if out.empty || out.decided != Some(TypeShape::Unknown) {
                return;
            }
        }
        out.decide(TypeShape::Unknown);
    }

    /// A struct or enum with its arguments, which `content` reads.
    fn named(
        self,
        item: Option<GItem>,
        path: &[Name],
        args: usize,
        content: &dyn Fn(usize, &mut Shape),
        out: &mut Shape,
    ) {
        out.segments.extend(path.last().map(|n| n.as_str()));
        match self.head(item, path, args, out) {
            Head::Through(at) => content(at, out),
            Head::Filled => {
                let mut inner = Shape::default();
                content(0, &mut inner);
                let plain = [TypeShape::Text, TypeShape::Bytes, TypeShape::Integer, TypeShape::OpaqueId];
                match plain.contains(&inner.facts().shape) && !inner.empty {
                    true => out.segments.extend(inner.segments),
                    false => out.decide(TypeShape::Program),
                }
            }
            Head::Own(shape) => out.decide(shape),
            Head::Value(item, ty) => self.value(item, ty, out),
            Head::Union(item, variants) => self.union(item, variants, out),
            Head::Outside => {}
            Head::Empty => out.empty = true,
        }
    }

    /// What a type that is there for one value holds: a plain one, or the type stands for itself. One that is named for
    /// what it holds is personal wherever it stands.
    fn value(self, item: GItem, ty: &TypeRef, out: &mut Shape) {
        let own = out.segments.len();
        let named = recognise_type(&out.segments[own.saturating_sub(1)..]).is_some();
        // Every layer adds a segment, so that what holds itself comes to an end.
        self.written(item, ty, out, own as u32 + 1);
        let shape = out.facts().shape;
        let is_plain = !out.empty && !matches!(shape, TypeShape::Program | TypeShape::Unknown);
        if named || !is_plain {
            out.segments.truncate(own);
            out.empty = false;
            let says_much = is_plain && !matches!(shape, TypeShape::Bool | TypeShape::UnitEnum);
            out.decide(if says_much { TypeShape::Named } else { TypeShape::Program });
        }
    }

    /// What an enum holds whose variants are a plain value each, or none: text where one of them is, `NumberOrString`.
    fn union(self, item: GItem, variants: &[Variant], out: &mut Shape) {
        let own = out.segments.len();
        let filled = || variants.iter().filter(|variant| !variant.fields.list.is_empty());
        let plain = |variant: &Variant| {
            let mut held = Shape { segments: out.segments.clone(), ..Shape::default() };
            self.written(item, only_value(&variant.fields)?, &mut held, own as u32 + 1);
            let shape = held.facts().shape;
            let plain =
                [TypeShape::Text, TypeShape::Bytes, TypeShape::Integer, TypeShape::Float, TypeShape::Bool];
            (plain.contains(&shape) && !held.empty).then_some(shape)
        };
        // What nests further is no plain value, and might hold itself.
        let shapes: Option<Vec<TypeShape>> = if own > 4 { None } else { filled().map(plain).collect() };
        let is_text = shapes.is_some_and(|shapes| shapes.contains(&TypeShape::Text));
        let is_named = || recognise_type(&out.segments[own.saturating_sub(1)..]).is_some();
        out.decide(match is_text {
            true if is_named() => TypeShape::Named,
            true => TypeShape::Text,
            false => TypeShape::Program,
        });
    }

    fn head(self, item: Option<GItem>, path: &[Name], args: usize, out: &mut Shape) -> Head<'a> {
        let names: SmallVec<[&str; 6]> = path.iter().map(|n| n.as_str()).collect();
        let (mut transparent, mut opaque) = (false, false);
        for known in self.models.types_for(&names) {
            out.hides_debug |= known.hides.contains(&View::Debug);
            transparent |= known.transparent;
            opaque |= known.opaque;
        }
        let own = item.filter(|i| self.program.package_of(*i).is_some());
        match own {
            _ if opaque => Head::Empty,
            _ if transparent && args > 0 => Head::Through(0),
            Some(item) if !transparent => {
                out.hides_debug |= self.program.item(item).attrs.derive("Debug").is_none();
                self.own(item, args)
            }
            // The good one of a result; otherwise the last: the values of a map.
            _ if args > 0 && names.last() == Some(&"Result") => Head::Through(0),
            _ if args > 0 => Head::Through(args - 1),
            _ => Head::Outside,
        }
    }

    fn own(self, item: GItem, args: usize) -> Head<'a> {
        match &self.program.item(item).kind {
            ItemKind::Struct(_, fields)
                if args == 0
                    && let Some(ty) = only_value(fields) =>
            {
                Head::Value(item, ty)
            }
            ItemKind::Enum(_, variants) if variants.iter().all(|v| v.fields.list.is_empty()) => {
                Head::Own(TypeShape::UnitEnum)
            }
            ItemKind::Enum(_, variants) if args == 0 && is_value(variants) => Head::Union(item, variants),
            _ if args > 0 => Head::Filled,
            _ => Head::Own(TypeShape::Program),
        }
    }
}

/// Whether an enum is a plain value in one of several forms, and not a choice of which some come with a value: at most half
/// of its variants hold none (`Unset`).
fn is_value(variants: &[Variant]) -> bool {
    let holds_none = |variant: &&Variant| variant.fields.list.is_empty();
    let is_one = |variant: &Variant| holds_none(&variant) || only_value(&variant.fields).is_some();
    2 * variants.iter().filter(holds_none).count() <= variants.len() && variants.iter().all(is_one)
}

/// The value that a struct is there for; what stands beside one named so only says how it is held.
fn only_value(fields: &Fields) -> Option<&'static TypeRef> {
    match &fields.list[..] {
        [only] if fields.tuple => Some(only.ty.get()),
        all if !fields.tuple => all.iter().find(|field| field.name == *"value").map(|field| field.ty.get()),
        _ => None,
    }
}

fn generics(kind: &ItemKind) -> Option<&Generics> {
    match kind {
        ItemKind::Struct(g, _) | ItemKind::Enum(g, _) | ItemKind::Trait(g, ..) | ItemKind::Alias(g, ..) => {
            Some(g)
        }
        ItemKind::Impl(imp) => Some(&imp.generics),
        ItemKind::Fn(decl) => Some(&decl.generics),
        _ => None,
    }
}
