//! Text that is decoded further on: the type that it is decoded into says what is in it, before as well as after. A
//! function that decodes a parameter tells its callers, what into where the type is not theirs to choose. Knows which
//! calls decode from models alone.

use std::sync::Arc;

use super::call::index_of;
use super::frame::{Frame, set, source};
use super::shape::Shape;
use super::show::{Implied, ImpliedPlace};
use super::summary::payload;
use super::value::{Atom, Doubts, Key, Path, StepText, Val};
use super::world::World;
use crate::ir::{Expr, ExprId, LocalId, Pat, Stmt, View};
use crate::name::Name;
use crate::resolve::GItem;
use crate::types::Callee;

/// How much of what a text holds is told.
const MAX_CONTENT: usize = 8;
/// Over how many variables a text is followed back.
const MAX_BACK: usize = 4;
/// What a function tells its callers of its parameters.
pub(super) const MAX_TOLD: usize = 4;

/// What a text is decoded into.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// What the function gives back, which the caller chooses.
    Result,
    /// A type with these labelled places.
    Of(GItem, Implied),
}

/// A place of a body that holds text which is decoded.
#[derive(Clone, Debug)]
pub(super) struct Decoding {
    call: ExprId,
    local: LocalId,
    path: Path,
    into: GItem,
    places: Implied,
}

impl World<'_> {
    /// The argument that a function decodes, as models say; most names tell at once that it is none.
    fn decoded_by(&self, name: Name, path: impl FnOnce() -> Vec<Name>) -> Option<u8> {
        let models = self.input.models;
        let path = models.may_decode(name.as_str()).then(path)?;
        models.decoded_by(&path.iter().map(|n| n.as_str()).collect::<Vec<_>>())
    }

    /// Whether values of a type are text or bytes, or what is read from either before its meaning is known.
    fn is_encoded(&self, shape: &Shape) -> bool {
        let is_byte = |shape: &Shape| matches!(shape, Shape::Prim(name) if *name == *"u8");
        match shape {
            Shape::Of(items) => items.len() == 1 && is_byte(&items[0]),
            Shape::Adt(item, held) if self.input.sema.program.is_model(*item) => match &held[..] {
                [] => self.is_text(shape) || self.carries(shape) && self.does(*item, &["Deref"]),
                [only] => is_byte(only) || self.is_text(shape),
                _ => false,
            },
            _ => self.is_text(shape),
        }
    }
}

impl Frame<'_, '_> {
    /// Looks for calls that decode.
    pub(super) fn find_decodings(&mut self) {
        for at in 0..self.body.exprs.len() {
            let id = ExprId(at as u32);
            let (receiver, args) = match *self.body.expr(id) {
                Expr::Call(_, args) => (None, args),
                Expr::Method(receiver, _, args, _) => (Some(receiver), args),
                _ => continue,
            };
            let args = receiver.into_iter().chain(self.body.list(args).iter().copied());
            for (index, content) in self.decodes(id, receiver.is_some()) {
                if let Some(arg) = args.clone().nth(index) {
                    self.decoding(id, arg, content);
                }
            }
        }
    }

    /// Which arguments a call decodes, and what into.
    fn decodes(&self, id: ExprId, method: bool) -> Vec<(usize, Content)> {
        let program = self.world.input.sema.program;
        let by_model = match self.inf.callees.get(&id) {
            Some(Callee::Fn(func, false)) => match self.known(*func) {
                Some(known) => {
                    return known.decodes.iter().map(|(i, c)| (usize::from(*i), c.clone())).collect();
                }
                None => self.world.decoded_by(self.world.name(*func), || program.path(*func)),
            },
            Some(Callee::External(path)) => {
                path.last().and_then(|last| self.world.decoded_by(*last, || path.to_vec()))
            }
            _ => None,
        };
        let index = by_model.and_then(|n| index_of(n, method));
        index.map(|index| (index, Content::Result)).into_iter().collect()
    }

    fn decoding(&mut self, call: ExprId, arg: ExprId, content: Content) {
        let Some((local, path)) = self.text_place(arg) else { return };
        let param = self.param_of(local).filter(|_| path.is_empty());
        let content = match content {
            Content::Result => match self.decoded_into(&self.shape(call)) {
                Some(content) => content,
                None => return self.tell(param, Content::Result),
            },
            content => content,
        };
        let Content::Of(into, places) = &content else { return };
        let (mut local, mut path) = (local, path);
        for _ in 0..MAX_BACK {
            let (into, places) = (*into, Arc::clone(places));
            self.decodings.push(Decoding { call, local, path, into, places });
            let before =
                self.initial(local).filter(|_| path.is_empty()).and_then(|value| self.text_place(value));
            match before {
                Some(before) => (local, path) = before,
                None => break,
            }
        }
        let param = self.param_of(local).filter(|_| path.is_empty());
        self.tell(param, content);
    }

    /// What a decoded result's type holds; `None` where callers choose it.
    fn decoded_into(&self, shape: &Shape) -> Option<Content> {
        let lang = &self.world.input.sema.lang;
        match shape {
            Shape::Adt(item, args) if Some(*item) == lang.result || Some(*item) == lang.option => {
                self.decoded_into(args.first()?)
            }
            Shape::Adt(item, _) => Some(Content::Of(
                *item,
                self.world.implied(shape, View::Whole).iter().take(MAX_CONTENT).cloned().collect(),
            )),
            Shape::Of(args) if args.len() == 1 => self.decoded_into(&args[0]),
            _ => None,
        }
    }

    fn tell(&mut self, param: Option<u8>, content: Content) {
        let Some(param) = param.filter(|_| self.told.len() < MAX_TOLD) else { return };
        if !matches!(&content, Content::Of(_, places) if places.is_empty()) {
            self.told.push((param, content));
        }
    }

    fn param_of(&self, local: LocalId) -> Option<u8> {
        let is_it = |pat: &crate::ir::PatId| matches!(self.body.pat(*pat), Pat::Bind(l, ..) if *l == local);
        self.body.params.iter().position(is_it).map(|i| i as u8)
    }

    /// What a variable is bound to at its declaration.
    fn initial(&self, local: LocalId) -> Option<ExprId> {
        self.body.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let { pat, init, .. } if matches!(self.body.pat(*pat), Pat::Bind(l, ..) if *l == local) => {
                *init
            }
            _ => None,
        })
    }

    /// The place that an expression takes its text from.
    fn text_place(&self, id: ExprId) -> Option<(LocalId, Path)> {
        match *self.body.expr(id) {
            Expr::Local(local) => self.is_encoded(id).then_some((local, Path::ROOT)),
            Expr::Field(..) => self.is_encoded(id).then(|| self.place_of(id)).flatten(),
            Expr::Ref(inner, _) | Expr::Deref(inner) | Expr::Try(inner) => self.text_place(inner),
            Expr::Method(receiver, _, args, _) if args.is_empty() && !self.calls_own(id) => {
                self.text_place(receiver)
            }
            Expr::Call(_, args) if self.body.list(args).len() == 1 && !self.calls_own(id) => {
                self.text_place(self.body.list(args)[0])
            }
            _ => None,
        }
    }

    fn place_of(&self, id: ExprId) -> Option<(LocalId, Path)> {
        match *self.body.expr(id) {
            Expr::Local(local) => Some((local, Path::ROOT)),
            Expr::Field(base, name) => {
                self.place_of(base).map(|(local, path)| (local, path.child(Key::Field(name))))
            }
            Expr::Ref(inner, _) | Expr::Deref(inner) => self.place_of(inner),
            _ => None,
        }
    }

    fn calls_own(&self, id: ExprId) -> bool {
        match self.inf.callees.get(&id) {
            Some(Callee::Fn(func, _)) => self.world.has_code(*func),
            Some(Callee::Ctor(..)) => true,
            _ => false,
        }
    }

    fn is_encoded(&self, id: ExprId) -> bool {
        self.world.is_encoded(&self.shape(id))
    }

    /// A variable's value with what its text is known to hold.
    pub(super) fn with_decoded(&self, local: LocalId, value: Val) -> Val {
        let mut value = value;
        for decoding in self.decodings.iter().filter(|d| d.local == local) {
            let read = self.span(self.body.locals[local.0 as usize].range);
            let step = (self.at(decoding.call), StepText::Decoded(decoding.into));
            let atom = |place: &ImpliedPlace| {
                let mut atom = source(place.origin, read);
                let echo = if place.echoed_below.is_some() { Doubts::SELDOM } else { Doubts::NONE };
                (atom.form, atom.doubts) = (place.form, place.doubts.with(echo));
                atom.trace = atom.trace.then(step.0, step.1);
                atom
            };
            let atoms = Val::atoms_of(decoding.places.iter().map(atom));
            value = match decoding.path.is_empty() {
                true => value.tainted(atoms.atoms().into()),
                false => set(&value, &decoding.path, &atoms, false),
            };
        }
        value
    }

    /// What was decoded: its type tells what the text was known to hold for its sake.
    pub(super) fn told_by_type(&self, call: ExprId, value: Val) -> Val {
        let Some(decoding) = self.decodings.iter().find(|d| d.call == call) else { return value };
        let other = |a: &Atom| !decoding.places.iter().any(|place| place.origin == a.origin);
        match self.shape(call) {
            Shape::Adt(item, _) if Some(item) == self.world.input.sema.lang.result => {
                let ok = value.read(payload("Ok")).retain(&other);
                let failed = value.read(payload("Err"));
                let told = Val::part(payload("Ok"), ok);
                if failed.is_none() { told } else { told.with(payload("Err"), failed) }
            }
            _ => value.retain(&other),
        }
    }
}
