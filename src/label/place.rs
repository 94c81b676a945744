//! Places that can hold data: how they are found in an item, what they are called and where they stand. Knows no
//! category.

use crate::ir::{Field, Fields, FnDecl, ItemKind, LocalId, Param, Pat, Shared, TypeRef};
use crate::name::Name;
use crate::resolve::{GItem, Program};
use crate::source::Span;

/// Which part of an item holds the data.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    /// Every value of a type; the value of a constant.
    Whole,
    /// A field, of a variant where there is one.
    Field(Option<u16>, u16),
    /// A parameter, `self` not counted.
    Param(u16),
    /// What a function returns.
    Return,
    /// A variable.
    Local(LocalId),
}

/// A place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    /// The type, function or constant.
    pub(super) item: GItem,
    /// Which part of it.
    pub(super) part: Part,
}

impl Place {
    /// The path by which a notice names the place, crate first.
    pub(super) fn path(self, program: &Program) -> Vec<Name> {
        let mut path = program.path(self.item);
        path.extend(self.below(program));
        path
    }

    /// What follows the item's own path.
    pub(super) fn below(self, program: &Program) -> impl Iterator<Item = Name> {
        let (variant, name) = match self.part {
            Part::Whole | Part::Return => (None, None),
            Part::Field(variant, _) => {
                let variant = variant.and_then(|v| variant_name(program, self.item, v));
                (variant, self.field(program).map(|f| f.name))
            }
            Part::Param(index) => (None, self.param(program, index).and_then(|p| p.name)),
            Part::Local(local) => {
                let local = program.body(self.item).and_then(|b| b.locals.get(local.0 as usize));
                (None, local.map(|l| l.name))
            }
        };
        variant.into_iter().chain(name)
    }

    /// Where the place is declared.
    pub(super) fn span(self, program: &Program) -> Span {
        let range = match self.part {
            Part::Field(..) => self.field(program).map(|f| f.range),
            Part::Param(index) => self.param(program, index).map(|p| p.range),
            Part::Local(local) => {
                program.body(self.item).and_then(|b| b.locals.get(local.0 as usize)).map(|l| l.range)
            }
            Part::Whole | Part::Return => None,
        };
        program.span(self.item, range.unwrap_or(program.item(self.item).name_range))
    }

    /// The field that the place is.
    pub(super) fn field(self, program: &Program) -> Option<&Field> {
        let Part::Field(variant, index) = self.part else { return None };
        fields(program, self.item, variant)?.list.get(index as usize)
    }

    fn param(self, program: &Program, index: u16) -> Option<&Param> {
        function(program, self.item)?.params.get(index as usize)
    }

    /// The place's type as written.
    pub(super) fn written(self, program: &Program) -> Option<&'static TypeRef> {
        match (self.part, &program.item(self.item).kind) {
            (Part::Field(..), _) => self.field(program).map(|f| f.ty.get()),
            (Part::Param(index), _) => self.param(program, index).map(|p| p.ty.get()),
            (Part::Return, ItemKind::Fn(decl)) => decl.ret.map(Shared::get),
            (Part::Whole, ItemKind::Const(ty)) => Some(ty.get()),
            _ => None,
        }
    }
}

/// The fields of a struct or of a variant.
pub(super) fn fields(program: &Program, item: GItem, variant: Option<u16>) -> Option<&Fields> {
    match (&program.item(item).kind, variant) {
        (ItemKind::Struct(_, fields), _) => Some(fields),
        (ItemKind::Enum(_, variants), Some(v)) => Some(&variants.get(v as usize)?.fields),
        _ => None,
    }
}

/// The declaration of a function.
pub(super) fn function(program: &Program, item: GItem) -> Option<&FnDecl> {
    match &program.item(item).kind {
        ItemKind::Fn(decl) => Some(decl),
        _ => None,
    }
}

/// The name of a variant.
pub(super) fn variant_name(program: &Program, item: GItem, variant: u16) -> Option<Name> {
    match &program.item(item).kind {
        ItemKind::Enum(_, variants) => variants.get(variant as usize).map(|v| v.name),
        _ => None,
    }
}

/// The variable that a parameter binds, when its pattern is a plain one.
pub(super) fn binding(program: &Program, item: GItem, param: u16) -> Option<LocalId> {
    let at = usize::from(function(program, item)?.receiver.is_some()) + param as usize;
    let body = program.body(item)?;
    match body.pat(*body.params.get(at)?) {
        Pat::Bind(local, _, None) => Some(*local),
        _ => None,
    }
}

/// The places that an item declares, in order; variables are not among them.
pub(super) fn places_of(program: &Program, item: GItem) -> Vec<Place> {
    let place = |part| Place { item, part };
    let fields = |variant, count: usize| (0..count as u16).map(move |i| place(Part::Field(variant, i)));
    match &program.item(item).kind {
        ItemKind::Struct(_, own) => {
            std::iter::once(place(Part::Whole)).chain(fields(None, own.list.len())).collect()
        }
        ItemKind::Enum(_, variants) => {
            let own = variants.iter().enumerate();
            let own = own.flat_map(|(v, variant)| fields(Some(v as u16), variant.fields.list.len()));
            std::iter::once(place(Part::Whole)).chain(own).collect()
        }
        ItemKind::Fn(decl) => {
            let params = (0..decl.params.len() as u16).map(|i| place(Part::Param(i)));
            decl.ret.iter().map(|_| place(Part::Return)).chain(params).collect()
        }
        ItemKind::Const(_) => vec![place(Part::Whole)],
        ItemKind::Alias(..) if program.parent(item).is_none() => vec![place(Part::Whole)],
        _ => Vec::new(),
    }
}

/// Items of the program itself that take part, in order.
pub(super) fn own_items(program: &Program) -> Vec<GItem> {
    let own = |item: &GItem| program.is_live(*item) && program.package_of(*item).is_some();
    program.items().filter(own).collect()
}
