//! Progress on standard error, where that is a terminal and the work is long, and remarks that do not tear it.

use super::message;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use leadtone::report::DocumentReport;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Work shorter than this shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long what is shown stays as it is.
const STEADY: Duration = Duration::from_millis(200);

/// How far a run has come; nothing where nobody looks.
#[derive(Debug)]
pub struct Progress(Option<Shown>);

/// What is shown once the work has taken long enough.
#[derive(Debug)]
struct Shown {
    bar: ProgressBar,
    /// Told by its end that the work has ended.
    end: Sender<()>,
    waits: JoinHandle<()>,
}

impl Progress {
    /// Begins. `done` is counted by those who do the work, up to `total` files; lines without a total.
    pub fn new(total: Option<u64>, done: Arc<AtomicU64>, is_quiet: bool) -> Self {
        if is_quiet || !io::stderr().is_terminal() {
            return Self(None);
        }
        let unit = total.map_or_else(|| "lines".to_owned(), |total| format!("of {total} files"));
        let style = ProgressStyle::with_template(&format!("{{spinner}} {{done}} {unit} {{elapsed}}"));
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let style = style.with_key("done", move |_: &_, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{}", done.load(Ordering::Relaxed));
        });
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style);
        let (end, ended) = mpsc::channel();
        let waits = thread::spawn({
            let bar = bar.clone();
            move || {
                if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(STEADY);
                }
            }
        });
        Self(Some(Shown { bar, end, waits }))
    }

    /// Writes to standard error without tearing the progress bar.
    pub fn aside(&self, write: impl FnOnce()) {
        match &self.0 {
            Some(shown) => shown.bar.suspend(write),
            None => write(),
        }
    }

    /// Says what was left out of a document and what was odd about it.
    pub fn remarks(&self, document: &DocumentReport) {
        self.aside(|| {
            for skipped in &document.skipped {
                message(format_args!("{}: skipped: {skipped}", document.id));
            }
            for warning in &document.warnings {
                message(format_args!("{}: warning: {warning}", document.id));
            }
        });
    }

    /// Ends.
    pub fn finish(&mut self) {
        if let Some(Shown { bar, end, waits }) = self.0.take() {
            drop(end);
            // It panics nowhere.
            let _ = waits.join();
            bar.finish_and_clear();
        }
    }
}
