//! A library's public surface as declarations: what of somebody else's crate a program may name, written as Rust with
//! empty bodies, in the form in which models declare crates. Knows what was read and linked of one crate and nothing of
//! what a program does with it; it reads no file, looks into no body, and says nothing of what data does there.
//!
//! What the declarations hold:
//! - Every item that other crates may name, once, at the shortest path by which they may; at its other paths stands a
//!   `pub use` of it. Private modules on the way are gone.
//! - What signatures name of the crate's private items besides, where it was defined: a chain of calls goes through it.
//! - All paths in full: `crate::…` for the crate's own, `::name::…` for those of others. What nobody knows is `_`.
//! - Of impls what they are for, their associated types, and the functions that no trait at hand declares.
//! - No body, no lifetime, no private field, no macro.
//!
//! They are made once ([`of`]) and kept as an [`Index`], in which each line says what it needs of the others. A program
//! takes of it what its own words lead to ([`choose`]), and no more than that is ever parsed.

mod index;
mod print;
mod selection;
mod surface;
mod written;

pub use index::Index;
pub use selection::{Met, Selection, choose, word};

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::name::Name;
use crate::resolve::Program;
use surface::Surface;

/// What a library shows of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signatures {
    /// The declarations.
    lines: Vec<Line>,
    /// Names of other crates in them.
    pub uses: BTreeSet<String>,
}

/// A declaration, or something that stands for one.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    /// The module that it stands in, as a path below the crate.
    module: Vec<&'static str>,
    what: What,
    /// Declarations that it names, by number; paths of other crates, and of modules of this one.
    needs: (BTreeSet<u32>, BTreeSet<String>),
    /// The functions of a trait: a program may use them and never name it.
    functions: Vec<&'static str>,
    text: String,
}

/// What a line is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum What {
    /// A definition, with its name and where in the text that stands.
    Definition(&'static str, usize),
    /// Another name for a definition.
    Alias(&'static str),
    /// An impl for, or of, these; one of a type's own functions and constants apart, by its name.
    Impl(&'static str, Vec<u32>),
    /// What is there in any case: modules by another name, and names brought in together.
    Always,
}

/// The surface of a program's first crate. `prelude` are the names that any code may use without an import.
#[must_use]
pub fn of(program: &Program, prelude: &FxHashSet<Name>) -> Signatures {
    let Some(krate) = program.crates.first() else { return Signatures::default() };
    let mut surface = Surface::new(program);
    surface.explore(krate.root);
    print::all(program, surface, prelude)
}
