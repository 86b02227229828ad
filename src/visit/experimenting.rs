//! What a visit has to do with experiments: what they rest on, what becomes of having met an arm,
//! features that code asks for, and redirects.

use super::{Sight, Visit};
use crate::condition::coercion::truthy;
use crate::config::Redirects;
use crate::decision::Exposure;
use crate::decision::circumstances::Circumstances;
use crate::decision::experiment::{Evaluation, Experiment};
use crate::decision::feature::Source;
use crate::decision::holdout::{self, Standing};
use crate::decision::payload::Rule;
use crate::decision::targeting::destination;
use crate::profile::journal::Happening;
use crate::profile::sticky::Sticky;
use crate::time::Timestamp;
use crate::value::{NULL, Object, Value};

impl Visit {
    pub(super) fn circumstances<'a>(&'a self, sight: &'a Sight) -> Circumstances<'a> {
        Circumstances {
            payload: &self.config.payload,
            attributes: &sight.attributes,
            id: &sight.id,
            address: &self.context.address,
            sticky: Some(self.kept.profile.arms.all()),
            forced: &NULL,
            disabled: false,
            qa: false,
            groups: &NULL,
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
        let seed = self.keeping.and(self.kept.profile.seed);
        holdout::draw("holdout", self.config.holdout, seed) == Standing::HeldOut
    }

    /// Notes which arms the visitor met, each once.
    pub(super) fn expose(&mut self, exposures: Vec<Exposure>, sticky: Vec<Sticky>, now: Timestamp) {
        for (experiment, arm, propensity) in exposures {
            if self.kept.exposures.has(&experiment, &arm) {
                continue;
            }
            if self.config.data_layer {
                // Source: Google Analytics 4, "Use audiences for A/B testing": a tool's own name,
                // the experiment and the variant, joined by hyphens.
                let says = ["tailorbird-", &experiment, "-", &arm].concat();
                self.untold.push(Object::new().with("event", "experience_impression").with("exp_variant_string", says));
            }
            self.record(Happening::Exposure(experiment, arm, propensity), now);
        }
        for met in sticky {
            self.record(Happening::Sticky(met), now);
        }
    }

    /// One look at features; `attributes` are laid over what is known, for this once.
    fn look<T>(&self, attributes: &Object, now: Timestamp, then: impl FnOnce(Evaluation<'_>) -> T) -> T {
        let mut sight = self.sight(now);
        if let Value::Object(tree) = &mut sight.attributes {
            tree.overlay(attributes);
        }
        then(Evaluation::of(self.circumstances(&sight)))
    }

    /// Notes that code uses a feature's value.
    pub(super) fn used(&mut self, key: &str, attributes: &Object, now: Timestamp) {
        let (exposures, sticky) = self.look(attributes, now, |mut evaluation| {
            evaluation.feature(key, None);
            (evaluation.exposures, evaluation.sticky)
        });
        self.expose(exposures, sticky, now);
    }

    /// A feature's value, and where it comes from; `null` for one that is not there.
    pub fn value_of(&self, key: &str, attributes: &Object, now: Timestamp) -> Value {
        self.look(attributes, now, |mut evaluation| {
            let answer = evaluation.feature(key, None);
            if answer.source == Source::UnknownFeature {
                return Value::Null;
            }
            let assignment = answer.assignment;
            let why = assignment.map_or(evaluation.why, |assignment| assignment.why);
            Object::new()
                .with("feature", key)
                .with("value", answer.value.clone())
                .with("source", answer.source.name())
                .with("rule", Some(answer.rule).filter(|rule| !rule.is_empty()))
                .with("experiment", assignment.map(|assignment| assignment.experiment.key))
                .with("variation", assignment.map(|assignment| assignment.key()))
                .with("propensity", answer.propensity)
                .with("targeted", answer.targeted)
                .with("reasons", Some(why).filter(|why| !why.is_empty()).into_iter().collect::<Value>())
                .into()
        })
    }

    /// Where a redirect experiment sends the visitor now. The first one the visitor is in has the
    /// say, whether or not its arm leads anywhere.
    pub(super) fn redirect(&mut self, now: Timestamp) -> Option<String> {
        let leads = |rule: &Rule| {
            let arms = rule.field("variations").items();
            truthy(rule.field("urlPatterns"))
                && !truthy(rule.field("manual"))
                && arms.iter().any(|arm| arm.get("urlRedirect").is_some())
        };
        let rules: Vec<&Rule> = self.config.payload.experiments.iter().filter(|rule| leads(rule)).collect();
        let unknown = !self.ready || self.context.address.is_empty();
        if unknown
            || self.redirected
            || rules.is_empty()
            || self.config.redirects == Redirects::None
            || self.is_held_out()
        {
            return None;
        }
        let sight = self.sight(now);
        let mut evaluation = Evaluation::of(self.circumstances(&sight));
        let mut runs = rules.into_iter().map(|rule| evaluation.run(Experiment::alone(rule), None));
        let met = runs.find(|assignment| assignment.included)?;
        let (from, host, rule) = (&self.context.address, self.host.as_ref(), met.experiment.rule);
        let (to, keep) = (met.value().at("urlRedirect").text(), truthy(rule.field("persistQueryString")));
        let to = destination(from, to, keep, rule.field("urlPatterns").items(), host).filter(|_| !to.is_empty());
        let to = to.filter(|to| {
            let (to, from) = (host.address(to, from), host.address(from, ""));
            let any = self.config.redirects == Redirects::Any;
            // Of what is no page, such as a script in an address, the origin is "null".
            to.at("href").text().starts_with("http") && (any || to.at("origin") == from.at("origin"))
        });
        let (exposures, sticky) = (evaluation.exposures, evaluation.sticky);
        self.redirected = true;
        self.expose(exposures, sticky, now);
        to
    }
}
