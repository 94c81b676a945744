//! How well types are inferred: where method calls and paths lead, against an oracle's answers for programs that lie
//! outside the repository.
//!
//! 1. Let rust-analyzer index a program: in its folder, `rust-analyzer scip . --exclude-vendored-libraries --output FILE`
//!    (`rustup component add rust-analyzer rust-src`; its dependencies have to be at hand, `cargo fetch`).
//! 2. Make a table of the dump: `cargo bench --bench types -- convert FILE DIR > TABLE`. A line of it has a file, a line
//!    and a column (from 1, in characters), `method` or `path`, where the answer lies (`here`, `derived`, `std`, `other`)
//!    and the answer: files with lines, or the definition's name. Any other oracle can write such a table too.
//! 3. Compare: `cargo bench --bench types -- measure DIR TABLE [LIST]`. LIST gets a line for each place where the answers
//!    are not the same. Signatures of libraries are read where they are at hand; `--without-registry` does without.
//!
//! Asked for: 0.90 of method calls and 0.98 of paths into the workspace or std the same, wrong ones below 0.02.

mod answers;
mod causes;
mod dump;
mod rows;
mod score;

use std::io::{self, Write};
use std::path::Path;

use answers::Answers;
use cargo_privacy::load;
use cargo_privacy::source::SourceMap;
use cargo_privacy::types::{self, Sema};
use cargo_privacy::workspace::{self, Registry, Request};
use rows::{Kind, Row};
use score::Score;

/// Asks that no signatures of libraries be read.
const WITHOUT: &str = "--without-registry";
/// How many causes are shown of each kind.
const TOP: usize = 40;
/// As deep code needs it; address space costs nothing until it is used.
const STACK: usize = 1 << 30;

fn main() -> io::Result<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let all: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let arguments: Vec<&str> = all.iter().copied().filter(|argument| *argument != WITHOUT).collect();
    let registry = Registry::of_user().filter(|_| arguments.len() == all.len());
    match arguments[..] {
        ["convert", dump, dir] => convert(Path::new(dump), Path::new(dir)),
        ["measure", dir, table] => measure(Path::new(dir), Path::new(table), None, registry),
        ["measure", dir, table, list] => {
            measure(Path::new(dir), Path::new(table), Some(Path::new(list)), registry)
        }
        _ => writeln!(io::stdout(), "usage: convert DUMP DIR | measure DIR TABLE [LIST] [{WITHOUT}]"),
    }
}

fn convert(dump: &Path, dir: &Path) -> io::Result<()> {
    let bytes = std::fs::read(dump)?;
    let rows = rows::of_dump(&bytes, &|file| std::fs::read_to_string(dir.join(file)).ok());
    let rows = rows.ok_or_else(|| io::Error::other("this is no SCIP dump"))?;
    io::stdout().write_all(rows::write(&rows).as_bytes())
}

fn measure(dir: &Path, table: &Path, list: Option<&Path>, registry: Option<Registry>) -> io::Result<()> {
    let rows = rows::parse(&std::fs::read_to_string(table)?)
        .map_err(|line| io::Error::other(format!("{}:{line}: no row of a table", table.display())))?;
    let dir = dir.canonicalize()?;
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build().map_err(io::Error::other)?;
    let score = pool.install(|| scored(&dir, &rows, registry))?;
    if let Some(list) = list {
        std::fs::write(list, score.list.join("\n") + "\n")?;
    }
    write!(io::stdout(), "{}", score.text(TOP))
}

fn scored(dir: &Path, rows: &[Row], registry: Option<Registry>) -> io::Result<Score> {
    let mut sources = SourceMap::default();
    let (paths, cwd) = (vec![dir.to_owned()], dir.to_owned());
    let request = Request { paths, cwd, tests: true, registry, ..Request::default() };
    let (discovered, _) = workspace::discover(&request, &mut sources).map_err(|errors| {
        io::Error::other(errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))
    })?;
    let loaded = load::with_shipped(&discovered, &mut sources);
    let sema = Sema::new(&loaded.program);
    let bodies = types::of_bodies(&sema);
    let answers = Answers::new(&sema, &bodies, &sources, dir);
    let mut score = Score::default();
    for row in rows {
        let answer = answers.at(&row.file, row.line, row.column, row.kind == Kind::Method);
        score.add(row, &answer);
    }
    Ok(score)
}
