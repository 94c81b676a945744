//! A linter that holds Rust code to its privacy notice.

pub mod source;
pub mod diagnostic;
pub mod manifest_text;
pub mod workspace;
pub mod name;
pub mod taxonomy;
pub mod catalogue;
pub mod recognise;
pub mod notice;
pub mod ir;
pub mod lower;
pub mod resolve;
pub mod types;
pub mod models;
pub mod datamap;
pub mod label;
pub mod flow;
pub mod lints;
pub mod config;
pub mod suppress;
pub mod emit;
pub mod load;
pub mod check;
pub mod explain;
pub mod cli;
