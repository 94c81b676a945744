//! The table of macros that lowering asks: every `macro_rules!` of the program and of models with its crate, and how
//! the other macros that models know are read. Expands nothing.

use std::sync::Arc;

use super::crates::Crate;
use super::parse::File;
use super::tree::Reach;
use crate::ir::ItemKind;
use crate::lower::{MacroDef, MacroTable, Syntax};
use crate::models::{MacroSyntax, Models};
use crate::name::Name;

/// The macros of all files, in the order of the files. A file that no crate has reached yet may still be one that a macro
/// declares: it counts for its package's first crate.
pub(super) fn table(
    files: &[File],
    reach: &Reach,
    crates: &[Crate],
    models: &Models,
    declared: &[File],
) -> MacroTable {
    let mut table = MacroTable::default();
    for (at, file) in files.iter().enumerate() {
        let of_package = || crates.iter().position(|krate| krate.package == file.package);
        let Some(owner) = reach.owners[at].or_else(of_package) else { continue };
        let is_kept = |item: usize| reach.owners[at].is_none() || reach.kept[at][item];
        add(&mut table, file, crates[owner].name, &is_kept);
    }
    // Those that models declare: what macros of other crates make of their arguments.
    for (file, declarations) in declared.iter().zip(&models.declarations) {
        add(&mut table, file, Name::new(&declarations.crate_name), &|_| true);
    }
    for known in &models.macros {
        let plain =
            known.names.iter().filter_map(|pattern| pattern.segments.last()).filter(|s| !s.contains('*'));
        for name in plain {
            table.syntax.entry(Name::new(name)).or_insert(syntax(known.syntax));
            if let Some(value) = &known.value {
                table.values.entry(Name::new(name)).or_insert_with(|| value.as_str().into());
            }
        }
    }
    table
}

fn add(table: &mut MacroTable, file: &File, krate: Name, is_kept: &dyn Fn(usize) -> bool) {
    for (_, item) in file.unit.items.iter().enumerate().filter(|(item, _)| is_kept(*item)) {
        let ItemKind::MacroRules(range) = item.kind else { continue };
        let def = MacroDef::new(Arc::clone(&file.text), range, krate);
        table.rules.entry(item.name).or_default().push(def);
    }
}

fn syntax(known: MacroSyntax) -> Syntax {
    match known {
        MacroSyntax::Log => Syntax::Log,
        MacroSyntax::Format => Syntax::Format,
        MacroSyntax::Expressions => Syntax::Expressions,
    }
}
