//! What a scope calls our annotations: `use` may give the crate, and the attributes that stand on items, another name.
//! Reads the scope's own imports alone; names that come through a module of the program are not seen.

use crate::ir::{Annotating, Import};
use crate::name::Name;

/// The companion crate.
pub(super) const CRATE: &str = "personal_data";

/// An attribute that stands on items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ours {
    Allow,
    Purpose,
}

/// Which of ours a path of these words names.
pub(super) fn by_path(annotating: Annotating, words: &[&str]) -> Option<Ours> {
    let is = |known: Option<Name>, word: &str| known.is_some_and(|known| known == *word);
    match words {
        [word] if is(annotating.allow, word) => Some(Ours::Allow),
        [word] if is(annotating.purpose, word) => Some(Ours::Purpose),
        [first, .., last] if *first == CRATE || is(annotating.krate, first) => match *last {
            "allow" => Some(Ours::Allow),
            "purpose" => Some(Ours::Purpose),
            _ => None,
        },
        _ => None,
    }
}

/// What annotations are called in a scope with these imports: as `known` without any, and as `outer` in the module
/// around.
pub(super) fn of_scope(imports: &[Import], outer: Annotating, known: Annotating) -> Annotating {
    let mut found = known;
    for import in imports {
        let words: Vec<&str> = import.path.segments.iter().map(|segment| segment.name.as_str()).collect();
        match (&words[..], import.glob) {
            ([CRATE], false) => found.krate = import.alias,
            ([CRATE, "allow"], false) => found.allow = import.alias,
            ([CRATE, "purpose"], false) => found.purpose = import.alias,
            // The built-in `allow` is not shadowed by what a `*` brings.
            ([CRATE], true) => found.purpose = Some(Name::new("purpose")),
            (["super"], true) => {
                let Annotating { krate, allow, purpose } = outer;
                found.krate = found.krate.or(krate);
                found.allow = found.allow.or(allow);
                found.purpose = found.purpose.or(purpose);
            }
            _ => {}
        }
    }
    found
}
