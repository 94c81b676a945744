//! A grammar error and the tokens that report it. Knows nothing of what was being read.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// What is wrong, and at which word.
pub(crate) struct Fault {
    span: Span,
    message: String,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    /// `::core::compile_error! { "…" }`, every token at the offending word, which is where rustc then points.
    fn tokens(&self) -> TokenStream {
        let mut tokens = Vec::new();
        for name in ["core", "compile_error"] {
            tokens.push(self.punct(':', Spacing::Joint));
            tokens.push(self.punct(':', Spacing::Alone));
            tokens.push(Ident::new(name, self.span).into());
        }
        tokens.push(self.punct('!', Spacing::Alone));
        tokens.push(self.message());
        tokens.into_iter().collect()
    }

    fn punct(&self, character: char, spacing: Spacing) -> TokenTree {
        let mut punct = Punct::new(character, spacing);
        punct.set_span(self.span);
        punct.into()
    }

    fn message(&self) -> TokenTree {
        let mut text = Literal::string(&self.message);
        text.set_span(self.span);
        let mut group = Group::new(Delimiter::Brace, TokenTree::from(text).into());
        group.set_span(self.span);
        group.into()
    }
}

impl FromIterator<Fault> for TokenStream {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        faults.into_iter().flat_map(|fault| fault.tokens()).collect()
    }
}
