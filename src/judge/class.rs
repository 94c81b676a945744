//! What kind of statement a notice makes of a disclosure, in the words of PoliCheck: *clear* where it is stated, *vague*
//! where only something much broader is, *omitted* where nothing is, *incorrect* where it is denied, *ambiguous* where it is
//! granted and denied. An exception by narrowing is a denial, and no ambiguity. Knows no code.

use super::{Verdict, conflict};
use crate::datamap::{DataMap, Datum, Flow, Recipient};
use crate::source::Span;

/// The kind of statement behind a disclosure that is at fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Nothing is said of it.
    Omitted,
    /// It is denied.
    Incorrect,
    /// It is denied, and granted here.
    Ambiguous(Span),
}

impl Class {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Omitted => "omitted disclosure: no statement of the notice covers it",
            Self::Incorrect => "incorrect disclosure: a statement of the notice denies it",
            Self::Ambiguous(_) => {
                "ambiguous disclosure: one statement of the notice grants it and another denies it"
            }
        }
    }
}

/// The class of a datum's disclosure under a verdict; none where it is stated.
#[must_use]
pub fn of(map: &DataMap, flow: &Flow, datum: &Datum, verdict: Verdict) -> Option<Class> {
    match verdict {
        Verdict::Permitted { by: Some(_) } => None,
        Verdict::Forbidden { rule, .. } => {
            let notice = map.notice(flow.notice);
            let rule = notice.rules.get(rule)?;
            let granted = match flow.recipient {
                Recipient::Declared(at) => notice.recipients.get(at).and_then(|recipient| {
                    let permits = recipient.may_receive.iter().flatten();
                    let mut covering = permits.filter(|permit| {
                        map.taxonomy.is_within(datum.category, permit.category)
                            && (permit.forms.is_empty() || permit.forms.contains(&datum.form))
                    });
                    covering.find(|permit| conflict::refuses(&map.taxonomy, rule, recipient, permit))
                }),
                _ => None,
            };
            let is_of_all = rule.of.is_empty();
            Some(
                granted
                    .filter(|_| is_of_all)
                    .map_or(Class::Incorrect, |permit| Class::Ambiguous(permit.span)),
            )
        }
        Verdict::Permitted { by: None }
        | Verdict::NotListed { .. }
        | Verdict::Undeclared
        | Verdict::Unknown
        | Verdict::Unsaid => Some(Class::Omitted),
    }
}
