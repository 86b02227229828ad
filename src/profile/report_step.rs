//! What happens to a report on an experiment, on its way from the first exposure to the site.
//!
//! What a report is, and what becomes of these steps: [`measurement::reports`](crate::measurement::reports).

use crate::codec::Codec;
use crate::random::NoiseKey;

/// One step of a report.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum ReportStep {
    /// The visitor was exposed to this variation for the first time: from now on the outcome is awaited. The noise that
    /// will hide it is drawn from the key.
    Begun(String, NoiseKey),
    /// The goal was reached, by an event of this value.
    Reached(f64),
    /// The report was handed out to the site, at the cost of this epsilon.
    HandedOut(f64),
    /// The visitor does not allow measuring: no report of this experiment is made any more.
    #[default]
    Dropped,
}

impl ReportStep {
    /// Its part of a journal entry.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        let mut tag = match self {
            ReportStep::Begun(..) => 0,
            ReportStep::Reached(_) => 1,
            ReportStep::HandedOut(_) => 2,
            ReportStep::Dropped => 3,
        };
        codec.varint_u32(&mut tag);
        if codec.is_reading() {
            *self = match tag {
                0 => ReportStep::Begun(String::new(), NoiseKey::default()),
                1 => ReportStep::Reached(0.0),
                2 => ReportStep::HandedOut(0.0),
                3 => ReportStep::Dropped,
                _ => return codec.fail(),
            };
        }
        match self {
            ReportStep::Begun(variation, key) => {
                codec.text(variation);
                key.code(codec);
            }
            ReportStep::Reached(number) | ReportStep::HandedOut(number) => codec.double(number),
            ReportStep::Dropped => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;

    #[test]
    fn every_step_is_read_as_it_was_written() {
        let begun = ReportStep::Begun("boots".into(), NoiseKey(u64::MAX, 3));
        for mut step in [begun, ReportStep::Reached(49.5), ReportStep::HandedOut(2.0), ReportStep::Dropped] {
            assert_eq!(round_trip(&mut step, ReportStep::code), step);
        }
    }
}
