//! A linter that holds Rust code to its privacy notice.

pub mod source;
pub mod diagnostic;
pub mod name;
pub mod taxonomy;
pub mod notice;
pub mod ir;
pub mod lower;
pub mod resolve;
pub mod types;
pub mod datamap;
pub mod lints;
