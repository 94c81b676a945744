//! A linter that holds Rust code to its privacy notice.

pub mod datamap;
pub mod diagnostic;
pub mod lints;
pub mod models;
pub mod notice;
pub mod source;
pub mod taxonomy;
