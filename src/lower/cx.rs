//! What every part of the lowering shares: turning token spans into byte ranges of the user's file.

use proc_macro2::Span;
use syn::Ident;

use crate::ir::Range;
use crate::name::Name;

/// The frame of one parsed piece of text: where in the file its first byte stands.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The offset of the piece in its file; may be negative by the length of a wrapper, hence wrapping.
    pub(super) base: u32,
}

impl Frame {
    pub(super) fn range(self, span: Span) -> Range {
        let r = span.byte_range();
        (self.base.wrapping_add(r.start as u32), self.base.wrapping_add(r.end as u32))
    }

    pub(super) fn lo(self, span: Span) -> u32 {
        self.range(span).0
    }

    pub(super) fn hi(self, span: Span) -> u32 {
        self.range(span).1
    }
}

/// The name of an identifier, without `r#`.
pub(super) fn name_of(ident: &Ident) -> Name {
    let text = ident.to_string();
    Name::new(text.strip_prefix("r#").unwrap_or(&text))
}

/// A range over two.
pub(super) fn join(a: Range, b: Range) -> Range {
    (a.0.min(b.0), a.1.max(b.1))
}
