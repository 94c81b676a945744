//! Which places hold personal data, and why: annotations first, then the notice's `[[data]]`, then inference from
//! declarations. Says nothing of where the data goes.

mod aliases;
mod alike;
mod declared;
mod entries;
mod infer;
mod keys;
mod moves;
mod owners;
mod paths;
mod place;
mod records;
mod shape;
mod suggest;
mod twins;
mod uses;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::datamap::{Basis, Broken, Declaration, NoticeId, PackageId};
use crate::ir::{ExprId, ItemKind, LocalId, View};
use crate::models::Models;
use crate::name::Name;
use crate::notice::Notice;
use crate::recognise::{Confidence, Hit};
use crate::rejected::Rejected;
use crate::resolve::{GItem, Program};
use crate::source::Span;
use crate::taxonomy::{CategoryId, Taxonomy};
use crate::types::{Inference, Sema};
use place::{Part, Place};
use records::Record;
use shape::Shapes;

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
    /// Whether anybody will be asked about what is proposed.
    pub proposes: bool,
    /// What only looks so, as somebody said.
    pub rejected: &'a [Rejected],
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
    /// Places that look personal, in packages where others are annotated, and are not.
    pub unannotated: Vec<Declaration>,
    /// How many inferred places were left out because their package carries annotations.
    pub left_out: usize,
    /// Whether there is any annotation of ours.
    pub annotated: bool,
    /// Places that look personal and carry no annotation, whether or not they count; in the order of their places.
    pub proposals: Vec<Proposal>,
}

/// What kind of declaration an annotation would stand on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Site {
    /// A field of a struct or a variant.
    Field,
    /// A parameter.
    Param,
    /// A function, for what it returns.
    Function,
    /// A variable.
    Local,
}

/// A place that could be annotated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// Its path: `accounts::User::email`.
    pub path: String,
    /// What it is.
    pub site: Site,
    /// Its name; a function's from `fn` on, a positional field's type.
    pub span: Span,
    /// The name of the type that holds a field.
    pub holder: Option<Span>,
    /// What it looks like.
    pub category: CategoryId,
    /// How surely.
    pub confidence: Confidence,
    /// Why, in words.
    pub evidence: String,
    /// Whether it counts as a source where what looks personal does.
    pub counts: bool,
    /// Its package.
    pub package: PackageId,
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
    /// Maps in fields that hold, under names, what these say.
    pub records: FxHashMap<(GItem, u16), Vec<(Name, LabelId)>>,
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
    /// What containers and the environment are asked for by name: by the expressions that ask, in the bodies of items.
    pub answers: FxHashMap<(GItem, ExprId), LabelId>,
}

impl Labels {
    /// The label behind an id.
    #[must_use]
    pub fn get(&self, id: LabelId) -> &Label {
        &self.list[id.0 as usize]
    }
}

/// What is known of a place: its category, `None` for nothing personal, and why.
#[derive(Clone, Debug)]
struct Decision {
    category: Option<CategoryId>,
    basis: Basis,
}

/// Decisions by place, in order.
type Decisions = BTreeMap<Place, Decision>;

/// Labels the places of a program.
#[must_use]
pub fn build(context: &Context<'_>) -> Built {
    let program = context.sema.program;
    let declared::Declared { mut decisions, mut broken, wrong, mut packages } = declared::read(context);
    let entries = entries::read(context);
    packages.extend(entries.decisions.keys().filter_map(|place| program.package_of(place.item)));
    broken.extend(entries.broken);
    for (place, decision) in entries.decisions {
        decisions.entry(place).or_insert(decision);
    }
    aliases::follow(context, &mut decisions);
    let mut assembly =
        Assembly { context, built: Built { annotated: !packages.is_empty(), ..Built::default() } };
    let seen = infer::look(context, &decisions);
    let wanted = |package: u32| context.inferred == Inferred::Yes || !packages.contains(&package);
    assembly.inferred(seen, (&wanted, &wrong), &mut decisions);
    assembly.places(&decisions);
    assembly.overrides(&decisions);
    broken.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut built = assembly.built;
    built.declarations.sort_by(|a, b| (a.span, &a.path).cmp(&(b.span, &b.path)));
    built.unannotated.sort_by(|a, b| (a.span, &a.path).cmp(&(b.span, &b.path)));
    built.proposals.sort_by(|a, b| (a.span, &a.path).cmp(&(b.span, &b.path)));
    Built { broken, ..built }
}

fn path_text(place: Place, program: &Program) -> String {
    place.path(program).into_iter().map(Name::as_str).collect::<Vec<_>>().join("::")
}

fn key(broken: &Broken) -> (Span, &str) {
    match broken {
        Broken::UnknownCategory { span, written, .. } | Broken::UnresolvedPath { span, written, .. } => {
            (*span, written)
        }
        Broken::Annotation { span, why } => (*span, why),
    }
}

/// Labels being given out.
struct Assembly<'a> {
    context: &'a Context<'a>,
    built: Built,
}

impl Assembly<'_> {
    /// Takes over what looks personal where that is wanted, and counts it where annotations stand against it.
    fn inferred(
        &mut self,
        seen: infer::Seen,
        (wanted, wrong): (&dyn Fn(u32) -> bool, &FxHashSet<Place>),
        decisions: &mut Decisions,
    ) {
        let program = self.context.sema.program;
        for (place, hit) in seen.places {
            let Some(package) = program.package_of(place.item) else { continue };
            if !self.context.proposes && !hit.counts() {
                continue;
            }
            let path = path_text(place, program);
            if self.context.rejected.iter().any(|rejected| rejected.covers(&path)) {
                continue;
            }
            if self.context.proposes {
                self.propose(place, path, &hit, package);
            }
            if !hit.counts() {
                continue;
            }
            let Some(decision) = self.decision(hit) else { continue };
            if wanted(package) {
                decisions.insert(place, decision);
            } else {
                self.left_out(package);
                if !wrong.contains(&place) {
                    self.unannotated(place, &decision);
                }
            }
        }
        for (package, name, hit) in seen.unknown_fields {
            if let Some(id) = self.undeclared(package, name.to_string(), hit, wanted) {
                self.built.labels.unknown_fields.insert((package, name), id);
            }
        }
        for question in seen.asked {
            if let Some(id) = self.undeclared(question.package, question.path, question.hit, wanted) {
                self.built.labels.answers.extend(question.answers.into_iter().map(|answer| (answer, id)));
            }
        }
        self.records(seen.records, wanted, decisions);
    }

    /// Maps in fields hold what they are asked for, as long as nothing is known of the whole.
    fn records(&mut self, records: Vec<Record>, wanted: &dyn Fn(u32) -> bool, decisions: &Decisions) {
        let program = self.context.sema.program;
        for (place, key, hit) in records {
            let Part::Field(None, index) = place.part else { continue };
            let Some(package) = program.package_of(place.item) else { continue };
            let path = format!("{}[\"{key}\"]", path_text(place, program));
            let span = place.span(program);
            let is_open = wanted(package) && !decisions.contains_key(&place);
            let rejected = self.context.rejected.iter().any(|rejected| rejected.covers(&path));
            let Some(decision) = self.decision(hit).filter(|_| is_open && !rejected) else { continue };
            self.declare(place, &decision, path.clone(), span);
            let Decision { category: Some(category), basis } = decision else { continue };
            let id = self.label(Label { category, basis, declared: Some(span), path });
            self.built.labels.records.entry((place.item, index)).or_default().push((key, id));
        }
    }

    /// The label of what nobody declares, where inference is wanted.
    fn undeclared(
        &mut self,
        package: u32,
        path: String,
        hit: Hit,
        wanted: &dyn Fn(u32) -> bool,
    ) -> Option<LabelId> {
        if self.context.rejected.iter().any(|rejected| rejected.covers(&path)) {
            return None;
        }
        let Decision { category, basis } = self.decision(hit)?;
        if !wanted(package) {
            self.left_out(package);
            return None;
        }
        Some(self.label(Label { category: category?, basis, declared: None, path }))
    }

    fn propose(&mut self, place: Place, path: String, hit: &Hit, package: u32) {
        let program = self.context.sema.program;
        let is_reported = self.context.packages.get(package as usize).is_some_and(|facts| facts.selected);
        let Some(category) = self.context.taxonomy.find(hit.category).filter(|_| is_reported) else { return };
        let item = program.item(place.item);
        let (site, span) = match place.part {
            Part::Field(..) => (Site::Field, place.span(program)),
            Part::Param(_) => (Site::Param, place.span(program)),
            Part::Return => (Site::Function, program.span(place.item, item.range)),
            Part::Local(_) => (Site::Local, place.span(program)),
            Part::Whole => return,
        };
        let holder = (site == Site::Field).then(|| program.span(place.item, item.name_range));
        let (confidence, evidence, package) = (hit.confidence, hit.evidence.clone(), PackageId(package));
        self.built.proposals.push(Proposal {
            path,
            site,
            span,
            holder,
            category,
            confidence,
            evidence,
            counts: hit.counts(),
            package,
        });
    }

    fn decision(&self, hit: Hit) -> Option<Decision> {
        let category = self.context.taxonomy.find(hit.category)?;
        let basis = Basis::Inferred { evidence: hit.evidence, high: hit.confidence == Confidence::High };
        Some(Decision { category: Some(category), basis })
    }

    fn left_out(&mut self, package: u32) {
        let reported = self.context.packages.get(package as usize).is_some_and(|p| p.selected);
        self.built.left_out += usize::from(reported);
    }

    fn label(&mut self, label: Label) -> LabelId {
        let list = &mut self.built.labels.list;
        list.push(label);
        LabelId(list.len() as u32 - 1)
    }

    /// Labels the places that are decided, and lists all but variables.
    fn places(&mut self, decisions: &Decisions) {
        let program = self.context.sema.program;
        for (place, decision) in decisions {
            let (path, span) = (path_text(*place, program), place.span(program));
            if !matches!(place.part, Part::Local(_)) {
                self.declare(*place, decision, path.clone(), span);
            }
            if let Some(category) = decision.category {
                let basis = decision.basis.clone();
                let id = self.label(Label { category, basis, declared: Some(span), path });
                self.carry(*place, id);
            }
        }
    }

    fn carry(&mut self, place: Place, id: LabelId) {
        let labels = &mut self.built.labels;
        let item = place.item;
        match place.part {
            Part::Whole if matches!(self.context.sema.program.item(item).kind, ItemKind::Const(_)) => {
                labels.consts.insert(item, id);
            }
            Part::Whole => {
                labels.types.insert(item, id);
            }
            Part::Field(variant, index) => {
                labels.fields.insert((item, variant, index), id);
            }
            Part::Param(index) => {
                labels.params.insert((item, index), id);
                if let Some(local) = place::binding(self.context.sema.program, item, index) {
                    labels.locals.insert((item, local), id);
                }
            }
            Part::Return => {
                labels.returns.insert(item, id);
            }
            Part::Local(local) => {
                labels.locals.insert((item, local), id);
            }
        }
    }

    /// Notes a place that looks personal among others that are annotated. A variable is no declaration.
    fn unannotated(&mut self, place: Place, decision: &Decision) {
        let program = self.context.sema.program;
        let path: Vec<&str> = place.path(program).into_iter().map(Name::as_str).collect();
        let declared = self.declaration(place, decision, path.join("::"), place.span(program));
        self.built.unannotated.extend(declared.filter(|_| !matches!(place.part, Part::Local(_))));
    }

    fn declare(&mut self, place: Place, decision: &Decision, path: String, span: Span) {
        let declared = self.declaration(place, decision, path, span);
        self.built.declarations.extend(declared);
    }

    fn declaration(
        &self,
        place: Place,
        decision: &Decision,
        path: String,
        span: Span,
    ) -> Option<Declaration> {
        let program = self.context.sema.program;
        let package = program.package_of(place.item)?;
        let facts = self.context.packages.get(package as usize)?;
        let is_field = matches!(place.part, Part::Field(..));
        let holder =
            is_field.then(|| program.path(place.item).iter().map(|n| n.as_str()).collect::<Vec<_>>());
        Some(Declaration {
            path,
            span,
            category: decision.category,
            basis: decision.basis.clone(),
            derived_debug: self.derived_debug(place),
            holder: holder.map(|names| names.join("::")),
            package: PackageId(package),
            notice: facts.notice,
        })
    }

    /// Where `Debug` is derived that prints the place.
    fn derived_debug(&self, place: Place) -> Option<Span> {
        let Context { sema, models, .. } = self.context;
        let derived = sema.program.item(place.item).attrs.derive("Debug")?;
        if let Some(field) = place.field(sema.program) {
            let shapes = Shapes { program: sema.program, models };
            let shown =
                !field.attrs.hides(View::Debug) && !shapes.of_written(place.item, &field.ty).hides_debug;
            return shown.then(|| sema.program.span(place.item, derived));
        }
        Some(sema.program.span(place.item, derived))
    }

    /// What a trait's function declares holds for its implementations, where they say nothing themselves.
    fn overrides(&mut self, decisions: &Decisions) {
        for place in decisions.keys().filter(|p| matches!(p.part, Part::Return | Part::Param(_))) {
            let labels = &self.built.labels;
            let id = match place.part {
                Part::Param(index) => labels.params.get(&(place.item, index)),
                _ => labels.returns.get(&place.item),
            };
            let (Some(id), Some(own)) = (id.copied(), self.context.sema.index.overrides.get(&place.item))
            else {
                continue;
            };
            for item in own {
                let place = Place { item: *item, part: place.part };
                if !decisions.contains_key(&place) {
                    self.carry(place, id);
                }
            }
        }
    }
}
