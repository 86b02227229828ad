//! What is kept on the device. Nothing yet: each page view begins without a history.

use core::cell::OnceCell;
use std::rc::Weak;

use js_sys::Promise;
use wasm_bindgen::JsValue;

use super::callback::Handled;
use super::random;
use super::shell::Shell;
use crate::page::Area;
use crate::signal::{Restored, Signal};

/// The storage of one tab.
pub(super) struct Storage {
    shell: Weak<Shell>,
    tab_id: OnceCell<String>,
}

impl Storage {
    /// The storage of a site; an empty namespace is the origin's only one.
    pub(super) fn new(shell: Weak<Shell>, _namespace: &str) -> Storage {
        Storage { shell, tab_id: OnceCell::new() }
    }

    /// Reads what is kept in this area, and passes it to the core as `Restored`.
    pub(super) fn restore(&self, _area: Area) -> Handled {
        let restored = Restored { own: self.tab_id.get_or_init(random::name).clone(), ..Restored::default() };
        self.shell.upgrade().map_or(Ok(()), |shell| shell.send(Signal::Restored(restored)))
    }

    /// This tab's journal is this text.
    pub(super) fn save(&self, _text: String) -> Handled {
        Ok(())
    }

    /// This tab's journal goes on with this text.
    pub(super) fn append(&self, _text: String) -> Handled {
        Ok(())
    }

    /// Removes all keys of ours, unread.
    pub(super) fn erase(&self) -> Handled {
        Ok(())
    }

    /// Removes keys whose texts cannot be used, and reports them.
    pub(super) fn quarantine(&self, _keys: Vec<String>) -> Handled {
        Ok(())
    }

    /// Folds the journals into the profile when there is time.
    pub(super) fn fold(&self) -> Handled {
        Ok(())
    }

    /// The profile and the journals that are kept, where something may be.
    pub(super) fn read(&self) -> Option<Restored> {
        None
    }

    /// Merges a profile of another device into the one that is kept; resolves to `imported`, or why not.
    pub(super) fn import(&self, _profile: String) -> Promise {
        Promise::resolve(&JsValue::from("unsupported"))
    }

    /// The page goes away, perhaps for good: writes what is unwritten and gives up the tab's lock.
    pub(super) fn pause(&self) -> Handled {
        Ok(())
    }

    /// The page is there, perhaps again.
    pub(super) fn resume(&self) -> Handled {
        Ok(())
    }

    /// Nothing is to be kept any more: what was still to be done is not.
    pub(super) fn leave(&self) {}
}
