//! Path patterns: `*` within a segment, `**` any number of segments, in full or by a suffix of whole segments. Knows
//! text alone; what paths exist is found out elsewhere.

use super::PathPattern;
use crate::source::Span;

/// Why a text is no path pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternError {
    /// What is wrong with it.
    pub why: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl PathPattern {
    /// A pattern as written: `crate::prefs::*::allows_ads`.
    ///
    /// # Errors
    /// Where a segment is none; with the probable meaning.
    pub fn parse(text: &str, span: Span) -> Result<Self, PatternError> {
        let plain = text.trim().trim_start_matches("::");
        let segments: Vec<String> = plain.split("::").map(|s| s.trim_end_matches('!').to_owned()).collect();
        match fault(&segments) {
            Some(why) => Err(PatternError { why, suggestion: meant(plain).filter(|m| m != text) }),
            None => Ok(Self { segments, span }),
        }
    }

    /// As written.
    #[must_use]
    pub fn text(&self) -> String {
        self.segments.join("::")
    }

    /// Whether it names one thing: there is no wildcard in it.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.segments.iter().any(|s| s.contains('*'))
    }

    /// How much of it is literal, to tell the closer of two patterns: literal segments, then literal characters.
    #[must_use]
    pub fn specificity(&self) -> (usize, usize) {
        let literal = self.segments.iter().filter(|s| !s.contains('*')).count();
        (literal, self.segments.iter().map(|s| s.bytes().filter(|b| *b != b'*').count()).sum())
    }

    /// Whether it names this path. `path` begins with the name of the crate that the path lies in; `crate_name` is that
    /// of the package that holds the notice.
    #[must_use]
    pub fn matches(&self, path: &[&str], crate_name: &str) -> bool {
        match self.segments.split_first() {
            None => false,
            Some((first, rest)) if first == "crate" => path
                .split_first()
                .is_some_and(|(root, below)| is_root(root, crate_name) && segments_match(rest, below)),
            Some(_) => (0..=path.len()).any(|from| segments_match(&self.segments, &path[from..])),
        }
    }
}

/// Whether a plain text fits a pattern in which `*` stands for any characters.
#[must_use]
pub(super) fn text_matches(pattern: &str, text: &str) -> bool {
    segment_matches(pattern.as_bytes(), text.as_bytes())
}

/// Cargo's name of a package and rustc's name of its crate differ in `-` and `_`.
fn is_root(root: &str, crate_name: &str) -> bool {
    let underscored = |c: char| if c == '-' { '_' } else { c };
    root == "crate" || root.chars().map(underscored).eq(crate_name.chars().map(underscored))
}

fn segments_match(pattern: &[String], path: &[&str]) -> bool {
    matches_with(
        pattern,
        path,
        |p| p == "**",
        |p, s| segment_matches(p.as_bytes(), s.trim_end_matches('!').as_bytes()),
    )
}

/// Whether a segment fits, `*` standing for any characters.
fn segment_matches(pattern: &[u8], segment: &[u8]) -> bool {
    matches_with(pattern, segment, |p| *p == b'*', |p, s| p == s)
}

/// Wildcard matching in one pass: only the last wildcard met is ever gone back to, so that it takes
/// `pattern.len() * items.len()` steps at most.
fn matches_with<P, T>(
    pattern: &[P],
    items: &[T],
    is_wild: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut i) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while i < items.len() {
        match pattern.get(p) {
            Some(wild) if is_wild(wild) => {
                back = Some((p, i));
                p += 1;
            }
            Some(literal) if fits(literal, &items[i]) => {
                p += 1;
                i += 1;
            }
            _ => {
                let Some((wild, from)) = back else { return false };
                back = Some((wild, from + 1));
                p = wild + 1;
                i = from + 1;
            }
        }
    }
    pattern[p..].iter().all(is_wild)
}

/// What is wrong with the segments of a pattern.
fn fault(segments: &[String]) -> Option<String> {
    segments.iter().enumerate().find_map(|(i, segment)| match segment.as_str() {
        "" => Some("a segment of it is empty".to_owned()),
        "crate" if i > 0 => Some("`crate` can only stand at its beginning".to_owned()),
        "self" | "super" => Some(format!("`{segment}` has no meaning outside the code")),
        "**" => None,
        other if other.contains("**") => {
            Some("`**` stands for whole segments and must be one by itself".to_owned())
        }
        other => segment_fault(other),
    })
}

fn segment_fault(segment: &str) -> Option<String> {
    let name = segment.strip_prefix("r#").unwrap_or(segment);
    let bad = name.chars().find(|c| !(c.is_alphanumeric() || *c == '_' || *c == '*'))?;
    Some(match bad {
        '<' | '>' => "a path is written without type arguments".to_owned(),
        '(' | ')' => "a path is written without a call's parentheses".to_owned(),
        '.' | ':' => "segments of a path are parted by `::`".to_owned(),
        '-' => "a crate is named with `_` where its package has `-`".to_owned(),
        other => format!("`{}` cannot stand in a path", other.escape_debug()),
    })
}

/// The pattern that was probably meant by a faulty one.
fn meant(text: &str) -> Option<String> {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c == '(' || c == ')' => {}
            '.' | ':' => out.push(':'),
            '-' => out.push('_'),
            c => out.push(c),
        }
    }
    let parts: Vec<&str> = out.split(':').filter(|s| !s.is_empty()).collect();
    let rooted: Vec<String> =
        parts.iter().map(|s| (if *s == "self" { "crate" } else { s }).to_owned()).collect();
    (!rooted.is_empty() && fault(&rooted).is_none()).then(|| rooted.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use proptest::prelude::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text, Span::new(FileId(0), 0, 0)).unwrap()
    }

    fn matches(text: &str, path: &str) -> bool {
        pattern(text).matches(&path.split("::").collect::<Vec<_>>(), "my-shop")
    }

    #[test]
    fn suffixes_of_whole_segments() {
        assert!(matches("reqwest::Client::post", "reqwest::Client::post"));
        assert!(matches("Client::post", "reqwest::Client::post"));
        assert!(!matches("ient::post", "reqwest::Client::post"));
        assert!(!matches("reqwest::Client", "reqwest::Client::post"));
        assert!(matches("source*", "my_shop::source_email"));
        assert!(matches("tracing::info", "tracing::info!"));
    }

    #[test]
    fn crate_is_the_package_of_the_notice_and_in_full() {
        assert!(matches("crate::prefs::ads", "my_shop::prefs::ads"));
        assert!(!matches("crate::prefs::ads", "other::prefs::ads"));
        assert!(!matches("crate::ads", "my_shop::prefs::ads"));
        assert!(matches("crate::shipping::**", "my_shop::shipping::label::print"));
        assert!(!matches("crate::shipping::**", "my_shop::shopping::print"));
    }

    #[test]
    fn faults_say_what_was_meant() {
        let meant = |text| PathPattern::parse(text, Span::new(FileId(0), 0, 0)).unwrap_err().suggestion;
        assert_eq!(meant("crate.prefs.ads").as_deref(), Some("crate::prefs::ads"));
        assert_eq!(meant("Vec<u8>::push").as_deref(), Some("Vec::push"));
        assert_eq!(meant("my-shop::ads()").as_deref(), Some("my_shop::ads"));
        assert_eq!(meant("a::crate::b"), None);
        assert_eq!(meant(""), None);
    }

    /// The definition, by trying everything.
    fn naive(pattern: &[String], path: &[&str]) -> bool {
        fn segment(p: &[u8], s: &[u8]) -> bool {
            match p.split_first() {
                None => s.is_empty(),
                Some((b'*', rest)) => (0..=s.len()).any(|i| segment(rest, &s[i..])),
                Some((c, rest)) => s.first() == Some(c) && segment(rest, &s[1..]),
            }
        }
        match pattern.split_first() {
            None => path.is_empty(),
            Some((p, rest)) if p == "**" => (0..=path.len()).any(|i| naive(rest, &path[i..])),
            Some((p, rest)) => path
                .split_first()
                .is_some_and(|(s, below)| segment(p.as_bytes(), s.as_bytes()) && naive(rest, below)),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(
            pattern in proptest::collection::vec("\\*\\*|[ab*]{1,4}", 1..5),
            path in proptest::collection::vec("[ab]{1,4}", 1..6),
        ) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let parsed = PathPattern::parse(&pattern.join("::"), Span::new(FileId(0), 0, 0));
            prop_assume!(parsed.is_ok());
            let parsed = parsed.unwrap();
            let naive = (0..=path.len()).any(|i| naive(&parsed.segments, &path[i..]));
            prop_assert_eq!(parsed.matches(&path, "x"), naive);
        }

        #[test]
        fn any_text_is_a_pattern_or_an_error(text in "\\PC{0,24}") {
            if let Err(error) = PathPattern::parse(&text, Span::new(FileId(0), 0, 0)) {
                prop_assert!(!error.why.is_empty());
            }
        }
    }
}
