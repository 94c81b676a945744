//! Finds the arm that accepts a call's arguments and binds its variables. Knows nothing of bodies.

use proc_macro2::TokenStream;
use syn::buffer::Cursor;
use syn::parse::discouraged::{AnyDelimiter, Speculative};
use syn::parse::{ParseBuffer, ParseStream, Parser};

use super::fragment::Fragment;
use super::token::{self, Token};
use super::weight::Depth;
use super::{Arm, Binding, ExpandError, MAX_STEPS, Matcher, Operator, Repeat, weight};

/// The first arm that matches, with its bindings in the order of its variables.
pub(super) fn choose(arms: &[Arm], input: TokenStream) -> Result<(&Arm, Vec<Binding>), ExpandError> {
    let depth = weight::depth(input.clone());
    if depth == Depth::Nested {
        return Err(ExpandError::TooDeep);
    }
    let mut call = Call { steps: MAX_STEPS, unsafe_to_parse: depth != Depth::Safe };
    let parser = |input: ParseStream<'_>| {
        let chosen = call.choose(arms, input);
        skip_all(input)?;
        Ok(chosen)
    };
    parser.parse2(input).unwrap_or(Err(ExpandError::NoArm))
}

/// `syn` wants all input read.
fn skip_all(input: ParseStream<'_>) -> syn::Result<()> {
    input.step(|cursor| {
        let mut at: Cursor<'_> = *cursor;
        while let Some((_, rest)) = at.token_tree() {
            at = rest;
        }
        Ok(((), at))
    })
}

/// One call's state. Matching stops with an error only where a limit is hit; otherwise `Ok(false)` is no match.
struct Call {
    steps: u32,
    /// The tokens may be compared, but not handed to a parser that recurses.
    unsafe_to_parse: bool,
}

type Matched = Result<bool, ExpandError>;

impl Call {
    fn choose<'r>(
        &mut self,
        arms: &'r [Arm],
        input: ParseStream<'_>,
    ) -> Result<(&'r Arm, Vec<Binding>), ExpandError> {
        let mut bindings = Vec::new();
        for arm in arms {
            if !may_start(&arm.matcher, input.cursor()) {
                continue;
            }
            let ahead = input.fork();
            bindings.clear();
            if self.whole(&arm.matcher, &ahead, &mut bindings)? {
                return Ok((arm, bindings));
            }
        }
        Err(ExpandError::NoArm)
    }

    /// Matches all of the input.
    fn whole(&mut self, matchers: &[Matcher], input: &ParseBuffer<'_>, out: &mut Vec<Binding>) -> Matched {
        self.sequence(matchers, input, true, out)
    }

    /// Matches a prefix, or all of it where `to_end`. Afterwards the input stands anywhere if there is no match.
    fn sequence(
        &mut self,
        matchers: &[Matcher],
        input: &ParseBuffer<'_>,
        to_end: bool,
        out: &mut Vec<Binding>,
    ) -> Matched {
        for (i, matcher) in matchers.iter().enumerate() {
            self.step()?;
            let matched = match matcher {
                Matcher::Token(token) => eat(token, input),
                Matcher::Fragment(fragment) => self.fragment(*fragment, input, out)?,
                Matcher::Delimited(delimiter, inside) => {
                    token::at_group(*delimiter, input.cursor()) && self.group(inside, input, out)?
                }
                Matcher::Repeat(repeat) if repeat.variables == 0 => {
                    return self.give_back(repeat, &matchers[i + 1..], input, to_end, out);
                }
                Matcher::Repeat(repeat) => self.repeat(repeat, input, out)?,
            };
            if !matched {
                return Ok(false);
            }
        }
        Ok(!to_end || input.is_empty())
    }

    fn group(&mut self, inside: &[Matcher], input: &ParseBuffer<'_>, out: &mut Vec<Binding>) -> Matched {
        match input.parse_any_delimiter() {
            Ok((_, _, content)) => self.whole(inside, &content, out),
            Err(_) => Ok(false),
        }
    }

    fn fragment(&mut self, fragment: Fragment, input: &ParseBuffer<'_>, out: &mut Vec<Binding>) -> Matched {
        if self.unsafe_to_parse && fragment.is_parsed() {
            return Err(ExpandError::TooDeep);
        }
        let taken = fragment.take(input);
        Ok(taken.map(|trees| out.push(Binding::One(trees))).is_some())
    }

    /// As often as it goes. An iteration that fails is undone, its separator included, so that `$($x:expr),* $(,)?`
    /// leaves the trailing comma to what follows.
    fn repeat(&mut self, repeat: &Repeat, input: &ParseBuffer<'_>, out: &mut Vec<Binding>) -> Matched {
        let mut columns: Vec<Vec<Binding>> = Vec::new();
        columns.resize_with(repeat.variables, Vec::new);
        let mut count = 0;
        let mark = out.len();
        while self.iteration(repeat, count, input, out)? {
            for (column, binding) in columns.iter_mut().zip(out.drain(mark..)) {
                column.push(binding);
            }
            count += 1;
        }
        out.extend(columns.into_iter().map(Binding::Many));
        Ok(count > 0 || repeat.operator != Operator::OneOrMore)
    }

    /// A repetition of mere tokens may have taken some that what follows it needs (`$(a)* a`): gives them back one
    /// iteration at a time. With a variable in it such a macro is ambiguous, and rustc refuses it.
    fn give_back(
        &mut self,
        repeat: &Repeat,
        rest: &[Matcher],
        input: &ParseBuffer<'_>,
        to_end: bool,
        out: &mut Vec<Binding>,
    ) -> Matched {
        let mut ends = vec![input.fork()];
        let ahead = input.fork();
        while self.iteration(repeat, ends.len() - 1, &ahead, out)? {
            ends.push(ahead.fork());
        }
        let least = usize::from(repeat.operator == Operator::OneOrMore);
        let mark = out.len();
        for end in ends.iter().skip(least).rev() {
            if self.sequence(rest, end, to_end, out)? {
                input.advance_to(end);
                return Ok(true);
            }
            out.truncate(mark);
        }
        Ok(false)
    }

    /// One more iteration; leaves input and bindings as they were where there is none.
    fn iteration(
        &mut self,
        repeat: &Repeat,
        count: usize,
        input: &ParseBuffer<'_>,
        out: &mut Vec<Binding>,
    ) -> Matched {
        if input.is_empty() || (count > 0 && repeat.operator == Operator::ZeroOrOne) {
            return Ok(false);
        }
        let ahead = input.fork();
        if let (Some(separator), true) = (&repeat.separator, count > 0)
            && !eat(separator, &ahead)
        {
            return Ok(false);
        }
        let mark = out.len();
        // An iteration that takes nothing (`$($v:vis)*`) would go on for ever.
        let matched = self.sequence(&repeat.body, &ahead, false, out)? && ahead.cursor() != input.cursor();
        if matched {
            input.advance_to(&ahead);
        } else {
            out.truncate(mark);
        }
        Ok(matched)
    }

    fn step(&mut self) -> Result<(), ExpandError> {
        self.steps = self.steps.checked_sub(1).ok_or(ExpandError::TooManySteps)?;
        Ok(())
    }
}

fn eat(token: &Token, input: &ParseBuffer<'_>) -> bool {
    let eaten = input.step(|at| match token::eat(token, *at) {
        Some(rest) => Ok((true, rest)),
        None => Ok((false, *at)),
    });
    eaten.unwrap_or(false)
}

/// Whether an arm can begin with what the input begins with: most arms are told apart by that alone.
fn may_start(matchers: &[Matcher], at: Cursor<'_>) -> bool {
    match matchers.first() {
        None => at.eof(),
        Some(Matcher::Token(token)) => token::eat(token, at).is_some(),
        Some(Matcher::Delimited(delimiter, _)) => token::at_group(*delimiter, at),
        Some(Matcher::Fragment(Fragment::Visibility) | Matcher::Repeat(_)) => true,
        Some(Matcher::Fragment(_)) => !at.eof(),
    }
}
