//! Takes values out of a call that shows them: out of the holes of its format string, or out of its fields. Knows how
//! calls are laid out and nothing of what the values are.

use std::collections::{BTreeMap, BTreeSet};

use super::REDACTED;
use crate::diagnostic::Fix;
use crate::ir::Range;
use crate::lower::layout::{self, Call, Effect, Filling, Gap, Value, What};
use crate::models::MacroSyntax;
use crate::source::{SourceMap, Span};

/// The fix, if every datum arrives in a hole or a field that can be emptied.
pub(super) fn fix(
    sources: &SourceMap,
    sink: Span,
    call: &str,
    ways: &[Vec<Span>],
    macros: &BTreeMap<&str, MacroSyntax>,
) -> Option<Fix> {
    let text = sources.text(sink);
    let known = |name: &str| macros.contains_key(name);
    let mut calls: BTreeMap<Range, (Call, Vec<Range>)> = BTreeMap::new();
    for way in ways {
        // The last place on its way that is in the call is where it arrives.
        let (place, found) = way.iter().rev().filter(|place| is_within(**place, sink)).find_map(|place| {
            let place = (place.lo, place.hi);
            Some((place, layout::call(text, sink.lo, place, &known)?))
        })?;
        let first = found.parts.first()?.range;
        calls.entry(first).or_insert_with(|| (found, Vec::new())).1.push(place);
    }
    let mut edits = Vec::new();
    let (mut names, mut is_sure) = (Vec::new(), true);
    for (call, places) in calls.into_values() {
        let syntax = *macros.get(call.name.as_str())?;
        let mut plan = Plan {
            call: &call,
            text: sources.file(sink.file).text(),
            syntax,
            gaps: BTreeSet::new(),
            parts: BTreeSet::new(),
        };
        places.iter().try_for_each(|place| plan.empty(*place))?;
        is_sure &= plan.effect()? == Effect::None;
        names.extend(plan.names());
        edits.extend(plan.edits()?);
    }
    names.sort();
    names.dedup();
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let title = format!("keep {} out of `{call}`", listed.join(", "));
    let edits = edits.into_iter().map(|((lo, hi), new)| (Span::new(sink.file, lo, hi), new)).collect();
    Some(Fix { title, edits, machine_applicable: is_sure })
}

fn is_within(place: Span, sink: Span) -> bool {
    place.file == sink.file && sink.lo <= place.lo && place.hi <= sink.hi
}

fn holds(outer: Range, inner: Range) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// What is to be emptied in one call.
struct Plan<'a> {
    call: &'a Call,
    /// The file's text.
    text: &'a str,
    syntax: MacroSyntax,
    /// Holes by their number.
    gaps: BTreeSet<usize>,
    /// Parts of the call by their number.
    parts: BTreeSet<usize>,
}

impl Plan<'_> {
    /// The format string: which part it is, and its holes.
    fn template(&self) -> Option<(usize, &[Gap])> {
        self.call.parts.iter().enumerate().find_map(|(at, part)| match &part.what {
            What::Text(gaps) => Some((at, &gaps[..])),
            What::Value(_) | What::Other => None,
        })
    }

    fn value(&self, part: usize) -> Option<&Value> {
        match &self.call.parts.get(part)?.what {
            What::Value(value) => Some(value),
            What::Text(_) | What::Other => None,
        }
    }

    /// Empties what holds a place, and whatever reads the same.
    fn empty(&mut self, place: Range) -> Option<()> {
        let at = self.call.parts.iter().position(|part| holds(part.range, place))?;
        if let Some((text, gaps)) = self.template().filter(|(text, _)| *text == at) {
            let name = gaps.iter().find(|gap| holds(gap.range, place))?.filled.as_ref()?;
            let Filling::Name(name) = name else { return None };
            let argument = (text + 1..self.call.parts.len())
                .find(|part| self.value(*part).is_some_and(|value| value.key.as_ref() == Some(name)));
            let numbers = self.gaps_of(name);
            self.gaps.extend(numbers);
            self.parts.extend(argument);
            return Some(());
        }
        let source = self.source(self.value(at)?.range).to_owned();
        let same: Vec<usize> = (0..self.call.parts.len())
            .filter(|part| self.value(*part).is_some_and(|value| self.source(value.range) == source))
            .collect();
        same.into_iter().try_for_each(|part| self.empty_part(part))?;
        let numbers = self.gaps_of(&source);
        self.gaps.extend(numbers);
        Some(())
    }

    fn source(&self, range: Range) -> &str {
        self.text.get(range.0 as usize..range.1 as usize).unwrap_or("")
    }

    fn gaps_of(&self, name: &str) -> Vec<usize> {
        let (_, gaps) = self.template().unwrap_or_default();
        let is_of = |gap: &Gap| matches!(&gap.filled, Some(Filling::Name(known)) if known == name);
        gaps.iter().enumerate().filter(|(_, gap)| is_of(gap)).map(|(number, _)| number).collect()
    }

    fn empty_part(&mut self, at: usize) -> Option<()> {
        let numbers = match self.template() {
            Some((text, gaps)) if at > text && !self.is_field(at) => self.filled_by(text, gaps, at)?,
            // Before a format string stands what the macro works on, unless it takes fields.
            _ if self.syntax == MacroSyntax::Log => Vec::new(),
            _ => return None,
        };
        self.gaps.extend(numbers);
        self.parts.insert(at);
        Some(())
    }

    /// Whether a value behind the format string is none of its arguments.
    fn is_field(&self, at: usize) -> bool {
        let Some(value) = self.value(at).filter(|_| self.syntax == MacroSyntax::Log) else { return false };
        value.marked && value.key.as_ref().is_none_or(|key| self.gaps_of(key).is_empty())
    }

    /// The holes that an argument fills; `None` where they would have to be counted.
    fn filled_by(&self, text: usize, gaps: &[Gap], at: usize) -> Option<Vec<usize>> {
        if let Some(key) = self.value(at)?.key.as_ref() {
            return Some(self.gaps_of(key));
        }
        let behind = || text + 1..self.call.parts.len();
        let positional: Vec<usize> =
            behind().filter(|part| self.value(*part).is_some_and(|value| !value.marked)).collect();
        let next: Vec<usize> = gaps
            .iter()
            .enumerate()
            .filter(|(_, gap)| gap.filled == Some(Filling::Next))
            .map(|(n, _)| n)
            .collect();
        let is_counted = gaps.iter().any(|gap| gap.filled.is_none());
        if is_counted || positional.len() != next.len() || behind().any(|part| self.value(part).is_none()) {
            return None;
        }
        let order = positional.iter().position(|part| *part == at)?;
        Some(vec![next[order]])
    }

    /// The worst of what is left out; `None` where it has to happen.
    fn effect(&self) -> Option<Effect> {
        let effects = self.parts.iter().filter_map(|part| self.value(*part)).map(|value| value.effect);
        effects.max().or(Some(Effect::None)).filter(|effect| *effect < Effect::Possible)
    }

    /// What is taken out, as it is written.
    fn names(&self) -> Vec<String> {
        let of_parts = self
            .parts
            .iter()
            .filter_map(|part| self.value(*part))
            .map(|value| self.source(value.range).to_owned());
        let (_, gaps) = self.template().unwrap_or_default();
        let keys: Vec<&String> = self
            .parts
            .iter()
            .filter_map(|part| self.value(*part))
            .filter_map(|value| value.key.as_ref())
            .collect();
        let of_gaps = self.gaps.iter().filter_map(|number| match &gaps.get(*number)?.filled {
            Some(Filling::Name(name)) if !keys.contains(&name) => Some(name.clone()),
            _ => None,
        });
        of_parts.chain(of_gaps).collect()
    }

    fn edits(&self) -> Option<Vec<(Range, String)>> {
        let template = self.template();
        let (_, gaps) = template.unwrap_or_default();
        let holes = self.gaps.iter().map(|number| (gaps[*number].range, REDACTED.to_owned()));
        let mut edits: Vec<(Range, String)> = holes.collect();
        let mut cut: Vec<Range> = Vec::new();
        for part in &self.parts {
            match self.without(*part) {
                Some(range) => cut.push(range),
                None => edits.push((self.in_place(*part)?, format!("{REDACTED:?}"))),
            }
        }
        cut.sort_unstable();
        let mut merged: Vec<Range> = Vec::new();
        for range in cut {
            match merged.last_mut() {
                Some(last) if range.0 <= last.1 => last.1 = last.1.max(range.1),
                _ => merged.push(range),
            }
        }
        edits.extend(merged.into_iter().map(|range| (range, String::new())));
        Some(edits)
    }

    /// What to cut so that a part is gone with its comma; `None` where something has to stay in its place.
    fn without(&self, at: usize) -> Option<Range> {
        let part = self.call.parts.get(at)?;
        let says_more = |(other, part): (usize, &layout::Part)| {
            !self.parts.contains(&other)
                && matches!(&part.what, What::Text(_) | What::Value(Value { marked: true, .. }))
        };
        if !self.call.parts.iter().enumerate().any(says_more) {
            return None;
        }
        let before = at.checked_sub(1).and_then(|before| self.call.parts.get(before));
        match (before, self.call.parts.get(at + 1)) {
            // Before the format string what is left begins anew, behind it nothing is left hanging.
            (_, Some(next)) if part.comma && !self.is_behind(at) => Some((part.range.0, next.range.0)),
            (Some(before), _) if before.comma => Some((before.range.1, part.range.1)),
            _ => None,
        }
    }

    fn is_behind(&self, at: usize) -> bool {
        self.template().is_some_and(|(text, _)| at > text)
    }

    /// Where the placeholder goes: the value behind a key, or all of a part without one.
    fn in_place(&self, at: usize) -> Option<Range> {
        let (part, value) = (self.call.parts.get(at)?, self.value(at)?);
        let head = self.source((part.range.0, value.range.0));
        Some(if head.contains(['=', '>']) { value.range } else { part.range })
    }
}
