//! One tab's part in the protocol: its own journal, and what the area holds.

pub mod folding;
pub mod withdrawal;

use super::keys::{Epoch, Keys, split_epoch};
use super::{Area, Refused, Stored};
use withdrawal::Update;

/// How many characters our keys and texts may take together: about a tenth of the smallest quota that
/// browsers give an origin.
pub const ROOM: usize = 600_000;
/// Other texts are measured again whenever the journal has grown by this many bytes.
const MEASURE_EVERY: usize = 4_000;

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
}

#[cfg(test)]
mod tests;
