//! What a taint rests on besides what is known: approximations, and reasons to think that it is not there. Knows neither
//! values nor what is made of doubts.

use crate::datamap::Approximation;

/// Approximations as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub(super) struct Doubts(u16);

const DOUBTS: [Approximation; 7] = [
    Approximation::UnresolvedCall,
    Approximation::OpaqueMacro,
    Approximation::CollapsedPath,
    Approximation::DynamicDispatch,
    Approximation::UnparsedFile,
    Approximation::UnresolvedUrl,
    Approximation::RareValue,
];

impl Doubts {
    pub(super) fn of(what: Approximation) -> Self {
        Self(1 << DOUBTS.iter().position(|d| *d == what).unwrap_or(0))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The value is one of many kinds, few of which hold this, or an answer that could only repeat what it was asked
    /// with: [`Approximation::RareValue`].
    pub(super) const SELDOM: Self = Self(1 << 6);

    /// It was taken for a part of a value that held too much to tell its parts apart.
    pub(super) const SCATTERED: Self = Self(1 << 7);

    /// It would be in a failure of many kinds, few of which hold this, into which no code is known to have put it.
    pub(super) const IN_FAILURE: Self = Self(1 << 8);

    /// It was taken for the path of a file, which no secret is.
    pub(super) const AS_PATH: Self = Self(1 << 9);

    pub(super) const NONE: Self = Self(0);

    /// Whether the value is of a kind that seldom holds this.
    pub(super) fn is_seldom(self) -> bool {
        self.0 & Self::SELDOM.0 != 0
    }

    /// Whether it was taken for the path of a file.
    pub(super) fn is_path(self) -> bool {
        self.0 & Self::AS_PATH.0 != 0
    }

    /// On how many guesses it rests that it is this value that is there.
    pub(super) fn guesses(self) -> usize {
        let apart = Self::of(Approximation::CollapsedPath).with(Self::SELDOM).with(Self::IN_FAILURE);
        usize::from(self.guessed()) + (self.0 & apart.0).count_ones() as usize
    }

    /// The same of a value that was made to be of a kind that holds this.
    pub(super) fn of_that_kind(self) -> Self {
        Self(self.0 & !Self::SELDOM.with(Self::IN_FAILURE).0)
    }

    /// Whether it is of some part of a value whose parts are told apart no more: which, nobody knows, and what a field
    /// holds its declaration says.
    pub(super) fn scattered(self) -> bool {
        self.0 & Self::SCATTERED.0 != 0
    }

    /// Whether a value may have been passed on only because nobody knows better.
    pub(super) fn guessed(self) -> bool {
        let guesses = Self::of(Approximation::UnresolvedCall).with(Self::of(Approximation::OpaqueMacro));
        self.0 & guesses.0 != 0
    }

    pub(super) fn list(self) -> Vec<Approximation> {
        DOUBTS.iter().enumerate().filter(|(i, _)| self.0 & (1 << i) != 0).map(|(_, d)| *d).collect()
    }
}
