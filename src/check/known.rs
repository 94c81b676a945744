//! What of the findings is news: not in the baseline, or touched by a change. Finds and reads the baseline's file; of
//! code it knows only which item holds a place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::packages::Packages;
use crate::baseline::{self, Baseline, Key, Sighting};
use crate::diagnostic::{Diagnostic, Subject};
use crate::emit::Finding;
use crate::rejected::{self, Rejected};
use crate::resolve::Program;
use crate::source::{SourceMap, Span};
use crate::workspace::Discovered;

/// Which baseline a run goes by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum BaselineUse {
    /// The one beside the code, where there is one.
    #[default]
    Beside,
    /// This file, which must be there.
    File(PathBuf),
    /// This file, which is about to be written.
    Write(PathBuf),
    /// None.
    Off,
}

/// Where the baseline of a run lies, and whether it must be there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The file.
    pub(crate) path: PathBuf,
    /// Whether it was asked for by name.
    asked: bool,
}

/// The file asked for, or the one beside the code.
pub(crate) fn place(wanted: &BaselineUse, discovered: &Discovered, cwd: &Path) -> Place {
    match wanted {
        BaselineUse::File(path) => Place { path: cwd.join(path), asked: true },
        BaselineUse::Write(path) => Place { path: cwd.join(path), asked: false },
        BaselineUse::Beside | BaselineUse::Off => {
            Place { path: beside(discovered, baseline::FILE), asked: false }
        }
    }
}

/// The highest directory in which a notice of the selected packages may lie, at or above the checked root.
pub(crate) fn top(discovered: &Discovered) -> &Path {
    let roots =
        discovered.packages.iter().filter(|package| package.selected).map(|package| &package.notice_root);
    let above = roots.filter(|root| discovered.root.starts_with(root));
    above.min_by_key(|root| root.components().count()).unwrap_or(&discovered.root)
}

/// Reads a baseline; none where it was not asked for and is not there.
pub(crate) fn read(place: &Place, sources: &mut SourceMap) -> Result<Option<Baseline>, Vec<Diagnostic>> {
    let text = match std::fs::read_to_string(&place.path) {
        Ok(text) => text,
        Err(_) if !place.asked && !place.path.exists() => return Ok(None),
        Err(error) => {
            let message = format!("the baseline `{}` cannot be read: {error}", place.path.display());
            let help = "`cargo privacy baseline --baseline FILE` records one";
            return Err(vec![Diagnostic::error(message, None).help(help)]);
        }
    };
    let file = sources.add(place.path.clone(), Arc::from(text.as_str()));
    baseline::parse(file, &text).map(Some)
}

/// Where rejected proposals are recorded: the nearest file of its name, or where one would be written.
pub(crate) fn rejected_path(discovered: &Discovered) -> PathBuf {
    beside(discovered, rejected::FILE)
}

/// The places that somebody said are not personal.
pub(super) fn rejected(
    discovered: &Discovered,
    sources: &mut SourceMap,
) -> Result<Vec<Rejected>, Vec<Diagnostic>> {
    let path = rejected_path(discovered);
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Vec::new()) };
    let file = sources.add(path, Arc::from(text.as_str()));
    rejected::parse(file, &text)
}

/// The nearest file of this name from the checked root up to where its notice may lie; where there is none, the last of
/// these places.
fn beside(discovered: &Discovered, name: &str) -> PathBuf {
    let top = top(discovered);
    let dirs = discovered.root.ancestors().take_while(|dir| dir.starts_with(top));
    let mut paths = dirs.map(|dir| dir.join(name));
    paths.find(|path| path.is_file()).unwrap_or_else(|| top.join(name))
}

/// What findings are known by across runs.
pub(super) struct Naming<'a> {
    pub(super) program: &'a Program,
    pub(super) packages: &'a Packages<'a>,
    pub(super) sources: &'a SourceMap,
    /// Files without items are named from here.
    pub(super) top: &'a Path,
}

impl Naming<'_> {
    /// A finding as a baseline sees it; none where no lint stands for it.
    pub(super) fn sighting(&self, finding: &Finding) -> Option<Sighting> {
        let diagnostic = &finding.diagnostic;
        let lint = diagnostic.lint?;
        let of_place = || self.subject(diagnostic.primary);
        let Subject { item, mut categories, recipient } = diagnostic.subject.clone().unwrap_or_else(of_place);
        if categories.is_empty() {
            categories.push(String::new());
        }
        let key = |category| {
            let (item, recipient) = (item.clone(), recipient.clone());
            Key { lint: lint.to_owned(), item, category, recipient }
        };
        Some(Sighting {
            section: self.section(finding),
            keys: categories.into_iter().map(key).collect(),
            mark: baseline::mark(diagnostic.primary.map_or("", |span| self.sources.text(span))),
        })
    }

    fn section(&self, finding: &Finding) -> String {
        let path = finding.diagnostic.primary.map(|span| self.sources.path(span.file));
        if path.is_some_and(|path| path.extension().is_some_and(|ending| ending == "rs")) {
            return self.packages.name(finding.package.0 as usize).to_owned();
        }
        baseline::ELSEWHERE.to_owned()
    }

    /// The innermost item around a place; a file where there is none.
    fn subject(&self, span: Option<Span>) -> Subject {
        let Some(span) = span else { return Subject::default() };
        let units = self.program.units.iter().filter(|unit| unit.file == span.file && !unit.model);
        let around = units.flat_map(|unit| {
            let holds = move |range: (u32, u32)| range.0 <= span.lo && span.hi <= range.1;
            let items = unit.unit.items.iter().enumerate();
            let holding = items.filter(move |(_, item)| holds(item.range) && !item.name.as_str().is_empty());
            holding.map(move |(at, item)| (item.range.1 - item.range.0, unit.base + at as u32))
        });
        let item = match around.min() {
            Some((_, item)) => {
                let path = self.program.path(crate::resolve::GItem(item));
                path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::")
            }
            None => self.file(span),
        };
        Subject { item, ..Subject::default() }
    }

    fn file(&self, span: Span) -> String {
        let path = self.sources.path(span.file);
        let below = path.strip_prefix(self.top).unwrap_or(path);
        below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}
