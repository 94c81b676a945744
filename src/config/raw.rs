//! Lint levels as a manifest writes them, in the form of cargo's own `[lints]`, sorted by who is to win. Checks names
//! and levels, applies nothing.

use super::{Known, Section, Table, is_known, nearest, normal, with_suggestion};
use crate::diagnostic::{Diagnostic, Fix};
use crate::lints::LintLevel;
use crate::manifest_text::{self, Document, Node};
use crate::source::{SourceMap, Span};

/// One valid entry.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) name: String,
    pub(super) level: LintLevel,
    pub(super) span: Span,
    priority: i64,
}

/// The entries of a table, the weakest first: by priority, and at the same priority a lint wins over its group and a
/// group over `all`.
pub(super) fn read(table: Table, sources: &SourceMap, registry: &[Known]) -> (Vec<Setting>, Vec<Diagnostic>) {
    let text = &sources.file(table.manifest).text();
    // A syntax error has been said when the manifest was first read.
    let (document, _) = Document::parse(table.manifest, text);
    let section = match table.section {
        Section::Workspace => "workspace",
        Section::Package => "package",
    };
    let Some(privacy) = document.root().descend(&[section, "metadata", "privacy"]) else {
        return (Vec::new(), Vec::new());
    };
    let mut said: Vec<Diagnostic> =
        privacy.entries().filter_map(|(key, span, _)| unknown_key(key, span)).collect();
    let mut settings = Vec::new();
    for (key, span, node) in privacy.table("lints").into_iter().flat_map(manifest_text::Table::entries) {
        match setting(key, span, node, registry) {
            Ok(setting) => settings.extend(setting),
            Err(wrong) => said.push(*wrong),
        }
    }
    settings.sort_by_key(|setting| (setting.priority, breadth(&setting.name, registry)));
    (settings, said)
}

/// How narrow a name is: `all`, a group, a lint.
fn breadth(name: &str, registry: &[Known]) -> u8 {
    match name {
        super::ALL => 0,
        lint if registry.iter().any(|(known, ..)| *known == lint) => 2,
        _ => 1,
    }
}

fn unknown_key(key: &str, span: Span) -> Option<Diagnostic> {
    let said = || Diagnostic::warning(format!("unknown key `{key}` in `metadata.privacy`"), Some(span));
    (key != "lints").then(|| said().help("lint levels are set in `metadata.privacy.lints`"))
}

fn setting(
    key: &str,
    span: Span,
    node: Node<'_>,
    registry: &[Known],
) -> Result<Option<Setting>, Box<Diagnostic>> {
    // `workspace = true`, which cargo's `[lints]` needs, says what holds anyway.
    if key == "workspace" && node.bool().is_some() {
        return Ok(None);
    }
    let name = normal(key);
    if !is_known(registry, &name) {
        return Err(Box::new(unknown_lint(key, span, nearest(registry, &name))));
    }
    let table = node.table();
    let level_node = table.map_or(Some(node), |table| table.get("level"));
    let Some(level_node) = level_node else {
        return Err(Box::new(Diagnostic::error(format!("`{key}` has no `level`"), Some(node.span()))));
    };
    let Some(level) = level_node.str().and_then(level) else {
        let error = Diagnostic::error("this is no lint level", Some(level_node.span()));
        return Err(Box::new(error.help("levels are `allow`, `note`, `warn`, `deny` and `forbid`")));
    };
    let priority = table.and_then(|table| table.get("priority")).and_then(Node::integer).unwrap_or(0);
    let span = Span::new(span.file, span.lo, node.span().hi.max(span.hi));
    Ok(Some(Setting { name, level, span, priority }))
}

fn unknown_lint(key: &str, span: Span, near: Option<&str>) -> Diagnostic {
    let mut said = with_suggestion(Diagnostic::warning(format!("unknown lint: `{key}`"), Some(span)), near);
    said.fixes.extend(near.map(|near| Fix {
        title: format!("write `{near}`"),
        edits: vec![(span, near.to_owned())],
        machine_applicable: false,
    }));
    said
}

fn level(written: &str) -> Option<LintLevel> {
    Some(match written {
        "allow" => LintLevel::Allow,
        "note" => LintLevel::Note,
        "warn" => LintLevel::Warn,
        "deny" => LintLevel::Deny,
        "forbid" => LintLevel::Forbid,
        _ => return None,
    })
}
