//! What was promised, by name: every lint of the list is registered, has its page and its fixture, and every section of
//! the shop's published notice has a promise that is checked.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use cargo_privacy::lints::LINTS;
use support::{root, run};

/// The lints, in the order of the promises that they keep.
const PROMISED: &[&str] = &[
    "personal_data_in_logs",
    "credentials_in_logs",
    "personal_data_in_errors",
    "personal_data_in_metrics",
    "personal_data_in_crash_reports",
    "derived_debug_on_personal_data",
    "undeclared_recipient",
    "unknown_recipient",
    "undeclared_sharing",
    "vague_disclosure",
    "service_provider_secondary_use",
    "sharing_without_choice",
    "personal_data_sale",
    "unguarded_disclosure",
    "unprotected_affiliate",
    "transfer_without_promises",
    "direct_identifier_to_ad_company",
    "hashed_identifier_to_ad_company",
    "ad_identifier_from_identity",
    "direct_identifier_in_ad_selection",
    "excess_conversion_data",
    "advertising_without_opt_out",
    "undeclared_ad_company",
    "undeclared_cookie",
    "optional_cookie_without_choice",
    "insecure_identifier_cookie",
    "linked_anonymous_browsing",
    "plaintext_transport",
    "personal_data_in_url",
    "stored_card_security_code",
    "unmasked_card_number",
    "clear_card_number",
    "unkeyed_card_number_hash",
    "weak_password_hash",
    "clear_sensitive_storage",
    "disclosure_without_identity_check",
    "unannotated_personal_data",
    "undeclared_collection",
    "undeclared_purpose",
    "source_secondary_use",
    "child_data_without_guardian_consent",
    "inaccessible_personal_data",
    "undeletable_personal_data",
    "unbounded_prior_versions",
    "message_without_preference",
    "use_without_setting",
    "weakened_notice",
    "notice_contradiction",
    "promise_not_in_notice",
    "broken_rule",
    "unused_promise",
    "unresolved_rule_path",
    "unknown_category",
    "unreasoned_allow",
    "unfulfilled_allow",
];

/// The headings of the shop's notice: what there is to promise.
const SECTIONS: [&str; 12] = [
    "What we know about you",
    "What we use it for",
    "Cookies",
    "Who else sees it",
    "How we protect it",
    "Advertising",
    "What you can see",
    "What you can choose",
    "Children",
    "Other countries",
    "Changes",
    "Examples of what we know",
];

#[test]
fn every_promised_lint_is_there_and_no_other() {
    let promised: BTreeSet<&str> = PROMISED.iter().copied().collect();
    let registered: BTreeSet<&str> = LINTS.iter().map(|lint| lint.name).collect();
    assert_eq!(promised, registered);
    assert_eq!(promised.len(), PROMISED.len(), "a name stands twice");
    for name in PROMISED {
        let paths = [format!("lints/{name}.md"), format!("fixtures/{name}/privacy-notice.toml")];
        paths.iter().for_each(|path| assert!(root().join(path).is_file(), "there is no {path}"));
    }
}

#[test]
fn every_section_of_the_shops_notice_has_a_checked_promise() {
    let outcome = run(&root().join("fixtures/shop"), &["notice", "coverage", "--format", "json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.all());
    let notices: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let promises = notices[0]["promises"].as_array().unwrap();
    let is_checked = |promise: &&serde_json::Value| !promise["checked_by"].as_array().unwrap().is_empty();
    let checked: BTreeSet<&str> =
        promises.iter().filter(is_checked).filter_map(|promise| promise["section"].as_str()).collect();
    assert_eq!(checked, SECTIONS.into_iter().collect());
    let beyond = promises.iter().filter(|promise| promise["not_checkable"].is_string());
    assert!(beyond.count() > 0, "nothing is listed as beyond the source");
}
