//! Which rows a database deletes along with others, by the foreign keys of schemas in SQL. Knows statements that make and
//! change tables, one after the other, and nothing of a dialect's finer points.

/// A foreign key with `ON DELETE CASCADE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Cascade {
    /// What the key is called, written or by default.
    name: String,
    /// Whose rows go.
    child: String,
    /// With whose.
    parent: String,
}

/// The foreign keys that are there when all has been run.
pub(super) fn cascades(schemas: &[String]) -> Vec<Cascade> {
    let mut all: Vec<Cascade> = Vec::new();
    for text in schemas {
        for statement in statements(text) {
            read(&statement, &mut all);
        }
    }
    all
}

/// Adds the tables whose rows go with those of these.
pub(super) fn follow(cascades: &[Cascade], tables: &mut Vec<String>) {
    let mut at = 0;
    while let Some(table) = tables.get(at).cloned() {
        for cascade in cascades.iter().filter(|cascade| cascade.parent == table) {
            if !tables.contains(&cascade.child) {
                tables.push(cascade.child.clone());
            }
        }
        at += 1;
    }
}

fn read(words: &[String], all: &mut Vec<Cascade>) {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let is_change = match (word(0), word(1)) {
        ("create", "table") => false,
        ("create", _) if word(2) == "table" => false,
        ("alter", "table") => true,
        ("drop", "table") => {
            return all.retain(|known| !words.iter().any(|word| name_of(word) == known.child));
        }
        _ => return,
    };
    let start = words.iter().position(|word| word == "table").map_or(0, |at| at + 1);
    let is_filler = |word: &String| ["if", "not", "exists", "only"].contains(&word.as_str());
    let Some(at) = words[start..].iter().position(|word| !is_filler(word)).map(|at| at + start) else {
        return;
    };
    let child = name_of(&words[at]);
    let parts = words[at + 1..].split(|word| word == ",").map(<[String]>::to_vec);
    for part in parts {
        if is_change && part.first().is_some_and(|word| word == "drop") {
            let dropped: Vec<String> = part.iter().map(|word| name_of(word)).collect();
            all.retain(|known| known.child != child || !dropped.contains(&known.name));
        }
        all.extend(key(&child, &part));
    }
}

/// A part of a table that refers to another and goes with it.
fn key(child: &str, part: &[String]) -> Option<Cascade> {
    let references = part.iter().position(|word| word == "references")?;
    let cascades = part[references..].windows(3).any(|three| three == ["on", "delete", "cascade"]);
    let parent = name_of(part.get(references + 1)?);
    let after = |word: &str| {
        let at = part[..references].iter().position(|known| known == word)?;
        part.get(at + 1).map(|name| name_of(name))
    };
    let is_word = |word: &&String| {
        word.as_str() != "(" && !["add", "column", "if", "not", "exists"].contains(&word.as_str())
    };
    let column = after("key").or_else(|| part.iter().find(is_word).map(|word| name_of(word)));
    let name = after("constraint").or_else(|| Some(format!("{child}_{}_fkey", column?)));
    cascades.then(|| Cascade { name: name.unwrap_or_default(), child: child.to_owned(), parent })
}

/// The last part of a name, without quotation marks.
fn name_of(word: &str) -> String {
    let last = word.rsplit('.').next().unwrap_or(word);
    last.trim_matches(['"', '`', '[', ']']).to_owned()
}

/// Statements as words in lower case; a comma that parts what stands in a table's outermost parentheses is a word, brackets are
/// left out. Comments and texts are no words.
fn statements(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let (mut words, mut word, mut depth) = (Vec::new(), String::new(), 0_u32);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '-' if rest.peek() == Some(&'-') => _ = rest.by_ref().find(|c| *c == '\n'),
            '/' if rest.peek() == Some(&'*') => {
                let mut last = ' ';
                _ = rest.by_ref().find(|c| (std::mem::replace(&mut last, *c), *c) == ('*', '/'));
            }
            '\'' => _ = rest.by_ref().find(|c| *c == '\''),
            c if c.is_alphanumeric() || "_.\"`[]$".contains(c) => {
                word.extend(c.to_lowercase());
                continue;
            }
            _ => {}
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth <= 1 => words.push(",".to_owned()),
            ';' => {
                all.push(std::mem::take(&mut words));
                depth = 0;
            }
            _ => {}
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    all.push(words);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Vec<String> {
        let mut tables = vec!["people".to_owned()];
        follow(&cascades(&[text.to_owned()]), &mut tables);
        tables.split_off(1)
    }

    #[test]
    fn keys_in_tables_and_beside_them_are_found() {
        assert_eq!(tables("create table a (p int references people on delete cascade)"), ["a"]);
        let beside =
            "CREATE TABLE a (p INT, q INT, FOREIGN KEY (p, q) REFERENCES s.people (x, y) ON DELETE CASCADE);";
        assert_eq!(tables(beside), ["a"]);
        assert_eq!(
            tables("alter table [a] add column p int references `people` (id) on delete cascade"),
            ["a"]
        );
        assert_eq!(tables("create table a (p int references people on delete set null)"), [""; 0]);
        assert_eq!(
            tables("create table a (p int references others on delete cascade, q int references people)"),
            [""; 0]
        );
    }

    #[test]
    fn what_is_no_statement_is_not_read() {
        let text = "/* create table a (p int references people on delete cascade); */ -- ; '\nselect 'it''s; create table';";
        assert_eq!(tables(text), [""; 0]);
        assert_eq!(tables("''; ((( create table"), [""; 0]);
    }

    #[test]
    fn tables_go_with_tables_that_go() {
        let text = "create table a (p int references people on delete cascade);
            create table b (a int references a on delete cascade); create table c (b int references b);
            create table people (a int references b on delete cascade);";
        assert_eq!(tables(text), ["a", "b"]);
    }

    #[test]
    fn what_is_dropped_later_is_gone() {
        let made = "create table a (p int constraint k references people on delete cascade);";
        assert_eq!(tables(&format!("{made} alter table a drop constraint k;")), [""; 0]);
        assert_eq!(tables(&format!("{made} alter table b drop constraint k;")), ["a"]);
        assert_eq!(tables(&format!("{made} drop table if exists a;")), [""; 0]);
    }
}
