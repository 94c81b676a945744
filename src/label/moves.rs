//! What code does with places that can hold data: which is filled from which, and which is compared with which. Looks at one
//! body at a time, follows no value, and knows neither what a place means nor what its name says.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::place::{Part, Place, binding, function};
use crate::ir::{BinaryOp, Body, Expr, ExprId, LocalId, Pat, PatId, Stmt};
use crate::name::Name;
use crate::resolve::{GItem, Program};
use crate::types::{Callee, Inference, Ty, TyKind, ValueDef};

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// Another place, as it is.
    Place(Place),
    /// Written in the program: says nothing of what else a place holds.
    Constant,
    /// Anything.
    Unknown,
}

/// What code does with one place.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// What fills it.
    pub(super) from: Vec<Origin>,
    /// What it fills.
    pub(super) to: Vec<Place>,
    /// What it is compared with.
    pub(super) like: Vec<Place>,
}

/// What one piece of code says.
enum Said {
    Fills(Place, Origin),
    Alike(Place, Place),
}

/// What code does with all places. In parts, each of which a thread can fill.
#[derive(Debug)]
pub(super) struct AllMoves(Vec<FxHashMap<Place, Moves>>);

const PARTS: usize = 4;

impl AllMoves {
    pub(super) fn get(&self, place: &Place) -> Option<&Moves> {
        self.0[part_of(place)].get(place)
    }
}

fn part_of(place: &Place) -> usize {
    place.item.0 as usize % PARTS
}

/// What code says of places, in the order of the program.
pub(super) fn of(program: &Program, bodies: &[&(GItem, Inference)]) -> AllMoves {
    let said: Vec<Vec<Said>> = bodies
        .par_iter()
        .filter_map(|(item, inference)| {
            let body = program.body(*item)?;
            Some(Look::new(program, *item, body, inference).run())
        })
        .collect();
    AllMoves((0..PARTS).into_par_iter().map(|part| in_part(part, said.iter().flatten())).collect())
}

/// What is said of the places of one part.
fn in_part<'a>(part: usize, said: impl Iterator<Item = &'a Said>) -> FxHashMap<Place, Moves> {
    let mut all: FxHashMap<Place, Moves> = FxHashMap::default();
    let mut add = |place: Place, what: &dyn Fn(&mut Moves)| {
        if part_of(&place) == part {
            what(all.entry(place).or_default());
        }
    };
    for said in said {
        match *said {
            Said::Fills(place, origin) => {
                add(place, &|moves| moves.from.push(origin));
                if let Origin::Place(from) = origin {
                    add(from, &|moves| moves.to.push(place));
                }
            }
            Said::Alike(one, other) => {
                add(one, &|moves| moves.like.push(other));
                add(other, &|moves| moves.like.push(one));
            }
        }
    }
    all
}

/// Looks at one body.
struct Look<'a> {
    program: &'a Program,
    item: GItem,
    body: &'a Body,
    inference: &'a Inference,
    /// The variables that parameters bind, in their order.
    params: Vec<Option<LocalId>>,
    said: Vec<Said>,
}

impl<'a> Look<'a> {
    fn new(program: &'a Program, item: GItem, body: &'a Body, inference: &'a Inference) -> Self {
        let count = function(program, item).map_or(0, |function| function.params.len());
        let params = (0..count as u16).map(|at| binding(program, item, at)).collect();
        Self { program, item, body, inference, params, said: Vec::new() }
    }

    fn run(mut self) -> Vec<Said> {
        for (at, expr) in self.body.exprs.iter().enumerate() {
            self.expr(ExprId(at as u32), expr);
        }
        if let Some(root) = self.body.root {
            self.fill(Place { item: self.item, part: Part::Return }, root);
        }
        for stmt in &self.body.stmts {
            if let Stmt::Let { pat, init: Some(init), .. } = stmt {
                self.bind(*pat, *init);
            }
        }
        self.said
    }

    fn expr(&mut self, id: ExprId, expr: &Expr) {
        match *expr {
            Expr::Struct(path, fields, _) => self.literal(path, self.body.list(fields)),
            Expr::Assign(left, right) => {
                if let Origin::Place(place) = self.origin(left) {
                    self.fill(place, right);
                }
            }
            Expr::Binary(BinaryOp::Equal | BinaryOp::Unequal, left, right) => {
                if let (Origin::Place(left), Origin::Place(right)) = (self.origin(left), self.origin(right)) {
                    self.said.push(Said::Alike(left, right));
                }
            }
            Expr::Call(_, args) | Expr::Method(_, _, args, _) => self.call(id, self.body.list(args)),
            Expr::Return(Some(value)) => self.fill(Place { item: self.item, part: Part::Return }, value),
            Expr::Let(pat, value) => self.bind(pat, value),
            Expr::Match(value, first, end) => {
                for arm in first..end {
                    self.bind(self.body.arms[arm as usize].pat, value);
                }
            }
            _ => {}
        }
    }

    /// The fields that a struct literal fills.
    fn literal(&mut self, path: u32, fields: &[ExprId]) {
        let Some((item, variant)) = self.inference.pat_paths.get(&path).copied() else { return };
        for field in fields {
            if let Expr::Named(name, value) = *self.body.expr(*field)
                && let Some(place) = self.field(item, variant, name)
            {
                self.fill(place, value);
            }
        }
    }

    /// The parameters of a function of the program, or the fields of what a constructor makes, that a call fills.
    fn call(&mut self, id: ExprId, args: &[ExprId]) {
        if let Some(Callee::Ctor(item, variant)) = self.inference.callees.get(&id).copied() {
            if self.is_own(item) {
                for (at, arg) in args.iter().enumerate() {
                    self.fill(Place { item, part: Part::Field(variant, at as u16) }, *arg);
                }
            }
            return;
        }
        let Some(called) = self.called(id) else { return };
        let Some(decl) = function(self.program, called) else { return };
        let receiver = decl.receiver.is_some() && matches!(self.body.expr(id), Expr::Call(..));
        for (at, arg) in args.iter().skip(usize::from(receiver)).enumerate() {
            self.fill(Place { item: called, part: Part::Param(at as u16) }, *arg);
        }
    }

    /// The function of the program that a call means.
    fn called(&self, id: ExprId) -> Option<GItem> {
        match self.inference.callees.get(&id) {
            Some(Callee::Fn(called, false)) if self.is_own(*called) => Some(*called),
            _ => None,
        }
    }

    fn fill(&mut self, place: Place, value: ExprId) {
        if !self.inference.exprs.get(value.0 as usize).is_none_or(|ty| self.may_be_text(*ty)) {
            return;
        }
        let origin = self.origin(value);
        if origin != Origin::Place(place) {
            self.said.push(Said::Fills(place, origin));
        }
    }

    /// What a pattern takes out of a value.
    fn bind(&mut self, pat: PatId, value: ExprId) {
        if let Origin::Place(place) = self.origin(value) {
            self.bind_to(pat, Some(place));
        } else {
            self.bind_to(pat, None);
        }
    }

    fn bind_to(&mut self, pat: PatId, from: Option<Place>) {
        match self.body.pat(pat) {
            Pat::Bind(local, _, None) => {
                if !self.inference.locals.get(local.0 as usize).is_none_or(|ty| self.may_be_text(*ty)) {
                    return;
                }
                let origin = from.map_or(Origin::Unknown, Origin::Place);
                self.said.push(Said::Fills(self.local(*local), origin));
            }
            Pat::Ref(inner) | Pat::Typed(inner, _) => self.bind_to(*inner, from),
            Pat::TupleStruct(path, list) => {
                let is_wrapper = self.inference.pat_paths.get(path).is_some_and(|(of, _)| !self.is_own(*of));
                match self.body.pat_list(*list) {
                    [inner] if is_wrapper => self.bind_to(*inner, from),
                    all => all.iter().for_each(|inner| self.bind_to(*inner, None)),
                }
            }
            Pat::Struct(path, fields) => {
                let of = self.inference.pat_paths.get(path).copied();
                for (name, inner) in fields {
                    let field = of.and_then(|(item, variant)| self.field(item, variant, *name));
                    self.bind_to(*inner, field);
                }
            }
            Pat::Tuple(list) | Pat::Slice(list) | Pat::Or(list) => {
                self.body.pat_list(*list).iter().for_each(|inner| self.bind_to(*inner, None));
            }
            _ => {}
        }
    }

    /// Where a value comes from, looking through what hands it on as it is, and through a method without arguments whose
    /// result may still hold it.
    fn origin(&self, id: ExprId) -> Origin {
        match *self.body.expr(id) {
            Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Try(inner) | Expr::Await(inner) => {
                self.origin(inner)
            }
            Expr::Method(receiver, _, args, _) => match self.called(id) {
                Some(called) => Origin::Place(Place { item: called, part: Part::Return }),
                None if self.hands_on(id, self.body.list(args)) => self.origin(receiver),
                None => Origin::Unknown,
            },
            Expr::Call(_, args) => match self.called(id) {
                Some(called) => Origin::Place(Place { item: called, part: Part::Return }),
                None => self.made(id, self.body.list(args)),
            },
            Expr::Field(..) => match self.inference.fields.get(&id) {
                Some((item, index)) if self.is_own(*item) => {
                    Origin::Place(Place { item: *item, part: Part::Field(None, *index) })
                }
                _ => Origin::Unknown,
            },
            Expr::Local(local) => Origin::Place(self.local(local)),
            Expr::Block(_, _, Some(value)) => self.origin(value),
            Expr::Lit(_) => Origin::Constant,
            Expr::Path(_) => match self.inference.values.get(&id) {
                Some(ValueDef::Ctor(..) | ValueDef::Const(_)) => Origin::Constant,
                _ => Origin::Unknown,
            },
            _ => Origin::Unknown,
        }
    }

    /// Whether a method's result may be what it is called on: it is given nothing else, and does not count or ask.
    fn hands_on(&self, id: ExprId, args: &[ExprId]) -> bool {
        let is_plain = |arg: &ExprId| matches!(self.body.expr(*arg), Expr::Lit(_));
        let table = &self.inference.table;
        let told = self.inference.exprs.get(id.0 as usize).map(|ty| table.kind(*ty));
        let is_text = match told {
            Some(TyKind::Prim(name)) => *name == *"str",
            _ => true,
        };
        is_text && args.iter().all(is_plain)
    }

    /// Whether a value of a type may be text: no number, no function, and nothing of the program with several fields. Most
    /// values are none.
    fn may_be_text(&self, ty: Ty) -> bool {
        let table = &self.inference.table;
        match table.kind(ty) {
            TyKind::Prim(name) => *name == *"str",
            TyKind::Adt(item, args) if args.is_empty() && self.is_own(*item) => {
                super::place::fields(self.program, *item, None).is_none_or(|fields| fields.tuple)
            }
            TyKind::Adt(_, args) => args.is_empty() || args.iter().any(|arg| self.may_be_text(*arg)),
            TyKind::Slice(inner) | TyKind::Future(inner) => self.may_be_text(*inner),
            TyKind::External(..) | TyKind::Tuple(_) | TyKind::Never => false,
            TyKind::Fn(_) | TyKind::FnPtr(..) | TyKind::Closure(_) => false,
            TyKind::Bounds(_) | TyKind::Unknown | TyKind::Var(_) | TyKind::Param(..) | TyKind::Proj(..) => {
                true
            }
        }
    }

    /// What a constructor, or a function of one of std's types (`String::from`), makes of its only argument; without arguments it
    /// makes what is empty.
    fn made(&self, id: ExprId, args: &[ExprId]) -> Origin {
        let hands_on = match self.inference.callees.get(&id) {
            Some(Callee::Ctor(..)) => true,
            Some(Callee::Fn(called, _)) => {
                self.program.is_std(*called) && self.program.parent(*called).is_some()
            }
            _ => false,
        };
        match args {
            [] if hands_on => Origin::Constant,
            [only] if hands_on => self.origin(*only),
            _ => Origin::Unknown,
        }
    }

    fn local(&self, local: LocalId) -> Place {
        let param = self.params.iter().position(|bound| *bound == Some(local));
        let part = param.map_or(Part::Local(local), |at| Part::Param(at as u16));
        Place { item: self.item, part }
    }

    fn field(&self, item: GItem, variant: Option<u16>, name: Name) -> Option<Place> {
        let fields = super::place::fields(self.program, item, variant).filter(|_| self.is_own(item))?;
        let index = fields.list.iter().position(|field| field.name == name)?;
        Some(Place { item, part: Part::Field(variant, index as u16) })
    }

    fn is_own(&self, item: GItem) -> bool {
        self.program.package_of(item).is_some()
    }
}
