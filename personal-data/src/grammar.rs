//! What the three attributes may hold. Reads tokens through the cursor; knows no category, purpose or lint by name.

use proc_macro::{Ident, Span, TokenStream};

use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::item::Attribute;

/// `category [, reason = "…"] [, allow(lint, reason = "…")]`, or `none` in place of the category.
pub(crate) fn personal_data(attribute: Attribute) -> Result<(), Fault> {
    let mut cursor = Cursor::new(attribute.arguments, attribute.span);
    dotted(&mut cursor, "a category such as `user.contact.email`, or `none`")?;
    let mut reason = Once::new("reason");
    while next_argument(&mut cursor)? {
        let word = cursor.ident("`reason = \"…\"` or `allow(…)`")?;
        match word.to_string().as_str() {
            "reason" => reason.read(&mut cursor, &word)?,
            "allow" => {
                let group = cursor.parenthesised("`(lint, reason = \"…\")`")?;
                allowed(Cursor::new(group.stream(), group.span_close()))?;
            }
            other => return Err(unknown(&word, other, "`reason` or `allow`")),
        }
    }
    Ok(())
}

/// `data.use`.
pub(crate) fn purpose(arguments: TokenStream) -> Result<(), Fault> {
    let mut cursor = Cursor::new(arguments, Span::call_site());
    dotted(&mut cursor, "a purpose such as `marketing.advertising`")?;
    if next_argument(&mut cursor)? {
        let word = cursor.ident("one purpose")?;
        return Err(Fault::new(word.span(), "expected one purpose only"));
    }
    Ok(())
}

/// `lint [, lint …] [, reason = "…"]`.
pub(crate) fn allow(arguments: TokenStream) -> Result<(), Fault> {
    allowed(Cursor::new(arguments, Span::call_site()))
}

fn allowed(mut cursor: Cursor) -> Result<(), Fault> {
    let mut reason = Once::new("reason");
    let first = cursor.ident("the name of a lint")?;
    if first.to_string() == "reason" {
        return Err(Fault::new(first.span(), "expected the name of a lint before the reason"));
    }
    lint(&mut cursor, &first)?;
    while next_argument(&mut cursor)? {
        let word = cursor.ident("the name of a lint, or `reason = \"…\"`")?;
        if word.to_string() == "reason" {
            reason.read(&mut cursor, &word)?;
        } else if reason.seen {
            return Err(Fault::new(word.span(), "expected lints before the reason"));
        } else {
            lint(&mut cursor, &word)?;
        }
    }
    Ok(())
}

/// A lint's name is one word, which findings show behind `privacy::`.
fn lint(cursor: &mut Cursor, word: &Ident) -> Result<(), Fault> {
    if word.to_string() == "privacy" && cursor.eat(':') {
        cursor.expect(':')?;
        cursor.ident("the name of a lint")?;
    }
    Ok(())
}

/// Words joined by dots; keywords are words here (`user.content.private`).
fn dotted(cursor: &mut Cursor, wanted: &str) -> Result<(), Fault> {
    cursor.ident(wanted)?;
    while cursor.eat('.') {
        cursor.ident("a further part of the key")?;
    }
    Ok(())
}

/// Steps over a comma; false at the end, which a trailing comma may precede.
fn next_argument(cursor: &mut Cursor) -> Result<bool, Fault> {
    if cursor.is_at_end() {
        return Ok(false);
    }
    cursor.expect(',')?;
    Ok(!cursor.is_at_end())
}

fn unknown(word: &Ident, found: &str, wanted: &str) -> Fault {
    Fault::new(word.span(), format!("expected {wanted}, found `{found}`"))
}

/// A `name = "…"` that may be given once.
struct Once {
    name: &'static str,
    seen: bool,
}

impl Once {
    fn new(name: &'static str) -> Self {
        Self { name, seen: false }
    }

    fn read(&mut self, cursor: &mut Cursor, word: &Ident) -> Result<(), Fault> {
        if self.seen {
            return Err(Fault::new(word.span(), format!("`{}` is given twice", self.name)));
        }
        self.seen = true;
        cursor.expect('=')?;
        cursor.string("a reason in quotation marks")
    }
}
