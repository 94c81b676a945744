//! Data at a recipient that may not have it, as `judge` decides: each lint of this kind takes the data that are
//! its own to report. Knows one flow and the notice.

use super::Lint;
use super::report::{self, Citation};
use crate::datamap::{DataMap, Datum, Flow, Recipient};
use crate::diagnostic::{Diagnostic, Label, LabelKind};
use crate::judge::{self, Clause, Verdict};

/// The data of one flow that one lint reports, with the verdicts on them.
pub(super) struct Breach<'a> {
    pub(super) map: &'a DataMap,
    pub(super) flow: &'a Flow,
    pub(super) data: Vec<&'a Datum>,
    verdicts: Vec<Verdict>,
}

/// Reports, flow by flow, what `lint` is to report, in the words of `message`.
pub(super) fn check(
    map: &DataMap,
    lint: &Lint,
    message: fn(&Breach<'_>) -> String,
    out: &mut Vec<Diagnostic>,
) {
    out.extend(breaches(map, lint).map(|breach| breach.finding(lint, message(&breach))));
}

/// The flows with data that `lint` is to report.
pub(super) fn breaches<'a>(map: &'a DataMap, lint: &Lint) -> impl Iterator<Item = Breach<'a>> {
    let name = lint.name;
    map.flows.iter().filter_map(move |flow| {
        let mine = |datum: &'a Datum| match judge::reported_by(map, flow, datum) {
            Some((by, verdict)) if by == name => Some((datum, verdict)),
            _ => None,
        };
        let (data, verdicts): (Vec<_>, Vec<_>) = flow.data.iter().filter_map(mine).unzip();
        (!data.is_empty()).then_some(Breach { map, flow, data, verdicts })
    })
}

impl Breach<'_> {
    /// The finding with its remedies: what a rule forbids outright is allowed by no `may-receive`.
    pub(super) fn finding(&self, lint: &Lint, message: String) -> Diagnostic {
        let mut grounds = self.grounds().into_iter();
        let cite = grounds.next();
        let mut found = if self.is_forbidden() {
            let bare = report::bare(self.map, lint, self.flow, &self.data, message, cite);
            let declare = "declare it: if the notice means to allow this, change the rule: it outweighs every `may-receive`";
            bare.help(declare).help(report::stop(self.flow)).help(report::reclassify())
        } else {
            report::finding(self.map, lint, self.flow, &self.data, message, cite)
        };
        let rest = grounds.map(|g| Label { span: g.rule, kind: LabelKind::Rule, text: g.label });
        found.labels.extend(rest);
        let said = self.data.iter().copied().zip(self.verdicts.iter().copied());
        report::classified(found, self.map, self.flow, said)
    }

    /// The recipient as a message calls it.
    pub(super) fn whom(&self) -> String {
        match &self.flow.recipient {
            Recipient::Declared(index) => match self.map.notice(self.flow.notice).recipients.get(*index) {
                Some(known) => format!("`{}`", known.name.value),
                None => "a recipient".to_owned(),
            },
            Recipient::Undeclared { name, .. } => format!("`{name}`"),
            Recipient::Unresolved(seen) => seen.clone(),
            Recipient::Own => format!("`{}`", self.flow.sink_name),
        }
    }

    /// The data as a message names them.
    pub(super) fn names(&self) -> String {
        report::names(self.map, &self.data)
    }

    fn is_forbidden(&self) -> bool {
        self.verdicts.iter().any(|v| matches!(v, Verdict::Forbidden { clause: Clause::Never, .. }))
    }

    /// The lines of the notice that the verdicts go by, each once.
    fn grounds(&self) -> Vec<Citation> {
        let notice = self.map.notice(self.flow.notice);
        let mut grounds: Vec<Citation> = Vec::new();
        for (rule, label, promise) in self.verdicts.iter().filter_map(|v| judge::ground(notice, *v)) {
            if !grounds.iter().any(|known| known.rule == rule) {
                grounds.push(Citation { rule, label, promise: promise.cloned() });
            }
        }
        grounds
    }
}
