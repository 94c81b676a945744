//! Patterns: what they bind, and what they ask of a value.

use super::body::{Lower, lit_of, short_name};
use super::syntax::{Node, is_pat};
use super::token::Kind;
use crate::ir::{List, Pat, PatId, Path, Range, RefMode};
use crate::name::Name;

impl<'a> Lower<'a> {
    /// The pattern that a node holds.
    pub(super) fn pattern_in(&mut self, node: Node<'_, 'a>) -> PatId {
        match node.pat() {
            Some(pat) => self.pattern(pat),
            None => self.push_pat(Pat::Wild, (0, 0)),
        }
    }

    /// A whole pattern: names in it that stand in several alternatives are one local.
    pub(super) fn pattern(&mut self, pat: Node<'_, 'a>) -> PatId {
        let mark = self.scope.len();
        self.pat(pat, mark)
    }

    fn pats(&mut self, node: Node<'_, 'a>, mark: usize) -> List {
        let list = node.children().filter(|child| is_pat(child.kind()));
        let ids: Vec<PatId> = list.map(|p| self.pat(p, mark)).collect();
        List::put(&ids, PatId, &mut self.body.pat_lists)
    }

    fn inner_pat(&mut self, node: Node<'_, 'a>, mark: usize) -> PatId {
        match node.pat() {
            Some(pat) => self.pat(pat, mark),
            None => self.push_pat(Pat::Wild, (0, 0)),
        }
    }

    fn pat(&mut self, pat: Node<'_, 'a>, mark: usize) -> PatId {
        match pat.kind() {
            Kind::IDENT_PAT => self.ident_pat(pat, mark),
            Kind::PAREN_PAT | Kind::BOX_PAT => self.inner_pat(pat, mark),
            Kind::REF_PAT => {
                let inner = self.inner_pat(pat, mark);
                let range = pat.own().next().map_or(pat.range(), |token| token.range);
                self.push_pat(Pat::Ref(inner), range)
            }
            Kind::LITERAL_PAT => match pat.child(Kind::LITERAL).and_then(|lit| lit.own().next()) {
                Some(token) => self.push_pat(Pat::Lit(lit_of(token)), token.range),
                None => self.push_pat(Pat::Wild, (0, 0)),
            },
            Kind::REST_PAT => self.push_pat(Pat::Rest, pat.range()),
            Kind::PATH_PAT => {
                let (path, range) = self.pat_path(pat);
                self.push_pat(Pat::Path(path), range)
            }
            Kind::TUPLE_STRUCT_PAT => {
                let (path, at) = self.pat_path(pat);
                let range = (at.0, pat.hi());
                let items = self.pats(pat, mark);
                self.push_pat(Pat::TupleStruct(path, items), range)
            }
            Kind::RECORD_PAT => self.struct_pat(pat, mark),
            Kind::TUPLE_PAT => {
                let items = self.pats(pat, mark);
                self.push_pat(Pat::Tuple(items), pat.range())
            }
            Kind::SLICE_PAT => {
                let items = self.pats(pat, mark);
                self.push_pat(Pat::Slice(items), pat.range())
            }
            Kind::OR_PAT => self.or_pat(pat, mark),
            Kind::WILDCARD_PAT => self.push_pat(Pat::Wild, pat.range()),
            _ => self.push_pat(Pat::Wild, (0, 0)),
        }
    }

    fn or_pat(&mut self, pat: Node<'_, 'a>, mark: usize) -> PatId {
        let items = self.pats(pat, mark);
        let first = self.body.pat_list(items).first().copied();
        match (first, self.body.pat_list(items).len()) {
            (Some(only), 1) => only,
            (first, _) => {
                let range = first.map_or((0, 0), |p| self.body.pat_ranges[p.0 as usize]);
                self.push_pat(Pat::Or(items), range)
            }
        }
    }

    /// The path of a pattern, and where it stands.
    fn pat_path(&mut self, pat: Node<'_, 'a>) -> (u32, Range) {
        let path = pat.child(Kind::PATH);
        let range = path.map_or((0, 0), Node::path_range);
        (self.path_id(path.map(Node::path).unwrap_or_default()), range)
    }

    fn struct_pat(&mut self, pat: Node<'_, 'a>, mark: usize) -> PatId {
        let (path, at) = self.pat_path(pat);
        let range = (at.0, pat.hi());
        let mut fields = Vec::new();
        for field in pat.child(Kind::RECORD_PAT_FIELD_LIST).into_iter().flat_map(Node::children) {
            if field.kind() != Kind::RECORD_PAT_FIELD {
                continue;
            }
            let name = match field.child(Kind::NAME_REF) {
                Some(name) => name.name().0,
                None => short_name(field).0,
            };
            fields.push((name, self.inner_pat(field, mark)));
        }
        self.push_pat(Pat::Struct(path, fields.into()), range)
    }

    fn ident_pat(&mut self, pat: Node<'_, 'a>, mark: usize) -> PatId {
        let (name, range) = pat.child(Kind::NAME).map_or((Name::new(""), pat.range()), Node::name);
        let (by_ref, mutable) = (pat.has(Kind::REF_KW), pat.has(Kind::MUT_KW));
        let plain = !by_ref && !mutable && pat.pat().is_none();
        if plain && name.as_str().starts_with(char::is_uppercase) {
            let path = self.path_id(Path::plain(name));
            return self.push_pat(Pat::Path(path), range);
        }
        let sub = pat.pat().map(|p| self.pat(p, mark));
        let known =
            self.scope[mark.min(self.scope.len())..].iter().find(|(n, _)| *n == name).map(|(_, l)| *l);
        let local = known.unwrap_or_else(|| self.declare(name, range));
        let mode = match (by_ref, mutable) {
            (true, true) => RefMode::Mut,
            (true, false) => RefMode::Shared,
            _ => RefMode::Value,
        };
        self.push_pat(Pat::Bind(local, mode, sub), range)
    }
}
