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
        if is_tracked && !rules.is_sensitive(&[Tag::new(&dimension, &key)]) {
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
    use crate::host::Native;
    use crate::random::Seed;
    use crate::signal::Signal;

    #[test]
    fn only_what_the_site_may_know_can_be_corrected_and_the_console_says_why() {
        let config = r#"{"version": 1, "privacy": {"sensitive": ["health"]}}"#;
        let config = Config::read(&serde_json::from_str(config).unwrap()).unwrap();
        let mut engine = Engine::new(config, Seed(1), Box::new(Native));
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
}
