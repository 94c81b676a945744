//! What all functions share while flows are found: models and notices by function, summaries as far as they are known.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::Input;
use super::shape::Shape;
use super::summary::Summary;
use super::value::{Origin, Val};
use crate::datamap::Basis;
use crate::ir::{Body, FnDecl, ItemKind, View};
use crate::label::LabelId;
use crate::models::{MacroModel, SinkModel, SummaryModel, TransformModel, View as ModelView};
use crate::name::Name;
use crate::notice::Makes;
use crate::resolve::GItem;
use crate::taxonomy::{CategoryId, Sensitivity};
use crate::types::{Head, Inference, Ty};

/// What models and notices say of one function.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) path: Vec<&'static str>,
    pub(super) sinks: Vec<&'a SinkModel>,
    /// Sources with the constants that they hang on.
    pub(super) sources: Vec<u32>,
    pub(super) summaries: Vec<&'a SummaryModel>,
    pub(super) transforms: Vec<&'a TransformModel>,
    /// `[[source]]` entries, by notice and index.
    pub(super) notice_sources: Vec<(u32, u32)>,
    /// `[[transform]]` entries, by notice.
    pub(super) notice_transforms: Vec<(u32, Makes)>,
    /// Recipients that name this call, by notice and index.
    pub(super) recipients: Vec<(u32, u32)>,
}

impl Facts<'_> {
    /// Whether nothing is said; the path then names nothing.
    fn is_silent(&self) -> bool {
        let Self {
            path: _,
            sinks,
            sources,
            summaries,
            transforms,
            notice_sources,
            notice_transforms,
            recipients,
        } = self;
        sinks.is_empty()
            && sources.is_empty()
            && summaries.is_empty()
            && transforms.is_empty()
            && notice_sources.is_empty()
            && notice_transforms.is_empty()
            && recipients.is_empty()
    }

    /// These, and others where nothing of the kind is said.
    fn or_else(mut self, other: &Self) -> Self {
        let silent = self.sinks.is_empty() && self.recipients.is_empty();
        fn fill<T: Clone>(own: &mut Vec<T>, other: &[T]) {
            if own.is_empty() {
                own.extend_from_slice(other);
            }
        }
        fill(&mut self.sinks, &other.sinks);
        fill(&mut self.sources, &other.sources);
        fill(&mut self.summaries, &other.summaries);
        fill(&mut self.transforms, &other.transforms);
        fill(&mut self.notice_sources, &other.notice_sources);
        fill(&mut self.notice_transforms, &other.notice_transforms);
        fill(&mut self.recipients, &other.recipients);
        if silent {
            self.path.clone_from(&other.path);
        }
        self
    }

    /// The path as one text.
    pub(super) fn name(&self) -> String {
        self.path.join("::")
    }
}

/// What models say of one type.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct TypeFacts {
    pub(super) hides: Vec<View>,
    pub(super) opaque: bool,
    /// Every value of it is this source.
    pub(super) source: Option<u32>,
}

/// Facts of a function as a method of a type.
type FactsOn<'a> = FxHashMap<(GItem, Option<GItem>), Arc<Facts<'a>>>;

/// The surroundings of the analysis.
pub(super) struct World<'a> {
    pub(super) input: Input<'a>,
    facts: Vec<OnceLock<Arc<Facts<'a>>>>,
    /// Nothing said, as of most functions.
    silent: Arc<Facts<'a>>,
    facts_on: RwLock<FactsOn<'a>>,
    type_facts: Vec<OnceLock<Option<Box<TypeFacts>>>>,
    /// What derived formatting shows of types, whatever their arguments.
    pub(super) veils: Vec<OnceLock<super::opacity::Veil>>,
    /// Shapes of inferred types.
    shapes: Vec<OnceLock<Shape>>,
    /// Summaries that are known and may still be asked for.
    pub(super) summaries: Vec<Mutex<Option<Arc<Summary>>>>,
    /// The call graph.
    pub(super) calls: super::graph::Calls,
    bodies: FxHashMap<GItem, u32>,
    macros: FxHashMap<&'a str, Vec<&'a MacroModel>>,
    /// The crate that holds each notice.
    notice_crates: Vec<String>,
    /// Categories of the models' sources.
    pub(super) model_categories: Vec<Option<CategoryId>>,
    /// How values of a type are shown, once all formatting code has been analysed.
    pub(super) shown: RwLock<FxHashMap<View, FxHashMap<Shape, super::show::Implied>>>,
    pub(super) settled: bool,
    pub(super) conversions: super::conversions::Conversions,
    /// What fields keep; empty until all functions have been run.
    pub(super) kept: super::kept::Kept,
    pub(super) ad_identifier: Option<CategoryId>,
    /// Types that tell of nobody.
    pub(super) silent_types: super::silent::Silent,
    pub(super) failures: super::failures::Failures,
    /// What code does with fields.
    pub(super) uses: super::echo::Uses,
    /// No value at all, and a result without one.
    pub(super) nothing: Val,
    pub(super) failed: Val,
    /// Labels of whole values: of types, parameters, results and constants.
    pub(super) whole_labels: rustc_hash::FxHashSet<LabelId>,
}

impl<'a> World<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        let program = input.sema.program;
        let count = program.item_count();
        let mut macros: FxHashMap<&'a str, Vec<&'a MacroModel>> = FxHashMap::default();
        for model in &input.models.macros {
            for last in model.names.iter().filter_map(|p| p.segments.last()) {
                macros.entry(&**last).or_default().push(model);
            }
        }
        let notice_crates = (0..input.notices.len()).map(|n| input.holder(n)).collect();
        let category = |key: &str| input.taxonomy.resolve(key).ok();
        Self {
            conversions: super::conversions::Conversions::new(input.sema),
            facts: (0..count).map(|_| OnceLock::new()).collect(),
            silent: Arc::default(),
            facts_on: RwLock::default(),
            type_facts: (0..count).map(|_| OnceLock::new()).collect(),
            veils: (0..count).map(|_| OnceLock::new()).collect(),
            shapes: (0..input.sema.types.count()).map(|_| OnceLock::new()).collect(),
            summaries: (0..count).map(|_| Mutex::default()).collect(),
            calls: super::graph::Calls::default(),
            bodies: input.bodies.iter().enumerate().map(|(i, (id, _))| (*id, i as u32)).collect(),
            macros,
            notice_crates,
            model_categories: input.models.sources.iter().map(|s| category(&s.category)).collect(),
            shown: RwLock::default(),
            settled: false,
            kept: super::kept::Kept::default(),
            ad_identifier: category("user.device.advertising_id"),
            silent_types: super::silent::Silent::default(),
            failures: super::failures::Failures::default(),
            uses: super::echo::Uses::default(),
            nothing: Val::absent(),
            failed: Val::failed(Val::default()),
            whole_labels: whole_labels(input.labels),
            input,
        }
    }

    /// The shape of an inferred type.
    pub(super) fn shape(&self, ty: Ty) -> &Shape {
        let make = || super::shape::of(&self.input.sema.types, ty, 0);
        self.shapes[ty.0 as usize].get_or_init(make)
    }

    /// The code of a function with its types.
    pub(super) fn body(&self, id: GItem) -> Option<(&'a Body, &'a Inference)> {
        let at = *self.bodies.get(&id)?;
        Some((self.input.sema.program.body(id)?, &self.input.bodies[at as usize].1))
    }

    pub(super) fn has_body(&self, id: GItem) -> bool {
        self.bodies.contains_key(&id)
    }

    /// Whether the program says what a function does: by its own code or that of a trait's implementations.
    pub(super) fn has_code(&self, id: GItem) -> bool {
        self.has_body(id) || self.implementations(id).is_some()
    }

    pub(super) fn summary(&self, id: GItem) -> Option<Arc<Summary>> {
        self.slot(id).clone()
    }

    /// Whether a function stands before another one in the order in which they are analysed.
    pub(super) fn is_callee(&self, caller: GItem, callee: GItem) -> bool {
        self.calls.has(caller, callee)
    }

    /// The place for a function's summary.
    pub(super) fn slot(&self, id: GItem) -> MutexGuard<'_, Option<Arc<Summary>>> {
        self.summaries[id.0 as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is said of a function.
    pub(super) fn facts(&self, id: GItem) -> Arc<Facts<'a>> {
        let program = self.input.sema.program;
        let make = || {
            let path: Vec<&'static str> = program.path(id).iter().map(|n| n.as_str()).collect();
            let facts = self.facts_of_path(path);
            if facts.is_silent() { Arc::clone(&self.silent) } else { Arc::new(facts) }
        };
        self.facts[id.0 as usize].get_or_init(make).clone()
    }

    /// What is said of a function that is called on a type: of the type's method, and where nothing is said of that, of
    /// the trait's.
    pub(super) fn facts_on(&self, id: GItem, on: Option<GItem>) -> Arc<Facts<'a>> {
        let Some(other) = self.other_path(id, on) else { return self.facts(id) };
        let known = self.facts_on.read().ok().and_then(|known| known.get(&(id, on)).cloned());
        known.unwrap_or_else(|| {
            let (own, other) = (self.facts(id), self.facts_of_path(other));
            let of_trait = matches!(self.parent_kind(id), Some(ItemKind::Trait(..)));
            let facts = Arc::new(if of_trait { other.or_else(&own) } else { (*own).clone().or_else(&other) });
            if let Ok(mut known) = self.facts_on.write() {
                known.insert((id, on), facts.clone());
            }
            facts
        })
    }

    /// The other path of a trait's method: on the type that it is called on, or of the trait that an impl is of.
    fn other_path(&self, id: GItem, on: Option<GItem>) -> Option<Vec<&'static str>> {
        let program = self.input.sema.program;
        let mut path = match self.parent_kind(id)? {
            ItemKind::Trait(..) => program.path(on?),
            ItemKind::Impl(_) if program.is_model(id) => program.trait_path(program.parent(id)?)?,
            _ => return None,
        };
        path.push(self.name(id));
        Some(path.iter().map(|n| n.as_str()).collect())
    }

    fn parent_kind(&self, id: GItem) -> Option<&'a ItemKind> {
        let program = self.input.sema.program;
        program.parent(id).map(|parent| &program.item(parent).kind)
    }

    /// The same for a path out of the program.
    pub(super) fn facts_of_path(&self, path: Vec<&'static str>) -> Facts<'a> {
        let models = self.input.models;
        let sources = self.sources_of(&path);
        let mut facts = Facts {
            sinks: models.sinks_for(&path).collect(),
            sources,
            summaries: models.summaries_for(&path).collect(),
            transforms: models.transforms_for(&path).collect(),
            ..Facts::default()
        };
        for (n, notice) in self.input.notices.iter().enumerate() {
            let krate = &self.notice_crates[n];
            let named =
                |patterns: &[crate::notice::PathPattern]| patterns.iter().any(|p| p.matches(&path, krate));
            let n = n as u32;
            let sources = notice.sources.iter().enumerate().filter(|(_, s)| named(&s.calls));
            facts.notice_sources.extend(sources.map(|(i, _)| (n, i as u32)));
            facts
                .notice_transforms
                .extend(notice.transforms.iter().filter(|t| named(&t.calls)).map(|t| (n, t.makes)));
            let found = crate::judge::recipient_for_call(notice, &path, krate);
            facts.recipients.extend(found.map(|i| (n, i as u32)));
        }
        facts.path = path;
        facts
    }

    /// Sources of models that a path names.
    pub(super) fn sources_of(&self, path: &[&str]) -> Vec<u32> {
        self.input.models.sources_for(path).filter_map(|s| self.model_source(s)).collect()
    }

    fn model_source(&self, source: &crate::models::SourceModel) -> Option<u32> {
        let at = self.input.models.sources.iter().position(|s| std::ptr::eq(s, source))? as u32;
        self.model_categories[at as usize].map(|_| at)
    }

    /// Models of a macro, by its path or else its name.
    pub(super) fn macro_model(&self, path: &[&'static str]) -> Option<&'a MacroModel> {
        if let Some(found) = self.input.models.macros_for(path).next() {
            return Some(found);
        }
        let last = path.last()?;
        let found = self.macros.get(last)?;
        found.iter().find(|m| m.channel.is_some()).or_else(|| found.first()).copied()
    }

    /// What models say of a type of the program or of a model.
    pub(super) fn type_facts(&self, item: GItem) -> &TypeFacts {
        const SILENT: &TypeFacts = &TypeFacts { hides: Vec::new(), opaque: false, source: None };
        let facts = self.type_facts[item.0 as usize].get_or_init(|| {
            let path: Vec<&'static str> =
                self.input.sema.program.path(item).iter().map(|n| n.as_str()).collect();
            let facts = self.facts_of_type(&path);
            (facts != *SILENT).then(|| Box::new(facts))
        });
        facts.as_deref().unwrap_or(SILENT)
    }

    /// The same by path.
    pub(super) fn facts_of_type(&self, path: &[&'static str]) -> TypeFacts {
        let mut facts = TypeFacts::default();
        for model in self.input.models.types_for(path) {
            facts.hides.extend(model.hides.iter().map(|v| view_of(*v)));
            facts.opaque |= model.opaque;
        }
        facts.source = self.input.models.sources_of_type(path).next().and_then(|s| self.model_source(s));
        facts
    }

    /// The function with which a type implements a formatting trait by hand.
    pub(super) fn hand_written(&self, item: GItem, view: View) -> Option<GItem> {
        match view {
            View::Debug => self.implemented(item, "Debug", "fmt"),
            View::Display => self.implemented(item, "Display", "fmt"),
            View::Serialize => self.implemented(item, "Serialize", "serialize"),
            View::Whole => None,
        }
    }

    /// A method of a type's impl of a trait.
    pub(super) fn implemented(&self, item: GItem, trait_: &str, method: &str) -> Option<GItem> {
        let program = self.input.sema.program;
        let impls = self.input.sema.index.impls.get(&Head::Adt(item))?;
        let imp = impls.iter().find(|i| i.name == *trait_)?.imp;
        let ItemKind::Impl(decl) = &program.item(imp).kind else { return None };
        decl.items.iter().map(|c| program.sibling(imp, *c)).find(|c| program.item(*c).name == *method)
    }

    /// The variant of a result that failed.
    pub(super) fn failing(&self) -> Option<(GItem, Option<u16>)> {
        let result = self.input.sema.lang.result?;
        let ItemKind::Enum(_, variants) = &self.input.sema.program.item(result).kind else { return None };
        let at = variants.iter().position(|variant| variant.name == Name::ERR)?;
        Some((result, Some(at as u16)))
    }

    /// Whether a type is an enum of the program.
    pub(super) fn is_enum(&self, shape: &Shape) -> bool {
        let Shape::Adt(item, _) = shape else { return false };
        let program = self.input.sema.program;
        !program.is_model(*item) && matches!(program.item(*item).kind, ItemKind::Enum(..))
    }

    /// Whether a category is (below) the advertising identifier.
    pub(super) fn is_ad_identifier(&self, category: CategoryId) -> bool {
        self.ad_identifier.is_some_and(|ad| self.input.taxonomy.is_within(category, ad))
    }

    /// The category of a source.
    pub(super) fn category(&self, origin: &Origin) -> Option<CategoryId> {
        match origin {
            Origin::Label(id) => Some(self.input.labels.get(*id).category),
            Origin::Model(at) => self.model_categories[*at as usize],
            Origin::Notice(n, i) => Some(self.input.notices[*n as usize].sources[*i as usize].category),
            _ => None,
        }
    }

    /// Whether a type can carry data.
    pub(super) fn carries(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Adt(item, _) => !self.is_unit_enum(*item) && !self.type_facts(*item).opaque,
            other => other.carries(),
        }
    }

    /// Whether a label means the values of a map alone: a name that tells of credentials says nothing of what they are
    /// kept under. Whoever annotates a map means all of it.
    pub(super) fn is_of_values(&self, label: LabelId, shape: &Shape) -> bool {
        let label = self.input.labels.get(label);
        let is_map = |item: GItem, args: &[Shape]| {
            let is_model =
                self.input.sema.program.is_model(item) && Some(item) != self.input.sema.lang.result;
            is_model && args.len() > 1 && self.does(item, &["IntoIterator"])
        };
        matches!(label.basis, Basis::Inferred { .. })
            && self.input.taxonomy.get(label.category).sensitivity == Sensitivity::Credential
            && matches!(shape, Shape::Adt(item, args) if is_map(*item, args))
    }

    /// Whether models say of a type that it holds nobody's data.
    pub(super) fn is_opaque(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Adt(item, _) if self.type_facts(*item).opaque)
    }

    /// Whether a type is one of a few words, and nothing besides.
    pub(super) fn is_unit_enum(&self, item: GItem) -> bool {
        match &self.input.sema.program.item(item).kind {
            ItemKind::Enum(_, variants) => variants.iter().all(|v| v.fields.list.is_empty()),
            _ => false,
        }
    }

    /// Whether a place of this type holds what its label says. A name alone proves nothing of a yes or no or of one of
    /// a few words; whoever declares such a place (somebody's sex, whether somebody is ill) means just that.
    pub(super) fn holds(&self, label: LabelId, shape: &Shape) -> bool {
        self.carries(shape) || !matches!(self.input.labels.get(label).basis, Basis::Inferred { .. })
    }

    /// The span of something in an item.
    pub(super) fn span(&self, of: GItem, range: crate::ir::Range) -> crate::source::Span {
        self.input.sema.program.span(of, range)
    }

    /// The declaration of a function.
    pub(super) fn decl(&self, id: GItem) -> Option<&'a FnDecl> {
        match &self.input.sema.program.item(id).kind {
            ItemKind::Fn(decl) => Some(decl),
            _ => None,
        }
    }

    /// A variant's name.
    pub(super) fn variant_name(&self, item: GItem, index: u16) -> Option<Name> {
        match &self.input.sema.program.item(item).kind {
            ItemKind::Enum(_, variants) => variants.get(index as usize).map(|v| v.name),
            _ => None,
        }
    }

    /// The fields of a struct or of a variant.
    pub(super) fn fields_of(&self, item: GItem, variant: Option<u16>) -> Option<&'a crate::ir::Fields> {
        match (&self.input.sema.program.item(item).kind, variant) {
            (ItemKind::Struct(_, fields), _) => Some(fields),
            (ItemKind::Enum(_, variants), Some(v)) => Some(&variants.get(v as usize)?.fields),
            _ => None,
        }
    }

    /// How many fields a struct or a variant has.
    pub(super) fn field_count(&self, item: GItem, variant: Option<u16>) -> Option<usize> {
        self.fields_of(item, variant).map(|fields| fields.list.len())
    }

    /// Where a field stands in its type.
    pub(super) fn field_index(&self, item: GItem, variant: Option<u16>, name: Name) -> Option<u16> {
        let fields = self.fields_of(item, variant)?;
        fields.list.iter().position(|f| f.name == name).map(|i| i as u16)
    }

    /// Whether a type of the program is an error: it derives or implements a trait `Error`, or is called one.
    pub(super) fn is_error(&self, item: GItem) -> bool {
        let program = self.input.sema.program;
        if program.is_model(item) {
            return false;
        }
        let it = program.item(item);
        let named = ["Error", "ErrorKind"].iter().any(|n| it.name.as_str().ends_with(n));
        let impls = self.input.sema.index.impls.get(&Head::Adt(item));
        named
            || it.attrs.derive("Error").is_some()
            || impls.is_some_and(|l| l.iter().any(|i| i.name == *"Error"))
    }

    /// The notice that applies to an item.
    pub(super) fn notice_of(&self, id: GItem) -> u32 {
        let package = self.input.sema.program.package_of(id);
        package.and_then(|p| self.input.packages.get(p as usize)).map_or(0, |p| p.notice.0)
    }

    pub(super) fn name(&self, of: GItem) -> Name {
        self.input.sema.program.item(of).name
    }
}

#[allow(clippy::iter_over_hash_type, reason = "a set is made, order does not show")]
fn whole_labels(labels: &crate::label::Labels) -> rustc_hash::FxHashSet<LabelId> {
    let values = labels.returns.values().chain(labels.consts.values()).chain(labels.params.values());
    // What a value's name suggests is said of a text, and not of what is made of it.
    let said = |id: &&LabelId| !matches!(labels.get(**id).basis, Basis::Inferred { .. });
    labels.types.values().chain(values.filter(said)).copied().collect()
}

pub(super) fn view_of(view: ModelView) -> View {
    match view {
        ModelView::Whole => View::Whole,
        ModelView::Debug => View::Debug,
        ModelView::Display => View::Display,
        ModelView::Serialize => View::Serialize,
    }
}
