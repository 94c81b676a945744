//! Lint levels: what manifests and flags say, made valid, each level with where it comes from. Knows the names and
//! groups that it is handed, and no lint's meaning.

mod raw;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::lints::{Group, LintLevel};
use crate::source::{FileId, SourceMap, Span};
use raw::Setting;

/// A lint as this module needs it: its name, group and default level.
pub type Known = (&'static str, Group, LintLevel);

/// One of `-D`, `-W`, `-A`, `-F` with what it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LevelFlag {
    /// The level.
    pub level: LintLevel,
    /// As written: a lint, a group, `all` or `warnings`.
    pub name: String,
}

/// The manifests that speak for a package.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Manifests {
    /// That of its workspace: `[workspace.metadata.privacy.lints]`.
    pub workspace: Option<FileId>,
    /// Its own: `[package.metadata.privacy.lints]`.
    pub package: Option<FileId>,
}

/// Where a level comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Provenance {
    /// Nobody set it.
    Default,
    /// A flag: its letter and what it names.
    Flag(char, String),
    /// An entry of a manifest.
    Manifest {
        /// The entry.
        span: Span,
        /// The name it is set under: the lint's, a group's, or `all`.
        name: String,
    },
}

impl Provenance {
    /// The note under a finding, in rustc's words.
    #[must_use]
    pub fn note(&self, lint: &str, level: LintLevel) -> String {
        match self {
            Self::Default => format!("`#[{}(privacy::{lint})]` on by default", level_name(level)),
            Self::Flag(letter, name) if normal(name) == lint => {
                format!("requested on the command line with `-{letter} privacy::{lint}`")
            }
            Self::Flag(letter, name) => format!("`-{letter} privacy::{lint}` implied by `-{letter} {name}`"),
            Self::Manifest { name, .. } if name == lint => "the lint level is set in `Cargo.toml`".to_owned(),
            Self::Manifest { name, .. } => format!("the lint level is set by `{name}` in `Cargo.toml`"),
        }
    }

    /// The entry that decides, where there is one to point at.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Manifest { span, .. } => Some(*span),
            Self::Default | Self::Flag(..) => None,
        }
    }
}

/// A level with its origin.
type Set = (LintLevel, Provenance);

/// The levels of every lint in every package.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    packages: Vec<BTreeMap<&'static str, Set>>,
}

impl Levels {
    /// Makes levels from defaults, then manifests (the workspace's, then the package's), then flags in their order.
    /// Errors among the diagnostics mean that the run cannot be done as asked.
    #[must_use]
    pub fn build(
        registry: &[Known],
        manifests: &[Manifests],
        flags: &[LevelFlag],
        sources: &SourceMap,
    ) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics: Vec<Diagnostic> =
            flags.iter().filter_map(|flag| unknown_flag(registry, flag)).collect();
        let mut tables: BTreeMap<Table, Vec<Setting>> = BTreeMap::new();
        let asked = manifests.iter().flat_map(|manifest| manifest.tables());
        for table in asked.collect::<BTreeSet<Table>>() {
            let (settings, said) = raw::read(table, sources, registry);
            diagnostics.extend(said);
            tables.insert(table, settings);
        }
        let packages = manifests.iter().map(|manifest| {
            let settings = manifest.tables().filter_map(|table| tables.get(&table)).flatten();
            let mut levels = PackageLevels::new(registry);
            settings.for_each(|setting| levels.set_by_manifest(setting));
            levels.set_by_flags(flags);
            diagnostics.append(&mut levels.refused);
            levels.levels
        });
        let levels = Self { packages: packages.collect() };
        // What flags are refused is refused in many packages alike.
        let mut seen: Vec<Diagnostic> = Vec::new();
        diagnostics.retain(|said| {
            !seen.contains(said) && {
                seen.push(said.clone());
                true
            }
        });
        (levels, diagnostics)
    }

    /// The level of a lint in a package and where it comes from.
    #[must_use]
    pub fn of(&self, package: usize, lint: &str) -> (LintLevel, Provenance) {
        let set = self.packages.get(package).and_then(|levels| levels.get(lint));
        set.cloned().unwrap_or((LintLevel::Allow, Provenance::Default))
    }
}

/// A table of lint levels: the manifest and which of its two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Table {
    manifest: FileId,
    section: Section,
}

/// Whose metadata.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Section {
    Workspace,
    Package,
}

impl Manifests {
    fn tables(self) -> impl Iterator<Item = Table> {
        let workspace = self.workspace.map(|manifest| Table { manifest, section: Section::Workspace });
        let package = self.package.map(|manifest| Table { manifest, section: Section::Package });
        workspace.into_iter().chain(package)
    }
}

/// One package's levels while they are made.
struct PackageLevels<'a> {
    registry: &'a [Known],
    levels: BTreeMap<&'static str, Set>,
    refused: Vec<Diagnostic>,
}

impl<'a> PackageLevels<'a> {
    fn new(registry: &'a [Known]) -> Self {
        let defaults = registry.iter().map(|(name, _, level)| (*name, (*level, Provenance::Default)));
        Self { registry, levels: defaults.collect(), refused: Vec::new() }
    }

    fn set_by_manifest(&mut self, setting: &Setting) {
        let provenance = Provenance::Manifest { span: setting.span, name: setting.name.clone() };
        self.set(&setting.name, setting.level, &provenance);
    }

    /// In their order; `warnings`, as in rustc, means what is still a warning after all else.
    fn set_by_flags(&mut self, flags: &[LevelFlag]) {
        for flag in flags.iter().filter(|flag| normal(&flag.name) != WARNINGS) {
            let provenance = Provenance::Flag(letter(flag.level), flag.name.clone());
            self.set(&normal(&flag.name), flag.level, &provenance);
        }
        let Some(last) = flags.iter().rfind(|flag| normal(&flag.name) == WARNINGS) else { return };
        for (level, provenance) in self.levels.values_mut().filter(|(level, _)| *level == LintLevel::Warn) {
            *level = last.level;
            *provenance = Provenance::Flag(letter(last.level), last.name.clone());
        }
    }

    fn set(&mut self, name: &str, level: LintLevel, provenance: &Provenance) {
        for lint in meant(self.registry, name) {
            let Some(set) = self.levels.get_mut(lint) else { continue };
            if set.0 != LintLevel::Forbid {
                *set = (level, provenance.clone());
            } else if level < LintLevel::Deny && name == lint {
                self.refused.push(refusal(lint, level, &set.1, provenance));
            }
        }
    }
}

fn refusal(lint: &str, level: LintLevel, forbidden: &Provenance, lowered: &Provenance) -> Diagnostic {
    let message = format!("`privacy::{lint}` is forbidden and cannot be set to `{}`", level_name(level));
    let mut error = Diagnostic::error(message, lowered.span().or(forbidden.span()));
    if let (Some(_), Some(span)) = (lowered.span(), forbidden.span()) {
        let text = "forbidden here".to_owned();
        error.labels.push(Label { span, kind: LabelKind::Other, text });
    }
    error.note(forbidden.note(lint, LintLevel::Forbid))
}

/// As in rustc: every lint that ends at the level of a warning.
const WARNINGS: &str = "warnings";

/// A lint's or group's name without the tool's, hyphens as underscores.
fn normal(name: &str) -> String {
    name.strip_prefix("privacy::").unwrap_or(name).replace('-', "_")
}

/// The lints that a name means: itself, those of a group, or `all`.
fn meant(registry: &[Known], name: &str) -> Vec<&'static str> {
    let exact = registry.iter().find(|(lint, ..)| *lint == name);
    if let Some((lint, ..)) = exact {
        return vec![lint];
    }
    let group = GROUPS.iter().find(|(group, _)| *group == name).map(|(_, group)| *group);
    let covered = |of: Group| name == ALL || group == Some(of);
    registry.iter().filter(|(_, of, _)| covered(*of)).map(|(lint, ..)| *lint).collect()
}

const ALL: &str = "all";

const GROUPS: [(&str, Group); 7] = [
    ("logging", Group::Logging),
    ("sharing", Group::Sharing),
    ("advertising", Group::Advertising),
    ("security", Group::Security),
    ("collection", Group::Collection),
    ("rights", Group::Rights),
    ("notice", Group::Notice),
];

/// Whether a name means anything, a group without lints included.
fn is_known(registry: &[Known], name: &str) -> bool {
    name == ALL
        || GROUPS.iter().any(|(group, _)| *group == name)
        || registry.iter().any(|(lint, ..)| *lint == name)
}

/// The name that was probably meant.
fn nearest<'a>(registry: &[Known], written: &str) -> Option<&'a str> {
    let groups = GROUPS.iter().map(|(group, _)| *group);
    let names = registry.iter().map(|(lint, ..)| *lint).chain(groups).chain([ALL]);
    let scored =
        names.map(|name| (strsim::jaro_winkler(written, name), name)).filter(|(score, _)| *score > 0.8);
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name)
}

fn unknown_flag(registry: &[Known], flag: &LevelFlag) -> Option<Diagnostic> {
    let name = normal(&flag.name);
    if name == WARNINGS || is_known(registry, &name) {
        return None;
    }
    let error = Diagnostic::error(format!("unknown lint: `{}`", flag.name), None).note(format!(
        "requested on the command line with `-{} {}`",
        letter(flag.level),
        flag.name
    ));
    Some(with_suggestion(error, nearest(registry, &name)))
}

fn with_suggestion(said: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => said.help(format!("did you mean: `{near}`")),
        None => said.help("`cargo privacy explain` lists the lints"),
    }
}

/// A level as manifests and attributes write it.
#[must_use]
pub fn level_name(level: LintLevel) -> &'static str {
    match level {
        LintLevel::Allow => "allow",
        LintLevel::Note => "note",
        LintLevel::Warn => "warn",
        LintLevel::Deny => "deny",
        LintLevel::Forbid => "forbid",
    }
}

/// The flag that sets a level.
fn letter(level: LintLevel) -> char {
    match level {
        LintLevel::Allow => 'A',
        LintLevel::Note | LintLevel::Warn => 'W',
        LintLevel::Deny => 'D',
        LintLevel::Forbid => 'F',
    }
}

#[cfg(test)]
mod tests;
