//! The pointer leaving the page, with what surrounded it.

use crate::value::Value;

/// The pointer left the document and did not come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PointerExit {
    /// Where it was last, in CSS pixels from the left; may be negative.
    pub x_px: f64,
    /// Where it was last, in CSS pixels from the top; at most 0 when it left through the top.
    pub y_px: f64,
    /// The width of the page's view, in CSS pixels; 0 when unknown.
    pub width_px: f64,
    /// What speaks against taking this for leaving, if anything.
    pub busy: Option<Busy>,
}

/// What the visitor was in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The window did not have the focus.
    Unfocused,
    /// In a form field, or typing within the last three seconds.
    Typing,
    /// Before another dialog.
    ModalOpen,
    /// Holding a button: dragging, or selecting text.
    PointerDown,
    /// On a page with a password or card field.
    Private,
}

impl PointerExit {
    /// Reads the shell's report; what is missing is taken for harmless.
    pub fn read(value: &Value) -> PointerExit {
        let number = |key| value.at(key).number();
        let says = |key, truth| *value.at(key) == Value::Bool(truth);
        let busy = [
            (says("focused", false), Busy::Unfocused),
            (says("typing", true), Busy::Typing),
            (says("modal", true), Busy::ModalOpen),
            (says("pressed", true), Busy::PointerDown),
            (says("private", true), Busy::Private),
        ];
        PointerExit {
            x_px: number("x"),
            y_px: number("y"),
            width_px: number("width"),
            busy: busy.into_iter().find_map(|(is_so, what)| is_so.then_some(what)),
        }
    }

    /// Whether it left through the top edge, between the corners: where the tabs and the address
    /// bar are. The right 16 pixels belong to the scroll bar.
    pub fn exited_top(&self) -> bool {
        self.y_px <= 0.0 && self.x_px >= 0.0 && (self.width_px <= 0.0 || self.x_px <= self.width_px - 16.0)
    }
}
