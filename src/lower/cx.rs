//! Spans of macro expansion, turned into byte ranges of the user's file.

use std::cell::RefCell;

use proc_macro2::{LineColumn, Span};

use crate::ir::Range;

thread_local! {
    /// Where the lines of the pieces begin that this thread has in hand; empty for a piece that is not plain ASCII.
    static LINES: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) };
}

/// The frame of one parsed piece of text: where in the file its first byte stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The offset of the piece in its file.
    base: u32,
    /// Which of this thread's pieces it is.
    piece: u32,
}

impl Frame {
    /// The frame of a piece that begins at an offset of its file. Asking `proc_macro2` for lines and columns is far
    /// cheaper than for bytes, and in ASCII that is as good.
    pub(super) fn new(base: u32, piece: &str) -> Self {
        let starts = || memchr::memchr_iter(b'\n', piece.as_bytes()).map(|at| at as u32 + 1);
        let lines = if piece.is_ascii() { std::iter::once(0).chain(starts()).collect() } else { Vec::new() };
        LINES.with_borrow_mut(|all| {
            all.push(lines);
            Self { base, piece: all.len() as u32 - 1 }
        })
    }

    pub(super) fn range(self, span: Span) -> Range {
        (self.lo(span), self.hi(span))
    }

    pub(super) fn lo(self, span: Span) -> u32 {
        let offset = self.offset(span.start()).unwrap_or_else(|| span.byte_range().start as u32);
        self.base.wrapping_add(offset)
    }

    pub(super) fn hi(self, span: Span) -> u32 {
        let offset = self.offset(span.end()).unwrap_or_else(|| span.byte_range().end as u32);
        self.base.wrapping_add(offset)
    }

    fn offset(self, at: LineColumn) -> Option<u32> {
        LINES.with_borrow(|all| {
            let start = all.get(self.piece as usize)?.get(at.line.checked_sub(1)?)?;
            Some(start + at.column as u32)
        })
    }
}

/// Lets go of everything that spans of this thread point into.
pub(super) fn forget_spans() {
    LINES.with_borrow_mut(Vec::clear);
    proc_macro2::extra::invalidate_current_thread_spans();
}

/// A range over two.
pub(super) fn join(a: Range, b: Range) -> Range {
    (a.0.min(b.0), a.1.max(b.1))
}
