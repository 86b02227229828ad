//! How long the visitor has been engaged with this page: the tab is visible, and somebody is active.
//!
//! Source: Google Analytics 4, "User engagement": a page counts while it is in the foreground.
//! Beyond that, half a minute without any input counts as inactivity.

use crate::time::{SECOND, Timestamp};

/// How long the visitor counts as active after one input.
const ATTENTION_MS: i64 = 30 * SECOND;

/// Engagement with a page view that is to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dwell {
    /// How much longer the visitor was engaged, in ms.
    pub ms: u32,
    /// How far down the page the visitor came in all, in percent of its length.
    pub depth_percent: u32,
}

/// The engagement with one page view.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Engagement {
    /// When the page view began.
    begin: Timestamp,
    /// What was counted up to `last_active`, in ms.
    counted_ms: i64,
    /// When the visitor was last active.
    last_active: Timestamp,
    /// Whether the tab is visible; before the first page view there is nothing to be engaged with.
    visible: bool,
    /// How much of it was reported so far, in ms.
    reported_ms: i64,
    /// How far down the page the visitor came, in percent of its length.
    depth_percent: u32,
}

impl Engagement {
    /// The engagement with a page view that begins at `now`.
    pub fn begin(now: Timestamp) -> Engagement {
        Engagement { begin: now, last_active: now, visible: true, ..Engagement::default() }
    }

    /// The visitor is active, this far down the page.
    pub fn active(&mut self, depth_percent: u32, now: Timestamp) {
        self.depth_percent = self.depth_percent.max(depth_percent);
        self.counted_ms = self.engaged_ms(now);
        self.last_active = self.last_active.max(now);
    }

    /// The tab became visible, or hidden.
    pub fn tab(&mut self, visible: bool, now: Timestamp) {
        self.active(0, now);
        self.visible = visible;
    }

    /// How long the visitor was engaged with the page, in ms.
    pub fn engaged_ms(&self, now: Timestamp) -> i64 {
        let pending = if self.visible { now.since(self.last_active).clamp(0, ATTENTION_MS) } else { 0 };
        self.counted_ms.saturating_add(pending)
    }

    /// The engagement since the last report; `None` if it is less than a second.
    pub fn take_unreported(&mut self, now: Timestamp) -> Option<Dwell> {
        let engaged_ms = self.engaged_ms(now);
        let unreported = u32::try_from(engaged_ms - self.reported_ms).ok();
        let ms = unreported.filter(|ms| i64::from(*ms) >= SECOND)?;
        self.reported_ms = engaged_ms;
        Some(Dwell { ms, depth_percent: self.depth_percent })
    }

    /// How long there was no input while the tab was visible, in ms.
    pub fn idle_ms(&self, now: Timestamp) -> i64 {
        if self.visible { now.since(self.last_active).max(0) } else { 0 }
    }

    /// How far down the page the visitor came, as a share of its length.
    pub fn depth(&self) -> f64 {
        f64::from(self.depth_percent) / 100.0
    }

    /// Whether the tab is visible.
    pub fn is_visible(&self) -> bool {
        self.visible
    }

    /// How old the page view is, in ms.
    pub fn age_ms(&self, now: Timestamp) -> i64 {
        now.since(self.begin).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_while_the_tab_is_visible_and_the_visitor_active() {
        let at = |second: i64| Timestamp::from_ms(second * SECOND);
        let mut engagement = Engagement::begin(at(0));
        assert_eq!(engagement.engaged_ms(at(10)), 10 * SECOND, "just begun");
        assert_eq!(engagement.engaged_ms(at(300)), 30 * SECOND, "inactive");
        engagement.active(40, at(20));
        engagement.tab(false, at(25));
        assert_eq!(engagement.engaged_ms(at(50)), 25 * SECOND, "hidden");
        engagement.tab(true, at(100));
        assert_eq!(engagement.engaged_ms(at(104)), 29 * SECOND, "visible again");
        assert_eq!(engagement.take_unreported(at(104)), Some(Dwell { ms: 29_000, depth_percent: 40 }));
        assert_eq!(engagement.take_unreported(at(104)), None, "reported already");
        assert_eq!(engagement.age_ms(at(104)), 104 * SECOND);
        assert_eq!(Engagement::default().take_unreported(at(104)), None, "no page was viewed yet");
    }

    #[test]
    fn engagement_is_reported_from_a_second_on_and_each_second_once() {
        let mut engagement = Engagement::begin(Timestamp::from_ms(0));
        let mut reported = |ms: i64| engagement.take_unreported(Timestamp::from_ms(ms)).map(|dwell| dwell.ms);
        let expected = [(999, None), (1_000, Some(1_000)), (1_999, None), (2_500, Some(1_500)), (1_000, None)];
        for (at, ms) in expected {
            assert_eq!(reported(at), ms, "at {at} ms");
        }
    }

    #[test]
    fn a_clock_that_runs_backwards_takes_no_engagement_away() {
        let at = |second: i64| Timestamp::from_ms(second * SECOND);
        let mut engagement = Engagement::begin(at(10));
        engagement.active(50, at(20));
        engagement.active(30, at(15));
        assert_eq!((engagement.engaged_ms(at(15)), engagement.engaged_ms(at(22))), (10 * SECOND, 12 * SECOND));
        assert_eq!(engagement.take_unreported(at(22)).map(|dwell| dwell.depth_percent), Some(50), "as far as ever");
        assert_eq!((engagement.age_ms(at(5)), engagement.age_ms(at(11))), (0, SECOND));
        assert!(engagement.is_visible());
        engagement.tab(false, at(23));
        assert!(!engagement.is_visible());
    }
}
