//! The report for programs.

use serde_json::{Value, json};

use super::{Beside, NotShown, Report, SlotReport};

impl Report {
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

impl SlotReport {
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

/// Thousandths are enough, and what browsers compute has more.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
