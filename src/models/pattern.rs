//! Path patterns of models: whole segments, `*` within one, `**` for any number of them. A pattern that begins with the
//! crate its file describes stands for the whole path; any other also for a path that ends with it.

use crate::source::Span;

/// A pattern over paths.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Its segments, as written.
    pub segments: Vec<Box<str>>,
    /// Whether it must match from the first segment on.
    pub anchored: bool,
    /// Where it is written; `None` for shipped models.
    pub span: Option<Span>,
}

impl Pattern {
    /// Reads a pattern of a file that describes `crate_name`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, crate_name: &str, span: Option<Span>) -> Result<Self, String> {
        let segments: Vec<Box<str>> = text.split("::").map(Box::from).collect();
        if let Some(bad) = segments.iter().find(|s| !is_segment(s)) {
            return Err(format!("`{bad}` is not a path segment"));
        }
        let anchored = segments.len() > 1 && &*segments[0] == crate_name;
        Ok(Self { segments, anchored, span })
    }

    /// Whether it stands for this path.
    #[must_use]
    pub fn matches(&self, path: &[&str]) -> bool {
        if self.anchored {
            return segments_match(&self.segments, path);
        }
        (0..=path.len()).any(|start| segments_match(&self.segments, &path[start..]))
    }

    /// The first segment of paths that match, where all of them begin with the same.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        self.segments.first().map(|s| &**s).filter(|s| self.anchored && !s.contains('*'))
    }

    /// The last segment, where it is a plain name.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        self.segments.last().map(|s| &**s).filter(|s| !s.contains('*'))
    }
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '*')
}

fn segments_match(pattern: &[Box<str>], path: &[&str]) -> bool {
    match pattern.split_first() {
        None => path.is_empty(),
        Some((first, rest)) if &**first == "**" => {
            (0..=path.len()).any(|skipped| segments_match(rest, &path[skipped..]))
        }
        Some((first, rest)) => match path.split_first() {
            Some((name, others)) => segment_matches(first, name) && segments_match(rest, others),
            None => false,
        },
    }
}

/// Whether one segment with `*` stands for a name.
pub(super) fn segment_matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(before) else { return false };
    let starts = rest.char_indices().map(|(i, _)| i).chain([rest.len()]);
    starts.into_iter().any(|at| segment_matches(after, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        let path: Vec<&str> = path.split("::").collect();
        Pattern::parse(pattern, "reqwest", None).unwrap().matches(&path)
    }

    #[test]
    fn the_described_crate_anchors() {
        assert!(matches("reqwest::Client::post", "reqwest::Client::post"));
        assert!(!matches("reqwest::Client::post", "mine::reqwest::Client::post"));
        assert!(!matches("reqwest::Client::post", "reqwest::blocking::Client::post"));
        assert!(matches("reqwest::**::post", "reqwest::blocking::Client::post"));
    }

    #[test]
    fn others_match_whole_trailing_segments() {
        assert!(matches("Client::send_*", "shop::Client::send_all"));
        assert!(!matches("Client::send", "shop::MyClient::send"));
        assert!(matches("log*", "logger"));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Pattern::parse("a::::b", "a", None).is_err());
        assert!(Pattern::parse("a::b()", "a", None).is_err());
    }
}
