//! Which choices are owed where, by the notice and the table of flows, and which of them were not asked. Knows what is
//! owed; whether it was asked is for the guards to find out.

use std::collections::BTreeSet;

use crate::datamap::{CookieMade, Flow, NoticeId, Owing, Unasked};
use crate::guards::{self, Due};
use crate::ir::ExprId;
use crate::judge::{self, choice};
use crate::label::PackageFacts;
use crate::models::Models;
use crate::notice::{ChoiceKind, Notice, PathPattern};
use crate::resolve::{GItem, Program};
use crate::source::Span;
use crate::taxonomy::Taxonomy;
use crate::types::{Callee, Inference, Sema};

/// What is looked at.
pub(super) struct Table<'a> {
    pub(super) sema: &'a Sema<'a>,
    pub(super) models: &'a Models,
    pub(super) bodies: &'a [(GItem, Inference)],
    pub(super) packages: &'a [PackageFacts],
    pub(super) notices: &'a [Notice],
    pub(super) taxonomy: &'a Taxonomy,
    pub(super) flows: &'a [Flow],
    pub(super) cookies: &'a [CookieMade],
}

/// Something that is owed at a place: one of these choices.
struct Debt {
    place: Span,
    notice: NoticeId,
    choices: Vec<usize>,
    owing: Owing,
}

/// What was owed and not asked, sorted.
pub(super) fn unasked(table: &Table<'_>) -> Vec<Unasked> {
    let mut debts = Vec::new();
    table.of_flows(&mut debts);
    table.of_calls(&mut debts);
    table.of_cookies(&mut debts);
    let dues: Vec<Due> = debts.iter().map(Debt::due).collect();
    let input = guards::Input {
        sema: table.sema,
        models: table.models,
        bodies: table.bodies,
        notices: table.notices,
        packages: table.packages,
    };
    let mut all = Vec::new();
    for (debt, unmet) in debts.into_iter().zip(guards::unmet(&input, &dues)) {
        all.extend(unmet.into_iter().map(|place| Unasked {
            span: place.span,
            item: place.item.map(|item| path(table.sema.program, item)),
            choices: debt.choices.clone(),
            owing: debt.owing.clone(),
            notice: debt.notice,
        }));
    }
    all.sort_by(|a, b| (a.span, &a.owing, &a.choices).cmp(&(b.span, &b.owing, &b.choices)));
    all.dedup();
    all
}

impl Debt {
    fn due(&self) -> Due {
        let choices = self.choices.iter().map(|choice| *choice as u32).collect();
        Due { place: self.place, notice: self.notice.0, choices }
    }
}

impl Table<'_> {
    fn notice(&self, id: NoticeId) -> &Notice {
        &self.notices[id.0 as usize]
    }

    fn of_flows(&self, debts: &mut Vec<Debt>) {
        for (at, flow) in self.flows.iter().enumerate() {
            let notice = self.notice(flow.notice);
            for required in choice::required(notice, flow) {
                debts.push(Debt {
                    place: flow.sink,
                    notice: flow.notice,
                    choices: vec![required.choice],
                    owing: Owing::Flow(at),
                });
            }
            let signed_in = choice::of_kinds(notice, &[ChoiceKind::Identity]);
            if !signed_in.is_empty() && judge::is_linked_browsing(self.taxonomy, flow) {
                let (place, notice) = (flow.sink, flow.notice);
                debts.push(Debt { place, notice, choices: signed_in, owing: Owing::Linking(at) });
            }
        }
    }

    /// Calls that a notice names one by one and that owe a choice whatever they are given.
    fn of_calls(&self, debts: &mut Vec<Debt>) {
        let named: Vec<Named<'_>> = self.named();
        if named.is_empty() {
            return;
        }
        let known: BTreeSet<(Span, usize)> =
            debts.iter().filter_map(|debt| Some((debt.place, *debt.choices.first()?))).collect();
        for (item, inference) in self.bodies {
            let package = self.sema.program.package_of(*item).and_then(|at| self.packages.get(at as usize));
            let Some(package) = package.filter(|package| package.selected) else { continue };
            let Some(body) = self.sema.program.body(*item) else { continue };
            let own: Vec<&Named<'_>> = named.iter().filter(|named| named.notice == package.notice).collect();
            for id in (0..body.exprs.len() as u32).map(ExprId) {
                if own.is_empty() {
                    break;
                }
                let Some(callee) = inference.callees.get(&id) else { continue };
                let Some(path) = callee_path(self.sema.program, callee) else { continue };
                let place = self.sema.program.span(*item, body.range(id));
                let home = package.crate_of_notice.as_deref().unwrap_or_default();
                for named in own.iter().filter(|named| named.patterns.iter().any(|p| p.matches(&path, home)))
                {
                    if known.contains(&(place, named.choice)) {
                        continue;
                    }
                    let (choices, call) = (vec![named.choice], path.join("::"));
                    let owing = Owing::Call { call, recipient: named.recipient, place };
                    debts.push(Debt { place, notice: named.notice, choices, owing });
                }
            }
        }
    }

    fn named(&self) -> Vec<Named<'_>> {
        let mut all = Vec::new();
        for (n, notice) in self.notices.iter().enumerate() {
            for (index, recipient) in notice.recipients.iter().enumerate() {
                let patterns: Vec<&PathPattern> = recipient.calls.iter().filter(|p| p.is_exact()).collect();
                for required in choice::of_recipient(notice, index) {
                    let kind = notice.choices[required.choice].kind;
                    if !patterns.is_empty() && choice::is_owed_by_call(recipient.role, kind) {
                        let notice = NoticeId(n as u32);
                        let (patterns, choice) = (patterns.clone(), required.choice);
                        all.push(Named { notice, recipient: index, choice, patterns });
                    }
                }
            }
        }
        all
    }

    /// Cookies that the service works without: somebody has to have been asked, if not by a choice that the cookie's
    /// entry names then by any. Where the notice has none that code could show, nothing can be owed.
    fn of_cookies(&self, debts: &mut Vec<Debt>) {
        for (at, made) in self.cookies.iter().enumerate() {
            let Some(name) = &made.name else { continue };
            let notice = self.notice(made.notice);
            let mut named = notice.cookies.iter().filter(|cookie| cookie.names(name));
            let Some(cookie) = named.next().filter(|cookie| !cookie.essential) else { continue };
            let required = choice::of_cookie(notice, cookie);
            let groups: Vec<Vec<usize>> = match required.is_empty() {
                true => vec![choice::of_kinds(notice, &choice::OPTIONAL)],
                false => required.into_iter().map(|required| vec![required.choice]).collect(),
            };
            for choices in groups.into_iter().filter(|choices| !choices.is_empty()) {
                debts.push(Debt { place: made.set, notice: made.notice, choices, owing: Owing::Cookie(at) });
            }
        }
    }
}

/// Calls that owe a choice.
struct Named<'a> {
    notice: NoticeId,
    recipient: usize,
    choice: usize,
    patterns: Vec<&'a PathPattern>,
}

fn callee_path(program: &Program, callee: &Callee) -> Option<Vec<&'static str>> {
    let names = match callee {
        Callee::Fn(function, _) => program.path(*function),
        Callee::External(path) => path.to_vec(),
        _ => return None,
    };
    Some(names.iter().map(|name| name.as_str()).collect())
}

fn path(program: &Program, item: GItem) -> String {
    program.path(item).iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::")
}
