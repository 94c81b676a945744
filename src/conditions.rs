//! Conditions of a recipient's entry that hold at each call: what has to come along (`together-with`), and what alone may
//! address it (`addressed-by`). What a call is given is followed to where it was bound, and where it is a parameter to the calls
//! of the function: the one that hands over what breaks the condition has to answer for it.
//!
//! It looks at the functions that hold a flow to such a recipient and at those that call them, so far and no further, and at
//! nothing where no entry has a condition. It is strict: what could not be followed does not come along, and addresses nobody
//! who may be addressed.
//!
//! It knows no lint and follows no value beyond variables.

use rustc_hash::FxHashMap;

use crate::datamap::{Condition, Flow, Recipient, Unkept};
use crate::ir::{Body, Expr, ExprId, ItemKind, LocalId, Pat, PatId, Stmt};
use crate::label::PackageFacts;
use crate::notice::{AddressedBy, Notice, PathPattern};
use crate::resolve::GItem;
use crate::source::Span;
use crate::tree::{Tree, children};
use crate::types::{Callee, Inference, Sema, Ty, TyKind, ValueDef};

/// Over how many calls a parameter is followed.
const FAR: usize = 6;
/// How deep an address is followed in one function.
const DEEP: usize = 32;

/// What the analysis is given.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program with its indices.
    pub sema: &'a Sema<'a>,
    /// Every body with what was inferred of it, sorted by item.
    pub bodies: &'a [(GItem, Inference)],
    /// Notices in use.
    pub notices: &'a [Notice],
    /// For each package its name and its notice.
    pub packages: &'a [PackageFacts],
    /// Where personal data goes.
    pub flows: &'a [Flow],
}

/// The conditions that calls do not keep, sorted by place.
#[must_use]
pub fn unkept(input: &Input<'_>) -> Vec<Unkept> {
    let mut bound: FxHashMap<Span, Vec<usize>> = FxHashMap::default();
    for (at, flow) in input.flows.iter().enumerate().filter(|(_, flow)| has_conditions(input, flow)) {
        bound.entry(flow.sink).or_default().push(at);
    }
    if bound.is_empty() {
        return Vec::new();
    }
    let look = Look { input: *input, callers: callers(input) };
    let mut all = Vec::new();
    for (item, inference) in input.bodies {
        let Some(code) = look.code(*item, inference) else { continue };
        for id in code.tree.ids() {
            for at in bound.get(&code.span(id)).into_iter().flatten() {
                look.judge(&code, id, *at, &mut all);
            }
        }
    }
    all.sort_by_key(|unkept| (unkept.span, unkept.condition, unkept.flow));
    all.dedup();
    all
}

fn entry<'a>(input: &Input<'a>, flow: &Flow) -> Option<&'a crate::notice::Recipient> {
    let Recipient::Declared(index) = flow.recipient else { return None };
    input.notices[flow.notice.0 as usize].recipients.get(index)
}

fn has_conditions(input: &Input<'_>, flow: &Flow) -> bool {
    entry(input, flow).is_some_and(|entry| !entry.together_with.is_empty() || entry.addressed_by.is_some())
}

/// Where functions are called.
type Callers = FxHashMap<GItem, Vec<(GItem, ExprId)>>;

fn callers(input: &Input<'_>) -> Callers {
    let mut all = Callers::default();
    for (caller, inference) in input.bodies {
        let Some(body) = input.sema.program.body(*caller) else { continue };
        for id in (0..body.exprs.len() as u32).map(ExprId) {
            if let Some(Callee::Fn(function, _)) = inference.callees.get(&id) {
                all.entry(*function).or_default().push((*caller, id));
            }
        }
    }
    all
}

struct Look<'a> {
    input: Input<'a>,
    callers: Callers,
}

/// A body at hand.
struct Code<'a> {
    item: GItem,
    body: &'a Body,
    inference: &'a Inference,
    tree: Tree<'a>,
    sema: &'a Sema<'a>,
}

/// Whether a condition is kept where one looks.
enum Kept {
    Yes,
    No,
    /// It hangs on what a parameter is given: whoever calls has to know.
    Asks(u16),
}

impl<'a> Look<'a> {
    fn code(&self, item: GItem, inference: &'a Inference) -> Option<Code<'a>> {
        let sema = self.input.sema;
        let body = sema.program.body(item)?;
        Some(Code { item, body, inference, tree: Tree::new(body), sema })
    }

    fn home(&self, flow: &Flow) -> &'a str {
        let mut of = self.input.packages.iter().filter(|package| package.notice == flow.notice);
        of.find_map(|package| package.crate_of_notice.as_deref()).unwrap_or_default()
    }

    fn judge(&self, code: &Code<'a>, id: ExprId, at: usize, out: &mut Vec<Unkept>) {
        let flow = &self.input.flows[at];
        let Some(entry) = entry(&self.input, flow) else { return };
        let home = self.home(flow);
        let mut tell = |condition, places: Vec<(GItem, Span)>| {
            out.extend(places.into_iter().map(|(item, span)| Unkept {
                span,
                item: path(code.sema, item).join("::"),
                condition,
                flow: at,
            }));
        };
        for (n, pattern) in entry.together_with.iter().enumerate() {
            let comes = |code: &Code<'_>, given: &[ExprId]| code.brings(given, pattern, home);
            let given = code.tree.parts(code.tree.top(id));
            tell(Condition::Together(n), self.open(code, id, comes(code, &given), &comes, 0));
        }
        if let Some(wanted) = &entry.addressed_by {
            let is_from = |code: &Code<'_>, given: &[ExprId]| match given {
                [one] => code.address(*one, &wanted.from, home, 0),
                _ => Kept::No,
            };
            if let Some(kept) = code.argument(id, wanted).map(|arg| is_from(code, &[arg])) {
                tell(Condition::Address, self.open(code, id, kept, &is_from, 0));
            }
        }
    }

    /// The calls that break a condition: this one, or those that hand over what this function only passes on.
    fn open(
        &self,
        code: &Code<'a>,
        id: ExprId,
        kept: Kept,
        holds: &dyn Fn(&Code<'_>, &[ExprId]) -> Kept,
        far: usize,
    ) -> Vec<(GItem, Span)> {
        let own = vec![(code.item, code.span(id))];
        let param = match kept {
            Kept::Yes => return Vec::new(),
            Kept::No => return own,
            Kept::Asks(param) => param,
        };
        let callers = self.callers.get(&code.item).map(Vec::as_slice).unwrap_or_default();
        if callers.is_empty() || far >= FAR {
            return own;
        }
        let (mut broken, mut all) = (Vec::new(), true);
        for (caller, call) in callers.iter().filter(|(caller, _)| *caller != code.item) {
            let at = self.input.bodies.binary_search_by_key(caller, |(item, _)| *item);
            let Some(outer) = at.ok().and_then(|at| self.code(*caller, &self.input.bodies[at].1)) else {
                continue;
            };
            let kept = outer.given(*call, param).map_or(Kept::No, |arg| holds(&outer, &[arg]));
            let here = outer.span(*call);
            let open = self.open(&outer, *call, kept, holds, far + 1);
            all &= open.iter().any(|(_, span)| *span == here);
            broken.extend(open);
        }
        // Where nobody hands over what is wanted, the call itself is the one to mend.
        if all { own } else { broken }
    }
}

impl Code<'_> {
    fn span(&self, id: ExprId) -> Span {
        self.sema.program.span(self.item, self.body.range(id))
    }

    /// The argument that holds the address, counted without the receiver.
    fn argument(&self, id: ExprId, wanted: &AddressedBy) -> Option<ExprId> {
        let (Expr::Call(_, args) | Expr::Method(_, _, args, _)) = *self.body.expr(id) else { return None };
        self.body.list(args).get(wanted.arg - 1).copied()
    }

    /// What a call hands over for a parameter.
    fn given(&self, id: ExprId, param: u16) -> Option<ExprId> {
        match *self.body.expr(id) {
            Expr::Call(_, args) => self.body.list(args).get(param as usize).copied(),
            Expr::Method(receiver, _, args, _) => match param {
                0 => Some(receiver),
                n => self.body.list(args).get(n as usize - 1).copied(),
            },
            _ => None,
        }
    }

    /// Whether what is given brings a field along: it is read, or what holds it is given whole.
    fn brings(&self, given: &[ExprId], pattern: &PathPattern, home: &str) -> Kept {
        let mut asks = None;
        let mut all: Vec<ExprId> = given.iter().flat_map(|id| self.tree.parts(*id)).collect();
        all.sort_unstable();
        all.dedup();
        let bases: Vec<ExprId> = all.iter().flat_map(|id| self.base(*id)).collect();
        for id in all {
            if self.is_named(id, pattern, home) {
                return Kept::Yes;
            }
            if bases.contains(&id) {
                continue;
            }
            if self.holds(self.inference.exprs[id.0 as usize], pattern, home, 4) {
                return Kept::Yes;
            }
            if let Expr::Local(local) = *self.body.expr(id) {
                asks = asks.or(self.param(local));
            }
        }
        asks.map_or(Kept::No, Kept::Asks)
    }

    /// What only a part is read of.
    fn base(&self, id: ExprId) -> Option<ExprId> {
        let mut at = match *self.body.expr(id) {
            Expr::Field(base, _) => base,
            Expr::Method(receiver, ..) => receiver,
            _ => return None,
        };
        while let Expr::Ref(inner, _) | Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        Some(at)
    }

    /// Whether an expression reads the field, constant or function that a pattern names.
    fn is_named(&self, id: ExprId, pattern: &PathPattern, home: &str) -> bool {
        let program = self.sema.program;
        let names = |path: &[&str]| pattern.matches(path, home);
        if let Some((adt, index)) = self.inference.fields.get(&id)
            && let ItemKind::Struct(_, fields) = &program.item(*adt).kind
            && let Some(field) = fields.list.get(*index as usize)
        {
            let mut path = path(self.sema, *adt);
            path.push(field.name.as_str());
            return names(&path);
        }
        let called = match self.inference.callees.get(&id) {
            Some(Callee::Fn(function, _)) => Some(path(self.sema, *function)),
            Some(Callee::External(path)) => Some(path.iter().map(|name| name.as_str()).collect()),
            _ => None,
        };
        let valued = match self.inference.values.get(&id) {
            Some(ValueDef::Const(item)) => Some(path(self.sema, *item)),
            Some(ValueDef::External(path)) => Some(path.iter().map(|name| name.as_str()).collect()),
            _ => None,
        };
        called.or(valued).is_some_and(|path| names(&path))
    }

    /// Whether a type holds the field that a pattern names.
    fn holds(&self, ty: Ty, pattern: &PathPattern, home: &str, depth: usize) -> bool {
        if depth == 0 {
            return false;
        }
        let any = |list: &[Ty]| list.iter().any(|ty| self.holds(*ty, pattern, home, depth - 1));
        match self.sema.types.kind(ty) {
            TyKind::Adt(item, args) => any(args) || self.has_field(*item, pattern, home, depth),
            TyKind::Tuple(list) => any(list),
            TyKind::Slice(inner) | TyKind::Future(inner) => any(&[*inner]),
            TyKind::External(_, args) => any(args),
            _ => false,
        }
    }

    fn has_field(&self, adt: GItem, pattern: &PathPattern, home: &str, depth: usize) -> bool {
        let program = self.sema.program;
        if depth == 0 || program.is_model(adt) {
            return false;
        }
        let ItemKind::Struct(_, fields) = &program.item(adt).kind else { return false };
        let holder = path(self.sema, adt);
        let own = fields.list.iter().any(|field| {
            let mut path = holder.clone();
            path.push(field.name.as_str());
            pattern.matches(&path, home)
        });
        own || program.held(adt).into_iter().any(|inner| self.has_field(inner, pattern, home, depth - 1))
    }

    /// Which parameter a variable is.
    fn param(&self, local: LocalId) -> Option<u16> {
        let at = self.body.params.iter().position(|pat| binds(self.body, *pat, local))?;
        u16::try_from(at).ok()
    }

    /// Whether a value comes from what may address somebody, and from nothing else.
    fn address(&self, id: ExprId, from: &[PathPattern], home: &str, depth: usize) -> Kept {
        if from.iter().any(|pattern| self.is_named(id, pattern, home)) {
            return Kept::Yes;
        }
        if depth >= DEEP {
            return Kept::No;
        }
        let all = |ids: &[ExprId]| {
            let mut kept = if ids.is_empty() { Kept::No } else { Kept::Yes };
            for id in ids {
                match self.address(*id, from, home, depth + 1) {
                    Kept::Yes => {}
                    Kept::No => return Kept::No,
                    asks @ Kept::Asks(_) => kept = asks,
                }
            }
            kept
        };
        match *self.body.expr(id) {
            Expr::Local(local) => match (self.param(local), self.origin(local)) {
                (Some(param), _) => Kept::Asks(param),
                (None, Some(origin)) => all(&[origin]),
                (None, None) => Kept::No,
            },
            Expr::Method(receiver, ..) | Expr::Index(receiver, _) => all(&[receiver]),
            Expr::If(_, then, Some(other)) => all(&[then, other]),
            Expr::Match(_, start, len) => {
                let arms = &self.body.arms[start as usize..(start + len) as usize];
                all(&arms.iter().map(|arm| arm.body).collect::<Vec<_>>())
            }
            Expr::Block(_, _, Some(tail)) => all(&[tail]),
            Expr::Call(_, args) => all(self.body.list(args)),
            Expr::Closure(_) | Expr::Lit(_) | Expr::Path(_) => Kept::No,
            _ => all(&children(self.body, id)),
        }
    }

    /// What a variable was bound to: by `let`, by a loop, or as what a closure is given of what it is called on.
    fn origin(&self, local: LocalId) -> Option<ExprId> {
        let by_let = self.body.stmts.iter().find_map(|stmt| match *stmt {
            Stmt::Let { pat, init: Some(init), .. } if binds(self.body, pat, local) => Some(init),
            _ => None,
        });
        by_let.or_else(|| {
            self.tree.ids().find_map(|id| match *self.body.expr(id) {
                Expr::For(pat, iter, ..) | Expr::Let(pat, iter) if binds(self.body, pat, local) => Some(iter),
                Expr::Match(value, start, len) => {
                    let arms = &self.body.arms[start as usize..(start + len) as usize];
                    arms.iter().any(|arm| binds(self.body, arm.pat, local)).then_some(value)
                }
                Expr::Method(receiver, _, args, _) => {
                    let takes = |arg: &ExprId| match *self.body.expr(*arg) {
                        Expr::Closure(closure) => {
                            let params = &self.body.closures[closure as usize].params;
                            params.iter().any(|(pat, _)| binds(self.body, *pat, local))
                        }
                        _ => false,
                    };
                    self.body.list(args).iter().any(takes).then_some(receiver)
                }
                _ => None,
            })
        })
    }
}

/// Whether a pattern binds a variable, anywhere in it.
fn binds(body: &Body, pat: PatId, local: LocalId) -> bool {
    let any = |list: &[PatId]| list.iter().any(|pat| binds(body, *pat, local));
    match body.pat(pat) {
        Pat::Bind(bound, _, inner) => *bound == local || inner.is_some_and(|pat| binds(body, pat, local)),
        Pat::TupleStruct(_, list) | Pat::Tuple(list) | Pat::Slice(list) | Pat::Or(list) => {
            any(body.pat_list(*list))
        }
        Pat::Struct(_, fields) => fields.iter().any(|(_, pat)| binds(body, *pat, local)),
        Pat::Ref(inner) | Pat::Typed(inner, _) => binds(body, *inner, local),
        Pat::Wild | Pat::Lit(_) | Pat::Rest | Pat::Path(_) => false,
    }
}

fn path(sema: &Sema<'_>, item: GItem) -> Vec<&'static str> {
    sema.program.path(item).iter().map(|name| name.as_str()).collect()
}
