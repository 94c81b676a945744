//! What the calls and paths of a small program mean.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_privacy::ir::Expr;
use cargo_privacy::load;
use cargo_privacy::resolve::{GItem, Program};
use cargo_privacy::source::SourceMap;
use cargo_privacy::types::{self, Callee, Scratch, Sema, ValueDef};
use cargo_privacy::workspace::{self, Registry, Request};

/// The program of the package in a folder.
pub(crate) fn loaded(folder: &Path, registry: Option<Registry>) -> Program {
    let mut sources = SourceMap::default();
    let request = Request { cwd: folder.canonicalize().unwrap(), registry, ..Request::default() };
    let (discovered, _) = workspace::discover(&request, &mut sources).unwrap();
    load::with_shipped(&discovered, &mut sources).program
}

/// What the calls and paths in `fn main` of the package in a folder mean, by the name that stands there:
/// `crate::Type::name`, `?` for what is not known. Functions of impls are given with their impl's place among those of the
/// file: `0.name`.
pub(crate) fn meant(folder: &Path, registry: Option<Registry>) -> BTreeMap<String, String> {
    let program = &loaded(folder, registry);
    let sema = Sema::new(program);
    let is_main = |item: &GItem| program.item(*item).name == *"main" && !program.is_model(*item);
    let main = program.with_bodies().into_iter().find(is_main).unwrap();
    let body = program.body(main).unwrap();
    let inference = types::infer(&sema, main, body, &mut Scratch::default());
    let mut found = BTreeMap::new();
    for at in 0..body.exprs.len() {
        let id = cargo_privacy::ir::ExprId(at as u32);
        match body.expr(id) {
            Expr::Method(_, name, ..) => {
                found.insert(name.as_str().to_owned(), callee(program, inference.callees.get(&id)));
            }
            Expr::Path(path) => {
                let name = body.paths[*path as usize].last().unwrap();
                found.insert(name.as_str().to_owned(), value(program, inference.values.get(&id)));
            }
            _ => {}
        }
    }
    found
}

fn callee(program: &Program, callee: Option<&Callee>) -> String {
    match callee {
        Some(Callee::Fn(item, false)) => path(program, *item),
        Some(Callee::Fn(item, true)) => format!("by name {}", path(program, *item)),
        Some(Callee::External(names)) => joined(names),
        _ => "?".to_owned(),
    }
}

fn value(program: &Program, value: Option<&ValueDef>) -> String {
    match value {
        Some(ValueDef::Fn(item, _) | ValueDef::Const(item) | ValueDef::Ctor(item, ..)) => {
            path(program, *item)
        }
        Some(ValueDef::External(names)) => joined(names),
        _ => "?".to_owned(),
    }
}

fn path(program: &Program, item: GItem) -> String {
    let names = joined(&program.path(item));
    match program.parent(item) {
        Some(parent) if !program.is_model(item) => {
            let is_impl = |item: &GItem| {
                matches!(program.item(*item).kind, cargo_privacy::ir::ItemKind::Impl(_))
                    && !program.is_model(*item)
            };
            match program.items().filter(is_impl).position(|item| item == parent) {
                Some(at) => format!("{at}.{}", program.item(item).name.as_str()),
                None => names,
            }
        }
        _ => names,
    }
}

/// A path as one text.
pub(crate) fn joined(names: &[cargo_privacy::name::Name]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::")
}
