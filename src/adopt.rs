//! Commands that help a program which nobody annotated to start: record what there is, propose annotations, draft a
//! notice, list what is suppressed, explain a place, write what mends findings.
//! Each reads one run and prints; only what was asked to be written is written, and all
//! of it or nothing.

mod allows;
mod annotate;
mod baseline;
mod dirty;
mod fix;
mod init;
mod place;
mod proposed;

pub use allows::allows;
pub use annotate::{Asked, Form, annotate};
pub use baseline::{Record, record};
pub use fix::fix;
pub use init::init;
pub use place::{At, place};
pub use proposed::{Proposed, proposed};

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::check::{self, Analysis, Options, Outcome, Overlay, Watch};
use crate::source::SourceMap;

/// One run; otherwise how it ends where it could not be done as asked.
fn analysed(
    options: &Options,
    watch: &dyn Watch,
    sources: &mut SourceMap,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Result<Analysis, Outcome>> {
    let analysis = check::in_pool(|| check::analyse(options, watch, sources, &Overlay::new()))?;
    watch.done();
    match analysis {
        Ok(analysis) => Ok(Ok(analysis)),
        Err(errors) => check::refuse(options, sources, errors, out, log).map(Err),
    }
}

/// How often each file had something that could not be read.
fn unread<'a>(analysis: &Analysis, sources: &'a SourceMap) -> BTreeMap<&'a Path, usize> {
    let mut files = BTreeMap::new();
    let said = analysis.map.diagnostics.iter().filter(|said| said.lint.is_none());
    for span in said.filter_map(|said| said.primary) {
        *files.entry(sources.path(span.file)).or_default() += 1;
    }
    files
}
