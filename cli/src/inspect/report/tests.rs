use serde_json::json;

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
    let moved = |value, after: &[&str]| LayoutShift { value, after: after.iter().map(|id| (*id).to_owned()).collect() };
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
