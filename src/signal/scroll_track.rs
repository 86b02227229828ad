//! How a finger scrolls the page: back up fast, as towards the address bar of a phone.

/// How far up the page is scrolled in one go, in CSS pixels.
const TRAVEL_PX: f64 = 600.0;
/// At least at what speed, in CSS pixels per ms.
const SPEED: f64 = 1.5;
/// How long after a click it is the page that scrolls, to an anchor or back to its top, in ms.
const CLICK_MS: f64 = 800.0;
/// How long after a touch it is still the finger's doing, in ms.
const TOUCH_MS: f64 = 3_000.0;

/// Follows the page as it is scrolled. Times are in ms, on a clock that never runs backwards.
#[derive(Clone, Debug, Default)]
pub struct ScrollTrack {
    touched_ms: Option<f64>,
    clicked_ms: Option<f64>,
    last_px: f64,
    way_up: Option<WayUp>,
}

/// One way up, from where it became fast.
#[derive(Clone, Copy, Debug)]
struct WayUp {
    start_px: f64,
    start_ms: f64,
    /// Whether it was told already.
    is_told: bool,
}

impl ScrollTrack {
    /// A finger touches the page, or is lifted.
    pub fn touched(&mut self, at_ms: f64) {
        self.touched_ms = Some(at_ms);
    }

    /// Something was clicked.
    pub fn clicked(&mut self, at_ms: f64) {
        self.clicked_ms = Some(at_ms);
    }

    /// The page is scrolled to `y_px` from its top: whether it has now come up fast and far enough. A way up is told
    /// once.
    pub fn scrolled(&mut self, y_px: f64, at_ms: f64) -> bool {
        let is_up = y_px < self.last_px;
        self.last_px = y_px;
        let is_within = |since: Option<f64>, ms: f64| since.is_some_and(|since| at_ms - since <= ms);
        if !is_up || is_within(self.clicked_ms, CLICK_MS) || !is_within(self.touched_ms, TOUCH_MS) {
            self.way_up = None;
            return false;
        }
        let begun = WayUp { start_px: y_px, start_ms: at_ms, is_told: false };
        let mut way = self.way_up.unwrap_or(begun);
        let up_px = way.start_px - y_px;
        if up_px < SPEED * (at_ms - way.start_ms) {
            // A slow way up may become fast.
            way = WayUp { is_told: way.is_told, ..begun };
        }
        let is_new = up_px >= TRAVEL_PX && !way.is_told;
        way.is_told |= is_new;
        self.way_up = Some(way);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often a way is told on which the page is scrolled to each of these positions, one every 20 ms.
    fn told(track: &mut ScrollTrack, from_ms: f64, positions: &[f64]) -> usize {
        let mut at_ms = from_ms;
        let mut is_told = |y_px: &&f64| {
            at_ms += 20.0;
            track.scrolled(**y_px, at_ms)
        };
        positions.iter().filter(|y_px| is_told(y_px)).count()
    }

    /// Steps of so many pixels up, from 5,000 on.
    fn up(steps: u32, step_px: f64) -> Vec<f64> {
        (0..=steps).map(|step| 5_000.0 - step_px * f64::from(step)).collect()
    }

    #[test]
    fn six_hundred_pixels_up_at_one_and_a_half_a_ms_are_told_once() {
        for (positions, expected, why) in [
            // The first step sets out, so 20 more are 600 px.
            (up(21, 30.0), 1, "1.5 px a ms"),
            (up(20, 30.0), 0, "570 px"),
            (up(40, 29.9), 0, "too slow"),
            (up(100, 45.0), 1, "one long way"),
            ([up(10, 5.0), up(15, 60.0)].concat(), 1, "slow, then fast"),
            ([up(21, 30.0), up(21, 30.0)].concat(), 2, "up, down, and up again"),
            (up(21, -30.0), 0, "down"),
            (Vec::new(), 0, "not at all"),
        ] {
            let mut track = ScrollTrack::default();
            track.touched(0.0);
            assert_eq!(told(&mut track, 0.0, &positions), expected, "{why}");
        }
    }

    #[test]
    fn only_a_finger_scrolls_and_no_click_before() {
        for (touched_ms, clicked_ms, expected, why) in [
            (Some(0.0), None, 1, "a finger"),
            (None, None, 0, "a wheel, a key or a program"),
            // The way begins at 40 ms, and is told at 440.
            (Some(440.0 - TOUCH_MS), None, 1, "touched three seconds before"),
            (Some(439.0 - TOUCH_MS), None, 0, "longer ago"),
            (Some(0.0), Some(0.0), 0, "clicked just before"),
            (Some(0.0), Some(39.0 - CLICK_MS), 1, "clicked long before"),
            (Some(0.0), Some(40.0 - CLICK_MS), 0, "the first step is the page's own, so the rest is too short"),
        ] {
            let mut track = ScrollTrack::default();
            if let Some(at_ms) = touched_ms {
                track.touched(at_ms);
            }
            if let Some(at_ms) = clicked_ms {
                track.clicked(at_ms);
            }
            assert_eq!(told(&mut track, 0.0, &up(21, 30.0)[..]), expected, "{why}");
        }
    }
}
