//! Local type inference: which type each expression has and which function each call means.
//!
//! References are erased (`&T` is `T`): what data a value carries does not depend on how it is borrowed. There are no
//! errors: code is assumed to compile, so a failed unification is simply forgotten, and what cannot be known is
//! [`TyKind::Unknown`] or an open variable. Signatures are trusted, bodies of other functions are never looked at, so
//! every body can be inferred on its own. It knows nothing of personal data.

mod call;
mod decl;
mod index;
mod infer;
mod known;
mod method;
mod outside;
mod pattern;
mod sequence;
mod store;
mod table;
mod taken;
mod unify;
mod value;

pub use index::{Head, Index, TraitImpl};
pub use infer::{Callee, Inference, Scratch, infer, of_bodies};
pub use store::{Sparse, Store};
pub use table::{BoundTy, Ty, TyKind};
pub use value::ValueDef;

use std::sync::Arc;

use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};

/// Items of std that have a meaning of their own.
#[derive(Debug, Default)]
pub struct Lang {
    /// `Option`.
    pub option: Option<GItem>,
    /// `Result`.
    pub result: Option<GItem>,
    /// `Poll`.
    pub poll: Option<GItem>,
    /// `Vec`.
    pub vec: Option<GItem>,
    /// `String`.
    pub string: Option<GItem>,
    /// `Box`.
    pub boxed: Option<GItem>,
    /// `Deref`.
    pub deref: Option<GItem>,
    /// `IntoIterator`.
    pub into_iterator: Option<GItem>,
    /// `Iterator`.
    pub iterator: Option<GItem>,
    /// `Future`.
    pub future: Option<GItem>,
    /// `IntoFuture`.
    pub into_future: Option<GItem>,
    /// `Index`.
    pub index: Option<GItem>,
    /// `From`.
    pub from: Option<GItem>,
    /// `Debug`.
    pub debug: Option<GItem>,
    /// `Display`.
    pub display: Option<GItem>,
    /// The types of ranges.
    pub ranges: Ranges,
}

/// The types of ranges.
#[derive(Debug, Default)]
pub struct Ranges {
    /// `a..b`.
    pub full: Option<GItem>,
    /// `a..=b`.
    pub inclusive: Option<GItem>,
    /// `a..`.
    pub from: Option<GItem>,
    /// `..b`.
    pub to: Option<GItem>,
    /// `..=b`.
    pub to_inclusive: Option<GItem>,
    /// `..`.
    pub unbounded: Option<GItem>,
}

impl Ranges {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> [Option<GItem>; 6] {
        [self.full, self.inclusive, self.from, self.to, self.to_inclusive, self.unbounded]
    }
}

/// What inference asks: the program and its indices.
#[derive(Debug)]
pub struct Sema<'p> {
    /// The program.
    pub program: &'p Program,
    /// Impls and methods.
    pub index: Index,
    /// Items of std.
    pub lang: Lang,
    /// Types that were found.
    pub types: Arc<Store>,
}

impl<'p> Sema<'p> {
    /// Indexes a program.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        let (lang, mut index) = (Lang::find(program), Index::new(program));
        index.find_outcomes(program, &lang);
        Self { program, index, lang, types: Arc::default() }
    }
}

impl Lang {
    fn find(program: &Program) -> Self {
        let item = |path: &str| {
            let names: Vec<Name> = path.split("::").map(Name::new).collect();
            program.std_item(&names)
        };
        Self {
            option: item("option::Option"),
            result: item("result::Result"),
            poll: item("task::Poll"),
            vec: item("vec::Vec"),
            string: item("string::String"),
            boxed: item("boxed::Box"),
            deref: item("ops::Deref"),
            into_iterator: item("iter::IntoIterator"),
            iterator: item("iter::Iterator"),
            future: item("future::Future"),
            into_future: item("future::IntoFuture"),
            index: item("ops::Index"),
            from: item("convert::From"),
            debug: item("fmt::Debug"),
            display: item("fmt::Display"),
            ranges: Ranges {
                full: item("ops::Range"),
                inclusive: item("ops::RangeInclusive"),
                from: item("ops::RangeFrom"),
                to: item("ops::RangeTo"),
                to_inclusive: item("ops::RangeToInclusive"),
                unbounded: item("ops::RangeFull"),
            },
        }
    }
}

impl Program {
    /// An item of std by its path below the crate.
    #[must_use]
    pub fn std_item(&self, names: &[Name]) -> Option<GItem> {
        let root = self.std_root()?;
        match self.resolve_names(root, names, false, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) => Some(item),
            _ => None,
        }
    }
}
