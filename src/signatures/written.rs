//! Types, paths and generics as declarations write them, paths in full. Knows no items.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::surface::Surface;
use crate::ir::{Args, Bound, Generics, ItemKind, Path, Segment, TypeRef};
use crate::lower;
use crate::name::Name;
use crate::resolve::{Def, GItem, ModId, Namespace, Program, Resolution};

/// What stands for a type that nobody knows.
const UNKNOWN: &str = "_";

/// What is known where something is written.
pub(super) struct Written<'p> {
    program: &'p Program,
    pub(super) surface: Surface<'p>,
    prelude: &'p FxHashSet<Name>,
    /// Names that the crate gives a meaning somewhere.
    own: FxHashSet<Name>,
    /// The module in which the code at hand stood.
    pub(super) home: ModId,
    /// Type parameters in scope.
    params: Vec<Name>,
    /// What was named since the last time that somebody asked: items of the crate, and paths of others.
    pub(super) needs: (BTreeSet<GItem>, BTreeSet<String>),
}

impl<'p> Written<'p> {
    pub(super) fn new(program: &'p Program, surface: Surface<'p>, prelude: &'p FxHashSet<Name>) -> Self {
        let mut own = FxHashSet::default();
        for item in program.items().map(|id| program.item(id)) {
            own.insert(item.name);
            if let ItemKind::Use(imports) = &item.kind {
                own.extend(imports.iter().filter_map(|import| import.alias));
            }
        }
        let (home, params, needs) = (ModId(0), Vec::new(), Default::default());
        Self { program, surface, prelude, own, home, params, needs }
    }

    /// Takes type parameters into scope; what is returned leaves it.
    pub(super) fn enter(&mut self, generics: &Generics) -> usize {
        let before = self.params.len();
        self.params.extend(&generics.params);
        before
    }

    pub(super) fn leave(&mut self, before: usize) {
        self.params.truncate(before);
    }

    /// Parameters in their brackets, and what is asked of them.
    pub(super) fn generics(&mut self, generics: &Generics) -> (String, String) {
        let mut params = Vec::new();
        for (name, default) in generics.params.iter().zip(&generics.defaults) {
            let default = default.as_ref().map(|ty| format!(" = {}", self.ty(ty))).unwrap_or_default();
            params.push(format!("{}{default}", ident(name.as_str())));
        }
        let mut asked = Vec::new();
        for (subject, bound) in &generics.bounds {
            let Some(bound) = self.path(&bound.path) else { continue };
            asked.push(format!("{}: {bound}", self.ty(subject)));
        }
        let params = if params.is_empty() { String::new() } else { format!("<{}>", params.join(", ")) };
        let asked = if asked.is_empty() { String::new() } else { format!(" where {}", asked.join(", ")) };
        (params, asked)
    }

    /// `A + B`; empty where nothing is known.
    pub(super) fn bounds(&mut self, bounds: &[Bound]) -> String {
        bounds.iter().filter_map(|bound| self.path(&bound.path)).collect::<Vec<_>>().join(" + ")
    }

    pub(super) fn ty(&mut self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Path(path) => self.path(path).unwrap_or_else(|| UNKNOWN.to_owned()),
            TypeRef::Ref(inner, false) => format!("&{}", self.ty(inner)),
            TypeRef::Ref(inner, true) => format!("&mut {}", self.ty(inner)),
            TypeRef::Tuple(parts) => {
                let parts: String = parts.iter().map(|part| format!("{},", self.ty(part))).collect();
                format!("({parts})")
            }
            TypeRef::Slice(inner) => format!("[{}]", self.ty(inner)),
            TypeRef::Array(inner) => format!("[{}; 0]", self.ty(inner)),
            TypeRef::Fn(inputs, output) => {
                let inputs: Vec<String> = inputs.iter().map(|input| self.ty(input)).collect();
                format!("fn({}) -> {}", inputs.join(", "), self.ty(output))
            }
            TypeRef::Impl(bounds) => self.any("impl", bounds),
            TypeRef::Dyn(bounds) => self.any("dyn", bounds),
            TypeRef::Never => "!".to_owned(),
            TypeRef::Infer | TypeRef::Error => UNKNOWN.to_owned(),
        }
    }

    fn any(&mut self, keyword: &str, bounds: &[Bound]) -> String {
        let bounds = self.bounds(bounds);
        if bounds.is_empty() { UNKNOWN.to_owned() } else { format!("({keyword} {bounds})") }
    }

    /// A path in full; `None` where nobody knows what it means.
    pub(super) fn path(&mut self, path: &Path) -> Option<String> {
        if let Some((ty, of_trait)) = &path.qself {
            return self.qualified(path, ty, *of_trait);
        }
        let first = path.segments.first()?.name;
        if !path.global && (first == Name::SELF_TYPE || self.params.contains(&first)) {
            let mut out = String::new();
            self.segments(&mut out, &path.segments);
            return Some(out.trim_start_matches("::").to_owned());
        }
        match self.program.resolve(self.home, path, Namespace::Type) {
            Resolution::Def(Def::Item(item), rest) => {
                let (named, rest) = path.segments.split_at(path.segments.len() - rest);
                let mut out = self.definition(item);
                self.args(&mut out, named.last());
                self.segments(&mut out, rest);
                Some(out)
            }
            Resolution::External(names) => {
                let mut out = self.foreign(&names)?;
                self.args(&mut out, path.segments.last());
                Some(out)
            }
            _ => self.unresolved(path),
        }
    }

    /// A primitive, or a name of the prelude.
    fn unresolved(&mut self, path: &Path) -> Option<String> {
        let name = path.single()?;
        let mut out = match self.prelude.contains(&name) {
            true if self.own.contains(&name) => format!("::std::prelude::v1::{name}"),
            true => name.to_string(),
            false if name.as_str().starts_with(char::is_lowercase) => ident(name.as_str()),
            false => return None,
        };
        self.args(&mut out, path.segments.last());
        Some(out)
    }

    fn qualified(&mut self, path: &Path, ty: &TypeRef, of_trait: usize) -> Option<String> {
        let (named, rest) = path.segments.split_at(of_trait.min(path.segments.len()));
        let own = self.ty(ty);
        let mut out = match named {
            [] => format!("<{own}>"),
            _ => {
                let named = Path { qself: None, global: path.global, segments: named.to_vec() };
                format!("<{own} as {}>", self.path(&named)?)
            }
        };
        self.segments(&mut out, rest);
        Some(out)
    }

    fn segments(&mut self, out: &mut String, segments: &[Segment]) {
        for part in segments {
            segment(out, part.name.as_str());
            self.args(out, Some(part));
        }
    }

    fn args(&mut self, out: &mut String, of: Option<&Segment>) {
        let Some(args) = of.and_then(|segment| segment.args.as_deref()) else { return };
        let Args { types, bindings, call } = args;
        let types: Vec<String> = types.iter().map(|ty| self.ty(ty)).collect();
        if *call {
            let output = bindings.first().map(|(_, ty)| format!(" -> {}", self.ty(ty)));
            out.push_str(&format!("({}){}", types.join(", "), output.unwrap_or_default()));
            return;
        }
        let bindings =
            bindings.iter().map(|(name, ty)| format!("{} = {}", ident(name.as_str()), self.ty(ty)));
        let all: Vec<String> = types.into_iter().chain(bindings).collect();
        if !all.is_empty() {
            out.push_str(&format!("<{}>", all.join(", ")));
        }
    }

    /// The full path of an item of the crate.
    pub(super) fn definition(&mut self, item: GItem) -> String {
        let (path, name) = self.surface.at(item);
        self.needs.0.insert(item);
        let mut out = "crate".to_owned();
        path.iter().chain([&name]).for_each(|name| segment(&mut out, name));
        out
    }

    /// The full path of something of another crate.
    pub(super) fn foreign(&mut self, names: &[Name]) -> Option<String> {
        names.first()?;
        let mut out = String::new();
        names.iter().for_each(|name| segment(&mut out, name.as_str()));
        self.needs.1.insert(out.trim_start_matches("::").to_owned());
        Some(out)
    }
}

/// Adds `::name`.
pub(super) fn segment(out: &mut String, name: &str) {
    out.push_str("::");
    out.push_str(&ident(name));
}

/// A name as an identifier.
pub(super) fn ident(name: &str) -> String {
    let is_word = matches!(name, "_" | "self" | "Self" | "super" | "crate");
    if !is_word && lower::is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}
