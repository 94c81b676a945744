//! Jobs that wait for each other, run on all threads: each as soon as what it waits for is done, lower numbers first.
//! What they yield is handed on in the jobs' order, so that the outcome does not depend on threads; and what a job has
//! left behind is let go of when all who wait for it are done. Knows nothing of what the jobs do.
//!
//! A job must not start work on other threads: a thread that waits for that work could be given a job of another
//! schedule, and two of them could then wait for each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Jobs by number. A job has a higher number than all that it waits for.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// For each job those that it waits for.
    after: Vec<Vec<u32>>,
    /// For each job those that wait for it.
    holds_up: Vec<Vec<u32>>,
}

/// What is done with jobs.
pub(super) trait Work: Sync {
    /// What a job yields.
    type Yield: Send;

    /// Does one job, on any thread.
    fn run(&self, job: u32) -> Self::Yield;

    /// Nobody waits for a job any more.
    fn release(&self, job: u32);
}

impl Schedule {
    /// Makes a schedule of what each job waits for, each told once.
    pub(super) fn new(after: Vec<Vec<u32>>) -> Self {
        let mut holds_up = vec![Vec::new(); after.len()];
        for (job, before) in after.iter().enumerate() {
            debug_assert!(before.iter().all(|b| (*b as usize) < job), "a job waits for a later one");
            before.iter().for_each(|b| holds_up[*b as usize].push(job as u32));
        }
        Self { after, holds_up }
    }

    /// The most jobs that wait for each other in a row.
    pub(super) fn depth(&self) -> usize {
        let mut depth = vec![0; self.after.len()];
        for (job, before) in self.after.iter().enumerate() {
            depth[job] = 1 + before.iter().map(|b| depth[*b as usize]).max().unwrap_or(0);
        }
        depth.into_iter().max().unwrap_or(0)
    }

    /// Runs all jobs; `take` is given what they yield in their order, one at a time.
    pub(super) fn run<W: Work>(&self, work: &W, take: impl FnMut(W::Yield) + Send) {
        let lengths = |lists: &[Vec<u32>]| lists.iter().map(|list| list.len() as u32).collect::<Vec<_>>();
        let jobs = 0..self.after.len() as u32;
        let board = Board {
            schedule: self,
            state: Mutex::new(State {
                ready: jobs.filter(|job| self.after[*job as usize].is_empty()).map(Reverse).collect(),
                waits: lengths(&self.after),
                waited_for: lengths(&self.holds_up),
                left: self.after.len(),
                yielded: self.after.iter().map(|_| None).collect(),
                next: 0,
                handing_on: false,
                abandoned: false,
            }),
            bell: Condvar::new(),
            take: Mutex::new(take),
        };
        rayon::broadcast(|_| board.attend(work));
    }
}

/// What all threads look at.
struct Board<'s, Y, T> {
    schedule: &'s Schedule,
    state: Mutex<State<Y>>,
    /// Rung when jobs became ready, when none is left, and when all is given up.
    bell: Condvar,
    take: Mutex<T>,
}

struct State<Y> {
    /// Jobs that wait for nothing any more.
    ready: BinaryHeap<Reverse<u32>>,
    /// For each job how many it waits for still.
    waits: Vec<u32>,
    /// For each job how many wait for it still.
    waited_for: Vec<u32>,
    /// How many are not done.
    left: usize,
    /// What was yielded and is not handed on yet.
    yielded: Vec<Option<Y>>,
    /// The first of which nothing was handed on.
    next: usize,
    /// Whether a thread hands on.
    handing_on: bool,
    /// Whether a job has panicked.
    abandoned: bool,
}

impl<Y: Send, T: FnMut(Y) + Send> Board<'_, Y, T> {
    /// What one thread does until all is done.
    fn attend<W: Work<Yield = Y>>(&self, work: &W) {
        let _alarm = Alarm(self);
        let mut state = lock(&self.state);
        while !state.abandoned {
            if let Some(Reverse(job)) = state.ready.pop() {
                drop(state);
                let given = work.run(job);
                let over = self.done(job, given);
                over.into_iter().for_each(|job| work.release(job));
                self.hand_on();
                state = lock(&self.state);
            } else if state.left == 0 {
                return;
            } else {
                state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// Notes that a job is done; tells which nobody waits for any more.
    fn done(&self, job: u32, given: Y) -> Vec<u32> {
        let mut guard = lock(&self.state);
        let state = &mut *guard;
        state.yielded[job as usize] = Some(given);
        state.left -= 1;
        let mut became_ready = 0;
        for later in &self.schedule.holds_up[job as usize] {
            if one_less(&mut state.waits[*later as usize]) {
                state.ready.push(Reverse(*later));
                became_ready += 1;
            }
        }
        // One of them is for this thread.
        if became_ready > 1 || state.left == 0 {
            self.bell.notify_all();
        }
        let before = self.schedule.after[job as usize].iter().copied();
        let over = before.filter(|b| one_less(&mut state.waited_for[*b as usize]));
        over.chain(self.schedule.holds_up[job as usize].is_empty().then_some(job)).collect()
    }

    /// Hands on all that is next, unless another thread is at it.
    fn hand_on(&self) {
        let mut state = lock(&self.state);
        if std::mem::replace(&mut state.handing_on, true) {
            return;
        }
        let mut take = lock(&self.take);
        while let Some(given) = state.next_yield() {
            drop(state);
            take(given);
            state = lock(&self.state);
        }
        state.handing_on = false;
    }
}

impl<Y> State<Y> {
    fn next_yield(&mut self) -> Option<Y> {
        let given = self.yielded.get_mut(self.next)?.take()?;
        self.next += 1;
        Some(given)
    }
}

fn one_less(count: &mut u32) -> bool {
    *count -= 1;
    *count == 0
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the other threads when one panics, as they would wait for ever.
struct Alarm<'b, 's, Y, T>(&'b Board<'s, Y, T>);

impl<Y, T> Drop for Alarm<'_, '_, Y, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).abandoned = true;
            self.0.bell.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds up what the jobs before gave, as long as that is there.
    struct Sums<'a> {
        after: &'a [Vec<u32>],
        given: Vec<Mutex<Option<u64>>>,
        fails: Option<u32>,
    }

    impl<'a> Sums<'a> {
        fn of(after: &'a [Vec<u32>]) -> Self {
            Self { after, given: after.iter().map(|_| Mutex::new(None)).collect(), fails: None }
        }
    }

    impl Work for Sums<'_> {
        type Yield = (u32, u64);

        fn run(&self, job: u32) -> (u32, u64) {
            assert_ne!(Some(job), self.fails, "as asked");
            let of = |b: &u32| lock(&self.given[*b as usize]).expect("what is waited for is there");
            let sum = self.after[job as usize].iter().map(of).sum::<u64>() % 1_000_003 + u64::from(job);
            *lock(&self.given[job as usize]) = Some(sum);
            (job, sum)
        }

        fn release(&self, job: u32) {
            assert!(lock(&self.given[job as usize]).take().is_some(), "let go of once, when done");
        }
    }

    fn graph(jobs: u32) -> Vec<Vec<u32>> {
        let before = |job: u32| {
            let mut before: Vec<u32> =
                (1..=job % 5).filter_map(|n| job.checked_sub(n * n * (job % 7 + 1))).collect();
            before.dedup();
            before
        };
        (0..jobs).map(before).collect()
    }

    fn run(threads: usize, sums: &Sums<'_>) -> Vec<(u32, u64)> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let schedule = Schedule::new(sums.after.to_vec());
        let mut taken = Vec::new();
        pool.install(|| schedule.run(sums, |given| taken.push(given)));
        taken
    }

    #[test]
    fn all_jobs_run_after_what_they_wait_for_and_are_handed_on_in_order() {
        let after = graph(2_000);
        let one = run(1, &Sums::of(&after));
        assert!(one.iter().map(|(job, _)| *job).eq(0..2_000));
        assert_eq!(one, run(2, &Sums::of(&after)));
        assert_eq!(one, run(7, &Sums::of(&after)));
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_let_go_of() {
        let after = graph(500);
        let sums = Sums::of(&after);
        run(3, &sums);
        assert!(sums.given.iter().all(|given| lock(given).is_none()));
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        assert_eq!(run(2, &Sums::of(&[])), []);
    }

    #[test]
    #[should_panic(expected = "as asked")]
    fn a_job_that_panics_ends_the_run() {
        let after = graph(300);
        run(4, &Sums { fails: Some(150), ..Sums::of(&after) });
    }
}
