//! A linter that holds Rust code to its privacy notice: personal data that flows to logs, to third parties, into
//! advertising identifiers, judged by what the notice says of them.
//!
//! # Architecture
//!
//! The modules stand in the order in which data goes through them, and a module refers only to modules above it:
//! `tests/tidy.rs` holds them to that.
//!
//! ```text
//! workspace ──files, packages──▶ lower ──units──▶ resolve ──program──▶ types ──inferences──┐
//!     └────────notice, models──────────────────────────────────────────────▶ label ──labels──▶ flow ──flows──┐
//!                                                             emit ◀──findings── lints ◀──── data map ◀───────┘
//! ```
//!
//! A file's text becomes an IR of its own in one go ([`lower`]), depending on nothing but the text and the macros of the
//! program; from then on there are ids and spans. [`resolve`] ties units to a program, [`types`] looks at one body at a
//! time; what they ask of crates outside, [`models`] declare, and where cargo has a library's sources on the machine, its
//! [`signatures`]. [`label`] says which places are personal and [`flow`] where their values go. What it finds, joined with the
//! notice, is the [`datamap`]: one table, on which lints, reports and editors are views. [`load`] and [`check`] run the
//! stages; nothing else knows more than its neighbours.
//!
//! What holds everywhere: the same input gives the same bytes, on any number of threads, so nothing iterates over a hash
//! map; input that is wrong yields a [`diagnostic::Diagnostic`], never a panic; what could not be seen is counted and
//! said; no build script or procedural macro is run, no connection opened, and no process started but [`git`], where a
//! revision was named or files are about to be written.
//!
//! | module | does | may not |
//! |---|---|---|
//! | [`source`] | files, spans, lines | read a file, know Rust |
//! | [`diagnostic`] | messages as plain data | decide or print |
//! | [`edit`] | edits to texts, texts to files, all or none; writes | know Rust, or why |
//! | [`git`] | changed lines, files of a revision; alone starts a process | know what is asked with it |
//! | [`manifest_text`] | TOML with spans | know anybody's keys |
//! | [`workspace`] | manifests, packages, `cfg`, texts of Rust files; IO | know Rust's syntax, run cargo |
//! | `memory` | what pages the process asks for | know what they hold |
//! | `shelf` | numbered values that stay | know what they are |
//! | [`name`] | interned names | show or sort by ids |
//! | [`taxonomy`] | categories of data | know code or notices |
//! | [`recognise`] | which names look personal, and how surely | know where a name stands |
//! | [`notice`] | the declared notice, raw and valid; reads the prose through what it is handed | know code: paths are patterns |
//! | [`catalogue`] | services, their crates and hosts | say what they may receive |
//! | [`datamap`] | the table of flows, declarations and what was broken | hold IR or texts |
//! | [`rejected`] | places that somebody said are not personal | know code or disks |
//! | [`judge`] | what a notice says of data at a recipient | know code |
//! | [`ir`] | what code is, as plain data | behave, know a parser |
//! | [`lower`] | text to IR, macros expanded; alone knows a parser | keep a token or a tree past its file |
//! | [`resolve`] | modules, imports, paths to definitions | know types or code |
//! | [`signatures`] | a library's public surface as declarations | read files, look into bodies |
//! | [`types`] | types and callees of one body | look into another body, report an error |
//! | [`tree`] | what an expression is made of, in one body | know names or types |
//! | [`models`] | what is known of third-party crates, as data | know a program |
//! | [`label`] | which places are personal, and why | follow a value |
//! | [`flow`] | where personal values go, in which form, to whom | print, read, judge by lints |
//! | [`guards`] | which choices were surely asked before a call | know lints, follow values |
//! | [`conditions`] | what comes along with data and what addresses it | know lints, follow values |
//! | [`rights`] | what is stored and neither erasure nor access reaches | know lints, follow values |
//! | [`lints`] | findings from the data map, one file a lint | see IR, files or other lints |
//! | [`config`] | lint levels with where they come from | know what a lint means |
//! | [`suppress`] | which findings an allow covers | know flows |
//! | [`fix`] | edits that mend a finding | apply them |
//! | [`baseline`] | recorded findings, and which are new | know flows or disks |
//! | [`emit`] | findings to a `Write`, one file a format | decide anything |
//! | [`load`] | discovery's files to a linked program, with what it read of libraries, which it keeps | know notices or personal data |
//! | [`check`] | a whole run | analyse |
//! | [`adopt`] | baseline, annotations, a first notice: what a program needs to start | analyse |
//! | [`review`] | the notice by itself: its faults, its versions, its coverage | judge code |
//! | [`explain`] | pages of lints | anything else |
//! | [`progress`] | a line that says what a long run is at | know what a stage does |
//! | [`cli`] | flags | do what they ask for |

pub mod source;
pub mod diagnostic;
pub mod edit;
pub mod git;
pub mod manifest_text;
pub mod workspace;
pub(crate) mod memory;
pub(crate) mod shelf;
pub mod name;
pub mod taxonomy;
pub mod recognise;
pub mod notice;
pub mod datamap;
pub mod rejected;
pub mod judge;
pub mod catalogue;
pub mod ir;
pub mod lower;
pub mod resolve;
pub mod signatures;
pub mod types;
pub mod tree;
pub mod models;
pub mod label;
pub mod flow;
pub mod guards;
pub mod conditions;
pub mod rights;
pub mod lints;
pub mod config;
pub mod suppress;
pub mod fix;
pub mod baseline;
pub mod emit;
pub mod load;
pub mod check;
pub mod adopt;
pub mod review;
pub mod explain;
pub mod progress;
pub mod cli;
