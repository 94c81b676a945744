//! What a framework runs before a handler: layers and middleware around it, and what makes the values that it takes. Which
//! calls do that is in the models; here is where they stand in the program. Walks no code.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Input;
use crate::ir::{Expr, ExprId, ItemKind, TypeRef};
use crate::models::{LayerModel, Pattern};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};
use crate::tree::Tree;
use crate::types::{Callee, Inference, TyKind, ValueDef};

/// A call at which a layer hands a request on.
type HandingOn = (GItem, ExprId);

/// The places behind a layer, and where it hands on.
type Layer = (FxHashSet<ExprId>, Vec<HandingOn>);

/// The layers of a program.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Of each body the layers in it.
    by_body: FxHashMap<GItem, Vec<Layer>>,
}

impl Layers {
    pub(super) fn new(input: &Input<'_>) -> Self {
        let mut by_body = FxHashMap::default();
        for (item, inf) in input.bodies {
            let found = of_body(input, *item, inf);
            if !found.is_empty() {
                by_body.insert(*item, found);
            }
        }
        Self { by_body }
    }

    /// All places where any of them hands a request on.
    #[allow(clippy::iter_over_hash_type, reason = "a set is made, order does not show")]
    pub(super) fn handing_on(&self) -> Vec<HandingOn> {
        self.by_body.values().flatten().flat_map(|(_, handing_on)| handing_on.iter().copied()).collect()
    }

    /// For each layer around a place where it hands on.
    pub(super) fn around(&self, item: GItem, at: ExprId) -> Vec<Vec<HandingOn>> {
        let layers = self.by_body.get(&item).into_iter().flatten();
        layers.filter(|(behind, _)| behind.contains(&at)).map(|(_, handing_on)| handing_on.clone()).collect()
    }
}

fn of_body(input: &Input<'_>, item: GItem, inf: &Inference) -> Vec<Layer> {
    let Some(body) = input.sema.program.body(item) else { return Vec::new() };
    let mut found = Vec::new();
    let mut tree: Option<Tree<'_>> = None;
    for id in (0..body.exprs.len() as u32).map(ExprId) {
        let Expr::Method(receiver, _, args, _) = *body.expr(id) else { continue };
        let Some(model) = layer(input, inf, id) else { continue };
        let tree = tree.get_or_insert_with(|| Tree::new(body));
        let behind = if model.before { receiver } else { tree.top(id) };
        let code: Vec<ExprId> = body.list(args).iter().flat_map(|arg| tree.parts(*arg)).collect();
        let behind = tree.parts(behind).into_iter().filter(|part| !code.contains(part)).collect();
        found.push((behind, handing_on(input, (item, inf), &code, model)));
    }
    found
}

/// The model of a call that puts a layer around something.
fn layer<'a>(input: &Input<'a>, inf: &Inference, id: ExprId) -> Option<&'a LayerModel> {
    let path = callee(input, inf, id)?;
    input.models.layers.iter().find(|model| is_one(&model.calls, &path))
}

/// Where a layer hands on: in closures that stand in its place, and in functions that are named there.
fn handing_on(
    input: &Input<'_>,
    (item, inf): (GItem, &Inference),
    code: &[ExprId],
    model: &LayerModel,
) -> Vec<HandingOn> {
    let hands_on =
        |inf: &Inference, id: ExprId| callee(input, inf, id).is_some_and(|path| is_one(&model.next, &path));
    let mut found: Vec<HandingOn> =
        code.iter().filter(|id| hands_on(inf, **id)).map(|id| (item, *id)).collect();
    for id in code {
        let Some(ValueDef::Fn(named, _)) = inf.values.get(id) else { continue };
        let Ok(at) = input.bodies.binary_search_by_key(named, |(known, _)| *known) else { continue };
        let exprs = input.sema.program.body(*named).map_or(0, |body| body.exprs.len() as u32);
        let all = (0..exprs).map(ExprId).filter(|id| hands_on(&input.bodies[at].1, *id));
        found.extend(all.map(|id| (*named, id)));
    }
    found.extend(of_services(input, inf, code, model));
    found
}

/// Where the services hand on that layers make which stand there as values.
fn of_services(input: &Input<'_>, inf: &Inference, code: &[ExprId], model: &LayerModel) -> Vec<HandingOn> {
    let adt = |id: &ExprId| match input.sema.types.kind(inf.exprs[id.0 as usize]) {
        TyKind::Adt(adt, _) if !input.sema.program.is_model(*adt) => Some(*adt),
        _ => None,
    };
    let layers: FxHashSet<GItem> = code.iter().filter_map(adt).collect();
    if layers.is_empty() {
        return Vec::new();
    }
    let methods = |patterns: &[Pattern], on: &FxHashSet<GItem>| -> Vec<usize> {
        let is_meant = |at: &usize| {
            let item = input.bodies[*at].0;
            trait_method(input, item).is_some_and(|path| is_one(patterns, &path))
                && self_type(input, item).is_some_and(|of| on.contains(&of))
        };
        (0..input.bodies.len()).filter(is_meant).collect()
    };
    let makers = methods(&model.makes, &layers);
    let made = makers.iter().flat_map(|at| made_in(input, input.bodies[*at].0, &input.bodies[*at].1));
    let services: FxHashSet<GItem> = made.chain(layers.iter().copied()).collect();
    let mut found = Vec::new();
    for at in methods(&model.serves, &services) {
        let item = input.bodies[at].0;
        let (Some(body), name) = (input.sema.program.body(item), input.sema.program.item(item).name) else {
            continue;
        };
        let hands_on = |id: &ExprId| matches!(body.expr(*id), Expr::Method(_, called, ..) if *called == name);
        found.extend((0..body.exprs.len() as u32).map(ExprId).filter(hands_on).map(|id| (item, id)));
    }
    found
}

/// The path of a trait's method that a function is.
fn trait_method(input: &Input<'_>, item: GItem) -> Option<Vec<Name>> {
    let program = input.sema.program;
    let mut path = program.parent(item).and_then(|parent| program.trait_path(parent))?;
    path.push(program.item(item).name);
    Some(path)
}

/// The types that a framework makes for handlers by asking a function of the program, with that function; those that
/// nobody else makes.
pub(super) fn extractors(input: &Input<'_>) -> FxHashMap<GItem, GItem> {
    let mut found: FxHashMap<GItem, GItem> = FxHashMap::default();
    for (item, _) in input.bodies {
        let Some(path) = trait_method(input, *item) else { continue };
        if input.models.layers.iter().any(|model| is_one(&model.extracts, &path))
            && let Some(made) = self_type(input, *item)
        {
            found.insert(made, *item);
        }
    }
    if found.is_empty() {
        return found;
    }
    for (item, inf) in input.bodies {
        for made in made_in(input, *item, inf) {
            if found.get(&made).is_some_and(|maker| maker != item) {
                found.remove(&made);
            }
        }
    }
    found
}

/// The type of the program that a method is on.
fn self_type(input: &Input<'_>, method: GItem) -> Option<GItem> {
    let program = input.sema.program;
    let parent = program.parent(method)?;
    let ItemKind::Impl(block) = &program.item(parent).kind else { return None };
    let TypeRef::Path(path) = &*block.self_ty else { return None };
    match program.resolve(program.scope_of_body(method), path, Namespace::Type) {
        Resolution::Def(Def::Item(adt), 0) => Some(adt),
        _ => None,
    }
}

/// The types of which a body makes values, part by part.
fn made_in(input: &Input<'_>, item: GItem, inf: &Inference) -> Vec<GItem> {
    let Some(body) = input.sema.program.body(item) else { return Vec::new() };
    let made = |id: ExprId| match *body.expr(id) {
        Expr::Struct(path, ..) => inf.pat_paths.get(&path).map(|(adt, _)| *adt),
        Expr::Path(_) => match inf.values.get(&id) {
            Some(ValueDef::Ctor(adt, ..)) => Some(*adt),
            _ => None,
        },
        _ => None,
    };
    (0..body.exprs.len() as u32).map(ExprId).filter_map(made).collect()
}

fn callee(input: &Input<'_>, inf: &Inference, id: ExprId) -> Option<Vec<Name>> {
    match inf.callees.get(&id)? {
        Callee::Fn(func, _) => Some(input.sema.program.path(*func)),
        Callee::External(path) => Some(path.to_vec()),
        _ => None,
    }
}

fn is_one(patterns: &[Pattern], path: &[Name]) -> bool {
    let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
    patterns.iter().any(|pattern| pattern.matches(&path))
}
