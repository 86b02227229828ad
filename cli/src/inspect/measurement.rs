//! What one load of the page measured, as `page.js` tells it.

use serde::Deserialize;

/// One load of the page.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Measurement {
    /// Why the engine does not run.
    pub unavailable: Option<String>,
    /// The slots that are on the page.
    pub slots: Vec<MeasuredSlot>,
    /// The layout shifts after the first decision in which something outside of the slots moved.
    pub shifts: Vec<LayoutShift>,
}

/// A slot on the page.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct MeasuredSlot {
    pub id: String,
    /// The selector for its elements.
    pub selector: String,
    /// At least one.
    pub elements: Vec<Element>,
    /// The variant that is shown.
    pub shown: Option<String>,
    /// Why nothing is, in the engine's words.
    pub problem: Option<String>,
}

/// An element of a slot.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Element {
    /// From border to border, in CSS pixels.
    pub height: f64,
    /// How much of that `min-height` does not count: padding and border, unless `box-sizing` includes them.
    pub frame: f64,
    /// The computed `display`.
    pub display: String,
}

/// A layout shift.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct LayoutShift {
    /// The browser's score: how much of the viewport moved, times how far.
    pub value: f64,
    /// The slots that come before something that moved.
    pub after: Vec<String>,
}
