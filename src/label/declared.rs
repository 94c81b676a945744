//! Annotations in the code: `#[personal_data(…)]` with its category looked up. Knows neither the notice nor names.

use rustc_hash::FxHashSet;

use super::place::{Part, Place, own_items};
use super::{Context, Decision, Decisions};
use crate::datamap::{Basis, Broken};
use crate::ir::{Annotation, Fields, ItemKind, Param, Variant};
use crate::resolve::GItem;
use crate::taxonomy::{CategoryId, Taxonomy, Unresolved};

/// What annotations say.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Places that carry one.
    pub(super) decisions: Decisions,
    /// What is wrong with them.
    pub(super) broken: Vec<Broken>,
    /// Places with an annotation that could not be used.
    pub(super) wrong: FxHashSet<Place>,
    /// Packages with an annotation, right or wrong.
    pub(super) packages: FxHashSet<u32>,
}

/// Reads all annotations of the program.
pub(super) fn read(context: &Context<'_>) -> Declared {
    let program = context.sema.program;
    let mut reader = Reader { context, out: Declared::default() };
    for item in own_items(program) {
        reader.item(item);
    }
    for (item, _) in context.bodies {
        for (local, annotation) in program.body(*item).iter().flat_map(|body| &body.annotated) {
            let place = Place { item: *item, part: Part::Local(*local) };
            reader.annotation(Some(annotation), &[place], *item);
        }
    }
    reader.out
}

struct Reader<'a> {
    context: &'a Context<'a>,
    out: Declared,
}

impl Reader<'_> {
    fn item(&mut self, item: GItem) {
        let declared = self.context.sema.program.item(item);
        let own = declared.attrs.annotation();
        let whole = Place { item, part: Part::Whole };
        match &declared.kind {
            ItemKind::Struct(_, fields) => {
                self.annotation(own, &[whole], item);
                self.fields(item, None, fields);
            }
            ItemKind::Enum(_, variants) => {
                self.annotation(own, &[whole], item);
                variants.iter().enumerate().for_each(|(v, variant)| self.variant(item, v as u16, variant));
            }
            ItemKind::Fn(decl) => {
                self.annotation(own, &[Place { item, part: Part::Return }], item);
                decl.params.iter().enumerate().for_each(|(i, param)| self.param(item, i as u16, param));
            }
            ItemKind::Const(_) | ItemKind::Alias(..) => self.annotation(own, &[whole], item),
            kind => {
                if let (Some(annotation), Some(what)) = (own, dataless(kind)) {
                    let why = format!("{what} holds no data: annotate its fields, parameters or functions");
                    let span = self.context.sema.program.span(item, annotation.range);
                    self.out.broken.push(Broken::Annotation { why, span });
                }
            }
        }
    }

    fn fields(&mut self, item: GItem, variant: Option<u16>, fields: &Fields) {
        for (i, field) in fields.list.iter().enumerate() {
            let place = Place { item, part: Part::Field(variant, i as u16) };
            self.annotation(field.attrs.annotation(), &[place], item);
        }
    }

    /// An annotation on a variant is one on each of its fields that has none of its own.
    fn variant(&mut self, item: GItem, index: u16, variant: &Variant) {
        let list = variant.fields.list.iter().enumerate();
        let bare = list.filter(|(_, field)| field.attrs.annotation().is_none());
        let places: Vec<Place> =
            bare.map(|(i, _)| Place { item, part: Part::Field(Some(index), i as u16) }).collect();
        self.annotation(variant.attrs.annotation(), &places, item);
        self.fields(item, Some(index), &variant.fields);
    }

    fn param(&mut self, item: GItem, index: u16, param: &Param) {
        self.annotation(param.attrs.annotation(), &[Place { item, part: Part::Param(index) }], item);
    }

    fn annotation(&mut self, annotation: Option<&Annotation>, places: &[Place], item: GItem) {
        let Some(annotation) = annotation else { return };
        let program = self.context.sema.program;
        self.out.packages.extend(program.package_of(item));
        let span = program.span(item, annotation.range);
        if let Some(why) = &annotation.wrong {
            self.out.broken.push(Broken::Annotation { why: why.clone(), span });
            self.out.wrong.extend(places);
            return;
        }
        match category(self.context.taxonomy, &annotation.key) {
            Ok(category) => {
                let decision = Decision { category, basis: Basis::Annotated };
                self.out.decisions.extend(places.iter().map(|place| (*place, decision.clone())));
            }
            Err(unresolved) => {
                let (suggestions, why) = explain(unresolved);
                let written = annotation.key.clone();
                self.out.broken.push(Broken::UnknownCategory { written, span, suggestions, why });
                self.out.wrong.extend(places);
            }
        }
    }
}

/// The category that a key means; `None` for `none`.
fn category(taxonomy: &Taxonomy, key: &str) -> Result<Option<CategoryId>, Unresolved> {
    if key == "none" { Ok(None) } else { taxonomy.resolve(key).map(Some) }
}

fn explain(unresolved: Unresolved) -> (Vec<String>, String) {
    match unresolved {
        Unresolved::Ambiguous(keys) => (keys, "the last part of several categories".to_owned()),
        Unresolved::Unknown(keys) => (keys, String::new()),
    }
}

/// What an item is that can carry no annotation of data.
fn dataless(kind: &ItemKind) -> Option<&'static str> {
    match kind {
        ItemKind::Mod(_) => Some("a module"),
        ItemKind::Trait(..) => Some("a trait"),
        ItemKind::Impl(_) => Some("an impl"),
        ItemKind::Use(_) | ItemKind::ExternCrate(_) => Some("an import"),
        _ => None,
    }
}
