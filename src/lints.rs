//! The registry: one slice of lints; everything else about them is derived from it. A lint reads the data map and
//! nothing else.

use crate::datamap::DataMap;
use crate::diagnostic::Diagnostic;

/// The headings of the promises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Group {
    /// Logging and diagnostics.
    Logging,
    /// Sharing.
    Sharing,
    /// Advertising and identifiers.
    Advertising,
    /// Security and card data.
    Security,
    /// Collection and purpose.
    Collection,
    /// Rights and preferences.
    Rights,
    /// The notice itself, and hygiene.
    Notice,
}

/// A level as the user sets it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum LintLevel {
    /// Silent.
    Allow,
    /// Said, never fails.
    Note,
    /// A warning.
    Warn,
    /// Fails.
    Deny,
    /// Fails, and cannot be lowered.
    Forbid,
}

/// One lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, without `privacy::`.
    pub name: &'static str,
    /// Its group.
    pub group: Group,
    /// Its level unless set otherwise; pedantic lints have [`LintLevel::Allow`].
    pub level: LintLevel,
    /// Its page.
    pub page: &'static str,
    /// Finds; the caller sets levels and sorts.
    pub check: fn(&DataMap, &mut Vec<Diagnostic>),
}
