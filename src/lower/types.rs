//! Types, paths and generics as written.

use super::syntax::Node;
use super::token::Kind;
use crate::ir::{Args, Bound, Generics, Path, Range, Segment, Shared, TypeRef};
use crate::name::Name;

/// A list of exactly the room that it needs: there are very many of them, and most hold one or two.
pub(super) fn exact<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.collect();
    list.shrink_to_fit();
    list
}

impl Node<'_, '_> {
    /// The type that the node is.
    pub(super) fn type_ref(self) -> Shared<TypeRef> {
        let inner = || self.ty_ref();
        Shared::new(match self.kind() {
            Kind::PATH_TYPE => {
                self.child(Kind::PATH).map_or(TypeRef::Error, |p| TypeRef::Path(p.shared_path()))
            }
            Kind::REF_TYPE => TypeRef::Ref(inner(), self.has(Kind::MUT_KW)),
            Kind::PTR_TYPE => TypeRef::Ref(inner(), true),
            Kind::TUPLE_TYPE => TypeRef::Tuple(exact(self.types().map(Self::type_ref))),
            Kind::SLICE_TYPE => TypeRef::Slice(inner()),
            Kind::ARRAY_TYPE => TypeRef::Array(inner()),
            Kind::PAREN_TYPE | Kind::FOR_TYPE => return inner(),
            Kind::FN_PTR_TYPE => {
                let params = self.child(Kind::PARAM_LIST);
                let inputs = params.into_iter().flat_map(Self::children).filter_map(Self::ty);
                let output = self.return_type().unwrap_or_else(unit);
                TypeRef::Fn(exact(inputs.map(Self::type_ref)), output)
            }
            Kind::IMPL_TRAIT_TYPE => TypeRef::Impl(self.bounds()),
            Kind::DYN_TRAIT_TYPE => TypeRef::Dyn(self.bounds()),
            Kind::NEVER_TYPE => TypeRef::Never,
            Kind::INFER_TYPE => TypeRef::Infer,
            _ => TypeRef::Error,
        })
    }

    fn types(self) -> impl Iterator<Item = Self> {
        self.children().filter(|child| super::syntax::is_type(child.kind()))
    }

    /// The type of its first child that is one; an error without.
    pub(super) fn ty_ref(self) -> Shared<TypeRef> {
        self.ty().map_or_else(|| Shared::new(TypeRef::Error), Self::type_ref)
    }

    /// What a signature says that it returns.
    pub(super) fn return_type(self) -> Option<Shared<TypeRef>> {
        self.child(Kind::RET_TYPE)?.ty().map(Self::type_ref)
    }

    /// The bounds of its list of them.
    pub(super) fn bounds(self) -> Vec<Bound> {
        let list = self.child(Kind::TYPE_BOUND_LIST);
        exact(list.into_iter().flat_map(Self::children).filter_map(Self::bound))
    }

    fn bound(self) -> Option<Bound> {
        let mut ty = self.ty().filter(|_| !self.has(Kind::QUESTION))?;
        while matches!(ty.kind(), Kind::FOR_TYPE | Kind::PAREN_TYPE) {
            ty = ty.ty()?;
        }
        Some(Bound { path: ty.child(Kind::PATH)?.shared_path() })
    }

    /// The path that the node is.
    pub(super) fn path(self) -> Path {
        let mut path = Path::default();
        path.segments.reserve_exact(self.length());
        self.segments(&mut path);
        path
    }

    /// The same, as it is kept.
    pub(super) fn shared_path(self) -> Shared<Path> {
        Shared::new(self.path())
    }

    /// Where the path's first segment starts and the last one's name ends.
    pub(super) fn path_range(self) -> Range {
        let segment = self.child(Kind::PATH_SEGMENT);
        let own = segment.and_then(|s| s.child(Kind::TYPE_ANCHOR).or(s.child(Kind::NAME_REF)));
        let own = own.map_or(self.range(), Self::range);
        let first = self.child(Kind::PATH).map(Self::path_range);
        (first.map_or(own.0, |first| first.0), own.1)
    }

    /// How many segments a path has at most.
    fn length(self) -> usize {
        1 + self.child(Kind::PATH).map_or(0, Self::length)
    }

    fn segments(self, out: &mut Path) {
        if let Some(qualifier) = self.child(Kind::PATH) {
            qualifier.segments(out);
        }
        let Some(segment) = self.child(Kind::PATH_SEGMENT) else { return };
        if let Some(anchor) = segment.child(Kind::TYPE_ANCHOR) {
            anchor.anchor(out);
            return;
        }
        if segment.has(Kind::COLON) {
            out.global = true;
        }
        if let Some(name) = segment.child(Kind::NAME_REF) {
            out.segments.push(Segment { name: name.name().0, args: segment.segment_args() });
        }
    }

    /// `<T as Trait>`: the trait's segments come first.
    fn anchor(self, out: &mut Path) {
        let mut types = self.types();
        let ty = types.next().map_or_else(|| Shared::new(TypeRef::Error), Self::type_ref);
        match types.next().and_then(|t| t.child(Kind::PATH)) {
            Some(named) => {
                let path = named.path();
                (out.global, out.segments) = (path.global, path.segments);
            }
            None => out.global = true,
        }
        out.qself = Some((ty, out.segments.len()));
    }

    fn segment_args(self) -> Option<Box<Args>> {
        if let Some(list) = self.child(Kind::GENERIC_ARG_LIST) {
            return Some(Box::new(list.args()));
        }
        let inputs = self.child(Kind::PARENTHESIZED_ARG_LIST)?;
        Some(Box::new(Args {
            types: exact(inputs.children().filter_map(Self::ty).map(Self::type_ref)),
            bindings: vec![(Name::new("Output"), self.return_type().unwrap_or_else(unit))],
            call: true,
        }))
    }

    /// The arguments of a list of them.
    pub(super) fn args(self) -> Args {
        let mut args = Args::default();
        for arg in self.children() {
            let name = || arg.child(Kind::NAME_REF).map(|n| n.name().0);
            match (arg.kind(), arg.ty(), name()) {
                (Kind::TYPE_ARG, Some(ty), _) => args.types.push(ty.type_ref()),
                (Kind::ASSOC_TYPE_ARG, Some(ty), Some(name)) => args.bindings.push((name, ty.type_ref())),
                (Kind::ASSOC_TYPE_ARG, None, Some(name)) if arg.child(Kind::TYPE_BOUND_LIST).is_some() => {
                    args.bindings.push((name, Shared::new(TypeRef::Impl(arg.bounds()))));
                }
                _ => {}
            }
        }
        args
    }

    /// The generic parameters and where-clauses of an item.
    pub(super) fn generics(self) -> Shared<Generics> {
        let mut out = Generics::default();
        let params = self.child(Kind::GENERIC_PARAM_LIST);
        let is_lifetime = |param: Self| param.kind() == Kind::LIFETIME_PARAM;
        out.borrows = params.into_iter().flat_map(Self::children).any(is_lifetime);
        for param in params.into_iter().flat_map(Self::children).filter(|p| p.kind() == Kind::TYPE_PARAM) {
            let Some(name) = param.child(Kind::NAME) else { continue };
            let (name, _) = name.name();
            out.params.push(name);
            out.defaults.push(param.ty().map(Self::type_ref));
            let subject = plain(name);
            out.bounds.extend(param.bounds().into_iter().map(|b| (subject, b)));
        }
        let clauses = self.children().filter(|child| child.kind() == Kind::WHERE_CLAUSE);
        for predicate in clauses.flat_map(Self::children) {
            if let Some(subject) = predicate.ty().map(Self::type_ref) {
                out.bounds.extend(predicate.bounds().into_iter().map(|b| (subject, b)));
            }
        }
        Shared::new(out)
    }
}

/// The type written as one plain name.
fn plain(name: Name) -> Shared<TypeRef> {
    Shared::new(TypeRef::Path(Shared::new(Path::plain(name))))
}

fn unit() -> Shared<TypeRef> {
    Shared::new(TypeRef::unit())
}
