//! Names under which code asks containers whose parts nobody declares: maps, documents, rows, the environment. Decides
//! neither what a name means nor which calls ask.

use rustc_hash::FxHashMap;

use super::infer::OwnLists;
use super::shape::Shapes;
use crate::ir::{Body, Expr, ExprId, ItemKind, Lit};
use crate::name::Name;
use crate::recognise::{Facts, Hit, PlaceKind, TypeFacts, holds_what_it_names, recognise_by};
use crate::resolve::{GItem, Program};
use crate::tree::called;
use crate::types::{Inference, ValueDef};

/// How long a name can be.
const LONGEST: usize = 48;

/// Something that is asked for: of what, and under which name; what a function that is none of a value's is asked for,
/// the environment holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) of: Option<Name>,
    pub(super) key: Name,
}

/// A question of which the name looks personal.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) package: u32,
    /// What the answer is called in findings.
    pub(super) path: String,
    pub(super) hit: Hit,
    /// The expressions that ask it.
    pub(super) answers: Vec<(GItem, ExprId)>,
}

/// Those that look personal, each once and in the order of their first use.
pub(super) fn look(
    shapes: Shapes<'_>,
    bodies: &[&(GItem, Inference)],
    own_words: &OwnLists,
) -> Vec<Question> {
    let program = shapes.program;
    let mut known: FxHashMap<(u32, Asked, u8), Option<usize>> = FxHashMap::default();
    let mut out: Vec<Question> = Vec::new();
    for (item, inference) in bodies {
        let (Some(package), Some(body)) = (program.package_of(*item), program.body(*item)) else { continue };
        let reader = Reader { program, body, inference };
        for (asked, answer) in reader.asked() {
            let Some(ty) = inference.exprs.get(answer.0 as usize) else { continue };
            let shape = shapes.of_ty(&inference.table, *ty);
            let facts = facts(asked, shape.facts());
            let at = known.entry((package, asked, facts.ty.shape as u8)).or_insert_with(|| {
                let is_data = asked.of.is_none_or(|of| holds_what_it_names(of.as_str()));
                let hit = recognise_by(own_words.of_package(package), &facts).filter(Hit::counts);
                let hit = hit.filter(|_| is_data && !shape.empty)?;
                out.push(Question { package, path: asked.path(), hit, answers: Vec::new() });
                Some(out.len() - 1)
            });
            if let Some(question) = at.and_then(|at| out.get_mut(at)) {
                question.answers.push((*item, answer));
            }
        }
    }
    out
}

impl Asked {
    /// What the answer is called in findings.
    fn path(self) -> String {
        match self.of {
            Some(of) if of != *ENVIRONMENT => format!("{of}[\"{}\"]", self.key),
            _ => self.key.to_string(),
        }
    }
}

/// How the environment is called.
const ENVIRONMENT: &str = "environment";

/// What is known of what is asked for.
pub(super) fn facts(asked: Asked, ty: TypeFacts<'_>) -> Facts<'_> {
    Facts {
        kind: PlaceKind::MapKey,
        name: asked.key.as_str(),
        holder: asked.of.map(Name::as_str),
        method_of: None,
        holder_fields: &[],
        ty,
        serde_name: None,
        doc: None,
        owner: None,
    }
}

/// A body that is read for names.
pub(super) struct Reader<'a> {
    pub(super) program: &'a Program,
    pub(super) body: &'a Body,
    pub(super) inference: &'a Inference,
}

impl Reader<'_> {
    /// What is asked for, with the expression that is the answer.
    fn asked(&self) -> impl Iterator<Item = (Asked, ExprId)> {
        let all = self.body.exprs.iter().enumerate();
        all.filter_map(|(at, expr)| Some((self.question(expr)?, ExprId(at as u32))))
    }

    fn question(&self, expr: &Expr) -> Option<Asked> {
        match *expr {
            Expr::Method(container, _, args, _) => {
                let [key] = self.body.list(args) else { return None };
                Some(Asked { key: self.key(*key)?, of: called(self.body, container) })
            }
            Expr::Index(container, key) => {
                Some(Asked { key: self.key(key)?, of: called(self.body, container) })
            }
            Expr::Call(_, args) => {
                let [key] = self.body.list(args) else { return None };
                Some(Asked { key: self.key(*key)?, of: Some(Name::new(ENVIRONMENT)) })
            }
            _ => None,
        }
    }

    /// A text that may be a name, written there or in a constant.
    pub(super) fn key(&self, mut at: ExprId) -> Option<Name> {
        while let Expr::Ref(inner, _) | Expr::Deref(inner) = *self.body.expr(at) {
            at = inner;
        }
        let text = match *self.body.expr(at) {
            Expr::Lit(Lit::Str(text)) => text,
            Expr::Path(_) => match self.inference.values.get(&at) {
                Some(ValueDef::Const(item)) => constant(self.program, *item)?,
                _ => return None,
            },
            _ => return None,
        };
        is_name(text.as_str()).then_some(text)
    }
}

fn constant(program: &Program, item: GItem) -> Option<Name> {
    if !matches!(program.item(item).kind, ItemKind::Const(_)) {
        return None;
    }
    let body = program.body(item)?;
    match *body.expr(body.root?) {
        Expr::Lit(Lit::Str(text)) => Some(text),
        _ => None,
    }
}

/// Whether a text is written as names are, and not as sentences, paths or URLs.
fn is_name(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
