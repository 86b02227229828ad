//! Which arm of which experiment the visitor met: each once.

use crate::codec::Codec;
use crate::list::remove;
use crate::profile::journal::{Entry, JournalEvent};
use crate::text::concat;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many exposures are kept; the oldest gives way.
const LIMIT: usize = 200;

/// The exposures of a visitor, the first one first.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Exposures(Vec<Exposed>);

#[derive(Clone, Debug, PartialEq, Default)]
struct Exposed {
    experiment: String,
    arm: String,
    /// The probability with which this arm was drawn, over all visitors the experiment is for.
    propensity: f64,
    at: Timestamp,
}

/// What analytics are told of an arm that was met.
///
/// Source: Google Analytics 4, "Use audiences for A/B testing", `exp_variant_string`: a tool's own
/// name, the experiment and the variant, joined by hyphens.
pub fn said(experiment: &str, arm: &str) -> String {
    concat(&["tailorbird-", experiment, "-", arm])
}

impl Exposures {
    /// Whether the visitor was counted in this arm.
    pub fn has(&self, experiment: &str, arm: &str) -> bool {
        self.0.iter().any(|exposed| exposed.experiment == experiment && exposed.arm == arm)
    }

    /// Whether the arm of which [`said`] says this was met before `start`.
    pub fn was_met(&self, says: &str, start: Timestamp) -> bool {
        self.0.iter().any(|exposed| exposed.at < start && said(&exposed.experiment, &exposed.arm) == says)
    }

    /// Takes in one entry of a journal. Two tabs may both have met an arm first: it counts once.
    pub fn fold(&mut self, entry: &Entry) {
        let JournalEvent::Exposure(experiment, arm, propensity) = &entry.event else { return };
        self.add(Exposed { experiment: experiment.clone(), arm: arm.clone(), propensity: *propensity, at: entry.at });
    }

    /// Takes in those of another device.
    pub fn merge(&mut self, other: Exposures) {
        for exposed in other.0 {
            self.add(exposed);
        }
    }

    fn add(&mut self, exposed: Exposed) {
        if self.has(&exposed.experiment, &exposed.arm) {
            return;
        }
        if self.0.len() >= LIMIT {
            remove(&mut self.0, 0);
        }
        self.0.push(exposed);
    }

    /// A list of `{experiment, variation, propensity, at}`, for the visitor to read.
    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    pub fn readable(&self) -> Value {
        let one = |exposed: &Exposed| {
            Object::new()
                .with("experiment", exposed.experiment.as_str())
                .with("variation", exposed.arm.as_str())
                .with("propensity", exposed.propensity)
                .with("at", exposed.at.ms() as f64)
        };
        self.0.iter().map(one).collect()
    }

    /// Its part of the snapshot, written or read.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(LIMIT, &mut self.0, |codec, exposed| {
            codec.text(&mut exposed.experiment);
            codec.text(&mut exposed.arm);
            codec.double(&mut exposed.propensity);
            codec.time(&mut exposed.at);
        });
    }
}
