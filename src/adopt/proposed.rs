//! What looks personal in a program, as plain rows for whoever counts or shows it elsewhere.

use std::io;
use std::path::PathBuf;

use crate::check::{self, Options, Overlay, Watch};
use crate::diagnostic::Diagnostic;
use crate::recognise::Confidence;
use crate::source::{SourceMap, Span};

/// A place that looks personal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposed {
    /// Its file.
    pub file: PathBuf,
    /// The name of the type that holds a field.
    pub holder: Option<String>,
    /// Its name.
    pub name: String,
    /// The key of what it looks like.
    pub category: String,
    /// How surely.
    pub confidence: Confidence,
}

/// What looks personal; or why nothing can be said.
///
/// # Errors
/// Where no threads can be had.
pub fn proposed(options: &Options, watch: &dyn Watch) -> io::Result<Result<Vec<Proposed>, Vec<Diagnostic>>> {
    let mut sources = SourceMap::default();
    let analysis = check::in_pool(|| check::analyse(options, watch, &mut sources, &Overlay::new()))?;
    let analysis = match analysis {
        Ok(analysis) => analysis,
        Err(errors) => return Ok(Err(errors)),
    };
    let text = |span: Span| sources.text(span).trim_start_matches("r#").to_owned();
    let rows = analysis.proposals.iter().map(|proposal| Proposed {
        file: sources.path(proposal.span.file).to_owned(),
        holder: proposal.holder.map(text),
        name: text(proposal.span),
        category: analysis.map.taxonomy.get(proposal.category).key.clone(),
        confidence: proposal.confidence,
    });
    Ok(Ok(rows.collect()))
}
