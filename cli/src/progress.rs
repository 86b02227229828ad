//! Progress of long work: a bar on stderr for a person at a terminal, nothing in a log.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar for `what`, which takes `total` steps of whatever kind. It is hidden where stderr is no terminal.
pub fn bar(what: &'static str, total: u64) -> ProgressBar {
    let template = "{msg:10} {wide_bar} {percent:>3} %  {elapsed} of about {duration}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_style(style).with_message(what)
}
