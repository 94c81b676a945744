//! What can be wrong with a notice, in words: one function an error, each with its span and, where there is one, the
//! nearest name that would do. Decides nothing.

use super::{Named, Spanned};
use crate::diagnostic::{Diagnostic, Fix, Label, LabelKind, Level};
use crate::source::Span;
use crate::taxonomy::{AddError, Taxonomy, Unresolved};

/// A text of the notice with its place, quotation marks included.
pub(super) type Written = Spanned<String>;

/// The name that was probably meant.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = written.to_lowercase().replace('_', "-");
    let scored = known.into_iter().map(|name| (strsim::jaro_winkler(&folded, &name.replace('_', "-")), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    best.filter(|(score, _)| *score > 0.8).map(|(_, name)| name)
}

/// `a`, `b`, `c`
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// With `did you mean`, and the edit; otherwise with what there is.
fn suggesting(
    mut diagnostic: Diagnostic,
    span: Span,
    name: Option<&str>,
    quoted: bool,
    known: &[&str],
) -> Diagnostic {
    if let Some(name) = name {
        let text = if quoted { format!("\"{name}\"") } else { name.to_owned() };
        let title = format!("write `{name}`");
        diagnostic.fixes.push(Fix { title, edits: vec![(span, text)], machine_applicable: false });
        diagnostic.help(format!("did you mean `{name}`?"))
    } else if known.is_empty() {
        diagnostic
    } else {
        diagnostic.help(format!("there are {}", listed(known.iter().copied())))
    }
}

pub(super) fn unknown_key(key: &str, span: Span, table: &str, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(format!("unknown key `{}` in {table}", key.escape_debug()), Some(span))
            .labelled("not a key of this table");
    suggesting(diagnostic, span, nearest(key, known.iter().copied()), false, known)
}

pub(super) fn unknown_table(key: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(format!("unknown table `{}`", key.escape_debug()), Some(span))
        .labelled("not a table of a privacy notice");
    suggesting(diagnostic, span, nearest(key, known.iter().copied()), false, known)
}

pub(super) fn missing_key(key: &str, span: Span, table: &str) -> Diagnostic {
    Diagnostic::error(format!("{table} lacks the key `{key}`"), Some(span))
        .labelled(format!("`{key}` is required here"))
}

pub(super) fn wrong_type(what: &str, span: Span, wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} must be {wanted}, not {found}"), Some(span))
        .labelled(format!("expected {wanted}"))
}

pub(super) fn one_table(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("`{key}` is a list of tables"), Some(span))
        .labelled("one table")
        .help(format!("write `[[{key}]]`"))
}

pub(super) fn unknown_word<E: Named>(key: &str, written: &Written) -> Diagnostic {
    let words: Vec<&str> = E::WORDS.iter().map(|(word, _)| *word).collect();
    let message = format!("`{}` is not a value of `{key}`", written.value.escape_debug());
    let near = nearest(&written.value, words.iter().copied());
    let diagnostic = Diagnostic::error(message, Some(written.span))
        .labelled(format!("one of {}", listed(words.iter().copied())));
    suggesting(diagnostic, written.span, near, true, &[])
}

pub(super) fn open_role(written: &Written) -> Diagnostic {
    let words = super::Role::WORDS.iter().map(|(word, _)| *word);
    let fix = |word: &str| Fix {
        title: format!("write `{word}`"),
        edits: vec![(written.span, format!("\"{word}\""))],
        machine_applicable: false,
    };
    let mut diagnostic = Diagnostic::error("the role of this recipient is still open", Some(written.span))
        .labelled("nothing can be judged before this is settled")
        .help("whoever works on your behalf is a `service-provider`, whoever advertises with the data an `ad-company`")
        .help(format!("there are {}", listed(words)));
    diagnostic.fixes.push(fix("service-provider"));
    diagnostic
}

pub(super) fn undeclared(kind: &str, written: &Written, declared: &[&str]) -> Diagnostic {
    let message = format!("no {kind} `{}` is declared", written.value.escape_debug());
    let diagnostic =
        Diagnostic::error(message, Some(written.span)).labelled(format!("not declared in `[[{kind}]]`"));
    let near = nearest(&written.value, declared.iter().copied());
    let diagnostic = suggesting(diagnostic, written.span, near, true, declared);
    if declared.is_empty() { diagnostic.help(format!("declare it with `[[{kind}]]`")) } else { diagnostic }
}

pub(super) fn duplicate(kind: &str, written: &Written, first: Span) -> Diagnostic {
    let message = format!("the {kind} `{}` is declared twice", written.value.escape_debug());
    let mut diagnostic = Diagnostic::error(message, Some(written.span)).labelled("declared again");
    diagnostic.labels.push(Label {
        span: first,
        kind: LabelKind::Other,
        text: "first declared here".to_owned(),
    });
    diagnostic
}

pub(super) fn no_name(written: &Written) -> Diagnostic {
    let message = format!("`{}` is no name", written.value.escape_debug());
    Diagnostic::error(message, Some(written.span))
        .labelled("no letter and no digit")
        .help("write what names of such data end in: `msisdn`, `customer number`")
}

pub(super) fn bad_pattern(written: &Written, error: &super::PatternError) -> Diagnostic {
    let message = format!("`{}` is not a path: {}", written.value.escape_debug(), error.why);
    suggesting(
        Diagnostic::error(message, Some(written.span)),
        written.span,
        error.suggestion.as_deref(),
        true,
        &[],
    )
}

pub(super) fn bad_host(written: &Written, meant: Option<&str>) -> Diagnostic {
    let message = format!("`{}` is not a host", written.value.escape_debug());
    let diagnostic = Diagnostic::error(message, Some(written.span))
        .labelled("a host has neither scheme nor path; `*.` before it stands for all its subdomains");
    suggesting(diagnostic, written.span, meant, true, &[])
}

pub(super) fn bad_category(written: &Written, why: &Unresolved) -> Diagnostic {
    unknown_category(&written.value, written.span, why, true)
}

/// The lint `unknown_category`, for a category in a notice (`quoted`) or in an annotation.
#[must_use]
pub fn unknown_category(written: &str, span: Span, why: &Unresolved, quoted: bool) -> Diagnostic {
    let shown = written.escape_debug();
    let (message, label, candidates) = match why {
        Unresolved::Ambiguous(keys) => {
            (format!("the category `{shown}` is ambiguous"), "the last part of several categories", keys)
        }
        Unresolved::Unknown(keys) => (format!("unknown category `{shown}`"), "not in the taxonomy", keys),
    };
    let mut diagnostic = Diagnostic::error(message, Some(span)).labelled(label);
    diagnostic.lint = Some("unknown_category");
    match why {
        Unresolved::Ambiguous(keys) => {
            diagnostic.helps.push(format!("write one of {}", listed(keys.iter().map(String::as_str))));
        }
        Unresolved::Unknown(keys) if !keys.is_empty() => {
            diagnostic.helps.push(format!("did you mean {}?", listed(keys.iter().map(String::as_str))));
        }
        Unresolved::Unknown(_) => {}
    }
    diagnostic.helps.extend([
        "declare it: a category of the team's own stands in a `[[category]]`, below one that exists"
            .to_owned(),
        "stop it: take it out, where there is no such data".to_owned(),
        "reclassify it: name the category that is meant, or a broader one".to_owned(),
    ]);
    diagnostic.fixes.extend(candidates.iter().map(|key| Fix {
        title: format!("write `{key}`"),
        edits: vec![(span, if quoted { format!("\"{key}\"") } else { key.clone() })],
        machine_applicable: false,
    }));
    diagnostic
}

pub(super) fn bad_addition(written: &Written, error: &AddError, taxonomy: &Taxonomy) -> Diagnostic {
    let key = written.value.escape_debug();
    let at = Some(written.span);
    match error {
        AddError::Malformed => Diagnostic::error(format!("`{key}` is not a category's key"), at)
            .labelled("words of lower case letters, digits and `_`, parted by dots"),
        AddError::Exists(id) => Diagnostic::error(format!("the category `{key}` exists"), at)
            .labelled(format!("its `identifies` is `{}`", taxonomy.get(*id).identifies.name())),
        AddError::NoParent(parent, near) => {
            let diagnostic =
                Diagnostic::error(format!("the category `{key}` lies below none that exists"), at)
                    .labelled(format!("there is no `{}`", parent.escape_debug()));
            if near.is_empty() {
                diagnostic.help("all categories lie below `user`")
            } else {
                diagnostic
                    .help(format!("did you mean one below {}?", listed(near.iter().map(String::as_str))))
            }
        }
        AddError::TooMany => Diagnostic::error("there are too many categories", at),
    }
}

pub(super) fn empty_rule(span: Span) -> Diagnostic {
    Diagnostic::error("a `[[rule]]` needs one of `never`, `only` and `requires`", Some(span))
        .labelled("this rule neither forbids nor asks for anything")
}

pub(super) fn unreadable_prose(written: &Written, error: &std::io::Error) -> Diagnostic {
    let message = format!("the published text `{}` cannot be read: {error}", written.value.escape_debug());
    Diagnostic::error(message, Some(written.span))
        .labelled("named here")
        .help("the path is relative to the notice")
}

/// The lint `promise_not_in_notice`; `near` is the most similar sentence of the prose, with its text.
pub(super) fn promise_not_in_notice(span: Span, near: Option<(Span, &str)>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("this promise is not in the published notice", Some(span))
        .labelled("the text does not contain this sentence");
    diagnostic.lint = Some("promise_not_in_notice");
    debug_assert_eq!(diagnostic.level, Level::Error);
    let diagnostic = diagnostic
        .help("declare it: publish the sentence, or quote the one that this entry states, word for word")
        .help("stop it: leave the `promise` out, where nothing is promised")
        .help("reclassify it: if the sentence stands in another text, let `text` name that one");
    let Some((place, sentence)) = near else { return diagnostic };
    let mut diagnostic = diagnostic;
    let text = "the nearest sentence of the notice".to_owned();
    diagnostic.labels.push(Label { span: place, kind: LabelKind::Prose, text });
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    diagnostic.fixes.push(Fix {
        title: "quote the nearest sentence".to_owned(),
        edits: vec![(span, toml::Value::String(sentence.clone()).to_string())],
        machine_applicable: false,
    });
    diagnostic.help(format!("the nearest sentence is: {sentence}"))
}
