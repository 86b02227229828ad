//! One tab's part in the protocol.

use super::keys::{Epoch, Keys, StoredText, split_epoch};
use super::{Area, Refused, Stored};
use crate::time::Timestamp;

/// How many characters our keys and texts may take together: about a tenth of the smallest quota that
/// browsers give an origin.
pub const ROOM: usize = 600_000;
/// Other texts are measured again whenever the journal has grown by this many bytes.
const MEASURE_EVERY: usize = 4_000;
/// How many characters of a text that could not be read are set aside.
const ASIDE: usize = 5_000;

/// What became of a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Everything is stored.
    Done,
    /// There is no room; folding may make some.
    Full,
    /// Another tab withdrew consent: this tab must forget what it knows. What it had stored is removed.
    Withdrawn,
    /// Another epoch has begun; an event that is on its way says whether by an erasure. Nothing was written, and
    /// nothing is lost.
    Waiting,
}

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

/// One tab's part in the protocol.
#[derive(Clone, Debug)]
pub struct TabStorage {
    keys: Keys,
    tab_id: String,
    /// The epoch under which this tab writes; `None` before the area was opened, and after erasing.
    epoch: Option<String>,
    /// The text of this tab's journal, and whether storage lags behind it.
    journal: String,
    unsaved: bool,
    /// Last decisions that are not stored yet.
    decisions: Option<String>,
    /// How many characters our other texts took when that was last measured, and the length of the journal
    /// at that time: measuring reads all of them.
    others: Option<(usize, usize)>,
    /// Whether the page lies in the back/forward cache, or is about to.
    away: bool,
    /// The profile that this tab stored last, to be taken back should it have crossed an erasure.
    stored_profile: Option<String>,
    /// Whether this tab erased; and the epoch that began since, in whatever tab.
    erased: bool,
    epoch_since: Option<String>,
}

impl TabStorage {
    /// A tab with an id of its own: 16 random hexadecimal digits. Nothing is read yet.
    pub fn new(keys: Keys, tab_id: String) -> TabStorage {
        TabStorage {
            keys,
            tab_id,
            epoch: None,
            journal: String::new(),
            unsaved: false,
            decisions: None,
            others: None,
            away: false,
            stored_profile: None,
            erased: false,
            epoch_since: None,
        }
    }

    /// The keys this tab uses.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The id of this tab.
    pub fn tab_id(&self) -> &str {
        &self.tab_id
    }

    /// Whether this tab erased everything, and nobody said yes in it since.
    pub fn has_erased(&self) -> bool {
        self.erased && self.epoch.is_none()
    }

    /// Whether storage lags behind the journal.
    pub fn is_unsaved(&self) -> bool {
        self.unsaved
    }

    /// Opens the area, because consent allows it, and reads what it holds. `fresh` is a new epoch, for an
    /// area that has none: what lies there then was withdrawn, and is removed unread.
    ///
    /// The engine knows more of this tab's own journal than the area does and saves it anew.
    ///
    /// # Errors
    ///
    /// Where the area cannot be used.
    pub fn open(&mut self, area: &dyn Area, fresh: &str) -> Result<Update, Refused> {
        match (&self.epoch, self.epoch_of(area)?) {
            // The event of another tab's erasure is still to come.
            (Some(_), None) => return Ok(self.withdrawn(area)),
            // So is the one of why this is another epoch.
            (Some(own), Some(found)) if *own != found => return Ok(Update::Nothing),
            (_, Some(epoch)) => self.begin(epoch),
            (None, None) => self.begin_anew(area, fresh)?,
        }
        Ok(Update::Changed(self.read(area)?))
    }

    /// The epoch under which tabs write now.
    fn epoch_of(&self, area: &dyn Area) -> Result<Option<String>, Refused> {
        let found = area.get(&self.keys.epoch())?;
        Ok(found.as_deref().and_then(Epoch::read).map(|epoch| epoch.current.to_owned()))
    }

    fn begin(&mut self, epoch: String) {
        self.epoch = Some(epoch);
        (self.erased, self.epoch_since) = (false, None);
    }

    fn begin_anew(&mut self, area: &dyn Area, fresh: &str) -> Result<(), Refused> {
        for key in self.own_keys(area)? {
            area.remove(&key)?;
        }
        area.set(&self.keys.epoch(), fresh)?;
        self.begin(fresh.to_owned());
        Ok(())
    }

    /// What the area holds of this epoch. Of a text that carries no epoch at all the engine will say that it
    /// is damaged.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn read(&mut self, area: &dyn Area) -> Result<Stored, Refused> {
        (self.journal, self.unsaved, self.decisions, self.others) = (String::new(), false, None, None);
        self.stored(area)
    }

    /// The same without forgetting what is not saved yet.
    ///
    /// # Errors
    ///
    /// Where the area cannot be read.
    pub fn stored(&self, area: &dyn Area) -> Result<Stored, Refused> {
        let mut journals = Vec::new();
        for key in self.own_keys(area)? {
            let Some(id) = self.keys.tab_of(&key) else { continue };
            if let Some(text) = area.get(&key)?.as_deref().and_then(|text| self.of_this_epoch(text)) {
                journals.push((id.to_owned(), text.to_owned()));
            }
        }
        let profile = area.get(&self.keys.profile())?;
        let profile = profile.as_deref().and_then(|text| self.of_this_epoch(text)).map(str::to_owned);
        Ok(Stored { profile, journals, decisions: area.get(&self.keys.decisions())? })
    }

    fn of_this_epoch<'a>(&self, stored: &'a str) -> Option<&'a str> {
        match split_epoch(stored) {
            Some((epoch, text)) => (self.epoch.as_deref() == Some(epoch)).then_some(text),
            None => Some(stored),
        }
    }

    fn own_keys(&self, area: &dyn Area) -> Result<Vec<String>, Refused> {
        Ok(area.keys()?.into_iter().filter(|key| self.keys.owns(key)).collect())
    }

    /// This tab's journal is `text` from now on; it is stored by the next flush.
    pub fn save(&mut self, text: &str) {
        text.clone_into(&mut self.journal);
        self.unsaved = true;
    }

    /// This tab's journal goes on with `text`.
    pub fn append(&mut self, text: &str) {
        self.journal.push_str(text);
        self.unsaved = true;
    }

    /// These are the last decisions from now on; they are stored by the next flush.
    pub fn save_decisions(&mut self, text: &str) {
        self.decisions = Some(text.to_owned());
    }

    /// Stores the journal and the last decisions, if storage lags behind it and the area is open.
    ///
    /// # Errors
    ///
    /// Where the area cannot be used; the journal stays unsaved.
    pub fn flush(&mut self, area: &dyn Area) -> Result<Flush, Refused> {
        if !self.unsaved && self.decisions.is_none() {
            return Ok(Flush::Done);
        }
        let Some(epoch) = self.epoch.clone() else { return Ok(Flush::Done) };
        match self.epoch_of(area)? {
            None => {
                self.withdraw(area);
                return Ok(Flush::Withdrawn);
            }
            Some(found) if found != epoch => return Ok(Flush::Waiting),
            Some(_) => {}
        }
        if let Some(decisions) = self.decisions.take() {
            area.set(&self.keys.decisions(), &decisions)?;
        }
        if !self.unsaved {
            return Ok(Flush::Done);
        }
        let length = self.journal.len();
        if self.others.is_none_or(|(_, measured)| length >= measured.saturating_add(MEASURE_EVERY)) {
            self.others = Some((self.size_of_others(area)?, length));
        }
        if self.others.is_none_or(|(others, _)| others.saturating_add(length) > ROOM) {
            self.others = None;
            return Ok(Flush::Full);
        }
        area.set(&self.keys.journal(&self.tab_id), &format!("{epoch}{}", self.journal))?;
        self.unsaved = false;
        Ok(Flush::Done)
    }

    /// How many characters our keys and texts take, this tab's journal aside.
    fn size_of_others(&self, area: &dyn Area) -> Result<usize, Refused> {
        let own = self.keys.journal(&self.tab_id);
        let mut size = 0_usize;
        for key in self.own_keys(area)?.iter().filter(|key| **key != own) {
            let text = area.get(key)?.unwrap_or_default();
            size = size.saturating_add(key.len()).saturating_add(text.chars().count());
        }
        Ok(size)
    }

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
    fn withdraw(&mut self, area: &dyn Area) {
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

    fn withdrawn(&mut self, area: &dyn Area) -> Update {
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

#[cfg(test)]
mod tests {
    use super::super::keys::DIGITS;
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    /// An area without delays; `full` refuses every write.
    #[derive(Default)]
    struct Memory {
        texts: RefCell<BTreeMap<String, String>>,
        full: bool,
    }

    impl Area for Memory {
        fn keys(&self) -> Result<Vec<String>, Refused> {
            Ok(self.texts.borrow().keys().cloned().collect())
        }
        fn get(&self, key: &str) -> Result<Option<String>, Refused> {
            Ok(self.texts.borrow().get(key).cloned())
        }
        fn set(&self, key: &str, text: &str) -> Result<(), Refused> {
            if self.full {
                return Err(Refused);
            }
            self.texts.borrow_mut().insert(key.to_owned(), text.to_owned());
            Ok(())
        }
        fn remove(&self, key: &str) -> Result<(), Refused> {
            self.texts.borrow_mut().remove(key);
            Ok(())
        }
    }

    fn id(digit: char) -> String {
        core::iter::repeat_n(digit, DIGITS).collect()
    }

    fn tab(digit: char) -> TabStorage {
        TabStorage::new(Keys::new(""), id(digit))
    }

    fn keys(area: &Memory) -> Vec<String> {
        area.keys().unwrap()
    }

    #[test]
    fn erasing_leaves_nothing_of_ours_and_everything_of_others() {
        let area = Memory::default();
        area.set("tailorbird.theme-cache", "theirs").unwrap();
        let mut own = tab('1');
        own.open(&area, &id('e')).unwrap();
        own.save("journal");
        assert_eq!(own.flush(&area), Ok(Flush::Done));
        own.erase(&area).unwrap();
        assert_eq!(keys(&area), ["tailorbird.theme-cache"]);
    }

    #[test]
    fn a_tab_does_not_write_after_another_withdrew() {
        let area = Memory::default();
        let (mut one, mut other) = (tab('1'), tab('2'));
        one.open(&area, &id('e')).unwrap();
        other.open(&area, "").unwrap();
        other.save("before");
        other.flush(&area).unwrap();
        one.erase(&area).unwrap();
        other.append(" and after");
        assert_eq!(other.flush(&area), Ok(Flush::Withdrawn));
        assert_eq!(keys(&area), Vec::<String>::new());
        assert!(!other.is_unsaved(), "nothing is written later either");
    }

    #[test]
    fn a_write_that_crosses_a_withdrawal_is_undone_by_both_tabs() {
        let area = Memory::default();
        let (mut one, mut other) = (tab('1'), tab('2'));
        one.open(&area, &id('e')).unwrap();
        other.open(&area, "").unwrap();
        one.erase(&area).unwrap();
        // The other process did not see the removal yet.
        let late = format!("{}late", id('e'));
        let key = other.keys().journal(other.tab_id());
        area.set(&key, &late).unwrap();
        one.on_change(&area, Change { key: Some(&key), old: None, new: Some(&late) }).unwrap();
        assert_eq!(keys(&area), Vec::<String>::new(), "the tab that erased");
        area.set(&key, &late).unwrap();
        let (epoch, ended) = (other.keys().epoch(), id('e'));
        let update = other.on_change(&area, Change { key: Some(&epoch), old: Some(&ended), new: None });
        assert_eq!((update, keys(&area)), (Ok(Update::Withdrawn), Vec::new()), "the tab that wrote");
    }

    #[test]
    fn what_a_killed_tab_left_behind_never_counts_after_a_new_yes() {
        let area = Memory::default();
        let left = tab('2').keys().journal(&id('2'));
        area.set(&left, &format!("{}late", id('e'))).unwrap();
        let mut own = tab('1');
        let opened = own.open(&area, &id('f'));
        assert_eq!(opened, Ok(Update::Changed(Stored::default())));
        assert_eq!(keys(&area), ["tailorbird.e"], "and it is removed unread");
        // Should it come back once more, it is passed by, and removed with the next fold.
        area.set(&left, &format!("{}late", id('e'))).unwrap();
        assert_eq!(own.read(&area), Ok(Stored::default()));
        let fold = |_: &Stored| Ok::<_, ()>(Folded { profile: "p".to_owned(), ..Folded::default() });
        own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
        assert_eq!(keys(&area), ["tailorbird.e", "tailorbird.v1"]);
    }

    #[test]
    fn a_yes_in_another_tab_is_not_erased_by_the_tab_that_said_no() {
        let area = Memory::default();
        let (mut one, mut other) = (tab('1'), tab('2'));
        one.open(&area, &id('e')).unwrap();
        one.erase(&area).unwrap();
        other.open(&area, &id('f')).unwrap();
        let (epoch, new) = (other.keys().epoch(), id('f'));
        one.on_change(&area, Change { key: Some(&epoch), old: None, new: Some(&new) }).unwrap();
        other.save("journal");
        other.flush(&area).unwrap();
        let key = other.keys().journal(other.tab_id());
        let text = area.get(&key).unwrap().unwrap();
        one.on_change(&area, Change { key: Some(&key), old: None, new: Some(&text) }).unwrap();
        assert_eq!(area.get(&key), Ok(Some(text)));
    }

    #[test]
    fn an_erasure_with_consent_goes_on_in_every_tab() {
        let area = Memory::default();
        let (mut one, mut other) = (tab('1'), tab('2'));
        one.open(&area, &id('e')).unwrap();
        other.open(&area, "").unwrap();
        other.save("before");
        other.flush(&area).unwrap();
        one.renew(&area, &id('f')).unwrap();
        assert_eq!(keys(&area), ["tailorbird.e"]);
        other.append(" and after");
        assert_eq!(other.flush(&area), Ok(Flush::Waiting));
        let (epoch, old, new) = (one.keys().epoch(), id('e'), area.get("tailorbird.e").unwrap().unwrap());
        let update = other.on_change(&area, Change { key: Some(&epoch), old: Some(&old), new: Some(&new) });
        assert_eq!((update, other.is_unsaved()), (Ok(Update::Erased), false));
        other.save("anew");
        other.flush(&area).unwrap();
        let journals = vec![(id('2'), "anew".to_owned())];
        assert_eq!(one.read(&area), Ok(Stored { profile: None, journals, decisions: None }));
    }

    #[test]
    fn tabs_that_begin_at_the_same_time_agree_on_one_epoch() {
        let area = Memory::default();
        let (mut one, mut other) = (tab('1'), tab('2'));
        one.open(&area, &id('e')).unwrap();
        one.save("journal");
        one.flush(&area).unwrap();
        // The other tab had not seen the first epoch.
        area.set("tailorbird.e", &id('f')).unwrap();
        other.open(&area, "").unwrap();
        one.append(" goes on");
        assert_eq!(one.flush(&area), Ok(Flush::Waiting));
        let (epoch, old, new) = (one.keys().epoch(), id('e'), id('f'));
        one.on_change(&area, Change { key: Some(&epoch), old: Some(&old), new: Some(&new) }).unwrap();
        assert_eq!(one.flush(&area), Ok(Flush::Done));
        let journals = vec![(id('1'), "journal goes on".to_owned())];
        assert_eq!(other.read(&area), Ok(Stored { profile: None, journals, decisions: None }));
    }

    #[test]
    fn a_journal_that_grew_after_a_fold_stays() {
        let area = Memory::default();
        let (mut own, mut gone) = (tab('1'), tab('2'));
        own.open(&area, &id('e')).unwrap();
        gone.open(&area, "").unwrap();
        gone.save("entries");
        gone.flush(&area).unwrap();
        let fold = |stored: &Stored| {
            let watermarks: Vec<(String, u64)> = stored.journals.iter().map(|(id, _)| (id.clone(), 3)).collect();
            let written = watermarks.iter().map(|_| None).collect();
            Ok::<_, ()>(Folded { profile: "p".to_owned(), watermarks, written, damaged: Vec::new() })
        };
        let settling = own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
        gone.append(" and more");
        gone.flush(&area).unwrap();
        assert!(own.settle(&area, settling).unwrap().is_some());
        assert!(keys(&area).contains(&gone.keys().journal(gone.tab_id())), "it grew meanwhile");
        let settling = own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
        own.settle(&area, settling).unwrap();
        assert_eq!(keys(&area), ["tailorbird.e", "tailorbird.v1"]);
    }

    #[test]
    fn keys_of_others_do_not_count_against_our_room() {
        let area = Memory::default();
        area.set("tailorbird.theme-cache", &"x".repeat(ROOM)).unwrap();
        let mut own = tab('1');
        own.open(&area, &id('e')).unwrap();
        own.save("journal");
        assert_eq!(own.flush(&area), Ok(Flush::Done));
        area.set(&own.keys().journal(&id('2')), &"x".repeat(ROOM)).unwrap();
        own.save(&"another ".repeat(1_000));
        assert_eq!(own.flush(&area), Ok(Flush::Full));
    }

    #[test]
    fn a_refusal_loses_nothing_that_is_not_stored() {
        let mut area = Memory::default();
        let mut own = tab('1');
        own.open(&area, &id('e')).unwrap();
        own.save("journal");
        area.full = true;
        assert_eq!(own.flush(&area), Err(Refused));
        assert!(own.is_unsaved());
    }
}
