//! A linter that holds Rust code to its privacy notice.

pub mod catalogue;
pub mod datamap;
pub mod diagnostic;
pub mod emit;
pub mod lints;
pub mod notice;
pub mod source;
pub mod suppress;
pub mod taxonomy;
