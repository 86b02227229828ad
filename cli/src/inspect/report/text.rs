//! The report for people.

use super::{AtWidth, Beside, NotShown, Report, SlotReport};
use crate::style::{ERROR, GOOD, Left, Right, paint, table};

impl Report {
    /// The report for people, about the page at `page`.
    pub fn text(&self, page: &str) -> String {
        let mut parts = vec![format!("{page}: {}\n", self.verdict())];
        if !self.slots.is_empty() {
            let rows = self.slots.iter().flat_map(|slot| slot.widths.iter().map(|width| width.row(&slot.id)));
            let head = ["slot", "width", "as sent", "tallest variant", "height", "change", "layout shift"];
            parts.push(table(Some(head), [Left, Right, Right, Left, Right, Right, Right], rows));
        }
        let css: Vec<String> = self.slots.iter().filter_map(SlotReport::css).collect();
        if !css.is_empty() {
            parts.push(format!("reserve the heights\n\n{}", css.join("\n")));
        }
        parts.extend(section("not shown", self.not_shown.iter().map(NotShown::line)));
        parts.extend(section("moved beside the slots", self.beside.iter().map(Beside::line)));
        parts.extend(section("no height can be reserved", self.slots.iter().filter_map(SlotReport::without_effect)));
        let redirects = self.redirects.iter();
        let redirects = redirects.map(|(slot, variant)| format!("{slot}, {variant}: leads to another page"));
        parts.extend(section("not measured", redirects));
        parts.extend(section("not on this page", self.absent.iter().cloned()));
        parts.join("\n")
    }

    fn verdict(&self) -> String {
        let shifting = self.slots.iter().filter(|slot| slot.shifts()).count();
        let (shown, beside) = (self.not_shown.len(), self.beside.len());
        let counted = [
            (shifting, "slot changes its height", "slots change their height"),
            (shown, "variant is not shown", "variants are not shown"),
            (beside, "width has a layout shift beside the slots", "widths have layout shifts beside the slots"),
        ];
        let words = counted.iter().filter(|(count, ..)| *count > 0);
        let words = words.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
        let words: Vec<String> = words.collect();
        if words.is_empty() { paint(GOOD, "nothing shifts") } else { paint(ERROR, words.join(", ")) }
    }
}

/// Lines below a heading; nothing where there are none.
fn section(heading: &str, lines: impl Iterator<Item = String>) -> Option<String> {
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
}

impl SlotReport {
    fn without_effect(&self) -> Option<String> {
        let width = self.widths.iter().find(|width| width.without_effect.is_some()).filter(|_| self.shifts())?;
        let display = width.without_effect.as_deref()?;
        Some(format!("{}: the element has display: {display}, where min-height has no effect", self.id))
    }
}

impl AtWidth {
    fn row(&self, slot: &str) -> [String; 7] {
        let (variant, height) = self
            .tallest
            .as_ref()
            .map_or(("–".to_owned(), "–".to_owned()), |(variant, height)| (variant.clone(), px(*height)));
        let change = if self.shifts() { format!("{:+} px", tenths(self.change)) } else { "–".to_owned() };
        let score = if self.score > 0.0 { format!("{:.3}", self.score) } else { "–".to_owned() };
        [slot.to_owned(), self.px.to_string(), px(self.as_sent), variant, height, change, score]
    }
}

impl Beside {
    fn line(&self) -> String {
        let shown: Vec<String> = self.shown.iter().map(|(slot, variant)| format!("{slot}: {variant}")).collect();
        format!("by {:.3} at {} px, with {}", self.score, self.px, shown.join(", "))
    }
}

impl NotShown {
    pub(super) fn line(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(u32::to_string).collect();
        format!("{}, {}: {} (at {} px)", self.slot, self.variant, self.reason, widths.join(", "))
    }
}

fn px(length: f64) -> String {
    format!("{} px", tenths(length))
}

fn tenths(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
