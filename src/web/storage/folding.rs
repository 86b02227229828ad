//! Folding the journals into the profile, alone among all tabs, and importing a profile with it.

use std::rc::Rc;

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;

use super::Storage;
use super::locks::{held_locks, web_locks};
use crate::engine::watermarks;
use crate::signal::Signal;
use crate::state::ImportError;
use crate::storage::{Folded, Refused, Settling, Stored};
use crate::time::{MINUTE, Timestamp};
use crate::value::Object;
use crate::web::callback::{Answered, Handled};
use crate::web::convert::to_js;
use crate::web::entry::Entry;
use crate::web::promise::then;
use crate::web::shell::Shell;
use crate::web::timer::when_idle;

/// Where nothing shows whether a tab still lives, its journal is left alone for this long.
const SILENT_MS: i64 = 30 * MINUTE;
/// By then a write is visible to all processes.
const SETTLE_MS: f64 = 1_000.0;
/// Folding waits for the browser to have time, but no longer than this.
const IDLE_MS: f64 = 2_000.0;

/// Whether a tab still lives, by its id and the time of the last entry of its journal.
type Lives<'a> = &'a dyn Fn(&str, Option<Timestamp>) -> bool;
/// Work that is done while no other tab folds.
type Work = dyn Fn(&Shell, Lives<'_>) -> Answered;

impl Storage {
    /// Folds the journals into the profile when there is time.
    pub(in crate::web) fn fold(&self) -> Handled {
        if self.area.borrow().is_none() || self.fold_due.replace(true) {
            return Ok(());
        }
        self.callbacks.get().map_or(Ok(()), |callbacks| when_idle(&callbacks.fold, IDLE_MS))
    }

    /// Merges a profile of another device into the stored one. Resolves to `Imported` of `www/loader/types.ts`.
    pub(in crate::web) fn import(&self, shell: &Shell, profile: String, permit: u32) -> Result<Promise, JsValue> {
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

    pub(super) fn fold_now(&self, shell: &Shell) -> Handled {
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

    pub(super) fn settle_later(&self, settling: Settling) -> Handled {
        self.settling.borrow_mut().push(settling);
        self.callbacks.get().map_or(Ok(()), |callbacks| callbacks.settle.start(SETTLE_MS))
    }

    /// Profiles that have stood for a second: what they contain leaves this tab's journal.
    pub(super) fn settle(&self, shell: &Shell) -> Handled {
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
