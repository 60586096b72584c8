//! Progress on standard error, where that is a terminal and the work is long, and remarks that do not tear it.

use super::message;
use indicatif::{ProgressBar, ProgressStyle};
use leadtone::report::DocumentReport;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// Work shorter than this shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a run has come.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    /// How much there is to do, where that is known.
    total: Option<u64>,
    done: u64,
    is_quiet: bool,
}

impl Progress {
    /// Begins.
    pub fn new(total: Option<u64>, is_quiet: bool) -> Self {
        Self { bar: None, started: Instant::now(), total, done: 0, is_quiet }
    }

    /// Counts a document.
    pub fn tick(&mut self) {
        self.done += 1;
        if self.bar.is_none() && !self.is_quiet && self.started.elapsed() > PATIENCE && io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{spinner} {pos} documents {elapsed}");
            let bar = self.total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            self.bar = Some(match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            });
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    /// Writes to standard error without tearing the progress bar.
    pub fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
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
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
