//! The last lines of a human run: how much was looked at, and what was not seen. A tool that goes quiet looks like a
//! pass.

use std::io::{self, Write};
use std::time::Duration;

use super::{count, sanitise};
use crate::diagnostic::Level;

/// What a run has to say about itself. All counts are settled by the caller.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// Files that did not parse.
    pub unparsed_files: usize,
    /// Calls whose callee was not found.
    pub unresolved_calls: usize,
    /// Macros that were not expanded.
    pub unresolved_macros: usize,
    /// URLs whose host was not found.
    pub unresolved_urls: usize,
    /// Approximations by name, in the order of output.
    pub approximations: Vec<(&'static str, usize)>,
    /// Sources that merely look personal and did not count.
    pub inferred_left_out: usize,
    /// Findings by level; levels without findings may be left out.
    pub findings: Vec<(Level, usize)>,
    /// Findings that an allow suppressed.
    pub suppressed: usize,
    /// Findings that the baseline holds.
    pub in_baseline: usize,
    /// Findings that the baseline holds and the run did not find.
    pub gone: usize,
    /// Findings that no change touches.
    pub unchanged: usize,
    /// Whether nothing is annotated yet, so that findings do not fail this run.
    pub first_run: bool,
}

impl Summary {
    /// Writes it.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in self.text() {
            writeln!(out, "{}", sanitise::line(&line))?;
        }
        Ok(())
    }

    fn text(&self) -> Vec<String> {
        let seconds = self.elapsed.as_secs_f64();
        let looked = format!(
            "checked {}, {} in {seconds:.2} s: {}",
            count(self.files, "file", "files"),
            count(self.lines, "line", "lines"),
            self.found()
        );
        std::iter::once(looked)
            .chain(self.unseen())
            .chain(self.approximated())
            .chain(self.left_out())
            .collect()
    }

    fn found(&self) -> String {
        let number = |level| self.findings.iter().filter(|(of, _)| *of == level).map(|(_, n)| n).sum();
        let mut parts = nonzero([
            (number(Level::Error), "error", "errors"),
            (number(Level::Warning), "warning", "warnings"),
            (number(Level::Note), "note", "notes"),
        ]);
        if parts.is_empty() {
            parts.push("no findings".to_owned());
        }
        if self.suppressed > 0 {
            parts.push(format!("{} allowed", self.suppressed));
        }
        if self.in_baseline > 0 {
            parts.push(format!("{} in the baseline", self.in_baseline));
        }
        if self.unchanged > 0 {
            parts.push(format!("{} that no change touches", self.unchanged));
        }
        parts.join(", ")
    }

    fn unseen(&self) -> Option<String> {
        let mut parts =
            nonzero([(self.unparsed_files, "file that did not parse", "files that did not parse")]);
        let unresolved = nonzero([
            (self.unresolved_calls, "call", "calls"),
            (self.unresolved_macros, "macro", "macros"),
            (self.unresolved_urls, "URL", "URLs"),
        ]);
        if !unresolved.is_empty() {
            parts.push(format!("{} that could not be resolved", unresolved.join(", ")));
        }
        (!parts.is_empty()).then(|| format!("not seen: {}", parts.join("; ")))
    }

    fn approximated(&self) -> Option<String> {
        let made = self.approximations.iter().filter(|(_, n)| *n > 0);
        let parts: Vec<_> = made.map(|(name, n)| format!("{n} {name}")).collect();
        (!parts.is_empty()).then(|| format!("approximations: {}", parts.join(", ")))
    }

    fn left_out(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let n @ 1.. = self.inferred_left_out {
            let sources = count(n, "source that looks personal was", "sources that look personal were");
            lines.push(format!(
                "{sources} left out (`--inferred yes` counts them, an annotation settles them)"
            ));
        }
        if let n @ 1.. = self.gone {
            let findings = count(
                n,
                "finding of the baseline no longer occurs",
                "findings of the baseline no longer occur",
            );
            lines.push(format!("{findings} (`cargo privacy baseline --prune` takes them out)"));
        }
        if self.first_run {
            let errors: usize =
                self.findings.iter().filter(|(of, _)| *of == Level::Error).map(|(_, n)| n).sum();
            let errors = count(errors, "error", "errors");
            lines.push(format!(
                "first run: nothing is annotated yet, so nothing fails; in CI, with an annotation or a notice today's \
                 {errors} would, with a baseline only new ones"
            ));
        }
        lines
    }
}

fn nonzero<const N: usize>(parts: [(usize, &str, &str); N]) -> Vec<String> {
    parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(n, one, many)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(summary: &Summary) -> String {
        let mut out = Vec::new();
        summary.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_was_not_seen_is_said() {
        let summary = Summary {
            files: 1,
            lines: 20,
            unparsed_files: 1,
            unresolved_calls: 3,
            unresolved_urls: 1,
            approximations: vec![("unresolved-call", 3)],
            inferred_left_out: 1,
            findings: vec![(Level::Error, 1), (Level::Warning, 2)],
            ..Summary::default()
        };
        let expected = "\
checked 1 file, 20 lines in 0.00 s: 1 error, 2 warnings
not seen: 1 file that did not parse; 3 calls, 1 URL that could not be resolved
approximations: 3 unresolved-call
1 source that looks personal was left out (`--inferred yes` counts them, an annotation settles them)
";
        assert_eq!(said(&summary), expected);
        assert_eq!(said(&Summary::default()), "checked 0 files, 0 lines in 0.00 s: no findings\n");
    }
}
