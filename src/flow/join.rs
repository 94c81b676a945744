//! From hits to rows of the data map: recipients resolved, data of one sink put together, steps put in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::summary::{Event, Sink};
use super::value::{Atom, HOLE, Origin, StepText, Trace, Val};
use super::world::World;
use crate::catalogue;
use crate::datamap::{Basis, Channel, Datum, Flow, PackageId, Plaintext, Recipient, Step};
use crate::judge;
use crate::notice::{Notice, Role};
use crate::source::Span;
use crate::taxonomy::{CategoryId, Sensitivity};

/// Hosts of the machine itself.
const LOCAL: &[&str] = &["localhost", "127.0.0.1", "[::1]", "0.0.0.0"];

/// What a URL says.
struct Url {
    /// The host; `*` for a part that is not constant.
    host: Option<String>,
    /// Whether the transport is not encrypted.
    plain: Option<String>,
    local: bool,
}

/// Rows in the making.
#[derive(Default)]
pub(super) struct Rows {
    rows: BTreeMap<Key, Flow>,
    /// Sinks whose URL could not be resolved.
    unresolved: std::collections::BTreeSet<Span>,
}

impl Rows {
    /// The rows, sorted by sink, and how many URLs could not be resolved.
    pub(super) fn finish(mut self) -> (Vec<Flow>, usize) {
        drop_superseded(&mut self.rows);
        let mut flows: Vec<Flow> = self.rows.into_values().collect();
        for flow in &mut flows {
            flow.data.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        (flows, self.unresolved.len())
    }
}

impl World<'_> {
    /// Adds hits to the rows that they belong to.
    pub(super) fn gather(&self, rows: &mut Rows, hits: Vec<Event>) {
        for hit in hits.into_iter().filter_map(by_file) {
            let texts = hit.url.texts();
            let urls = texts.iter().map(|t| Some(read_url(&t.text, t.whole)));
            for url in urls.chain(texts.is_empty().then_some(None)) {
                let Some((recipient, plaintext)) = self.recipient(&hit, url) else { continue };
                if matches!(recipient, Recipient::Unresolved(_)) {
                    rows.unresolved.insert(hit.sink.span);
                }
                self.add(&mut rows.rows, &hit, recipient, plaintext);
            }
        }
    }

    fn add(
        &self,
        rows: &mut BTreeMap<Key, Flow>,
        hit: &Event,
        recipient: Recipient,
        plaintext: Option<Plaintext>,
    ) {
        let sink = &hit.sink;
        let program = self.input.sema.program;
        let Some(package) = program.package_of(sink.owner) else { return };
        let notice = self.input.packages[package as usize].notice;
        if hit.atoms.iter().all(|atom| self.conjectured(atom)) {
            return;
        }
        let key = (sink.span, sink.channel, shown(&recipient));
        let row = rows.entry(key).or_insert_with(|| Flow {
            sink: sink.span,
            sink_name: sink.name.to_string(),
            channel: sink.channel,
            role: self.role(sink, &recipient, notice.0),
            recipient,
            plaintext: None,
            data: Vec::new(),
            item: program.path(sink.owner).iter().map(|n| n.as_str()).collect::<Vec<_>>().join("::"),
            package: PackageId(package),
            notice,
        });
        row.plaintext = row.plaintext.take().or(plaintext);
        for atom in &hit.atoms {
            if self.conjectured(atom) {
                continue;
            }
            let Some(datum) = self.datum(atom, sink) else { continue };
            match row.data.iter_mut().find(|d| same(d, &datum)) {
                Some(known) if plainness(&datum).lt(plainness(known)) => *known = datum,
                Some(_) => {}
                None => row.data.push(datum),
            }
        }
    }

    /// Whether a datum rests on more than one guess: what it is, and how it came here.
    fn conjectured(&self, atom: &Atom) -> bool {
        let by_looks = match &atom.origin {
            Origin::Label(id) => matches!(&self.input.labels.get(*id).basis, Basis::Inferred { .. }),
            // A value of such a type may hold it, among much else.
            Origin::Model(at) => !self.input.models.sources[*at as usize].types.is_empty(),
            _ => false,
        };
        let opens = |of: CategoryId| self.input.taxonomy.get(of).sensitivity == Sensitivity::Credential;
        let is_place = atom.doubts.is_path() && self.category(&atom.origin).is_some_and(opens);
        usize::from(by_looks) + usize::from(is_place) + atom.doubts.guesses() > 1
    }

    fn role(&self, sink: &Sink, recipient: &Recipient, notice: u32) -> Option<Role> {
        let by_channel = match sink.channel {
            Channel::Log => Some(Role::Log),
            Channel::Metrics => Some(Role::Metrics),
            Channel::CrashReport => Some(Role::CrashReport),
            Channel::Storage => Some(Role::Storage),
            Channel::Response => Some(Role::DataSubject),
            _ => None,
        };
        match recipient {
            Recipient::Declared(i) => Some(self.input.notices[notice as usize].recipients[*i].role),
            Recipient::Undeclared { role, .. } => role.or(sink.role),
            _ => sink.role.or(by_channel),
        }
    }

    fn datum(&self, atom: &Atom, sink: &Sink) -> Option<Datum> {
        let category = self.category(&atom.origin)?;
        let (declared, path, basis) = match &atom.origin {
            Origin::Label(id) => {
                let label = self.input.labels.get(*id);
                (label.declared, label.path.clone(), label.basis.clone())
            }
            Origin::Model(at) => {
                let why = self.input.models.sources[*at as usize].why.clone();
                (None, why.clone(), Basis::Model(why))
            }
            Origin::Notice(n, i) => {
                let entry = &self.input.notices[*n as usize].sources[*i as usize];
                let calls: Vec<String> = entry.calls.iter().map(|c| c.segments.join("::")).collect();
                (None, calls.join(", "), Basis::Notice(entry.span))
            }
            _ => return None,
        };
        Some(Datum {
            category,
            form: atom.form,
            declared,
            path,
            source: atom.read,
            basis,
            steps: self.steps(&atom.trace),
            approximations: atom.doubts.list(),
            part: sink.part,
            limited: Vec::new(),
        })
    }

    fn steps(&self, trace: &Trace) -> Vec<Step> {
        let words = |text| match text {
            StepText::Into(func) => format!("passed to `{}`", self.name(func)),
            StepText::From(func) => format!("returned by `{}`", self.name(func)),
            StepText::Bound(name) => format!("bound to `{name}`"),
            StepText::Formatted => "formatted into text".to_owned(),
            StepText::Decoded(item) => format!("decoded into `{}`", self.name(item)),
            StepText::Kept(item, name) => format!("stored in `{}::{name}`", self.name(item)),
            StepText::Recorded => "recorded".to_owned(),
        };
        trace.steps().into_iter().map(|step| Step { span: step.span, text: words(step.text) }).collect()
    }

    /// Whom a hit serves; `None` where data stays on the machine.
    fn recipient(&self, hit: &Event, url: Option<Url>) -> Option<(Recipient, Option<Plaintext>)> {
        let sink = &hit.sink;
        let notice = &self.input.notices[self.notice_of(sink.owner) as usize];
        let plain = url.as_ref().and_then(|u| u.plain.clone()).map(|why| Plaintext { span: sink.span, why });
        if let Some(index) = sink.declared {
            return Some((Recipient::Declared(index as usize), plain.or_else(|| sink.plaintext.clone())));
        }
        if sink.channel != Channel::Network {
            let own = match sink.channel {
                Channel::Storage => judge::recipient_for_role(notice, Role::Storage),
                Channel::Response => judge::recipient_for_role(notice, Role::DataSubject),
                _ => None,
            };
            return Some((own.map_or(Recipient::Own, Recipient::Declared), sink.plaintext.clone()));
        }
        if url.as_ref().is_some_and(|u| u.local) {
            return None;
        }
        let host = url.and_then(|u| u.host);
        let recipient = match host {
            Some(host) => by_host(notice, &host).unwrap_or_else(|| Recipient::Unresolved(unknown(&host))),
            None if sink.by_url => Recipient::Unresolved("a URL that is built at run time".to_owned()),
            None => by_name(notice, sink),
        };
        Some((recipient, plain.or_else(|| sink.plaintext.clone())))
    }
}

/// A hit as the path of the file says what it is; `None` where it is nothing.
fn by_file(mut hit: Event) -> Option<Event> {
    if hit.is_void() {
        return None;
    }
    if hit.is_logged() {
        Arc::make_mut(&mut hit.sink).channel = Channel::Log;
    }
    if hit.sink.by_path {
        hit.url = Val::default();
    }
    Some(hit)
}

type Key = (Span, Channel, String);

fn shown(recipient: &Recipient) -> String {
    match recipient {
        Recipient::Declared(i) => format!("0{i:06}"),
        Recipient::Undeclared { name, .. } => format!("1{name}"),
        Recipient::Own => "2".to_owned(),
        Recipient::Unresolved(what) => format!("3{what}"),
    }
}

/// A sink in a function whose callers say which URL it is stands for those recipients alone.
fn drop_superseded(rows: &mut BTreeMap<Key, Flow>) {
    let resolved: Vec<(Span, Channel)> = rows
        .iter()
        .filter(|(_, f)| !matches!(f.recipient, Recipient::Unresolved(_)))
        .map(|(k, _)| (k.0, k.1))
        .collect();
    rows.retain(|k, f| {
        !matches!(f.recipient, Recipient::Unresolved(_)) || resolved.binary_search(&(k.0, k.1)).is_err()
    });
}

fn order(d: &Datum) -> (u16, Option<Span>, &str, Span) {
    (d.category.0, d.declared, &d.path, d.source)
}

fn same(a: &Datum, b: &Datum) -> bool {
    a.category == b.category
        && a.form == b.form
        && a.declared == b.declared
        && a.path == b.path
        && a.part == b.part
        && (a.declared.is_some() || a.source == b.source)
}

/// Of several ways the shortest and surest is shown, and of those the first in the text, whatever was found first.
fn plainness(d: &Datum) -> impl Iterator<Item = (usize, usize, Span)> {
    let steps = d.steps.iter().map(|step| (0, 0, step.span));
    std::iter::once((d.steps.len(), d.approximations.len(), d.source)).chain(steps)
}

/// What is known of a host that nobody is known to own.
fn unknown(host: &str) -> String {
    match host.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => format!("a URL from the environment variable `{name}`"),
        None => "a URL whose host is built at run time".to_owned(),
    }
}

/// Whose a host is; `None` for one that is known in part only, and that nobody is known to own.
fn by_host(notice: &Notice, host: &str) -> Option<Recipient> {
    if let Some(index) = judge::recipient_for_host(notice, host) {
        return Some(Recipient::Declared(index));
    }
    match catalogue::role_of_host(host) {
        Some((service, role)) => Some(match declared_name(notice, service) {
            Some(index) => Recipient::Declared(index),
            None => Recipient::Undeclared { name: format!("{service} ({host})"), role: Some(role) },
        }),
        None if host.starts_with(['*', '$']) => None,
        None => Some(Recipient::Undeclared { name: host.to_owned(), role: None }),
    }
}

fn by_name(notice: &Notice, sink: &Sink) -> Recipient {
    let krate = sink.name.split("::").next().unwrap_or("");
    let known = catalogue::role_of_crate(krate);
    let name = sink.recipient.as_deref().or(known.map(|(n, _)| n));
    if let Some(index) = name.and_then(|n| declared_name(notice, n)) {
        return Recipient::Declared(index);
    }
    match name {
        Some(name) => {
            Recipient::Undeclared { name: name.to_owned(), role: sink.role.or(known.map(|(_, r)| r)) }
        }
        None => Recipient::Unresolved(format!("a connection of `{krate}`")),
    }
}

fn declared_name(notice: &Notice, name: &str) -> Option<usize> {
    notice.recipients.iter().position(|r| r.name.value.eq_ignore_ascii_case(name))
}

/// Reads a URL, or how one begins.
fn read_url(text: &str, whole: bool) -> Url {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    if let Some(name) = super::text::variable(rest).filter(|_| !is_continued(rest)) {
        return Url { host: Some(format!("${{{name}}}")), plain: None, local: false };
    }
    if scheme.is_empty() && !is_socket(text) {
        return Url { host: None, plain: None, local: false };
    }
    let end = rest.find(['/', '?', '#']);
    let authority = &rest[..end.unwrap_or(rest.len())];
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let host = if authority.starts_with('[') {
        authority.split_inclusive(']').next().unwrap_or(authority)
    } else {
        authority.split(':').next().unwrap_or(authority)
    };
    let known = whole || end.is_some() || authority.contains(':');
    let local = LOCAL.contains(&host);
    let host = match (host.is_empty(), known) {
        (true, _) => None,
        (false, true) => known_part(host),
        (false, false) => None,
    };
    let plain = matches!(scheme, "http" | "ws").then(|| format!("the URL begins with `{scheme}:`"));
    Url { host, plain, local }
}

/// Whether more of the host stands behind a variable.
fn is_continued(text: &str) -> bool {
    text.split_once('}').is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']))
}

/// Whether a text is a host with a port.
fn is_socket(text: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    text.rsplit_once(':').is_some_and(|(host, port)| is_port(port) && !host.contains('/'))
}

/// A host, with `*` for its beginning where only its last labels are known.
fn known_part(host: &str) -> Option<String> {
    let Some((_, end)) = host.rsplit_once(HOLE) else { return Some(host.to_ascii_lowercase()) };
    let end = end.split_once('}').filter(|_| end.starts_with('{')).map_or(end, |(_, end)| end);
    let labels = end.strip_prefix('.').filter(|labels| labels.contains('.'))?;
    Some(format!("*.{}", labels.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::read_url;

    #[test]
    fn hosts_of_urls() {
        let host = |t: &str, w| read_url(t, w).host;
        assert_eq!(host("https://api.example.com/v1", true).as_deref(), Some("api.example.com"));
        assert_eq!(
            host("https://user:secret@API.example.com:8443", true).as_deref(),
            Some("api.example.com")
        );
        assert_eq!(host("https://api.example.com/", false).as_deref(), Some("api.example.com"));
        assert_eq!(host("https://api.exam", false), None);
        assert_eq!(host("/v1/users", true), None);
        assert_eq!(host("mail.example:2525", true).as_deref(), Some("mail.example"));
        assert_eq!(host("https://\u{fffc}.lab.example/in", true).as_deref(), Some("*.lab.example"));
        assert_eq!(host("https://lab.\u{fffc}/in", true), None);
        assert_eq!(host("\u{fffc}{CARRIER}/in", true).as_deref(), Some("${CARRIER}"));
        assert_eq!(host("https://\u{fffc}{CARRIER}:80/in", true).as_deref(), Some("${CARRIER}"));
        assert_eq!(host("https://\u{fffc}{REGION}.lab.example/in", true).as_deref(), Some("*.lab.example"));
        assert!(read_url("http://api.example.com/", true).plain.is_some());
        assert!(read_url("https://api.example.com/", true).plain.is_none());
        assert!(read_url("http://localhost:8080/x", true).local);
    }
}
