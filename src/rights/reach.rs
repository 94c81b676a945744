//! The functions that can be reached from roots, by calls and by names that are handed on; of a trait's method with all that
//! implement it. Knows who calls whom, not what for.

use rustc_hash::FxHashSet;

use super::Look;
use crate::ir::ItemKind;
use crate::notice::PathPattern;
use crate::resolve::GItem;
use crate::types::{Callee, ValueDef};

/// What is reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached {
    /// The functions that are named, in the order of the code.
    pub(super) roots: Vec<GItem>,
    /// These and all that they lead to, sorted.
    pub(super) functions: Vec<GItem>,
}

pub(super) fn reached(look: &Look<'_>, patterns: &[PathPattern], home: &str) -> Reached {
    let program = look.program();
    let is_function = |item: &GItem| matches!(program.item(*item).kind, ItemKind::Fn(_));
    let is_named = |item: &GItem| {
        let path = look.path(*item);
        patterns.iter().any(|pattern| pattern.matches(&path, home))
    };
    let own = program.items().filter(|item| !program.is_model(*item));
    let roots: Vec<GItem> = own.filter(is_function).filter(is_named).collect();
    let mut seen: FxHashSet<GItem> = roots.iter().copied().collect();
    let mut functions = roots.clone();
    let mut at = 0;
    while let Some(item) = functions.get(at).copied() {
        at += 1;
        for next in called(look, item) {
            if !program.is_model(next) && seen.insert(next) {
                functions.push(next);
            }
        }
    }
    functions.sort_unstable();
    Reached { roots, functions }
}

/// What a function calls or names.
fn called(look: &Look<'_>, item: GItem) -> Vec<GItem> {
    let overrides = &look.input.sema.index.overrides;
    let mut all: Vec<GItem> = overrides.get(&item).into_iter().flatten().copied().collect();
    let Some(inference) = look.inference(item) else { return all };
    let callees = inference.callees.values().filter_map(|callee| match callee {
        Callee::Fn(function, _) => Some(*function),
        _ => None,
    });
    let named = inference.values.values().filter_map(|value| match value {
        ValueDef::Fn(function, ..) => Some(*function),
        _ => None,
    });
    all.extend(callees.chain(named));
    all
}
