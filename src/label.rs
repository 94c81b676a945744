//! Which places hold personal data, and why: annotations first, then the notice's `[[data]]`, then inference from
//! declarations. Says nothing of where the data goes.

use rustc_hash::FxHashMap;

use crate::datamap::Basis;
use crate::ir::LocalId;
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;
use crate::taxonomy::CategoryId;

/// A label of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LabelId(pub u32);

/// Why a place counts as personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What it is.
    pub category: CategoryId,
    /// How that is known.
    pub basis: Basis,
    /// The declaration; `None` where only a name at its use tells.
    pub declared: Option<Span>,
    /// The place's path: `accounts::User::email`.
    pub path: String,
}

/// All labels of a run, by the place that carries them.
#[derive(Debug, Default)]
pub struct Labels {
    /// The labels.
    pub list: Vec<Label>,
    /// Fields: of which type, which variant, which field.
    pub fields: FxHashMap<(GItem, Option<u16>, u16), LabelId>,
    /// Parameters, `self` not counted.
    pub params: FxHashMap<(GItem, u16), LabelId>,
    /// Types whose every value is personal data.
    pub types: FxHashMap<GItem, LabelId>,
    /// Functions whose result is.
    pub returns: FxHashMap<GItem, LabelId>,
    /// Constants and statics.
    pub consts: FxHashMap<GItem, LabelId>,
    /// Locals, annotated or inferred; parameters' bindings included.
    pub locals: FxHashMap<(GItem, LocalId), LabelId>,
    /// Fields of values whose type is not known, by package and name.
    pub unknown_fields: FxHashMap<(u32, Name), LabelId>,
}

impl Labels {
    /// The label behind an id.
    #[must_use]
    pub fn get(&self, id: LabelId) -> &Label {
        &self.list[id.0 as usize]
    }
}
