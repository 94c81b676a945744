//! What a terminal must never be given raw: control characters, escapes and bidirectional marks. Each becomes one
//! visible character, so that columns counted in characters stay right.

use std::borrow::Cow;

/// Whether a character could move the cursor, change the terminal or reorder the line.
pub(super) fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The character to show in place of one: Unicode's control pictures where there is one.
pub(super) fn visible(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if is_dangerous(c) => '\u{fffd}',
        _ => c,
    }
}

/// A message on one line: white space of any kind becomes a blank, the rest as [`visible`].
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { visible(c) }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dangerous_character_becomes_one_visible() {
        assert_eq!(line("a\u{1b}[31mb"), "a\u{241b}[31mb");
        assert_eq!(line("x\u{202e}y\u{9b}z\n"), "x\u{fffd}y\u{fffd}z ");
        assert!(matches!(line("plain ß 漢"), Cow::Borrowed(_)));
    }
}
