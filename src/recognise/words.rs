//! Splits identifiers into words. Knows no lists.

use smallvec::SmallVec;

/// The words of a name in lower case; on the stack for all but absurdly long names.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: SmallVec<[u8; 64]>,
    ends: SmallVec<[usize; 12]>,
}

impl Words {
    /// `clientIp`, `client_ip`, `CLIENT_IP`, `Client-IP` and `ClientIP` are all two words. Digits stay with the letters
    /// before them.
    pub(super) fn split(name: &str) -> Self {
        if name.is_ascii() {
            return Self::split_ascii(name.as_bytes());
        }
        let mut words = Self::default();
        let mut previous = ' ';
        let mut chars = name.chars().peekable();
        while let Some(char) = chars.next() {
            if !char.is_alphanumeric() {
                words.end();
            } else {
                let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
                if char.is_uppercase() && (!previous.is_uppercase() || next_is_lower) {
                    words.end();
                }
                words.push(char);
            }
            previous = char;
        }
        words.end();
        words
    }

    /// The same for most names.
    fn split_ascii(name: &[u8]) -> Self {
        let mut words = Self::default();
        let mut previous = b' ';
        for (at, byte) in name.iter().enumerate() {
            if !byte.is_ascii_alphanumeric() {
                words.end();
            } else {
                let next_is_lower = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
                if byte.is_ascii_uppercase() && (!previous.is_ascii_uppercase() || next_is_lower) {
                    words.end();
                }
                words.text.push(byte.to_ascii_lowercase());
            }
            previous = *byte;
        }
        words.end();
        words
    }

    /// These words without those at the end that `is` names, and then others.
    pub(super) fn joined(&self, is: impl Fn(&str) -> bool, then: &Self) -> Self {
        let mut kept = self.len();
        while kept > 1 && is(self.get(kept - 1)) {
            kept -= 1;
        }
        let mut joined = Self::default();
        for word in (0..kept).map(|at| self.get(at)).chain(then.iter()) {
            joined.text.extend_from_slice(word.as_bytes());
            joined.end();
        }
        joined
    }

    fn push(&mut self, char: char) {
        for lower in char.to_lowercase() {
            self.text.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn end(&mut self) {
        if self.text.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.text.len());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word at an index; empty outside.
    pub(super) fn get(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        std::str::from_utf8(&self.text[start..*end]).unwrap_or("")
    }

    /// Whether these are the words of a phrase.
    pub(super) fn is(&self, phrase: &str) -> bool {
        self.iter().eq(phrase.split(' '))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }
}

/// Runs `look` with the word, and where that finds nothing with its singular and without digits at its end.
pub(super) fn forms<T>(word: &str, look: impl Fn(&str) -> Option<T>) -> Option<T> {
    let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
    look(word).or_else(|| if plain == word { None } else { look(plain) }).or_else(|| singular(plain, &look))
}

fn singular<T>(word: &str, look: &impl Fn(&str) -> Option<T>) -> Option<T> {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1)?;
    look(stem).or_else(|| look(stem.strip_suffix('e')?)).or_else(|| {
        let stem = stem.strip_suffix("ie")?;
        let mut with_y: SmallVec<[u8; 32]> = SmallVec::from_slice(stem.as_bytes());
        with_y.push(b'y');
        look(std::str::from_utf8(&with_y).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_of_writing_a_name() {
        let split = |name: &str| Words::split(name).iter().collect::<Vec<_>>().join(" ");
        for name in ["clientIp", "client_ip", "CLIENT_IP", "Client-IP", "ClientIP", "_client__ip"] {
            assert_eq!(split(name), "client ip");
        }
        assert_eq!(split("totp_2fa_secret"), "totp 2fa secret");
        assert_eq!(split("JWTToken"), "jwt token");
        assert_eq!(split("ÉcoleÉ"), "école é");
        assert_eq!(split("__"), "");
    }

    #[test]
    fn plurals_and_digits() {
        let is = |word: &str, base: &str| forms(word, |form| (form == base).then_some(())).is_some();
        assert!(is("emails", "email") && is("addresses", "address") && is("diagnosis", "diagnosis"));
        assert!(is("allergies", "allergy") && is("email2", "email") && !is("s", ""));
    }
}
