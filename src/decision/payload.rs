//! What stands below `experiments`: a GrowthBook payload as it is.
//!
//! It is another project's file, made by a server that its SDKs trust. So only what this engine
//! cannot do at all is refused; a field of an odd type means here what it means to the SDK. What
//! decides whether a rule applies is read once, the rest of a rule is looked up when it is needed.

use crate::condition::coercion::truthy;
use crate::condition::{Condition, Group};
use crate::reader::Reader;
use crate::value::{Object, Value};

/// Features and experiments, with what they share.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Payload {
    /// By key.
    pub features: Vec<(String, Feature)>,
    /// Experiments that are no feature's: for slots that name them, and for redirects.
    pub experiments: Vec<Rule>,
    /// Saved groups, by id.
    pub groups: Vec<(String, Group)>,
    /// Contextual bandits, by reference; their leaves are learned elsewhere.
    pub bandits: Object,
}

/// A named value, and the rules that change it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Feature {
    /// Its value where no rule applies.
    pub default: Value,
    /// The first that applies gives the value.
    pub rules: Vec<Rule>,
}

/// A rule of a feature, or an experiment.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rule {
    /// All of it.
    pub written: Value,
    /// Whom it is for.
    pub condition: Option<Condition>,
    /// Other features that have a say.
    pub prerequisites: Vec<Prerequisite>,
}

/// A prerequisite: a condition on another feature's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Prerequisite {
    /// The other feature.
    pub feature: String,
    /// What holds of `{value}`.
    pub condition: Condition,
    /// Whether the feature has no value at all where this does not hold, rather than going on to
    /// the next rule.
    pub gate: bool,
}

impl Payload {
    /// Reads `experiments` of the config.
    pub fn read(at: &Reader<'_>) -> Payload {
        if at.is_missing() {
            return Payload::default();
        }
        // `encryptedFeatures`, `encryptedExperiments`, `encryptedSavedGroups` and what may follow.
        for (key, _) in at.entries().iter().filter(|(key, _)| key.len() > 9 && key.starts_with("encrypted")) {
            at.field(key).note("is encrypted, expected it as plain JSON");
        }
        let features = at.field("features");
        let experiments = at.field("experiments");
        let groups = at.field("savedGroups");
        let bandits = at.field("contextualBandits");
        let known = |(_, feature): &(&str, &Value)| truthy(feature);
        let feature = |(key, feature): (&str, &Value)| (key.to_owned(), Feature::of(feature));
        Payload {
            features: features.or(Vec::new(), |at| at.entries().iter().filter(known).map(feature).collect()),
            experiments: experiments.or(Vec::new(), |at| at.items(0, usize::MAX).iter().map(Rule::of).collect()),
            groups: groups.or(Vec::new(), |at| Group::read_all(at.entries())),
            bandits: bandits.or(Object::new(), |at| at.entries().clone()),
        }
    }

    /// The experiment called `key`.
    pub fn experiment(&self, key: &str) -> Option<&Rule> {
        self.experiments.iter().find(|rule| rule.text("key") == key)
    }
}

impl Feature {
    fn of(written: &Value) -> Feature {
        Feature {
            default: written.at("defaultValue").clone(),
            rules: written.at("rules").items().iter().map(Rule::of).collect(),
        }
    }
}

impl Rule {
    /// A rule, as far as it can be read.
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

    /// What stands under `key`; `null` where nothing does.
    pub fn field(&self, key: &str) -> &Value {
        self.written.at(key)
    }

    /// The text under `key`; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.field(key).text()
    }

    /// The arms: a contextual bandit has its own, so that older SDKs pass it by.
    pub fn arms(&self) -> &Value {
        match self.field("contextualVariations") {
            Value::Null => self.field("variations"),
            own => own,
        }
    }
}
