//! `notice lint`: what can be said of a notice without any code. Paths of the code are not resolved here; `check` does that.

use std::io::{self, Write};

use super::{Done, Options, leveled, notice_path, remarks, sections, write};
use crate::check::notices::{self, Version};
use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::Format;
use crate::judge::change;
use crate::lints;
use crate::source::SourceMap;

pub(super) fn run(options: &Options, sources: &mut SourceMap, out: &mut dyn Write) -> io::Result<Done> {
    let (map, mut found) = match read(options, sources) {
        Ok(read) => read,
        Err(errors) => return Ok(Err(errors)),
    };
    found.extend(lints::run(&map, |lint| !lint.needs_flows()));
    let notice = &map.notices[0];
    found.extend(remarks::remarks(notice, &map.taxonomy));
    found.sort_by_key(|said| (said.primary, said.lint));
    let unstated = sections::unstated(notice, sources);
    if options.format != Format::Human {
        let note = |span| Diagnostic {
            level: Level::Note,
            ..Diagnostic::warning("no entry of the notice states this sentence", Some(span))
        };
        found.extend(unstated.sentences.iter().map(|span| note(*span)));
    }
    let findings = match leveled(options, found, sources) {
        Ok(findings) => findings,
        Err(errors) => return Ok(Err(errors)),
    };
    let outcome = write(options, sources, findings, out)?;
    if options.format == Format::Human {
        sections::show(&unstated, sources, &options.cwd, out)?;
    }
    Ok(Ok(outcome))
}

/// A data map that holds the notice and nothing else, and what is said of its versions.
fn read(options: &Options, sources: &mut SourceMap) -> Result<(DataMap, Vec<Diagnostic>), Vec<Diagnostic>> {
    let path = notice_path(options)?;
    let Version { notice, taxonomy, findings } = notices::version(&path, sources, &mut notices::read)?;
    let mut found = Vec::new();
    if let Some(previous) = &notice.previous {
        let path = path.parent().unwrap_or(&options.cwd).join(&previous.value);
        let earlier = notices::version(&path, sources, &mut notices::read)?;
        let later = change::Version { notice: &notice, taxonomy: &taxonomy };
        found.extend(change::changes(earlier.compared(), later).iter().filter_map(lints::weakened));
    }
    let map = DataMap { diagnostics: findings, ..DataMap::of(taxonomy, vec![notice]) };
    Ok((map, found))
}
