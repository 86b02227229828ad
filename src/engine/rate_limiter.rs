//! How fast events may come in.

use crate::time::{SECOND, Timestamp};

/// How many events are accepted in one second.
const EVENTS_PER_SECOND: u32 = 100;

/// Counts the events of the current second.
#[derive(Clone, Debug, Default)]
pub struct RateLimiter {
    second: i64,
    accepted: u32,
    dropped: u32,
}

impl RateLimiter {
    /// Whether one more event is accepted at `now`; one that is not is counted as dropped.
    pub fn allow(&mut self, now: Timestamp) -> bool {
        let second = now.ms().div_euclid(SECOND);
        if second != self.second {
            (self.second, self.accepted) = (second, 0);
        }
        let allowed = self.accepted < EVENTS_PER_SECOND;
        if allowed {
            self.accepted += 1;
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        allowed
    }

    /// How many events were dropped and not recorded as such yet.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The same, once.
    pub fn take_dropped(&mut self) -> u32 {
        core::mem::take(&mut self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_events_a_second_are_accepted_and_the_rest_is_counted() {
        let mut limiter = RateLimiter::default();
        let at = Timestamp::from_ms;
        assert_eq!((0..150).filter(|_| limiter.allow(at(1_500))).count(), 100);
        assert_eq!(limiter.dropped(), 50);
        assert!(limiter.allow(at(2_000)), "the next second");
        assert_eq!((limiter.take_dropped(), limiter.take_dropped()), (50, 0));
    }
}
