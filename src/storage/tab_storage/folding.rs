//! Folding: the journals of all tabs become part of the stored profile, and leave the area once it has stood for a second.

use super::TabStorage;
use crate::storage::keys::StoredText;
use crate::storage::{Area, Refused, Stored};
use crate::time::Timestamp;

/// How many characters of a text that could not be read are set aside.
const ASIDE: usize = 5_000;

/// A profile that journals were folded into, as the engine makes it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Folded {
    /// The encoded profile.
    pub profile: String,
    /// By tab, the number of its journal's last entry that is part of the profile.
    pub watermarks: Vec<(String, u64)>,
    /// When the last entry of each of these journals was written, in the same order.
    pub written: Vec<Option<Timestamp>>,
    /// Keys, without their prefix, of texts that could not be read to their end.
    pub damaged: Vec<String>,
}

/// A stored profile that is believed once it has stood for a second: see [`TabStorage::settle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settling {
    profile: String,
    journals: Vec<(String, String)>,
    gone: Vec<String>,
    damaged: Vec<String>,
}

/// A stored profile that has stood for a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// What it contains need not stay in any journal.
    pub profile: String,
    /// Keys, without their prefix, of texts that were set aside.
    pub quarantined: Vec<String>,
}

impl TabStorage {
    /// The ids of the tabs that have a journal in the area. Asked for before the caller asks which tabs
    /// live: of one that begins in between nothing is known, and it counts as living.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn tabs(&self, area: &dyn Area) -> Result<Vec<String>, Refused> {
        let tab = |key: &String| self.keys.tab_of(key).map(str::to_owned);
        Ok(self.own_keys(area)?.iter().filter_map(tab).collect())
    }

    /// Folds all journals into the profile and stores it. `lives` answers whether a tab still lives, by its id
    /// and the time of its last entry; `fold` is the engine's, or one that also imports a profile and may
    /// fail. `only_gone` leaves everything as it is unless there is a journal of a tab that is gone: where
    /// no locks keep tabs from folding at the same time, they do it as rarely as they can.
    ///
    /// What the profile contains is removed by [`settle`](TabStorage::settle), a second later.
    ///
    /// # Errors
    ///
    /// With what `fold` says, or `None` where nothing could be stored; then nothing is lost, the journals
    /// are still there.
    pub fn fold<Why>(
        &mut self,
        area: &dyn Area,
        lives: &dyn Fn(&str, Option<Timestamp>) -> bool,
        only_gone: bool,
        fold: impl FnOnce(&Stored) -> Result<Folded, Why>,
    ) -> Result<Option<Settling>, Option<Why>> {
        let Some(epoch) = self.epoch.clone() else { return Err(None) };
        let found = self.epoch_of(area).map_err(|Refused| None)?;
        if found.as_ref() != Some(&epoch) {
            return Err(None);
        }
        let stored = self.stored(area).map_err(|Refused| None)?;
        let folded = fold(&stored).map_err(Some)?;
        let is_gone =
            |(id, at): (&String, &Option<Timestamp>)| (*id != self.tab_id && !lives(id, *at)).then(|| id.clone());
        let ids = folded.watermarks.iter().map(|(id, _)| id);
        let gone: Vec<String> = ids.zip(&folded.written).filter_map(is_gone).collect();
        if only_gone && gone.is_empty() {
            return Ok(None);
        }
        if folded.damaged.iter().any(|name| name == "v1") {
            // Before its place is taken.
            self.quarantine(area, &["v1".to_owned()]);
        }
        let text = format!("{epoch}{}", folded.profile);
        if area.set(&self.keys.profile(), &text).is_err() {
            return Err(None);
        }
        self.stored_profile = Some(text.clone());
        self.remove_withdrawn(area, lives);
        Ok(Some(Settling { profile: text, journals: stored.journals, gone, damaged: folded.damaged }))
    }

    /// Removes journals of tabs that are gone and whose epoch is over.
    fn remove_withdrawn(&self, area: &dyn Area, lives: &dyn Fn(&str, Option<Timestamp>) -> bool) {
        for key in self.own_keys(area).unwrap_or_default() {
            let Some(id) = self.keys.tab_of(&key) else { continue };
            let text = area.get(&key).ok().flatten().unwrap_or_default();
            if id != self.tab_id && self.of_this_epoch(&text).is_none() && !lives(id, None) {
                // What cannot be removed now is removed by whoever folds next.
                let _ = area.remove(&key);
            }
        }
    }

    /// The profile that another tab has stored, to be settled a second later like one of this tab's own.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn seen(&self, area: &dyn Area) -> Result<Option<Settling>, Refused> {
        let profile = area.get(&self.keys.profile())?.filter(|text| self.of_this_epoch(text).is_some());
        Ok(profile.map(|profile| Settling { profile, journals: Vec::new(), gone: Vec::new(), damaged: Vec::new() }))
    }

    /// A second after a profile was stored: if it still stands, removes the journals of tabs that are gone and
    /// that were folded into it, and returns it, so that each tab drops from its own journal what is in it.
    ///
    /// By now the writes of other processes have become visible: another tab may just have folded what it had
    /// read before, or a journal have grown before its tab was killed. Where that happened everything stays
    /// as it is, and whoever folds next ends it.
    ///
    /// # Errors
    ///
    /// Where the area cannot be used.
    pub fn settle(&mut self, area: &dyn Area, fold: Settling) -> Result<Option<Settled>, Refused> {
        if self.epoch.is_none() || area.get(&self.keys.profile())?.as_ref() != Some(&fold.profile) {
            return Ok(None);
        }
        let Some(profile) = self.of_this_epoch(&fold.profile).map(str::to_owned) else { return Ok(None) };
        let mut broken = Vec::new();
        for (id, text) in &fold.journals {
            let key = self.keys.journal(id);
            let now = area.get(&key)?;
            if now.as_deref().and_then(|now| self.of_this_epoch(now)) != Some(text) {
                continue;
            }
            let name = format!("t.{id}");
            if fold.damaged.contains(&name) {
                broken.push(name);
            } else if fold.gone.contains(id) {
                area.remove(&key)?;
            }
        }
        self.quarantine(area, &broken);
        Ok(Some(Settled { profile, quarantined: broken }))
    }

    /// Sets texts aside that could not be read: the last one stays under a key of its own, for whoever wants
    /// to know what happened.
    pub fn quarantine(&self, area: &dyn Area, names: &[String]) {
        for name in names {
            let key = self.keys.key(name);
            let text = area.get(&key).ok().flatten();
            // An area that refuses this keeps the text where it is; it was reported.
            let _ = area.remove(&key);
            if let Some(text) = text {
                let _ = area.set(&self.keys.of(StoredText::Aside), &text.chars().take(ASIDE).collect::<String>());
            }
        }
    }
}
