//! Writes an arm's body with its variables filled in. Knows nothing of how they were matched.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use super::{Binding, CratePath, ExpandError, MAX_TOKENS, Piece};

/// The expansion of a body.
pub(super) fn transcribe(
    body: &[Piece],
    bindings: &[Binding],
    call_site: Span,
    crate_path: &CratePath,
) -> Result<TokenStream, ExpandError> {
    let mut writer = Writer { bindings, call_site, crate_path, iteration: Vec::new(), room: MAX_TOKENS };
    let mut out = Vec::new();
    writer.write(body, &mut out)?;
    Ok(out.into_iter().collect())
}

struct Writer<'a> {
    bindings: &'a [Binding],
    call_site: Span,
    crate_path: &'a CratePath,
    /// The index of the current iteration in each repetition around, outermost first.
    iteration: Vec<usize>,
    /// How many tokens may still be written.
    room: usize,
}

impl<'a> Writer<'a> {
    fn write(&mut self, body: &[Piece], out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        for piece in body {
            match piece {
                Piece::Token(tree) => self.own(tree, out)?,
                Piece::Group(delimiter, inside) => self.group(*delimiter, inside, out)?,
                Piece::Variable(slot) => self.variable(*slot, out)?,
                Piece::Repeat { body, separator, drivers } => self.repeat(body, separator, drivers, out)?,
                Piece::Crate => self.all_own(&self.crate_path.0, out)?,
                Piece::Unsupported(name) => return Err(ExpandError::Unsupported(name.clone())),
            }
        }
        Ok(())
    }

    fn take(&mut self, tokens: usize) -> Result<(), ExpandError> {
        self.room = self.room.checked_sub(tokens).ok_or(ExpandError::TooLarge)?;
        Ok(())
    }

    /// A token of the macro itself.
    fn own(&mut self, tree: &TokenTree, out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        self.take(1)?;
        let mut tree = tree.clone();
        tree.set_span(self.call_site);
        out.push(tree);
        Ok(())
    }

    fn all_own(&mut self, trees: &[TokenTree], out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        trees.iter().try_for_each(|tree| self.own(tree, out))
    }

    fn group(
        &mut self,
        delimiter: Delimiter,
        inside: &[Piece],
        out: &mut Vec<TokenTree>,
    ) -> Result<(), ExpandError> {
        self.take(1)?;
        let mut content = Vec::new();
        self.write(inside, &mut content)?;
        let mut group = Group::new(delimiter, content.into_iter().collect());
        group.set_span(self.call_site);
        out.push(group.into());
        Ok(())
    }

    fn variable(&mut self, slot: usize, out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        let Some(Binding::One(trees)) = self.lookup(slot) else { return Err(ExpandError::Repetition) };
        self.room = self.room.checked_sub(size(trees)).ok_or(ExpandError::TooLarge)?;
        out.extend(trees.iter().cloned());
        Ok(())
    }

    fn repeat(
        &mut self,
        body: &[Piece],
        separator: &[TokenTree],
        drivers: &[usize],
        out: &mut Vec<TokenTree>,
    ) -> Result<(), ExpandError> {
        for i in 0..self.times(drivers)? {
            // Counts even where nothing is written, so that empty repetitions within each other come to an end.
            self.take(1)?;
            if i > 0 {
                self.all_own(separator, out)?;
            }
            self.iteration.push(i);
            self.write(body, out)?;
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
    fn lookup(&self, slot: usize) -> Option<&'a Binding> {
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

/// All tokens, those within groups included.
fn size(trees: &[TokenTree]) -> usize {
    let one = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => 1 + size(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => 1,
    };
    trees.iter().map(one).sum()
}
