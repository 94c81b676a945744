//! What alternatives that begin alike leave in the locals, joined. Most leave most locals as they were: these are joined
//! once, however many alternatives there are.

use super::value::Val;

/// Alternatives so far.
pub(super) struct Ways<'b> {
    before: &'b [Val],
    joined: Option<Joined>,
}

struct Joined {
    locals: Vec<Val>,
    /// For each local whether what it was before is in it.
    kept: Vec<bool>,
}

impl<'b> Ways<'b> {
    /// None yet; all of them begin with these locals.
    pub(super) fn from(before: &'b [Val]) -> Self {
        Self { before, joined: None }
    }

    /// Adds what one of them leaves behind.
    pub(super) fn add(&mut self, left: &mut Vec<Val>) {
        let Some(joined) = &mut self.joined else {
            let kept = left.iter().zip(self.before).map(|(left, before)| left.is_same(before)).collect();
            self.joined = Some(Joined { locals: std::mem::take(left), kept });
            return;
        };
        let each = joined.locals.iter_mut().zip(&mut joined.kept).zip(left.iter().zip(self.before));
        for ((known, kept), (left, before)) in each {
            let is_kept = left.is_same(before);
            if !(is_kept && *kept || known.is_same(left)) {
                *known = known.join(left);
            }
            *kept |= is_kept;
        }
    }

    /// What holds behind them; nothing where none comes to an end.
    pub(super) fn locals(self) -> Option<Vec<Val>> {
        self.joined.map(|joined| joined.locals)
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::{Key, Val};
    use super::Ways;
    use crate::name::Name;

    fn part(name: &str) -> Val {
        Val::part(Key::Field(Name::new(name)), Val::absent())
    }

    #[test]
    fn each_way_is_in_what_is_joined() {
        let before = vec![part("a"), part("a"), Val::default()];
        let ends = [
            vec![before[0].clone(), part("b"), Val::default()],
            vec![part("c"), before[1].clone(), Val::default()],
            vec![before[0].clone(), before[1].clone(), Val::default()],
        ];
        let mut ways = Ways::from(&before);
        ends.iter().for_each(|end| ways.add(&mut end.clone()));
        let locals = ways.locals().expect("there were ways");
        let folded = |at: usize| ends[1..].iter().fold(ends[0][at].clone(), |all, end| all.join(&end[at]));
        for (at, local) in locals.iter().enumerate() {
            assert_eq!(format!("{local:?}"), format!("{:?}", folded(at)), "local {at}");
        }
        assert!(Ways::from(&before).locals().is_none());
    }
}
