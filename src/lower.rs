//! Text to our own representation: the only place that knows `syn`. Keeps no span and no tree past its file.

#[allow(dead_code, reason = "the lowering of macro calls is its only user")]
pub(crate) mod macro_rules;
