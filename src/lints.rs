//! The registry: one slice of lints; everything else about them is derived from it. A lint reads the data map and
//! nothing else: no IR, no file contents, no other lint.

use crate::datamap::DataMap;
use crate::diagnostic::{Diagnostic, Level};

/// The page of a lint, which is its documentation and its test.
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/lints/", $name, ".md"))
    };
}

mod asking;
mod exposure;
mod handling;
mod keeping;
mod purposes;
mod reaching;
pub(crate) mod report;
mod sharing;

mod ad_identifier_from_identity;
mod advertising_without_opt_out;
mod broken_rule;
mod child_data_without_guardian_consent;
mod clear_card_number;
mod clear_sensitive_storage;
mod credentials_in_logs;
mod derived_debug_on_personal_data;
mod direct_identifier_in_ad_selection;
mod direct_identifier_to_ad_company;
mod disclosure_without_identity_check;
mod excess_conversion_data;
mod hashed_identifier_to_ad_company;
mod inaccessible_personal_data;
mod insecure_identifier_cookie;
mod linked_anonymous_browsing;
mod message_without_preference;
mod notice_contradiction;
mod optional_cookie_without_choice;
mod personal_data_in_crash_reports;
mod personal_data_in_errors;
mod personal_data_in_logs;
mod personal_data_in_metrics;
mod personal_data_in_url;
mod personal_data_sale;
mod plaintext_transport;
mod promise_not_in_notice;
mod service_provider_secondary_use;
mod sharing_without_choice;
mod source_secondary_use;
mod stored_card_security_code;
mod transfer_without_promises;
mod unannotated_personal_data;
mod unbounded_prior_versions;
mod undeclared_ad_company;
mod undeclared_collection;
mod undeclared_cookie;
mod undeclared_purpose;
mod undeclared_recipient;
mod undeclared_sharing;
mod undeletable_personal_data;
mod unfulfilled_allow;
mod unguarded_disclosure;
mod unkeyed_card_number_hash;
mod unknown_category;
mod unknown_recipient;
mod unmasked_card_number;
mod unprotected_affiliate;
mod unreasoned_allow;
mod unresolved_rule_path;
mod unused_promise;
mod use_without_setting;
mod vague_disclosure;
mod weak_password_hash;
mod weakened_notice;

pub(crate) use report::keys_listed;
pub(crate) use unfulfilled_allow::LINT as UNFULFILLED_ALLOW;
pub(crate) use unreasoned_allow::LINT as UNREASONED_ALLOW;
pub(crate) use weakened_notice::finding as weakened;

/// All lints, in the order of their groups.
pub static LINTS: &[&Lint] = &[
    &personal_data_in_logs::LINT,
    &credentials_in_logs::LINT,
    &personal_data_in_errors::LINT,
    &personal_data_in_metrics::LINT,
    &personal_data_in_crash_reports::LINT,
    &derived_debug_on_personal_data::LINT,
    &undeclared_recipient::LINT,
    &unknown_recipient::LINT,
    &undeclared_sharing::LINT,
    &vague_disclosure::LINT,
    &service_provider_secondary_use::LINT,
    &sharing_without_choice::LINT,
    &personal_data_sale::LINT,
    &unguarded_disclosure::LINT,
    &unprotected_affiliate::LINT,
    &transfer_without_promises::LINT,
    &direct_identifier_to_ad_company::LINT,
    &hashed_identifier_to_ad_company::LINT,
    &ad_identifier_from_identity::LINT,
    &direct_identifier_in_ad_selection::LINT,
    &excess_conversion_data::LINT,
    &advertising_without_opt_out::LINT,
    &undeclared_ad_company::LINT,
    &undeclared_cookie::LINT,
    &optional_cookie_without_choice::LINT,
    &insecure_identifier_cookie::LINT,
    &linked_anonymous_browsing::LINT,
    &plaintext_transport::LINT,
    &personal_data_in_url::LINT,
    &stored_card_security_code::LINT,
    &unmasked_card_number::LINT,
    &clear_card_number::LINT,
    &unkeyed_card_number_hash::LINT,
    &weak_password_hash::LINT,
    &clear_sensitive_storage::LINT,
    &disclosure_without_identity_check::LINT,
    &unannotated_personal_data::LINT,
    &undeclared_collection::LINT,
    &undeclared_purpose::LINT,
    &source_secondary_use::LINT,
    &child_data_without_guardian_consent::LINT,
    &inaccessible_personal_data::LINT,
    &undeletable_personal_data::LINT,
    &unbounded_prior_versions::LINT,
    &message_without_preference::LINT,
    &use_without_setting::LINT,
    &weakened_notice::LINT,
    &notice_contradiction::LINT,
    &promise_not_in_notice::LINT,
    &broken_rule::LINT,
    &unused_promise::LINT,
    &unresolved_rule_path::LINT,
    &unknown_category::LINT,
    &unreasoned_allow::LINT,
    &unfulfilled_allow::LINT,
];

/// The headings of the promises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Group {
    /// Logging and diagnostics.
    Logging,
    /// Sharing.
    Sharing,
    /// Advertising and identifiers.
    Advertising,
    /// Security and card data.
    Security,
    /// Collection and purpose.
    Collection,
    /// Rights and preferences.
    Rights,
    /// The notice itself, and hygiene.
    Notice,
}

impl Group {
    /// All groups, in the order of the promises.
    pub const ALL: [Self; 7] = [
        Self::Logging,
        Self::Sharing,
        Self::Advertising,
        Self::Security,
        Self::Collection,
        Self::Rights,
        Self::Notice,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Logging => "logging",
            Self::Sharing => "sharing",
            Self::Advertising => "advertising",
            Self::Security => "security",
            Self::Collection => "collection",
            Self::Rights => "rights",
            Self::Notice => "notice",
        }
    }

    /// Its lints.
    pub fn lints(self) -> impl Iterator<Item = &'static Lint> {
        LINTS.iter().copied().filter(move |lint| lint.group == self)
    }
}

/// A level as the user sets it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum LintLevel {
    /// Silent.
    Allow,
    /// Said, never fails.
    Note,
    /// A warning.
    Warn,
    /// Fails.
    Deny,
    /// Fails, and cannot be lowered.
    Forbid,
}

impl LintLevel {
    /// Its name, as in an attribute.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Deny => "deny",
            Self::Forbid => "forbid",
        }
    }

    /// The level of the messages it gives; none where it is silent.
    #[must_use]
    pub fn diagnostic(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Note => Some(Level::Note),
            Self::Warn => Some(Level::Warning),
            Self::Deny | Self::Forbid => Some(Level::Error),
        }
    }
}

/// One lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, without `privacy::`.
    pub name: &'static str,
    /// Its group.
    pub group: Group,
    /// Its level unless set otherwise; pedantic lints have [`LintLevel::Allow`].
    pub level: LintLevel,
    /// Its page.
    pub page: &'static str,
    /// Finds; the caller sets levels and sorts.
    pub check: fn(&DataMap, &mut Vec<Diagnostic>),
}

impl Lint {
    /// Its page without the TOML head, which is for tools.
    #[must_use]
    pub fn text(&self) -> &'static str {
        let body = self.page.strip_prefix("+++").and_then(|rest| rest.split_once("\n+++"));
        body.map_or(self.page, |(_, body)| body).trim()
    }

    /// A list of words in its page's head: which parts of a notice it checks (`checks`), at which roles (`roles`), by
    /// which kinds of choices (`choices`).
    #[must_use]
    pub fn head(&self, key: &str) -> Vec<String> {
        let list = self.head_value(key).and_then(|list| list.as_array().cloned());
        list.into_iter().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    }

    /// Whether it says something of code that was followed, as its page's head has it (`needs`).
    #[must_use]
    pub fn needs_flows(&self) -> bool {
        self.head_value("needs").is_some_and(|needs| needs.as_str() == Some("flow"))
    }

    fn head_value(&self, key: &str) -> Option<toml::Value> {
        let head = self.page.split("+++").nth(1)?;
        head.parse::<toml::Table>().ok()?.remove(key)
    }

    /// The text of one section of its page.
    #[must_use]
    pub fn section(&self, title: &str) -> &'static str {
        let mut sections = self.text().split("\n## ").skip(1);
        let found = sections.find_map(|section| section.strip_prefix(title)?.strip_prefix('\n'));
        found.unwrap_or_default().trim()
    }

    /// The first sentence of what it is about, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let paragraph = self.section("What").split("\n\n").next().unwrap_or_default();
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.find(". ") {
            Some(end) => line[..=end].to_owned(),
            None => line,
        }
    }

    /// Whether what it finds is wrong whatever a notice says: its page's head has `whatever_the_notice = true`.
    #[must_use]
    pub fn whatever_the_notice(&self) -> bool {
        let head = self.page.split("+++").nth(1).unwrap_or_default();
        head.lines().any(|line| line.trim() == "whatever_the_notice = true")
    }
}

/// The lint of this name, with or without `privacy::`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Lint> {
    let name = bare(name);
    LINTS.iter().copied().find(|lint| lint.name == name)
}

/// The lints that a flag means: `all`, a group, or one lint; empty where there is none of that name.
#[must_use]
pub fn select(name: &str) -> Vec<&'static Lint> {
    let name = bare(name);
    if name == "all" {
        return LINTS.to_vec();
    }
    match Group::ALL.into_iter().find(|group| group.name() == name) {
        Some(group) => group.lints().collect(),
        None => find(name).into_iter().collect(),
    }
}

/// The lint or group whose name is nearest to one that does not exist.
#[must_use]
pub fn suggest(name: &str) -> Option<&'static str> {
    let name = bare(name);
    let names = LINTS.iter().map(|lint| lint.name).chain(Group::ALL.map(Group::name)).chain(["all"]);
    names
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len() / 3)
        .min()
        .map(|(_, known)| known)
}

/// All that the lints for which `wanted` holds find, in the order of the registry.
pub fn run(map: &DataMap, wanted: impl Fn(&Lint) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in LINTS.iter().filter(|lint| wanted(lint)) {
        (lint.check)(map, &mut found);
    }
    found
}

fn bare(name: &str) -> &str {
    name.strip_prefix("privacy::").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_prefix() {
        for lint in LINTS {
            assert!(find(&format!("privacy::{}", lint.name)).is_some_and(|found| found.name == lint.name));
        }
        assert!(find("privacy::nothing").is_none());
    }

    #[test]
    fn flags_select_lints_groups_and_all() {
        assert_eq!(select("all").len(), LINTS.len());
        assert!(select("privacy::logging").iter().any(|lint| lint.name == "personal_data_in_logs"));
        assert_eq!(select("personal_data_in_logs").len(), 1);
        assert!(select("personal_data").is_empty());
    }

    #[test]
    fn a_slip_of_the_pen_is_answered() {
        assert_eq!(suggest("privacy::personal_data_in_log"), Some("personal_data_in_logs"));
        assert_eq!(suggest("loging"), Some("logging"));
        assert_eq!(suggest("unsafe_code"), None);
    }

    #[test]
    fn pages_agree_with_the_registry() {
        for lint in LINTS {
            let head = lint.page.split("+++").nth(1).expect("a head between +++ lines");
            let head: toml::Table = head.parse().expect("a TOML head");
            assert_eq!(head["name"].as_str(), Some(lint.name));
            assert_eq!(head["group"].as_str(), Some(lint.group.name()));
            assert_eq!(head["level"].as_str(), Some(lint.level.name()));
            let places = ["## What", "## Why", "## Example", "## Remedy"].map(|part| lint.page.find(part));
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}: parts", lint.name);
        }
    }

    #[test]
    fn heads_name_parts_and_roles_that_notices_have() {
        use crate::notice::Named;
        for lint in LINTS {
            for part in lint.head("checks") {
                assert!(crate::notice::PARTS.contains(&part.as_str()), "{}: {part}", lint.name);
            }
            for role in lint.head("roles") {
                assert!(crate::notice::Role::parse(&role).is_some(), "{}: {role}", lint.name);
            }
            for kind in lint.head("choices") {
                assert!(crate::notice::ChoiceKind::parse(&kind).is_some(), "{}: {kind}", lint.name);
            }
        }
    }

    #[test]
    fn examples_mark_their_lint_and_remedies_mark_nothing() {
        for lint in LINTS {
            let (example, remedy) = lint.page.split_once("## Remedy").expect("a remedy");
            let marks = example.lines().filter_map(|line| line.split_once("//~").or(line.split_once("#~")));
            let mut names = marks.flat_map(|(_, mark)| mark.split_whitespace());
            assert!(names.clone().any(|name| name == lint.name), "{}: nothing marked", lint.name);
            assert!(names.all(|name| find(name).is_some()), "{}: a mark of no lint", lint.name);
            assert!(
                !remedy.contains("/~") && !remedy.contains("#~") && remedy.contains("```rust"),
                "{}: remedy",
                lint.name
            );
        }
    }
}
