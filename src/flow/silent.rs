//! Types of the program that tell of nobody, whatever their values are: no label, no source and no formatting code of
//! their own is anywhere in what they are declared to hold. Most types are such, and so nobody looks through their fields
//! again for every value that is shown.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::shape::Shape;
use super::world::World;
use crate::ir::{Fields, ItemKind, Path, TypeRef, View};
use crate::resolve::{Def, GItem, Namespace, Resolution};

/// Through how many aliases a name is followed.
const MAX_ALIASES: u32 = 8;

/// For each item whether it is a type that tells of nobody.
#[derive(Debug, Default)]
pub(super) struct Silent(Vec<bool>);

/// Looks at one declaration.
struct Look<'w, 'a> {
    world: &'w World<'a>,
    item: GItem,
    /// Types that it holds.
    held: Vec<GItem>,
    /// Whether it may tell by itself.
    tells: bool,
}

impl World<'_> {
    /// Which types tell of nobody.
    pub(super) fn find_silent(&self) -> Silent {
        let program = self.input.sema.program;
        let is_type = |item: &GItem| !program.is_model(*item) && fields(self, *item).is_some();
        let types: Vec<GItem> = program.items().filter(is_type).collect();
        let mut silent = vec![false; program.item_count()];
        let mut holders: FxHashMap<GItem, Vec<GItem>> = FxHashMap::default();
        let mut telling = Vec::new();
        let labelled = self.labelled();
        let look = |item: &GItem| Look { world: self, item: *item, held: Vec::new(), tells: false }.run();
        let looks: Vec<Look<'_, '_>> = types.par_iter().map(look).collect();
        for Look { item, held, tells, .. } in looks {
            silent[item.0 as usize] = true;
            held.iter().for_each(|held| holders.entry(*held).or_default().push(item));
            if tells || labelled.contains(&item) {
                telling.push(item);
            }
        }
        while let Some(item) = telling.pop() {
            if std::mem::take(&mut silent[item.0 as usize]) {
                telling.extend(holders.get(&item).into_iter().flatten());
            }
        }
        Silent(silent)
    }

    /// Types with a label on themselves or on a field.
    #[allow(clippy::iter_over_hash_type, reason = "a set is made, order does not show")]
    fn labelled(&self) -> rustc_hash::FxHashSet<GItem> {
        let labels = self.input.labels;
        let fields = labels.fields.keys().map(|(item, ..)| *item);
        let records = labels.records.keys().map(|(item, _)| *item);
        labels.types.keys().copied().chain(fields).chain(records).collect()
    }

    /// Whether values of a type tell of nobody.
    pub(super) fn is_silent(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Adt(item, args) => {
                self.silent_types.0.get(item.0 as usize) == Some(&true)
                    && args.iter().all(|arg| self.is_silent(arg))
            }
            Shape::Prim(_) => true,
            _ => false,
        }
    }

    /// Whether a type of a model tells of nobody by itself.
    pub(super) fn is_plain_model(&self, item: GItem) -> bool {
        self.type_facts(item).source.is_none() && !self.input.labels.types.contains_key(&item)
    }
}

/// The fields of a type, those of each variant apart.
fn fields<'a>(world: &World<'a>, item: GItem) -> Option<Vec<&'a Fields>> {
    match &world.input.sema.program.item(item).kind {
        ItemKind::Struct(_, fields) => Some(vec![fields]),
        ItemKind::Enum(_, variants) => Some(variants.iter().map(|variant| &variant.fields).collect()),
        _ => None,
    }
}

impl Look<'_, '_> {
    fn run(mut self) -> Self {
        let views = [View::Debug, View::Display, View::Serialize];
        let written = views.iter().any(|view| self.world.hand_written(self.item, *view).is_some());
        self.tells = written || self.world.type_facts(self.item).source.is_some();
        for field in fields(self.world, self.item).into_iter().flatten().flat_map(|fields| &fields.list) {
            self.ty(self.item, &field.ty, 0);
        }
        self
    }

    /// What a type tells that is written in an item.
    fn ty(&mut self, home: GItem, ty: &TypeRef, depth: u32) {
        match ty {
            TypeRef::Path(path) => self.path(home, path, depth),
            TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => {
                self.ty(home, inner, depth)
            }
            TypeRef::Tuple(items) => items.iter().for_each(|item| self.ty(home, item, depth)),
            // No place is known in what these stand for.
            TypeRef::Never | TypeRef::Infer | TypeRef::Fn(..) | TypeRef::Error => {}
            TypeRef::Impl(_) | TypeRef::Dyn(_) => {}
        }
    }

    fn path(&mut self, home: GItem, path: &Path, depth: u32) {
        let program = self.world.input.sema.program;
        let args = path.segments.iter().filter_map(|segment| segment.args.as_deref());
        args.flat_map(|args| &args.types).for_each(|arg| self.ty(home, arg, depth));
        match program.resolve(program.home(home), path, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) => self.named(program.in_own_build(home, item), depth),
            Resolution::External(names) => {
                let names: Vec<&'static str> = names.iter().map(|name| name.as_str()).collect();
                self.tells |= self.world.facts_of_type(&names).source.is_some();
            }
            // Parameters, which a value's type fills in, and paths of which nothing is known.
            _ => {}
        }
    }

    fn named(&mut self, item: GItem, depth: u32) {
        let program = self.world.input.sema.program;
        match &program.item(item).kind {
            ItemKind::Alias(_, Some(_), _) if depth > MAX_ALIASES => self.tells = true,
            ItemKind::Alias(_, Some(target), _) => self.ty(item, target, depth + 1),
            _ if program.is_model(item) => self.tells |= !self.world.is_plain_model(item),
            _ => self.held.push(item),
        }
    }
}
