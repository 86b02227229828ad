//! From measurements to what shifts, and the CSS that keeps it from shifting.

use serde_json::{Value, json};

use super::measurement::{Element, MeasuredSlot, Measurement};
use super::staged_config::Slot;
use crate::style::{ERROR, GOOD, Left, Right, paint, table};

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

    /// The report for programs.
    pub fn as_json(&self, page: &str) -> Value {
        let pairs = |pairs: &[(String, String)]| -> Vec<Value> {
            pairs.iter().map(|(slot, variant)| json!({"slot": slot, "variant": variant})).collect()
        };
        let not_shown = self.not_shown.iter().map(|NotShown { slot, variant, reason, widths }| {
            json!({"slot": slot, "variant": variant, "reason": reason, "widths": widths})
        });
        let beside = self.beside.iter().map(
            |Beside { px, score, shown }| json!({"width": px, "layoutShift": rounded(*score), "shown": pairs(shown)}),
        );
        json!({
            "page": page,
            "good": self.is_good(),
            "slots": self.slots.iter().map(SlotReport::as_json).collect::<Vec<_>>(),
            "notShown": not_shown.collect::<Vec<_>>(),
            "beside": beside.collect::<Vec<_>>(),
            "redirects": pairs(&self.redirects),
            "absent": self.absent,
        })
    }
}

/// Lines below a heading; nothing where there are none.
fn section(heading: &str, lines: impl Iterator<Item = String>) -> Option<String> {
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
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

    fn without_effect(&self) -> Option<String> {
        let width = self.widths.iter().find(|width| width.without_effect.is_some()).filter(|_| self.shifts())?;
        let display = width.without_effect.as_deref()?;
        Some(format!("{}: the element has display: {display}, where min-height has no effect", self.id))
    }

    fn as_json(&self) -> Value {
        let widths = self.widths.iter().map(|width| {
            let tallest = width.tallest.as_ref();
            json!({
                "width": width.px,
                "asSent": rounded(width.as_sent),
                "tallest": tallest.map(|(variant, height)| json!({"variant": variant, "height": rounded(*height)})),
                "change": rounded(width.change),
                "layoutShift": rounded(width.score),
                "minHeight": width.min_height,
            })
        });
        json!({
            "slot": self.id,
            "selector": self.selector,
            "shifts": self.shifts(),
            "widths": widths.collect::<Vec<_>>(),
            "css": self.css(),
        })
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

    fn line(&self) -> String {
        let shown: Vec<String> = self.shown.iter().map(|(slot, variant)| format!("{slot}: {variant}")).collect();
        format!("by {:.3} at {} px, with {}", self.score, self.px, shown.join(", "))
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

impl NotShown {
    fn line(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(u32::to_string).collect();
        format!("{}, {}: {} (at {} px)", self.slot, self.variant, self.reason, widths.join(", "))
    }
}

/// Thousandths are enough, and what browsers compute has more.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn px(length: f64) -> String {
    format!("{} px", tenths(length))
}

fn tenths(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::measurement::LayoutShift;
    use crate::inspect::staged_config::slots;
    use tailorbird::config::Config;

    /// Slots `hero`, with variants `a` and `b`, and `strip`, with `c`.
    fn config() -> Vec<Slot> {
        let written = json!({"version": 1, "slots": [
            {"id": "hero", "choose": [{"by": "popular"}], "variants": [
                {"id": "a", "content": {"text": {"": "A"}}}, {"id": "b", "content": {"text": {"": "B"}}}]},
            {"id": "strip", "choose": [{"by": "popular"}], "variants": [{"id": "c", "content": {"text": {"": "C"}}}]}
        ]});
        let tree = serde_json::from_str(&written.to_string()).unwrap();
        slots(&written, &Config::read(&tree).unwrap())
    }

    fn element(height: f64) -> Element {
        Element { height, frame: 0.0, display: "block".to_owned() }
    }

    fn shows(id: &str, variant: &str, heights: &[f64]) -> MeasuredSlot {
        MeasuredSlot {
            id: id.to_owned(),
            selector: format!("[data-tb-slot=\"{id}\"]"),
            elements: heights.iter().copied().map(element).collect(),
            shown: Some(variant.to_owned()).filter(|variant| !variant.is_empty()),
            problem: None,
        }
    }

    fn loaded(slots: Vec<MeasuredSlot>) -> Measurement {
        Measurement { unavailable: None, slots, shifts: Vec::new() }
    }

    /// The page at a width with only the slot `hero`: its height as it is sent, with `a`, and with `b`.
    fn hero(px: u32, [as_sent, a, b]: [f64; 3]) -> Width {
        let staged = vec![loaded(vec![shows("hero", "a", &[a])]), loaded(vec![shows("hero", "b", &[b])])];
        Width { px, as_sent: loaded(vec![shows("hero", "", &[as_sent])]), staged }
    }

    fn css(widths: &[Width]) -> Option<String> {
        Report::of(&config(), widths).slots[0].css()
    }

    #[test]
    fn the_height_of_the_tallest_is_reserved() {
        let cases = [
            ([100.0, 100.0, 100.0], None, "nothing changes"),
            ([100.0, 100.3, 99.8], None, "by less than can be seen"),
            ([100.0, 212.4, 150.0], Some(213), "one is taller, and heights are whole pixels"),
            ([100.0, 212.004, 150.0], Some(212), "hundredths are rounding"),
            ([100.0, 80.0, 100.0], Some(100), "one is lower: then the page's own content is the tallest"),
            ([0.0, 80.0, 60.0], Some(80), "the page has nothing there"),
        ];
        for (heights, expected, why) in cases {
            let expected = expected.map(|height| format!("[data-tb-slot=\"hero\"] {{ min-height: {height}px; }}\n"));
            assert_eq!(css(&[hero(320, heights)]), expected, "{why}");
        }
    }

    #[test]
    fn each_width_has_the_height_that_it_needs() {
        let widths = [
            hero(320, [100.0, 300.0, 100.0]),
            hero(768, [100.0, 300.0, 100.0]),
            hero(1024, [80.0, 80.0, 80.0]),
            hero(1280, [60.0, 90.0, 60.0]),
        ];
        let expected = "[data-tb-slot=\"hero\"] { min-height: 300px; }
@media (min-width: 1024px) { [data-tb-slot=\"hero\"] { min-height: 80px; } }
@media (min-width: 1280px) { [data-tb-slot=\"hero\"] { min-height: 90px; } }
";
        assert_eq!(css(&widths).as_deref(), Some(expected));
    }

    #[test]
    fn padding_is_no_part_of_min_height_unless_the_page_says_so() {
        let mut width = hero(320, [100.0, 212.0, 150.0]);
        for measurement in width.staged.iter_mut().chain([&mut width.as_sent]) {
            measurement.slots[0].elements[0].frame = 32.0;
        }
        assert!(css(&[width]).unwrap().contains("min-height: 180px"));
    }

    #[test]
    fn elements_without_a_height_of_their_own_are_told() {
        let with_display = |display: &str| {
            let mut width = hero(320, [100.0, 212.0, 150.0]);
            width.as_sent.slots[0].elements[0].display = display.to_owned();
            Report::of(&config(), &[width])
        };
        let inline = with_display("inline");
        assert_eq!(
            inline.slots[0].css().as_deref(),
            Some("[data-tb-slot=\"hero\"] { display: block; min-height: 212px; }\n")
        );
        let contents = with_display("contents");
        assert_eq!(contents.slots[0].css(), None);
        assert!(contents.text("page").contains("hero: the element has display: contents"), "{}", contents.text("page"));
    }

    #[test]
    fn the_elements_of_a_slot_are_compared_one_by_one() {
        let width = Width {
            px: 320,
            as_sent: loaded(vec![shows("hero", "", &[100.0, 300.0])]),
            staged: vec![loaded(vec![shows("hero", "a", &[150.0, 300.0])])],
        };
        let report = Report::of(&config(), &[width]);
        let at = &report.slots[0].widths[0];
        assert_eq!((at.change, at.min_height), (50.0, 300), "with the same height for both, none changes");
    }

    #[test]
    fn a_layout_shift_belongs_to_the_slots_above_that_change_their_height() {
        let mut width = hero(320, [100.0, 212.0, 100.0]);
        let moved =
            |value, after: &[&str]| LayoutShift { value, after: after.iter().map(|id| (*id).to_owned()).collect() };
        width.staged[0].shifts = vec![moved(0.25, &["hero"]), moved(0.5, &[])];
        let report = Report::of(&config(), &[width.clone()]);
        assert_eq!(report.slots[0].widths[0].score, 0.25);
        assert_eq!(report.beside, [], "the slot's height explains it");

        width.staged[1].shifts = vec![moved(0.25, &["hero"])];
        let report = Report::of(&config(), &[width.clone()]);
        let shown = vec![("hero".to_owned(), "b".to_owned())];
        assert_eq!(report.beside, [Beside { px: 320, score: 0.25, shown }], "with b the height is as sent");

        width.as_sent.shifts = vec![moved(0.25, &[])];
        assert_eq!(Report::of(&config(), &[width]).beside, [], "the page does it by itself");
    }

    #[test]
    fn a_variant_that_is_not_shown_is_named_once_with_the_widths() {
        let widths: Vec<Width> = [320, 768].map(|px| hero(px, [100.0; 3])).into();
        let mut widths = widths;
        for width in &mut widths {
            let slot = &mut width.staged[1].slots[0];
            (slot.shown, slot.problem) = (None, Some("there is no value for {{ name }}".to_owned()));
        }
        widths[0].staged[0].slots[0].shown = None;
        let report = Report::of(&config(), &widths);
        let lines: Vec<String> = report.not_shown.iter().map(NotShown::line).collect();
        assert_eq!(
            lines,
            [
                "hero, a: the engine announced no decision (at 320 px)",
                "hero, b: there is no value for {{ name }} (at 320, 768 px)"
            ]
        );
        assert!(!report.is_good());
    }

    #[test]
    fn the_text_has_a_table_and_the_css() {
        let report = Report::of(&config(), &[hero(320, [100.0, 212.44, 150.0]), hero(1280, [100.0; 3])]);
        let text = anstream::adapter::strip_str(&report.text("shop.html")).to_string();
        assert_eq!(
            text,
            "shop.html: 1 slot changes its height

  slot  width  as sent  tallest variant    height     change  layout shift
  hero    320   100 px  a                212.4 px  +112.4 px             –
  hero   1280   100 px  a                  100 px          –             –

reserve the heights

[data-tb-slot=\"hero\"] { min-height: 213px; }
@media (min-width: 1280px) { [data-tb-slot=\"hero\"] { min-height: 100px; } }

not on this page
  strip
"
        );
    }

    #[test]
    fn a_page_on_which_nothing_shifts_is_good() {
        let report = Report::of(&config(), &[hero(320, [100.0; 3])]);
        assert!(report.is_good());
        assert!(report.text("shop.html").contains("nothing shifts"));
        let told = report.as_json("shop.html");
        assert_eq!((&told["good"], &told["absent"]), (&json!(true), &json!(["strip"])));
        assert_eq!(told["slots"][0]["widths"][0]["tallest"], json!({"variant": "a", "height": 100.0}));
    }
}
