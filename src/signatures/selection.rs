//! What of libraries' declarations a program can come upon: the items that its paths lead to, what those name in turn,
//! and of the impls for them what its words name. Of a module that it names as a whole it takes what its words name: a word that stands for
//! something else takes along a little too much, and nothing is missed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::BuildHasher;
use std::ops::Bound;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::index::{Entry, Index, Kept};

/// From what a program names to what is taken: a function gives a builder, that builds a client, and that a reply. What
/// lies further stays outside.
const MAX_STEPS: u32 = 3;

/// A library as a program meets it.
#[derive(Debug)]
pub struct Met<'a> {
    /// Its name in code.
    pub name: &'a str,
    /// Its declarations.
    pub index: Index<'a>,
    /// Paths below it that the program names.
    pub paths: &'a BTreeSet<String>,
}

/// What was chosen of libraries.
#[derive(Debug, Default)]
pub struct Selection {
    /// For each library and each of its declarations, whether it was.
    pub chosen: Vec<Vec<bool>>,
    /// For each library the other crates that its chosen declarations name.
    pub others: Vec<BTreeSet<String>>,
}

/// The number of a word among those of a program.
#[must_use]
pub fn word(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// Chooses of libraries what a program of these words can come upon.
#[must_use]
pub fn choose(libraries: &[Met<'_>], words: &FxHashSet<u64>) -> Selection {
    let mut choosing = Choosing::new(libraries, words);
    for (library, met) in libraries.iter().enumerate() {
        met.paths.iter().for_each(|path| choosing.reach(library, path));
    }
    choosing.follow();
    choosing.selection
}

struct Choosing<'l, 'a> {
    libraries: &'l [Met<'a>],
    words: &'l FxHashSet<u64>,
    /// For each library what it declares by name, and what is there in any case.
    names: Vec<FxHashMap<&'l str, Vec<u32>>>,
    /// For each library the modules of what it declares.
    modules: Vec<BTreeMap<&'l str, Vec<u32>>>,
    /// Impls by what they are for, or of.
    impls: FxHashMap<(usize, u32), Vec<u32>>,
    /// Libraries by their names.
    by_name: FxHashMap<&'l str, Vec<usize>>,
    /// Modules of libraries that were looked through.
    seen: FxHashSet<(usize, &'l str)>,
    selection: Selection,
    /// What was chosen and not followed yet, and how many steps lead there.
    open: VecDeque<(usize, u32, u32)>,
    /// How many lead to what is being followed.
    steps: u32,
}

impl<'l, 'a> Choosing<'l, 'a> {
    fn new(libraries: &'l [Met<'a>], words: &'l FxHashSet<u64>) -> Self {
        let mut choosing = Self {
            libraries,
            words,
            names: Vec::new(),
            modules: Vec::new(),
            impls: FxHashMap::default(),
            by_name: FxHashMap::default(),
            seen: FxHashSet::default(),
            selection: Selection::default(),
            open: VecDeque::new(),
            steps: 0,
        };
        for (library, met) in libraries.iter().enumerate() {
            choosing.by_name.entry(met.name).or_default().push(library);
            let entries = &met.index.entries;
            let (mut names, mut modules) =
                (FxHashMap::<_, Vec<u32>>::default(), BTreeMap::<_, Vec<u32>>::new());
            for (at, entry) in entries.iter().enumerate() {
                match &entry.what {
                    Kept::Impl(name, of) if name.is_empty() || words.contains(&word(name)) => {
                        for of in of {
                            choosing.impls.entry((library, *of)).or_default().push(at as u32);
                        }
                    }
                    Kept::Impl(..) => {}
                    what => {
                        names.entry(what.name()).or_default().push(at as u32);
                        modules.entry(entry.module).or_default().push(at as u32);
                    }
                }
            }
            choosing.names.push(names);
            choosing.modules.push(modules);
            choosing.selection.chosen.push(vec![false; entries.len()]);
            choosing.selection.others.push(BTreeSet::new());
        }
        choosing
    }

    fn entry(&self, library: usize, at: u32) -> &'l Entry<'a> {
        &self.libraries[library].index.entries[at as usize]
    }

    fn choose(&mut self, library: usize, at: u32) {
        if let Some(chosen) = self.selection.chosen[library].get_mut(at as usize)
            && !std::mem::replace(chosen, true)
        {
            self.open.push_back((library, at, self.steps));
        }
    }

    /// Chooses what a path below a library leads to: the items of this name where it ends, or of the module that it is
    /// those that the program's words name.
    fn reach(&mut self, library: usize, path: &str) {
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        let named = self.names[library].get(name).cloned().unwrap_or_default();
        let mut is_there = false;
        for at in named.into_iter().filter(|_| !name.is_empty()) {
            if self.entry(library, at).module == module {
                is_there = true;
                self.choose(library, at);
            }
        }
        let below: Vec<&'l str> = self.modules[library]
            .range::<str, _>((Bound::Included(path), Bound::Unbounded))
            .map(|(module, _)| *module)
            .take_while(|module| module.starts_with(path))
            .filter(|module| is_below(module, path))
            .collect();
        for module in &below {
            self.look_through(library, module);
        }
        if below.is_empty() && !is_there && !path.is_empty() {
            // It comes by a glob or another name of a module, or is a function of a type.
            self.always(library, module);
            if !module.is_empty() {
                self.reach(library, module);
            }
        }
    }

    /// Chooses what is in a module in any case.
    fn always(&mut self, library: usize, module: &str) {
        for at in self.modules[library].get(module).cloned().unwrap_or_default() {
            if matches!(self.entry(library, at).what, Kept::Always) {
                self.choose(library, at);
            }
        }
    }

    fn look_through(&mut self, library: usize, module: &'l str) {
        if !self.seen.insert((library, module)) {
            return;
        }
        for at in self.modules[library].get(module).cloned().unwrap_or_default() {
            if self.is_named(library, at) {
                self.choose(library, at);
            }
        }
    }

    /// Whether the program's words name a declaration, or a function of the trait that it is or stands for.
    fn is_named(&self, library: usize, at: u32) -> bool {
        let is_word = |name: &str| self.words.contains(&word(name));
        let entry = self.entry(library, at);
        let definition = match entry.what {
            Kept::Alias(_) => {
                let of = entry.needs().next();
                of.and_then(|of| self.libraries[library].index.entries.get(of as usize))
            }
            _ => Some(entry),
        };
        matches!(entry.what, Kept::Always)
            || is_word(entry.what.name())
            || definition.is_some_and(|entry| entry.functions().any(is_word))
    }

    fn follow(&mut self) {
        while let Some((library, at, steps)) = self.open.pop_front() {
            self.steps = steps;
            // Impls are no step, but for what they name.
            for imp in self.impls.get(&(library, at)).cloned().unwrap_or_default() {
                if self.is_whole(library, imp) {
                    self.choose(library, imp);
                }
            }
            self.steps = steps + 1;
            if self.steps > MAX_STEPS {
                continue;
            }
            let entry = self.entry(library, at);
            entry.needs().for_each(|needed| self.choose(library, needed));
            for path in entry.paths() {
                let (krate, rest) = path.split_once("::").unwrap_or((path, ""));
                if krate == "crate" {
                    self.reach(library, rest);
                    continue;
                }
                if !self.selection.others[library].contains(krate) {
                    self.selection.others[library].insert(krate.to_owned());
                }
                for other in self.by_name.get(krate).cloned().unwrap_or_default() {
                    self.reach(other, rest);
                }
            }
        }
    }

    /// Whether all was chosen that an impl is for and of.
    fn is_whole(&self, library: usize, imp: u32) -> bool {
        let Kept::Impl(_, of) = &self.entry(library, imp).what else { return false };
        of.iter().all(|of| self.selection.chosen[library].get(*of as usize) == Some(&true))
    }
}

/// Whether a module is another one, or in it.
fn is_below(module: &str, outer: &str) -> bool {
    outer.is_empty() || module == outer || module[outer.len()..].starts_with("::")
}
