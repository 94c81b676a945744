//! Plain tables: columns as wide as their widest cell, two blanks between them. Knows text alone.

use std::io::{self, Write};

use crate::emit;

/// Writes a heading and rows; columns that are empty throughout are left out.
pub(super) fn write<const N: usize>(
    heading: [&str; N],
    rows: &[[String; N]],
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown: Vec<usize> = (0..N).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain([heading[at].chars().count()]).max().unwrap_or(0)
    };
    let line = |cells: &dyn Fn(usize) -> String| {
        let padded = shown.iter().map(|at| format!("{:<width$}", cells(*at), width = width(*at)));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{}", line(&|at| heading[at].to_owned()))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", emit::one_line(&line(&|at| row[at].clone()))))
}
