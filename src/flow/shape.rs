//! Types without variables, as the flow stage needs them: to know which fields a value has and how it is shown.

use std::sync::Arc;

use crate::ir::{ItemKind, TypeRef};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};
use crate::types::{Sema, Store, Ty, TyKind};

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Shape {
    /// Not known.
    Unknown,
    /// A struct or enum.
    Adt(GItem, Arc<[Shape]>),
    /// A tuple.
    Tuple(Arc<[Shape]>),
    /// A slice, an array, or anything else that holds one type: an iterator, a future.
    Of(Arc<[Shape]>),
    /// A primitive.
    Prim(Name),
    /// A type outside, with its arguments.
    External(Arc<[Name]>, Arc<[Shape]>),
    /// A type parameter, `impl Trait` or `dyn Trait`: what it is, a caller knows.
    Open,
}

impl Shape {
    /// Whether a value of this type can carry data at all.
    pub(super) fn carries(&self) -> bool {
        !matches!(self, Self::Prim(n) if *n == Name::BOOL)
    }
}

/// The shape of an inferred type.
pub(super) fn of(table: &Store, ty: Ty, depth: u32) -> Shape {
    if depth > 8 {
        return Shape::Unknown;
    }
    let all = |list: &[Ty]| list.iter().map(|t| of(table, *t, depth + 1)).collect::<Arc<[Shape]>>();
    match table.kind(ty) {
        TyKind::Adt(item, args) => Shape::Adt(*item, all(args)),
        TyKind::Tuple(items) => Shape::Tuple(all(items)),
        TyKind::Slice(item) | TyKind::Future(item) => Shape::Of(all(&[*item])),
        TyKind::Prim(name) => Shape::Prim(*name),
        TyKind::External(path, args) => Shape::External(path.to_vec().into(), all(args)),
        TyKind::Param(..) | TyKind::Proj(..) => Shape::Open,
        TyKind::Bounds(bounds) => {
            let held: Vec<Ty> = bounds.iter().flat_map(|b| b.bindings.iter().map(|(_, t)| *t)).collect();
            if held.is_empty() { Shape::Open } else { Shape::Of(all(&held)) }
        }
        _ => Shape::Unknown,
    }
}

/// The shape of a type as written in an item, with the item's parameters given.
pub(super) fn written(
    sema: &Sema<'_>,
    home: GItem,
    params: &[(Name, Shape)],
    own: &Shape,
    ty: &TypeRef,
    depth: u32,
) -> Shape {
    if depth > 8 {
        return Shape::Unknown;
    }
    let one = |t: &TypeRef| written(sema, home, params, own, t, depth + 1);
    match ty {
        TypeRef::Ref(inner, _) => one(inner),
        TypeRef::Tuple(items) => Shape::Tuple(items.iter().map(|t| one(t)).collect()),
        TypeRef::Slice(inner) | TypeRef::Array(inner) => Shape::Of(Arc::new([one(inner)])),
        TypeRef::Impl(_) | TypeRef::Dyn(_) => Shape::Open,
        TypeRef::Path(path) => {
            let Some(first) = path.segments.first() else { return Shape::Unknown };
            if let Some((_, shape)) = path.single().and_then(|n| params.iter().find(|(p, _)| *p == n)) {
                return shape.clone();
            }
            if path.single().is_some_and(|n| n == Name::SELF_TYPE) {
                return own.clone();
            }
            let args: Vec<Shape> = path
                .segments
                .last()
                .and_then(|s| s.args.as_ref())
                .map(|a| a.types.iter().map(|t| one(t)).collect())
                .unwrap_or_default();
            match sema.program.resolve(sema.program.home(home), path, Namespace::Type) {
                Resolution::Def(Def::Item(item), 0) => {
                    item_shape(sema, sema.program.in_own_build(home, item), args, depth)
                }
                Resolution::External(names) => Shape::External(names.into(), args.into()),
                _ if path.segments.len() == 1 => Shape::Prim(first.name),
                _ => Shape::Open,
            }
        }
        _ => Shape::Unknown,
    }
}

fn item_shape(sema: &Sema<'_>, item: GItem, args: Vec<Shape>, depth: u32) -> Shape {
    match &sema.program.item(item).kind {
        ItemKind::Struct(..) | ItemKind::Enum(..) => Shape::Adt(item, args.into()),
        ItemKind::Alias(generics, Some(target), _) => {
            let params: Vec<(Name, Shape)> = generics.params.iter().copied().zip(args).collect();
            written(sema, item, &params, &Shape::Unknown, target, depth + 1)
        }
        _ => Shape::Open,
    }
}

/// The parameters of a type with the arguments that a shape gives them.
pub(super) fn bindings(sema: &Sema<'_>, item: GItem, args: &[Shape]) -> Vec<(Name, Shape)> {
    let (ItemKind::Struct(generics, _) | ItemKind::Enum(generics, _)) = &sema.program.item(item).kind else {
        return Vec::new();
    };
    let given = args.iter().cloned().chain(std::iter::repeat(Shape::Unknown));
    generics.params.iter().copied().zip(given).collect()
}
