//! Which items take part: `cfg` as the package's build decides it, and test code where it is asked for. Knows no files.

use crate::ir::{Cfg, Item};
use crate::resolve::Build;
use crate::workspace::PackageInfo;
use crate::workspace::cfg::{CfgExpr, CfgSet, Truth};

/// Decides for the items of all packages.
pub(super) struct Keep<'a> {
    pub(super) packages: &'a [PackageInfo],
}

impl Build for Keep<'_> {
    /// Whether an item takes part. What belongs to no package is a model's, and always does.
    fn keeps(&self, item: &Item, package: u32) -> bool {
        let Some(attrs) = item.attrs.get() else { return true };
        let Some(package) = self.packages.get(package as usize) else { return true };
        let holds = |condition: &CfgExpr| package.cfg.eval(condition) != Truth::False;
        (!attrs.test || runs_tests(&package.cfg)) && attrs.cfg.iter().all(|cfg| holds(&expr(cfg)))
    }

    fn holds(&self, condition: &Cfg, package: u32) -> Option<bool> {
        match self.packages.get(package as usize)?.cfg.eval(&expr(condition)) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}

/// Whether test code of a package takes part.
pub(super) fn runs_tests(cfg: &CfgSet) -> bool {
    cfg.eval(&CfgExpr::Name("test".to_owned())) != Truth::False
}

fn expr(cfg: &Cfg) -> CfgExpr {
    let all = |operands: &[Cfg]| operands.iter().map(expr).collect();
    match cfg {
        Cfg::Flag(name) if *name == *"true" => CfgExpr::Literal(true),
        Cfg::Flag(name) if *name == *"false" => CfgExpr::Literal(false),
        Cfg::Flag(name) => CfgExpr::Name(name.as_str().to_owned()),
        Cfg::Value(key, value) => CfgExpr::KeyValue(key.as_str().to_owned(), value.as_str().to_owned()),
        Cfg::All(operands) => CfgExpr::All(all(operands)),
        Cfg::Any(operands) => CfgExpr::Any(all(operands)),
        Cfg::Not(operand) => CfgExpr::Not(Box::new(expr(operand))),
    }
}
