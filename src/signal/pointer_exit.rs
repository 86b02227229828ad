//! The pointer leaving the page, with what the visitor was doing.

use crate::value::Value;

/// The pointer left the document and did not return at once.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PointerExit {
    /// Its last position, in CSS pixels from the left; may be negative.
    pub x_px: f64,
    /// Its last position, in CSS pixels from the top; at most 0 if it left through the top.
    pub y_px: f64,
    /// Whether it was on its way out before: see [`Pointer::is_on_its_way_out`](super::pointer::Pointer).
    pub is_on_its_way: bool,
    /// The width of the viewport, in CSS pixels; `None` when unknown.
    pub width_px: Option<f64>,
    /// Its height, in CSS pixels; `None` when unknown.
    pub height_px: Option<f64>,
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

/// An edge of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Towards the tabs and the address bar.
    Top,
    /// The right one, with the scroll bar.
    Right,
    /// The lower one.
    Bottom,
    /// The left one.
    Left,
}

impl Edge {
    /// Its name in DOM events.
    pub fn name(self) -> &'static str {
        match self {
            Edge::Top => "top",
            Edge::Right => "right",
            Edge::Bottom => "bottom",
            Edge::Left => "left",
        }
    }
}

/// The width of the scroll bar at the right edge, in CSS pixels.
const SCROLL_BAR_PX: f64 = 16.0;
/// Browsers report the last position on the page, and a fast pointer's may be this far from the edge, in CSS pixels.
const NEAR_PX: f64 = 10.0;

impl PointerExit {
    /// Reads a report of the pointer leaving: `x`, `y`, `width`, `height`, `straight` where it was on its way out, and
    /// `focused`, `typing`, `modal`, `pressed`, `private`, of which a missing one says nothing.
    pub fn read(value: &Value) -> PointerExit {
        let number = |key| value.at(key).number();
        let length = |key| Some(number(key)).filter(|px| *px > 0.0);
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
            is_on_its_way: is("straight", true),
            width_px: length("width"),
            height_px: length("height"),
            busy: busy.into_iter().find_map(|(is_so, what)| is_so.then_some(what)),
        }
    }

    /// The edge through which the pointer left, the top one only between the corners. `None` where it vanished from
    /// the middle of the page, as when a list opens under it.
    pub fn edge(&self) -> Option<Edge> {
        let right_px = self.width_px.map_or(f64::INFINITY, |width_px| width_px - SCROLL_BAR_PX);
        let top_px = if self.is_on_its_way { NEAR_PX } else { 0.0 };
        if self.y_px <= top_px && (0.0..=right_px).contains(&self.x_px) {
            Some(Edge::Top)
        } else if self.x_px <= 0.0 {
            Some(Edge::Left)
        } else if self.x_px >= right_px {
            Some(Edge::Right)
        } else {
            self.height_px.filter(|height_px| self.y_px >= *height_px).map(|_| Edge::Bottom)
        }
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
        use Edge::{Bottom, Left, Right, Top};
        for (json, edge, why) in [
            (r#"{"x": 400, "y": 0, "width": 1280}"#, Some(Top), "the edge itself"),
            (r#"{"x": 400, "y": 1, "width": 1280}"#, None, "still on the page"),
            (r#"{"x": 400, "y": 10, "width": 1280, "straight": true}"#, Some(Top), "ten pixels before it, at speed"),
            (r#"{"x": 400, "y": 11, "width": 1280, "straight": true}"#, None, "eleven"),
            (r#"{"x": 400, "y": -9, "width": 1280}"#, Some(Top), "above it"),
            (r#"{"x": 0, "y": -9, "width": 1280}"#, Some(Top), "the left corner"),
            (r#"{"x": -1, "y": -9, "width": 1280}"#, Some(Left), "beyond it"),
            (r#"{"x": 0, "y": 300, "width": 1280}"#, Some(Left), "the left edge"),
            (r#"{"x": 1264, "y": -9, "width": 1280}"#, Some(Top), "beside the scroll bar"),
            (r#"{"x": 1265, "y": -9, "width": 1280}"#, Some(Right), "over the scroll bar"),
            (r#"{"x": 1264, "y": 300, "width": 1280}"#, Some(Right), "the scroll bar"),
            (r#"{"x": 400, "y": 720, "width": 1280, "height": 720}"#, Some(Bottom), "the lower edge"),
            (r#"{"x": 400, "y": 719, "width": 1280, "height": 720}"#, None, "a list that opened under it"),
            (r#"{"x": 400, "y": 720, "width": 1280}"#, None, "how high the page is, is unknown"),
            (r#"{"x": 5000, "y": -9}"#, Some(Top), "how wide the page is, is unknown"),
            (r#"{"x": 5000, "y": -9, "width": 0}"#, Some(Top), "no page is that narrow"),
        ] {
            assert_eq!(read(json).edge(), edge, "{why}");
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
