//! Clicks again and again on something that does not answer.

use crate::signal::capture::Click;
use crate::time::{SECOND, Timestamp};

/// How many clicks are too many.
const CLICKS: usize = 3;
/// How many where they select text: three select a paragraph.
const SELECTING_CLICKS: usize = 4;
/// How far apart they may be, in CSS pixels.
const APART_PX: f64 = 30.0;

/// The clicks of the last second.
#[derive(Clone, Debug, Default)]
pub struct RageClicks {
    recent: Vec<(Timestamp, Click)>,
    /// Whether these clicks were noticed already.
    is_noticed: bool,
}

impl RageClicks {
    /// Whether this click is the one too many. True once, until there was a second without clicks.
    pub fn observe(&mut self, click: &Click, now: Timestamp) -> bool {
        if click.is_control {
            self.recent.clear();
        }
        self.recent.retain(|(at, known)| {
            let (x_px, y_px) = (known.x_px - click.x_px, known.y_px - click.y_px);
            (0..=SECOND).contains(&now.since(*at)) && x_px * x_px + y_px * y_px <= APART_PX * APART_PX
        });
        self.is_noticed &= !self.recent.is_empty();
        if click.is_control {
            return false;
        }
        self.recent.push((now, click.clone()));
        let selects = self.recent.iter().any(|(_, click)| click.selects_text);
        let is_enough = self.recent.len() >= if selects { SELECTING_CLICKS } else { CLICKS };
        let is_new = is_enough && !self.is_noticed;
        self.is_noticed |= is_enough;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the clicks that were one too many.
    fn noticed(clicks: &[(i64, f64, &str)]) -> Vec<i64> {
        let mut rage = RageClicks::default();
        let mut too_many = |(ms, x_px, on): &(i64, f64, &str)| {
            let click =
                Click { x_px: *x_px, is_control: *on == "button", selects_text: *on == "text", ..Click::default() };
            rage.observe(&click, Timestamp::from_ms(*ms)).then_some(*ms)
        };
        clicks.iter().filter_map(&mut too_many).collect()
    }

    #[test]
    fn three_clicks_in_a_second_at_one_place_are_too_many() {
        let dead = "picture";
        for (clicks, expected, why) in [
            (vec![(0, 0.0, dead), (400, 10.0, dead), (900, 0.0, dead)], vec![900], "three"),
            (vec![(0, 0.0, dead), (400, 0.0, dead)], vec![], "a double click"),
            (vec![(0, 0.0, dead), (600, 0.0, dead), (1_200, 0.0, dead)], vec![], "slower"),
            (vec![(0, 0.0, dead), (200, 31.0, dead), (400, 0.0, dead)], vec![], "one of them elsewhere"),
            (vec![(0, 0.0, "button"), (200, 0.0, "button"), (400, 0.0, "button")], vec![], "a button answers"),
            (vec![(0, 0.0, "text"), (200, 0.0, "text"), (400, 0.0, "text")], vec![], "a paragraph is selected"),
            (
                vec![(0, 0.0, "text"), (200, 0.0, "text"), (400, 0.0, "text"), (600, 0.0, "text")],
                vec![600],
                "which takes three clicks and no more",
            ),
            (
                vec![(0, 0.0, dead), (100, 0.0, dead), (200, 0.0, dead), (300, 0.0, dead), (400, 0.0, dead)],
                vec![200],
                "it is noticed once",
            ),
            (
                vec![
                    (0, 0.0, dead),
                    (1, 0.0, dead),
                    (2, 0.0, dead),
                    (2_000, 0.0, dead),
                    (2_001, 0.0, dead),
                    (2_002, 0.0, dead),
                ],
                vec![2, 2_002],
                "and again after a pause",
            ),
        ] {
            assert_eq!(noticed(&clicks), expected, "{why}");
        }
    }
}
