//! Patterns: what their bindings are, given what is matched.

use std::rc::Rc;

use super::infer::Cx;
use super::table::{Ty, TyKind};
use crate::ir::{ItemKind, List, Pat, PatId, Path};
use crate::name::Name;
use crate::resolve::{Def, GItem, Namespace, Resolution};

impl Cx<'_> {
    /// Binds a pattern to a type.
    pub(super) fn pat(&mut self, id: PatId, ty: Ty) {
        let body = self.body;
        match body.pat(id) {
            Pat::Wild | Pat::Lit(_) | Pat::Rest => {}
            Pat::Bind(local, _, sub) => {
                let own = self.locals[local.0 as usize];
                self.unify(own, ty);
                if let Some(sub) = sub {
                    self.pat(*sub, ty);
                }
            }
            Pat::Path(path) => {
                self.pat_path(*path);
            }
            Pat::TupleStruct(path, items) => self.tuple_struct(*path, *items, ty),
            Pat::Struct(path, fields) => {
                let found = self.matched(*path, ty);
                for (name, pat) in fields {
                    let ty = found.as_ref().map_or(Ty::UNKNOWN, |f| self.named_field(f, *name));
                    self.pat(*pat, ty);
                }
            }
            Pat::Tuple(items) => self.tuple_pat(*items, ty),
            Pat::Slice(items) => {
                let item = self.element(ty);
                for pat in body.pat_list(*items).to_vec() {
                    let rest = matches!(body.pat(pat), Pat::Bind(_, _, Some(sub)) if matches!(body.pat(*sub), Pat::Rest));
                    self.pat(pat, if rest { ty } else { item });
                }
            }
            Pat::Or(items) => {
                for pat in body.pat_list(*items).to_vec() {
                    self.pat(pat, ty);
                }
            }
            Pat::Ref(inner) => self.pat(*inner, ty),
            Pat::Typed(inner, written) => {
                let env = Rc::clone(&self.env);
                let declared = self.ty(&env, body.types[*written as usize]);
                self.unify(declared, ty);
                self.pat(*inner, declared);
            }
        }
    }

    fn tuple_pat(&mut self, items: List, ty: Ty) {
        let ty = self.resolve_ty(ty);
        let pats = self.body.pat_list(items).to_vec();
        let known = match self.table.kind(ty).clone() {
            TyKind::Tuple(list) => list,
            TyKind::Var(_) if !pats.iter().any(|p| matches!(self.body.pat(*p), Pat::Rest)) => {
                let list: Box<[Ty]> = pats.iter().map(|_| self.table.fresh()).collect();
                let tuple = self.table.intern(TyKind::Tuple(list.clone()));
                self.unify(ty, tuple);
                list
            }
            _ => Box::default(),
        };
        for (i, pat) in positions(self.body, &pats, known.len()) {
            let ty = known.get(i).copied().unwrap_or(Ty::UNKNOWN);
            self.pat(pat, ty);
        }
    }

    fn tuple_struct(&mut self, path: u32, items: List, ty: Ty) {
        let pats = self.body.pat_list(items).to_vec();
        let Some(found) = self.matched(path, ty) else {
            pats.into_iter().for_each(|p| self.pat(p, Ty::UNKNOWN));
            return;
        };
        let count = self.field_count(&found);
        for (i, pat) in positions(self.body, &pats, count) {
            let ty = self.field_ty(found.adt, &found.args.clone(), found.variant, i);
            self.pat(pat, ty);
        }
    }

    fn field_count(&self, found: &Matched) -> usize {
        match (&self.sema.program.item(found.adt).kind, found.variant) {
            (ItemKind::Struct(_, fields), _) => fields.list.len(),
            (ItemKind::Enum(_, variants), Some(v)) => {
                variants.get(v as usize).map_or(0, |v| v.fields.list.len())
            }
            _ => 0,
        }
    }

    fn named_field(&mut self, found: &Matched, name: crate::name::Name) -> Ty {
        let fields = match (&self.sema.program.item(found.adt).kind, found.variant) {
            (ItemKind::Struct(_, fields), _) => fields,
            (ItemKind::Enum(_, variants), Some(v)) => match variants.get(v as usize) {
                Some(variant) => &variant.fields,
                None => return Ty::UNKNOWN,
            },
            _ => return Ty::UNKNOWN,
        };
        match fields.list.iter().position(|f| f.name == name) {
            Some(index) => self.field_ty(found.adt, &found.args, found.variant, index),
            None => Ty::UNKNOWN,
        }
    }

    /// The constructor that a pattern's path names, with arguments from the matched type.
    fn matched(&mut self, path: u32, ty: Ty) -> Option<Matched> {
        let (adt, variant) = self.pat_path(path)?;
        let mut at = self.resolve_ty(ty);
        for _ in 0..6 {
            match self.table.kind(at).clone() {
                TyKind::Adt(item, args) if item == adt => return Some(Matched { adt, variant, args }),
                TyKind::Var(_) | TyKind::Unknown => break,
                _ => match self.deref(at) {
                    Some(next) => at = next,
                    None => break,
                },
            }
        }
        let args: Box<[Ty]> = self.params_as_vars(adt).into_iter().map(|(_, t)| t).collect();
        let made = self.table.intern(TyKind::Adt(adt, args.clone()));
        self.unify(ty, made);
        Some(Matched { adt, variant, args })
    }

    fn pat_path(&mut self, path: u32) -> Option<(GItem, Option<u16>)> {
        let written = &self.body.paths[path as usize];
        let found = self.constructor(written)?;
        self.pat_paths.insert(path, found);
        Some(found)
    }

    /// The struct or variant that a path constructs.
    pub(super) fn constructor(&mut self, path: &Path) -> Option<(GItem, Option<u16>)> {
        let first = path.segments.first()?;
        if first.name == Name::SELF_TYPE {
            let own = self.env.self_ty?;
            let (item, _) = self.table.adt(self.table.shallow(own))?;
            let variant = path.segments.get(1).and_then(|s| self.variant_index(item, s.name));
            return Some((item, variant));
        }
        for ns in [Namespace::Type, Namespace::Value] {
            match self.sema.program.resolve(self.module, path, ns) {
                Resolution::Def(Def::Variant(item, v), 0) => {
                    let (item, v) = self.own_variant(item, v);
                    return Some((item, Some(v)));
                }
                Resolution::Def(Def::Item(item), 0) => {
                    return self.aliased(self.sema.program.in_own_build(self.owner, item));
                }
                _ => {}
            }
        }
        None
    }

    fn aliased(&mut self, item: GItem) -> Option<(GItem, Option<u16>)> {
        match &self.sema.program.item(item).kind {
            ItemKind::Struct(..) => Some((item, None)),
            ItemKind::Alias(_, Some(target), _) => {
                let crate::ir::TypeRef::Path(target) = &**target else { return None };
                match self.sema.program.resolve(self.home(item), target, Namespace::Type) {
                    Resolution::Def(Def::Item(target), 0) if target != item => self.aliased(target),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The variant that is meant where an enum has others that stand for it: that of its own build.
    pub(super) fn own_variant(&self, found: GItem, at: u16) -> (GItem, u16) {
        let program = self.sema.program;
        if !program.is_conditional(found) {
            return (found, at);
        }
        let item = program.in_own_build(self.owner, found);
        let ItemKind::Enum(_, variants) = &program.item(found).kind else { return (found, at) };
        let other = variants.get(usize::from(at)).and_then(|v| self.variant_index(item, v.name));
        other.map_or((found, at), |at| (item, at))
    }

    fn variant_index(&self, item: GItem, name: crate::name::Name) -> Option<u16> {
        let ItemKind::Enum(_, variants) = &self.sema.program.item(item).kind else { return None };
        variants.iter().position(|v| v.name == name).map(|i| i as u16)
    }

    fn element(&mut self, ty: Ty) -> Ty {
        let mut at = self.resolve_ty(ty);
        for _ in 0..6 {
            if let TyKind::Slice(item) = self.table.kind(at) {
                return *item;
            }
            match self.deref(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        Ty::UNKNOWN
    }
}

struct Matched {
    adt: GItem,
    variant: Option<u16>,
    args: Box<[Ty]>,
}

/// Positions that the patterns of a list match, around a `..`.
fn positions(body: &crate::ir::Body, pats: &[PatId], count: usize) -> Vec<(usize, PatId)> {
    let rest = pats.iter().position(|p| matches!(body.pat(*p), Pat::Rest));
    let after = rest.map_or(0, |r| pats.len() - r - 1);
    let place = |i: usize| match rest {
        Some(r) if i > r => count.saturating_sub(after) + (i - r - 1),
        _ => i,
    };
    let kept = pats.iter().enumerate().filter(|(_, p)| !matches!(body.pat(**p), Pat::Rest));
    kept.map(|(i, p)| (place(i), *p)).collect()
}
