//! Data whose disclosure only a much broader statement covers.

use super::report::{self, Citation};
use super::{Group, Lint, LintLevel};
use crate::datamap::{DataMap, Datum, Flow, Recipient};
use crate::diagnostic::Diagnostic;
use crate::judge;
use crate::notice::{Permit, Recipient as Named};
use crate::taxonomy::CategoryId;

pub(super) static LINT: Lint = Lint {
    name: "vague_disclosure",
    group: Group::Sharing,
    level: LintLevel::Warn,
    page: page!("vague_disclosure"),
    check,
};

/// A statement about more kinds of data than this tells nobody which of them is meant.
const BROAD: usize = 20;

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for flow in &map.flows {
        let Some(recipient) = third_party(map, flow) else { continue };
        let vague = |datum: &&Datum| judge::reported_by(map, flow, datum).is_none();
        let covered = flow.data.iter().filter(vague).filter_map(|datum| {
            let permit = broad_permit(map, recipient, datum)?;
            Some((datum, permit))
        });
        let (data, permits): (Vec<_>, Vec<_>) = covered.unzip();
        let Some(permit) = permits.first() else { continue };
        let score = breadth(map, permit.category);
        let key = &map.taxonomy.get(permit.category).key;
        let message = format!(
            "vague disclosure: `{}` receives {} because it may receive {key}, which is {score} kinds of data",
            recipient.name.value,
            report::names(map, &data),
        );
        let label = "this covers it, and much else".to_owned();
        let cite = Citation { rule: permit.span, label, promise: recipient.promise.clone() };
        let found = report::bare(map, &LINT, flow, &data, message, Some(cite));
        out.push(
            found
                .help("declare it: name in `may-receive` the categories that are meant")
                .help(report::stop(flow))
                .help(report::reclassify()),
        );
    }
}

fn third_party<'a>(map: &'a DataMap, flow: &Flow) -> Option<&'a Named> {
    let Recipient::Declared(index) = flow.recipient else { return None };
    let recipient = map.notice(flow.notice).recipients.get(index)?;
    (!judge::is_own_end(recipient.role)).then_some(recipient)
}

/// The narrowest permit that covers a datum, where it is a broad one.
fn broad_permit<'a>(map: &DataMap, recipient: &'a Named, datum: &Datum) -> Option<&'a Permit> {
    let covering = recipient.may_receive.iter().flatten().filter(|permit| {
        map.taxonomy.is_within(datum.category, permit.category)
            && (permit.forms.is_empty() || permit.forms.contains(&datum.form))
    });
    let narrowest = covering.min_by_key(|permit| breadth(map, permit.category))?;
    (narrowest.category != datum.category && breadth(map, narrowest.category) > BROAD).then_some(narrowest)
}

/// How many categories one stands for.
fn breadth(map: &DataMap, category: CategoryId) -> usize {
    map.taxonomy.iter().filter(|(id, _)| map.taxonomy.is_within(*id, category)).count()
}
