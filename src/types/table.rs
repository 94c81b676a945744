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

/// What is somewhere in a type: bits.
mod within {
    /// A variable.
    pub(super) const VARIABLE: u8 = 1;
    /// A projection.
    pub(super) const PROJECTION: u8 = 2;
    /// What is more than it says: closures, function items, bounds.
    pub(super) const ALIVE: u8 = 4;
}

/// Types that are met while bodies are inferred, one body after another. Types outlive their body, as the next one
/// mostly has the same; variables are counted anew in each.
#[derive(Debug)]
pub(super) struct TyTable {
    kinds: Vec<TyKind>,
    /// What is in each of them.
    within: Vec<u8>,
    /// Types by the hashes of their kinds.
    ids: HashTable<Ty>,
    /// What the variables of this body are.
    vars: Vec<Option<Ty>>,
    /// Each variable as a type.
    var_types: Vec<Ty>,
    /// Which variables were bound since something began that is to be taken back.
    bound: Vec<(u32, Option<Ty>)>,
    /// How much there is to be taken back.
    tries: u32,
}

/// A state of the variables to come back to.
pub(super) struct Mark(usize);

impl Default for TyTable {
    fn default() -> Self {
        let mut table = Self {
            kinds: Vec::new(),
            within: Vec::new(),
            // Most bodies have fewer.
            ids: HashTable::with_capacity(100),
            vars: Vec::new(),
            var_types: Vec::new(),
            bound: Vec::new(),
            tries: 0,
        };
        table.intern(TyKind::Unknown);
        table.intern(TyKind::Tuple(Box::default()));
        table.intern(TyKind::Never);
        table.intern(TyKind::Prim(Name::new("bool")));
        table.intern(TyKind::Prim(Name::new("str")));
        table
    }
}

impl TyTable {
    /// Lets go of the variables of the body that was inferred last.
    pub(super) fn next_body(&mut self) {
        self.vars.clear();
        self.bound.clear();
        self.tries = 0;
    }

    /// How many ids were given.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// How many variables this body has.
    pub(super) fn variables(&self) -> usize {
        self.vars.len()
    }

    /// The id of a type.
    pub(super) fn intern(&mut self, kind: TyKind) -> Ty {
        let hash = FxBuildHasher.hash_one(&kind);
        if let Some(ty) = self.ids.find(hash, |ty| self.kinds[ty.0 as usize] == kind) {
            return *ty;
        }
        let within = self.within(&kind);
        let ty = self.add(kind, within);
        self.ids.insert_unique(hash, ty, |ty| FxBuildHasher.hash_one(&self.kinds[ty.0 as usize]));
        ty
    }

    fn add(&mut self, kind: TyKind, within: u8) -> Ty {
        self.kinds.push(kind);
        self.within.push(within);
        Ty(self.kinds.len() as u32 - 1)
    }

    /// A fresh variable.
    pub(super) fn fresh(&mut self) -> Ty {
        let var = self.vars.len();
        self.vars.push(None);
        if var == self.var_types.len() {
            let ty = self.add(TyKind::Var(var as u32), within::VARIABLE);
            self.var_types.push(ty);
        }
        self.var_types[var]
    }

    fn within(&self, kind: &TyKind) -> u8 {
        let one = |ty: &Ty| self.within[ty.0 as usize];
        let all = |list: &[Ty]| list.iter().map(one).fold(0, |a, b| a | b);
        match kind {
            TyKind::Unknown | TyKind::Never | TyKind::Prim(_) | TyKind::Param(..) => 0,
            TyKind::Adt(_, args) | TyKind::Tuple(args) | TyKind::External(_, args) => all(args),
            TyKind::Slice(inner) | TyKind::Future(inner) => one(inner),
            TyKind::FnPtr(params, ret) => all(params) | one(ret),
            TyKind::Proj(inner, ..) => one(inner) | within::PROJECTION,
            TyKind::Var(_) => within::VARIABLE,
            TyKind::Fn(_) | TyKind::Closure(_) => within::ALIVE,
            TyKind::Bounds(bounds) => bounds.iter().fold(within::ALIVE, |sum, bound| {
                sum | all(&bound.args) | bound.bindings.iter().fold(0, |sum, (_, ty)| sum | one(ty))
            }),
        }
    }

    /// Whether a type holds no variable, so that it is the same in every body.
    pub(super) fn is_closed(&self, ty: Ty) -> bool {
        self.within[ty.0 as usize] & within::VARIABLE == 0
    }

    /// Whether nothing in a type is another type in the end.
    pub(super) fn is_final(&self, ty: Ty) -> bool {
        self.within[ty.0 as usize] & (within::VARIABLE | within::PROJECTION) == 0
    }

    /// Whether nothing is learned where a type meets another such.
    pub(super) fn is_inert(&self, ty: Ty) -> bool {
        self.within[ty.0 as usize] == 0
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
        let before = self.vars[var as usize].replace(ty);
        if self.tries > 0 {
            self.bound.push((var, before));
        }
    }

    /// Begins what is to be taken back.
    pub(super) fn begin(&mut self) -> Mark {
        self.tries += 1;
        Mark(self.bound.len())
    }

    /// Takes back what was bound since.
    pub(super) fn take_back(&mut self, Mark(to): Mark) {
        self.tries -= 1;
        for (var, before) in self.bound.drain(to..).rev() {
            self.vars[var as usize] = before;
        }
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
