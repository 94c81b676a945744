//! Services that programs commonly talk to, with the crates and hosts that lead to them: facts as data, one file a kind.
//! Whether any of them may receive anything is the notice's to say.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::judge;
use crate::notice::{Named, Role};

/// The files, by kind.
const FILES: &[(&str, &str)] = &[
    ("advertising", include_str!("catalogue/advertising.toml")),
    ("analytics", include_str!("catalogue/analytics.toml")),
    ("cdn", include_str!("catalogue/cdn.toml")),
    ("cloud", include_str!("catalogue/cloud.toml")),
    ("crash-reports", include_str!("catalogue/crash-reports.toml")),
    ("data-brokers", include_str!("catalogue/data-brokers.toml")),
    ("cloud", include_str!("catalogue/google-cloud.toml")),
    ("identity", include_str!("catalogue/identity.toml")),
    ("language-models", include_str!("catalogue/language-models.toml")),
    ("logs", include_str!("catalogue/logs.toml")),
    ("mail", include_str!("catalogue/mail.toml")),
    ("messages", include_str!("catalogue/messages.toml")),
    ("metrics", include_str!("catalogue/metrics.toml")),
    ("payments", include_str!("catalogue/payments.toml")),
    ("support", include_str!("catalogue/support.toml")),
];

/// One service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// What it calls itself.
    pub name: String,
    /// The kind of service: `analytics`, `advertising`, `mail`.
    pub kind: &'static str,
    /// What it is to a program that uses it.
    pub role: Role,
    /// Crates whose use leads to it.
    pub crates: Vec<String>,
    /// Its hosts; `*.` before one stands for all subdomains, `*` inside for one label.
    pub hosts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    role: String,
    service: Vec<RawService>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    name: String,
    #[serde(default)]
    crates: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
}

/// All services, by kind.
#[must_use]
pub fn services() -> &'static [Service] {
    static SERVICES: OnceLock<Vec<Service>> = OnceLock::new();
    SERVICES.get_or_init(|| FILES.iter().filter_map(|(kind, text)| read(kind, text)).flatten().collect())
}

/// The services of one file; a test holds each to be readable.
fn read(kind: &'static str, text: &str) -> Option<Vec<Service>> {
    let raw: Raw = toml::from_str(text).ok()?;
    let role = Role::parse(&raw.role)?;
    let service = |s: RawService| Service { name: s.name, kind, role, crates: s.crates, hosts: s.hosts };
    Some(raw.service.into_iter().map(service).collect())
}

/// The service that a host is part of, by the closest of the hosts known.
#[must_use]
pub fn service_of_host(host: &str) -> Option<&'static Service> {
    let host = judge::plain_host(host);
    let closeness = |s: &Service| s.hosts.iter().filter_map(|known| judge::covers_host(known, &host)).max();
    let known = services().iter().filter_map(|service| Some((closeness(service)?, service)));
    known.max_by_key(|(closeness, _)| *closeness).map(|(_, service)| service)
}

/// The service that a crate leads to. `-` and `_` are the same in its name.
#[must_use]
pub fn service_of_crate(name: &str) -> Option<&'static Service> {
    let name = name.replace('-', "_");
    services().iter().find(|service| service.crates.iter().any(|known| known.replace('-', "_") == name))
}

/// The name and role of the service that a host is part of.
#[must_use]
pub fn role_of_host(host: &str) -> Option<(&'static str, Role)> {
    service_of_host(host).map(|service| (service.name.as_str(), service.role))
}

/// The name and role of the service that a crate leads to.
#[must_use]
pub fn role_of_crate(name: &str) -> Option<(&'static str, Role)> {
    service_of_crate(name).map(|service| (service.name.as_str(), service.role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_service_can_be_found() {
        for (kind, text) in FILES {
            assert!(read(kind, text).is_some_and(|services| !services.is_empty()), "{kind}");
        }
        for service in services() {
            assert!(!service.crates.is_empty() || !service.hosts.is_empty(), "{}", service.name);
        }
    }

    #[test]
    fn there_are_as_many_as_promised_and_hosts_are_hosts() {
        let whole =
            services().iter().filter(|service| !service.crates.is_empty() && !service.hosts.is_empty());
        let whole = whole.count();
        assert!(whole >= 150, "{whole} of {} have crates and hosts", services().len());
        for name in services().iter().flat_map(|service| &service.crates) {
            let is_name =
                name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
            assert!(is_name && name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        }
        for host in services().iter().flat_map(|service| &service.hosts) {
            let name = host.strip_prefix("*.").unwrap_or(host);
            let is_label = |label: &str| {
                label == "*"
                    || !label.is_empty()
                        && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            };
            assert!(name.contains('.') && name.split('.').all(is_label), "{host}");
            // What is known by its last label alone would be everybody.
            assert!(name.rsplit('.').take(2).all(|label| label != "*"), "{host}");
        }
    }

    #[test]
    fn nothing_is_said_twice() {
        let mut seen: Vec<&str> = Vec::new();
        for service in services() {
            for word in service.crates.iter().chain(&service.hosts).chain([&service.name]) {
                assert!(!seen.contains(&word.as_str()), "{word}");
                seen.push(word);
            }
        }
    }

    #[test]
    fn the_closest_host_decides() {
        assert_eq!(role_of_host("o1.ingest.Sentry.io:443"), Some(("Sentry", Role::CrashReport)));
        assert_eq!(service_of_host("x.openai.azure.com").map(|s| s.kind), Some("language-models"));
        assert_eq!(role_of_host("sentry.io.example"), None);
        let named = |host| service_of_host(host).map(|service| service.name.as_str());
        assert_eq!(named("dynamodb.eu-west-1.amazonaws.com"), Some("Amazon DynamoDB"));
        assert_eq!(named("dynamodb.*.amazonaws.com"), Some("Amazon DynamoDB"));
        assert_eq!(named("photos.s3.eu-west-1.amazonaws.com"), Some("Amazon S3"));
        assert_eq!(named("iot.eu-west-1.amazonaws.com"), Some("Amazon Web Services"));
        assert_eq!(role_of_crate("posthog_rs"), Some(("PostHog", Role::ServiceProvider)));
    }
}
