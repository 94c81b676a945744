//! What weakens a notice and what does not: alterations of one in which every key stands, each of a key. The table in
//! `src/judge/change.rs` says which keys can weaken; every row of it has to have its alterations here.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "data/alterations.rs"]
mod alterations;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alterations::ALTERATIONS;
use cargo_privacy::judge::change::{self, Change};
use cargo_privacy::notice::{self, Notice};
use cargo_privacy::source::SourceMap;
use cargo_privacy::taxonomy::Taxonomy;

const EARLIER: &str = include_str!("data/every-key.toml");

struct Alteration {
    key: &'static str,
    from: &'static str,
    to: &'static str,
    /// What each change says; no change where there are none.
    told: &'static [&'static str],
}

const fn weaker(
    key: &'static str,
    from: &'static str,
    to: &'static str,
    told: &'static [&'static str],
) -> Alteration {
    Alteration { key, from, to, told }
}

const fn kept(key: &'static str, from: &'static str, to: &'static str) -> Alteration {
    Alteration { key, from, to, told: &[] }
}

fn load(text: &str) -> (Notice, Taxonomy) {
    let (mut sources, mut taxonomy) = (SourceMap::default(), Taxonomy::builtin());
    let file = sources.add(PathBuf::from("privacy-notice.toml"), Arc::from(text));
    let mut read = |path: &Path| match path.to_str() {
        Some("PRIVACY.md") => Ok(EARLIER.to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    match notice::load(file, &mut sources, &mut taxonomy, &mut read) {
        Ok((notice, _)) => (notice, taxonomy),
        Err(errors) => panic!("{:?}\n{text}", errors.iter().map(|e| &e.message).collect::<Vec<_>>()),
    }
}

fn changes(old: &str, new: &str) -> Vec<Change> {
    let ((old, old_taxonomy), (new, new_taxonomy)) = (load(old), load(new));
    let old = change::Version { notice: &old, taxonomy: &old_taxonomy };
    change::changes(old, change::Version { notice: &new, taxonomy: &new_taxonomy })
}

fn told(change: &Change) -> String {
    let purpose = change.purpose.as_ref().map(|purpose| format!(" [{purpose}]")).unwrap_or_default();
    let consent =
        change.consent.as_ref().map(|choice| format!(" (asked anew: {choice})")).unwrap_or_default();
    let data = change.data.join(", ");
    format!("{}: {}, before {}{purpose}{consent} {data}", change.whom, change.after, change.before)
}

#[test]
fn each_alteration_is_told_for_what_it_is() {
    let mut wrong = String::new();
    for alteration in ALTERATIONS {
        let places = EARLIER.matches(alteration.from).count();
        assert_eq!(places, 1, "`{}` stands at {places} places", alteration.from);
        let later = EARLIER.replacen(alteration.from, alteration.to, 1);
        let found: Vec<String> = changes(EARLIER, &later).iter().map(told).collect();
        let is_right = found.len() == alteration.told.len()
            && found.iter().zip(alteration.told).all(|(found, wanted)| found.starts_with(wanted));
        if !is_right {
            let (key, to) = (alteration.key, alteration.to);
            wrong += &format!(
                "{key}: {:?} -> {to:?}\n  wanted {:#?}\n  found {found:#?}\n",
                alteration.from, alteration.told
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The entries that a notice extends are compared like its own.
#[test]
fn what_a_notice_no_longer_extends_is_gone() {
    let extending = EARLIER.replacen("[notice]\n", "[notice]\nextends = \"default\"\n", 1);
    let found: Vec<String> = changes(&extending, EARLIER).iter().map(told).collect();
    assert!(found.iter().any(|told| told.starts_with("any log: no longer forbidden in clear")), "{found:#?}");
    assert_eq!(changes(EARLIER, EARLIER), []);
}

#[test]
fn every_key_has_its_alterations() {
    let rows = include_str!("../src/judge/change.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
    let (mut weakening, mut harmless) = (BTreeSet::new(), BTreeSet::new());
    for (key, by) in rows.filter_map(|row| row.split_once("` | ")) {
        match by.starts_with("nothing: ") || by.starts_with("nothing by itself") {
            true => harmless.insert(key),
            false => weakening.insert(key),
        };
    }
    let shown = |is_weaker: bool| -> BTreeSet<&str> {
        ALTERATIONS.iter().filter(|a| a.told.is_empty() != is_weaker).map(|a| a.key).collect()
    };
    assert!(weakening.remove("notice.extends"), "it has a test of its own");
    let missing: Vec<_> = weakening.difference(&shown(true)).copied().collect();
    assert!(missing.is_empty(), "no alteration that weakens: {missing:?}");
    let missing: Vec<_> = harmless.difference(&shown(false)).copied().collect();
    assert!(missing.is_empty(), "no alteration that does not: {missing:?}");
    let wrong: Vec<_> = shown(true).intersection(&harmless).copied().collect();
    assert!(wrong.is_empty(), "said not to weaken: {wrong:?}");
}

/// What a change from one small notice to another tells.
fn between(old: &str, new: &str) -> Vec<String> {
    changes(old, new).iter().map(|change| told(change).trim_end().to_owned()).collect()
}

#[test]
fn what_is_said_of_everybody_is_told_once() {
    let rule = "[[rule]]\nnever = { categories = [\"user.health_and_medical.genetic\"] }\n";
    let forbidden = "anyone: no longer forbidden in clear, before forbidden user.health_and_medical.genetic";
    assert_eq!(between(rule, ""), [forbidden]);
    let choice = "[[choice]]\nname = \"leave\"\nchecked-by = [\"crate::agrees\"]\n";
    let asking = format!("{choice}[[rule]]\nrequires = [\"leave\"]\n");
    assert_eq!(between(&asking, choice), ["anyone: not asked, before `leave` asked, opt-in"]);
}

#[test]
fn choices_that_are_asked_for_by_their_kind_alone_are_missed() {
    let signed_in =
        "[[choice]]\nname = \"signed in\"\nkind = \"identity\"\nchecked-by = [\"crate::SignedIn\"]\n";
    let browsing = "what is put together with who looks at it: not asked, before `signed in` asked, identity";
    assert_eq!(between(signed_in, ""), [browsing]);
    assert_eq!(between(signed_in, &signed_in.replace("SignedIn", "Known")), [""; 0]);
    let cookie = "[[cookie]]\nname = \"map\"\ncategory = \"user.device.cookie\"\nessential = false\n";
    let leave = format!("{cookie}[[choice]]\nname = \"leave\"\nchecked-by = [\"crate::agrees\"]\n");
    assert_eq!(
        between(&leave, cookie),
        ["cookies that are not essential: not asked, before `leave` asked, opt-in"]
    );
    assert_eq!(between(&leave, ""), [""; 0]);
}

#[test]
fn calls_that_fall_to_another_take_its_conditions() {
    let recipient = |name: &str, call: &str, rest: &str| {
        format!(
            "[[recipient]]\nname = \"{name}\"\nrole = \"service-provider\"\ncalls = [{call}]\nmay-receive = [\"user.name\"]\n{rest}\n"
        )
    };
    let choice = "[[choice]]\nname = \"leave\"\nchecked-by = [\"crate::agrees\"]\n";
    let (strict, mild) = ("\"crate::post\"", "\"crate::send\"");
    let old =
        [&recipient("post", strict, "requires = [\"leave\"]"), &recipient("mail", mild, ""), choice].concat();
    let new = [&recipient("mail", &format!("{mild}, {strict}"), ""), choice].concat();
    assert_eq!(between(&old, &new), ["`mail`: not asked, before `leave` asked, opt-in"]);
}
