//! What a method takes, as far as its declaration writes it as structs and enums: of the many namesakes that a trait with
//! arguments gives a type, nearly all are told apart by it, before any of them is looked at as a type.

use super::table::{Ty, TyKind, TyTable};
use crate::ir::{Generics, ItemKind, Path, TypeRef};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};

/// How deep arguments are told apart.
const MAX_DEPTH: u32 = 3;

/// A struct or enum with what is known of its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    item: GItem,
    args: Box<[Option<Taken>]>,
}

impl Taken {
    /// What a type as written in an item is; nothing where it is a parameter, or no struct or enum.
    pub(super) fn of(program: &Program, home: GItem, ty: &TypeRef) -> Option<Self> {
        of_type(program, home, ty, 0)
    }

    /// Whether a value of a type may be this.
    pub(super) fn may_be(&self, table: &TyTable, ty: Ty) -> bool {
        match table.kind(table.shallow(ty)) {
            TyKind::Adt(item, args) => {
                *item == self.item
                    && self
                        .args
                        .iter()
                        .zip(args)
                        .all(|(own, arg)| own.as_ref().is_none_or(|own| own.may_be(table, *arg)))
            }
            TyKind::Prim(_) | TyKind::Tuple(_) => false,
            _ => true,
        }
    }
}

fn of_type(program: &Program, home: GItem, ty: &TypeRef, depth: u32) -> Option<Taken> {
    match ty {
        TypeRef::Ref(inner, _) => of_type(program, home, inner, depth),
        TypeRef::Path(path) => of_path(program, home, path, depth),
        _ => None,
    }
}

fn of_path(program: &Program, home: GItem, path: &Path, depth: u32) -> Option<Taken> {
    let is_open = path.qself.is_some()
        || path.segments.first().is_none_or(|first| first.name == Name::SELF_TYPE)
        || path.single().is_some_and(|name| is_parameter(program, home, name));
    if is_open || depth > MAX_DEPTH {
        return None;
    }
    let Resolution::Def(Def::Item(item), 0) = program.resolve(program.home(home), path, Namespace::Type)
    else {
        return None;
    };
    // Which of several builds is meant, who asks says.
    if program.is_conditional(item) {
        return None;
    }
    let args = path.segments.last().and_then(|last| last.args.as_deref());
    match &program.item(item).kind {
        ItemKind::Struct(..) | ItemKind::Enum(..) => {
            let args = args.map(|args| &args.types[..]).unwrap_or_default();
            Some(Taken {
                item,
                args: args.iter().map(|arg| of_type(program, home, arg, depth + 1)).collect(),
            })
        }
        ItemKind::Alias(generics, Some(target), _) if generics.params.is_empty() => {
            of_type(program, item, target, depth + 1)
        }
        _ => None,
    }
}

/// Whether a name is a type parameter of an item or of what is around it.
fn is_parameter(program: &Program, home: GItem, name: Name) -> bool {
    let own = |item: GItem| generics(program, item).is_some_and(|generics| generics.params.contains(&name));
    own(home) || program.parent(home).is_some_and(own)
}

fn generics(program: &Program, item: GItem) -> Option<&Generics> {
    match &program.item(item).kind {
        ItemKind::Fn(decl) => Some(&decl.generics),
        ItemKind::Impl(imp) => Some(&imp.generics),
        ItemKind::Alias(generics, ..) => Some(generics),
        _ => None,
    }
}
