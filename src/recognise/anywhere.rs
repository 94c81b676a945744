//! Whether a name can say anything at all, asked of each name of a program before its type and surroundings are looked at.
//! Weighs nothing: it asks the graders about the surroundings in which most names say something.

use std::sync::LazyLock;

use super::classes::Strength;
use super::field::Field;
use super::lists::Lists;
use super::words::Words;
use super::{Facts, PlaceKind, TypeFacts, TypeShape, grade, record};

const TEXT: TypeFacts<'static> = TypeFacts { segments: &["Vec", "String"], shape: TypeShape::Text };
const ADDRESS: TypeFacts<'static> = TypeFacts { segments: &["SocketAddr"], shape: TypeShape::Foreign };

/// Texts that a user has or wrote or that are set for a program, and the address of a peer.
const SURROUNDINGS: [(&str, TypeFacts<'static>); 4] =
    [("User", TEXT), ("Note", TEXT), ("Config", TEXT), ("Peer", ADDRESS)];

static HOLDERS: LazyLock<[Words; 4]> = LazyLock::new(|| SURROUNDINGS.map(|(holder, _)| Words::split(holder)));

/// Whether a name may say something somewhere; one that does not says nothing anywhere.
#[must_use]
pub fn may_tell(name: &str) -> bool {
    let is_position = name.bytes().next().is_none_or(|first| first.is_ascii_digit());
    if is_position {
        return false;
    }
    let (lists, words) = (Lists::embedded(), Words::split(name));
    let found = grade::find(lists, PlaceKind::Field, &words);
    needs_company(lists, &words)
        || needs_holder(lists, &words)
        || record::keeps_choices(lists, &words)
        || SURROUNDINGS.iter().zip(HOLDERS.iter()).any(|((name_of_holder, ty), holder)| {
            let facts = Facts {
                kind: PlaceKind::Field,
                name,
                holder: Some(name_of_holder),
                holder_fields: &[],
                ty: *ty,
                serde_name: None,
                doc: None,
                owner: Some("user_id"),
                method_of: None,
            };
            grade::grade(Field { lists, facts: &facts, name, words: &words, found, holder }).is_some()
        })
}

/// Whether a name that says nothing alone may say something together with its holder or with what stands beside it.
pub(super) fn needs_company(lists: &Lists, words: &Words) -> bool {
    let is_home = lists.find(words, words.len()).is_some_and(|found| found.strength == Strength::Home);
    is_home || lists.ends_phrases(words) || record::is_deed(lists, words)
}

/// Whether a name may say something in a holder of a world of its own: the `data` of a second factor.
fn needs_holder(lists: &Lists, words: &Words) -> bool {
    words.iter().any(|word| lists.ends_in_world(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_something_somewhere() {
        let some =
            ["email", "seed", "totp_seed", "number", "remote_addr", "subject", "theme", "user_preferences"];
        for name in some {
            assert!(may_tell(name), "{name}");
        }
        for name in ["", "0", "12", "offset", "is_empty", "retry_count", "buffer"] {
            assert!(!may_tell(name), "{name}");
        }
    }
}
