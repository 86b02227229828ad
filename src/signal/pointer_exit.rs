//! The pointer leaving the page, with what the visitor was doing.

use crate::value::Value;

/// The pointer left the document and did not return at once.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PointerExit {
    /// Its last position, in CSS pixels from the left; may be negative.
    pub x_px: f64,
    /// Its last position, in CSS pixels from the top; at most 0 if it left through the top.
    pub y_px: f64,
    /// The width of the viewport, in CSS pixels; `None` when unknown.
    pub width_px: Option<f64>,
    /// Why this is probably no intent to leave, if anything says so.
    pub busy: Option<Busy>,
}

/// What the visitor was in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The window did not have the focus.
    Unfocused,
    /// In a form field, or typing within the last three seconds.
    Typing,
    /// In another dialog.
    ModalOpen,
    /// Holding a button: dragging, or selecting text.
    PointerDown,
    /// On a page with a password or card field.
    Private,
}

/// The width of the scroll bar at the right edge, in CSS pixels.
const SCROLL_BAR_PX: f64 = 16.0;

impl PointerExit {
    /// Reads a report of the pointer leaving: `x`, `y`, `width`, and `focused`, `typing`, `modal`, `pressed`,
    /// `private`, of which a missing one says nothing.
    pub fn read(value: &Value) -> PointerExit {
        let number = |key| value.at(key).number();
        let is = |key, truth| *value.at(key) == Value::Bool(truth);
        let busy = [
            (is("focused", false), Busy::Unfocused),
            (is("typing", true), Busy::Typing),
            (is("modal", true), Busy::ModalOpen),
            (is("pressed", true), Busy::PointerDown),
            (is("private", true), Busy::Private),
        ];
        PointerExit {
            x_px: number("x"),
            y_px: number("y"),
            width_px: Some(number("width")).filter(|width| *width > 0.0),
            busy: busy.into_iter().find_map(|(is_so, what)| is_so.then_some(what)),
        }
    }

    /// Whether the pointer left through the top edge, between the corners: where the tabs and the address
    /// bar are.
    pub fn exited_top(&self) -> bool {
        let right_px = self.width_px.map_or(f64::INFINITY, |width_px| width_px - SCROLL_BAR_PX);
        self.y_px <= 0.0 && (0.0..=right_px).contains(&self.x_px)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> PointerExit {
        PointerExit::read(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn the_top_edge_reaches_from_the_left_corner_to_the_scroll_bar() {
        for (json, top, why) in [
            (r#"{"x": 400, "y": 0, "width": 1280}"#, true, "the edge itself"),
            (r#"{"x": 400, "y": 1, "width": 1280}"#, false, "still on the page"),
            (r#"{"x": 400, "y": -9, "width": 1280}"#, true, "above it"),
            (r#"{"x": 0, "y": -9, "width": 1280}"#, true, "the left corner"),
            (r#"{"x": -1, "y": -9, "width": 1280}"#, false, "beyond it"),
            (r#"{"x": 1264, "y": -9, "width": 1280}"#, true, "beside the scroll bar"),
            (r#"{"x": 1265, "y": -9, "width": 1280}"#, false, "over the scroll bar"),
            (r#"{"x": 5000, "y": -9}"#, true, "how wide the page is, is unknown"),
            (r#"{"x": 5000, "y": -9, "width": 0}"#, true, "no page is that narrow"),
        ] {
            assert_eq!(read(json).exited_top(), top, "{why}");
        }
    }

    #[test]
    fn a_visitor_is_busy_with_the_first_thing_that_is_reported() {
        for (json, busy) in [
            (r#"{"focused": true, "typing": false, "modal": false, "pressed": false, "private": false}"#, None),
            (r#"{"focused": false, "typing": true}"#, Some(Busy::Unfocused)),
            (r#"{"typing": true, "modal": true}"#, Some(Busy::Typing)),
            (r#"{"modal": true}"#, Some(Busy::ModalOpen)),
            (r#"{"pressed": true}"#, Some(Busy::PointerDown)),
            (r#"{"private": true}"#, Some(Busy::Private)),
            ("{}", None),
        ] {
            assert_eq!(read(json).busy, busy, "{json}");
        }
    }
}
