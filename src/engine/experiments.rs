//! What a visit has to do with experiments: what they rest on, what becomes of having met an arm,
//! features that code asks for, and redirects.

use super::Engine;
use crate::condition::coercion::truthy;
use crate::config::Redirects;
use crate::decision::Exposure;
use crate::decision::evaluation_context::EvaluationContext;
use crate::decision::experiment::{Evaluation, Experiment};
use crate::decision::feature::Source;
use crate::decision::holdout::{self, Standing};
use crate::decision::targeting::destination;
use crate::measurement::exposure::said;
use crate::page::Effect;
use crate::profile::journal::JournalEvent;
use crate::profile::sticky_bucket::StickyBucket;
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    pub(super) fn evaluation_context<'a>(&'a self, attributes: &'a Value) -> EvaluationContext<'a> {
        EvaluationContext {
            payload: &self.config.payload,
            attributes,
            id: &self.decision_context.id,
            address: &self.context.address,
            sticky: Some(self.state.profile.arms.all()),
            host: self.host.as_ref(),
        }
    }

    /// The variant that the address asks to see in a slot, where the config lets it.
    pub(super) fn previewed(&self, slot: &str) -> Option<&str> {
        let asked = self.context.preview.iter().find(|(asked, _)| self.config.preview && asked == slot);
        asked.map(|(_, variant)| variant.as_str())
    }

    /// Whether the visitor is one of those for whom nothing is personalized.
    pub(super) fn is_held_out(&self) -> bool {
        let seed = self.storage_area.and(self.state.profile.seed);
        holdout::draw("holdout", self.config.holdout, seed) == Standing::HeldOut
    }

    /// Whether the visitor was not yet counted in one of these arms.
    pub(super) fn is_new_exposure(&self, exposures: &[Exposure]) -> bool {
        exposures.iter().any(|(experiment, arm, _)| !self.state.exposures.has(experiment, arm))
    }

    /// Notes which arms the visitor met, each once.
    pub(super) fn expose(&mut self, exposures: Vec<Exposure>, sticky: Vec<StickyBucket>, now: Timestamp) {
        for (experiment, arm, propensity) in exposures {
            if self.state.exposures.has(&experiment, &arm) {
                continue;
            }
            let says = said(&experiment, &arm);
            if self.config.data_layer && !self.data_layer_queue.iter().any(|(told, _)| *told == says) {
                self.data_layer_queue.push((says, false));
            }
            self.record(JournalEvent::Exposure(experiment, arm, propensity), now);
        }
        for met in sticky {
            self.record(JournalEvent::StickyBucket(met), now);
        }
    }

    /// Tells the data layer of arms, each once on a page even where nothing may be remembered.
    pub(super) fn flush_exposures(&mut self, effects: &mut Vec<Effect>) {
        // What was told on pages before is known only when storage was read.
        if !self.consent.measure || self.area() != self.storage_area {
            return;
        }
        for (says, told) in self.data_layer_queue.iter_mut().filter(|(_, told)| !told) {
            let entry = Object::new().with("event", "experience_impression").with("exp_variant_string", says.as_str());
            effects.push(Effect::DataLayerPush(entry));
            *told = true;
        }
    }

    /// One look at features; `attributes` are laid over what is known, for this once.
    fn with_evaluation<T>(&mut self, attributes: &Object, now: Timestamp, then: impl FnOnce(Evaluation<'_>) -> T) -> T {
        self.refresh_context(now);
        let mut tree = self.decision_context.attributes.clone();
        if let Value::Object(tree) = &mut tree {
            tree.overlay(attributes);
        }
        then(Evaluation::of(self.evaluation_context(&tree)))
    }

    /// Notes that code uses a feature's value.
    pub(super) fn used(&mut self, key: &str, attributes: &Object, now: Timestamp) {
        let (exposures, sticky) = self.with_evaluation(attributes, now, |mut evaluation| {
            evaluation.feature(key, None);
            (evaluation.exposures, evaluation.sticky)
        });
        self.expose(exposures, sticky, now);
    }

    /// A feature's value, and where it comes from; `null` for one that is not there.
    pub fn feature(&mut self, key: &str, attributes: &Object, now: Timestamp) -> Value {
        self.with_evaluation(attributes, now, |mut evaluation| {
            let answer = evaluation.feature(key, None);
            if answer.source == Source::UnknownFeature {
                return Value::Null;
            }
            let (assignment, why) = (answer.assignment, evaluation.why(&answer));
            Object::new()
                .with("feature", key)
                .with("value", answer.value.clone())
                .with("source", answer.source.name())
                .with("rule", Some(answer.rule).filter(|rule| !rule.is_empty()))
                .with("experiment", assignment.map(|assignment| assignment.experiment.key))
                .with("variation", assignment.map(|assignment| assignment.key()))
                .with("propensity", answer.propensity)
                .with("targeted", answer.targeted)
                .with("reasons", vec![why])
                .into()
        })
    }

    /// Where a redirect experiment sends the visitor now. The first one the visitor is in has the
    /// say, whether or not its arm leads anywhere.
    pub(super) fn redirect(&mut self, now: Timestamp) -> Option<String> {
        let (from, host) = (&self.context.address, self.host.as_ref());
        let (rules, redirects) = (&self.config.payload.experiments, self.config.redirects);
        let idle = !self.ready || self.redirected || from.is_empty() || rules.is_empty();
        if idle || redirects == Redirects::None || self.is_held_out() {
            return None;
        }
        let mut evaluation = Evaluation::of(self.evaluation_context(&self.decision_context.attributes));
        let origin = host.address(from, "");
        for rule in rules {
            let patterns = rule.field("urlPatterns");
            let (mut leads, mut sound) = (false, truthy(patterns) && !truthy(rule.field("manual")));
            for arm in rule.field("variations").items() {
                let to = arm.at("urlRedirect").text();
                if !to.is_empty() {
                    leads = true;
                    // Were somebody counted in an arm that they cannot be led to, the arm would be
                    // half control. Of what is no page, such as a script, the origin is "null".
                    let to = host.address(to, from);
                    let near = redirects == Redirects::Any || to.at("origin") == origin.at("origin");
                    sound = sound && near && to.at("href").text().starts_with("http");
                }
            }
            if !leads || !sound {
                continue;
            }
            let met = evaluation.run(Experiment::alone(rule), None);
            if met.included {
                let (to, keep) = (met.value().at("urlRedirect").text(), truthy(rule.field("persistQueryString")));
                let to = if to.is_empty() { None } else { destination(from, to, keep, patterns.items(), host) };
                let (exposures, sticky) = (evaluation.exposures, evaluation.sticky);
                self.redirected = true;
                self.expose(exposures, sticky, now);
                return to;
            }
        }
        None
    }
}
