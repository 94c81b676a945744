//! Whether a place stands in the input of a macro: an attribute there is for the macro to take, and nobody but the
//! compiler knows whether it does. Knows Rust's brackets, strings and comments, and nothing else.

/// Whether a bracket around the byte opens the input of a macro.
pub(super) fn in_macro(text: &str, at: usize) -> bool {
    let mut scan = Scan { text, at: 0, open: Vec::new(), is_macro: false };
    while scan.at < at && scan.step() {}
    scan.open.contains(&true)
}

/// A walk from token to token.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Open brackets: whether each opens a macro's input.
    open: Vec<bool>,
    /// Whether a bracket here would: after `name!`, and after `macro_rules! name`.
    is_macro: bool,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Goes past one token; `false` at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.rest().chars().next() else { return false };
        match c {
            _ if self.rest().starts_with("//") => self.past("\n"),
            _ if self.rest().starts_with("/*") => self.comment(),
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '"' => self.quoted('"'),
            '\'' => self.quote(),
            c if c.is_alphanumeric() || c == '_' => self.word(),
            '(' | '[' | '{' => {
                self.open.push(std::mem::take(&mut self.is_macro));
                self.at += 1;
            }
            ')' | ']' | '}' => {
                self.open.pop();
                self.plain(c);
            }
            '!' => {
                let follows_name = self.text[..self.at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                self.is_macro = follows_name && !self.rest().starts_with("!=");
                self.at += 1;
            }
            _ => self.plain(c),
        }
        true
    }

    fn plain(&mut self, c: char) {
        self.is_macro = false;
        self.at += c.len_utf8();
    }

    fn past(&mut self, end: &str) {
        self.at += self.rest().find(end).map_or(self.rest().len(), |found| found + end.len());
    }

    /// Block comments nest.
    fn comment(&mut self) {
        let mut depth = 0;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else {
                match rest.chars().next() {
                    Some(c) => self.at += c.len_utf8(),
                    None => return,
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn quoted(&mut self, end: char) {
        self.plain(end);
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c == end {
                return;
            }
            if c == '\\' {
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            }
        }
    }

    /// A character, or a lifetime, which has no end.
    fn quote(&mut self) {
        let mut next = self.rest().chars().skip(1);
        let is_character = match (next.next(), next.next()) {
            (Some('\\'), _) => true,
            (_, second) => second == Some('\''),
        };
        if is_character { self.quoted('\'') } else { self.plain('\'') }
    }

    /// A name, with the raw string that it may begin. After `name!` a second name may come: `macro_rules! name`.
    fn word(&mut self) {
        let length =
            self.rest().find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        if !matches!(word, "r" | "br" | "cr") {
            return;
        }
        let fences = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        if self.rest()[fences..].starts_with('"') {
            self.at += fences + 1;
            self.past(&format!("\"{}", "#".repeat(fences)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(text: &str) -> bool {
        in_macro(text, text.find("HERE").unwrap())
    }

    #[test]
    fn the_input_of_a_macro_is_told_from_code() {
        for text in [
            "plain! { struct A { HERE: u8 } }",
            "macro_rules! m { () => { HERE } }",
            "fn f() { tokio::select! [ { let HERE = 1; } ] }",
            "f(m!(HERE))",
            "m ! {x} n!{HERE}",
        ] {
            assert!(inside(text), "{text}");
        }
        for text in [
            "m! { x } struct A { HERE: u8 }",
            "fn f() { if !(a) { let HERE = 1; } }",
            "if a != (HERE) {}",
            "fn f<'a>() { let c = '{'; let s = \"m!{\"; let r = r#\"m!{\"#; HERE }",
            "// m! {\n/* m!{ /* { */ */ HERE",
            "let c = '\\''; let d = b'\"'; HERE",
        ] {
            assert!(!inside(text), "{text}");
        }
    }
}
