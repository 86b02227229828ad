//! Experiments on a page: what assignments are based on, exposures, features that code asks for, and
//! redirects.

use super::Engine;
use crate::condition::coercion::truthy;
use crate::config::Redirects;
use crate::decision::Exposure;
use crate::decision::evaluation_context::EvaluationContext;
use crate::decision::experiment::{Evaluation, Experiment};
use crate::decision::feature::Source;
use crate::decision::holdout::{self, HoldoutStatus};
use crate::decision::targeting::destination;
use crate::decision::variant::Variant;
use crate::measurement::exposure::exp_variant_string;
use crate::page::Effect;
use crate::page::content::Content;
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
            address: &self.view.context.address,
            sticky: Some(self.store.basis().profile.sticky_buckets.all()),
            host: self.host.as_ref(),
        }
    }

    /// Whether a crawler views the page, and gets it as it was sent.
    pub(super) fn is_spared(&self) -> bool {
        self.config.spares_crawlers && self.view.context.is_crawler
    }

    /// Whether the visitor is in the site's holdout, for whom nothing is personalized.
    pub(super) fn is_held_out(&self) -> bool {
        holdout::draw(None, self.config.holdout, self.store.draw_seed()) == HoldoutStatus::HeldOut
    }

    /// Whether one of these exposures was not recorded yet.
    pub(super) fn has_new_exposure(&self, exposures: &[Exposure]) -> bool {
        let recorded = &self.store.state.exposures;
        exposures.iter().any(|exposure| !recorded.has(&exposure.experiment, &exposure.variation))
    }

    /// Records which variations the visitor was exposed to, each once. Of somebody who has paused nothing is
    /// remembered, so that they would count on every page anew: they do not count. In a preview nobody does.
    pub(super) fn expose(&mut self, exposures: Vec<Exposure>, sticky: Vec<StickyBucket>, now: Timestamp) {
        if self.store.is_paused() || self.is_preview() {
            return;
        }
        for Exposure { experiment, variation, propensity } in exposures {
            self.note_for_report(&experiment, &variation);
            if self.store.state.exposures.has(&experiment, &variation) {
                continue;
            }
            if self.config.data_layer {
                self.data_layer.add(exp_variant_string(&experiment, &variation));
            }
            self.record(JournalEvent::Exposure(experiment, variation, propensity), now);
        }
        for bucket in sticky {
            self.record(JournalEvent::StickyBucket(bucket), now);
        }
    }

    /// Pushes exposures to the site's data layer, as far as consent allows it.
    pub(super) fn flush_exposures(&mut self, effects: &mut Vec<Effect>) {
        // What was pushed on earlier pages is known only once storage was read.
        if !self.consent.may_measure() || self.consent.area() != self.store.area() || self.is_preview() {
            return;
        }
        for exp_variant in self.data_layer.take() {
            let entry = Object::new().with("event", "experience_impression").with("exp_variant_string", exp_variant);
            effects.push(Effect::DataLayerPush(entry));
        }
    }

    /// What is known, with `attributes` laid over it for this once.
    fn overlaid(&mut self, attributes: &Object, now: Timestamp) -> Value {
        self.refresh_context(now);
        let mut tree = self.decision_context.attributes.clone();
        if let Value::Object(tree) = &mut tree {
            tree.overlay(attributes);
        }
        tree
    }

    /// Records the exposures of code that uses a feature's value.
    pub(super) fn use_feature(&mut self, key: &str, attributes: &Object, now: Timestamp) {
        let attributes = self.overlaid(attributes, now);
        let mut evaluation = Evaluation::of(self.evaluation_context(&attributes));
        evaluation.feature(key, None);
        let Evaluation { exposures, sticky, .. } = evaluation;
        self.expose(exposures, sticky, now);
    }

    /// A feature's value, and where it comes from; `null` where there is no such feature.
    pub fn feature(&mut self, key: &str, attributes: &Object, now: Timestamp) -> Value {
        let attributes = self.overlaid(attributes, now);
        let mut evaluation = Evaluation::of(self.evaluation_context(&attributes));
        let answer = evaluation.feature(key, None);
        if answer.source == Source::UnknownFeature {
            return Value::Null;
        }
        let (assignment, reason) = (answer.assignment, evaluation.reason(&answer));
        Object::new()
            .with("feature", key)
            .with("value", answer.value.clone())
            .with("source", answer.source.name())
            .with("rule", Some(answer.rule).filter(|rule| !rule.is_empty()))
            .with("experiment", assignment.map(|assignment| assignment.experiment.key))
            .with("variation", assignment.map(|assignment| assignment.key()))
            .with("propensity", answer.propensity)
            .with("targeted", answer.targeted)
            .with("reasons", vec![reason.text()])
            .into()
    }

    /// Where the visitor is sent now: by a redirect experiment, else by a slot.
    pub(super) fn redirect(&mut self, now: Timestamp) -> Option<String> {
        let idle = !self.ready
            || self.view.context.is_prerendering
            || self.view.redirected
            || self.view.context.address.is_empty();
        if idle || self.config.redirects == Redirects::None || self.is_spared() {
            return None;
        }
        self.redirect_by_experiment(now).or_else(|| self.redirect_by_slot(now))
    }

    /// Where the first slot whose variant leads somewhere sends the visitor. It needs no element on the page.
    fn redirect_by_slot(&mut self, now: Timestamp) -> Option<String> {
        let from = self.host.address(&self.view.context.address, "");
        let found = self.config.slots.iter().find_map(|slot| {
            let leads = |variant: &Variant| self.redirect_target(&slot.id, &variant.id).is_some();
            if !slot.selection.variants.iter().any(leads) || self.previewed(&slot.id).is_some() {
                return None;
            }
            let decision = self.decide(slot, now);
            let to = self.redirect_target(&slot.id, decision.variant.as_deref()?)?;
            let to = self.host.address(to, from.at("href").text());
            let near = self.config.redirects == Redirects::Any || to.at("origin") == from.at("origin");
            // To where the visitor is already would be a circle.
            let is_same = ["origin", "pathname", "search"].iter().all(|part| to.at(part) == from.at(part));
            let href = to.at("href").text();
            (near && !is_same && href.starts_with("http")).then(|| (decision, href.to_owned()))
        });
        let (decision, to) = found?;
        self.view.redirected = true;
        self.record_exposure(decision, now);
        Some(to)
    }

    /// The address to which a variant leads, if it does nothing else.
    fn redirect_target(&self, slot: &str, variant: &str) -> Option<&str> {
        match self.config.contents.of(slot, variant)? {
            Content::Redirect(to) => Some(to),
            Content::Changes(_) | Content::Template => None,
        }
    }

    /// Where a redirect experiment sends the visitor now. The first one that includes the visitor decides,
    /// whether or not its variation leads anywhere.
    fn redirect_by_experiment(&mut self, now: Timestamp) -> Option<String> {
        let (from, host) = (&self.view.context.address, self.host.as_ref());
        let (rules, redirects) = (&self.config.payload.experiments, self.config.redirects);
        if rules.is_empty() || self.is_held_out() {
            return None;
        }
        let mut evaluation = Evaluation::of(self.evaluation_context(&self.decision_context.attributes));
        let origin = host.address(from, "");
        for rule in rules {
            let patterns = rule.field("urlPatterns");
            let (mut leads, mut sound) = (false, truthy(patterns) && !truthy(rule.field("manual")));
            for variation in rule.field("variations").items() {
                let to = variation.at("urlRedirect").text();
                if !to.is_empty() {
                    leads = true;
                    // A variation that some visitors cannot be led to would be half a control. The origin of
                    // what is no page, such as a script, is "null".
                    let to = host.address(to, from);
                    let near = redirects == Redirects::Any || to.at("origin") == origin.at("origin");
                    sound = sound && near && to.at("href").text().starts_with("http");
                }
            }
            if !leads || !sound {
                continue;
            }
            let assignment = evaluation.run(Experiment::alone(rule), None);
            if assignment.included {
                let (to, keep) =
                    (assignment.value().at("urlRedirect").text(), truthy(rule.field("persistQueryString")));
                let to = if to.is_empty() { None } else { destination(from, to, keep, patterns.items(), host) };
                let (exposures, sticky) = (evaluation.exposures, evaluation.sticky);
                self.view.redirected = true;
                self.expose(exposures, sticky, now);
                return to;
            }
        }
        None
    }
}
