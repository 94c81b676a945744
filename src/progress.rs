//! A line on a terminal that says what a run is at, from its second second on; nothing where nobody looks. Knows the
//! names of stages and no more.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::check::Watch;

/// How long nothing is shown: most runs are over by then.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line moves.
const TICK: Duration = Duration::from_millis(100);

/// Shows progress until it is told that all is done.
#[derive(Debug)]
pub struct Progress(Mutex<Option<Line>>);

/// The thread that waits and then draws.
#[derive(Debug)]
struct Line {
    stage: Arc<Mutex<&'static str>>,
    end: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Shows it on stderr where somebody `looks`.
    #[must_use]
    pub fn new(looks: bool) -> Self {
        Self(Mutex::new(looks.then(Line::start)))
    }
}

impl Line {
    fn start() -> Self {
        let stage = Arc::new(Mutex::new(""));
        let shown = Arc::clone(&stage);
        let (end, ended) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let goes_on = |wait| matches!(ended.recv_timeout(wait), Err(RecvTimeoutError::Timeout));
            if !goes_on(PATIENCE) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(ProgressStyle::default_spinner());
            loop {
                bar.set_message(*shown.lock().unwrap_or_else(PoisonError::into_inner));
                bar.tick();
                if !goes_on(TICK) {
                    break;
                }
            }
            bar.finish_and_clear();
        });
        Self { stage, end, thread }
    }
}

impl Watch for Progress {
    fn begins(&self, stage: &'static str) {
        if let Some(line) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            *line.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        }
    }

    fn done(&self) {
        let line = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(line) = line {
            drop(line.end);
            // A line that could not be drawn is no reason to fail.
            let _ = line.thread.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_run_is_over_at_once() {
        let start = std::time::Instant::now();
        let progress = Progress::new(true);
        progress.begins("reading");
        progress.done();
        assert!(start.elapsed() < PATIENCE);
    }
}
