//! What a call is besides: a sink, a recipient of the notice, a macro that models know.

use std::sync::Arc;

use super::call::{Arg, channel_of, file_of, index_of, keys, plain_taints, url_of};
use super::frame::{Frame, doubted};
use super::shape::Shape;
use super::summary::{Event, Sink};
use super::value::{Atom, Doubts, Lengthen, StepText, Val};
use super::world::{Facts, view_of};
use crate::datamap::{Approximation, Channel, Plaintext};
use crate::ir::{Expr, ExprId, List, View};
use crate::models::{Place as ModelPlace, SinkModel};
use crate::resolve::{Namespace, Resolution};
use crate::source::Span;
use crate::types::Callee;

impl<'a> Frame<'_, 'a> {
    pub(super) fn sinks(&mut self, id: ExprId, facts: &Facts<'a>, args: &[Arg], method: bool) {
        let site = self.at(id);
        let notice = self.world.notice_of(self.owner);
        let named = facts.recipients.iter().find(|(n, _)| *n == notice).map(|(_, i)| *i);
        if let Some(index) = named {
            self.named_recipient(site, facts, index, args, method);
        }
        let seen =
            matches!(self.inf.callees.get(&id), Some(Callee::Fn(func, _)) if self.world.has_code(*func));
        for model in facts.sinks.iter().filter(|model| !(seen && model.unseen)) {
            self.model_sink(site, facts, model, args, method, named);
        }
    }

    /// A call that the notice names as a recipient: every argument but the receiver goes there.
    pub(super) fn named_recipient(
        &mut self,
        site: Span,
        facts: &Facts<'a>,
        index: u32,
        args: &[Arg],
        method: bool,
    ) {
        let notice = self.world.notice_of(self.owner);
        let recipient = &self.world.input.notices[notice as usize].recipients[index as usize];
        let mut sink = self.plain_sink(site, &facts.name(), channel_of(recipient.role));
        sink.role = Some(recipient.role);
        sink.declared = Some(index);
        let sink = Arc::new(sink);
        let told: Vec<usize> =
            facts.sinks.iter().flat_map(|model| told_by(model, args.len(), method)).collect();
        let rest = (usize::from(method)..args.len()).filter(|i| !told.contains(i));
        let atoms = rest.flat_map(|i| self.shown(&args[i], View::Whole, site)).collect();
        self.emit(Event { sink, atoms, url: Val::default(), hops: 0 });
    }

    pub(super) fn shown(&self, arg: &Arg, view: View, site: Span) -> Vec<Atom> {
        let read = arg.expr.map_or(site, |e| self.at(e));
        self.world.show(&arg.val, &arg.shape, view, read)
    }

    pub(super) fn model_sink(
        &mut self,
        site: Span,
        facts: &Facts<'a>,
        model: &SinkModel,
        args: &[Arg],
        method: bool,
        named: Option<u32>,
    ) {
        let mut atoms = Vec::new();
        match &model.args {
            None => {
                for arg in args.iter().skip(usize::from(method)) {
                    atoms.extend(self.shown(arg, view_of(model.view), site));
                }
            }
            Some(places) => {
                for place in places {
                    atoms.extend(self.placed(place, args, method, view_of(model.view), site));
                }
            }
        }
        if model.channel == Channel::Error && !atoms.is_empty() && self.seldom_fails(args, method) {
            atoms.iter_mut().for_each(|atom| atom.doubts = atom.doubts.with(Doubts::SELDOM));
        }
        let arg = |n: u8| index_of(n, method).and_then(|i| args.get(i));
        let url = model.url.and_then(arg).map(|a| url_of(&a.val));
        let file = model.file.and_then(|n| Some(file_of(n, &arg(n)?.val)));
        let mut sink = Sink {
            span: site,
            name: facts.name().into(),
            channel: model.channel,
            role: model.role,
            recipient: model.recipient.as_deref().map(Into::into),
            declared: None,
            plaintext: model
                .plaintext
                .then(|| Plaintext { span: site, why: "the connection is not encrypted".to_owned() }),
            by_url: model.url.is_some(),
            by_path: model.file.is_some(),
            part: model.part,
            owner: self.body_of,
        };
        // Whoever receives it is judged by name first: the notice's own recipient stands for the model's.
        if let Some(index) = named.filter(|_| is_outside(model.channel)) {
            let notice = self.world.notice_of(self.owner);
            let role = self.world.input.notices[notice as usize].recipients[index as usize].role;
            sink = Sink { channel: channel_of(role), role: Some(role), declared: named, ..sink };
        }
        let url = url.or(file).unwrap_or_default();
        self.emit(Event { sink: Arc::new(sink), atoms, url, hops: 0 });
    }

    pub(super) fn placed(
        &mut self,
        place: &ModelPlace,
        args: &[Arg],
        method: bool,
        view: View,
        site: Span,
    ) -> Vec<Atom> {
        match place {
            ModelPlace::Argument(n, path) => {
                let Some(arg) = index_of(*n, method).and_then(|i| args.get(i)) else { return Vec::new() };
                if path.is_empty() {
                    return self.shown(arg, view, site);
                }
                let part = keys(path).iter().fold(arg.val.clone(), |v, k| v.read(*k));
                let shape = match (&arg.shape, &**path.first().unwrap_or(&"".into())) {
                    (Shape::Adt(_, held), "Ok") if held.len() == 2 => held[0].clone(),
                    (Shape::Adt(_, held), "Err") if held.len() == 2 => held[1].clone(),
                    _ => Shape::Unknown,
                };
                self.world.show(&part, &shape, view, arg.expr.map_or(site, |e| self.at(e)))
            }
            ModelPlace::ClosureResult(n, _) => {
                let Some(callee) = index_of(*n, method).and_then(|i| args.get(i)).map(|a| a.val.clone())
                else {
                    return Vec::new();
                };
                let result = self.invoke(&callee, &[], site);
                self.world.show(&result, &Shape::Unknown, view, site)
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn macro_call(&mut self, id: ExprId, path: u32, args: List) -> Val {
        let site = self.at(id);
        let written = &self.body.paths[path as usize];
        let program = self.world.input.sema.program;
        let names = match program.resolve(program.scope_of_body(self.body_of), written, Namespace::Value) {
            Resolution::External(names) => names,
            _ => written.segments.iter().map(|s| s.name).collect(),
        };
        let names: Vec<&'static str> = names.iter().map(|n| n.as_str()).collect();
        let model = self.world.macro_model(&names);
        let (mut atoms, mut carried) = (Vec::new(), Val::default());
        for arg in self.body.list(args).to_vec() {
            let value = self.eval(arg);
            let viewed = matches!(self.body.expr(arg), Expr::View(..) | Expr::Format(..));
            let view = model.map_or(View::Whole, |m| view_of(m.view));
            let mut shown = if viewed {
                value.atoms().to_vec()
            } else {
                self.world.show(&value, &self.shape(arg), view, self.at(arg))
            };
            if model.is_some_and(|m| m.channel.is_some()) {
                recorded_at(self.at(arg), &mut shown);
            }
            carried = carried.join(&if model.is_none() && !viewed {
                value.unaliased()
            } else {
                Val::atoms_of(shown.clone())
            });
            atoms.extend(shown);
        }
        let last = names.last().copied().unwrap_or("");
        let Some(model) = model else { return doubted(&plain_taints(&carried), Approximation::OpaqueMacro) };
        if let Some(channel) = model.channel {
            let name = format!("{}!", names.join("::"));
            let mut sink = self.plain_sink(site, &name, channel);
            sink.role = model.role;
            sink.recipient = model.recipient.as_deref().map(Into::into);
            self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
        }
        match last {
            "panic" | "todo" | "unimplemented" | "unreachable" => {
                self.diverge();
                Val::default()
            }
            "bail" => {
                let failed = self.failure(carried);
                self.give_back(&failed);
                self.diverge();
                Val::default()
            }
            "ensure" => {
                let failed = self.failure(carried);
                self.give_back(&failed);
                Val::default()
            }
            _ => carried,
        }
    }
}

/// Whether what arrives there leaves for somebody.
fn is_outside(channel: Channel) -> bool {
    matches!(channel, Channel::Network | Channel::Metrics | Channel::CrashReport)
}

/// The arguments of which a model says how they leave: in a URL, a header, a body.
fn told_by(model: &SinkModel, count: usize, method: bool) -> Vec<usize> {
    let told = |place: &ModelPlace| match place {
        ModelPlace::Argument(n, path) if path.is_empty() => index_of(*n, method),
        _ => None,
    };
    match &model.args {
        _ if !is_outside(model.channel) => Vec::new(),
        None => (usize::from(method)..count).collect(),
        Some(places) => places.iter().filter_map(told).collect(),
    }
}

/// Values that a macro takes: what was read elsewhere says as which of its arguments it arrives.
fn recorded_at(arg: Span, atoms: &mut [Atom]) {
    let mut step = Lengthen::by(arg, StepText::Recorded);
    let is_inside = |a: &Atom| a.read.file == arg.file && arg.lo <= a.read.lo && a.read.hi <= arg.hi;
    atoms
        .iter_mut()
        .filter(|a| !is_inside(a) && !a.trace.ends_within(arg))
        .for_each(|a| step.apply(&mut a.trace));
}
