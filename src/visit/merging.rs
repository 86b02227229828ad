//! What the profiles of several devices make together. Few visitors carry one along, so the engine of
//! most pages is without this; the shell asks the other one.

use super::Visit;
use crate::snapshot::Snapshot;
use crate::time::Timestamp;

impl Visit {
    /// The stored `profile` with all that other devices know of the visitor, to be told by
    /// [`Restored`](crate::signal::Signal::Restored) and never stored: each device goes on with its own.
    /// `None` where it cannot be opened.
    pub fn whole(&self, profile: &str, now: Timestamp) -> Option<String> {
        let rules = &self.config.rules;
        let snapshot = Snapshot::open(profile).ok()?;
        // Of one that is over nothing counts any more, nor what was brought to it.
        let over = snapshot.profile.is_over(now, rules);
        let mut whole = if over { snapshot } else { snapshot.whole(now, rules) };
        Some(whole.seal_all())
    }

    /// The stored `profile` with the one that is `brought` from another device kept beside it.
    ///
    /// # Errors
    ///
    /// With why it cannot be: `damaged`, `newer`, `expired`, or `too-many` devices.
    pub fn adopt(&self, profile: &str, brought: &str, now: Timestamp) -> Result<String, &'static str> {
        let mut snapshot = Snapshot::open(profile).unwrap_or_default();
        snapshot.adopt(brought, now, &self.config.rules)?;
        Ok(snapshot.seal())
    }
}
