//! What no value of the program has: optional fields into which nobody puts anything, and variants that nobody makes. Whoever
//! writes nothing but `None` there, or copies it from where nobody does, declares what is not in use. That is known of types
//! of an application alone that code makes and that nothing decodes. Follows no value.

use rustc_hash::{FxHashMap, FxHashSet};

use super::uses::{Member, Uses};
use super::world::World;
use crate::datamap::Basis;
use crate::ir::ItemKind;
use crate::label::LabelId;
use crate::name::Name;
use crate::resolve::{CrateId, Def, Dependency, GItem, Program};

/// Derived traits that make no value of a type but out of others of it, or out of nothing.
const READING: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "PersonalData",
    "Serialize",
];

/// What no value has.
#[derive(Debug, Default)]
pub(super) struct Unfilled {
    fields: FxHashSet<Member>,
    variants: FxHashSet<(GItem, u16)>,
}

impl Unfilled {
    /// Whether nothing is ever in a field, or no value is of its variant.
    fn has(&self, (item, variant, index): Member) -> bool {
        self.fields.contains(&(item, variant, index))
            || variant.is_some_and(|variant| self.variants.contains(&(item, variant)))
    }
}

impl World<'_> {
    /// Whether a field is empty in all values. Of what somebody declares to be personal, nobody says so.
    pub(super) fn is_empty(&self, member: Member) -> bool {
        self.unfilled.has(member) && self.label_of(member).is_none()
    }

    /// The label of a field; of one into which nobody puts anything a name says nothing.
    pub(super) fn label_of(&self, member: Member) -> Option<LabelId> {
        let label = *self.input.labels.fields.get(&member)?;
        let by_name = matches!(self.input.labels.get(label).basis, Basis::Inferred { .. });
        (!by_name || !self.unfilled.has(member)).then_some(label)
    }

    /// What nobody fills in or makes, as far as code shows.
    pub(super) fn find_unfilled(&self, uses: &Uses) -> Unfilled {
        let own = applications(self.input.sema.program);
        let mut items: Vec<GItem> = uses.made.iter().map(|(item, _)| *item).collect();
        items.sort_unstable();
        items.dedup();
        let mut unfilled = Unfilled::default();
        for item in items.into_iter().filter(|item| self.is_made_by_code_alone(*item, uses)) {
            let is_known = |public: bool| !public || own.contains(&self.input.sema.program.crate_of(item));
            self.add_type(item, uses, &is_known, &mut unfilled);
        }
        fill_in(uses, &mut unfilled.fields);
        unfilled
    }

    /// Whether values of a type come from code that names it, and nothing else: what stands for it in another build may be
    /// meant just as well.
    fn is_made_by_code_alone(&self, item: GItem, uses: &Uses) -> bool {
        let program = self.input.sema.program;
        let declared = program.item(item);
        let derives = declared.attrs.get().map(|attrs| &attrs.derives[..]).unwrap_or_default();
        derives.iter().all(|(name, _)| READING.contains(&name.as_str()))
            && !uses.unclear.contains(&declared.name)
            && program.alternatives(item).next().is_none()
    }

    fn add_type(&self, item: GItem, uses: &Uses, is_known: &dyn Fn(bool) -> bool, unfilled: &mut Unfilled) {
        let declared = self.input.sema.program.item(item);
        match &declared.kind {
            ItemKind::Struct(_, fields) => {
                let public = |index: usize| declared.public && fields.list[index].public;
                let known = (0..fields.list.len()).filter(|index| is_known(public(*index)));
                let members = known.map(|index| (item, None, index as u16));
                unfilled.fields.extend(members.filter(|member| self.may_be_unfilled(*member, uses)));
            }
            ItemKind::Enum(_, variants) if is_known(declared.public) => {
                for (at, variant) in variants.iter().enumerate() {
                    let at = at as u16;
                    if variants.iter().filter(|other| other.name == variant.name).count() > 1 {
                        continue;
                    }
                    if uses.made.contains(&(item, Some(at))) {
                        let members = (0..variant.fields.list.len() as u16).map(|i| (item, Some(at), i));
                        unfilled.fields.extend(members.filter(|member| self.may_be_unfilled(*member, uses)));
                    } else if !uses.unclear.contains(&variant.name) {
                        unfilled.variants.insert((item, at));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a field may be empty, and no code says by itself what is in it.
    fn may_be_unfilled(&self, member: Member, uses: &Uses) -> bool {
        let (item, variant, index) = member;
        let Some(fields) = self.fields_of(item, variant) else { return false };
        let field = &fields.list[usize::from(index)];
        !uses.filled.contains(&member)
            && !uses.unclear.contains(&field.name)
            && fields.list.iter().filter(|other| other.name == field.name).count() == 1
            && self.may_be_empty(&self.field_shape(item, &[], field))
    }
}

/// Takes away what is copied from a field that may hold something, over as many copies as there are.
#[allow(clippy::iter_over_hash_type, reason = "what is left does not hang on the order")]
fn fill_in(uses: &Uses, fields: &mut FxHashSet<Member>) {
    let mut copies: FxHashMap<Member, Vec<Member>> = FxHashMap::default();
    let mut filled = Vec::new();
    for (to, from) in uses.copied.iter().filter(|(to, _)| fields.contains(to)) {
        if fields.contains(from) {
            copies.entry(*from).or_default().push(*to);
        } else {
            filled.push(*to);
        }
    }
    while let Some(member) = filled.pop() {
        if fields.remove(&member) {
            filled.extend(copies.get(&member).into_iter().flatten());
        }
    }
}

/// Crates that are programs, and those that they are put together from: nobody else makes values of their types.
fn applications(program: &Program) -> FxHashSet<CrateId> {
    let is_program = |id: &CrateId| {
        let krate = &program.crates[id.0 as usize];
        let main = program.modules[krate.root.0 as usize].values.get(&Name::new("main"));
        krate.package.is_some() && matches!(main, Some(Def::Item(_)))
    };
    let all = (0..program.crates.len() as u32).map(CrateId);
    let mut waiting: Vec<CrateId> = all.filter(is_program).collect();
    let mut found = FxHashSet::default();
    while let Some(id) = waiting.pop() {
        let krate = &program.crates[id.0 as usize];
        if krate.package.is_some() && found.insert(id) {
            let known = krate.dependencies.values().filter_map(|dependency| match dependency {
                Dependency::Known(id) => Some(*id),
                Dependency::External => None,
            });
            waiting.extend(known);
        }
    }
    found
}
