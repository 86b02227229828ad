//! Which slots are visible. A slot is visible when any pixel of one of its elements is; half of an element
//! for a second, in a visible tab, is an impression.
//!
//! A page may have thousands of elements of one slot, so each slot counts its visible elements, and nothing
//! here iterates over all of them.

use core::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Map, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AddEventListenerOptions, Document, Element, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit,
};

use super::callback::{Callback, Handled};
use super::engine_host::EngineHost;
use super::entry::Entry;
use super::shell::Shell;
use super::timer::Timer;
use crate::signal::Signal;

const IMPRESSION_MS: f64 = 1000.0;
const HALF: f64 = 0.5;

/// Watches the elements of slots.
pub(super) struct Visibility {
    document: Document,
    observer: IntersectionObserver,
    _callback: Callback,
    /// From each watched element to its index in `Watched::elements`.
    indexes: Map,
    watched: RefCell<Watched>,
}

#[derive(Default)]
struct Watched {
    elements: Vec<ElementView>,
    /// Indexes in `elements` that are free.
    free: Vec<usize>,
    slots: Vec<Rc<SlotView>>,
}

/// One element.
struct ElementView {
    slot: Rc<SlotView>,
    is_visible: bool,
    is_half_visible: bool,
}

/// All elements of one slot.
struct SlotView {
    id: String,
    /// How many of its elements are visible.
    visible: Cell<u32>,
    half_visible: Cell<u32>,
    /// Whether the core knows it as visible.
    is_reported: Cell<bool>,
    /// Whether it had an impression since it last changed.
    has_impression: Cell<bool>,
    timer: OnceCell<Timer>,
    /// Whether the timer runs.
    is_timing: Cell<bool>,
}

/// Disconnects the observer when the host's signal aborts, by the browser's own function: after a trap nothing of this
/// module runs any more.
pub(super) fn end_with(host: &EngineHost, observer: &IntersectionObserver) -> Handled {
    let disconnect: Function = Reflect::get(observer, &"disconnect".into())?.dyn_into()?;
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    let (signal, disconnect) = (host.signal(), disconnect.bind0(observer));
    signal.add_event_listener_with_callback_and_add_event_listener_options("abort", &disconnect, &once)?;
    host.listened(&signal, "abort")
}

impl Visibility {
    pub(super) fn listen(shell: &Shell, document: &Document) -> Result<Visibility, JsValue> {
        let callback = shell.callback(Entry::Observer, |shell, entries| match shell.page() {
            Some(page) => page.visibility.observed(shell, entries.unchecked_ref()),
            None => Ok(()),
        })?;
        let init = IntersectionObserverInit::new();
        init.set_threshold(&Array::of2(&0.into(), &HALF.into()));
        let observer = IntersectionObserver::new_with_options(callback.function(), &init)?;
        end_with(&shell.host, &observer)?;
        Ok(Visibility {
            document: document.clone(),
            observer,
            _callback: callback,
            indexes: Map::new(),
            watched: RefCell::default(),
        })
    }

    /// Watches an element of a slot. One that is watched already becomes the slot's.
    pub(super) fn watch(&self, shell: &Shell, element: &Element, slot: &str) -> Handled {
        self.unwatch(shell, element)?;
        let index = self.watched.borrow_mut().add(slot);
        self.indexes.set(element, &index.into());
        self.observer.observe(element);
        Ok(())
    }

    /// Stops watching an element.
    pub(super) fn unwatch(&self, shell: &Shell, element: &Element) -> Handled {
        let Some(index) = self.index(element) else { return Ok(()) };
        self.observer.unobserve(element);
        self.indexes.delete(element);
        let slot = self.watched.borrow_mut().remove(index);
        slot.map_or(Ok(()), |slot| self.judge(shell, &slot))
    }

    /// The slot shows something else, or the page view is another: the next impression is a new one. Without a
    /// slot, for all slots.
    pub(super) fn reset(&self, shell: &Shell, only: Option<&str>) -> Handled {
        for slot in self.slots() {
            if only.is_none_or(|only| slot.id == only) {
                slot.stop_timing();
                slot.has_impression.set(false);
                self.judge(shell, &slot)?;
            }
        }
        Ok(())
    }

    /// The tab became visible, or hidden.
    pub(super) fn refresh(&self, shell: &Shell) -> Handled {
        self.slots().iter().try_for_each(|slot| self.judge(shell, slot))
    }

    fn slots(&self) -> Vec<Rc<SlotView>> {
        self.watched.borrow().slots.clone()
    }

    fn observed(&self, shell: &Shell, entries: &Array) -> Handled {
        let mut changed: Vec<Rc<SlotView>> = Vec::new();
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let Some(index) = self.index(&entry.target()) else { continue };
            let is_half_visible = entry.intersection_ratio() >= HALF;
            let slot = self.watched.borrow_mut().update(index, entry.is_intersecting(), is_half_visible);
            changed.extend(slot.filter(|slot| !changed.iter().any(|known| Rc::ptr_eq(known, slot))));
        }
        changed.iter().try_for_each(|slot| self.judge(shell, slot))
    }

    fn index(&self, element: &Element) -> Option<usize> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index we have set")]
        self.indexes.get(element).as_f64().map(|index| index as usize)
    }

    /// Updates the timer of a slot, and reports whether it is visible if that has changed.
    fn judge(&self, shell: &Shell, slot: &Rc<SlotView>) -> Handled {
        if self.document.hidden() || slot.half_visible.get() == 0 {
            slot.stop_timing();
        } else if !slot.has_impression.get() && !slot.is_timing.get() {
            slot.start_timing(shell)?;
        }
        let is_visible = slot.visible.get() > 0;
        if slot.is_reported.replace(is_visible) == is_visible {
            return Ok(());
        }
        shell.send(Signal::SlotVisible(slot.id.clone(), is_visible))
    }
}

impl Drop for Visibility {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Watched {
    /// Adds an element of the slot with this id; returns its index.
    fn add(&mut self, id: &str) -> usize {
        let known = self.slots.iter().find(|slot| slot.id == id).cloned();
        let slot = known.unwrap_or_else(|| {
            let slot = Rc::new(SlotView::new(id));
            self.slots.push(slot.clone());
            slot
        });
        let view = ElementView { slot, is_visible: false, is_half_visible: false };
        if let Some(index) = self.free.pop()
            && let Some(place) = self.elements.get_mut(index)
        {
            *place = view;
            return index;
        }
        self.elements.push(view);
        self.elements.len() - 1
    }

    /// Removes an element; returns its slot.
    fn remove(&mut self, index: usize) -> Option<Rc<SlotView>> {
        let slot = self.update(index, false, false);
        self.free.push(index);
        slot
    }

    /// Notes how much of an element is visible; returns its slot.
    fn update(&mut self, index: usize, is_visible: bool, is_half_visible: bool) -> Option<Rc<SlotView>> {
        let element = self.elements.get_mut(index)?;
        recount(&element.slot.visible, element.is_visible, is_visible);
        recount(&element.slot.half_visible, element.is_half_visible, is_half_visible);
        (element.is_visible, element.is_half_visible) = (is_visible, is_half_visible);
        Some(element.slot.clone())
    }
}

/// Updates a count of elements when one of them changes.
fn recount(count: &Cell<u32>, before: bool, now: bool) {
    count.set(count.get().saturating_add(u32::from(now)).saturating_sub(u32::from(before)));
}

impl SlotView {
    fn new(id: &str) -> SlotView {
        SlotView {
            id: id.to_owned(),
            visible: Cell::new(0),
            half_visible: Cell::new(0),
            is_reported: Cell::new(false),
            has_impression: Cell::new(false),
            timer: OnceCell::new(),
            is_timing: Cell::new(false),
        }
    }

    fn start_timing(self: &Rc<Self>, shell: &Shell) -> Handled {
        if self.timer.get().is_none() {
            let slot = Rc::downgrade(self);
            let timer = shell.timer(move |shell| slot.upgrade().map_or(Ok(()), |slot| slot.timer_ran_out(shell)))?;
            // Set at once: nothing else can have set it meanwhile.
            let _ = self.timer.set(timer);
        }
        self.is_timing.set(true);
        self.timer.get().map_or(Ok(()), |timer| timer.start(IMPRESSION_MS))
    }

    fn timer_ran_out(&self, shell: &Shell) -> Handled {
        self.is_timing.set(false);
        self.has_impression.set(true);
        shell.send(Signal::Impression(self.id.clone()))
    }

    fn stop_timing(&self) {
        self.is_timing.set(false);
        if let Some(timer) = self.timer.get() {
            timer.cancel();
        }
    }
}
