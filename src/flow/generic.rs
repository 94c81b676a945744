//! What a function does when only its signature is known, by parametricity: a part of the result whose type is the
//! parameter `T` can only come from an argument that holds a `T`, or from a closure that gives one.

use super::modelled::beside;
use super::summary::payload;
use super::value::{Key, Val};
use crate::ir::{FnDecl, Generics, Path, Shared, TypeRef};
use crate::name::Name;

/// Whether a type as written lets its content be changed through it.
pub(super) fn is_mutable(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Ref(_, mutable) => *mutable,
        TypeRef::Path(path) => path
            .segments
            .iter()
            .filter_map(|s| s.args.as_ref())
            .any(|a| a.types.iter().any(|t| is_mutable(t))),
        _ => false,
    }
}

/// A callable parameter: what it takes and gives.
struct CallBound<'t> {
    param: Name,
    inputs: &'t [Shared<TypeRef>],
    output: Option<&'t TypeRef>,
}

/// A call with a signature and nothing else.
pub(super) struct Generic<'t, 'f> {
    decl: &'t FnDecl,
    outer: Option<&'t Generics>,
    self_ty: Option<&'t TypeRef>,
    /// Arguments with the types that the signature gives them; the receiver first.
    args: Vec<(Option<&'t TypeRef>, Val)>,
    /// Calls argument N with values.
    invoke: &'f mut dyn FnMut(usize, &[Val]) -> Val,
    /// What iterating over argument N gives, for `Self::Item` and its like.
    item: &'f dyn Fn(usize, &Val) -> Val,
    pub(super) outs: Vec<(usize, Val)>,
    /// Whether the result may only hold what came in because its type does not tell.
    pub(super) guessed: bool,
}

impl<'t, 'f> Generic<'t, 'f> {
    pub(super) fn new(
        decl: &'t FnDecl,
        outer: Option<&'t Generics>,
        self_ty: Option<&'t TypeRef>,
        args: &[Val],
        invoke: &'f mut dyn FnMut(usize, &[Val]) -> Val,
        item: &'f dyn Fn(usize, &Val) -> Val,
    ) -> Self {
        let mut types: Vec<Option<&TypeRef>> = Vec::new();
        if decl.receiver.is_some() {
            types.push(self_ty);
        }
        types.extend(decl.params.iter().map(|p| Some(p.ty.get())));
        let args =
            args.iter().cloned().enumerate().map(|(i, v)| (types.get(i).copied().flatten(), v)).collect();
        Self { decl, outer, self_ty, args, invoke, item, outs: Vec::new(), guessed: false }
    }

    /// The result; what `&mut` arguments hold afterwards is in `outs`.
    pub(super) fn run(&mut self) -> Val {
        let results = self.closures();
        self.written(&results);
        let Some(ret) = &self.decl.ret else { return Val::default() };
        self.build(ret, &results, 0)
    }

    /// Calls every closure argument with what its inputs can be.
    fn closures(&mut self) -> Vec<(&'t TypeRef, Val)> {
        let mut results = Vec::new();
        for i in 0..self.args.len() {
            let Some(ty) = self.args[i].0 else { continue };
            let Some(bound) = self.call_bound(ty) else { continue };
            let inputs: Vec<Val> = bound.inputs.iter().map(|t| self.build(t, &results, 0)).collect();
            let output = bound.output;
            let value = (self.invoke)(i, &inputs);
            if let Some(output) = output {
                results.push((output, value));
            }
        }
        results
    }

    fn generics(&self) -> impl Iterator<Item = &'t Generics> + use<'t> {
        [Some(self.decl.generics.get()), self.outer].into_iter().flatten()
    }

    fn call_bound(&self, ty: &'t TypeRef) -> Option<CallBound<'t>> {
        let of = |path: &'t Path, param: Name| {
            let args = path.segments.last()?.args.as_deref()?;
            args.call.then(|| CallBound {
                param,
                inputs: &args.types,
                output: args.bindings.first().map(|(_, t)| t.get()),
            })
        };
        match ty {
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                bounds.iter().find_map(|b| of(&b.path, Name::new("")))
            }
            TypeRef::Ref(inner, _) => self.call_bound(inner),
            TypeRef::Path(path) => {
                let name = path.single()?;
                let bounds = self.generics().flat_map(|g| g.bounds.iter());
                bounds
                    .filter(|(subject, _)| subject.single() == Some(name))
                    .find_map(|(_, b)| of(&b.path, name))
                    .filter(|b| b.param == name)
            }
            _ => None,
        }
    }

    fn is_param(&self, name: Name) -> bool {
        self.generics().any(|g| g.params.contains(&name))
    }

    /// What `&mut` arguments may hold afterwards: what the others brought, by type.
    fn written(&mut self, results: &[(&TypeRef, Val)]) {
        let receiver = self.decl.receiver.as_ref().map(|r| r.mode == crate::ir::RefMode::Mut);
        for i in 0..self.args.len() {
            let mutable = match (i, receiver) {
                (0, Some(mutable)) => mutable,
                _ => self.args[i].0.is_some_and(is_mutable),
            };
            let Some(ty) = self.args[i].0.filter(|_| mutable) else { continue };
            let mut added = Val::default();
            for j in 0..self.args.len() {
                if j != i && self.mentions_params(self.args[j].0) {
                    added = added.join(&self.stored(ty, j));
                }
            }
            for (t, v) in results {
                if let Some(name) = params_in(t).into_iter().find(|n| params_in(ty).contains(n)) {
                    added = added.join(&extract(v, t, name, 0).unwrap_or_default());
                }
            }
            if !added.is_none() {
                let whole = self.args[i].1.join(&added);
                self.outs.push((i, whole));
            }
        }
    }

    fn mentions_params(&self, ty: Option<&TypeRef>) -> bool {
        ty.is_some_and(|t| params_in(t).into_iter().any(|n| self.is_param(n)))
    }

    /// An argument's share in a container of this type.
    fn stored(&self, container: &TypeRef, arg: usize) -> Val {
        let Some(ty) = self.args[arg].0 else { return Val::default() };
        let TypeRef::Path(path) = container else { return Val::default() };
        let args = path.segments.last().and_then(|s| s.args.as_deref());
        let holders: Vec<&TypeRef> =
            args.map(|a| a.types.iter().map(|t| t.get()).collect()).unwrap_or_default();
        let mut out = Val::default();
        for (i, holder) in holders.iter().enumerate() {
            for name in params_in(holder) {
                if let Some(value) = extract(&self.args[arg].1, ty, name, 0) {
                    let value = value.unaliased();
                    let keyed = holders.len() > 1;
                    out = out.join(&if keyed { Val::part(Key::Arg(i as u8), value) } else { value });
                }
            }
        }
        out
    }

    /// A value of a type, from all that can hold one.
    fn build(&mut self, ty: &TypeRef, results: &[(&TypeRef, Val)], depth: u32) -> Val {
        if depth > 6 {
            return Val::default();
        }
        match ty {
            TypeRef::Slice(inner) | TypeRef::Array(inner) if is_piece_of_text(inner) => self.everything(),
            TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => {
                self.build(inner, results, depth + 1)
            }
            TypeRef::Tuple(items) => {
                let mut out = Val::default();
                for (i, item) in items.iter().enumerate() {
                    let value = self.build(item, results, depth + 1);
                    if !value.is_none() {
                        out = out.with(Key::Field(Name::new(&i.to_string())), value);
                    }
                }
                out
            }
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                let bindings =
                    bounds.iter().flat_map(|b| b.path.segments.last()).filter_map(|s| s.args.as_deref());
                let types: Vec<Shared<TypeRef>> =
                    bindings.flat_map(|a| a.bindings.iter().map(|(_, t)| *t)).collect();
                if types.is_empty() {
                    return self.everything();
                }
                types.into_iter().fold(Val::default(), |v, t| v.join(&self.build(&t, results, depth + 1)))
            }
            TypeRef::Path(path) => self.build_path(path, results, depth),
            _ => Val::default(),
        }
    }

    fn build_path(&mut self, path: &Path, results: &[(&TypeRef, Val)], depth: u32) -> Val {
        let Some(last) = path.segments.last() else { return Val::default() };
        if let Some(name) = path.single() {
            if name == Name::SELF_TYPE {
                return self
                    .args
                    .first()
                    .filter(|_| self.decl.receiver.is_some())
                    .map(|a| a.1.clone())
                    .unwrap_or_else(|| self.everything());
            }
            if self.is_param(name) {
                return self.gather(name, results);
            }
            if carries_nothing(name) {
                return Val::default();
            }
        }
        if path.segments.len() > 1
            && matches!(last.name.as_str(), "Item" | "Output" | "Target" | "Owned" | "Ok" | "Err" | "Error")
            && last.args.is_none()
        {
            return self.projected(path, results);
        }
        let Some(args) = last.args.as_deref().filter(|a| !a.types.is_empty()) else {
            return self.everything();
        };
        if last.name == *"Vec" && is_piece_of_text(&args.types[0]) {
            return self.everything();
        }
        let result = last.name == Name::RESULT && args.types.len() <= 2;
        let mut out: Option<Val> = None;
        for (i, arg) in args.types.iter().enumerate() {
            // An error of a fixed type does not repeat what was passed.
            if result && i == 1 && !self.mentions_params(Some(arg)) {
                continue;
            }
            let value = self.build(arg, results, depth + 1);
            if value.is_none() {
                continue;
            }
            let value = match (result, args.types.len()) {
                (true, _) => Val::part(payload(if i == 0 { "Ok" } else { "Err" }), value),
                (false, 2..) => Val::part(Key::Arg(i as u8), value),
                _ => value,
            };
            // Each is of a share of its own.
            out = Some(out.map_or(value.clone(), |known| beside(known, value)));
        }
        out.unwrap_or_default()
    }

    /// `Self::Item`, `T::Output`: what iterating over or dereferencing the holder gives.
    fn projected(&mut self, path: &Path, results: &[(&TypeRef, Val)]) -> Val {
        let holder = path.segments[0].name;
        if holder == Name::SELF_TYPE || Some(holder) == self.self_name() {
            return self.args.first().map(|a| (self.item)(0, &a.1)).unwrap_or_default();
        }
        let mut out = Val::default();
        for i in 0..self.args.len() {
            if self.args[i].0.is_some_and(|t| params_in(t).contains(&holder)) {
                out = out.join(&(self.item)(i, &self.args[i].1));
            }
        }
        for (ty, value) in results {
            if let Some(held) = extract(value, ty, holder, 0) {
                out = out.join(&held.element());
            }
        }
        out
    }

    fn self_name(&self) -> Option<Name> {
        self.self_ty?.single()
    }

    /// A `T` from all arguments that hold one, and from closures that give one.
    fn gather(&mut self, name: Name, results: &[(&TypeRef, Val)]) -> Val {
        let mut out: Option<Val> = None;
        let mut found = false;
        for i in 0..self.args.len() {
            let Some(ty) = self.args[i].0 else { continue };
            if let Some(value) = extract(&self.args[i].1, ty, name, 0) {
                let implicit = !(ty.single() == Some(name));
                let value = if implicit { (self.item)(i, &value) } else { value };
                out = Some(either(out, value));
                found = true;
            }
        }
        for (ty, value) in results {
            if let Some(value) = extract(value, ty, name, 0) {
                out = Some(either(out, value));
                found = true;
            }
        }
        if !found && self.converts(name) {
            return self.everything();
        }
        out.unwrap_or_default()
    }

    /// A parameter that only bounds tie to the arguments (`collect`, `into`, `parse`, `sum`).
    fn converts(&self, name: Name) -> bool {
        self.decl.generics.params.contains(&name) || self.outer.is_some_and(|g| g.params.contains(&name))
    }

    /// All that came in: for results whose type says nothing of where they are from.
    fn everything(&mut self) -> Val {
        self.guessed = true;
        let all = self.args.iter().map(|(_, a)| a.unaliased());
        all.reduce(|v, a| v.join(&a)).unwrap_or_default()
    }
}

/// What either may be; the first is as it is, for joined with nothing it would lose what is certain of it.
fn either(so_far: Option<Val>, value: Val) -> Val {
    so_far.map_or(value.clone(), |v| v.join(&value))
}

/// Bytes and characters: one is no text, several are.
fn is_piece_of_text(ty: &TypeRef) -> bool {
    ty.single().is_some_and(|name| name == *"u8" || name == *"char")
}

fn carries_nothing(name: Name) -> bool {
    matches!(
        name.as_str(),
        "bool"
            | "usize"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "f32"
            | "f64"
            | "Ordering"
            | "Duration"
            | "Instant"
    )
}

/// Single names in a type, which may be parameters.
fn params_in(ty: &TypeRef) -> Vec<Name> {
    let mut out = Vec::new();
    collect(ty, &mut out);
    out
}

fn collect(ty: &TypeRef, out: &mut Vec<Name>) {
    match ty {
        TypeRef::Path(path) => {
            out.extend(path.single());
            for args in path.segments.iter().filter_map(|s| s.args.as_deref()) {
                args.types.iter().for_each(|t| collect(t, out));
                args.bindings.iter().for_each(|(_, t)| collect(t, out));
            }
        }
        TypeRef::Ref(inner, _) | TypeRef::Slice(inner) | TypeRef::Array(inner) => collect(inner, out),
        TypeRef::Tuple(items) => items.iter().for_each(|t| collect(t, out)),
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
            for args in bounds.iter().flat_map(|b| &b.path.segments).filter_map(|s| s.args.as_deref()) {
                args.bindings.iter().for_each(|(_, t)| collect(t, out));
            }
        }
        _ => {}
    }
}

/// The share of a parameter in a value of a type; `None` where the type does not hold it.
fn extract(value: &Val, ty: &TypeRef, name: Name, depth: u32) -> Option<Val> {
    if depth > 6 {
        return None;
    }
    match ty {
        TypeRef::Ref(inner, _) => extract(value, inner, name, depth + 1),
        TypeRef::Slice(inner) | TypeRef::Array(inner) => extract(&value.element(), inner, name, depth + 1),
        TypeRef::Tuple(items) => {
            let parts = items.iter().enumerate().filter_map(|(i, t)| {
                let part = value.read(Key::Field(Name::new(&i.to_string())));
                extract(&part, t, name, depth + 1)
            });
            parts.reduce(|a, b| a.join(&b))
        }
        TypeRef::Path(path) => {
            if path.single() == Some(name) {
                return Some(value.clone());
            }
            let last = path.segments.last()?;
            let args = last.args.as_deref()?;
            let result = last.name == Name::RESULT;
            let parts = args.types.iter().enumerate().filter_map(|(i, t)| {
                let part = match (result, args.types.len()) {
                    (true, _) => value.read(payload(if i == 0 { "Ok" } else { "Err" })),
                    (false, count @ 2..) => super::call::share(value, i, count),
                    _ => value.clone(),
                };
                extract(&part, t, name, depth + 1)
            });
            parts.reduce(|a, b| a.join(&b))
        }
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
            let args = bounds.iter().flat_map(|b| &b.path.segments).filter_map(|s| s.args.as_deref());
            let found = args.flat_map(|a| a.bindings.iter()).any(|(_, t)| params_in(t).contains(&name));
            found.then(|| value.clone())
        }
        _ => None,
    }
}
