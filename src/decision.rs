//! Profile, context and config to one [`Decision`] a slot, and to the prompt that is due.
//!
//! A decision is a function of what it is given: the same profile, context, config, seed and time
//! give the same decision, to the last bit, here and in every browser.

pub mod assignment;
pub mod evaluation_context;
pub mod experiment;
pub mod explain;
pub mod feature;
pub mod holdout;
pub mod slot;
pub mod exit_intent;
pub mod payload;
pub mod prompt;
pub mod targeting;

use crate::profile::sticky_bucket::StickyBucket;
use explain::Reason;

/// What one slot shows, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The slot's id.
    pub slot: String,
    /// The chosen variant's id; `None` is the page's own content.
    pub variant: Option<String>,
    /// How individual the choice is.
    pub level: Level,
    /// The score of the strategy that answered, in its own terms: a sum of interests, a weight, 1 for
    /// membership in a segment, 0 for the page's own content.
    pub score: f64,
    /// The probability with which this choice was made, over the draws of seeds; in (0, 1].
    pub propensity: f64,
    /// What led here, in order.
    pub reasons: Vec<Reason>,
    /// The arms that the visitor meets with it: experiment, arm, and the probability of it.
    pub exposures: Vec<Exposure>,
    /// StickyBuckets to be remembered, once the visitor met them.
    pub sticky: Vec<StickyBucket>,
}

/// An arm that a visitor was drawn into: experiment, arm, and the probability of it.
pub type Exposure = (String, String, f64);

impl Decision {
    /// The page's own content, before anything had a say.
    pub fn of(slot: &str) -> Decision {
        Decision {
            slot: slot.to_owned(),
            variant: None,
            level: Level::Standard,
            score: 0.0,
            propensity: 1.0,
            reasons: Vec::new(),
            exposures: Vec::new(),
            sticky: Vec::new(),
        }
    }
}

/// How individual a choice is, from the most general to the most individual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the server sent.
    Standard,
    /// What works for everybody.
    Generic,
    /// What fits a group the visitor is in.
    Customized,
    /// What fits this visitor.
    Personalized,
}

impl Level {
    /// All levels, the most general first.
    pub const ALL: [Level; 4] = [Level::Standard, Level::Generic, Level::Customized, Level::Personalized];

    /// The word in a decision.
    pub fn name(self) -> &'static str {
        match self {
            Level::Standard => "standard",
            Level::Generic => "generic",
            Level::Customized => "customized",
            Level::Personalized => "personalized",
        }
    }
}
