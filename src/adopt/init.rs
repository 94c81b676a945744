//! `cargo privacy init`: a first notice, drafted from the data map. What a third party receives today is written down as
//! what it may receive, to be compared with what was promised; what a log receives stays a finding. Writes one new file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::analysed;
use crate::check::{self, Analysis, Options, Outcome, Watch, known, notices};
use crate::datamap::{Channel, DataMap, Flow, Recipient};
use crate::diagnostic::Diagnostic;
use crate::edit;
use crate::emit::{count, located, say, shown};
use crate::notice::{Named, Role};
use crate::source::SourceMap;

/// How many places a comment names.
const PLACES: usize = 3;

/// Drafts a notice; to `out` where it is only `shown`.
///
/// # Errors
/// Where the file or a stream cannot be written.
pub fn init(
    options: &Options,
    only_shown: bool,
    watch: &dyn Watch,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let analysis = match analysed(options, watch, &mut sources, out, log)? {
        Ok(analysis) => analysis,
        Err(outcome) => return Ok(outcome),
    };
    let path = known::top(&analysis.discovered).join(notices::FILE);
    let name = shown(&path, &options.request.cwd);
    if path.exists() && !only_shown {
        let error = Diagnostic::error(format!("there is a notice already: `{name}`"), None);
        let help = "`cargo privacy init --print` shows what would be written";
        return check::refuse(options, &sources, vec![error.help(help)], out, log);
    }
    let draft = Draft::of(&analysis, &sources, options);
    if only_shown {
        out.write_all(draft.render().as_bytes())?;
        out.flush()?;
        return Ok(Outcome::Clean);
    }
    edit::write_all(&[(path, draft.render())])?;
    tell(&draft, &name, out)?;
    Ok(Outcome::Clean)
}

fn tell(draft: &Draft<'_>, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let (data, recipients) = (draft.data.len(), draft.recipients.len());
    let categories = count(data, "category", "categories");
    say(out, &format!("wrote `{name}`: {categories}, {}", count(recipients, "recipient", "recipients")))?;
    say(out, "next:")?;
    say(out, "  compare it with your published notice: what it does not allow is to be taken out")?;
    let open = draft.recipients.iter().filter(|(_, recipient)| recipient.role.is_none());
    for (name, _) in open {
        say(
            out,
            &format!("  write the role of `{name}` in place of \"?\"; until then a check ends with an error"),
        )?;
    }
    say(out, "  `cargo privacy check` judges by it")?;
    out.flush()
}

/// A third party as the code knows it.
#[derive(Default)]
struct Known {
    role: Option<Role>,
    hosts: BTreeSet<String>,
    receives: Received,
}

/// Categories, and where they arrive.
#[derive(Default)]
struct Received {
    categories: BTreeSet<String>,
    places: BTreeSet<String>,
}

impl Received {
    fn add(&mut self, map: &DataMap, flow: &Flow, place: String) {
        self.categories.extend(flow.data.iter().map(|datum| map.taxonomy.get(datum.category).key.clone()));
        self.places.insert(place);
    }

    /// Where, as comments.
    fn comment(&self, out: &mut String) {
        for place in self.places.iter().take(PLACES) {
            let _ = writeln!(out, "# {place}");
        }
        if let more @ 1.. = self.places.len().saturating_sub(PLACES) {
            let _ = writeln!(out, "# and {}", count(more, "more place", "more places"));
        }
    }
}

/// What the code says.
struct Draft<'a> {
    title: String,
    /// Categories, with the places that hold them.
    data: BTreeMap<&'a str, BTreeSet<&'a str>>,
    recipients: BTreeMap<String, Known>,
    /// The program's own ends.
    own: BTreeMap<&'static str, (Role, Received)>,
    /// What goes nobody knows where, by what was seen instead.
    unresolved: BTreeMap<String, Received>,
}

impl<'a> Draft<'a> {
    fn of(analysis: &'a Analysis, sources: &SourceMap, options: &Options) -> Self {
        let map = &analysis.map;
        let title =
            known::top(&analysis.discovered).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (data, recipients, own, unresolved) = Default::default();
        let mut draft = Self { title, data, recipients, own, unresolved };
        for declared in &map.declarations {
            if let Some(category) = declared.category {
                draft.data.entry(&map.taxonomy.get(category).key).or_default().insert(&declared.path);
            }
        }
        for flow in &map.flows {
            for datum in &flow.data {
                draft.data.entry(&map.taxonomy.get(datum.category).key).or_default().insert(&datum.path);
            }
            let place = located(sources, flow.sink, &options.request.cwd);
            draft.flow(map, flow, format!("{place} in `{}`", flow.item));
        }
        draft
    }

    fn flow(&mut self, map: &DataMap, flow: &Flow, place: String) {
        match &flow.recipient {
            Recipient::Undeclared { name, role } => {
                let (name, host) = named(name);
                let known = self.recipients.entry(name).or_default();
                known.role = known.role.or(*role).or(flow.role);
                known.hosts.extend(host);
                known.receives.add(map, flow, place);
            }
            Recipient::Unresolved(seen) => {
                self.unresolved.entry(seen.clone()).or_default().add(map, flow, place);
            }
            Recipient::Own => {
                if let Some(role) = own_role(flow.channel) {
                    let own =
                        self.own.entry(flow.channel.name()).or_insert_with(|| (role, Received::default()));
                    own.1.add(map, flow, place);
                }
            }
            Recipient::Declared(_) => {}
        }
    }

    fn render(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        self.collected(&mut out);
        if !self.recipients.is_empty() {
            out.push_str("\n# Who receives data. What is listed is what the code sends today: take out what your notice\n");
            out.push_str("# does not allow, and `cargo privacy check` shows where it is sent.\n");
        }
        self.recipients.iter().for_each(|(name, known)| recipient(name, known, &mut out));
        self.own_ends(&mut out);
        self.unknown(&mut out);
        out
    }

    fn head(&self, out: &mut String) {
        out.push_str(
            "# Drafted by `cargo privacy init` from what the code does today. It is a description until somebody has\n\
             # compared it with the published notice; from then on it is what the code is held to.\n\n[notice]\n",
        );
        let _ = writeln!(out, "title = {}", quoted(&format!("{} privacy notice", self.title)));
        out.push_str(
            "# version = \"2026-01-31\"\n\
             # text = \"PRIVACY.md\"      # the published text; every `promise` below is then looked for in it\n\
             extends = \"default\"        # keeps the rules that hold where a project has none; without it only yours do\n",
        );
    }

    fn collected(&self, out: &mut String) {
        if self.data.is_empty() {
            out.push_str("\n# No personal data was found in the code.\n");
            return;
        }
        out.push_str("\n# What is collected. `for` names purposes, each declared as `[[purpose]]`.\n[[collect]]\ncategories = [\n");
        for (key, places) in &self.data {
            let named: Vec<&str> = places.iter().take(PLACES).copied().collect();
            let more = match places.len().saturating_sub(PLACES) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            let _ = writeln!(out, "    # {}{more}\n    {},", comment(&named.join(", ")), quoted(key));
        }
        out.push_str("]\n# for = [\"service\"]\n");
    }

    /// What becomes visible at the program's own ends stays a finding, unless somebody says otherwise.
    fn own_ends(&self, out: &mut String) {
        for (name, (role, received)) in &self.own {
            let _ = writeln!(
                out,
                "\n# Personal data in `{name}` stays a finding. If your notice allows it, say so:"
            );
            received.comment(out);
            let keys: Vec<String> = received.categories.iter().map(|key| quoted(key)).collect();
            let _ =
                writeln!(out, "# [[recipient]]\n# name = {}\n# role = {}", quoted(name), quoted(role.name()));
            let _ = writeln!(out, "# may-receive = [{}]", keys.join(", "));
        }
    }

    fn unknown(&self, out: &mut String) {
        for (seen, received) in &self.unresolved {
            let keys: Vec<&str> = received.categories.iter().map(String::as_str).collect();
            let _ =
                writeln!(out, "\n# Not found out: who receives {} by {}.", keys.join(", "), comment(seen));
            received.comment(out);
            out.push_str(
                "# Name it by the calls that send, or by its host:\n# [[recipient]]\n# name = \"\"\n",
            );
            out.push_str("# role = \"service-provider\"\n# calls = [\"crate::module::function\"]\n");
        }
    }
}

fn recipient(name: &str, known: &Known, out: &mut String) {
    out.push('\n');
    known.receives.comment(out);
    let _ = writeln!(out, "[[recipient]]\nname = {}", quoted(name));
    match known.role {
        Some(role) => _ = writeln!(out, "role = {}", quoted(role.name())),
        None => {
            let words: Vec<&str> = Role::WORDS.iter().map(|(word, _)| *word).collect();
            let _ = writeln!(out, "role = \"?\"    # one of {}", words.join(", "));
        }
    }
    if !known.hosts.is_empty() {
        let hosts: Vec<String> = known.hosts.iter().map(|host| quoted(host)).collect();
        let _ = writeln!(out, "hosts = [{}]", hosts.join(", "));
    }
    out.push_str("may-receive = [\n");
    known.receives.categories.iter().for_each(|key| _ = writeln!(out, "    {},", quoted(key)));
    out.push_str("]\n# promise = \"the sentence of the published notice that says so\"\n");
}

/// A service's name and the host by which it was known: `Sentry (o1.ingest.sentry.io)`, or a host alone.
fn named(name: &str) -> (String, Option<String>) {
    if let Some((service, host)) = name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
        return (service.to_owned(), Some(host.to_owned()));
    }
    let is_host = name.contains('.') && !name.contains([' ', '/', ':']);
    (name.to_owned(), is_host.then(|| name.to_owned()))
}

fn own_role(channel: Channel) -> Option<Role> {
    match channel {
        Channel::Log => Some(Role::Log),
        Channel::Metrics => Some(Role::Metrics),
        Channel::CrashReport => Some(Role::CrashReport),
        Channel::Error | Channel::Network | Channel::Storage | Channel::Response | Channel::AdIdentifier => {
            None
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text that stays on the line of its comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
