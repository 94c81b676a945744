//! Packages that are there for tests alone: libraries whose name says so and that no other code builds upon. Their code is
//! test code, as that of `tests/` is. Knows names and dependencies, reads nothing.

use super::{DependencyKind, PackageInfo, TargetKind};

/// Whether a name says by its words that what it is of is there for tests: `test`, `testing`, `test-utils`, `testkit`.
pub(super) fn is_said(name: &str) -> bool {
    name.split(['-', '_']).any(|word| matches!(word, "test" | "tests" | "testing" | "testkit" | "e2e"))
}

/// For each package whether it is there for tests alone. A package that was asked for is looked at like any other: by its
/// name, or because there is nothing else to look at.
pub(super) fn packages(packages: &[PackageInfo], by_name: bool) -> Vec<bool> {
    let is_asked_for = |package: &PackageInfo| by_name && package.selected;
    let mut found: Vec<bool> =
        packages.iter().map(|package| is_library(package) && !is_asked_for(package)).collect();
    // What such a package builds upon is for tests too where it says so; what other code builds upon is not.
    loop {
        let users = packages.iter().enumerate().filter(|(index, _)| !found[*index]);
        let used = users.flat_map(|(_, package)| &package.dependencies);
        let used = used.filter(|entry| entry.kind != DependencyKind::Dev).filter_map(|entry| entry.local);
        let used: Vec<usize> = used.filter(|local| found[*local]).collect();
        if used.is_empty() {
            break;
        }
        used.into_iter().for_each(|local| found[local] = false);
    }
    let is_left = packages.iter().zip(&found).any(|(package, found)| package.selected && !found);
    if is_left { found } else { vec![false; packages.len()] }
}

/// Whether a package says that it is for tests and has nothing that runs by itself.
fn is_library(package: &PackageInfo) -> bool {
    let runs = |kind| matches!(kind, TargetKind::Bin | TargetKind::ProcMacro);
    is_said(&package.name)
        && !package.targets.is_empty()
        && !package.targets.iter().any(|target| runs(target.kind))
}
