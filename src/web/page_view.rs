//! Page views, also those of single-page applications.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, EventTarget, Url, Window};

use super::callback::{Callback, Handled};
use super::entry::Entry;
use super::host::JavaScript;
use super::listeners::Listeners;
use super::sensitive;
use super::shell::Shell;
use crate::host::Host;
use crate::signal::Signal;
use crate::signal::context::PageContext;
use crate::value;

/// Routers write the title after the address; by then both are there.
const SETTLED_MS: f64 = 50.0;
/// The most languages of a browser that are read.
const LANGUAGES: usize = 10;
/// A screen narrower than this is a phone's.
const PHONE_PX: i32 = 600;

/// Reports page views.
pub(super) struct PageViews {
    window: Window,
    document: Document,
    /// The address of the last page view.
    seen: RefCell<Address>,
    _listeners: Listeners,
    /// Called after the history's methods, where there is no Navigation API.
    _after_call: Option<Callback>,
}

#[derive(Clone, Default, PartialEq)]
struct Address {
    href: String,
    path: String,
    search: String,
}

impl PageViews {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<PageViews, JsValue> {
        let settled = Rc::new(shell.timer(|shell| match shell.page() {
            Some(page) => page.page_views.look(shell),
            None => Ok(()),
        })?);
        let listeners = Listeners::new(shell);
        let mut after_call = None;
        if let Some(navigation) = navigation(window) {
            listeners.add(shell, &navigation, &["currententrychange"], move |_, _| settled.start(SETTLED_MS))?;
        } else {
            // Firefox before 147 and Safari before 26.2 have no Navigation API.
            let timer = settled.clone();
            let callback = shell.callback(Entry::Listener, move |_, _| timer.start(SETTLED_MS))?;
            let history: Object = window.history()?.unchecked_into();
            for method in ["pushState", "replaceState"] {
                shell.host.patch_method(&history, method, callback.function())?;
            }
            after_call = Some(callback);
            listeners.add(shell, window, &["popstate"], move |_, _| settled.start(SETTLED_MS))?;
        }
        listeners.add(shell, document, &["DOMContentLoaded"], |shell, _| match shell.page() {
            Some(page) => page.page_views.parsed(shell),
            None => Ok(()),
        })?;
        Ok(PageViews {
            window: window.clone(),
            document: document.clone(),
            seen: RefCell::default(),
            _listeners: listeners,
            _after_call: after_call,
        })
    }

    /// Reports a page view: the page was loaded or activated, or comes back from the back/forward cache.
    pub(super) fn report(&self, shell: &Shell) -> Handled {
        let booted = self.booted(shell);
        self.send(shell, self.address(), &text(&self.document, "referrer"), booted)
    }

    /// Reports a page view if the address has changed.
    fn look(&self, shell: &Shell) -> Handled {
        let address = self.address();
        let before = self.seen.borrow().clone();
        // Routers also replace the entry to keep a scroll position: the same page.
        if (&address.path, &address.search) == (&before.path, &before.search) {
            return Ok(());
        }
        if let Some(page) = shell.page() {
            page.before_page_view(shell)?;
        }
        // As for a page that was loaded: the page before it led here.
        self.send(shell, address, &before.href, value::Object::new())
    }

    /// Does what may change the address of this very page: that is no page view.
    pub(super) fn same_page(&self, work: impl FnOnce() -> Handled) -> Handled {
        // An application may have gone on meanwhile, which is still to be seen.
        let is_seen = *self.seen.borrow() == self.address();
        work()?;
        if is_seen {
            self.seen.replace(self.address());
        }
        Ok(())
    }

    fn send(&self, shell: &Shell, address: Address, referrer: &str, booted: value::Object) -> Handled {
        self.seen.replace(address.clone());
        if let Some(page) = shell.page().filter(|_| !self.is_prerendering()) {
            page.capture.on_page_view()?;
        }
        let context = self.context(address, referrer).with("booted", booted);
        shell.send(Signal::PageView(PageContext::read(&context.into())))?;
        if let Some(page) = shell.page() {
            page.look_for_elements(shell);
        }
        if text(&self.document, "readyState") == "loading" { Ok(()) } else { self.parsed(shell) }
    }

    /// Reports that the document is there in full, where the site loads pages ahead.
    fn parsed(&self, shell: &Shell) -> Handled {
        let remembers = shell.compute(|engine, _| engine.config().rules.remembers_pages);
        if remembers == Some(true) { shell.send(Signal::Parsed(sensitive::is_page(&self.document))) } else { Ok(()) }
    }

    /// The variants that the boot snippet has shown, if it read the decisions of this config: `data-tb` and
    /// `data-tb-SLOT` of `<html>`.
    fn booted(&self, shell: &Shell) -> value::Object {
        let mut booted = value::Object::new();
        let Some(root) = self.document.document_element() else { return booted };
        let slots = shell.compute(|engine, _| {
            let config = engine.config();
            let is_same = root.get_attribute("data-tb").is_some_and(|shown_by| shown_by == config.fingerprint);
            is_same.then(|| config.slots.iter().map(|slot| slot.id.clone()).collect::<Vec<_>>())
        });
        for slot in slots.flatten().unwrap_or_default() {
            if let Some(variant) = root.get_attribute(&format!("data-tb-{slot}")) {
                booted.set(&slot, variant);
            }
        }
        booted
    }

    /// Whether the page is rendered ahead of a visit: in Chromium only. An element of the page may have that name.
    fn is_prerendering(&self) -> bool {
        Reflect::get(&self.document, &"prerendering".into()).is_ok_and(|prerendering| prerendering == JsValue::TRUE)
    }

    fn address(&self) -> Address {
        let location = self.window.location();
        Address {
            href: location.href().unwrap_or_default(),
            path: location.pathname().unwrap_or_default(),
            search: location.search().unwrap_or_default(),
        }
    }

    fn context(&self, address: Address, referrer: &str) -> value::Object {
        let mut params = value::Object::new();
        for pair in JavaScript::default().address(&address.href, "").at("params").items() {
            if let [name, value, ..] = pair.items() {
                params.set(name.text(), value.text());
            }
        }
        // Of `Date.now()`, so that a replay in another season gets the same offset.
        let zone = -Date::new(&Date::now().into()).get_timezone_offset();
        value::Object::new()
            .with("url", address.href)
            .with("path", address.path)
            .with("params", params)
            .with("referrer", host_name(referrer))
            .with("host", self.window.location().hostname().unwrap_or_default())
            .with("language", self.window.navigator().language())
            .with("languages", self.languages())
            .with("agent", self.window.navigator().user_agent().unwrap_or_default())
            .with("prerendering", self.is_prerendering())
            // What is rendered ahead is hidden until it is activated.
            .with("hidden", self.document.hidden() && !self.is_prerendering())
            .with("device", self.device())
            .with("zone", zone)
            .with("title", text(&self.document, "title"))
    }

    /// The page's own language, then those of the browser.
    fn languages(&self) -> Vec<String> {
        let page = self.document.document_element().and_then(|root| root.get_attribute("lang"));
        let browser = Reflect::get(&self.window.navigator(), &"languages".into()).unwrap_or_default();
        // Pages may have put anything in its place.
        let mut languages: Vec<String> = page.into_iter().filter(|tag| !tag.is_empty()).collect();
        if let Ok(Some(browser)) = js_sys::try_iter(&browser) {
            languages.extend(browser.take(LANGUAGES).filter_map(|tag| tag.ok()?.as_string()));
        }
        languages
    }

    fn device(&self) -> &'static str {
        let query = self.window.match_media("(hover: none) and (pointer: coarse)");
        if !query.ok().flatten().is_some_and(|query| query.matches()) {
            return "desktop";
        }
        let width = self.window.screen().and_then(|screen| Ok(screen.width()?.min(screen.height()?)));
        if width.unwrap_or(PHONE_PX) < PHONE_PX { "phone" } else { "tablet" }
    }
}

/// The Navigation API, where there is one. A page without it may have an element of that name.
fn navigation(window: &Window) -> Option<EventTarget> {
    let navigation = Reflect::get(window, &"navigation".into()).ok().filter(JsValue::is_object)?;
    Reflect::has(&navigation, &"currentEntry".into()).ok().filter(|has| *has)?;
    Some(navigation.unchecked_into())
}

/// A text property of the document. An element of the page with that name may hide it.
fn text(document: &Document, name: &str) -> String {
    Reflect::get(document, &name.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// The host of a referrer; empty where there is none, or it is withheld.
fn host_name(address: &str) -> String {
    Url::new(address).map(|url| url.hostname()).unwrap_or_default()
}
