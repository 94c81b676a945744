//! What lowering code needs to know beyond its text: macros that the program defines, and how known macros are read.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

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

/// Rules that were read; `None` where they could not be.
type Parsed = Option<Rc<MacroRules>>;

/// A `macro_rules!` of the program.
#[derive(Clone, Debug)]
pub struct MacroDef {
    /// Text of its file.
    pub text: Arc<str>,
    /// Its rules, without the outer delimiters.
    pub range: Range,
    /// Which crate defines it, by extern name.
    pub krate: Name,
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
    pub(super) parsed: RefCell<FxHashMap<(usize, u32), Parsed>>,
    /// Macros that macros of this file define.
    pub(super) made: RefCell<FxHashMap<Name, Rc<MacroRules>>>,
}

impl<'a> Env<'a> {
    /// The surroundings of a file.
    #[must_use]
    pub fn new(table: &'a MacroTable, krate: Name, imported: &'a FxHashSet<Name>, text: &'a str) -> Self {
        let (parsed, made) = (RefCell::default(), RefCell::default());
        Self { table, krate, imported, text, parsed, made }
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
    pub(super) fn definition(&self, name: Name, qualified: bool) -> Option<(Rc<MacroRules>, CratePath)> {
        if let Some(def) = self.find(name, qualified) {
            let own = def.krate == self.krate;
            let path = if own { CratePath::local() } else { CratePath::named(def.krate.as_str()) };
            return Some((self.rules(def)?, path));
        }
        let made = self.made.borrow().get(&name).cloned();
        made.map(|rules| (rules, CratePath::local()))
    }

    /// Whether the macro that a call means may define macros.
    pub(super) fn makes_macros(&self, name: Name, qualified: bool) -> bool {
        let Some(def) = self.find(name, qualified) else { return false };
        let rules = def.text.get(def.range.0 as usize..def.range.1 as usize);
        rules.is_some_and(|text| text.contains("macro_rules"))
    }

    fn known(&self, name: Name) -> bool {
        self.table.syntax.contains_key(&name) || super::macros::is_builtin(name.as_str())
    }

    pub(super) fn rules(&self, def: &MacroDef) -> Option<Rc<MacroRules>> {
        let key = (Arc::as_ptr(&def.text).cast::<u8>() as usize, def.range.0);
        if let Some(known) = self.parsed.borrow().get(&key) {
            return known.clone();
        }
        let text = def.text.get(def.range.0 as usize..def.range.1 as usize).unwrap_or("");
        let tokens = text.parse().ok();
        let rules = tokens.and_then(|t| super::macro_rules::parse(t).ok()).map(Rc::new);
        self.parsed.borrow_mut().insert(key, rules.clone());
        rules
    }
}
