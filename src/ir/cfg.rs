//! What `cfg` conditions say of each other, whatever the build. Evaluates none.

use super::Cfg;

/// Keys of which a target has one value; a package may have several features.
const SINGLE: [&str; 7] = [
    "target_os",
    "target_arch",
    "target_env",
    "target_family",
    "target_pointer_width",
    "target_endian",
    "panic",
];

impl Cfg {
    /// Whether two lists of conditions never hold together.
    #[must_use]
    pub fn exclude(a: &[Self], b: &[Self]) -> bool {
        a.iter().any(|one| b.iter().any(|other| one.contradicts(other)))
    }

    /// Whether another holds nowhere where this does.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(list), one) | (one, Self::All(list)) => list.iter().any(|part| part.contradicts(one)),
            (Self::Not(inner), one) | (one, Self::Not(inner)) => one.implies(inner),
            (Self::Any(list), one) | (one, Self::Any(list)) => list.iter().all(|part| part.contradicts(one)),
            (Self::Value(x, v), Self::Value(y, w)) => x == y && v != w && SINGLE.contains(&x.as_str()),
            (Self::Flag(x), Self::Flag(y)) => {
                matches!((x.as_str(), y.as_str()), ("unix", "windows") | ("windows", "unix"))
            }
            _ => false,
        }
    }

    /// Whether another holds wherever this does.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        match (self, other) {
            (_, Self::All(list)) => list.iter().all(|part| self.implies(part)),
            (Self::All(list), _) => list.iter().any(|part| part.implies(other)),
            (_, Self::Any(list)) => list.iter().any(|part| self.implies(part)),
            _ => false,
        }
    }
}
