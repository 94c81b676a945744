//! What is stored: by the table of flows, put together by the type that holds it, with the tables, keys and types that its
//! writes go by. Knows places, not what becomes of them.

use rustc_hash::FxHashMap;

use super::Look;
use super::marks::{Code, Marks};
use crate::datamap::{Datum, Flow, NoticeId};
use crate::ir::{ExprId, ItemKind};
use crate::judge;
use crate::notice::{PathPattern, Role};
use crate::resolve::GItem;
use crate::source::Span;
use crate::taxonomy::CategoryId;

/// One type that is stored, or one write of data that is no type's.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// The type.
    pub(super) holder: Option<GItem>,
    /// The type's name in the code; else the write.
    pub(super) span: Span,
    /// The type's path; else what writes.
    pub(super) what: String,
    /// What of it is stored, sorted.
    pub(super) categories: Vec<CategoryId>,
    /// Where, in order.
    pub(super) writes: Vec<Span>,
    /// Recipients of the notice that store it, by index.
    recipients: Vec<usize>,
    /// What it goes by.
    pub(super) marks: Marks,
}

impl Stored {
    pub(super) fn is(&self, other: &Self) -> bool {
        self.span == other.span
    }
}

/// All that code under a notice stores, in the order of the code.
pub(super) fn stored(look: &Look<'_>, notice: NoticeId) -> Vec<Stored> {
    let holders = holders(look);
    let mut all: Vec<Stored> = Vec::new();
    let kept = look.input.flows.iter().filter(|flow| flow.notice == notice && is_kept(look, flow));
    let kept: Vec<&Flow> = kept.collect();
    let marks = writes(look, &kept);
    for flow in kept {
        let (named, _) = judge::end_of(&look.input.notices[notice.0 as usize], flow);
        for datum in &flow.data {
            let holder = holders.get(datum.path.as_str()).copied();
            let thing = at(look, flow, datum, holder);
            let known = match all.iter().position(|known| known.is(&thing)) {
                Some(at) => &mut all[at],
                None => {
                    all.push(thing);
                    let last = all.len() - 1;
                    &mut all[last]
                }
            };
            known.note(flow, datum, named);
            known.marks.add(marks.get(&flow.sink).cloned().unwrap_or_default());
        }
    }
    all.iter_mut().for_each(|thing| thing.marks.types = thing.holder.into_iter().collect());
    all.sort_by_key(|thing| thing.span);
    all
}

impl Stored {
    fn note(&mut self, flow: &Flow, datum: &Datum, recipient: Option<usize>) {
        if let Err(at) = self.categories.binary_search(&datum.category) {
            self.categories.insert(at, datum.category);
        }
        if let Err(at) = self.writes.binary_search(&flow.sink) {
            self.writes.insert(at, flow.sink);
        }
        self.recipients.extend(recipient);
    }
}

fn is_kept(look: &Look<'_>, flow: &Flow) -> bool {
    let (_, role) = judge::end_of(&look.input.notices[flow.notice.0 as usize], flow);
    role == Some(Role::Storage)
}

fn at(look: &Look<'_>, flow: &Flow, datum: &Datum, holder: Option<GItem>) -> Stored {
    let (span, what) = match holder {
        Some(item) => of_type(look, item),
        None => (flow.sink, datum.path.clone()),
    };
    Stored {
        holder,
        span,
        what,
        categories: Vec::new(),
        writes: Vec::new(),
        recipients: Vec::new(),
        marks: Marks::default(),
    }
}

fn of_type(look: &Look<'_>, item: GItem) -> (Span, String) {
    (look.span(item, look.program().item(item).name_range), look.path(item).join("::"))
}

/// The types that hold labelled fields, by the paths of these.
#[allow(clippy::iter_over_hash_type, reason = "a map is made, order does not show")]
fn holders<'a>(look: &Look<'a>) -> FxHashMap<&'a str, GItem> {
    let labels = look.input.labels;
    let fields = labels.fields.iter().map(|((adt, ..), label)| (labels.get(*label).path.as_str(), *adt));
    fields.chain(labels.types.iter().map(|(adt, label)| (labels.get(*label).path.as_str(), *adt))).collect()
}

/// What the writes go by.
fn writes(look: &Look<'_>, kept: &[&Flow]) -> FxHashMap<Span, Marks> {
    let mut all: FxHashMap<Span, Marks> = kept.iter().map(|flow| (flow.sink, Marks::default())).collect();
    for (item, inference) in look.input.bodies {
        let Some(body) = look.program().body(*item) else { continue };
        let mut code = None;
        for (at, range) in body.expr_ranges.iter().enumerate() {
            let Some(marks) = all.get_mut(&look.span(*item, range)) else { continue };
            let code = code.get_or_insert_with(|| Code::new(look, *item, body, inference));
            marks.add(code.marks(ExprId(at as u32)));
        }
    }
    all
}

/// The things that a name of an entry means: a storage recipient, a category or a type, whether or not it was seen to be
/// stored.
pub(super) fn named(look: &Look<'_>, notice: NoticeId, name: &str, stored: &[Stored]) -> Vec<Stored> {
    let known = &look.input.notices[notice.0 as usize];
    if let Some(at) = known.recipients.iter().position(|recipient| recipient.name.value == name) {
        return stored.iter().filter(|thing| thing.recipients.contains(&at)).cloned().collect();
    }
    if let Ok(category) = look.input.taxonomy.resolve(name) {
        let within = |c: &CategoryId| look.input.taxonomy.is_within(*c, category);
        return stored.iter().filter(|thing| thing.categories.iter().any(within)).cloned().collect();
    }
    let Ok(pattern) = PathPattern::parse(name, Span::new(known.file, 0, 0)) else { return Vec::new() };
    let program = look.program();
    let is_type = |item: &GItem| {
        matches!(program.item(*item).kind, ItemKind::Struct(..) | ItemKind::Enum(..))
            && !program.is_model(*item)
    };
    let home = look.home(notice);
    let types = program.items().filter(is_type).filter(|item| pattern.matches(&look.path(*item), home));
    types.map(|item| of_item(look, item, stored)).collect()
}

/// A type as it is stored, or as it is declared.
fn of_item(look: &Look<'_>, item: GItem, stored: &[Stored]) -> Stored {
    if let Some(known) = stored.iter().find(|thing| thing.holder == Some(item)) {
        return known.clone();
    }
    let (span, what) = of_type(look, item);
    Stored {
        holder: Some(item),
        span,
        what,
        categories: look.categories_of(item),
        writes: Vec::new(),
        recipients: Vec::new(),
        marks: Marks { types: vec![item], ..Marks::default() },
    }
}
