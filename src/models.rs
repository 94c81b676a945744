//! Third-party knowledge as plain data: declarations of other crates, sinks, sources, summaries, transforms and types,
//! read from `models/*.toml` and from users' own files of the same form. Knows no program and no IR: it answers what is
//! known of a path, and decides nothing.
//!
//! Conventions of the files:
//! - Argument 0 is the receiver; the arguments of a function without one are counted from 1 all the same.
//! - A call is looked up by every path that it has: the method on its type (`std::io::Stdout::write_all`) and the
//!   method of the trait (`std::io::Write::write_all`). Methods of primitive types are `str::trim`, `slice::get`,
//!   `array::map`, `char::is_digit`, `u8::pow`. `core` and `alloc` are `std`.
//! - Transparent types hold their content at their own path: neither `Some.0` nor an element is a component of them.
//!   `Ok.0` and `Err.0` are components.
//! - `@url` is a hidden component: the URL that a request, a client or a socket was made with. So is `@path`: that of a file.
//! - A `[[summary]]` replaces what the signature tells; several that match a call add up.
//! - A result whose type the caller chooses (`collect`, `parse`, `into`) has a summary, as no parameter tells of it.

mod ahead;
mod index;
mod load;
mod pattern;
mod place;
mod read;
mod shipped;

pub use ahead::Ahead;
pub use pattern::Pattern;
pub use place::{Flow, Place};
pub use shipped::ShippedFile;

use crate::datamap::{Channel, Part};
use crate::diagnostic::Diagnostic;
use crate::notice::{Makes, Role};
use crate::source::{FileId, Span};
use index::Index;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Items of another crate, written as Rust declarations with empty bodies.
#[derive(Clone, Debug)]
pub struct Declarations {
    /// The crate's extern name; several files may describe one crate, module by module.
    pub crate_name: Arc<str>,
    /// Other names of the same crate (`core` and `alloc` for `std`).
    pub aliases: Vec<String>,
    /// Crates that these declarations refer to or re-export.
    pub uses: Vec<String>,
    /// Which file it is from, for messages: `models/std-option.toml`.
    pub file: Arc<str>,
    /// Rust: declarations only.
    pub text: Arc<str>,
}

/// How a sink reads what it is given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum View {
    /// The value as it is.
    #[default]
    Whole,
    /// Through `Debug`.
    Debug,
    /// Through `Display`.
    Display,
    /// Through `Serialize`.
    Serialize,
}

/// Calls by which data leaves the program or is written out.
#[derive(Clone, Debug)]
pub struct SinkModel {
    /// The functions and methods.
    pub calls: Vec<Pattern>,
    /// What of the call is read: `None` for all arguments but the receiver.
    pub args: Option<Vec<Place>>,
    /// The kind of the sink.
    pub channel: Channel,
    /// The recipient's role, where the crate decides it.
    pub role: Option<Role>,
    /// The recipient's name, where the crate decides it.
    pub recipient: Option<String>,
    /// How the arguments are read.
    pub view: View,
    /// Which part of a message they become.
    pub part: Part,
    /// The argument that is the URL of the request, or that holds it in its component `@url`.
    pub url: Option<u8>,
    /// The argument that is the path of the file that is written, or, as the receiver, holds it in its component `@path`.
    /// Where that is a log's, so is the sink; a sink that is a log because of this is none for other files.
    pub file: Option<u8>,
    /// Whether the transport is never encrypted.
    pub plaintext: bool,
    /// Only where the function's code is not part of the program: what is there tells by itself.
    pub unseen: bool,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// How a macro's tokens are read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum MacroSyntax {
    /// Key-values, sigils and a format string, as `log` and `tracing` take them.
    Log,
    /// A format string with its arguments, after any leading expressions.
    Format,
    /// Expressions separated by commas.
    Expressions,
}

/// Macros that are sinks, or that carry their arguments into their result.
#[derive(Clone, Debug)]
pub struct MacroModel {
    /// The macros' paths, without `!`.
    pub names: Vec<Pattern>,
    /// The type of what it gives, by its full path.
    pub value: Option<String>,
    /// How they are read.
    pub syntax: MacroSyntax,
    /// The kind of the sink; `None` where the macro only yields a value.
    pub channel: Option<Channel>,
    /// The recipient's role, where the crate decides it.
    pub role: Option<Role>,
    /// The recipient's name, where the crate decides it.
    pub recipient: Option<String>,
    /// How arguments outside a format string are read.
    pub view: View,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// Where personal data comes in.
#[derive(Clone, Debug)]
pub struct SourceModel {
    /// Functions whose result it is, and fields (`axum::extract::ConnectInfo::0`).
    pub calls: Vec<Pattern>,
    /// Types whose every value carries it.
    pub types: Vec<Pattern>,
    /// Only where an argument is one of these: a string constant, or a path that ends so; in any case of letters and
    /// with `-` and `_` alike (`"user-agent"`, `header::USER_AGENT`). Empty: always.
    pub when: Vec<String>,
    /// The category's key, as written.
    pub category: String,
    /// Why, in words.
    pub why: String,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

impl SourceModel {
    /// Whether a constant argument is one that makes the call a source.
    #[must_use]
    pub fn asks_for(&self, constant: &str) -> bool {
        let folded = |text: &str| text.to_ascii_lowercase().replace('_', "-");
        self.when.is_empty() || self.when.iter().any(|name| folded(name) == folded(constant))
    }
}

/// What calls do with data, where their signature does not tell.
#[derive(Clone, Debug)]
pub struct SummaryModel {
    /// The functions and methods.
    pub calls: Vec<Pattern>,
    /// Flows from place to place. An empty list means that nothing flows.
    pub flows: Vec<Flow>,
    /// Arguments whose target is emptied.
    pub clears: Vec<Place>,
    /// Whether the flows stand beside those of the signature, or replace them.
    pub adds: bool,
    /// Only where argument 1 is a constant number up to this.
    pub most: Option<u8>,
    /// Only where argument 1 is `..`.
    pub full: bool,
    /// This argument is a URL that is read relative to argument 0.
    pub relative: Option<u8>,
    /// The result is decoded from this argument.
    pub decodes: Option<u8>,
    /// What comes out as a text begins with this argument, and goes on with something else.
    pub begins: Option<u8>,
    /// The result is the path of a file.
    pub path: bool,
    /// The result is a text that ends with this argument, after something else.
    pub ends: Option<u8>,
    /// What comes out is a text that the environment holds under the name in this argument.
    pub environment: Option<u8>,
    /// Whether its result hardly ever is an error, so that nobody is told what goes along with one.
    pub seldom_fails: bool,
    /// How the flows read where they come from.
    pub view: View,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// Calls that change the form of data.
#[derive(Clone, Debug)]
pub struct TransformModel {
    /// The functions and methods.
    pub calls: Vec<Pattern>,
    /// What they make.
    pub makes: Makes,
    /// Only where argument 1 is a constant number up to this.
    pub most: Option<u8>,
    /// Only on a receiver that is made for this call and not kept.
    pub fresh: bool,
    /// Which arguments are transformed: `None` for all, the receiver included.
    pub on: Option<Vec<Place>>,
    /// Where the result is: the return value unless said otherwise.
    pub into: Place,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// What a framework runs before the handlers of requests.
#[derive(Clone, Debug)]
pub struct LayerModel {
    /// Methods of what holds handlers that put a layer around them.
    pub calls: Vec<Pattern>,
    /// By which a layer hands a request on to what it is around.
    pub next: Vec<Pattern>,
    /// Methods of traits by which a layer makes the service that runs in its place.
    pub makes: Vec<Pattern>,
    /// Methods of traits by which a service answers, and hands a request on.
    pub serves: Vec<Pattern>,
    /// Methods of traits that make what a handler takes.
    pub extracts: Vec<Pattern>,
    /// Only the handlers that were there before are behind the layer.
    pub before: bool,
}

/// What is known of types.
#[derive(Clone, Debug)]
pub struct TypeModel {
    /// The types.
    pub paths: Vec<Pattern>,
    /// Views under which the content is not shown.
    pub hides: Vec<View>,
    /// A container: its value is its content.
    pub transparent: bool,
    /// It can carry nothing of what it was made from.
    pub opaque: bool,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// Calls that take away what is stored: of what they are called on or given.
#[derive(Clone, Debug)]
pub struct RemovalModel {
    /// The functions and methods.
    pub calls: Vec<Pattern>,
    /// Where it is declared; `None` for shipped models.
    pub span: Option<Span>,
}

/// One model file, valid.
#[derive(Clone, Debug, Default)]
pub struct ModelFile {
    /// The crate that it describes.
    pub crate_name: String,
    /// Other names of that crate.
    pub aliases: Vec<String>,
    /// Crates that it builds upon.
    pub uses: Vec<String>,
    /// Its declarations; may be empty.
    pub declarations: String,
    /// Sinks.
    pub sinks: Vec<SinkModel>,
    /// Macros.
    pub macros: Vec<MacroModel>,
    /// Sources.
    pub sources: Vec<SourceModel>,
    /// Summaries.
    pub summaries: Vec<SummaryModel>,
    /// Transforms.
    pub transforms: Vec<TransformModel>,
    /// Types.
    pub types: Vec<TypeModel>,
    /// Removals.
    pub removals: Vec<RemovalModel>,
    /// What runs before handlers.
    pub layers: Vec<LayerModel>,
}

impl ModelFile {
    /// Whether it describes this crate.
    #[must_use]
    pub fn describes(&self, crate_name: &str) -> bool {
        pattern::segment_matches(&self.crate_name, crate_name) || self.aliases.iter().any(|a| a == crate_name)
    }
}

/// All models of a run, indexed by the last segment of their patterns.
#[derive(Debug, Default)]
pub struct Models {
    /// Declarations, in the order of the files.
    pub declarations: Vec<Declarations>,
    /// Sinks.
    pub sinks: Vec<SinkModel>,
    /// Macros.
    pub macros: Vec<MacroModel>,
    /// Sources.
    pub sources: Vec<SourceModel>,
    /// Summaries.
    pub summaries: Vec<SummaryModel>,
    /// Transforms.
    pub transforms: Vec<TransformModel>,
    /// Types.
    pub types: Vec<TypeModel>,
    /// Removals.
    pub removals: Vec<RemovalModel>,
    /// What runs before handlers.
    pub layers: Vec<LayerModel>,
    index: Indexes,
}

#[derive(Debug, Default)]
struct Indexes {
    sinks: Index,
    macros: Index,
    sources: Index,
    source_types: Index,
    summaries: Index,
    decoding: Index,
    transforms: Index,
    types: Index,
    removals: Index,
}

/// Reads one model file. `file` is where its spans point; `None` gives none, as for shipped files.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(text: &str, file: Option<FileId>) -> Result<ModelFile, Vec<Diagnostic>> {
    load::parse(text, file)
}

/// The shipped model files.
#[must_use]
pub fn shipped() -> &'static [ShippedFile] {
    shipped::FILES
}

impl Models {
    /// The shipped models of the standard library, of these crates (by extern name), and of the crates that those
    /// models build upon.
    #[must_use]
    pub fn load(crates: &[&str]) -> Self {
        Ahead::read().and(crates)
    }

    /// All shipped models, for code whose dependencies are not known.
    #[must_use]
    pub fn load_all() -> Self {
        Ahead::read().and_all()
    }

    /// Adds a file's models; later files stand behind earlier ones.
    pub fn add(&mut self, file_name: &str, file: ModelFile) {
        self.add_declarations(file_name, &file);
        for sink in file.sinks {
            self.index.sinks.push(&sink.calls);
            self.sinks.push(sink);
        }
        for known in file.macros {
            self.index.macros.push(&known.names);
            self.macros.push(known);
        }
        for source in file.sources {
            self.index.sources.push(&source.calls);
            self.index.source_types.push(&source.types);
            self.sources.push(source);
        }
        for summary in file.summaries {
            self.index.summaries.push(&summary.calls);
            self.index.decoding.push(if summary.decodes.is_some() { &summary.calls } else { &[] });
            self.summaries.push(summary);
        }
        for transform in file.transforms {
            self.index.transforms.push(&transform.calls);
            self.transforms.push(transform);
        }
        for known in file.types {
            self.index.types.push(&known.paths);
            self.types.push(known);
        }
        for removal in file.removals {
            self.index.removals.push(&removal.calls);
            self.removals.push(removal);
        }
        self.layers.extend(file.layers);
    }

    fn add_declarations(&mut self, file_name: &str, file: &ModelFile) {
        if file.declarations.is_empty() {
            return;
        }
        self.declarations.push(Declarations {
            crate_name: file.crate_name.as_str().into(),
            aliases: file.aliases.clone(),
            uses: file.uses.clone(),
            file: file_name.into(),
            text: file.declarations.as_str().into(),
        });
    }

    /// Sinks that a call of this path is.
    pub fn sinks_for(&self, path: &[&str]) -> impl Iterator<Item = &SinkModel> {
        self.index.sinks.find(path).map(|i| &self.sinks[i])
    }

    /// What is known of the macro with this path.
    pub fn macros_for(&self, path: &[&str]) -> impl Iterator<Item = &MacroModel> {
        self.index.macros.find(path).map(|i| &self.macros[i])
    }

    /// Sources that a call or a field of this path is.
    pub fn sources_for(&self, path: &[&str]) -> impl Iterator<Item = &SourceModel> {
        self.index.sources.find(path).map(|i| &self.sources[i])
    }

    /// Sources that every value of this type is.
    pub fn sources_of_type(&self, path: &[&str]) -> impl Iterator<Item = &SourceModel> {
        self.index.source_types.find(path).map(|i| &self.sources[i])
    }

    /// Summaries of a call of this path.
    pub fn summaries_for(&self, path: &[&str]) -> impl Iterator<Item = &SummaryModel> {
        self.index.summaries.find(path).map(|i| &self.summaries[i])
    }

    /// The argument that the result of a call of this path is decoded from.
    #[must_use]
    pub fn decoded_by(&self, path: &[&str]) -> Option<u8> {
        self.index.decoding.find(path).find_map(|i| self.summaries[i].decodes)
    }

    /// Whether any function of this name is known to decode.
    #[must_use]
    pub fn may_decode(&self, name: &str) -> bool {
        self.index.decoding.may_end(name)
    }

    /// Transforms that a call of this path makes.
    pub fn transforms_for(&self, path: &[&str]) -> impl Iterator<Item = &TransformModel> {
        self.index.transforms.find(path).map(|i| &self.transforms[i])
    }

    /// Whether a call of this path takes away what is stored: it says so, or it empties what it is called on.
    #[must_use]
    pub fn removes(&self, path: &[&str]) -> bool {
        let empties = |summary: &SummaryModel| !summary.clears.is_empty();
        self.index.removals.find(path).next().is_some() || self.summaries_for(path).any(empties)
    }

    /// What is known of a type.
    pub fn types_for(&self, path: &[&str]) -> impl Iterator<Item = &TypeModel> {
        self.index.types.find(path).map(|i| &self.types[i])
    }
}

/// Which files describe the standard library, `crates`, or what those build upon.
fn select(heads: &[Option<ModelFile>], crates: &[&str]) -> Vec<bool> {
    let mut wanted: Vec<String> = crates.iter().map(|c| (*c).to_owned()).collect();
    wanted.push("std".to_owned());
    let mut seen: FxHashSet<String> = wanted.iter().cloned().collect();
    let mut chosen = vec![false; heads.len()];
    while let Some(name) = wanted.pop() {
        for (i, head) in heads.iter().enumerate() {
            let Some(head) = head.as_ref().filter(|head| head.describes(&name)) else { continue };
            chosen[i] = true;
            wanted.extend(head.uses.iter().filter(|used| seen.insert((*used).clone())).cloned());
        }
    }
    chosen
}
