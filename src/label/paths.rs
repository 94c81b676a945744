//! What the paths of a notice name: items, fields, variants, parameters and modules of the program. Knows what `crate`
//! means in each notice; decides nothing about data.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::place::{Part, Place, own_items};
use super::{Context, PackageFacts};
use crate::ir::{Fields, ItemKind};
use crate::name::Name;
use crate::notice::PathPattern;
use crate::resolve::{CrateId, Def, Dependency, GItem, ModId, Namespace, Program, Resolution};

/// What `crate` means in a notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    /// This package.
    Package(u32),
    /// One that takes no part in the run.
    Absent,
    /// Nothing: the notice stands in a virtual workspace.
    Workspace,
}

/// A path of a notice to be looked up.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// By index.
    pub(super) notice: u32,
    /// The path.
    pub(super) pattern: PathPattern,
}

/// What a wildcard at a path's end means first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    /// Fields, and variants for theirs.
    Field,
    /// Types.
    Type,
    /// Parameters.
    Param,
    /// Functions and constants.
    Value,
    /// Modules and traits.
    Scope,
}

/// Something that a path names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Its kind.
    pub(super) rank: Rank,
    /// The places that it stands for; none for modules, traits and functions without a result.
    pub(super) places: SmallVec<[Place; 1]>,
}

/// Looks up paths.
#[derive(Clone, Copy)]
pub(super) struct Paths<'a> {
    program: &'a Program,
    packages: &'a [PackageFacts],
}

impl<'a> Paths<'a> {
    pub(super) fn new(context: &Context<'a>) -> Self {
        Self { program: context.sema.program, packages: context.packages }
    }

    /// What `crate` means in a notice.
    pub(super) fn anchor(self, notice: u32) -> Anchor {
        let Some(user) = self.packages.iter().find(|p| p.notice.0 == notice) else { return Anchor::Absent };
        let Some(name) = &user.crate_of_notice else { return Anchor::Workspace };
        let at = self.packages.iter().position(|p| same_crate(&p.name, name));
        at.map_or(Anchor::Absent, |i| Anchor::Package(i as u32))
    }

    /// What each of these paths names.
    pub(super) fn find(self, asked: &[Asked]) -> Vec<Vec<Named>> {
        let mut found = vec![Vec::new(); asked.len()];
        if asked.is_empty() {
            return found;
        }
        let search = Search::new(self, asked);
        self.each_target(|target| search.target(self, &target, &mut found));
        found
    }

    /// Everything that a path can name.
    pub(super) fn each_target(self, mut visit: impl FnMut(Target)) {
        for (i, module) in self.program.modules.iter().enumerate() {
            let package = self.program.crates.get(module.krate.0 as usize).and_then(|c| c.package);
            if let (Some(package), false) = (package, module.block) {
                let at = At::Module(ModId(i as u32));
                visit(Target {
                    at,
                    below: SmallVec::new(),
                    package,
                    last: module.name,
                    rank: Rank::Scope,
                    places: SmallVec::new(),
                });
            }
        }
        for item in own_items(self.program) {
            self.targets_of(item, &mut visit);
        }
    }

    fn targets_of(self, item: GItem, visit: &mut impl FnMut(Target)) {
        let declared = self.program.item(item);
        let Some(package) = self.program.package_of(item) else { return };
        let mut visit = |below: SmallVec<[Name; 2]>, rank, places| {
            let last = below.last().copied().unwrap_or(declared.name);
            visit(Target { at: At::Item(item), below, package, last, rank, places });
        };
        let place = |part| Place { item, part };
        let fields = |variant, list: &Fields| {
            (0..list.list.len() as u16).map(move |i| place(Part::Field(variant, i))).collect()
        };
        match &declared.kind {
            ItemKind::Struct(_, own) => {
                visit(smallvec![], Rank::Type, smallvec![place(Part::Whole)]);
                let all: SmallVec<[Place; 1]> = fields(None, own);
                own.list
                    .iter()
                    .zip(all)
                    .for_each(|(f, p)| visit(smallvec![f.name], Rank::Field, smallvec![p]));
            }
            ItemKind::Enum(_, variants) => {
                visit(smallvec![], Rank::Type, smallvec![place(Part::Whole)]);
                for (v, variant) in variants.iter().enumerate() {
                    let all: SmallVec<[Place; 1]> = fields(Some(v as u16), &variant.fields);
                    visit(smallvec![variant.name], Rank::Field, all.clone());
                    let own = variant.fields.list.iter().zip(all);
                    own.for_each(|(f, p)| visit(smallvec![variant.name, f.name], Rank::Field, smallvec![p]));
                }
            }
            ItemKind::Fn(decl) => {
                visit(smallvec![], Rank::Value, decl.ret.iter().map(|_| place(Part::Return)).collect());
                for (i, name) in decl.params.iter().enumerate().filter_map(|(i, p)| Some((i, p.name?))) {
                    visit(smallvec![name], Rank::Param, smallvec![place(Part::Param(i as u16))]);
                }
            }
            ItemKind::Const(_) => visit(smallvec![], Rank::Value, smallvec![place(Part::Whole)]),
            ItemKind::Alias(..) => visit(smallvec![], Rank::Type, smallvec![place(Part::Whole)]),
            ItemKind::Trait(..) => visit(smallvec![], Rank::Scope, smallvec![]),
            _ => {}
        }
    }

    /// The path of a target, crate first.
    pub(super) fn path_of(self, target: &Target) -> Vec<&'static str> {
        let mut path = match target.at {
            At::Item(item) => self.program.path(item),
            At::Module(module) => self.program.module_path(module),
        };
        path.extend(target.below.iter().copied());
        path.into_iter().map(Name::as_str).collect()
    }

    /// Whether a path of a notice means a target; `path` is the target's.
    fn means(self, asked: &Asked, anchor: Anchor, path: &[&str], package: u32) -> bool {
        match asked.pattern.segments.first() {
            Some(first) if first == "crate" => {
                // Binaries of the package are other crates, and meant all the same.
                let below = path.get(1..).unwrap_or_default();
                let rooted: SmallVec<[&str; 8]> =
                    std::iter::once("crate").chain(below.iter().copied()).collect();
                anchor == Anchor::Package(package) && asked.pattern.matches(&rooted, "crate")
            }
            Some(first) => {
                let own = self.packages.get(package as usize).is_some_and(|p| p.notice.0 == asked.notice);
                (own || path.first() == Some(&first.as_str())) && asked.pattern.matches(path, "")
            }
            None => false,
        }
    }

    /// The path that a re-export leads to, where the written one begins with a crate of the run.
    pub(super) fn canonical(self, asked: &Asked) -> Option<Asked> {
        let segments = &asked.pattern.segments;
        let first = segments.first()?;
        let literal = segments.iter().take_while(|s| !s.contains('*')).count();
        let roots = self.program.crates.iter().filter(|c| match self.anchor(asked.notice) {
            _ if first != "crate" => c.package.is_some() && c.name == *first.as_str(),
            Anchor::Package(package) => c.package == Some(package),
            _ => false,
        });
        let names: Vec<Name> = segments.iter().map(|s| Name::new(s)).collect();
        let mut canonical = roots.flat_map(|c| {
            let names = &names;
            (1..literal).rev().filter_map(move |len| Some((len + 1, self.lead(c.root, &names[1..=len])?)))
        });
        let (covered, path) = canonical.next()?;
        let rest = segments[covered..].iter().cloned();
        let segments: Vec<String> = path.iter().map(ToString::to_string).chain(rest).collect();
        let pattern = PathPattern { segments, span: asked.pattern.span };
        (pattern.segments != asked.pattern.segments).then_some(Asked { notice: asked.notice, pattern })
    }

    fn lead(self, root: ModId, names: &[Name]) -> Option<Vec<Name>> {
        let resolve = |ns| {
            let (first, rest) = names.split_first()?;
            let step = if rest.is_empty() { ns } else { Namespace::Type };
            self.program.member(root, *first, step)?;
            match self.program.resolve_names(root, names, false, ns) {
                Resolution::Def(Def::Item(item), 0) => Some(self.program.path(item)),
                Resolution::Def(Def::Mod(module), 0) => Some(self.program.module_path(module)),
                Resolution::Def(Def::Variant(item, v), 0) => {
                    let mut path = self.program.path(item);
                    path.extend(super::place::variant_name(self.program, item, v));
                    Some(path)
                }
                _ => None,
            }
        };
        resolve(Namespace::Type).or_else(|| resolve(Namespace::Value))
    }

    /// Whether a path that names nothing is at fault: it is not where it leads out of what was read. `must`: it cannot
    /// mean anything but code of the program.
    pub(super) fn at_fault(self, asked: &Asked, must: bool) -> bool {
        let Some(first) = asked.pattern.segments.first() else { return false };
        if first == "crate" {
            return self.anchor(asked.notice) != Anchor::Absent;
        }
        self.is_crate(first) || must && !self.leads_out(first, asked.pattern.segments.len())
    }

    /// Whether a crate of the run has this name.
    pub(super) fn is_crate(self, name: &str) -> bool {
        self.program.crates.iter().any(|c| c.package.is_some() && c.name == *name)
    }

    fn leads_out(self, first: &str, segments: usize) -> bool {
        if first.contains('*') {
            return false;
        }
        let outside = |d: &Dependency| match d {
            Dependency::Known(CrateId(at)) => self.program.crates[*at as usize].package.is_none(),
            Dependency::External => true,
        };
        let name = Name::new(first);
        let dependency = self.program.crates.iter().any(|c| c.dependencies.get(&name).is_some_and(outside));
        let imported = self.program.externals.iter().any(|path| path.contains(&name));
        let known = self.program.modules.iter().any(|m| m.name == name)
            || self.program.items_named(name).iter().any(|i| self.program.package_of(*i).is_some());
        let other_crate = segments > 1 && first.starts_with(char::is_lowercase) && !known;
        dependency || imported || other_crate
    }

    /// Names of the packages whose notice this is.
    pub(super) fn users(self, notice: u32) -> impl Iterator<Item = &'a str> {
        self.packages.iter().filter(move |p| p.notice.0 == notice).map(|p| p.name.as_str())
    }
}

/// Cargo's name of a package and rustc's name of its crate differ in `-` and `_`.
fn same_crate(a: &str, b: &str) -> bool {
    let underscored = |c: char| if c == '-' { '_' } else { c };
    a.chars().map(underscored).eq(b.chars().map(underscored))
}

/// What a target's path begins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Item(GItem),
    Module(ModId),
}

/// Something that a path can name.
#[derive(Clone, Debug)]
pub(super) struct Target {
    at: At,
    below: SmallVec<[Name; 2]>,
    pub(super) package: u32,
    last: Name,
    rank: Rank,
    places: SmallVec<[Place; 1]>,
}

/// The paths that are looked for, by the last of their names.
struct Search<'a> {
    asked: &'a [Asked],
    anchors: Vec<Anchor>,
    by_last: FxHashMap<Name, Vec<usize>>,
    wild: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(paths: Paths<'_>, asked: &'a [Asked]) -> Self {
        let anchors = asked.iter().map(|a| paths.anchor(a.notice)).collect();
        let (by_last, wild) = Default::default();
        let mut search = Self { asked, anchors, by_last, wild };
        for (i, each) in asked.iter().enumerate() {
            match each.pattern.segments.last() {
                Some(last) if !last.contains('*') => {
                    search.by_last.entry(Name::new(last)).or_default().push(i)
                }
                _ => search.wild.push(i),
            }
        }
        search
    }

    fn target(&self, paths: Paths<'_>, target: &Target, found: &mut [Vec<Named>]) {
        let named = self.by_last.get(&target.last).map(|l| &l[..]).unwrap_or_default();
        if named.is_empty() && self.wild.is_empty() {
            return;
        }
        let path = paths.path_of(target);
        for i in named.iter().chain(&self.wild).copied() {
            if paths.means(&self.asked[i], self.anchors[i], &path, target.package) {
                found[i].push(Named { rank: target.rank, places: target.places.clone() });
            }
        }
    }
}
