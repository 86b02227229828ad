//! Progress on stderr: a bar for a person at a terminal, a line now and then for a log.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ending::complain;

/// How often a log gets a line.
const EVERY: Duration = Duration::from_secs(5);

/// How far one piece of work has come.
pub struct Progress {
    what: &'static str,
    bar: ProgressBar,
    told: Instant,
}

impl Progress {
    /// Begins `what`, which takes `total` steps of whatever kind.
    pub fn new(what: &'static str, total: u64) -> Progress {
        // Hidden by itself where stderr is no terminal.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{msg:10} {wide_bar} {percent:>3} %  {elapsed} of about {duration}")
        {
            bar.set_style(style);
        }
        bar.set_message(what);
        Progress { what, bar, told: Instant::now() }
    }

    /// Notes `steps` more.
    pub fn advance(&mut self, steps: u64) {
        self.bar.inc(steps);
        if self.bar.is_hidden() && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            let percent = self.bar.position().saturating_mul(100) / self.bar.length().unwrap_or(0).max(1);
            complain(&format!("{}: {} %", self.what, percent.min(100)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
