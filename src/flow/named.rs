//! Sources that hang on a name which a caller passes: a helper that reads a header by its parameter is a source where
//! the parameter is the name of one. Knows names as models state them.

use super::call::Arg;
use super::frame::{Frame, source, with_source};
use super::shape::Shape;
use super::value::{Origin, Val};
use super::world::Facts;
use crate::ir::{Expr, View};
use crate::name::Name;
use crate::source::Span;
use crate::tree::called;

/// What an argument says of a source that hangs on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// It is the name of it.
    Yes,
    /// It is the name of something else, or no name.
    No,
    /// This parameter decides.
    Param(u8),
}

impl<'a> Frame<'_, 'a> {
    /// A call's result with what the call is a source of.
    pub(super) fn sources(&self, facts: &Facts<'a>, args: &[Arg], value: Val, site: Span) -> Val {
        let mut value = value;
        for at in &facts.sources {
            let named = !self.world.input.models.sources[*at as usize].when.is_empty();
            // The first argument holds what is asked for.
            let mut asked = args.iter().map(|arg| self.asked(arg, *at)).enumerate();
            let asked = match named {
                true => asked.find(|(i, a)| *a == Asked::Yes || *i > 0 && *a != Asked::No).map(|(_, a)| a),
                false => Some(Asked::Yes),
            };
            value = match asked {
                Some(Asked::Yes) => with_source(value, &source(Origin::Model(*at), site)),
                Some(Asked::Param(param)) => with_source(value, &source(Origin::Asked(param, *at), site)),
                _ => value,
            };
        }
        let notice = self.world.notice_of(self.owner);
        for (n, i) in facts.notice_sources.iter().filter(|(n, _)| *n == notice) {
            value = with_source(value, &source(Origin::Notice(*n, *i), site));
        }
        value
    }

    /// Whether an argument names the source.
    pub(super) fn asked(&self, arg: &Arg, model: u32) -> Asked {
        let model = &self.world.input.models.sources[model as usize];
        if let Some(constant) = self.constant_of(arg) {
            return if model.asks_for(&constant) { Asked::Yes } else { Asked::No };
        }
        let known = matches!(arg.shape, Shape::Open | Shape::Unknown) || self.world.is_text(&arg.shape);
        let whole = arg.val.atoms().iter().filter(|a| known && a.view == View::Whole);
        let param = whole.filter_map(|a| match a.origin {
            Origin::Param(param, path) if path.is_empty() => Some(Asked::Param(param)),
            _ => None,
        });
        param.into_iter().next().unwrap_or(Asked::No)
    }

    /// An argument as a constant: its text, or the last name of its path.
    fn constant_of(&self, arg: &Arg) -> Option<String> {
        if let Some(text) = arg.val.const_text() {
            return Some(text.text.to_string());
        }
        let mut at = arg.expr?;
        while let Expr::Ref(inner, _) = *self.body.expr(at) {
            at = inner;
        }
        match *self.body.expr(at) {
            Expr::Path(p) => self.body.paths[p as usize].last().map(|n| n.as_str().to_owned()),
            _ => None,
        }
    }

    /// What a method of an unknown type is by its name and that of what it is called on: a field, a variable, or a
    /// method without arguments.
    pub(super) fn facts_by_name(&self, args: &[Arg], name: Name) -> Facts<'a> {
        let mut facts = self.world.facts_of_path(vec![name.as_str()]);
        if let Some(holder) = self.named_receiver(args) {
            let models = self.world.input.models;
            facts.sinks = models.sinks_for(&[holder.as_str(), name.as_str()]).collect();
            facts.sources = self.sources_by_name(args, name);
        }
        facts
    }

    /// The sources among that.
    pub(super) fn sources_by_name(&self, args: &[Arg], name: Name) -> Vec<u32> {
        let holder = self.named_receiver(args);
        holder.map(|holder| self.world.sources_of(&[holder.as_str(), name.as_str()])).unwrap_or_default()
    }

    fn named_receiver(&self, args: &[Arg]) -> Option<Name> {
        called(self.body, args.first()?.expr?)
    }
}
