//! What a caller needs to know of a function: what its result and its `&mut` parameters hold, and which sinks its
//! parameters reach. All in terms of parameters, to be filled in at each call.

use std::sync::Arc;

use super::call::path_key;
use super::decoded::Content;
use super::named::Asked;
use super::show::{Held, held};
use super::value::{
    Atom, Besides, Callable, Decided, Doubts, Gathered, Given, Key, Node, Origin, Path, StepText, Text,
    Texts, Trace, Val, either_text,
};
use crate::datamap::{Channel, Part, Plaintext};
use crate::ir::{Shared, View};
use crate::notice::{Makes, Role};
use crate::resolve::GItem;
use crate::source::Span;

/// A sink as the code has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sink {
    pub(super) span: Span,
    pub(super) name: Arc<str>,
    pub(super) channel: Channel,
    pub(super) role: Option<Role>,
    /// The recipient's name, where model or notice decide it.
    pub(super) recipient: Option<Arc<str>>,
    /// The recipient declared in the notice, by notice and index, where the call itself is named there.
    pub(super) declared: Option<u32>,
    pub(super) plaintext: Option<Plaintext>,
    /// Whether the recipient hangs on a URL.
    pub(super) by_url: bool,
    /// Whether what is known as the URL is a file, whose path says whether it is a log.
    pub(super) by_path: bool,
    pub(super) part: Part,
    /// The function that holds it.
    pub(super) owner: GItem,
}

/// Data that meets a sink.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) sink: Arc<Sink>,
    pub(super) atoms: Vec<Atom>,
    pub(super) url: Val,
    /// How many calls lie between this function and the sink.
    pub(super) hops: u8,
}

impl Event {
    /// What is known of where it goes: of the URL, or of the file's path.
    pub(super) fn towards(&self) -> Texts {
        if self.sink.by_path { self.url.read(path_key()).texts().into() } else { self.url.texts().into() }
    }

    /// Whether it hangs on a caller where it goes.
    pub(super) fn waits(&self) -> bool {
        let path = self.url.read(path_key());
        self.url.atoms().iter().chain(path.atoms()).any(|a| a.origin.symbolic())
    }

    /// Whether it goes to a file whose path is that of a log.
    pub(super) fn is_logged(&self) -> bool {
        let is_log = |text: &Text| {
            let extension = text.text.rsplit_once('.').map(|(_, extension)| extension);
            text.whole && extension.is_some_and(|extension| extension.eq_ignore_ascii_case("log"))
        };
        self.sink.by_path && self.towards().iter().any(is_log)
    }

    /// Whether it were a log if the file were one, and is nothing.
    pub(super) fn is_void(&self) -> bool {
        self.sink.by_path && self.sink.channel == Channel::Log && !self.is_logged()
    }

    /// What of the event is passed on to one more caller. A whole parameter goes far, because helpers call helpers;
    /// a part of a structure that somebody filled in is followed over a few calls only.
    pub(super) fn passed(&self) -> impl Iterator<Item = &Atom> {
        let far = |a: &Atom| match &a.origin {
            Origin::Param(_, path) => path.is_empty() && !a.typed,
            origin => !origin.symbolic(),
        };
        self.atoms.iter().filter(move |a| match self.hops {
            0..NEAR => true,
            NEAR..FAR => far(a),
            _ => false,
        })
    }
}

/// Over how many calls parts of parameters, and whole parameters, are followed to a sink.
const NEAR: u8 = 2;
const FAR: u8 = 8;

/// A call of a parameter.
#[derive(Clone, Debug)]
pub(super) struct ParamCall {
    pub(super) param: u8,
    pub(super) path: Path,
    pub(super) args: Vec<Val>,
    pub(super) result: u8,
}

/// A function's summary.
#[derive(Clone, Default, Debug)]
pub(super) struct Summary {
    /// What it returns.
    pub(super) ret: Val,
    /// What its parameters hold when it is done; only of those that it may change.
    pub(super) outs: Vec<(u8, Val)>,
    /// Sinks that hang on its parameters.
    pub(super) events: Vec<Event>,
    /// Calls of its parameters.
    pub(super) calls: Vec<ParamCall>,
    /// Parameters that it decodes.
    pub(super) decodes: Vec<(u8, Content)>,
}

/// Summaries of a recursive component from the round before.
pub(super) type Overlay = rustc_hash::FxHashMap<GItem, Arc<Summary>>;

/// What is seen of what lies at a path of an argument, and whether its type has been told already.
pub(super) type Shows<'a> = dyn Fn((u8, Path), &Val, View, bool) -> Vec<Atom> + 'a;

/// Fills a summary in at a call.
pub(super) struct Fill<'a> {
    pub(super) args: &'a [Val],
    pub(super) results: &'a [(u8, Val)],
    /// Shows what lies at a path of an argument through a formatting trait: argument, path, value there, view.
    pub(super) show: &'a Shows<'a>,
    /// Whether a condition on an argument holds.
    pub(super) decide: &'a dyn Fn(Given) -> Decided,
    /// Whether a taint of a whole value is one of a field of it that has a declaration.
    pub(super) inherited: &'a dyn Fn(&Atom) -> bool,
    /// What an argument says of a model's source that hangs on it.
    pub(super) asked: &'a dyn Fn(u8, u32) -> Asked,
    pub(super) func: GItem,
    pub(super) site: Span,
}

impl Fill<'_> {
    /// A value of the callee in terms of the caller.
    pub(super) fn value(&self, val: &Val) -> Val {
        let Some(node) = val.node() else { return Val::default() };
        let mut texts: Texts = node.besides.texts().into();
        let callables = node.besides.callables().map(|all| all.map(|c| self.callable(c)));
        let besides = callables.map(Besides::of_callables).unwrap_or_default();
        if node.absent && node.atoms.is_empty() && node.parts.is_empty() {
            return val.clone();
        }
        let mut out =
            Val::new(Node { cleared: node.cleared, decoded: node.decoded, besides, ..Node::default() });
        let mut gathered = Gathered::of_place();
        for atom in &node.atoms {
            let Some(filled) = self.atom(atom, &mut gathered) else { continue };
            // A part that is known of a text that is put together tells how it begins.
            if node.besides.texts().is_empty() {
                texts = either_text(&texts, filled.texts());
            }
            out = if out.is_none() { filled } else { merged(&out, &filled) };
        }
        out = out.tainted(gathered.atoms());
        if !texts.is_empty() || !out.texts().is_empty() {
            out = out.with_texts(texts);
        }
        for (key, part) in &node.parts {
            out = out.with(*key, self.value(part));
        }
        out
    }

    fn callable(&self, callable: &Callable) -> Callable {
        match callable {
            Callable::Closure(owner, closure, Some(captured)) => {
                let captured = captured.iter().map(|v| self.value(v)).collect();
                Callable::Closure(*owner, *closure, Some(Arc::new(captured)))
            }
            other => other.clone(),
        }
    }

    /// One taint of the callee: a source stays one, a parameter becomes what the argument holds. Taints are gathered;
    /// what comes back is an argument with more to it than taints.
    fn atom(&self, atom: &Atom, gathered: &mut Gathered) -> Option<Val> {
        let Some(given) = atom.given else { return self.unconditional(atom, gathered) };
        let given = match (self.decide)(*given) {
            Decided::Fails => return None,
            Decided::Holds => None,
            Decided::Asked(own) => Some(Shared::new(own)),
        };
        self.unconditional(&Atom { given, ..atom.clone() }, gathered)
    }

    fn unconditional(&self, atom: &Atom, gathered: &mut Gathered) -> Option<Val> {
        let (index, base, path) = match atom.origin {
            Origin::Param(index, path) => (index, self.args.get(index as usize)?, path),
            Origin::Result(index, path) => {
                (u8::MAX, self.results.iter().find(|(r, _)| *r == index).map(|(_, v)| v)?, path)
            }
            _ => {
                let origin = match atom.origin {
                    Origin::Asked(param, model) => match (self.asked)(param, model) {
                        Asked::Yes => Origin::Model(model),
                        Asked::Param(own) => Origin::Asked(own, model),
                        Asked::No => return None,
                    },
                    origin => origin,
                };
                gathered.add((origin, atom.form, atom.view), || Atom {
                    origin,
                    trace: atom.trace.then(self.site, StepText::From(self.func)),
                    ..atom.clone()
                });
                return None;
            }
        };
        // The callee reads a field of it that is declared there: of a text, when it was decoded.
        let is_named = |name: crate::name::Name| !name.as_str().starts_with(|c: char| c.is_ascii_digit());
        let is_member = |key: &Key| matches!(key, Key::Field(name) if is_named(*name));
        let by_declaration = base.is_plain() && path.iter().any(is_member);
        let kept = |own: &Atom| !by_declaration || (self.inherited)(own);
        if atom.view == View::Whole && base.is_plain() {
            base.atoms_below(path).filter(kept).for_each(|own| self.pass(own, atom, gathered));
            return None;
        }
        let arg = base.read_path(path);
        let arg = if by_declaration { arg.retain(&kept) } else { arg };
        if atom.view == View::Whole {
            // That it may be what was passed does not say that it is.
            return Some(arg.unaliased().present().map(&mut |own| *own = self.passed(own.clone(), atom)));
        }
        let held = if path.is_empty() { Held::Declared } else { held(base, path) };
        if held == Held::Nothing {
            return None;
        }
        for own in (self.show)((index, path), &arg, atom.view, atom.typed || held == Held::Known) {
            self.pass(own, atom, gathered);
        }
        None
    }

    fn pass(&self, own: Atom, callee: &Atom, gathered: &mut Gathered) {
        let key = (own.origin, combined(own.form, callee.form), own.view);
        gathered.add(key, || self.passed(own, callee));
    }

    /// An argument's taint as it comes back out of, or goes on in, the callee.
    fn passed(&self, own: Atom, callee: &Atom) -> Atom {
        Atom {
            form: combined(own.form, callee.form),
            doubts: own.doubts.with(callee.doubts),
            trace: own.trace.then(self.site, StepText::Into(self.func)).followed_by(&callee.trace),
            given: own.given.or(callee.given),
            ..own
        }
    }

    /// The taints of an event, in terms of the caller.
    pub(super) fn atoms<'e>(&self, atoms: impl Iterator<Item = &'e Atom>) -> Vec<Atom> {
        let mut gathered = Gathered::of_event();
        for atom in atoms.filter(|a| a.origin.symbolic()) {
            let Some(value) = self.atom(atom, &mut gathered) else { continue };
            let mut found = Vec::new();
            value.all_atoms(&mut found);
            found.into_iter().for_each(|a| gathered.add((a.origin, a.form, a.view), || a));
        }
        gathered.atoms().into_vec()
    }
}

/// Both: atoms of either, and each part of either.
fn merged(a: &Val, b: &Val) -> Val {
    let mut node = a.join(b).into_node();
    node.cleared = a.cleared() || b.cleared();
    node.decoded = a.is_decoded() || b.is_decoded();
    Val::new(node)
}

/// A form on top of another: the stronger protection holds.
pub(super) fn combined(first: crate::notice::Form, second: crate::notice::Form) -> crate::notice::Form {
    use crate::notice::Form as F;
    let strength = |f: F| match f {
        F::Clear => 0,
        F::Hash => 1,
        F::KeyedHash => 2,
        F::Encrypted => 3,
        F::Masked => 4,
        F::Aggregated => 5,
    };
    if strength(first) > strength(second) { first } else { second }
}

/// A value with its form changed; `None` where nothing personal is left.
pub(super) fn transformed(atoms: Vec<Atom>, makes: Makes) -> Vec<Atom> {
    match makes {
        Makes::Removed => Vec::new(),
        Makes::Form(form) => atoms
            .into_iter()
            .map(|mut a| {
                a.form = combined(a.form, form);
                a
            })
            .collect(),
    }
}

impl Summary {
    /// Everything that either may do.
    pub(super) fn join(&self, other: &Summary) -> Summary {
        let mut out = self.clone();
        out.ret = out.ret.join(&other.ret);
        for (index, val) in &other.outs {
            match out.outs.iter_mut().find(|(i, _)| i == index) {
                Some((_, known)) => *known = known.join(val),
                None => {
                    let whole = Val::atom(param(*index, Span::new(crate::source::FileId(0), 0, 0)));
                    out.outs.push((*index, val.join(&whole)));
                }
            }
        }
        out.events.extend(other.events.iter().cloned());
        out.calls.extend(other.calls.iter().cloned());
        out.decodes.extend(other.decodes.iter().cloned());
        out
    }

    /// The same, with no more than one function's values hold.
    pub(super) fn bounded(mut self) -> Summary {
        self.ret = self.ret.summarised();
        self.outs.iter_mut().for_each(|(_, v)| *v = v.summarised());
        self.events.truncate(super::frame::MAX_EVENTS);
        self.decodes.truncate(super::decoded::MAX_TOLD);
        self.exact()
    }

    /// The same without room to grow: most summaries wait long for their last caller.
    pub(super) fn exact(mut self) -> Summary {
        self.events.iter_mut().for_each(|event| event.atoms.shrink_to_fit());
        self.events.shrink_to_fit();
        self.outs.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.decodes.shrink_to_fit();
        self
    }

    /// The same without the sources that implementations bring along: which of many runs is not known here, and the
    /// labels of the result's type hold whichever it is.
    pub(super) fn without_sources(mut self) -> Summary {
        self.ret = self.ret.symbolic_only();
        self.outs.iter_mut().for_each(|(_, v)| *v = v.symbolic_only());
        self
    }

    /// The same resting on an approximation.
    pub(super) fn doubted(mut self, doubt: Doubts) -> Summary {
        let mut add = |a: &mut Atom| a.doubts = a.doubts.with(doubt);
        self.ret = self.ret.map(&mut add);
        self.outs.iter_mut().for_each(|(_, v)| *v = v.map(&mut add));
        self.events.iter_mut().flat_map(|e| e.atoms.iter_mut()).for_each(add);
        self
    }
}

/// The whole of a parameter.
pub(super) fn param(index: u8, read: Span) -> Atom {
    Atom {
        origin: Origin::Param(index, Path::ROOT),
        form: crate::notice::Form::Clear,
        view: View::Whole,
        read,
        trace: Trace::default(),
        doubts: Doubts::default(),
        typed: false,
        given: None,
    }
}

/// The key of `Ok`'s and `Err`'s payload.
pub(super) fn payload(variant: &str) -> Key {
    Key::Variant(crate::name::Name::new(variant), crate::name::Name::new("0"))
}
