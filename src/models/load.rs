//! The one conversion from the TOML of a model file to valid models. Keeps the spans of what users wrote.

use super::read::{Problems, Table, Text, choose};
use super::{
    Flow, LayerModel, MacroModel, MacroSyntax, ModelFile, Pattern, Place, RemovalModel, SinkModel,
    SourceModel, SummaryModel, TransformModel, TypeModel, View,
};
use crate::datamap::{Channel, Part};
use crate::diagnostic::Diagnostic;
use crate::notice::{Form, Makes, Role};
use crate::source::FileId;
use toml::de::DeTable;

const FILE_KEYS: &[&str] = &[
    "crate",
    "aliases",
    "uses",
    "declarations",
    "sink",
    "macro",
    "source",
    "summary",
    "transform",
    "type",
    "removal",
    "layer",
];
const SINK_KEYS: &[&str] =
    &["calls", "args", "channel", "role", "recipient", "view", "part", "url", "file", "plaintext", "unseen"];
const MACRO_KEYS: &[&str] = &["names", "syntax", "channel", "role", "recipient", "view", "value"];
const SOURCE_KEYS: &[&str] = &["calls", "types", "when", "category", "why"];
const SUMMARY_KEYS: &[&str] = &[
    "calls",
    "flows",
    "clears",
    "adds",
    "view",
    "relative",
    "decodes",
    "begins",
    "ends",
    "path",
    "environment",
    "most",
    "full",
    "seldom_fails",
];
const TRANSFORM_KEYS: &[&str] = &["calls", "makes", "on", "into", "most", "fresh"];
const REMOVAL_KEYS: &[&str] = &["calls"];
const LAYER_KEYS: &[&str] = &["calls", "next", "makes", "serves", "before", "extracts"];
const TYPE_KEYS: &[&str] = &["path", "hides", "transparent", "opaque"];

const CHANNELS: &[(&str, Channel)] = &[
    ("log", Channel::Log),
    ("error", Channel::Error),
    ("metrics", Channel::Metrics),
    ("crash-report", Channel::CrashReport),
    ("network", Channel::Network),
    ("storage", Channel::Storage),
    ("response", Channel::Response),
];
const ROLES: &[(&str, Role)] = &[
    ("log", Role::Log),
    ("metrics", Role::Metrics),
    ("crash-report", Role::CrashReport),
    ("service-provider", Role::ServiceProvider),
    ("transaction-party", Role::TransactionParty),
    ("subsidiary", Role::Subsidiary),
    ("ad-company", Role::AdCompany),
    ("data-broker", Role::DataBroker),
    ("authority", Role::Authority),
    ("successor", Role::Successor),
    ("storage", Role::Storage),
    ("data-subject", Role::DataSubject),
    ("public", Role::Public),
];
const VIEWS: &[(&str, View)] = &[
    ("whole", View::Whole),
    ("debug", View::Debug),
    ("display", View::Display),
    ("serialize", View::Serialize),
];
const PARTS: &[(&str, Part)] = &[("body", Part::Body), ("url", Part::Url), ("header", Part::Header)];
const SYNTAXES: &[(&str, MacroSyntax)] =
    &[("log", MacroSyntax::Log), ("format", MacroSyntax::Format), ("expressions", MacroSyntax::Expressions)];
const MAKES: &[(&str, Makes)] = &[
    ("removed", Makes::Removed),
    ("masked", Makes::Form(Form::Masked)),
    ("aggregated", Makes::Form(Form::Aggregated)),
    ("encrypted", Makes::Form(Form::Encrypted)),
    ("keyed-hash", Makes::Form(Form::KeyedHash)),
    ("hash", Makes::Form(Form::Hash)),
];

/// Reads one file.
pub(super) fn parse(text: &str, file: Option<FileId>) -> Result<ModelFile, Vec<Diagnostic>> {
    let mut problems = Problems { file, found: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        problems.error(error.message().to_owned(), &error.span().unwrap_or(0..0));
    }
    let read = if problems.found.is_empty() {
        let root = Table::new(table.get_ref(), 0..0, FILE_KEYS, &mut problems);
        Loader { problems: &mut problems, crate_name: String::new() }.file(&root)
    } else {
        ModelFile::default()
    };
    if problems.found.is_empty() { Ok(read) } else { Err(problems.found) }
}

struct Loader<'p> {
    problems: &'p mut Problems,
    crate_name: String,
}

impl Loader<'_> {
    fn file(&mut self, root: &Table<'_>) -> ModelFile {
        self.crate_name = self.required(root, "crate").0.to_owned();
        ModelFile {
            crate_name: self.crate_name.clone(),
            aliases: owned(root.texts("aliases", self.problems)),
            uses: owned(root.texts("uses", self.problems)),
            declarations: root.text("declarations", self.problems).map_or("", |(text, _)| text).to_owned(),
            sinks: self.each(root, "sink", SINK_KEYS, Self::sink),
            macros: self.each(root, "macro", MACRO_KEYS, Self::known_macro),
            sources: self.each(root, "source", SOURCE_KEYS, Self::source),
            summaries: self.each(root, "summary", SUMMARY_KEYS, Self::summary),
            transforms: self.each(root, "transform", TRANSFORM_KEYS, Self::transform),
            types: self.each(root, "type", TYPE_KEYS, Self::known_type),
            removals: self.each(root, "removal", REMOVAL_KEYS, Self::removal),
            layers: self.each(root, "layer", LAYER_KEYS, Self::layer),
        }
    }

    /// Reads each table of a list; those that are wrong are left out, with a diagnostic.
    fn each<T>(
        &mut self,
        root: &Table<'_>,
        key: &str,
        known: &[&str],
        read: fn(&mut Self, &Table<'_>) -> Option<T>,
    ) -> Vec<T> {
        root.tables(key, known, self.problems).iter().filter_map(|table| read(self, table)).collect()
    }

    fn sink(&mut self, table: &Table<'_>) -> Option<SinkModel> {
        Some(SinkModel {
            calls: self.patterns(table, "calls"),
            args: table.has("args").then(|| self.places(table, "args")),
            channel: self.required_choice(table, "channel", CHANNELS)?,
            role: table.choice("role", ROLES, self.problems),
            recipient: table.text("recipient", self.problems).map(|(text, _)| text.to_owned()),
            view: table.choice("view", VIEWS, self.problems).unwrap_or_default(),
            part: table.choice("part", PARTS, self.problems).unwrap_or(Part::Body),
            url: table.number("url", self.problems),
            file: table.number("file", self.problems),
            plaintext: table.flag("plaintext", self.problems),
            unseen: table.flag("unseen", self.problems),
            span: self.problems.span(&table.range),
        })
    }

    fn known_macro(&mut self, table: &Table<'_>) -> Option<MacroModel> {
        Some(MacroModel {
            names: self.patterns(table, "names"),
            syntax: self.required_choice(table, "syntax", SYNTAXES)?,
            value: table.text("value", self.problems).map(|(text, _)| text.to_owned()),
            channel: table.choice("channel", CHANNELS, self.problems),
            role: table.choice("role", ROLES, self.problems),
            recipient: table.text("recipient", self.problems).map(|(text, _)| text.to_owned()),
            view: table.choice("view", VIEWS, self.problems).unwrap_or_default(),
            span: self.problems.span(&table.range),
        })
    }

    fn source(&mut self, table: &Table<'_>) -> Option<SourceModel> {
        if !table.has("calls") && !table.has("types") {
            self.problems.error("a source needs `calls` or `types`".to_owned(), &table.range);
        }
        Some(SourceModel {
            calls: if table.has("calls") { self.patterns(table, "calls") } else { Vec::new() },
            types: if table.has("types") { self.patterns(table, "types") } else { Vec::new() },
            when: owned(table.texts("when", self.problems)),
            category: self.required(table, "category").0.to_owned(),
            why: table.text("why", self.problems).map_or("", |(text, _)| text).to_owned(),
            span: self.problems.span(&table.range),
        })
    }

    fn summary(&mut self, table: &Table<'_>) -> Option<SummaryModel> {
        let texts = table.texts("flows", self.problems);
        let flows = texts.into_iter().filter_map(|text| self.parsed(text, Flow::parse)).collect();
        Some(SummaryModel {
            calls: self.patterns(table, "calls"),
            flows,
            clears: self.places(table, "clears"),
            adds: table.flag("adds", self.problems),
            most: table.number("most", self.problems),
            full: table.flag("full", self.problems),
            relative: table.number("relative", self.problems),
            decodes: table.number("decodes", self.problems),
            begins: table.number("begins", self.problems),
            ends: table.number("ends", self.problems),
            path: table.flag("path", self.problems),
            environment: table.number("environment", self.problems),
            seldom_fails: table.flag("seldom_fails", self.problems),
            view: table.choice("view", VIEWS, self.problems).unwrap_or_default(),
            span: self.problems.span(&table.range),
        })
    }

    fn transform(&mut self, table: &Table<'_>) -> Option<TransformModel> {
        Some(TransformModel {
            calls: self.patterns(table, "calls"),
            makes: self.required_choice(table, "makes", MAKES)?,
            on: table.has("on").then(|| self.places(table, "on")),
            most: table.number("most", self.problems),
            fresh: table.flag("fresh", self.problems),
            into: self.places(table, "into").pop().unwrap_or(Place::Return(Vec::new())),
            span: self.problems.span(&table.range),
        })
    }

    fn removal(&mut self, table: &Table<'_>) -> Option<RemovalModel> {
        Some(RemovalModel { calls: self.patterns(table, "calls"), span: self.problems.span(&table.range) })
    }

    fn layer(&mut self, table: &Table<'_>) -> Option<LayerModel> {
        Some(LayerModel {
            calls: self.some_patterns(table, "calls"),
            next: self.some_patterns(table, "next"),
            makes: self.some_patterns(table, "makes"),
            serves: self.some_patterns(table, "serves"),
            extracts: self.some_patterns(table, "extracts"),
            before: table.flag("before", self.problems),
        })
    }

    fn some_patterns(&mut self, table: &Table<'_>, key: &str) -> Vec<Pattern> {
        if table.has(key) { self.patterns(table, key) } else { Vec::new() }
    }

    fn known_type(&mut self, table: &Table<'_>) -> Option<TypeModel> {
        let mut hides = Vec::new();
        for (word, range) in table.texts("hides", self.problems) {
            hides.extend(choose("view", word, &range, VIEWS, self.problems));
        }
        Some(TypeModel {
            paths: self.patterns(table, "path"),
            hides,
            transparent: table.flag("transparent", self.problems),
            opaque: table.flag("opaque", self.problems),
            span: self.problems.span(&table.range),
        })
    }

    fn required<'t>(&mut self, table: &Table<'t>, key: &str) -> Text<'t> {
        if !table.has(key) {
            self.problems.error(format!("`{key}` is missing"), &table.range);
        }
        table.text(key, self.problems).unwrap_or(("", 0..0))
    }

    fn required_choice<T: Copy>(&mut self, table: &Table<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
        if !table.has(key) {
            self.problems.error(format!("`{key}` is missing"), &table.range);
        }
        table.choice(key, words, self.problems)
    }

    fn patterns(&mut self, table: &Table<'_>, key: &str) -> Vec<Pattern> {
        let texts = table.texts(key, self.problems);
        if texts.is_empty() {
            self.problems.error(format!("`{key}` names nothing"), &table.range);
        }
        let crate_name = self.crate_name.clone();
        let mut patterns = Vec::new();
        for text in texts {
            let span = self.problems.span(&text.1);
            patterns.extend(self.parsed(text, |t| Pattern::parse(t, &crate_name, span)));
        }
        patterns
    }

    fn places(&mut self, table: &Table<'_>, key: &str) -> Vec<Place> {
        let words = table.words(key, self.problems);
        words.into_iter().filter_map(|word| self.parsed(word, Place::parse)).collect()
    }

    fn parsed<T>(&mut self, (text, range): Text<'_>, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        parse(text).map_err(|why| self.problems.error(why, &range)).ok()
    }
}

fn owned(texts: Vec<Text<'_>>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_refused_with_a_suggestion() {
        let text = "crate = \"x\"\n[[sink]]\ncalls = [\"x::f\"]\nchanel = \"log\"\n";
        let errors = parse(text, Some(FileId(3))).unwrap_err();
        assert_eq!(errors[0].message, "unknown key `chanel`");
        assert_eq!(errors[0].helps, ["did you mean `channel`"]);
        assert_eq!(&text[errors[0].primary.unwrap().range()], "chanel");
        assert_eq!(errors[1].message, "`channel` is missing");
    }

    #[test]
    fn words_outside_the_list_are_refused() {
        let errors =
            parse("crate = \"x\"\n[[type]]\npath = \"x::T\"\nhides = [\"debugg\"]", None).unwrap_err();
        assert_eq!(errors[0].message, "unknown view `debugg`");
    }
}
