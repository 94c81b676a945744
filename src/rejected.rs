//! Places that look personal and are not: proposals that somebody rejected, each with the reason. They are neither
//! proposed again nor taken for sources. Knows its file's form and path patterns; no code, no disk.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Level};
use crate::manifest_text::{Document, Node, Table};
use crate::notice::PathPattern;
use crate::source::FileId;

/// The file's name beside the code.
pub const FILE: &str = "privacy-rejected.toml";
/// The form that this version writes and reads.
const VERSION: i64 = 1;

/// A rejected proposal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// The place, or a pattern for several.
    pub path: PathPattern,
    /// Why it is not personal data.
    pub reason: String,
}

impl Rejected {
    /// Whether it is about a place.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split("::").collect();
        self.path.matches(&segments, "")
    }
}

/// Reads the file.
///
/// # Errors
/// All that is wrong with it.
pub fn parse(file: FileId, text: &str) -> Result<Vec<Rejected>, Vec<Diagnostic>> {
    let (document, broken) = Document::parse(file, text);
    if let Some(broken) = broken {
        return Err(vec![Diagnostic { level: Level::Error, ..broken }]);
    }
    let root = document.root();
    let mut errors = Vec::new();
    only(root, &["version", "rejected"], &mut errors);
    if let Some(version) = root.get("version").filter(|version| version.integer() != Some(VERSION)) {
        let message = format!("this version of cargo-privacy reads version {VERSION} of this file only");
        errors.push(Diagnostic::error(message, Some(version.span())));
    }
    let items = root.get("rejected").map(Node::items).unwrap_or_default();
    let each: Vec<Rejected> = items.into_iter().filter_map(|item| rejected(item, &mut errors)).collect();
    if errors.is_empty() { Ok(each) } else { Err(errors) }
}

fn rejected(item: Node<'_>, errors: &mut Vec<Diagnostic>) -> Option<Rejected> {
    let Some(table) = item.table() else {
        errors.push(Diagnostic::error("a rejected place is a table: `[[rejected]]`", Some(item.span())));
        return None;
    };
    only(table, &["path", "reason"], errors);
    let mut text = |key: &str| {
        let node = table.get(key);
        let text = node.and_then(Node::str).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let span = node.map_or(item.span(), Node::span);
            errors.push(Diagnostic::error(format!("`{key}` is required here, as a string"), Some(span)));
        }
        text
    };
    let (path, reason) = (text("path"), text("reason"));
    let span = table.get("path").map_or(item.span(), Node::span);
    match PathPattern::parse(path?, span) {
        Ok(path) => Some(Rejected { path, reason: reason?.to_owned() }),
        Err(error) => {
            errors.push(Diagnostic::error(format!("this is not a path: {}", error.why), Some(span)));
            None
        }
    }
}

fn only(table: Table<'_>, known: &[&str], errors: &mut Vec<Diagnostic>) {
    for (key, span, _) in table.entries().filter(|(key, ..)| !known.contains(key)) {
        let message = format!("unknown key `{}`", key.escape_debug());
        let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        errors.push(Diagnostic::error(message, Some(span)).help(format!("there are {list}")));
    }
}

/// The file with one more place; `before` is what it holds.
#[must_use]
pub fn with(before: Option<&str>, path: &str, reason: &str) -> String {
    let mut text = before.map_or_else(
        || {
            format!(
                "# Places that look personal to `cargo privacy` and are not, each with the reason. They are not\n\
                 # proposed again, and not taken for sources.\nversion = {VERSION}\n"
            )
        },
        str::to_owned,
    );
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let _ = write!(text, "\n[[rejected]]\npath = {}\nreason = {}\n", quoted(path), quoted(reason));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let one = with(None, "shop::model::Cargo::name", "a \"ship's\" load");
        let two = with(Some(&one), "shop::templates::**", "templates");
        let read = parse(FileId(0), &two).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].reason, "a \"ship's\" load");
        assert!(read[0].covers("shop::model::Cargo::name") && !read[0].covers("shop::model::User::name"));
        assert!(read[1].covers("shop::templates::mail::subject"));
    }

    #[test]
    fn a_reason_is_asked_for() {
        let errors = parse(FileId(0), "version = 1\n[[rejected]]\npath = \"a::b\"\n").unwrap_err();
        assert_eq!(errors[0].message, "`reason` is required here, as a string");
        assert_eq!(parse(FileId(0), "version = 9\nmore = 1\n").unwrap_err().len(), 2);
    }
}
