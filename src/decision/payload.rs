//! The section `experiments`: a GrowthBook payload as it is.
//!
//! It is another project's file, written by a server that its SDKs trust. So only what this engine
//! cannot do at all is a problem; a field of an unexpected type means here what it means to the SDK. What
//! decides whether a rule applies is read once, the rest of a rule is looked up when it is needed.

use crate::condition::coercion::truthy;
use crate::condition::{Condition, SavedGroup};
use crate::reader::Reader;
use crate::value::{Object, Value};

/// Features and experiments, with what they share.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Payload {
    /// All features.
    pub features: Vec<Feature>,
    /// Experiments that belong to no feature: those that slots name, and redirects.
    pub experiments: Vec<Rule>,
    /// Groups that conditions refer to.
    pub groups: Vec<SavedGroup>,
    /// Contextual bandits by reference; their leaves are learned elsewhere.
    pub bandits: Object,
}

/// A named value, and rules that change it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Feature {
    /// Its key.
    pub key: String,
    /// Its value where no rule applies.
    pub default: Value,
    /// The first rule that applies gives the value.
    pub rules: Vec<Rule>,
}

/// A rule of a feature, or an experiment.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rule {
    /// All of it.
    pub written: Value,
    /// Whom it is for.
    pub condition: Option<Condition>,
    /// Conditions on other features.
    pub prerequisites: Vec<Prerequisite>,
}

/// A condition on another feature's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Prerequisite {
    /// The other feature's key.
    pub feature: String,
    /// What has to be true of `{value}`.
    pub condition: Condition,
    /// Whether the feature has no value at all where this fails, in place of going on to the next rule.
    pub gate: bool,
}

impl Payload {
    /// Reads `experiments` of the config.
    pub fn read(at: &Reader<'_>) -> Payload {
        // `encryptedFeatures`, `encryptedExperiments`, `encryptedSavedGroups` and what may follow.
        for (key, _) in at.entries().iter().filter(|(key, _)| key.len() > 9 && key.starts_with("encrypted")) {
            at.field(key).problem("encrypted", Some("it as plain JSON"));
        }
        let features = at.field("features");
        let experiments = at.field("experiments");
        let experiments = experiments.or_default(&[][..], |at| at.items(0..=usize::MAX));
        Payload {
            features: features.entries().iter().filter(|(_, feature)| truthy(feature)).map(Feature::of).collect(),
            experiments: experiments.iter().map(Rule::of).collect(),
            groups: SavedGroup::read_all(at.field("savedGroups").entries()),
            bandits: at.field("contextualBandits").entries().clone(),
        }
    }

    /// The feature with this key.
    pub fn feature(&self, key: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.key == key)
    }

    /// The experiment with this key.
    pub fn experiment(&self, key: &str) -> Option<&Rule> {
        self.experiments.iter().find(|rule| rule.text("key") == key)
    }
}

impl Feature {
    fn of((key, written): (&str, &Value)) -> Feature {
        Feature {
            key: key.to_owned(),
            default: written.at("defaultValue").clone(),
            rules: written.at("rules").items().iter().map(Rule::of).collect(),
        }
    }
}

impl Rule {
    /// A rule, as the SDK understands it.
    pub fn of(written: &Value) -> Rule {
        let parent = |written: &Value| Prerequisite {
            feature: written.at("id").text().to_owned(),
            condition: Condition::of(written.at("condition")),
            gate: truthy(written.at("gate")),
        };
        let condition = written.at("condition");
        Rule {
            condition: truthy(condition).then(|| Condition::of(condition)),
            prerequisites: written.at("parentConditions").items().iter().map(parent).collect(),
            written: written.clone(),
        }
    }

    /// The value under `key`; `null` where there is none.
    pub fn field(&self, key: &str) -> &Value {
        self.written.at(key)
    }

    /// The text under `key`; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.field(key).text()
    }

    /// The variations. A contextual bandit has its own list of them, so that older SDKs skip the rule.
    pub fn variations(&self) -> &Value {
        match self.field("contextualVariations") {
            Value::Null => self.field("variations"),
            own => own,
        }
    }
}
