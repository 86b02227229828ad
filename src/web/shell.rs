//! Passes signals to the core and performs its effects.

use core::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::{Array, Date, Function};
use wasm_bindgen::JsValue;

use super::callback::{Answered, Callback, Handled, once};
use super::convert::to_js;
use super::dom_event;
use super::engine_host::EngineHost;
use super::entry::Entry;
use super::location;
use super::options::Options;
use super::page::Page;
use super::storage::Storage;
use super::timer::Timer;
use crate::engine::Engine;
use crate::page::content::shown_item::ShownItem;
use crate::page::{DomEvent, Effect};
use crate::signal::Signal;
use crate::time::Timestamp;
use crate::value::{Object, Value};

/// How many different warnings are printed. More than that help nobody.
const WARNINGS: usize = 100;

/// What JavaScript calls in the shell.
type Call = dyn Fn(&Shell, JsValue) -> Answered;
/// The same for a single call.
type SingleCall = dyn FnOnce(&Shell, JsValue) -> Answered;

/// The core with everything around it.
pub(super) struct Shell {
    me: Weak<Shell>,
    pub(super) host: EngineHost,
    pub(super) options: Options,
    pub(super) storage: Storage,
    /// Borrowed only while the core computes. The core may call its host, which is JavaScript: a call that
    /// comes back from there finds it borrowed.
    engine: RefCell<Engine>,
    /// Signals that arrived while effects were being performed, or while the core was borrowed.
    queue: RefCell<VecDeque<(Signal, Timestamp)>>,
    performing: Cell<bool>,
    /// `None` in Node, before the start and after the end.
    page: RefCell<Option<Rc<Page>>>,
    wake: OnceCell<Timer>,
    warnings: RefCell<Vec<String>>,
    /// Why prompts are not shown, as it was said last.
    prompts: RefCell<Value>,
}

impl Shell {
    pub(super) fn new(engine: Engine, host: EngineHost, options: Options) -> Rc<Shell> {
        Rc::new_cyclic(|me| Shell {
            me: me.clone(),
            storage: Storage::new(me.clone(), &options.namespace),
            host,
            options,
            engine: RefCell::new(engine),
            queue: RefCell::default(),
            performing: Cell::new(false),
            page: RefCell::default(),
            wake: OnceCell::new(),
            warnings: RefCell::default(),
            prompts: RefCell::default(),
        })
    }

    /// The time now.
    #[allow(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_ms(Date::now() as i64)
    }

    /// Whether the guard has ended this engine.
    pub(super) fn is_ended(&self) -> bool {
        self.host.signal().aborted()
    }

    /// The page, while it is listened to.
    pub(super) fn page(&self) -> Option<Rc<Page>> {
        self.page.borrow().clone()
    }

    /// Listens to the page from now on.
    pub(super) fn set_page(&self, page: Page) {
        self.page.replace(Some(Rc::new(page)));
    }

    /// A function for JavaScript that calls `call` while the engine is alive.
    pub(super) fn callback(
        &self,
        entry: Entry,
        call: impl Fn(&Shell, JsValue) -> Handled + 'static,
    ) -> Result<Callback, JsValue> {
        self.answering(entry, move |shell, argument| call(shell, argument).map(|()| JsValue::UNDEFINED))
    }

    /// The same for a call that JavaScript takes an answer from.
    pub(super) fn answering(
        &self,
        entry: Entry,
        call: impl Fn(&Shell, JsValue) -> Answered + 'static,
    ) -> Result<Callback, JsValue> {
        self.new_callback(entry, Box::new(call))
    }

    // One copy of this for all closures.
    fn new_callback(&self, entry: Entry, call: Box<Call>) -> Result<Callback, JsValue> {
        let shell = self.me.clone();
        Callback::new(&self.host, entry, Box::new(move |argument| answer(&shell, |shell| call(shell, argument))))
    }

    /// The same for a single call.
    pub(super) fn answering_once(
        &self,
        entry: Entry,
        call: impl FnOnce(&Shell, JsValue) -> Answered + 'static,
    ) -> Result<Function, JsValue> {
        self.new_single_callback(entry, Box::new(call))
    }

    fn new_single_callback(&self, entry: Entry, call: Box<SingleCall>) -> Result<Function, JsValue> {
        let shell = self.me.clone();
        once(&self.host, entry, Box::new(move |argument| answer(&shell, |shell| call(shell, argument))))
    }

    /// A timer that calls `call` when it runs out.
    pub(super) fn timer(&self, call: impl Fn(&Shell) -> Handled + 'static) -> Result<Timer, JsValue> {
        Ok(Timer::new(self.callback(Entry::Timer, move |shell, _| call(shell))?))
    }

    /// Passes a signal to the core and performs its effects before this returns. While the effects of another
    /// signal are being performed it is queued, so that effects keep their order.
    pub(super) fn send(&self, signal: Signal) -> Handled {
        self.queue.borrow_mut().push_back((signal, self.now()));
        self.work_off()
    }

    /// Queries the core; `None` where it is borrowed.
    pub(super) fn query<T>(&self, query: impl FnOnce(&mut Engine, Timestamp) -> T) -> Result<Option<T>, JsValue> {
        let answer = match self.engine.try_borrow_mut() {
            Ok(mut engine) => query(&mut engine, self.now()),
            Err(_) => return Ok(None),
        };
        self.work_off()?;
        Ok(Some(answer))
    }

    /// Computes with the core and leaves queued signals in the queue; `None` where the core is borrowed.
    pub(super) fn compute<T>(&self, query: impl FnOnce(&Engine, Timestamp) -> T) -> Option<T> {
        self.engine.try_borrow().ok().map(|engine| query(&engine, self.now()))
    }

    /// Does `work`, during which signals are queued. They are worked off with the next signal, and at the latest
    /// when the callback that led here is done.
    pub(super) fn hold_signals<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.performing.replace(true);
        let result = work();
        self.performing.set(before);
        result
    }

    fn work_off(&self) -> Handled {
        if self.queue.borrow().is_empty() || self.performing.replace(true) {
            return Ok(());
        }
        while !self.is_ended() {
            // The query that has the core borrowed works the queue off afterwards.
            let Ok(mut engine) = self.engine.try_borrow_mut() else { break };
            let next = self.queue.borrow_mut().pop_front();
            let Some((signal, now)) = next else { break };
            let name = self.options.debug.then(|| signal_name(&signal));
            let effects = engine.dispatch(signal, now);
            let prompts = self.options.debug.then(|| engine.explain_prompts(now));
            drop(engine);
            if let Some(name) = name {
                web_sys::console::debug_2(&"tailorbird".into(), &name.into());
            }
            if let Some(prompts) = prompts {
                self.debug_prompts(prompts)?;
            }
            for effect in effects {
                if self.is_ended() {
                    break;
                }
                self.perform(effect)?;
            }
        }
        self.performing.set(false);
        Ok(())
    }

    fn perform(&self, effect: Effect) -> Handled {
        match effect {
            Effect::Show(show) => {
                let show = to_js(&show)?;
                self.debug("show", &show);
                self.host.show(&show)
            }
            Effect::Revert { slot } => {
                self.debug("revert", &slot.as_str().into());
                self.host.revert(&slot)
            }
            Effect::Rank(request) => {
                let request = to_js(&request.to_object())?;
                self.debug("rank", &request);
                self.host.rank(&request)
            }
            Effect::Speculate(request) => {
                let request = to_js(&request.to_object())?;
                self.debug("speculate", &request);
                self.host.speculate(&request)
            }
            Effect::EndSpeculation => self.host.speculate(&JsValue::UNDEFINED),
            Effect::Preview(notice) => {
                let notice = to_js(&notice.to_object())?;
                self.debug("preview", &notice);
                let say = || self.host.preview(&notice);
                self.page().map_or_else(say, |page| page.page_views.same_page(say))
            }
            Effect::Prompt { id, content, items } => {
                let items: Value = items.iter().map(ShownItem::to_object).collect();
                let prompt = to_js(&content.to_object().with("prompt", id).with("items", items))?;
                self.debug("prompt", &prompt);
                self.host.prompt(&prompt)
            }
            Effect::Locate => location::look_up(self),
            Effect::Restore(area) => self.storage.restore(area),
            Effect::Save(text) => self.storage.save(&text),
            Effect::Append(text) => self.storage.append(&text),
            Effect::SaveDecisions(text) => self.storage.save_decisions(&text),
            Effect::Erase => self.storage.erase(),
            Effect::Renew(area) => self.storage.renew(area),
            Effect::Quarantine(keys) => self.storage.quarantine(&keys),
            Effect::Fold => self.storage.fold(),
            Effect::DataLayerPush(entry) => {
                let entry = to_js(&entry)?;
                self.debug("dataLayer", &entry);
                self.page().map_or(Ok(()), |page| page.data_layer.push(&entry))
            }
            Effect::Redirect(url) => {
                self.debug("redirect", &url.as_str().into());
                self.host.redirect(&url)
            }
            Effect::DomEvent(event, detail) => self.dom_event(event, &detail),
            Effect::CloseStorage => {
                self.storage.close();
                Ok(())
            }
            Effect::Restart { erases } => match self.compute(|engine, _| engine.handover(erases)) {
                Some(handover) => self.host.restart(&to_js(&handover.to_object())?),
                None => Ok(()),
            },
            Effect::Warn(text) => {
                self.warn(&text);
                Ok(())
            }
            Effect::WakeAt(time) => self.wake_at(time),
        }
    }

    /// Dispatches the DOM event `tailorbird:NAME`.
    pub(super) fn dom_event(&self, event: DomEvent, detail: &Object) -> Handled {
        let detail = to_js(detail)?;
        self.debug(event.name(), &detail);
        dom_event::dispatch(&self.host.target(), event.name(), &detail)
    }

    #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
    fn wake_at(&self, time: Timestamp) -> Handled {
        if self.wake.get().is_none() {
            // Set at once: nothing else can have set it meanwhile.
            let _ = self.wake.set(self.timer(|shell| shell.send(Signal::Timer))?);
        }
        self.wake.get().map_or(Ok(()), |wake| wake.start(time.since(self.now()) as f64))
    }

    /// Prints a warning for the developer of the page, once.
    pub(super) fn warn(&self, text: &str) {
        let is_new = self.warnings.borrow().iter().all(|known| known != text);
        if is_new && self.warnings.borrow().len() < WARNINGS {
            self.warnings.borrow_mut().push(text.to_owned());
            web_sys::console::warn_1(&format!("tailorbird: {text}").into());
        }
    }

    fn debug(&self, what: &str, detail: &JsValue) {
        if self.options.debug {
            web_sys::console::debug(&Array::of3(&"tailorbird".into(), &format!("-> {what}").into(), detail));
        }
    }

    /// Says of each prompt why it is not shown, whenever that changes.
    fn debug_prompts(&self, prompts: Value) -> Handled {
        if *self.prompts.borrow() != prompts {
            self.debug("prompts", &to_js(&prompts)?);
            self.prompts.replace(prompts);
        }
        Ok(())
    }

    /// Reads what the page has replaced, where that could not be observed.
    pub(super) fn catch_up(&self) -> Handled {
        self.page().map_or(Ok(()), |page| page.catch_up(self))
    }

    /// Stops listening and storing.
    pub(super) fn stop(&self) {
        self.page.take();
        self.queue.borrow_mut().clear();
        if let Some(wake) = self.wake.get() {
            wake.cancel();
        }
        self.storage.close();
    }
}

/// Answers a call from JavaScript, and works off what it has queued; does nothing when the engine is gone.
fn answer(shell: &Weak<Shell>, call: impl FnOnce(&Shell) -> Answered) -> Answered {
    let Some(shell) = shell.upgrade() else { return Ok(JsValue::UNDEFINED) };
    let answer = call(&shell)?;
    shell.work_off()?;
    Ok(answer)
}

/// What a signal is called in the console.
fn signal_name(signal: &Signal) -> &'static str {
    match signal {
        Signal::PageView(_) => "page view",
        Signal::Parsed(_) => "parsed",
        Signal::Ready => "ready",
        Signal::SlotsPresent(_) => "slots present",
        Signal::SlotApplied { .. } => "slot applied",
        Signal::SlotNotApplied { .. } => "slot not applied",
        Signal::Event(_) => "event",
        Signal::Captured(_) => "captured",
        Signal::Ignored => "ignored",
        Signal::Attributes(_) => "attributes",
        Signal::Geo(_) => "geo",
        Signal::Position(_) => "position",
        Signal::Consent(_) => "consent",
        Signal::Restored(_) => "restored",
        Signal::Folded(_) => "folded",
        Signal::SlotVisible(..) => "slot visible",
        Signal::Impression(_) => "impression",
        Signal::Activity(_) => "activity",
        Signal::TabVisible(_) => "tab visible",
        Signal::Notifications(_) => "notifications",
        Signal::PointerExit(_) => "pointer exit",
        Signal::ScrolledUp => "scrolled up",
        Signal::ProductCopied => "product copied",
        Signal::ElementVisible(_) => "element visible",
        Signal::PromptCalled(_) => "prompt called",
        Signal::Previews(_) => "previews",
        Signal::PromptPreviewed(..) => "prompt previewed",
        Signal::PromptOutcome(..) => "prompt outcome",
        Signal::PromptAnswered(..) => "prompt answered",
        Signal::Ranked(..) => "ranked",
        Signal::DecisionUsed(_) => "decision used",
        Signal::FeatureUsed(..) => "feature used",
        Signal::ReportsAsked => "reports asked",
        Signal::Forget(..) => "forget",
        Signal::Correct(..) => "correct",
        Signal::Pause(_) => "pause",
        Signal::Erase(_) => "erase",
        Signal::ErasedElsewhere(_) => "erased elsewhere",
        Signal::WithdrawnElsewhere(_) => "withdrawn elsewhere",
        Signal::Timer => "timer",
    }
}
