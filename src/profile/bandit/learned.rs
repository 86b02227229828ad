//! What bandits have learned from this visitor: folded from trials and their rewards.

use super::awaited::{Awaited, Outcome};
use super::learner::{LearnedFeature, Learner, find};
use super::model::Model;
use super::prior::Prior;
use super::trial::Trial;
use super::{Arm, Rate};
use crate::codec::Codec;
use crate::profile::journal::{Entry, JournalEvent};
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// The most variants that are learned about; beyond, the one of which nothing was learned for longest is evicted.
const MODELS: usize = 40;
/// The most variants that are kept.
const KEPT: usize = 40;

/// What is learned, what is awaited and what is kept.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Bandits {
    /// The variant of which something was learned last is the last one.
    models: Vec<Model>,
    /// Trials whose reward is not known yet.
    awaited: Awaited,
    /// At most one for each slot and prompt, the latest last.
    kept: Vec<Kept>,
}

/// A variant that the visitor keeps.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Kept {
    owner: String,
    /// The variant.
    pub variant: String,
    /// The probability with which it was drawn, in `(0, 1]`.
    pub propensity: f64,
    /// Since when it is kept.
    pub since: Timestamp,
}

impl Bandits {
    /// Applies one entry of a journal. `expired` is the time by which awaited rewards are given up.
    pub fn fold(&mut self, entry: &Entry, expired: Timestamp, learners: &[Learner]) {
        for outcome in self.awaited.fold(entry, expired, learners) {
            self.learn(&outcome, learners);
        }
        match &entry.event {
            JournalEvent::Trial(trial) => {
                let keep_ms = find(learners, &trial.owner).and_then(|learner| learner.keep_ms);
                if let (Some(keep_ms), Some(propensity)) = (keep_ms, trial.drawn) {
                    self.keep(trial, propensity, keep_ms, entry.at);
                }
            }
            JournalEvent::Forget(dimension, key) => self.forget(dimension, key, learners),
            JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Event(_)
            | JournalEvent::Prompt(..)
            | JournalEvent::Answer(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
            | JournalEvent::Exposed(..)
            | JournalEvent::Impression(..)
            | JournalEvent::Exposure(..)
            | JournalEvent::StickyBucket(_)
            | JournalEvent::Dwell(..)
            | JournalEvent::Segment(..)
            | JournalEvent::Report(..)
            | JournalEvent::Dropped(_) => {}
        }
    }

    /// A variant that was drawn stays, from the first time that it is shown.
    fn keep(&mut self, trial: &Trial, propensity: f64, keep_ms: i64, at: Timestamp) {
        if self.kept(&trial.owner, keep_ms, at).is_some_and(|kept| kept.variant == trial.variant) {
            return;
        }
        if self.kept.iter().any(|kept| kept.owner == trial.owner && kept.since > at) {
            // It comes late, from another tab, and something else was drawn since.
            return;
        }
        self.kept.retain(|kept| kept.owner != trial.owner);
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        let (owner, variant) = (trial.owner.clone(), trial.variant.clone());
        self.kept.push(Kept { owner, variant, propensity, since: at });
    }

    fn learn(&mut self, (trial, reward): &Outcome, learners: &[Learner]) {
        let Some(learner) = find(learners, &trial.owner) else { return };
        let Some(variant) = learner.variant(&trial.variant) else { return };
        let mut context = vec![1.0];
        context.extend(learner.features.iter().map(|feature| trial.feature(&feature.name)));
        let mut model = self.take(&trial.owner, &trial.variant);
        model.learn(&context, *reward, learner, &variant.prior.arm(&learner.names()));
        if self.models.len() >= MODELS {
            self.models.remove(0);
        }
        self.models.push(model);
    }

    /// Takes out the model of a variant; an empty one where there is none.
    fn take(&mut self, owner: &str, variant: &str) -> Model {
        let is_of = |model: &Model| model.owner == owner && model.variant == variant;
        match self.models.iter().position(is_of) {
            Some(place) => self.models.remove(place),
            None => Model::new(owner, variant),
        }
    }

    /// Forgets what tells of an interest: all that was learned of variants about it, and of features that read it.
    fn forget(&mut self, dimension: &str, key: &str, learners: &[Learner]) {
        let is_about = |owner: &str, variant: &str| {
            let variant = find(learners, owner).and_then(|learner| learner.variant(variant));
            variant.is_some_and(|variant| variant.tags.iter().any(|tag| tag.dimension == dimension && tag.key == key))
        };
        let paths = ["interest", "trend"].map(|group| format!("{group}.{dimension}.{key}"));
        let reads = |owner: &str, name: &str| {
            let is_it = |feature: &LearnedFeature| {
                feature.name == name && feature.reads.iter().any(|path| paths.contains(path))
            };
            find(learners, owner).is_some_and(|learner| learner.features.iter().any(is_it))
        };
        self.models.retain(|model| !is_about(&model.owner, &model.variant));
        for model in &mut self.models {
            let owner = model.owner.clone();
            model.forget_features(&|name| reads(&owner, name));
        }
        self.awaited.forget(&is_about, &reads);
        self.kept.retain(|kept| !is_about(&kept.owner, &kept.variant));
    }

    /// What is known of a variant in a context: of features of which nothing was learned, what the prior says.
    pub fn arm(&self, learner: &Learner, variant: &str, prior: &Prior) -> Arm {
        let prior = prior.arm(&learner.names());
        self.model(&learner.owner, variant).map_or_else(|| prior.clone(), |model| model.arm(learner, &prior))
    }

    /// The same in any context.
    pub fn rate(&self, learner: &Learner, variant: &str, prior: &Prior) -> Rate {
        let Rate { hits, misses } = prior.rate();
        let (observations, rewards) =
            self.model(&learner.owner, variant).map_or((0.0, 0.0), |model| (model.observations, model.rewards));
        Rate { hits: hits + rewards, misses: misses + (observations - rewards) }
    }

    /// How many trials of a variant are over, earlier ones counted less.
    pub fn observations(&self, owner: &str, variant: &str) -> f64 {
        self.model(owner, variant).map_or(0.0, |model| model.observations)
    }

    fn model(&self, owner: &str, variant: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.owner == owner && model.variant == variant)
    }

    /// The variant that the visitor still keeps at `now`, where one is kept for so long.
    pub fn kept(&self, owner: &str, keep_ms: i64, now: Timestamp) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.owner == owner && now.since(kept.since) < keep_ms)
    }

    /// Adds what another device has learned: the evidence of both counts, and the prior once. Of two variants that are
    /// kept this device's own stays. What is awaited there is rewarded there.
    pub fn merge(&mut self, other: Bandits, learners: &[Learner]) {
        for from in other.models {
            let mut model = self.take(&from.owner, &from.variant);
            let begun = find(learners, &from.owner)
                .and_then(|learner| Some((learner, learner.variant(&from.variant)?.prior.arm(&learner.names()))));
            model.merge(from, begun);
            self.models.push(model);
        }
        let excess = self.models.len().saturating_sub(MODELS);
        self.models.drain(..excess);
        for kept in other.kept {
            if self.kept.len() < KEPT && self.kept.iter().all(|known| known.owner != kept.owner) {
                self.kept.push(kept);
            }
        }
    }

    /// Three lists, for the visitor to read: what was `learned`, `{slot, variant, observations, rewards, weights}`;
    /// what is
    /// `awaited`, `{slot, variant, at, propensity, context}`; and what is `kept`, `{slot, variant, propensity, since}`. The
    /// slot of a prompt is `prompt:` and its id.
    pub fn readable(&self) -> Value {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let time = |moment: Timestamp| moment.ms() as f64;
        let learned = |model: &Model| {
            Object::new()
                .with("slot", model.owner.as_str())
                .with("variant", model.variant.as_str())
                .with("observations", model.observations)
                .with("rewards", model.rewards)
                .with("weights", model.readable_weights())
        };
        let kept = |kept: &Kept| {
            Object::new()
                .with("slot", kept.owner.as_str())
                .with("variant", kept.variant.as_str())
                .with("propensity", kept.propensity)
                .with("since", time(kept.since))
        };
        Object::new()
            .with("learned", self.models.iter().map(learned).collect::<Value>())
            .with("awaited", self.awaited.readable())
            .with("kept", self.kept.iter().map(kept).collect::<Value>())
            .into()
    }

    /// Their part of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.list(MODELS, &mut self.models, |codec, model| model.code(codec));
        self.awaited.code(codec);
        codec.list(KEPT, &mut self.kept, |codec, kept| {
            codec.text(&mut kept.owner);
            codec.text(&mut kept.variant);
            codec.double(&mut kept.propensity);
            codec.time(&mut kept.since);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::learner::LearnedVariant;
    use super::super::learner::Reward;
    use super::*;
    use crate::codec::round_trip;
    use crate::signal::PromptOutcome;
    use crate::signal::event::{Event, Tag};
    use crate::time::{DAY, HOUR};
    use proptest::prelude::*;

    /// Two slots with the variants `a` and `b`, and a prompt; `hero` learns in a context.
    fn learners() -> Vec<Learner> {
        let variant =
            |id: &str| LearnedVariant { id: id.into(), tags: vec![Tag::new("category", id)], prior: Prior::default() };
        let learner = |owner: &str, reward: Reward, names: &[&str]| Learner {
            owner: owner.into(),
            reward,
            attribution_ms: DAY,
            features: names
                .iter()
                .map(|name| LearnedFeature { name: (*name).into(), reads: vec![format!("interest.category.{name}")] })
                .collect(),
            variants: vec![variant("a"), variant("b")],
            keep_ms: Some(30 * DAY),
        };
        let purchase = || Reward::Event("purchase".into());
        vec![
            learner("hero", purchase(), &["boots", "tents"]),
            learner("strip", purchase(), &[]),
            learner("prompt:letter", Reward::Acceptance, &[]),
        ]
    }

    fn trial(owner: &str, variant: &str) -> JournalEvent {
        let features = vec![("boots".to_owned(), 0.5)];
        let (owner, variant) = (owner.to_owned(), variant.to_owned());
        JournalEvent::Trial(Trial { owner, variant, features, propensity: 0.4, drawn: Some(0.5) })
    }

    fn bought() -> JournalEvent {
        JournalEvent::Event(Event { name: "purchase".into(), ..Event::default() })
    }

    fn prompt(outcome: PromptOutcome) -> JournalEvent {
        JournalEvent::Prompt("letter".into(), Some("a".into()), outcome)
    }

    fn fold(bandits: &mut Bandits, story: Vec<(i64, JournalEvent)>) {
        for (hour, event) in story {
            let at = Timestamp::from_ms(hour * HOUR);
            bandits.fold(&Entry { number: 1, at, event }, at, &learners());
        }
    }

    fn folded(story: Vec<(i64, JournalEvent)>) -> Bandits {
        let mut bandits = Bandits::default();
        fold(&mut bandits, story);
        bandits
    }

    /// How many trials of a slot's variants are over, and how many of them were rewarded.
    fn over(bandits: &Bandits, owner: &str) -> Vec<(String, f64, f64)> {
        let models = bandits.models.iter().filter(|model| model.owner == owner);
        models.map(|model| (model.variant.clone(), model.observations, model.rewards)).collect()
    }

    #[test]
    fn a_trial_is_rewarded_once_by_the_goal_that_follows_in_time() {
        let own_content = || JournalEvent::Exposed("strip".into(), None);
        let one = |variant: &str, reward: f64| (variant.to_owned(), 1.0, reward);
        let cases = [
            (vec![(0, trial("strip", "a"))], vec![], "nobody knows yet"),
            (vec![(0, trial("strip", "a")), (24, bought())], vec![one("a", 1.0)], "a day later, three pages on"),
            (vec![(0, trial("strip", "a")), (25, bought())], vec![one("a", 0.0)], "too late"),
            (vec![(0, trial("strip", "a")), (25, JournalEvent::View)], vec![one("a", 0.0)], "the time has passed"),
            (vec![(1, trial("strip", "a")), (0, bought())], vec![], "before it was shown"),
            (vec![(0, trial("strip", "a")), (1, bought()), (2, bought())], vec![one("a", 1.0)], "once"),
            (
                vec![(0, trial("strip", "a")), (1, trial("strip", "b")), (2, bought())],
                vec![one("a", 0.0), one("b", 1.0)],
                "the one shown last has the credit",
            ),
            (
                vec![(0, trial("strip", "a")), (1, own_content()), (2, bought())],
                vec![one("a", 0.0)],
                "the page's own content was shown last",
            ),
            (
                vec![(0, trial("hero", "a")), (0, trial("strip", "b")), (2, bought())],
                vec![one("b", 1.0)],
                "each slot has a trial of its own",
            ),
            (
                vec![(2, trial("strip", "b")), (1, trial("strip", "a")), (3, bought())],
                vec![one("a", 0.0), one("b", 1.0)],
                "one that comes late, from another tab, was followed by the other",
            ),
            (vec![(0, trial("strip", "gone"))], vec![], "a variant that is not in the config"),
        ];
        for (story, expected, why) in cases {
            assert_eq!(over(&folded(story), "strip"), expected, "{why}");
        }
    }

    #[test]
    fn a_prompt_without_a_goal_learns_from_the_answer() {
        use PromptOutcome::{Accepted, Declined, Dismissed, Seen, Shown};
        for (outcomes, observations, rewards, why) in [
            (vec![Seen], 0.0, 0.0, "no answer yet"),
            (vec![Seen, Accepted], 1.0, 1.0, "a yes"),
            (vec![Declined], 1.0, 0.0, "a no"),
            (vec![Dismissed, Accepted], 1.0, 0.0, "the first answer counts"),
            (vec![Shown], 1.0, 0.0, "it is shown again"),
        ] {
            let mut bandits = folded(vec![(0, prompt(Shown)), (0, trial("prompt:letter", "a"))]);
            fold(&mut bandits, outcomes.into_iter().map(|outcome| (1, prompt(outcome))).collect());
            let found = over(&bandits, "prompt:letter").first().map_or((0.0, 0.0), |(_, seen, hits)| (*seen, *hits));
            assert_eq!(found, (observations, rewards), "{why}");
        }
    }

    #[test]
    fn a_variant_that_was_drawn_is_kept_from_the_first_time_for_so_many_days() {
        let kept = |bandits: &Bandits, day: i64| {
            let kept = bandits.kept("strip", 30 * DAY, Timestamp::from_ms(day * DAY));
            kept.map(|kept| (kept.variant.clone(), kept.since.ms() / DAY))
        };
        let mut bandits = folded(vec![(0, trial("strip", "a"))]);
        fold(&mut bandits, vec![(10 * 24, trial("strip", "a"))]);
        assert_eq!(kept(&bandits, 29), Some(("a".to_owned(), 0)), "since it was shown first");
        assert_eq!(kept(&bandits, 30), None);
        fold(&mut bandits, vec![(30 * 24, trial("strip", "a"))]);
        assert_eq!(kept(&bandits, 30), Some(("a".to_owned(), 30)), "drawn again");
        fold(&mut bandits, vec![(31 * 24, trial("strip", "b"))]);
        assert_eq!(kept(&bandits, 31), Some(("b".to_owned(), 31)), "the other could not be shown any more");
        let JournalEvent::Trial(by_rule) = trial("hero", "a") else { panic!() };
        let by_rule = JournalEvent::Trial(Trial { drawn: None, ..by_rule });
        assert!(folded(vec![(0, by_rule)]).kept.is_empty(), "what no bandit has drawn is not kept");
    }

    #[test]
    fn whoever_forgets_an_interest_forgets_what_was_learned_by_it() {
        let forget = || JournalEvent::Forget("category".into(), "boots".into());
        let mut bandits = folded(vec![(0, trial("hero", "b")), (1, bought()), (2, trial("hero", "b")), (3, forget())]);
        let names = |bandits: &Bandits| {
            let weights = bandits.models[0].readable_weights();
            weights.iter().map(|(name, _)| name.to_owned()).collect::<Vec<String>>()
        };
        assert_eq!(names(&bandits), ["intercept", "tents"]);
        assert_eq!(bandits.awaited.readable().items()[0].at("context"), &Value::Object(Object::new()));
        fold(&mut bandits, vec![(4, JournalEvent::Forget("category".into(), "b".into()))]);
        assert_eq!(bandits, Bandits::default(), "a variant about it");
    }

    #[test]
    fn two_devices_know_what_both_have_learned_and_the_prior_counts_once() {
        let days = |days: core::ops::Range<i64>, variant: &str| {
            folded(days.flat_map(|day| [(day * 24, trial("hero", variant)), (day * 24 + 1, bought())]).collect())
        };
        let merged = |one: &Bandits, other: &Bandits| {
            let mut merged = one.clone();
            merged.merge(other.clone(), &learners());
            merged
        };
        let learners = learners();
        let arm = |bandits: &Bandits| bandits.arm(&learners[0], "a", &Prior::default());
        let (phone, laptop) = (days(0..9, "a"), days(20..26, "a"));
        let both = merged(&phone, &laptop);
        assert_eq!(arm(&both), arm(&merged(&laptop, &phone)), "whichever asks");
        let certainty = |bandits: &Bandits| arm(bandits).precision[0];
        assert!((certainty(&both) - (certainty(&phone) + certainty(&laptop) - 1.0)).abs() < 1e-12);
        assert!(both.observations("hero", "a") > 14.0);
        let alone = arm(&merged(&phone, &days(0..3, "b")));
        for (weight, known) in alone.mean.iter().zip(&arm(&phone).mean) {
            assert!((weight - known).abs() < 1e-12, "a device that knows nothing of it changes nothing");
        }
        assert_eq!(both.kept.len(), 1);
        assert_eq!(merged(&phone, &days(0..3, "b")).kept[0].variant, "a", "what is kept here stays");
        assert_eq!(both.awaited, phone.awaited, "what is awaited there is rewarded there");
    }

    #[test]
    fn there_is_a_limit_to_all_of_it() {
        let variants: Vec<LearnedVariant> = (0..60)
            .map(|number| LearnedVariant { id: format!("v{number}"), tags: vec![], prior: Prior::default() })
            .collect();
        let learners: Vec<Learner> = (0..60)
            .map(|number| Learner { owner: format!("s{number}"), variants: variants.clone(), ..learners().remove(1) })
            .collect();
        let mut bandits = Bandits::default();
        for number in 0..60 {
            for hour in [number, number + 1] {
                let event = trial(&format!("s{number}"), &format!("v{number}"));
                let at = Timestamp::from_ms(hour);
                bandits.fold(&Entry { number: 1, at, event }, at, &learners);
            }
        }
        assert_eq!((bandits.models.len(), bandits.awaited.readable().items().len(), bandits.kept.len()), (40, 50, 40));
        assert_eq!(bandits.models.last().unwrap().owner, "s59", "the latest stays");
        let read = round_trip(&mut bandits.clone(), Bandits::code);
        assert_eq!(read, bandits);
    }

    proptest! {
        #[test]
        fn what_is_learned_stays_within_its_range(
            story in prop::collection::vec((0..40_i64, 0..4_u8, -1.0..1.0_f64), 1..200)
        ) {
            let mut bandits = Bandits::default();
            let mut hour = 0;
            for (pause, what, value) in story {
                hour += pause;
                let JournalEvent::Trial(known) = trial("hero", if what == 0 { "a" } else { "b" }) else { panic!() };
                let features = vec![("boots".to_owned(), value)];
                let event = if what < 3 { JournalEvent::Trial(Trial { features, ..known }) } else { bought() };
                fold(&mut bandits, vec![(hour, event)]);
            }
            let read = round_trip(&mut bandits.clone(), Bandits::code);
            prop_assert_eq!(&read, &bandits);
            for model in &bandits.models {
                prop_assert!((0.0..=model.observations).contains(&model.rewards) && model.observations <= 500.0);
                let arm = bandits.arm(&learners()[0], &model.variant, &Prior::default());
                prop_assert!(arm.precision.iter().all(|precision| *precision > 0.1), "{:?}", arm);
                prop_assert!(arm.mean.iter().all(|mean| mean.abs() <= 50.0), "{:?}", arm);
            }
        }
    }
}
