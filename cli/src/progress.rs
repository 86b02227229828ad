//! Progress of long work: a bar on stderr for a person at a terminal, nothing in a log.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar for `what`, which takes `total` steps of whatever kind. It is hidden where stderr is no terminal.
pub fn bar(what: &'static str, total: u64) -> ProgressBar {
    let template = "{msg:10} {wide_bar} {percent:>3} %  {elapsed} of about {duration}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_style(style).with_message(what)
}

/// A stage of work that does not say how far it is: what it does and for how long, where stderr is a terminal.
pub fn stage(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:10} {spinner} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let stage = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style).with_message(what);
    stage.enable_steady_tick(Duration::from_millis(100));
    stage
}
