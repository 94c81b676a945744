//! Where a function begins: its parameters, what `#[instrument]` records of them, and sinks that data meets.

use std::sync::Arc;

use super::frame::{Frame, MAX_EVENTS, pass_on, source};
use super::shape::Shape;
use super::summary::{Event, Sink, param, payload};
use super::value::{Atom, Origin, Val};
use crate::ir::{Pat, View};
use crate::label::LabelId;
use crate::name::Name;
use crate::source::Span;

impl Frame<'_, '_> {
    pub(super) fn parameters(&mut self) {
        for i in 0..self.body.params.len() {
            let pat = self.body.params[i];
            let read = self.span(self.body.pat_ranges.get(pat.0 as usize));
            let small = matches!(self.param_shape(i), Shape::Prim(n) if n != Name::STR);
            let mut value = if small { Val::default() } else { Val::atom(param(i as u8, read)) };
            let declared = self.world.decl(self.owner).map_or(0, |d| usize::from(d.receiver.is_some()));
            if i >= declared
                && let Some(label) = self.world.input.labels.params.get(&(self.owner, (i - declared) as u16))
            {
                value = self.labelled_as(value, *label, &self.param_shape(i), read);
            }
            self.bind(pat, &value, &[]);
        }
        self.instrumented();
        for id in self.body.list(self.body.recorded).to_vec() {
            let value = self.eval(id);
            self.record(value.atoms().to_vec());
        }
    }

    pub(super) fn labelled(&self, label: LabelId, read: Span) -> Val {
        Val::atom(source(Origin::Label(label), read))
    }

    /// `#[instrument]` shows every parameter that it does not skip.
    pub(super) fn instrumented(&mut self) {
        let Some(decl) = self.world.decl(self.owner) else { return };
        let Some(instrument) = decl.instrument.as_ref().filter(|i| !i.skip_all) else { return };
        for (i, pat) in self.body.params.iter().enumerate() {
            let Pat::Bind(local, ..) = self.body.pat(*pat) else { continue };
            let name = self.body.locals[local.0 as usize].name;
            if instrument.skip.contains(&name) {
                continue;
            }
            let shape = self.world.shape(self.inf.locals[local.0 as usize]).clone();
            let read = self.span(self.body.pat_ranges.get(pat.0 as usize));
            let value = self.locals[local.0 as usize].clone();
            let mut atoms = self.world.show(&value, &shape, View::Debug, read);
            atoms.retain(|a| !matches!(&a.origin, Origin::Param(p, path) if usize::from(*p) == i && path.is_empty() && shape != Shape::Open));
            self.record(atoms);
        }
    }

    pub(super) fn record(&mut self, atoms: Vec<Atom>) {
        let Some(range) = self.world.decl(self.owner).and_then(|d| d.instrument.as_ref()).map(|i| i.range)
        else {
            return;
        };
        let sink = self.plain_sink(self.span(range), "tracing::instrument", crate::datamap::Channel::Log);
        self.emit(Event { sink: Arc::new(sink), atoms, url: Val::default(), hops: 0 });
    }

    pub(super) fn instrumented_result(&mut self) {
        let Some(instrument) = self.world.decl(self.owner).and_then(|d| d.instrument.as_ref()) else {
            return;
        };
        let (ret, err) = (instrument.ret, instrument.err);
        let shape = self.world.shape(self.inf.ret).clone();
        let read = self.span(instrument.range);
        if ret {
            let atoms = self.world.show(&self.returned(), &shape, View::Debug, read);
            self.record(atoms);
        }
        if err {
            let inner = match &shape {
                Shape::Adt(_, args) if args.len() == 2 => args[1].clone(),
                _ => Shape::Unknown,
            };
            let value = self.returned().read(payload("Err"));
            let atoms = self.world.show(&value, &inner, View::Display, read);
            self.record(atoms);
        }
    }

    pub(super) fn plain_sink(&self, span: Span, name: &str, channel: crate::datamap::Channel) -> Sink {
        Sink {
            span,
            name: name.into(),
            channel,
            role: None,
            recipient: None,
            declared: None,
            plaintext: None,
            by_url: false,
            by_path: false,
            part: crate::datamap::Part::Body,
            owner: self.body_of,
        }
    }

    /// Data meets a sink: what has a source is found, what hangs on a parameter waits for callers.
    pub(super) fn emit(&mut self, event: Event) {
        let waits = event.waits();
        if event.is_void() && !waits {
            return;
        }
        let (open, found): (Vec<Atom>, Vec<Atom>) =
            event.atoms.into_iter().partition(|a| a.origin.symbolic());
        if !found.is_empty() {
            let hit =
                Event { sink: event.sink.clone(), atoms: found, url: event.url.clone(), hops: event.hops };
            if waits {
                pass_on(&mut self.events, hit.clone());
            }
            pass_on(&mut self.hits, hit);
        }
        if !open.is_empty() && self.events.len() < MAX_EVENTS {
            pass_on(
                &mut self.events,
                Event { sink: event.sink, atoms: open, url: event.url, hops: event.hops },
            );
        }
    }
}
