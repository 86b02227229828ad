//! How long the visitor has been occupied with this page: it is in front, and they are there.
//!
//! Source: Google Analytics 4, "User engagement": a page counts while it is in the foreground.
//! Beyond that, half a minute without any input counts as absence.

use crate::time::{SECOND, Timestamp};

/// How long one input says that somebody is there.
const ATTENTION_MS: i64 = 30 * SECOND;

/// The engagement with one page view.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Engagement {
    /// When the page view began.
    since: Timestamp,
    /// What was counted up to `last`, in ms.
    counted_ms: i64,
    /// When somebody was last known to be there.
    last: Timestamp,
    /// Whether the tab is behind another one.
    hidden: bool,
}

impl Engagement {
    /// A page view beginning at `now`.
    pub fn from(now: Timestamp) -> Engagement {
        Engagement { since: now, last: now, ..Engagement::default() }
    }

    /// Somebody is there.
    pub fn active(&mut self, now: Timestamp) {
        self.counted_ms = self.engaged_ms(now);
        self.last = self.last.max(now);
    }

    /// The tab came to the front, or went behind another one.
    pub fn tab(&mut self, visible: bool, now: Timestamp) {
        self.active(now);
        self.hidden = !visible;
    }

    /// How long the visitor was occupied with the page, in ms.
    pub fn engaged_ms(&self, now: Timestamp) -> i64 {
        let pending = if self.hidden { 0 } else { now.since(self.last).clamp(0, ATTENTION_MS) };
        self.counted_ms.saturating_add(pending)
    }

    /// How old the page view is, in ms.
    pub fn age_ms(&self, now: Timestamp) -> i64 {
        now.since(self.since).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_while_the_tab_is_in_front_and_somebody_is_there() {
        let at = |second: i64| Timestamp::from_ms(second * SECOND);
        let mut engagement = Engagement::from(at(0));
        assert_eq!(engagement.engaged_ms(at(10)), 10 * SECOND, "just begun");
        assert_eq!(engagement.engaged_ms(at(300)), 30 * SECOND, "nobody there");
        engagement.active(at(20));
        engagement.tab(false, at(25));
        assert_eq!(engagement.engaged_ms(at(50)), 25 * SECOND, "behind another tab");
        engagement.tab(true, at(100));
        assert_eq!(engagement.engaged_ms(at(104)), 29 * SECOND, "in front again");
        assert_eq!(engagement.age_ms(at(104)), 104 * SECOND);
    }
}
