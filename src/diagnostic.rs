//! Diagnostics as plain data: what lints and loaders return and what `emit` renders. No behaviour beyond construction.

use crate::source::Span;

/// How severe a diagnostic is, in rustc's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Said for information.
    Note,
    /// A warning: exit code 0.
    Warning,
    /// Denied or invalid: exit code 1 (findings) or 2 (input that cannot be used).
    Error,
}

/// What a secondary label stands for. The texts already carry the prefixes that the interface fixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// Where the personal value is read: text starts with `source:`.
    Source,
    /// Its declaration: text starts with `declared:`.
    Declared,
    /// A step of the way: text starts with `step: N`.
    Step,
    /// The rule of the notice, in the notice file.
    Rule,
    /// The sentence of the published prose.
    Prose,
    /// Anything else.
    Other,
}

/// A secondary label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: LabelKind,
    /// What it says.
    pub text: String,
}

/// An edit that would mend a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Replacements; their spans do not overlap.
    pub edits: Vec<(Span, String)>,
    /// Whether it is sure to compile and to keep the meaning.
    pub machine_applicable: bool,
}

/// What would mend a finding, by places alone; `fix` makes edits of it where the code allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// Values do not go into the call at the primary span.
    Withhold {
        /// What is called: `tracing::info!`.
        call: String,
        /// For each datum the places that it comes by, its reading first.
        ways: Vec<Vec<Span>>,
    },
    /// The derive at the primary span gives way to an impl that hides these fields.
    Redact(Vec<Span>),
    /// The address in the call at the primary span becomes one of an encrypted transport.
    Encrypt,
    /// The field or parameter at the primary span is annotated with this category.
    Annotate(String),
}

/// What a finding is about, in names that outlive lines and formatting: what a baseline goes by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subject {
    /// The path of the item that holds the sink or the declaration.
    pub item: String,
    /// Keys of the categories, sorted, each once; none where it is not about data.
    pub categories: Vec<String>,
    /// Who receives the data; empty where nobody does.
    pub recipient: String,
}

/// One message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The lint's name without `privacy::`; `None` for errors in the input.
    pub lint: Option<&'static str>,
    /// Its level.
    pub level: Level,
    /// The message: lower case, no full stop.
    pub message: String,
    /// The primary span; `None` where there is no file to point at.
    pub primary: Option<Span>,
    /// The primary label's text; may be empty.
    pub primary_label: String,
    /// Secondary labels in the order they are to be read.
    pub labels: Vec<Label>,
    /// `= note: …`
    pub notes: Vec<String>,
    /// `= help: …`
    pub helps: Vec<String>,
    /// Edits that would mend it.
    pub fixes: Vec<Fix>,
    /// Every place that it rests on, those included that no label shows.
    pub way: Vec<Span>,
    /// What it is about; `None` where its place alone tells.
    pub subject: Option<Subject>,
    /// What would mend it.
    pub remedy: Option<Remedy>,
}

impl Diagnostic {
    /// An error in the input, without a lint.
    #[must_use]
    pub fn error(message: impl Into<String>, primary: Option<Span>) -> Self {
        Self {
            lint: None,
            level: Level::Error,
            message: message.into(),
            primary,
            primary_label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fixes: Vec::new(),
            way: Vec::new(),
            subject: None,
            remedy: None,
        }
    }

    /// A warning without a lint.
    #[must_use]
    pub fn warning(message: impl Into<String>, primary: Option<Span>) -> Self {
        Self { level: Level::Warning, ..Self::error(message, primary) }
    }

    /// With a text at the primary span.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.primary_label = text.into();
        self
    }

    /// With a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// With a help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }
}
