//! Known constant texts: what a value says where it is text, as URLs and keys are. Knows no taint.

use std::sync::Arc;

use smallvec::SmallVec;

/// How many texts a value may be one of.
const MAX_TEXTS: usize = 4;

/// A known constant text: all of it, or how it begins.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    pub(super) whole: bool,
}

/// Stands in a text for a piece that is not known.
pub(super) const HOLE: &str = "\u{fffc}";

/// Texts that a value may be one of; empty where it may be any.
pub(super) type Texts = SmallVec<[Text; 1]>;

/// Texts with others put behind them; a piece that is not known leaves a hole.
pub(super) fn extended_by(texts: &[Text], by: &[Text]) -> Texts {
    if by.is_empty() { continued(texts, &[Text::hole()]) } else { continued(texts, by) }
}

/// All that either may be; any, where they are too many.
pub(super) fn either_text(a: &[Text], b: &[Text]) -> Texts {
    let mut all: Texts = a.iter().chain(b).cloned().collect();
    all.sort();
    all.dedup();
    if all.len() > MAX_TEXTS { Texts::new() } else { all }
}

/// Each of some texts continued by each of others.
pub(super) fn continued(texts: &[Text], by: &[Text]) -> Texts {
    let ends = texts.iter().filter(|t| !t.whole).cloned();
    let grown = texts.iter().filter(|t| t.whole).flat_map(|t| by.iter().map(move |more| t.then(more)));
    either_text(&ends.chain(grown).collect::<Vec<_>>(), &[])
}

impl Text {
    /// A text that is known to its end.
    pub(super) fn whole(text: &str) -> Self {
        Self { text: text.into(), whole: true }
    }

    /// A piece of a text of which nothing is known.
    pub(super) fn hole() -> Self {
        Self::whole(HOLE)
    }

    /// What the environment holds under a name: nothing is known of it but where it is from.
    pub(super) fn variable(name: &str) -> Self {
        Self::whole(&format!("{HOLE}{{{name}}}"))
    }

    /// Whether it is known from its beginning to its end.
    pub(super) fn is_constant(&self) -> bool {
        self.whole && !self.text.contains(HOLE)
    }

    fn then(&self, more: &Text) -> Text {
        Text { text: format!("{}{}", self.text, more.text).into(), whole: more.whole }
    }
}

/// The name of the variable that a text begins with.
pub(super) fn variable(text: &str) -> Option<&str> {
    text.strip_prefix(HOLE)?.strip_prefix('{')?.split_once('}').map(|(name, _)| name)
}

/// URLs that are read relative to others: what has a scheme stands for itself, the rest stays on the server.
pub(super) fn relative(bases: &[Text], urls: &[Text]) -> Texts {
    let unknown = [Text { text: "".into(), whole: false }];
    let urls = if urls.is_empty() { &unknown[..] } else { urls };
    let mut out = Texts::new();
    for url in urls {
        if url.text.contains("://") {
            out.push(url.clone());
            continue;
        }
        for base in bases {
            let host = base.text.find("://").map_or(0, |at| at + 3);
            let server = base.text[host..].find('/').map_or(base.text.len(), |at| host + at);
            let folder = base.text.rfind('/').filter(|at| *at >= server).map_or(server, |at| at + 1);
            let kept = if url.text.starts_with('/') { server } else { folder };
            let slash = if kept == base.text.len() && !url.text.starts_with('/') && !base.text.ends_with('/')
            {
                "/"
            } else {
                ""
            };
            let text = format!("{}{slash}{}", &base.text[..kept], url.text);
            out.push(Text { text: text.into(), whole: url.whole && base.whole });
        }
    }
    either_text(&out, &[])
}
