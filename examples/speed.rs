//! throw-away
use cargo_privacy::*;
use rayon::prelude::*;
use std::sync::Arc;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(1 << 30).build_global().unwrap();
    let t = std::time::Instant::now();
    let files: Vec<Arc<str>> = walkdir::WalkDir::new(dir)
        .into_iter()
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|x| x == "rs") && e.file_type().is_file())
        .filter_map(|e| std::fs::read_to_string(e.path()).ok())
        .map(Arc::from)
        .collect();
    println!("read {:?}", t.elapsed());
    let units: Vec<_> = files.par_iter().map(|f| lower::items(f)).collect();
    println!("items {:?} bad {}", t.elapsed(), units.iter().filter(|u| u.is_err()).count());
    let mut table = lower::MacroTable::default();
    for n in ["info", "debug", "warn", "error", "trace"] {
        table.syntax.insert(name::Name::new(n), lower::Syntax::Log);
    }
    for (u, t) in units.iter().zip(&files) {
        if let Ok(u) = u {
            for i in &u.items {
                if let ir::ItemKind::MacroRules(r) = i.kind {
                    table.rules.entry(i.name).or_default().push(lower::MacroDef {
                        text: t.clone(),
                        range: r,
                        krate: name::Name::new("x"),
                    });
                }
            }
        }
    }
    println!("macros {}", table.rules.len());
    let imported = Default::default();
    let low: Vec<_> = units
        .par_iter()
        .zip(&files)
        .map(|(u, f)| {
            let Ok(u) = u else { return Default::default() };
            let env = lower::Env::new(&table, name::Name::new("x"), &imported, f);
            lower::code(u, &env, &|_| true)
        })
        .collect();
    println!("bodies {:?}", t.elapsed());
    let (mut e, mut b, mut bad, mut x) = (0, 0, 0, 0);
    let mut op = std::collections::BTreeMap::<String, usize>::new();
    for l in &low {
        b += l.bodies.len();
        bad += l.unparsed.len();
        x += l.extras.len();
        for (_, _, y) in &l.bodies {
            e += y.exprs.len();
            for (n, _) in &y.opaque_macros {
                *op.entry(n.to_string()).or_default() += 1;
            }
        }
    }
    println!("bodies {b} exprs {e} bad {bad} extras {x} size {}", std::mem::size_of::<ir::Expr>());
    for l in &low {
        for u in l.unparsed.iter().take(1) {
            println!("  {} ", u.why);
        }
    }
    let mut op: Vec<_> = op.into_iter().collect();
    op.sort_by_key(|x| std::cmp::Reverse(x.1));
    println!("{:?}", &op[..op.len().min(30)]);
}
