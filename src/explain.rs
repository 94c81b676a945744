//! The pages of lints as `explain` prints them, and the list of all lints. Reads the registry and nothing else.

use std::io::{self, Write};

use crate::lints::{self, Group};

/// Prints the page of a lint; `false` where there is none of that name.
///
/// # Errors
/// Where the stream cannot be written.
pub fn page(name: &str, out: &mut dyn Write) -> io::Result<bool> {
    let Some(lint) = lints::find(name) else { return Ok(false) };
    writeln!(out, "{}", lint.text())?;
    Ok(true)
}

/// Prints all lints by group: level, name and what each is about.
///
/// # Errors
/// Where the stream cannot be written.
pub fn list(out: &mut dyn Write) -> io::Result<()> {
    let widest = lints::LINTS.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
    let groups = Group::ALL.into_iter().filter(|group| group.lints().next().is_some());
    for (at, group) in groups.enumerate() {
        writeln!(out, "{}{}", if at == 0 { "" } else { "\n" }, group.name())?;
        for lint in group.lints() {
            writeln!(out, "  {:<6} {:<widest$}  {}", lint.level.name(), lint.name, lint.summary())?;
        }
    }
    writeln!(out, "\n`cargo privacy explain LINT` shows a lint's page")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_lint_is_listed_with_a_sentence_and_has_a_page() {
        let list = printed(|out| list(out));
        for lint in lints::LINTS {
            let line = list.lines().find(|line| line.split_whitespace().nth(1) == Some(lint.name)).unwrap();
            assert!(line.ends_with('.'), "{line}");
            let page = printed(|out| page(lint.name, out).map(|found| assert!(found)));
            assert!(!page.contains("+++") && page.contains("## Remedy"), "{page}");
        }
    }
}
