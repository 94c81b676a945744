//! Writes an arm's body with its variables filled in. Knows nothing of how they were matched.

use super::{Binding, Bound, CratePath, ExpandError, MAX_TOKENS, Piece};
use crate::ir::Range;
use crate::lower::token::{Kind, Token};

/// The expansion of a body; `input` is what the bindings are parts of.
pub(super) fn transcribe<'a>(
    body: &[Piece],
    bindings: &[Binding],
    input: &[Token<'a>],
    site: Range,
    krate: CratePath,
) -> Result<Vec<Token<'a>>, ExpandError> {
    let (iteration, out) = (Vec::new(), Vec::new());
    let mut writer = Writer { bindings, input, site, krate, iteration, out, room: MAX_TOKENS };
    writer.write(body)?;
    Ok(writer.out)
}

struct Writer<'w, 'a> {
    bindings: &'w [Binding],
    input: &'w [Token<'a>],
    site: Range,
    krate: CratePath,
    /// The index of the current iteration in each repetition around, outermost first.
    iteration: Vec<usize>,
    out: Vec<Token<'a>>,
    /// How many tokens may still be written.
    room: usize,
}

impl<'w, 'a> Writer<'w, 'a> {
    fn write(&mut self, body: &[Piece]) -> Result<(), ExpandError> {
        for piece in body {
            match piece {
                Piece::Own(run) => self.own(run)?,
                Piece::Variable(slot) => self.variable(*slot)?,
                Piece::Repeat { body, separator, drivers } => {
                    self.repeat(body, separator.as_deref().unwrap_or_default(), drivers)?;
                }
                Piece::Crate => self.crate_path()?,
                Piece::Unsupported(name) => return Err(ExpandError::Unsupported(name.clone())),
            }
        }
        Ok(())
    }

    fn take(&mut self, tokens: usize) -> Result<(), ExpandError> {
        self.room = self.room.checked_sub(tokens).ok_or(ExpandError::TooLarge)?;
        Ok(())
    }

    /// Tokens of the macro itself.
    fn own(&mut self, run: &[Token<'static>]) -> Result<(), ExpandError> {
        self.take(size(run))?;
        let range = self.site;
        self.out.extend(run.iter().map(|token| Token { range, ..*token }));
        Ok(())
    }

    fn crate_path(&mut self) -> Result<(), ExpandError> {
        let own = |kind, joint, text| Token { kind, joint, range: self.site, text };
        match self.krate {
            CratePath::Local => self.own(&[own(Kind::CRATE_KW, false, "crate")]),
            CratePath::Named(name) => self.own(&[
                own(Kind::COLON, true, ":"),
                own(Kind::COLON, false, ":"),
                own(Kind::IDENT, false, name.as_str()),
            ]),
        }
    }

    fn variable(&mut self, slot: usize) -> Result<(), ExpandError> {
        let Some(Binding::One(bound)) = self.lookup(slot) else { return Err(ExpandError::Repetition) };
        let Bound { from, to, whole } = *bound;
        let tokens = &self.input[from as usize..to as usize];
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Ok(()) };
        self.take(size(tokens) + usize::from(whole))?;
        if whole {
            self.out.push(Token::unseen(Kind::L_PAREN, first.range.0));
        }
        self.out.extend_from_slice(tokens);
        if whole {
            self.out.push(Token::unseen(Kind::R_PAREN, last.range.1));
        }
        // What it joined with where it came from does not stand here.
        if let Some(last) = self.out.last_mut() {
            last.joint = false;
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        body: &[Piece],
        separator: &[Token<'static>],
        drivers: &[usize],
    ) -> Result<(), ExpandError> {
        let (times, before) = (self.times(drivers)?, self.out.len());
        for i in 0..times {
            // Counts even where nothing is written, so that empty repetitions within each other come to an end.
            self.take(1)?;
            if i == 1 {
                // The others will hardly be shorter than the first, and a long list moved often costs.
                let first = self.out.len() - before;
                self.out.reserve(first.saturating_mul(times - 1).min(self.room));
            }
            if i > 0 {
                self.own(separator)?;
            }
            self.iteration.push(i);
            self.write(body)?;
            self.iteration.pop();
        }
        Ok(())
    }

    /// How often a repetition is written: all its repeating variables must agree.
    fn times(&self, drivers: &[usize]) -> Result<usize, ExpandError> {
        let mut lengths = drivers.iter().filter_map(|slot| match self.lookup(*slot) {
            Some(Binding::Many(all)) => Some(all.len()),
            _ => None,
        });
        let first = lengths.next().ok_or(ExpandError::Repetition)?;
        lengths.all(|length| length == first).then_some(first).ok_or(ExpandError::Repetition)
    }

    /// A variable's binding in the current iteration; one that repeats less deep is the same in all of them.
    fn lookup(&self, slot: usize) -> Option<&'w Binding> {
        let mut binding = self.bindings.get(slot)?;
        for i in &self.iteration {
            match binding {
                Binding::One(_) => break,
                Binding::Many(all) => binding = all.get(*i)?,
            }
        }
        Some(binding)
    }
}

/// How many tokens these are, where a group's delimiters are one.
fn size(tokens: &[Token<'_>]) -> usize {
    tokens.iter().filter(|token| token.closes().is_none()).count()
}
