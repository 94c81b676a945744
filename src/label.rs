//! Which places hold personal data, and why: annotations first, then the notice's `[[data]]`, then inference from
//! declarations. Says nothing of where the data goes.

use rustc_hash::FxHashMap;

use crate::datamap::{Basis, Broken, Declaration, NoticeId};
use crate::ir::LocalId;
use crate::models::Models;
use crate::name::Name;
use crate::notice::Notice;
use crate::resolve::GItem;
use crate::source::Span;
use crate::taxonomy::{CategoryId, Taxonomy};
use crate::types::{Inference, Sema};

/// Whether what merely looks personal counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Inferred {
    /// In packages without an annotation of ours.
    #[default]
    Auto,
    /// Everywhere.
    Yes,
    /// Nowhere.
    No,
}

/// A package as this stage and those after it need it.
#[derive(Clone, Debug)]
pub struct PackageFacts {
    /// Its crate name.
    pub name: String,
    /// The notice that applies.
    pub notice: NoticeId,
    /// Whether its findings are reported.
    pub selected: bool,
    /// What `crate` means in that notice: the crate name of the package that the notice stands in, whether or not it
    /// takes part in the run; `None` in a virtual workspace.
    pub crate_of_notice: Option<String>,
}

/// What labelling is given.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The program with its indices.
    pub sema: &'a Sema<'a>,
    /// Every body with what was inferred of it, sorted by item.
    pub bodies: &'a [(GItem, Inference)],
    /// What is known of other crates.
    pub models: &'a Models,
    /// Categories.
    pub taxonomy: &'a Taxonomy,
    /// Notices in use.
    pub notices: &'a [Notice],
    /// Packages.
    pub packages: &'a [PackageFacts],
    /// Whether what merely looks personal counts.
    pub inferred: Inferred,
}

/// What labelling makes.
#[derive(Debug, Default)]
pub struct Built {
    /// Places by their labels.
    pub labels: Labels,
    /// Declared and inferred places but for variables, sorted by span.
    pub declarations: Vec<Declaration>,
    /// Annotations and paths of notices that could not be used, sorted by span.
    pub broken: Vec<Broken>,
    /// How many inferred places were left out because their package carries annotations.
    pub left_out: usize,
    /// Whether there is any annotation of ours.
    pub annotated: bool,
}

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

/// Labels the places of a program.
#[must_use]
pub fn build(context: &Context<'_>) -> Built {
    let _ = context;
    Built::default()
}
