//! Values that are called: closures, function items, constructors, and parameters that a caller knows.

use super::call::{Arg, item_of, plain_taints};
use super::frame::{Frame, doubted, join_all};
use super::shape::Shape;
use super::summary::{ParamCall, payload};
use super::value::{Atom, Callable, Captured, Origin, Path, Refs, Val};
use crate::datamap::Approximation;
use crate::ir::ExprId;
use crate::name::Name;
use crate::resolve::GItem;
use crate::source::Span;

/// How deep closures are entered.
const MAX_CLOSURES: u32 = 8;

impl<'a> Frame<'_, 'a> {
    pub(super) fn invoke(&mut self, callee: &Val, args: &[Val], site: Span) -> Val {
        let known = callee.node().and_then(|n| n.besides.callables()).cloned().unwrap_or_default();
        let mut each = known.iter();
        let Some(first) = each.next() else { return self.call_param(callee, args) };
        let before = (known.iter().count() > 1).then(|| self.locals.clone());
        let mut out = self.invoke_one(first, args, site);
        // Which of them runs nobody knows: each begins with what there was.
        for (other, before) in each.zip(before.iter().cycle()) {
            let after = std::mem::replace(&mut self.locals, before.clone());
            out = out.join(&self.invoke_one(other, args, site));
            self.locals = join_all(after, &self.locals);
        }
        out
    }

    fn invoke_one(&mut self, callable: &Callable, args: &[Val], site: Span) -> Val {
        match callable {
            Callable::Closure(owner, index, captured) => self.enter(*owner, *index, captured.clone(), args),
            Callable::Fn(func) => {
                let args: Vec<Arg> =
                    args.iter().map(|v| Arg { val: v.clone(), shape: Shape::Unknown, expr: None }).collect();
                let Some(summary) = self.handed(*func) else { return self.opaque_call(None, &args) };
                self.filled(*func, &summary, &args, site, &[]).0
            }
            Callable::Ctor(item, variant) => self.construct(*item, *variant, args, None),
        }
    }

    /// A parameter is called: the caller knows what it is.
    pub(super) fn call_param(&mut self, callee: &Val, args: &[Val]) -> Val {
        let found = callee.atoms().iter().find_map(|a| match &a.origin {
            Origin::Param(param, path) => Some((*param, *path)),
            _ => None,
        });
        let mut out = Val::default();
        for arg in args {
            out = out.join(&plain_taints(arg));
        }
        let Some((param, path)) = found else { return doubted(&out, Approximation::UnresolvedCall) };
        let result = self.calls.len() as u8;
        if self.calls.len() < 16 {
            let args = args.iter().map(Val::unaliased).collect();
            self.calls.push(ParamCall { param, path, args, result });
            let read = self.span((0, 0));
            return Val::atom(Atom {
                origin: Origin::Result(result, Path::ROOT),
                ..super::summary::param(0, read)
            });
        }
        out
    }

    /// Runs a closure: in this frame where it belongs to it, else in one of its own.
    pub(super) fn enter(&mut self, owner: GItem, index: u32, captured: Captured, args: &[Val]) -> Val {
        if self.depth >= MAX_CLOSURES {
            return Val::default();
        }
        self.depth += 1;
        let value = if owner == self.body_of && captured.is_none() {
            self.run_closure(index, args)
        } else {
            self.run_elsewhere(owner, index, captured, args)
        };
        self.depth -= 1;
        value
    }

    pub(super) fn run_elsewhere(
        &mut self,
        owner: GItem,
        index: u32,
        captured: Captured,
        args: &[Val],
    ) -> Val {
        let Some((body, inf)) = self.world.body(owner) else { return Val::default() };
        let mut frame = Frame::new(self.world, self.within, self.owner, owner, body, inf);
        frame.depth = self.depth;
        if let Some(captured) = captured.filter(|c| c.len() == body.locals.len()) {
            frame.locals = captured.iter().map(detached).collect();
        }
        let args: Vec<Val> = args.iter().map(detached).collect();
        let value = frame.run_closure(index, &args);
        let (events, hits, puts) = (frame.events, frame.hits, frame.puts);
        self.hits.extend(hits);
        self.puts.extend(puts);
        for event in events {
            self.emit(event);
        }
        value
    }

    pub(super) fn run_closure(&mut self, index: u32, args: &[Val]) -> Val {
        let closure = &self.body.closures[index as usize];
        for (i, (pat, _)) in closure.params.iter().enumerate() {
            let value = args.get(i).cloned().unwrap_or_default();
            let places = value.refs().to_vec();
            self.bind(*pat, &value, &places);
        }
        self.own_return(closure.body)
    }

    /// A constructor with values in order.
    pub(super) fn construct(
        &mut self,
        item: GItem,
        variant: Option<u16>,
        values: &[Val],
        exprs: Option<&[ExprId]>,
    ) -> Val {
        if Some(item) == self.world.input.sema.lang.option {
            return values.first().cloned().unwrap_or_default();
        }
        let mut out = Val::default();
        let mut absent: Vec<Name> = Vec::new();
        for (i, value) in values.iter().enumerate() {
            let name = Name::new(&i.to_string());
            let mut value = value.clone();
            if let Some(expr) = exprs.and_then(|e| e.get(i)) {
                self.initialised(item, variant, name, &value, *expr);
                let told = self.world.tells(item, variant, name);
                self.in_error(item, &value, *expr, told);
                if variant.is_none() {
                    self.put_in(item, name, &value, self.at(*expr));
                }
                value = self.as_held(value, *expr, (item, variant), name);
            }
            if value.is_absent() {
                absent.push(name);
            } else if !value.is_none() {
                let key = self.member_key(Some((item, variant)), name);
                out = out.with(key, value);
            }
        }
        if Some((item, variant)) == self.world.failing() {
            return out.with(payload("Ok"), self.world.nothing.clone());
        }
        let out = self.lacking(out, Some((item, variant)), absent);
        self.as_variant(out, Some((item, variant)))
    }

    /// What one step of iterating over a value gives.
    pub(super) fn item_of(&mut self, value: &Val, shape: &Shape) -> Val {
        let site = self.span((0, 0));
        self.own_item(value, shape, site).unwrap_or_else(|| item_of(value, shape))
    }

    /// What one step of an iterator of the program's own gives.
    pub(super) fn own_item(&mut self, value: &Val, shape: &Shape, site: Span) -> Option<Val> {
        let func = self.world.stepping(shape)?;
        let summary = self.known(func)?;
        let arg = Arg { val: value.clone(), shape: shape.clone(), expr: None };
        let given = self.filled(func, &summary, &[arg], site, &[]).0;
        Some(given.element())
    }

    /// Runs code whose `return` is its own: a closure's body.
    pub(super) fn own_return(&mut self, code: ExprId) -> Val {
        let outer = std::mem::take(&mut self.ret);
        let diverged = self.swap_diverged(false);
        let value = self.eval(code);
        let returned = std::mem::replace(&mut self.ret, outer);
        let left = self.swap_diverged(diverged);
        match returned {
            None if left => Val::default(),
            None => value,
            Some(returned) if left => returned,
            Some(returned) => value.join(&returned),
        }
    }
}

/// The same without any reference into the frame that it is from.
fn detached(value: &Val) -> Val {
    let Some(node) = value.node() else { return Val::default() };
    let mut node = node.clone();
    node.parts.iter_mut().for_each(|(_, part)| *part = detached(part));
    Val::new(node).pointing(Refs::new())
}
