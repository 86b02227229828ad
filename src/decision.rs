//! From profile, context and config to one [`Decision`] for each slot, and to the prompt that is due.
//!
//! A decision is a function of its inputs: the same profile, context, config, seed and time give the same
//! decision, to the last bit, here and in every browser.

pub mod assignment;
pub mod bandit;
pub mod eligibility;
pub mod evaluation_context;
pub mod experiment;
pub mod explain;
pub mod explained;
pub mod feature;
pub mod goal;
pub mod holdout;
pub mod exit_intent;
pub mod payload;
pub mod prompt;
pub mod recommend;
pub mod selection;
pub mod slot;
pub mod strategy;
pub mod targeting;
pub mod variant;

use crate::profile::sticky_bucket::StickyBucket;
use explain::{Reason, Scores};
use recommend::{Recommendation, Shelf};

/// What one slot shows, or one prompt says, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The slot's id; `prompt:` and its id for a prompt.
    pub slot: String,
    /// The chosen variant's id, or the kind of the items that are recommended; `None` is the page's own content, or no
    /// prompt.
    pub variant: Option<String>,
    /// How individual the choice is.
    pub level: Level,
    /// The score by the strategy that decided: a sum of interests, the estimated probability of the goal by a bandit, a
    /// weight, 1 for membership in a segment, 0 for the page's own content.
    pub score: f64,
    /// The probability of this choice over the draws of seeds, in `(0, 1]`.
    pub propensity: f64,
    /// The items that are recommended, the best first; with none a variant decides what is shown.
    pub items: Vec<Recommendation>,
    /// The probability with which the bandit drew it, in `(0, 1]`; `None` where none decided.
    pub drawn: Option<f64>,
    /// What led here, in order.
    pub reasons: Vec<Reason>,
    /// How the score came about.
    pub scores: Scores,
    /// The assignments that showing it exposes the visitor to.
    pub exposures: Vec<Exposure>,
    /// The assignments to remember once the visitor is exposed.
    pub sticky: Vec<StickyBucket>,
}

impl Decision {
    /// Whether the site model is being asked, so that nothing is decided yet.
    pub fn is_awaited(&self) -> bool {
        matches!(self.reasons.last(), Some(Reason::RankingAwaited))
    }

    /// Whether a shelf decides, or waits for the site model to decide.
    pub fn is_of(&self, shelf: &Shelf) -> bool {
        self.is_awaited() || !self.items.is_empty() && self.variant.as_deref() == Some(shelf.kind.name())
    }

    /// Whether nothing is shown on purpose, for comparison: the visitor is in a holdout, or in the control of an
    /// experiment.
    pub fn is_withheld(&self) -> bool {
        let for_comparison =
            |reason: &Reason| matches!(reason, Reason::HeldOut(_) | Reason::Experiment { variation: Some(_), .. });
        self.variant.is_none() && self.reasons.last().is_some_and(for_comparison)
    }
}

/// A visitor's assignment to a variation of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// The experiment's key.
    pub experiment: String,
    /// The variation's key.
    pub variation: String,
    /// The probability of this assignment, in `(0, 1]`.
    pub propensity: f64,
}

impl Decision {
    /// The page's own content, for no reason yet.
    pub fn of(slot: &str) -> Decision {
        Decision {
            slot: slot.to_owned(),
            variant: None,
            level: Level::Standard,
            score: 0.0,
            propensity: 1.0,
            items: Vec::new(),
            drawn: None,
            reasons: Vec::new(),
            scores: Scores::default(),
            exposures: Vec::new(),
            sticky: Vec::new(),
        }
    }
}

/// How individual a choice is, from the most general to the most individual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The page's own content.
    Standard,
    /// The same for everybody.
    Generic,
    /// For a group that the visitor is in.
    Customized,
    /// For this visitor.
    Personalized,
}

impl Level {
    /// All levels, the most general first.
    pub const ALL: [Level; 4] = [Level::Standard, Level::Generic, Level::Customized, Level::Personalized];

    /// The name in a decision.
    pub fn name(self) -> &'static str {
        match self {
            Level::Standard => "standard",
            Level::Generic => "generic",
            Level::Customized => "customized",
            Level::Personalized => "personalized",
        }
    }
}
