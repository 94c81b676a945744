//! Finds the arm that accepts a call's arguments and binds its variables. Knows nothing of bodies.

use super::fragment::Fragment;
use super::lexeme::{Input, Place};
use super::{Arm, Binding, Bound, ExpandError, MAX_STEPS, Matcher, Operator, Repeat};

/// The first arm that matches, with its bindings in the order of its variables.
pub(super) fn choose<'r>(
    arms: &'r [Arm],
    input: &Input<'_, '_>,
) -> Result<(&'r Arm, Vec<Binding>), ExpandError> {
    let mut call = Call { input, steps: MAX_STEPS };
    let mut bindings = Vec::new();
    for arm in arms {
        if !call.may_start(&arm.matcher, input.all()) {
            continue;
        }
        bindings.clear();
        if call.sequence(&arm.matcher, input.all(), true, &mut bindings)?.is_some() {
            return Ok((arm, bindings));
        }
    }
    Err(ExpandError::NoArm)
}

/// One call's state.
struct Call<'t, 'a> {
    input: &'t Input<'t, 'a>,
    steps: u32,
}

/// What comes after what matched; `Ok(None)` is no match. Matching stops with an error only where a limit is hit.
type Matched = Result<Option<Place>, ExpandError>;

impl Call<'_, '_> {
    /// Matches a prefix, or all of it where `to_end`.
    fn sequence(
        &mut self,
        matchers: &[Matcher],
        mut place: Place,
        to_end: bool,
        out: &mut Vec<Binding>,
    ) -> Matched {
        for (i, matcher) in matchers.iter().enumerate() {
            self.steps = self.steps.checked_sub(1).ok_or(ExpandError::TooManySteps)?;
            let matched = match matcher {
                Matcher::Lexeme(lexeme) => self.input.eat(lexeme, place),
                Matcher::Fragment(fragment) => self.fragment(*fragment, place, out),
                Matcher::Delimited(delimiter, matchers) => match self.input.group(place) {
                    Some((found, inside, after)) if found == *delimiter => {
                        self.sequence(matchers, inside, true, out)?.map(|_| after)
                    }
                    _ => None,
                },
                Matcher::Repeat(repeat) if repeat.variables == 0 => {
                    return self.give_back(repeat, &matchers[i + 1..], place, to_end, out);
                }
                Matcher::Repeat(repeat) => self.repeat(repeat, place, out)?,
            };
            let Some(after) = matched else { return Ok(None) };
            place = after;
        }
        Ok(Some(place).filter(|place| !to_end || place.is_empty()))
    }

    fn fragment(&self, fragment: Fragment, from: Place, out: &mut Vec<Binding>) -> Option<Place> {
        let to = fragment.take(self.input, from)?;
        let whole = fragment.is_whole(self.input, from, to);
        out.push(Binding::One(Bound { from: from.at as u32, to: to.at as u32, whole }));
        Some(to)
    }

    /// As often as it goes. An iteration that fails is undone, its separator included, so that `$($x:expr),* $(,)?`
    /// leaves the trailing comma to what follows.
    fn repeat(&mut self, repeat: &Repeat, mut place: Place, out: &mut Vec<Binding>) -> Matched {
        let mut columns: Vec<Vec<Binding>> = Vec::new();
        columns.resize_with(repeat.variables, Vec::new);
        let mut count = 0;
        let mark = out.len();
        while let Some(after) = self.iteration(repeat, count, place, out)? {
            for (column, binding) in columns.iter_mut().zip(out.drain(mark..)) {
                column.push(binding);
            }
            place = after;
            count += 1;
        }
        out.extend(columns.into_iter().map(Binding::Many));
        Ok((count > 0 || repeat.operator != Operator::OneOrMore).then_some(place))
    }

    /// A repetition of mere tokens may have taken some that what follows it needs (`$(a)* a`): gives them back one
    /// iteration at a time. With a variable in it such a macro is ambiguous, and rustc refuses it.
    fn give_back(
        &mut self,
        repeat: &Repeat,
        rest: &[Matcher],
        place: Place,
        to_end: bool,
        out: &mut Vec<Binding>,
    ) -> Matched {
        let (mut ends, mut last) = (vec![place], place);
        while let Some(after) = self.iteration(repeat, ends.len() - 1, last, out)? {
            ends.push(after);
            last = after;
        }
        let least = usize::from(repeat.operator == Operator::OneOrMore);
        let mark = out.len();
        for end in ends.into_iter().skip(least).rev() {
            if let Some(after) = self.sequence(rest, end, to_end, out)? {
                return Ok(Some(after));
            }
            out.truncate(mark);
        }
        Ok(None)
    }

    /// One more iteration; leaves the bindings as they were where there is none.
    fn iteration(&mut self, repeat: &Repeat, count: usize, place: Place, out: &mut Vec<Binding>) -> Matched {
        if place.is_empty() || (count > 0 && repeat.operator == Operator::ZeroOrOne) {
            return Ok(None);
        }
        let start = match &repeat.separator {
            Some(separator) if count > 0 => self.input.eat(separator, place),
            _ => Some(place),
        };
        let Some(start) = start else { return Ok(None) };
        let mark = out.len();
        let after = self.sequence(&repeat.body, start, false, out)?;
        // An iteration that takes nothing (`$($v:vis)*`) would go on for ever.
        let after = after.filter(|after| after.at != place.at);
        if after.is_none() {
            out.truncate(mark);
        }
        Ok(after)
    }

    /// Whether an arm can begin with what the input begins with: most arms are told apart by that alone.
    fn may_start(&self, matchers: &[Matcher], place: Place) -> bool {
        match matchers.first() {
            None => place.is_empty(),
            Some(Matcher::Lexeme(lexeme)) => self.input.eat(lexeme, place).is_some(),
            Some(Matcher::Delimited(delimiter, _)) => {
                self.input.group(place).is_some_and(|(found, ..)| found == *delimiter)
            }
            Some(Matcher::Fragment(Fragment::Visibility) | Matcher::Repeat(_)) => true,
            Some(Matcher::Fragment(_)) => !place.is_empty(),
        }
    }
}
