//! The notice as written: every table and key of the file with its place, and nothing decided. Names are still text;
//! `load` finds out what they mean.

use super::problem::Written;
use super::shape::{Either, Table};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

type Errors = Vec<Diagnostic>;

/// The whole file.
#[derive(Debug, Default)]
pub(super) struct RawNotice {
    pub(super) title: Option<Written>,
    pub(super) version: Option<Written>,
    pub(super) text: Option<Written>,
    pub(super) extends: Option<Written>,
    pub(super) previous: Option<Written>,
    pub(super) models: Vec<Written>,
    pub(super) categories: Vec<RawCategory>,
    pub(super) collects: Vec<RawCollect>,
    pub(super) purposes: Vec<RawPurpose>,
    pub(super) cookies: Vec<RawCookie>,
    pub(super) data: Vec<RawData>,
    pub(super) words: Vec<RawWord>,
    pub(super) sources: Vec<RawSource>,
    pub(super) recipients: Vec<RawRecipient>,
    pub(super) choices: Vec<RawChoice>,
    pub(super) erasures: Vec<RawReach>,
    pub(super) accesses: Vec<RawReach>,
    pub(super) transforms: Vec<RawTransform>,
    pub(super) rules: Vec<RawRule>,
    pub(super) checked: Vec<RawChecked>,
    pub(super) unchecked: Vec<RawUnchecked>,
}

#[derive(Debug)]
pub(super) struct RawCategory {
    pub(super) key: Option<Written>,
    pub(super) identifies: Option<Written>,
}

#[derive(Debug)]
pub(super) struct RawCollect {
    pub(super) categories: Vec<Written>,
    pub(super) purposes: Vec<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawPurpose {
    pub(super) name: Option<Written>,
    pub(super) data_use: Option<Written>,
    pub(super) code: Vec<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawCookie {
    pub(super) name: Option<Written>,
    pub(super) category: Option<Written>,
    pub(super) essential: Option<bool>,
    pub(super) requires: Vec<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawData {
    pub(super) path: Option<Written>,
    pub(super) category: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawWord {
    pub(super) names: Vec<Written>,
    pub(super) category: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawSource {
    pub(super) calls: Vec<Written>,
    pub(super) category: Option<Written>,
    pub(super) purposes: Vec<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawPermit {
    pub(super) category: Option<Written>,
    pub(super) forms: Vec<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawAddress {
    pub(super) arg: Option<usize>,
    pub(super) from: Vec<Written>,
}

#[derive(Debug)]
pub(super) struct RawRecipient {
    pub(super) name: Option<Written>,
    pub(super) role: Option<Written>,
    pub(super) calls: Vec<Written>,
    pub(super) hosts: Vec<Written>,
    pub(super) may_receive: Option<Vec<RawPermit>>,
    pub(super) purposes: Vec<Written>,
    pub(super) requires: Vec<Written>,
    pub(super) together_with: Vec<Written>,
    pub(super) addressed_by: Option<RawAddress>,
    pub(super) follows_notice: Option<bool>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawChoice {
    pub(super) name: Option<Written>,
    pub(super) kind: Option<Written>,
    pub(super) checked_by: Vec<Written>,
    pub(super) refused_by: Vec<Written>,
    pub(super) when: Vec<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawReach {
    pub(super) name: Option<Written>,
    pub(super) root: Vec<Written>,
    pub(super) of: Vec<Written>,
    pub(super) by: Vec<Written>,
    pub(super) when_older_than: Option<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawTransform {
    pub(super) calls: Vec<Written>,
    pub(super) makes: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawChecked {
    pub(super) promise: Option<Written>,
    pub(super) by: Vec<Written>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct RawUnchecked {
    pub(super) promise: Option<Written>,
    pub(super) reason: Option<Written>,
    pub(super) span: Span,
}

#[derive(Debug, Default)]
pub(super) struct RawCondition {
    pub(super) role: Option<Written>,
    pub(super) recipient: Option<Written>,
    pub(super) categories: Vec<Written>,
    pub(super) identifies: Option<Written>,
    pub(super) forms: Vec<Written>,
}

#[derive(Debug)]
pub(super) struct RawRule {
    pub(super) to: Option<RawCondition>,
    pub(super) of: Vec<Written>,
    pub(super) never: Option<RawCondition>,
    pub(super) only: Option<RawCondition>,
    pub(super) requires: Vec<Written>,
    pub(super) promise: Option<Written>,
    pub(super) span: Span,
}

impl RawNotice {
    /// Reads all tables; what does not fit goes to `errors`.
    pub(super) fn read(mut root: Table<'_, '_>, e: &mut Errors) -> Self {
        let mut notice = Self::default();
        if let Some(head) = root.table("notice", e) {
            notice.read_head(head, e);
        }
        notice.categories = all(&mut root, "category", e, category);
        notice.collects = all(&mut root, "collect", e, collect);
        notice.purposes = all(&mut root, "purpose", e, purpose);
        notice.cookies = all(&mut root, "cookie", e, cookie);
        notice.data = all(&mut root, "data", e, data);
        notice.words = all(&mut root, "word", e, word);
        notice.sources = all(&mut root, "source", e, source);
        notice.recipients = all(&mut root, "recipient", e, recipient);
        notice.choices = all(&mut root, "choice", e, choice);
        notice.erasures = all(&mut root, "erasure", e, reach);
        notice.accesses = all(&mut root, "access", e, reach);
        notice.transforms = all(&mut root, "transform", e, transform);
        notice.rules = all(&mut root, "rule", e, rule);
        notice.checked = all(&mut root, "checked", e, checked);
        notice.unchecked = all(&mut root, "unchecked", e, unchecked);
        root.finish_root(e);
        notice
    }

    fn read_head(&mut self, mut table: Table<'_, '_>, e: &mut Errors) {
        self.title = table.text("title", e);
        self.version = table.text("version", e);
        self.text = table.text("text", e);
        self.extends = table.text("extends", e);
        self.previous = table.text("previous", e);
        self.models = table.texts("models", e);
        table.finish(e);
    }
}

/// Every table of a list, each read and then asked for what is left over.
fn all<T>(
    root: &mut Table<'_, '_>,
    key: &'static str,
    e: &mut Errors,
    read: fn(&mut Table<'_, '_>, &mut Errors) -> T,
) -> Vec<T> {
    let mut found = Vec::new();
    for mut table in root.tables(key, e) {
        found.push(read(&mut table, e));
        table.finish(e);
    }
    found
}

fn category(t: &mut Table<'_, '_>, e: &mut Errors) -> RawCategory {
    RawCategory { key: t.required("key", e), identifies: t.required("identifies", e) }
}

fn collect(t: &mut Table<'_, '_>, e: &mut Errors) -> RawCollect {
    RawCollect {
        categories: t.required_texts("categories", e),
        purposes: t.texts("for", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn purpose(t: &mut Table<'_, '_>, e: &mut Errors) -> RawPurpose {
    RawPurpose {
        name: t.required("name", e),
        data_use: t.text("is", e),
        code: t.texts("code", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn cookie(t: &mut Table<'_, '_>, e: &mut Errors) -> RawCookie {
    RawCookie {
        name: t.required("name", e),
        category: t.required("category", e),
        essential: t.flag("essential", e),
        requires: t.texts("requires", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn word(t: &mut Table<'_, '_>, e: &mut Errors) -> RawWord {
    RawWord { names: t.required_texts("names", e), category: t.required("category", e), span: t.span }
}

fn data(t: &mut Table<'_, '_>, e: &mut Errors) -> RawData {
    RawData { path: t.required("path", e), category: t.required("category", e), span: t.span }
}

fn source(t: &mut Table<'_, '_>, e: &mut Errors) -> RawSource {
    RawSource {
        calls: t.required_texts("calls", e),
        category: t.required("category", e),
        purposes: t.texts("for", e),
        span: t.span,
    }
}

fn recipient(t: &mut Table<'_, '_>, e: &mut Errors) -> RawRecipient {
    RawRecipient {
        name: t.required("name", e),
        role: t.required("role", e),
        calls: t.texts("calls", e),
        hosts: t.texts("hosts", e),
        may_receive: permits(t, e),
        purposes: t.texts("for", e),
        requires: t.texts("requires", e),
        together_with: t.texts("together-with", e),
        addressed_by: t.table("addressed-by", e).map(|table| address(table, e)),
        follows_notice: t.flag("follows-notice", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn permits(t: &mut Table<'_, '_>, e: &mut Errors) -> Option<Vec<RawPermit>> {
    let mut found = Vec::new();
    for item in t.mixed("may-receive", e)? {
        found.push(match item {
            Either::Text(text) => RawPermit { span: text.span, category: Some(text), forms: Vec::new() },
            Either::Table(mut table) => {
                let (category, forms) = (table.required("category", e), table.texts("as", e));
                let span = table.span;
                table.finish(e);
                RawPermit { category, forms, span }
            }
        });
    }
    Some(found)
}

fn address(mut table: Table<'_, '_>, e: &mut Errors) -> RawAddress {
    let raw = RawAddress { arg: table.ordinal("arg", e), from: table.required_texts("from", e) };
    table.finish(e);
    raw
}

fn choice(t: &mut Table<'_, '_>, e: &mut Errors) -> RawChoice {
    RawChoice {
        name: t.required("name", e),
        kind: t.text("kind", e),
        checked_by: t.texts("checked-by", e),
        refused_by: t.texts("refused-by", e),
        when: t.texts("when", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn reach(t: &mut Table<'_, '_>, e: &mut Errors) -> RawReach {
    RawReach {
        name: t.text("name", e),
        root: t.required_texts("root", e),
        of: t.texts("of", e),
        by: t.texts("by", e),
        when_older_than: t.text("when-older-than", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn transform(t: &mut Table<'_, '_>, e: &mut Errors) -> RawTransform {
    RawTransform { calls: t.required_texts("calls", e), makes: t.required("makes", e), span: t.span }
}

fn rule(t: &mut Table<'_, '_>, e: &mut Errors) -> RawRule {
    RawRule {
        to: t.table("to", e).map(|table| whom(table, e)),
        of: t.texts("of", e),
        never: t.table("never", e).map(|table| what(table, e)),
        only: t.table("only", e).map(|table| what(table, e)),
        requires: t.texts("requires", e),
        promise: t.text("promise", e),
        span: t.span,
    }
}

fn checked(t: &mut Table<'_, '_>, e: &mut Errors) -> RawChecked {
    RawChecked { promise: t.required("promise", e), by: t.required_texts("by", e), span: t.span }
}

fn unchecked(t: &mut Table<'_, '_>, e: &mut Errors) -> RawUnchecked {
    RawUnchecked { promise: t.required("promise", e), reason: t.required("reason", e), span: t.span }
}

/// The recipients that a rule is about.
fn whom(mut table: Table<'_, '_>, e: &mut Errors) -> RawCondition {
    let raw = RawCondition {
        role: table.text("role", e),
        recipient: table.text("recipient", e),
        ..Default::default()
    };
    table.finish(e);
    raw
}

/// The data that a rule is about.
fn what(mut table: Table<'_, '_>, e: &mut Errors) -> RawCondition {
    let raw = RawCondition {
        categories: table.texts("categories", e),
        identifies: table.text("identifies", e),
        forms: table.texts("as", e),
        ..Default::default()
    };
    table.finish(e);
    raw
}

/// Every key of the language, as `table.key`; a table inside another goes by the key that it stands under. Found by reading
/// notices in which each key known so far holds a table or a list of one.
#[cfg(test)]
pub(super) fn keys() -> std::collections::BTreeSet<String> {
    use super::shape::{asked, parse};
    use crate::source::FileId;

    let mut known = std::collections::BTreeSet::new();
    for _depth in 0..3 {
        for (open, close) in [("{", "}"), ("[{", "}]")] {
            for value in ["{}", "[{}]"] {
                let text = specimen(&known, (open, close), value);
                let root = parse(FileId(0), &text).unwrap_or_default();
                RawNotice::read(Table::root(FileId(0), &root), &mut Vec::new());
                known.extend(asked::keys());
            }
        }
    }
    known.retain(|key| !key.starts_with('.'));
    known
}

/// A notice with every table known, and every key in it.
#[cfg(test)]
fn specimen(known: &std::collections::BTreeSet<String>, (open, close): (&str, &str), value: &str) -> String {
    let tables = known.iter().filter_map(|key| key.strip_prefix('.'));
    let written = tables.map(|table| {
        let keys = known.iter().filter_map(|key| key.strip_prefix(table)?.strip_prefix('.'));
        let keys: Vec<String> = keys.map(|key| format!("{key} = {value}")).collect();
        format!("{table} = {open}{}{close}\n", keys.join(", "))
    });
    written.collect()
}
