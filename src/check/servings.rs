//! Which purposes code serves: by the annotations on it and around it, by the notice's `code`; and which labelled places
//! such code reads. Knows paths of items and types of fields, not what becomes of a value.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::datamap::{Flow, NoticeId, Serving, Use};
use crate::flow::PackageFacts;
use crate::ir::{Attrs, ExprId};
use crate::label::{LabelId, Labels};
use crate::notice::Notice;
use crate::resolve::{GItem, Program};
use crate::source::Span;
use crate::types::Inference;

/// Where it is looked.
pub(super) struct Code<'a> {
    pub(super) program: &'a Program,
    pub(super) bodies: &'a [(GItem, Inference)],
    pub(super) labels: &'a Labels,
    pub(super) notices: &'a [Notice],
    pub(super) packages: &'a [PackageFacts],
}

/// The purposes of all items that hold sinks or read what is labelled, and these reads.
pub(super) fn servings(code: &Code<'_>, flows: &[Flow]) -> (Vec<Serving>, Vec<Use>) {
    let annotated = annotated(code.program);
    let mut all = Vec::new();
    for flow in flows {
        all.extend(serving(code, &annotated, &flow.item, flow.package.0, flow.notice));
    }
    let of_body = |(item, inference): &(GItem, Inference)| {
        let package = code.program.package_of(*item)?;
        let facts = code.packages.get(package as usize).filter(|facts| facts.selected)?;
        let path = path(code.program, *item);
        let servings = serving(code, &annotated, &path, package, facts.notice);
        let serves = !servings.is_empty();
        serves.then(|| (servings, reads(code, *item, inference, &path, facts.notice)))
    };
    let (servings, uses): (Vec<_>, Vec<_>) = code.bodies.par_iter().filter_map(of_body).unzip();
    all.extend(servings.into_iter().flatten());
    let mut uses: Vec<Use> = uses.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    uses.sort_by(|a, b| (&a.item, a.category, a.span, &a.path).cmp(&(&b.item, b.category, b.span, &b.path)));
    // One read of a kind tells as much as many.
    uses.dedup_by(|later, first| later.item == first.item && later.category == first.category);
    (all, uses)
}

/// What one item serves: the nearest annotation from it outwards decides, then the notice.
fn serving(
    code: &Code<'_>,
    annotated: &BTreeMap<String, (String, Span)>,
    item: &str,
    package: u32,
    notice: NoticeId,
) -> Vec<Serving> {
    let serving = |purpose: &str, span| Serving { item: item.to_owned(), purpose: purpose.to_owned(), span };
    let segments: Vec<&str> = item.split("::").collect();
    let around = (1..=segments.len()).rev().find_map(|n| annotated.get(&segments[..n].join("::")));
    if let Some((purpose, span)) = around {
        return vec![serving(purpose, *span)];
    }
    let facts = code.packages.get(package as usize);
    let home = facts.and_then(|facts| facts.crate_of_notice.as_deref()).unwrap_or("");
    let purposes = code.notices[notice.0 as usize].purposes.iter();
    let named = purposes.filter_map(|purpose| {
        let pattern = purpose.code.iter().find(|pattern| pattern.matches(&segments, home))?;
        Some(serving(&purpose.name.value, pattern.span))
    });
    named.collect()
}

/// Items with a purpose of their own, by path.
fn annotated(program: &Program) -> BTreeMap<String, (String, Span)> {
    let mut found = BTreeMap::new();
    for item in program.items().filter(|item| !program.is_model(*item)) {
        let Some(attrs) = Attrs::get(&program.item(item).attrs) else { continue };
        if let Some((purpose, range)) = &attrs.purpose {
            let span = program.span(item, *range);
            found.entry(path(program, item)).or_insert((purpose.as_str().to_owned(), span));
        }
    }
    found
}

/// The labelled fields that a body reads, and the labelled parameters that it has.
fn reads(code: &Code<'_>, item: GItem, inference: &Inference, path: &str, notice: NoticeId) -> Vec<Use> {
    let Some(body) = code.program.body(item) else { return Vec::new() };
    let mut found: Vec<(Span, LabelId)> = Vec::new();
    for id in (0..body.expr_ranges.len()).map(|at| ExprId(at as u32)) {
        let field = inference.fields.get(&id);
        let label = field.and_then(|(adt, index)| code.labels.fields.get(&(*adt, None, *index)));
        found.extend(label.map(|label| (code.program.span(item, body.range(id)), *label)));
    }
    for index in 0..u16::try_from(body.params.len()).unwrap_or(0) {
        let label = code.labels.params.get(&(item, index));
        found.extend(label.and_then(|label| Some((code.labels.get(*label).declared?, *label))));
    }
    let read = |(span, label): (Span, LabelId)| {
        let label = code.labels.get(label);
        Use {
            item: path.to_owned(),
            span,
            category: label.category,
            path: label.path.clone(),
            declared: label.declared,
            notice,
        }
    };
    found.into_iter().map(read).collect()
}

fn path(program: &Program, item: GItem) -> String {
    program.path(item).iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::")
}
