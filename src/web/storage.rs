//! What is stored on the device: carries out [`crate::storage`] on `localStorage` and `sessionStorage`.
//!
//! Not even the name of an area is spoken before the core asks for it, because consent is the core's to judge.
//! A tab's journal is written at the end of the task in which something was recorded. Folding waits until the
//! browser has time, and for its turn under a Web Lock; pages that are not secure have no locks and fold only
//! what has been silent for 30 minutes.

mod browser_area;
mod locks;
mod folding;

use core::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use browser_area::{BrowserArea, browser_area};
use js_sys::{Function, JsString, Promise, Reflect};
use locks::web_locks;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::StorageEvent;

use super::callback::{Callback, Handled};
use super::entry::Entry;
use super::listeners::Listeners;
use super::promise::then;
use super::random;
use super::shell::Shell;
use super::timer::{Timer, at_end_of_task};
use crate::page::{self, DomEvent};
use crate::signal::{Restored, Signal};
use crate::storage::{Change, Flush, Keys, Refused, Settling, Stored, TabStorage, Update};
use crate::value::Object;

/// An epoch and what follows it: more than that is not needed to tell by which a text was stored.
const EPOCH_CHARACTERS: u32 = 100;

/// The storage of one tab.
pub(super) struct Storage {
    shell: Weak<Shell>,
    keys: Keys,
    tab: RefCell<TabStorage>,
    area: RefCell<Option<(page::Area, BrowserArea)>>,
    /// Whether a flush, or a fold, is under way already.
    flush_due: Cell<bool>,
    fold_due: Cell<bool>,
    /// Whether the loss of storage was reported.
    reported: Cell<bool>,
    settling: RefCell<Vec<Settling>>,
    /// Releases the lock by which other tabs see that this one lives.
    release: RefCell<Option<Function>>,
    callbacks: OnceCell<Callbacks>,
}

/// What JavaScript calls, each made once.
struct Callbacks {
    flush: Callback,
    fold: Callback,
    hold: Callback,
    ignore: Callback,
    settle: Timer,
    _listeners: Listeners,
}

impl Storage {
    /// The storage of a site; an empty namespace is the origin's only one. Nothing is touched yet.
    pub(super) fn new(shell: Weak<Shell>, namespace: &str) -> Storage {
        let keys = Keys::new(namespace);
        Storage {
            shell,
            tab: RefCell::new(TabStorage::new(keys.clone(), random::name())),
            keys,
            area: RefCell::default(),
            flush_due: Cell::new(false),
            fold_due: Cell::new(false),
            reported: Cell::new(false),
            settling: RefCell::default(),
            release: RefCell::default(),
            callbacks: OnceCell::new(),
        }
    }

    /// Opens this area and passes what it holds to the core.
    pub(super) fn restore(&self, kind: page::Area) -> Handled {
        self.area.replace(self.browser_area(kind).map(|area| (kind, area)));
        self.listen()?;
        match self.with_area(|tab, area| tab.open(area, &random::name())) {
            Some(Ok(update)) => {
                self.hold_lock()?;
                self.apply_update(update)
            }
            Some(Err(Refused)) => {
                self.lose("storage is refused")?;
                self.restored(Stored::default())
            }
            None => {
                if web_sys::window().is_some() {
                    self.lose("storage is refused")?;
                }
                self.restored(Stored::default())
            }
        }
    }

    /// This tab's journal is this text.
    pub(super) fn save(&self, text: &str) -> Handled {
        self.tab.borrow_mut().save(text);
        self.flush_later()
    }

    /// This tab's journal goes on with this text.
    pub(super) fn append(&self, text: &str) -> Handled {
        self.tab.borrow_mut().append(text);
        self.flush_later()
    }

    /// These are the last decisions.
    pub(super) fn save_decisions(&self, text: &str) -> Handled {
        self.tab.borrow_mut().save_decisions(text);
        self.flush_later()
    }

    /// Removes all our keys from both areas, unread.
    pub(super) fn erase(&self) -> Handled {
        if self.remove_all()? { self.lose("storage is refused") } else { Ok(()) }
    }

    /// The same once more after a withdrawal, which has reported what is refused.
    pub(super) fn erase_again(&self) -> Handled {
        self.remove_all().map(drop)
    }

    /// Returns whether an area has refused.
    fn remove_all(&self) -> Result<bool, JsValue> {
        self.settling.borrow_mut().clear();
        let mut refused = false;
        for kind in [page::Area::Local, page::Area::Session] {
            if let Some(area) = self.browser_area(kind) {
                refused |= self.with_tab(|tab| tab.erase(&area)).is_some_and(|erased| erased.is_err());
            }
        }
        // Another tab may write before it receives the event: this one removes that then.
        self.listen()?;
        Ok(refused)
    }

    /// Removes all our keys from both areas, unread, and begins anew in this one.
    pub(super) fn renew(&self, kind: page::Area) -> Handled {
        self.settling.borrow_mut().clear();
        let other = match kind {
            page::Area::Local => page::Area::Session,
            page::Area::Session => page::Area::Local,
        };
        // What refuses is reported where the area is opened; it holds nothing of ours.
        if let Some(area) = self.browser_area(other) {
            self.with_tab(|tab| tab.erase(&area).ok());
        }
        if let Some(area) = self.browser_area(kind) {
            self.with_tab(|tab| tab.renew(&area, &random::name()).ok());
        }
        self.restore(kind)
    }

    /// Sets texts aside that could not be read, and reports it.
    pub(super) fn quarantine(&self, keys: &[String]) -> Handled {
        self.with_area(|tab, area| tab.quarantine(area, keys));
        self.report("what was stored is damaged, or from a later version", keys)
    }

    /// The profile and the journals that are stored, where something may and can be.
    pub(super) fn read(&self) -> Option<Stored> {
        self.flush().ok()?;
        self.with_area(|tab, area| tab.stored(area)).and_then(Result::ok)
    }

    /// The page goes away, perhaps for good: what is unwritten is written now, because later the journal may
    /// belong to others. Some browsers keep no page that holds a lock in the back/forward cache.
    pub(super) fn pause(&self) -> Handled {
        let flushed = self.flush();
        self.with_tab(TabStorage::hide);
        self.release_lock();
        flushed
    }

    /// The page is there, perhaps again.
    pub(super) fn resume(&self) -> Handled {
        // A tab that said no keeps no area open, and still removes what came later.
        let update = match self.erased_area() {
            Some(area) => self.with_tab(|tab| tab.come_back(&area, random::name())),
            None => self.with_area(|tab, area| tab.come_back(area, random::name())),
        };
        match update {
            Some(Ok(Some(update))) => {
                // What this tab wrote before is folded by whoever folds next; it goes on in another journal.
                if update != Update::Withdrawn {
                    self.hold_lock()?;
                }
                self.apply_update(update)
            }
            Some(Err(Refused)) => self.lose("storage is refused"),
            Some(Ok(None)) | None => Ok(()),
        }
    }

    /// Consent is gone, or the engine ends: nothing more is written.
    pub(super) fn close(&self) {
        self.with_tab(TabStorage::close);
        self.area.replace(None);
        self.settling.borrow_mut().clear();
        self.release_lock();
    }

    /// Works with the open area; `None` where there is none, or as [`with_tab`](Storage::with_tab).
    fn with_area<T>(&self, work: impl FnOnce(&mut TabStorage, &BrowserArea) -> T) -> Option<T> {
        let (_, area) = self.area.borrow().clone()?;
        self.with_tab(|tab| work(tab, &area))
    }

    /// Works with this tab's part. A page may have replaced the methods of storage by some that call back: signals
    /// that arrive meanwhile wait, and whatever else needs this tab's part gets `None`.
    fn with_tab<T>(&self, work: impl FnOnce(&mut TabStorage) -> T) -> Option<T> {
        let shell = self.shell()?;
        let mut tab = self.tab.try_borrow_mut().ok()?;
        Some(shell.hold_signals(|| work(&mut tab)))
    }

    /// The area in which a tab that erased, and may not store anything, still removes what others write.
    fn erased_area(&self) -> Option<BrowserArea> {
        let has_erased = self.tab.try_borrow().is_ok_and(|tab| tab.has_erased());
        let watches = self.area.borrow().is_none() && has_erased;
        watches.then(|| self.browser_area(page::Area::Local)).flatten()
    }

    fn browser_area(&self, area: page::Area) -> Option<BrowserArea> {
        browser_area(area, &self.shell()?.host)
    }

    fn shell(&self) -> Option<Rc<Shell>> {
        self.shell.upgrade()
    }

    /// Makes the callbacks and listens to the changes of other tabs; once.
    fn listen(&self) -> Handled {
        let Some(shell) = self.shell() else { return Ok(()) };
        if self.callbacks.get().is_some() {
            return Ok(());
        }
        let listeners = Listeners::new(&shell);
        if let Some(window) = web_sys::window() {
            listeners.add_as(Entry::Storage, &shell, &window, &["storage"], |shell, event| {
                shell.storage.changed(event.unchecked_ref::<StorageEvent>())
            })?;
        }
        let callbacks = Callbacks {
            flush: shell.callback(Entry::Timer, |shell, _| {
                shell.storage.flush_due.set(false);
                shell.storage.flush()
            })?,
            fold: shell.callback(Entry::Timer, |shell, _| shell.storage.fold_now(shell))?,
            hold: shell.answering(Entry::Promise, |shell, _| {
                Ok(Promise::new(&mut |resolve, _| {
                    shell.storage.release.replace(Some(resolve));
                })
                .into())
            })?,
            ignore: shell.callback(Entry::Promise, |_, _| Ok(()))?,
            settle: shell.timer(|shell| shell.storage.settle(shell))?,
            _listeners: listeners,
        };
        // Nothing else can have set it meanwhile.
        let _ = self.callbacks.set(callbacks);
        Ok(())
    }

    fn flush_later(&self) -> Handled {
        if self.flush_due.replace(true) {
            return Ok(());
        }
        self.callbacks.get().map_or(Ok(()), |callbacks| at_end_of_task(&callbacks.flush))
    }

    fn flush(&self) -> Handled {
        match self.with_area(|tab, area| tab.flush(area)) {
            Some(Ok(Flush::Done | Flush::Waiting)) | None => Ok(()),
            // What finds no room is not lost yet: folding makes some.
            Some(Ok(Flush::Full)) => self.fold(),
            Some(Ok(Flush::Withdrawn)) => self.withdrawn(),
            Some(Err(Refused)) => self.lose("storage is full or refused"),
        }
    }

    /// From now on everything stays in memory.
    fn lose(&self, reason: &str) -> Handled {
        self.area.replace(None);
        self.release_lock();
        self.report(reason, &[])
    }

    fn report(&self, reason: &str, keys: &[String]) -> Handled {
        let Some(shell) = self.shell().filter(|_| !self.reported.replace(true)) else { return Ok(()) };
        let detail = Object::new().with("reason", reason).with("keys", keys.to_vec());
        shell.dom_event(DomEvent::StorageReset, &detail)
    }

    fn restored(&self, stored: Stored) -> Handled {
        let Some(shell) = self.shell() else { return Ok(()) };
        let tab_id = self.tab.borrow().tab_id().to_owned();
        let Stored { profile, journals, decisions } = stored;
        shell.send(Signal::Restored(Restored { profile, journals, decisions, tab_id }))
    }

    fn withdrawn(&self) -> Handled {
        self.shell().map_or(Ok(()), |shell| shell.send(Signal::WithdrawnElsewhere(random::seed())))
    }

    fn apply_update(&self, update: Update) -> Handled {
        match update {
            Update::Nothing => self.flush_later(),
            Update::Withdrawn => self.withdrawn(),
            Update::Erased => {
                // For a developer who wonders where everything has gone.
                self.with_area(|_, area| area.note("erased", &self.keys.epoch()));
                self.settling.borrow_mut().clear();
                self.shell().map_or(Ok(()), |shell| shell.send(Signal::ErasedElsewhere(random::seed())))
            }
            Update::Changed(stored) => {
                if let Some(Ok(Some(settling))) = self.with_area(|tab, area| tab.seen(area)) {
                    self.settle_later(settling)?;
                }
                self.restored(stored)
            }
        }
    }

    /// Another tab has changed an area.
    fn changed(&self, event: &StorageEvent) -> Handled {
        let key = event.key();
        // What another tab has stored is read only where it counts: after a withdrawal it does not, but for its epoch.
        let old = if key.as_deref() == Some(&self.keys.epoch()) { event.old_value() } else { None };
        let new = if self.erased_area().is_some() { start_of_new_value(event) } else { event.new_value() };
        let change = Change { key: key.as_deref(), old: old.as_deref(), new: new.as_deref() };
        let is_ours = |area: &BrowserArea| event.storage_area().is_some_and(|changed| changed == area.storage);
        let update = match &self.erased_area() {
            Some(area) if is_ours(area) => self.with_tab(|tab| tab.on_change(area, change)),
            Some(_) => None,
            None => self.with_area(|tab, area| is_ours(area).then(|| tab.on_change(area, change))).flatten(),
        };
        match update {
            Some(Ok(update)) => self.apply_update(update),
            Some(Err(Refused)) => self.lose("storage is refused"),
            None => Ok(()),
        }
    }

    /// Tells other tabs, as long as this one lives, to leave its journal alone.
    fn hold_lock(&self) -> Handled {
        self.release_lock();
        let (Some(locks), Some(callbacks)) = (web_locks(), self.callbacks.get()) else { return Ok(()) };
        let name = self.keys.journal(self.tab.borrow().tab_id());
        // Without the lock the journal may be folded early, which loses nothing.
        if let Ok(held) = locks.request(&name, callbacks.hold.function()) {
            // A rejection that nobody handles would be an error of the page's.
            let _ = then(&held, callbacks.ignore.function())?;
        }
        Ok(())
    }

    fn release_lock(&self) {
        if let Some(release) = self.release.take() {
            // The function that resolves a promise does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// The start of what another tab has stored, with the epoch in which it did.
fn start_of_new_value(event: &StorageEvent) -> Option<String> {
    let text: JsString = Reflect::get(event, &"newValue".into()).ok()?.dyn_into().ok()?;
    Some(text.slice(0, EPOCH_CHARACTERS).into())
}
