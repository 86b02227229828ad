//! Why a decision came out as it did, in plain words.

use crate::number::format as text;
use crate::text::concat;

/// One step on the way to a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The visitor is in the slot's holdout of this share.
    HeldOut(f64),
    /// There is a holdout, but nothing lasting to draw from.
    NoStableId,
    /// Not enough happened in a dimension.
    TooFewEvents {
        /// The dimension.
        dimension: String,
        /// Events so far.
        seen: u32,
        /// Events the strategy asks for.
        needed: u32,
    },
    /// The strongest match is too weak.
    WeakInterest {
        /// The dimension.
        dimension: String,
        /// The largest sum of interests among the variants.
        share: f64,
        /// What the strategy asks for.
        needed: f64,
    },
    /// The visitor's interests chose.
    Interest {
        /// The dimension.
        dimension: String,
        /// The sum of interests.
        share: f64,
    },
    /// The visitor is in this segment.
    InSegment(String),
    /// The visitor is in no segment that a variant is for.
    InNoSegment,
    /// The largest weight chose.
    Popular(f64),
    /// No variant has a weight.
    NothingPopular,
    /// What an experiment or a feature says.
    Experiment(String),
    /// The address asks to see this variant.
    Preview,
    /// The last strategy.
    OwnContent,
}

impl Reason {
    /// The reason as a sentence without its full stop.
    pub fn text(&self) -> String {
        match self {
            Reason::HeldOut(share) => concat(&["kept for comparison: in the holdout of ", &percent(*share)]),
            Reason::NoStableId => "not eligible for the holdout: no stable id".to_owned(),
            Reason::TooFewEvents { dimension, seen, needed } => {
                concat(&[&count(*seen), " of ", &count(*needed), " events about ", dimension])
            }
            Reason::WeakInterest { dimension, share, needed } => concat(&[
                "no variant matches the interests in ",
                dimension,
                ": ",
                &percent(*share),
                " of ",
                &percent(*needed),
                " needed",
            ]),
            Reason::Interest { dimension, share } => {
                concat(&[&percent(*share), " of the interest in ", dimension, " is here"])
            }
            Reason::InSegment(id) => concat(&["in segment ", id]),
            Reason::InNoSegment => "in no segment that a variant is for".to_owned(),
            Reason::Popular(weight) => concat(&["works best for everybody: weight ", &text(*weight)]),
            Reason::NothingPopular => "no variant has a weight".to_owned(),
            Reason::Experiment(says) => says.clone(),
            Reason::Preview => "a preview".to_owned(),
            Reason::OwnContent => "the page's own content".to_owned(),
        }
    }
}

fn count(number: u32) -> String {
    text(f64::from(number))
}

/// A share as a whole number of percent.
fn percent(share: f64) -> String {
    concat(&[&text((share * 100.0 + 0.5).floor()), " %"])
}
