//! Erasing, and what the erasures, withdrawals and epochs of other tabs mean for this one.

use super::TabStorage;
use crate::storage::keys::{Epoch, split_epoch};
use crate::storage::{Area, Refused, Stored};

/// What a change by another tab, or a return from the back/forward cache, means for this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// Nothing.
    Nothing,
    /// Another tab withdrew consent: forget. What this tab had stored is removed.
    Withdrawn,
    /// Another tab erased everything and goes on with consent: forget, and open the area again. What this tab had
    /// stored is removed.
    Erased,
    /// Another tab stored a profile: this is what the area holds now.
    Changed(Stored),
}

/// A change to the area that another tab made.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The key; `None` where the whole area was cleared.
    pub key: Option<&'a str>,
    /// The text before; `None` where there was none.
    pub old: Option<&'a str>,
    /// The text now; `None` where it was removed.
    pub new: Option<&'a str>,
}

impl TabStorage {
    /// Removes all our keys of an area, unread, and begins the epoch `fresh` there: everything is erased, and
    /// consent remains. Other tabs do the same when they receive the event.
    ///
    /// # Errors
    ///
    /// Where the area cannot be used.
    pub fn renew(&mut self, area: &dyn Area, fresh: &str) -> Result<(), Refused> {
        let key = self.keys.epoch();
        for other in self.own_keys(area)?.iter().filter(|other| **other != key) {
            area.remove(other)?;
        }
        if area.set(&key, &Epoch::after_erasure(fresh)).is_err() {
            return self.erase(area);
        }
        self.close();
        self.begin(fresh.to_owned());
        Ok(())
    }

    /// Removes all our keys of an area, unread, the epoch first. From then on this tab also removes what
    /// other tabs write before they receive the event.
    ///
    /// # Errors
    ///
    /// Where the area cannot be used. Every key was tried.
    pub fn erase(&mut self, area: &dyn Area) -> Result<(), Refused> {
        self.close();
        (self.erased, self.epoch_since) = (true, None);
        let mut result = area.remove(&self.keys.epoch());
        for key in self.own_keys(area)? {
            result = area.remove(&key).and(result);
        }
        result
    }

    /// Consent is gone: what was still to be written is not.
    pub fn close(&mut self) {
        (self.epoch, self.stored_profile) = (None, None);
        (self.journal, self.unsaved, self.decisions) = (String::new(), false, None);
    }

    /// This tab's consent was withdrawn by another: removes what this tab wrote meanwhile.
    pub(super) fn withdraw(&mut self, area: &dyn Area) {
        let profile = self.stored_profile.take();
        self.close();
        // What the area refuses to remove carries an epoch that is over.
        let _ = area.remove(&self.keys.journal(&self.tab_id));
        if profile.is_some() && area.get(&self.keys.profile()).ok().flatten() == profile {
            let _ = area.remove(&self.keys.profile());
        }
    }

    /// What a change by another tab means for this one.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn on_change(&mut self, area: &dyn Area, change: Change<'_>) -> Result<Update, Refused> {
        if self.has_erased() {
            self.guard_erasure(area, change);
            return Ok(Update::Nothing);
        }
        let Some(own) = self.epoch.clone() else { return Ok(Update::Nothing) };
        let Some(key) = change.key else {
            return Ok(if area.get(&self.keys.epoch())?.is_none() { self.withdrawn(area) } else { Update::Nothing });
        };
        if key == self.keys.epoch() {
            // The removal of an earlier epoch was no news to a tab that began in this one.
            if change.new.is_none() && change.old.is_none_or(|old| old == own) {
                return Ok(self.withdrawn(area));
            }
            match change.new.and_then(Epoch::read) {
                // What the page's own scripts may have written there is no epoch.
                None if self.epoch_of(area)?.is_none() => return Ok(self.withdrawn(area)),
                // What this tab began in, or later, is no news.
                Some(next) if next.current != own && self.epoch_of(area)?.as_ref() != Some(&own) => {
                    let current = next.current.to_owned();
                    if next.after_erasure {
                        self.withdraw(area);
                        self.begin(current);
                        return Ok(Update::Erased);
                    }
                    self.adopt(area, &own, current)?;
                    return Ok(Update::Changed(self.stored(area)?));
                }
                Some(_) | None => {}
            }
        } else if key == self.keys.profile() && change.new.is_some_and(|text| self.of_this_epoch(text).is_some()) {
            return Ok(Update::Changed(self.read(area)?));
        }
        Ok(Update::Nothing)
    }

    /// Two tabs began at the same time, and neither had seen the other: the last epoch counts, and what was
    /// written under the first is written anew.
    fn adopt(&mut self, area: &dyn Area, own: &str, next: String) -> Result<(), Refused> {
        let key = self.keys.profile();
        let profile = area.get(&key)?;
        let own_profile = profile.as_deref().and_then(split_epoch).filter(|(epoch, _)| *epoch == own);
        if let Some((_, text)) = own_profile {
            let text = format!("{next}{text}");
            area.set(&key, &text)?;
            self.stored_profile = Some(text);
        }
        self.epoch = Some(next);
        self.unsaved |= !self.journal.is_empty();
        Ok(())
    }

    pub(super) fn withdrawn(&mut self, area: &dyn Area) -> Update {
        self.withdraw(area);
        Update::Withdrawn
    }

    /// This tab erased, and nobody said yes in it since: removes what a tab writes that has not received the event yet.
    fn guard_erasure(&mut self, area: &dyn Area, change: Change<'_>) {
        let (Some(key), Some(text)) = (change.key, change.new) else { return };
        if !self.keys.owns(key) {
            return;
        }
        if key == self.keys.epoch() {
            // Somebody said yes in another tab, unless that was before and its event comes late.
            let current = self.epoch_of(area).ok().flatten();
            if current.is_some() && current.as_deref() == Epoch::read(text).map(|epoch| epoch.current) {
                self.epoch_since = current;
            }
            return;
        }
        let epoch = split_epoch(text).map(|(epoch, _)| epoch);
        if epoch.is_none() || epoch != self.epoch_since.as_deref() {
            let _ = area.remove(key);
        }
    }

    /// The page goes into the back/forward cache, or away for good.
    pub fn hide(&mut self) {
        self.away = true;
    }

    /// The page came back from the back/forward cache. `None` where it was not there.
    ///
    /// Meanwhile it held no lock and received no event: others may have folded its journal and removed it. So
    /// what it wrote belongs to them, and it goes on under `tab_id`, a new id.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn come_back(&mut self, area: &dyn Area, tab_id: String) -> Result<Option<Update>, Refused> {
        if !core::mem::take(&mut self.away) {
            return Ok(None);
        }
        if self.epoch.is_none() {
            // What was written before this tab erased, and was not visible to it then.
            if self.erased && area.get(&self.keys.epoch())?.is_none() {
                self.erase(area)?;
            }
            return Ok(None);
        }
        match self.epoch_of(area)? {
            None => return Ok(Some(self.withdrawn(area))),
            Some(found) if self.epoch.as_ref() != Some(&found) => {
                self.withdraw(area);
                self.begin(found);
                self.tab_id = tab_id;
                return Ok(Some(Update::Erased));
            }
            Some(_) => {}
        }
        self.tab_id = tab_id;
        Ok(Some(Update::Changed(self.read(area)?)))
    }
}
