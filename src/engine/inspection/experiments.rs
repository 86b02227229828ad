//! Every experiment that a slot, a prompt or a feature runs: where the visitor is in it, and why, or why not.

use crate::decision::Decision;
use crate::decision::evaluation_context::EvaluationContext;
use crate::decision::experiment::{Evaluation, Experiment};
use crate::decision::explain::{ExperimentSource, Reason, Variation};
use crate::decision::feature::Source;
use crate::decision::selection::Selection;
use crate::decision::strategy::{Elsewhere, Strategy};
use crate::engine::Engine;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The visitor's place in an experiment.
struct Place {
    variation: Option<String>,
    reason: String,
}

impl Engine {
    /// A list of `InspectedExperiment`s of `www/inspector/access.ts`. The decision context is to be up to date.
    pub(super) fn inspected_experiments(&self, now: Timestamp) -> Value {
        let context = self.evaluation_context(&self.decision_context.attributes);
        let mut found: Vec<Object> = Vec::new();
        let mut features: Vec<&str> = Vec::new();
        let experiment = [Strategy::Experiment];
        let evidence = || self.evidence(Elsewhere::default(), now);
        let slots = self.config.slots.iter().filter(|slot| slot.selection.is_experiment());
        let of_slots = slots.map(|slot| (slot.id.clone(), &slot.selection, slot.decide_by(&experiment, evidence())));
        let prompts = self.config.prompts.iter().filter(|prompt| prompt.selection.is_experiment());
        let of_prompts = prompts.map(|prompt| {
            let id = prompt.decision_id();
            let decision = prompt.selection.decide_by(&experiment, &id, evidence());
            (id, &prompt.selection, decision)
        });
        for (place, selection, decision) in of_slots.chain(of_prompts) {
            if let ExperimentSource::Feature(key) = &selection.experiment {
                features.push(key);
            }
            for experiment in experiments_of(selection, context) {
                let standing = standing_in(&decision, experiment.key);
                found.push(self.inspected_experiment(&place, &experiment, &standing, context));
            }
        }
        for feature in self.config.payload.features.iter().filter(|feature| !features.contains(&feature.key.as_str())) {
            let place = format!("feature:{}", feature.key);
            for experiment in Evaluation::of(context).experiments_of(feature) {
                let standing = standing_in_rule(&feature.key, experiment, context);
                found.push(self.inspected_experiment(&place, &experiment, &standing, context));
            }
        }
        found.into_iter().collect()
    }

    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    fn inspected_experiment(
        &self,
        place: &str,
        experiment: &Experiment<'_>,
        standing: &Place,
        context: EvaluationContext<'_>,
    ) -> Object {
        let shares = experiment.shares(context).into_iter();
        let shares = shares.fold(Object::new(), |shares, (variation, share)| shares.with(&variation, share));
        let exposed = self.store.state.exposures.at(experiment.key, standing.variation.as_deref());
        Object::new()
            .with("experiment", experiment.key)
            .with("where", place)
            .with("variation", standing.variation.clone())
            .with("bucket", experiment.bucket(context))
            .with("shares", shares)
            .with("reason", standing.reason.as_str())
            .with("exposed", exposed.map(|at| at.ms() as f64))
    }
}

/// The experiments that the strategy `experiment` of a slot or prompt may run.
fn experiments_of<'a>(selection: &Selection, context: EvaluationContext<'a>) -> Vec<Experiment<'a>> {
    match &selection.experiment {
        ExperimentSource::Experiment(key) => {
            context.payload.experiment(key).map(Experiment::alone).into_iter().collect()
        }
        ExperimentSource::Feature(key) => {
            let feature = context.payload.feature(key);
            feature.map(|feature| Evaluation::of(context).experiments_of(feature)).unwrap_or_default()
        }
    }
}

/// What a decision by the strategy `experiment` alone says of an experiment.
fn standing_in(decision: &Decision, key: &str) -> Place {
    let decided = decision.reasons.iter().find_map(|reason| match reason {
        Reason::Experiment { variation, reason, .. } => Some((variation, *reason)),
        _ => None,
    });
    match decided {
        Some((Some(Variation { experiment, key: variation }), reason)) if experiment == key => {
            Place { variation: Some(variation.clone()), reason: reason.text().to_owned() }
        }
        Some((Some(Variation { experiment, .. }), _)) => {
            Place { variation: None, reason: format!("experiment {experiment} has decided") }
        }
        Some((None, reason)) => Place { variation: None, reason: reason.text().to_owned() },
        // A holdout, a time that is over, or a variant that cannot be shown: the experiment was not asked.
        None => {
            let reasons = decision.reasons.iter().filter(|reason| reason.is_particular()).map(Reason::text);
            Place { variation: None, reason: reasons.collect::<Vec<_>>().join(", ") }
        }
    }
}

/// The visitor's place in the experiment of a feature's rule.
fn standing_in_rule<'a>(feature: &str, experiment: Experiment<'a>, context: EvaluationContext<'a>) -> Place {
    let answer = Evaluation::of(context).feature(feature, None);
    if let Some(assignment) = answer.assignment.filter(|assignment| assignment.experiment.key == experiment.key) {
        return Place { variation: Some(assignment.key()), reason: assignment.reason.text().to_owned() };
    }
    let reason = match answer.source {
        Source::Force | Source::Experiment => "another rule of the feature decides".to_owned(),
        Source::Prerequisite | Source::CyclicPrerequisite => "a prerequisite does not hold".to_owned(),
        Source::UnknownFeature | Source::DefaultValue => {
            let assignment = Evaluation::of(context).run(experiment, None);
            assignment.reason.text().to_owned()
        }
    };
    Place { variation: None, reason }
}
