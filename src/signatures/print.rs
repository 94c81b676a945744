//! Items as Rust with empty bodies, one text for a crate. Paths are written in full, so that it does not matter where a
//! definition ends up. Knows no file.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::surface::{Below, Other, Surface};
use super::written::{Written, ident, segment};
use super::{Line, Signatures, What};
use crate::ir::{Attrs, Fields, FnDecl, Impl, Item, ItemId, ItemKind, RefMode, TypeRef, Variant};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Program, Resolution};

/// Everything that a surface shows, and what that names.
pub(super) fn all(program: &Program, surface: Surface<'_>, prelude: &FxHashSet<Name>) -> Signatures {
    let impls = program.items().filter_map(|id| match &program.item(id).kind {
        ItemKind::Impl(imp) => Some((id, &**imp)),
        _ => None,
    });
    let mut open: Vec<(GItem, &Impl)> = impls.collect();
    let written = Written::new(program, surface, prelude);
    let (lines, needs, places, owners) = Default::default();
    let mut printer = Printer { program, written, lines, needs, places, owners };
    printer.others();
    // What is printed may place more, of which there may be more impls.
    loop {
        while let Some(item) = printer.written.surface.next() {
            printer.item(item);
        }
        let before = open.len();
        open.retain(|(id, imp)| !printer.imp(*id, imp));
        if open.len() == before {
            break;
        }
    }
    printer.done()
}

struct Printer<'p> {
    program: &'p Program,
    written: Written<'p>,
    lines: Vec<Line>,
    /// For each line the items that it names.
    needs: Vec<BTreeSet<GItem>>,
    /// The lines of items.
    places: FxHashMap<GItem, u32>,
    /// For the lines of impls what they are for, and of.
    owners: Vec<(usize, Vec<GItem>)>,
}

impl<'p> Printer<'p> {
    fn line(&mut self, module: Below, what: What, text: String) {
        let (own, others) = std::mem::take(&mut self.written.needs);
        let needs = (BTreeSet::new(), others);
        self.lines.push(Line { module, what, needs, functions: Vec::new(), text });
        self.needs.push(own);
    }

    /// The lines, each with the numbers of those that it needs.
    fn done(self) -> Signatures {
        let Self { mut lines, needs, places, owners, .. } = self;
        for (at, of) in owners {
            if let What::Impl(_, owners) = &mut lines[at].what {
                owners.extend(of.iter().filter_map(|item| places.get(item)));
            }
        }
        let mut uses = BTreeSet::new();
        for (at, (line, needs)) in lines.iter_mut().zip(needs).enumerate() {
            line.needs.0 = needs.iter().filter_map(|item| places.get(item).copied()).collect();
            line.needs.0.remove(&(at as u32));
            uses.extend(line.needs.1.iter().map(|path| path.split("::").next().unwrap_or_default()));
        }
        let uses = uses.into_iter().map(str::to_owned).collect();
        Signatures { lines, uses }
    }

    /// What stands somewhere besides definitions.
    fn others(&mut self) {
        let mut seen = FxHashSet::default();
        for (path, other) in self.written.surface.others() {
            let (found, end) = match &other {
                Other::Alias(def, name) => (self.definition(*def), format!(" as {}", ident(name))),
                Other::Variants(item) => (self.definition(Def::Item(*item)), "::*".to_owned()),
                Other::Foreign(names, name) => (self.written.foreign(names), format!(" as {}", ident(name))),
                Other::ForeignGlob(names) => (self.written.foreign(names), "::*".to_owned()),
            };
            let what = match other {
                Other::Alias(Def::Mod(_) | Def::Variant(..), _)
                | Other::Variants(_)
                | Other::ForeignGlob(_) => What::Always,
                Other::Alias(_, name) | Other::Foreign(_, name) => What::Alias(name),
            };
            let Some(text) = found.map(|found| format!("pub use {found}{end};")) else { continue };
            // A name may stand for a type and a value, and is brought in once.
            if seen.insert((path.clone(), text.clone())) {
                self.line(path, what, text);
            }
            self.written.needs = Default::default();
        }
    }

    /// The full path of something of the crate.
    fn definition(&mut self, def: Def) -> Option<String> {
        match def {
            Def::Mod(module) => {
                let mut out = "crate".to_owned();
                self.written.surface.module(module).iter().for_each(|name| segment(&mut out, name));
                self.written.needs.1.insert(out.clone());
                Some(out)
            }
            Def::Item(item) => Some(self.written.definition(item)),
            Def::Variant(item, at) => {
                let ItemKind::Enum(_, variants) = &self.program.item(item).kind else { return None };
                let mut out = self.written.definition(item);
                segment(&mut out, variants.get(at as usize)?.name.as_str());
                Some(out)
            }
            Def::External(_) => None,
        }
    }

    fn item(&mut self, id: GItem) {
        let (path, name) = self.written.surface.at(id);
        let item = self.program.item(id);
        if name.is_empty() {
            return;
        }
        self.written.home = self.program.home(id);
        let ident = ident(name);
        let Some((before, after)) = self.declared(id, item) else { return };
        let before = format!("{}{before}", derives(&item.attrs));
        let what = What::Definition(name, before.len() + ident.len() - name.len());
        self.places.insert(id, self.lines.len() as u32);
        self.line(path, what, format!("{before}{ident}{after}"));
        if let (ItemKind::Trait(_, _, items), Some(line)) = (&item.kind, self.lines.last_mut()) {
            let names = items.iter().map(|at| self.program.item(self.program.sibling(id, *at)).name.as_str());
            line.functions.extend(names.filter(|name| !name.is_empty()));
        }
    }

    /// An item but for its name: what stands before that, and what after.
    fn declared(&mut self, id: GItem, item: &Item) -> Option<(&'static str, String)> {
        let generics = match &item.kind {
            ItemKind::Struct(generics, _)
            | ItemKind::Enum(generics, _)
            | ItemKind::Trait(generics, ..)
            | ItemKind::Alias(generics, ..) => &**generics,
            ItemKind::Fn(decl) => {
                let keyword = if decl.is_async { "pub async fn " } else { "pub fn " };
                return Some((keyword, format!("{} {{}}", self.function(decl))));
            }
            ItemKind::Const(ty) => return Some(("pub const ", format!(": {};", self.written.ty(ty)))),
            _ => return None,
        };
        let outer = self.written.enter(generics);
        let (params, asked) = self.written.generics(generics);
        let text = match &item.kind {
            ItemKind::Struct(_, fields) if fields.tuple => {
                ("pub struct ", format!("{params}{}{asked};", self.positional(fields, &shown_of(item))))
            }
            ItemKind::Struct(_, fields) => {
                ("pub struct ", format!("{params}{asked} {{ {} }}", self.named(fields, &shown_of(item))))
            }
            ItemKind::Enum(_, variants) => {
                let variants: Vec<String> = variants.iter().map(|variant| self.variant(variant)).collect();
                ("pub enum ", format!("{params}{asked} {{ {} }}", variants.join(", ")))
            }
            ItemKind::Trait(_, supers, items) => {
                let supers = self.written.bounds(supers);
                let supers = if supers.is_empty() { supers } else { format!(": {supers}") };
                let items = self.members(id, items, |_| true).join(" ");
                ("pub trait ", format!("{params}{supers}{asked} {{ {items} }}"))
            }
            ItemKind::Alias(_, target, _) => {
                let target = target.as_ref().map_or_else(|| "_".to_owned(), |ty| self.written.ty(ty));
                ("pub type ", format!("{params} = {target};"))
            }
            _ => ("", String::new()),
        };
        self.written.leave(outer);
        Some(text)
    }

    fn named(&mut self, fields: &Fields, is_shown: &dyn Fn(bool) -> bool) -> String {
        let shown = fields.list.iter().filter(|field| is_shown(field.public));
        let each =
            shown.map(|field| format!("pub {}: {}", ident(field.name.as_str()), self.written.ty(&field.ty)));
        each.collect::<Vec<_>>().join(", ")
    }

    /// Fields by position: one that nobody may name keeps its place.
    fn positional(&mut self, fields: &Fields, is_shown: &dyn Fn(bool) -> bool) -> String {
        if !fields.list.iter().any(|field| is_shown(field.public)) {
            return String::new();
        }
        let each = fields.list.iter().map(|field| match is_shown(field.public) {
            true => format!("pub {}", self.written.ty(&field.ty)),
            false => "()".to_owned(),
        });
        format!("({})", each.collect::<Vec<_>>().join(", "))
    }

    fn variant(&mut self, variant: &Variant) -> String {
        let (name, fields) = (ident(variant.name.as_str()), &variant.fields);
        let each = |printer: &mut Self, with: &dyn Fn(&str, String) -> String| {
            let each = fields.list.iter().map(|f| with(f.name.as_str(), printer.written.ty(&f.ty)));
            each.collect::<Vec<_>>().join(", ")
        };
        match fields.tuple {
            _ if fields.list.is_empty() => name,
            true => format!("{name}({})", each(self, &|_, ty| ty)),
            false => format!("{name} {{ {} }}", each(self, &|field, ty| format!("{}: {ty}", ident(field)))),
        }
    }

    /// `(…) -> …` with what it asks of its parameters.
    fn function(&mut self, decl: &FnDecl) -> String {
        let outer = self.written.enter(&decl.generics);
        let (generics, asked) = self.written.generics(&decl.generics);
        let receiver = decl.receiver.as_ref().map(|receiver| match (&receiver.ty, receiver.mode) {
            (Some(ty), _) => format!("self: {}", self.written.ty(ty)),
            (None, RefMode::Value) => "self".to_owned(),
            (None, RefMode::Shared) => "&self".to_owned(),
            (None, RefMode::Mut) => "&mut self".to_owned(),
        });
        let mut params: Vec<String> = receiver.into_iter().collect();
        for param in &decl.params {
            let name = param.name.map_or_else(|| "_".to_owned(), |name| ident(name.as_str()));
            params.push(format!("{name}: {}", self.written.ty(&param.ty)));
        }
        let ret = decl.ret.as_ref().map(|ty| format!(" -> {}", self.written.ty(ty))).unwrap_or_default();
        self.written.leave(outer);
        format!("{generics}({}){ret}{asked}", params.join(", "))
    }

    /// Those of the items in a trait or an impl that are wanted.
    fn members(&mut self, of: GItem, items: &[ItemId], is_wanted: impl Fn(&Item) -> bool) -> Vec<String> {
        let program = self.program;
        let members = items.iter().map(|id| program.sibling(of, *id)).filter(|id| program.is_live(*id));
        let members = members.map(|id| program.item(id)).filter(|item| is_wanted(item));
        let is_trait = matches!(program.item(of).kind, ItemKind::Trait(..));
        let text = |item: &Item| {
            let name = ident(item.name.as_str());
            Some(match &item.kind {
                ItemKind::Fn(decl) => {
                    let end = if is_trait && !decl.has_body { ";" } else { " {}" };
                    let visibility = if item.public && !is_trait { "pub " } else { "" };
                    let keyword = if decl.is_async { "async fn" } else { "fn" };
                    format!("{visibility}{keyword} {name}{}{end}", self.function(decl))
                }
                ItemKind::Const(ty) => format!("const {name}: {};", self.written.ty(ty)),
                ItemKind::Alias(_, target, bounds) => {
                    let bounds = self.written.bounds(bounds);
                    let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
                    let target = target.as_ref().map(|ty| format!(" = {}", self.written.ty(ty)));
                    format!("type {name}{bounds}{};", target.unwrap_or_default())
                }
                _ => return None,
            })
        };
        members.filter_map(text).collect()
    }

    /// Prints an impl; `false` as long as what it is for is not among what is printed.
    fn imp(&mut self, id: GItem, imp: &Impl) -> bool {
        let own = self.own_type(id, &imp.self_ty);
        let trait_ =
            imp.trait_.map(|path| self.program.resolve(self.program.home(id), &path, Namespace::Type));
        let is_missing = |item: GItem| !self.written.surface.has(item);
        match (own, &trait_) {
            (Some(own), _) if is_missing(own) => return false,
            (_, Some(Resolution::Def(Def::Item(trait_), 0))) if is_missing(*trait_) => return false,
            (None, None | Some(Resolution::External(_) | Resolution::Unknown)) => return true,
            _ => {}
        }
        self.written.home = self.program.home(id);
        let outer = self.written.enter(&imp.generics);
        let of_trait = match trait_ {
            Some(Resolution::Def(Def::Item(trait_), 0)) => Some(trait_),
            _ => None,
        };
        let owners: Vec<GItem> = own.into_iter().chain(of_trait).collect();
        match &imp.trait_ {
            Some(_) => self.of_trait(id, imp, trait_.as_ref(), &owners),
            None => self.of_type(id, imp, &owners),
        }
        self.written.leave(outer);
        self.written.needs = Default::default();
        true
    }

    /// An impl of a trait.
    fn of_trait(&mut self, id: GItem, imp: &Impl, trait_: Option<&Resolution>, owners: &[GItem]) {
        let path = imp.trait_.as_ref().and_then(|path| self.written.path(path));
        let Some(path) = path else { return };
        // What a trait at hand declares need not be said again.
        let is_unknown = matches!(trait_, Some(Resolution::External(names))
            if names.first().is_some_and(|name| !is_std(name.as_str())));
        let is_wanted = |item: &Item| is_unknown || !matches!(item.kind, ItemKind::Fn(_));
        let (params, asked) = self.written.generics(&imp.generics);
        let own = self.written.ty(&imp.self_ty);
        let items = self.members(id, &imp.items, is_wanted).join(" ");
        self.implementation("", owners, format!("impl{params} {path} for {own}{asked} {{ {items} }}"));
    }

    /// The functions and constants of a type's own, a line each: most programs need a few of them.
    fn of_type(&mut self, id: GItem, imp: &Impl, owners: &[GItem]) {
        for item in &imp.items {
            let (params, asked) = self.written.generics(&imp.generics);
            let own = self.written.ty(&imp.self_ty);
            let members = self.members(id, std::slice::from_ref(item), |item| item.public);
            let name = self.program.item(self.program.sibling(id, *item)).name.as_str();
            if let [member] = &members[..] {
                self.implementation(name, owners, format!("impl{params} {own}{asked} {{ {member} }}"));
            }
            self.written.needs = Default::default();
        }
    }

    fn implementation(&mut self, name: &'static str, owners: &[GItem], text: String) {
        self.owners.push((self.lines.len(), owners.to_vec()));
        self.line(Below::new(), What::Impl(name, Vec::new()), text);
    }

    /// The type of the crate that an impl is for.
    fn own_type(&self, id: GItem, ty: &TypeRef) -> Option<GItem> {
        match ty {
            TypeRef::Ref(inner, _) => self.own_type(id, inner),
            TypeRef::Path(path) => match self.program.resolve(self.program.home(id), path, Namespace::Type) {
                Resolution::Def(Def::Item(item), 0) => Some(item),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Which fields are shown: those that others may name, and those of a pointer whose target a derive tells by its field.
fn shown_of(item: &Item) -> impl Fn(bool) -> bool + use<> {
    let all = item.attrs.derive("Deref").is_some();
    move |public| all || public
}

fn derives(attrs: &Attrs) -> String {
    let names = attrs.get().into_iter().flat_map(|attrs| &attrs.derives);
    let names: Vec<&str> = names.map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { String::new() } else { format!("#[derive({})] ", names.join(", ")) }
}

/// Whether a crate is the standard library, by one of its names.
fn is_std(name: &str) -> bool {
    matches!(name, "std" | "core" | "alloc")
}
