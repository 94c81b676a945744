//! A client of an advertising or analytics service among the dependencies, which the notice does not name.

use super::{Group, Lint, LintLevel, report};
use crate::catalogue::{self, Service};
use crate::datamap::{DataMap, Dependency};
use crate::diagnostic::Diagnostic;
use crate::judge;
use crate::notice::{Notice, Role};

pub(super) static LINT: Lint = Lint {
    name: "undeclared_ad_company",
    group: Group::Advertising,
    level: LintLevel::Warn,
    page: page!("undeclared_ad_company"),
    check,
};

/// The part of the catalogue whose services look at people on somebody's behalf.
const ANALYTICS: &str = "analytics";

fn check(map: &DataMap, out: &mut Vec<Diagnostic>) {
    for dependency in &map.dependencies {
        let Some(service) = catalogue::service_of_crate(&dependency.name) else { continue };
        let watches = service.role == Role::AdCompany || service.kind == ANALYTICS;
        if watches && !is_named(map.notice(dependency.notice), service) {
            out.push(tell(dependency, service));
        }
    }
}

/// Whether a recipient of the notice is this service: by one of its hosts, or by a call of one of its crates.
fn is_named(notice: &Notice, service: &Service) -> bool {
    let by_host = |host: &str| {
        service.hosts.iter().any(|known| known == host || judge::covers_host(known, host).is_some())
    };
    let by_crate = |first: &String| service.crates.iter().any(|known| known.replace('-', "_") == *first);
    notice.recipients.iter().any(|recipient| {
        recipient.hosts.iter().any(|host| by_host(&host.value))
            || recipient.calls.iter().filter_map(|call| call.segments.first()).any(by_crate)
    })
}

fn tell(dependency: &Dependency, service: &Service) -> Diagnostic {
    let name = &service.name;
    let message = format!("`{}` is a client of {name}, which the notice does not name", dependency.name);
    report::on(&LINT, message, dependency.span)
        .labelled(format!("leads to {name}"))
        .help(format!("declare it: give the notice a `[[recipient]]` for {name}"))
        .help("stop it: remove the dependency")
        .help(report::allow_all(&LINT))
}
