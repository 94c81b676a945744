//! Rejected proposals: recorded with their reason, and no more proposed. Writes one file.

use std::io::Write;

use super::{Asked, Refusal, names, patterns};
use crate::check::{Analysis, Options, Outcome, known};
use crate::diagnostic::Diagnostic;
use crate::edit;
use crate::emit::{say, shown};
use crate::rejected;

/// Records the proposals that a pattern names.
pub(super) fn write(
    options: &Options,
    asked: &Asked,
    before: &Analysis,
    out: &mut dyn Write,
) -> Result<Outcome, Refusal> {
    let Some((written, reason)) = &asked.reject else { return Ok(Outcome::Clean) };
    let mut errors = Vec::new();
    let patterns = patterns(std::slice::from_ref(written), &mut errors);
    let is_meant = |path: &&str| patterns.iter().any(|pattern| names(pattern, path));
    let mut meant: Vec<&str> =
        before.proposals.iter().map(|proposal| &*proposal.path).filter(is_meant).collect();
    meant.sort_unstable();
    meant.dedup();
    if meant.is_empty() && errors.is_empty() {
        errors.push(nothing(written, before));
    }
    if !errors.is_empty() {
        return Err(Refusal::Asked(errors));
    }
    // What one place is meant by today must not mean others tomorrow.
    let recorded = if let [one] = meant[..] { one } else { written };
    let path = known::rejected_path(&before.discovered);
    let old = std::fs::read_to_string(&path).ok();
    let text = rejected::with(old.as_deref(), recorded, reason);
    let name = shown(&path, &options.request.cwd);
    edit::write_all(&[(path, text)])?;
    say(out, &format!("recorded in `{name}`, and not proposed again: {reason}"))?;
    meant.iter().try_for_each(|path| say(out, &format!("  {path}")))?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn nothing(written: &str, before: &Analysis) -> Diagnostic {
    let error =
        Diagnostic::error(format!("nothing that is proposed is named `{}`", written.escape_debug()), None);
    let near = before
        .proposals
        .iter()
        .map(|proposal| (strsim::jaro_winkler(written, &proposal.path), &proposal.path));
    let near = near.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    match near.filter(|(score, _)| *score > 0.8) {
        Some((_, near)) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`cargo privacy annotate --confidence low` shows what is proposed"),
    }
}
