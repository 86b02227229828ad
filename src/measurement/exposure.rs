//! Which variation of which experiment the visitor was exposed to: each once.

use crate::codec::Codec;
use crate::profile::journal::{Entry, JournalEvent};
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most exposures stored; beyond, the oldest is evicted.
const LIMIT: usize = 200;

/// The exposures of a visitor, the first one first.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Exposures(Vec<Exposure>);

#[derive(Clone, Debug, PartialEq, Default)]
struct Exposure {
    experiment: String,
    variation: String,
    /// The probability with which this variation was assigned, over all visitors the experiment is for.
    propensity: f64,
    at: Timestamp,
}

/// What an exposure is called in reports to analytics.
///
/// Source: Google Analytics 4, "Use audiences for A/B testing", `exp_variant_string`: a tool's own
/// name, the experiment and the variant, joined by hyphens.
pub fn exp_variant_string(experiment: &str, variation: &str) -> String {
    format!("tailorbird-{experiment}-{variation}")
}

impl Exposures {
    /// Whether an exposure to this variation is recorded.
    pub fn has(&self, experiment: &str, variation: &str) -> bool {
        self.0.iter().any(|known| known.experiment == experiment && known.variation == variation)
    }

    /// When an exposure to a variation was recorded, or without one to any variation of the experiment the first time.
    pub fn at(&self, experiment: &str, variation: Option<&str>) -> Option<Timestamp> {
        let is_it = |known: &&Exposure| {
            known.experiment == experiment && variation.is_none_or(|variation| known.variation == variation)
        };
        self.0.iter().find(is_it).map(|known| known.at)
    }

    /// Whether the exposure with this [`exp_variant_string`] was recorded before `start`.
    pub fn was_before(&self, exp_variant: &str, start: Timestamp) -> bool {
        self.0
            .iter()
            .any(|known| known.at < start && exp_variant_string(&known.experiment, &known.variation) == exp_variant)
    }

    /// Applies one entry of a journal. Two tabs may both have recorded an exposure: it counts once.
    pub fn fold(&mut self, entry: &Entry) {
        let JournalEvent::Exposure(experiment, variation, propensity) = &entry.event else { return };
        self.add(Exposure {
            experiment: experiment.clone(),
            variation: variation.clone(),
            propensity: *propensity,
            at: entry.at,
        });
    }

    /// Adds those of another device.
    pub fn merge(&mut self, other: Exposures) {
        for exposure in other.0 {
            self.add(exposure);
        }
    }

    fn add(&mut self, exposure: Exposure) {
        if self.has(&exposure.experiment, &exposure.variation) {
            return;
        }
        if self.0.len() >= LIMIT {
            self.0.remove(0);
        }
        self.0.push(exposure);
    }

    /// A list of `{experiment, variation, propensity, at}`, for the visitor to read.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Value {
        let one = |exposure: &Exposure| {
            Object::new()
                .with("experiment", exposure.experiment.as_str())
                .with("variation", exposure.variation.as_str())
                .with("propensity", exposure.propensity)
                .with("at", exposure.at.ms() as f64)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, exposure| {
            codec.text(&mut exposure.experiment);
            codec.text(&mut exposure.variation);
            codec.double(&mut exposure.propensity);
            codec.time(&mut exposure.at);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::round_trip;
    use proptest::prelude::*;

    #[test]
    fn an_exposure_counts_once_and_from_the_first_time() {
        let mut exposures = Exposures::default();
        for at in [5, 9] {
            let event = JournalEvent::Exposure("hero".into(), "boots".into(), 0.5);
            exposures.fold(&Entry { number: 1, at: Timestamp::from_ms(at), event });
        }
        assert_eq!(exposures.0.len(), 1);
        let was_before = |start| exposures.was_before("tailorbird-hero-boots", Timestamp::from_ms(start));
        assert!(!was_before(5) && was_before(6));
    }

    proptest! {
        #[test]
        fn exposures_of_any_number_survive_their_snapshot(count in 195..205_usize) {
            let one = |number: usize| Exposure { experiment: format!("e{number}"), ..Exposure::default() };
            let mut exposures = Exposures((0..count).map(one).collect());
            let read = round_trip(&mut exposures, Exposures::code);
            prop_assert_eq!(&read.0[..], &exposures.0[count.saturating_sub(LIMIT)..]);
        }
    }
}
