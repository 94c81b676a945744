//! Suppression: which findings an allow covers, and what is wrong with allows themselves. Takes allows as data, from
//! comments ([`in_comments`]) or from attributes (lowering hands them in); knows no flow and no level but through the
//! predicates it is given.

use crate::diagnostic::Diagnostic;
use crate::lints::{self, Lint, report};
use crate::source::{FileId, Span};

mod comments;

pub use comments::{AllowComment, comments};

/// A lint, a group or `all`, as an allow names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowed {
    /// As written, with or without `privacy::`.
    pub name: String,
    /// Where.
    pub span: Span,
}

/// One suppression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allow {
    /// What it names.
    pub lints: Vec<Allowed>,
    /// Why, where it says so.
    pub reason: Option<String>,
    /// What it covers: lines, or an item.
    pub scope: Span,
    /// The comment or the attribute itself.
    pub at: Span,
}

/// What is left after suppression.
#[derive(Debug)]
pub struct Applied {
    /// Findings that no allow covers, in the order given.
    pub kept: Vec<Diagnostic>,
    /// How many were suppressed.
    pub suppressed: usize,
    /// For each allow and each of its lints, how many findings it covers.
    pub used: Vec<Vec<usize>>,
}

/// The allows in a file's comments, and warnings about comments that were meant as one and are none.
#[must_use]
pub fn in_comments(file: FileId, text: &str) -> (Vec<Allow>, Vec<Diagnostic>) {
    let span = |range: &std::ops::Range<usize>| Span::new(file, range.start as u32, range.end as u32);
    let (mut allows, mut broken) = (Vec::new(), Vec::new());
    for comment in comments(text) {
        if let Some(problem) = comment.problem {
            let form = "write `// privacy: allow(lint) reason: \"…\"`";
            broken.push(Diagnostic::warning(problem, Some(span(&comment.span))).help(form));
            continue;
        }
        let allowed = |(name, range): &(String, _)| Allowed { name: name.clone(), span: span(range) };
        allows.push(Allow {
            lints: comment.lints.iter().map(allowed).collect(),
            reason: comment.reason,
            scope: span(&comment.scope),
            at: span(&comment.span),
        });
    }
    (allows, broken)
}

/// Takes out the findings that an allow covers, save those whose lint is forbidden to be lowered.
pub fn apply(findings: Vec<Diagnostic>, allows: &[Allow], is_forbidden: impl Fn(&str) -> bool) -> Applied {
    let named: Vec<Vec<Vec<&Lint>>> =
        allows.iter().map(|allow| allow.lints.iter().map(|one| lints::select(&one.name)).collect()).collect();
    let mut used: Vec<Vec<usize>> = allows.iter().map(|allow| vec![0; allow.lints.len()]).collect();
    let all = findings.len();
    let mut kept = findings;
    kept.retain(|finding| {
        let (Some(lint), Some(primary)) = (finding.lint, finding.primary) else { return true };
        if is_forbidden(lint) {
            return true;
        }
        let mut is_kept = true;
        for (at, allow) in allows.iter().enumerate().filter(|(_, allow)| covers(allow.scope, primary)) {
            for one in 0..allow.lints.len() {
                if named[at][one].iter().any(|known| known.name == lint) {
                    used[at][one] += 1;
                    is_kept = false;
                }
            }
        }
        is_kept
    });
    Applied { suppressed: all - kept.len(), kept, used }
}

/// A finding for each allow that says no reason.
pub fn unreasoned(allows: &[Allow]) -> impl Iterator<Item = Diagnostic> + '_ {
    let silent =
        allows.iter().filter(|allow| allow.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()));
    silent.map(|allow| {
        let names: Vec<_> = allow.lints.iter().map(|one| one.name.as_str()).collect();
        let message = format!("suppression without a reason: {}", names.join(", "));
        report::on(&lints::UNREASONED_ALLOW, message, allow.at)
            .help("declare it: say why it is right, as `reason: \"…\"` in a comment or `reason = \"…\"` in an attribute")
            .help("stop it: take it out, and mend what it suppresses")
            .help("reclassify it: where what is suppressed is no such data, annotate that with `none` and a reason")
    })
}

/// A finding for each lint of an allow that suppressed nothing though it `is_on`, or that does not exist.
pub fn unfulfilled(allows: &[Allow], used: &[Vec<usize>], is_on: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let each = allows.iter().zip(used).flat_map(|(allow, used)| allow.lints.iter().zip(used));
    each.filter(|(_, used)| **used == 0).filter_map(|(one, _)| idle(one, &is_on)).collect()
}

fn idle(one: &Allowed, is_on: impl Fn(&str) -> bool) -> Option<Diagnostic> {
    let lint = &lints::UNFULFILLED_ALLOW;
    let known = lints::select(&one.name);
    if known.is_empty() {
        let found =
            report::on(lint, format!("suppression of a lint that does not exist: `{}`", one.name), one.span);
        return Some(match lints::suggest(&one.name) {
            Some(near) => remedies(found.help(format!("there is `{near}`"))),
            None => remedies(found),
        });
    }
    let message = format!("suppression that suppresses nothing: `{}`", one.name);
    known.iter().any(|lint| is_on(lint.name)).then(|| remedies(report::on(lint, message, one.span)))
}

fn remedies(found: Diagnostic) -> Diagnostic {
    found
        .help("declare it: if there is something to allow, stand on its line or the line above")
        .help("stop it: take it out")
        .help(
            "reclassify it: if it is needed elsewhere, in builds that are not looked at, put it there alone",
        )
}

/// A scope covers what starts or ends in it: a call that is written over several lines has two ends to stand at.
fn covers(scope: Span, primary: Span) -> bool {
    let has = |byte: u32| (scope.lo..scope.hi).contains(&byte);
    scope.file == primary.file && (has(primary.lo) || has(primary.hi.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileId = FileId(0);

    fn finding(lint: &'static str, text: &str, place: &str) -> Diagnostic {
        let lo = text.find(place).unwrap() as u32;
        let primary = Span::new(FILE, lo, lo + place.len() as u32);
        Diagnostic { lint: Some(lint), ..Diagnostic::error("found", Some(primary)) }
    }

    const TEXT: &str = "\
// privacy: allow(personal_data_in_logs, privacy::plaintext_transport) reason: \"a test server\"
println!(\"{one}\");
println!(\"{two}\"); // privacy: allow(logging)
println!(\"{three}\");
";

    #[test]
    fn allows_cover_their_line_and_the_line_below() {
        let findings =
            ["{one}", "{two}", "{three}"].map(|at| finding("personal_data_in_logs", TEXT, at)).to_vec();
        let (allows, broken) = in_comments(FILE, TEXT);
        assert!(broken.is_empty());
        let applied = apply(findings.clone(), &allows, |_| false);
        assert_eq!((applied.kept.len(), applied.suppressed), (1, 2));
        assert_eq!(applied.kept[0], findings[2]);
        assert_eq!(applied.used, [vec![1, 0], vec![1]]);
        assert_eq!(apply(findings, &allows, |_| true).suppressed, 0);
    }

    #[test]
    fn allows_are_held_to_a_reason_and_to_a_finding() {
        let (allows, _) = in_comments(FILE, TEXT);
        let said: Vec<_> = unreasoned(&allows).map(|found| found.message).collect();
        assert_eq!(said, ["suppression without a reason: logging"]);
        let said = |is_on: bool| unfulfilled(&allows, &[vec![1, 0], vec![1]], |_| is_on);
        assert_eq!(
            said(true)[0].message,
            "suppression that suppresses nothing: `privacy::plaintext_transport`"
        );
        assert!(said(false).is_empty());
    }

    #[test]
    fn names_that_do_not_exist_are_answered() {
        let (allows, _) = in_comments(FILE, "// privacy: allow(personal_data_in_log) reason: \"x\"\nf();");
        let found = unfulfilled(&allows, &[vec![0]], |_| false);
        assert_eq!(found[0].helps[0], "there is `personal_data_in_logs`");
    }
}
