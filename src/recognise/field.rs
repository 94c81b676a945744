//! A name with what it is weighed by: the lists, its type and surroundings, its words and those of what holds it.

use super::Facts;
use super::lists::{Found, Lists};
use super::words::Words;

/// What the graders look at.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) lists: &'static Lists,
    pub(super) facts: &'a Facts<'a>,
    pub(super) name: &'a str,
    pub(super) words: &'a Words,
    /// The phrase that says what the name is about, wherever it stands.
    pub(super) found: Option<Found>,
    /// No words where nothing is known to hold it.
    pub(super) holder: &'a Words,
}
