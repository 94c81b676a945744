//! Types, paths, generics and patterns of `use` as written.

use syn::punctuated::Punctuated;
use syn::{GenericArgument, GenericParam, PathArguments, ReturnType, Type, TypeParamBound, WherePredicate};

use super::cx::{Frame, name_of};
use crate::ir::{Args, Bound, Generics, Path, Segment, TypeRef};
use crate::name::Name;

impl Frame {
    pub(super) fn type_ref(self, ty: &Type) -> TypeRef {
        match ty {
            Type::Path(t) => TypeRef::Path(self.path(&t.path, t.qself.as_ref())),
            Type::Reference(t) => TypeRef::Ref(Box::new(self.type_ref(&t.elem)), t.mutability.is_some()),
            Type::Ptr(t) => TypeRef::Ref(Box::new(self.type_ref(&t.elem)), true),
            Type::Tuple(t) => TypeRef::Tuple(t.elems.iter().map(|e| self.type_ref(e)).collect()),
            Type::Slice(t) => TypeRef::Slice(Box::new(self.type_ref(&t.elem))),
            Type::Array(t) => TypeRef::Array(Box::new(self.type_ref(&t.elem))),
            Type::Group(t) => self.type_ref(&t.elem),
            Type::Paren(t) => self.type_ref(&t.elem),
            Type::FnPtr(t) => TypeRef::Fn(
                t.inputs.iter().map(|a| self.type_ref(&a.ty)).collect(),
                Box::new(self.return_type(&t.output).unwrap_or_else(TypeRef::unit)),
            ),
            Type::ImplTrait(t) => TypeRef::Impl(self.bounds(&t.bounds)),
            Type::TraitObject(t) => TypeRef::Dyn(self.bounds(&t.bounds)),
            Type::Never(_) => TypeRef::Never,
            Type::Infer(_) => TypeRef::Infer,
            _ => TypeRef::Error,
        }
    }

    pub(super) fn return_type(self, ret: &ReturnType) -> Option<TypeRef> {
        match ret {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(self.type_ref(ty)),
        }
    }

    pub(super) fn bounds<P>(self, bounds: &Punctuated<TypeParamBound, P>) -> Vec<Bound> {
        bounds.iter().filter_map(|b| self.bound(b)).collect()
    }

    fn bound(self, bound: &TypeParamBound) -> Option<Bound> {
        match bound {
            TypeParamBound::Trait(t) if t.maybe.is_none() => Some(Bound { path: self.path(&t.path, None) }),
            _ => None,
        }
    }

    pub(super) fn path(self, path: &syn::Path, qself: Option<&syn::QSelf>) -> Path {
        let segments: Vec<Segment> = path.segments.iter().map(|s| self.segment(s)).collect();
        let first = path.segments.first().map_or((0, 0), |s| self.range(s.ident.span()));
        let last = if path.segments.len() > 1 {
            path.segments.last().map_or(first, |s| self.range(s.ident.span()))
        } else {
            first
        };
        let lo = qself.map_or(first.0, |q| self.lo(q.lt_token.span));
        Path {
            qself: qself.map(|q| Box::new((self.type_ref(&q.ty), q.position))),
            global: path.leading_colon.is_some(),
            segments,
            range: (lo, last.1),
        }
    }

    fn segment(self, segment: &syn::PathSegment) -> Segment {
        let args = match &segment.arguments {
            PathArguments::None => None,
            PathArguments::AngleBracketed(a) => Some(Box::new(self.args(&a.args))),
            PathArguments::Parenthesized(p) => Some(Box::new(Args {
                types: p.inputs.iter().map(|i| self.type_ref(&i.ty)).collect(),
                bindings: vec![(
                    Name::new("Output"),
                    self.return_type(&p.output).unwrap_or_else(TypeRef::unit),
                )],
                call: true,
            })),
        };
        Segment { name: name_of(&segment.ident), args }
    }

    pub(super) fn args<P>(self, list: &Punctuated<GenericArgument, P>) -> Args {
        let mut args = Args::default();
        for arg in list {
            match arg {
                GenericArgument::Type(t) => args.types.push(self.type_ref(t)),
                GenericArgument::AssocType(a) => {
                    args.bindings.push((name_of(&a.ident), self.type_ref(&a.ty)))
                }
                GenericArgument::Constraint(c) => {
                    let bounds = self.bounds(&c.bounds);
                    args.bindings.push((name_of(&c.ident), TypeRef::Impl(bounds)));
                }
                _ => {}
            }
        }
        args
    }

    pub(super) fn generics(self, generics: &syn::Generics) -> Generics {
        let mut out = Generics::default();
        for param in &generics.params {
            if let GenericParam::Type(t) = param {
                let name = name_of(&t.ident);
                out.params.push(name);
                out.defaults.push(t.default.as_ref().map(|(_, ty)| self.type_ref(ty)));
                let subject = plain(name, self.range(t.ident.span()));
                out.bounds.extend(self.bounds(&t.bounds).into_iter().map(|b| (subject.clone(), b)));
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|w| &w.predicates) {
            if let WherePredicate::Type(p) = predicate {
                let subject = self.type_ref(&p.bounded_ty);
                out.bounds.extend(self.bounds(&p.bounds).into_iter().map(|b| (subject.clone(), b)));
            }
        }
        out
    }
}

/// The type written as one plain name.
fn plain(name: Name, range: crate::ir::Range) -> TypeRef {
    let segments = vec![Segment { name, args: None }];
    TypeRef::Path(Path { qself: None, global: false, segments, range })
}
