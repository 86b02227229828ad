//! `localStorage` and `sessionStorage` as the protocol sees them.

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};

use crate::page;
use crate::storage::{Area, Refused};
use crate::web::engine_host::EngineHost;

/// One storage area of the browser. Each call may throw: pages replace these methods, and visitors block them
/// while a page is open.
///
/// Each touch of a key is noted by the host, for `audit()`: what was read, written and removed on this page view.
#[derive(Clone)]
pub(super) struct BrowserArea {
    pub(super) storage: web_sys::Storage,
    name: &'static str,
    host: EngineHost,
}

impl BrowserArea {
    /// Notes a touch of a key. Where even that is refused nothing depends on it.
    pub(super) fn note(&self, how: &str, key: &str) {
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
pub(super) fn browser_area(area: page::Area, host: &EngineHost) -> Option<BrowserArea> {
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
