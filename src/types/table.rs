//! Types of one body, interned, with inference variables.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::name::Name;
use crate::resolve::GItem;

/// A type: of one body while it is inferred, then of the [`Store`](super::Store).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Ty(pub u32);

impl Ty {
    /// Nothing known.
    pub const UNKNOWN: Ty = Ty(0);
    /// `()`.
    pub const UNIT: Ty = Ty(1);
    /// `!`.
    pub const NEVER: Ty = Ty(2);
    /// `bool`.
    pub const BOOL: Ty = Ty(3);
    /// `str`.
    pub const STR: Ty = Ty(4);
}

/// A trait with its arguments and the associated types that are known.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BoundTy {
    /// The trait; `None` for one outside the program.
    pub trait_: Option<GItem>,
    /// Its name as written.
    pub name: Name,
    /// Its arguments; for `Fn(A) -> B` the inputs.
    pub args: Box<[Ty]>,
    /// `Item = T`; `Output` for `Fn(A) -> B`.
    pub bindings: Box<[(Name, Ty)]>,
    /// Whether it was written `Fn(A) -> B`.
    pub call: bool,
}

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TyKind {
    /// Nothing known.
    Unknown,
    /// `!`.
    Never,
    /// A struct or enum with its arguments.
    Adt(GItem, Box<[Ty]>),
    /// A primitive.
    Prim(Name),
    /// A tuple.
    Tuple(Box<[Ty]>),
    /// A slice or array.
    Slice(Ty),
    /// A function item.
    Fn(GItem),
    /// A function pointer.
    FnPtr(Box<[Ty]>, Ty),
    /// A closure of this body.
    Closure(u32),
    /// A type parameter: of which item, and which; `u16::MAX` is a trait's `Self`.
    Param(GItem, u16),
    /// `impl A + B`, `dyn A + B`.
    Bounds(Box<[BoundTy]>),
    /// The future of an async function or block.
    Future(Ty),
    /// A variable.
    Var(u32),
    /// `<T as Trait>::Name`, not resolved yet.
    Proj(Ty, Option<GItem>, Name),
    /// A type outside the program.
    External(Box<[Name]>, Box<[Ty]>),
}

/// The types of one body.
#[derive(Debug)]
pub(super) struct TyTable {
    kinds: Vec<TyKind>,
    /// Types by the hashes of their kinds.
    ids: HashTable<Ty>,
    vars: Vec<Option<Ty>>,
}

impl Default for TyTable {
    fn default() -> Self {
        let mut table = Self { kinds: Vec::new(), ids: HashTable::new(), vars: Vec::new() };
        table.intern(TyKind::Unknown);
        table.intern(TyKind::Tuple(Box::default()));
        table.intern(TyKind::Never);
        table.intern(TyKind::Prim(Name::new("bool")));
        table.intern(TyKind::Prim(Name::new("str")));
        table
    }
}

impl TyTable {
    /// How many ids were given.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The id of a type.
    pub(super) fn intern(&mut self, kind: TyKind) -> Ty {
        let hash = FxBuildHasher.hash_one(&kind);
        if let Some(ty) = self.ids.find(hash, |ty| self.kinds[ty.0 as usize] == kind) {
            return *ty;
        }
        let ty = Ty(self.kinds.len() as u32);
        self.kinds.push(kind);
        self.ids.insert_unique(hash, ty, |ty| FxBuildHasher.hash_one(&self.kinds[ty.0 as usize]));
        ty
    }

    /// A fresh variable.
    pub(super) fn fresh(&mut self) -> Ty {
        self.vars.push(None);
        self.kinds.push(TyKind::Var(self.vars.len() as u32 - 1));
        Ty(self.kinds.len() as u32 - 1)
    }

    /// A type with its outermost variable followed.
    pub(super) fn shallow(&self, mut ty: Ty) -> Ty {
        for _ in 0..64 {
            match &self.kinds[ty.0 as usize] {
                TyKind::Var(v) => match self.vars[*v as usize] {
                    Some(next) if next != ty => ty = next,
                    _ => return ty,
                },
                _ => return ty,
            }
        }
        ty
    }

    /// What a type is, its outermost variable followed.
    pub(super) fn kind(&self, ty: Ty) -> &TyKind {
        &self.kinds[self.shallow(ty).0 as usize]
    }

    /// Binds a variable.
    pub(super) fn bind(&mut self, var: u32, ty: Ty) {
        self.vars[var as usize] = Some(ty);
    }

    /// What variables are bound to, to come back to.
    pub(super) fn bindings(&self) -> Vec<Option<Ty>> {
        self.vars.clone()
    }

    /// Takes back what was bound since.
    pub(super) fn unbind(&mut self, before: Vec<Option<Ty>>) {
        self.vars[..before.len()].copy_from_slice(&before);
    }

    /// Whether a type is an open variable or unknown.
    pub(super) fn open(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Var(_) | TyKind::Unknown)
    }

    /// The struct or enum that a type is.
    pub(super) fn adt(&self, ty: Ty) -> Option<(GItem, &[Ty])> {
        match self.kind(ty) {
            TyKind::Adt(item, args) => Some((*item, args)),
            _ => None,
        }
    }
}
