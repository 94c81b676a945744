//! Annotations as text: where each stands and what it says, in every form. Knows how Rust puts attributes before a
//! declaration, by its text alone; whether that was right is for a run over the result to say.

mod manifest;
mod nesting;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Asked, Form, Texts};
use crate::check::{Analysis, known, notices};
use crate::diagnostic::Diagnostic;
use crate::edit;
use crate::label::{Proposal, Site};
use crate::source::{FileId, SourceMap, Span};

/// Why what a macro takes or makes gets no attribute.
const IN_MACRO: &str =
    "inside macro calls, which may not take an attribute (`--form notice` reaches types and fields)";

/// Changed texts, and what found no place in them.
pub(super) struct Written {
    pub(super) texts: Texts,
    pub(super) refused: Vec<(Span, String, &'static str)>,
}

/// Edits by file.
type Edits = BTreeMap<FileId, Vec<(Range<usize>, String)>>;

/// Paths with their categories.
type Entries<'a> = BTreeSet<(&'a str, &'a str)>;

/// Writes proposals down in the form that was asked for.
pub(super) fn write(
    asked: &Asked,
    before: &Analysis,
    chosen: &[Proposal],
    sources: &SourceMap,
) -> Result<Written, Vec<Diagnostic>> {
    match &asked.form {
        Form::CfgAttr => Ok(attributes(before, chosen, sources, false)),
        Form::Notice => Ok(entries(before, chosen, sources)),
        Form::Derive(dependency) => {
            let mut written = attributes(before, chosen, sources, true);
            written.texts.extend(manifest::with_dependency(dependency, before, chosen, sources)?);
            Ok(written)
        }
    }
}

/// Attributes before declarations; with derives, fields carry the helper of the derive.
fn attributes(before: &Analysis, chosen: &[Proposal], sources: &SourceMap, derives: bool) -> Written {
    let mut edits = Edits::new();
    let mut refused = Vec::new();
    let (mut derived, mut written): (BTreeSet<Span>, BTreeSet<(FileId, usize)>) = Default::default();
    for proposal in chosen {
        let text = &sources.file(proposal.span.file).text();
        if nesting::in_macro(text, proposal.span.lo as usize) || !place::is_named(text, proposal) {
            refused.push((proposal.span, proposal.path.clone(), IN_MACRO));
            continue;
        }
        let Some(start) = place::start(text, proposal.span, proposal.site) else {
            refused.push((
                proposal.span,
                proposal.path.clone(),
                "that patterns bind, where no attribute can stand",
            ));
            continue;
        };
        let key = &before.map.taxonomy.get(proposal.category).key;
        let holder = proposal.holder.filter(|_| derives);
        let attribute = match holder {
            Some(_) => format!("#[personal_data({key})]"),
            None => format!("#[cfg_attr(any(), personal_data({key}))]"),
        };
        // A macro that repeats its input declares one place under several paths.
        if !written.insert((proposal.span.file, start)) {
            continue;
        }
        let own_line = proposal.site != Site::Param;
        let edit = place::before(text, start, &attribute, own_line);
        edits.entry(proposal.span.file).or_default().push(edit);
        if let Some(holder) = holder.filter(|holder| derived.insert(*holder)) {
            edits.entry(holder.file).or_default().extend(place::derive(text, holder));
        }
    }
    let changed = edits.into_iter().map(|(file, edits)| {
        let file = sources.file(file);
        (file.path.clone(), Arc::from(edit::apply(file.text(), &edits)))
    });
    Written { texts: changed.collect(), refused }
}

/// `[[data]]` entries behind what the notice of the package holds; in a notice of their own where there is none.
fn entries(before: &Analysis, chosen: &[Proposal], sources: &SourceMap) -> Written {
    let mut refused = Vec::new();
    let mut by_file: BTreeMap<PathBuf, (String, Entries<'_>)> = BTreeMap::new();
    for proposal in chosen {
        if proposal.site == Site::Local {
            refused.push((
                proposal.span,
                proposal.path.clone(),
                "which are variables: a notice names declarations",
            ));
            continue;
        }
        let package = &before.map.packages[proposal.package.0 as usize];
        let notice = before.map.notice(package.notice);
        let (path, text) = if notice.is_default {
            let top = known::top(&before.discovered);
            (top.join(notices::FILE), new_notice(top))
        } else {
            let file = sources.file(notice.file);
            (file.path.clone(), file.text().to_string())
        };
        let key = before.map.taxonomy.get(proposal.category).key.as_str();
        by_file.entry(path).or_insert((text, Entries::new())).1.insert((&proposal.path, key));
    }
    let texts =
        by_file.into_iter().map(|(path, (text, entries))| (path, Arc::from(with_entries(text, &entries))));
    Written { texts: texts.collect(), refused }
}

fn new_notice(top: &Path) -> String {
    let name = top.file_name().unwrap_or_default().to_string_lossy();
    let title = toml::Value::String(format!("{name} privacy notice"));
    format!("[notice]\ntitle = {title}\nextends = \"default\"\n")
}

fn with_entries(mut text: String, entries: &Entries<'_>) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for (path, key) in entries {
        let (path, key) = (toml::Value::from(*path), toml::Value::from(*key));
        text.push_str(&format!("\n[[data]]\npath = {path}\ncategory = {key}\n"));
    }
    text
}
