//! The companion crate among a package's dependencies. Knows manifests as text that must stay valid TOML.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::adopt::annotate::Texts;
use crate::check::Analysis;
use crate::diagnostic::Diagnostic;
use crate::label::{Proposal, Site};
use crate::source::SourceMap;

/// The companion crate's name.
const CRATE: &str = "personal-data";

/// The manifests of the packages whose fields are annotated, with the dependency where it is missing.
pub(super) fn with_dependency(
    dependency: &str,
    before: &Analysis,
    chosen: &[Proposal],
    sources: &SourceMap,
) -> Result<Texts, Vec<Diagnostic>> {
    let on_fields = chosen.iter().filter(|proposal| proposal.site == Site::Field);
    let packages: BTreeSet<u32> = on_fields.map(|proposal| proposal.package.0).collect();
    let (mut texts, mut errors) = (Texts::new(), Vec::new());
    for package in packages {
        let package = &before.discovered.packages[package as usize];
        if package.dependencies.iter().any(|known| known.extern_name == "personal_data") {
            continue;
        }
        let Some(manifest) = package.manifest else {
            let message = format!("`{}` has no manifest that could take a dependency", package.name);
            errors.push(Diagnostic::error(message, None).help("`--form cfg-attr` needs none"));
            continue;
        };
        let manifest = sources.file(manifest);
        let text = added(manifest.text(), dependency);
        match text.parse::<toml::Table>() {
            Ok(_) => _ = texts.insert(manifest.path.clone(), Arc::from(text)),
            Err(error) => {
                let message = format!(
                    "`{CRATE} = {dependency}` does not fit into `{}`: {}",
                    manifest.path.display(),
                    error.message()
                );
                errors.push(
                    Diagnostic::error(message, None)
                        .help("`--dependency` takes what follows `=` in a manifest"),
                );
            }
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

/// A manifest with the dependency at the head of its section, or in one at its end.
fn added(text: &str, dependency: &str) -> String {
    let line = format!("{CRATE} = {dependency}");
    let mut at = 0;
    for written in text.split_inclusive('\n') {
        at += written.len();
        if written.split('#').next().is_some_and(|head| head.trim() == "[dependencies]") {
            let end = if written.ends_with("\r\n") { "\r\n" } else { "\n" };
            let gap = if written.ends_with('\n') { "" } else { "\n" };
            return format!("{}{gap}{line}{end}{}", &text[..at], &text[at..]);
        }
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{gap}\n[dependencies]\n{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_manifest_stays() {
        let text = "[package]\nname = \"a\"\n\n[dependencies] # of ours\nserde = \"1\"\n";
        let expected = text.replace("ours\n", "ours\npersonal-data = \"0.1\"\n");
        assert_eq!(added(text, "\"0.1\""), expected);
        assert_eq!(added("[package]", "\"0.1\""), "[package]\n\n[dependencies]\npersonal-data = \"0.1\"\n");
    }
}
