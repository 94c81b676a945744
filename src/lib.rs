//! A linter that holds Rust code to its privacy notice.

pub mod source;
pub mod diagnostic;
pub mod manifest_text;
pub mod workspace;
pub mod taxonomy;
pub mod notice;
pub mod datamap;
pub mod lints;
pub mod config;
pub mod cli;
