//! What few values have besides taints and parts: texts that they may be, functions that they may be, places that they
//! point at. Apart, because there are very many values and copying them is most of the work.

use std::sync::Arc;

use super::callable::Callables;
use super::text::{Text, Texts, either_text};
use super::value::Place;

/// Places that a value points at.
pub(super) type Refs = Vec<Place>;

#[derive(Clone, Default, Debug)]
struct Inner {
    texts: Texts,
    callables: Callables,
    refs: Refs,
}

/// Texts, functions and places of a value; none of them costs nothing.
#[derive(Clone, Default, Debug)]
pub(super) struct Besides(Option<Arc<Inner>>);

impl Besides {
    pub(super) fn of_texts(texts: Texts) -> Self {
        Self::default().with_texts(texts)
    }

    pub(super) fn of_callables(callables: Callables) -> Self {
        Self::default().with_callables(callables)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn texts(&self) -> &[Text] {
        self.0.as_ref().map_or(&[], |inner| &inner.texts)
    }

    pub(super) fn callables(&self) -> Option<&Callables> {
        self.0.as_ref().map(|inner| &inner.callables).filter(|callables| !callables.is_empty())
    }

    pub(super) fn refs(&self) -> &[Place] {
        self.0.as_ref().map_or(&[], |inner| &inner.refs)
    }

    pub(super) fn with_texts(self, texts: Texts) -> Self {
        if self.texts() == &texts[..] { self } else { self.changed(|inner| inner.texts = texts) }
    }

    pub(super) fn with_callables(self, callables: Callables) -> Self {
        self.changed(|inner| inner.callables = callables)
    }

    pub(super) fn with_refs(self, refs: Refs) -> Self {
        if self.refs() == &refs[..] { self } else { self.changed(|inner| inner.refs = refs) }
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = self.0.unwrap_or_default();
        change(Arc::make_mut(&mut inner));
        let is_none = inner.texts.is_empty() && inner.callables.is_empty() && inner.refs.is_empty();
        Self((!is_none).then_some(inner))
    }

    /// Whether joining another changes nothing; functions are always joined.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.texts() == other.texts()
            && self.refs() == other.refs()
            && self.callables().is_none()
            && other.callables().is_none()
    }

    /// All that either may be. A text that only one of them is known to be is no longer known.
    pub(super) fn join(&self, other: &Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &other.0) else {
            let one = if self.is_empty() { other } else { self };
            return one.clone().with_texts(Texts::new());
        };
        let is_open = a.texts.is_empty() || b.texts.is_empty();
        let texts = if is_open { Texts::new() } else { either_text(&a.texts, &b.texts) };
        let mut refs = a.refs.clone();
        refs.extend(b.refs.iter().filter(|place| !a.refs.contains(place)).cloned());
        if refs.len() > 1 {
            refs.iter_mut().for_each(|place| place.strong = false);
        }
        Self::default().with_callables(a.callables.join(&b.callables)).with_texts(texts).with_refs(refs)
    }
}
