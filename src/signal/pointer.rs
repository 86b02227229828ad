//! The mouse pointer: its way over the page, and whether it has left.

use std::collections::VecDeque;

use super::pointer_exit::PointerExit;

/// How long a position of the pointer counts, and that it was on its way out, in ms.
const WINDOW_MS: f64 = 150.0;
/// The most positions that are kept: a mouse that reports a thousand a second needs no more.
const POSITIONS: usize = 64;

/// The least speed upwards of a pointer that is on its way out, in CSS pixels per ms.
const SPEED: f64 = 0.5;
/// How far up it must have come meanwhile, in CSS pixels.
const TRAVEL_PX: f64 = 80.0;
/// In how many ms it would be beyond the edge at that speed. Looking further ahead mostly finds visitors who want
/// the page's own menu: `tailorbird evaluate exit` measures it.
const LOOK_AHEAD_MS: f64 = 40.0;

/// Follows the pointer over the page, and out of it.
#[derive(Clone, Debug, Default)]
pub struct Pointer {
    /// Whether it is a mouse's: a finger that is lifted has not left the page.
    is_mouse: bool,
    /// How far from the top it was, in CSS pixels, and when, in ms; the latest last.
    positions: VecDeque<(f64, f64)>,
    /// When it was last on its way out, in ms.
    out_ms: Option<f64>,
    /// It has left, and may come back at once.
    exit: Option<PointerExit>,
}

impl Pointer {
    /// How long it must stay away to have left, in ms.
    pub const AWAY_MS: f64 = 150.0;

    /// It is at `y_px` from the top at `at_ms`, on a clock that never runs backwards.
    pub fn moved(&mut self, y_px: f64, at_ms: f64) {
        if self.positions.len() == POSITIONS {
            self.positions.pop_front();
        }
        self.positions.push_back((y_px, at_ms));
        if self.is_on_its_way_out(at_ms) {
            self.out_ms = Some(at_ms);
        }
    }

    /// It is over the page, or presses a button there: whether it is a mouse's.
    pub fn returned(&mut self, is_mouse: bool) {
        self.exit = None;
        if is_mouse != self.is_mouse {
            self.positions.clear();
            self.out_ms = None;
        }
        self.is_mouse = is_mouse;
    }

    /// It has left the page at `at_ms`. Whether it is to be waited for [`AWAY_MS`](Pointer::AWAY_MS).
    pub fn left(&mut self, exit: PointerExit, at_ms: f64) -> bool {
        // It slows down before it reaches the tabs: what counts is that it was fast a moment ago.
        let is_on_its_way = self.out_ms.is_some_and(|out_ms| at_ms - out_ms <= WINDOW_MS);
        if self.is_mouse {
            self.exit = Some(PointerExit { is_on_its_way, ..exit });
        }
        self.positions.clear();
        self.out_ms = None;
        self.is_mouse
    }

    /// It has stayed away.
    pub fn take_exit(&mut self) -> Option<PointerExit> {
        self.exit.take()
    }

    /// Whether it was moving fast, far and straight enough to be out in a moment: by the slope of the least-squares
    /// line through its last positions.
    pub fn is_on_its_way_out(&self, now_ms: f64) -> bool {
        let recent = || self.positions.iter().filter(|(_, at_ms)| now_ms - at_ms <= WINDOW_MS);
        let (Some((first_px, _)), Some((last_px, _))) = (recent().next(), recent().next_back()) else { return false };
        let count = recent().fold(0.0, |count, _| count + 1.0);
        let mean_px = recent().map(|(y_px, _)| y_px).sum::<f64>() / count;
        let mean_ms = recent().map(|(_, at_ms)| at_ms - now_ms).sum::<f64>() / count;
        let (mut covariance, mut variance) = (0.0, 0.0);
        for (y_px, at_ms) in recent() {
            let ms = at_ms - now_ms - mean_ms;
            covariance += ms * (y_px - mean_px);
            variance += ms * ms;
        }
        // Positions of one moment have no speed.
        if variance <= 0.0 {
            return false;
        }
        let velocity = covariance / variance;
        velocity <= -SPEED && first_px - last_px >= TRAVEL_PX && last_px + velocity * LOOK_AHEAD_MS < 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mouse at these positions, one every ten ms, the last one at 0 ms.
    fn mouse(positions: &[f64]) -> Pointer {
        let mut pointer = Pointer::default();
        pointer.returned(true);
        for (y_px, steps) in positions.iter().rev().zip(0_u32..).collect::<Vec<_>>().into_iter().rev() {
            pointer.moved(*y_px, -10.0 * f64::from(steps));
        }
        pointer
    }

    #[test]
    fn a_pointer_on_its_way_out_is_fast_has_come_far_and_is_nearly_there() {
        for (positions, expected, why) in [
            (vec![100.0, 60.0, 20.0], true, "4 px a ms"),
            (vec![179.0, 139.0, 99.0], true, "80 px, and out in less than 40 ms"),
            (vec![240.0, 200.0, 160.0], false, "exactly at the edge in 40 ms"),
            (vec![92.0, 52.0, 13.0], false, "79 px"),
            (vec![93.0, 53.0, 13.0], true, "80 px"),
            (vec![13.0, 53.0, 93.0], false, "down"),
            (vec![90.0], false, "one position has no speed"),
            (vec![], false, "none has none"),
            ((0..16).map(|step| 80.0 - 5.0 * f64::from(step)).collect(), false, "75 px only"),
            ((0..=15).map(|step| 82.0 - 5.4 * f64::from(step)).collect(), true, "81 px at 0.54 px a ms"),
        ] {
            assert_eq!(mouse(&positions).is_on_its_way_out(0.0), expected, "{why}");
        }
    }

    #[test]
    fn a_position_counts_for_150_ms() {
        let pointer = mouse(&[100.0, 60.0, 20.0]);
        assert!(pointer.is_on_its_way_out(130.0), "all three");
        assert!(!pointer.is_on_its_way_out(131.0), "the last two are 40 px apart");
        assert!(!pointer.is_on_its_way_out(1_000.0), "none is left");
        let mut still = mouse(&[]);
        still.moved(100.0, 0.0);
        still.moved(0.0, 0.0);
        assert!(!still.is_on_its_way_out(0.0), "two positions of one moment");
    }

    #[test]
    fn a_pointer_that_slows_down_before_the_edge_was_on_its_way() {
        let exit = PointerExit { y_px: -1.0, ..PointerExit::default() };
        for (at_ms, expected) in [(150.0, true), (151.0, false)] {
            let mut pointer = mouse(&[100.0, 60.0, 20.0]);
            pointer.moved(19.0, 100.0);
            pointer.left(exit, at_ms);
            assert_eq!(pointer.take_exit().map(|exit| exit.is_on_its_way), Some(expected), "at {at_ms} ms");
        }
    }

    #[test]
    fn only_a_mouse_leaves_and_not_if_it_is_back_at_once() {
        let exit = PointerExit { y_px: -1.0, ..PointerExit::default() };
        let mut pointer = mouse(&[100.0, 60.0, 20.0]);
        assert!(pointer.left(exit, 5.0));
        assert_eq!(pointer.take_exit(), Some(PointerExit { is_on_its_way: true, ..exit }));
        assert_eq!(pointer.take_exit(), None, "once");
        assert!(pointer.left(exit, 6.0));
        assert_eq!(pointer.take_exit(), Some(exit), "the way led to the first exit");
        assert!(pointer.left(exit, 7.0));
        pointer.returned(true);
        assert_eq!(pointer.take_exit(), None, "it is back");
        pointer.returned(false);
        assert!(!pointer.left(exit, 8.0), "a finger was lifted");
        assert_eq!(pointer.take_exit(), None);
    }

    #[test]
    fn a_mouse_that_reports_often_is_followed_by_its_last_positions() {
        let mut pointer = mouse(&[]);
        for ms in 0..200 {
            pointer.moved(300.0 - 2.0 * f64::from(ms), f64::from(ms));
        }
        assert_eq!(pointer.positions.len(), POSITIONS);
        assert!(pointer.is_on_its_way_out(199.0));
    }
}
