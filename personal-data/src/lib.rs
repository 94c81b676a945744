//! Marks personal data in Rust code for cargo-privacy; expands to nothing.
