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

/// Derives that add no functions or fields of their own.
const KNOWN_DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "Eq",
    "Error",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "PersonalData",
    "Serialize",
];

/// What `crate` means in a notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    /// The package beside it; each of its users where it lies beside none.
    Packages(SmallVec<[u32; 1]>),
    /// One that takes no part in the run.
    Absent,
    /// Nothing: the notice stands in a virtual workspace.
    Workspace,
}

impl Anchor {
    /// Whether `crate` means this package.
    pub(super) fn holds(&self, package: u32) -> bool {
        matches!(self, Self::Packages(all) if all.contains(&package))
    }
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
        let mut users = self.packages.iter().filter(|p| p.notice.0 == notice).peekable();
        if users.peek().is_some_and(|user| user.crate_of_notice.is_none()) {
            return Anchor::Workspace;
        }
        let named = users.filter_map(|user| user.crate_of_notice.as_deref());
        let mut found: SmallVec<[u32; 1]> = named
            .filter_map(|name| self.packages.iter().position(|p| same_crate(&p.name, name)))
            .map(|i| i as u32)
            .collect();
        found.dedup();
        if found.is_empty() { Anchor::Absent } else { Anchor::Packages(found) }
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
    fn means(self, asked: &Asked, anchor: &Anchor, path: &[&str], package: u32) -> bool {
        match asked.pattern.segments.first() {
            Some(first) if first == "crate" => {
                // Binaries of the package are other crates, and meant all the same.
                let below = path.get(1..).unwrap_or_default();
                let rooted: SmallVec<[&str; 8]> =
                    std::iter::once("crate").chain(below.iter().copied()).collect();
                anchor.holds(package) && asked.pattern.matches(&rooted, "crate")
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
        let (def, covered) = self.deepest(asked)?;
        let path = match def {
            Def::Item(item) => self.program.path(item),
            Def::Mod(module) => self.program.module_path(module),
            Def::Variant(item, v) => {
                let mut path = self.program.path(item);
                path.extend(super::place::variant_name(self.program, item, v));
                path
            }
            Def::External(_) => return None,
        };
        let rest = asked.pattern.segments[covered..].iter().cloned();
        let segments: Vec<String> = path.iter().map(ToString::to_string).chain(rest).collect();
        let pattern = PathPattern { segments, span: asked.pattern.span };
        (pattern.segments != asked.pattern.segments).then_some(Asked { notice: asked.notice, pattern })
    }

    /// What the longest beginning of a path means that names something, and how many segments it has.
    fn deepest(self, asked: &Asked) -> Option<(Def, usize)> {
        let segments = &asked.pattern.segments;
        let first = segments.first()?;
        let anchor = self.anchor(asked.notice);
        let roots = self.program.crates.iter().filter(|c| match c.package {
            Some(package) if first == "crate" => anchor.holds(package),
            package => package.is_some() && c.name == *first.as_str(),
        });
        let literal = segments.iter().take_while(|s| !s.contains('*')).count();
        let names: Vec<Name> = segments.iter().map(|s| Name::new(s)).collect();
        let found = roots.flat_map(|c| {
            let names = &names;
            (1..=literal).filter_map(move |len| Some((self.lead(c.root, &names[1..len])?, len)))
        });
        // Of several crates the first that gets as far.
        found.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    fn lead(self, root: ModId, names: &[Name]) -> Option<Def> {
        let Some(first) = names.first() else { return Some(Def::Mod(root)) };
        [Namespace::Type, Namespace::Value].into_iter().find_map(|ns| {
            let step = if names.len() == 1 { ns } else { Namespace::Type };
            // Only what the crate itself holds: not its dependencies, and not the prelude.
            self.program.member(root, *first, step)?;
            match self.program.resolve_names(root, names, false, ns) {
                Resolution::Def(def, 0) => Some(def),
                _ => None,
            }
        })
    }

    /// Whether what a path names may be made by a macro or a derive that nobody has read.
    pub(super) fn may_be_made(self, asked: &Asked) -> bool {
        match self.deepest(asked) {
            Some((Def::Item(item), _)) => self.program.item(item).attrs.get().is_some_and(|attrs| {
                attrs.derives.iter().any(|(name, _)| !KNOWN_DERIVES.contains(&name.as_str()))
            }),
            Some((Def::Mod(module), _)) => self.program.items().any(|item| {
                let call = matches!(self.program.item(item).kind, ItemKind::MacroCall(..));
                call && self.program.is_live(item) && self.program.home(item) == module
            }),
            _ => false,
        }
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
            if paths.means(&self.asked[i], &self.anchors[i], &path, target.package) {
                found[i].push(Named { rank: target.rank, places: target.places.clone() });
            }
        }
    }
}
