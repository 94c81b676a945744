//! What a check costs over parsing alone: `cargo bench --bench floor -- DIR [ROUNDS]`. The reference parses every Rust
//! file below DIR with `syn` on the same number of threads; both run in alternation and R is the ratio of the medians.
//! Knows the program by its command line only.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
/// As deep code needs it; address space costs nothing until it is used.
const STACK: usize = 1 << 30;

fn main() -> io::Result<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let mut out = io::stdout();
    let Some(dir) = arguments.first().map(PathBuf::from) else {
        return writeln!(out, "usage: cargo bench --bench floor -- DIR [ROUNDS]");
    };
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let threads = threads();
    let files = rust_files(&dir);
    writeln!(out, "{} files below {}, {threads} threads, {rounds} rounds", files.len(), dir.display())?;
    let (mut checks, mut parses) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        parses.push(timed(|| parse_all(&files, threads))?);
        checks.push(timed(|| check(&dir, threads))?);
    }
    let (check, parse) = (median(&mut checks), median(&mut parses));
    let ratio = check.as_secs_f64() / parse.as_secs_f64();
    writeln!(out, "check {:.3} s, parse {:.3} s: R = {ratio:.2}", check.as_secs_f64(), parse.as_secs_f64())
}

/// As many as the program itself takes.
fn threads() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Largest first, so that no thread is left alone with a large one at the end.
fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let is_skipped = |entry: &walkdir::DirEntry| entry.file_name() == ".git" || entry.file_name() == "target";
    let walk = walkdir::WalkDir::new(dir)
        .into_iter()
        .filter_entry(|entry| !is_skipped(entry))
        .filter_map(Result::ok);
    let is_rust = |entry: &walkdir::DirEntry| entry.path().extension().is_some_and(|ending| ending == "rs");
    let mut files: Vec<(u64, PathBuf)> = walk
        .filter(|entry| entry.file_type().is_file() && is_rust(entry))
        .map(|entry| (entry.metadata().map_or(0, |data| data.len()), entry.into_path()))
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.into_iter().map(|(_, path)| path).collect()
}

fn timed(run: impl FnOnce() -> io::Result<()>) -> io::Result<Duration> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

fn parse_all(files: &[PathBuf], threads: usize) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // What does not parse costs what it costs to find that out.
            let parsed = std::fs::read_to_string(path).ok().map(|text| syn::parse_file(&text).is_ok());
            std::hint::black_box(parsed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        }
        Ok(())
    })
}

/// Findings are no failure here; not having run at all is.
fn check(dir: &Path, threads: usize) -> io::Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-privacy"));
    command
        .args(["check", "--quiet", "--format", "short"])
        .arg(dir)
        .env("RAYON_NUM_THREADS", threads.to_string());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(io::Error::other(format!("the check itself failed: {status}"))),
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
