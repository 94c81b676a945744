//! What asks a choice: functions, fields and types that notices name, by the paths they have. Knows types, walks no code.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Input;
use super::fact::{Answer, Fact, Facts, Outcome, Root, Who, open};
use crate::ir::{Expr, ExprId, ItemKind, Pat, TypeRef};
use crate::name::Name;
use crate::notice::PathPattern;
use crate::resolve::{Def, GItem, Namespace, Resolution};
use crate::types::{Callee, Inference, Ty, TyKind, ValueDef};

/// A choice, and whether a yes grants or refuses it.
pub(super) type Asked = (u16, bool);

/// The choices that an enum decides, each with the variants that grant it.
pub(super) type Deciding = Arc<[(u16, Vec<u16>)]>;

/// A function, and the type that it is called on.
type Called = (GItem, Option<GItem>);

/// The choices of all notices, numbered.
pub(super) struct Checks<'a> {
    pub(super) input: Input<'a>,
    /// Notice and index of each.
    list: Vec<(u32, usize)>,
    /// How many conditions each is owed under.
    pub(super) conditions: Vec<u8>,
    /// Names of conditions: choice and which.
    whens: FxHashMap<Name, Vec<(u16, u8)>>,
    functions: RefCell<FxHashMap<Called, Vec<Asked>>>,
    fields: RefCell<FxHashMap<(GItem, u16), Vec<Asked>>>,
    /// Fields that hold nothing but what these choices answer.
    kept: RefCell<FxHashMap<(GItem, u16), Vec<u16>>>,
    types: RefCell<FxHashMap<Ty, Vec<u16>>>,
    /// For each enum the choices that its variants decide, each with those that grant.
    pub(super) decisions: RefCell<FxHashMap<GItem, Deciding>>,
    homes: Vec<String>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        let each = input.notices.iter().enumerate();
        let list: Vec<(u32, usize)> =
            each.flat_map(|(n, notice)| (0..notice.choices.len()).map(move |c| (n as u32, c))).collect();
        let mut checks = Self {
            input,
            conditions: Vec::new(),
            whens: FxHashMap::default(),
            functions: RefCell::default(),
            fields: RefCell::default(),
            kept: RefCell::default(),
            types: RefCell::default(),
            decisions: RefCell::default(),
            homes: (0..input.notices.len()).map(|n| home(&input, n)).collect(),
            list,
        };
        for (at, (notice, choice)) in checks.list.clone().into_iter().enumerate() {
            let whens = &input.notices[notice as usize].choices[choice].when;
            checks.conditions.push(whens.len() as u8);
            for (n, when) in whens.iter().enumerate() {
                let name = when.value.rsplit("::").next().unwrap_or(&when.value);
                checks.whens.entry(Name::new(name)).or_default().push((at as u16, n as u8));
            }
        }
        checks
    }

    /// The number of a choice.
    pub(super) fn number(&self, notice: u32, choice: u32) -> Option<u16> {
        self.list.iter().position(|c| *c == (notice, choice as usize)).map(|at| at as u16)
    }

    /// The conditions that go by a name.
    pub(super) fn whens(&self, name: Name) -> &[(u16, u8)] {
        self.whens.get(&name).map(|l| &l[..]).unwrap_or_default()
    }

    pub(super) fn named(&self, path: &[&str], out: &mut Vec<Asked>) {
        for (at, (notice, choice)) in self.list.iter().enumerate() {
            let choice = &self.input.notices[*notice as usize].choices[*choice];
            let home = &self.homes[*notice as usize];
            let is_named = |all: &[PathPattern]| all.iter().any(|p| p.matches(path, home));
            for (patterns, grants) in [(&choice.checked_by, true), (&choice.refused_by, false)] {
                if is_named(patterns) && !out.contains(&(at as u16, grants)) {
                    out.push((at as u16, grants));
                }
            }
        }
    }

    /// What a function asks, called on a type: by its own path, its trait's, and the type's.
    pub(super) fn function(&self, func: GItem, on: Option<GItem>) -> Vec<Asked> {
        if let Some(known) = self.functions.borrow().get(&(func, on)) {
            return known.clone();
        }
        let program = self.input.sema.program;
        let mut found = Vec::new();
        self.named(&text(&program.path(func)), &mut found);
        let name = program.item(func).name;
        let of_trait = program.parent(func).and_then(|p| program.trait_path(p));
        for mut path in of_trait.into_iter().chain(on.map(|on| program.path(on))) {
            path.push(name);
            self.named(&text(&path), &mut found);
        }
        self.functions.borrow_mut().insert((func, on), found.clone());
        found
    }

    /// The same for a function outside.
    pub(super) fn external(&self, path: &[Name]) -> Vec<Asked> {
        let mut found = Vec::new();
        self.named(&text(path), &mut found);
        found
    }

    /// What a field says.
    pub(super) fn field(&self, adt: GItem, index: u16) -> Vec<Asked> {
        if let Some(known) = self.fields.borrow().get(&(adt, index)) {
            return known.clone();
        }
        let program = self.input.sema.program;
        let mut found = Vec::new();
        if let ItemKind::Struct(_, fields) = &program.item(adt).kind
            && let Some(field) = fields.list.get(index as usize)
        {
            let mut path = program.path(adt);
            path.push(field.name);
            self.named(&text(&path), &mut found);
        }
        let kept = self.kept.borrow().get(&(adt, index)).cloned().unwrap_or_default();
        found.extend(kept.into_iter().map(|choice| (choice, true)));
        self.fields.borrow_mut().insert((adt, index), found.clone());
        found
    }

    /// Takes fields for checks that hold nothing but answers.
    pub(super) fn keep(&self, fields: FxHashMap<(GItem, u16), Vec<u16>>) {
        self.fields.borrow_mut().clear();
        *self.kept.borrow_mut() = fields;
    }

    /// Choices that whoever has a value of a type was asked.
    pub(super) fn of_type(&self, ty: Ty) -> Vec<u16> {
        if let Some(known) = self.types.borrow().get(&ty) {
            return known.clone();
        }
        let path = match self.input.sema.types.kind(ty) {
            TyKind::Adt(item, _) => self.input.sema.program.path(*item),
            TyKind::External(path, _) => path.to_vec(),
            _ => Vec::new(),
        };
        let mut found = Vec::new();
        if !path.is_empty() {
            self.named(&text(&path), &mut found);
        }
        let granted: Vec<u16> = found.into_iter().filter(|(_, grants)| *grants).map(|(c, _)| c).collect();
        self.types.borrow_mut().insert(ty, granted.clone());
        granted
    }

    /// Choices that whoever calls a function was asked: its parameters are of types that only they get who were.
    pub(super) fn of_params(&self, func: GItem) -> Vec<u16> {
        let ItemKind::Fn(decl) = &self.input.sema.program.item(func).kind else { return Vec::new() };
        let mut found = Vec::new();
        decl.params.iter().for_each(|param| self.of_written(func, &param.ty, &mut found));
        found
    }

    /// The same of a type as written: of what it refers to, and of what a wrapper holds that is there for sure.
    fn of_written(&self, func: GItem, ty: &TypeRef, found: &mut Vec<u16>) {
        let program = self.input.sema.program;
        let path = match ty {
            TypeRef::Ref(inner, _) => return self.of_written(func, inner, found),
            TypeRef::Tuple(parts) => return parts.iter().for_each(|part| self.of_written(func, part, found)),
            TypeRef::Path(path) => path,
            _ => return,
        };
        let lang = &self.input.sema.lang;
        let names = match program.resolve(program.scope_of_body(func), path, Namespace::Type) {
            Resolution::Def(Def::Item(item), 0) => {
                if [lang.option, lang.result, lang.vec].contains(&Some(item)) {
                    return;
                }
                program.path(item)
            }
            Resolution::External(names) => names,
            _ => path.segments.iter().map(|segment| segment.name).collect(),
        };
        let mut asked = Vec::new();
        self.named(&text(&names), &mut asked);
        found.extend(asked.into_iter().filter(|(_, grants)| *grants).map(|(choice, _)| choice));
        let held = path.segments.last().and_then(|segment| segment.args.as_deref());
        held.iter().flat_map(|args| &args.types).for_each(|inner| self.of_written(func, inner, found));
    }

    /// What a value of a type says when it answers these.
    pub(super) fn answer(&self, ty: Ty, asked: &[Asked], who: &Who) -> Answer {
        let facts = |grants: bool| {
            let of = asked.iter().filter(|(_, g)| *g == grants);
            Facts(of.map(|(choice, _)| Fact { choice: *choice, excuse: None, who: who.clone() }).collect())
        };
        self.shaped(ty, &facts(true), &facts(false), 0)
    }

    fn shaped(&self, ty: Ty, granted: &Facts, refused: &Facts, depth: u8) -> Answer {
        let sema = self.input.sema;
        let plain = || Answer::of(Some(granted.clone()), Some(refused.clone()));
        match sema.types.kind(ty) {
            TyKind::Future(inner) => self.shaped(*inner, granted, refused, depth),
            _ if ty == Ty::BOOL => plain(),
            TyKind::Adt(item, args) if Some(*item) == sema.lang.option || Some(*item) == sema.lang.result => {
                let inner = args.first().copied().unwrap_or(Ty::UNKNOWN);
                if depth < 3 && self.says_more(inner) {
                    return Answer::default().holding(self.shaped(inner, granted, refused, depth + 1));
                }
                // That nothing was found refuses nothing; that nothing could be looked up says nothing.
                let is_option = Some(*item) == sema.lang.option;
                let refused = if is_option { refused.clone() } else { Facts::default() };
                Answer::of(Some(granted.clone()), Some(refused))
            }
            TyKind::Adt(item, _) if matches!(sema.program.item(*item).kind, ItemKind::Enum(..)) => {
                Answer::default()
            }
            // What cannot say no has asked when it comes back.
            TyKind::Tuple(_) | TyKind::Adt(..) if refused.0.is_empty() => {
                Answer::of(Some(granted.clone()), Some(granted.clone()))
            }
            _ => plain().holding(Answer::of(Some(granted.clone()), open())),
        }
    }

    /// Whether a value inside `Ok` or `Some` answers by itself.
    fn says_more(&self, ty: Ty) -> bool {
        let lang = &self.input.sema.lang;
        let adt = |item: &GItem| Some(*item) == lang.option || Some(*item) == lang.result;
        ty == Ty::BOOL || matches!(self.input.sema.types.kind(ty), TyKind::Adt(item, _) if adt(item))
    }

    /// Whether a part of this type is somebody or something by itself, and not only tells of what holds it.
    pub(super) fn is_entity(&self, ty: Ty) -> bool {
        let TyKind::Adt(item, _) = self.input.sema.types.kind(ty) else { return false };
        let program = self.input.sema.program;
        let ItemKind::Struct(_, fields) = &program.item(*item).kind else { return false };
        !program.is_model(*item) && !fields.tuple && fields.list.len() > 1
    }

    /// Whether two may be the same person. They are not where both are somebody of one kind, or a part of somebody, and
    /// these have nothing to do with each other: they are two, none was made from the other, and they were not looked up
    /// with the same.
    pub(super) fn may_be_same(&self, asked: &Who, owed: &Who) -> bool {
        let is_kind = |ty: &Ty| match self.input.sema.types.kind(*ty) {
            TyKind::Adt(item, _) => !self.input.sema.program.is_model(*item),
            _ => false,
        };
        let mut kinds = asked.direct().flat_map(Root::kinds).filter(is_kind);
        kinds.all(|kind| {
            let of = |who: &Who| who.direct().filter_map(|root| root.within(kind)).collect::<Vec<Root>>();
            let (these, those) = (of(asked), of(owed));
            let made_of =
                |all: &[Root], other: &Who| all.iter().any(|root| other.derived().any(|d| d.meets(root)));
            those.is_empty()
                || these.iter().any(|root| those.contains(root))
                || made_of(&these, owed)
                || made_of(&those, asked)
                || looked_up_alike(asked, owed)
        })
    }

    /// Whether a body asks anything by itself.
    pub(super) fn asks(&self, item: GItem, inf: &Inference) -> bool {
        let Some(body) = self.input.sema.program.body(item) else { return false };
        let guarded =
            !self.of_params(item).is_empty() || inf.locals.iter().any(|ty| !self.of_type(*ty).is_empty());
        let named = !self.whens.is_empty() && body.locals.iter().any(|l| self.whens.contains_key(&l.name));
        guarded
            || named
            || (0..body.exprs.len() as u32).map(ExprId).any(|id| match body.expr(id) {
                Expr::Call(..) | Expr::Method(..) => match inf.callees.get(&id) {
                    Some(Callee::Fn(func, _)) => {
                        let on = self.receiver(body.expr(id), inf);
                        !self.function(*func, on).is_empty()
                    }
                    Some(Callee::External(path)) => !self.external(path).is_empty(),
                    _ => false,
                },
                Expr::Path(_) => match inf.values.get(&id) {
                    Some(ValueDef::Ctor(adt, Some(_), _)) => !self.deciding(*adt).is_empty(),
                    _ => false,
                },
                Expr::Field(_, name) => {
                    self.whens.contains_key(name)
                        || inf.fields.get(&id).is_some_and(|(adt, i)| !self.field(*adt, *i).is_empty())
                }
                _ => false,
            })
            || self.pattern_asks(body, inf)
    }

    fn pattern_asks(&self, body: &crate::ir::Body, inf: &Inference) -> bool {
        let decides = |path: &u32| {
            inf.pat_paths.get(path).is_some_and(|(adt, v)| v.is_some() && !self.deciding(*adt).is_empty())
        };
        body.pats.iter().any(|pat| {
            if let Pat::Path(path) | Pat::TupleStruct(path, _) | Pat::Struct(path, _) = pat
                && decides(path)
            {
                return true;
            }
            let Pat::Struct(path, fields) = pat else { return false };
            let Some((adt, None)) = inf.pat_paths.get(path) else { return false };
            fields.iter().any(|(name, _)| {
                self.field_named(*adt, *name).is_some_and(|i| !self.field(*adt, i).is_empty())
            })
        })
    }

    /// Where a field stands in its struct.
    pub(super) fn field_named(&self, adt: GItem, name: Name) -> Option<u16> {
        match &self.input.sema.program.item(adt).kind {
            ItemKind::Struct(_, fields) => fields.list.iter().position(|f| f.name == name).map(|i| i as u16),
            _ => None,
        }
    }

    /// The type that a method is called on.
    pub(super) fn receiver(&self, expr: &Expr, inf: &Inference) -> Option<GItem> {
        let Expr::Method(receiver, ..) = expr else { return None };
        match self.input.sema.types.kind(inf.exprs[receiver.0 as usize]) {
            TyKind::Adt(item, _) => Some(*item),
            _ => None,
        }
    }

    /// A fact that nobody in particular was asked.
    pub(super) fn of_all(choices: &[u16]) -> Outcome {
        let fact = |choice: &u16| Fact { choice: *choice, excuse: None, who: Who::default() };
        Some(Facts(choices.iter().map(fact).collect()))
    }
}

/// Whether two were found with the same keys.
fn looked_up_alike(a: &Who, b: &Who) -> bool {
    let alike = |one: &Root, other: &Who| other.derived().any(|r| r.meets(one) && r.key == one.key);
    a.derived().next().is_some() && a.derived().all(|r| alike(r, b)) && b.derived().all(|r| alike(r, a))
}

pub(super) fn text(path: &[Name]) -> Vec<&'static str> {
    path.iter().map(|n| n.as_str()).collect()
}

/// The crate that `crate::` means in a notice.
fn home(input: &Input<'_>, notice: usize) -> String {
    let mut of = input.packages.iter().filter(|p| p.notice.0 as usize == notice);
    of.find_map(|p| p.crate_of_notice.clone()).unwrap_or_default()
}
