//! Purposes: what code, recipients and collected data are said to serve, and whether the one is among the others. A
//! purpose is named as the notice names it, or by its data use; a broad use covers those below it.

use crate::datamap::{DataMap, Serving};
use crate::notice::{Notice, Purpose, Spanned};

/// Whether what code serves is one of the purposes listed.
#[must_use]
pub fn is_among(notice: &Notice, written: &str, listed: &[Spanned<String>]) -> bool {
    let use_of = data_use_of(notice, written);
    let covers = |purpose: &Purpose| data_use(purpose).is_some_and(|known| is_within(use_of, known));
    listed.iter().any(|name| {
        name.value == written || notice.purposes.iter().any(|p| p.name.value == name.value && covers(p))
    })
}

/// Whether what code serves is a data use or lies below it.
#[must_use]
pub fn is_use(notice: &Notice, written: &str, above: &str) -> bool {
    is_within(data_use_of(notice, written), above)
}

/// What an item's code serves, where nothing that it serves is among the purposes listed. Code that serves several
/// things may do what one of them asks for, and code that is said to serve nothing is not judged.
#[must_use]
pub fn none_among<'a>(
    map: &'a DataMap,
    notice: &Notice,
    item: &str,
    listed: &[Spanned<String>],
) -> Option<&'a Serving> {
    let first = map.servings_of(item).next()?;
    let is_listed = |serving: &Serving| is_among(notice, &serving.purpose, listed);
    (!map.servings_of(item).any(is_listed)).then_some(first)
}

/// Whether an item's code serves a purpose of the notice.
#[must_use]
pub fn serves(map: &DataMap, notice: &Notice, item: &str, purpose: &Purpose) -> bool {
    let listed = std::slice::from_ref(&purpose.name);
    map.servings_of(item).any(|serving| is_among(notice, &serving.purpose, listed))
}

/// The data use behind a word that names a purpose or a data use.
fn data_use_of<'a>(notice: &'a Notice, written: &'a str) -> &'a str {
    let named = notice.purposes.iter().find(|purpose| purpose.name.value == written);
    named.and_then(data_use).unwrap_or(written)
}

fn data_use(purpose: &Purpose) -> Option<&str> {
    purpose.data_use.as_ref().map(|data_use| data_use.value.as_str())
}

/// Whether a data use is another one or lies below it.
#[must_use]
pub fn is_within(below: &str, above: &str) -> bool {
    below.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
