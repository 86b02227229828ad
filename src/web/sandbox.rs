//! A sandbox as TypeScript sees it: `Sandbox` of `www/inspector/access.ts`.
//!
//! It lives in the same instance of the wasm as the engine that it was made of: what traps in it ends that engine too.

use core::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::convert::{from_js, to_js};
use super::entry::Entry;
use super::shell::Shell;
use crate::engine::sandbox::{self, SandboxPage};
use crate::time::Timestamp;
use crate::value::Value;

/// An engine in memory, to try things on: what happens in it reaches nobody.
#[wasm_bindgen]
pub struct Sandbox {
    /// Borrowed only while the core computes. The core may call its host, which is JavaScript: a call that comes back from
    /// there finds it borrowed, and does nothing.
    core: RefCell<sandbox::Sandbox>,
    shell: Rc<Shell>,
}

impl Sandbox {
    pub(super) fn new(core: sandbox::Sandbox, shell: Rc<Shell>) -> Sandbox {
        Sandbox { core: RefCell::new(core), shell }
    }

    /// JavaScript enters by a method.
    fn enter<T>(&self, compute: impl FnOnce(&mut sandbox::Sandbox, Timestamp) -> T) -> Option<T> {
        Entry::Method.mark();
        self.core.try_borrow_mut().ok().map(|mut core| compute(&mut core, self.shell.now()))
    }
}

#[wasm_bindgen]
impl Sandbox {
    /// What the sandbox can say of itself: an `Inspection`.
    #[wasm_bindgen(unchecked_return_type = "Inspection")]
    pub fn inspect(&self) -> Result<JsValue, JsValue> {
        to_js(&self.enter(|core, now| core.inspect(now)).unwrap_or_default())
    }

    /// Moves the clock forward, by milliseconds. Whatever is due by then happens.
    #[allow(clippy::cast_possible_truncation, reason = "a cast of doubles saturates")]
    pub fn advance(&self, ms: f64) {
        self.enter(|core, now| core.advance(ms as i64, now));
    }

    /// The visitor did something, by its GA4 name and parameters; ignored where the name is none.
    pub fn track(&self, name: &str, #[wasm_bindgen(unchecked_param_type = "unknown")] params: &JsValue) {
        let params = from_js(params);
        self.enter(|core, now| core.track(name, &params, now));
    }

    /// The site's own attributes of the visitor.
    pub fn attributes(&self, #[wasm_bindgen(unchecked_param_type = "unknown")] attributes: &JsValue) {
        if let Value::Object(attributes) = from_js(attributes) {
            self.enter(|core, now| core.attributes(attributes, now));
        }
    }

    /// Another page view, with what differs from the page before: a `SandboxPage`.
    #[wasm_bindgen(js_name = pageView)]
    pub fn page_view(&self, #[wasm_bindgen(unchecked_param_type = "SandboxPage")] page: &JsValue) {
        let page = SandboxPage::read(&from_js(page));
        self.enter(|core, now| core.page_view(&page, now));
    }

    /// The visitor states the share of an interest, such as `category:boots`: from 0 to 1.
    pub fn correct(&self, interest: &str, share: f64) {
        if let Some((dimension, key)) = interest.split_once(':') {
            self.enter(|core, now| core.correct(dimension, key, share, now));
        }
    }

    /// The visitor is in a segment, or out of it, whatever its condition says; without a value the condition is asked again.
    pub fn force(&self, segment: &str, #[wasm_bindgen(js_name = isIn)] is_in: Option<bool>) {
        self.enter(|core, now| core.force(segment, is_in, now));
    }
}
