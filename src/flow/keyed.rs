//! What a container holds under a name that says what it is: `form.get("password")`. Knows models as far as they say
//! which calls ask for what a name stands for.

use super::call::Arg;
use super::frame::Frame;
use super::summary::payload;
use super::value::{Origin, Val};
use crate::ir::ExprId;
use crate::models::{Place, SummaryModel};

/// What a call that asks for something by a name may give.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// What is there.
    Plain,
    /// That, or that it failed.
    Result,
}

impl Frame<'_, '_> {
    /// A call's result, where models say that it is what the receiver, or the environment, holds under a name.
    pub(super) fn with_name_asked(
        &self,
        id: ExprId,
        value: Val,
        summaries: &[&SummaryModel],
        args: &[Arg],
    ) -> Val {
        let asked = self.world.input.labels.answers.contains_key(&(self.body_of, id));
        let Some(answer) = summaries.iter().find_map(|model| answer(model)).filter(|_| asked) else {
            return value;
        };
        let key = args.get(1).and_then(|key| self.constant_key(key.expr?, &key.val));
        let is_written = args.first().zip(key).is_some_and(|(container, key)| container.val.tells(key));
        match answer {
            _ if is_written => value,
            Answer::Plain => self.with_name_of_key(id, value),
            Answer::Result => {
                let told = self.with_name_of_key(id, value.read(payload("Ok")));
                value.with(payload("Ok"), told)
            }
        }
    }

    /// What lies in a container under a key that the code did not put there, with what the key says of it.
    pub(super) fn with_name_of_key(&self, id: ExprId, value: Val) -> Val {
        let Some(label) = self.world.input.labels.answers.get(&(self.body_of, id)) else { return value };
        let shape = self.shape(id);
        if value.cleared() || is_told(&value) || !self.world.holds(*label, &shape) {
            return value;
        }
        self.labelled_as(value, *label, &shape, self.at(id))
    }
}

/// Whether it is known what a value holds: of what is not a parameter's.
fn is_told(value: &Val) -> bool {
    let mut atoms = Vec::new();
    value.all_atoms(&mut atoms);
    atoms.iter().any(|atom| !matches!(atom.origin, Origin::Param(..)))
}

fn answer(model: &SummaryModel) -> Option<Answer> {
    if model.environment.is_some() {
        return Some(Answer::Result);
    }
    model.flows.iter().find_map(|flow| match (&flow.from, &flow.to) {
        (Place::Argument(0, path), Place::Return(to)) if matches!(&path[..], [key] if key.starts_with('{')) => {
            Some(if to.is_empty() { Answer::Plain } else { Answer::Result })
        }
        _ => None,
    })
}
