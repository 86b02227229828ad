//! What the profiles of several devices make together. Few visitors carry one along, so the engine of
//! most pages is without this; the shell asks the other one.

use super::Engine;
use crate::state::State;
use crate::time::Timestamp;

impl Engine {
    /// The stored `profile` with all that other devices know of the visitor, to be told by
    /// [`Restored`](crate::signal::Signal::Restored) and never stored: each device goes on with its own.
    /// `None` where it cannot be opened.
    pub fn merged(&self, profile: &str, now: Timestamp) -> Option<String> {
        let rules = &self.config.rules;
        let snapshot = State::decode(profile).ok()?;
        // Of one that is over nothing counts any more, nor what was brought to it.
        let over = snapshot.profile.is_over(now, rules);
        let mut merged = if over { snapshot } else { snapshot.merged(now, rules) };
        Some(merged.encode_all())
    }

    /// The stored `profile` with the one that is `brought` from another device kept beside it.
    ///
    /// # Errors
    ///
    /// With why it cannot be: `damaged`, `newer`, `expired`, or `too-many` devices.
    pub fn import_device(&self, profile: &str, brought: &str, now: Timestamp) -> Result<String, &'static str> {
        let mut snapshot = State::decode(profile).unwrap_or_default();
        snapshot.import_device(brought, now, &self.config.rules)?;
        Ok(snapshot.encode())
    }
}
