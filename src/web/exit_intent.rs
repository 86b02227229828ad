//! The pointer leaving the page, with what the visitor was doing. The core decides whether that is exit
//! intent.

use core::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, MouseEvent, PointerEvent, Window};

use super::listeners::Listeners;
use super::sensitive;
use super::shell::Shell;
use crate::signal::Signal;
use crate::signal::pointer_exit::{Busy, PointerExit};
use crate::time::{SECOND, Timestamp};

/// How long the pointer must stay away.
const AWAY_MS: f64 = 150.0;
const TYPING_MS: i64 = 3 * SECOND;

/// Listens to the pointer.
pub(super) struct ExitIntent {
    _listeners: Listeners,
}

impl ExitIntent {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<ExitIntent, JsValue> {
        let listeners = Listeners::new(shell);
        let exit = Rc::new(Cell::new(None));
        let waiting = exit.clone();
        let away = Rc::new(shell.timer(move |shell| match waiting.take() {
            Some(exit) => shell.send(Signal::PointerExit(exit)),
            None => Ok(()),
        })?);

        // A finger that is lifted has not left the page. The media queries `hover` and `pointer` do not help:
        // they describe the primary pointer only, and differ in headless browsers.
        let is_mouse = Rc::new(Cell::new(false));
        let (current, timer) = (is_mouse.clone(), away.clone());
        // At the latest when it comes back, the pointer is over something.
        listeners.add(shell, document, &["pointerover", "pointerdown"], move |_, event| {
            // A page may dispatch an event of this name that is no `PointerEvent`.
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                current.set(event.pointer_type() == "mouse");
                timer.cancel();
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
            let Some(event) = event.dyn_ref::<MouseEvent>() else { return Ok(()) };
            if event.related_target().is_some() || !is_mouse.get() {
                return Ok(());
            }
            exit.set(Some(PointerExit {
                x_px: f64::from(event.client_x()),
                y_px: f64::from(event.client_y()),
                width_px: view.inner_width().ok().and_then(|width| width.as_f64()).filter(|width| *width > 0.0),
                busy: busy(event, &page, key_at.get(), shell.now()),
            }));
            away.start(AWAY_MS)
        })?;
        Ok(ExitIntent { _listeners: listeners })
    }
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
