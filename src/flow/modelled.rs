//! What models and notices say that a call does: flows between its places, and changes of form.

use super::call::{Arg, index_of, keys, nested, put};
use super::frame::Frame;
use super::shape::Shape;
use super::summary::transformed;
use super::value::Val;
use super::world::{Facts, view_of};
use crate::ir::{ExprId, View};
use crate::models::Place as ModelPlace;

impl<'a> Frame<'_, 'a> {
    /// What models and notices say that a call does; `None` where its signature decides.
    pub(super) fn modelled(
        &mut self,
        id: ExprId,
        facts: &Facts<'a>,
        args: &[Arg],
        method: bool,
    ) -> Option<Val> {
        if let Some(value) = self.transform(id, facts, args, method) {
            return Some(value);
        }
        if facts.summaries.is_empty() {
            return None;
        }
        let site = self.at(id);
        let mut ret: Option<Val> = None;
        let adds = facts.summaries.iter().all(|s| s.adds);
        let mut changed: Vec<(usize, Val)> = Vec::new();
        let mut aliased = None;
        let mut results: Vec<(u8, Val)> = Vec::new();
        for model in &facts.summaries {
            for flow in &model.flows {
                if let (ModelPlace::Return(_), ModelPlace::Argument(n, _)) = (&flow.from, &flow.to) {
                    aliased = Some(usize::from(*n));
                    continue;
                }
                let value = match &flow.from {
                    ModelPlace::ClosureResult(n) => {
                        results.iter().find(|(r, _)| r == n).map(|(_, v)| v.clone())
                    }
                    _ => self.model_value(&flow.from, args, method, view_of(model.view)),
                };
                let Some(value) = value else { continue };
                match &flow.to {
                    ModelPlace::Return(path) => {
                        let value = nested(path, value);
                        ret = Some(ret.map_or(value.clone(), |before: Val| before.join(&value)));
                    }
                    ModelPlace::Argument(n, path) => changed.push((usize::from(*n), nested(path, value))),
                    ModelPlace::ClosureParameter { closure, parameter } => {
                        let Some(index) = index_of(*closure, method) else { continue };
                        let Some(callee) = args.get(index).map(|a| a.val.clone()) else { continue };
                        let mut given = vec![Val::default(); usize::from(*parameter) + 1];
                        given[usize::from(*parameter)] = value;
                        let result = self.invoke(&callee, &given, site);
                        results.push((*closure, result));
                    }
                    ModelPlace::ClosureResult(_) => {}
                }
            }
            for place in &model.clears {
                if let ModelPlace::Argument(n, _) = place {
                    self.clear(usize::from(*n), args, method);
                }
            }
        }
        for (n, value) in changed {
            self.add_to(n, value, args, method);
        }
        let mut ret = ret.unwrap_or_default();
        if let Some(n) = aliased
            && let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr)
        {
            let places = self.places(expr);
            let mut node = ret.into_node();
            node.refs = places.into();
            node.refs.iter_mut().for_each(|p| p.strong = false);
            ret = Val::new(node);
        }
        (!adds).then_some(ret)
    }

    pub(super) fn transform(
        &mut self,
        id: ExprId,
        facts: &Facts<'a>,
        args: &[Arg],
        method: bool,
    ) -> Option<Val> {
        let notice = self.world.notice_of(self.owner);
        let by_notice = facts.notice_transforms.iter().find(|(n, _)| *n == notice).map(|(_, m)| (*m, None));
        let by_model = facts.transforms.first().map(|t| (t.makes, Some(*t)));
        let (makes, model) = by_notice.or(by_model)?;
        let mut atoms = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            let concerned = model.and_then(|t| t.on.as_ref()).is_none_or(|on| {
                on.iter().any(|p| matches!(p, ModelPlace::Argument(n, _) if index_of(*n, method) == Some(i)))
            });
            if concerned {
                let read = arg.expr.map_or_else(|| self.at(id), |e| self.at(e));
                atoms.extend(self.world.show(&arg.val, &arg.shape, View::Whole, read));
            }
        }
        let value = Val::atoms_of(transformed(atoms, makes));
        match model.map(|t| &t.into) {
            Some(ModelPlace::Argument(n, path)) => {
                let value = nested(path, value);
                self.add_to(usize::from(*n), value, args, method);
                Some(Val::default())
            }
            Some(ModelPlace::Return(path)) => Some(nested(path, value)),
            _ => Some(value),
        }
    }

    pub(super) fn model_value(
        &self,
        place: &ModelPlace,
        args: &[Arg],
        method: bool,
        view: View,
    ) -> Option<Val> {
        let ModelPlace::Argument(n, path) = place else { return None };
        let arg = args.get(index_of(*n, method)?)?;
        let value = keys(path).iter().fold(arg.val.unaliased(), |v, k| v.read(*k));
        if view == View::Whole {
            return Some(value);
        }
        let read = arg.expr.map(|e| self.at(e))?;
        let shape = if path.is_empty() { arg.shape.clone() } else { Shape::Unknown };
        let shown = Val::atoms_of(self.world.show(&value, &shape, view, read));
        Some(shown.with_texts(value.texts().into()))
    }

    pub(super) fn add_to(&mut self, n: usize, value: Val, args: &[Arg], method: bool) {
        let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr) else {
            return;
        };
        let places = self.places(expr);
        for place in places {
            let root = self.locals[place.local.0 as usize].clone();
            let before = place.path.iter().fold(root.clone(), |v, k| v.read(*k));
            let texts = super::value::extended_by(before.texts(), value.texts());
            let mut after = before.join(&value).with_texts(texts);
            if before.is_none() {
                after = value.clone();
            }
            self.locals[place.local.0 as usize] = put(&root, &place.path, after);
        }
    }

    pub(super) fn clear(&mut self, n: usize, args: &[Arg], method: bool) {
        let Some(expr) = index_of(n as u8, method).and_then(|i| args.get(i)).and_then(|a| a.expr) else {
            return;
        };
        let places = self.places(expr);
        self.write(&places, &Val::default());
    }
}
