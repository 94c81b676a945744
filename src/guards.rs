//! Which choices were surely asked before a call: a must-analysis over structured code.
//!
//! What a check answers is kept as facts under outcomes (`fact`): what holds if a value is true, `Ok` or `Some`, and what
//! if it is not. One walk over a body (`walk`, `pattern`, `call`) carries the facts that hold; branches intersect,
//! conditions add. A function's result and its return are facts in terms of its parameters, filled in at calls. An
//! obligation that is not met where it falls due (`owed`) is asked of every caller, with the person in their terms.
//!
//! Whom a check is about is an access path, or what somebody was looked up with; two of one type that have nothing to do
//! with each other are two people, and what names nobody is about everybody.
//!
//! It ends because facts are a finite set that only shrinks at joins, a loop is run twice, a function that is under
//! way counts as one that asks nothing, and an obligation travels over so many calls and no further. It costs one walk over
//! each function that can reach a check or that holds what somebody owes, times two for each loop around (four at
//! most), and nothing where nothing is owed.
//! An answer may be kept before it is tested: in a variable, a part of what is built, a flag that holds nothing but
//! answers wherever it is written (`field`), a list or set of those who were asked (`keep`); it may be compared, or decide
//! which variant of an enum is made (`decision`). What a framework runs before a handler counts as before it (`layer`).
//!
//! It loses, always towards "not asked": answers in maps by key, flags that are read from elsewhere. It loses towards "asked": who a number or a text is, since any of them may be anybody's,
//! who a request is from, and a flag that a pattern takes out and hands on to be written.
//!
//! It knows no lint, no flow and no value; what is owed where is told to it.

mod call;
mod check;
mod closure;
mod decision;
mod fact;
mod field;
mod keep;
mod layer;
mod owed;
mod pattern;
mod walk;

use rustc_hash::FxHashMap;

use crate::ir::ExprId;
use crate::label::PackageFacts;
use crate::models::Models;
use crate::notice::Notice;
use crate::resolve::GItem;
use crate::source::Span;
use crate::types::{Inference, Sema};

/// What the analysis is given.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program with its indices.
    pub sema: &'a Sema<'a>,
    /// What is known of other crates.
    pub models: &'a Models,
    /// Every body with what was inferred of it, sorted by item.
    pub bodies: &'a [(GItem, Inference)],
    /// Notices in use.
    pub notices: &'a [Notice],
    /// For each package its name and its notice.
    pub packages: &'a [PackageFacts],
}

/// A choice that is owed at a place of the code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// The call.
    pub place: Span,
    /// Whose notice, by index.
    pub notice: u32,
    /// Which of its choices, any one.
    pub choices: Vec<u32>,
}

/// A place where a choice should have been asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unmet {
    /// The call that owes it.
    pub span: Span,
    /// The function that the call stands in; none where no call stands there.
    pub item: Option<GItem>,
}

/// For each of these the places where it is owed and was not asked: the place itself where nobody asks, else the calls
/// that lead there without asking. Empty where it is met on every path.
#[must_use]
pub fn unmet(input: &Input<'_>, dues: &[Due]) -> Vec<Vec<Unmet>> {
    if dues.is_empty() {
        return Vec::new();
    }
    let checks = check::Checks::new(*input);
    let places = places(input, dues);
    let mut ledger = owed::Ledger::new(*input, &checks, &places);
    dues.iter().map(|due| ledger.unmet(due)).collect()
}

/// The expressions at the places where something is due.
fn places(input: &Input<'_>, dues: &[Due]) -> FxHashMap<Span, Vec<(GItem, ExprId)>> {
    let mut found: FxHashMap<Span, Vec<(GItem, ExprId)>> =
        dues.iter().map(|due| (due.place, Vec::new())).collect();
    let program = input.sema.program;
    for (item, _) in input.bodies {
        let Some(body) = program.body(*item) else { continue };
        for (at, range) in body.expr_ranges.iter().enumerate() {
            if let Some(known) = found.get_mut(&program.span(*item, range)) {
                known.push((*item, ExprId(at as u32)));
            }
        }
    }
    found
}
