//! Signs that the visitor is about to leave: the way of the pointer, fast scrolling, copied words of a product. The
//! core decides what they mean.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, MouseEvent, Node, PointerEvent, Window};

use super::callback::Handled;
use super::listeners::Listeners;
use super::sensitive;
use super::shell::Shell;
use crate::signal::Signal;
use crate::signal::pointer::Pointer;
use crate::signal::pointer_exit::{Busy, PointerExit};
use crate::signal::scroll_track::ScrollTrack;
use crate::time::{SECOND, Timestamp};

const TYPING_MS: i64 = 3 * SECOND;
/// What names the product of a page, or its price.
const PRODUCT: &str = r#"h1,[itemtype$="schema.org/Product"],[itemprop="name"],[itemprop="price"],[itemprop="sku"]"#;

/// Listens for signs of leaving.
pub(super) struct ExitIntent {
    _listeners: Listeners,
}

impl ExitIntent {
    /// Listens, if a prompt wants to know.
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<ExitIntent, JsValue> {
        let listeners = Listeners::new(shell);
        let is_wanted = shell.compute(|engine, _| engine.config().has_exit_prompt());
        if is_wanted.unwrap_or(false) {
            listen_to_pointer(&listeners, shell, window, document)?;
            listen_to_scrolling(&listeners, shell, window, document)?;
            listen_to_copying(&listeners, shell, window, document)?;
        }
        Ok(ExitIntent { _listeners: listeners })
    }
}

fn listen_to_pointer(listeners: &Listeners, shell: &Shell, window: &Window, document: &Document) -> Handled {
    let pointer: Rc<RefCell<Pointer>> = Rc::default();
    let waiting = pointer.clone();
    let away = Rc::new(shell.timer(move |shell| {
        let exit = waiting.borrow_mut().take_exit();
        exit.map_or(Ok(()), |exit| shell.send(Signal::PointerExit(exit)))
    })?);

    // The media queries `hover` and `pointer` do not tell whose pointer it is: they describe the primary pointer only,
    // and differ in headless browsers.
    let (moving, timer) = (pointer.clone(), away.clone());
    // At the latest when it comes back, the pointer is over something.
    listeners.add(shell, document, &["pointerover", "pointerdown"], move |_, event| {
        // A page may dispatch an event of this name that is no `PointerEvent`.
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            moving.borrow_mut().returned(event.pointer_type() == "mouse");
            timer.cancel();
        }
        Ok(())
    })?;

    let moving = pointer.clone();
    listeners.add(shell, document, &["pointermove"], move |_, event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            let positions = positions(event);
            let mut pointer = moving.borrow_mut();
            positions.into_iter().for_each(|(y_px, at_ms)| pointer.moved(y_px, at_ms));
        }
        Ok(())
    })?;

    let key_at = Rc::new(Cell::new(None));
    let last_key = key_at.clone();
    listeners.add(shell, document, &["keydown"], move |shell, _| {
        last_key.set(Some(shell.now()));
        Ok(())
    })?;

    let (view, page) = (window.clone(), document.clone());
    listeners.add(shell, document, &["mouseout"], move |shell, event| {
        let Some(event) = event.dyn_ref::<MouseEvent>().filter(|event| event.related_target().is_none()) else {
            return Ok(());
        };
        let length = |length: Result<JsValue, JsValue>| length.ok()?.as_f64().filter(|px| *px > 0.0);
        let exit = PointerExit {
            x_px: f64::from(event.client_x()),
            y_px: f64::from(event.client_y()),
            is_on_its_way: false,
            width_px: length(view.inner_width()),
            height_px: length(view.inner_height()),
            busy: busy(event, &page, key_at.get(), shell.now()),
        };
        if pointer.borrow_mut().left(exit, event.time_stamp()) { away.start(Pointer::AWAY_MS) } else { Ok(()) }
    })
}

/// How far from the top the pointer was, and when: of all events that one stands for, because browsers deliver one a
/// frame. Safari before 26 does not tell them.
fn positions(event: &PointerEvent) -> Vec<(f64, f64)> {
    let position = |event: &PointerEvent| (f64::from(event.client_y()), event.time_stamp());
    let method = Reflect::get(event, &"getCoalescedEvents".into()).and_then(JsCast::dyn_into::<Function>);
    let events = method.and_then(|method| method.call0(event)).and_then(JsCast::dyn_into::<Array>);
    let events = events.unwrap_or_default().into_iter().filter_map(|event| event.dyn_into().ok());
    let positions: Vec<(f64, f64)> = events.map(|event| position(&event)).collect();
    // An event that a page dispatches stands for itself.
    if positions.is_empty() { vec![position(event)] } else { positions }
}

fn listen_to_scrolling(listeners: &Listeners, shell: &Shell, window: &Window, document: &Document) -> Handled {
    let track: Rc<RefCell<ScrollTrack>> = Rc::default();
    let touched = track.clone();
    listeners.add(shell, document, &["touchstart", "touchend"], move |_, event| {
        touched.borrow_mut().touched(event.time_stamp());
        Ok(())
    })?;
    let clicked = track.clone();
    listeners.add(shell, document, &["click"], move |_, event| {
        clicked.borrow_mut().clicked(event.time_stamp());
        Ok(())
    })?;
    let (view, page) = (window.clone(), document.clone());
    listeners.add(shell, document, &["scroll"], move |shell, event| {
        // Parts of the page that scroll by themselves lead nowhere.
        let is_page = event.target().is_some_and(|target| target == *page.unchecked_ref());
        let y_px = view.scroll_y().unwrap_or_default();
        let is_fast = is_page && track.borrow_mut().scrolled(y_px, event.time_stamp());
        if is_fast { shell.send(Signal::ScrolledUp) } else { Ok(()) }
    })
}

fn listen_to_copying(listeners: &Listeners, shell: &Shell, window: &Window, document: &Document) -> Handled {
    let (view, page) = (window.clone(), document.clone());
    listeners.add(shell, document, &["copy"], move |shell, _| {
        let selection = view.get_selection().ok().flatten();
        let node = selection.and_then(|selection| selection.anchor_node());
        let names_product = |node: Node| {
            let element = node.dyn_ref().cloned().or_else(|| node.parent_element())?;
            element.closest(PRODUCT).ok().flatten()
        };
        let is_product = node.and_then(names_product).is_some() && !sensitive::is_page(&page);
        if is_product { shell.send(Signal::ProductCopied) } else { Ok(()) }
    })
}

/// What the visitor was doing that makes exit intent unlikely, or a prompt unwelcome.
fn busy(event: &MouseEvent, document: &Document, key_at: Option<Timestamp>, now: Timestamp) -> Option<Busy> {
    if !document.has_focus().unwrap_or(true) {
        return Some(Busy::Unfocused);
    }
    if is_in_field(document) || key_at.is_some_and(|at| now.since(at).abs() < TYPING_MS) {
        return Some(Busy::Typing);
    }
    if sensitive::is_shown(document, r#"dialog[open],[aria-modal="true"]"#) {
        return Some(Busy::ModalOpen);
    }
    if event.buttons() != 0 {
        return Some(Busy::PointerDown);
    }
    sensitive::has_field(document).then_some(Busy::Private)
}

/// Whether the focus is where text is written or chosen.
fn is_in_field(document: &Document) -> bool {
    let field = r#"input,textarea,select,[contenteditable]:not([contenteditable="false"])"#;
    document.active_element().is_some_and(|element| element.matches(field).unwrap_or(false))
}
