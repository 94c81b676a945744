//! Whose data a datum is, for rules that are about some people's data alone: by the type that holds it. Knows paths.

use crate::datamap::Flow;
use crate::label::PackageFacts;
use crate::notice::Notice;

/// Notes for each datum the rules that are about its holder alone.
pub(super) fn limit(flows: &mut [Flow], notices: &[Notice], packages: &[PackageFacts]) {
    for flow in flows {
        let notice = &notices[flow.notice.0 as usize];
        if notice.rules.iter().all(|rule| rule.of.is_empty()) {
            continue;
        }
        let home = packages.get(flow.package.0 as usize).and_then(|facts| facts.crate_of_notice.as_deref());
        let home = home.unwrap_or_default();
        for datum in &mut flow.data {
            let path: Vec<&str> = datum.path.split("::").collect();
            let holder = &path[..path.len().saturating_sub(1)];
            let rules = notice.rules.iter().enumerate();
            let limits = rules.filter(|(_, rule)| {
                rule.of.iter().any(|p| p.matches(&path, home) || p.matches(holder, home))
            });
            datum.limited = limits.map(|(at, _)| at).collect();
        }
    }
}
