//! What is stored on the device: carries out [`crate::storage`] on `localStorage` and `sessionStorage`.
//!
//! Not even the name of an area is spoken before the core asks for it, because consent is the core's to judge.
//! A tab's journal is written at the end of the task in which something was recorded. Folding waits until the
//! browser has time, and for its turn under a Web Lock; pages that are not secure have no locks and fold only
//! what has been silent for 30 minutes.

use core::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use js_sys::{Array, Function, JsString, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::StorageEvent;

use super::callback::{Answered, Callback, Handled};
use super::convert::to_js;
use super::engine_host::EngineHost;
use super::entry::Entry;
use super::listeners::Listeners;
use super::promise::then;
use super::random;
use super::shell::Shell;
use super::timer::{Timer, at_end_of_task, when_idle};
use crate::engine::watermarks;
use crate::page::{self, DomEvent};
use crate::signal::{Restored, Signal};
use crate::state::ImportError;
use crate::storage::{Area, Change, Flush, Folded, Keys, Refused, Settling, Stored, TabStorage, Update};
use crate::time::{MINUTE, Timestamp};
use crate::value::Object;

/// Where nothing shows whether a tab still lives, its journal is left alone for this long.
const SILENT_MS: i64 = 30 * MINUTE;
/// By then a write is visible to all processes.
const SETTLE_MS: f64 = 1_000.0;
/// An epoch and what follows it: more than that is not needed to tell by which a text was stored.
const EPOCH_CHARACTERS: u32 = 100;
/// Folding waits for the browser to have time, but no longer than this.
const IDLE_MS: f64 = 2_000.0;

#[wasm_bindgen]
extern "C" {
    /// `web_sys::LockManager` is unstable.
    type Locks;

    #[wasm_bindgen(catch, method)]
    fn request(this: &Locks, name: &str, callback: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, method, js_name = request)]
    fn request_with(this: &Locks, name: &str, options: &JsValue, callback: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn query(this: &Locks) -> Result<Promise, JsValue>;
}

/// Whether a tab still lives, by its id and the time of the last entry of its journal.
type Lives<'a> = &'a dyn Fn(&str, Option<Timestamp>) -> bool;
/// Work that is done while no other tab folds.
type Work = dyn Fn(&Shell, Lives<'_>) -> Answered;

/// One storage area of the browser. Each call may throw: pages replace these methods, and visitors block them
/// while a page is open.
///
/// Each touch of a key is noted by the host, for `audit()`: what was read, written and removed on this page view.
#[derive(Clone)]
struct BrowserArea {
    storage: web_sys::Storage,
    name: &'static str,
    host: EngineHost,
}

impl BrowserArea {
    /// Notes a touch of a key. Where even that is refused nothing depends on it.
    fn note(&self, how: &str, key: &str) {
        let _ = self.host.touched(how, self.name, key);
    }
}

impl Area for BrowserArea {
    fn keys(&self) -> Result<Vec<String>, Refused> {
        self.note("listed", "*");
        let length = self.storage.length().map_err(|_| Refused)?;
        let mut keys = Vec::new();
        for index in 0..length {
            keys.extend(self.storage.key(index).map_err(|_| Refused)?);
        }
        Ok(keys)
    }

    fn get(&self, key: &str) -> Result<Option<String>, Refused> {
        self.note("read", key);
        self.storage.get_item(key).map_err(|_| Refused)
    }

    fn set(&self, key: &str, text: &str) -> Result<(), Refused> {
        self.note("written", key);
        self.storage.set_item(key, text).map_err(|_| Refused)
    }

    fn remove(&self, key: &str) -> Result<(), Refused> {
        self.note("removed", key);
        self.storage.remove_item(key).map_err(|_| Refused)
    }
}

/// The area of the browser; `None` in Node, and where the visitor blocks it.
fn browser_area(area: page::Area, host: &EngineHost) -> Option<BrowserArea> {
    let window = web_sys::window()?;
    // Reading `window.localStorage` itself throws when cookies are blocked.
    let allowed = match area {
        page::Area::Local => window.local_storage(),
        page::Area::Session => window.session_storage(),
    };
    allowed.ok().flatten()?;
    let (storage, name) = match area {
        page::Area::Local => (LocalStorage::raw(), "localStorage"),
        page::Area::Session => (SessionStorage::raw(), "sessionStorage"),
    };
    Some(BrowserArea { storage, name, host: host.clone() })
}

/// The Web Locks of the page, where it is secure.
fn web_locks() -> Option<Locks> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then(|| locks.unchecked_into())
}

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

    /// Folds the journals into the profile when there is time.
    pub(super) fn fold(&self) -> Handled {
        if self.area.borrow().is_none() || self.fold_due.replace(true) {
            return Ok(());
        }
        self.callbacks.get().map_or(Ok(()), |callbacks| when_idle(&callbacks.fold, IDLE_MS))
    }

    /// The profile and the journals that are stored, where something may and can be.
    pub(super) fn read(&self) -> Option<Stored> {
        self.flush().ok()?;
        self.with_area(|tab, area| tab.stored(area)).and_then(Result::ok)
    }

    /// Merges a profile of another device into the stored one. Resolves to `Imported` of `www/loader/types.ts`.
    pub(super) fn import(&self, shell: &Shell, profile: String, permit: u32) -> Result<Promise, JsValue> {
        if self.area.borrow().is_none() {
            return Ok(Promise::resolve(&imported(Err(refusal(shell, permit)))?));
        }
        let import: Rc<Work> = Rc::new(move |shell, lives| {
            let result = shell.storage.import_now(shell, &profile, permit, lives)?;
            imported(result)
        });
        match self.under_lock(shell, false, import) {
            Ok(answer) => Ok(answer),
            // Some pages may use no locks: https://w3c.github.io/web-locks/#dom-lockmanager-request
            Err(_) => Ok(Promise::resolve(&imported(Err(ImportError::Unsupported))?)),
        }
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

    fn fold_now(&self, shell: &Shell) -> Handled {
        self.fold_due.set(false);
        if self.area.borrow().is_none() {
            return Ok(());
        }
        let fold: Rc<Work> = Rc::new(|shell, lives| {
            let storage = &shell.storage;
            storage.flush()?;
            let fold = |stored: &Stored| {
                let folded = shell.compute(|engine, now| engine.fold(Some(stored), now));
                folded.ok_or(ImportError::Unavailable)
            };
            storage.fold_with(lives, web_locks().is_none(), &fold)?.ok();
            Ok(JsValue::UNDEFINED)
        });
        let folded = self.under_lock(shell, true, fold)?;
        self.callbacks.get().map_or(Ok(()), |callbacks| then(&folded, callbacks.ignore.function()).map(drop))
    }

    /// Folds by `fold` and stores the result, or says why not; see [`TabStorage::fold`].
    fn fold_with(
        &self,
        lives: Lives<'_>,
        only_gone: bool,
        fold: &dyn Fn(&Stored) -> Result<Folded, ImportError>,
    ) -> Result<Result<(), Option<ImportError>>, JsValue> {
        let Some(folded) = self.with_area(|tab, area| tab.fold(area, lives, only_gone, fold)) else {
            return Ok(Err(None));
        };
        match folded {
            Ok(Some(settling)) => {
                self.settle_later(settling)?;
                Ok(Ok(()))
            }
            Ok(None) => Ok(Ok(())),
            Err(why) => Ok(Err(why)),
        }
    }

    fn import_now(
        &self,
        shell: &Shell,
        profile: &str,
        permit: u32,
        lives: Lives<'_>,
    ) -> Result<Result<(), ImportError>, JsValue> {
        self.flush()?;
        let import = |stored: &Stored| {
            let folded = shell.compute(|engine, now| engine.import(stored, profile, permit, now));
            folded.unwrap_or(Err(ImportError::Unavailable))
        };
        match self.fold_with(lives, false, &import)? {
            Ok(()) => {
                if let Some(Ok(stored)) = self.with_area(|tab, area| tab.read(area)) {
                    self.restored(stored)?;
                }
                Ok(Ok(()))
            }
            Err(why) => Ok(Err(why.unwrap_or_else(|| refusal(shell, permit)))),
        }
    }

    /// Does `work` when no other tab folds: now or not at all, or when its turn comes. Resolves to what `work`
    /// answers; it is told which tabs live.
    fn under_lock(&self, shell: &Shell, if_available: bool, work: Rc<Work>) -> Result<Promise, JsValue> {
        let now = shell.now();
        let Some(locks) = web_locks() else {
            let lives = move |_: &str, at: Option<Timestamp>| at.is_none_or(|at| now.since(at) < SILENT_MS);
            return Ok(Promise::resolve(&work(shell, &lives)?));
        };
        let name = self.keys.fold_lock();
        let granted = shell.answering_once(Entry::Promise, move |shell, lock| {
            // Another tab is at it.
            if lock.is_null() {
                return Ok(JsValue::UNDEFINED);
            }
            // Of a tab that begins while the locks are asked for nothing is known.
            let known = shell.storage.with_area(|tab, area| tab.tabs(area)).and_then(Result::ok).unwrap_or_default();
            let prefix = shell.storage.keys.journal("");
            let work = Rc::clone(&work);
            let asked = shell.answering_once(Entry::Promise, move |shell, held| {
                let held = held_locks(&held);
                let lives = |id: &str, _: Option<Timestamp>| {
                    held.contains(&format!("{prefix}{id}")) || !known.iter().any(|tab| tab == id)
                };
                work(shell, &lives)
            })?;
            let Some(locks) = web_locks() else { return Ok(JsValue::UNDEFINED) };
            Ok(then(&locks.query()?, &asked)?.into())
        })?;
        let options = js_sys::Object::new();
        Reflect::set(&options, &"ifAvailable".into(), &if_available.into())?;
        locks.request_with(&name, &options, &granted)
    }

    fn settle_later(&self, settling: Settling) -> Handled {
        self.settling.borrow_mut().push(settling);
        self.callbacks.get().map_or(Ok(()), |callbacks| callbacks.settle.start(SETTLE_MS))
    }

    /// Profiles that have stood for a second: what they contain leaves this tab's journal.
    fn settle(&self, shell: &Shell) -> Handled {
        for settling in self.settling.take() {
            match self.with_area(|tab, area| tab.settle(area, settling)) {
                Some(Ok(Some(settled))) => {
                    if !settled.quarantined.is_empty() {
                        self.report("what was stored is damaged, or from a later version", &settled.quarantined)?;
                    }
                    shell.send(Signal::Folded(watermarks(&settled.profile)))?;
                    self.flush()?;
                }
                Some(Err(Refused)) => return self.lose("storage is refused"),
                Some(Ok(None)) | None => {}
            }
        }
        Ok(())
    }
}

/// The start of what another tab has stored, with the epoch in which it did.
fn start_of_new_value(event: &StorageEvent) -> Option<String> {
    let text: JsString = Reflect::get(event, &"newValue".into()).ok()?.dyn_into().ok()?;
    Some(text.slice(0, EPOCH_CHARACTERS).into())
}

/// The answer to an import: `Imported` of `www/loader/types.ts`.
fn imported(result: Result<(), ImportError>) -> Answered {
    let answer = Object::new().with("imported", result.is_ok());
    to_js(&match result {
        Ok(()) => answer,
        Err(why) => answer.with("reason", why.to_string()),
    })
}

/// Why an import that began with this permit could store nothing.
fn refusal(shell: &Shell, permit: u32) -> ImportError {
    match shell.compute(|engine, _| engine.check_permit(permit)) {
        Some(Ok(())) => ImportError::Unsupported,
        Some(Err(why)) => why,
        None => ImportError::Unavailable,
    }
}

/// The names of the locks that are held, of what `locks.query()` answers.
fn held_locks(answer: &JsValue) -> Vec<String> {
    let held = Reflect::get(answer, &"held".into()).ok().and_then(|held| held.dyn_into::<Array>().ok());
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    held.unwrap_or_default().iter().filter_map(name).collect()
}
