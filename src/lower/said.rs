//! The names that a program says. Of what others declare, only what is called by such a name can be called at all, so that
//! functions of other names need not be read.
//!
//! A set of bits that threads fill together: it may hold a name that nobody said, and never lacks one that somebody did.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxBuildHasher;

use super::token::{Kind, Token, Tokens};

/// Bits, a power of two: some per cent of them are set by a program of ten thousand names.
const BITS: u32 = 18;

/// Names that were said.
#[derive(Debug)]
pub struct Said(Box<[AtomicU64]>);

impl Default for Said {
    fn default() -> Self {
        Self(std::iter::repeat_with(AtomicU64::default).take(1 << (BITS - 6)).collect())
    }
}

impl Said {
    fn place(&self, name: &str) -> (&AtomicU64, u64) {
        let bit = FxBuildHasher.hash_one(name) >> (u64::BITS - BITS);
        (&self.0[(bit >> 6) as usize], 1 << (bit & 63))
    }

    /// A name is said.
    pub(super) fn add(&self, name: &str) {
        let (bits, bit) = self.place(name);
        // Most are known: reading leaves the other threads' copies alone.
        if bits.load(Ordering::Relaxed) & bit == 0 {
            bits.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// All words of a text that is no Rust, or none that is read for itself.
    pub fn add_words(&self, text: &str) {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').for_each(|word| self.add(word));
    }

    /// What declarations say themselves for the code that uses them: in macros, or of things under another name.
    pub fn add_declarations(&self, text: &str) {
        if text.contains("macro_rules") || text.contains(" as ") {
            self.add_words(text);
        }
    }

    /// Whether a name may have been said.
    fn has(&self, name: &str) -> bool {
        let (bits, bit) = self.place(name);
        bits.load(Ordering::Relaxed) & bit != 0
    }
}

/// Leaves out the public functions whose names nobody says. Those of traits and their implementations are not written
/// with `pub`, and stay: the language calls them itself.
pub(super) fn leave_unsaid(tokens: &mut Tokens<'_>, said: &Said) {
    let list = &tokens.list;
    let mut kept: Vec<Token<'_>> = Vec::with_capacity(list.len());
    let (mut moved, mut docs) = (Vec::new(), tokens.docs.iter().peekable());
    let mut at = 0;
    while at < list.len() {
        let next = unsaid_end(list, at, said).filter(|_| !has_attribute(&kept));
        let end = next.unwrap_or(at + 1);
        while let Some((_, range)) = docs.next_if(|(before, _)| (*before as usize) < end) {
            if next.is_none() {
                moved.push((kept.len() as u32, *range));
            }
        }
        if next.is_none() {
            kept.push(list[at]);
        }
        at = end;
    }
    (tokens.list, tokens.docs) = (kept, moved);
}

fn has_attribute(before: &[Token<'_>]) -> bool {
    before.last().is_some_and(|token| token.kind == Kind::R_BRACK)
}

/// Where a public function ends that begins here and has an empty body, if nobody says its name.
fn unsaid_end(list: &[Token<'_>], at: usize, said: &Said) -> Option<usize> {
    if list[at].kind != Kind::PUB_KW {
        return None;
    }
    let is_modifier =
        |token: &&Token<'_>| matches!(token.kind, Kind::CONST_KW | Kind::ASYNC_KW | Kind::UNSAFE_KW);
    let keyword = at + 1 + list[at + 1..].iter().take_while(is_modifier).count();
    let [function, name, ..] = list.get(keyword..)? else { return None };
    if function.kind != Kind::FN_KW || name.kind != Kind::IDENT || said.has(name.word()) {
        return None;
    }
    // A signature holds no braces but those of constants among generic arguments, and then it stays.
    let brace = |token: &Token<'_>| matches!(token.kind, Kind::L_CURLY | Kind::SEMICOLON | Kind::R_CURLY);
    let open = keyword + list[keyword..].iter().position(brace)?;
    let is_empty = list[open].kind == Kind::L_CURLY && list.get(open + 1)?.kind == Kind::R_CURLY;
    is_empty.then_some(open + 2)
}

#[cfg(test)]
mod tests {
    use super::{Said, Tokens, leave_unsaid};
    use crate::ir::Range;

    /// What is left of a text, but for its spaces.
    fn left(text: &str, said: &[&str]) -> String {
        let set = Said::default();
        said.iter().for_each(|name| set.add(name));
        let mut tokens = Tokens::without_bodies(text, None).unwrap();
        leave_unsaid(&mut tokens, &set);
        tokens.list.iter().map(|token| token.text).collect()
    }

    fn plain(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn a_function_that_nobody_names_is_left_out() {
        let (b, f) = ("pub fn b(&self) -> C<{ 1 }> {}", "pub fn f() {}");
        let text = format!("impl A {{ {b} pub const unsafe fn d<T>() where T: E {{}} pub fn g() {{}} {f} }}");
        assert_eq!(left(&text, &["f"]), plain(&format!("impl A {{ {b} {f} }}")), "constants in braces stay");
        assert_eq!(left("pub mod a { pub fn b() {} }", &["b"]), plain("pub mod a { pub fn b() {} }"));
        assert_eq!(left("pub fn b() {} pub struct S;", &[]), plain("pub struct S;"));
    }

    #[test]
    fn what_the_language_calls_or_others_decide_on_stays() {
        for text in [
            "impl Into<A> for B { fn into(self) -> A {} }",
            "#[inline] pub fn a() {}",
            "extern \"C\" { pub fn a(); }",
            "pub(crate) fn a() {}",
            "pub const A: fn() = b;",
        ] {
            assert_eq!(left(text, &[]), plain(text));
        }
    }

    #[test]
    fn comments_keep_their_places() {
        let text = "/// a\npub struct A; /// b\npub fn b() {} /// c\npub struct C;";
        let mut tokens = Tokens::without_bodies(text, None).unwrap();
        leave_unsaid(&mut tokens, &Said::default());
        let text_of = |range: Range| text[range.0 as usize..range.1 as usize].trim_end();
        let docs: Vec<(u32, &str)> = tokens.docs.iter().map(|(at, range)| (*at, text_of(*range))).collect();
        assert_eq!(docs, [(0, "/// a"), (4, "/// c")]);
    }

    #[test]
    fn words_of_any_text_are_said() {
        let said = Said::default();
        said.add_words("calls = [\"a::größe\"]\n");
        assert!(said.has("calls") && said.has("a") && said.has("größe") && !said.has("b"));
    }
}
