//! Which notice applies to which package: the nearest from its directory upwards, the one that was asked for, or the
//! default; and the model files that notices name. Reads these files and nothing else.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobBuilder;

use super::Overlay;
use crate::datamap::NoticeId;
use crate::diagnostic::Diagnostic;
use crate::judge::change;
use crate::lints;
use crate::models::{self, Models};
use crate::notice::{self, Notice, Spanned};
use crate::source::{SourceMap, Span};
use crate::taxonomy::Taxonomy;
use crate::workspace::{Discovered, PackageInfo};

/// The name that a notice has beside the code.
pub(crate) const FILE: &str = "privacy-notice.toml";

/// The notices of a run.
pub(super) struct Notices {
    pub(super) list: Vec<Notice>,
    /// For each package.
    pub(super) of_package: Vec<NoticeId>,
    /// Categories, those included that notices add.
    pub(super) taxonomy: Taxonomy,
    /// What lints have to say of the notices.
    pub(super) findings: Vec<Diagnostic>,
}

/// Loads every notice that applies somewhere, each once.
pub(super) fn load(
    asked: Option<&Path>,
    cwd: &Path,
    discovered: &Discovered,
    sources: &mut SourceMap,
    overlay: &Overlay,
) -> Result<Notices, Vec<Diagnostic>> {
    let asked = asked.map(|path| cwd.join(path));
    let mut loading = Loading {
        cwd,
        overlay,
        sources,
        known: BTreeMap::new(),
        errors: Vec::new(),
        notices: Notices {
            list: Vec::new(),
            of_package: Vec::new(),
            taxonomy: Taxonomy::builtin(),
            findings: Vec::new(),
        },
    };
    for package in &discovered.packages {
        let path = asked.clone().or_else(|| nearest(package, overlay));
        let id = loading.notice(path);
        loading.notices.of_package.push(id);
    }
    if loading.errors.is_empty() { Ok(loading.notices) } else { Err(loading.errors) }
}

/// The notice of a package, from its directory up to the last one in which it may lie.
fn nearest(package: &PackageInfo, overlay: &Overlay) -> Option<PathBuf> {
    let inside = package.dir.ancestors().take_while(|dir| dir.starts_with(&package.notice_root));
    inside.map(|dir| dir.join(FILE)).find(|path| path.is_file() || overlay.contains_key(path))
}

struct Loading<'a> {
    cwd: &'a Path,
    overlay: &'a Overlay,
    sources: &'a mut SourceMap,
    /// Notices by path; the default one by none.
    known: BTreeMap<Option<PathBuf>, NoticeId>,
    errors: Vec<Diagnostic>,
    notices: Notices,
}

impl Loading<'_> {
    fn notice(&mut self, path: Option<PathBuf>) -> NoticeId {
        if let Some(known) = self.known.get(&path) {
            return *known;
        }
        let read = path.as_deref().map(|path| self.read(path));
        let read = read.map(|read| read.and_then(|loaded| self.compared(path.as_deref(), loaded)));
        let notice = match read {
            None => Some(notice::default_notice(self.sources, &mut self.notices.taxonomy)),
            Some(Ok((notice, findings))) => {
                self.notices.findings.extend(findings);
                Some(notice)
            }
            Some(Err(errors)) => {
                self.errors.extend(errors);
                None
            }
        };
        self.notices.list.extend(notice);
        let id = NoticeId((self.notices.list.len() as u32).saturating_sub(1));
        self.known.insert(path, id);
        id
    }

    fn read(&mut self, path: &Path) -> notice::Loaded {
        let replaced = self.overlay.get(path).map(|text| Ok(text.to_string()));
        let text = replaced.unwrap_or_else(|| read(path)).map_err(|error| {
            let shown = path.strip_prefix(self.cwd).unwrap_or(path).display();
            vec![Diagnostic::error(format!("the notice `{shown}` cannot be read: {error}"), None)]
        })?;
        let file = self.sources.add(path.to_path_buf(), Arc::from(text));
        notice::load(file, self.sources, &mut self.notices.taxonomy, &mut read)
    }

    /// With what weakened it since the version that it names as its previous one, which is read by itself, as it may know
    /// other categories.
    fn compared(&mut self, path: Option<&Path>, loaded: (Notice, Vec<Diagnostic>)) -> notice::Loaded {
        let (notice, mut findings) = loaded;
        let unknown = unknown_lints(&notice);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        if let (Some(path), Some(previous)) = (path, &notice.previous) {
            let dir = path.parent().unwrap_or(Path::new(""));
            let earlier = version(&dir.join(&previous.value), self.sources, &mut read);
            let earlier = earlier.map_err(|errors| at(errors, previous.span))?;
            let later = change::Version { notice: &notice, taxonomy: &self.notices.taxonomy };
            findings.extend(change::changes(earlier.compared(), later).iter().filter_map(lints::weakened));
        }
        Ok((notice, findings))
    }
}

/// A notice with categories of its own, apart from those of the run.
pub(crate) struct Version {
    pub(crate) notice: Notice,
    pub(crate) taxonomy: Taxonomy,
    /// What lints say of it.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Loads one version of a notice by itself; `read` finds its text and its prose.
pub(crate) fn version(
    path: &Path,
    sources: &mut SourceMap,
    read: &mut dyn FnMut(&Path) -> io::Result<String>,
) -> Result<Version, Vec<Diagnostic>> {
    let text = read(path).map_err(|error| {
        vec![Diagnostic::error(format!("the notice `{}` cannot be read: {error}", path.display()), None)]
    })?;
    let file = sources.add(path.to_path_buf(), Arc::from(text));
    let mut taxonomy = Taxonomy::builtin();
    let (notice, findings) = notice::load(file, sources, &mut taxonomy, read)?;
    let unknown = unknown_lints(&notice);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(Version { notice, taxonomy, findings })
}

impl Version {
    /// As versions are compared.
    pub(crate) fn compared(&self) -> change::Version<'_> {
        change::Version { notice: &self.notice, taxonomy: &self.taxonomy }
    }
}

/// The nearest notice from a directory upwards.
pub(crate) fn above(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().map(|dir| dir.join(FILE)).find(|path| path.is_file())
}

/// A file's text.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// Lints that a promise is said to be checked by and that do not exist.
pub(crate) fn unknown_lints(notice: &Notice) -> Vec<Diagnostic> {
    let named = notice.checked.iter().flat_map(|checked| &checked.by);
    let unknown = named.filter(|name| lints::find(&name.value).is_none());
    unknown
        .map(|name| {
            let error = Diagnostic::error(format!("there is no lint `{}`", name.value), Some(name.span));
            match lints::suggest(&name.value) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`cargo privacy explain` lists the lints"),
            }
        })
        .collect()
}

/// Errors of a file that another names, those without a place at the place that names it.
fn at(mut errors: Vec<Diagnostic>, span: Span) -> Vec<Diagnostic> {
    for error in errors.iter_mut().filter(|error| error.primary.is_none()) {
        error.primary = Some(span);
    }
    errors
}

/// Adds the models that notices name, in the order of notices and, for a pattern, of file names.
pub(super) fn add_models(
    notices: &Notices,
    models: &mut Models,
    sources: &mut SourceMap,
) -> Result<(), Vec<Diagnostic>> {
    let mut errors = Vec::new();
    for notice in &notices.list {
        let dir = sources.path(notice.file).parent().unwrap_or(Path::new("")).to_path_buf();
        for pattern in &notice.models {
            for path in matching(&dir, pattern, &mut errors) {
                add_file(&path, &dir, pattern, models, sources).unwrap_or_else(|wrong| errors.extend(wrong));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn add_file(
    path: &Path,
    dir: &Path,
    pattern: &Spanned<String>,
    models: &mut Models,
    sources: &mut SourceMap,
) -> Result<(), Vec<Diagnostic>> {
    let shown = path.strip_prefix(dir).unwrap_or(path).display().to_string();
    let text = read(path).map_err(|error| {
        vec![Diagnostic::error(
            format!("the model file `{shown}` cannot be read: {error}"),
            Some(pattern.span),
        )]
    })?;
    let file = sources.add(path.to_path_buf(), Arc::from(text.as_str()));
    models.add(&shown, models::parse(&text, Some(file))?);
    Ok(())
}

/// The files below a directory that a pattern means, sorted; none is an error, as then a rule would be silent.
fn matching(dir: &Path, pattern: &Spanned<String>, errors: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let glob = match GlobBuilder::new(&pattern.value).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => {
            errors.push(Diagnostic::error(error.to_string(), Some(pattern.span)));
            return Vec::new();
        }
    };
    let segments = pattern.value.split('/').take_while(|segment| !segment.contains(['*', '?', '[', '{']));
    let start = segments.fold(dir.to_path_buf(), |path, segment| path.join(segment));
    let below = walkdir::WalkDir::new(start).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = below.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let found: Vec<PathBuf> =
        files.filter(|path| path.strip_prefix(dir).is_ok_and(|inside| glob.is_match(inside))).collect();
    if found.is_empty() {
        let message = format!("no model file is named `{}`", pattern.value);
        let error = Diagnostic::error(message, Some(pattern.span));
        errors.push(error.note("paths of models count from the folder of the notice"));
    }
    found
}
