//! From measurements to what shifts, and the CSS that keeps it from shifting.

mod json;
mod text;

use super::measurement::{Element, MeasuredSlot, Measurement};
use super::staged_config::Slot;

/// Heights that differ by less are the same: browsers round positions to 1/64 pixel.
const SAME_PX: f64 = 0.5;
/// A page that moves by less than this score, apart from its slots, does not count as shifting.
const QUIET: f64 = 0.01;

/// The page at one width: as it is sent, and with each variant.
#[derive(Clone, Debug)]
pub struct Width {
    pub px: u32,
    pub as_sent: Measurement,
    /// By place in the slots' lists of variants.
    pub staged: Vec<Measurement>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub slots: Vec<SlotReport>,
    pub not_shown: Vec<NotShown>,
    /// What moved beside the slots.
    pub beside: Vec<Beside>,
    /// Slots of the config that are not on the page.
    pub absent: Vec<String>,
    /// Slot and variant of those that lead to another page.
    pub redirects: Vec<(String, String)>,
}

/// A slot of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotReport {
    pub id: String,
    pub selector: String,
    pub widths: Vec<AtWidth>,
    /// Whether `min-height` needs `display: block` to have an effect.
    is_inline: bool,
}

/// A slot at one width.
#[derive(Clone, Debug, PartialEq)]
pub struct AtWidth {
    pub px: u32,
    /// The height of the page's own content.
    pub as_sent: f64,
    /// The tallest variant and its height.
    pub tallest: Option<(String, f64)>,
    /// By how much the slot's height changes, with the variant that changes it most. 0 where none does.
    pub change: f64,
    /// The largest layout shift that the browser saw below the slot, with one of the variants.
    pub score: f64,
    /// The `min-height` with which the slot keeps its height.
    pub min_height: u32,
    /// The computed `display`, if `min-height` has no effect because of it.
    pub without_effect: Option<String>,
}

/// A variant that was not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct NotShown {
    pub slot: String,
    pub variant: String,
    pub reason: String,
    /// Where.
    pub widths: Vec<u32>,
}

/// A layout shift that no slot's height explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    pub px: u32,
    pub score: f64,
    /// Slot and variant of all that was shown.
    pub shown: Vec<(String, String)>,
}

impl Report {
    /// Compares what was measured.
    pub fn of(slots: &[Slot], widths: &[Width]) -> Report {
        let mut report = Report::default();
        for slot in slots {
            report.redirects.extend(slot.redirects.iter().map(|variant| (slot.id.clone(), variant.clone())));
            let measured: Vec<AtWidth> = widths.iter().filter_map(|width| AtWidth::of(&slot.id, width)).collect();
            let Some(found) = widths.iter().find_map(|width| of_slot(&width.as_sent, &slot.id)) else {
                report.absent.push(slot.id.clone());
                continue;
            };
            report.not_shown.extend(not_shown(slot, widths));
            report.slots.push(SlotReport {
                id: slot.id.clone(),
                selector: found.selector.clone(),
                widths: measured,
                is_inline: found.elements.iter().any(|element| element.display == "inline"),
            });
        }
        report.beside = widths.iter().filter_map(Beside::of).collect();
        report
    }

    /// Whether all is well.
    pub fn is_good(&self) -> bool {
        self.not_shown.is_empty() && self.beside.is_empty() && !self.slots.iter().any(SlotReport::shifts)
    }
}

impl SlotReport {
    fn shifts(&self) -> bool {
        self.widths.iter().any(AtWidth::shifts)
    }

    /// The rule that keeps the slot's height: for the narrowest width, and again from each width on at which another
    /// height is needed. `None` where nothing shifts, or `min-height` has no effect.
    pub fn css(&self) -> Option<String> {
        if !self.shifts() || self.widths.iter().any(|width| width.without_effect.is_some()) {
            return None;
        }
        let display = if self.is_inline { "display: block; " } else { "" };
        let mut css = String::new();
        let mut before = None;
        for width in &self.widths {
            let height = width.min_height;
            if before == Some(height) {
                continue;
            }
            let selector = &self.selector;
            css += &if before.is_none() {
                format!("{selector} {{ {display}min-height: {height}px; }}\n")
            } else {
                format!("@media (min-width: {}px) {{ {selector} {{ min-height: {height}px; }} }}\n", width.px)
            };
            before = Some(height);
        }
        Some(css)
    }
}

impl AtWidth {
    /// A slot at a width; `None` where it is not on the page there.
    fn of(id: &str, width: &Width) -> Option<AtWidth> {
        let sent = &of_slot(&width.as_sent, id)?.elements;
        // The element that needs the largest `min-height`.
        let needed = |element: &Element| (element.height - element.frame).max(0.0);
        let mut at = AtWidth {
            px: width.px,
            as_sent: tallest(sent),
            tallest: None,
            change: 0.0,
            score: 0.0,
            min_height: 0,
            without_effect: sent.iter().find_map(Element::without_effect),
        };
        let mut most = sent.iter().map(needed).fold(0.0, f64::max);
        for staged in &width.staged {
            let Some(slot) = of_slot(staged, id) else { continue };
            let Some(variant) = &slot.shown else { continue };
            let height = tallest(&slot.elements);
            if at.tallest.as_ref().is_none_or(|(_, before)| height > *before) {
                at.tallest = Some((variant.clone(), height));
            }
            let change = change(sent, &slot.elements);
            if change.abs() > at.change.abs() {
                at.change = change;
            }
            at.score = at.score.max(score_of(id, staged, &width.as_sent));
            most = slot.elements.iter().map(needed).fold(most, f64::max);
        }
        // Up, so that the tallest one fits. Hundredths are the browser's rounding.
        at.min_height = (most - 0.01).ceil().max(0.0) as u32;
        Some(at)
    }

    fn shifts(&self) -> bool {
        self.change != 0.0
    }
}

impl Element {
    /// The computed `display`, if `min-height` has no effect because of it.
    fn without_effect(&self) -> Option<String> {
        matches!(self.display.as_str(), "contents" | "none" | "table-row").then(|| self.display.clone())
    }
}

fn tallest(elements: &[Element]) -> f64 {
    elements.iter().map(|element| element.height).fold(0.0, f64::max)
}

/// The largest change of an element's height; 0 where none changes.
fn change(sent: &[Element], shown: &[Element]) -> f64 {
    let changes = sent.iter().zip(shown).map(|(sent, shown)| shown.height - sent.height);
    changes
        .filter(|change| change.abs() >= SAME_PX)
        .fold(0.0, |most, change| if change.abs() > f64::abs(most) { change } else { most })
}

fn of_slot<'a>(measurement: &'a Measurement, id: &str) -> Option<&'a MeasuredSlot> {
    measurement.slots.iter().find(|slot| slot.id == id).filter(|slot| !slot.elements.is_empty())
}

/// Whether a slot has another height than as it was sent.
fn changed(id: &str, staged: &Measurement, as_sent: &Measurement) -> bool {
    let elements = |measurement| of_slot(measurement, id).map_or(&[][..], |slot| &slot.elements);
    change(elements(as_sent), elements(staged)) != 0.0
}

/// The layout shift in one load that a slot may have caused: those in which something below it moved.
fn score_of(id: &str, staged: &Measurement, as_sent: &Measurement) -> f64 {
    if !changed(id, staged, as_sent) {
        return 0.0;
    }
    let below = staged.shifts.iter().filter(|shift| shift.after.iter().any(|slot| slot == id));
    below.map(|shift| shift.value).sum()
}

impl Beside {
    /// The load with the largest layout shift that no slot's height explains. What the page does as it is sent is its
    /// own.
    fn of(width: &Width) -> Option<Beside> {
        let sum = |measurement: &Measurement| measurement.shifts.iter().map(|shift| shift.value).sum::<f64>();
        let own = sum(&width.as_sent);
        let mut most: Option<Beside> = None;
        for staged in &width.staged {
            if staged.slots.iter().any(|slot| changed(&slot.id, staged, &width.as_sent)) {
                continue;
            }
            let score = sum(staged) - own;
            if score < QUIET || most.as_ref().is_some_and(|most| score <= most.score) {
                continue;
            }
            let shown = staged.slots.iter().filter_map(|slot| Some((slot.id.clone(), slot.shown.clone()?)));
            most = Some(Beside { px: width.px, score, shown: shown.collect() });
        }
        most
    }
}

/// The variants of a slot that were not shown, each with its reason.
fn not_shown(slot: &Slot, widths: &[Width]) -> Vec<NotShown> {
    let mut all: Vec<NotShown> = Vec::new();
    for (place, variant) in slot.variants.iter().enumerate() {
        for width in widths {
            let Some(measured) = width.staged.get(place).and_then(|staged| of_slot(staged, &slot.id)) else { continue };
            if measured.shown.as_ref() == Some(&variant.id) {
                continue;
            }
            let reason = variant.problem.as_ref().or(measured.problem.as_ref());
            let reason = reason.map_or("the engine announced no decision", String::as_str);
            let known = all.iter_mut().find(|known| known.variant == variant.id && known.reason == reason);
            match known {
                Some(known) => known.widths.push(width.px),
                None => all.push(NotShown {
                    slot: slot.id.clone(),
                    variant: variant.id.clone(),
                    reason: reason.to_owned(),
                    widths: vec![width.px],
                }),
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
