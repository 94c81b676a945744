//! The command line as clap sees it, and what it asks for in the terms of the rest. Does nothing of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::LevelFlag;
use crate::lints::LintLevel;
use crate::workspace::{FeatureSelection, Registry, Request};

/// Holds Rust code to its privacy notice
#[derive(Parser, Debug)]
#[command(name = "cargo-privacy", bin_name = "cargo privacy", version, subcommand_required = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Lint a package, a workspace, or a folder of Rust files (the default command)
    Check(Box<Check>),
    /// Record today's findings, so that only new ones fail
    Baseline(Box<Baseline>),
    /// Propose annotations for what looks personal, as a diff, or write them
    Annotate(Box<Annotate>),
    /// Draft a `privacy-notice.toml` from what the code does
    Init(Box<Init>),
    /// Show the page of a lint; without an argument, list the lints
    Explain(Box<Explain>),
    /// Check the notice itself
    #[command(subcommand)]
    Notice(NoticeCommand),
}

/// `cargo privacy notice`.
#[derive(Subcommand, Debug)]
pub enum NoticeCommand {
    /// What is wrong with the notice, read by itself: contradictions, promises not in the prose, dead entries
    Lint(NoticeLint),
    /// What a later version permits, or no longer asks, that an earlier one did not
    Diff(NoticeDiff),
    /// Which promise is checked by which lint, touched by how many flows, kept by which code
    Coverage(Box<NoticeCoverage>),
}

/// Options of what reads notices alone.
#[derive(Args, Debug)]
pub struct NoticeOptions {
    /// This notice [default: the nearest `privacy-notice.toml` from here upwards]
    #[arg(long, value_name = "FILE")]
    pub notice: Option<PathBuf>,

    /// How findings are shown
    #[arg(long, visible_alias = "message-format", value_enum, default_value_t = Format::Human)]
    pub format: Format,

    /// Print at most this many findings in the human format
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub max: usize,

    #[command(flatten)]
    levels: LevelArgs,

    /// What it prints besides.
    #[command(flatten)]
    pub output: Output,
}

/// `cargo privacy notice lint`.
#[derive(Args, Debug)]
pub struct NoticeLint {
    /// Of which notice, and how it is shown.
    #[command(flatten)]
    pub options: NoticeOptions,
}

/// `cargo privacy notice diff`.
#[derive(Args, Debug)]
pub struct NoticeDiff {
    /// The earlier version: a file, a folder, a git revision, or `REVISION:PATH`
    #[arg(value_name = "OLD")]
    pub old: String,

    /// The later version [default: the notice as it is now]
    #[arg(value_name = "NEW")]
    pub new: Option<String>,

    /// Of which notice, and how it is shown.
    #[command(flatten)]
    pub options: NoticeOptions,
}

/// `cargo privacy notice coverage`.
#[derive(Args, Debug)]
pub struct NoticeCoverage {
    /// What is looked at.
    #[command(flatten)]
    pub scope: Scope,

    /// How it is shown: for people, or as `json`
    #[arg(long, visible_alias = "message-format", value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// What a command looks at and judges by.
#[derive(Args, Debug)]
pub struct Scope {
    /// Packages, workspaces, folders or Rust files [default: the package around the current directory]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Judge by this notice
    #[arg(long, value_name = "FILE")]
    pub notice: Option<PathBuf>,

    /// Whether what merely looks personal counts; `auto`: in packages without annotations
    #[arg(long, value_enum, default_value_t = Inferred::Auto)]
    pub inferred: Inferred,

    #[command(flatten)]
    levels: LevelArgs,

    #[command(flatten)]
    selection: Selection,

    /// What it prints besides.
    #[command(flatten)]
    pub output: Output,
}

/// `cargo privacy check`.
#[derive(Args, Debug)]
pub struct Check {
    /// What is looked at.
    #[command(flatten)]
    pub scope: Scope,

    /// How findings are shown
    #[arg(long, visible_alias = "message-format", value_enum, default_value_t = Format::Human)]
    pub format: Format,

    /// Report only what this baseline does not hold [default: `privacy-baseline.toml` beside the code]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,

    /// Report all findings, whatever a baseline holds
    #[arg(long)]
    pub no_baseline: bool,

    /// Report only what changes since this revision of git have to answer for, uncommitted ones included
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,

    /// Write what mends findings, where the result is sure to compile, then report the rest
    #[arg(long)]
    pub fix: bool,

    /// With `--fix`: write even where changes are not committed
    #[arg(long, requires = "fix")]
    pub allow_dirty: bool,

    /// Print at most this many findings in the human format [default: 200]
    #[arg(long, value_name = "N")]
    pub max: Option<usize>,

    /// Print what was looked at and how long each stage took
    #[arg(long)]
    pub stats: bool,
}

/// `cargo privacy baseline`.
#[derive(Args, Debug)]
pub struct Baseline {
    /// Only take out what no longer occurs
    #[arg(long)]
    pub prune: bool,

    /// The file to write [default: `privacy-baseline.toml` beside the code]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// What is looked at.
    #[command(flatten)]
    pub scope: Scope,
}

/// `cargo privacy annotate`.
#[derive(Args, Debug)]
pub struct Annotate {
    /// Write the annotations
    #[arg(long)]
    pub apply: bool,

    /// How sure a proposal must be [default: high, or such that a finding rests on it]
    #[arg(long, value_enum)]
    pub confidence: Option<Confidence>,

    /// How annotations are written
    #[arg(long, value_enum, default_value_t = Form::CfgAttr)]
    pub form: Form,

    /// With `--form derive`: the companion crate, as a manifest has it behind `personal-data =`
    #[arg(long, value_name = "SPEC", default_value = DEPENDENCY)]
    pub dependency: String,

    /// Only this category and those below it
    #[arg(long = "type", value_name = "CATEGORY")]
    pub types: Vec<String>,

    /// Only places of this path: `accounts::User::*`
    #[arg(long = "path", value_name = "PATTERN")]
    pub patterns: Vec<String>,

    /// Record that the places of this path are not personal, so that they are not proposed again
    #[arg(long, value_name = "PATTERN", requires = "reason", conflicts_with = "apply")]
    pub reject: Option<String>,

    /// Why they are not
    #[arg(long, value_name = "TEXT", requires = "reject", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: Option<String>,

    /// Write even where changes are not committed
    #[arg(long)]
    pub allow_dirty: bool,

    /// What is looked at.
    #[command(flatten)]
    pub scope: Scope,
}

/// The companion crate of this version.
const DEPENDENCY: &str =
    concat!("\"", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"), "\"");

/// How sure a proposal must be.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confidence {
    /// Name, type and surroundings agree.
    High,
    /// Counts as a source, too.
    Medium,
    /// Only worth a look.
    Low,
}

/// How annotations are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `#[cfg_attr(any(), personal_data(…))]`: compiles anywhere, with no crate.
    CfgAttr,
    /// `#[personal_data(…)]` on fields, with the derive and the dependency.
    Derive,
    /// `[[data]]` in `privacy-notice.toml`.
    Notice,
}

/// `cargo privacy init`.
#[derive(Args, Debug)]
pub struct Init {
    /// Print the draft and write nothing
    #[arg(long)]
    pub print: bool,

    /// What is looked at.
    #[command(flatten)]
    pub scope: Scope,
}

/// `cargo privacy explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// A lint, with or without `privacy::`; a place in the code; with `--allows` a path
    #[arg(value_name = "LINT|FILE:LINE[:COLUMN]")]
    pub lint: Option<String>,

    /// List what is suppressed, where, and why
    #[arg(long)]
    pub allows: bool,

    /// Judge by this notice
    #[arg(long, value_name = "FILE")]
    pub notice: Option<PathBuf>,

    #[command(flatten)]
    selection: Selection,

    /// What it prints besides.
    #[command(flatten)]
    pub output: Output,
}

/// Options of every command.
#[derive(Args, Debug)]
pub struct Output {
    /// Whether to use colours
    #[arg(long, value_enum, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<Color>,

    /// Print findings only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Print more; twice, even more
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

/// How findings are shown.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, with the code.
    Human,
    /// A line each.
    Short,
    /// rustc's lines of JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub's workflows.
    Github,
}

/// When inferred sources count.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inferred {
    /// In packages without an annotation.
    Auto,
    /// Always.
    Yes,
    /// Never.
    No,
}

/// Whether signatures of dependencies are read.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signatures {
    /// Where they are at hand.
    Yes,
    /// Never.
    No,
}

/// When colours are used.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `-D`, `-W`, `-A`, `-F`; clap keeps each kind apart, their common order is taken from where they stood.
#[derive(Debug)]
struct LevelArgs(Vec<LevelFlag>);

/// The four flags as clap declares them.
#[derive(Args, Debug)]
#[command(next_help_heading = "Lint levels")]
struct LevelFlags {
    /// Report as errors: a lint, a group, or `all`
    #[arg(short = 'D', long, value_name = "LINT")]
    deny: Vec<String>,

    /// Report as warnings
    #[arg(short = 'W', long, value_name = "LINT")]
    warn: Vec<String>,

    /// Do not report
    #[arg(short = 'A', long, value_name = "LINT")]
    allow: Vec<String>,

    /// Report as errors, and let nothing lower that
    #[arg(short = 'F', long, value_name = "LINT")]
    forbid: Vec<String>,
}

impl FromArgMatches for LevelArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let kinds = [
            ("deny", LintLevel::Deny),
            ("warn", LintLevel::Warn),
            ("allow", LintLevel::Allow),
            ("forbid", LintLevel::Forbid),
        ];
        let mut flags: Vec<(usize, LevelFlag)> = Vec::new();
        for (id, level) in kinds {
            let indices = matches.indices_of(id).into_iter().flatten();
            let names = matches.get_many::<String>(id).into_iter().flatten();
            flags.extend(indices.zip(names).map(|(at, name)| (at, LevelFlag { level, name: name.clone() })));
        }
        flags.sort_by_key(|(at, _)| *at);
        Ok(Self(flags.into_iter().map(|(_, flag)| flag).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for LevelArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        LevelFlags::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        LevelFlags::augment_args_for_update(command)
    }
}

/// Which code is looked at.
#[derive(Args, Debug)]
#[command(next_help_heading = "What is looked at")]
struct Selection {
    /// Path to a `Cargo.toml`
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,

    /// Check this package only; a name or a glob
    #[arg(short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,

    /// Check every package of the workspace
    #[arg(long, visible_alias = "all")]
    workspace: bool,

    /// Leave this package out
    #[arg(long, value_name = "PACKAGE", requires = "workspace")]
    exclude: Vec<String>,

    /// Look at tests, benches, examples and `#[cfg(test)]` as well
    #[arg(long)]
    tests: bool,

    /// Evaluate `cfg` with these features
    #[arg(long, value_name = "FEATURES")]
    features: Vec<String>,

    /// Evaluate `cfg` with all features
    #[arg(long)]
    all_features: bool,

    /// Evaluate `cfg` without the default features
    #[arg(long)]
    no_default_features: bool,

    /// Evaluate `cfg` with this set
    #[arg(long, value_name = "SPEC")]
    cfg: Vec<String>,

    /// Whether the types of dependencies are read from their sources, where cargo has them on this machine
    #[arg(long, value_enum, value_name = "WHETHER", default_value_t = Signatures::Yes)]
    registry: Signatures,

    /// Accepted as cargo has it: nothing is ever resolved
    #[arg(long)]
    locked: bool,

    /// Accepted as cargo has it: no connection is ever opened
    #[arg(long)]
    offline: bool,

    /// Accepted as cargo has it: both of these
    #[arg(long)]
    frozen: bool,
}

impl NoticeOptions {
    /// Lint levels in the order in which they were given.
    #[must_use]
    pub fn levels(&self) -> &[LevelFlag] {
        &self.levels.0
    }
}

impl Scope {
    /// Lint levels in the order in which they were given.
    #[must_use]
    pub fn levels(&self) -> &[LevelFlag] {
        &self.levels.0
    }

    /// What discovery is to find.
    #[must_use]
    pub fn request(&self, cwd: &Path) -> Request {
        self.selection.request(self.paths.clone(), cwd)
    }
}

impl Explain {
    /// What discovery is to find around the current directory.
    #[must_use]
    pub fn around(&self, cwd: &Path) -> Request {
        self.selection.request(Vec::new(), cwd)
    }

    /// What discovery is to find below what is named.
    #[must_use]
    pub fn request(&self, cwd: &Path) -> Request {
        self.selection.request(self.lint.iter().map(PathBuf::from).collect(), cwd)
    }
}

impl Selection {
    fn request(&self, paths: Vec<PathBuf>, cwd: &Path) -> Request {
        let selection = self;
        Request {
            paths,
            manifest_path: selection.manifest_path.clone(),
            packages: selection.packages.clone(),
            workspace: selection.workspace,
            exclude: selection.exclude.clone(),
            tests: selection.tests,
            features: FeatureSelection {
                features: selection.features.clone(),
                all_features: selection.all_features,
                no_default_features: selection.no_default_features,
                cfg: selection.cfg.clone(),
            },
            registry: (selection.registry == Signatures::Yes).then(Registry::of_user).flatten(),
            cwd: cwd.to_path_buf(),
        }
    }
}

/// What the environment says of colours.
#[derive(Clone, Copy, Default, Debug)]
pub struct Environment<'a> {
    /// `NO_COLOR`, which counts unless empty.
    pub no_color: Option<&'a str>,
    /// `CARGO_TERM_COLOR`.
    pub cargo_term_color: Option<&'a str>,
    /// Whether the stream is a terminal.
    pub is_terminal: bool,
}

impl Output {
    /// Whether to use colours: the flag decides, then cargo's variable, then `NO_COLOR`, then the terminal.
    #[must_use]
    pub fn colored(&self, environment: Environment<'_>) -> bool {
        let by_cargo = || environment.cargo_term_color.and_then(|word| Color::from_str(word, true).ok());
        match self.color.or_else(by_cargo).unwrap_or(Color::Auto) {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => environment.is_terminal && environment.no_color.unwrap_or_default().is_empty(),
        }
    }
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// clap's, which knows its text, its stream and its exit code (2 for what is wrong, 0 for help).
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(with_command(arguments.into_iter().collect()))
}

/// Brings a command line into the form that clap is told of. Cargo passes the name by which it called (`privacy`);
/// `check` may be left out; options may stand before the command, as in cargo.
fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "privacy") {
        arguments.remove(1);
    }
    let cli = Cli::command();
    let at = first_word(&cli, &arguments);
    let is_command =
        |word: &OsString| *word == *"help" || cli.get_subcommands().any(|c| *word == *c.get_name());
    if let Some(at) = at.filter(|at| is_command(&arguments[*at])) {
        arguments[1..=at].rotate_right(1);
    } else if !asks_about_itself(&arguments) {
        arguments.insert(1.min(arguments.len()), OsString::from("check"));
    }
    arguments
}

/// `--help` and `--version` alone are about the program, not about `check`.
fn asks_about_itself(arguments: &[OsString]) -> bool {
    arguments.len() == 2 && ["-h", "--help", "-V", "--version"].iter().any(|flag| arguments[1] == *flag)
}

/// Where the first argument stands that is neither an option nor an option's value.
fn first_word(cli: &clap::Command, arguments: &[OsString]) -> Option<usize> {
    let check = cli.find_subcommand("check")?;
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        let text = argument.to_string_lossy();
        if text == "--" {
            return None;
        }
        if !text.starts_with('-') {
            return Some(at);
        }
        at += if takes_next(check, &text) { 2 } else { 1 };
    }
    None
}

/// Whether the value of an option is the next argument: not `--x=v`, not `-xv`.
fn takes_next(command: &clap::Command, option: &str) -> bool {
    let is_meant = |argument: &&clap::Arg| match option.strip_prefix("--") {
        Some(long) => argument.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long)),
        None => option.len() == 2 && argument.get_short().is_some_and(|short| option.ends_with(short)),
    };
    command.get_arguments().find(is_meant).is_some_and(|argument| argument.get_action().takes_values())
}

#[cfg(test)]
mod tests;
