//! The one table that lints, editor and reports read: which data, from where, in which form, reaches whom, there, by
//! which steps. Joined with the notice here; lints look nothing up elsewhere. Knows no IR and no file contents.

use crate::diagnostic::Diagnostic;
use crate::notice::{Form, Notice, Role};
use crate::source::{FileId, Span};
use crate::taxonomy::{CategoryId, Taxonomy};

/// A package of the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PackageId(pub u32);

/// Index into [`DataMap::notices`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NoticeId(pub u32);

/// How a place came to be known as personal data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Basis {
    /// An annotation in the code.
    Annotated,
    /// `[[data]]` or `[[source]]` of the notice; the entry's span.
    Notice(Span),
    /// A model of a third-party crate (a client's address, a header map); its words.
    Model(String),
    /// It looks personal; the evidence in words, and whether confidence is high.
    Inferred {
        /// Why.
        evidence: String,
        /// Whether it is sure enough to act upon alone.
        high: bool,
    },
}

/// A named approximation that a flow rests on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Approximation {
    /// A callee that could not be resolved.
    UnresolvedCall,
    /// A macro that could not be expanded.
    OpaqueMacro,
    /// An access path cut at its depth limit.
    CollapsedPath,
    /// Too many implementations of a trait method.
    DynamicDispatch,
    /// A file that did not parse.
    UnparsedFile,
    /// A URL that could not be resolved.
    UnresolvedUrl,
    /// A value of one of many kinds, few of which hold the data; a part that an answer would have to repeat; an error of
    /// what hardly ever fails.
    RareValue,
}

impl Approximation {
    /// Its public name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnresolvedCall => "unresolved-call",
            Self::OpaqueMacro => "opaque-macro",
            Self::CollapsedPath => "collapsed-path",
            Self::DynamicDispatch => "dynamic-dispatch",
            Self::UnparsedFile => "unparsed-file",
            Self::UnresolvedUrl => "unresolved-url",
            Self::RareValue => "rare-value",
        }
    }
}

/// One step of a flow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Where.
    pub span: Span,
    /// What happens there, without the `step: N` prefix.
    pub text: String,
}

/// Which part of a message to a recipient holds the datum.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Part {
    /// A body, an argument, a log line.
    Body,
    /// The path or query of a URL.
    Url,
    /// A header.
    Header,
}

/// One personal datum that reaches a sink.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Datum {
    /// What it is.
    pub category: CategoryId,
    /// In which form it arrives.
    pub form: Form,
    /// Where its label is declared.
    pub declared: Option<Span>,
    /// The declared place's path: `accounts::User::email`, or the source call's.
    pub path: String,
    /// Where the value is read.
    pub source: Span,
    /// Why it counts as personal.
    pub basis: Basis,
    /// The way, in order.
    pub steps: Vec<Step>,
    /// What it rests on; sorted, without repeats.
    pub approximations: Vec<Approximation>,
    /// Which part of the message.
    pub part: Part,
    /// Rules of the notice, by index, that are about this datum's holder alone (`of`).
    pub limited: Vec<usize>,
}

/// The kind of a sink, before any notice is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Channel {
    /// Log, trace, stdout, stderr.
    Log,
    /// An error's message or payload, a panic.
    Error,
    /// Metrics.
    Metrics,
    /// Crash reports.
    CrashReport,
    /// Anything that leaves over a network or through a third party's client.
    Network,
    /// Databases, files, caches.
    Storage,
    /// A response to whoever asked.
    Response,
    /// A value that becomes an advertising identifier (an assignment to a place of that category).
    AdIdentifier,
}

impl Channel {
    /// Its name where nobody else is named: in a baseline, in an overview.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Error => "error",
            Self::Metrics => "metrics",
            Self::CrashReport => "crash-report",
            Self::Network => "network",
            Self::Storage => "storage",
            Self::Response => "response",
            Self::AdIdentifier => "ad-identifier",
        }
    }
}

/// Whom a sink serves, judged against the notice: by name first, then by role, then as undeclared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recipient {
    /// `notice.recipients[index]`.
    Declared(usize),
    /// Known by the model or the URL, but not named in the notice.
    Undeclared {
        /// A host, a crate or a service.
        name: String,
        /// Its role, where the catalogue or the model knows it.
        role: Option<Role>,
    },
    /// It could not be found out; what was seen instead (`a URL built at run time`).
    Unresolved(String),
    /// The program itself (log, error): no third party is named.
    Own,
}

/// Why a transport is not protected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plaintext {
    /// Where it is decided (the URL, the switch).
    pub span: Span,
    /// In words: `the URL begins with http:`.
    pub why: String,
}

/// All personal data that meets at one sink for one recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// The sink.
    pub sink: Span,
    /// What it is called: `tracing::info!`, `reqwest::RequestBuilder::json`.
    pub sink_name: String,
    /// Its kind.
    pub channel: Channel,
    /// Whom it serves.
    pub recipient: Recipient,
    /// Its role: the recipient's declared one, or the model's.
    pub role: Option<Role>,
    /// Unprotected transport.
    pub plaintext: Option<Plaintext>,
    /// The data, sorted by category, declared place and source.
    pub data: Vec<Datum>,
    /// The item that holds the sink: `shop_accounts::login`.
    pub item: String,
    /// Its package.
    pub package: PackageId,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// A purpose that code is said to serve, by an annotation or by the notice.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Serving {
    /// The item with the code: `shop_accounts::login`.
    pub item: String,
    /// The purpose as written: the name of one of the notice's, or a data use.
    pub purpose: String,
    /// Where it is said.
    pub span: Span,
}

/// Code that reads a labelled place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Use {
    /// The item that reads: `shop_advertising::banners::choose`.
    pub item: String,
    /// Where it does first.
    pub span: Span,
    /// What is read.
    pub category: CategoryId,
    /// The place's path.
    pub path: String,
    /// Its declaration.
    pub declared: Option<Span>,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// A cookie that code makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CookieMade {
    /// Where.
    pub span: Span,
    /// The call that it is handed to, to be set; else where it is made.
    pub set: Span,
    /// Its name, where that is a constant.
    pub name: Option<String>,
    /// The attributes that it is given: `Secure`, `HttpOnly`, `SameSite`; sorted.
    pub attributes: Vec<&'static str>,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// What owes a choice.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owing {
    /// Data that goes to somebody: [`DataMap::flows`].
    Flow(usize),
    /// A call that the notice names, whatever it is given.
    Call {
        /// What is called.
        call: String,
        /// Of the notice's recipients, the one that names it.
        recipient: usize,
        /// Where.
        place: Span,
    },
    /// A cookie that is not needed: [`DataMap::cookies`].
    Cookie(usize),
    /// What was looked at, put together with who looked: [`DataMap::flows`].
    Linking(usize),
}

/// A choice that is owed and was not asked on some way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unasked {
    /// The call that owes it.
    pub span: Span,
    /// The item that holds the call, where one does.
    pub item: Option<String>,
    /// The notice's choices, by index, of which one should have been asked.
    pub choices: Vec<usize>,
    /// What for.
    pub owing: Owing,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// A right of people's: an entry of the notice, by index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Right {
    /// Of its erasures.
    Erasure(usize),
    /// Of its accesses.
    Access(usize),
}

/// Something stored that a right does not reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreached {
    /// Which.
    pub right: Right,
    /// The name of the type that holds it; else the write that stores it.
    pub span: Span,
    /// The type's path; else the place that is written.
    pub what: String,
    /// What of it is stored and not reached.
    pub categories: Vec<CategoryId>,
    /// Where it is stored, in order.
    pub writes: Vec<Span>,
    /// Where the right begins in the code.
    pub root: Option<Span>,
    /// Whether it is reached, and not by its age, as the entry wants it.
    pub ageless: bool,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// What an entry says of a call, beside what it may be given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Condition {
    /// This of its `together-with` comes along.
    Together(usize),
    /// It is addressed by what its `addressed-by` names.
    Address,
}

/// A condition of a recipient's entry that a call does not keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unkept {
    /// The call that should have.
    pub span: Span,
    /// The item that holds it.
    pub item: String,
    /// Which.
    pub condition: Condition,
    /// The flow: [`DataMap::flows`].
    pub flow: usize,
}

/// A crate that a package depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// The entry in the manifest.
    pub span: Span,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// A declared or inferred place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// Its path: `accounts::User::email`.
    pub path: String,
    /// Its name's span.
    pub span: Span,
    /// What it is; `None` for a place annotated `none`.
    pub category: Option<CategoryId>,
    /// Why.
    pub basis: Basis,
    /// The span of `Debug` in the derive of the type that holds it.
    pub derived_debug: Option<Span>,
    /// The type that holds it, for fields.
    pub holder: Option<String>,
    /// Its package.
    pub package: PackageId,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// An annotation or notice entry that could not be used, found while joining.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Broken {
    /// A category that does not exist, in an annotation.
    UnknownCategory {
        /// As written.
        written: String,
        /// Where.
        span: Span,
        /// The nearest that exist.
        suggestions: Vec<String>,
        /// More to say, such as an ambiguous last part.
        why: String,
    },
    /// A path of the notice that names nothing.
    UnresolvedPath {
        /// As written.
        written: String,
        /// Where.
        span: Span,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// Why it cannot be resolved, where more is known.
        why: Option<String>,
        /// The notice.
        notice: NoticeId,
    },
    /// An annotation whose grammar is wrong.
    Annotation {
        /// What is wrong.
        why: String,
        /// Where.
        span: Span,
    },
}

/// A package as lints and output need it.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its root file (`src/lib.rs`, or the first target's).
    pub root: FileId,
    /// The notice that applies.
    pub notice: NoticeId,
}

/// The table.
#[derive(Debug)]
pub struct DataMap {
    /// Categories of this run.
    pub taxonomy: Taxonomy,
    /// Notices in use.
    pub notices: Vec<Notice>,
    /// Packages.
    pub packages: Vec<Package>,
    /// Flows, sorted by sink.
    pub flows: Vec<Flow>,
    /// Declarations, sorted by span.
    pub declarations: Vec<Declaration>,
    /// Places that look personal, in packages where others are annotated, and are not; sorted by span.
    pub unannotated: Vec<Declaration>,
    /// Reads in code that is said to serve a purpose, sorted by item and category.
    pub uses: Vec<Use>,
    /// Cookies, sorted by span.
    pub cookies: Vec<CookieMade>,
    /// Choices that were not asked where they are owed, sorted by place.
    pub unasked: Vec<Unasked>,
    /// What is stored and not reached by erasure or access, sorted by place.
    pub unreached: Vec<Unreached>,
    /// Conditions of recipients that are not kept, sorted by place.
    pub unkept: Vec<Unkept>,
    /// What packages depend on, in the order of manifests.
    pub dependencies: Vec<Dependency>,
    /// What the items that hold sinks or read data serve, sorted.
    pub servings: Vec<Serving>,
    /// What could not be used, sorted by span.
    pub broken: Vec<Broken>,
    /// What the analysis has to say besides (unparsed files and the like). What was found under a lint's name while the
    /// notice was loaded is here too: its lint passes it on, so only those without a lint are said as they are.
    pub diagnostics: Vec<Diagnostic>,
}

impl DataMap {
    /// A table without code: what is known of notices alone.
    #[must_use]
    pub fn of(taxonomy: Taxonomy, notices: Vec<Notice>) -> Self {
        Self {
            taxonomy,
            notices,
            packages: Vec::new(),
            flows: Vec::new(),
            declarations: Vec::new(),
            unannotated: Vec::new(),
            uses: Vec::new(),
            cookies: Vec::new(),
            unasked: Vec::new(),
            unreached: Vec::new(),
            unkept: Vec::new(),
            dependencies: Vec::new(),
            servings: Vec::new(),
            broken: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// The purposes that an item's code is said to serve.
    pub fn servings_of<'a>(&'a self, item: &str) -> impl Iterator<Item = &'a Serving> {
        let from = self.servings.partition_point(|serving| serving.item.as_str() < item);
        let count = self.servings[from..].iter().take_while(|serving| serving.item == item).count();
        self.servings[from..from + count].iter()
    }

    /// The notice behind an id.
    #[must_use]
    pub fn notice(&self, id: NoticeId) -> &Notice {
        &self.notices[id.0 as usize]
    }

    /// Whom a flow reaches, by name: the notice's, the service's, or the program's own end.
    #[must_use]
    pub fn recipient<'a>(&'a self, flow: &'a Flow) -> &'a str {
        match &flow.recipient {
            Recipient::Declared(index) => {
                self.notice(flow.notice).recipients.get(*index).map_or("", |known| &known.name.value)
            }
            Recipient::Undeclared { name, .. } => name,
            Recipient::Unresolved(seen) => seen,
            Recipient::Own => flow.channel.name(),
        }
    }
}
