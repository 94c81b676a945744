//! What lies in a container under the name of some data: the data, or something about them. Knows the lists' structure, not
//! their words.

use super::classes::Class;
use super::lists::Lists;
use super::words::Words;

/// Whether a container of this name holds, under the name of some data, these: a form and a row do. One of errors, labels
/// or translations has one of them for each name, and a schema says how the data look.
#[must_use]
pub fn holds_what_it_names(container: &str) -> bool {
    let (lists, words) = (Lists::embedded(), Words::split(container));
    let Some(last) = words.len().checked_sub(1) else { return true };
    let last = words.get(last);
    let is = |class| lists.is(last, class);
    if is(Class::Settings) || is(Class::Form) {
        return true;
    }
    let describes = is(Class::Machine) && is(Class::Upkeep);
    let says_how_held =
        || [Class::Record, Class::Tail, Class::Attribute, Class::Person, Class::People].into_iter().any(is);
    let is_of_data = || lists.find(&words, words.len()).is_some();
    let has_one_each = is_plural(last) && !says_how_held() && !is_of_data();
    !(describes || has_one_each)
}

/// Whether a word is the plural of another.
fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_what_they_name_and_errors_are_about_it() {
        for name in [
            "form",
            "row",
            "body",
            "v",
            "params",
            "request_headers",
            "claims",
            "user",
            "smtp_config",
            "secrets",
            "",
        ] {
            assert!(holds_what_it_names(name), "{name}");
        }
        for name in [
            "errors",
            "schema",
            "properties",
            "field_labels",
            "translations",
            "email_templates",
            "validators",
        ] {
            assert!(!holds_what_it_names(name), "{name}");
        }
    }
}
