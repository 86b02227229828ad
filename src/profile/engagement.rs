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
    /// Whether the tab is in front; before the first page view there is nothing to be occupied with.
    shown: bool,
    /// What was told of it up to now, in ms.
    told_ms: i64,
    /// How far down the page the visitor came, in percent of its length.
    depth: u32,
}

impl Engagement {
    /// A page view beginning at `now`.
    pub fn from(now: Timestamp) -> Engagement {
        Engagement { since: now, last: now, shown: true, ..Engagement::default() }
    }

    /// Somebody is there, so far down the page.
    pub fn active(&mut self, depth: u32, now: Timestamp) {
        self.depth = self.depth.max(depth);
        self.counted_ms = self.engaged_ms(now);
        self.last = self.last.max(now);
    }

    /// The tab came to the front, or went behind another one.
    pub fn tab(&mut self, visible: bool, now: Timestamp) {
        self.active(0, now);
        self.shown = visible;
    }

    /// How long the visitor was occupied with the page, in ms.
    pub fn engaged_ms(&self, now: Timestamp) -> i64 {
        let pending = if self.shown { now.since(self.last).clamp(0, ATTENTION_MS) } else { 0 };
        self.counted_ms.saturating_add(pending)
    }

    /// How long it was since this was last asked, in ms, and how far the page was read in all, in
    /// percent; nothing below a second.
    pub fn take_unreported(&mut self, now: Timestamp) -> Option<(u32, u32)> {
        let engaged = self.engaged_ms(now);
        let more = u32::try_from(engaged - self.told_ms).ok().filter(|more| i64::from(*more) >= SECOND)?;
        self.told_ms = engaged;
        Some((more, self.depth))
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
        engagement.active(40, at(20));
        engagement.tab(false, at(25));
        assert_eq!(engagement.engaged_ms(at(50)), 25 * SECOND, "behind another tab");
        engagement.tab(true, at(100));
        assert_eq!(engagement.engaged_ms(at(104)), 29 * SECOND, "in front again");
        assert_eq!(engagement.take_unreported(at(104)), Some((29_000, 40)));
        assert_eq!(engagement.take_unreported(at(104)), None, "told already");
        assert_eq!(engagement.age_ms(at(104)), 104 * SECOND);
        assert_eq!(Engagement::default().take_unreported(at(104)), None, "no page was viewed yet");
    }
}
