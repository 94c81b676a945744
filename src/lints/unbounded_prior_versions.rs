//! A history of prior versions that neither a retention limit nor an erasure bounds.

use super::{Group, Lint, LintLevel, report};
use crate::datamap::{Basis, DataMap, Declaration};
use crate::diagnostic::Diagnostic;
use crate::notice::{Notice, PathPattern};
use crate::recognise;

pub(super) static LINT: Lint = Lint {
    name: "unbounded_prior_versions",
    group: Group::Rights,
    level: LintLevel::Warn,
    page: page!("unbounded_prior_versions"),
    check,
};

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for field in &map.declarations {
        let Some(holder) = field.holder.as_deref().filter(|holder| is_kept_history(holder, field)) else {
            continue;
        };
        if !told.contains(&holder) && !is_bounded(map.notice(field.notice), holder) {
            told.push(holder);
            out.push(tell(holder, field));
        }
    }
}

/// What is only inferred is no stored history of anybody's.
fn is_kept_history(holder: &str, field: &Declaration) -> bool {
    let name = holder.rsplit("::").next().unwrap_or(holder);
    field.category.is_some()
        && matches!(field.basis, Basis::Annotated | Basis::Notice(_))
        && recognise::names_prior_versions(name)
}

/// Whether an erasure reaches the type: one of all that is stored, or one that names it. A limit is one too.
fn is_bounded(notice: &Notice, holder: &str) -> bool {
    let segments: Vec<&str> = holder.split("::").collect();
    let home = segments.first().copied().unwrap_or_default();
    let names = |written: &str, span| {
        PathPattern::parse(written, span).is_ok_and(|pattern| pattern.matches(&segments, home))
    };
    notice
        .erasures
        .iter()
        .any(|erasure| erasure.of.is_empty() || erasure.of.iter().any(|of| names(&of.value, of.span)))
}

fn tell(holder: &str, field: &Declaration) -> Diagnostic {
    let message = format!("prior versions are kept without end: `{holder}` holds `{}`", field.path);
    report::on(&LINT, message, field.span)
        .labelled("kept in every version")
        .help(format!(
            "declare it: name `{holder}` in the `of` of an `[[erasure]]`, with `when-older-than` for a limit"
        ))
        .help("stop it: keep the present version only")
        .help(report::reclassify())
}
