//! Progress of long work: a bar on stderr for a person at a terminal, nothing in a log.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar for `what`, which takes `total` steps of whatever kind. It is hidden where stderr is no terminal.
pub fn bar(what: &'static str, total: u64) -> ProgressBar {
    let template = "{msg:10} {wide_bar} {percent:>3} %  {elapsed} of about {duration}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_style(style).with_message(what)
}

/// Does work that does not say how far it is; meanwhile a terminal shows what it is and how long it takes.
pub fn during<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let style = ProgressStyle::with_template("{msg:10} {spinner} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let stage = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style).with_message(what);
    stage.enable_steady_tick(Duration::from_millis(100));
    let done = work();
    stage.finish_and_clear();
    done
}
