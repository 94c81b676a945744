//! The labels by which inference is measured, and how a score is counted (`benches/inference`).

#[path = "../benches/inference/score.rs"]
mod score;

use cargo_privacy::recognise::Confidence;
use score::{FACTS, Said, Score, facts};

#[test]
fn the_facts_are_sound() {
    let taxonomy = cargo_privacy::taxonomy::Taxonomy::builtin();
    let facts = facts(FACTS);
    assert_eq!(facts.len(), 2700);
    for fact in &facts {
        assert!(matches!(fact.half, "tune" | "report"), "{fact:?}");
        assert!(fact.category.is_none_or(|key| taxonomy.find(key).is_some()), "{fact:?}");
    }
    let of = |draw, half| facts.iter().filter(|fact| (fact.draw, fact.half) == (draw, half)).count();
    let parts = [
        ("1", "tune"),
        ("2", "tune"),
        ("2", "report"),
        ("3", "tune"),
        ("4", "tune"),
        ("5", "tune"),
        ("6", "tune"),
        ("7", "tune"),
        ("8", "report"),
    ];
    assert_eq!(parts.map(|(draw, half)| of(draw, half)), [300; 9]);
    let mut places: Vec<_> = facts.iter().map(|f| (f.program, f.path, f.holder, f.field)).collect();
    places.dedup();
    assert_eq!(places.len(), 2700, "sorted, and no field twice");
    assert!(places.is_sorted());
}

#[test]
fn a_score_by_hand() {
    let rows = "\
        p\ta.rs\tUser\temail\tuser.contact.email\t1\ttune\n\
        p\ta.rs\tUser\tstreet\tuser.contact.address.street\t1\ttune\n\
        p\ta.rs\tUser\tid\tuser.unique_id.pseudonymous\t1\ttune\n\
        p\ta.rs\tUser\tbio\tuser.demographic.profile\t1\ttune\n\
        p\ta.rs\tUser\tcrates\tnone\t1\ttune\n";
    let text = format!("# head\nprogram\tpath\ttype\tfield\tcategory\tdraw\thalf\n{rows}");
    let facts = facts(&text);
    let said: [Said; 5] = [
        Some(("user.contact.email".to_owned(), Confidence::High)),
        Some(("user.contact.address".to_owned(), Confidence::Medium)),
        Some(("user.unique_id".to_owned(), Confidence::Low)),
        None,
        Some(("user.name".to_owned(), Confidence::High)),
    ];
    let mut score = Score::default();
    facts.iter().zip(&said).for_each(|(fact, said)| score.add(fact, said));
    assert_eq!(score.said, [[2, 1, 1], [1, 0, 1], [1, 0, 1]]);
    assert!((score.precision(0) - 0.5).abs() < 1e-9);
    assert!((score.recall()[0] - 1.0 / 3.0).abs() < 1e-9 && (score.recall()[1] - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(score.opaque, [1, 1]);
    assert_eq!(score.wrong.len(), 4, "{:?}", score.wrong);
    assert!(
        score.text().starts_with("precision high      2 said: 0.500 strict, 0.500 with kin\n"),
        "{}",
        score.text()
    );
}
