//! Where a taint begins: a source, or something that a caller fills in; and the order in which taints are kept. Knows
//! nothing of values.

use std::cmp::Ordering;

use super::path::Path;
use crate::label::LabelId;

/// Where a taint begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Origin {
    /// A labelled place.
    Label(LabelId),
    /// A source that a model declares, by index.
    Model(u32),
    /// A `[[source]]` of a notice.
    Notice(u32, u32),
    /// A parameter (of the function under analysis), and what of it.
    Param(u8, Path),
    /// A source of a model, by index, if this parameter is its name.
    Asked(u8, u32),
    /// The result of calling a parameter, by number of the call.
    Result(u8, Path),
}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Origin {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank()).then_with(|| self.path().cmp(&other.path()))
    }
}

impl Origin {
    /// Sources, then what callers fill in, short paths first: the order in which taints are dropped from behind where
    /// there are too many.
    fn rank(self) -> u64 {
        let symbolic = |kind: u64, index: u8, path: Path| {
            let order = u64::from(path.order());
            3 << 60 | order >> 28 << 56 | u64::from(index) << 48 | kind << 47 | (order & 0xfff_ffff)
        };
        match self {
            Self::Label(label) => u64::from(label.0),
            Self::Model(index) => 1 << 60 | u64::from(index),
            Self::Notice(notice, index) => 2 << 60 | u64::from(notice) << 28 | u64::from(index),
            Self::Asked(param, index) => 5 << 59 | u64::from(param) << 32 | u64::from(index),
            Self::Param(index, path) => symbolic(0, index, path),
            Self::Result(index, path) => symbolic(1, index, path),
        }
    }

    fn path(self) -> Path {
        match self {
            Self::Param(_, path) | Self::Result(_, path) => path,
            _ => Path::ROOT,
        }
    }

    /// Whether it stands for something that a caller fills in.
    pub(super) fn symbolic(&self) -> bool {
        matches!(self, Self::Param(..) | Self::Asked(..) | Self::Result(..))
    }
}
