//! One line a finding: `path:line:col: level[privacy::lint]: message`.

use std::io::{self, Write};

use super::{Emission, code, level, sanitise};
use crate::diagnostic::Diagnostic;

/// Writes all findings.
pub(super) fn write(emission: &Emission<'_>, out: &mut dyn Write) -> io::Result<()> {
    emission.findings.iter().try_for_each(|finding| writeln!(out, "{}", line(emission, &finding.diagnostic)))
}

fn line(emission: &Emission<'_>, diagnostic: &Diagnostic) -> String {
    let located = |span| format!("{}: ", super::located(emission.sources, span, emission.cwd));
    let place = diagnostic.primary.map_or_else(String::new, located);
    let code = code(diagnostic).map_or_else(String::new, |code| format!("[{code}]"));
    let whole = format!("{place}{}{code}: {}", level(diagnostic.level), diagnostic.message);
    sanitise::line(&whole).into_owned()
}
