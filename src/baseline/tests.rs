//! Baselines as they are recorded, compared and read back.

use super::*;
use crate::source::FileId;

fn key(item: &str, category: &str) -> Key {
    let lint = "personal_data_in_logs".to_owned();
    Key { lint, item: item.to_owned(), category: category.to_owned(), recipient: "log".to_owned() }
}

fn seen(item: &str, categories: &[&str], text: &str) -> Sighting {
    let keys = categories.iter().map(|category| key(item, category)).collect();
    Sighting { section: "shop".to_owned(), keys, mark: mark(text) }
}

fn all(_: &str) -> bool {
    true
}

#[test]
fn what_was_recorded_is_known_and_one_more_is_not() {
    let old = [seen("shop::login", &["email"], "info!(a)"), seen("shop::login", &["email"], "info!(b)")];
    let baseline = Baseline::of(&old);
    assert_eq!(baseline.known(&old), [true, true]);
    let more = [old[0].clone(), seen("shop::login", &["email"], "warn!(new)"), old[1].clone()];
    assert_eq!(baseline.known(&more), [true, false, true]);
    let moved = [seen("shop::login", &["email"], "info!(x)"), seen("shop::login", &["email"], "info!(y)")];
    assert_eq!(baseline.known(&moved), [true, true], "other texts in the same number are not new");
}

#[test]
fn another_category_item_or_package_is_new() {
    let baseline = Baseline::of(&[seen("shop::login", &["email"], "info!(a)")]);
    assert_eq!(baseline.known(&[seen("shop::login", &["email", "name"], "info!(a)")]), [false]);
    assert_eq!(baseline.known(&[seen("shop::logout", &["email"], "info!(a)")]), [false]);
    let elsewhere = Sighting { section: "mail".to_owned(), ..seen("shop::login", &["email"], "info!(a)") };
    assert_eq!(baseline.known(&[elsewhere]), [false]);
}

#[test]
fn white_space_makes_no_difference_to_a_mark() {
    assert_eq!(mark("info!(\"{}\", a)"), mark("info!(\n    \"{}\",\n    a\n)"));
    assert_ne!(mark("info!(a)"), mark("info!(b)"));
}

#[test]
fn what_is_gone_is_told_and_taken_out() {
    let two = [seen("a", &["email"], "x"), seen("a", &["email"], "y"), seen("b", &["name"], "z")];
    let mut baseline = Baseline::of(&two);
    let gone = baseline.gone(&two[1..2], all);
    let told: Vec<_> = gone.iter().map(|gone| (gone.key.item.as_str(), gone.count)).collect();
    assert_eq!(told, [("a", 1), ("b", 1)]);
    assert!(baseline.gone(&two[1..2], |section| section != "shop").is_empty());
    baseline.prune(&gone, &two[1..2]);
    assert_eq!(baseline, Baseline::of(&two[1..2]));
}

#[test]
fn only_what_was_looked_at_is_recorded_anew() {
    let other = Sighting { section: "mail".to_owned(), ..seen("send", &["email"], "x") };
    let mut baseline = Baseline::of(&[seen("a", &["email"], "x"), other.clone()]);
    baseline.update(Baseline::of(&[]), |section| section == "shop");
    assert_eq!(baseline, Baseline::of(&[other]));
}

#[test]
fn what_is_written_is_read_back() {
    let odd = Sighting { section: "we\"ird\\".to_owned(), ..seen("a::<b>\t", &["email", "name"], "x") };
    let baseline = Baseline::of(&[seen("a", &["email"], "x"), seen("a", &["email"], "y"), odd]);
    let text = baseline.render();
    assert_eq!(parse(FileId(0), &text).unwrap(), baseline);
    assert_eq!(text.lines().filter(|line| line.starts_with("    {")).count(), 3, "{text}");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let said = |text: &str| -> Vec<(String, u32)> {
        let errors = parse(FileId(0), text).unwrap_err();
        errors.into_iter().map(|error| (error.message, error.primary.unwrap().lo)).collect()
    };
    assert_eq!(said("version = 2").len(), 1);
    assert_eq!(said("")[0].1, 0);
    let unknown = said("version = 1\n[[package]]\nname = \"a\"\nfindigs = []\n");
    assert_eq!(unknown, [("unknown key `findigs` in a baseline".to_owned(), 35)]);
    assert_eq!(
        said("version = 1\n[[package]]\nname = \"a\"\nfindings = [{ lint = 1, item = \"x\" }]\n").len(),
        1
    );
    assert_eq!(said("version =").len(), 1);
}
