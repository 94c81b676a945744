//! What this program says of method calls and paths, by place; where it says nothing, why.

use std::collections::BTreeMap;
use std::path::Path as FsPath;

use cargo_privacy::ir::{Body, Expr, ExprId, ItemKind, Pat, Path, Range};
use cargo_privacy::name::Name;
use cargo_privacy::resolve::{Def, GItem, Namespace, Program, Resolution};
use cargo_privacy::source::{FileId, SourceMap};
use cargo_privacy::types::{Callee, Inference, Sema, ValueDef};

use crate::causes::Causes;
use crate::rows::Symbol;
use crate::score::Answer;

/// Answers of a program.
pub(crate) struct Answers<'a> {
    program: &'a Program,
    sources: &'a SourceMap,
    root: &'a FsPath,
    files: BTreeMap<String, FileId>,
    known: BTreeMap<(FileId, u32), Answer>,
    /// Items by file, outermost first.
    items: BTreeMap<FileId, Vec<(Range, GItem)>>,
}

impl<'a> Answers<'a> {
    pub(crate) fn new(
        sema: &'a Sema<'a>,
        bodies: &[(GItem, Inference)],
        sources: &'a SourceMap,
        root: &'a FsPath,
    ) -> Self {
        let program = sema.program;
        let name = |path: &FsPath| path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        let files = sources.iter().map(|(id, file)| (name(&file.path), id)).collect();
        let mut items: BTreeMap<FileId, Vec<(Range, GItem)>> = BTreeMap::new();
        for item in program.items().filter(|item| !program.is_model(*item)) {
            items.entry(program.unit_of(item).file).or_default().push((program.item(item).range, item));
        }
        for list in items.values_mut() {
            list.sort_by_key(|((from, to), item)| (*from, std::cmp::Reverse(*to), *item));
        }
        let mut answers = Self { program, sources, root, files, known: BTreeMap::new(), items };
        for (item, inference) in bodies.iter().filter(|(item, _)| !program.is_model(*item)) {
            if let Some(body) = program.body(*item) {
                answers.body(*item, body, inference);
            }
        }
        answers
    }

    /// The answer at a line and column, both from 1.
    pub(crate) fn at(&self, file: &str, line: u32, column: u32, method: bool) -> Answer {
        let unknown = |why: &str| Answer::Unknown(why.to_owned());
        let Some(id) = self.files.get(file) else { return unknown("file not read") };
        let source = self.sources.file(*id);
        let start = source.line_starts().get(line as usize - 1).copied().unwrap_or(0) as usize;
        let text = source.text().get(start..).unwrap_or("");
        let offset = text.char_indices().nth(column as usize - 1).map_or(0, |(at, _)| at);
        let offset = (start + offset) as u32;
        match self.known.get(&(*id, offset)) {
            Some(answer) => answer.clone(),
            None if method => unknown("place not seen"),
            None => self.by_scope(*id, offset),
        }
    }

    fn body(&mut self, item: GItem, body: &Body, inference: &Inference) {
        let file = self.program.unit_of(item).file;
        let causes = Causes::new(self.program, body, inference);
        for at in 0..body.exprs.len() {
            let id = ExprId(at as u32);
            match body.expr(id) {
                Expr::Method(receiver, name, ..) => {
                    let Some(place) = self.method_name(file, body, *receiver, id, *name) else { continue };
                    let why = || causes.of_call(*receiver, *name);
                    let answer = self.callee(inference.callees.get(&id), &why);
                    self.put(file, place, answer);
                }
                Expr::Path(path) => {
                    let answer = self.value(inference.values.get(&id));
                    self.put_path(file, &body.paths[*path as usize], body.range(id), answer);
                }
                Expr::Struct(path, ..) => self.constructed(file, body, inference, *path, body.range(id)),
                _ => {}
            }
        }
        for (pat, range) in body.pats.iter().zip(body.pat_ranges.iter()) {
            if let Pat::Path(path) | Pat::TupleStruct(path, _) | Pat::Struct(path, _) = pat {
                self.constructed(file, body, inference, *path, range);
            }
        }
    }

    /// The constructor that a path at the beginning of a pattern or literal means.
    fn constructed(&mut self, file: FileId, body: &Body, inference: &Inference, path: u32, range: Range) {
        if let Some((adt, variant)) = inference.pat_paths.get(&path) {
            let answer = self.definition(*adt, *variant);
            self.put_path(file, &body.paths[path as usize], range, answer);
        }
    }

    /// Puts an answer where a path's last segment stands; what a macro made of itself has no such place.
    fn put_path(&mut self, file: FileId, path: &Path, range: Range, answer: Answer) {
        let text = self.sources.file(file).text().get(range.0 as usize..range.1 as usize);
        if let Some(place) = text.and_then(|text| last_segment(text, path)) {
            self.put(file, range.0 + place as u32, answer);
        }
    }

    /// Of several answers for one place (a macro may read it more than once) the first that knows something.
    fn put(&mut self, file: FileId, place: u32, answer: Answer) {
        let known = self.known.entry((file, place)).or_insert_with(|| answer.clone());
        if matches!(known, Answer::Unknown(_)) {
            *known = answer;
        }
    }

    /// Where the name of a method call stands.
    fn method_name(&self, file: FileId, body: &Body, of: ExprId, call: ExprId, name: Name) -> Option<u32> {
        let (from, to) = (body.range(of).1 as usize, body.range(call).1 as usize);
        let text = self.sources.file(file).text().get(from..to)?;
        let is_name = |at: usize| {
            let follows = text[at + name.as_str().len()..].chars().next();
            text[..at].trim_end().ends_with(['.', '/'])
                && !follows.is_some_and(|c| c.is_alphanumeric() || c == '_')
        };
        let found = text.match_indices(name.as_str()).map(|(at, _)| at).find(|at| is_name(*at));
        found.map(|at| (from + at) as u32)
    }

    fn callee(&self, callee: Option<&Callee>, why: &dyn Fn() -> String) -> Answer {
        match callee {
            Some(Callee::Fn(func, _)) => self.definition(*func, None),
            Some(Callee::Ctor(item, variant)) => self.definition(*item, *variant),
            Some(Callee::External(path)) => outside(path),
            _ => Answer::Unknown(why()),
        }
    }

    fn value(&self, value: Option<&ValueDef>) -> Answer {
        match value {
            Some(ValueDef::Fn(item, _) | ValueDef::Const(item)) => self.definition(*item, None),
            Some(ValueDef::Ctor(item, variant, _)) => self.definition(*item, *variant),
            Some(ValueDef::External(path)) => outside(path),
            _ => Answer::Unknown("value".to_owned()),
        }
    }

    /// Where an item, or a variant of it, is defined.
    fn definition(&self, item: GItem, variant: Option<u16>) -> Answer {
        let decl = self.program.item(item);
        let mut symbol = self.symbol(item);
        let mut range = decl.name_range;
        if let (ItemKind::Enum(_, variants), Some(at)) = (&decl.kind, variant)
            && let Some(variant) = variants.get(at as usize)
        {
            symbol.holders = vec![symbol.name];
            symbol.name = variant.name.as_str().to_owned();
            range = variant.range;
        }
        if self.program.is_model(item) {
            return Answer::Outside(symbol);
        }
        let others = self.program.alternatives(item).map(|item| (item, self.program.item(item).name_range));
        let places = std::iter::once((item, range)).chain(others);
        Answer::Here(places.map(|(item, range)| self.place(item, range)).collect(), symbol)
    }

    fn place(&self, item: GItem, range: Range) -> (String, u32) {
        let span = self.program.span(item, range);
        let file = self.sources.file(span.file);
        let path = file.path.strip_prefix(self.root).unwrap_or(&file.path);
        (path.to_string_lossy().into_owned(), file.line_of(span.lo) as u32 + 1)
    }

    fn symbol(&self, item: GItem) -> Symbol {
        let mut path: Vec<String> =
            self.program.path(item).iter().map(|name| name.as_str().to_owned()).collect();
        let name = path.pop().unwrap_or_default();
        let mut holders = Vec::new();
        if let Some(parent) = self.program.parent(item) {
            holders.extend(path.pop());
            let trait_ = self.program.trait_path(parent).and_then(|path| path.last().copied());
            holders.extend(trait_.map(|name| name.as_str().to_owned()));
        }
        Symbol { modules: path, holders, name }
    }

    /// A path that no body's inference was asked for: in a signature, or a type in code. Its names as they stand there,
    /// looked up from the innermost item around it.
    fn by_scope(&self, file: FileId, offset: u32) -> Answer {
        let text = self.sources.file(file).text();
        let Some((names, global)) = names(text, offset as usize) else {
            return Answer::Unknown("no path".to_owned());
        };
        let items = self.items.get(&file).map(|list| &list[..]).unwrap_or_default();
        let holds = |range: &Range| range.0 <= offset && offset < range.1;
        let Some((_, item)) = items.iter().rev().find(|(range, _)| holds(range)) else {
            return Answer::Unknown("item left out".to_owned());
        };
        let module = match self.program.body(*item) {
            Some(_) => self.program.scope_of_body(*item),
            None => self.program.home(*item),
        };
        for namespace in [Namespace::Type, Namespace::Value] {
            match self.program.resolve_names(module, &names, global, namespace) {
                Resolution::Def(Def::Item(item), 0) => return self.definition(item, None),
                Resolution::Def(Def::Variant(item, at), 0) => return self.definition(item, Some(at)),
                Resolution::External(path) => return outside(&path),
                _ => {}
            }
        }
        let first = names.first().map_or("", |name| name.as_str());
        let shape = match (names.len(), first) {
            (_, "Self") => "associated type of Self",
            (1, _) => "one name",
            _ => "several names",
        };
        Answer::Unknown(format!("path in a signature or type: {shape}"))
    }
}

/// A path that leads out. One with a gap names a crate and no definition: what a value of the crate gave.
fn outside(path: &[Name]) -> Answer {
    if path.iter().any(|name| *name == *"_") {
        return Answer::Unknown(format!("value of {}", path[0].as_str()));
    }
    let mut names: Vec<String> = path.iter().map(|name| name.as_str().to_owned()).collect();
    let name = names.pop().unwrap_or_default();
    let holder = names.pop_if(|name| name.starts_with(char::is_uppercase));
    Answer::Outside(Symbol { modules: names, holders: holder.into_iter().collect(), name })
}

/// Where the last segment of a path begins, in a text that begins with the path.
fn last_segment(text: &str, path: &Path) -> Option<usize> {
    let mut end = 0;
    let mut found = None;
    for (nth, segment) in path.segments.iter().enumerate() {
        let name = segment.name.as_str();
        let rest = text.get(end..)?;
        // `<T as Trait>::` and arguments of segments stand between the names.
        let place =
            rest.match_indices(name).map(|(place, _)| place).find(|place| is_word(rest, *place, name))?;
        let before = rest[..place].trim();
        if nth == 0 && !before.is_empty() && !before.starts_with(['<', ':']) {
            return None;
        }
        found = Some(end + place);
        end += place + name.len();
    }
    found
}

/// Whether a name that stands at a place is not a part of another.
fn is_word(text: &str, at: usize, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let follows = text[at + name.len()..].chars().next();
    !text[..at].ends_with(is_part) && !follows.is_some_and(is_part)
}

/// The names of the path whose last one begins at a byte, and whether it begins with `::`.
fn names(text: &str, offset: usize) -> Option<(Vec<Name>, bool)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let rest = text.get(offset..)?;
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let mut names = vec![Name::new(rest.get(..end).filter(|name| !name.is_empty())?)];
    let mut before = text.get(..offset)?;
    while let Some(less) = before.trim_end().strip_suffix("::") {
        let less = less.trim_end();
        let start = less
            .rfind(|c| !is_part(c))
            .map_or(0, |at| at + less[at..].chars().next().map_or(1, char::len_utf8));
        if start == less.len() {
            return if less.ends_with('>') { None } else { Some((names, true)) };
        }
        names.insert(0, Name::new(&less[start..]));
        before = &less[..start];
    }
    Some((names, false))
}
