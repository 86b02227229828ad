//! Explanations: the reasons of decisions, assignments and feature values, by name and in plain words. All of them are
//! here.

use super::bandit::reason::BanditReason;
use super::eligibility::Ineligible;
use super::explained::Explained;
use super::recommend::NoItems;

use crate::number;
use crate::signal::ranking::Kind;
use crate::value::Object;

/// One step on the way to a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The slot keeps the page's own content for now, or here.
    SlotIneligible(Ineligible),
    /// A variant cannot be chosen for now, or here.
    VariantIneligible {
        /// The variant.
        variant: String,
        /// Why.
        reason: Ineligible,
    },
    /// One of the variants of an experiment cannot be chosen.
    ExperimentIneligible,
    /// The visitor is in a holdout of this share.
    HeldOut(f64),
    /// There is a holdout, but the visitor has no stable id from which to draw.
    NoStableId,
    /// Too few events in a dimension.
    TooFewEvents {
        /// The dimension.
        dimension: String,
        /// Events so far.
        seen: u32,
        /// Events that the strategy needs.
        needed: u32,
    },
    /// No variant matches the visitor's interests well enough.
    WeakInterest {
        /// The dimension.
        dimension: String,
        /// The largest sum of interests among the variants.
        share: f64,
        /// The sum that the strategy needs.
        needed: f64,
    },
    /// The visitor's interests decided.
    Interest {
        /// The dimension.
        dimension: String,
        /// The keys of the variant in this dimension.
        keys: Vec<String>,
        /// The sum of the interests in them.
        share: f64,
    },
    /// The visitor is in this segment.
    InSegment(String),
    /// The bandit decided, or why it did not.
    Bandit(BanditReason),
    /// No variant is for a segment that the visitor is in.
    NoMatchingSegment,
    /// The variant with the largest weight, which is this.
    DefaultVariant(f64),
    /// No variant has a weight.
    NoDefaultVariant,
    /// The result of an experiment or a feature.
    Experiment {
        /// Which one.
        source: ExperimentSource,
        /// The variation that the visitor was assigned, if any.
        variation: Option<Variation>,
        /// Why.
        reason: FeatureReason,
    },
    /// A crawler views the page.
    Crawler,
    /// Somebody previews this variant.
    Preview,
    /// The boot snippet has shown this variant before the engine loaded.
    Booted,
    /// The site model is being asked.
    RankingAwaited,
    /// Nothing of this kind is recommended.
    NoRecommendations(Kind, NoItems),
    /// These items are recommended, each by name, and with the item that it follows from.
    Recommended(Kind, Vec<(String, Option<String>)>),
    /// No strategy applies.
    OwnContent,
}

/// How the score of a decision came about, and what else there was to choose from.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scores {
    /// What adds up to the score; of a bandit in a context to the log odds of its goal.
    pub contributions: Vec<(String, f64)>,
    /// The other variants, each with its score by the same strategy, the best first.
    pub alternatives: Vec<(String, f64)>,
}

/// What decides for a slot by experiment.
#[derive(Clone, Debug, PartialEq)]
pub enum ExperimentSource {
    /// The experiment with this key.
    Experiment(String),
    /// The feature with this key.
    Feature(String),
}

/// A variation that the visitor was assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The experiment's key.
    pub experiment: String,
    /// The variation's key.
    pub key: String,
}

/// Why a visitor was assigned a variation, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentReason {
    /// There is no such experiment.
    UnknownExperiment,
    /// It has fewer than two variations, an unknown hash version, or what only code could give it.
    NotRunnable,
    /// It does not run on this address.
    OtherAddress,
    /// The address names the variation.
    QueryOverride,
    /// The variation is forced.
    Forced,
    /// It is a draft, stopped, or switched off.
    Inactive,
    /// The visitor has no stable id.
    NoStableId,
    /// Another experiment of its namespace has the visitor.
    OutsideNamespace,
    /// Its condition does not hold.
    ConditionFails,
    /// A prerequisite does not hold.
    PrerequisiteFails,
    /// The visitor was in a version that excludes from this one.
    EarlierVersion,
    /// The visitor is not in the share that takes part.
    OutsideCoverage,
    /// The visitor keeps the variation of before.
    Sticky,
    /// The variation was drawn by hash.
    Drawn,
}

/// Why a feature has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureReason {
    /// There is no such feature.
    UnknownFeature,
    /// No rule applies.
    NoRule,
    /// A rule forces the value.
    Rule,
    /// An experiment assigned the value, or did not.
    Assignment(AssignmentReason),
    /// A prerequisite does not hold.
    PrerequisiteFails,
    /// Prerequisites refer to each other in a circle.
    CircularPrerequisites,
}

impl Reason {
    /// The reason in words: a lower-case fragment without a full stop.
    pub fn text(&self) -> String {
        self.explained().text
    }

    /// Whether it says more than that nothing applies, which goes without saying of a part that is looked at alone.
    pub fn is_particular(&self) -> bool {
        !matches!(self, Reason::OwnContent)
    }

    /// `InspectedReason` of `www/inspector/access.ts`.
    pub fn to_object(&self) -> Object {
        let Explained { code, text } = self.explained();
        let variant = match self {
            Reason::VariantIneligible { variant, .. } => Some(variant.as_str()),
            _ => None,
        };
        Object::new().with("code", code).with("variant", variant).with("text", text)
    }

    /// The reason by its name and in words.
    pub fn explained(&self) -> Explained {
        let (code, text) = match self {
            Reason::SlotIneligible(reason) => return reason.explained(),
            Reason::VariantIneligible { variant, reason } => {
                let Explained { code, text } = reason.explained();
                (code, format!("variant {variant}: {text}"))
            }
            Reason::ExperimentIneligible => {
                ("no-experiment", "no experiment: one of its variants cannot be shown".to_owned())
            }
            Reason::HeldOut(share) => ("holdout", format!("in the holdout ({})", percent(*share))),
            Reason::NoStableId => ("no-stable-id", "no holdout: this visitor has no stable id".to_owned()),
            Reason::TooFewEvents { dimension, seen, needed } => {
                ("too-few-events", format!("{seen} of {needed} events needed about {dimension}"))
            }
            Reason::WeakInterest { dimension, share, needed } => {
                let (share, needed) = (percent(*share), percent(*needed));
                let text =
                    format!("no variant matches this visitor's {dimension} interests: {share} of {needed} needed");
                ("no-interest", text)
            }
            Reason::Interest { dimension, keys, share } => {
                let (share, keys) = (percent(*share), keys.join(" and "));
                ("interest", format!("{share} of this visitor's {dimension} interest is in {keys}"))
            }
            Reason::Bandit(reason) => return reason.explained(),
            Reason::InSegment(id) => ("segment", format!("in segment {id}")),
            Reason::NoMatchingSegment => ("no-segment", "no variant matches this visitor's segments".to_owned()),
            Reason::DefaultVariant(weight) => {
                ("popular", format!("default variant (weight {} in the config)", number::format(*weight)))
            }
            Reason::NoDefaultVariant => ("no-popular", "no default variant: none has a weight".to_owned()),
            Reason::Experiment { source, variation, reason } => {
                let code = match reason {
                    FeatureReason::Assignment(AssignmentReason::ConditionFails) => "experiment-condition",
                    _ => "experiment",
                };
                (code, experiment_text(source, variation.as_ref(), *reason))
            }
            Reason::Crawler => ("crawler", "a crawler gets the page as it was sent".to_owned()),
            Reason::Preview => ("preview", "previewed".to_owned()),
            Reason::Booted => ("booted", "shown before the engine loaded, as on the last visit".to_owned()),
            Reason::RankingAwaited => ("awaited", "waiting for the site model".to_owned()),
            Reason::NoRecommendations(kind, reason) => {
                ("no-items", format!("nothing {}: {}", kind.name(), reason.text()))
            }
            Reason::Recommended(kind, items) => {
                let item = |(name, because): &(String, Option<String>)| match because {
                    Some(because) => format!("{name} (because of {because})"),
                    None => name.clone(),
                };
                let items = items.iter().map(item).collect::<Vec<_>>().join(", ");
                ("recommend", format!("{}: {items}", kind.name()))
            }
            Reason::OwnContent => ("own-content", "no strategy applies: the page's own content".to_owned()),
        };
        Explained { code, text }
    }
}

/// What an experiment or a feature came to.
fn experiment_text(source: &ExperimentSource, variation: Option<&Variation>, reason: FeatureReason) -> String {
    let (kind, key) = match source {
        ExperimentSource::Experiment(key) => ("experiment", key),
        ExperimentSource::Feature(key) => ("feature", key),
    };
    let reason = reason.text();
    match variation {
        None => format!("{kind} {key}: {reason}"),
        Some(variation) if variation.experiment == *key => {
            format!("{kind} {key}: variation {}, {reason}", variation.key)
        }
        Some(Variation { experiment, key: variation }) => {
            format!("{kind} {key}: variation {variation} of {experiment}, {reason}")
        }
    }
}

impl AssignmentReason {
    /// The reason as a lower-case fragment without a full stop.
    pub fn text(self) -> &'static str {
        match self {
            AssignmentReason::UnknownExperiment => "unknown experiment",
            AssignmentReason::NotRunnable => "it cannot be run",
            AssignmentReason::OtherAddress => "it does not run on this address",
            AssignmentReason::QueryOverride => "set by the address",
            AssignmentReason::Forced => "forced",
            AssignmentReason::Inactive => "it is not active",
            AssignmentReason::NoStableId => "this visitor has no stable id",
            AssignmentReason::OutsideNamespace => "outside its namespace",
            AssignmentReason::ConditionFails => "its condition does not match this visitor",
            AssignmentReason::PrerequisiteFails => "a prerequisite does not hold",
            AssignmentReason::EarlierVersion => "excluded by an earlier version",
            AssignmentReason::OutsideCoverage => "outside its coverage",
            AssignmentReason::Sticky => "the same as before",
            AssignmentReason::Drawn => "drawn by hash",
        }
    }
}

impl FeatureReason {
    /// The reason as a lower-case fragment without a full stop.
    pub fn text(self) -> &'static str {
        match self {
            FeatureReason::UnknownFeature => "unknown feature",
            FeatureReason::NoRule => "no rule applies",
            FeatureReason::Rule => "set by a rule",
            FeatureReason::Assignment(reason) => reason.text(),
            FeatureReason::PrerequisiteFails => "a prerequisite does not hold",
            FeatureReason::CircularPrerequisites => "its prerequisites are circular",
        }
    }
}

/// A share in whole percent.
fn percent(share: f64) -> String {
    format!("{} %", number::round(share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::bandit::reason::Chosen;
    use crate::profile::value::Tier;
    use crate::time::Timestamp;

    fn every_reason() -> Vec<Reason> {
        let (text, at) = (String::new, Timestamp::from_ms(0));
        let experiment = |reason| Reason::Experiment {
            source: ExperimentSource::Experiment(text()),
            variation: None,
            reason: FeatureReason::Assignment(reason),
        };
        let chosen = Chosen { variant: text(), probability: 0.5, contributions: vec![], others: vec![], kept: false };
        let ineligible = [
            Ineligible::NotBefore(at),
            Ineligible::Ended(at),
            Ineligible::OtherAddress,
            Ineligible::ConditionFails,
            Ineligible::MissingValue(text()),
            Ineligible::BelowTier(Tier::Champion),
            Ineligible::OfferedElsewhere(text()),
        ];
        let bandit = [
            BanditReason::Chosen(chosen),
            BanditReason::TooFewObservations { seen: 1.0, needed: 2 },
            BanditReason::NoStableId,
            BanditReason::NoVariant,
        ];
        let others = [
            Reason::ExperimentIneligible,
            Reason::HeldOut(0.5),
            Reason::NoStableId,
            Reason::TooFewEvents { dimension: text(), seen: 1, needed: 2 },
            Reason::WeakInterest { dimension: text(), share: 0.1, needed: 0.2 },
            Reason::Interest { dimension: text(), keys: vec![], share: 0.5 },
            Reason::InSegment(text()),
            Reason::NoMatchingSegment,
            Reason::DefaultVariant(1.0),
            Reason::NoDefaultVariant,
            experiment(AssignmentReason::ConditionFails),
            experiment(AssignmentReason::Drawn),
            Reason::Crawler,
            Reason::Preview,
            Reason::Booted,
            Reason::RankingAwaited,
            Reason::NoRecommendations(Kind::ForYou, NoItems::NothingFits),
            Reason::Recommended(Kind::ForYou, vec![]),
            Reason::OwnContent,
        ];
        let ineligible = ineligible.into_iter().map(Reason::SlotIneligible);
        ineligible.chain(bandit.into_iter().map(Reason::Bandit)).chain(others).collect()
    }

    #[test]
    fn the_inspector_knows_every_reason_by_its_name() {
        let types = include_str!("../../www/inspector/access.ts");
        for reason in every_reason() {
            let Explained { code, text } = reason.explained();
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code} is no kebab-case");
            assert!(types.contains(&format!("| `{code}` |")), "{code} ({text}) is not described in access.ts");
        }
    }

    #[test]
    fn a_reason_about_a_variant_names_it_and_keeps_the_name_of_the_reason() {
        let reason = Reason::VariantIneligible { variant: "boots".to_owned(), reason: Ineligible::OtherAddress };
        assert_eq!(
            serde_json::to_string(&reason.to_object()).unwrap(),
            r#"{"code":"address","variant":"boots","text":"variant boots: it is not for this address"}"#
        );
    }
}
