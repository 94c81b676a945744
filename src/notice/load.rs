//! Loading a notice: text to a valid [`Notice`], all errors in one go. The only IO is the `read` that is handed in, for
//! the published prose. Knows nothing of code.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::problem::{self, Written};
use super::prose::Prose;
use super::raw::{RawCategory, RawNotice};
use super::shape::{self, Table};
use super::valid::{Conversion, Declared};
use super::{Named, Notice, Spanned};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};
use crate::taxonomy::{Identifies, Taxonomy};

/// A valid notice with what lints say of it, or all that is wrong with it.
pub type Loaded = Result<(Notice, Vec<Diagnostic>), Vec<Diagnostic>>;

/// What `extends` may name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    Default,
}

impl Named for Base {
    const WORDS: &'static [(&'static str, Self)] = &[("default", Self::Default)];
}

/// Makes a notice of a file that `sources` holds. Its own categories are added to `taxonomy`, its prose to `sources`.
///
/// # Errors
/// All that makes it unusable, sorted by place. What only a lint minds (an unknown category, a promise that the prose
/// does not hold) comes beside the notice, which then lacks that entry.
pub fn load(
    text_file: FileId,
    sources: &mut SourceMap,
    taxonomy: &mut Taxonomy,
    read: &mut dyn FnMut(&Path) -> io::Result<String>,
) -> Loaded {
    let text = sources.file(text_file).text().clone();
    let document = shape::parse(text_file, &text)?;
    let mut errors = Vec::new();
    let mut raw = RawNotice::read(Table::root(text_file, &document), &mut errors);
    let base = base(&raw, &mut errors).map(|Base::Default| default_notice(sources, taxonomy));
    add_categories(std::mem::take(&mut raw.categories), taxonomy, &mut errors);
    let prose = raw.text.take().and_then(|written| prose(&written, text_file, sources, read, &mut errors));
    check_duplicates(&raw, &mut errors);
    let declared = declared(&raw, base.as_ref());
    let mut conversion = Conversion { taxonomy, prose, declared, errors, findings: Vec::new() };
    let mut notice = convert(raw, text_file, &mut conversion);
    let Conversion { mut errors, mut findings, .. } = conversion;
    if errors.is_empty() {
        if let Some(base) = base {
            extend(&mut notice, base);
        }
        findings.sort_by_key(|d| d.primary);
        return Ok((notice, findings));
    }
    errors.append(&mut findings);
    errors.sort_by_key(|d| d.primary);
    Err(errors)
}

/// The embedded notice; its files appear in `sources` below `<default notice>`.
#[must_use]
pub fn default_notice(sources: &mut SourceMap, taxonomy: &mut Taxonomy) -> Notice {
    let path = PathBuf::from("<default notice>/privacy-notice.toml");
    let file =
        known(sources, &path).unwrap_or_else(|| sources.add(path, Arc::from(include_str!("default.toml"))));
    let loaded = load(file, sources, taxonomy, &mut |_| Ok(include_str!("default.md").to_owned()));
    // A test holds the embedded notice to be valid; without it there would be nothing to judge by.
    let notice = loaded.map_or_else(|_| Notice::empty(file), |(notice, _)| notice);
    Notice { is_default: true, ..notice }
}

fn known(sources: &SourceMap, path: &Path) -> Option<FileId> {
    sources.iter().find(|(_, file)| file.path == path).map(|(id, _)| id)
}

fn base(raw: &RawNotice, errors: &mut Vec<Diagnostic>) -> Option<Base> {
    let written = raw.extends.as_ref()?;
    let base = Base::parse(&written.value);
    if base.is_none() {
        errors.push(problem::unknown_word::<Base>("extends", written));
    }
    base
}

/// Adds a notice's own categories, those above before those below, in whatever order they were written.
fn add_categories(mut raw: Vec<RawCategory>, taxonomy: &mut Taxonomy, errors: &mut Vec<Diagnostic>) {
    report_duplicates("category", raw.iter().filter_map(|c| c.key.as_ref()), errors);
    raw.sort_by_key(|c| c.key.as_ref().map_or(0, |key| key.value.matches('.').count()));
    for each in raw {
        let identifies = each.identifies.and_then(|word| {
            let value = <Identifies as Named>::parse(&word.value);
            if value.is_none() {
                errors.push(problem::unknown_word::<Identifies>("identifies", &word));
            }
            value
        });
        // A category whose `identifies` is missing or wrong is still added, so that its uses are no errors besides.
        let Some(key) = each.key else { continue };
        if let Err(error) = taxonomy.add(&key.value, identifies.unwrap_or(Identifies::Directly)) {
            errors.push(problem::bad_addition(&key, &error, taxonomy));
        }
    }
}

fn prose(
    written: &Written,
    notice: FileId,
    sources: &mut SourceMap,
    read: &mut dyn FnMut(&Path) -> io::Result<String>,
    errors: &mut Vec<Diagnostic>,
) -> Option<(FileId, Prose)> {
    let path = sources.path(notice).parent().unwrap_or(Path::new("")).join(&written.value);
    let file = match known(sources, &path) {
        Some(file) => file,
        None => match read(&path) {
            Ok(text) => sources.add(path, Arc::from(text)),
            Err(error) => {
                errors.push(problem::unreadable_prose(written, &error));
                return None;
            }
        },
    };
    Some((file, Prose::new(sources.file(file).text())))
}

fn check_duplicates(raw: &RawNotice, errors: &mut Vec<Diagnostic>) {
    report_duplicates("recipient", raw.recipients.iter().filter_map(|r| r.name.as_ref()), errors);
    report_duplicates("purpose", raw.purposes.iter().filter_map(|p| p.name.as_ref()), errors);
    report_duplicates("word", raw.words.iter().flat_map(|w| &w.names), errors);
    report_duplicates("choice", raw.choices.iter().filter_map(|c| c.name.as_ref()), errors);
    report_duplicates("cookie", raw.cookies.iter().filter_map(|c| c.name.as_ref()), errors);
    report_duplicates("erasure", raw.erasures.iter().filter_map(|r| r.name.as_ref()), errors);
    report_duplicates("access", raw.accesses.iter().filter_map(|r| r.name.as_ref()), errors);
}

fn report_duplicates<'a>(kind: &str, names: impl Iterator<Item = &'a Written>, errors: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&Written> = Vec::new();
    for name in names {
        match seen.iter().find(|s| s.value == name.value) {
            Some(first) => errors.push(problem::duplicate(kind, name, first.span)),
            None => seen.push(name),
        }
    }
}

fn declared(raw: &RawNotice, base: Option<&Notice>) -> Declared {
    let own = |name: &Option<Written>| name.as_ref().map(|w| w.value.clone());
    let mut declared = Declared {
        purposes: raw.purposes.iter().filter_map(|p| own(&p.name)).collect(),
        choices: raw.choices.iter().filter_map(|c| own(&c.name)).collect(),
        recipients: raw.recipients.iter().filter_map(|r| own(&r.name)).collect(),
    };
    if let Some(base) = base {
        declared.purposes.extend(base.purposes.iter().map(|p| p.name.value.clone()));
        declared.choices.extend(base.choices.iter().map(|c| c.name.value.clone()));
        declared.recipients.extend(base.recipients.iter().map(|r| r.name.value.clone()));
    }
    declared
}

fn convert(raw: RawNotice, file: FileId, to: &mut Conversion<'_>) -> Notice {
    Notice {
        file,
        is_default: false,
        title: raw.title.map(|w| w.value),
        version: raw.version.map(|w| w.value),
        prose: to.prose.as_ref().map(|(file, _)| *file),
        previous: raw.previous,
        models: raw.models,
        collects: raw.collects.into_iter().map(|c| to.collect(c)).collect(),
        purposes: raw.purposes.into_iter().filter_map(|p| to.purpose(p)).collect(),
        cookies: raw.cookies.into_iter().filter_map(|c| to.cookie(c)).collect(),
        data: raw.data.into_iter().filter_map(|d| to.data(d)).collect(),
        words: raw.words.into_iter().filter_map(|w| to.own_word(w)).collect(),
        sources: raw.sources.into_iter().filter_map(|s| to.source(s)).collect(),
        recipients: raw.recipients.into_iter().filter_map(|r| to.recipient(r)).collect(),
        choices: raw.choices.into_iter().filter_map(|c| to.choice(c)).collect(),
        erasures: raw.erasures.into_iter().map(|r| to.reach(r)).collect(),
        accesses: raw.accesses.into_iter().map(|r| to.reach(r)).collect(),
        transforms: raw.transforms.into_iter().filter_map(|t| to.transform(t)).collect(),
        rules: raw.rules.into_iter().filter_map(|r| to.rule(r)).collect(),
        checked: raw.checked.into_iter().filter_map(|c| to.checked(c)).collect(),
        unchecked: raw.unchecked.into_iter().filter_map(|u| to.unchecked(u)).collect(),
    }
}

/// Puts what a notice extends behind what it says itself; what it names again is its own.
fn extend(notice: &mut Notice, base: Notice) {
    extend_named(&mut notice.recipients, base.recipients, |r| &r.name);
    extend_named(&mut notice.choices, base.choices, |c| &c.name);
    extend_named(&mut notice.purposes, base.purposes, |p| &p.name);
    extend_named(&mut notice.cookies, base.cookies, |c| &c.name);
    notice.collects.extend(base.collects);
    notice.data.extend(base.data);
    notice.words.extend(base.words);
    notice.sources.extend(base.sources);
    notice.erasures.extend(base.erasures);
    notice.accesses.extend(base.accesses);
    notice.transforms.extend(base.transforms);
    notice.rules.extend(base.rules);
    notice.checked.extend(base.checked);
    notice.unchecked.extend(base.unchecked);
}

fn extend_named<T>(own: &mut Vec<T>, base: Vec<T>, name: fn(&T) -> &Spanned<String>) {
    let added: Vec<T> =
        base.into_iter().filter(|b| !own.iter().any(|o| name(o).value == name(b).value)).collect();
    own.extend(added);
}
