//! Strokes of a mouse, simulated.

use tailorbird::signal::pointer::Pointer;
use tailorbird::signal::pointer_exit::PointerExit;

use super::super::chance::Chance;
use super::{Aim, Outcome};

/// The window, in CSS pixels.
const WIDTH_PX: f64 = 1_280.0;
const HEIGHT_PX: f64 = 720.0;
/// How many bits a second a mouse transfers.
///
/// Source: Soukoreff and MacKenzie (2004), "Towards a standard for pointing device evaluation": 3.7 to 4.9 in the
/// studies that followed ISO 9241-9.
const THROUGHPUT: (f64, f64) = (3.7, 4.9);
/// A target holds 96 % of all landings if it is this many standard deviations wide: the effective width of ISO 9241-9.
const DEVIATIONS: f64 = 4.133;
/// How long it takes to notice a miss, in ms.
const REACTION_MS: f64 = 100.0;
/// How long the pointer rests in the end, in ms.
const REST_MS: f64 = 300.0;

/// One movement along the line between two positions.
struct Stroke {
    from: (f64, f64),
    to: (f64, f64),
    begin_ms: f64,
    duration_ms: f64,
}

impl Stroke {
    /// From here to there, as fast as Fitts's law allows for a target of this size.
    fn new(from: (f64, f64), to: (f64, f64), size_px: f64, begin_ms: f64, chance: &mut Chance) -> Stroke {
        let distance_px = libm::hypot(to.0 - from.0, to.1 - from.1);
        let difficulty = libm::log2(distance_px / size_px + 1.0);
        let duration_ms = 1_000.0 * difficulty / chance.between(THROUGHPUT.0, THROUGHPUT.1);
        Stroke { from, to, begin_ms, duration_ms }
    }

    fn end_ms(&self) -> f64 {
        self.begin_ms + self.duration_ms
    }

    /// Where the pointer is, by the trajectory of minimum jerk.
    ///
    /// Source: Flash and Hogan (1985), "The coordination of arm movements", equation 4.
    fn position(&self, at_ms: f64) -> (f64, f64) {
        let time = ((at_ms - self.begin_ms) / self.duration_ms).clamp(0.0, 1.0);
        let way = time * time * time * (10.0 + time * (6.0 * time - 15.0));
        let between = |from: f64, to: f64| from + (to - from) * way;
        (between(self.from.0, self.to.0), between(self.from.1, self.to.1))
    }
}

/// One movement with this aim of a mouse that reports its position `hz` times a second: the stroke `number` of this
/// seed.
pub(super) fn simulate(aim: Aim, hz: u32, seed: u64, number: u32) -> Outcome {
    let chance = &mut Chance::of(seed, number);
    let (least_px, most_px, size_px) = match aim {
        // Beyond the edge of the page.
        Aim::Tabs => (-70.0, -20.0, 30.0),
        Aim::Menu => (15.0, 70.0, 30.0),
        Aim::Page => (90.0, 250.0, 40.0),
    };
    let from = (chance.between(40.0, WIDTH_PX - 60.0), chance.between(300.0, HEIGHT_PX - 20.0));
    let target = (chance.between(40.0, WIDTH_PX - 60.0), chance.between(least_px, most_px));
    let error_px = size_px / DEVIATIONS;
    let landing = (target.0 + error_px * chance.normal(), target.1 + error_px * chance.normal());
    let mut strokes = vec![Stroke::new(from, landing, size_px, 0.0, chance)];
    let end_ms = strokes.iter().map(Stroke::end_ms).sum::<f64>();
    if (landing.1 - target.1).abs() > size_px / 2.0 {
        strokes.push(Stroke::new(landing, target, size_px, end_ms + REACTION_MS, chance));
    }
    let phase_ms = chance.between(0.0, 1_000.0 / f64::from(hz));
    watch(&strokes, hz, phase_ms)
}

/// What the engine sees of the pointer on these strokes, in the events that browsers dispatch.
fn watch(strokes: &[Stroke], hz: u32, phase_ms: f64) -> Outcome {
    let mut outcome = Outcome::default();
    let mut pointer = Pointer::default();
    pointer.returned(true);
    let (mut left_ms, mut early_ms) = (None, None);
    let step_ms = 1_000.0 / f64::from(hz);
    let end_ms = strokes.last().map_or(0.0, Stroke::end_ms) + REST_MS;
    let mut at_ms = phase_ms;
    while at_ms <= end_ms {
        let stroke = strokes.iter().rev().find(|stroke| stroke.begin_ms <= at_ms).or(strokes.first());
        let Some((x_px, y_px)) = stroke.map(|stroke| stroke.position(at_ms)) else { break };
        // Browsers tell whole pixels.
        let (x_px, y_px) = (libm::round(x_px), libm::round(y_px));
        let is_away = left_ms.is_some_and(|left_ms| at_ms - left_ms >= Pointer::AWAY_MS);
        if let Some(exit) = is_away.then(|| pointer.take_exit()).flatten() {
            outcome.count(&exit);
        }
        match (y_px < 0.0, left_ms) {
            (true, None) => {
                let size = (Some(WIDTH_PX), Some(HEIGHT_PX));
                let exit = PointerExit { x_px, y_px, width_px: size.0, height_px: size.1, ..PointerExit::default() };
                pointer.left(exit, at_ms);
                outcome.lead_ms = early_ms.map(|early_ms| at_ms - early_ms);
                outcome.crossed = true;
                left_ms = Some(at_ms);
            }
            (true, Some(_)) => {}
            (false, away) => {
                if away.is_some() {
                    pointer.returned(true);
                    left_ms = None;
                }
                pointer.moved(y_px, at_ms);
                if early_ms.is_none() && pointer.is_on_its_way_out(at_ms) {
                    early_ms = Some(at_ms);
                }
            }
        }
        at_ms += step_ms;
    }
    outcome
}
