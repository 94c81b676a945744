//! Findings on their way out: a `Write` and plain data in, one file a format. Decides nothing: which findings there
//! are, at which level and in which order was settled before. Knows no IR and no file but those handed in, and of lints
//! the registry alone, which some formats list.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::datamap::PackageId;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{FileId, SourceMap, Span};

mod color;
mod excerpt;
mod github;
mod human;
mod json;
mod patch;
mod place;
mod sanitise;
mod sarif;
mod short;
mod summary;

pub use color::{ColorChoice, Surroundings};
pub use summary::Summary;

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// With excerpts, for people.
    #[default]
    Human,
    /// One line each.
    Short,
    /// rustc's lines, for editors and cargo.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub's workflows.
    Github,
}

impl Format {
    /// Whether it is read by programs, which want to be told on the same stream why there is nothing to read.
    #[must_use]
    pub fn is_for_programs(self) -> bool {
        match self {
            Self::Human | Self::Short => false,
            Self::Json | Self::Sarif | Self::Github => true,
        }
    }
}

/// A diagnostic with what its output needs besides.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What is said.
    pub diagnostic: Diagnostic,
    /// Where its level comes from: `` `#[deny(privacy::…)]` on by default ``.
    pub provenance: Option<String>,
    /// Its package, an index into [`Emission::packages`].
    pub package: PackageId,
}

/// A package as cargo's messages describe it.
#[derive(Clone, Debug)]
pub struct PackageContext {
    /// cargo's opaque id.
    pub package_id: String,
    /// Its manifest, absolute.
    pub manifest_path: PathBuf,
    /// The target that findings are reported under.
    pub target: Target,
    /// Its root file, where notes stand whose own file is no Rust.
    pub root: Option<FileId>,
}

/// A target in cargo's words.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// `lib`, `bin`, `test` and so on.
    pub kind: Vec<String>,
    /// `lib`, `bin`, `rlib` and so on.
    pub crate_types: Vec<String>,
    /// Its root file, absolute.
    pub src_path: PathBuf,
    /// `2024` and the like.
    pub edition: String,
}

/// Everything that one run has to say on stdout.
#[derive(Clone, Copy, Debug)]
pub struct Emission<'a> {
    /// The files that spans point into.
    pub sources: &'a SourceMap,
    /// In the order of output.
    pub findings: &'a [Finding],
    /// All packages of the run.
    pub packages: &'a [PackageContext],
    /// The directory that the command runs in, absolute.
    pub cwd: &'a Path,
    /// How many findings the human format prints.
    pub max: usize,
    /// Whether the human format is coloured; see [`ColorChoice::resolve`].
    pub color: bool,
    /// What `build-finished` says.
    pub success: bool,
}

/// How many findings the human format prints unless asked for more.
pub const DEFAULT_MAX: usize = 200;

impl Emission<'_> {
    /// Writes all findings.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Human => human::write(self, out),
            Format::Short => short::write(self, out),
            Format::Json => json::write(self, out),
            Format::Sarif => sarif::write(self, out),
            Format::Github => github::write(self, out),
        }
    }

    fn package(&self, finding: &Finding) -> Option<&PackageContext> {
        self.packages.get(finding.package.0 as usize)
    }
}

/// Text from files on one line, safe for a terminal.
#[must_use]
pub fn one_line(text: &str) -> std::borrow::Cow<'_, str> {
    sanitise::line(text)
}

/// A path as it is shown: relative below the current directory.
#[must_use]
pub fn shown_path(path: &Path, cwd: &Path) -> String {
    sanitise::line(&place::path(path, cwd)).into_owned()
}

/// `privacy::lint`, as a code.
fn code(diagnostic: &Diagnostic) -> Option<String> {
    diagnostic.lint.map(|lint| format!("privacy::{lint}"))
}

/// A level in rustc's words.
fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// A path as output shows it, seen from a directory.
pub(crate) fn shown(path: &Path, cwd: &Path) -> String {
    place::path(path, cwd)
}

/// `path:line:column` of a span, seen from a directory.
pub(crate) fn located(sources: &SourceMap, span: Span, cwd: &Path) -> String {
    let file = sources.file(span.file);
    let at = place::position(file, place::clamp(sources, span).start);
    format!("{}:{}:{}", place::path(&file.path, cwd), at.line, at.column)
}

/// A text with nothing in it that a terminal would obey.
pub(crate) fn harmless(text: &str) -> String {
    sanitise::line(text).into_owned()
}

/// Writes a line, with nothing in it that a terminal would obey.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn say(out: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(out, "{}", sanitise::line(line))
}

/// A number with its noun.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

#[cfg(test)]
mod tests;
