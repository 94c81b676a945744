//! Workflow commands of GitHub's runner, which become annotations on the changed lines of a pull request.

use std::io::{self, Write};

use super::{Emission, code, place, sanitise};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Span;

/// Writes all findings.
pub(super) fn write(emission: &Emission<'_>, out: &mut dyn Write) -> io::Result<()> {
    emission
        .findings
        .iter()
        .try_for_each(|finding| writeln!(out, "{}", command(emission, &finding.diagnostic)))
}

fn command(emission: &Emission<'_>, diagnostic: &Diagnostic) -> String {
    let name = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let in_file = diagnostic.primary.filter(|span| place::exists(emission.sources, *span));
    let mut properties = in_file.map_or_else(Vec::new, |span| whereabouts(emission, span));
    properties.extend(code(diagnostic).map(|code| ("title", code)));
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    let lines = [&diagnostic.message].into_iter().chain(&diagnostic.notes).chain(&diagnostic.helps);
    let text: Vec<String> = lines.map(|line| data(&sanitise::line(line))).collect();
    let blank = if properties.is_empty() { "" } else { " " };
    format!("::{name}{blank}{}::{}", properties.join(","), text.join("%0A"))
}

/// The runner takes an end column within one line only.
fn whereabouts(emission: &Emission<'_>, span: Span) -> Vec<(&'static str, String)> {
    let file = emission.sources.file(span.file);
    let range = place::clamp(emission.sources, span);
    let (start, end) = (place::position(file, range.start), place::position(file, range.end));
    let path = sanitise::line(&place::path(&file.path, emission.cwd)).into_owned();
    let number = |n: u32| n.to_string();
    let mut found = vec![("file", path), ("line", number(start.line)), ("col", number(start.column))];
    if start.line == end.line {
        found.push(("endColumn", number(end.column)));
    } else {
        found.push(("endLine", number(end.line)));
    }
    found
}

/// What stands behind the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands between the commas before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_property_or_a_line_is_escaped() {
        assert_eq!(data("100% ::a\r\nb, c: d"), "100%25 ::a%0D%0Ab, c: d");
        assert_eq!(property("privacy::x, 1%"), "privacy%3A%3Ax%2C 1%25");
    }
}
