//! The statistics of an experiment, as JSON or as a table.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tailorbird_cli::statistics::lift::Interval;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;

use super::{Analysis, Comparison, Statistics, TUNED_FOR};
use crate::figures::{number, signed};
use crate::style::{HEADING, Left, Right, WARNING, paint, table};

/// Printed where a statistic cannot be computed.
const UNKNOWN: &str = "not enough data yet";

impl Analysis {
    /// The one object of `--json`.
    pub fn json(&self) -> Value {
        let variations: Vec<Value> = self.variations.iter().map(|known| {
            json!({"variation": known.name, "n": whole(known.sums.n()), "mean": known.sums.mean(), "variance": known.sums.sample_variance()})
        }).collect();
        let comparisons: Vec<Value> = self
            .comparisons
            .iter()
            .map(|comparison| {
                let mut one = json!({"variation": self.name(comparison.variation)});
                if let (Some(one), Value::Object(plain)) = (one.as_object_mut(), comparison.plain.json()) {
                    one.extend(plain);
                    one.insert("cuped".to_owned(), comparison.adjusted.as_ref().map_or(Value::Null, Statistics::json));
                }
                one
            })
            .collect();
        json!({
            "alpha": self.alpha,
            "tuned_for": TUNED_FOR,
            "control": self.name(self.control),
            "sample_ratio": self.sample_ratio.map(|split| {
                json!({"chi_squared": split.chi_squared, "degrees": split.degrees, "p": split.p, "alarm": split.is_alarming()})
            }),
            "cuped": self.cuped.map(|cuped| json!({"theta": cuped.theta, "explained": cuped.explained})),
            "variations": variations,
            "comparisons": comparisons,
        })
    }

    /// The same for a person.
    pub fn text(&self, path: &Path) -> String {
        let mut text = format!("{}: {} variations\n\n", path.display(), self.variations.len());
        let rows = self.variations.iter().enumerate().map(|(place, known)| {
            let mean = known.sums.mean().map_or_else(|| "-".to_owned(), number);
            let role = if place == self.control { "control" } else { "" };
            [known.name.clone(), known.sums.n().to_string(), mean, role.to_owned()]
        });
        text.push_str(&table(Some(["variation", "visitors", "mean", ""]), [Left, Right, Right, Left], rows));
        let _ = writeln!(text, "\n{}", split(self.sample_ratio));
        for comparison in &self.comparisons {
            self.compare(&mut text, comparison);
        }
        if self.comparisons.len() > 1 {
            text.push_str("\nEach variation is compared by itself; nothing corrects for how many there are.\n");
        }
        text
    }

    fn compare(&self, text: &mut String, comparison: &Comparison) {
        let sure = format!("{} %", number(100.0 * (1.0 - self.alpha)));
        let heading = format!("{} against {}", self.name(comparison.variation), self.name(self.control));
        let _ = writeln!(text, "\n{}", paint(HEADING, heading));
        let plain = &comparison.plain;
        let relative = known(plain.relative, |relative| {
            let [lower, upper] = match plain.relative_interval {
                Some(interval) => [interval.lower, interval.upper].map(|bound| signed(100.0 * bound)),
                None => return format!("{} %", signed(100.0 * relative)),
            };
            format!("{} % ({sure}: {lower} % to {upper} %)", signed(100.0 * relative))
        });
        let chance = known(plain.chance, |chance| {
            let prior =
                if plain.of_rates { "both rates with a Beta(1, 1) prior" } else { "by the normal distribution" };
            format!("{} %, {prior}", likely(chance.to_win))
        });
        let loss = known(plain.chance, |chance| format!("{} a visitor, if it is chosen", number(chance.expected_loss)));
        let [one, every] = looks(plain, &sure);
        text.push_str(&figures([
            ("difference", known(plain.difference, signed)),
            ("relative lift", relative),
            ("for one look", one),
            ("at every look", every),
            ("chance to win", chance),
            ("expected loss", loss),
        ]));
        if let (Some(adjusted), Some(cuped)) = (&comparison.adjusted, self.cuped) {
            let _ =
                writeln!(text, "  after CUPED, which explains {} % of the variance", number(100.0 * cuped.explained));
            let [one, every] = looks(adjusted, &sure);
            text.push_str(&figures([
                ("difference", known(adjusted.difference, signed)),
                ("for one look", one),
                ("at every look", every),
                ("chance to win", known(adjusted.chance, |chance| format!("{} %", likely(chance.to_win)))),
            ]));
        }
    }

    fn name(&self, place: usize) -> &str {
        self.variations.get(place).map_or("", |known| &known.name)
    }
}

impl Statistics {
    fn json(&self) -> Value {
        let interval = |interval: Option<Interval>| interval.map(|interval| [interval.lower, interval.upper]);
        json!({
            "difference": self.difference,
            "standard_error": self.standard_error,
            "relative": self.relative,
            "relative_interval": interval(self.relative_interval),
            "interval": interval(self.interval),
            "welch": self.welch.map(|welch| json!({"t": welch.t, "degrees": welch.degrees, "p": welch.p})),
            "sequence": interval(self.sequence),
            "sequence_p": self.sequence_p,
            "e_value": self.e_value,
            "chance_to_win": self.chance.map(|chance| chance.to_win),
            "expected_loss": self.chance.map(|chance| chance.expected_loss),
            "posterior": self.chance.map(|_| if self.of_rates { "beta" } else { "normal" }),
        })
    }
}

/// What the interval for one look and that for every look say.
fn looks(of: &Statistics, sure: &str) -> [String; 2] {
    let range = |interval: Interval| format!("{sure}: {} to {}", signed(interval.lower), signed(interval.upper));
    let one = known(of.interval.zip(of.welch), |(interval, welch)| {
        format!("{} (Welch, p {})", range(interval), number(welch.p))
    });
    let every = known(of.sequence.zip(of.sequence_p), |(interval, p)| {
        let verdict = if interval.contains(0.0) { "no difference is shown" } else { "a difference is shown" };
        format!("{} (p {}): {verdict}", range(interval), number(p))
    });
    [one, every]
}

fn figures<const N: usize>(figures: [(&str, String); N]) -> String {
    table(None, [Left, Left], figures.map(|(what, words)| [what.to_owned(), words]))
}

fn known<T>(value: Option<T>, words: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), words)
}

fn split(ratio: Option<SampleRatio>) -> String {
    let Some(ratio) = ratio else { return format!("whether the split is as intended {UNKNOWN}") };
    let figures = format!("chi\u{b2} {}, p {}", number(ratio.chi_squared), number(ratio.p));
    if ratio.is_alarming() {
        return format!(
            "{}: the visitors are not split as intended ({figures}). Something chose who is counted;\n\
             trust no difference before it is found.",
            paint(WARNING, "WARNING"),
        );
    }
    format!("split as intended, as far as can be seen ({figures})")
}

/// A chance in percent; what is nearly sure is not called sure.
fn likely(chance: f64) -> String {
    match chance {
        _ if chance > 0.999_9 => "above 99.99".to_owned(),
        _ if chance < 0.000_1 => "below 0.01".to_owned(),
        _ => number(100.0 * chance),
    }
}

fn whole(count: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "read as a whole number up to 2^53")]
    let whole = count as u64;
    whole
}
