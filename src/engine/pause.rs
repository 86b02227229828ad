//! What the visitor says about the profile: an interest is otherwise, or learning is to rest.

use super::Engine;
use crate::page::Effect;
use crate::page::last_decisions::LastDecisions;
use crate::profile::journal::JournalEvent;
use crate::signal::event::Tag;
use crate::time::Timestamp;

impl Engine {
    /// Gives an interest the share that the visitor states, where the site tracks its dimension and may know of it.
    pub(super) fn correct(
        &mut self,
        dimension: String,
        key: String,
        share: f64,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let rules = &self.config.rules;
        let is_tracked = rules.dimensions.contains(&dimension);
        if is_tracked && !rules.sensitive.has_tag(&[Tag::new(&dimension, &key)]) {
            self.record(JournalEvent::Correct(dimension, key, share), now);
        } else {
            let reason =
                if is_tracked { "privacy.sensitive excludes it" } else { "interests.dimensions does not have it" };
            effects.push(Effect::Warn(format!("correct(\"{dimension}:{key}\") is ignored: {reason}")));
        }
    }

    /// Learning rests, and so does deciding from the profile, until it is resumed. The page follows at once, and so do
    /// other tabs once the profile says so.
    pub(super) fn pause(&mut self, paused: bool, now: Timestamp, effects: &mut Vec<Effect>) {
        if paused == self.store.is_paused() {
            return;
        }
        self.record_dwell(now);
        self.record(JournalEvent::Pause(paused), now);
        self.decision_context.invalidate_everything();
        self.view.forget();
        // The boot snippet would go on to show what was decided from the profile.
        self.last_decisions = LastDecisions::default();
        self.rendered_slots.on_page_view();
        if self.store.area().is_some() {
            effects.push(Effect::Fold);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::decision::goal::Goals;
    use crate::host::Native;
    use crate::profile::Profile;
    use crate::profile::journal::{Entry, Journal};
    use crate::profile::rules::Rules;
    use crate::random::Seed;
    use crate::signal::event::Event;
    use crate::signal::{PromptOutcome, Signal};
    use crate::state::{FoldContext, State};
    use crate::value::{Object, Value};
    use proptest::prelude::*;

    fn engine(config: &str) -> Engine {
        let config = Config::read(&serde_json::from_str(config).unwrap()).unwrap();
        Engine::new(config, Seed(1), Box::new(Native))
    }

    fn event(name: &str, category: &str) -> Signal {
        let item = Object::new().with("item_id", "x").with("item_category", category).with("price", 20.0);
        let params = Object::new().with("items", vec![item]).with("transaction_id", category).into();
        Signal::Event(Event::read(name, &params, &Native).unwrap())
    }

    /// What is known, as the visitor takes it away, whether or not they have paused.
    fn known(engine: &mut Engine, now: Timestamp) -> String {
        let mut known = engine.export(now);
        // A page view goes on, and segments are told of what decisions see.
        for part in ["paused", "segments", "attributes"] {
            known.set(part, Value::Null);
        }
        serde_json::to_string(&known).unwrap()
    }

    #[test]
    fn only_what_the_site_may_know_can_be_corrected_and_the_console_says_why() {
        let mut engine = engine(r#"{"version": 1, "privacy": {"sensitive": ["health"]}}"#);
        let mut correct = |dimension: &str, key: &str| {
            let signal = Signal::Correct(dimension.to_owned(), key.to_owned(), 0.5);
            engine.dispatch(signal, Timestamp::from_ms(1_000))
        };
        let warning = |effects: &[Effect]| match effects {
            [Effect::Warn(text)] => text.clone(),
            _ => String::new(),
        };
        assert_eq!(correct("category", "boots"), []);
        let cases = [
            ("mood", "glad", "correct(\"mood:glad\") is ignored: interests.dimensions does not have it"),
            ("category", "Health", "correct(\"category:Health\") is ignored: privacy.sensitive excludes it"),
        ];
        for (dimension, key, expected) in cases {
            assert_eq!(warning(&correct(dimension, key)), expected);
        }
    }

    proptest! {
        /// Whatever happens in a pause is not learned, and what was known counts again when it is over.
        #[test]
        fn nothing_that_happens_in_a_pause_is_learned(
            before in prop::collection::vec(("view_item|add_to_cart|purchase", "[a-d]"), 1..8),
            meanwhile in prop::collection::vec(("view_item|add_to_cart|purchase|search", "[a-d]"), 0..8),
            pauses in 1..3_usize,
        ) {
            let mut engine = engine(r#"{"version": 1, "slots": [{"id": "hero",
                "choose": [{"by": "interest", "events": 1}],
                "variants": [{"id": "a", "tags": {"category": "a"}, "content": {"text": {"": "a"}}}]}]}"#);
            let now = Timestamp::from_ms(1_772_445_600_000);
            for (name, category) in &before {
                engine.dispatch(event(name, category), now);
            }
            let (expected, decided) = (known(&mut engine, now), engine.peek("hero", now));
            for _ in 0..pauses {
                engine.dispatch(Signal::Pause(true), now);
                for (name, category) in &meanwhile {
                    engine.dispatch(event(name, category), now);
                }
                engine.dispatch(Signal::PromptOutcome("letter".to_owned(), PromptOutcome::Shown), now);
                engine.dispatch(Signal::Impression("hero".to_owned()), now);
                prop_assert_eq!(engine.peek("hero", now).unwrap().variant, None);
                prop_assert_eq!(&known(&mut engine, now), &expected);
            }
            engine.dispatch(Signal::Pause(false), now);
            prop_assert_eq!(&known(&mut engine, now), &expected);
            prop_assert_eq!(engine.peek("hero", now), decided);
        }

        /// The same in another tab, which is told later: entries that it recorded after the pause began.
        #[test]
        fn what_another_tab_records_in_a_pause_is_not_counted(
            times in prop::collection::vec(0..100_i64, 1..12),
            from in 0..100_i64,
        ) {
            let rules = Rules::default();
            let entry = |number: usize, at: i64, event: JournalEvent| {
                Entry { number: number as u64 + 1, at: Timestamp::from_ms(at), event }
            };
            let mut times = times;
            times.sort_unstable();
            let views = times.iter().enumerate().map(|(number, at)| entry(number, *at, JournalEvent::View));
            let (mut other, mut own) = (Journal::new(Seed(1)), Journal::new(Seed(1)));
            views.for_each(|view| other.push(view));
            own.push(entry(0, from, JournalEvent::Pause(true)));
            let mut state = State::default();
            // Of what happens at the same moment the first journal by name comes first.
            let journals = [("a".to_owned(), own), ("b".to_owned(), other)];
            let folding = FoldContext { rules: &rules, goals: &Goals::default() };
            state.merge(&journals, true, Timestamp::from_ms(100), folding);
            let counted = times.iter().filter(|at| **at < from).count();
            prop_assert_eq!(state.profile.history.views as usize, counted);
            // Another device goes by its own visitor's wish.
            let mut elsewhere = Profile::default();
            elsewhere.merge(state.profile, &rules);
            prop_assert_eq!(elsewhere.paused, None);
        }
    }
}
