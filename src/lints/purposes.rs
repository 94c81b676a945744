//! How findings on purposes are told. Knows what code is said to serve.

use crate::datamap::Serving;
use crate::diagnostic::{Diagnostic, Label, LabelKind};

/// With the place that says what the code serves.
pub(super) fn serving(mut found: Diagnostic, serving: &Serving) -> Diagnostic {
    let text = format!("this code serves `{}`", serving.purpose);
    found.labels.push(Label { span: serving.span, kind: LabelKind::Other, text });
    found
}

/// Purposes as a message names them.
pub(super) fn listed(purposes: &[crate::notice::Spanned<String>]) -> String {
    purposes.iter().map(|name| format!("`{}`", name.value)).collect::<Vec<_>>().join(", ")
}
