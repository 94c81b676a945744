//! `cfg` predicates and their evaluation in three values: without flags, what depends on features or on the platform
//! is looked at either way; with flags it is decided as cargo would. Knows no code and no manifests.

use std::collections::BTreeSet;

/// What a predicate comes to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Truth {
    /// It holds in every build that is looked at.
    True,
    /// It holds in none.
    False,
    /// It holds in some: its arms are alternatives.
    Unknown,
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// A predicate as written in `#[cfg(…)]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CfgExpr {
    /// Every one holds; of none, true.
    All(Vec<CfgExpr>),
    /// Any one holds; of none, false.
    Any(Vec<CfgExpr>),
    /// It does not hold.
    Not(Box<CfgExpr>),
    /// A name alone: `unix`.
    Name(String),
    /// A key with a value: `feature = "x"`.
    KeyValue(String, String),
    /// `true` or `false`.
    Literal(bool),
}

impl CfgExpr {
    /// Reads a predicate: `all(unix, feature = "x")`. `None` where it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let expr = reader.predicate()?;
        reader.rest.trim().is_empty().then_some(expr)
    }
}

/// Reads predicates from the front of a text.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn predicate(&mut self) -> Option<CfgExpr> {
        let name = self.name()?;
        if self.eat('(') {
            let mut operands = self.operands()?;
            return match name {
                "all" => Some(CfgExpr::All(operands)),
                "any" => Some(CfgExpr::Any(operands)),
                "not" if operands.len() == 1 => Some(CfgExpr::Not(Box::new(operands.remove(0)))),
                _ => None,
            };
        }
        if self.eat('=') {
            return Some(CfgExpr::KeyValue(name.to_owned(), self.string()?.to_owned()));
        }
        Some(match name {
            "true" => CfgExpr::Literal(true),
            "false" => CfgExpr::Literal(false),
            _ => CfgExpr::Name(name.to_owned()),
        })
    }

    fn operands(&mut self) -> Option<Vec<CfgExpr>> {
        let mut operands = Vec::new();
        while !self.eat(')') {
            operands.push(self.predicate()?);
            if !self.eat(',') {
                return self.eat(')').then_some(operands);
            }
        }
        Some(operands)
    }

    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let rest = rest.strip_prefix("r#").unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.rest = &rest[end..];
        (end > 0).then_some(&rest[..end])
    }

    fn string(&mut self) -> Option<&'a str> {
        let inner = self.rest.trim_start().strip_prefix('"')?;
        let (value, rest) = inner.split_once('"')?;
        self.rest = rest;
        Some(value)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// What is decided about one package's build.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CfgSet {
    test: Truth,
    decided: Option<Decided>,
}

/// A build as cargo would do it for this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Decided {
    features: BTreeSet<String>,
    flags: BTreeSet<(String, Option<String>)>,
    /// What rustc sets and is not among the flags.
    of_rustc: Truth,
    other: Truth,
}

/// Keys of which this program cannot know the values without asking rustc.
const ASKED_OF_RUSTC: [&str; 3] = ["target_feature", "target_has_atomic", "target_abi"];

impl CfgSet {
    /// Nothing is decided but test code.
    #[must_use]
    pub fn open(tests: bool) -> Self {
        Self { test: test_truth(tests), decided: None }
    }

    /// As cargo would build for this machine with these features and `--cfg` flags. A build script may set names that
    /// cannot be known without running it.
    #[must_use]
    pub fn decided(tests: bool, features: BTreeSet<String>, cfg: &[String], build_script: bool) -> Self {
        let flags = host_flags().into_iter().chain(cfg.iter().filter_map(|flag| parse_flag(flag))).collect();
        let other = if build_script { Truth::Unknown } else { Truth::False };
        let of_rustc = Truth::False;
        Self { test: test_truth(tests), decided: Some(Decided { features, flags, of_rustc, other }) }
    }

    /// Somebody else's library, of which nobody knows how it is built: with all of its features but those for tests, on
    /// any platform.
    #[must_use]
    pub fn of_library(features: BTreeSet<String>) -> Self {
        let features = features.into_iter().filter(|feature| !super::for_tests::is_said(feature)).collect();
        let (flags, of_rustc, other) = (BTreeSet::new(), Truth::Unknown, Truth::Unknown);
        Self { test: Truth::False, decided: Some(Decided { features, flags, of_rustc, other }) }
    }

    /// The features that are on; `None` where either way is looked at.
    #[must_use]
    pub fn features(&self) -> Option<&BTreeSet<String>> {
        self.decided.as_ref().map(|decided| &decided.features)
    }

    /// What a predicate comes to.
    #[must_use]
    pub fn eval(&self, expr: &CfgExpr) -> Truth {
        match expr {
            CfgExpr::All(operands) => self.fold(operands, Truth::False),
            CfgExpr::Any(operands) => self.fold(operands, Truth::True),
            CfgExpr::Not(operand) => !self.eval(operand),
            CfgExpr::Name(name) if name == "test" => self.test,
            CfgExpr::Name(name) => self.flag(name, None),
            CfgExpr::KeyValue(key, value) => self.flag(key, Some(value)),
            CfgExpr::Literal(value) => Truth::from(*value),
        }
    }

    /// `all` and `any`: one operand of `decisive` decides, then one unknown leaves it open.
    fn fold(&self, operands: &[CfgExpr], decisive: Truth) -> Truth {
        let mut result = !decisive;
        for operand in operands {
            let truth = self.eval(operand);
            if truth == decisive {
                return decisive;
            }
            if truth == Truth::Unknown {
                result = Truth::Unknown;
            }
        }
        result
    }

    fn flag(&self, key: &str, value: Option<&String>) -> Truth {
        let Some(decided) = &self.decided else {
            let tests = key == "feature" && value.is_some_and(|feature| super::for_tests::is_said(feature));
            return if tests { self.test } else { Truth::Unknown };
        };
        if decided.flags.contains(&(key.to_owned(), value.cloned())) {
            return Truth::True;
        }
        match value {
            Some(feature) if key == "feature" => decided.features.contains(feature).into(),
            _ if ASKED_OF_RUSTC.contains(&key) => Truth::Unknown,
            _ if is_set_by_rustc(key) => decided.of_rustc,
            _ => decided.other,
        }
    }
}

/// With tests, code is built both as a test and not.
fn test_truth(tests: bool) -> Truth {
    if tests { Truth::Unknown } else { Truth::False }
}

fn is_set_by_rustc(key: &str) -> bool {
    let names = [
        "unix",
        "windows",
        "debug_assertions",
        "panic",
        "proc_macro",
        "doc",
        "doctest",
        "miri",
        "overflow_checks",
    ];
    key.starts_with("target_") || names.contains(&key)
}

/// One `--cfg` flag: `name` or `key="value"`.
fn parse_flag(text: &str) -> Option<(String, Option<String>)> {
    match CfgExpr::parse(text)? {
        CfgExpr::Name(name) => Some((name, None)),
        CfgExpr::KeyValue(key, value) => Some((key, Some(value))),
        _ => None,
    }
}

/// Whether a `--cfg` flag is one.
#[must_use]
pub fn is_flag(text: &str) -> bool {
    parse_flag(text).is_some()
}

/// What rustc sets for a development build for the machine that this program was built for.
fn host_flags() -> Vec<(String, Option<String>)> {
    let pointer_width = usize::BITS.to_string();
    let endian = if cfg!(target_endian = "big") { "big" } else { "little" };
    let pairs = [
        ("target_os", std::env::consts::OS),
        ("target_arch", std::env::consts::ARCH),
        ("target_family", std::env::consts::FAMILY),
        ("target_pointer_width", &pointer_width),
        ("target_endian", endian),
        ("target_env", host_env()),
        ("target_vendor", host_vendor()),
        ("panic", "unwind"),
    ];
    let family = (std::env::consts::FAMILY.to_owned(), None);
    let pairs = pairs.into_iter().map(|(key, value)| (key.to_owned(), Some(value.to_owned())));
    pairs
        .chain([family, ("debug_assertions".to_owned(), None), ("overflow_checks".to_owned(), None)])
        .collect()
}

fn host_env() -> &'static str {
    match () {
        () if cfg!(target_env = "gnu") => "gnu",
        () if cfg!(target_env = "musl") => "musl",
        () if cfg!(target_env = "msvc") => "msvc",
        () => "",
    }
}

fn host_vendor() -> &'static str {
    match () {
        () if cfg!(target_vendor = "apple") => "apple",
        () if cfg!(target_vendor = "pc") => "pc",
        () => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eval(set: &CfgSet, text: &str) -> Truth {
        set.eval(&CfgExpr::parse(text).unwrap())
    }

    #[test]
    fn without_flags_only_test_code_is_decided() {
        let set = CfgSet::open(false);
        assert_eq!(eval(&set, "test"), Truth::False);
        assert_eq!(eval(&set, "not(test)"), Truth::True);
        assert_eq!(eval(&set, "feature = \"x\""), Truth::Unknown);
        assert_eq!(eval(&set, "all(test, feature = \"x\")"), Truth::False);
        assert_eq!(eval(&set, "any(not(test), unix,)"), Truth::True);
        assert_eq!(eval(&set, "any()"), Truth::False);
        assert_eq!(eval(&set, "all()"), Truth::True);
        assert_eq!(eval(&CfgSet::open(true), "test"), Truth::Unknown);
        assert_eq!(eval(&set, "feature = \"test-utils\""), Truth::False);
        assert_eq!(eval(&set, "not(feature = \"testing\")"), Truth::True);
        assert_eq!(eval(&set, "feature = \"latest\""), Truth::Unknown);
        assert_eq!(eval(&CfgSet::open(true), "feature = \"test-utils\""), Truth::Unknown);
    }

    #[test]
    fn with_flags_it_is_decided_as_cargo_would() {
        let set =
            CfgSet::decided(false, BTreeSet::from(["x".to_owned()]), &["tokio_unstable".to_owned()], false);
        assert_eq!(eval(&set, "feature = \"x\""), Truth::True);
        assert_eq!(eval(&set, "feature = \"y\""), Truth::False);
        assert_eq!(eval(&set, "tokio_unstable"), Truth::True);
        assert_eq!(eval(&set, "loom"), Truth::False);
        assert_eq!(eval(&set, "any(unix, windows)"), Truth::True);
        assert_eq!(eval(&set, "target_os = \"none\""), Truth::False);
        assert_eq!(eval(&set, "target_feature = \"avx2\""), Truth::Unknown);
    }

    #[test]
    fn of_a_library_all_features_are_on_and_all_platforms_possible() {
        let set = CfgSet::of_library(BTreeSet::from(["std".to_owned(), "test-utils".to_owned()]));
        assert_eq!(eval(&set, "not(feature = \"std\")"), Truth::False);
        assert_eq!(eval(&set, "feature = \"gone\""), Truth::False);
        assert_eq!(eval(&set, "feature = \"test-utils\""), Truth::False);
        assert_eq!(eval(&set, "all(windows, not(test))"), Truth::Unknown);
        assert_eq!(eval(&set, "loom"), Truth::Unknown);
    }

    #[test]
    fn a_build_script_may_set_anything_but_what_rustc_sets() {
        let set = CfgSet::decided(false, BTreeSet::new(), &[], true);
        assert_eq!(eval(&set, "has_foo"), Truth::Unknown);
        assert_eq!(eval(&set, "target_os = \"none\""), Truth::False);
    }

    #[test]
    fn what_is_no_predicate_is_refused() {
        for text in ["", "not(a, b)", "some(a)", "a b", "feature = x", "all(a", "any(a b)"] {
            assert_eq!(CfgExpr::parse(text), None, "{text}");
        }
    }
}
