//! Splits identifiers into words. Knows no lists.

use smallvec::SmallVec;

/// The words of a name in lower case.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    /// Where each of them stands.
    places: SmallVec<[(u32, u32); 8]>,
}

impl Words {
    /// `clientIp`, `client_ip`, `CLIENT_IP`, `Client-IP` and `ClientIP` are all two words. Digits stay with the letters
    /// before them.
    pub(super) fn split(name: &str) -> Self {
        if name.is_ascii() {
            return Self::split_ascii(name);
        }
        let mut words = Self::default();
        let mut previous = ' ';
        let mut start = 0;
        let mut chars = name.chars().peekable();
        while let Some(char) = chars.next() {
            if !char.is_alphanumeric() {
                start = words.end(start);
            } else {
                let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
                if char.is_uppercase() && (!previous.is_uppercase() || next_is_lower) {
                    start = words.end(start);
                }
                words.text.extend(char.to_lowercase());
            }
            previous = char;
        }
        words.end(start);
        words
    }

    /// The same for most names.
    fn split_ascii(name: &str) -> Self {
        let mut words = Self { text: name.to_ascii_lowercase(), places: SmallVec::new() };
        let bytes = name.as_bytes();
        let mut previous = b' ';
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if !byte.is_ascii_alphanumeric() {
                words.put(start, at);
                start = at + 1;
            } else {
                let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
                if byte.is_ascii_uppercase() && (!previous.is_ascii_uppercase() || next_is_lower) {
                    words.put(start, at);
                    start = at;
                }
            }
            previous = *byte;
        }
        words.put(start, bytes.len());
        words
    }

    /// A word between two places, if there is anything.
    fn put(&mut self, start: usize, end: usize) {
        if start < end {
            self.places.push((start as u32, end as u32));
        }
    }

    /// Ends the word that begins at a place; where the next begins.
    fn end(&mut self, start: usize) -> usize {
        self.put(start, self.text.len());
        self.text.len()
    }

    /// These words without those at the end that `is` names, and then others.
    pub(super) fn joined(&self, is: impl Fn(&str) -> bool, then: &Self) -> Self {
        let mut kept = self.len();
        while kept > 1 && is(self.get(kept - 1)) {
            kept -= 1;
        }
        let mut joined = Self::default();
        for word in (0..kept).map(|at| self.get(at)).chain(then.iter()) {
            let start = joined.text.len();
            joined.text.push_str(word);
            joined.end(start);
        }
        joined
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The word at an index; empty outside.
    pub(super) fn get(&self, index: usize) -> &str {
        self.places.get(index).map_or("", |(start, end)| &self.text[*start as usize..*end as usize])
    }

    /// Whether these are the words of a phrase.
    pub(super) fn is(&self, phrase: &str) -> bool {
        self.iter().eq(phrase.split(' '))
    }

    /// Whether the words of a phrase stand among these, one behind the other.
    pub(super) fn contains(&self, phrase: &str) -> bool {
        (1..=self.len()).any(|end| self.ends_at(end, phrase).is_some())
    }

    /// Where a phrase begins that ends before `end`; of its last word the plural will do, or one with digits behind it.
    pub(super) fn ends_at(&self, end: usize, phrase: &str) -> Option<usize> {
        let mut start = end;
        for (at, word) in phrase.rsplit(' ').enumerate() {
            start = start.checked_sub(1)?;
            let own = self.get(start);
            let same = own == word || at == 0 && forms(own, |form| (form == word).then_some(())).is_some();
            if !same {
                return None;
            }
        }
        Some(start)
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

/// The words of which [`forms`] makes a word: itself, and its plurals as they are written.
pub(super) fn written(word: &str) -> impl Iterator<Item = String> {
    let with = |ending: &str| (word.len() > 1).then(|| format!("{word}{ending}"));
    let by_y = word.strip_suffix('y').map(|stem| format!("{stem}ies"));
    [Some(word.to_owned()), with("s"), Some(format!("{word}es")), by_y].into_iter().flatten()
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
    fn what_is_written_is_read() {
        for word in ["email", "address", "allergy", "y", "s", "id", "entry", "status"] {
            let finds = |text: &str| forms(text, |form| (form == word).then_some(())).is_some();
            assert!(written(word).all(|text| finds(&text)), "{word}");
            let others =
                ["es", "s", "ies", ""].map(|ending| format!("{}{ending}", word.trim_end_matches('y')));
            for text in others.into_iter().chain([format!("{word}s"), format!("{word}es")]) {
                assert_eq!(finds(&text), written(word).any(|own| own == text), "{word} {text}");
            }
        }
    }

    #[test]
    fn plurals_and_digits() {
        let is = |word: &str, base: &str| forms(word, |form| (form == base).then_some(())).is_some();
        assert!(is("emails", "email") && is("addresses", "address") && is("diagnosis", "diagnosis"));
        assert!(is("allergies", "allergy") && is("email2", "email") && !is("s", ""));
    }
}
