//! What lowering code needs to know beyond its text: macros that the program defines, and how known macros are read.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::expansion;
use super::macro_rules::{CratePath, MacroRules};
use crate::ir::Range;
use crate::name::Name;

/// How a macro's tokens are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// Key-values, sigils and a format string.
    Log,
    /// A format string with its arguments, after any leading expressions.
    Format,
    /// Expressions separated by commas.
    Expressions,
}

/// A `macro_rules!` of the program.
#[derive(Clone, Debug)]
pub struct MacroDef {
    /// Text of its file.
    pub text: Arc<str>,
    /// Its rules, without the outer delimiters.
    pub range: Range,
    /// Which crate defines it, by extern name.
    pub krate: Name,
    /// Its rules, once some call asked for them; `None` where they cannot be read.
    read: OnceLock<Option<Arc<MacroRules>>>,
}

impl MacroDef {
    /// The definition with its rules at a place of its file.
    #[must_use]
    pub fn new(text: Arc<str>, range: Range, krate: Name) -> Self {
        Self { text, range, krate, read: OnceLock::new() }
    }

    fn rules(&self) -> Option<Arc<MacroRules>> {
        let read = || expansion::rules_of(self.inside()).map(Arc::new);
        self.read.get_or_init(read).clone()
    }

    fn inside(&self) -> &str {
        self.text.get(self.range.0 as usize..self.range.1 as usize).unwrap_or("")
    }
}

/// All macros that code may call.
#[derive(Debug, Default)]
pub struct MacroTable {
    /// Definitions by name, in the order of their files.
    pub rules: FxHashMap<Name, Vec<MacroDef>>,
    /// Macros with models, by last segment.
    pub syntax: FxHashMap<Name, Syntax>,
    /// The types of what macros with models give, by last segment.
    pub values: FxHashMap<Name, Arc<str>>,
}

/// The surroundings of one file.
pub struct Env<'a> {
    /// The program's macros.
    pub table: &'a MacroTable,
    /// The crate that the file belongs to.
    pub krate: Name,
    /// Names that the file imports with `use`, last segments.
    pub imported: &'a FxHashSet<Name>,
    /// Text of the file.
    pub text: &'a str,
    /// Macros that macros of this file define.
    pub(super) made: RefCell<FxHashMap<Name, Arc<MacroRules>>>,
}

impl<'a> Env<'a> {
    /// The surroundings of a file.
    #[must_use]
    pub fn new(table: &'a MacroTable, krate: Name, imported: &'a FxHashSet<Name>, text: &'a str) -> Self {
        Self { table, krate, imported, text, made: RefCell::default() }
    }

    /// The definition that a call means: of its own crate first; one of another crate where the call names its path or
    /// the file imports it, or where no model knows a macro of that name.
    pub(super) fn find(&self, name: Name, qualified: bool) -> Option<&'a MacroDef> {
        let defs = self.table.rules.get(&name)?;
        if let Some(own) = defs.iter().find(|d| d.krate == self.krate) {
            return Some(own);
        }
        let meant = qualified || self.imported.contains(&name) || !self.known(name);
        if meant { defs.first() } else { None }
    }

    /// The rules that a call means, and what `$crate` is in them.
    pub(super) fn definition(&self, name: Name, qualified: bool) -> Option<(Arc<MacroRules>, CratePath)> {
        if let Some(def) = self.find(name, qualified) {
            let own = def.krate == self.krate;
            let path = if own { CratePath::Local } else { CratePath::named(def.krate) };
            return Some((def.rules()?, path));
        }
        let made = self.made.borrow().get(&name).cloned();
        made.map(|rules| (rules, CratePath::Local))
    }

    /// Whether the macro that a call means may define macros.
    pub(super) fn makes_macros(&self, name: Name, qualified: bool) -> bool {
        self.find(name, qualified).is_some_and(|def| def.inside().contains("macro_rules"))
    }

    fn known(&self, name: Name) -> bool {
        self.table.syntax.contains_key(&name) || super::macros::is_builtin(name.as_str())
    }
}
